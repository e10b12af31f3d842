package web

import (
	"testing"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/library"
)

// The day that is proposed for looking at a choice again is the one on which its
// step comes back: a journey at rest is not asked after four times a year.
func TestLookingAgainIsProposedWhenTheStepComesBack(t *testing.T) {
	t.Parallel()
	def, findings := library.Load("se.pain")
	if def == nil {
		t.Fatal(findings)
	}
	calendar := care.CalendarOf(care.Sweden)
	for step, want := range map[pathway.StepID]string{"settle": "2027-04-20", "choose-measures": "2026-07-20", "": "2026-07-20"} {
		state := &journey.State{Steps: []journey.Step{{StepOpened: journey.StepOpened{Step: 1, ID: step}}}}
		c := journey.Choice{ChoiceLaidOut: journey.ChoiceLaidOut{Choice: 1}}
		if step != "" {
			c.Step = 1
		}
		s := &scene{v: casework.JourneyView{State: state, Definition: def, Calendar: calendar}, today: care.Date{Year: 2026, Month: 4, Day: 20}}
		if got := s.lookAgain(c).String(); got != want {
			t.Errorf("the step %q: proposed is %s, want %s", step, got, want)
		}
	}
}
