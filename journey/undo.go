package journey

import (
	"slices"

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
	"journey.consult-asked/1":       "e-consult taken back",
	"journey.joint-called/1":        "joint assessment called off",
	"journey.fact-recorded/1":       "value as before",
	"journey.told/1":                "receipt taken back, telling owed anew",
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
		if err := d.undoAct(a); err != nil {
			return err
		}
		d.untell(a)
		return nil
	}
	return care.Missing("no-such-act", "There is nothing to undo at {version}.", "version", itoa(c.Version))
}

// untell lets those who were told of what is undone know that it is not so: that
// the journey goes on, or that the appointment will not be.
func (d *draft) untell(a Act) {
	for _, t := range slices.Clone(d.s.Tellings) {
		switch {
		case !a.holds(t.Begun) || t.Told == nil:
		case t.About == "ended":
			d.owe(t.To, "reopened")
		case t.About == "planned" || t.About == "meeting-called":
			d.oweCancelled(d.act.At)
		}
	}
}

var dependsOn = care.Refuse("undo-too-late", "Something later depends on this, so it cannot be undone. Record what happens now instead.")

// undoAct appends the inverse of the act's first event, and takes back what the
// act brought with it.
func (d *draft) undoAct(a Act) error {
	if d.overlaid(a) {
		return dependsOn
	}
	if err := d.undoPrimary(a); err != nil {
		return err
	}
	return d.takeBack(a)
}

// overlaid reports whether the journey ended, came back or moved after an act:
// then everything that came before stands.
func (d *draft) overlaid(a Act) bool {
	return slices.ContainsFunc(d.s.Acts, func(b Act) bool {
		switch b.Primary.(type) {
		case Ended:
			return b.First > a.First && !b.Undone
		case Moved, PlanKept, Reopened:
			return b.First > a.First
		}
		return false
	})
}

func (d *draft) undoPrimary(a Act) error {
	switch e := a.Primary.(type) {
	case StepDone:
		if st := d.s.Steps[e.Step-1]; st.State != StepIsDone || st.Version > a.Last {
			return dependsOn
		}
	case StepPlanned:
		st := d.s.Steps[e.Step-1]
		if !st.Live() || !st.Planned.Equal(e.At) || st.Version > a.Last {
			return dependsOn
		}
		d.replan(st)
	case StepDropped:
		if st := d.s.Steps[e.Step-1]; st.State != StepNoMore || st.Version > a.Last {
			return dependsOn
		}
	case RoleBound:
		if d.s.Roles[e.Role] != e.Post {
			return dependsOn
		}
		d.add(RoleBound{Role: e.Role, Post: e.Before, Before: e.Post})
	case WaitOpened:
		if w := d.s.Waits[e.Wait-1]; !w.Open || w.Version > a.Last {
			return dependsOn
		}
	case WaitEnded:
		if w := d.s.Waits[e.Wait-1]; w.Open || w.Version > a.Last {
			return dependsOn
		}
	case MeetingCalled:
		st := d.s.Steps[e.Step-1]
		if d.s.Meetings[e.Meeting-1].State != MeetingPlanned || !st.Planned.Equal(e.At) || st.Version > a.Last {
			return dependsOn
		}
		d.replan(st)
	case InterventionAgreed:
		if i := d.s.Interventions[e.Intervention-1]; i.State != InterventionRunning || i.Version > a.Last {
			return dependsOn
		}
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
	case ConsultAsked:
		if x := d.s.Consults[e.Consult-1]; x.State != ConsultOpen || x.Version > a.Last {
			return dependsOn
		}
		d.add(ConsultClosed{Consult: e.Consult, Outcome: ReasonUndone})
	case JointCalled:
		if x := d.s.Joints[e.Joint-1]; x.State != JointOpen || x.Version > a.Last || e.Consult > 0 || d.contributed(e.Joint, a) {
			return dependsOn
		}
		d.add(JointCalledOff{Joint: e.Joint})
	case FactRecorded:
		if d.s.Facts[e.Fact] != e.Value {
			return dependsOn
		}
		before := FactValue{}
		if e.Before != nil {
			before = *e.Before
		}
		d.add(FactRecorded{Fact: e.Fact, Value: before, Before: &e.Value})
	case Told:
		return d.untold(e)
	case Ended:
		if d.s.Status != Closed {
			return dependsOn
		}
		d.add(Reopened{Responsible: d.s.Responsible, Why: ReasonUndone})
		for _, iv := range slices.Clone(d.s.Interventions) {
			if iv.Outcome == "carried-on" && a.holds(iv.Version) {
				d.add(InterventionReopened{Intervention: iv.Intervention})
			}
		}
	}
	return nil
}

// holds reports whether an event belongs to the act.
func (a Act) holds(version int) bool { return a.First <= version && version <= a.Last }

// replan gives a step back the planned time and the date it had.
func (d *draft) replan(st Step) {
	d.add(StepPlanned{Step: st.Step, At: st.Before, Way: st.Way, Reason: AfterUndo, Before: st.Planned, Due: st.DueBefore,
		Interpreter: st.InterpreterBefore, InterpreterBy: st.InterpreterByBefore})
}

// contributed reports whether somebody has already said something in a joint
// assessment that an act called.
func (d *draft) contributed(joint int, a Act) bool {
	return len(d.s.Joints[joint-1].Disagreements) > 0 ||
		slices.ContainsFunc(d.s.Contributions, func(c Contribution) bool { return c.Joint == joint && c.Version > a.Last })
}
