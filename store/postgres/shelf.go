package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"forlop/store"
)

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
