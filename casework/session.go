package casework

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"forlop/care"
	"forlop/store"
)

// SessionLife is how long a login lasts without being used, and at most.
const (
	SessionIdle = 30 * time.Minute
	SessionLife = 8 * time.Hour
)

// SignIn opens a session for an actor and answers its secret token. Only a hash
// of it is kept.
func (s *Service) SignIn(ctx context.Context, actor care.Actor) (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(s.random, raw); err != nil {
		return "", fmt.Errorf("random bytes for a session: %w", err)
	}
	now := s.clock.Now()
	hash := sha256.Sum256(raw)
	err := s.store.PutSession(ctx, store.Session{Hash: hash[:], Actor: actor, Created: now, Seen: now, Expires: now.Add(SessionLife)})
	return base64.RawURLEncoding.EncodeToString(raw), err
}

// SignedIn answers whose session a token is; a denial where it is nobody's or
// has run out.
func (s *Service) SignedIn(ctx context.Context, token string) (care.Actor, error) {
	sess, err := s.session(ctx, token)
	if err != nil {
		return care.Actor{}, err
	}
	now := s.clock.Now()
	if !sess.Closed.IsZero() || now.After(sess.Expires) || now.Sub(sess.Seen) > SessionIdle {
		return care.Actor{}, noSession()
	}
	if now.Sub(sess.Seen) > time.Minute {
		sess.Seen = now
		if err := s.store.PutSession(ctx, sess); err != nil && !errors.Is(err, store.ErrReadOnly) {
			return care.Actor{}, err
		}
	}
	return sess.Actor, nil
}

// SignOut closes a session at once.
func (s *Service) SignOut(ctx context.Context, token string) error {
	sess, err := s.session(ctx, token)
	if err != nil {
		return err
	}
	sess.Closed = s.clock.Now()
	return s.store.PutSession(ctx, sess)
}

func (s *Service) session(ctx context.Context, token string) (store.Session, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 32 {
		return store.Session{}, noSession()
	}
	hash := sha256.Sum256(raw)
	sess, err := s.store.Session(ctx, hash[:])
	if errors.Is(err, store.ErrNotFound) {
		return sess, noSession()
	}
	return sess, err
}

func noSession() error {
	return care.Deny("no-session", "You are not logged in, or the login has run out. Log in again; what you wrote is kept.")
}
