package journey

import (
	"time"

	"forlop/care"
)

// undoes names, for every event type, how an act that began with it is undone:
// what inverse is appended, or "none" with the way back that exists instead.
// An accepted hand-over is given back by a new offer, not undone.
var undoes = map[string]string{
	"journey.step-done/1":           "step reopened, its milestone retracted, what it opened taken away",
	"journey.step-planned/1":        "planned as before",
	"journey.step-dropped/1":        "step reopened",
	"journey.role-bound/1":          "bound as before",
	"journey.wait-opened/1":         "wait ended",
	"journey.wait-ended/1":          "wait reopened",
	"journey.meeting-called/1":      "meeting cancelled, step planned as before",
	"journey.intervention-agreed/1": "intervention ended as undone, its offer withdrawn",
	"journey.intervention-ended/1":  "intervention reopened",
	"journey.offered/1":             "offer withdrawn",
	"journey.fact-recorded/1":       "value as before",
	"journey.ended/1":               "journey reopened with its responsible post",
}

// UndoOf says how an act that began with an event of a type is undone; "none"
// where it is not.
func UndoOf(typ string) string {
	if how, ok := undoes[typ]; ok {
		return how
	}
	return "none"
}

// CanUndo reports whether an act can be undone now.
func (s *State) CanUndo(a Act) bool {
	d := &draft{s: s.Clone()}
	return !a.Undone && UndoOf(a.Primary.Type()) != "none" && d.undoAct(a) == nil
}

// undo appends the inverse of an act, while nothing later depends on it. The
// past stays: the act and its undoing both stand in the log.
func (d *draft) undo(c Undo) error {
	for _, a := range d.s.Acts {
		if a.First != c.Version {
			continue
		}
		if a.Undone {
			return care.Stale("undone-already", "This is undone already.")
		}
		if UndoOf(a.Primary.Type()) == "none" {
			return care.Refuse("no-undo", "This cannot be undone. Record what happens now instead; an accepted hand-over is given back by a new offer.")
		}
		d.add(Undone{Version: a.First})
		return d.undoAct(a)
	}
	return care.Missing("no-such-act", "There is nothing to undo at {version}.", "version", itoa(c.Version))
}

var dependsOn = care.Refuse("undo-too-late", "Something later depends on this, so it cannot be undone. Record what happens now instead.")

func (d *draft) undoAct(a Act) error {
	switch e := a.Primary.(type) {
	case StepDone:
		return d.undoDone(e, a)
	case StepPlanned:
		st := d.s.Steps[e.Step-1]
		if !st.Live() || !st.Planned.Equal(e.At) || st.Version > a.Last {
			return dependsOn
		}
		d.replan(st, e.Before)
	case StepDropped:
		st := d.s.Steps[e.Step-1]
		if st.State != StepNoMore || st.Version > a.Last {
			return dependsOn
		}
		d.add(StepReopened{Step: e.Step})
	case RoleBound:
		if d.s.Roles[e.Role] != e.Post {
			return dependsOn
		}
		d.add(RoleBound{Role: e.Role, Post: e.Before, Before: e.Post})
	case WaitOpened:
		if w := d.s.Waits[e.Wait-1]; !w.Open || !w.Review.Equal(e.Review) {
			return dependsOn
		}
		d.add(WaitEnded{Wait: e.Wait})
	case WaitEnded:
		if d.s.Waits[e.Wait-1].Open {
			return dependsOn
		}
		d.add(WaitReopened{Wait: e.Wait})
	case MeetingCalled:
		st := d.s.Steps[e.Step-1]
		if d.s.Meetings[e.Meeting-1].State != MeetingPlanned || !st.Planned.Equal(e.At) {
			return dependsOn
		}
		d.add(MeetingCancelled{Meeting: e.Meeting})
		d.replan(st, time.Time{})
	case InterventionAgreed:
		i := d.s.Interventions[e.Intervention-1]
		if i.State != InterventionRunning || i.Version > a.Last {
			return dependsOn
		}
		d.withdrawAll(func(o Offer) bool { return o.Kind == OfIntervention && o.Intervention == e.Intervention })
		d.add(InterventionEnded{Intervention: e.Intervention, Outcome: ReasonUndone})
	case InterventionEnded:
		if i := d.s.Interventions[e.Intervention-1]; i.State != InterventionOver || i.Version > a.Last {
			return dependsOn
		}
		d.add(InterventionReopened{Intervention: e.Intervention})
	case Offered:
		if d.s.Offers[e.Offer-1].State != OfferOpen || e.CarriedByStep() {
			return dependsOn
		}
		d.add(OfferWithdrawn{Offer: e.Offer})
	case FactRecorded:
		if d.s.Facts[e.Fact] != e.Value {
			return dependsOn
		}
		before := FactValue{}
		if e.Before != nil {
			before = *e.Before
		}
		d.add(FactRecorded{Fact: e.Fact, Value: before, Before: &e.Value})
	case Ended:
		return d.undoEnd(a)
	}
	return nil
}

// replan gives a step back the planned time it had, or none.
func (d *draft) replan(st Step, before time.Time) {
	e := StepPlanned{Step: st.Step, At: before, Way: st.Way, Reason: AfterUndo, Before: st.Planned, Due: st.Latest}
	if !before.IsZero() && d.k.Calendar != nil {
		e.Due = d.k.Calendar.Deadline(before, forRecord).UTC()
	}
	d.add(e)
}

// undoDone opens a completed step again and takes away what its completion
// opened, as long as nobody has touched that.
func (d *draft) undoDone(e StepDone, a Act) error {
	st := d.s.Steps[e.Step-1]
	if st.State != StepIsDone || st.Version > a.Last {
		return dependsOn
	}
	for _, next := range d.s.Steps {
		if next.Begun > a.First && next.Begun <= a.Last && (next.Version > a.Last || !next.Live()) {
			return dependsOn
		}
	}
	for _, c := range d.s.Clocks {
		if c.Begun > a.First && c.Begun <= a.Last && c.Version > a.Last {
			return dependsOn
		}
	}
	for _, next := range d.s.Steps {
		if next.Begun > a.First && next.Begun <= a.Last {
			d.add(StepDropped{Step: next.Step, Reason: ReasonUndone})
		}
	}
	for _, c := range d.s.Clocks {
		if c.Begun > a.First && c.Begun <= a.Last {
			d.add(ClockLeft{Clock: c.Clock})
		}
	}
	if m, reached := d.s.Milestones[st.Sets]; st.Sets != "" && reached && m.Version > a.First && m.Version <= a.Last {
		d.add(MilestoneRetracted{ID: st.Sets})
		for _, c := range d.s.Clocks {
			if c.To == st.Sets && c.State == ClockMet {
				d.add(ClockReopened{Clock: c.Clock})
			}
		}
	}
	for _, x := range d.s.Decisions {
		if x.Open && x.About == "no-next-step" {
			d.add(DecisionMade{Decision: x.Decision})
		}
	}
	d.add(StepReopened{Step: e.Step})
	return nil
}

// undoEnd opens the journey again as it was: the steps, waits and clocks that
// the ending closed run on.
func (d *draft) undoEnd(a Act) error {
	if d.s.Status != Closed {
		return dependsOn
	}
	d.add(Reopened{Responsible: d.s.Responsible, Why: ReasonUndone})
	for _, st := range d.s.Steps {
		if st.State == StepNoMore && st.Version >= a.First && st.Version <= a.Last {
			d.add(StepReopened{Step: st.Step})
		}
	}
	for _, c := range d.s.Clocks {
		if c.State == ClockIsLeft && c.Version >= a.First && c.Version <= a.Last {
			d.add(ClockReopened{Clock: c.Clock})
		}
	}
	for _, iv := range d.s.Interventions {
		if iv.Outcome == "carried-on" && iv.Version >= a.First && iv.Version <= a.Last {
			d.add(InterventionReopened{Intervention: iv.Intervention})
		}
	}
	return nil
}
