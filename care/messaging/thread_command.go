package messaging

import "forlop/care"

// ThreadCommand is something that is asked of one conversation.
type ThreadCommand interface{ Name() string }

// ThreadCommands lists an empty value of every command of a conversation.
var ThreadCommands = []ThreadCommand{BeginThread{}, Say{}, ReadThread{}, TakeOver{}, CloseThread{}, TakeBack{}, ReachThread{}, WakeThread{}}

// BeginThread opens a conversation about a person with its first message. Journey
// is what it is about, "" for none of them. Reader is who answers: only those who
// work choose one, and without a choice it is the post that they act from. What a
// patient or a relative begins is read by the first contact.
type BeginThread struct {
	Person  care.PersonKey `json:"person"`
	Journey string         `json:"journey,omitempty"`
	Reader  care.Post      `json:"reader,omitzero"`
	Say
}

// Quick is a reply that takes one press.
type Quick string

// The short replies.
const (
	Yes    Quick = "yes"
	No     Quick = "no"
	CallMe Quick = "call-me"
	NotNow Quick = "later"
)

// Quicks lists the short replies in the order in which they are offered.
var Quicks = []Quick{Yes, No, CallMe, NotNow}

// Say adds a message: words, a short reply, or both. Urgent is the writer's own
// word for what cannot wait; it makes nobody read at night, and pages say so.
type Say struct {
	Text   string `json:"text,omitempty"`
	Quick  Quick  `json:"quick,omitempty"`
	Urgent bool   `json:"urgent,omitempty"`
}

// ReadThread says that one side has opened what the other wrote.
type ReadThread struct{}

// TakeOver makes another post the reader. The date stays.
type TakeOver struct {
	Reader care.Post `json:"reader"`
}

// CloseThread ends a conversation without another message, or lets a message be
// without an answer, and says why.
type CloseThread struct {
	Why   WhyClosed `json:"why"`
	Words string    `json:"words,omitempty"`
}

// TakeBack takes back a message that nobody on the other side has read.
type TakeBack struct {
	Message int `json:"message"`
}

// ReachThread says that a message reached its person by a letter or a call. It
// comes from their notices and from nobody else.
type ReachThread struct {
	Message int     `json:"message"`
	Receipt Receipt `json:"receipt"`
}

// WakeThread is the command of time alone.
type WakeThread struct{}

// The names never change, whatever the Go names do.

func (BeginThread) Name() string { return "thread.begin" }
func (Say) Name() string         { return "thread.say" }
func (ReadThread) Name() string  { return "thread.read" }
func (TakeOver) Name() string    { return "thread.take-over" }
func (CloseThread) Name() string { return "thread.close" }
func (TakeBack) Name() string    { return "thread.take-back" }
func (ReachThread) Name() string { return "thread.reach" }
func (WakeThread) Name() string  { return "thread.wake" }
