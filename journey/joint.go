package journey

import (
	"slices"
	"strconv"

	"forlop/care"
	"forlop/pathway"
)

// CallJoint calls for a joint assessment: several disciplines answer the same
// questions, each under its own name, and one summary comes of it.
type CallJoint struct {
	Questions string     `json:"questions"`
	From      []JointAsk `json:"from"`
	// SummaryBy is when the summary is ready for the patient.
	SummaryBy care.Date `json:"summaryBy"`
	// Consult is the e-consult that led to it, where one did.
	Consult int `json:"consult,omitempty"`
}

// JointAsk is one who is asked to contribute.
type JointAsk struct {
	Party      care.Party `json:"party"`
	Discipline string     `json:"discipline"`
	By         care.Date  `json:"by"`
}

// Contribute gives a contribution, under the name of who gives it. Where
// something was examined, the kind and the day say so, and it becomes a finding.
type Contribute struct {
	Contribution int       `json:"contribution"`
	Words        string    `json:"words"`
	Kind         string    `json:"kind,omitempty"`
	Examined     care.Date `json:"examined,omitzero"`
}

// Disagree keeps that somebody sees it otherwise. It stands beside the summary
// and is never smoothed away.
type Disagree struct {
	Joint int    `json:"joint"`
	Words string `json:"words"`
}

// Summarise writes the summary that is read to or by the patient. Contributions
// that are still missing need a reason.
type Summarise struct {
	Joint   int    `json:"joint"`
	Words   string `json:"words"`
	Without string `json:"without,omitempty"`
}

// AnswerSummary is the patient's answer to the summary: approved, changes, or
// not-approved. It can be given by phone, by letter or through somebody close.
type AnswerSummary struct {
	Joint  int           `json:"joint"`
	Answer SummaryAnswer `json:"answer"`
	Words  string        `json:"words,omitempty"`
}

// CallOffJoint calls a joint assessment off, with a reason. What was contributed
// stays.
type CallOffJoint struct {
	Joint  int    `json:"joint"`
	Reason string `json:"reason"`
}

// forApproval is how soon the summary is put to the patient. Ours (proposed).
var forApproval = care.Span{N: 10, Unit: care.WorkingDays}

func (d *draft) callJoint(c CallJoint) error {
	if c.Questions == "" {
		return care.Refuse("joint-questions", "Write what the assessment shall answer.").On("questions")
	}
	if len(c.From) < 2 {
		return care.Refuse("joint-alone", "A joint assessment has at least two who contribute. Ask one alone by an e-consult.").On("from")
	}
	if c.SummaryBy.IsZero() {
		return care.Refuse("joint-date", "Say when the summary is ready.").On("summaryBy")
	}
	if err := d.future(c.SummaryBy, "summaryBy"); err != nil {
		return err
	}
	for i, a := range c.From {
		n := strconv.Itoa(i + 1)
		if err := d.adviser(a.Party, "party-"+n); err != nil {
			return err
		}
		if !slices.Contains(pathway.Professions, a.Discipline) {
			return care.Refuse("joint-discipline", "Say which discipline each contributes with.").On("discipline-" + n)
		}
		if a.By.IsZero() || a.By.After(c.SummaryBy) {
			return care.Refuse("joint-by", "Each contribution has a date, at the latest the day of the summary.").On("by-" + n)
		}
		if err := d.future(a.By, "by-"+n); err != nil {
			return err
		}
	}
	joint := len(d.s.Joints) + 1
	d.addWith(JointCalled{Joint: joint, Owner: d.s.Responsible, SummaryBy: d.endOf(c.SummaryBy), Consult: c.Consult}, sealed("questions", c.Questions))
	for _, a := range c.From {
		d.add(ContributionAsked{
			Contribution: len(d.s.Contributions) + 1, Joint: joint, Of: a.Party, Discipline: a.Discipline, By: d.endOf(a.By),
		})
	}
	return d.ledTo(c.Consult, WentJoint, d.endOf(c.SummaryBy))
}

func (d *draft) contribute(c Contribute) error {
	x, err := at(d.s.Contributions, c.Contribution, "contribution")
	if err != nil {
		return care.Missing("no-such-contribution", "There is no such contribution.")
	}
	if !d.s.asks(*x) {
		return care.Stale("contribution-not-open", "That contribution is {state} already.", "state", string(x.State))
	}
	if err := d.seen(x.Version); err != nil {
		return err
	}
	if x.Of.Kind == care.PartyUnit {
		if err := d.forUnit(x.Of.Post.Unit); err != nil {
			return err
		}
	}
	switch {
	case c.Words == "":
		return care.Refuse("answer-empty", "Write the answer.").On("words")
	case (c.Kind == "") != c.Examined.IsZero():
		return care.Refuse("contribution-finding", "A finding has both what was examined and the day.").On("examined")
	case c.Examined.After(d.k.Calendar.Date(d.act.At)):
		return care.Refuse("date-future", "That day has not come yet.").On("examined")
	}
	d.addWith(ContributionGiven{Contribution: x.Contribution, Kind: c.Kind, Examined: c.Examined}, sealed("words", c.Words))
	return nil
}

func (d *draft) disagree(c Disagree) error {
	x, err := d.joint(c.Joint, JointOpen, JointSummed, JointApproved, JointNotApproved)
	if err != nil {
		return err
	}
	if c.Words == "" {
		return care.Refuse("disagreement-empty", "Write what you see otherwise, and why.").On("words")
	}
	d.addWith(Disagreed{Joint: x.Joint, From: d.speaker()}, sealed("words", c.Words))
	return nil
}

func (d *draft) summarise(c Summarise) error {
	x, err := d.joint(c.Joint, JointOpen)
	if err != nil {
		return err
	}
	if c.Words == "" {
		return care.Refuse("summary-empty", "Write the summary in words that the patient can approve.").On("words")
	}
	missing := slices.ContainsFunc(d.s.Contributions, func(y Contribution) bool { return y.Joint == x.Joint && y.State == ContributionOpen })
	if missing && c.Without == "" {
		return care.Refuse("contribution-missing", "Somebody has not contributed yet. Say why the summary is written without them.").On("without")
	}
	for _, y := range slices.Clone(d.s.Contributions) {
		if y.Joint == x.Joint && y.State == ContributionOpen {
			d.add(ContributionPassed{Contribution: y.Contribution})
		}
	}
	d.addWith(JointSummarised{Joint: x.Joint, Draft: x.Drafts + 1, AnswerBy: d.deadline(forApproval)}, sealed("summary", c.Words, "without", c.Without))
	d.owe(patient, "joint-summary")
	return nil
}

// answerSummary takes the patient's answer, their own or recorded for them. No
// one else's words approve it (L9).
func (d *draft) answerSummary(c AnswerSummary) error {
	x, err := d.joint(c.Joint, JointSummed)
	if err != nil {
		return err
	}
	if from := d.speaker().Kind; from != care.PartyPatient && from != care.PartyRelative {
		return care.Refuse("words-not-own", "These are the patient's or a relative's words. Say whose they are and how they reached you.")
	}
	switch c.Answer {
	case SummaryApproved:
	case SummaryChanges, SummaryNotApproved:
		if c.Words == "" {
			return care.Refuse("summary-answer-empty", "Say what should be different. It is kept as it was said.").On("words")
		}
	default:
		return care.Refuse("summary-answer", "The summary is approved, to be changed, or not approved.").On("answer")
	}
	e := JointAnswered{Joint: x.Joint, Answer: c.Answer, From: d.speaker()}
	if c.Answer == SummaryChanges {
		e.SummaryBy = d.deadline(forDecision)
	}
	d.addWith(e, sealed("words", c.Words))
	for _, t := range slices.Clone(d.s.Tellings) {
		if t.Open() && t.To == patient && t.About == "joint-summary" {
			d.add(TellingWithdrawn{Telling: t.Telling})
		}
	}
	return nil
}

func (d *draft) callOffJoint(c CallOffJoint) error {
	x, err := d.joint(c.Joint, JointOpen, JointSummed)
	if err != nil {
		return err
	}
	if c.Reason == "" {
		return care.Refuse("reason-missing", "Say why, and what you advise instead. The patient reads it.").On("reason")
	}
	d.addWith(JointCalledOff{Joint: x.Joint}, sealed("reason", c.Reason))
	return nil
}

// joint finds a joint assessment in one of some states.
func (d *draft) joint(n int, in ...JointState) (Joint, error) {
	x, err := at(d.s.Joints, n, "joint assessment")
	if err != nil {
		return Joint{}, care.Missing("no-such-joint", "There is no such joint assessment.")
	}
	if !slices.Contains(in, x.State) || x.Shut || x.Left {
		return Joint{}, care.Stale("joint-not-so-far", "That joint assessment is {state}.", "state", string(x.State))
	}
	return *x, d.seen(x.Version)
}
