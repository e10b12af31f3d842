package booking

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/care"
)

// The spans of a slot that hold where nobody gave another (proposed; no source).
var (
	toAnswerSeat = care.Span{N: 2, Unit: care.WorkingDays}
	toTellSeat   = care.Span{N: 2, Unit: care.WorkingDays}
)

// remindBefore is how long before a date its reminder goes (proposed).
const remindBefore = 48 * time.Hour

// DueSlot is when time alone next changes something: an offer lapses, a reminder is
// owed, the last date is over, or a telling is late.
func DueSlot(s SlotState) (time.Time, bool) {
	var next time.Time
	soonest := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if s.Status == SlotIsOpen {
		for _, x := range s.Seats {
			if x.Offered {
				soonest(x.Until)
			}
		}
		for _, d := range s.Slot.Dates {
			if s.reminds(d) {
				soonest(d.Add(-remindBefore))
			}
		}
		soonest(s.Slot.Ends())
	}
	for _, t := range s.Tellings {
		soonest(s.late(t))
	}
	return next, !next.IsZero()
}

// reminds reports whether the reminder of a date is still to come: where the slot
// was opened or moved later than that, nobody is reminded.
func (s SlotState) reminds(d time.Time) bool {
	return s.Changed.Before(d.Add(-remindBefore)) && !slices.ContainsFunc(s.Reminded, d.Equal)
}

// late is when an open telling next climbs, or a reminder is not worth giving any
// more; zero for never.
func (s SlotState) late(t SeatTelling) time.Time {
	switch {
	case !t.Open():
		return time.Time{}
	case t.Climb.Rung > 0:
		return t.Climb.Again
	}
	return t.By
}

// wake does what time alone causes. Nothing is lost by silence: the seat goes to the
// next, and who did not answer keeps their place.
func (d *slotDraft) wake() {
	open := d.s.Status == SlotIsOpen
	for _, x := range slices.Clone(d.s.Seats) {
		if open && x.Offered && !x.Until.After(d.act.At) {
			d.add(OfferPassed{Seat: x.Seat, Person: x.Person, Lapsed: true})
			d.withdraw(x.Person)
		}
	}
	for _, at := range d.s.Slot.Dates {
		if !open || !d.s.reminds(at) || at.Add(-remindBefore).After(d.act.At) {
			continue
		}
		d.add(DateReminded{at})
		for _, x := range slices.Clone(d.s.Seats) {
			told := slices.ContainsFunc(d.s.Tellings, func(t SeatTelling) bool { return t.Open() && t.Person == x.Person })
			if x.Person != "" && !x.Offered && !told && at.After(d.act.At) {
				d.owe(x.Person, ToldReminder, at)
			}
		}
	}
	if open && !d.s.Slot.Ends().After(d.act.At) {
		d.add(SlotEnded{})
		for _, t := range slices.Clone(d.s.Tellings) {
			d.withdraw(t.Person)
		}
	}
	for _, t := range slices.Clone(d.s.Tellings) {
		if at := d.s.late(t); at.IsZero() || at.After(d.act.At) {
			continue
		}
		if t.About == ToldReminder {
			d.add(SeatTellingWithdrawn{t.Telling})
			continue
		}
		rung, up := t.Climb.Rung+1, t.Owner.Above()
		e := SeatOverdue{Telling: t.Telling, Rung: rung, To: up[min(rung, len(up))-1]}
		if rung < len(up) {
			e.Again = d.cal.Deadline(d.act.At, toClimb).UTC()
		}
		d.add(e)
	}
}

// Items are the tellings that somebody is owed, ordered by key; PersonOf says whom
// each is about. What climbed stands on the list it climbed to as well.
func (s SlotState) Items() []care.Item {
	var out []care.Item
	for _, t := range s.Tellings {
		if !t.Open() || t.About == ToldReminder {
			continue // a reminder that reaches nobody is nobody's task
		}
		i := care.Item{
			Key: "telling/" + strconv.Itoa(t.Telling), Kind: care.TellItem, Ref: string(t.About), Post: t.Owner, Since: t.Since, Due: t.By,
			Version: t.Version, Overdue: t.Climb.Rung,
		}
		out = append(out, i)
		if t.Climb.Rung > 0 && t.Climb.To != t.Owner {
			up := i
			up.Key, up.Kind, up.Post, up.Since = i.Key+"!", care.EscalationItem, t.Climb.To, t.By
			out = append(out, up)
		}
	}
	slices.SortFunc(out, func(a, b care.Item) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// PersonOf is whom an item is about.
func (s SlotState) PersonOf(i care.Item) care.PersonKey {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(i.Key, "telling/"), "!"))
	if err != nil || n < 1 || n > len(s.Tellings) {
		return ""
	}
	return s.Tellings[n-1].Person
}
