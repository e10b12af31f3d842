package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"forlop/care"
	"forlop/store"
)

// Log keeps a look.
func (s *Store) Log(ctx context.Context, l store.Look) error {
	all := make([]string, len(l.Persons))
	for i, p := range l.Persons {
		all[i] = string(p)
	}
	persons, err := json.Marshal(all)
	if err != nil {
		return err
	}
	about := slices.Compact(slices.Sorted(slices.Values(all)))
	_, err = s.exec(ctx, "with l as (insert into look (at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, persons)"+
		" values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id) insert into look_person (person, look) select p, l.id from l, unnest($11::text[]) p",
		store.Micros(l.At), string(l.Actor.Kind), l.Actor.ID, string(l.Actor.Unit), string(l.Post.Unit), string(l.Post.Role),
		l.Basis, l.Question, l.Reason, string(persons), about)
	return err
}

const looksText = "select l.id, l.at, l.actor_kind, l.actor_id, l.actor_unit, l.unit, l.role, l.basis, l.question, l.reason, l.persons" +
	" from look_person p join look l on l.id = p.look where p.person = $1 order by p.look desc limit $2"

// Looks lists the looks at a person, newest first.
func (s *Store) Looks(ctx context.Context, p care.PersonKey, limit int) (out []store.Look, err error) {
	err = s.each(ctx, looksText, []any{string(p), bound(limit)}, func(rows pgx.Rows) error {
		var l store.Look
		var at int64
		var persons []byte
		if err := rows.Scan(&l.ID, &at, (*string)(&l.Actor.Kind), &l.Actor.ID, (*string)(&l.Actor.Unit), (*string)(&l.Post.Unit), (*string)(&l.Post.Role),
			&l.Basis, &l.Question, &l.Reason, &persons); err != nil {
			return err
		}
		l.At = store.FromMicros(at)
		out = append(out, l)
		return json.Unmarshal(persons, &out[len(out)-1].Persons)
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: looks at %s: %w", p, err)
	}
	return out, nil
}

const filesText = "select name, content from definition_file where hash = $1"

// PutDefinition keeps published bytes. Who publishes the same at the same time
// breaks a key, begins again and finds them there.
func (s *Store) PutDefinition(ctx context.Context, id, version, hash string, files map[string][]byte) error {
	want := store.DefinitionEntry{ID: id, Version: version, Hash: hash}
	return s.change(ctx, func(ctx context.Context, c *pgx.Conn) (bool, error) {
		if _, err := c.Exec(ctx, "begin"); err != nil {
			return false, err
		}
		var have store.DefinitionEntry
		err := c.QueryRow(ctx, "select hash, id, version from definition where hash = $1 or (id = $2 and version = $3) order by hash limit 1", hash, id, version).
			Scan(&have.Hash, &have.ID, &have.Version)
		if err == nil {
			kept := map[string][]byte{}
			rows, err := c.Query(ctx, filesText, have.Hash)
			if err != nil {
				return false, err
			}
			defer rows.Close()
			for rows.Next() {
				if err := scanFile(rows, kept); err != nil {
					return false, err
				}
			}
			if rows.Err() == nil && (have != want || !maps.EqualFunc(kept, files, bytes.Equal)) {
				return false, fmt.Errorf("%w: %s %s is published with other bytes (%s)", store.ErrClaimed, have.ID, have.Version, have.Hash)
			}
			return false, rows.Err()
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return false, err
		}
		b := &pgx.Batch{}
		b.Queue("insert into definition (hash, id, version) values ($1, $2, $3)", hash, id, version)
		for name, content := range files {
			b.Queue("insert into definition_file (hash, name, content) values ($1, $2, $3)", hash, name, notNil(content))
		}
		return true, c.SendBatch(ctx, b).Close()
	})
}

func scanFile(rows pgx.Rows, out map[string][]byte) error {
	var name string
	var content []byte
	err := rows.Scan(&name, &content)
	out[name] = notNil(content)
	return err
}

// Definition reads published bytes.
func (s *Store) Definition(ctx context.Context, hash string) (map[string][]byte, error) {
	var one int
	if err := s.get(ctx, "select 1 from definition where hash = $1", []any{hash}, &one); err != nil {
		return nil, missing(err, "definition %s", hash)
	}
	out := map[string][]byte{}
	if err := s.each(ctx, filesText, []any{hash}, func(rows pgx.Rows) error { return scanFile(rows, out) }); err != nil {
		return nil, fmt.Errorf("store/postgres: definition %s: %w", hash, err)
	}
	return out, nil
}

// Definitions lists what is published.
func (s *Store) Definitions(ctx context.Context) (out []store.DefinitionEntry, err error) {
	err = s.each(ctx, "select id, version, hash from definition order by id, version", nil, func(rows pgx.Rows) error {
		var d store.DefinitionEntry
		err := rows.Scan(&d.ID, &d.Version, &d.Hash)
		out = append(out, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: definitions: %w", err)
	}
	return out, nil
}

// PutSession keeps a login.
func (s *Store) PutSession(ctx context.Context, l store.Session) error {
	_, err := s.exec(ctx, "insert into session (hash, actor_kind, actor_id, actor_unit, created, seen, expires, closed) values ($1, $2, $3, $4, $5, $6, $7, $8)"+
		" on conflict (hash) do update set actor_kind = excluded.actor_kind, actor_id = excluded.actor_id, actor_unit = excluded.actor_unit,"+
		" created = excluded.created, seen = excluded.seen, expires = excluded.expires, closed = excluded.closed",
		notNil(l.Hash), string(l.Actor.Kind), l.Actor.ID, string(l.Actor.Unit), store.Micros(l.Created), store.Micros(l.Seen), store.Micros(l.Expires), store.Micros(l.Closed))
	return err
}

// Session reads a login.
func (s *Store) Session(ctx context.Context, hash []byte) (store.Session, error) {
	l := store.Session{Hash: bytes.Clone(hash)}
	var created, seen, expires, closed int64
	if err := s.get(ctx, "select actor_kind, actor_id, actor_unit, created, seen, expires, closed from session where hash = $1", []any{notNil(hash)},
		(*string)(&l.Actor.Kind), &l.Actor.ID, (*string)(&l.Actor.Unit), &created, &seen, &expires, &closed); err != nil {
		return store.Session{}, missing(err, "session")
	}
	l.Created, l.Seen = store.FromMicros(created), store.FromMicros(seen)
	l.Expires, l.Closed = store.FromMicros(expires), store.FromMicros(closed)
	return l, nil
}

// PutDraft keeps or drops a draft.
func (s *Store) PutDraft(ctx context.Context, owner, form string, sealed []byte, at time.Time) (err error) {
	if len(sealed) == 0 {
		_, err = s.exec(ctx, "delete from draft where owner = $1 and form = $2", owner, form)
	} else {
		_, err = s.exec(ctx, "insert into draft (owner, form, sealed, at) values ($1, $2, $3, $4)"+
			" on conflict (owner, form) do update set sealed = excluded.sealed, at = excluded.at", owner, form, sealed, store.Micros(at))
	}
	return err
}

// Draft reads a draft.
func (s *Store) Draft(ctx context.Context, owner, form string) (sealed []byte, err error) {
	err = s.get(ctx, "select sealed from draft where owner = $1 and form = $2", []any{owner, form}, &sealed)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("store/postgres: draft %s of %s: %w", form, owner, err)
	}
	return sealed, nil
}

// Setting reads a value.
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.get(ctx, "select value from setting where name = $1", []any{name}, &value)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("store/postgres: setting %s: %w", name, err)
	}
	return value, nil
}

const setSetting = "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value"

// SetSetting keeps a value.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	_, err := s.exec(ctx, setSetting, name, value)
	return err
}
