package questionnaire

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// KnownOfPerson is what a decision about the questions to a person must know of
// them.
type KnownOfPerson struct {
	Regime care.Regime
	Dead   bool
	// Rests is until when they asked for reminders to rest.
	Rests time.Time
}

// DecideSentences decides a command on the questions to one person. It never
// changes s.
func DecideSentences(s SentenceState, c SentenceOrder, act care.Act, k KnownOfPerson) ([]care.Made, error) {
	if act.When().After(act.At) {
		return nil, care.Refuse("happened-in-future", "What has not happened yet cannot be recorded.").On("happened")
	}
	switch c := c.(type) {
	case MeanToAsk:
		return s.mean(c, act, k)
	case AnswerSentence:
		x, err := s.takes(c.Sentence, act, k)
		if err != nil {
			return nil, err
		}
		if !x.Subject.takes(c.Answer) {
			return nil, care.Refuse("sentence-answer", "Choose one of the answers, or skip the question.").On("answer")
		}
		return []care.Made{{Event: SentenceAnswered{c.Sentence}, Sealed: care.Sealed{"answer": c.Answer}}}, nil
	case LeaveSentence:
		x, err := s.takes(c.Sentence, act, k)
		switch {
		case err != nil:
			return nil, err
		case !slices.Contains(leavings, c.Missing):
			return nil, care.Refuse("form-missing-unknown", "{code} is no reason for leaving a question out.", "code", care.Clip(string(c.Missing), longestEcho)).On("answer")
		case x.Status == SentenceIsLeft && x.Missing == c.Missing:
			return nil, care.Unchanged()
		}
		return one(SentenceLeft(c)), nil
	case WakeSentences:
		return s.wake(act.At, k), nil
	}
	return nil, fmt.Errorf("questionnaire: %s is not a command for questions to a person", c.Name())
}

// mean plans a question, once for each cause. What happened so long ago that
// nobody would know what is meant is not asked about.
func (s SentenceState) mean(c MeanToAsk, act care.Act, k KnownOfPerson) ([]care.Made, error) {
	if !slices.Contains(subjects, c.Subject) {
		return nil, care.Refuse("sentence-subject", "{subject} is not something that is asked in a sentence.", "subject", care.Clip(string(c.Subject), longestEcho)).On("subject")
	}
	same := func(x Sentence) bool { return x.Source == c.Source && x.Subject == c.Subject }
	waits := func(x Sentence) bool { return x.Subject == c.Subject && x.Status == SentenceIsMeant }
	from := care.CalendarOf(k.Regime).Deadline(act.When(), after[c.Subject]).UTC()
	if k.Dead || slices.ContainsFunc(s.Sentences, same) || slices.ContainsFunc(s.Sentences, waits) || !from.Add(sentenceStays).After(act.At) {
		return nil, care.Unchanged()
	}
	return one(SentenceMeant{
		Sentence: len(s.Sentences) + 1, Regime: k.Regime, Source: c.Source, Subject: c.Subject,
		Journey: c.Journey, Step: c.Step, Unit: c.Unit, From: from,
	}), nil
}

// takes finds the question that somebody answers or leaves.
func (s SentenceState) takes(n int, act care.Act, k KnownOfPerson) (Sentence, error) {
	switch speaker(act.Actor, act.Post, act.For).Party.Kind {
	case care.PartyPatient, care.PartyRelative:
	default:
		return Sentence{}, care.Refuse("form-whose", "These are the patient's or a relative's answers. Say whose they are and how they reached you.").On("behalf")
	}
	x, ok := s.Sentence(n)
	switch {
	case !ok:
		return x, care.Missing("no-sentence", "There is no such question.")
	case k.Dead:
		return x, care.Refuse("person-died", "This person has died.")
	case !x.Takes(act.At):
		return x, care.Refuse("sentence-over", "The time for this question is over. Nothing depends on it.")
	case act.Seen != 0 && int(act.Seen) != x.Version:
		return x, care.Stale("form-answered-meanwhile", "This question was answered meanwhile, perhaps in another window. Look at it again.")
	}
	return x, nil
}
