package casework

import (
	"encoding/hex"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/journey"
	"forlop/store"
)

// BookingView is what is arranged for a person, with its opened text by event
// version.
type BookingView struct {
	State *booking.State
	Text  map[int]care.Sealed
}

// bookings reads what is arranged for a person whose journey may be seen.
func (r *reading) bookings(p care.PersonKey) (BookingView, error) {
	v := BookingView{State: &booking.State{}, Text: map[int]care.Sealed{}}
	st := store.StreamOf("booking", string(p))
	state, version, err := r.load(st)
	if err != nil || version == 0 {
		return v, err
	}
	r.shows(st)
	v.State = state.(*booking.State)
	events, err := r.store.Load(r.ctx, st, 0)
	if err != nil {
		return v, err
	}
	for _, e := range events {
		text, err := r.s.unseal(r.ctx, string(p), e)
		if err != nil {
			return v, err
		}
		if text != nil {
			v.Text[e.Version] = text
		}
	}
	return v, nil
}

// coverBookings leaves out what a relative's ground does not cover: without the
// plan everything, and the person's own words without the part that lets the
// relative act.
func (g ground) coverBookings(v *BookingView) {
	if len(g.withheld()) == 0 {
		return
	}
	if !g.covers(access.Plan) {
		*v = BookingView{State: &booking.State{}}
		return
	}
	text := map[int]care.Sealed{}
	for _, b := range v.State.Bookings {
		text[b.Text] = v.Text[b.Text]
	}
	if g.covers(access.Acts) {
		for _, w := range v.State.Wishes {
			text[w.Begun], text[w.Answer] = v.Text[w.Begun], v.Text[w.Answer]
		}
	}
	v.Text = text
}

// Appointment is one planned visit or meeting as a calendar takes it: no name, no
// place and no kind of clinic.
type Appointment struct {
	// UID stays the same whatever changes; Sequence goes up with every change.
	UID      string
	Sequence int
	From     time.Time
	Minutes  int
	// Off says that it was cancelled or its time taken away.
	Off     bool
	Changed time.Time
}

// usualMinutes is how long a calendar shows an appointment whose length nobody has
// said (ours, no source).
const usualMinutes = 60

// Appointments are a journey's planned visits and meetings, and those that were
// planned and are off, in order of time. Step 0 is all of them.
func (s *Service) Appointments(v JourneyView, step int) []Appointment {
	return s.appointments(v.ID, v.State, v.History, v.Bookings.State, step)
}

func (s *Service) appointments(id string, j *journey.State, history []care.Recorded, b *booking.State, only int) []Appointment {
	found := map[int]*Appointment{}
	for _, r := range history {
		n, at, off := 0, time.Time{}, false
		switch e := r.Event.(type) {
		case journey.StepPlanned:
			n, at, off = e.Step, e.At, e.At.IsZero()
		case journey.StepMissed:
			n, off = e.Step, true
		case journey.StepDropped:
			n, off = e.Step, true
		default:
			continue
		}
		if n > len(j.Steps) || only > 0 && n != only || !slices.Contains([]string{"visit", "meeting"}, string(j.Steps[n-1].Kind)) {
			continue
		}
		a := found[n]
		switch {
		case a == nil && off:
			continue // what never had a time is in no calendar
		case a == nil:
			a = &Appointment{UID: s.uid(id, n), Sequence: -1}
			found[n] = a
		case a.Off && off:
			continue
		}
		a.Sequence++
		if a.Changed, a.Off = r.Learned, off; !off {
			a.From, a.Minutes = at, usualMinutes
		}
	}
	var out []Appointment
	for n, a := range found {
		for _, x := range b.Bookings {
			if x.Journey != id || x.Step != n {
				continue
			}
			a.Sequence += x.Changes
			if (a.Off || !x.Off) && x.At.Equal(a.From) && x.Minutes > 0 {
				a.Minutes = x.Minutes
			}
		}
		out = append(out, *a)
	}
	slices.SortFunc(out, func(a, b Appointment) int { return a.From.Compare(b.From) })
	return out
}

// uid is the name of an appointment in every calendar: it says nothing, and is the
// same for ever.
func (s *Service) uid(id string, step int) string {
	return hex.EncodeToString(s.keys.Hash("calendar-uid", id+"/"+itoa(step))[:16])
}
