package journey

import (
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
	d.addWith(Moved{To: to.Ref, From: d.s.Pathway, Reason: "moved"}, sealed("reason", c.Reason))
	d.def = to
	for _, st := range d.s.Steps {
		if st.Live() && d.stepDef(st.ID).Kind == "" {
			d.cancelMeetingsOf(st.Step)
			d.add(StepDropped{Step: st.Step, Reason: "moved"})
		}
	}
	d.moveClocks(to)
	d.moveRoles(to)
	d.owe(patient, "moved")
	return nil
}

// moveClocks leaves the clocks whose limit the new definition does not have,
// and starts its own from the old start: the day of the milestone.
func (d *draft) moveClocks(to *pathway.Definition) {
	for _, c := range d.s.Clocks {
		if !c.Live() {
			continue
		}
		same := false
		for _, def := range to.Clocks {
			same = same || def.ID == c.ID && def.From == c.From && def.To == c.To && def.Within == c.Limit && def.Kind == c.Kind
		}
		if !same {
			d.add(ClockLeft{Clock: c.Clock})
		}
	}
	d.startClocks()
	for _, st := range d.s.Steps {
		def := d.stepDef(st.ID)
		if !st.Live() || def.By.Clock == "" {
			continue
		}
		if c := d.s.ClockOf(def.By.Clock); c != nil && !st.Latest.Equal(c.Latest) {
			d.add(StepDated{Step: st.Step, Latest: c.Latest})
		}
	}
}

// moveRoles binds the roles of the new definition that the same units can fill.
func (d *draft) moveRoles(to *pathway.Definition) {
	for _, r := range to.Roles {
		if bound := d.s.Roles[r.ID]; !bound.IsZero() && !d.fills(r, bound.Unit) {
			d.add(RoleBound{Role: r.ID, Before: bound})
		}
	}
	d.bindUnit(d.s.Responsible.Unit)
}
