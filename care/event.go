package care

import "time"

// Event is something that happened, in the stream of one journey, person or
// unit. Its body is a closed vocabulary: all that a decision may read. Free
// text is never in a body; it is Sealed.
type Event interface {
	// Type is the explicit, versioned name, such as "journey.step-completed/1".
	// It never changes when the Go type is renamed.
	Type() string
}

// Newer is an event that older releases of the program cannot read. Two releases
// run side by side during an upgrade: the newer one reads what both write, and
// writes only what both read, until the operator switches its own events on
// (forlop migrate --finish).
type Newer interface {
	Event
	// Level is the level that the database must have before it is written.
	Level() int
	// Before says the same in the events of the level below; nil where they have
	// no word for it, and the command must wait.
	Before() Event
}

// Sealed is free text that belongs to an event: the patient's words, a reason,
// a message. It is encrypted under the person's key and read by no decision.
// Keys are field names such as "reason" or "said".
type Sealed map[string]string

// Recorded is an event with the facts about its recording, as Evolve reads it.
type Recorded struct {
	// Version is the event's place in its stream: 1, 2, 3 … without a gap.
	Version int
	Event   Event
	// Happened is when it happened in the world; Learned is when we were told.
	Happened, Learned time.Time
	Actor             Actor
	// Post is the post the actor acted from.
	Post Post
	// Command is the key of the command; events of one command are one act.
	Command string
	// For is set when the act was recorded on behalf of someone else.
	For *OnBehalf
}
