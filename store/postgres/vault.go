package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"forlop/store"
)

// PutKey keeps a subject's first key.
func (s *Store) PutKey(ctx context.Context, subject string, wrapped []byte) error {
	n, err := s.exec(ctx, "insert into data_key (subject, wrapped) values ($1, $2) on conflict do nothing", subject, notNil(wrapped))
	if err == nil && n == 0 {
		return fmt.Errorf("%w: %s has a data key", store.ErrClaimed, subject)
	}
	return err
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
	return s.bySubject(ctx, "select subject, wrapped from data_key where subject = any($1)", subjects)
}

// DestroyKey removes the key. From then on no question answers it. PostgreSQL
// does not overwrite what is deleted, so the wrapped key can still be dug out of
// the server's files by whoever has them: out of the table's page until vacuum
// has passed and the place was used again, out of the write-ahead log until its
// segments are recycled, out of archives, standbys and backups for as long as
// those are kept. It is of use only together with the site's key. The key counts
// as erased once the last of these has expired.
func (s *Store) DestroyKey(ctx context.Context, subject string) error {
	_, err := s.exec(ctx, "delete from data_key where subject = $1", subject)
	return err
}

// PutIdentity keeps a subject's identity.
func (s *Store) PutIdentity(ctx context.Context, subject string, sealed []byte) error {
	_, err := s.exec(ctx, "insert into identity (subject, sealed) values ($1, $2) on conflict (subject) do update set sealed = excluded.sealed", subject, notNil(sealed))
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
	n, err := s.exec(ctx, "insert into identifier (hash, subject) values ($1, $2) on conflict (hash) do update set subject = excluded.subject"+
		" where identifier.subject = excluded.subject", notNil(hash), subject)
	if err == nil && n == 0 {
		return fmt.Errorf("%w: the identifier belongs to another subject", store.ErrClaimed)
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
