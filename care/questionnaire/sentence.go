package questionnaire

import (
	"slices"

	"forlop/care"
)

// Subject is one of the few things that a person is asked in a sentence, one at a
// time, and never as a condition for anything.
type Subject string

// The subjects. Each has its moment: some days after a meeting, some days after a
// visit, and some days after the end.
const (
	// KnowsWhat asks whether they know what happens, when, and who does it.
	KnowsWhat Subject = "knows"
	// WasBelieved asks whether they were believed.
	WasBelieved Subject = "believed"
	// HowHeavy asks how heavy the course was for them.
	HowHeavy Subject = "heavy"
)

// subjects lists them.
var subjects = []Subject{KnowsWhat, WasBelieved, HowHeavy}

// Answers are what can be answered, in the order in which it is shown. The words
// are ours: proposed, and no instrument.
func (s Subject) Answers() []string {
	switch s {
	case KnowsWhat, WasBelieved:
		return []string{"yes", "partly", "no"}
	case HowHeavy:
		return []string{"not", "a-little", "rather", "very"}
	}
	return nil
}

// SentenceStatus is where a question in a sentence is in its life.
type SentenceStatus string

// The statuses. One that is meant has not been asked yet. One that is let go was
// never asked, or its time passed: that closes nothing else (L5).
const (
	SentenceIsMeant SentenceStatus = "meant"
	SentenceIsAsked SentenceStatus = "asked"
	SentenceIsDone  SentenceStatus = "answered"
	SentenceIsLeft  SentenceStatus = "left"
	SentenceIsGone  SentenceStatus = "let-go"
)

// SentenceSource is what a question comes from: the same one asks once.
type SentenceSource struct {
	// Stream is where it lies, such as "journey/0198…", and Version its event.
	Stream  string `json:"stream"`
	Version int    `json:"version"`
}

// NoAnswer is the code of a question that was asked and that nobody answered while
// it was open. It is no answer, and is never read as one.
const NoAnswer Missing = "no-answer"

// leavings are the reasons with which somebody leaves a question.
var leavings = []Missing{Unwanted, TooIll, Unknown}

func (s Subject) takes(answer string) bool { return slices.Contains(s.Answers(), answer) }

// SentenceOrder is something that is asked of the questions to one person. What is
// answered ends up sealed.
type SentenceOrder interface{ Name() string }

// SentenceOrders lists an empty value of every command.
var SentenceOrders = []SentenceOrder{MeanToAsk{}, AnswerSentence{}, LeaveSentence{}, WakeSentences{}}

// MeanToAsk plans a question because of something that has happened in a journey. Step
// is what it is about, "" for the whole journey; Unit is whose work it is about.
type MeanToAsk struct {
	Source  SentenceSource `json:"source"`
	Subject Subject        `json:"subject"`
	Journey string         `json:"journey"`
	Step    string         `json:"step,omitempty"`
	Unit    care.UnitID    `json:"unit"`
}

// AnswerSentence answers one question; until its time is over it can be answered
// again.
type AnswerSentence struct {
	Sentence int    `json:"sentence"`
	Answer   string `json:"answer"`
}

// LeaveSentence leaves a question without an answer, or takes an answer back.
type LeaveSentence struct {
	Sentence int     `json:"sentence"`
	Missing  Missing `json:"missing"`
}

// WakeSentences is the command of time alone.
type WakeSentences struct{}

// The names never change, whatever the Go names do.

func (MeanToAsk) Name() string      { return "sentence.mean" }
func (AnswerSentence) Name() string { return "sentence.answer" }
func (LeaveSentence) Name() string  { return "sentence.leave" }
func (WakeSentences) Name() string  { return "sentence.wake" }
