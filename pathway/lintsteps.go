package pathway

import (
	"fmt"
	"slices"
	"strings"
)

// steps finds steps that can never open.
func (c *checker) steps() {
	if len(c.d.Steps) == 0 {
		c.fault("steps", "E301", "the pathway has no steps")
	}
	reachable := c.d.reachable()
	for i := range c.d.Steps {
		s := &c.d.Steps[i]
		if reachable.steps[s.ID] {
			continue
		}
		c.fault("steps/"+string(s.ID), "E301", "the step %q can never open: it waits for %s", s.ID, strings.Join(c.d.unmet(s.After, reachable), " and "))
	}
	for _, m := range c.d.Milestones {
		if m.ID != Received && !reachable.milestones[m.ID] && !c.d.clocked(m.ID) {
			c.fault("milestones/"+string(m.ID), "E309", "no step that can open sets the milestone %q", m.ID)
		}
	}
	if _, ok := c.d.Milestone(Received); !ok {
		c.fault("milestones", "E310", "the milestone %q is missing: every pathway starts with the day of the first receipt", Received)
	}
	setBy := map[MilestoneID]StepID{}
	for i := range c.d.Steps {
		s := &c.d.Steps[i]
		for _, m := range c.d.sets(s) {
			if first, set := setBy[m]; set && first != s.ID {
				c.fault("steps/"+string(s.ID), "E313", "the milestone %q is set by %q already: one of the two steps would be passed over", m, first)
			}
			setBy[m] = s.ID
			if m == Received {
				c.fault("steps/"+string(s.ID), "E310", "no step sets %q: it is the day of the first receipt and never changes", Received)
			}
		}
	}
}

// reach is what can happen at all, if everything goes as it must for it.
type reach struct {
	steps      map[StepID]bool
	milestones map[MilestoneID]bool
}

// reachable follows the needs from the receipt on. It looks at one thing at a
// time; the walk finds steps that need two things that never go together.
func (d *Definition) reachable() reach {
	r := reach{steps: map[StepID]bool{}, milestones: map[MilestoneID]bool{Received: true}}
	for grew := true; grew; {
		grew = false
		for i := range d.Steps {
			s := &d.Steps[i]
			if r.steps[s.ID] || len(d.unmet(s.After, r)) > 0 {
				continue
			}
			r.steps[s.ID], grew = true, true
			for _, m := range d.sets(s) {
				r.milestones[m] = true
			}
		}
	}
	return r
}

// unmet lists the needs that r does not meet, in words.
func (d *Definition) unmet(needs []Need, r reach) []string {
	var words []string
	for _, n := range needs {
		if _, declared := d.Step(n.Step); n.Step != "" && !declared {
			continue // a name that refers to nothing is refused when read
		}
		switch {
		case n.Milestone != "" && !r.milestones[n.Milestone]:
			words = append(words, fmt.Sprintf("the milestone %q, which nothing before it sets", n.Milestone))
		case n.Step != "" && !r.steps[n.Step]:
			words = append(words, fmt.Sprintf("the step %q, which cannot be done before it", n.Step))
		}
	}
	return words
}

// sets lists the milestones a step can set.
func (d *Definition) sets(s *Step) []MilestoneID {
	var all []MilestoneID
	if s.Sets != "" {
		all = append(all, s.Sets)
	}
	for _, a := range s.Answers {
		if a.Sets != "" && !slices.Contains(all, a.Sets) {
			all = append(all, a.Sets)
		}
	}
	return all
}

func (d *Definition) clocked(m MilestoneID) bool {
	return slices.ContainsFunc(d.Clocks, func(c Clock) bool { return c.From == m || c.To == m })
}

// kinds finds what is missing for the kind of a step, and what does not belong
// to it.
func (c *checker) kinds() {
	for i := range c.d.Steps {
		s := &c.d.Steps[i]
		at := "steps/" + string(s.ID)
		c.repeat(s, at)
		belongs := func(key string, there bool, kind StepKind) {
			if there && s.Kind != kind {
				c.fault(at+"/"+key, "E322", "%q belongs to steps of kind %s; this is a %s", key, kind, s.Kind)
			}
		}
		belongs("answers", len(s.Answers) > 0, Answer)
		belongs("agenda", len(s.Agenda) > 0, Meeting)
		belongs("reply", !s.AnswerWithin.IsZero(), Meeting)
		belongs("to", s.To != "", HandOver)
		belongs("choice", s.Choice != "", Choosing)
		switch s.Kind {
		case Answer:
			c.answers(s, at)
		case Meeting:
			if len(s.Agenda) == 0 {
				c.fault(at, "E324", "the meeting %q has no agenda: list its items, so that everyone knows what is talked about and the patient can speak first on each", s.ID)
			}
			if s.AnswerWithin.IsZero() {
				c.fault(at, "E336", "the meeting %q does not say how long decisions made without the patient stay open for their answer: add reply", s.ID)
			}
		case HandOver:
			switch {
			case s.To == "":
				c.fault(at, "E323", "the hand-over %q does not say to whom: add to, with a role", s.ID)
			case s.To == s.Who:
				c.fault(at+"/to", "E323", "the hand-over %q goes from %q to itself", s.ID, s.To)
			}
		case Choosing:
			if s.Choice == "" {
				c.fault(at, "E326", "the step %q does not say what is chosen: add choice, with a name under choices", s.ID)
			}
		}
	}
	for _, choice := range c.d.Choices {
		if len(choice.Options) < 2 {
			c.fault("choices/"+string(choice.ID), "E327", "the choice %q has fewer than two options: that is no choice", choice.ID)
		}
		if !slices.ContainsFunc(c.d.Steps, func(s Step) bool { return s.Choice == choice.ID }) {
			c.fault("choices/"+string(choice.ID), "E328", "no step makes the choice %q", choice.ID)
		}
	}
}

// repeat finds a repeat that is none, and steps that cannot repeat.
func (c *checker) repeat(s *Step, at string) {
	if s.Repeat == nil {
		return
	}
	if s.Kind == Answer || s.Kind == HandOver {
		c.fault(at+"/repeat", "E322", "a step of kind %s happens once: it does not repeat", s.Kind)
	}
	until := s.Repeat.Until
	if until == "" {
		return
	}
	if until == Received || slices.Contains(c.d.sets(s), until) || slices.Contains(c.d.certain(s), until) {
		c.fault(at+"/repeat/until=", "E315", "the step %q never opens again: %q is reached before it is done the first time", s.ID, until)
	}
}

// certain lists the milestones that are reached whenever a step opens.
func (d *Definition) certain(s *Step) []MilestoneID {
	var all []MilestoneID
	seen := map[StepID]bool{s.ID: true}
	var before func(*Step)
	before = func(s *Step) {
		for _, n := range s.After {
			if n.Milestone != "" {
				all = append(all, n.Milestone)
				continue
			}
			if first, ok := d.Step(n.Step); ok && !seen[n.Step] {
				seen[n.Step] = true
				all = append(all, d.setsWith(first, n.Outcome)...)
				before(first)
			}
		}
	}
	before(s)
	return all
}

// answers finds what an answer to a referral lacks. Nobody is turned away
// empty-handed (L4), and the clock runs on until someone answers (L6).
func (c *checker) answers(s *Step, at string) {
	for _, kind := range answerKinds {
		if !slices.ContainsFunc(s.Answers, func(a AnswerRule) bool { return a.Kind == kind }) {
			c.fault(at, "E320", "the step %q does not offer the answer %q: all four are needed, accept, advise, redirect and ask", s.ID, kind)
		}
	}
	asked := map[AnswerKind][]string{Advise: {"plan", "owner"}, Redirect: {"receiver"}, Ask: {"question"}}
	for _, a := range s.Answers {
		path := at + "/answers/" + string(a.Kind)
		settles := a.Kind == Accept || a.Kind == Advise
		switch {
		case settles && a.Sets == "":
			c.fault(path, "E321", "the answer %q sets no milestone: then no clock knows that the referral is answered", a.Kind)
		case !settles && a.Sets != "":
			c.fault(path+"/sets", "E321", "the answer %q must set no milestone: the clock runs on until someone answers", a.Kind)
		}
		for _, field := range asked[a.Kind] {
			if !slices.Contains(a.Asks, field) {
				c.fault(path, "E329", "the answer %q does not ask for %q: the patient would be left without it", a.Kind, field)
			}
		}
		if !settles && a.AnswerWithin.IsZero() {
			c.fault(path, "E330", "the answer %q does not say how long the receiver has: add reply, so that it comes back when nobody answers", a.Kind)
		}
	}
	if s.Sets != "" {
		c.fault(at+"/sets", "E321", "an answer step sets its milestone through its answers, not by itself")
	}
}

// patient finds steps that ask something of the patient and do not say it
// fairly.
func (c *checker) patient() {
	for i := range c.d.Steps {
		s := &c.d.Steps[i]
		at := "steps/" + string(s.ID)
		switch {
		case s.Who == PatientRole && s.Follower == "":
			c.fault(at, "E307", "the step %q is the patient's and nobody follows it: add follower, the role that owns it, helps and reminds", s.ID)
		case s.Who != PatientRole && s.Follower != "":
			c.fault(at+"/follower", "E308", "follower is for steps of the patient; %q is done by %q", s.ID, s.Who)
		}
		if !s.MeetsPatient() {
			continue
		}
		if !s.Effort.Stated {
			c.fault(at, "E333", "the step %q does not say what it asks of the patient: add effort, or effort: none", s.ID)
		}
		noTravel := slices.ContainsFunc(s.Ways, Way.NoTravel)
		switch {
		case len(s.Ways) == 0:
			c.fault(at, "E331", "the step %q does not say which forms it can take: add ways, with one that needs no travel", s.ID)
		case !noTravel && !s.TravelOnly:
			c.fault(at+"/ways", "E331", "no form of the step %q spares the patient the travel: add home, phone, video or written, or say travel-only: true", s.ID)
		case noTravel && s.TravelOnly:
			c.fault(at+"/travel-only", "E332", "the step %q says travel-only and has a form without travel", s.ID)
		}
	}
}

// MeetsPatient reports whether the patient takes part in the step: all that the
// patient does, and every visit, meeting, form and choice.
func (s *Step) MeetsPatient() bool {
	return s.Who == PatientRole || slices.Contains([]StepKind{Visit, Meeting, Form, Choosing}, s.Kind)
}

// activity finds what raises activity without a caution that someone with
// post-exertional malaise meets.
func (c *checker) activity() {
	for i := range c.d.Steps {
		s := &c.d.Steps[i]
		if s.RaisesActivity && !c.cautioned(s.Cautions) {
			c.fault("steps/"+string(s.ID), "E334", "the step %q raises activity and has no caution that shows with post-exertional malaise (when: pem)", s.ID)
		}
	}
	for _, choice := range c.d.Choices {
		for _, o := range choice.Options {
			if o.RaisesActivity && !c.cautioned(o.Cautions) {
				c.fault(fmt.Sprintf("choices/%s/options/%s", choice.ID, o.ID), "E334", "the option %q raises activity and has no caution that shows with post-exertional malaise (when: pem)", o.ID)
			}
		}
	}
}

// cautioned reports whether one of the cautions shows for a person with
// post-exertional malaise, whatever else is known of them.
func (c *checker) cautioned(cautions []string) bool {
	return slices.ContainsFunc(cautions, func(id string) bool {
		caution, ok := c.d.Caution(id)
		if !ok {
			return false
		}
		shown, _ := caution.When.Eval(map[FactID]any{PEMFact: true})
		return shown == Yes
	})
}
