package person

import (
	"slices"

	"forlop/care"
)

// The most that a limit can say; more is a slip. A week has 168 hours and a
// contact ends the day it starts.
const (
	mostPerWeek  = 100
	mostRestDays = 366
	mostMinutes  = 24 * 60
)

func (d decision) setEnergy(c SetEnergy) ([]care.Made, error) {
	for _, l := range []struct {
		field   string
		n, most int
	}{{"perWeek", c.PerWeek, mostPerWeek}, {"restDays", c.RestDays, mostRestDays}, {"minutes", c.Minutes, mostMinutes}} {
		if l.n < 0 || l.n > l.most {
			return nil, care.Refuse("limit-range", "That number cannot be meant.").On(l.field)
		}
	}
	if c.PerWeek == 0 && c.RestDays == 0 && c.Minutes == 0 {
		return nil, care.Refuse("limit-needed", "Give at least one limit, or say that there are none any more.").On("perWeek")
	}
	if err := d.unseen(d.s.Energy.Version); err != nil {
		return nil, err
	}
	review, err := d.review(c.ReviewBy, energyHolds)
	if err != nil {
		return nil, err
	}
	return one(EnergySet{c.PerWeek, c.RestDays, c.Minutes, review}), nil
}

func (d decision) liftEnergy() ([]care.Made, error) {
	if !d.s.Energy.Set() {
		return nil, care.Unchanged()
	}
	if err := d.unseen(d.s.Energy.Version); err != nil {
		return nil, err
	}
	return one(EnergyLifted{}), nil
}

func (d decision) setAdaptations(c SetAdaptations) ([]care.Made, error) {
	for _, a := range c.Adaptations {
		if !slices.Contains(Adaptations, a) {
			return nil, care.Refuse("adaptation-unknown", "{adaptation} is not one of the adaptations.", "adaptation", care.Clip(string(a), longestName)).On("adaptations")
		}
	}
	if err := care.CheckText(c.Note, "note", longestWords, false); err != nil {
		return nil, err
	}
	if err := d.unseen(d.s.Adaptations.Version); err != nil {
		return nil, err
	}
	list := []Adaptation{}
	for _, a := range Adaptations {
		if slices.Contains(c.Adaptations, a) {
			list = append(list, a)
		}
	}
	if slices.Equal(list, d.s.Adaptations.List) && c.Note == "" {
		return nil, care.Unchanged()
	}
	return []care.Made{{Event: AdaptationsSet{list, c.Note != ""}, Sealed: sealed("note", c.Note)}}, nil
}

func (d decision) setLanguages(c SetLanguages) ([]care.Made, error) {
	if !slices.Contains(care.Languages, c.Reading) {
		return nil, care.Refuse("language-unknown", "Pages are written in nb, nn, sv and en.").On("reading")
	}
	if c.Interpreter != "" && !isLanguageCode(c.Interpreter) {
		return nil, care.Refuse("interpreter-form", "Name the interpreter's language by its ISO 639 code of two or three letters.").On("interpreter")
	}
	if c.Interpreter != "" && c.NoInterpreter {
		return nil, care.Refuse("interpreter-both", "An interpreter is either needed or not: give a language, or say that none is needed.").On("interpreter")
	}
	if err := d.unseen(d.s.Languages.Version); err != nil {
		return nil, err
	}
	if is := d.s.Languages; c.Reading == is.Reading && c.Interpreter == is.Interpreter && c.NoInterpreter == is.NoInterpreter {
		return nil, care.Unchanged()
	}
	return one(LanguagesSet(c)), nil
}

func isLanguageCode(s string) bool {
	if len(s) < 2 || len(s) > 3 {
		return false
	}
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return true
}

func (d decision) setChannel(c SetChannel) ([]care.Made, error) {
	switch c.Channel {
	case care.ByPage, care.ByLetter, care.ByPhone:
	default:
		return nil, care.Refuse("channel-unknown", "People are told things by page, letter or phone.").On("channel")
	}
	if err := d.unseen(d.s.Channel.Version); err != nil {
		return nil, err
	}
	if c.Channel == d.s.Channel.Channel && c.SMS == d.s.Channel.SMS {
		return nil, care.Unchanged()
	}
	return one(ChannelSet(c)), nil
}
