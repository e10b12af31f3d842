package questionnaire

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// SentenceState is what one person was asked in a sentence: the fold of the stream.
type SentenceState struct {
	Version   int
	Regime    care.Regime
	Sentences []Sentence
	// Free is from when on another question can be asked.
	Free time.Time
}

// Sentence is one question to one person. From is that of the newest putting off.
type Sentence struct {
	SentenceMeant
	Status SentenceStatus
	// Since is when what it comes from happened.
	Since        time.Time
	Asked, Until time.Time
	Missing      Missing
	// By is who answered or left it, and At when; the answer is sealed in event
	// Version.
	By      Speaker
	At      time.Time
	Version int
}

// Clone is a copy that shares nothing with s.
func (s SentenceState) Clone() SentenceState {
	s.Sentences = slices.Clone(s.Sentences)
	return s
}

// Open is the one question that is asked now.
func (s SentenceState) Open() (Sentence, bool) {
	i := slices.IndexFunc(s.Sentences, func(x Sentence) bool { return x.Status == SentenceIsAsked })
	if i < 0 {
		return Sentence{}, false
	}
	return s.Sentences[i], true
}

// Sentence is a question by its number; one that was never asked is none.
func (s SentenceState) Sentence(n int) (Sentence, bool) {
	if n < 1 || n > len(s.Sentences) || s.Sentences[n-1].Asked.IsZero() {
		return Sentence{}, false
	}
	return s.Sentences[n-1], true
}

// Takes reports whether a question can be answered at an instant, or answered anew.
func (x Sentence) Takes(at time.Time) bool {
	return !x.Asked.IsZero() && at.Before(x.Until) && x.Status != SentenceIsGone
}

// EvolveSentences folds one event into s. It fails, naming the event, on one that
// cannot follow.
func EvolveSentences(s *SentenceState, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("sentence: event %d cannot follow event %d", r.Version, s.Version)
	}
	if err := s.apply(r); err != nil {
		return fmt.Errorf("sentence, event %d (%s): %w", r.Version, r.Event.Type(), err)
	}
	s.Version = r.Version
	return nil
}

func (s *SentenceState) apply(r care.Recorded) error {
	if e, ok := r.Event.(SentenceMeant); ok {
		if e.Sentence != len(s.Sentences)+1 {
			return fmt.Errorf("question %d cannot follow %d", e.Sentence, len(s.Sentences))
		}
		s.Regime = e.Regime
		s.Sentences = append(s.Sentences, Sentence{SentenceMeant: e, Status: SentenceIsMeant, Since: r.Happened, Version: r.Version})
		return nil
	}
	number := 0
	switch e := r.Event.(type) {
	case SentencePutOff:
		number = e.Sentence
	case SentenceAsked:
		number = e.Sentence
	case SentenceAnswered:
		number = e.Sentence
	case SentenceLeft:
		number = e.Sentence
	case SentenceLetGo:
		number = e.Sentence
	}
	if number < 1 || number > len(s.Sentences) {
		return fmt.Errorf("there is no question %d", number)
	}
	x := &s.Sentences[number-1]
	if to, ok := nextStatus("sentence", string(x.Status), r.Event.Type()); ok {
		x.Status = SentenceStatus(to)
	}
	x.Version = r.Version
	switch e := r.Event.(type) {
	case SentencePutOff:
		x.From = e.From
	case SentenceAsked:
		x.Asked, x.Until = r.Learned, e.Until
		s.Free = r.Learned.Add(betweenSentences)
	case SentenceAnswered:
		x.Missing, x.By, x.At = "", speaker(r.Actor, r.Post, r.For), r.Happened
	case SentenceLeft:
		x.Missing, x.By, x.At = e.Missing, speaker(r.Actor, r.Post, r.For), r.Happened
	case SentenceLetGo:
		x.Missing, x.At = e.Missing, r.Learned
	}
	if s.Free.Before(r.Learned) && x.Status != SentenceIsMeant {
		s.Free = r.Learned
	}
	return nil
}
