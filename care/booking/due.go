package booking

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/care"
)

// Due is when time alone next changes something: what is overdue climbs.
func Due(s State) (time.Time, bool) {
	var next time.Time
	for _, i := range s.open() {
		if at := s.moves(i); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, !next.IsZero()
}

// moves is when an open thing next climbs; zero at the top.
func (s State) moves(i care.Item) time.Time {
	if c, ok := s.Climbs[i.Key]; ok {
		return c.Again
	}
	return i.Due
}

// wake does what time alone causes. Silence ends nothing: it stands on a list, and
// climbs to a named person (L5, L7).
func (d decision) wake() []care.Made {
	var made []care.Made
	for _, i := range d.s.open() {
		at := d.s.moves(i)
		if at.IsZero() || at.After(d.act.At) {
			continue
		}
		rung := d.s.Climbs[i.Key].Rung + 1
		up := i.Post.Above()
		e := Overdue{Item: i.Key, Rung: rung, To: up[min(rung, len(up))-1]}
		if rung < len(up) {
			e.Again = d.deadline(toClimb)
		}
		made = append(made, care.Made{Event: e})
	}
	return made
}

// Items are the open things, each with its post and its date, ordered by key. What
// climbed stands on the list it climbed to as well.
func (s State) Items() []care.Item {
	var out []care.Item
	for _, i := range s.open() {
		c, climbed := s.Climbs[i.Key]
		i.Overdue = c.Rung
		out = append(out, i)
		if climbed && c.To != i.Post {
			up := i
			up.Key, up.Kind, up.Post, up.Since = i.Key+"!", care.EscalationItem, c.To, i.Due
			out = append(out, up)
		}
	}
	return out
}

// open lists what is open, without what climbed: wishes to answer, proposals whose
// answers are waited for, answers that units owe, bookings that vanished.
func (s State) open() []care.Item {
	var out []care.Item
	add := func(key string, kind care.ItemKind, ref string, post care.Post, since, due time.Time, version int) {
		out = append(out, care.Item{Key: key, Kind: kind, Ref: ref, Post: post, Since: since, Due: due, Version: version})
	}
	for _, w := range s.Wishes {
		if w.Open {
			add("wish/"+strconv.Itoa(w.Wish), care.DecisionItem, "wish-"+string(w.Kind), w.Owner, w.Since, w.By, w.Version)
		}
	}
	for _, b := range s.Bookings {
		if b.Asked != nil && !b.Off {
			add("booking/"+strconv.Itoa(b.Booking), care.FaultItem, "booking-missing", b.Asked.Owner, b.Asked.Copied, b.Asked.By, b.Version)
		}
	}
	for _, p := range s.Polls {
		if !p.Open {
			continue
		}
		add("times/"+strconv.Itoa(p.Poll), care.DecisionItem, "times-proposed", p.Owner, p.Since, p.By, p.Version)
		for i, who := range p.People {
			if _, answered := p.Answers[i+1]; !answered && who.Kind == care.PartyUnit && who.Post != p.Owner {
				add("times/"+strconv.Itoa(p.Poll)+"/"+strconv.Itoa(i+1), care.QuestionItem, "times-asked", who.Post, p.Since, p.By, p.Version)
			}
		}
	}
	slices.SortFunc(out, func(a, b care.Item) int { return strings.Compare(a.Key, b.Key) })
	return out
}
