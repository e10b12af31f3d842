package journey

import (
	"slices"
	"time"

	"forlop/pathway"
)

func (d *draft) openStep(def *pathway.Step, round int) {
	role := def.Who
	patientDoes := role == pathway.PatientRole
	if patientDoes {
		role = def.Follower
	}
	l := d.latestOf(def, round, d.act.At)
	d.add(StepOpened{
		Step: len(d.s.Steps) + 1, ID: def.ID, Kind: def.Kind, Role: role, Owner: d.s.Owner(role),
		Latest: l.at, Clock: l.clock, Basis: l.basis, Sets: def.Sets, Patient: patientDoes, Round: round, Because: d.was.Version + 1,
	})
}

// latest is a step's latest date, with the clock it hangs on, if any, and what
// it rests on.
type latest struct {
	at    time.Time
	clock pathway.ClockID
	basis pathway.Basis
}

// latestOf gives a step its latest date: its clock's limit, or a span counted
// from the instant at which the step opened. The patient's own latest date comes
// first, where it is earlier.
func (d *draft) latestOf(def *pathway.Step, round int, opened time.Time) latest {
	switch c := d.s.ClockOf(def.By.Clock); {
	case round > 1 && def.Repeat != nil && !d.neededAgain(def.ID, round):
		return latest{at: d.agreed(def, d.k.Calendar.Deadline(opened, def.Repeat.Every).UTC()), basis: def.Repeat.Basis}
	case def.By.Clock != "" && c != nil && c.Live():
		return d.legally(def, latest{at: c.Latest, clock: c.ID, basis: c.Basis})
	case !def.By.Within.IsZero():
		return d.legally(def, latest{at: d.k.Calendar.Deadline(opened, def.By.Within).UTC(), basis: def.By.Basis})
	default:
		return latest{at: d.k.Calendar.Deadline(opened, forAnswer).UTC(), basis: pathway.Basis{Tag: pathway.Assumed}}
	}
}

// neededAgain reports whether a round of a step was overtaken: needed again, it
// has the time of a first one, since nothing was done that its interval could
// count from.
func (d *draft) neededAgain(id pathway.StepID, round int) bool {
	return slices.ContainsFunc(d.s.Steps, func(st Step) bool {
		return st.ID == id && st.Round == round && st.State == StepNoMore && (st.Reason == ReasonOvertaken || st.Reason == reasonMoved)
	})
}

// agreed is the day on which a repeating choice was agreed to be looked at
// again, where it is earlier than the step's own.
func (d *draft) agreed(def *pathway.Step, own time.Time) time.Time {
	for _, c := range slices.Backward(d.s.Choices) {
		if def.Choice != "" && c.ID == def.Choice && c.Made != nil {
			if c.Made.ByStep && c.Made.LookAgain.Before(own) {
				return c.Made.LookAgain
			}
			break
		}
	}
	return own
}

// legally holds a step by which help starts to the patient's own latest date: the
// one that goes with the decision on the right (Norway: PBRL § 2-2). It binds
// the step that acceptance opens and that reaches a milestone; no pause moves it.
func (d *draft) legally(def *pathway.Step, l latest) latest {
	if d.s.Answer == nil || d.s.Answer.LatestLegal.IsZero() || def.Sets == "" {
		return l
	}
	legal := d.endOf(d.s.Answer.LatestLegal)
	if !legal.Before(l.at) {
		return l
	}
	for _, n := range def.After {
		answering := d.stepDef(n.Step)
		for _, rule := range answering.Answers {
			if rule.Kind == d.s.Answer.Answer && n.Outcome == string(rule.Kind) {
				l.at, l.basis = legal, rule.Basis
			}
		}
	}
	return l
}

// redate gives open steps that hang on a clock its new latest date.
func (d *draft) redate(id pathway.ClockID) {
	if c := d.s.ClockOf(id); c == nil || !c.Live() {
		return
	}
	for _, st := range slices.Clone(d.s.Steps) {
		if st.Live() && st.Clock == id {
			d.dateBy(st, d.latestOf(d.stepDef(st.ID), st.Round, d.opened(st)))
		}
	}
}

// dateBy dates an open step, if that changes anything.
func (d *draft) dateBy(st Step, l latest) {
	if !st.Latest.Equal(l.at) || st.Clock != l.clock || st.Basis != l.basis {
		d.add(StepDated{Step: st.Step, Latest: l.at, Clock: l.clock, Basis: l.basis})
	}
}

// opened is the instant a step's span counts from: when we learned what opened
// it.
func (d *draft) opened(st Step) time.Time {
	for _, a := range d.s.Acts {
		if a.First <= st.Begun && st.Begun <= a.Last {
			return a.At
		}
	}
	return st.Opened
}
