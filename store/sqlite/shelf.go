package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/store"
)

// Log keeps a look; it shares its commit with whatever else is written.
func (s *Store) Log(ctx context.Context, l store.Look) error {
	persons, err := json.Marshal(notNilPersons(l.Persons))
	if err != nil {
		return err
	}
	about := slices.Clone(l.Persons)
	slices.Sort(about)
	about = slices.Compact(about)
	return s.change(ctx, func(t tx) error {
		id, err := t.insert("insert into look (at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, persons)"+
			" values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", store.Micros(l.At), string(l.Actor.Kind), l.Actor.ID, string(l.Actor.Unit), string(l.Post.Unit), string(l.Post.Role),
			l.Basis, l.Question, l.Reason, string(persons))
		if err != nil {
			return err
		}
		// A worklist is about as many persons as it has rows; they are written
		// sixteen in a statement.
		for part := range slices.Chunk(about, 16) {
			q := query{args: []any{id}}
			var rows []string
			for _, p := range part {
				rows = append(rows, "("+q.arg(string(p))+", $1)")
			}
			if _, err := t.exec("insert into look_person (person, look) values "+strings.Join(rows, ", "), q.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

func notNilPersons(p []care.PersonKey) []care.PersonKey {
	if p == nil {
		return []care.PersonKey{}
	}
	return p
}

// Looks lists the looks at a person, newest first.
func (s *Store) Looks(ctx context.Context, p care.PersonKey, limit int) (out []store.Look, err error) {
	err = s.each(ctx, "select l.id, l.at, l.actor_kind, l.actor_id, l.actor_unit, l.unit, l.role, l.basis, l.question, l.reason, l.persons"+
		" from look_person p join look l on l.id = p.look where p.person = $1 order by p.look desc limit $2", []any{string(p), bound(limit)}, func(rows *sql.Rows) error {
		var l store.Look
		var at int64
		var persons []byte
		if err := rows.Scan(&l.ID, &at, &l.Actor.Kind, &l.Actor.ID, &l.Actor.Unit, &l.Post.Unit, &l.Post.Role, &l.Basis, &l.Question, &l.Reason, &persons); err != nil {
			return err
		}
		l.At = store.FromMicros(at)
		out = append(out, l)
		return json.Unmarshal(persons, &out[len(out)-1].Persons)
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: looks at %s: %w", p, err)
	}
	return out, nil
}

// PutDefinition keeps published bytes.
func (s *Store) PutDefinition(ctx context.Context, id, version, hash string, files map[string][]byte) error {
	return s.change(ctx, func(t tx) error {
		var have store.DefinitionEntry
		known, err := t.get("select hash, id, version from definition where hash = $1 or (id = $2 and version = $3)", []any{hash, id, version},
			&have.Hash, &have.ID, &have.Version)
		if err != nil {
			return err
		}
		if known {
			kept, err := t.files(have.Hash)
			if err != nil {
				return err
			}
			if have != (store.DefinitionEntry{ID: id, Version: version, Hash: hash}) || !maps.EqualFunc(kept, files, bytes.Equal) {
				return fmt.Errorf("%w: %s %s is published with other bytes (%s)", store.ErrClaimed, have.ID, have.Version, have.Hash)
			}
			return nil
		}
		if _, err := t.exec("insert into definition (hash, id, version) values ($1, $2, $3)", hash, id, version); err != nil {
			return err
		}
		for name, content := range files {
			if _, err := t.exec("insert into definition_file (hash, name, content) values ($1, $2, $3)", hash, name, notNil(content)); err != nil {
				return err
			}
		}
		return nil
	})
}

const filesSQL = "select name, content from definition_file where hash = $1"

func (t tx) files(hash string) (map[string][]byte, error) {
	out := map[string][]byte{}
	return out, t.each(filesSQL, []any{hash}, func(rows *sql.Rows) error { return scanFile(rows, out) })
}

func scanFile(rows *sql.Rows, out map[string][]byte) error {
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
	if err := s.each(ctx, filesSQL, []any{hash}, func(rows *sql.Rows) error { return scanFile(rows, out) }); err != nil {
		return nil, fmt.Errorf("store/sqlite: definition %s: %w", hash, err)
	}
	return out, nil
}

// Definitions lists what is published.
func (s *Store) Definitions(ctx context.Context) (out []store.DefinitionEntry, err error) {
	err = s.each(ctx, "select id, version, hash from definition order by id, version", nil, func(rows *sql.Rows) error {
		var d store.DefinitionEntry
		err := rows.Scan(&d.ID, &d.Version, &d.Hash)
		out = append(out, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: definitions: %w", err)
	}
	return out, nil
}

// PutSession keeps a login.
func (s *Store) PutSession(ctx context.Context, l store.Session) error {
	return s.change(ctx, func(t tx) error {
		_, err := t.exec("insert into session (hash, actor_kind, actor_id, actor_unit, created, seen, expires, closed) values ($1, $2, $3, $4, $5, $6, $7, $8)"+
			" on conflict (hash) do update set actor_kind = excluded.actor_kind, actor_id = excluded.actor_id, actor_unit = excluded.actor_unit,"+
			" created = excluded.created, seen = excluded.seen, expires = excluded.expires, closed = excluded.closed",
			l.Hash, string(l.Actor.Kind), l.Actor.ID, string(l.Actor.Unit), store.Micros(l.Created), store.Micros(l.Seen), store.Micros(l.Expires), store.Micros(l.Closed))
		return err
	})
}

// Session reads a login.
func (s *Store) Session(ctx context.Context, hash []byte) (store.Session, error) {
	l := store.Session{Hash: bytes.Clone(hash)}
	var created, seen, expires, closed int64
	if err := s.get(ctx, "select actor_kind, actor_id, actor_unit, created, seen, expires, closed from session where hash = $1", []any{hash},
		&l.Actor.Kind, &l.Actor.ID, &l.Actor.Unit, &created, &seen, &expires, &closed); err != nil {
		return store.Session{}, missing(err, "session")
	}
	l.Created, l.Seen = store.FromMicros(created), store.FromMicros(seen)
	l.Expires, l.Closed = store.FromMicros(expires), store.FromMicros(closed)
	return l, nil
}

// PutDraft keeps or drops a draft.
func (s *Store) PutDraft(ctx context.Context, owner, form string, sealed []byte, at time.Time) error {
	return s.change(ctx, func(t tx) (err error) {
		if len(sealed) == 0 {
			_, err = t.exec("delete from draft where owner = $1 and form = $2", owner, form)
		} else {
			_, err = t.exec("insert into draft (owner, form, sealed, at) values ($1, $2, $3, $4)"+
				" on conflict (owner, form) do update set sealed = excluded.sealed, at = excluded.at", owner, form, sealed, store.Micros(at))
		}
		return err
	})
}

// Draft reads a draft.
func (s *Store) Draft(ctx context.Context, owner, form string) (sealed []byte, err error) {
	err = s.get(ctx, "select sealed from draft where owner = $1 and form = $2", []any{owner, form}, &sealed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("store/sqlite: draft %s of %s: %w", form, owner, err)
	}
	return sealed, nil
}

// Setting reads a value.
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.get(ctx, "select value from setting where name = $1", []any{name}, &value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("store/sqlite: setting %s: %w", name, err)
	}
	return value, nil
}

// SetSetting keeps a value.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	return s.change(ctx, func(t tx) error {
		_, err := t.exec("insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value", name, value)
		return err
	})
}
