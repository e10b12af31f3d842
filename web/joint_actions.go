package web

import (
	"net/url"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/journey"
)

// jointRows is how many can be asked to contribute in one form.
const jointRows = 4

// jointActions are joint assessments: several disciplines, one summary that the
// patient approves.
var jointActions = []action{
	{
		name: "call-joint", command: journey.CallJoint{}.Name(), group: "talk",
		asks: jointAsks, makes: makeJoint,
	},
	{
		name: "joint-after-advice", command: journey.CallJoint{}.Name(), on: "consult",
		offered: inConsult(journey.ConsultAnswered),
		asks:    jointAsks, makes: makeJoint,
	},
	{
		name: "contribute", command: journey.Contribute{}.Name(), on: "contribution",
		offered: func(s *scene, t thing) bool { _, open := s.v.State.Items[t.key()]; return open },
		asks: func(*scene, thing) []ask {
			return []ask{wordsOf("words").as("contribution").needed(), lineOf("kind").as("finding-kind").with("finding-kind"), dayOf("examined")}
		},
		proposes: func(s *scene, t thing) url.Values { return s.speaksFor(s.v.State.Contributions[t.n-1].Of) },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.Contribute{Contribution: t.n, Words: f.text("words"), Kind: f.text("kind"), Examined: f.date("examined")}
		},
	},
	{
		name: "summarise", command: journey.Summarise{}.Name(), on: "joint",
		offered: inJoint(journey.JointOpen),
		asks: func(s *scene, t thing) []ask {
			asks := []ask{wordsOf("words").as("joint-summary").needed().with("joint-summary")}
			if s.waitsFor(t.n) {
				asks = append(asks, wordsOf("without").with("without"))
			}
			return asks
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.Summarise{Joint: t.n, Words: f.text("words"), Without: f.text("without")}
		},
	},
	{
		name: "answer-summary", command: journey.AnswerSummary{}.Name(), on: "joint", spoken: true,
		offered: inJoint(journey.JointSummed),
		asks: func(s *scene, _ thing) []ask {
			return []ask{
				radioOf("answer", s.picks("summary-answer", string(journey.SummaryApproved), string(journey.SummaryChanges), string(journey.SummaryNotApproved))...).as("summary-answer").needed(),
				wordsOf("words").as("said").with("own-words"),
			}
		},
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.AnswerSummary{Joint: t.n, Answer: journey.SummaryAnswer(f.text("answer")), Words: f.text("words")}
		},
	},
	{
		name: "disagree", command: journey.Disagree{}.Name(), on: "joint",
		offered: inJoint(journey.JointOpen, journey.JointSummed, journey.JointApproved, journey.JointNotApproved),
		asks: func(*scene, thing) []ask {
			return []ask{wordsOf("words").as("disagreement").needed().with("disagreement")}
		},
		makes: func(_ *scene, t thing, f *filled) named { return journey.Disagree{Joint: t.n, Words: f.text("words")} },
	},
	{
		name: "call-off-joint", command: journey.CallOffJoint{}.Name(), on: "joint",
		offered: inJoint(journey.JointOpen, journey.JointSummed),
		asks:    func(*scene, thing) []ask { return []ask{wordsOf("reason").needed().with("patient-reads")} },
		makes: func(_ *scene, t thing, f *filled) named {
			return journey.CallOffJoint{Joint: t.n, Reason: f.text("reason")}
		},
	},
}

func inJoint(states ...journey.JointState) func(*scene, thing) bool {
	return func(s *scene, t thing) bool {
		j := s.v.State.Joints[t.n-1]
		return !j.Shut && slices.Contains(states, j.State)
	}
}

// waitsFor reports whether somebody has not contributed yet.
func (s *scene) waitsFor(joint int) bool {
	return slices.ContainsFunc(s.v.State.Contributions, func(c journey.Contribution) bool {
		return c.Joint == joint && c.State == journey.ContributionOpen
	})
}

func jointAsks(s *scene, _ thing) []ask {
	asks := []ask{wordsOf("questions").as("joint-questions").needed()}
	for n := 1; n <= jointRows; n++ {
		suffix := "-" + strconv.Itoa(n)
		asks = append(asks,
			partyOf("party"+suffix, s.parties(false)...).called(s.p.T("staff.joint.row-who", "row", n)),
			oneOf("discipline"+suffix, s.disciplines()...).called(s.p.T("staff.joint.row-discipline", "row", n)),
			dayOf("by"+suffix).called(s.p.T("staff.joint.row-by", "row", n)),
		)
	}
	return append(asks, dayOf("summaryBy").as("summary-by").needed())
}

func makeJoint(_ *scene, t thing, f *filled) named {
	c := journey.CallJoint{Questions: f.text("questions"), SummaryBy: f.date("summaryBy")}
	if t.kind == "consult" {
		c.Consult = t.n
	}
	for n := 1; n <= jointRows; n++ {
		suffix := "-" + strconv.Itoa(n)
		a := journey.JointAsk{Party: f.party("party" + suffix), Discipline: f.text("discipline" + suffix), By: f.date("by" + suffix)}
		if a != (journey.JointAsk{}) {
			c.From = append(c.From, a)
		}
	}
	return c
}

// jointThing is a joint assessment as it stands: questions, each contribution
// under its author's name, what was seen otherwise, and the summary with the
// patient's answer.
func (s *scene) jointThing(j journey.Joint) thingView {
	v := thingView{title: s.p.T("staff.joint.title"), state: s.p.T("staff.joint-state." + string(j.State)), tone: "waiting", lines: s.jointLines(j)}
	if !j.Open() {
		v.tone = "done"
	}
	v.said = s.jointSaid(j.Joint)
	if s.can(findAction("disagree"), thing{kind: "joint", id: strconv.Itoa(j.Joint), n: j.Joint}) && !j.Open() {
		v.links = []link{{text: s.p.T("staff.do.disagree"), href: actionAddress(s.v.ID, "disagree", "joint/"+strconv.Itoa(j.Joint))}}
	}
	return v
}

func (s *scene) jointLines(j journey.Joint) []string {
	var lines []string
	for _, c := range s.v.State.Contributions {
		if c.Joint != j.Joint {
			continue
		}
		what := s.p.T("staff.discipline."+c.Discipline) + ", " + s.who(c.Of) + ": "
		switch c.State {
		case journey.ContributionOpen:
			what += s.p.T("staff.joint.waits", "date", s.last(c.By))
		case journey.ContributionIn:
			what += s.p.T("staff.joint.given", "date", s.v.Calendar.Date(c.Given))
		case journey.ContributionOff:
			what += s.p.T("staff.joint.passed")
		}
		lines = append(lines, what)
	}
	if j.State == journey.JointNotApproved {
		lines = append(lines, s.p.T("staff.joint.not-approved"))
	}
	return lines
}

func (s *scene) jointSaid(n int) []said {
	var out []said
	for _, r := range s.v.History {
		mine := false
		switch e := r.Event.(type) {
		case journey.JointCalled:
			mine = e.Joint == n
		case journey.ContributionGiven:
			mine = s.v.State.Contributions[e.Contribution-1].Joint == n
		case journey.Disagreed:
			mine = e.Joint == n
		case journey.JointSummarised:
			mine = e.Joint == n
		case journey.JointAnswered:
			mine = e.Joint == n
		case journey.JointCalledOff:
			mine = e.Joint == n
		}
		if !mine {
			continue
		}
		q := s.signed(r)
		if _, otherwise := r.Event.(journey.Disagreed); otherwise {
			for i := range q {
				q[i].by = s.p.T("staff.joint.otherwise", "who", s.whoSaid(r))
			}
		}
		out = append(out, q...)
	}
	return out
}

// whoSaid is whose words an event holds.
func (s *scene) whoSaid(r care.Recorded) string {
	if r.For != nil {
		return s.who(r.For.Of)
	}
	return s.actor(r.Actor, r.Post)
}
