package pathway

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The walk goes through every course a journey can take and shows that nobody
// is ever left without an owner, a date and a way out.
//
// A step that has opened stays open until someone does it; nothing that happens
// elsewhere closes it. So what remains when all open steps are done depends on
// what each ended with and on what is known of the person, not on the order:
// one order per choice of outcomes is enough. In every state before that, a
// step is open, and it has an owner and a date. What the walk must look at is
// therefore each state in which nothing is open any more: there an ending has
// to be on offer, one that says what came before it.
//
// Redirect and ask are no ends of an answer step: the referral comes back or is
// taken over, and the clock has run on. Facts are taken as known from the start
// or never learned.
//
// A repeat opens the same step again with a date, perhaps without end, so an
// ending has to be on offer also while only repeats are left. Following one
// round of each is enough: what is done stays done, and a later round can end
// only as the first could.
//
// A condition such as !reached("assessment-started") can turn from yes to no. A
// step that waits for it may be passed over, so the walk also follows the course
// without it, even where no order of the steps leads there.

// mostStates bounds the walk. A national pathway needs a few hundred.
const mostStates = 50_000

// passed is one step of a course that is behind.
type passed struct {
	step    *Step
	outcome string
}

// course is a journey on its way.
type course struct {
	done       map[StepID]string // outcome by step
	passedOver map[StepID]bool
	milestones map[MilestoneID]bool
	history    []passed
}

type walking struct {
	c *checker
	// seen holds the courses of this world that were followed already; two of
	// them are one where nothing that is left can tell them apart.
	seen map[string]bool
	// tells holds the steps of which something asks how, or whether, they ended.
	tells   map[StepID]bool
	world   world
	states  int
	stopped bool
	opened  map[StepID]bool
	offered map[EndID]bool
	// told holds the codes and places already told, so that one fault is one
	// story.
	told map[string]bool
}

// walk reports the states in which somebody would be left alone.
func (c *checker) walk() {
	if len(c.d.Steps) == 0 || len(c.d.Ends) == 0 || !c.d.sound() {
		return
	}
	w := &walking{c: c, opened: map[StepID]bool{}, offered: map[EndID]bool{}, told: map[string]bool{}, tells: c.d.asked()}
	worlds, complete := c.d.worlds()
	w.stopped = !complete
	for _, w.world = range worlds {
		w.seen = map[string]bool{}
		w.from(start())
		if w.states > mostStates {
			w.stopped = true
			break
		}
	}
	if w.stopped {
		c.warn("steps", "W603", "the pathway has more courses than the walk can follow (%d states); what it did not reach is not shown to be safe", mostStates)
		return
	}
	w.never()
}

// sound reports whether the needs and conditions can be followed at all; what
// cannot is refused when read.
func (d *Definition) sound() bool {
	met := func(n Need) bool {
		s, ok := d.Step(n.Step)
		return n.Step == "" || ok && (n.Outcome == "" || slices.Contains(d.Outcomes(s), n.Outcome))
	}
	for i := range d.Steps {
		s := &d.Steps[i]
		if s.If.broken() || slices.ContainsFunc(s.After, func(n Need) bool { return !met(n) }) {
			return false
		}
	}
	return !slices.ContainsFunc(d.Ends, func(e End) bool {
		return slices.ContainsFunc(e.After, func(n Need) bool { return !met(n) })
	})
}

func (w *walking) tell(key, path, code, format string, args ...any) {
	if !w.told[code+key] {
		w.told[code+key] = true
		w.c.fault(path, code, format, args...)
	}
}

// from follows every course on from here.
func (w *walking) from(at course) {
	key := w.key(at)
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	w.states++
	if w.states > mostStates {
		return
	}
	open, undecided := w.next(at)
	if open == nil {
		w.rest(at, undecided)
		return
	}
	w.opened[open.ID] = true
	w.owned(open, at)
	if w.fleeting(open, at) {
		next := at.next()
		next.passedOver[open.ID] = true
		w.from(next)
	}
	for _, outcome := range w.c.d.endings(open) {
		w.from(at.with(w.c.d, open, outcome))
	}
}

// pending is the first step that still comes back until a milestone is reached.
func (w *walking) pending(at course) *Step {
	for i := range w.c.d.Steps {
		s := &w.c.d.Steps[i]
		_, done := at.done[s.ID]
		if done && s.Repeat != nil && s.Repeat.Until != "" && !at.milestones[s.Repeat.Until] {
			return s
		}
	}
	return nil
}

// with is the course after a step has ended.
func (at course) with(d *Definition, s *Step, outcome string) course {
	next := at.next()
	next.history = append(next.history, passed{s, outcome})
	next.done[s.ID] = outcome
	for _, m := range d.setsWith(s, outcome) {
		next.milestones[m] = true
	}
	return next
}

// key is what of a course still makes a difference: which steps are behind, and
// how those ended of which something asks.
func (w *walking) key(at course) string {
	var b strings.Builder
	for i := range w.c.d.Steps {
		s := &w.c.d.Steps[i]
		outcome, done := at.done[s.ID]
		switch {
		case !done && !at.passedOver[s.ID]:
			b.WriteString("-;")
		case !w.tells[s.ID]:
			b.WriteString("+;")
		case done:
			b.WriteString("=" + outcome + ";")
		default:
			b.WriteString("/;")
		}
	}
	return b.String()
}

// asked lists the steps of which a need or a condition asks, or that reach a
// milestone.
func (d *Definition) asked() map[StepID]bool {
	asked := map[StepID]bool{}
	for i := range d.Steps {
		s := &d.Steps[i]
		asked[s.ID] = asked[s.ID] || len(d.sets(s)) > 0
		for _, n := range s.After {
			asked[n.Step] = true
		}
		for _, f := range s.If.Reads() {
			for j := range d.Steps {
				if OutcomeFact(d.Steps[j].ID) == f {
					asked[d.Steps[j].ID] = true
				}
			}
		}
	}
	for _, e := range d.Ends {
		for _, n := range e.After {
			asked[n.Step] = true
		}
	}
	return asked
}

// next is a copy to go on from.
func (at course) next() course {
	return course{
		done: maps.Clone(at.done), passedOver: maps.Clone(at.passedOver),
		milestones: maps.Clone(at.milestones), history: slices.Clone(at.history),
	}
}

// start is the day the referral is received.
func start() course {
	return course{done: map[StepID]string{}, passedOver: map[StepID]bool{}, milestones: map[MilestoneID]bool{Received: true}}
}

// fleeting reports whether a condition that holds now no longer would when more
// milestones are reached.
func (w *walking) fleeting(s *Step, at course) bool {
	if s.If == nil {
		return false
	}
	later := w.known(at)
	for _, m := range w.c.d.Milestones {
		later[ReachedFact(m.ID)] = true
	}
	truth, _ := s.If.Eval(later)
	return truth != Yes
}

// endings are the outcomes that end a step. An answer that sends the question
// on does not end the answering. A choice can end with none of its options, one
// or all of them, joined by commas; where nothing asks how it ended, one ending
// stands for all.
func (d *Definition) endings(s *Step) []string {
	all := d.Outcomes(s)
	switch s.Kind {
	case Choosing:
		if !d.askedFor(s.ID) {
			return all[:min(1, len(all))]
		}
		all = append([]string{""}, all...)
		if len(all) > 2 {
			all = append(all, strings.Join(all[1:], ","))
		}
		return all
	case Answer:
	default:
		return all
	}
	var ends []string
	for _, o := range all {
		if o == string(Accept) || o == string(Advise) || d.needs(s.ID, o) {
			ends = append(ends, o)
		}
	}
	return ends
}

// askedFor reports whether a need or a condition asks how the step ended.
func (d *Definition) askedFor(s StepID) bool {
	asks := func(n Need) bool { return n.Step == s && n.Outcome != "" }
	for i := range d.Steps {
		if slices.ContainsFunc(d.Steps[i].After, asks) || slices.Contains(d.Steps[i].If.Reads(), OutcomeFact(s)) {
			return true
		}
	}
	return slices.ContainsFunc(d.Ends, func(e End) bool { return slices.ContainsFunc(e.After, asks) })
}

func (d *Definition) needs(s StepID, outcome string) bool {
	asks := func(n Need) bool { return n.Step == s && n.Outcome == outcome }
	return slices.ContainsFunc(d.Steps, func(other Step) bool { return slices.ContainsFunc(other.After, asks) }) ||
		slices.ContainsFunc(d.Ends, func(e End) bool { return slices.ContainsFunc(e.After, asks) })
}

// setsWith lists the milestones a step sets when it ends with outcome.
func (d *Definition) setsWith(s *Step, outcome string) []MilestoneID {
	if s.Kind != Answer {
		return d.sets(s)
	}
	for _, a := range s.Answers {
		if string(a.Kind) == outcome && a.Sets != "" {
			return []MilestoneID{a.Sets}
		}
	}
	return nil
}

// next gives the first open step, and the steps whose condition nobody can
// answer.
func (w *walking) next(at course) (open *Step, undecided []*Step) {
	known := w.known(at)
	for i := range w.c.d.Steps {
		s := &w.c.d.Steps[i]
		if _, done := at.done[s.ID]; done || at.passedOver[s.ID] || !at.meets(s.After) {
			continue
		}
		switch truth, _ := s.If.Eval(known); truth {
		case Yes:
			return s, undecided
		case NotYetKnown:
			undecided = append(undecided, s)
		}
	}
	return nil, undecided
}

func (w *walking) known(at course) map[FactID]any {
	known := map[FactID]any{}
	for f, v := range w.world {
		known[f] = v
	}
	for m := range at.milestones {
		known[ReachedFact(m)] = true
	}
	for s, outcome := range at.done {
		known[OutcomeFact(s)] = outcome
	}
	return known
}

func (at course) meets(needs []Need) bool {
	for _, n := range needs {
		if n.Milestone != "" && !at.milestones[n.Milestone] {
			return false
		}
		if n.Step != "" {
			outcome, done := at.done[n.Step]
			if !done || n.Outcome != "" && !slices.Contains(strings.Split(outcome, ","), n.Outcome) {
				return false
			}
		}
	}
	return true
}

// owned finds an open step that nobody owns or that has no date.
func (w *walking) owned(s *Step, at course) {
	path, owner := "steps/"+string(s.ID), s.Who
	if owner == PatientRole {
		owner = s.Follower
	}
	if _, ok := w.c.d.Role(owner); !ok {
		w.tell(string(s.ID), path, "E604", "nobody owns the step %q while it is open. %s", s.ID, w.story(at, "Then "+string(s.ID)+" is open, and nobody answers for it."))
	}
	if _, ok := w.c.d.Clock(s.By.Clock); !ok && s.By.Within.IsZero() {
		w.tell(string(s.ID), path, "E601", "the step %q has no latest date while it is open. %s", s.ID, w.story(at, "Then "+string(s.ID)+" is open, and it has no date."))
	}
}

// rest looks at a state in which no step is open: an ending must be on offer.
func (w *walking) rest(at course, undecided []*Step) {
	out := false
	for i := range w.c.d.Ends {
		e := &w.c.d.Ends[i]
		if at.meets(e.After) {
			w.offered[e.ID] = true
			out = out || len(e.After) > 0
		}
	}
	if out {
		return
	}
	if len(undecided) > 0 {
		s := undecided[0]
		_, waits := s.If.Eval(w.known(at))
		w.tell(string(s.ID), "steps/"+string(s.ID)+"/if=", "E605", "the journey can come to rest on a question nobody has to answer. %s",
			w.story(at, fmt.Sprintf("Whether %q shall happen depends on %s, which nobody knows yet. Then nothing has a date, and no ending can be set.", s.ID, inWords(names(waits)))))
		return
	}
	path, key := "steps", ""
	if n := len(at.history); n > 0 {
		key = string(at.history[n-1].step.ID) + " " + at.history[n-1].outcome
		path = "steps/" + string(at.history[n-1].step.ID)
	}
	if s := w.pending(at); s != nil {
		w.tell(key, path, "E602", "the journey can come to a state without a way out. %s",
			w.story(at, fmt.Sprintf("Then only %q comes back, time and again, and no ending can be set.", s.ID)))
		return
	}
	w.tell(key, path, "E602", "the journey can come to a state with nothing to do and no way out. %s",
		w.story(at, "Then nothing is open, nothing has a date, and no ending can be set."))
}

// never finds steps and endings that looked reachable one by one and are never
// reached together.
func (w *walking) never() {
	reachable := w.c.d.reachable()
	for _, s := range w.c.d.Steps {
		if reachable.steps[s.ID] && !w.opened[s.ID] {
			w.c.fault("steps/"+string(s.ID), "E301", "the step %q can never open: what it waits for never comes together in one journey", s.ID)
		}
	}
	for _, e := range w.c.d.Ends {
		if len(w.c.d.unmet(e.After, reachable)) == 0 && !w.offered[e.ID] {
			w.c.fault("ends/"+string(e.ID), "E340", "the ending %q can never be set: what it waits for never comes together in one journey", e.ID)
		}
	}
}

// story tells a course in words.
func (w *walking) story(at course, last string) string {
	var b strings.Builder
	b.WriteString("Day 0: the referral is received.")
	if about := w.world.describe(); about != "" {
		b.WriteString(" " + strings.ToUpper(about[:1]) + about[1:] + ".")
	}
	for _, p := range at.history {
		fmt.Fprintf(&b, " %s%s %s.", w.when(p.step), p.step.ID, ending(p))
	}
	return b.String() + " " + last
}

func ending(p passed) string {
	switch p.outcome {
	case Done:
		return "is done"
	case "":
		return "ends with none of the options"
	}
	return "ends with " + p.outcome
}

// when is the latest date of a step in words.
func (w *walking) when(s *Step) string {
	if c, ok := w.c.d.Clock(s.By.Clock); ok {
		return fmt.Sprintf("Within %s of %s: ", c.Within, c.From)
	}
	if !s.By.Within.IsZero() {
		return fmt.Sprintf("Within %s more: ", s.By.Within)
	}
	return "Some day: "
}

func inWords(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
