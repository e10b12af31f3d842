package postgres

import (
	"context"
	"fmt"
	"time"
)

// Now is the server's own clock, for those who compare it with theirs.
func (s *Store) Now(ctx context.Context) (at time.Time, err error) {
	if err := s.get(ctx, "select clock_timestamp()", nil, &at); err != nil {
		return at, fmt.Errorf("store/postgres: the server's clock: %w", err)
	}
	return at.UTC(), nil
}
