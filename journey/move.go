package journey

import (
	"slices"

	"forlop/care"
	"forlop/pathway"
)

// move moves the journey to another version or another pathway. It is an event
// in the same stream: the past stays, milestones stay, and clocks keep their
// start (L6, L8).
func (d *draft) move(c Move) error {
	if c.Reason == "" {
		return care.Refuse("reason-missing", "Say why the journey moves. The patient reads it.").On("reason")
	}
	to, err := d.k.Definition(c.To)
	if err != nil {
		return err
	}
	if to.Ref == d.s.Pathway {
		return care.Refuse("same-pathway", "The journey follows {pathway} already.", "pathway", to.Ref.String()).On("to")
	}
	if to.Regime != d.s.Regime {
		return care.Refuse("wrong-regime", "The pathway {pathway} is for {regime}.", "pathway", to.Ref.String(), "regime", string(to.Regime)).On("to")
	}
	from := d.def
	d.addWith(Moved{To: to.Ref, From: d.s.Pathway, Reason: "moved"}, sealed("reason", c.Reason))
	d.def = to
	for _, st := range slices.Clone(d.s.Steps) {
		if st.Live() && d.stepDef(st.ID).Kind != st.Kind {
			d.cancelMeetingsOf(st.Step)
			d.add(StepDropped{Step: st.Step, Reason: reasonMoved})
		}
	}
	d.moveClocks(to)
	d.moveRoles(to)
	d.moveSteps(from)
	d.owe(patient, "moved")
	return nil
}

// moveClocks leaves the clocks whose limit the new definition does not have,
// and starts its own from the old start: the day of the milestone. Days that
// stood still for a reason which the new limit lists as well stay so.
func (d *draft) moveClocks(to *pathway.Definition) {
	var left []Clock
	for _, c := range slices.Clone(d.s.Clocks) {
		if c.Live() && !slices.ContainsFunc(to.Clocks, func(def pathway.Clock) bool {
			return def.ID == c.ID && def.From == c.From && def.To == c.To && def.Within == c.Limit && def.Kind == c.Kind
		}) {
			left = append(left, c)
			d.add(ClockLeft{Clock: c.Clock})
		}
	}
	d.startClocks()
	for _, old := range left {
		c := d.s.ClockOf(old.ID)
		if c == nil || !c.Live() || c.From != old.From {
			continue
		}
		for _, p := range old.Paused {
			if c = d.s.ClockOf(old.ID); slices.Contains(c.Pauses, p.Reason) {
				p.Clock = c.Clock
				p.Latest = limitEnd(d.k.Calendar, c.Start, c.Limit, append(slices.Clone(c.Paused), p))
				d.add(p)
			}
		}
	}
}

// moveSteps fits the open steps to the new definition: who does them, what they
// reach, and by when. A span is counted from when the step opened. A step whose
// date the new definition says in the same words keeps it, and so does one that
// hangs on a clock which does not run yet.
func (d *draft) moveSteps(from *pathway.Definition) {
	for _, st := range slices.Clone(d.s.Steps) {
		if !st.Live() {
			continue
		}
		def := d.stepDef(st.ID)
		role, does := def.Who, def.Who == pathway.PatientRole
		if does {
			role = def.Follower
		}
		if role != st.Role || does != st.Patient || def.Sets != st.Sets {
			d.add(StepRedefined{Step: st.Step, Role: role, Patient: does, Sets: def.Sets})
		}
		c := d.s.ClockOf(def.By.Clock)
		old, known := from.Step(st.ID)
		switch {
		case st.Round == 1 && def.By.Clock != "" && (c == nil || !c.Live()):
		case def.By.Clock == "" && known && old.By == def.By && sameRepeat(old.Repeat, def.Repeat):
		default:
			d.dateBy(st, d.latestOf(def, st.Round, d.opened(st)))
		}
	}
}

func sameRepeat(a, b *pathway.Repeat) bool { return a == b || a != nil && b != nil && *a == *b }

// moveRoles binds the roles of the new definition that the same units can fill.
func (d *draft) moveRoles(to *pathway.Definition) {
	for _, r := range to.Roles {
		if bound := d.s.Roles[r.ID]; !bound.IsZero() && !d.fills(r, bound.Unit) {
			d.add(RoleBound{Role: r.ID, Before: bound})
		}
	}
	d.bindUnit(d.s.Responsible.Unit)
}
