package casework

import (
	"errors"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/store"
)

// ItemLinks asks what of a journey waits for a party without an account, and
// which secure links are out. It is part of reading the journey.
type ItemLinks struct{ Journey string }

// LinkedTo is one open thing that a secure link can be made to.
type LinkedTo struct {
	Item Item
	// For is who is asked, told or offered to.
	For care.Party
	// Made and Until are when the newest link was made and when it ends; zero
	// where none is out.
	Made, Until time.Time
}

// Name of the question.
func (ItemLinks) Name() string { return "journey" }

func (q ItemLinks) answer(r *reading) ([]LinkedTo, []care.PersonKey, error) {
	st := store.StreamOf("journey", q.Journey)
	state, _, err := r.load(st)
	if err != nil {
		return nil, nil, err
	}
	j := state.(*journey.State)
	if j.Status == journey.NotOpened {
		return nil, nil, noJourney()
	}
	if err := r.see(st, j); err != nil {
		return nil, nil, err
	}
	r.shows(st)
	var out []LinkedTo
	for _, all := range []struct {
		kind ItemKind
		n    int
	}{{QuestionItem, len(j.Questions)}, {ConsultItem, len(j.Consults)}, {ContributionItem, len(j.Contributions)}, {TellingItem, len(j.Tellings)}, {OfferItem, len(j.Offers)}} {
		for number := 1; number <= all.n; number++ {
			item := Item{Kind: all.kind, Target: q.Journey, Number: number}
			if _, err := r.s.linkable(item, j, r.now); err != nil {
				continue // closed, or for somebody who logs in
			}
			v := LinkedTo{Item: item}
			v.For, _ = item.in(j)
			if err := r.unplace(&v.For, j); err != nil {
				return nil, nil, err
			}
			var err error
			if v.Made, v.Until, err = r.linkOut(item); err != nil {
				return nil, nil, err
			}
			out = append(out, v)
		}
	}
	items, whom, err := r.timesLinks(q.Journey, j)
	if err != nil {
		return nil, nil, err
	}
	for n, item := range items {
		v := LinkedTo{Item: item, For: whom[n]}
		if v.Made, v.Until, err = r.linkOut(item); err != nil {
			return nil, nil, err
		}
		out = append(out, v)
	}
	return out, []care.PersonKey{j.Person}, nil
}

// linkOut is when the newest link to an item was made and when it ends; zero where
// none is out.
func (r *reading) linkOut(item Item) (made, until time.Time, err error) {
	newest, err := r.s.store.Session(r.ctx, r.s.keys.Hash(itemNewest, item.String()))
	if errors.Is(err, store.ErrNotFound) {
		return made, until, nil
	}
	if err != nil {
		return made, until, err
	}
	_, link, err := r.s.keptLink(r.ctx, newest.Actor, r.now)
	if _, dead := care.AsRefusal(err); dead {
		return made, until, nil
	}
	return link.Created, link.Expires, err
}
