package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"forlop/store"
)

type definition struct {
	entry store.DefinitionEntry
	files map[string][]byte
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
