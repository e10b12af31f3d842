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
	if c.Reason == "" && c.Campaign == "" {
		return care.Refuse("reason-missing", "Say why the journey moves. The patient reads it.").On("reason")
	}
	to, err := d.k.Definition(c.To)
	if err != nil {
		return err
	}
	if c.From != (pathway.Ref{}) && !same(c.From, d.s.Pathway) {
		return care.Stale("moved-elsewhere", "The journey follows {pathway} now.", "pathway", d.s.Pathway.String()).On("from")
	}
	if c.Campaign != "" && slices.ContainsFunc(d.s.KeptFrom, func(k PlanKept) bool { return same(k.Instead, to.Ref) }) {
		return care.Refuse("plan-kept", "The patient has chosen to keep the old plan.")
	}
	if to.Ref == d.s.Pathway {
		return care.Refuse("same-pathway", "The journey follows {pathway} already.", "pathway", to.Ref.String()).On("to")
	}
	if to.Regime != d.s.Regime {
		return care.Refuse("wrong-regime", "The pathway {pathway} is for {regime}.", "pathway", to.Ref.String(), "regime", string(to.Regime)).On("to")
	}
	if err := c.Mapping.names(to); err != nil {
		return err
	}
	from, reason := d.def, "moved"
	if c.Campaign != "" {
		reason = NewVersion
	}
	d.addWith(Moved{To: to.Ref, From: d.s.Pathway, Reason: reason, Campaign: c.Campaign}, sealed("reason", c.Reason))
	d.def = to
	d.rename(c.Mapping)
	d.fit(from, c.Mapping, nil)
	if k := to.KeepOld; k != nil && to.ID == from.ID && !d.k.Person.Dead {
		d.add(KeepOffered{Until: d.deadline(k.Within), Campaign: c.Campaign, Mapping: c.Mapping})
	}
	d.owe(patient, "moved")
	return nil
}

// NewVersion is the reason of a move that came with a new version of the
// pathway, for many journeys at once.
const NewVersion = "new-version"

// same reports whether two names are of one version; a hash that is not given
// fits any.
func same(a, b pathway.Ref) bool {
	return a.ID == b.ID && a.Version == b.Version && (a.Hash == "" || b.Hash == "" || a.Hash == b.Hash)
}

// names refuses a mapping that names what the new version does not have.
func (m Mapping) names(to *pathway.Definition) error {
	missing := func(id string) error {
		return care.Refuse("mapping-unknown", "The new version has nothing called {id}.", "id", id).On("mapping")
	}
	for _, old := range sortedKeys(m.Steps) {
		if _, ok := to.Step(m.Steps[old]); !ok {
			return missing(string(m.Steps[old]))
		}
	}
	for _, old := range sortedKeys(m.Milestones) {
		if !slices.ContainsFunc(to.Milestones, func(x pathway.Milestone) bool { return x.ID == m.Milestones[old] }) {
			return missing(string(m.Milestones[old]))
		}
	}
	for _, old := range sortedKeys(m.Choices) {
		if !slices.ContainsFunc(to.Choices, func(x pathway.Choice) bool { return x.ID == m.Choices[old] }) {
			return missing(string(m.Choices[old]))
		}
	}
	return nil
}

// rename gives steps and choices, open or done, their names in the new version.
// A milestone that was reached is reached under its new name, on the same day:
// no clock starts anew (L6).
func (d *draft) rename(m Mapping) {
	for _, st := range slices.Clone(d.s.Steps) {
		if id := m.Steps[st.ID]; id != "" && id != st.ID && st.State != StepUndoing {
			d.add(StepRenamed{Step: st.Step, ID: id})
		}
	}
	for _, old := range sortedKeys(m.Steps) {
		if outcome, brought := d.s.BroughtIn[old]; brought && m.Steps[old] != old {
			d.add(StepBroughtIn{ID: m.Steps[old], Outcome: outcome})
		}
	}
	for _, x := range slices.Clone(d.s.Choices) {
		if id := m.Choices[x.ID]; id != "" && id != x.ID {
			d.add(ChoiceRenamed{Choice: x.Choice, ID: id})
		}
	}
	for _, old := range sortedKeys(m.Milestones) {
		if was, reached := d.s.Milestones[old]; reached && !d.s.Reached(m.Milestones[old]) {
			d.add(MilestoneReached{ID: m.Milestones[old], At: was.At, Step: was.Step, Source: was.Source})
		}
	}
}

// fit fits what is open to the definition that the journey follows now. Undone is
// the act of the move that the patient did not want, where this is the way back.
func (d *draft) fit(from *pathway.Definition, m Mapping, undone *Act) {
	for _, st := range slices.Clone(d.s.Steps) {
		if st.Live() && d.stepDef(st.ID).Kind != st.Kind {
			d.cancelMeetingsOf(st.Step)
			d.add(StepDropped{Step: st.Step, Reason: reasonMoved})
		}
	}
	d.moveClocks(undone)
	d.moveRoles(d.def)
	d.moveSteps(from, turned(m.Steps))
}

// moveClocks leaves the clocks whose limit the new definition does not have,
// and starts its own from the old start: the day of the milestone. Days that
// stood still for a reason which the new limit lists as well stay so.
func (d *draft) moveClocks(undone *Act) {
	var left []Clock
	for _, c := range slices.Clone(d.s.Clocks) {
		if c.Live() && !hasClock(d.def, c) {
			left = append(left, c)
			d.add(ClockLeft{Clock: c.Clock})
		}
	}
	if undone != nil {
		d.reopenClocks(*undone)
	}
	d.startClocks()
	for _, old := range left {
		c := d.s.ClockOf(old.ID)
		if c == nil || !c.Live() || c.From != old.From {
			continue
		}
		for _, p := range old.Paused {
			if c = d.s.ClockOf(old.ID); slices.Contains(c.Pauses, p.Reason) && !c.stoodStill(p) {
				p.Clock = c.Clock
				p.Latest = limitEnd(d.k.Calendar, c.Start, c.Limit, append(slices.Clone(c.Paused), p))
				d.add(p)
			}
		}
	}
}

// stoodStill reports whether the clock has a pause already.
func (c Clock) stoodStill(p ClockPaused) bool {
	return slices.ContainsFunc(c.Paused, func(x ClockPaused) bool { return x.Reason == p.Reason && x.From == p.From && x.Until == p.Until })
}

// moveSteps fits the open steps to the new definition: who does them, what they
// reach, and by when. A span is counted from when the step opened. A step whose
// date the new definition says in the same words keeps it, and so does one that
// hangs on a clock which does not run yet. Called is what a step was called before.
func (d *draft) moveSteps(from *pathway.Definition, called map[pathway.StepID]pathway.StepID) {
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
		was := st.ID
		if name := called[st.ID]; name != "" {
			was = name
		}
		old, known := from.Step(was)
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
