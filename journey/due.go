package journey

import (
	"slices"
	"time"

	"forlop/care"
)

// Due is the next instant at which time alone changes s: an item becomes late,
// an escalation climbs a rung, a limit passes. The real clock and the simulated
// one both wake a journey by this answer.
//
// It is never before the last event was learned: what turns out to be late, by a
// corrected date or an import, is late from the moment we know.
func Due(s *State) (time.Time, bool) {
	var next time.Time
	sooner := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if s.Status == NotOpened {
		return next, false
	}
	for _, i := range s.Items {
		switch {
		case i.Late.IsZero():
			sooner(i.Due)
		case i.Climbed < len(i.Ladder):
			sooner(i.Ladder[i.Climbed].At)
		}
	}
	for _, c := range s.Clocks {
		if c.State == ClockRunning {
			sooner(c.Latest)
		}
	}
	if next.IsZero() {
		return next, false
	}
	if known := s.Acts[len(s.Acts)-1].At; next.Before(known) {
		next = known
	}
	return next, true
}

// wake does what time alone causes at the instant of the act. It never ends
// anything (L5): it marks, climbs and asks a person.
func (d *draft) wake() error {
	for i := range d.s.Clocks {
		c := d.s.Clocks[i]
		if c.State == ClockRunning && !c.Latest.After(d.act.At) {
			d.add(ClockPassed{Clock: c.Clock})
			d.oweContact(c)
		}
	}
	for _, id := range sortedKeys(d.s.Items) {
		i := d.s.Items[id]
		if i.Late.IsZero() && !i.Due.After(d.act.At) {
			d.late(i)
		}
		i, open := d.s.Items[id]
		for n := i.Climbed; open && n < len(i.Ladder) && !i.Ladder[n].At.After(d.act.At); n++ {
			d.add(Escalated{Item: id, Rung: n + 1, To: i.Ladder[n].To})
		}
	}
	return nil
}

// late marks an item that is due. An offer nobody answered comes back to its
// giver as a task; everything else climbs its ladder.
func (d *draft) late(i Item) {
	if i.Kind == care.OfferItem {
		n := slices.IndexFunc(d.s.Offers, func(o Offer) bool { return key("offer", o.Offer) == i.Key })
		o := d.s.Offers[n]
		d.add(OfferLapsed{Offer: o.Offer})
		d.backToGiver(o, "offer-lapsed", o.Refusals)
		return
	}
	d.add(Passed{Item: i.Key, Due: i.Due, Ladder: d.ladder(i)})
}

// ladder is how an item climbs: the pathway's rungs from its due instant, each
// later than the one before, the last one the lead – a named person (L7). It
// climbs in the unit that must act; a question climbs in the unit that asked.
func (d *draft) ladder(i Item) []Rung {
	cal := d.k.Calendar
	day := cal.LastDay(i.Due)
	for _, q := range d.s.Questions {
		if i.Key == key("question", q.Question) {
			i.Post = q.Owner
		}
	}
	lead := d.k.Posts.Lead(i.Post.Unit, d.act.At)
	var rungs []Rung
	for _, r := range d.def.Overdue.Ladder {
		at := i.Due
		if r.After.N > 0 {
			at = cal.EndOf(cal.Add(day, r.After)).UTC()
		}
		to := lead
		switch r.To {
		case "owner":
			to = i.Post
		case "coordinator":
			to = d.coordinator()
		}
		rungs = append(rungs, Rung{At: at, To: to})
	}
	if n := len(rungs); n == 0 || rungs[n-1].To != lead {
		rungs = append(rungs, Rung{At: cal.EndOf(cal.Add(day, forAnswer)).UTC(), To: lead})
	}
	return rungs
}

// coordinator is the person's first contact, or the responsible post.
func (d *draft) coordinator() care.Post {
	if p := d.k.Person.FirstContact; !p.IsZero() {
		return p
	}
	return d.s.Responsible
}

// oweContact puts a contact with the patient on the list after a latest date
// passed: the service calls, the patient need not chase (L7).
func (d *draft) oweContact(c Clock) {
	if d.k.Person.Dead || slices.ContainsFunc(d.s.Contacts, func(x Contact) bool { return x.Open && x.Clock == c.Clock }) {
		return
	}
	within := d.def.Overdue.Contact.Within
	if within.IsZero() {
		within = forTelling
	}
	d.add(ContactOwed{Contact: len(d.s.Contacts) + 1, Clock: c.Clock, Owner: d.coordinator(), By: d.deadline(within)})
}

// List gives everything open for the worklists. What has climbed stands on the
// lists it climbed to as well.
func (s *State) List() []care.Item {
	out := make([]care.Item, 0, len(s.Items))
	for _, id := range sortedKeys(s.Items) {
		i := s.Items[id]
		out = append(out, i.Item)
		seen := map[care.Post]bool{i.Post: true}
		for n, r := range i.Ladder[:i.Climbed] {
			if seen[r.To] {
				continue
			}
			seen[r.To] = true
			up := i.Item
			up.Key, up.Kind, up.Post, up.Since = key(id+"!", n+1), care.EscalationItem, r.To, r.At
			out = append(out, up)
		}
	}
	return out
}
