package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/store"
)

// hide takes out what would give the place of a protected person away: who the
// GP is and where they live.
func (v *PersonView) hide() {
	if v.Identity.Protected == "" {
		return
	}
	hidden := v.State.Clone()
	hidden.GPs, hidden.Municipalities = nil, nil
	v.State = &hidden
}

// protect marks a person's identity, or takes the mark away.
func (s *Service) protect(ctx context.Context, subject string, kind access.Protection) error {
	all, err := s.wholeIdentities(ctx, []string{subject})
	if err != nil {
		return err
	}
	i, known := all[subject]
	if i.Protected == kind || !known && kind == "" {
		return nil
	}
	i.Protected = kind
	return s.putIdentity(ctx, subject, i)
}

// protection is how a person's address is hidden: as they are protected
// themselves, or as their other record is, where they have two. What one record
// hides, the other may not tell.
func (s *Service) protection(ctx context.Context, c *access.State) (access.Protection, error) {
	if c.Protected() {
		return c.Protection, nil
	}
	for _, with := range c.With {
		state, _, err := s.load(ctx, store.StreamOf("consent", string(with)))
		if err != nil {
			return "", err
		}
		if other := state.(*access.State); other.Protected() {
			return other.Protection, nil
		}
	}
	return "", nil
}

// aftermath carries out in the vault what an order's events decided about it.
// Where the program stops in between, the worker reads the same events from its
// cursor and does it again.
func (w *work) aftermath() error {
	for _, o := range w.list {
		c, ok := o.now.(*access.State)
		if !ok {
			continue
		}
		for _, e := range o.events {
			if err := w.s.vault(w.ctx, e.Type, care.PersonKey(o.stream.ID()), c); err != nil {
				return err
			}
		}
	}
	return nil
}

// vault makes the vault what a person's consents say, after an event of theirs.
// Doing it twice changes nothing.
func (s *Service) vault(ctx context.Context, event string, p care.PersonKey, c *access.State) error {
	switch event {
	case access.AddressProtected{}.Type(), access.AddressUnprotected{}.Type(), access.RecordJoined{}.Type(), access.RecordParted{}.Type():
		for _, k := range slices.Concat([]care.PersonKey{p}, c.With) {
			if err := s.mark(ctx, k); err != nil {
				return err
			}
		}
	case access.ErasureApproved{}.Type():
		return s.erase(ctx, p, c)
	}
	return nil
}

// mark makes the mark in the vault what the consents of a person's records say.
func (s *Service) mark(ctx context.Context, p care.PersonKey) error {
	state, _, err := s.load(ctx, store.StreamOf("consent", string(p)))
	if err != nil {
		return err
	}
	kind, err := s.protection(ctx, state.(*access.State))
	if err == nil {
		err = s.protect(ctx, string(p), kind)
	}
	if refusal, refused := care.AsRefusal(err); refused && refusal.Code == personErased().Code {
		return nil // erased since, and the mark with everything else
	}
	return err
}

// unmarked takes the mark off somebody whose address is not protected: the
// program stopped after it was set, and before or after what it stood for was
// decided.
func (r *reading) unmarked(p care.PersonKey, i Identity) (Identity, error) {
	if i.Protected == "" {
		return i, nil
	}
	state, _, err := r.s.load(r.ctx, store.StreamOf("consent", string(p)))
	if err != nil {
		return i, err
	}
	if kind, err := r.s.protection(r.ctx, state.(*access.State)); err != nil || kind != "" {
		return i, err
	}
	if err := r.s.protect(r.ctx, string(p), ""); err != nil {
		return i, err
	}
	return r.s.identity(r.ctx, string(p))
}

// inVault finds what the vault keeps of a person though their consents say
// otherwise; what it says is for an operator. Marks are read only where the site's
// key is at hand.
func (s *Service) inVault(ctx context.Context, p care.PersonKey, c *access.State) (string, error) {
	if c.Erased() {
		_, err := s.store.Key(ctx, string(p))
		if errors.Is(err, store.ErrNotFound) {
			return "", nil
		}
		return "its erasure is approved and the key is still there; serve the database, and a worker destroys it", err
	}
	if s.keys == nil {
		return "", nil
	}
	all, err := s.wholeIdentities(ctx, []string{string(p)})
	if err != nil {
		return "", err
	}
	kind, err := s.protection(ctx, c)
	if err != nil || all[string(p)].Protected == kind {
		return "", err
	}
	return fmt.Sprintf("its address has the protection %q, and the mark in the vault says %q", kind, all[string(p)].Protected), nil
}

// HiddenAddress asks for the address of somebody whose address is hidden by law.
// It takes a reason, which the log keeps with the look.
type HiddenAddress struct{ Person care.PersonKey }

// AddressView is what a hidden address hides.
type AddressView struct {
	Person   care.PersonKey
	Identity Identity
	// GP and Municipality are the newest that are known.
	GP, Municipality care.Party
}

// Name of the question.
func (HiddenAddress) Name() string { return "hidden-address" }

func (q HiddenAddress) answer(r *reading) (AddressView, []care.PersonKey, error) {
	v := AddressView{Person: q.Person}
	if r.who.Reason == "" {
		return v, nil, care.Refuse("reason-missing", "Say why you look. The patient can read it.").On("reason")
	}
	if err := r.seePerson(q.Person); err != nil {
		return v, nil, err
	}
	all, err := r.s.wholeIdentitiesIn(r.ctx, r.store, []string{string(q.Person)})
	if err != nil {
		return v, nil, err
	}
	v.Identity = all[string(q.Person)]
	state, _, err := r.load(store.StreamOf("person", string(q.Person)))
	if err != nil {
		return v, nil, err
	}
	v.GP, v.Municipality = newest(state)
	r.what = append(r.what, "address")
	return v, []care.PersonKey{q.Person}, nil
}

// erase destroys what the vault keeps of somebody whose erasure two people stand
// behind. A decision that is not there erases nobody.
func (s *Service) erase(ctx context.Context, p care.PersonKey, c *access.State) error {
	if !c.Erased() {
		return fmt.Errorf("casework: nobody has decided that %s is erased", p)
	}
	if err := s.store.Erase(ctx, string(p)); err != nil {
		return err
	}
	s.keys.Forget(string(p))
	return nil
}

// newest are the GP and the municipality that are known last.
func newest(state any) (gp, municipality care.Party) {
	p := state.(*person.State)
	if n := len(p.GPs); n > 0 {
		gp = p.GPs[n-1].Party
	}
	if n := len(p.Municipalities); n > 0 {
		municipality = p.Municipalities[n-1].Party
	}
	return gp, municipality
}
