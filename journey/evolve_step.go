package journey

import (
	"time"

	"forlop/care"
)

func (s *State) foldStep(r care.Recorded) error {
	switch e := r.Event.(type) {
	case StepOpened:
		if err := next(s.Steps, e.Step, "step"); err != nil {
			return err
		}
		s.Steps = append(s.Steps, Step{StepOpened: e, State: StepOpen, Opened: r.Happened, Version: r.Version, Begun: r.Version})
		s.openStep(r, s.Steps[len(s.Steps)-1], e.Latest)
	case StepPlanned:
		return s.step(e.Step, r, func(st *Step) {
			st.Planned, st.Way, st.State = e.At, e.Way, StepFixed
			if e.At.IsZero() {
				st.State = StepOpen
			}
			s.openStep(r, *st, e.Due)
		})
	case StepMissed:
		return s.step(e.Step, r, func(st *Step) {
			st.Planned, st.State = time.Time{}, StepOpen
			st.Missed++
			s.openStep(r, *st, e.Replan)
		})
	case StepDone:
		return s.step(e.Step, r, func(st *Step) {
			st.State, st.Outcome, st.Ended = StepIsDone, e.Outcome, r.Happened
			s.shut("step", e.Step)
		})
	case StepReopened:
		return s.step(e.Step, r, func(st *Step) {
			st.State, st.Outcome, st.Reason, st.Ended = StepOpen, "", "", time.Time{}
			due := st.Latest
			if !st.Planned.IsZero() {
				st.State, due = StepFixed, st.Planned
			}
			s.openStep(r, *st, due)
		})
	case StepDropped:
		return s.step(e.Step, r, func(st *Step) {
			st.State, st.Reason, st.Ended = StepNoMore, e.Reason, r.Happened
			if e.Reason == ReasonUndone {
				st.State = StepUndoing
			}
			s.shut("step", e.Step)
		})
	case StepOwned:
		return s.step(e.Step, r, func(st *Step) {
			st.Owner = e.Owner
			_ = s.touch(key("step", e.Step), func(i *Item) { i.Post, i.Version = e.Owner, r.Version })
		})
	case StepDated:
		return s.step(e.Step, r, func(st *Step) {
			st.Latest = e.Latest
			due := e.Latest
			if i, open := s.Items[key("step", e.Step)]; open && !st.Planned.IsZero() {
				due = i.Due
			}
			s.openStep(r, *st, due)
		})
	case StepBroughtIn:
		s.BroughtIn[e.ID] = e.Outcome
	}
	return nil
}

// ReasonUndone marks a step that an undo took away again; it may open anew.
const ReasonUndone = "undone"

func (s *State) step(n int, r care.Recorded, change func(*Step)) error {
	st, err := at(s.Steps, n, "step")
	if err != nil {
		return err
	}
	st.Version = r.Version
	change(st)
	return nil
}

func (s *State) openStep(r care.Recorded, st Step, due time.Time) {
	s.open(r, "step", st.Step, care.StepItem, string(st.ID), st.Owner, due, st.Latest)
}

func (s *State) foldClock(r care.Recorded) error {
	if e, ok := r.Event.(ClockStarted); ok {
		if err := next(s.Clocks, e.Clock, "clock"); err != nil {
			return err
		}
		s.Clocks = append(s.Clocks, Clock{ClockStarted: e, State: ClockRunning, Version: r.Version, Begun: r.Version})
		return nil
	}
	change := func(n int, f func(*Clock)) error {
		c, err := at(s.Clocks, n, "clock")
		if err != nil {
			return err
		}
		c.Version = r.Version
		f(c)
		return nil
	}
	switch e := r.Event.(type) {
	case ClockStopped:
		return change(e.Clock, func(c *Clock) { c.State, c.Stop = ClockMet, e.At })
	case ClockReopened:
		return change(e.Clock, func(c *Clock) { c.State, c.Stop = ClockRunning, time.Time{} })
	case ClockPassed:
		return change(e.Clock, func(c *Clock) { c.State = ClockLate })
	case ClockLeft:
		return change(e.Clock, func(c *Clock) { c.State, c.Stop = ClockIsLeft, r.Happened })
	case ClockCorrected:
		return change(e.Clock, func(c *Clock) { c.State, c.Start, c.ClockStarted.Latest = ClockRunning, e.Start, e.Latest })
	case ClockPaused:
		return change(e.Clock, func(c *Clock) {
			c.Paused = append(c.Paused[:len(c.Paused):len(c.Paused)], e)
			c.State, c.ClockStarted.Latest = ClockRunning, e.Latest
		})
	}
	return nil
}

func (s *State) foldOffer(r care.Recorded) error {
	if e, ok := r.Event.(Offered); ok {
		if err := next(s.Offers, e.Offer, "offer"); err != nil {
			return err
		}
		s.Offers = append(s.Offers, Offer{Offered: e, State: OfferOpen, At: r.Happened, Version: r.Version})
		if !e.CarriedByStep() {
			s.open(r, "offer", e.Offer, care.OfferItem, string(e.Kind), e.To, e.By, time.Time{})
		}
		return nil
	}
	settle := func(n int, state OfferState) (*Offer, error) {
		o, err := at(s.Offers, n, "offer")
		if err != nil {
			return nil, err
		}
		o.State, o.Version = state, r.Version
		s.shut("offer", n)
		return o, nil
	}
	var err error
	switch e := r.Event.(type) {
	case OfferAccepted:
		var o *Offer
		if o, err = settle(e.Offer, OfferTaken); err == nil {
			s.handOver(*o)
		}
	case OfferDeclined:
		_, err = settle(e.Offer, OfferRefused)
	case OfferLapsed:
		_, err = settle(e.Offer, OfferRunOut)
	case OfferWithdrawn:
		_, err = settle(e.Offer, OfferTookBack)
	}
	return err
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
