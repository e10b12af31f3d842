package journey_test

import (
	"testing"

	"forlop/care"
	"forlop/journey"
)

// joint calls for a joint assessment of two disciplines.
func (l *life) joint() {
	l.do(journey.CallJoint{
		Questions: "Hva holder det ved like?", SummaryBy: day("2026-03-16"),
		From: []journey.JointAsk{
			{Party: party("clinic", "team"), Discipline: "physician", By: day("2026-03-02")},
			{Party: party("municipality", "municipality"), Discipline: "physiotherapist", By: day("2026-03-09")},
		},
	})
}

// A joint assessment is one thing: each contributes under their own name, what
// they see differently stays, and the summary is the patient's to approve.
func TestJoint(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.joint()
	for k, want := range map[string]care.Post{"joint/1": coordinator, "contribution/1": team, "contribution/2": municipal} {
		if i, open := l.item(k); !open || i.Post != want || i.Due.IsZero() {
			t.Errorf("%s is open %v with %s by %s", k, open, i.Post, i.Due)
		}
	}
	l.refuse("only-receiver-answers", journey.Contribute{Contribution: 2, Words: "Stiv nakke."}, by(team))
	l.refuse("answer-empty", journey.Contribute{Contribution: 1}, by(team))
	l.refuse("contribution-finding", journey.Contribute{Contribution: 1, Words: "Normal.", Kind: "mri-lumbar"}, by(team))
	l.refuse("date-future", journey.Contribute{Contribution: 1, Words: "Normal.", Kind: "mri-lumbar", Examined: day("2027-01-01")}, by(team))
	l.do(journey.Contribute{Contribution: 1, Words: "Normal.", Kind: "mri-lumbar", Examined: day("2026-01-02")}, by(team))
	l.refuse("contribution-not-open", journey.Contribute{Contribution: 1, Words: "Igjen."}, by(team))
	l.refuse("no-such-contribution", journey.Contribute{Contribution: 9, Words: "Igjen."}, by(team))
	l.refuse("disagreement-empty", journey.Disagree{Joint: 1}, by(municipal))
	l.do(journey.Disagree{Joint: 1, Words: "Jeg tror belastningen er for høy."}, by(municipal))
	l.refuse("summary-empty", journey.Summarise{Joint: 1})
	l.refuse("contribution-missing", journey.Summarise{Joint: 1, Words: "Vi fant dette."})
	l.do(journey.Summarise{Joint: 1, Words: "Vi fant dette.", Without: "Fysioterapeuten er syk."})
	if _, open := l.item("contribution/2"); open {
		t.Error("the contribution that was passed by is still asked for")
	}
	l.refuse("words-not-own", journey.AnswerSummary{Joint: 1, Answer: journey.SummaryApproved})
	l.refuse("summary-answer", journey.AnswerSummary{Joint: 1, Answer: "fine"}, bySelf)
	l.refuse("summary-answer-empty", journey.AnswerSummary{Joint: 1, Answer: journey.SummaryChanges}, bySelf)
	l.do(journey.AnswerSummary{Joint: 1, Answer: journey.SummaryChanges, Words: "Jeg sa ikke at jeg var redd."}, behalf(thePatient, care.ByPhone))
	if i, _ := l.item("joint/1"); i.Ref != "joint-summary" {
		t.Errorf("after a change is asked for, the list says %s", i.Ref)
	}
	l.do(journey.Summarise{Joint: 1, Words: "Vi fant dette, og hun er ikke redd."})
	l.do(journey.AnswerSummary{Joint: 1, Answer: journey.SummaryApproved}, bySelf)
	j := l.s.Joints[0]
	if _, open := l.item("joint/1"); open || j.State != journey.JointApproved || j.Drafts != 2 || len(j.Disagreements) != 1 {
		t.Errorf("open %v, %s after %d drafts, %d disagreements", open, j.State, j.Drafts, len(j.Disagreements))
	}
	l.refuse("joint-not-so-far", journey.Summarise{Joint: 1, Words: "Igjen."})
	l.do(journey.Disagree{Joint: 1, Words: "Det står jeg ved."}, by(municipal))
	if len(l.s.Joints[0].Disagreements) != 2 {
		t.Error("a disagreement after the approval is not kept")
	}
}

// The patient may say no to the summary. It stays, marked as not approved, with
// their words; silence is no answer.
func TestJointNotApproved(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.k.Person.OnPaper = true
	l.assess()
	l.joint()
	l.do(journey.Contribute{Contribution: 1, Words: "Normal."}, by(team))
	l.do(journey.Contribute{Contribution: 2, Words: "Stiv."}, behalf(party("municipality", "municipality"), care.ByPhone))
	l.do(journey.Summarise{Joint: 1, Words: "Vi fant dette."})
	told := func() (open bool) {
		for _, x := range l.s.Tellings {
			open = open || x.About == "joint-summary" && x.Open()
		}
		return open
	}
	if !told() {
		t.Error("one who reads no pages is not told of the summary")
	}
	l.now = l.now.AddDate(0, 0, 60)
	l.settle(l.now)
	if l.s.Joints[0].State != journey.JointSummed {
		t.Errorf("silence made it %s", l.s.Joints[0].State)
	}
	l.do(journey.AnswerSummary{Joint: 1, Answer: journey.SummaryNotApproved, Words: "Det stemmer ikke."}, behalf(thePatient, care.ByPhone))
	if l.s.Joints[0].State != journey.JointNotApproved || told() {
		t.Errorf("it is %s, still to be told: %v", l.s.Joints[0].State, told())
	}
}

func TestJointRefusals(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	ask := func(f func(*journey.CallJoint)) journey.CallJoint {
		c := journey.CallJoint{Questions: "Hva nå?", SummaryBy: day("2026-03-16"), From: []journey.JointAsk{
			{Party: party("clinic", "team"), Discipline: "physician", By: day("2026-03-02")},
			{Party: party("clinic-b", "team"), Discipline: "psychologist", By: day("2026-03-02")},
		}}
		f(&c)
		return c
	}
	for code, f := range map[string]func(*journey.CallJoint){
		"joint-questions":    func(c *journey.CallJoint) { c.Questions = "" },
		"joint-alone":        func(c *journey.CallJoint) { c.From = c.From[:1] },
		"joint-date":         func(c *journey.CallJoint) { c.SummaryBy = care.Date{} },
		"date-passed":        func(c *journey.CallJoint) { c.From[1].By = day("2025-03-02") },
		"joint-discipline":   func(c *journey.CallJoint) { c.From[0].Discipline = "astrologer" },
		"joint-by":           func(c *journey.CallJoint) { c.From[0].By = day("2026-04-02") },
		"post-missing":       func(c *journey.CallJoint) { c.From[0].Party = party("nowhere", "team") },
		"no-such-consult":    func(c *journey.CallJoint) { c.Consult = 3 },
		"consult-not-so-far": func(c *journey.CallJoint) { c.Consult = 1 },
	} {
		if code == "consult-not-so-far" {
			l.do(journey.AskAdvice{To: party("clinic-b", "team"), Question: "Hva nå?"})
		}
		if code == "no-such-consult" {
			c := ask(f)
			l.refuse(code, c)
			continue
		}
		l.refuse(code, ask(f))
	}
	l.do(journey.GiveAdvice{Consult: 1, Words: "La oss se sammen.", Suggests: journey.SuggestJoint}, by(teamB))
	l.do(ask(func(c *journey.CallJoint) { c.Consult = 1 }))
	if x := l.consult(); x.Did != journey.WentJoint || !x.LookAgain.Equal(oslo.EndOf(day("2026-03-16")).UTC()) {
		t.Errorf("the e-consult led to %q, looked at again %s", x.Did, x.LookAgain)
	}
	l.refuse("no-such-joint", journey.Summarise{Joint: 4, Words: "Ja."})
	l.refuse("reason-missing", journey.CallOffJoint{Joint: 1})
	l.do(journey.CallOffJoint{Joint: 1, Reason: "Pasienten orker ikke."})
	if _, open := l.item("contribution/1"); open {
		t.Error("a contribution is asked for to what was called off")
	}
	l.joint()
	l.do(journey.Contribute{Contribution: 3, Words: "Normal."}, by(team))
	l.do(journey.Summarise{Joint: 2, Words: "Vi fant dette.", Without: "Ferie."})
	l.do(journey.CallOffJoint{Joint: 2, Reason: "Pasienten orker ikke."})
	if l.s.Joints[1].State != journey.JointOff || l.s.Contributions[2].State != journey.ContributionIn {
		t.Errorf("called off it is %s, and what was contributed is %s", l.s.Joints[1].State, l.s.Contributions[2].State)
	}
}
