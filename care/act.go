package care

import "time"

// Act is one command being carried out: when, by whom, for whom. It is an
// argument of every decision.
type Act struct {
	// At is now: the instant at which we learn of it.
	At time.Time
	// Happened is when it happened in the world, at or before At. Zero means At.
	Happened time.Time
	Actor    Actor
	// Post is the post the actor acts from; zero for patients and the service.
	Post Post
	// For is set when the act is recorded on behalf of someone else.
	For *OnBehalf
	// Seen is the version of the item the actor had on the screen; 0 if none.
	Seen Seen
}

// When is when the act happened in the world.
func (a Act) When() time.Time {
	if a.Happened.IsZero() {
		return a.At
	}
	return a.Happened
}

// Made is an event that a decision makes, with the free text that belongs to
// it. Happened is zero where the event happened when the act did.
type Made struct {
	Event    Event
	Sealed   Sealed
	Happened time.Time
}
