package memory

import (
	"bytes"
	"context"
	"fmt"

	"forlop/store"
)

// PutKey keeps a subject's first key.
func (s *Store) PutKey(ctx context.Context, subject string, wrapped []byte) error {
	return s.change(ctx, func() error {
		if _, ok := s.keys[subject]; ok {
			return fmt.Errorf("%w: %s has a data key", store.ErrClaimed, subject)
		}
		s.keys[subject] = bytes.Clone(wrapped)
		return nil
	})
}

// Key reads a subject's key.
func (s *Store) Key(ctx context.Context, subject string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	k, ok := s.keys[subject]
	if !ok {
		return nil, fmt.Errorf("%w: data key of %s", store.ErrNotFound, subject)
	}
	return bytes.Clone(k), nil
}

// Keys reads several subjects' keys.
func (s *Store) Keys(ctx context.Context, subjects []string) (map[string][]byte, error) {
	return s.bySubject(ctx, s.keys, subjects)
}

// DestroyKey removes a subject's key.
func (s *Store) DestroyKey(ctx context.Context, subject string) error {
	return s.change(ctx, func() error {
		clear(s.keys[subject])
		delete(s.keys, subject)
		return nil
	})
}

// PutIdentity keeps a subject's identity.
func (s *Store) PutIdentity(ctx context.Context, subject string, sealed []byte) error {
	return s.change(ctx, func() error {
		s.identities[subject] = append([]byte{}, sealed...)
		return nil
	})
}

// Identities reads identities.
func (s *Store) Identities(ctx context.Context, subjects []string) (map[string][]byte, error) {
	return s.bySubject(ctx, s.identities, subjects)
}

func (s *Store) bySubject(ctx context.Context, from map[string][]byte, subjects []string) (map[string][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make(map[string][]byte, len(subjects))
	for _, name := range subjects {
		if b, ok := from[name]; ok {
			out[name] = append([]byte{}, b...)
		}
	}
	return out, nil
}

// Index binds a hash to a subject.
func (s *Store) Index(ctx context.Context, hash []byte, subject string) error {
	return s.change(ctx, func() error {
		if have, ok := s.index[string(hash)]; ok && have != subject {
			return fmt.Errorf("%w: the identifier belongs to another subject", store.ErrClaimed)
		}
		s.index[string(hash)] = subject
		return nil
	})
}

// Find finds a hash's subject.
func (s *Store) Find(ctx context.Context, hash []byte) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	subject, ok := s.index[string(hash)]
	if !ok {
		return "", fmt.Errorf("%w: identifier", store.ErrNotFound)
	}
	return subject, nil
}
