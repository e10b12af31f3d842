package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/store"
)

// Identity is who a person or a professional is. It lies encrypted in the
// vault, apart from every event.
type Identity struct {
	Name    string    `json:"name"`
	Number  string    `json:"number,omitempty"`
	Born    care.Date `json:"born,omitzero"`
	Sex     string    `json:"sex,omitempty"` // own field; never read from the number
	Phone   string    `json:"phone,omitempty"`
	Address string    `json:"address,omitempty"`
	Email   string    `json:"email,omitempty"`
	// Protected says that the address is hidden by law. What could give the place
	// away is then left out of every answer but that to HiddenAddress.
	Protected access.Protection `json:"protected,omitempty"`
	// Prescriber is a professional's code for prescribing (Sweden). Number is then
	// the one of the register that their stream names.
	Prescriber string `json:"prescriber,omitempty"`
}

const identityPlace = "identity"

// identity opens the identity of a subject; empty where there is none.
func (s *Service) identity(ctx context.Context, subject string) (Identity, error) {
	all, err := s.identities(ctx, []string{subject})
	return all[subject], err
}

// identities opens several identities at once. Subjects without one are left
// out, and so is what a hidden address hides.
func (s *Service) identities(ctx context.Context, subjects []string) (map[string]Identity, error) {
	return s.identitiesIn(ctx, s.store, subjects)
}

// identitiesIn opens them from a view of the store.
func (s *Service) identitiesIn(ctx context.Context, view store.Store, subjects []string) (map[string]Identity, error) {
	all, err := s.wholeIdentitiesIn(ctx, view, subjects)
	for subject, i := range all {
		all[subject] = i.shown()
	}
	return all, err
}

// shown is the identity as everybody may see it who may see it at all.
func (i Identity) shown() Identity {
	if i.Protected != "" {
		i.Phone, i.Address, i.Email = "", "", ""
	}
	return i
}

// wholeIdentities opens identities with hidden addresses. What comes of it is
// kept again or answered to HiddenAddress, nothing else.
func (s *Service) wholeIdentities(ctx context.Context, subjects []string) (map[string]Identity, error) {
	return s.wholeIdentitiesIn(ctx, s.store, subjects)
}

func (s *Service) wholeIdentitiesIn(ctx context.Context, view store.Store, subjects []string) (map[string]Identity, error) {
	sealed, err := view.Identities(ctx, subjects)
	if err != nil {
		return nil, fmt.Errorf("reading identities: %w", err)
	}
	wrapped, err := view.Keys(ctx, slices.Collect(maps.Keys(sealed)))
	if err != nil {
		return nil, fmt.Errorf("reading the keys of identities: %w", err)
	}
	out := make(map[string]Identity, len(sealed))
	for subject, b := range sealed {
		w, ok := wrapped[subject]
		if !ok {
			continue
		}
		key, err := s.keys.DataKey(ctx, subject, w)
		if err != nil {
			return nil, err
		}
		plain, err := key.Open(b, identityPlace)
		if err != nil {
			return nil, err
		}
		var i Identity
		if err := json.Unmarshal(plain, &i); err != nil {
			return nil, fmt.Errorf("the identity of %s: %w", subject, err)
		}
		out[subject] = i
	}
	return out, nil
}

// putIdentity seals an identity under its subject's key.
func (s *Service) putIdentity(ctx context.Context, subject string, i Identity) error {
	key, err := s.dataKey(ctx, subject, true)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(i)
	if err != nil {
		return err
	}
	return s.store.PutIdentity(ctx, subject, key.Seal(plain, identityPlace))
}

// RegisterPerson finds the person with a national number, or makes a new one.
// Without a number a new person is made; the two can be merged later. key makes
// it happen once.
func (s *Service) RegisterPerson(ctx context.Context, who Who, key string, regime care.Regime, i Identity) (care.PersonKey, error) {
	if who.Actor.Kind != care.Professional && who.Actor.Kind != care.System {
		return "", care.Deny("no-basis", "You have no basis to see or do this. Ask the person's coordinator.")
	}
	if i.Name == "" {
		return "", care.Refuse("name-missing", "Give the person's name.").On("name")
	}
	today := care.CalendarOf(regime).Date(s.clock.Now())
	if !i.Born.IsZero() && (i.Born.After(today) || i.Born.Year < today.Year-130) {
		return "", care.Refuse("born-impossible", "Check the date of birth {born}.", "born", i.Born.String()).On("born")
	}
	subject := s.id(Order{Who: who, Key: key}, "person")
	if i.Number != "" {
		n, err := care.ParseNationalNumber(regime, i.Number, today)
		if err != nil {
			return "", err
		}
		i.Number = n.Digits()
		hash := s.keys.Hash(nationalNumber, i.Number)
		if found, err := s.foundPerson(ctx, hash); err != nil || found != "" {
			return found, err
		}
		if _, err := s.dataKey(ctx, subject, true); err != nil {
			return "", err
		}
		if err := s.store.Index(ctx, hash, subject); errors.Is(err, store.ErrClaimed) {
			return s.foundPerson(ctx, hash)
		} else if err != nil {
			return "", err
		}
	}
	return care.PersonKey(subject), s.putIdentity(ctx, subject, i)
}

// NameProfessional keeps the name of a professional, which patients see.
func (s *Service) NameProfessional(ctx context.Context, id string, i Identity) error {
	if i.Number != "" {
		if err := s.indexProfessional(ctx, id, i.Number); err != nil {
			return err
		}
	}
	return s.putIdentity(ctx, id, i)
}

// indexProfessional lets a professional be found by the number of the register
// that their stream names, exactly.
func (s *Service) indexProfessional(ctx context.Context, id, number string) error {
	state, _, err := s.load(ctx, store.StreamOf("professional", id))
	if err != nil {
		return err
	}
	switch state.(*directory.Professional).Reference {
	case directory.HPR:
		return s.NumberProfessional(ctx, id, number, "")
	case directory.HSA:
		return s.NumberProfessional(ctx, id, "", number)
	case directory.NoReference:
	}
	return nil
}

// Called is what the one who is logged in is called, for the head of pages;
// empty where nobody has said.
func (s *Service) Called(ctx context.Context, actor care.Actor) (string, error) {
	i, err := s.identity(ctx, actor.ID)
	return i.Name, err
}
