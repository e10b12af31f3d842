package journey

import (
	"time"

	"forlop/care"
	"forlop/pathway"
)

// strains are the limits of the person that a planned time breaks, beside
// everything else that is planned for them. A limit that nobody set breaks
// nothing here. Only what takes the person's strength counts.
func (d *draft) strains(st Step, at time.Time, way pathway.Way) []care.Strain {
	if !demands(st) {
		return nil
	}
	others := append([]time.Time(nil), d.k.Person.Demands...)
	for _, o := range Demands(d.s) {
		if o.Step != st.Step {
			others = append(others, o.Planned)
		}
	}
	minutes := d.stepDef(st.ID).Effort.Minutes
	if way == pathway.InParts {
		minutes = 0 // each part is as short as it has to be
	}
	var out []care.Strain
	for _, s := range d.k.Person.Energy.Strains(d.k.Calendar, at, minutes, others) {
		if s != care.NextDay {
			out = append(out, s)
		}
	}
	return out
}

// bearable refuses a time that is more than the person can bear, unless it says
// why (invariant 16). What the person asked for is theirs to ask; what another
// system has booked is so already, and only shown.
func (d *draft) bearable(st Step, c PlanStep) ([]care.Strain, error) {
	over := d.strains(st, c.At, c.Way)
	if len(over) == 0 || c.Despite != "" || c.Copied != nil || c.Reason == ByWish || d.act.Actor.Kind == care.Patient {
		return over, nil
	}
	return nil, d.k.Person.Energy.Refuse(over[0])
}

func demands(st Step) bool { return st.Kind == pathway.Visit || st.Kind == pathway.Meeting }

// Demands lists the steps of a journey that are planned and take the person's
// strength: visits and meetings.
func Demands(s *State) []Step {
	var out []Step
	for _, st := range s.Steps {
		if st.Live() && !st.Planned.IsZero() && demands(st) {
			out = append(out, st)
		}
	}
	return out
}
