package journey

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// advance opens what the definition says comes now – clocks, then steps, until
// nothing more opens – and drops what was overtaken. A journey without a next
// step gets a decision with an owner and a date (L3).
//
// Time alone opens and drops nothing: a condition that a birthday turns is read
// at the next act (L5).
func (d *draft) advance(c Command) {
	if d.s.Status != Running {
		return
	}
	if _, timeAlone := c.(Wake); !timeAlone {
		for range len(d.def.Steps) + len(d.def.Clocks) + 2 {
			before := d.s.Version
			d.startClocks()
			d.overtake()
			d.openSteps()
			d.ownSteps()
			if d.s.Version == before {
				break
			}
		}
		if d.k.Person.Dead {
			d.needAfterDeath()
		}
		d.tellChanges()
	}
	if !d.hasNext() {
		d.need("no-next-step", d.s.Responsible, d.deadline(forDecision), 0, 0)
	}
}

// ReasonOvertaken marks a step that was dropped because its condition does not
// hold any more, such as the wishes before a meeting that has been held, or
// because the milestone that ends its repeating is reached.
const ReasonOvertaken = "overtaken"

// reasonMoved marks a step that the pathway moved to does not have.
const reasonMoved = "moved"

// overtake drops the steps whose condition is definitely no, and the next round
// of a step whose repeating is over. The first round is no repeat: it stays. Not yet known drops
// nothing, and neither does a condition that turns over somebody's head: a step
// that was planned, missed, offered or waited with is for a person to drop. The
// answer to a referral is never overtaken (L4).
func (d *draft) overtake() {
	for _, st := range slices.Clone(d.s.Steps) {
		if st.State != StepOpen || st.Kind == pathway.Answer || st.Missed > 0 || d.held(st.Step) {
			continue
		}
		def := d.stepDef(st.ID)
		if st.Round > 1 && d.repeatOver(def) {
			d.add(StepDropped{Step: st.Step, Reason: ReasonOvertaken})
			continue
		}
		if def.If != nil {
			if truth, _ := def.If.Eval(d.facts()); truth == pathway.No {
				d.add(StepDropped{Step: st.Step, Reason: ReasonOvertaken})
			}
		}
	}
}

// held reports whether a wait, an offer or a decision is about a step.
func (d *draft) held(step int) bool {
	return slices.ContainsFunc(d.s.Waits, func(w Wait) bool { return w.Open && w.Step == step }) ||
		slices.ContainsFunc(d.s.Decisions, func(x Decision) bool { return x.Open && x.Step == step }) ||
		d.pending(func(o Offer) bool { return o.Step == step })
}

// needAfterDeath asks a person, once, what becomes of what is open.
func (d *draft) needAfterDeath() {
	if !d.s.died() {
		d.need("died", d.s.Responsible, d.deadline(forDecision), 0, 0)
	}
}

// died reports whether the journey has been told of a death.
func (s *State) died() bool {
	return slices.ContainsFunc(s.Decisions, func(x Decision) bool { return x.About == "died" })
}

// hasNext reports whether something leads on: a step, a wait, an offer, a
// question, an intervention or a decision.
func (d *draft) hasNext() bool {
	for _, i := range d.s.Items {
		switch i.Kind {
		case care.StepItem, care.WaitItem, care.OfferItem, care.QuestionItem, care.InterventionItem, care.DecisionItem, care.ReviewItem:
			return true
		case care.TellItem, care.ContactItem, care.EscalationItem, care.FaultItem:
		}
	}
	return false
}

func (d *draft) openSteps() {
	for i := range d.def.Steps {
		def := &d.def.Steps[i]
		if _, brought := d.s.BroughtIn[def.ID]; brought {
			continue
		}
		round := 1
		if st := d.s.StepOf(def.ID); st != nil {
			switch {
			case st.State == StepNoMore && (st.Reason == ReasonOvertaken || st.Reason == reasonMoved):
				// Needed again: it opens anew, with a date of its own.
				if round = st.Round; round > 1 && d.repeatOver(def) {
					continue
				}
			case d.repeats(def, *st) || d.dropped(def, *st):
				round = st.Round + 1
			default:
				continue
			}
		}
		if round == 1 && d.behind(def) {
			d.bringInStep(def)
			continue
		}
		if !d.ready(def) {
			continue
		}
		d.openStep(def, round)
	}
}

// repeats reports whether a step that is done opens again.
func (d *draft) repeats(def *pathway.Step, st Step) bool {
	return st.State == StepIsDone && def.Repeat.Again(st.Round, d.repeatOver(def))
}

// dropped reports whether a later round of a step that repeats until a milestone
// was dropped by a person: that one was not needed, the next one may be.
func (d *draft) dropped(def *pathway.Step, st Step) bool {
	return st.State == StepNoMore && st.Reason == "decided" && st.Round > 1 &&
		def.Repeat != nil && def.Repeat.Until != "" && !d.repeatOver(def)
}

// repeatOver reports whether the milestone that ends the repeating of a step has
// been reached.
func (d *draft) repeatOver(def *pathway.Step) bool {
	return def.Repeat != nil && def.Repeat.Until != "" && d.s.Reached(def.Repeat.Until)
}

// ready reports whether what a step needs has come first and its condition is
// known to hold. Not yet known is not yes.
func (d *draft) ready(def *pathway.Step) bool {
	for _, n := range def.After {
		if !d.met(n) {
			return false
		}
	}
	if def.If == nil {
		return true
	}
	truth, _ := def.If.Eval(d.facts())
	return truth == pathway.Yes
}

// facts are the values conditions may read now.
func (d *draft) facts() map[pathway.FactID]any { return Facts(d.s, d.k, d.act.At) }

// Facts are the values that conditions of s may read at an instant: what is
// recorded, the person's age, whether effort makes them worse, milestones and
// outcomes.
func Facts(s *State, k Known, at time.Time) map[pathway.FactID]any {
	known := make(map[pathway.FactID]any, len(s.Facts)+len(s.Milestones)+len(s.Steps)+2)
	if !k.Person.Born.IsZero() {
		known[pathway.AgeFact] = int64(age(k.Person.Born, k.Calendar.Date(at)))
	}
	if k.Person.PEM != nil {
		known[pathway.PEMFact] = *k.Person.PEM
	}
	for id, v := range s.Facts {
		if value, ok := v.value(); ok {
			known[id] = value
		}
	}
	for id := range s.Milestones {
		known[pathway.ReachedFact(id)] = true
	}
	for id, outcome := range s.BroughtIn {
		if outcome != "" {
			known[pathway.OutcomeFact(id)] = outcome
		}
	}
	for _, st := range s.Steps {
		if st.State == StepIsDone {
			known[pathway.OutcomeFact(st.ID)] = st.Outcome
		}
	}
	return known
}

func (v FactValue) value() (any, bool) {
	switch v.Type {
	case pathway.BoolFact:
		b, err := strconv.ParseBool(v.Text)
		return b, err == nil
	case pathway.IntFact:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		return n, err == nil
	case pathway.DateFact:
		t, err := care.ParseDate(v.Text)
		return t, err == nil
	case pathway.TextFact:
		return v.Text, true
	}
	return nil, false
}

// age in whole years. Someone born on 29 February turns a year older on 1 March
// in a year without that day.
func age(born, on care.Date) int {
	n := on.Year - born.Year
	if on.Month < born.Month || on.Month == born.Month && on.Day < born.Day {
		n--
	}
	return n
}

// ownSteps moves open steps to the post their role is bound to now.
func (d *draft) ownSteps() {
	for _, st := range d.s.Steps {
		if owner := d.s.Owner(st.Role); st.Live() && owner != st.Owner {
			d.add(StepOwned{Step: st.Step, Owner: owner})
		}
	}
}

// tellChanges puts a letter or a call on the list the same day when something
// the patient was told has changed, for those who read no pages. An act that
// owes them a letter of its own says it there: one act, one letter.
func (d *draft) tellChanges() {
	if d.was.Version == 0 || d.act.Actor.Kind == care.System || d.writes {
		return
	}
	for _, m := range d.made {
		switch m.Event.(type) {
		case StepOpened, StepPlanned, StepMissed, StepDated, StepDropped, ClockPaused, ClockCorrected, WaitOpened, WaitReviewed, OfferAccepted, InterventionAgreed:
			d.owe(patient, "changed")
			return
		}
	}
}

// sortedKeys lists a map's keys in order, so that the same command always makes
// the same events.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// recordFact records a value that conditions may read.
func (d *draft) recordFact(c RecordFact) error {
	i := slices.IndexFunc(d.def.Facts, func(f pathway.Fact) bool { return f.ID == c.Fact })
	if i < 0 {
		return care.Refuse("no-such-fact", "The pathway asks for no value called {fact}.", "fact", string(c.Fact)).On("fact")
	}
	f := d.def.Facts[i]
	if _, ok := c.Value.value(); !ok || c.Value.Type != f.Type || f.Type == pathway.TextFact && len(f.Values) > 0 && !slices.Contains(f.Values, c.Value.Text) {
		return care.Refuse("fact-value", "{value} is not a value of {fact}.", "value", c.Value.Text, "fact", string(c.Fact)).On("value")
	}
	e := FactRecorded{Fact: c.Fact, Value: c.Value}
	if before, known := d.s.Facts[c.Fact]; known {
		if before == c.Value {
			return nil
		}
		e.Before = &before
	}
	d.add(e)
	return nil
}
