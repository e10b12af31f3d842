package casework

import (
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/person"
	"forlop/store"
)

// scheduleKind is the stream of one slot that a unit has opened.
type scheduleKind struct{}

func (scheduleKind) decode(typ string, body []byte) (care.Event, error) {
	return booking.ScheduleEvents.Decode(typ, body)
}
func (scheduleKind) fresh(string) any { return &booking.SlotState{} }
func (scheduleKind) clone(s any) any {
	c := s.(*booking.SlotState).Clone()
	return &c
}
func (scheduleKind) evolve(s any, r care.Recorded) error {
	return booking.EvolveSlot(s.(*booking.SlotState), r)
}
func (scheduleKind) wake() any                         { return booking.SlotWake{} }
func (scheduleKind) due(s any) (time.Time, bool)       { return booking.DueSlot(*s.(*booking.SlotState)) }
func (scheduleKind) subject(string, any) string        { return "" }
func (scheduleKind) facts(s any) (care.Regime, string) { return s.(*booking.SlotState).Regime, "" }

func (scheduleKind) decide(w *work, _ string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(booking.ScheduleCommand)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a slot", command)
	}
	slot := s.(*booking.SlotState)
	unit := slot.Unit
	if open, is := c.(booking.OpenSlot); is {
		unit = open.Unit
	}
	u, known := w.dir.Unit(unit)
	var broken error
	who := func(p care.PersonKey) *person.State {
		o, err := w.open(store.StreamOf("person", string(p)))
		if err != nil {
			broken = err
			return &person.State{}
		}
		return o.now.(*person.State)
	}
	k := booking.SlotKnown{
		Mine:    known && act.Actor.Kind == care.Professional && slices.Contains(w.s.units(act.Actor.ID, w.now), unit),
		Died:    func(p care.PersonKey) bool { return who(p).Death.Recorded },
		Contact: func(p care.PersonKey) care.Post { return firstContact(*who(p), w.dir, act.At) },
		OfUnit: func(p care.PersonKey) bool {
			running, err := w.runningOf(p)
			if err != nil {
				broken = err
			}
			for _, j := range running {
				if slices.Contains(takingPart(j), unit) {
					return true
				}
			}
			return false
		},
	}
	if known {
		k.Regime = u.Regime
	}
	made, err := booking.DecideSlot(*slot, c, act, k)
	if broken != nil {
		return nil, broken
	}
	return made, err
}

// seated is what a row says of somebody with a seat, an offer or a place on the
// waiting list. No policy knows it as a basis: it finds a person's own seats, and
// lets nobody see anything.
const seated = "seated"

// rows are what the slot shows to everybody, without a name; whose seats they are,
// for themselves alone; and what somebody is owed word of, with the relations of the
// units whose task it is.
func (scheduleKind) rows(st store.Stream, state any) []store.Row {
	s := state.(*booking.SlotState)
	rows := []store.Row{slotRow(st, s)}
	for _, p := range peopleIn(s) {
		rows = append(rows, store.Relation{Stream: st, Key: "seat/" + string(p), Person: p, Actor: string(p), Basis: seated, From: s.Opened})
	}
	since := map[string]store.Relation{}
	for _, i := range s.Items() {
		p := s.PersonOf(i)
		rows = append(rows, store.Item{Stream: st, Item: i, Person: p})
		r := store.Relation{Stream: st, Key: "tell/" + string(i.Post.Unit) + "/" + string(p), Person: p, Unit: i.Post.Unit, Basis: string(access.TakesPart), From: i.Since}
		if was, has := since[r.Key]; !has || r.From.Before(was.From) {
			since[r.Key] = r
		}
	}
	for _, r := range since {
		rows = append(rows, r)
	}
	return rows
}

func slotRow(st store.Stream, s *booking.SlotState) store.Slot {
	return store.Slot{
		Stream: st, Unit: s.Unit, Kind: string(s.Slot.Kind), Joining: string(s.Slot.Join), Status: string(s.Status),
		Starts: s.Slot.Starts(), Ends: s.Slot.Ends(), Until: s.Slot.Until(),
		Seats: s.Slot.Seats, Taken: s.Taken(), Free: s.Left(), Waiting: len(s.Waiting), Minimum: s.Slot.Minimum,
	}
}

// peopleIn are those who have something in a slot: a seat, an offer, a place on the
// waiting list, or word that they are owed.
func peopleIn(s *booking.SlotState) []care.PersonKey {
	people := slices.Clone(s.Waiting)
	for _, x := range s.Seats {
		if x.Person != "" {
			people = append(people, x.Person)
		}
	}
	for _, t := range s.Tellings {
		if t.Open() {
			people = append(people, t.Person)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// seatFor is whom a command on a slot is about; empty where it is about nobody.
func seatFor(command any) care.PersonKey {
	switch c := command.(type) {
	case booking.TakeSeat:
		return c.Person
	case booking.Wait:
		return c.Person
	case booking.GiveBack:
		return c.Person
	case booking.LeaveWaiting:
		return c.Person
	case booking.Attend:
		return c.Person
	}
	return ""
}

// holdsSeatOf reports whether a command is about somebody who has something in the
// slot already: then the unit that holds it takes part. To seat somebody new takes
// part in their own course.
func (a asking) holdsSeatOf(s *booking.SlotState, p care.PersonKey) bool {
	switch a.command.(type) {
	case booking.GiveBack, booking.LeaveWaiting, booking.Attend:
		return slices.Contains(peopleIn(s), p)
	}
	return false
}

// emptySeats gives back what somebody who died has in any slot.
func (w *work) emptySeats(p care.PersonKey, act care.Act) error {
	rows, err := w.s.store.RelationsOf(w.ctx, string(p), time.Time{})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Basis != seated {
			continue
		}
		if _, err := w.carry(row.Stream, booking.EmptySeat{Person: p}, care.Act{At: act.At, Actor: care.Service}); err != nil {
			return err
		}
	}
	return nil
}
