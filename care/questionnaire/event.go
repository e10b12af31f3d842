package questionnaire

import (
	"time"

	"forlop/care"
)

// Events is the closed vocabulary of a form's stream. What somebody answered is
// sealed under their key as "value", so that it goes when they are erased.
var Events = care.NewVocabulary(
	Asked{}, Answered{}, LeftOut{}, Alerted{}, SeenTo{}, Sent{}, Declined{}, Withdrawn{}, WasRead{}, Quiet{}, WasLet{}, Overdue{},
)

// Asked opens a form. Items are its questions in their order, so that the state
// needs no definition. By is the midnight that ends the day it is hoped for.
type Asked struct {
	Person        care.PersonKey `json:"person"`
	Regime        care.Regime    `json:"regime"`
	Journey       string         `json:"journey"`
	Step          string         `json:"step,omitempty"`
	Questionnaire Ref            `json:"questionnaire"`
	Items         []string       `json:"items"`
	Reader        care.Post      `json:"reader"`
	By            time.Time      `json:"by"`
}

// Answered keeps an answer; its value is sealed as "value".
type Answered struct {
	Item     string        `json:"item"`
	Language care.Language `json:"language,omitempty"`
}

// Missing says why a question has no answer. Each is a value of its own in what
// is shown and taken out.
type Missing string

// The codes. NotAsked is for questions that nobody reached before the form was
// sent, and for those that do not concern the person.
const (
	TooIll   Missing = "too-ill"
	Unwanted Missing = "declined"
	Unknown  Missing = "unknown"
	NotAsked Missing = "not-asked"
)

// missingCodes lists the codes.
var missingCodes = []Missing{TooIll, Unwanted, Unknown, NotAsked}

// LeftOut keeps why a question has no answer.
type LeftOut struct {
	Item     string        `json:"item"`
	Missing  Missing       `json:"missing"`
	Language care.Language `json:"language,omitempty"`
}

// Alerted puts an answer that must never lie unseen before a named post at once.
type Alerted struct {
	Item string    `json:"item"`
	Post care.Post `json:"post"`
	Due  time.Time `json:"due"`
}

// SeenTo says that somebody has acted on such an answer; what they did is sealed
// as "done".
type SeenTo struct {
	Item string `json:"item"`
}

// Sent hands the form in. NotAsked are the questions that nobody reached. ReadBy
// is when somebody must have read it.
type Sent struct {
	NotAsked []string  `json:"notAsked,omitempty"`
	ReadBy   time.Time `json:"readBy"`
}

// Declined is the wish not to fill in the form.
type Declined struct{}

// Withdrawn takes the form back; the reason is sealed. What was answered stays.
type Withdrawn struct{}

// WasRead says that somebody has read what was sent.
type WasRead struct{}

// Quiet says that the day has passed and the form was not sent. It is noted once,
// and closes nothing (L5).
type Quiet struct {
	Due time.Time `json:"due"`
}

// WasLet is a person's decision to leave a quiet form as it is.
type WasLet struct{}

// Overdue says that an open item passed its date and climbed to the lead (L7).
type Overdue struct {
	Item string    `json:"item"`
	To   care.Post `json:"to"`
}

// The types never change, whatever the Go names do.

func (Asked) Type() string     { return "form.asked/1" }
func (Answered) Type() string  { return "form.answered/1" }
func (LeftOut) Type() string   { return "form.left-out/1" }
func (Alerted) Type() string   { return "form.alerted/1" }
func (SeenTo) Type() string    { return "form.seen-to/1" }
func (Sent) Type() string      { return "form.sent/1" }
func (Declined) Type() string  { return "form.declined/1" }
func (Withdrawn) Type() string { return "form.withdrawn/1" }
func (WasRead) Type() string   { return "form.read/1" }
func (Quiet) Type() string     { return "form.quiet/1" }
func (WasLet) Type() string    { return "form.let/1" }
func (Overdue) Type() string   { return "form.overdue/1" }
