package memory

import (
	"context"
	"fmt"

	"forlop/store"
)

// Commanded answers what was kept for a command that was carried out.
func (s *Store) Commanded(ctx context.Context, c store.Command) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	kept, ok := s.commands[[2]string{c.Actor, c.Key}]
	switch {
	case !ok:
		return nil, nil
	case kept.Digest != c.Digest:
		return nil, fmt.Errorf("%w: %s of %s", store.ErrKeyReused, c.Key, c.Actor)
	}
	return append([]byte{}, kept.Answer...), nil
}
