package journey_test

import (
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// A referral can always be received; only what makes it nobody's is refused.
func TestOpeningRefusals(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refuse("no-journey", journey.NoteContact{How: care.ByPhone, Words: "Ringte."})
	open := journey.Open{Person: "ola", Regime: care.Norway, Pathway: made().Ref, Origin: journey.Referred, Sender: party("practice", "gp"), Received: l.now, Desk: desk}
	for code, f := range map[string]func(*journey.Open){
		"person-missing": func(c *journey.Open) { c.Person = "" },
		"desk-missing":   func(c *journey.Open) { c.Desk = post("nowhere", "desk") },
		"received-date":  func(c *journey.Open) { c.Received = l.now.Add(24 * time.Hour) },
		"wrong-regime":   func(c *journey.Open) { c.Regime = care.Sweden },
		"no-such-role":   func(c *journey.Open) { c.Roles = map[pathway.RoleID]care.Post{"priest": desk} },
	} {
		c := open
		f(&c)
		l.refuse(code, c)
	}
	// What the checklist misses is noted, and refuses nothing.
	open.Missing = []string{"onset"}
	// Nor does a reason that the pathway names; one it does not name is a slip.
	open.OpensFor = []string{"two-help", "one-help"}
	l.refuse("no-such-opening", open)
	open.OpensFor = []string{"two-help"}
	l.do(open)
	if !slices.Equal(l.s.OpensFor, []string{"two-help"}) {
		t.Errorf("the journey was opened for %v", l.s.OpensFor)
	}
	l.refuse("journey-exists", open)
}

// Each of the answers holds what its rule asks for.
func TestAnswerAsks(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	for _, c := range []struct {
		kind pathway.AnswerKind
		code string
		f    func(*journey.Answer)
	}{
		{pathway.Accept, "answer-lacks-right", func(a *journey.Answer) { a.Right = "" }},
		{pathway.Accept, "answer-lacks-latest-legal-date", func(a *journey.Answer) { a.LatestLegal = care.Date{} }},
		{pathway.Accept, "answer-lacks-reasons", func(a *journey.Answer) { a.Reasons = "" }},
		{pathway.Accept, "answer-lacks-how-to-complain", func(a *journey.Answer) { a.HowToComplain = "" }},
		{pathway.Accept, "answer-lacks-message", func(a *journey.Answer) { a.Message = "" }},
		{pathway.Accept, "date-passed", func(a *journey.Answer) { a.LatestLegal = day("2026-01-02") }},
		{pathway.Accept, "post-missing", func(a *journey.Answer) { a.Takes = post("clinic", "nobody") }},
		{pathway.Advise, "answer-lacks-plan", func(a *journey.Answer) { a.Plan = "" }},
		{pathway.Advise, "answer-lacks-owner", func(a *journey.Answer) { a.To = care.Post{} }},
		{pathway.Advise, "plan-owner", func(a *journey.Answer) { a.To = post("nowhere", "gp") }},
		{pathway.Redirect, "answer-lacks-receiver", func(a *journey.Answer) { a.To = care.Post{} }},
		{pathway.Redirect, "post-missing", func(a *journey.Answer) { a.To = post("nowhere", "desk") }},
		{pathway.Redirect, "redirect-to-self", func(a *journey.Answer) { a.To = desk }},
		{pathway.Ask, "answer-lacks-question", func(a *journey.Answer) { a.Question = "" }},
		{pathway.Accept, "no-such-answer", func(a *journey.Answer) { a.Answer = "reject" }},
		{pathway.Accept, "no-such-step", func(a *journey.Answer) { a.Step = 99 }},
		{pathway.Accept, "step-of-other-kind", func(a *journey.Answer) { a.Step = l.n("help-meanwhile") }},
	} {
		a := l.answer(c.kind)
		c.f(&a)
		l.refuse(c.code, a)
	}
	// Where no right is given there is no date to give.
	a := l.answer(pathway.Accept)
	a.Right, a.LatestLegal = journey.NoRight, care.Date{}
	l.do(a)
	l.refuse("step-not-open", a)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	n := l.n("draft-plan")
	past, far := l.now.Add(-time.Hour), l.now.AddDate(6, 0, 0)
	for _, c := range []struct {
		code string
		do   journey.Command
	}{
		{"no-such-step", journey.PlanStep{Step: 99, At: l.now}},
		{"planned-in-past", journey.PlanStep{Step: n, At: past}},
		{"planned-too-far", journey.PlanStep{Step: n, At: far}},
		{"nothing-planned", journey.MissStep{Step: n, Reason: journey.MissedTooIll}},
		{"miss-reason", journey.MissStep{Step: n, Reason: "lazy"}},
		{"no-such-outcome", journey.CompleteStep{Step: n, Outcome: "Ola Nordmann har fått plan"}},
		{"reason-missing", journey.DropStep{Step: n}},
		{"wait-until", journey.WishToWait{Step: n}},
		{"date-passed", journey.WishToWait{Step: n, Until: day("2026-01-02")}},
		{"no-such-offer", journey.AcceptOffer{Offer: 99}},
		{"no-such-offer", journey.WithdrawOffer{Offer: 99}},
		{"offer-kind", journey.OfferTo{Kind: "kingdom", To: gp}},
		{"date-passed", journey.OfferTo{Kind: journey.OfResponsibility, To: gp, By: day("2026-01-02")}},
		{"post-missing", journey.OfferTo{Kind: journey.OfResponsibility, To: post("nowhere", "gp")}},
		{"decision-not-open", journey.Settle{Decision: 99, Words: "Ja."}},
		{"question-missing", journey.AskParty{To: thePatient}},
		{"date-passed", journey.AskParty{To: thePatient, Question: "Hva?", By: day("2026-01-02")}},
		{"question-not-open", journey.AnswerQuestion{Question: 99, Words: "Ja."}},
		{"no-such-fact", journey.RecordFact{Fact: "shoe-size", Value: journey.FactValue{Type: pathway.IntFact, Text: "42"}}},
		{"fact-value", journey.RecordFact{Fact: "burden", Value: journey.FactValue{Type: pathway.TextFact, Text: "unbearable"}}},
		{"fact-value", journey.RecordFact{Fact: "ill-since", Value: journey.FactValue{Type: pathway.DateFact, Text: "in May"}}},
		{"fact-value", journey.RecordFact{Fact: "several", Value: journey.FactValue{Type: pathway.TextFact, Text: "true"}}},
		{"note-empty", journey.NoteContact{How: care.ByPhone}},
		{"no-such-step", journey.NoteContact{How: care.ByPhone, Words: "Ringte.", Step: 99}},
		{"no-such-milestone", journey.CorrectMilestone{Milestone: "meeting-held", At: past, Why: "?"}},
		{"reason-missing", journey.CorrectMilestone{Milestone: pathway.Received, At: past}},
	} {
		l.refuse(c.code, c.do)
	}
	l.do(journey.AskParty{To: thePatient, Question: "Hva er viktigst?"})
	l.refuse("answer-empty", journey.AnswerQuestion{Question: 1})
	// A note of two fields: what was said, and when the step is now.
	l.do(journey.NoteContact{How: care.ByPhone, Words: "Passer bedre om en uke.", Step: n, Plan: l.now.Add(7 * 24 * time.Hour)})
	if st := l.step("draft-plan"); st.State != journey.StepFixed {
		t.Errorf("the note left the step %s", st.State)
	}
	// Done with its time, and back with it.
	l.do(journey.CompleteStep{Step: n}, by(team))
	l.do(journey.Undo{Version: l.s.Acts[len(l.s.Acts)-1].First})
	if st := l.step("draft-plan"); st.State != journey.StepFixed {
		t.Errorf("undone, the step is %s", st.State)
	}
}

// A patient completes what is the patient's own.
func TestThePatientsOwnSteps(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.refuse("step-not-yours", journey.CompleteStep{Step: l.n("draft-plan")}, bySelf)
	l.do(journey.CompleteStep{Step: l.n("wishes"), Words: "Lese for barnebarna."}, bySelf)
	if st := l.step("wishes"); st.Owner != coordinator || st.State != journey.StepIsDone {
		t.Errorf("the patient's step is %s with %v", st.State, st.Owner)
	}
}

// A late limit that stands still long enough is in time again; a short while
// changes nothing. A late limit left by an ending is late when the ending is
// undone.
func TestLateLimits(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.accept()
	l.pass("2026-04-08 09:00")
	pause := func(from, until string, want journey.ClockState) {
		l.do(journey.PauseClock{Clock: "start", Reason: "abroad", From: day(from), Until: day(until)})
		if c := l.s.ClockOf("start"); c.State != want {
			t.Errorf("with a pause until %s the limit is %s", until, c.State)
		}
	}
	pause("2026-01-10", "2026-01-11", journey.ClockLate)
	l.do(journey.EndJourney{End: "leaves", Reason: "Orker ikke."})
	l.do(journey.Undo{Version: l.s.Acts[len(l.s.Acts)-1].First})
	if c := l.s.ClockOf("start"); c.State != journey.ClockLate {
		t.Errorf("after an ending that was undone the limit is %s", c.State)
	}
	pause("2026-01-20", "2026-02-20", journey.ClockRunning)
	// A limit that was met keeps its day when its start is corrected.
	l.do(journey.CorrectMilestone{Milestone: pathway.Received, At: instant("2026-01-04 09:00"), Why: "Stempel."})
	if c := l.s.ClockOf("answer"); c.State != journey.ClockMet || !c.Start.Equal(instant("2026-01-04 09:00")) {
		t.Errorf("the limit that was met is %s since %s", c.State, c.Start)
	}
}
