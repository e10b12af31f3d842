package casework

import (
	"time"

	"forlop/care"
)

// Who is who asks or acts, and for what. It is an argument of everything.
type Who struct {
	Actor care.Actor
	// Post is the post a professional acts from.
	Post care.Post
	// Reason is why they look, where they say so.
	Reason string
	// Represents is the person a relative acts for; empty for everyone else.
	Represents care.PersonKey
	// Login is how they came in; zero for the service and the command line.
	Login Login
}

// Login is what a login has shown about somebody.
type Login struct {
	// At is when they last proved who they are (auth_time). Some acts ask for a
	// fresh one.
	At time.Time
	// Level is how sure the login is: "link", "low", "substantial" or "high".
	Level string
	// Prescriber says on what ground they have the right to prescribe: "" for
	// none, "claimed" by the provider, "declared" by themselves.
	Prescriber string
	// Item is the one thing a guest's link is bound to.
	Item string
}

// Order asks for one command to be carried out.
type Order struct {
	Who
	// Key makes the order happen once, however often it is sent. It is chosen by
	// whoever sends it and is never used for anything else.
	Key string
	// Target is the id of the journey, person or unit.
	Target string
	// Command is a command of the target's kind.
	Command interface{ Name() string }
	// For is set when the act is recorded on behalf of someone else.
	For *care.OnBehalf
	// Happened is when it happened; zero means now.
	Happened time.Time
	// Seen is the version of the item the actor had on the screen.
	Seen care.Seen
	// Attachment is a document that comes with a referral (journey.Open); nil
	// where there is none.
	Attachment *Attachment
}

// Receipt says what came of an order.
type Receipt struct {
	// Target is the stream's id, new where the order opened one.
	Target string `json:"target"`
	// Version is the target's version after it.
	Version int `json:"version"`
	// First is the version of the order's first event: what undo names.
	First int `json:"first"`
	// Repeated says that the order had been carried out before.
	Repeated bool `json:"-"`
}
