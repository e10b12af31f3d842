package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"time"

	"forlop/store"
)

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
