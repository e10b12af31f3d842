package questionnaire

import (
	"time"

	"forlop/care"
)

// DueSentences is when time alone next changes what a person is asked: the open
// question is let go, or the next one can be asked.
func DueSentences(s SentenceState) (time.Time, bool) {
	if x, open := s.Open(); open {
		return x.Until, true
	}
	x, ok := s.next()
	if !ok {
		return time.Time{}, false
	}
	return care.Later(x.From, s.Free), true
}

// next is the question that is asked next: the one whose time comes first.
func (s SentenceState) next() (Sentence, bool) {
	var next Sentence
	for _, x := range s.Sentences {
		if x.Status == SentenceIsMeant && (next.Sentence == 0 || x.From.Before(next.From)) {
			next = x
		}
	}
	return next, next.Sentence != 0
}

// wake lets the open question go when its time is over, and asks the next: one at
// a time, with days between them, and not while reminders rest.
func (s SentenceState) wake(at time.Time, k KnownOfPerson) []care.Made {
	if x, open := s.Open(); open {
		if x.Until.After(at) {
			return nil
		}
		return one(SentenceLetGo{x.Sentence, NoAnswer})
	}
	x, ok := s.next()
	if !ok || care.Later(x.From, s.Free).After(at) {
		return nil
	}
	last := x.Since.Add(sentenceStays)
	switch {
	case k.Dead, s.askedLately(x, at), !last.After(at), !last.After(k.Rests):
		return one(SentenceLetGo{x.Sentence, NotAsked})
	case k.Rests.After(at):
		return one(SentencePutOff{x.Sentence, k.Rests.UTC()})
	}
	return one(SentenceAsked{x.Sentence, at.Add(sentenceOpen).UTC()})
}

// askedLately reports whether the same was asked so short a time ago that it is not
// asked again.
func (s SentenceState) askedLately(x Sentence, at time.Time) bool {
	for _, had := range s.Sentences {
		if had.Subject == x.Subject && !had.Asked.IsZero() && had.Asked.Add(sameSentence).After(at) {
			return true
		}
	}
	return false
}
