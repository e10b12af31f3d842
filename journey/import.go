package journey

import (
	"slices"

	"forlop/care"
	"forlop/pathway"
)

// bringIn records what was reached before an import. No owner and no date is
// invented: what is not given is not there.
//
// A step whose milestone is reached counts as brought in, with the outcome that
// PastSteps gives. Without one, the answer to the referral is not guessed: a
// step that needs it to be accept opens only where acceptance is proved by a
// later milestone, one that no step reaches without it. Where nothing proves
// anything, a person is asked (see Settle).
func (d *draft) bringIn(c Open) error {
	for _, m := range c.Past {
		if !slices.ContainsFunc(d.def.Milestones, func(x pathway.Milestone) bool { return x.ID == m.ID }) {
			return care.Refuse("no-such-milestone", "The pathway {pathway} has no milestone {milestone}.", "pathway", d.def.Ref.String(), "milestone", string(m.ID)).On("past")
		}
		if m.At.IsZero() || m.At.After(d.act.At) || m.At.Before(c.Received) {
			return care.Refuse("milestone-date", "The milestone {milestone} needs a date between the receipt and today.", "milestone", string(m.ID)).On("past")
		}
		if m.ID != pathway.Received {
			d.add(MilestoneReached{ID: m.ID, At: care.Instant(m.At), Source: m.Source})
		}
	}
	for _, id := range sortedKeys(c.PastSteps) {
		def, outcome := d.stepDef(id), c.PastSteps[id]
		if def.Kind == "" {
			return care.Refuse("past-step", "The pathway {pathway} has no step {step}.", "pathway", d.def.Ref.String(), "step", string(id)).On("pastSteps")
		}
		if outcome != "" && !d.outcome(def, outcome) {
			return care.Refuse("no-such-outcome", "The step {step} cannot end with {outcome}.", "step", string(id), "outcome", outcome).On("pastSteps")
		}
		d.add(StepBroughtIn{ID: id, Outcome: outcome})
	}
	return nil
}

// outcome reports whether a step can end so.
func (d *draft) outcome(def *pathway.Step, outcome string) bool {
	return slices.Contains(d.def.Outcomes(def), outcome)
}

// behind reports whether a step lies behind the journey already: its milestone,
// or one that answering it sets, is reached.
func (d *draft) behind(def *pathway.Step) bool {
	return slices.ContainsFunc(d.sets(def), d.s.Reached)
}

// sets lists the milestones a step can reach.
func (d *draft) sets(def *pathway.Step) []pathway.MilestoneID {
	var all []pathway.MilestoneID
	if def.Sets != "" {
		all = append(all, def.Sets)
	}
	for _, a := range def.Answers {
		if a.Sets != "" {
			all = append(all, a.Sets)
		}
	}
	return all
}

// bringInStep brings in a step that lies behind. How the referral was answered
// is taken from its answer, where it was answered here under another pathway;
// else it is not known, and somebody is asked unless a later milestone proves it.
func (d *draft) bringInStep(def *pathway.Step) {
	e := StepBroughtIn{ID: def.ID}
	if def.Kind == pathway.Answer && d.s.Answer != nil {
		e.Outcome = string(d.s.Answer.Answer)
	}
	d.add(e)
	if def.Kind == pathway.Answer && e.Outcome == "" && !d.proved(pathway.Need{Step: def.ID, Outcome: string(pathway.Accept)}) {
		d.need(answerUnknown, d.s.Responsible, d.deadline(forDecision), 0, 0)
	}
}

// answerUnknown is the decision on how a referral was answered before it was
// brought in.
const answerUnknown = "answer-unknown"

// unanswered finds the answer step that was brought in without its outcome.
func (d *draft) unanswered() (*pathway.Step, bool) {
	for i := range d.def.Steps {
		def := &d.def.Steps[i]
		if outcome, brought := d.s.BroughtIn[def.ID]; brought && outcome == "" && def.Kind == pathway.Answer {
			return def, true
		}
	}
	return nil, false
}

// proved reports whether a reached milestone proves that a need was met: the
// step that reaches it cannot open without.
func (d *draft) proved(n pathway.Need) bool {
	for i := range d.def.Steps {
		def := &d.def.Steps[i]
		if def.ID != n.Step && d.behind(def) && d.needs(def, n, len(d.def.Steps)) {
			return true
		}
	}
	return false
}

// needs reports whether a step cannot open before n is met: n itself is among
// its needs, or one of the steps that must come before it needs n.
func (d *draft) needs(def *pathway.Step, n pathway.Need, depth int) bool {
	if depth == 0 {
		return false
	}
	for _, x := range def.After {
		if x == n {
			return true
		}
		for i := range d.def.Steps {
			earlier := &d.def.Steps[i]
			if (x.Step == earlier.ID || x.Milestone != "" && slices.Contains(d.sets(earlier), x.Milestone)) && d.needs(earlier, n, depth-1) {
				return true
			}
		}
	}
	return false
}
