package messaging

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// Thread is one conversation about one person, folded from its stream.
type Thread struct {
	Version int
	Person  care.PersonKey
	Regime  care.Regime
	Journey string
	// Reader is the post that answers.
	Reader   care.Post
	Status   ThreadStatus
	Messages []Message
	// Owed are the messages that wait for an answer, by number; ReplyBy is the
	// first of their dates, and Moved the version that last changed any of it.
	Owed    []int
	ReplyBy time.Time
	Moved   int
	Climb   Climb
	// Closing is how it was last closed; nil where it never was.
	Closing *Closing
	// Learned is when its newest event was learned.
	Learned time.Time
}

// ThreadStatus is where a conversation stands.
type ThreadStatus string

// The statuses.
const (
	AwaitsReply ThreadStatus = "waiting" // a message waits for an answer
	Quiet       ThreadStatus = "quiet"   // everything is answered
	Concluded   ThreadStatus = "closed"
)

// Message is one message. Its text is sealed in the event of its Version.
type Message struct {
	Said
	By      Writer
	At      time.Time
	Version int
	// Hidden says that it is held back still.
	Hidden bool
	// ReachBy is until when it must have reached the person, once it is shown.
	ReachBy time.Time
	// Back is when it was taken back; Seen that the other side could have seen it
	// before.
	Back time.Time
	Seen bool
	// Read is the first receipt of the other side; nil where there is none. Reader
	// is who opened it.
	Read   *Receipt
	Reader Writer
}

// Status is where a message stands.
func (m Message) Status() string {
	switch {
	case !m.Back.IsZero():
		return "taken-back"
	case m.Read != nil:
		return "read"
	case m.Hidden:
		return "held"
	}
	return "shown"
}

// To reports whether a side sees that there is a message, if only that it was
// taken back.
func (m Message) To(s Side) bool {
	return s == m.Side || !m.Hidden && (m.Back.IsZero() || m.Seen)
}

// Writer is who said or opened something: the party, their key or professional id
// where they did it themselves, and how it reached us and who wrote it down where
// somebody recorded it for them.
type Writer struct {
	Party    care.Party
	ID       string
	How      care.Channel
	Recorder string
}

// Closing is the end of a conversation.
type Closing struct {
	Why     WhyClosed
	By      Writer
	At      time.Time
	Version int
	// After counts the messages that it ended.
	After int
}

// Clone is a copy that shares nothing with t.
func (t Thread) Clone() Thread {
	t.Messages = slices.Clone(t.Messages)
	t.Owed = slices.Clone(t.Owed)
	return t
}

// Unread counts what a side has not opened yet.
func (t Thread) Unread(s Side) int {
	n := 0
	for _, m := range t.Messages {
		if m.Side != s && m.Status() == "shown" {
			n++
		}
	}
	return n
}

// Last is the newest message that a side sees; nil where there is none.
func (t Thread) Last(s Side) *Message {
	for i := range slices.Backward(t.Messages) {
		if t.Messages[i].To(s) {
			return &t.Messages[i]
		}
	}
	return nil
}

func writer(r care.Recorded) Writer {
	if r.For != nil {
		return Writer{Party: r.For.Of, How: r.For.How, Recorder: r.Actor.ID}
	}
	w := Writer{ID: r.Actor.ID}
	switch r.Actor.Kind {
	case care.Patient:
		w.Party.Kind = care.PartyPatient
	case care.Relative:
		w.Party.Kind = care.PartyRelative
	case care.Professional:
		w.Party = care.Party{Kind: care.PartyUnit, Post: r.Post}
	case care.System, care.Guest:
	}
	return w
}

// EvolveThread folds one event. An event that cannot follow is an error.
func EvolveThread(t *Thread, r care.Recorded) error {
	if r.Version != t.Version+1 {
		return fmt.Errorf("messaging: thread event %d cannot follow %d", r.Version, t.Version)
	}
	if _, begins := r.Event.(ThreadBegun); begins != (t.Version == 0) {
		return fmt.Errorf("messaging: %s cannot be event %d", r.Event.Type(), r.Version)
	}
	if err := t.take(r); err != nil {
		return fmt.Errorf("messaging: %s: %w", r.Event.Type(), err)
	}
	t.Version, t.Learned = r.Version, r.Learned
	t.settle()
	return nil
}

func (t *Thread) take(r care.Recorded) error {
	switch e := r.Event.(type) {
	case ThreadBegun:
		t.Person, t.Regime, t.Journey, t.Reader, t.Status = e.Person, e.Regime, e.Journey, e.Reader, Quiet
	case Said:
		if e.Message != len(t.Messages)+1 {
			return fmt.Errorf("message %d cannot follow %d", e.Message, len(t.Messages))
		}
		t.Messages = append(t.Messages, Message{Said: e, By: writer(r), At: r.Happened, Version: r.Version, Hidden: !e.Holds.IsZero()})
		t.Moved = r.Version
	case Shown:
		m, err := t.message(e.Message)
		if err != nil {
			return err
		}
		m.Hidden, m.ReachBy = false, e.ReachBy
	case Opened:
		for _, n := range e.Messages {
			m, err := t.message(n)
			if err != nil {
				return err
			}
			receipt := e.Receipt
			m.Read, m.Reader = &receipt, writer(r)
		}
	case TakenOver:
		t.Reader, t.Moved = e.Reader, r.Version
	case TakenBack:
		m, err := t.message(e.Message)
		if err != nil {
			return err
		}
		m.Back, m.Seen, m.Hidden, t.Moved = r.Happened, !m.Hidden, false, r.Version
	case ThreadClosed:
		t.Closing = &Closing{Why: e.Why, By: writer(r), At: r.Happened, Version: r.Version, After: len(t.Messages)}
		t.Moved = r.Version
	case ReplyOverdue:
		t.Climb = Climb{Rung: e.Rung, To: e.To, At: r.Learned, Again: e.Again}
	default:
		return fmt.Errorf("it is not an event of a conversation")
	}
	return nil
}

func (t *Thread) message(n int) (*Message, error) {
	if n < 1 || n > len(t.Messages) {
		return nil, fmt.Errorf("there is no message %d", n)
	}
	return &t.Messages[n-1], nil
}

// settle finds what is owed an answer: what the person said since the last answer
// that stands, and since it was last closed. A message that was taken back is
// neither, so that an answer taken back leaves the question where it was, with
// its own date (L6).
func (t *Thread) settle() {
	t.Owed, t.ReplyBy = nil, time.Time{}
	closed, after := 0, 0
	if t.Closing != nil {
		closed = t.Closing.After
	}
	for _, m := range t.Messages {
		switch {
		case !m.Back.IsZero():
			continue
		case m.Side == CareSide:
			t.Owed, t.ReplyBy = nil, time.Time{}
		case m.Message > closed:
			t.Owed = append(t.Owed, m.Message)
			if t.ReplyBy.IsZero() || m.ReplyBy.Before(t.ReplyBy) {
				t.ReplyBy = m.ReplyBy
			}
		}
		if m.Message > closed {
			after++
		}
	}
	switch {
	case len(t.Owed) > 0:
		t.Status = AwaitsReply
		return
	case t.Closing != nil && after == 0:
		t.Status = Concluded
	default:
		t.Status = Quiet
	}
	t.Climb = Climb{}
}
