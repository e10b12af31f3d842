package journey

import (
	"time"

	"forlop/care"
)

// SummaryAnswer is what the patient says to a summary.
type SummaryAnswer string

// The answers. Silence is none of them (L5).
const (
	SummaryApproved    SummaryAnswer = "approved"
	SummaryChanges     SummaryAnswer = "changes"
	SummaryNotApproved SummaryAnswer = "not-approved"
)

// JointCalled calls for a joint assessment; what it shall answer is sealed as
// "questions".
type JointCalled struct {
	Joint     int       `json:"joint"`
	Owner     care.Post `json:"owner"`
	SummaryBy time.Time `json:"summaryBy"`
	Consult   int       `json:"consult,omitempty"`
}

// ContributionAsked asks one discipline to contribute by a date.
type ContributionAsked struct {
	Contribution int        `json:"contribution"`
	Joint        int        `json:"joint"`
	Of           care.Party `json:"of"`
	Discipline   string     `json:"discipline"`
	By           time.Time  `json:"by"`
}

// ContributionGiven holds a contribution, sealed as "words", under the name of
// who gave it. Kind and Examined are set where it is a finding.
type ContributionGiven struct {
	Contribution int       `json:"contribution"`
	Kind         string    `json:"kind,omitempty"`
	Examined     care.Date `json:"examined,omitzero"`
}

// ContributionPassed says that the summary was written without it.
type ContributionPassed struct {
	Contribution int `json:"contribution"`
}

// Disagreed keeps that somebody sees it otherwise, sealed as "words".
type Disagreed struct {
	Joint int        `json:"joint"`
	From  care.Party `json:"from"`
}

// JointSummarised holds a draft of the summary, sealed as "summary". AnswerBy is
// when it has been put to the patient.
type JointSummarised struct {
	Joint    int       `json:"joint"`
	Draft    int       `json:"draft"`
	AnswerBy time.Time `json:"answerBy"`
}

// JointAnswered is the patient's answer to the summary; the words are sealed.
// SummaryBy is set where the summary is to be written anew.
type JointAnswered struct {
	Joint     int           `json:"joint"`
	Answer    SummaryAnswer `json:"answer"`
	From      care.Party    `json:"from"`
	SummaryBy time.Time     `json:"summaryBy,omitzero"`
}

// JointCalledOff calls it off; the reason is sealed.
type JointCalledOff struct {
	Joint int `json:"joint"`
}

// The types and names never change, whatever the Go names do.

func (JointCalled) Type() string        { return "journey.joint-called/1" }
func (ContributionAsked) Type() string  { return "journey.contribution-asked/1" }
func (ContributionGiven) Type() string  { return "journey.contribution-given/1" }
func (ContributionPassed) Type() string { return "journey.contribution-passed/1" }
func (Disagreed) Type() string          { return "journey.disagreed/1" }
func (JointSummarised) Type() string    { return "journey.joint-summarised/1" }
func (JointAnswered) Type() string      { return "journey.joint-answered/1" }
func (JointCalledOff) Type() string     { return "journey.joint-called-off/1" }

func (CallJoint) Name() string     { return "journey.call-joint" }
func (Contribute) Name() string    { return "journey.contribute" }
func (Disagree) Name() string      { return "journey.disagree" }
func (Summarise) Name() string     { return "journey.summarise" }
func (AnswerSummary) Name() string { return "journey.answer-summary" }
func (CallOffJoint) Name() string  { return "journey.call-off-joint" }

// JointState is where a joint assessment is in its life cycle.
type JointState string

// The states of a joint assessment.
const (
	JointOpen        JointState = "called"
	JointSummed      JointState = "summarised"
	JointApproved    JointState = "approved"
	JointNotApproved JointState = "not-approved"
	JointOff         JointState = "called-off"
)

// Joint is one joint assessment.
type Joint struct {
	JointCalled
	State JointState
	At    time.Time
	// Drafts counts the summaries written; AnswerBy is when the last one has been
	// put to the patient.
	Drafts   int
	AnswerBy time.Time
	// Disagreements are the events that hold them, oldest first. It never shrinks.
	Disagreements []int
	// Shut is set when the ending of the journey closed it where it was.
	Shut bool
	// Left is set when the journey came back after that: it stays where it was.
	Left           bool
	Version, Begun int
}

// Open reports whether somebody has something left to do about it.
func (j Joint) Open() bool {
	return !j.Shut && !j.Left && (j.State == JointOpen || j.State == JointSummed)
}

// ContributionState is where a contribution is in its life cycle.
type ContributionState string

// The states of a contribution.
const (
	ContributionOpen ContributionState = "asked"
	ContributionIn   ContributionState = "given"
	ContributionOff  ContributionState = "passed"
)

// Contribution is what one discipline gives to a joint assessment. Text is the
// event that holds its words.
type Contribution struct {
	ContributionAsked
	State          ContributionState
	Given          time.Time
	Text           int
	Version, Begun int
}

func (s *State) foldJoint(r care.Recorded) error {
	switch e := r.Event.(type) {
	case JointCalled:
		if err := next(s.Joints, e.Joint, "joint assessment"); err != nil {
			return err
		}
		s.Joints = append(s.Joints, Joint{JointCalled: e, State: JointOpen, At: r.Happened, Version: r.Version, Begun: r.Version})
		s.listJoint(r, s.Joints[e.Joint-1])
	case ContributionAsked:
		if err := next(s.Contributions, e.Contribution, "contribution"); err != nil {
			return err
		}
		s.Contributions = append(s.Contributions, Contribution{ContributionAsked: e, State: ContributionOpen, Version: r.Version, Begun: r.Version})
		s.listContribution(r, s.Contributions[e.Contribution-1])
	case ContributionGiven:
		return s.contribution(e.Contribution, r, func(c *Contribution) { c.Given, c.Text = r.Happened, r.Version })
	case ContributionPassed:
		return s.contribution(e.Contribution, r, func(*Contribution) {})
	case Disagreed:
		j, err := at(s.Joints, e.Joint, "joint assessment")
		if err != nil {
			return err
		}
		j.Disagreements = append(j.Disagreements[:len(j.Disagreements):len(j.Disagreements)], r.Version)
	case JointSummarised:
		return s.joint(e.Joint, r, "", func(j *Joint) { j.Drafts, j.AnswerBy = e.Draft, e.AnswerBy })
	case JointAnswered:
		return s.joint(e.Joint, r, " "+string(e.Answer), func(j *Joint) {
			if e.Answer == SummaryChanges {
				j.SummaryBy = e.SummaryBy
			}
		})
	case JointCalledOff:
		return s.joint(e.Joint, r, "", func(*Joint) { s.passContributions(e.Joint, r) })
	}
	return nil
}

func (s *State) joint(n int, r care.Recorded, how string, change func(*Joint)) error {
	j, err := at(s.Joints, n, "joint assessment")
	if err != nil {
		return err
	}
	if j.State, err = advanceTo("joint assessment", j.State, r.Event.Type()+how); err != nil {
		return err
	}
	j.Version = r.Version
	change(j)
	s.listJoint(r, *j)
	return nil
}

func (s *State) contribution(n int, r care.Recorded, change func(*Contribution)) error {
	c, err := at(s.Contributions, n, "contribution")
	if err != nil {
		return err
	}
	if c.State, err = advanceTo("contribution", c.State, r.Event.Type()); err != nil {
		return err
	}
	c.Version = r.Version
	change(c)
	s.listContribution(r, *c)
	return nil
}

// passContributions takes what was still asked for off the lists.
func (s *State) passContributions(joint int, r care.Recorded) {
	for i := range s.Contributions {
		if c := &s.Contributions[i]; c.Joint == joint && c.State == ContributionOpen {
			c.State, c.Version = ContributionOff, r.Version
			s.shut("contribution", c.Contribution)
		}
	}
}

// listJoint puts the summary on its owner's list: to be written, then to be put
// to the patient.
func (s *State) listJoint(r care.Recorded, j Joint) {
	none := time.Time{}
	s.shut("joint", j.Joint)
	switch j.State {
	case JointOpen:
		s.open(r, "joint", j.Joint, care.ReviewItem, "joint-summary", j.Owner, j.SummaryBy, none)
	case JointSummed:
		s.open(r, "joint", j.Joint, care.DecisionItem, "joint-approval", j.Owner, j.AnswerBy, none)
	case JointApproved, JointNotApproved, JointOff:
	}
}

func (s *State) listContribution(r care.Recorded, c Contribution) {
	if c.State != ContributionOpen {
		s.shut("contribution", c.Contribution)
		return
	}
	post := s.Joints[c.Joint-1].Owner
	if c.Of.Kind == care.PartyUnit {
		post = c.Of.Post
	}
	s.open(r, "contribution", c.Contribution, care.QuestionItem, "contribution", post, c.By, time.Time{})
}

// shutTalks shuts what an ending leaves unfinished of e-consults and joint
// assessments; openTalks opens it again where the ending is undone.
func (s *State) shutTalks() {
	for i := range s.Consults {
		s.Consults[i].Shut = s.Consults[i].Open()
	}
	for i := range s.Joints {
		s.Joints[i].Shut = s.Joints[i].Open()
	}
}

// leaveTalks leaves them where an ending shut them, when the journey comes back.
func (s *State) leaveTalks() {
	for i := range s.Consults {
		c := &s.Consults[i]
		c.Shut, c.Left = false, c.Left || c.Shut
	}
	for i := range s.Joints {
		j := &s.Joints[i]
		j.Shut, j.Left = false, j.Left || j.Shut
	}
}

func (s *State) openTalks(r care.Recorded) {
	for i := range s.Consults {
		if c := &s.Consults[i]; c.Shut {
			c.Shut = false
			s.listConsult(r, *c)
		}
	}
	for i := range s.Joints {
		if j := &s.Joints[i]; j.Shut {
			j.Shut = false
			s.listJoint(r, *j)
		}
	}
	for _, c := range s.Contributions {
		if s.asks(c) {
			s.listContribution(r, c)
		}
	}
}

// asks reports whether a contribution is still waited for.
func (s *State) asks(c Contribution) bool {
	return c.State == ContributionOpen && s.Joints[c.Joint-1].Open()
}
