package person

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
)

// Due is when time alone next changes the person: an offer lapses, or an overdue
// item climbs.
func Due(s State) (time.Time, bool) {
	var next time.Time
	for _, i := range s.open() {
		if at, ok := s.moves(i); ok && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, !next.IsZero()
}

// moves is when time alone next does something about an open item.
func (s State) moves(i care.Item) (time.Time, bool) {
	if i.Kind == care.OfferItem && !s.Death.Recorded {
		return i.Due, true // it lapses
	}
	if c, ok := s.Climbs[i.Key]; ok {
		return c.Again, !c.Again.IsZero()
	}
	return i.Due, true
}

// wake does what time alone causes. It ends nothing but an unanswered offer, of
// which a person's decision is made; after a death not even that.
func (d decision) wake() []care.Made {
	var made []care.Made
	for _, i := range d.s.open() {
		at, ok := d.s.moves(i)
		if !ok || at.After(d.act.At) {
			continue
		}
		if o, _ := d.s.Contact.OpenOffer(); i.Kind == care.OfferItem && !d.s.Death.Recorded {
			made = append(made, care.Made{Event: OfferLapsed{o.Number, d.deadline(toDecide)}})
		} else {
			made = append(made, care.Made{Event: d.climb(i)})
		}
	}
	return made
}

// climb takes an item one rung up. It marks and hands on; it ends nothing (L5).
func (d decision) climb(i care.Item) Overdue {
	rung := d.s.Climbs[i.Key].Rung + 1
	to, last := stands(i.Post, rung)
	e := Overdue{Item: i.Key, Rung: rung, To: to}
	if !last {
		e.Again = d.deadline(toClimb)
	}
	return e
}

// stands is the post of a rung above the post that has the item now, and whether
// it is the last. Where the item's post changes, so does who sees it above.
func stands(post care.Post, rung int) (to care.Post, last bool) {
	up := post.Above()
	if rung >= len(up) {
		return up[len(up)-1], true
	}
	return up[rung-1], false
}

// Items are the open things, each with its post and its date, ordered by key.
// An overdue one stands on the list it climbed to as well.
func (s State) Items() []care.Item {
	var items []care.Item
	for _, i := range s.open() {
		c, climbed := s.Climbs[i.Key]
		i.Overdue = c.Rung
		items = append(items, i)
		if !climbed {
			continue
		}
		to, _ := stands(i.Post, c.Rung)
		if c.Again.IsZero() {
			to.Role = care.Lead // it reached the top, and stays there when its post changes
		}
		if to != i.Post {
			up := i
			up.Key, up.Kind, up.Post, up.Since = i.Key+"!", care.EscalationItem, to, c.At
			items = append(items, up)
		}
	}
	return items
}

// open lists what is open, without what climbed.
func (s State) open() []care.Item {
	if s.Version == 0 || s.Death.Settled {
		return nil
	}
	var items []care.Item
	contact := s.Contact.Post
	add := func(key string, kind care.ItemKind, ref string, post care.Post, since, due time.Time, version int) {
		items = append(items, care.Item{Key: key, Kind: kind, Ref: ref, Post: post, Since: since, Due: due, Version: version})
	}
	if o, ok := s.Contact.OpenOffer(); ok {
		add(fmt.Sprintf("offer/%d", o.Number), care.OfferItem, "first-contact-offer", o.To, o.Since, o.By, o.Version)
	}
	if t := s.Contact.Task; t.About != "" {
		kind, post := care.DecisionItem, contact
		switch t.About {
		case NameContact:
			kind = care.ContactItem
		case ContactRefusedTwice:
			post.Role = care.Lead
		}
		add(fmt.Sprintf("contact/%d", t.Version), kind, t.About, post, t.Since, t.Due, t.Version)
	}
	for topic, m := range s.Matters {
		add(fmt.Sprintf("matters/%s/%d", topic, m.Version), care.ReviewItem, "matters-"+string(topic), contact, m.Since, m.Review, m.Version)
	}
	if s.Energy.Set() {
		add(fmt.Sprintf("energy/%d", s.Energy.Version), care.ReviewItem, "energy", contact, s.Energy.Since, s.Energy.Review, s.Energy.Version)
	}
	for _, p := range s.Pauses {
		if !p.Closed {
			add(fmt.Sprintf("pause/%d", p.Number), care.ReviewItem, "pause", contact, p.Since, p.Ends, p.Version)
		}
	}
	for what, c := range s.Carriers {
		if !c.Due.IsZero() {
			add(fmt.Sprintf("%s/%d", what, c.Version), care.ReviewItem, string(what)+"-ends", c.Owner, c.Since, c.Due, c.Version)
			items[len(items)-1].Latest = c.Latest
		}
	}
	if s.Death.Recorded {
		add(fmt.Sprintf("death/%d", s.Death.Version), care.DecisionItem, "died", contact, s.Death.Since, s.Death.Due, s.Death.Version)
	}
	slices.SortFunc(items, func(a, b care.Item) int { return strings.Compare(a.Key, b.Key) })
	return items
}
