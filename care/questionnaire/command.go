package questionnaire

import "forlop/care"

// Command is something that is asked of one form. What is answered ends up
// sealed, never in an event's body.
type Command interface{ Name() string }

// Commands lists an empty value of every command.
var Commands = []Command{Ask{}, Answer{}, Send{}, Decline{}, Withdraw{}, Read{}, LetBe{}, SeeTo{}, Wake{}}

// Ask asks a person to fill in a form, on one of their journeys. Step names what
// it is meant for, "" for nothing in particular: no step waits for it. Reader is
// who reads the answers; By the day it is hoped for.
type Ask struct {
	Person        care.PersonKey `json:"person"`
	Journey       string         `json:"journey"`
	Step          string         `json:"step,omitempty"`
	Questionnaire Ref            `json:"questionnaire"`
	Reader        care.Post      `json:"reader"`
	By            care.Date      `json:"by"`
}

// Answer answers one question: with a value, or with why there is none. It can be
// given again until the form is sent. Language is the wording that was read.
type Answer struct {
	Item     string        `json:"item"`
	Value    string        `json:"value,omitempty"`
	Missing  Missing       `json:"missing,omitempty"`
	Language care.Language `json:"language,omitempty"`
}

// Send hands the form in as it is. Questions that nobody reached are kept as not
// asked.
type Send struct{}

// Decline is the wish not to fill in the form at all. Nothing hangs on it.
type Decline struct{}

// Withdraw takes a form back that should not have been asked for.
type Withdraw struct {
	Reason string `json:"reason"`
}

// Read says that somebody has read what was sent.
type Read struct{}

// LetBe decides to leave a form that was not answered as it is: it stays open to
// the patient, and nobody is reminded again.
type LetBe struct{}

// SeeTo says what was done about an answer that must never lie unseen.
type SeeTo struct {
	Item  string `json:"item"`
	Words string `json:"words"`
}

// Wake is the command of time alone.
type Wake struct{}

// The names never change, whatever the Go names do.

func (Ask) Name() string      { return "form.ask" }
func (Answer) Name() string   { return "form.answer" }
func (Send) Name() string     { return "form.send" }
func (Decline) Name() string  { return "form.decline" }
func (Withdraw) Name() string { return "form.withdraw" }
func (Read) Name() string     { return "form.read" }
func (LetBe) Name() string    { return "form.let-be" }
func (SeeTo) Name() string    { return "form.see-to" }
func (Wake) Name() string     { return "form.wake" }
