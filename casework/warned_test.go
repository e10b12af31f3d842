package casework_test

import (
	"slices"
	"testing"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// A caution is shown to whom it is about: what is always shown to everyone, what
// has a condition to those for whom it is known to be met.
func TestCautionsAreShownToThoseTheyAreAbout(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: "Kirsten", Born: care.Date{Year: 1980, Month: 3, Day: 1}})
	if err != nil {
		t.Fatal(err)
	}
	id := b.do(kari, "", journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.fatigue", Version: "2022.12"}, Origin: journey.Registered,
		Sender:   care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}},
		Received: b.clock.Now(), Desk: care.Post{Unit: "clinic", Role: care.Desk},
	}).Target
	always := b.journey(kari, id).Warned
	if !slices.Contains(always, "nervous-system") || slices.Contains(always, "effort-makes-worse") || slices.Contains(always, "hit-hardest") {
		t.Errorf("before anything is known it warns of %v", always)
	}
	if _, err := b.try(kari, string(p), person.ReportCondition{Malaise: person.MalaiseYes}); err != nil {
		t.Fatal(err)
	}
	// Worse after effort is not the same as too ill to travel.
	if worse := b.journey(kari, id).Warned; !slices.Contains(worse, "effort-makes-worse") || slices.Contains(worse, "hit-hardest") {
		t.Errorf("where effort makes worse it warns of %v", worse)
	}
	b.do(kari, id, journey.RecordFact{Fact: "too-ill-to-travel", Value: journey.FactValue{Type: pathway.BoolFact, Text: "true"}})
	if ill := b.journey(kari, id).Warned; !slices.Contains(ill, "hit-hardest") {
		t.Errorf("for somebody too ill to travel it warns of %v", ill)
	}
}
