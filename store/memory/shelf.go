package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"forlop/care"
	"forlop/store"
)

type definition struct {
	entry store.DefinitionEntry
	files map[string][]byte
}

// Log keeps a look.
func (s *Store) Log(ctx context.Context, l store.Look) error {
	return s.change(ctx, func() error {
		l.ID = int64(len(s.looks) + 1)
		l.At = store.FromMicros(store.Micros(l.At))
		l.Persons = slices.Clone(l.Persons)
		s.looks = append(s.looks, l)
		return nil
	})
}

// Looks lists the looks at a person, newest first.
func (s *Store) Looks(ctx context.Context, p care.PersonKey, limit int) ([]store.Look, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []store.Look
	for i := len(s.looks) - 1; i >= 0 && !limited(len(out), limit); i-- {
		if l := s.looks[i]; slices.Contains(l.Persons, p) {
			l.Persons = slices.Clone(l.Persons)
			out = append(out, l)
		}
	}
	return out, nil
}

// PutDefinition keeps published bytes.
func (s *Store) PutDefinition(ctx context.Context, id, version, hash string, files map[string][]byte) error {
	return s.change(ctx, func() error {
		for _, d := range s.definitions {
			if d.entry.ID != id || d.entry.Version != version {
				continue
			}
			if d.entry.Hash != hash || !maps.EqualFunc(d.files, files, bytes.Equal) {
				return fmt.Errorf("%w: %s %s is published with other bytes (%s)", store.ErrClaimed, id, version, d.entry.Hash)
			}
			return nil
		}
		if d, ok := s.definitions[hash]; ok {
			return fmt.Errorf("%w: the hash %s is published as %s %s", store.ErrClaimed, hash, d.entry.ID, d.entry.Version)
		}
		s.definitions[hash] = &definition{store.DefinitionEntry{ID: id, Version: version, Hash: hash}, cloneFiles(files)}
		return nil
	})
}

func cloneFiles(files map[string][]byte) map[string][]byte {
	out := make(map[string][]byte, len(files))
	for name, b := range files {
		out[name] = append([]byte{}, b...)
	}
	return out
}

// Definition reads published bytes.
func (s *Store) Definition(ctx context.Context, hash string) (map[string][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, ok := s.definitions[hash]
	if !ok {
		return nil, fmt.Errorf("%w: definition %s", store.ErrNotFound, hash)
	}
	return cloneFiles(d.files), nil
}

// Definitions lists what is published.
func (s *Store) Definitions(ctx context.Context) ([]store.DefinitionEntry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []store.DefinitionEntry
	for _, d := range s.definitions {
		out = append(out, d.entry)
	}
	slices.SortFunc(out, func(a, b store.DefinitionEntry) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version))
	})
	return out, nil
}

// PutSession keeps a login.
func (s *Store) PutSession(ctx context.Context, l store.Session) error {
	return s.change(ctx, func() error {
		l.Hash = bytes.Clone(l.Hash)
		for _, t := range []*time.Time{&l.Created, &l.Seen, &l.Expires, &l.Closed} {
			*t = store.FromMicros(store.Micros(*t))
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

// PutDraft keeps or drops a draft.
func (s *Store) PutDraft(ctx context.Context, owner, form string, sealed []byte, _ time.Time) error {
	return s.change(ctx, func() error {
		if len(sealed) == 0 {
			delete(s.drafts, [2]string{owner, form})
			return nil
		}
		s.drafts[[2]string{owner, form}] = bytes.Clone(sealed)
		return nil
	})
}

// Draft reads a draft.
func (s *Store) Draft(ctx context.Context, owner, form string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return bytes.Clone(s.drafts[[2]string{owner, form}]), nil
}

// Setting reads a value.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.settings[name], nil
}

// SetSetting keeps a value.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	return s.change(ctx, func() error {
		s.settings[name] = value
		return nil
	})
}
