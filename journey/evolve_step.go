package journey

import (
	"fmt"
	"time"

	"forlop/care"
	"forlop/pathway"
)

func (s *State) foldStep(r care.Recorded) error {
	switch e := r.Event.(type) {
	case StepOpened:
		if err := next(s.Steps, e.Step, "step"); err != nil {
			return err
		}
		state, err := advanceTo("step", StepState(""), e.Type())
		if err != nil {
			return err
		}
		s.Steps = append(s.Steps, Step{StepOpened: e, State: state, Opened: r.Happened, Version: r.Version, Begun: r.Version})
		s.openStep(r, s.Steps[len(s.Steps)-1], e.Latest)
	case StepPlanned:
		variant := ""
		if e.At.IsZero() {
			variant = withoutTime
		}
		return s.step(e.Step, r, variant, func(st *Step) {
			st.Before, st.DueBefore = st.Planned, st.date()
			st.Planned, st.Way, st.Due, st.Copied, st.Over = e.At, e.Way, e.Due, e.Copied, e.Over
			st.InterpreterBefore, st.InterpreterByBefore = st.Interpreter, st.InterpreterBy
			st.Interpreter, st.InterpreterBy = e.Interpreter, e.InterpreterBy
			// What was missing for the time before is not missing any more.
			s.shut("interpreter", e.Step)
			st.promise(e)
			s.openStep(r, *st, e.Due)
		})
	case StepMissed:
		return s.step(e.Step, r, "", func(st *Step) {
			st.Planned, st.Due, st.Copied, st.Over = time.Time{}, e.Replan, nil, nil
			st.Interpreter, st.InterpreterBy = "", time.Time{}
			st.Missed++
			s.openStep(r, *st, e.Replan)
		})
	case StepDone:
		return s.step(e.Step, r, "", func(st *Step) {
			st.Outcome, st.Ended = e.Outcome, r.Happened
			s.shut("step", e.Step)
		})
	case StepReopened:
		variant := ""
		if st, err := at(s.Steps, e.Step, "step"); err == nil && !st.Planned.IsZero() {
			variant = withItsTime
		}
		return s.step(e.Step, r, variant, func(st *Step) {
			st.Outcome, st.Reason, st.Ended = "", "", time.Time{}
			s.openStep(r, *st, st.date())
		})
	case StepDropped:
		variant := ""
		if e.Reason == ReasonUndone {
			variant = asUndone
		}
		return s.step(e.Step, r, variant, func(st *Step) {
			st.Reason, st.Ended = e.Reason, r.Happened
			s.shut("step", e.Step)
		})
	case StepOwned:
		return s.liveStep(e.Step, r, func(st *Step) {
			st.Owner = e.Owner
			_ = s.touch(key("step", e.Step), func(i *Item) { i.Post, i.Version = e.Owner, r.Version })
		})
	case StepDated:
		return s.liveStep(e.Step, r, func(st *Step) {
			if st.Planned.IsZero() && st.Due.Equal(st.Latest) {
				st.Due = time.Time{}
			}
			st.Latest = e.Latest
			if e.Basis != (pathway.Basis{}) {
				st.Clock, st.Basis = e.Clock, e.Basis
			}
			s.openStep(r, *st, st.date())
		})
	case StepRedefined:
		return s.liveStep(e.Step, r, func(st *Step) {
			st.Role, st.Patient, st.Sets = e.Role, e.Patient, e.Sets
		})
	case InterpreterNoted:
		return s.liveStep(e.Step, r, func(st *Step) {
			st.Interpreter, st.InterpreterBy = e.Interpreter, e.By
			_ = s.touch(key("step", e.Step), func(i *Item) { i.Version = r.Version })
		})
	case StepRenamed:
		st, err := at(s.Steps, e.Step, "step")
		if err != nil {
			return err
		}
		st.ID = e.ID
		// The step itself is as it was: only what an undo compares stays behind.
		return s.touch(key("step", e.Step), func(i *Item) { i.Ref = string(e.ID) })
	case StepBroughtIn:
		s.BroughtIn[e.ID] = e.Outcome
	}
	return nil
}

// promise keeps, after a delay by the service, the day that was said before it;
// what was moved twice was first said to be on the first day.
func (s *Step) promise(e StepPlanned) {
	switch {
	case e.Cause == "":
		s.Delay, s.Promised = "", time.Time{}
	case s.Promised.IsZero():
		s.Delay, s.Promised = e.Cause, e.Before
	default:
		s.Delay = e.Cause
	}
}

// ReasonUndone marks a step that an undo took away again; it may open anew.
const ReasonUndone = "undone"

// step moves a step along its life cycle and changes it.
func (s *State) step(n int, r care.Recorded, variant string, change func(*Step)) error {
	st, err := at(s.Steps, n, "step")
	if err != nil {
		return err
	}
	if st.State, err = advanceTo("step", st.State, r.Event.Type()+variant); err != nil {
		return err
	}
	st.Version = r.Version
	change(st)
	s.followInterpreter(r, *st)
	return nil
}

// liveStep changes a step without moving it along.
func (s *State) liveStep(n int, r care.Recorded, change func(*Step)) error {
	st, err := at(s.Steps, n, "step")
	if err != nil {
		return err
	}
	if !st.Live() {
		return fmt.Errorf("journey: a step that is %s cannot have %s", st.State, r.Event.Type())
	}
	st.Version = r.Version
	change(st)
	s.followInterpreter(r, *st)
	return nil
}

// date is when the step is late: when it must be said how it went, or be planned
// anew, or its latest date.
func (s Step) date() time.Time {
	if s.Due.IsZero() {
		return s.Latest
	}
	return s.Due
}

func (s *State) openStep(r care.Recorded, st Step, due time.Time) {
	s.open(r, "step", st.Step, care.StepItem, string(st.ID), st.Owner, due, st.Latest)
}

func (s *State) foldClock(r care.Recorded) error {
	if e, ok := r.Event.(ClockStarted); ok {
		if err := next(s.Clocks, e.Clock, "clock"); err != nil {
			return err
		}
		state, err := advanceTo("clock", ClockState(""), e.Type())
		if err != nil {
			return err
		}
		s.Clocks = append(s.Clocks, Clock{ClockStarted: e, State: state, Version: r.Version, Begun: r.Version})
		return nil
	}
	// latest is the clock's latest date after the event, where the event says one.
	change := func(n int, latest time.Time, f func(*Clock)) error {
		c, err := at(s.Clocks, n, "clock")
		if err != nil {
			return err
		}
		if latest.IsZero() {
			latest = c.Latest
		}
		typ := r.Event.Type()
		switch r.Event.(type) {
		case ClockReopened, ClockPaused, ClockCorrected:
			c.Seen = c.Seen && !latest.After(r.Learned)
			if c.Seen && c.State != ClockRunning && (c.State != ClockMet || typ == ClockReopened{}.Type()) {
				typ += stillLate
			}
		}
		if c.State, err = advanceTo("clock", c.State, typ); err != nil {
			return err
		}
		c.Version, c.ClockStarted.Latest = r.Version, latest
		f(c)
		return nil
	}
	none := time.Time{}
	switch e := r.Event.(type) {
	case ClockStopped:
		return change(e.Clock, none, func(c *Clock) { c.Stop = e.At })
	case ClockReopened:
		return change(e.Clock, none, func(c *Clock) { c.Stop = none })
	case ClockPassed:
		return change(e.Clock, none, func(c *Clock) { c.Seen = true })
	case ClockLeft:
		return change(e.Clock, none, func(c *Clock) { c.Stop = r.Happened })
	case ClockCorrected:
		return change(e.Clock, e.Latest, func(c *Clock) { c.Start = e.Start })
	case ClockPaused:
		return change(e.Clock, e.Latest, func(c *Clock) { c.Paused = append(c.Paused[:len(c.Paused):len(c.Paused)], e) })
	}
	return nil
}

func (s *State) foldOffer(r care.Recorded) error {
	if e, ok := r.Event.(Offered); ok {
		if err := next(s.Offers, e.Offer, "offer"); err != nil {
			return err
		}
		s.Offers = append(s.Offers, Offer{Offered: e, State: OfferOpen, At: r.Happened, Version: r.Version, Begun: r.Version})
		if !e.CarriedByStep() {
			s.open(r, "offer", e.Offer, care.OfferItem, string(e.Kind), e.To, e.By, time.Time{})
		}
		return nil
	}
	var n int
	switch e := r.Event.(type) {
	case OfferAccepted:
		n = e.Offer
	case OfferDeclined:
		n = e.Offer
	case OfferLapsed:
		n = e.Offer
	case OfferWithdrawn:
		n = e.Offer
	}
	o, err := at(s.Offers, n, "offer")
	if err != nil {
		return err
	}
	if o.State, err = advanceTo("offer", o.State, r.Event.Type()); err != nil {
		return err
	}
	o.Version = r.Version
	s.shut("offer", n)
	if o.State == OfferTaken {
		s.handOver(*o)
	}
	return nil
}

// handOver is the only place where responsibility moves between posts (L1).
func (s *State) handOver(o Offer) {
	switch o.Kind {
	case OfResponsibility, OfPlan:
		s.Responsible = o.To
	case OfReferral:
		if s.Responsible == o.From || o.CarriedByStep() {
			s.Responsible = o.To
		}
		s.Desk = o.To
	case OfIntervention:
		// The intervention moves by its own event in the same act.
	}
}

// CarriedByStep says that the offer is answered by answering the referral, so
// that it stands on the worklist once, as that step.
func (o Offered) CarriedByStep() bool { return o.Kind == OfReferral && o.Step == 0 }
