package casework

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"forlop/care"
)

// Unsent is a form that somebody sent when their login had ended, or was not fresh
// enough for it: kept as it came, word for word, until it is sent or thrown away.
type Unsent struct {
	ID string
	// Path is where it was sent, Type its media type, Body what it held.
	Path, Type string
	Body       []byte
	At         time.Time
}

// unsentKept is how many unsent forms are kept for one person; the oldest goes.
// UnsentLife is how long one waits for its sender. Both are ours, no source.
const (
	unsentKept = 8
	UnsentLife = 7 * 24 * time.Hour
	// unsentForm names the draft that holds them, and the place they are sealed for.
	unsentForm = "unsent"
)

// KeepUnsent keeps a form for whoever the session with the token belonged to, also
// where it has ended. Where nobody ever had such a session it is kept for the one
// who has the answered secret, and only they can claim it.
func (s *Service) KeepUnsent(ctx context.Context, token string, u Unsent) (secret string, err error) {
	var id [12]byte
	if _, err := io.ReadFull(s.random, id[:]); err != nil {
		return "", fmt.Errorf("random bytes for an unsent form: %w", err)
	}
	u.ID, u.At = hex.EncodeToString(id[:]), s.clock.Now()
	sess, err := s.session(ctx, token)
	if err == nil {
		return "", s.addUnsent(ctx, holder(sess.Actor), u)
	}
	if _, refused := care.AsRefusal(err); !refused {
		return "", err
	}
	raw := make([]byte, 24)
	if _, err := io.ReadFull(s.random, raw); err != nil {
		return "", fmt.Errorf("random bytes for an unsent form: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(raw)
	owner := unclaimed(secret)
	plain, err := json.Marshal(u)
	if err != nil {
		return "", err
	}
	// Nobody's own key can seal it yet; the site's does.
	kept, err := s.seals(owner, plain)
	if err != nil {
		return "", err
	}
	return secret, explain(s.store.PutDraft(ctx, owner, unsentForm, kept, u.At))
}

// unclaimed is whose draft a form is that nobody has claimed.
func unclaimed(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return unsentForm + "/" + hex.EncodeToString(h[:16])
}

// ClaimUnsent gives a form that was kept under a secret to whoever logs in with it.
// A secret that keeps nothing is no error: it was claimed before, or made up.
func (s *Service) ClaimUnsent(ctx context.Context, who Who, secret string) error {
	owner := unclaimed(secret)
	kept, err := s.store.Draft(ctx, owner, unsentForm)
	if err != nil || len(kept) == 0 {
		return err
	}
	plain, ok := s.unseals(owner, kept)
	if !ok {
		return fmt.Errorf("casework: an unsent form does not open with this site's key")
	}
	var u Unsent
	if err := json.Unmarshal(plain, &u); err != nil {
		return fmt.Errorf("an unsent form: %w", err)
	}
	if err := s.addUnsent(ctx, holder(who.Actor), u); err != nil {
		return err
	}
	return explain(s.store.PutDraft(ctx, owner, unsentForm, nil, s.clock.Now()))
}

// UnsentForms lists what the actor wrote and could not send, newest first. Nobody
// else's is ever among them.
func (s *Service) UnsentForms(ctx context.Context, who Who) ([]Unsent, error) {
	all, err := s.readUnsent(ctx, holder(who.Actor))
	var fresh []Unsent
	for _, u := range all {
		if s.clock.Now().Sub(u.At) <= UnsentLife {
			fresh = append(fresh, u)
		}
	}
	return fresh, err
}

// DropUnsent forgets a form that was sent or thrown away.
func (s *Service) DropUnsent(ctx context.Context, who Who, id string) error {
	return s.changeUnsent(ctx, holder(who.Actor), func(all []Unsent) []Unsent {
		var rest []Unsent
		for _, u := range all {
			if u.ID != id {
				rest = append(rest, u)
			}
		}
		return rest
	})
}

func (s *Service) addUnsent(ctx context.Context, actor care.Actor, u Unsent) error {
	return s.changeUnsent(ctx, actor, func(all []Unsent) []Unsent {
		return append([]Unsent{u}, all[:min(len(all), unsentKept-1)]...)
	})
}

// changeUnsent reads, changes and writes the list of one actor. Two changes at the
// same instant in one process wait for each other.
func (s *Service) changeUnsent(ctx context.Context, actor care.Actor, change func([]Unsent) []Unsent) error {
	s.unsent.Lock()
	defer s.unsent.Unlock()
	all, err := s.readUnsent(ctx, actor)
	if err != nil {
		return err
	}
	all = change(all)
	if len(all) == 0 {
		return explain(s.store.PutDraft(ctx, actorKey(actor), unsentForm, nil, s.clock.Now()))
	}
	key, err := s.dataKey(ctx, actor.ID, true)
	if err != nil {
		return explain(err)
	}
	plain, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return explain(s.store.PutDraft(ctx, actorKey(actor), unsentForm, key.Seal(plain, unsentForm), s.clock.Now()))
}

func (s *Service) readUnsent(ctx context.Context, actor care.Actor) ([]Unsent, error) {
	sealed, err := s.store.Draft(ctx, actorKey(actor), unsentForm)
	if err != nil || len(sealed) == 0 {
		return nil, err
	}
	key, err := s.dataKey(ctx, actor.ID, false)
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(sealed, unsentForm)
	if err != nil {
		return nil, err
	}
	var all []Unsent
	if err := json.Unmarshal(plain, &all); err != nil {
		return nil, fmt.Errorf("the unsent forms of %s: %w", actorKey(actor), err)
	}
	return all, nil
}
