package journey

import (
	"slices"

	"forlop/care"
	"forlop/pathway"
)

// keepPlan follows the patient's choice to keep the old plan. The move stays in
// the past: the journey moves back by an event of its own (L8), and what the
// move had changed is as it was before it.
func (d *draft) keepPlan(c KeepPlan) error {
	if c.To != (pathway.Ref{}) && !same(c.To, d.s.Pathway) {
		return d.keepBefore(c)
	}
	k := d.s.Keep
	if k == nil {
		return care.Refuse("keep-not-offered", "There is no older plan to keep. Talk with the coordinator about what should change.")
	}
	if !d.act.When().Before(k.Until) {
		return care.Refuse("keep-too-late", "The old plan could be kept until {date}. Talk with the coordinator: the journey can still be moved, with a reason.",
			"date", d.k.Calendar.LastDay(k.Until).String())
	}
	moved := d.s.Moves[len(d.s.Moves)-1]
	to, err := d.k.Definition(moved.From)
	if err != nil {
		return err
	}
	from, act := d.def, d.actAt(k.Move)
	d.addWith(PlanKept{Pathway: to.Ref, Instead: d.s.Pathway, Campaign: k.Campaign}, sealed("words", c.Words))
	d.add(Moved{To: to.Ref, From: d.s.Pathway, Reason: "kept"})
	d.def = to
	back := k.Mapping.back()
	d.rename(back)
	d.reopenSteps(act)
	d.fit(from, back, &act)
	for _, t := range slices.Clone(d.s.Tellings) {
		if t.Open() && t.To == patient && t.About == "moved" {
			d.add(TellingWithdrawn{Telling: t.Telling})
		}
	}
	return nil
}

// keepBefore notes the choice before the journey is moved: it then is not.
func (d *draft) keepBefore(c KeepPlan) error {
	to, err := d.k.Definition(c.To)
	if err != nil {
		return err
	}
	if to.ID != d.s.Pathway.ID || to.KeepOld == nil {
		return care.Refuse("keep-not-offered", "There is no older plan to keep. Talk with the coordinator about what should change.")
	}
	if slices.ContainsFunc(d.s.KeptFrom, func(k PlanKept) bool { return same(k.Instead, to.Ref) }) {
		return care.Stale("plan-kept", "The patient has chosen to keep the old plan.")
	}
	d.addWith(PlanKept{Pathway: d.s.Pathway, Instead: to.Ref}, sealed("words", c.Words))
	return nil
}

// actAt is the act that began at a version, as it was before this decision.
func (d *draft) actAt(first int) Act {
	for _, a := range d.s.Acts {
		if a.First == first {
			return a
		}
	}
	return Act{First: first, Last: first}
}

// back is the mapping of the way back.
func (m Mapping) back() Mapping {
	return Mapping{Steps: turned(m.Steps), Milestones: turned(m.Milestones), Choices: turned(m.Choices)}
}

// turned turns names round. Where two old names became one, the first is taken.
func turned[K ~string](m map[K]K) map[K]K {
	out := make(map[K]K, len(m))
	for _, old := range sortedKeys(m) {
		if _, twice := out[m[old]]; !twice {
			out[m[old]] = old
		}
	}
	return out
}

// reopenSteps opens again what the move dropped, with the date it had.
func (d *draft) reopenSteps(move Act) {
	for _, st := range slices.Clone(d.s.Steps) {
		if st.State != StepNoMore || st.Reason != reasonMoved || !move.holds(st.Version) || d.s.StepOf(st.ID).Step != st.Step {
			continue
		}
		if def, had := d.def.Step(st.ID); had && def.Kind == st.Kind {
			d.add(StepReopened{Step: st.Step})
		}
	}
}

// reopenClocks lets the clocks that the move left run on, with the days they had
// stood still, before any clock is started anew (L6).
func (d *draft) reopenClocks(move Act) {
	for _, c := range slices.Clone(d.s.Clocks) {
		if c.State == ClockIsLeft && move.holds(c.Version) && d.s.ClockOf(c.ID) == nil && hasClock(d.def, c) {
			d.add(ClockReopened{Clock: c.Clock})
		}
	}
}

// hasClock reports whether a definition has a clock with that limit.
func hasClock(def *pathway.Definition, c Clock) bool {
	return slices.ContainsFunc(def.Clocks, func(x pathway.Clock) bool {
		return x.ID == c.ID && x.From == c.From && x.To == c.To && x.Within == c.Limit && x.Kind == c.Kind
	})
}
