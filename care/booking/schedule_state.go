package booking

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"forlop/care"
)

// SlotStatus is where a slot stands.
type SlotStatus string

// The statuses of a slot.
const (
	SlotIsOpen      SlotStatus = "open"
	SlotIsCancelled SlotStatus = "cancelled"
	SlotIsEnded     SlotStatus = "ended"
)

// SlotState is one slot with its seats, as the events say it.
type SlotState struct {
	Version int
	Regime  care.Regime
	Unit    care.UnitID
	Slot    Slot
	Status  SlotStatus
	Next    AfterCancel
	Opened  time.Time
	// Seats is by number, from 1; Waiting in the order they came.
	Seats    []Seat
	Waiting  []care.PersonKey
	Came     map[Attendance]bool
	Reminded []time.Time
	Tellings []SeatTelling
	// Changes counts what a calendar shows anew; Changed is when it last did.
	Changes int
	Changed time.Time
}

// Seat is one seat. Person has it, or is offered it where Offered is set.
type Seat struct {
	Seat    int
	Person  care.PersonKey
	Offered bool
	Until   time.Time
	Since   time.Time
	// Passed are those who passed it on since it was freed.
	Passed []care.PersonKey
}

// Attendance is somebody at one of the dates.
type Attendance struct {
	Person care.PersonKey
	Date   int
}

// SeatTelling is word that somebody is owed.
type SeatTelling struct {
	SeatTellingOwed
	Since     time.Time
	Told      *SeatTold
	Withdrawn bool
	Climb     SeatOverdue
	Version   int
}

// Open reports whether it has still to reach somebody.
func (t SeatTelling) Open() bool { return t.Told == nil && !t.Withdrawn }

// Of is the seat that somebody has or is offered.
func (s SlotState) Of(p care.PersonKey) (Seat, bool) {
	for _, x := range s.Seats {
		if p != "" && x.Person == p {
			return x, true
		}
	}
	return Seat{}, false
}

// Place is somebody's place on the waiting list, from 1; 0 where they do not wait.
func (s SlotState) Place(p care.PersonKey) int { return slices.Index(s.Waiting, p) + 1 }

// Taken counts the seats that somebody has.
func (s SlotState) Taken() int {
	n := 0
	for _, x := range s.Seats {
		if x.Person != "" && !x.Offered {
			n++
		}
	}
	return n
}

// Left counts the seats that anybody may take: nobody has them, and they are offered
// to nobody.
func (s SlotState) Left() int {
	n := 0
	for _, x := range s.Seats {
		if x.Person == "" {
			n++
		}
	}
	return n
}

// UnderMinimum reports whether fewer have a seat than the unit wants, when people
// can take none themselves any more: it is for the unit to hold it all the same, or
// to call it off.
func (s SlotState) UnderMinimum(at time.Time) bool {
	return s.Status == SlotIsOpen && s.Taken() < s.Slot.Minimum && !at.Before(s.Slot.Until()) && at.Before(s.Slot.Starts())
}

// Clone copies the state deeply.
func (s SlotState) Clone() SlotState {
	s.Seats, s.Waiting, s.Reminded, s.Tellings = slices.Clone(s.Seats), slices.Clone(s.Waiting), slices.Clone(s.Reminded), slices.Clone(s.Tellings)
	for i := range s.Seats {
		s.Seats[i].Passed = slices.Clone(s.Seats[i].Passed)
	}
	s.Came = maps.Clone(s.Came)
	return s
}

// EvolveSlot folds one event into s.
func EvolveSlot(s *SlotState, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("schedule: event %d after %d", r.Version, s.Version)
	}
	if err := s.take(r); err != nil {
		return err
	}
	s.Version = r.Version
	return nil
}

func (s *SlotState) take(r care.Recorded) error {
	switch e := r.Event.(type) {
	case SlotOpened:
		s.Regime, s.Unit, s.Slot, s.Status, s.Opened, s.Changed = e.Regime, e.Unit, e.Slot, SlotIsOpen, r.Learned, r.Learned
		s.Came = map[Attendance]bool{}
		s.resize(e.Seats)
	case SlotChanged:
		s.Slot = e.Slot
		s.resize(e.Seats)
		s.Changes, s.Changed = s.Changes+1, r.Learned
	case SlotCancelled:
		s.Status, s.Next = SlotIsCancelled, e.Next
		s.Changes, s.Changed = s.Changes+1, r.Learned
		s.noOffers()
	case SlotEnded:
		s.Status = SlotIsEnded
		s.noOffers()
	case WaitBegun:
		s.Waiting = append(s.Waiting, e.Person)
	case WaitLeft:
		s.Waiting = slices.DeleteFunc(s.Waiting, func(p care.PersonKey) bool { return p == e.Person })
		for i := range s.Seats {
			if x := &s.Seats[i]; x.Offered && x.Person == e.Person {
				*x = Seat{Seat: x.Seat, Passed: x.Passed}
			}
		}
	case Attended:
		s.Came[Attendance{e.Person, e.Date}] = e.Came
	case DateReminded:
		s.Reminded = append(s.Reminded, e.At)
	case SeatTellingOwed:
		s.Tellings = append(s.Tellings, SeatTelling{SeatTellingOwed: e, Since: r.Learned, Version: r.Version})
		return inTurn("telling", e.Telling, len(s.Tellings))
	case SeatTellingWithdrawn:
		return change(s.Tellings, e.Telling, "telling", func(t *SeatTelling) { t.Withdrawn, t.Version = true, r.Version })
	case SeatTold:
		return change(s.Tellings, e.Telling, "telling", func(t *SeatTelling) { t.Told, t.Version = &e, r.Version })
	case SeatOverdue:
		return change(s.Tellings, e.Telling, "telling", func(t *SeatTelling) { t.Climb = e })
	default:
		return s.takeSeat(r)
	}
	return nil
}

// takeSeat folds what happens to one seat.
func (s *SlotState) takeSeat(r care.Recorded) error {
	switch e := r.Event.(type) {
	case SeatTaken:
		s.Waiting = slices.DeleteFunc(s.Waiting, func(p care.PersonKey) bool { return p == e.Person })
		return change(s.Seats, e.Seat, "seat", func(x *Seat) { *x = Seat{Seat: e.Seat, Person: e.Person, Since: r.Happened} })
	case SeatGivenBack:
		return change(s.Seats, e.Seat, "seat", func(x *Seat) { *x = Seat{Seat: e.Seat} })
	case SeatOffered:
		return change(s.Seats, e.Seat, "seat", func(x *Seat) { x.Person, x.Offered, x.Until, x.Since = e.Person, true, e.Until, r.Learned })
	case OfferPassed:
		return change(s.Seats, e.Seat, "seat", func(x *Seat) { *x = Seat{Seat: e.Seat, Passed: append(x.Passed, e.Person)} })
	}
	return fmt.Errorf("schedule: %T is not one of its events", r.Event)
}

func (s *SlotState) resize(n int) {
	for len(s.Seats) < n {
		s.Seats = append(s.Seats, Seat{Seat: len(s.Seats) + 1})
	}
	s.Seats = s.Seats[:n]
}

// noOffers ends what was offered and waited for.
func (s *SlotState) noOffers() {
	s.Waiting = nil
	for i := range s.Seats {
		if x := &s.Seats[i]; x.Offered {
			*x = Seat{Seat: x.Seat}
		}
	}
}
