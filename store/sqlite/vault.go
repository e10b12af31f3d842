package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"forlop/store"
)

// PutKey keeps a subject's first key.
func (s *Store) PutKey(ctx context.Context, subject string, wrapped []byte) error {
	return s.change(ctx, func(t tx) error {
		n, err := t.exec("insert into data_key (subject, wrapped) values ($1, $2) on conflict do nothing", subject, notNil(wrapped))
		if err == nil && n == 0 {
			return fmt.Errorf("%w: %s has a data key", store.ErrClaimed, subject)
		}
		return err
	})
}

// Key reads a subject's key.
func (s *Store) Key(ctx context.Context, subject string) (wrapped []byte, err error) {
	if err := s.get(ctx, "select wrapped from data_key where subject = $1", []any{subject}, &wrapped); err != nil {
		return nil, missing(err, "data key of %s", subject)
	}
	return wrapped, nil
}

// Keys reads several subjects' keys.
func (s *Store) Keys(ctx context.Context, subjects []string) (map[string][]byte, error) {
	return s.bySubject(ctx, "select subject, wrapped from data_key where ", subjects)
}

// errKeyInLog: the key is gone from the table, not yet from the write-ahead log.
var errKeyInLog = errors.New("store/sqlite: the key is removed, but readers keep the write-ahead log that still holds it; destroy it again")

// DestroyKey overwrites the key where it lies, removes it, and folds the
// write-ahead log back so that no older copy of the page is left there.
func (s *Store) DestroyKey(ctx context.Context, subject string) error {
	return s.submit(ctx, &job{
		run: func(t tx) error {
			if _, err := t.exec("update data_key set wrapped = zeroblob(length(wrapped)) where subject = $1", subject); err != nil {
				return err
			}
			_, err := t.exec("delete from data_key where subject = $1", subject)
			return err
		},
		after: func(t tx) error {
			var busy, pages, folded int
			if _, err := t.get("pragma wal_checkpoint(truncate)", nil, &busy, &pages, &folded); err != nil {
				return unwritable(err)
			}
			if busy != 0 {
				return errKeyInLog
			}
			return nil
		},
	})
}

// PutIdentity keeps a subject's identity.
func (s *Store) PutIdentity(ctx context.Context, subject string, sealed []byte) error {
	return s.change(ctx, func(t tx) error {
		_, err := t.exec("insert into identity (subject, sealed) values ($1, $2) on conflict (subject) do update set sealed = excluded.sealed", subject, notNil(sealed))
		return err
	})
}

// Identities reads identities.
func (s *Store) Identities(ctx context.Context, subjects []string) (map[string][]byte, error) {
	return s.bySubject(ctx, "select subject, sealed from identity where ", subjects)
}

// bySubject reads one value for each subject that has one.
func (s *Store) bySubject(ctx context.Context, text string, subjects []string) (map[string][]byte, error) {
	out := make(map[string][]byte, len(subjects))
	for part := range slices.Chunk(subjects, 16) {
		var q query
		// The last part is filled up, so that there is one text to prepare.
		where := in(&q, "subject", append(slices.Clone(part), slices.Repeat(part[:1], 16-len(part))...))
		err := s.each(ctx, text+where, q.args, func(rows *sql.Rows) error {
			var subject string
			var value []byte
			err := rows.Scan(&subject, &value)
			out[subject] = value
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("store/sqlite: %s: %w", text, err)
		}
	}
	return out, nil
}

// Index binds a hash to a subject.
func (s *Store) Index(ctx context.Context, hash []byte, subject string) error {
	return s.change(ctx, func(t tx) error {
		n, err := t.exec("insert into identifier (hash, subject) values ($1, $2) on conflict (hash) do update set subject = excluded.subject"+
			" where identifier.subject = excluded.subject", hash, subject)
		if err == nil && n == 0 {
			return fmt.Errorf("%w: the identifier belongs to another subject", store.ErrClaimed)
		}
		return err
	})
}

// Find finds a hash's subject.
func (s *Store) Find(ctx context.Context, hash []byte) (subject string, err error) {
	if err := s.get(ctx, "select subject from identifier where hash = $1", []any{hash}, &subject); err != nil {
		return "", missing(err, "identifier")
	}
	return subject, nil
}
