package pathway

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"forlop/care"
)

// The walk follows one order of the steps, and one round of what repeats. Following every order, state by
// state, finds a state without a way out exactly when the walk does.
func TestWalkFindsWhatEveryOrderFinds(t *testing.T) {
	t.Parallel()
	stuck, free := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d, fleeting := drawDefinition(t)
		c := &checker{d: d}
		c.walk()
		found := slices.ContainsFunc(c.findings, func(f Finding) bool { return f.Code == "E602" || f.Code == "E605" })
		// Where a condition can turn from yes to no, the walk may find more than
		// any order leads to, never less.
		if order := everyOrder(d); order && !found || found && !order && !fleeting {
			t.Fatalf("every order finds a state without a way out: %t; the walk: %t\n%s\n%v", order, found, Show(d, care.English), c.findings)
		}
		if found {
			stuck++
		} else {
			free++
		}
	})
	if stuck == 0 || free == 0 {
		t.Errorf("%d pathways had a state without a way out and %d had none: nothing was compared", stuck, free)
	}
}

func drawDefinition(t *rapid.T) (d *Definition, fleeting bool) {
	d = &Definition{
		Facts:      []Fact{{ID: "ill", Type: BoolFact}},
		Roles:      []Role{{ID: "team", At: UnitKinds[:1], Contact: true}},
		Milestones: []Milestone{{ID: Received}, {ID: "met"}},
		Choices:    []Choice{{ID: "way", Options: []Option{{ID: "one"}, {ID: "two"}}}},
	}
	n := rapid.IntRange(1, 5).Draw(t, "steps")
	setter := rapid.IntRange(-1, n-1).Draw(t, "setter")
	for i := range n {
		s := Step{ID: StepID(fmt.Sprintf("s%d", i)), Kind: Task, Who: "team", By: By{Within: care.Span{N: 1, Unit: care.Weeks}}}
		if rapid.Bool().Draw(t, "choice") {
			s.Kind, s.Choice = Choosing, "way"
		}
		if i == setter {
			s.Sets = "met"
		}
		d.Steps = append(d.Steps, s)
	}
	needs := func(most int) []Need {
		var list []Need
		for range rapid.IntRange(0, most).Draw(t, "needs") {
			s := &d.Steps[rapid.IntRange(0, n-1).Draw(t, "need")]
			switch rapid.IntRange(0, 3).Draw(t, "sort") {
			case 0:
				list = append(list, Need{Milestone: "met"})
			case 1:
				outcomes := d.Outcomes(s)
				list = append(list, Need{Step: s.ID, Outcome: rapid.SampledFrom(outcomes).Draw(t, "outcome")})
			default:
				list = append(list, Need{Step: s.ID})
			}
		}
		return list
	}
	for i := range d.Steps {
		d.Steps[i].After = needs(2)
	}
	for i := range d.Steps {
		if rapid.IntRange(0, 3).Draw(t, "if") == 0 {
			source := rapid.SampledFrom([]string{"ill", `!reached("met")`, `reached("met")`}).Draw(t, "condition")
			fleeting = fleeting || source[0] == '!'
			c, err := d.Condition(source)
			if err != nil {
				t.Fatal(err)
			}
			d.Steps[i].If = c
		}
	}
	if i := rapid.IntRange(-2, n-1).Draw(t, "repeats"); i >= 0 {
		d.Steps[i].Repeat = &Repeat{Every: care.Span{N: 1, Unit: care.Weeks}, Until: "met"}
		if rapid.Bool().Draw(t, "times") {
			d.Steps[i].Repeat.Until, d.Steps[i].Repeat.Times = "", 1
		}
	}
	for i := range rapid.IntRange(1, 2).Draw(t, "ends") {
		d.Ends = append(d.Ends, End{ID: EndID(fmt.Sprintf("e%d", i)), After: needs(2)})
	}
	return d, fleeting
}

// everyOrder looks for a state with nothing open and no ending, through every
// order in which steps can be done and up to three rounds, for every answer about the person.
func everyOrder(d *Definition) bool {
	for _, known := range []map[FactID]any{{}, {"ill": true}, {"ill": false}} {
		seen := map[string]bool{}
		// opened is what has opened and stays open until it is done.
		var follow func(at course, rounds int, opened map[StepID]bool) bool
		follow = func(at course, rounds int, opened map[StepID]bool) bool {
			opened = maps.Clone(opened)
			facts := maps.Clone(known)
			for m := range at.milestones {
				facts[ReachedFact(m)] = true
			}
			for i := range d.Steps {
				s := &d.Steps[i]
				if truth, _ := s.If.Eval(facts); truth == Yes && at.meets(s.After) {
					opened[s.ID] = true
				}
			}
			key := fmt.Sprint(at.done, at.milestones, rounds, opened)
			if seen[key] {
				return false
			}
			seen[key] = true
			rest := true
			for i := range d.Steps {
				s := &d.Steps[i]
				_, done := at.done[s.ID]
				again := 0
				if done {
					again = 1
				}
				if done && (rounds == 3 || !s.Repeat.Again(rounds, at.milestones["met"])) || !opened[s.ID] {
					continue
				}
				rest = rest && done
				outcomes := []string{Done}
				if s.Kind == Choosing {
					outcomes = []string{"", "one", "two", "one,two"}
				}
				for _, outcome := range outcomes {
					if follow(at.with(d, s, outcome), rounds+again, opened) {
						return true
					}
				}
			}
			return rest && !slices.ContainsFunc(d.Ends, func(e End) bool { return len(e.After) > 0 && at.meets(e.After) })
		}
		if follow(start(), 1, map[StepID]bool{}) {
			return true
		}
	}
	return false
}

// A counter-example is a story a clinician can follow.
func TestWalkTellsAStory(t *testing.T) {
	t.Parallel()
	d := good(t)
	d.Ends = d.Ends[2:3] // only the ending after advice is left
	var stories []string
	for _, f := range lint(d) {
		if f.Code == "E602" {
			stories = append(stories, f.Message)
		}
	}
	if len(stories) == 0 {
		t.Fatal("a pathway that accepted patients cannot leave has no story")
	}
	for _, want := range []string{"Day 0: the referral is received.", "Within 10 working days of referral-received: assess-referral ends with accept.", "nothing has a date, and no ending can be set."} {
		if !strings.Contains(stories[0], want) {
			t.Errorf("the story does not say %q: %s", want, stories[0])
		}
	}
}

// Done in one order the step in the middle opens, in another it is passed over;
// then nobody can end the journey.
func TestWalkFollowsAPassedOverStep(t *testing.T) {
	t.Parallel()
	step := func(id StepID, after ...Need) Step {
		return Step{ID: id, Kind: Task, Who: "team", After: after, By: By{Within: care.Span{N: 1, Unit: care.Weeks}}}
	}
	d := &Definition{
		Roles:      []Role{{ID: "team", At: UnitKinds[:1], Contact: true}},
		Milestones: []Milestone{{ID: Received}, {ID: "met"}},
		Steps:      []Step{step("call"), step("prepare", Need{Step: "call"}), step("meet")},
		Ends:       []End{{ID: "over", After: []Need{{Step: "prepare"}}}},
	}
	d.Steps[2].Sets = "met"
	c, err := d.Condition(`!reached("met")`)
	if err != nil {
		t.Fatal(err)
	}
	d.Steps[1].If = c
	if !everyOrder(d) {
		t.Fatal("no order leads to a state without a way out: the example is wrong")
	}
	if findings := lint(d); !slices.ContainsFunc(findings, func(f Finding) bool { return f.Code == "E602" }) {
		t.Errorf("the walk does not find it: %v", findings)
	}
}

// Where only a step that comes back is left, the story says so.
func TestWalkTellsOfWhatOnlyComesBack(t *testing.T) {
	t.Parallel()
	week := By{Within: care.Span{N: 1, Unit: care.Weeks}}
	d := &Definition{
		Roles:      []Role{{ID: "team", At: UnitKinds[:1], Contact: true}},
		Facts:      []Fact{{ID: "well", Type: BoolFact}},
		Milestones: []Milestone{{ID: Received}, {ID: "over"}},
		Steps: []Step{
			{ID: "review", Kind: Task, Who: "team", By: week, Repeat: &Repeat{Every: care.Span{N: 12, Unit: care.Months}, Until: "over"}},
			{ID: "close", Kind: Task, Who: "team", By: week, Sets: "over"},
		},
		Ends: []End{{ID: "ended", After: []Need{{Step: "close"}}}},
	}
	c, err := d.Condition("well")
	if err != nil {
		t.Fatal(err)
	}
	if found := lint(d); slices.ContainsFunc(found, func(f Finding) bool { return f.Code == "E602" }) {
		t.Fatalf("there is a way out, and the walk says %v", found)
	}
	d.Steps[1].If = c
	found := slices.DeleteFunc(lint(d), func(f Finding) bool { return f.Code != "E602" })
	if len(found) == 0 || !strings.Contains(found[0].Message, `Then only "review" comes back, time and again, and no ending can be set.`) {
		t.Errorf("the walk says %v", found)
	}
}
