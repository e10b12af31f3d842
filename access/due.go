package access

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
)

// Due is when time alone next changes something: a proxy is announced or ends, a
// guardian's age, a consent's, a page's or an opening's time is over, a notice is
// held back no longer, or an overdue item climbs.
func Due(s State) (time.Time, bool) {
	var next time.Time
	for _, t := range s.timers() {
		if next.IsZero() || t.at.Before(next) {
			next = t.at
		}
	}
	return next, !next.IsZero()
}

// timer is something that time alone does.
type timer struct {
	at   time.Time
	does func(d decision) care.Event
}

// timers are all that stand, ends first, in a fixed order.
func (s State) timers() []timer {
	if s.Erased() {
		return nil
	}
	var all []timer
	add := func(at time.Time, does func(decision) care.Event) { all = append(all, timer{at, does}) }
	just := func(at time.Time, e care.Event) { add(at, func(decision) care.Event { return e }) }
	for _, p := range s.Proxies {
		switch {
		case p.Status == ProxyOpen:
			just(p.Lapses, ProxyLapsed{p.Number})
		case p.lasts():
			just(p.Term.Ends, ProxyEnded{p.Number, ByItsDate})
		}
		if at, ask := p.announced(); ask && !s.Ended && at.Before(p.Term.Ends) {
			add(at, func(d decision) care.Event {
				if !d.act.At.Before(p.Term.Ends) {
					return nil // a wake this late ends it
				}
				return ProxyEnding{p.Number, d.contact(p.Term.Contact), d.deadline(toAskRenewal)}
			})
		}
	}
	for _, g := range s.Guardians {
		if g.Status != GuardianshipEnd {
			just(g.Ends, GuardianEnded{g.Number, ByAge})
		}
	}
	for _, c := range s.Consents {
		if c.Status == ConsentHolds {
			just(c.Ends, ConsentEnded{c.Number})
		}
	}
	for _, p := range s.Pages {
		if p.Status == ConsentHolds {
			just(p.Ends, PageEnded{p.Number})
		}
	}
	for _, o := range s.Openings {
		if o.Status == OpeningOpen {
			just(o.Ends, OpeningEnded{o.Number})
		}
		if !o.Told && !s.Ended {
			add(o.Tell, func(d decision) care.Event { return OpeningTold{o.Number, d.deadline(toTell)} })
		}
	}
	for _, i := range s.open() {
		at := i.Due
		if c, climbed := s.Climbs[i.Key]; climbed {
			if at = c.Again; at.IsZero() {
				continue // it reached the top
			}
		}
		add(at, func(d decision) care.Event { return d.climb(i) })
	}
	return all
}

// wake does what is due. It gives nobody anything.
func (d decision) wake() []care.Made {
	var made []care.Made
	for _, t := range d.s.timers() {
		if t.at.After(d.act.At) {
			continue
		}
		if e := t.does(d); e != nil {
			made = append(made, care.Made{Event: e})
		}
	}
	return made
}

// climb takes an item one rung up. It marks and hands on; it ends nothing.
func (d decision) climb(i care.Item) Overdue {
	rung := d.s.Climbs[i.Key].Rung + 1
	to, last := stands(i.Post, rung)
	e := Overdue{Item: i.Key, Rung: rung, To: to}
	if !last {
		e.Again = d.deadline(toClimb)
	}
	return e
}

// stands is the post of a rung above a post, and whether it is the last.
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
		if to, _ := stands(i.Post, c.Rung); to != i.Post {
			up := i
			up.Key, up.Kind, up.Post, up.Since = i.Key+"!", care.EscalationItem, to, c.At
			items = append(items, up)
		}
	}
	return items
}

// open lists what is open, without what climbed.
func (s State) open() []care.Item {
	if s.Erased() {
		return nil
	}
	var items []care.Item
	add := func(key string, kind care.ItemKind, ref string, q Question) {
		if !s.Done[key] && !q.Due.IsZero() {
			items = append(items, care.Item{Key: key, Kind: kind, Ref: ref, Post: q.Post, Since: q.Since, Due: q.Due, Version: q.Version})
		}
	}
	for _, b := range s.Blocks {
		for n, post := range b.TakeOver {
			if b.Status == BlockStands {
				lead := care.Post{Unit: post.Unit, Role: care.Lead}
				add(takeOverKey(b.Number, n), care.DecisionItem, "professional-blocked", Question{lead, b.From, b.TakeOverBy, b.Version})
			}
		}
	}
	for _, p := range s.Proxies {
		if p.Status == ProxyActive && !s.Ended {
			add(fmt.Sprintf("proxy-ending/%d/%d", p.Number, p.Asking.Version), care.DecisionItem, "proxy-ending", p.Asking)
		}
	}
	if slices.ContainsFunc(s.Proxies, func(p ProxyState) bool { return p.Status == ProxyRests }) && !s.Ended {
		add(fmt.Sprintf("proxies-anew/%d", s.Asked.Version), care.DecisionItem, "proxies-anew", s.Asked)
	}
	for _, m := range s.Messages {
		add(fmt.Sprintf("message/%d", m.Number), care.QuestionItem, "relative-wrote", m.Contact)
	}
	for _, o := range s.Openings {
		if o.Verdict == "" {
			add(fmt.Sprintf("review/%d", o.Number), care.ReviewItem, "opening", o.Review)
		}
		if o.Told && !s.Ended {
			add(fmt.Sprintf("tell/%d", o.Number), care.TellItem, "record-opened", o.Telling)
		}
	}
	if s.Erasure.Status == ErasureOpen {
		add(fmt.Sprintf("erasure/%d", s.Erasure.Version), care.DecisionItem, "erasure", s.Erasure.Approval)
	}
	slices.SortFunc(items, func(a, b care.Item) int { return strings.Compare(a.Key, b.Key) })
	return items
}
