package journey_test

import (
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
)

func (l *life) consult() journey.Consult { return l.s.Consults[len(l.s.Consults)-1] }

// An e-consult goes from a question over advice and what was done with it to how
// it went. Responsibility stays, and at each point somebody has it on a list.
func TestConsult(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	responsible := l.s.Responsible
	l.do(journey.AskAdvice{To: party("clinic-b", "team"), Question: "Hjelper pacing?", Known: []string{"not-on-the-list"}})
	i, open := l.item("consult/1")
	if !open || i.Post != teamB || !i.Due.Equal(oslo.Deadline(l.now, span(5, care.WorkingDays)).UTC()) || i.Kind != care.QuestionItem {
		t.Fatalf("the question is on a list: %v, %+v", open, i)
	}
	if x := l.consult(); len(x.Known) > 0 || x.Owner != coordinator {
		t.Errorf("the question brings %v and belongs to %s", x.Known, x.Owner)
	}
	l.refuse("only-receiver-answers", journey.GiveAdvice{Consult: 1, Words: "Ja."})
	l.refuse("consult-not-so-far", journey.UseAdvice{Consult: 1, Did: journey.Followed, LookAgain: day("2026-03-01")})
	l.refuse("answer-empty", journey.GiveAdvice{Consult: 1}, by(teamB))
	l.refuse("advice-suggests", journey.GiveAdvice{Consult: 1, Words: "Ja.", Suggests: "surgery"}, by(teamB))
	l.do(journey.GiveAdvice{Consult: 1, Words: "Ja, litt om gangen."}, behalf(party("clinic-b", "team"), care.ByPhone))
	if i, _ = l.item("consult/1"); i.Post != coordinator || i.Ref != "consult-use" {
		t.Errorf("what is done with the advice is with %s as %s", i.Post, i.Ref)
	}
	l.refuse("advice-did", journey.UseAdvice{Consult: 1})
	l.refuse("look-again", journey.UseAdvice{Consult: 1, Did: journey.Followed})
	l.refuse("advice-not-followed", journey.UseAdvice{Consult: 1, Did: journey.NotFollowed})
	l.do(journey.UseAdvice{Consult: 1, Did: journey.FollowedPartly, LookAgain: day("2026-03-01")})
	if i, _ = l.item("consult/1"); i.Ref != "consult-outcome" || !i.Due.Equal(oslo.EndOf(day("2026-03-01")).UTC()) {
		t.Errorf("how it went is asked as %s by %s", i.Ref, i.Due)
	}
	l.refuse("advice-outcome", journey.CloseAdvice{Consult: 1, Outcome: "cured"})
	l.refuse("reason-missing", journey.CloseAdvice{Consult: 1, Outcome: "withdrawn"})
	l.do(journey.CloseAdvice{Consult: 1, Outcome: "helped", Words: "Mer krefter."})
	if _, open = l.item("consult/1"); open || l.consult().Outcome != "helped" {
		t.Error("it is still on a list after its outcome")
	}
	if l.s.Responsible != responsible {
		t.Errorf("advice moved responsibility to %s", l.s.Responsible)
	}
	l.refuse("no-such-consult", journey.GiveAdvice{Consult: 7, Words: "Ja."})
}

// Advice that was not followed closes the loop with its reason; a question can
// be taken back; one to somebody outside is on the asker's own list.
func TestConsultOtherEnds(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.refuse("question-missing", journey.AskAdvice{To: party("clinic-b", "team")})
	l.refuse("adviser-missing", journey.AskAdvice{To: thePatient, Question: "Hva nå?"})
	l.refuse("post-missing", journey.AskAdvice{To: party("nowhere", "team"), Question: "Hva nå?"})
	l.refuse("date-passed", journey.AskAdvice{To: party("clinic-b", "team"), Question: "Hva nå?", By: day("2025-01-01")})
	outside := care.Party{Kind: care.PartyOther, Name: "Nevrolog i byen"}
	l.do(journey.AskAdvice{To: outside, Question: "Hva nå?", By: day("2026-02-02")})
	if i, _ := l.item("consult/1"); i.Post != coordinator {
		t.Errorf("what nobody here can answer is with %s", i.Post)
	}
	l.do(journey.GiveAdvice{Consult: 1, Words: "Se an."}, behalf(outside, care.ByLetter))
	l.do(journey.UseAdvice{Consult: 1, Did: journey.NotFollowed, Words: "Pasienten vil ikke."})
	if l.consult().Outcome != "not-used" {
		t.Errorf("it ended as %q", l.consult().Outcome)
	}
	l.do(journey.AskAdvice{To: party("clinic-b", "team"), Question: "Hva nå?"})
	l.do(journey.CloseAdvice{Consult: 2, Outcome: "withdrawn", Words: "Besvart på telefon."})
	if l.consult().State != journey.ConsultOver {
		t.Errorf("taken back it is %s", l.consult().State)
	}
}

// Silence answers nothing: an unanswered question climbs, in the unit that was
// asked, to a named person, and stays open.
func TestConsultClimbs(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.do(journey.AskAdvice{To: party("municipality", "municipality"), Question: "Har dere plass?"})
	l.now = l.now.AddDate(0, 0, 40)
	l.settle(l.now)
	i, open := l.item("consult/1")
	if !open || i.Climbed != len(i.Ladder) || i.Ladder[len(i.Ladder)-1].To != post("municipality", "lead") {
		t.Fatalf("open %v, it climbed %d of %v", open, i.Climbed, i.Ladder)
	}
	if !slices.ContainsFunc(i.Ladder, func(r journey.Rung) bool { return r.To == coordinator }) {
		t.Error("who asked never sees that it is late")
	}
}

// What was advised can lead to an offer; the loop is not lost with it.
func TestConsultLeadsToOffer(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.do(journey.AskAdvice{To: party("clinic-b", "team"), Question: "Tar dere over?"})
	l.do(journey.GiveAdvice{Consult: 1, Words: "Ja.", Suggests: journey.SuggestTake}, by(teamB))
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: coordB, Consult: 1})
	if x := l.consult(); x.Did != journey.WasOffered || l.s.Responsible != coordinator {
		t.Errorf("it led to %q, and %s is responsible", x.Did, l.s.Responsible)
	}
	l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(coordB))
	if i, open := l.item("consult/1"); !open || i.Ref != "consult-outcome" {
		t.Errorf("nobody says how it went: %v %s", open, i.Ref)
	}
}

// An ending takes e-consults and joint assessments off the lists; taken back, it
// puts them there again.
func TestTalksOverAnEnding(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.do(journey.AskAdvice{To: party("clinic-b", "team"), Question: "Hva nå?", By: day("2026-03-02")})
	l.joint()
	before := essence(l.s)
	l.do(journey.EndJourney{End: "leaves", Reason: "Orker ikke."})
	for _, k := range []string{"consult/1", "joint/1", "contribution/1"} {
		if _, open := l.item(k); open {
			t.Errorf("%s is open after the ending", k)
		}
	}
	l.now = l.now.Add(time.Hour)
	l.do(journey.Undo{Version: l.s.Acts[len(l.s.Acts)-1].First})
	if got := essence(l.s)["item"]; len(got) < len(before["item"]) {
		t.Errorf("open again are %v, were %v", got, before["item"])
	}
	for _, k := range []string{"consult/1", "joint/1", "contribution/1"} {
		if _, open := l.item(k); !open {
			t.Errorf("%s is gone after the ending was taken back", k)
		}
	}
}
