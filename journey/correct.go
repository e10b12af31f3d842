package journey

import (
	"forlop/care"
	"forlop/pathway"
)

// correct corrects a milestone's date by a late fact; clocks follow, and what
// was escalated stays on record. No milestone can come before the receipt, and
// none that ends a limit before the one that starts it.
func (d *draft) correct(c CorrectMilestone) error {
	m, ok := d.s.Milestones[c.Milestone]
	if !ok {
		return care.Missing("no-such-milestone", "The milestone {milestone} is not reached.", "milestone", string(c.Milestone)).On("milestone")
	}
	if c.Why == "" {
		return care.Refuse("reason-missing", "Say what the correction rests on, such as the date stamp of the letter.").On("why")
	}
	if c.At.IsZero() || c.At.After(d.act.At) {
		return care.Refuse("milestone-date", "The milestone {milestone} needs a date between the receipt and today.", "milestone", string(c.Milestone)).On("at")
	}
	if c.Milestone != pathway.Received && c.At.Before(d.s.Milestones[pathway.Received].At) {
		return care.Refuse("before-receipt", "This cannot have happened before the referral was received.").On("at")
	}
	if other, ok := d.outOfOrder(c); ok {
		return care.Refuse("milestone-order", "With this date, {milestone} and {other} would come in the wrong order. Correct {other} first.",
			"milestone", string(c.Milestone), "other", string(other)).On("at")
	}
	d.addWith(MilestoneReached{ID: c.Milestone, At: care.Instant(c.At), Step: m.Step, Source: "corrected"}, sealed("why", c.Why))
	d.correctClocks(c.Milestone)
	return nil
}

// outOfOrder finds a milestone that would come on the wrong side of a corrected
// one: of a limit that was met, or of the receipt.
func (d *draft) outOfOrder(c CorrectMilestone) (pathway.MilestoneID, bool) {
	for _, id := range sortedKeys(d.s.Milestones) {
		if c.Milestone == pathway.Received && id != c.Milestone && d.s.Milestones[id].At.Before(c.At) {
			return id, true
		}
	}
	for _, clock := range d.s.Clocks {
		if clock.State == ClockIsLeft {
			continue
		}
		if to, met := d.s.Milestones[clock.To]; met && clock.From == c.Milestone && to.At.Before(c.At) {
			return clock.To, true
		}
		if from, started := d.s.Milestones[clock.From]; started && clock.To == c.Milestone && c.At.Before(from.At) {
			return clock.From, true
		}
	}
	return "", false
}

// correctClocks moves the clocks that start or stop at a corrected milestone.
func (d *draft) correctClocks(id pathway.MilestoneID) {
	m := d.s.Milestones[id]
	for i := range d.s.Clocks {
		c := d.s.Clocks[i]
		if c.State == ClockIsLeft {
			continue
		}
		if c.From == id && !c.Start.Equal(m.At) {
			d.add(ClockCorrected{Clock: c.Clock, Start: m.At, Latest: limitEnd(d.k.Calendar, m.At, c.Limit, c.Paused), Why: "corrected"})
			d.redate(c.ID)
		}
		if c.To == id && c.State == ClockMet && !c.Stop.Equal(m.At) {
			d.add(ClockReopened{Clock: c.Clock})
			d.add(ClockStopped{Clock: c.Clock, At: m.At})
		}
	}
}

// inOrder refuses an act that would end a limit before the day it began on: what
// is recorded late must not have happened before what it rests on.
func (d *draft) inOrder() error {
	for _, m := range d.made {
		e, ok := m.Event.(ClockStopped)
		if !ok {
			continue
		}
		c := d.s.Clocks[e.Clock-1]
		if d.k.Calendar.Date(e.At).Before(d.k.Calendar.Date(c.Start)) {
			return care.Refuse("milestone-order", "With this date, {milestone} and {other} would come in the wrong order. Correct {other} first.",
				"milestone", string(c.To), "other", string(c.From)).On("happened")
		}
	}
	return nil
}
