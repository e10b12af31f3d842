package questionnaire

import (
	"time"

	"forlop/care"
)

// The times of a form. None has a national source: each is proposed by us.
var (
	// toRead: what was sent is read within this time; proposed.
	toRead = care.Span{N: 5, Unit: care.WorkingDays}
	// toLook: somebody looks at a form that was not answered; proposed.
	toLook = care.Span{N: 5, Unit: care.WorkingDays}
	// longestWait: a form is asked for within this time; proposed.
	longestWait = care.Span{N: 12, Unit: care.Months}
	// after says how long after its moment something is asked in a sentence: long
	// enough to have come home from it, and short enough to remember; proposed.
	after = map[Subject]care.Span{
		KnowsWhat:   {N: 7, Unit: care.Days},
		WasBelieved: {N: 3, Unit: care.Days},
		HowHeavy:    {N: 14, Unit: care.Days},
	}
)

const (
	// toAct: an answer that must never lie unseen climbs to the lead when nobody
	// has acted on it; proposed.
	toAct = 2 * time.Hour
	// longestWords is the length of one text in characters, some ten pages.
	longestWords = 40_000
	// longestEcho is how much of what was given a refusal says back, in characters.
	longestEcho = 40
	// sentenceOpen is how long a question in a sentence stays open, sentenceStays how
	// long after its moment it can still be asked; proposed.
	sentenceOpen, sentenceStays = 30 * 24 * time.Hour, 60 * 24 * time.Hour
	// betweenSentences lies between one question in a sentence and the next to the
	// same person, sameSentence before the same one comes again; proposed.
	betweenSentences, sameSentence = 14 * 24 * time.Hour, 90 * 24 * time.Hour
)
