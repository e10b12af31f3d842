package booking

import (
	"slices"

	"forlop/care"
)

// wish records what the person wishes about an appointment. It changes nothing of
// the appointment itself: the post that owns it answers, and nobody loses their
// place by asking (L5).
func (d decision) wish(c Wish) ([]care.Made, error) {
	st, ok := d.k.Step(c.Journey, c.Step)
	switch {
	case !slices.Contains(WishKinds, c.Kind):
		return nil, care.Refuse("wish-kind", "Say what you wish: another time, to cancel, to ask, or that it is made easier.").On("kind")
	case !ok:
		return nil, care.Missing("no-such-step", "There is no such step in this journey.")
	case !st.Live:
		return nil, care.Stale("appointment-over", "This appointment is over. You can write a message about it.")
	case !care.Instant(c.For).Equal(st.Planned):
		return nil, care.Stale("appointment-moved", "The appointment got another time meanwhile. Look at it again; what you wrote is kept.")
	case st.Planned.IsZero() && !st.Missed:
		return nil, care.Refuse("appointment-none", "No time is set yet.")
	case c.Kind == WishAsk && c.Words == "":
		return nil, care.Refuse("wish-question", "Write what you want to ask.").On("words")
	case c.Kind == WishAdapt && len(c.Adaptations) == 0 && c.Words == "":
		return nil, care.Refuse("wish-adapt", "Choose what would make it easier, or write it.").On("adaptations")
	case care.Longer(c.Words, longestWords):
		return nil, care.Refuse("wish-long", "That is too long to send at once. Send it in parts.").On("words")
	}
	var chosen []Adaptation
	for _, a := range Adaptations {
		if slices.Contains(c.Adaptations, a) {
			chosen = append(chosen, a)
		}
	}
	if len(chosen) != len(c.Adaptations) {
		return nil, care.Refuse("adaptation-none", "Choose from the list.").On("adaptations")
	}
	for _, w := range d.s.Wishes {
		if w.Open && w.Journey == c.Journey && w.Step == c.Step && w.Kind == c.Kind && c.Kind != WishAsk && w.For.Equal(st.Planned) {
			return nil, care.Refuse("wish-open", "You have asked for this already. We answer by {date}.", "date", d.cal.LastDay(w.By).String())
		}
	}
	e := Wished{
		Wish: len(d.s.Wishes) + 1, Journey: c.Journey, Step: c.Step, Kind: c.Kind, For: care.Instant(c.For), Adaptations: chosen,
		Owner: st.Owner, By: d.deadline(toAnswerWish),
	}
	if !st.Planned.IsZero() && st.Planned.After(d.act.At) {
		e.By = care.Earlier(e.By, st.Planned) // an answer after the appointment is none
	}
	return one(e, "said", c.Words), nil
}

func (d decision) openWish(n int) (WishState, error) {
	if n < 1 || n > len(d.s.Wishes) {
		return WishState{}, care.Missing("no-such-wish", "There is no such wish.")
	}
	w := d.s.Wishes[n-1]
	if !w.Open {
		return w, care.Stale("wish-over", "This is answered or taken back already.")
	}
	return w, nil
}

func (d decision) takeBack(c TakeBack) ([]care.Made, error) {
	if _, err := d.openWish(c.Wish); err != nil {
		return nil, err
	}
	return one(WishTakenBack(c)), nil
}

func (d decision) answerWish(c AnswerWish) ([]care.Made, error) {
	w, err := d.openWish(c.Wish)
	if err != nil {
		return nil, err
	}
	if err := d.seen(w.Version); err != nil {
		return nil, err
	}
	switch c.Outcome {
	case WishDone, WishTalked:
	case WishNotPossible:
		if c.Words == "" {
			return nil, care.Refuse("wish-why-not", "Write why it is not possible, and what is. The patient reads it.").On("words")
		}
	default:
		return nil, care.Refuse("wish-outcome", "Say what came of it: done, not possible, or talked through.").On("outcome")
	}
	if w.Kind == WishAsk && c.Words == "" && c.Outcome != WishTalked {
		return nil, care.Refuse("wish-answer", "Write the answer. The patient reads it.").On("words")
	}
	return one(WishAnswered{c.Wish, c.Outcome}, "answer", c.Words), nil
}
