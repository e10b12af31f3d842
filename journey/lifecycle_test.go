package journey_test

import (
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
)

// rich is a journey that has one of nearly everything in nearly every state.
func rich(t *testing.T) *life {
	l := newLife(t)
	l.refer()
	l.do(l.answer("redirect"))
	l.do(journey.DeclineOffer{Offer: 2, Reason: "Ingen plass."}, by(deskB))
	l.do(journey.OpenWait{For: thePatient, Reason: "answer", Review: day("2026-02-01")})
	l.do(journey.OpenWait{For: thePatient, Reason: "answer", Review: day("2026-02-01")})
	l.do(journey.EndWait{Wait: 2})
	l.accept()
	l.do(journey.DropStep{Step: l.n("start-date"), Reason: "Gitt på telefon."})
	l.do(journey.CompleteStep{Step: l.n("start-assessment")}, by(team))
	l.do(journey.Undo{Version: l.s.Acts[len(l.s.Acts)-1].First})
	l.do(journey.CompleteStep{Step: l.n("start-assessment")}, by(team))
	l.do(journey.PlanStep{Step: l.n("draft-plan"), At: l.now.Add(time.Hour)}, by(team))
	l.do(journey.CallMeeting{Step: l.n("meeting"), At: l.now.Add(time.Hour)})
	l.do(journey.PlanStep{Step: l.n("meeting"), At: l.now.Add(2 * time.Hour)})
	l.do(journey.Agree{NewIntervention: journey.NewIntervention{What: "Trening.", For: thePatient, Due: day("2026-03-02")}})
	l.do(journey.Agree{NewIntervention: journey.NewIntervention{What: "Søvn.", For: thePatient, Due: day("2026-03-02")}})
	l.do(journey.EndIntervention{Intervention: 2, Outcome: "done"})
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp, By: day("2026-01-05")})
	l.pass("2026-01-06 09:00")
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp})
	l.do(journey.WithdrawOffer{Offer: len(l.s.Offers)})
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp})
	l.pass("2026-05-04 09:00")
	return l
}

// An event folds if and only if the life cycle has a line for it, and where it
// leads is where the line says.
func TestEventsAreHeldToTheirLines(t *testing.T) {
	t.Parallel()
	open := rich(t)
	held := newLife(t)
	held.assess()
	held.do(journey.CallMeeting{Step: held.n("meeting"), At: held.now.Add(time.Hour)})
	held.do(journey.HoldMeeting{Meeting: 1, PatientWords: "Hei.", Items: protocol()})
	ended := rich(t)
	ended.do(journey.EndJourney{End: "died", Reason: "Død."}, func(*care.Act) { ended.k.Person.Dead = true })
	tried, folded := 0, 0
	for _, l := range []*life{open, held, ended} {
		s := l.s
		attempt := func(of, from string, e care.Event, variants ...string) {
			tried++
			to := ""
			for _, line := range journey.Lifecycle() {
				for _, v := range append(variants, "") {
					if line.Of == of && line.From == from && line.Event == e.Type()+v && (v != "" || len(variants) == 0) {
						to = line.To
					}
				}
			}
			after := s.Clone()
			err := journey.Evolve(after, care.Recorded{Version: s.Version + 1, Event: e, Happened: l.now, Learned: l.now, Command: "x"})
			if (err == nil) != (to != "") {
				t.Errorf("a %s that is %q takes %s%v: %v; its line leads to %q", of, from, e.Type(), variants, err, to)
			}
			if err == nil {
				folded++
			}
		}
		for _, x := range s.Steps {
			n, state := x.Step, string(x.State)
			attempt("step", state, journey.StepPlanned{Step: n, At: l.now})
			attempt("step", state, journey.StepPlanned{Step: n}, " without a time")
			attempt("step", state, journey.StepMissed{Step: n})
			attempt("step", state, journey.StepDone{Step: n})
			attempt("step", state, journey.StepDropped{Step: n, Reason: "decided"})
			attempt("step", state, journey.StepDropped{Step: n, Reason: journey.ReasonUndone}, " as undone")
			if x.Planned.IsZero() {
				attempt("step", state, journey.StepReopened{Step: n})
			} else {
				attempt("step", state, journey.StepReopened{Step: n}, " with its time")
			}
		}
		for _, x := range s.Offers {
			for _, e := range []care.Event{journey.OfferAccepted{Offer: x.Offer}, journey.OfferDeclined{Offer: x.Offer}, journey.OfferLapsed{Offer: x.Offer}, journey.OfferWithdrawn{Offer: x.Offer}} {
				attempt("offer", string(x.State), e)
			}
		}
		for _, x := range s.Clocks {
			attempt("clock", string(x.State), journey.ClockStopped{Clock: x.Clock})
			attempt("clock", string(x.State), journey.ClockPassed{Clock: x.Clock})
			attempt("clock", string(x.State), journey.ClockLeft{Clock: x.Clock})
			ahead := l.now.AddDate(1, 0, 0)
			attempt("clock", string(x.State), journey.ClockPaused{Clock: x.Clock, Latest: ahead})
			attempt("clock", string(x.State), journey.ClockCorrected{Clock: x.Clock, Latest: ahead})
		}
		for _, x := range s.Waits {
			for _, e := range []care.Event{journey.WaitReviewed{Wait: x.Wait}, journey.WaitEnded{Wait: x.Wait}, journey.WaitReopened{Wait: x.Wait}} {
				attempt("wait", waitState(x), e)
			}
		}
		for _, x := range s.Meetings {
			for _, e := range []care.Event{journey.MeetingCancelled{Meeting: x.Meeting}, journey.MeetingHeld{Meeting: x.Meeting}, journey.MeetingAnswered{Meeting: x.Meeting}} {
				attempt("meeting", string(x.State), e)
			}
		}
		for _, x := range s.Interventions {
			n := x.Intervention
			for _, e := range []care.Event{journey.InterventionReported{Intervention: n}, journey.InterventionOwned{Intervention: n}, journey.InterventionEnded{Intervention: n}, journey.InterventionReopened{Intervention: n}} {
				attempt("intervention", string(x.State), e)
			}
		}
		attempt("journey", string(s.Status), journey.Ended{})
		attempt("journey", string(s.Status), journey.Reopened{Responsible: desk})
	}
	if folded < 30 || tried-folded < 60 {
		t.Errorf("only %d events folded and %d were refused", folded, tried-folded)
	}
}

type foreign struct{}

func (foreign) Type() string { return "person.born/1" }

// Events that come out of turn, point at nothing, or are of another stream are
// errors, never guessed at.
func TestEventsOutOfTurn(t *testing.T) {
	t.Parallel()
	l := rich(t)
	next := l.s.Version + 1
	for name, r := range map[string]care.Recorded{
		"a gap":                     {Version: next + 1, Event: journey.NoteMade{Note: 1}},
		"twice":                     {Version: next - 1, Event: journey.NoteMade{Note: 1}},
		"another opening":           {Version: next, Event: journey.Opened{}},
		"of another stream":         {Version: next, Event: foreign{}},
		"a step out of order":       {Version: next, Event: journey.StepOpened{Step: 99}},
		"an offer out of order":     {Version: next, Event: journey.Offered{Offer: 99}},
		"a clock out of order":      {Version: next, Event: journey.ClockStarted{Clock: 99}},
		"a wait out of order":       {Version: next, Event: journey.WaitOpened{Wait: 99}},
		"a question out of order":   {Version: next, Event: journey.QuestionAsked{Question: 99}},
		"a decision out of order":   {Version: next, Event: journey.DecisionNeeded{Decision: 99}},
		"a contact out of order":    {Version: next, Event: journey.ContactOwed{Contact: 99}},
		"a telling out of order":    {Version: next, Event: journey.TellingOwed{Telling: 99}},
		"words out of order":        {Version: next, Event: journey.WordsGiven{Words: 99}},
		"a meeting out of order":    {Version: next, Event: journey.MeetingCalled{Meeting: 99}},
		"an intervention":           {Version: next, Event: journey.InterventionAgreed{Intervention: 99}},
		"a choice out of order":     {Version: next, Event: journey.ChoiceLaidOut{Choice: 99}},
		"a step that is not there":  {Version: next, Event: journey.StepDone{Step: 99}},
		"an offer not there":        {Version: next, Event: journey.OfferAccepted{Offer: 99}},
		"a clock not there":         {Version: next, Event: journey.ClockStopped{Clock: 0}},
		"a wait not there":          {Version: next, Event: journey.WaitEnded{Wait: -1}},
		"a question not there":      {Version: next, Event: journey.QuestionAnswered{Question: 99}},
		"a decision not there":      {Version: next, Event: journey.DecisionMade{Decision: 99}},
		"a contact not there":       {Version: next, Event: journey.Contacted{Contact: 99}},
		"a telling not there":       {Version: next, Event: journey.Told{Telling: 99}},
		"nothing told to retract":   {Version: next, Event: journey.ToldRetracted{Telling: 1}},
		"a telling not withdrawn":   {Version: next, Event: journey.TellingWithdrawn{Telling: 99}},
		"a meeting not there":       {Version: next, Event: journey.MeetingHeld{Meeting: 99}},
		"an intervention not there": {Version: next, Event: journey.InterventionEnded{Intervention: 99}},
		"a choice not there":        {Version: next, Event: journey.ChoiceMade{Choice: 99}},
	} {
		if err := journey.Evolve(l.s.Clone(), r); err == nil {
			t.Errorf("%s folds", name)
		}
	}
	if err := journey.Evolve(journey.New(), care.Recorded{Version: 1, Event: journey.NoteMade{Note: 1}}); err == nil {
		t.Error("a journey begins with a note")
	}
	if i := slices.IndexFunc(journey.Lifecycle(), func(l journey.Transition) bool { return l.Event == journey.Ended{}.Type() }); i < 0 {
		t.Error("a journey has no end")
	}
}
