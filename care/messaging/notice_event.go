package messaging

import (
	"time"

	"forlop/care"
)

// Events is the closed vocabulary of a person's notices.
var Events = care.NewVocabulary(
	Raised{}, Planned{}, Joined{}, Dispatched{}, Attempted{}, Undelivered{}, Posted{}, Called{}, Reached{}, Withdrawn{},
	WishesSet{}, Overdue{},
)

// Raised opens a notice.
type Raised struct {
	Notice int         `json:"notice"`
	Regime care.Regime `json:"regime"`
	Source Source      `json:"source"`
	About  About       `json:"about"`
	Owner  care.Post   `json:"owner"`
	By     time.Time   `json:"by"`
	On     time.Time   `json:"on,omitzero"`
}

// Planned opens a sending of notices by one channel. From then on they are
// carried by it and by no other.
type Planned struct {
	Sending int     `json:"sending"`
	Notices []int   `json:"notices"`
	Channel Channel `json:"channel"`
	// To is the relative whom notices are directed to; empty is the person.
	To    care.PersonKey `json:"to,omitempty"`
	Owner care.Post      `json:"owner"`
	// At is when it goes at the earliest.
	At time.Time `json:"at"`
	// OpenBy is when somebody calls instead, where nothing is sent but the page.
	OpenBy time.Time `json:"openBy,omitzero"`
	// Urgent news waits for no other nudge.
	Urgent bool `json:"urgent,omitempty"`
	// ByHand says that a person chose the channel.
	ByHand bool `json:"byHand,omitempty"`
}

// Joined adds a notice to a sending that says it already, or is about to.
type Joined struct {
	Sending int `json:"sending"`
	Notice  int `json:"notice"`
}

// Dispatched hands an attempt to whoever carries it.
type Dispatched struct {
	Sending int `json:"sending"`
	Attempt int `json:"attempt"`
}

// Attempted is the outcome of an attempt.
type Attempted struct {
	Sending int     `json:"sending"`
	Attempt int     `json:"attempt"`
	Outcome Outcome `json:"outcome"`
	Code    string  `json:"code,omitempty"`
	// Again is when it is tried again; OpenBy when somebody calls instead.
	Again  time.Time `json:"again,omitzero"`
	OpenBy time.Time `json:"openBy,omitzero"`
}

// Why a sending is undelivered.
type Why string

// The reasons. What was not opened in time is put on the call list; the others are
// a fault that somebody mends.
const (
	Unopened Why = "unopened"
	GaveUp   Why = "gave-up"
	Refused  Why = "refused"
	Bounced  Why = "bounced"
)

// Undelivered takes a sending to the call list. Owner and By are set where it is a
// task of its own.
type Undelivered struct {
	Sending int       `json:"sending"`
	Why     Why       `json:"why"`
	Code    string    `json:"code,omitempty"`
	Owner   care.Post `json:"owner,omitzero"`
	By      time.Time `json:"by,omitzero"`
}

// Posted says that a letter was handed to the post.
type Posted struct {
	Sending  int       `json:"sending"`
	Expected time.Time `json:"expected"`
}

// Called is a call; what was said is sealed as "words" and "next".
type Called struct {
	Sending  int  `json:"sending"`
	Answered bool `json:"answered,omitempty"`
}

// Reached ends a notice with its receipt.
type Reached struct {
	Notice  int     `json:"notice"`
	Receipt Receipt `json:"receipt"`
}

// Withdrawn ends a notice that is not so any more, or whose person has died.
type Withdrawn struct {
	Notice int `json:"notice"`
}

// WishesSet is how the person wants to be nudged.
type WishesSet struct {
	Wishes
}

// Overdue takes the task of what could not be sent one rung up.
type Overdue struct {
	Rung  int       `json:"rung"`
	To    care.Post `json:"to"`
	Again time.Time `json:"again,omitzero"`
}

// The names never change, whatever the Go names do.

func (Raised) Type() string      { return "notice.raised/1" }
func (Planned) Type() string     { return "notice.planned/1" }
func (Joined) Type() string      { return "notice.joined/1" }
func (Dispatched) Type() string  { return "notice.dispatched/1" }
func (Attempted) Type() string   { return "notice.attempted/1" }
func (Undelivered) Type() string { return "notice.undelivered/1" }
func (Posted) Type() string      { return "notice.posted/1" }
func (Called) Type() string      { return "notice.called/1" }
func (Reached) Type() string     { return "notice.reached/1" }
func (Withdrawn) Type() string   { return "notice.withdrawn/1" }
func (WishesSet) Type() string   { return "notice.wishes-set/1" }
func (Overdue) Type() string     { return "notice.overdue/1" }
