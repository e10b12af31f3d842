package journey

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// advance opens what the definition says comes now: clocks, then steps, until
// nothing more opens. A journey without a next step gets a decision with an
// owner and a date (L3).
func (d *draft) advance() error {
	if d.s.Status != Running {
		return nil
	}
	for range len(d.def.Steps) + len(d.def.Clocks) + 2 {
		before := d.s.Version
		d.startClocks()
		d.openSteps()
		d.ownSteps()
		if d.s.Version == before {
			break
		}
	}
	d.tellChanges()
	if !d.hasNext() {
		d.need("no-next-step", d.s.Responsible, d.deadline(forDecision), 0, 0)
	}
	return nil
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
			if !d.repeats(def, *st) {
				continue
			}
			round = st.Round + 1
		}
		if def.Sets != "" && d.s.Reached(def.Sets) && round == 1 {
			d.add(StepBroughtIn{ID: def.ID})
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
	return def.Repeat != nil && st.State == StepIsDone && st.Round <= def.Repeat.Times
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
		known[pathway.OutcomeFact(id)] = outcome
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

func (d *draft) openStep(def *pathway.Step, round int) {
	role := def.Who
	patientDoes := role == pathway.PatientRole
	if patientDoes {
		role = def.Follower
	}
	latest, clock, basis := d.latestOf(def, round)
	d.add(StepOpened{
		Step: len(d.s.Steps) + 1, ID: def.ID, Kind: def.Kind, Role: role, Owner: d.s.Owner(role),
		Latest: latest, Clock: clock, Basis: basis, Sets: def.Sets, Patient: patientDoes, Round: round, Because: d.was.Version + 1,
	})
}

// latestOf gives a step its latest date: its clock's limit, or a span from now.
func (d *draft) latestOf(def *pathway.Step, round int) (time.Time, pathway.ClockID, pathway.Basis) {
	if round > 1 {
		return d.deadline(def.Repeat.Every), "", def.Repeat.Basis
	}
	if c := d.s.ClockOf(def.By.Clock); def.By.Clock != "" && c != nil && c.Live() {
		return c.Latest, def.By.Clock, c.Basis
	}
	if !def.By.Within.IsZero() {
		return d.deadline(def.By.Within), "", def.By.Basis
	}
	return d.deadline(forAnswer), "", pathway.Basis{Tag: pathway.Assumed}
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
