package memory

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"forlop/store"
)

// PutKey keeps a subject's first key.
func (s *Store) PutKey(ctx context.Context, subject string, wrapped []byte) error {
	return s.change(ctx, func() error {
		if err := s.alive(subject); err != nil {
			return err
		}
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
	if err := s.alive(subject); err != nil {
		return nil, err
	}
	k, ok := s.keys[subject]
	if !ok {
		return nil, fmt.Errorf("%w: data key of %s", store.ErrNotFound, subject)
	}
	return bytes.Clone(k), nil
}

// Keys reads several subjects' keys.
func (s *Store) Keys(ctx context.Context, subjects []string) (map[string][]byte, error) {
	all, err := s.bySubject(ctx, s.keys, subjects)
	maps.DeleteFunc(all, func(_ string, wrapped []byte) bool { return len(wrapped) == 0 })
	return all, err
}

// alive refuses a subject who was erased: what is left of the key is empty.
func (s *Store) alive(subject string) error {
	if k, ok := s.keys[subject]; ok && len(k) == 0 {
		return fmt.Errorf("%w: %s", store.ErrErased, subject)
	}
	return nil
}

// Erase destroys a subject's key and what the vault and the shelf keep of them.
func (s *Store) Erase(ctx context.Context, subject string) error {
	return s.change(ctx, func() error {
		clear(s.keys[subject])
		s.keys[subject] = []byte{}
		delete(s.identities, subject)
		maps.DeleteFunc(s.index, func(_, of string) bool { return of == subject })
		maps.DeleteFunc(s.drafts, func(d [2]string, _ []byte) bool { return d[0] == subject || strings.HasSuffix(d[0], "/"+subject) })
		maps.DeleteFunc(s.sessions, func(_ string, of store.Session) bool { return of.Actor.ID == subject })
		return nil
	})
}

// Rewrap swaps a wrapped key.
func (s *Store) Rewrap(ctx context.Context, subject string, old, wrapped []byte) error {
	return s.change(ctx, func() error {
		if k, ok := s.keys[subject]; !ok || !bytes.Equal(k, old) {
			return fmt.Errorf("%w: the data key of %s is another", store.ErrVersion, subject)
		}
		s.keys[subject] = bytes.Clone(wrapped)
		return nil
	})
}

// Subjects lists who has a key.
func (s *Store) Subjects(ctx context.Context, after string, limit int) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []string
	for subject, k := range s.keys {
		if subject > after && len(k) > 0 {
			out = append(out, subject)
		}
	}
	slices.Sort(out)
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	return out, nil
}

// PutIdentity keeps a subject's identity.
func (s *Store) PutIdentity(ctx context.Context, subject string, sealed []byte) error {
	return s.change(ctx, func() error {
		if err := s.alive(subject); err != nil {
			return err
		}
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
		if err := s.alive(subject); err != nil {
			return err
		}
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

// Rehash puts other hashes in the place of those with another ending.
func (s *Store) Rehash(ctx context.Context, ending []byte, limit int, anew func([]byte) []byte) (n int, err error) {
	err = s.change(ctx, func() error {
		for hash, subject := range maps.Clone(s.index) {
			if strings.HasSuffix(hash, string(ending)) || limited(n, limit) {
				continue
			}
			delete(s.index, hash)
			s.index[string(anew([]byte(hash)))] = subject
			n++
		}
		return nil
	})
	return n, err
}
