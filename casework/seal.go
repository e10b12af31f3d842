package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"forlop/care"
	"forlop/store"
)

// dataKey finds a subject's data key, or makes it. One that was destroyed is
// never made anew.
func (s *Service) dataKey(ctx context.Context, subject string, make bool) (*store.DataKey, error) {
	wrapped, err := s.store.Key(ctx, subject)
	if errors.Is(err, store.ErrNotFound) && make {
		if wrapped, err = s.keys.NewKey(ctx, subject); err != nil {
			return nil, err
		}
		if err = s.store.PutKey(ctx, subject, wrapped); errors.Is(err, store.ErrClaimed) {
			wrapped, err = s.store.Key(ctx, subject)
		}
	}
	if make && errors.Is(err, store.ErrErased) {
		return nil, personErased()
	}
	if err != nil {
		return nil, fmt.Errorf("the data key of %s: %w", subject, err)
	}
	return s.keys.DataKey(ctx, subject, wrapped)
}

func personErased() *care.Refusal {
	return care.Refuse("person-erased", "What was kept about this person has been erased by decision. Nothing can be written about them again.")
}

// seal encrypts an event's free text under its subject's key.
func (s *Service) seal(ctx context.Context, subject string, st store.Stream, version int, text care.Sealed) ([]byte, error) {
	if subject == "" {
		return nil, fmt.Errorf("casework: %s has free text but no subject to seal it for", st)
	}
	key, err := s.dataKey(ctx, subject, true)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(text)
	if err != nil {
		return nil, err
	}
	return key.Seal(plain, place(st, version)), nil
}

// unseal decrypts an event's free text. Text whose key is destroyed is gone:
// that is said, not hidden.
func (s *Service) unseal(ctx context.Context, subject string, e store.Event) (care.Sealed, error) {
	if len(e.Sealed) == 0 {
		return nil, nil
	}
	key, err := s.dataKey(ctx, subject, false)
	if errors.Is(err, store.ErrNotFound) {
		return care.Sealed{"erased": ""}, nil
	}
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(e.Sealed, place(e.Stream, e.Version))
	if err != nil {
		return nil, err
	}
	var text care.Sealed
	if err := json.Unmarshal(plain, &text); err != nil {
		return nil, fmt.Errorf("the sealed text of %s event %d: %w", e.Stream, e.Version, err)
	}
	return text, nil
}
