package casework

import (
	"context"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/directory"
	"forlop/store"
)

// SlotView is a slot as everybody may read it, with what one person has in it.
type SlotView struct {
	ID     string
	Unit   care.UnitID
	Named  string
	Call   directory.Contact
	Regime care.Regime
	Slot   booking.Slot
	Status booking.SlotStatus
	Next   booking.AfterCancel
	// Taken have a seat, Left may be taken by anybody, Waiting stand on the list.
	Taken, Left, Waiting int
	// Under says that fewer have a seat than the unit wants, and the day to join has
	// passed.
	Under   bool
	Version int
	// Seated, Offered and Place are one person's: a seat, an offer until an instant, a
	// place on the waiting list. None are set where nobody is asked about.
	Seated  bool
	Offered time.Time
	Place   int
	// About is what a letter says of it.
	About booking.SeatAbout
}

func (s *Service) slotView(id string, x *booking.SlotState, p care.PersonKey) SlotView {
	now := s.clock.Now()
	v := SlotView{
		ID: id, Unit: x.Unit, Regime: x.Regime, Slot: x.Slot, Status: x.Status, Next: x.Next,
		Taken: x.Taken(), Left: x.Left(), Waiting: len(x.Waiting), Under: x.UnderMinimum(now), Version: x.Version,
	}
	if u, known := s.Directory().Unit(x.Unit); known {
		v.Named, v.Call = u.Contact.Name, u.Contact
	}
	if p == "" {
		return v
	}
	v.Place = x.Place(p)
	if seat, has := x.Of(p); has {
		if v.Seated = !seat.Offered; !v.Seated {
			v.Offered = seat.Until
		}
	}
	return v
}

// mostSlots is how many slots one page lists (ours).
const mostSlots = 500

// OpenCourses are the courses that can be joined, the next to begin first. They are
// read by everybody and name nobody.
func (s *Service) OpenCourses(ctx context.Context) ([]SlotView, error) {
	rows, err := s.store.Slots(ctx, store.SlotQuery{Kind: string(booking.CourseSlot), Status: string(booking.SlotIsOpen), EndsAfter: s.clock.Now(), Limit: mostSlots})
	if err != nil {
		return nil, err
	}
	out := make([]SlotView, 0, len(rows))
	for _, row := range rows {
		state, _, err := s.load(ctx, row.Stream)
		if err != nil {
			return nil, err
		}
		out = append(out, s.slotView(row.Stream.ID(), state.(*booking.SlotState), ""))
	}
	return out, nil
}

// MyCourses asks for what the asking patient, or whom a relative acts for, has in
// courses and meeting times, and for the courses that are open.
type MyCourses struct{}

// MyCoursesPage is what MyCourses answers. Mine stands in Open no more.
type MyCoursesPage struct {
	// Plan holds the person and their first contact, and no journey.
	Plan
	Mine, Open []SlotView
	tellings   []seatTold
}

// seatTold is a telling that the page itself gives.
type seatTold struct {
	slot    string
	telling int
	person  care.PersonKey
}

// Name of the question.
func (MyCourses) Name() string { return "my-courses" }

func (MyCourses) answer(r *reading) (MyCoursesPage, []care.PersonKey, error) {
	page := MyCoursesPage{Plan: Plan{Now: r.now}}
	// Which courses somebody takes is part of their plan.
	key, keys, err := r.ownPlan()
	if err != nil {
		return page, nil, err
	}
	mine := map[string]bool{}
	for _, k := range keys {
		if err := r.within(k); err != nil {
			return page, nil, err
		}
		rows, err := r.s.store.RelationsOf(r.ctx, string(k), r.now)
		if err != nil {
			return page, nil, err
		}
		for _, row := range rows {
			if row.Basis != seated || mine[row.Stream.ID()] {
				continue
			}
			state, _, err := r.s.load(r.ctx, row.Stream)
			if err != nil {
				return page, nil, err
			}
			x := state.(*booking.SlotState)
			v := r.s.slotView(row.Stream.ID(), x, k)
			for _, t := range x.Tellings {
				if t.Open() && t.Person == k {
					v.About = t.About
					page.tellings = append(page.tellings, seatTold{row.Stream.ID(), t.Telling, k})
				}
			}
			if v.Slot.Ends().Before(r.now.AddDate(0, -1, 0)) {
				continue // what is long over is no news
			}
			r.shows(row.Stream)
			mine[v.ID] = true
			page.Mine = append(page.Mine, v)
		}
	}
	slices.SortStableFunc(page.Mine, func(a, b SlotView) int { return a.Slot.Starts().Compare(b.Slot.Starts()) })
	open, err := r.s.OpenCourses(r.ctx)
	if err != nil {
		return page, nil, err
	}
	for _, v := range open {
		if !mine[v.ID] && v.Slot.Starts().After(r.now) {
			page.Open = append(page.Open, v)
		}
	}
	return page, keys, r.head(&page.Plan, key, r.contactOnly)
}

// reached gives the receipt of what the page has told the patient.
func (MyCourses) reached(r *reading, page MyCoursesPage) error {
	for _, t := range page.tellings {
		mine, err := r.isFor(care.Party{Kind: care.PartyPatient}, t.person)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		_, err = r.s.Do(r.ctx, Order{
			Who: Who{Actor: care.Service}, Target: t.slot, Key: "page/" + t.slot + "/" + itoa(t.telling),
			Command: booking.TellSeat{Telling: t.telling, How: care.ByPage},
		})
		if _, refused := care.AsRefusal(err); err != nil && !refused {
			return err
		}
	}
	return nil
}

// ScheduleQuery asks for the slots of the asker's units; with Slot, for one of them
// with who has a seat.
type ScheduleQuery struct{ Slot string }

// SchedulePage is what ScheduleQuery answers.
type SchedulePage struct {
	// Units are those whose slots the asker opens.
	Units []care.UnitID
	// Slots are those to come and those of the last month, by their first date; only
	// the one that was asked for where one was.
	Slots []SlotView
	// Seats and Waiting are of the one slot.
	Seats, Waiting []SeatRow
	Now            time.Time
	people
}

// SeatRow is somebody on a list of seats. Withheld says that they have kept the
// asker out: then their name is left out, and their seat is theirs all the same.
type SeatRow struct {
	booking.Seat
	Identity Identity
	Withheld bool
	// Came is by the date, from 1; a date that is not noted is not there.
	Came map[int]bool
}

// Name of the question.
func (ScheduleQuery) Name() string { return "schedule" }

func (q ScheduleQuery) answer(r *reading) (SchedulePage, []care.PersonKey, error) {
	page := SchedulePage{Now: r.now, Units: r.s.units(r.who.Actor.ID, r.now)}
	var err error
	if page.people, err = r.people(nil); err != nil {
		return page, nil, err
	}
	if q.Slot == "" {
		rows, err := r.s.store.Slots(r.ctx, store.SlotQuery{Units: page.Units, EndsAfter: r.now.AddDate(0, -1, 0), Limit: mostSlots})
		if err != nil {
			return page, nil, err
		}
		for _, row := range rows {
			state, _, err := r.s.load(r.ctx, row.Stream)
			if err != nil {
				return page, nil, err
			}
			page.Slots = append(page.Slots, r.s.slotView(row.Stream.ID(), state.(*booking.SlotState), ""))
		}
		return page, nil, nil
	}
	st := store.StreamOf("schedule", q.Slot)
	state, version, err := r.s.load(r.ctx, st)
	if err != nil {
		return page, nil, err
	}
	s := state.(*booking.SlotState)
	if version == 0 || !slices.Contains(page.Units, s.Unit) {
		return page, nil, booking.NoSlot()
	}
	r.shows(st)
	page.Slots = []SlotView{r.s.slotView(q.Slot, s, "")}
	var shown []care.PersonKey
	row := func(x booking.Seat) error {
		v := SeatRow{Seat: x, Came: map[int]bool{}}
		for n := range s.Slot.Dates {
			if came, noted := s.Came[booking.Attendance{Person: x.Person, Date: n + 1}]; noted {
				v.Came[n+1] = came
			}
		}
		var err error
		if v.Withheld, err = r.keptFrom(x.Person); err != nil || v.Withheld {
			v.Person = ""
		} else {
			who, err := r.known([]string{string(x.Person)})
			if err != nil {
				return err
			}
			v.Identity, shown = who[string(x.Person)], append(shown, x.Person)
		}
		if x.Seat > 0 {
			page.Seats = append(page.Seats, v)
		} else {
			page.Waiting = append(page.Waiting, v)
		}
		return err
	}
	for _, x := range s.Seats {
		if x.Person != "" {
			if err := row(x); err != nil {
				return page, nil, err
			}
		}
	}
	for _, p := range s.Waiting {
		if _, has := s.Of(p); has {
			continue // they stand among the seats, with what they are offered
		}
		if err := row(booking.Seat{Person: p}); err != nil {
			return page, nil, err
		}
	}
	return page, shown, nil
}

// keptFrom reports whether somebody has kept the asker out, with nothing that stands
// against it.
func (r *reading) keptFrom(p care.PersonKey) (bool, error) {
	read, err := r.asking.read(store.StreamOf("consent", string(p)))
	if err != nil {
		return true, err
	}
	var ask access.Ask
	err = r.asking.between(&ask, read.(*access.State), "")
	return ask.Block != "" && !ask.Lifted, err
}

// seatsInCalendar are somebody's seats as a calendar takes them, one for each date.
func (s *Service) seatsInCalendar(ctx context.Context, p care.PersonKey) ([]Appointment, error) {
	rows, err := s.store.RelationsOf(ctx, string(p), time.Time{})
	if err != nil {
		return nil, err
	}
	var out []Appointment
	for _, row := range rows {
		if row.Basis != seated {
			continue
		}
		state, _, err := s.load(ctx, row.Stream)
		if err != nil {
			return nil, err
		}
		x := state.(*booking.SlotState)
		if seat, has := x.Of(p); !has || seat.Offered {
			continue
		}
		for n, at := range x.Slot.Dates {
			out = append(out, Appointment{
				UID: s.uid(string(row.Stream), n+1), Sequence: x.Changes, From: at, Minutes: x.Slot.Minutes,
				Off: x.Status == booking.SlotIsCancelled, Changed: x.Changed,
			})
		}
	}
	return out, nil
}
