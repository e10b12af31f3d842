package casework

import (
	"context"
	"errors"
	"slices"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/store"
)

// merge makes two records one person's in the append that says so: the other one
// names its alias, blocks of both hold for both, and proxies of both are asked
// anew. No event gets another key (invariant 41).
func (w *work) merge(from *person.State, act care.Act) error {
	into := from.MergedInto
	o, err := w.open(store.StreamOf("person", string(into)))
	if err != nil {
		return err
	}
	// Who merges must have a basis in both records; else they could reach a
	// stranger's by calling them the same person.
	if err := w.may(w.order, o); err != nil {
		return err
	}
	switch other := o.now.(*person.State); {
	case other.Version == 0:
		return noPerson()
	case other.MergedInto != "" || len(from.Aliases) > 0:
		return care.Refuse("merge-chain", "One of the two is merged with a third record. Part them first, then merge each into the one that stays.").On("into")
	case other.Regime != from.Regime:
		return care.Refuse("merge-regime", "The two records stand under the law of two countries, and cannot become one.").On("into")
	}
	if _, err := w.carry(o.stream, person.AddAlias{Alias: from.Person}, act); err != nil {
		return err
	}
	if err := w.together(from.Person, into, act, func(with care.PersonKey) []access.Command {
		return []access.Command{access.JoinRecord{With: with}, access.Reattest{}}
	}); err != nil {
		return err
	}
	return w.hideBoth(from.Person, into)
}

// hideBoth marks both records where the address of one is hidden: before the
// append, so that no crash leaves an address in sight.
func (w *work) hideBoth(a, b care.PersonKey) error {
	for _, pair := range [][2]care.PersonKey{{a, b}, {b, a}} {
		c := w.on[store.StreamOf("consent", string(pair[0]))].now.(*access.State)
		if !c.Protected() {
			continue
		}
		other := w.on[store.StreamOf("consent", string(pair[1]))].now.(*access.State)
		if other.Protected() {
			continue
		}
		if err := w.s.protect(w.ctx, string(pair[1]), c.Protection); err != nil {
			return err
		}
	}
	return nil
}

// part takes a merge back: what the two records were before, they are again.
func (w *work) part(was, now *person.State, act care.Act) error {
	if was.MergedInto == "" || now.MergedInto != "" {
		return care.Refuse("unmerge-from", "Part the two from the record that was merged into the other one.").On("other")
	}
	other, err := w.open(store.StreamOf("person", string(was.MergedInto)))
	if err != nil {
		return err
	}
	if err := w.may(w.order, other); err != nil {
		return err
	}
	if _, err := w.carry(other.stream, person.Unmerge{Other: was.Person}, act); err != nil {
		return err
	}
	return w.together(was.Person, was.MergedInto, act, func(with care.PersonKey) []access.Command {
		return []access.Command{access.PartRecord{With: with}, access.RestoreProxies{}}
	})
}

// together carries the same out in the consents of both.
func (w *work) together(a, b care.PersonKey, act care.Act, commands func(with care.PersonKey) []access.Command) error {
	service := care.Act{At: act.At, Actor: care.Service}
	for _, pair := range [][2]care.PersonKey{{a, b}, {b, a}} {
		for _, c := range commands(pair[1]) {
			_, err := w.carry(store.StreamOf("consent", string(pair[0])), c, service)
			if refusal, refused := care.AsRefusal(err); refused && refusal.Code == "nothing-changes" {
				err = nil
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// surviving is the key a person is known under now.
func (s *Service) surviving(ctx context.Context, p care.PersonKey) (care.PersonKey, error) {
	if p == "" {
		return p, nil
	}
	state, _, err := s.load(ctx, store.StreamOf("person", string(p)))
	if err != nil {
		return p, err
	}
	if into := state.(*person.State).MergedInto; into != "" {
		return into, nil
	}
	return p, nil
}

// foundPerson finds the person with a hashed number, under the key they are known
// by now; "" where there is none.
func (s *Service) foundPerson(ctx context.Context, hash []byte) (care.PersonKey, error) {
	found, err := s.store.Find(ctx, hash)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return s.surviving(ctx, care.PersonKey(found))
}

// records are all keys of a person: the one that is known now, and its aliases.
func (s *Service) records(ctx context.Context, p care.PersonKey) ([]care.PersonKey, error) {
	p, err := s.surviving(ctx, p)
	if err != nil {
		return nil, err
	}
	state, _, err := s.load(ctx, store.StreamOf("person", string(p)))
	if err != nil {
		return nil, err
	}
	return slices.Concat([]care.PersonKey{p}, state.(*person.State).Aliases), nil
}

// known are the identities under which some persons are known now: who has two
// records is called in every list what the one that stays says.
func (r *reading) known(subjects []string) (map[string]Identity, error) {
	stays := map[string]string{}
	all := slices.Clone(subjects)
	for _, k := range subjects {
		into, err := r.s.surviving(r.ctx, care.PersonKey(k))
		if err != nil {
			return nil, err
		}
		if string(into) != k {
			stays[k] = string(into)
			all = append(all, string(into))
		}
	}
	who, err := r.s.identities(r.ctx, all)
	if err != nil {
		return nil, err
	}
	for k, into := range stays {
		if i, ok := who[into]; ok {
			who[k] = i
		}
	}
	return who, nil
}

// merged says of a record that is one of two what the one that stays says: what
// the person is called, and who their first contact is.
func (v *PersonView) merged(r *reading) error {
	v.Merged, v.Aliases = v.State.MergedInto, v.State.Aliases
	if v.Merged == "" {
		return nil
	}
	state, _, err := r.s.load(r.ctx, store.StreamOf("person", string(v.Merged)))
	if err != nil {
		return err
	}
	v.Contact = firstContact(*state.(*person.State), r.dir, r.now)
	who, err := r.s.identities(r.ctx, []string{string(v.Merged)})
	if i, ok := who[string(v.Merged)]; ok {
		v.Identity = i
	}
	return err
}

// MergePreview asks what merging one record into another would mean, before it is
// done. The asker takes part in both.
type MergePreview struct{ From, Into care.PersonKey }

// JourneyRow is what a list says of a journey.
type JourneyRow = store.Journey

// MergeView is both records side by side.
type MergeView struct {
	From, Into PersonView
	// FromJourneys and IntoJourneys are those of the journeys that the asker may
	// see.
	FromJourneys, IntoJourneys []JourneyRow
	// Blocks is how many blocks would hold for both, Proxies how many proxies would
	// be asked anew.
	Blocks, Proxies int
	// Merged says that the two are one now.
	Merged bool
	people
}

// Name of the question.
func (MergePreview) Name() string { return "merge-preview" }

func (q MergePreview) answer(r *reading) (MergeView, []care.PersonKey, error) {
	var v MergeView
	for _, side := range []struct {
		key      care.PersonKey
		view     *PersonView
		journeys *[]store.Journey
	}{{q.From, &v.From, &v.FromJourneys}, {q.Into, &v.Into, &v.IntoJourneys}} {
		if err := r.seePerson(side.key); err != nil {
			return MergeView{}, nil, err
		}
		var err error
		if *side.view, err = r.person(side.key); err != nil {
			return v, nil, err
		}
		// Each as it was before, so that they can be told apart.
		if side.view.Identity, err = r.identity(side.key); err != nil {
			return v, nil, err
		}
		side.view.Contact = firstContact(*side.view.State, r.dir, r.now)
		if *side.journeys, err = r.store.Journeys(r.ctx, store.JourneyQuery{Scope: r.s.scope(r.who, r.now), Person: side.key, Limit: 100}); err != nil {
			return v, nil, err
		}
		state, _, err := r.load(store.StreamOf("consent", string(side.key)))
		if err != nil {
			return v, nil, err
		}
		c := state.(*access.State)
		v.Blocks += len(c.Denies())
		for _, p := range c.Proxies {
			if p.Status == access.ProxyActive {
				v.Proxies++
			}
		}
	}
	v.Merged = v.From.Merged == q.Into
	var err error
	v.people, err = r.people([]care.Post{v.From.Contact, v.Into.Contact})
	return v, []care.PersonKey{q.From, q.Into}, err
}
