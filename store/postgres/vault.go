package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"forlop/store"
)

// PutKey keeps a subject's first key.
func (s *Store) PutKey(ctx context.Context, subject string, wrapped []byte) error {
	n, err := s.exec(ctx, "insert into data_key (subject, wrapped) values ($1, $2) on conflict do nothing", subject, notNil(wrapped))
	if err == nil && n == 0 {
		if _, err := s.Key(ctx, subject); err != nil {
			return err
		}
		return fmt.Errorf("%w: %s has a data key", store.ErrClaimed, subject)
	}
	return err
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
	return s.bySubject(ctx, "select subject, wrapped from data_key where subject = any($1) and length(wrapped) > 0", subjects)
}

// Erase empties the key and removes what the vault and the shelf keep of the
// subject. From then on no question answers it. PostgreSQL does not overwrite
// what is deleted, so the wrapped key can still be dug out of the server's files
// by whoever has them: out of the table's page until vacuum has passed and the
// place was used again, out of the write-ahead log until its segments are
// recycled, out of archives, standbys and backups for as long as those are kept.
// It is of use only together with the site's key. The key counts as erased once
// the last of these has expired.
func (s *Store) Erase(ctx context.Context, subject string) error {
	_, err := s.exec(ctx, `with
		key as (insert into data_key (subject, wrapped) values ($1, '') on conflict (subject) do update set wrapped = ''),
		who as (delete from identity where subject = $1),
		hash as (delete from identifier where subject = $1),
		typed as (delete from draft where owner = $1 or owner like '%/' || $1)
		delete from session where actor_id = $1`, subject)
	return err
}

// Rewrap swaps a wrapped key.
func (s *Store) Rewrap(ctx context.Context, subject string, old, wrapped []byte) error {
	n, err := s.exec(ctx, "update data_key set wrapped = $3 where subject = $1 and wrapped = $2", subject, notNil(old), notNil(wrapped))
	if err == nil && n == 0 {
		return fmt.Errorf("%w: the data key of %s is another", store.ErrVersion, subject)
	}
	return err
}

// Subjects lists who has a key.
func (s *Store) Subjects(ctx context.Context, after string, limit int) (out []string, err error) {
	err = s.each(ctx, "select subject from data_key where subject > $1 and length(wrapped) > 0 order by subject limit $2", []any{after, bound(limit)}, func(rows pgx.Rows) error {
		var subject string
		err := rows.Scan(&subject)
		out = append(out, subject)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: subjects: %w", err)
	}
	return out, nil
}

// notErased is a condition that holds while a subject ($2 or $1) may be written
// of: what is left of an erased subject's key is empty.
const notErased = "not exists (select 1 from data_key where subject = $%d and length(wrapped) = 0)"

// refused is why a write about a subject changed nothing.
func (s *Store) refused(ctx context.Context, subject string, otherwise error) error {
	if _, err := s.Key(ctx, subject); errors.Is(err, store.ErrErased) {
		return err
	}
	return otherwise
}

// PutIdentity keeps a subject's identity.
func (s *Store) PutIdentity(ctx context.Context, subject string, sealed []byte) error {
	n, err := s.exec(ctx, "insert into identity (subject, sealed) select $1, $2 where "+fmt.Sprintf(notErased, 1)+
		" on conflict (subject) do update set sealed = excluded.sealed", subject, notNil(sealed))
	if err == nil && n == 0 {
		return s.refused(ctx, subject, fmt.Errorf("store/postgres: the identity of %s was not kept", subject))
	}
	return err
}

// Identities reads identities.
func (s *Store) Identities(ctx context.Context, subjects []string) (map[string][]byte, error) {
	return s.bySubject(ctx, "select subject, sealed from identity where subject = any($1)", subjects)
}

// bySubject reads one value for each subject that has one.
func (s *Store) bySubject(ctx context.Context, text string, subjects []string) (map[string][]byte, error) {
	out := make(map[string][]byte, len(subjects))
	if len(subjects) == 0 {
		return out, nil
	}
	err := s.each(ctx, text, []any{subjects}, func(rows pgx.Rows) error {
		var subject string
		var value []byte
		err := rows.Scan(&subject, &value)
		out[subject] = value
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: %s: %w", text, err)
	}
	return out, nil
}

// Index binds a hash to a subject.
func (s *Store) Index(ctx context.Context, hash []byte, subject string) error {
	n, err := s.exec(ctx, "insert into identifier (hash, subject) select $1, $2 where "+fmt.Sprintf(notErased, 2)+
		" on conflict (hash) do update set subject = excluded.subject where identifier.subject = excluded.subject", notNil(hash), subject)
	if err == nil && n == 0 {
		return s.refused(ctx, subject, fmt.Errorf("%w: the identifier belongs to another subject", store.ErrClaimed))
	}
	return err
}

// Find finds a hash's subject.
func (s *Store) Find(ctx context.Context, hash []byte) (subject string, err error) {
	if err := s.get(ctx, "select subject from identifier where hash = $1", []any{notNil(hash)}, &subject); err != nil {
		return "", missing(err, "identifier")
	}
	return subject, nil
}

// Rehash puts other hashes in the place of those with another ending.
func (s *Store) Rehash(ctx context.Context, ending []byte, limit int, anew func([]byte) []byte) (int, error) {
	var old, fresh [][]byte
	err := s.each(ctx, "select hash from identifier where right(encode(hash, 'hex'), $2) <> encode($1, 'hex') limit $3", []any{notNil(ending), 2 * len(ending), bound(limit)}, func(rows pgx.Rows) error {
		var hash []byte
		err := rows.Scan(&hash)
		old, fresh = append(old, hash), append(fresh, anew(hash))
		return err
	})
	if err != nil || len(old) == 0 {
		return 0, err
	}
	_, err = s.exec(ctx, "update identifier set hash = n.fresh from unnest($1::bytea[], $2::bytea[]) as n (old, fresh) where identifier.hash = n.old", old, fresh)
	return len(old), err
}
