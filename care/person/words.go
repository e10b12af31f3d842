package person

import (
	"slices"
	"time"

	"forlop/care"
)

func (d decision) sayWhatMatters(c SayWhatMatters) ([]care.Made, error) {
	if !slices.Contains(Topics, c.Topic) {
		return nil, care.Refuse("topic-unknown", "{topic} is not one of the topics.", "topic", care.Clip(string(c.Topic), longestName)).On("topic")
	}
	if err := d.checkOwnWords(); err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Words, "words", longestWords, true); err != nil {
		return nil, err
	}
	if err := d.unseen(d.s.Matters[c.Topic].Version); err != nil {
		return nil, err
	}
	review, err := d.review(c.ReviewBy, mattersHold)
	if err != nil {
		return nil, err
	}
	return []care.Made{{Event: MattersSaid{c.Topic, review}, Sealed: sealed("said", c.Words)}}, nil
}

func (d decision) confirmWhatMatters(c ConfirmWhatMatters) ([]care.Made, error) {
	m, ok := d.s.Matters[c.Topic]
	if !ok {
		return nil, care.Missing("matters-unsaid", "Nothing was said on {topic} yet.", "topic", care.Clip(string(c.Topic), longestName)).On("topic")
	}
	if err := d.unseen(m.Version); err != nil {
		return nil, err
	}
	review, err := d.review(c.ReviewBy, mattersHold)
	if err != nil {
		return nil, err
	}
	return one(MattersConfirmed{c.Topic, review}), nil
}

func (d decision) tellStory(c TellStory) ([]care.Made, error) {
	if err := d.checkOwnWords(); err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Words, "words", longestWords, true); err != nil {
		return nil, err
	}
	return []care.Made{{Event: StoryTold{d.s.Tellings() + 1}, Sealed: sealed("told", c.Words)}}, nil
}

// Tellings counts how often the own story was told or added to.
func (s State) Tellings() int {
	n := 0
	for _, w := range s.Words {
		if w.Kind == StoryWords {
			n++
		}
	}
	return n
}

func (d decision) object(c Object) ([]care.Made, error) {
	if d.s.words(c.To) == nil {
		return nil, care.Missing("words-unknown", "There are no words there to object to.").On("to")
	}
	if err := d.checkOwnWords(); err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Sentence, "sentence", longestWords, true); err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Objection, "objection", longestWords, true); err != nil {
		return nil, err
	}
	return []care.Made{{Event: Objected{c.To}, Sealed: sealed("sentence", c.Sentence, "objection", c.Objection)}}, nil
}

func (d decision) withdrawObjection(c WithdrawObjection) ([]care.Made, error) {
	o := d.s.objection(c.Objection)
	if o == nil {
		return nil, care.Missing("objection-unknown", "There is no such objection.").On("objection")
	}
	if o.Withdrawn {
		return nil, care.Unchanged()
	}
	if err := d.checkOwnWords(); err != nil {
		return nil, err
	}
	return one(ObjectionWithdrawn(c)), nil
}

// checkOwnWords keeps one person's words from standing as another's (L9): only
// the patient or a relative speaks here, themselves or through somebody who says
// so.
func (d decision) checkOwnWords() error {
	switch d.speaker().Party.Kind {
	case care.PartyPatient, care.PartyRelative:
		return nil
	}
	return care.Refuse("words-not-own", "These are the patient's or a relative's words. Say whose they are and how they reached you.")
}

// review is when words or limits are asked again: the given day, or the usual
// time from today.
func (d decision) review(by care.Date, usual care.Span) (time.Time, error) {
	if by.IsZero() {
		return d.deadline(usual), nil
	}
	if by.Before(d.today()) {
		return time.Time{}, datePast("reviewBy")
	}
	return d.endOf(by), nil
}

// sealed is free text by name; empty texts are left out.
func sealed(pairs ...string) care.Sealed {
	var s care.Sealed
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			if s == nil {
				s = care.Sealed{}
			}
			s[pairs[i]] = pairs[i+1]
		}
	}
	return s
}
