package messaging

import (
	"time"

	"forlop/care"
)

// Command is something that is asked of a person's notices.
type Command interface{ Name() string }

// Commands lists an empty value of every command.
var Commands = []Command{
	Raise{}, Close{}, Review{}, Record{}, Bounce{}, PostLetter{}, Call{}, Redirect{}, TryAgain{}, SetWishes{}, Wake{},
}

// Raise opens a notice. The same source is raised once.
type Raise struct {
	Source Source    `json:"source"`
	About  About     `json:"about"`
	Owner  care.Post `json:"owner"`
	// By is when it must have reached them.
	By time.Time `json:"by"`
	// On is when the appointment is that it is about; zero where it is about none.
	On time.Time `json:"on,omitzero"`
}

// Close ends a notice: it reached them some other way, or it is not so any more
// (a nil receipt).
type Close struct {
	Source  Source   `json:"source"`
	Reached *Receipt `json:"reached,omitempty"`
}

// Review chooses the way anew for whatever is open: a wish, an address, a proxy or
// a life has changed.
type Review struct{}

// Outcome is what came of an attempt.
type Outcome string

// The outcomes. Uncertain is a connection that was cut where nobody can say
// whether it was taken; Stopped is our own no at the last moment.
const (
	Taken     Outcome = "accepted"
	Later     Outcome = "later"
	Never     Outcome = "never"
	Uncertain Outcome = "uncertain"
	Stopped   Outcome = "stopped"
)

// Record keeps the outcome of an attempt. Code is the far end's own, such as
// "550" or "503"; never its text, which can hold an address.
type Record struct {
	Sending int     `json:"sending"`
	Attempt int     `json:"attempt"`
	Outcome Outcome `json:"outcome"`
	Code    string  `json:"code,omitempty"`
}

// Bounce says that what was accepted, or posted, came back.
type Bounce struct {
	Sending int    `json:"sending"`
	Code    string `json:"code,omitempty"`
}

// PostLetter says that a letter was handed to the post, with the day on which it is
// expected. Version is that of the printed letter: one that changed since is
// printed again.
type PostLetter struct {
	Sending  int       `json:"sending"`
	Version  int       `json:"version"`
	Expected care.Date `json:"expected"`
}

// Call records a call: what was said and what happens next, or that nobody
// answered.
type Call struct {
	Sending  int    `json:"sending"`
	Answered bool   `json:"answered,omitempty"`
	Words    string `json:"words,omitempty"`
	Next     string `json:"next,omitempty"`
}

// Redirect carries a sending by letter or phone instead.
type Redirect struct {
	Sending int     `json:"sending"`
	Channel Channel `json:"channel"`
}

// TryAgain sends again what could not be sent: the address or the number was put
// right.
type TryAgain struct{}

// SetWishes says how the person wants to be nudged.
type SetWishes struct {
	Wishes
}

// Wake is the command of time alone.
type Wake struct{}

// The names never change, whatever the Go names do.

func (Raise) Name() string      { return "notice.raise" }
func (Close) Name() string      { return "notice.close" }
func (Review) Name() string     { return "notice.review" }
func (Record) Name() string     { return "notice.record" }
func (Bounce) Name() string     { return "notice.bounce" }
func (PostLetter) Name() string { return "notice.post-letter" }
func (Call) Name() string       { return "notice.call" }
func (Redirect) Name() string   { return "notice.redirect" }
func (TryAgain) Name() string   { return "notice.try-again" }
func (SetWishes) Name() string  { return "notice.set-wishes" }
func (Wake) Name() string       { return "notice.wake" }
