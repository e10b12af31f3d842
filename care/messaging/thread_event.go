package messaging

import (
	"time"

	"forlop/care"
)

// ThreadEvents is the closed vocabulary of a conversation. What was written is
// sealed as "said", so that it goes when its person is erased.
var ThreadEvents = care.NewVocabulary(
	ThreadBegun{}, Said{}, Shown{}, Opened{}, TakenOver{}, TakenBack{}, ThreadClosed{}, ReplyOverdue{},
)

// ThreadBegun opens a conversation. Reader is the post that answers.
type ThreadBegun struct {
	Person  care.PersonKey `json:"person"`
	Regime  care.Regime    `json:"regime"`
	Journey string         `json:"journey,omitempty"`
	Reader  care.Post      `json:"reader"`
}

// Side is one of the two that write to each other.
type Side string

// The sides: the person with those who act for them, and those who work.
const (
	PersonSide Side = "person"
	CareSide   Side = "care"
)

// other is the side that reads what this one writes.
func (s Side) other() Side {
	if s == CareSide {
		return PersonSide
	}
	return CareSide
}

// Said is a message. ReplyBy is until when it is answered, of the person's own;
// Holds is until when one of those who work is held back, so that it can be taken
// back before anybody sees it.
type Said struct {
	Message int       `json:"message"`
	Side    Side      `json:"side"`
	Quick   Quick     `json:"quick,omitempty"`
	Urgent  bool      `json:"urgent,omitempty"`
	ReplyBy time.Time `json:"replyBy,omitzero"`
	Holds   time.Time `json:"holds,omitzero"`
}

// Shown lets the person see a message that was held back. ReachBy is until when it
// must have reached them.
type Shown struct {
	Message int       `json:"message"`
	ReachBy time.Time `json:"reachBy"`
}

// Opened says that one side has read what the other wrote, or was reached by it.
type Opened struct {
	Side     Side    `json:"side"`
	Messages []int   `json:"messages"`
	Receipt  Receipt `json:"receipt"`
}

// TakenOver makes another post the reader.
type TakenOver struct {
	Reader care.Post `json:"reader"`
}

// TakenBack takes a message back. Its place stays, and says so to whoever could
// have seen it.
type TakenBack struct {
	Message int `json:"message"`
}

// WhyClosed is why a conversation ended without another message.
type WhyClosed string

// The reasons. Silence is none of them (L5).
const (
	NoAnswerNeeded WhyClosed = "no-answer-needed"
	ByTelephone    WhyClosed = "answered-by-phone"
	InPerson       WhyClosed = "answered-in-meeting"
	Elsewhere      WhyClosed = "answered-elsewhere"
)

// WhysClosed lists the reasons in the order in which they are offered.
var WhysClosed = []WhyClosed{NoAnswerNeeded, ByTelephone, InPerson, Elsewhere}

// ThreadClosed ends a conversation until somebody writes again; words are sealed
// as "words".
type ThreadClosed struct {
	Why WhyClosed `json:"why"`
}

// ReplyOverdue takes an unanswered message one rung up (L7).
type ReplyOverdue struct {
	Rung  int       `json:"rung"`
	To    care.Post `json:"to"`
	Again time.Time `json:"again,omitzero"`
}

// The names never change, whatever the Go names do.

func (ThreadBegun) Type() string  { return "thread.begun/1" }
func (Said) Type() string         { return "thread.said/1" }
func (Shown) Type() string        { return "thread.shown/1" }
func (Opened) Type() string       { return "thread.opened/1" }
func (TakenOver) Type() string    { return "thread.taken-over/1" }
func (TakenBack) Type() string    { return "thread.taken-back/1" }
func (ThreadClosed) Type() string { return "thread.closed/1" }
func (ReplyOverdue) Type() string { return "thread.overdue/1" }
