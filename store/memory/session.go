package memory

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"forlop/care"
	"forlop/store"
)

// PutSession keeps a login.
func (s *Store) PutSession(ctx context.Context, l store.Session) error {
	return s.change(ctx, func() error {
		l.Hash = bytes.Clone(l.Hash)
		for _, t := range []*time.Time{&l.Created, &l.Seen, &l.Expires, &l.Closed, &l.Fresh} {
			*t = store.FromMicros(store.Micros(*t))
		}
		if had := s.sessions[string(l.Hash)].Closed; !had.IsZero() {
			l.Closed = had
		}
		s.sessions[string(l.Hash)] = l
		return nil
	})
}

// Session reads a login.
func (s *Store) Session(ctx context.Context, hash []byte) (store.Session, error) {
	if err := ctx.Err(); err != nil {
		return store.Session{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	l, ok := s.sessions[string(hash)]
	if !ok {
		return l, fmt.Errorf("%w: session", store.ErrNotFound)
	}
	l.Hash = bytes.Clone(l.Hash)
	return l, nil
}

// Sessions lists the logins of an actor, newest first.
func (s *Store) Sessions(ctx context.Context, actor care.Actor) ([]store.Session, error) {
	return s.sessionsWhere(ctx, func(l store.Session) bool { return l.Actor.Kind == actor.Kind && l.Actor.ID == actor.ID })
}

// SessionsOf lists the logins a provider made, newest first.
func (s *Store) SessionsOf(ctx context.Context, provider, subject, remote string) ([]store.Session, error) {
	return s.sessionsWhere(ctx, func(l store.Session) bool {
		return (subject != "" || remote != "") && l.Provider == provider && (subject == "" || l.Subject == subject) && (remote == "" || l.Remote == remote)
	})
}

func (s *Store) sessionsWhere(ctx context.Context, match func(store.Session) bool) (out []store.Session, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, l := range s.sessions {
		if match(l) {
			l.Hash = bytes.Clone(l.Hash)
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b store.Session) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return bytes.Compare(a.Hash, b.Hash)
	})
	return out, nil
}
