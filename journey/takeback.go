package journey

import "slices"

// takeBack undoes what an act brought with it: it takes away what the act
// opened, as long as nobody has touched that, and opens again what the act
// closed. What cannot be opened again – an offer, a decision, a call to a
// meeting – is made anew with the same words and dates.
func (d *draft) takeBack(a Act) error {
	for _, take := range []func(Act) error{d.takeBackOffers, d.takeBackMeetings, d.takeBackSteps, d.takeBackClocks} {
		if err := take(a); err != nil {
			return err
		}
	}
	d.takeBackTalk(a)
	return nil
}

func (d *draft) takeBackSteps(a Act) error {
	for _, st := range slices.Clone(d.s.Steps) {
		switch {
		case a.holds(st.Begun) && st.Version > a.Last:
			return dependsOn
		case a.holds(st.Begun) && st.Live():
			d.add(StepDropped{Step: st.Step, Reason: ReasonUndone})
		}
	}
	for _, st := range slices.Clone(d.s.Steps) {
		if a.holds(st.Begun) || !a.holds(st.Version) || st.State != StepIsDone && st.State != StepNoMore {
			continue
		}
		if d.s.StepOf(st.ID).Step != st.Step {
			// It has opened anew since.
			return dependsOn
		}
		d.add(StepReopened{Step: st.Step})
	}
	return nil
}

// takeBackClocks retracts the milestones that the act reached, leaves the clocks
// they started and lets those they stopped run on.
func (d *draft) takeBackClocks(a Act) error {
	for _, id := range sortedKeys(d.s.Milestones) {
		switch m := d.s.Milestones[id]; {
		case a.holds(m.Version):
			d.add(MilestoneRetracted{ID: id})
		case m.Step > 0 && m.Version > a.Last && a.holds(d.s.Steps[m.Step-1].Version) && d.s.Steps[m.Step-1].State == StepIsDone:
			// Corrected since.
			return dependsOn
		}
	}
	for _, c := range slices.Clone(d.s.Clocks) {
		switch {
		case a.holds(c.Begun) && (c.Version > a.Last || !c.Live()):
			return dependsOn
		case a.holds(c.Begun):
			d.add(ClockLeft{Clock: c.Clock})
		case a.holds(c.Version) && (c.State == ClockMet || c.State == ClockIsLeft):
			d.add(ClockReopened{Clock: c.Clock})
		}
	}
	return nil
}

func (d *draft) takeBackOffers(a Act) error {
	for _, o := range slices.Clone(d.s.Offers) {
		switch {
		case a.holds(o.Begun) && o.State == OfferTaken && !a.holds(o.Version):
			return dependsOn
		case a.holds(o.Begun) && o.State == OfferOpen:
			d.add(OfferWithdrawn{Offer: o.Offer})
		case !a.holds(o.Begun) && a.holds(o.Version) && o.State == OfferTookBack:
			again := o.Offered
			again.Offer = len(d.s.Offers) + 1
			d.add(again)
		}
	}
	return nil
}

func (d *draft) takeBackMeetings(a Act) error {
	for _, m := range slices.Clone(d.s.Meetings) {
		switch {
		case a.holds(m.Begun) && m.Version > a.Last:
			return dependsOn
		case a.holds(m.Begun) && m.State == MeetingPlanned:
			d.add(MeetingCancelled{Meeting: m.Meeting})
		case !a.holds(m.Begun) && a.holds(m.Version) && m.State == MeetingOff:
			again := m.MeetingCalled
			again.Meeting = len(d.s.Meetings) + 1
			d.add(again)
		}
	}
	return nil
}

// takeBackTalk opens the waits and decisions that the act ended, ends those that
// it opened, and takes what nobody has been told yet off the list of what is to
// be told. A death stays noted.
func (d *draft) takeBackTalk(a Act) {
	for _, w := range slices.Clone(d.s.Waits) {
		switch {
		case a.holds(w.Begun) && w.Open:
			d.add(WaitEnded{Wait: w.Wait})
		case !a.holds(w.Begun) && a.holds(w.Version) && !w.Open:
			d.add(WaitReopened{Wait: w.Wait})
		}
	}
	for _, x := range slices.Clone(d.s.Decisions) {
		switch {
		case a.holds(x.Begun) && x.Open && x.About != "died":
			d.add(DecisionMade{Decision: x.Decision})
		case !a.holds(x.Begun) && a.holds(x.Version) && !x.Open:
			again := x.DecisionNeeded
			again.Decision = len(d.s.Decisions) + 1
			d.add(again)
		}
	}
	for _, t := range slices.Clone(d.s.Tellings) {
		switch {
		case a.holds(t.Begun) && t.Open():
			d.add(TellingWithdrawn{Telling: t.Telling})
		case !a.holds(t.Begun) && a.holds(t.Ended) && t.Off:
			again := t.TellingOwed
			again.Telling = len(d.s.Tellings) + 1
			d.add(again)
		}
	}
}
