package journey

import (
	"slices"
	"strings"

	"forlop/care"
	"forlop/pathway"
)

// end closes the journey. A person decides it; it says who carries on, who
// renews prescriptions and sick notes, and how to come back. Nothing that runs
// is left without an owner.
func (d *draft) end(c EndJourney) error {
	i := slices.IndexFunc(d.def.Ends, func(e pathway.End) bool { return e.ID == c.End })
	if i < 0 {
		return care.Refuse("no-such-end", "The pathway has no ending {end}.", "end", string(c.End)).On("end")
	}
	def := d.def.Ends[i]
	for _, n := range def.After {
		if !d.met(n) {
			return care.Refuse("end-too-early", "The journey cannot end this way yet: {need} comes first.", "need", needName(n)).On("end")
		}
	}
	if def.CarriesOn != "" {
		bound := d.s.Roles[def.CarriesOn]
		if bound.IsZero() || d.s.Responsible.Unit != bound.Unit || !d.handedOver(def) {
			return care.Refuse("end-not-accepted",
				"The one who carries on must have accepted first. Offer responsibility to {role}, and end when they have accepted.", "role", string(def.CarriesOn)).On("carriesOn")
		}
		c.CarriesOn = care.Party{Kind: care.PartyUnit, Post: d.s.Responsible}
	}
	if err := d.endAsks(c, def.Asks); err != nil {
		return err
	}
	if slices.Contains(def.Asks, "prescriptions") || slices.Contains(def.Asks, "sick-notes") {
		stated, err := d.carriers(c.Carriers)
		if err != nil {
			return err
		}
		c.Carriers = stated
	}
	for _, iv := range d.s.Interventions {
		if iv.State == InterventionRunning && !d.k.Person.Dead && (c.CarriesOn.Kind != care.PartyUnit || iv.Owner.Unit != c.CarriesOn.Post.Unit) {
			return care.Refuse("interventions-running",
				"Something agreed still runs with {post}. End it, or let the one who carries on take it over.", "post", iv.Owner.String()).On("end")
		}
	}
	d.closeAll("ended")
	d.addWith(Ended{End: c.End, CarriesOn: c.CarriesOn, Carriers: c.Carriers, NextCheck: c.NextCheck},
		sealed("comeBack", c.ComeBack, "reason", c.Reason, "safetyNet", c.SafetyNet))
	d.owe(patient, "ended")
	d.oweSender("ended")
	return nil
}

// handedOver reports whether the responsible unit took the journey over from
// somebody else, or one post in it from another by a step that hands over. To
// have answered the referral is not to carry on afterwards. An import whose
// hand-over lies behind is taken at its word.
func (d *draft) handedOver(def pathway.End) bool {
	if d.s.Origin == Imported && len(def.After) > 0 {
		return true
	}
	return slices.ContainsFunc(d.s.Offers, func(o Offer) bool {
		var by pathway.StepKind
		if o.Step > 0 {
			by = d.s.Steps[o.Step-1].Kind
		}
		return o.State == OfferTaken && (o.Kind == OfResponsibility || o.Kind == OfPlan) && by != pathway.Answer &&
			o.To.Unit == d.s.Responsible.Unit && (o.From.Unit != o.To.Unit || by == pathway.HandOver || o.Kind == OfPlan)
	})
}

func (d *draft) endAsks(c EndJourney, asks []string) error {
	for _, a := range asks {
		var missing bool
		switch a {
		case "prescriptions":
			missing = !c.Carriers.StatesPrescriptions()
		case "sick-notes":
			missing = !c.Carriers.StatesSickNotes()
		case "next-check":
			missing = c.NextCheck.IsZero()
		case "come-back":
			missing = c.ComeBack == ""
		case "reason":
			missing = c.Reason == ""
		case "safety-net":
			missing = c.SafetyNet == ""
		}
		if missing {
			return care.Refuse("end-lacks-"+a, "The ending must also say: "+a+".").On(a)
		}
	}
	if !c.NextCheck.IsZero() {
		return d.future(c.NextCheck, "next-check")
	}
	return nil
}

// closeAll ends by name everything that is open, so that no timer outlives the
// journey.
func (d *draft) closeAll(why string) {
	d.withdrawAll(func(Offer) bool { return true })
	for _, st := range d.s.Steps {
		if st.Live() {
			d.cancelMeetingsOf(st.Step)
			d.add(StepDropped{Step: st.Step, Reason: why})
			d.untellAppointment(st.Step)
		}
	}
	d.endWaits(func(Wait) bool { return true })
	d.settleAbout(func(Decision) bool { return true })
	for _, iv := range d.s.Interventions {
		if iv.State == InterventionRunning {
			d.add(InterventionEnded{Intervention: iv.Intervention, Outcome: "carried-on"})
		}
	}
	for _, c := range d.s.Clocks {
		if c.Live() {
			d.add(ClockLeft{Clock: c.Clock})
		}
	}
}

// comeBack opens an ended journey again. There is an owner and a next step at
// once (invariant 40).
func (d *draft) comeBack(c ComeBack) error {
	if d.s.Status != Closed {
		return care.Refuse("journey-open", "This journey is open.")
	}
	if c.Why == "" {
		return care.Refuse("reason-missing", "Say why the patient comes back.").On("why")
	}
	to := c.To
	if to.IsZero() {
		to = d.s.Desk
	}
	if !d.k.Posts.Exists(to) {
		return care.Refuse("post-missing", "The post {post} does not exist or is closed.", "post", to.String()).On("to")
	}
	if to != d.s.Desk && to != d.s.Responsible {
		// As with a first referral: the desk has it, or who takes it on (L1).
		if err := d.forUnit(to.Unit); err != nil {
			return err
		}
	}
	ending, _ := d.lastEnding()
	d.addWith(Reopened{Responsible: to, Why: "came-back"}, sealed("why", c.Why))
	// The limits first: they count from their first day, with the days that stood
	// still, and the steps that come back hang on them.
	for _, c := range slices.Clone(d.s.Clocks) {
		if c.State == ClockIsLeft && ending.holds(c.Version) {
			d.add(ClockReopened{Clock: c.Clock})
		}
	}
	d.startClocks()
	for _, st := range d.s.Steps {
		if def := d.stepDef(st.ID); st.State == StepNoMore && st.Reason == "ended" && def.Kind != "" {
			d.add(StepReopened{Step: st.Step})
			l := d.latestOf(def, st.Round, d.act.At)
			if !st.Planned.IsZero() {
				d.add(StepPlanned{Step: st.Step, Way: st.Way, Reason: Unplanned, Before: st.Planned, Due: st.Latest})
			}
			d.dateBy(st, l)
		}
	}
	d.need("came-back", to, d.deadline(forAnswer), 0, 0)
	d.owe(patient, "received")
	return nil
}

// lastEnding is the act that ended the journey.
func (d *draft) lastEnding() (Act, bool) {
	for _, a := range slices.Backward(d.s.Acts) {
		if _, end := a.Primary.(Ended); end && !a.Undone {
			return a, true
		}
	}
	return Act{}, false
}

// met reports whether a need has come first.
func (d *draft) met(n pathway.Need) bool {
	if n.Milestone != "" {
		return d.s.Reached(n.Milestone)
	}
	if d.s.StepOf(n.Step) != nil {
		// A step that repeats has been done, whatever becomes of its next round;
		// how it ended last counts.
		for _, st := range slices.Backward(d.s.Steps) {
			if st.ID == n.Step && st.State == StepIsDone {
				return n.Outcome == "" || slices.Contains(strings.Split(st.Outcome, ","), n.Outcome)
			}
		}
		return false
	}
	outcome, brought := d.s.BroughtIn[n.Step]
	return brought && (n.Outcome == "" || outcome == n.Outcome || outcome == "" && d.proved(n))
}

func needName(n pathway.Need) string {
	if n.Milestone != "" {
		return string(n.Milestone)
	}
	return string(n.Step)
}
