package person

import (
	"fmt"

	"forlop/care"
)

func (s *State) applyPause(r care.Recorded) error {
	if e, ok := r.Event.(Paused); ok {
		if err := next("pause", e.Pause, len(s.Pauses)); err != nil {
			return err
		}
		s.Pauses = append(s.Pauses, PauseState{
			Number: e.Pause, Why: e.Why, From: e.From, Until: e.Until, Begins: e.Begins, Ends: e.Ends,
			By: speaker(r.Actor, r.Post, r.For), Since: r.Learned, Version: r.Version,
		})
		return nil
	}
	number := 0
	switch e := r.Event.(type) {
	case PauseReviewed:
		number = e.Pause
	case PauseEnded:
		number = e.Pause
	}
	p, err := at("pause", s.Pauses, number)
	if err != nil {
		return err
	}
	if e, ok := r.Event.(PauseEnded); ok {
		p.Ends = care.Later(p.Begins, care.Earlier(p.Ends, e.At))
	}
	p.Closed, p.Version = true, r.Version
	return nil
}

// pause never stands in the way of somebody who is too ill: where reminders rest
// already, the new pause takes the rest of the old one with it.
func (d decision) pause(c Pause) ([]care.Made, error) {
	if c.Why != TooIll && c.Why != ByWish {
		return nil, care.Refuse("pause-why", "Say whether it is because of illness or by wish.").On("why")
	}
	from, until := c.From, c.Until
	if from.IsZero() {
		from = d.cal.Date(d.act.When())
	}
	if until.IsZero() {
		until = d.cal.Add(from, tooIll).AddDays(-1)
	}
	switch {
	case until.Before(from):
		return nil, care.Refuse("time-empty", "The end must not come before the start.").On("until")
	case until.Before(d.today()):
		return nil, datePast("until")
	case until.After(d.cal.Add(from, longestPause)):
		return nil, care.Refuse("pause-long", "A pause lasts at most {span} at a time, so that somebody looks how you are. Ask again then.",
			"span", longestPause.String()).On("until")
	}
	var made []care.Made
	for _, p := range d.s.Pauses {
		begins, ends := d.startOf(from), d.endOf(until)
		if !p.Ends.After(d.act.At) || !p.Ends.After(begins) || !p.Begins.Before(ends) {
			continue // over, or at another time
		}
		if !p.Closed && !p.Begins.After(begins) && !p.Ends.Before(ends) {
			return nil, care.Refuse("pause-already", "Reminders rest until {date} already.", "date", d.cal.LastDay(p.Ends).String()).On("until")
		}
		if last := d.cal.LastDay(p.Ends); last.After(until) {
			until = last
		}
		made = append(made, care.Made{Event: PauseEnded{p.Number, care.Later(p.Begins, d.startOf(from))}})
	}
	return append(made, care.Made{Event: Paused{
		Pause: len(d.s.Pauses) + 1, Why: c.Why, From: from, Until: until, Begins: d.startOf(from), Ends: d.endOf(until),
	}}), nil
}

func (d decision) reviewPause(c ReviewPause) ([]care.Made, error) {
	p, err := d.openPause(c.Pause)
	if err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Note, "note", longestWords, false); err != nil {
		return nil, err
	}
	return []care.Made{{Event: PauseReviewed{p.Number}, Sealed: sealed("note", c.Note)}}, nil
}

func (d decision) endPause(c EndPause) ([]care.Made, error) {
	p, err := at("pause", d.s.Pauses, c.Pause)
	if err != nil {
		return nil, noSuchPause(c.Pause)
	}
	if p.Closed && !p.Ends.After(d.act.When()) {
		return nil, care.Unchanged()
	}
	if err := d.unseen(p.Version); err != nil {
		return nil, err
	}
	return one(PauseEnded{p.Number, care.Later(p.Begins, exact(d.act.When()))}), nil
}

func (d decision) openPause(number int) (PauseState, error) {
	p, err := at("pause", d.s.Pauses, number)
	if err != nil {
		return PauseState{}, noSuchPause(number)
	}
	if p.Closed {
		return PauseState{}, care.Unchanged()
	}
	return *p, d.unseen(p.Version)
}

func noSuchPause(number int) error {
	return care.Missing("pause-unknown", "There is no pause {pause}.", "pause", fmt.Sprint(number)).On("pause")
}
