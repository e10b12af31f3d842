package journey_test

import (
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"

	"pgregory.net/rapid"
)

// Whatever people do, in whatever order and however wrongly, every law holds
// after each act: the life they are lived in checks them. Nothing that is said
// to be undoable is refused, and time moves nothing that is a person's to move.
func TestRandomLives(t *testing.T) {
	t.Parallel()
	lives, tried, done, kinds := 0, 0, 0, map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		l := newLife(r)
		if rapid.Bool().Draw(r, "young") {
			yes := rapid.Bool().Draw(r, "pem")
			l.k.Person.Born, l.k.Person.PEM = day("2001-03-01"), &yes
		}
		l.k.Person.OnPaper = rapid.Bool().Draw(r, "on paper")
		l.k.Person.Interpreter = rapid.Bool().Draw(r, "interpreter")
		l.town.unmanned["practice"] = rapid.Bool().Draw(r, "practice unstaffed")
		l.refer()
		lives++
		for range rapid.IntRange(5, 25).Draw(r, "acts") {
			l.now = l.now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 30, 200, 1000}).Draw(r, "hours")) * time.Hour)
			words := len(l.s.Words)
			c, how := draw(r, l)
			tried++
			if _, err := l.try(c, how...); err == nil {
				done++
				kinds[c.Name()]++
			}
			if len(l.s.Words) < words {
				r.Fatalf("a contribution is gone")
			}
		}
		for _, a := range l.s.Acts {
			if l.s.CanUndo(a) {
				if _, err := l.try(journey.Undo{Version: a.First}); err != nil {
					r.Fatalf("%s at %d is said to be undoable: %v", a.Primary.Type(), a.First, err)
				}
				break
			}
		}
	})
	// Tame lives prove nothing.
	if lives >= 100 && (done < tried/3 || len(kinds) < 20) {
		t.Errorf("of %d acts %d were taken, of %d kinds: %v", tried, done, len(kinds), kinds)
	}
	t.Logf("%d lives, %d of %d acts taken, %d kinds of command", lives, done, tried, len(kinds))
}

// draw is one act: a command about something that may or may not be there, by
// somebody who may or may not be the right one.
func draw(r *rapid.T, l *life) (journey.Command, []with) {
	s := l.s
	n := func(name string, most int) int { return rapid.IntRange(1, max(most, 1)).Draw(r, name) }
	posts := []care.Post{gp, otherGP, desk, coordinator, team, deskB, coordB, municipal}
	somebody := rapid.SampledFrom(posts).Draw(r, "who")
	date := oslo.Date(l.now).AddDays(rapid.IntRange(0, 90).Draw(r, "days"))
	soon := l.now.Add(time.Duration(rapid.IntRange(1, 600).Draw(r, "soon")) * time.Hour)
	step := n("step", len(s.Steps))
	if live := slices.IndexFunc(s.Steps, func(st journey.Step) bool { return st.Live() }); live >= 0 && rapid.Bool().Draw(r, "live") {
		step = live + 1
	}
	owner, kind := somebody, pathway.StepKind("")
	if step <= len(s.Steps) {
		kind = s.Steps[step-1].Kind
		if rapid.IntRange(0, 3).Draw(r, "right one") > 0 {
			owner = s.Steps[step-1].Owner
		}
	}
	finish := func() journey.Command {
		switch kind {
		case pathway.Answer:
			a := l.answer(rapid.SampledFrom([]pathway.AnswerKind{pathway.Accept, pathway.Accept, pathway.Advise, pathway.Redirect, pathway.Ask}).Draw(r, "answer"))
			a.Step, a.LatestLegal = step, date
			return a
		case pathway.Meeting:
			if i := slices.IndexFunc(s.Meetings, func(m journey.Meeting) bool { return m.State == journey.MeetingPlanned }); i >= 0 {
				return journey.HoldMeeting{Meeting: i + 1, PatientPresent: rapid.Bool().Draw(r, "there"), PatientWords: "Hei.", Items: protocol(),
					Agreed: []journey.NewIntervention{{What: "Trening.", For: party("municipality", "municipality"), Due: date}}}
			}
			return journey.CallMeeting{Step: step, At: soon, Participants: []journey.Participant{{Party: thePatient}}}
		case pathway.HandOver:
			return journey.OfferTo{Kind: journey.OfResponsibility, Step: step}
		case pathway.Choosing:
			if len(s.Choices) == 0 {
				return journey.LayOut{Choice: "help"}
			}
			return journey.Choose{Choice: len(s.Choices), Chosen: []string{"pacing"}, LookAgain: date}
		}
		return journey.CompleteStep{Step: step}
	}
	offer := n("offer", len(s.Offers))
	receiver := somebody
	if offer <= len(s.Offers) {
		receiver = s.Offers[offer-1].To
	}
	interventions, at := n("intervention", len(s.Interventions)), by(owner)
	switch rapid.IntRange(0, 32).Draw(r, "act") {
	case 0, 1, 2, 3, 4, 5, 6:
		return finish(), []with{at}
	case 7:
		return journey.PlanStep{Step: step, At: soon}, []with{at}
	case 8:
		return journey.MissStep{Step: step, Reason: journey.MissedTooIll}, []with{at}
	case 9:
		return journey.DropStep{Step: step, Reason: "Trengs ikke."}, []with{at}
	case 10:
		return journey.TooIll{Until: date, Words: "Orker ikke."}, []with{bySelf}
	case 11:
		return journey.WishToWait{Step: step, Until: date, Words: "Vent."}, []with{bySelf}
	case 12, 13:
		return journey.AcceptOffer{Offer: offer}, []with{by(receiver)}
	case 14:
		return journey.DeclineOffer{Offer: offer, Reason: "Nei."}, []with{by(receiver)}
	case 15:
		return journey.WithdrawOffer{Offer: offer}, []with{at}
	case 16:
		return journey.OfferTo{Kind: rapid.SampledFrom([]journey.OfferKind{journey.OfResponsibility, journey.OfPlan, journey.OfIntervention}).Draw(r, "kind"), To: somebody, Intervention: interventions}, []with{at}
	case 17:
		return journey.BindRole{Role: rapid.SampledFrom([]pathway.RoleID{"gp", "team", "coordinator", "municipality"}).Draw(r, "role"), Post: somebody}, []with{at}
	case 18:
		return journey.OpenWait{For: thePatient, Reason: "answer", Review: date, Step: rapid.SampledFrom([]int{0, step}).Draw(r, "of")}, []with{at}
	case 19:
		return journey.EndWait{Wait: n("wait", len(s.Waits))}, []with{at}
	case 20:
		return journey.PauseClock{Clock: "start", Reason: "abroad", From: oslo.Date(l.now), Until: date}, []with{at}
	case 21:
		return journey.CorrectMilestone{Milestone: rapid.SampledFrom([]pathway.MilestoneID{pathway.Received, "referral-answered", "assessment-started"}).Draw(r, "milestone"),
			At: l.now.Add(-time.Duration(rapid.IntRange(0, 900).Draw(r, "ago")) * time.Hour), Why: "Stempel."}, []with{at}
	case 22:
		return journey.EndIntervention{Intervention: interventions, Outcome: "done"}, []with{at}
	case 23:
		return journey.RecordFact{Fact: "several", Value: journey.FactValue{Type: pathway.BoolFact, Text: rapid.SampledFrom([]string{"true", "false"}).Draw(r, "several")}}, []with{at}
	case 24:
		if s.Keep != nil {
			return journey.KeepPlan{}, []with{bySelf}
		}
		return journey.Move{To: rapid.SampledFrom([]pathway.Ref{made().Ref, newer().Ref}).Draw(r, "to"), Reason: "Ny versjon."}, []with{at}
	case 25:
		if s.Status == journey.Closed {
			return journey.ComeBack{Why: "Verre."}, []with{bySelf}
		}
		return journey.EndJourney{End: "leaves", Reason: "Orker ikke."}, []with{at}
	case 26:
		return journey.Settle{Decision: n("decision", len(s.Decisions)), Words: "Ja.", Outcome: "accept"}, []with{at}
	case 27, 28:
		return drawConsult(r, s, somebody, date)
	case 31:
		return journey.NoteInterpreter{Step: step, Interpreter: rapid.SampledFrom(journey.InterpreterAnswers).Draw(r, "interpreter")}, []with{at}
	case 29, 30:
		return drawJoint(r, s, somebody, date)
	default:
		return journey.Undo{Version: s.Acts[n("act to undo", len(s.Acts))-1].First}, []with{at}
	}
}

// drawConsult takes an e-consult one step further, or asks a new one.
func drawConsult(r *rapid.T, s *journey.State, somebody care.Post, date care.Date) (journey.Command, []with) {
	for _, x := range s.Consults {
		switch x.State {
		case journey.ConsultOpen:
			return journey.GiveAdvice{Consult: x.Consult, Words: "Vent."}, []with{by(x.To.Post)}
		case journey.ConsultAnswered:
			return journey.UseAdvice{Consult: x.Consult, Did: rapid.SampledFrom([]journey.Did{journey.Followed, journey.NotFollowed}).Draw(r, "did"), LookAgain: date, Words: "Ja."}, nil
		case journey.ConsultInUse:
			return journey.CloseAdvice{Consult: x.Consult, Outcome: "helped"}, nil
		case journey.ConsultOver:
		}
	}
	return journey.AskAdvice{To: care.Party{Kind: care.PartyUnit, Post: somebody}, Question: "Hva nå?", By: date}, nil
}

// drawJoint takes a joint assessment one step further, or calls a new one.
func drawJoint(r *rapid.T, s *journey.State, somebody care.Post, date care.Date) (journey.Command, []with) {
	for _, x := range s.Joints {
		switch {
		case x.State == journey.JointSummed:
			answer := rapid.SampledFrom([]journey.SummaryAnswer{journey.SummaryApproved, journey.SummaryChanges, journey.SummaryNotApproved}).Draw(r, "answer")
			return journey.AnswerSummary{Joint: x.Joint, Answer: answer, Words: "Jeg sa det slik."}, []with{bySelf}
		case x.State == journey.JointOpen && rapid.Bool().Draw(r, "contribute"):
			for _, c := range s.Contributions {
				if c.State == journey.ContributionOpen {
					return journey.Contribute{Contribution: c.Contribution, Words: "Normal."}, []with{by(c.Of.Post)}
				}
			}
			return journey.Disagree{Joint: x.Joint, Words: "Nei."}, nil
		case x.State == journey.JointOpen:
			return journey.Summarise{Joint: x.Joint, Words: "Vi fant dette.", Without: "Syk."}, nil
		}
	}
	return journey.CallJoint{Questions: "Hva nå?", SummaryBy: date, From: []journey.JointAsk{
		{Party: care.Party{Kind: care.PartyUnit, Post: somebody}, Discipline: "physician", By: date},
		{Party: party("municipality", "municipality"), Discipline: "physiotherapist", By: date},
	}}, nil
}
