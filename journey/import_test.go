package journey_test

import (
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// bringIn imports a running journey with milestones of the first months of 2026.
func (l *life) bringIn(steps map[pathway.StepID]string, reached ...pathway.MilestoneID) {
	l.t.Helper()
	l.now = instant("2026-05-04 09:00")
	c := journey.Open{
		Person: "ola", Regime: care.Norway, Pathway: made().Ref, Origin: journey.Imported, Sender: party("practice", "gp"),
		Received: instant("2026-01-05 09:00"), Desk: desk, Responsible: coordinator, PastSteps: steps,
	}
	for i, id := range reached {
		c.Past = append(c.Past, journey.PastMilestone{ID: id, At: instant("2026-01-12 09:00").AddDate(0, i, 0), Source: "Timeboken"})
	}
	l.do(c)
}

func (l *life) live(id pathway.StepID) bool {
	st := l.s.StepOf(id)
	return st != nil && st.Live()
}

func (l *life) asked(about string) int {
	return slices.IndexFunc(l.s.Decisions, func(d journey.Decision) bool { return d.Open && d.About == about }) + 1
}

// An answer that was given before the import is behind, whether or not the
// import says how it was answered. Nothing that hangs on it opens by guess.
func TestImportedAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		steps   map[pathway.StepID]string
		reached []pathway.MilestoneID
		open    []pathway.StepID
		shut    []pathway.StepID
		asked   bool
	}{
		"accepted, as the import says": {
			steps: map[pathway.StepID]string{"assess-referral": "accept"}, reached: []pathway.MilestoneID{"referral-answered"},
			open: []pathway.StepID{"start-date", "start-assessment"}, shut: []pathway.StepID{"explain-advice"},
		},
		"advised, as the import says": {
			steps: map[pathway.StepID]string{"assess-referral": "advise"}, reached: []pathway.MilestoneID{"referral-answered"},
			open: []pathway.StepID{"explain-advice"}, shut: []pathway.StepID{"start-date", "start-assessment"},
		},
		"answered, nobody says how": {
			reached: []pathway.MilestoneID{"referral-answered"}, asked: true,
			shut: []pathway.StepID{"start-date", "start-assessment", "explain-advice"},
		},
		"acceptance proved by the start": {
			reached: []pathway.MilestoneID{"referral-answered", "assessment-started"},
			open:    []pathway.StepID{"meeting", "wishes"}, shut: []pathway.StepID{"start-date", "start-assessment", "explain-advice"},
		},
		"acceptance proved by the meeting": {
			reached: []pathway.MilestoneID{"referral-answered", "assessment-started", "meeting-held"},
			open:    []pathway.StepID{"talk", "hand-over"}, shut: []pathway.StepID{"start-assessment", "meeting", "explain-advice"},
		},
		"not answered yet": {open: []pathway.StepID{"assess-referral"}, shut: []pathway.StepID{"start-date"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			l.bringIn(c.steps, c.reached...)
			for _, id := range c.open {
				if !l.live(id) {
					t.Errorf("%s is not open", id)
				}
			}
			for _, id := range c.shut {
				if l.live(id) {
					t.Errorf("%s is open", id)
				}
			}
			if len(c.reached) > 0 && l.live("assess-referral") {
				t.Error("a referral that was answered waits for its answer")
			}
			if asked := l.asked("answer-unknown") > 0; asked != c.asked {
				t.Errorf("somebody is asked how it was answered: %t", asked)
			}
			for _, tell := range l.s.Tellings {
				t.Errorf("an import owes %s", tell.About)
			}
		})
	}
}

// A step that needs acceptance and is behind no milestone opens once acceptance
// is proved.
func TestAcceptanceProvedOpensWhatNeedsIt(t *testing.T) {
	t.Parallel()
	yes := true
	l := newLife(t)
	l.k.Person.Born, l.k.Person.PEM = day("2005-01-01"), &yes
	l.bringIn(nil, "referral-answered", "assessment-started")
	if !l.live("youth-talk") {
		t.Error("acceptance is proved, and what needs it is not open")
	}
	l = newLife(t)
	l.k.Person.Born, l.k.Person.PEM = day("2005-01-01"), &yes
	l.bringIn(nil, "referral-answered")
	if l.live("youth-talk") {
		t.Error("acceptance is guessed")
	}
}

// A person who knows how it was answered says so, and the course goes on.
func TestSayingHowItWasAnswered(t *testing.T) {
	t.Parallel()
	for outcome, opens := range map[string]pathway.StepID{"accept": "start-assessment", "advise": "explain-advice"} {
		l := newLife(t)
		l.bringIn(nil, "referral-answered")
		n := l.asked("answer-unknown")
		l.refuse("decision-empty", journey.Settle{Decision: n})
		l.refuse("answer-unknown", journey.Settle{Decision: n, Words: "Vet ikke."})
		l.refuse("answer-unknown", journey.Settle{Decision: n, Words: "Avslått.", Outcome: "reject"})
		l.do(journey.Settle{Decision: n, Words: "Brev av 12. januar.", Outcome: outcome})
		if !l.live(opens) || l.s.BroughtIn["assess-referral"] != outcome {
			t.Errorf("%s does not open after %s", opens, outcome)
		}
	}
}

// Nothing is filled in, and nothing that the pathway does not know is taken in.
func TestImportRefusals(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	open := journey.Open{
		Person: "ola", Regime: care.Norway, Pathway: made().Ref, Origin: journey.Imported, Received: instant("2026-01-02 09:00"), Desk: desk, Responsible: coordinator,
	}
	past := func(id pathway.MilestoneID, at time.Time) journey.Open {
		c := open
		c.Past = []journey.PastMilestone{{ID: id, At: at, Source: "Timeboken"}}
		return c
	}
	l.refuse("no-such-milestone", past("healed", instant("2026-01-03 09:00")))
	l.refuse("milestone-date", past("assessment-started", time.Time{}))
	l.refuse("milestone-date", past("assessment-started", instant("2026-01-01 09:00")))
	l.refuse("milestone-date", past("assessment-started", instant("2026-02-01 09:00")))
	steps := open
	steps.PastSteps = map[pathway.StepID]string{"magic": "done"}
	l.refuse("past-step", steps)
	steps.PastSteps = map[pathway.StepID]string{"assess-referral": "reject"}
	l.refuse("no-such-outcome", steps)
	nobody := open
	nobody.Responsible = post("nowhere", "desk")
	l.refuse("post-missing", nobody)
	roles := open
	roles.Roles = map[pathway.RoleID]care.Post{"gp": desk}
	l.refuse("unit-cannot-fill", roles)
	roles.Roles = map[pathway.RoleID]care.Post{"gp": post("nowhere", "gp")}
	l.refuse("post-missing", roles)
	facts := open
	facts.Facts = map[pathway.FactID]journey.FactValue{"shoe-size": {Type: pathway.IntFact, Text: "42"}}
	l.refuse("no-such-fact", facts)
	facts.Facts = map[pathway.FactID]journey.FactValue{"visits": {Type: pathway.IntFact, Text: "many"}}
	l.refuse("fact-value", facts)
}

// Only an import says who is responsible; a referral has its sender or its desk
// until somebody takes it on (L1).
func TestOnlyAnImportNamesTheResponsible(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer(func(c *journey.Open) { c.Responsible = otherGP })
	if l.s.Responsible != gp {
		t.Errorf("%v is responsible for a referral it has not seen", l.s.Responsible)
	}
}
