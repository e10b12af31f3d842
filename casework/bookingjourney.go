package casework

import (
	"forlop/care"
	"forlop/care/booking"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// booked carries what happened to somebody's bookings into their journey, in the
// same append: a copied time is the step's planned time, a cancelled one is to be
// planned anew, and a common time calls the meeting.
func (w *work) booked(o *opened, act care.Act) error {
	was, now := o.was.(*booking.State), o.now.(*booking.State)
	// What the actor had on the screen was the booking, not the journey.
	act.Seen = 0
	for _, e := range o.events {
		r, err := recorded(o.kind, e)
		if err != nil {
			return err
		}
		switch x := r.Event.(type) {
		case booking.Copied:
			err = w.copied(o.stream, x, act)
		case booking.Cancelled:
			err = w.bookingOff(was, x, act)
		case booking.TimeSet:
			err = w.meetAt(now.Polls[x.Poll-1], act)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *work) copied(st store.Stream, c booking.Copied, act care.Act) error {
	j, err := w.open(store.StreamOf("journey", c.Journey))
	if err != nil {
		return err
	}
	step := j.now.(*journey.State).Steps[c.Step-1]
	speaks := interpreting(c.Interpreter)
	from := &care.Copied{Source: c.Source, Reference: c.Reference, At: c.Copied}
	if step.Planned.Equal(c.At) && step.Copied != nil && step.Copied.Source == c.Source && step.Copied.Reference == c.Reference {
		// The same time again: the newer copy stands with the booking, and what it
		// says of the interpreter is news.
		if speaks == "" || speaks == step.Interpreter {
			return nil
		}
		_, err := w.carry(j.stream, journey.NoteInterpreter{Step: c.Step, Interpreter: speaks}, act)
		return err
	}
	if _, err := w.carry(j.stream, journey.PlanStep{Step: c.Step, At: c.At, Way: pathway.Way(c.Way), Copied: from, Reason: journey.ByService, Interpreter: speaks}, act); err != nil {
		return err
	}
	_, err = w.carry(st, booking.Settle{Journey: c.Journey, Step: c.Step, Now: booking.NowPlanned}, act)
	return err
}

// interpreting is what a booking elsewhere says of the interpreter; nothing where
// its source does not say.
func interpreting(says string) journey.Interpreting {
	switch says {
	case booking.InterpreterBooked:
		return journey.InterpreterBooked
	case booking.InterpreterNotBooked:
		return journey.InterpreterNotYet
	}
	return ""
}

// bookingOff takes a cancelled booking's time off its step, where that is still the
// step's time. The step stays to be planned anew (L5).
func (w *work) bookingOff(was *booking.State, c booking.Cancelled, act care.Act) error {
	b := was.Bookings[c.Booking-1]
	j, err := w.open(store.StreamOf("journey", b.Journey))
	if err != nil {
		return err
	}
	state := j.now.(*journey.State)
	if state.Status != journey.Running || b.Step > len(state.Steps) {
		return nil
	}
	if st := state.Steps[b.Step-1]; !st.Live() || !st.Planned.Equal(b.At) {
		return nil
	}
	if _, err = w.carry(j.stream, journey.MissStep{Step: b.Step, Reason: journey.MissedService}, act); err != nil {
		return err
	}
	_, err = w.carry(store.StreamOf("booking", string(state.Person)), booking.Settle{Journey: b.Journey, Step: b.Step, Now: booking.NowOff}, act)
	return err
}

// meetAt calls the meeting for everybody who was asked, each of whom is told.
func (w *work) meetAt(p booking.Poll, act care.Act) error {
	st := store.StreamOf("journey", p.Journey)
	j, err := w.open(st)
	if err != nil {
		return err
	}
	state := j.now.(*journey.State)
	if p.Step > len(state.Steps) {
		return noJourney()
	}
	call := journey.CallMeeting{Step: p.Step, At: p.Times[p.Time-1].At, Way: pathway.Way(p.Way), Tell: true}
	for _, party := range p.People {
		who := journey.Participant{Party: party}
		for role, post := range state.Roles {
			if party.Kind == care.PartyUnit && post == party.Post {
				who.Role = role
			}
		}
		call.Participants = append(call.Participants, who)
	}
	if c, is := w.order.Command.(booking.SetTime); is {
		call.Despite = c.Despite
	}
	_, err = w.carry(st, call, act)
	return err
}

// planned settles wishes and proposals that a journey has taken care of, in the
// same append. Most people have none.
func (w *work) planned(o *opened, act care.Act) error {
	j := o.now.(*journey.State)
	st := store.StreamOf("booking", string(j.Person))
	for _, e := range o.events {
		c := booking.Settle{Journey: o.stream.ID()}
		r, err := recorded(o.kind, e)
		if err != nil {
			return err
		}
		switch x := r.Event.(type) {
		case journey.StepPlanned:
			if c.Step, c.Now = x.Step, booking.NowPlanned; x.At.IsZero() {
				c.Now = booking.NowOff
			}
		case journey.StepMissed:
			c.Step, c.Now = x.Step, booking.NowOff
		case journey.StepDone:
			c.Step, c.Now = x.Step, booking.NowOver
		case journey.StepDropped:
			c.Step, c.Now = x.Step, booking.NowOver
		default:
			continue
		}
		b, err := w.open(st)
		if err != nil {
			return err
		}
		if b.version == 0 {
			return nil
		}
		rule := care.Act{At: act.At, Actor: care.Service}
		if _, err := w.carry(st, c, rule); err != nil {
			return err
		}
	}
	return nil
}
