package store

import (
	"strings"
	"time"

	"forlop/care"
)

// Stream names one stream of events: a kind and an id, such as
// "journey/0198…" or "unit/st-olav-pain".
type Stream string

// StreamOf joins a kind and an id.
func StreamOf(kind, id string) Stream { return Stream(kind + "/" + id) }

// Kind is the part before the first slash.
func (s Stream) Kind() string { k, _, _ := strings.Cut(string(s), "/"); return k }

// ID is the part after the first slash.
func (s Stream) ID() string { _, id, _ := strings.Cut(string(s), "/"); return id }

// Event is one event as it is stored: an envelope, a body and sealed text.
type Event struct {
	// Position is the place in the total order of the log. It has no holes for
	// readers: what is not visible yet lies above every position read.
	Position int64
	Stream   Stream
	// Version runs 1, 2, 3 … within the stream.
	Version int
	// Type is the explicit, versioned name, such as "journey.step-completed/1".
	Type string
	// Happened and Learned are kept to the microsecond, in UTC.
	Happened, Learned time.Time
	Actor             care.Actor
	// Post is the post the actor acted from.
	Post   care.Post
	For    *care.OnBehalf
	Regime care.Regime
	// Cause is the event that made this one happen, as stream@version, where a
	// reaction caused it.
	Cause string
	// Command is the key of the command that caused it.
	Command string
	// Definition is the hash of the pathway version the decision read.
	Definition string
	// Body is JSON; it is stored and hashed byte for byte.
	Body []byte
	// Sealed is ciphertext under the person's key, or empty.
	Sealed []byte
	// Hash chains the stream: SHA-256 over the previous event's hash and
	// everything above but Position. It covers ciphertext, never plain text.
	Hash []byte
}

// Write adds events to one stream. The store assigns Position, Version and Hash.
type Write struct {
	Stream Stream
	// Expect is the version the stream must have; 0 means it must not exist.
	// Writes are taken in order: a second write to the same stream expects what
	// the first one made.
	Expect int
	Events []Event
}

// Guard is a stream that was read by the decision and must still have this
// version.
type Guard struct {
	Stream  Stream
	Version int
}

// Claim is a unique key taken by a stream: an identifier, an open need, a seat.
type Claim struct {
	Kind, Key string
	Stream    Stream
}

// Command is the key of a command and a digest of what it said. The same key
// from the same actor happens once for ever; with another digest it is refused.
type Command struct {
	Actor, Key string
	Digest     [32]byte
	// Answer is a small JSON text, kept so that a retry gets the same answer.
	Answer []byte
}

// Timer is the one instant at which a stream must be woken. A zero Due removes
// the timer.
type Timer struct {
	Stream Stream
	Due    time.Time
}

// Delivery is something to be sent after commit. Its outcome becomes an event;
// until then it is pending.
type Delivery struct {
	ID      string
	Stream  Stream
	Version int
	Kind    string
	// Payload says what to send, never with sealed text in it.
	Payload []byte
	Due     time.Time
	// Held deliveries wait until an operator releases them (after a rebuild).
	Held bool
}

// Blob is sealed bytes that belong to a stream, such as an attachment.
type Blob struct {
	ID     string
	Stream Stream
	Sealed []byte
}

// Append is everything one decision changes. It happens wholly or not at all.
type Append struct {
	Writes []Write
	Guards []Guard
	// Claims are taken, Releases given back. A claim held by another stream
	// makes the append fail with ErrClaimed; releasing what the stream does not
	// hold changes nothing.
	Claims, Releases []Claim
	// Command is checked first: a repeat answers the kept answer in Done and
	// writes nothing.
	Command *Command
	// Put and Drop change rows of the read models.
	Put    []Row
	Drop   []RowKey
	Timers []Timer
	// Send adds deliveries; an id that is pending already is ErrClaimed. Finish
	// removes deliveries whose outcome these events record.
	Send   []Delivery
	Finish []string
	Blobs  []Blob
	// Marks counts each of these names up by one (see Log.Marks).
	Marks []string
}

// Done is what an append made.
type Done struct {
	// Versions are the streams' versions after the append, in the order of Writes.
	Versions []int
	// Position is the highest position written.
	Position int64
	// Repeated is the kept answer when the command was done before, and nil
	// when it is done now. An empty answer comes back empty and not nil.
	Repeated []byte
}
