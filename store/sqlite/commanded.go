package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"forlop/store"
)

// Commanded answers what was kept for a command that was carried out.
func (s *Store) Commanded(ctx context.Context, c store.Command) ([]byte, error) {
	var digest, answer []byte
	err := s.get(ctx, "select digest, answer from command where actor = $1 and key = $2", []any{c.Actor, c.Key}, &digest, &answer)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("store/sqlite: command %s of %s: %w", c.Key, c.Actor, err)
	case !bytes.Equal(digest, c.Digest[:]):
		return nil, fmt.Errorf("%w: %s of %s", store.ErrKeyReused, c.Key, c.Actor)
	}
	return notNil(answer), nil
}
