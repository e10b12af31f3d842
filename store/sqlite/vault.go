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
		if err := t.alive(subject); err != nil {
			return err
		}
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
	if len(wrapped) == 0 {
		return nil, fmt.Errorf("%w: %s", store.ErrErased, subject)
	}
	return wrapped, nil
}

// Keys reads several subjects' keys.
func (s *Store) Keys(ctx context.Context, subjects []string) (map[string][]byte, error) {
	return s.bySubject(ctx, "select subject, wrapped from data_key where length(wrapped) > 0 and ", subjects)
}

// errKeyInLog: the key is gone from the table, not yet from the write-ahead log.
var errKeyInLog = errors.New("store/sqlite: the key is removed, but readers keep the write-ahead log that still holds it; destroy it again")

// alive refuses a subject who was erased: what is left of the key is empty.
func (t tx) alive(subject string) error {
	var one int
	erased, err := t.get("select 1 from data_key where subject = $1 and length(wrapped) = 0", []any{subject}, &one)
	if err == nil && erased {
		return fmt.Errorf("%w: %s", store.ErrErased, subject)
	}
	return err
}

// Erase overwrites the key where it lies, empties it, removes what the vault and
// the shelf keep of the subject, and folds the write-ahead log back so that no
// older copy of the page is left there.
func (s *Store) Erase(ctx context.Context, subject string) error {
	return s.submit(ctx, &job{
		run: func(t tx) error {
			for _, text := range []string{
				"update data_key set wrapped = zeroblob(length(wrapped)) where subject = $1",
				"insert into data_key (subject, wrapped) values ($1, x'') on conflict (subject) do update set wrapped = x''",
				"update identity set sealed = zeroblob(length(sealed)) where subject = $1",
				"delete from identity where subject = $1",
				"delete from identifier where subject = $1",
				"delete from draft where owner = $1 or owner like '%/' || $1",
				"delete from session where actor_id = $1",
			} {
				if _, err := t.exec(text, subject); err != nil {
					return err
				}
			}
			return nil
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

// Rewrap swaps a wrapped key.
func (s *Store) Rewrap(ctx context.Context, subject string, old, wrapped []byte) error {
	return s.change(ctx, func(t tx) error {
		n, err := t.exec("update data_key set wrapped = $3 where subject = $1 and wrapped = $2", subject, notNil(old), notNil(wrapped))
		if err == nil && n == 0 {
			return fmt.Errorf("%w: the data key of %s is another", store.ErrVersion, subject)
		}
		return err
	})
}

// Subjects lists who has a key.
func (s *Store) Subjects(ctx context.Context, after string, limit int) (out []string, err error) {
	err = s.each(ctx, "select subject from data_key where subject > $1 and length(wrapped) > 0 order by subject limit $2", []any{after, bound(limit)}, func(rows *sql.Rows) error {
		var subject string
		err := rows.Scan(&subject)
		out = append(out, subject)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: subjects: %w", err)
	}
	return out, nil
}

// PutIdentity keeps a subject's identity.
func (s *Store) PutIdentity(ctx context.Context, subject string, sealed []byte) error {
	return s.change(ctx, func(t tx) error {
		if err := t.alive(subject); err != nil {
			return err
		}
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
		if err := t.alive(subject); err != nil {
			return err
		}
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

// Rehash puts other hashes in the place of those with another ending.
func (s *Store) Rehash(ctx context.Context, ending []byte, limit int, anew func([]byte) []byte) (n int, err error) {
	err = s.change(ctx, func(t tx) error {
		var old [][]byte
		err := t.each("select hash from identifier where length(hash) < $2 or substr(hash, -$2) <> $1 limit $3", []any{notNil(ending), len(ending), bound(limit)}, func(rows *sql.Rows) error {
			var hash []byte
			err := rows.Scan(&hash)
			old = append(old, hash)
			return err
		})
		n = len(old)
		for _, hash := range old {
			if err == nil {
				_, err = t.exec("update identifier set hash = $2 where hash = $1", hash, anew(hash))
			}
		}
		return err
	})
	return n, err
}
