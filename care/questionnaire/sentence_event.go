package questionnaire

import (
	"time"

	"forlop/care"
)

// SentenceEvents is the closed vocabulary of the questions to one person. What was
// answered is sealed under their key as "answer".
var SentenceEvents = care.NewVocabulary(
	SentenceMeant{}, SentencePutOff{}, SentenceAsked{}, SentenceAnswered{}, SentenceLeft{}, SentenceLetGo{},
)

// SentenceMeant plans a question: what about, in which journey, whose work, and
// from when on it can be asked.
type SentenceMeant struct {
	Sentence int            `json:"sentence"`
	Regime   care.Regime    `json:"regime"`
	Source   SentenceSource `json:"source"`
	Subject  Subject        `json:"subject"`
	Journey  string         `json:"journey"`
	Step     string         `json:"step,omitempty"`
	Unit     care.UnitID    `json:"unit"`
	From     time.Time      `json:"from"`
}

// SentencePutOff lets a question wait while the person's reminders rest.
type SentencePutOff struct {
	Sentence int       `json:"sentence"`
	From     time.Time `json:"from"`
}

// SentenceAsked opens a question. Until is when it is let go.
type SentenceAsked struct {
	Sentence int       `json:"sentence"`
	Until    time.Time `json:"until"`
}

// SentenceAnswered keeps an answer, sealed as "answer".
type SentenceAnswered struct {
	Sentence int `json:"sentence"`
}

// SentenceLeft says that a question is left without an answer, and why.
type SentenceLeft struct {
	Sentence int     `json:"sentence"`
	Missing  Missing `json:"missing"`
}

// SentenceLetGo ends a question that was not asked, or that nobody answered in
// its time. Nothing else ends with it (L5).
type SentenceLetGo struct {
	Sentence int     `json:"sentence"`
	Missing  Missing `json:"missing"`
}

// The types never change, whatever the Go names do.

func (SentenceMeant) Type() string    { return "sentence.meant/1" }
func (SentencePutOff) Type() string   { return "sentence.put-off/1" }
func (SentenceAsked) Type() string    { return "sentence.asked/1" }
func (SentenceAnswered) Type() string { return "sentence.answered/1" }
func (SentenceLeft) Type() string     { return "sentence.left/1" }
func (SentenceLetGo) Type() string    { return "sentence.let-go/1" }
