package casework

import (
	"forlop/care"
	"forlop/care/booking"
	"forlop/journey"
	"forlop/store"
)

// TimesItem is the one answer that somebody without an account owes to proposed
// times. Its number is that of the proposals and of who is asked.
const TimesItem ItemKind = "times"

// perPoll divides a number into that of the proposals and of who is asked.
const perPoll = 100

// timesItem is the answer of one who is asked.
func timesItem(p care.PersonKey, poll, who int) Item {
	return Item{Kind: TimesItem, Target: string(p), Number: poll*perPoll + who}
}

// asked finds the proposals that an item asks somebody about; open is false where
// the time is set or taken back. Until then an answer can be changed.
func (i Item) asked(b *booking.State) (poll *booking.Poll, who int, open bool) {
	n, who := i.Number/perPoll, i.Number%perPoll
	if i.Kind != TimesItem || n < 1 || n > len(b.Polls) || who < 1 || who > len(b.Polls[n-1].People) {
		return nil, 0, false
	}
	p := &b.Polls[n-1]
	return p, who, p.Open
}

// timesLinks lists who of a journey is asked for a common time and has not
// answered.
func (r *reading) timesLinks(id string, j *journey.State) ([]Item, []care.Party, error) {
	state, version, err := r.load(store.StreamOf("booking", string(j.Person)))
	if err != nil || version == 0 {
		return nil, nil, err
	}
	var items []Item
	var whom []care.Party
	b := state.(*booking.State)
	for _, p := range b.Polls {
		if !p.Open || p.Journey != id {
			continue
		}
		for _, who := range p.Silent() {
			item := timesItem(j.Person, p.Poll, who)
			if _, err := r.s.linkable(item, b, r.now); err == nil {
				items, whom = append(items, item), append(whom, p.People[who-1])
			}
		}
	}
	return items, whom, nil
}
