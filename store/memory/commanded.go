package memory

import (
	"bytes"
	"context"
	"fmt"

	"forlop/store"
)

// Commanded answers what was kept for a command that was carried out.
func (s *Store) Commanded(_ context.Context, c store.Command) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	kept, ok := s.commands[[2]string{c.Actor, c.Key}]
	switch {
	case !ok:
		return nil, nil
	case kept.Digest != c.Digest:
		return nil, fmt.Errorf("%w: %s of %s", store.ErrKeyReused, c.Key, c.Actor)
	}
	return bytes.Clone(kept.Answer), nil
}
