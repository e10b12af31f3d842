package journey

import (
	"time"

	"forlop/care"
)

// Suggests is what an adviser suggests beside the advice.
type Suggests string

// What can be suggested.
const (
	SuggestJoint Suggests = "joint-assessment"
	SuggestTake  Suggests = "take-over"
)

// Did is what the asker did with advice.
type Did string

// What can be done with it. The last two are said by what they are: a joint
// assessment that was called for, and an offer of responsibility.
const (
	Followed       Did = "followed"
	FollowedPartly Did = "partly"
	NotFollowed    Did = "not-followed"
	WentJoint      Did = "joint-assessment"
	WasOffered     Did = "offered"
)

// ConsultAsked asks for advice; the words are sealed as "question".
// Responsibility stays with whoever has it.
type ConsultAsked struct {
	Consult int        `json:"consult"`
	To      care.Party `json:"to"`
	// Owner asked, and answers for what becomes of the advice.
	Owner care.Post `json:"owner"`
	By    time.Time `json:"by"`
	// Known are the parts of the pathway's entry checklist that it brings along.
	Known []string `json:"known,omitempty"`
}

// ConsultAdvised holds the answer, sealed as "advice". By UseBy the asker says
// what they did with it.
type ConsultAdvised struct {
	Consult  int       `json:"consult"`
	Suggests Suggests  `json:"suggests,omitempty"`
	UseBy    time.Time `json:"useBy"`
}

// ConsultUsed says what the asker did with the advice, and when it is looked at
// whether it helped.
type ConsultUsed struct {
	Consult   int       `json:"consult"`
	Did       Did       `json:"did"`
	LookAgain time.Time `json:"lookAgain"`
}

// ConsultClosed says how it went: helped, no-change, worse, not-known, not-used,
// withdrawn; "undone" where the asking itself was taken back.
type ConsultClosed struct {
	Consult int    `json:"consult"`
	Outcome string `json:"outcome"`
}

// The types and names never change, whatever the Go names do.

func (ConsultAsked) Type() string   { return "journey.consult-asked/1" }
func (ConsultAdvised) Type() string { return "journey.consult-advised/1" }
func (ConsultUsed) Type() string    { return "journey.consult-used/1" }
func (ConsultClosed) Type() string  { return "journey.consult-closed/1" }

func (AskAdvice) Name() string   { return "journey.ask-advice" }
func (GiveAdvice) Name() string  { return "journey.give-advice" }
func (UseAdvice) Name() string   { return "journey.use-advice" }
func (CloseAdvice) Name() string { return "journey.close-advice" }

// ConsultState is where an e-consult is in its life cycle.
type ConsultState string

// The states of an e-consult.
const (
	ConsultOpen     ConsultState = "asked"
	ConsultAnswered ConsultState = "advised"
	ConsultInUse    ConsultState = "in-use"
	ConsultOver     ConsultState = "closed"
)

// Consult is an e-consult: question, answer, what was done with it, outcome.
type Consult struct {
	ConsultAsked
	State     ConsultState
	At        time.Time
	Advised   time.Time
	Suggests  Suggests
	UseBy     time.Time
	Did       Did
	LookAgain time.Time
	Outcome   string
	// Shut is set when the ending of the journey closed it where it was.
	Shut bool
	// Left is set when the journey came back after that: it stays where it was.
	Left bool
	// Version is the last event about it; Begun the one that asked.
	Version, Begun int
}

// Open reports whether somebody has something left to do about it.
func (c Consult) Open() bool { return c.State != ConsultOver && !c.Shut && !c.Left }

func (s *State) foldConsult(r care.Recorded) error {
	switch e := r.Event.(type) {
	case ConsultAsked:
		if err := next(s.Consults, e.Consult, "consult"); err != nil {
			return err
		}
		s.Consults = append(s.Consults, Consult{ConsultAsked: e, State: ConsultOpen, At: r.Happened, Version: r.Version, Begun: r.Version})
		s.listConsult(r, s.Consults[e.Consult-1])
	case ConsultAdvised:
		return s.consult(e.Consult, r, func(c *Consult) { c.Advised, c.Suggests, c.UseBy = r.Happened, e.Suggests, e.UseBy })
	case ConsultUsed:
		return s.consult(e.Consult, r, func(c *Consult) { c.Did, c.LookAgain = e.Did, e.LookAgain })
	case ConsultClosed:
		return s.consult(e.Consult, r, func(c *Consult) { c.Outcome = e.Outcome })
	}
	return nil
}

func (s *State) consult(n int, r care.Recorded, change func(*Consult)) error {
	c, err := at(s.Consults, n, "consult")
	if err != nil {
		return err
	}
	if c.State, err = advanceTo("e-consult", c.State, r.Event.Type()); err != nil {
		return err
	}
	c.Version = r.Version
	change(c)
	s.listConsult(r, *c)
	return nil
}

// listConsult puts what comes next on the list of whoever must do it: the answer
// with who was asked, the use and the outcome with who asked.
func (s *State) listConsult(r care.Recorded, c Consult) {
	none := time.Time{}
	switch c.State {
	case ConsultOpen:
		post := c.Owner
		if c.To.Kind == care.PartyUnit {
			post = c.To.Post
		}
		s.open(r, "consult", c.Consult, care.QuestionItem, "consult", post, c.By, none)
	case ConsultAnswered:
		s.shut("consult", c.Consult)
		s.open(r, "consult", c.Consult, care.ReviewItem, "consult-use", c.Owner, c.UseBy, none)
	case ConsultInUse:
		s.shut("consult", c.Consult)
		s.open(r, "consult", c.Consult, care.ReviewItem, "consult-outcome", c.Owner, c.LookAgain, none)
	case ConsultOver:
		s.shut("consult", c.Consult)
	}
}
