package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"forlop/care"
	"forlop/store"
)

// Commanded answers what was kept for a command that was carried out.
func (s *Store) Commanded(ctx context.Context, c store.Command) ([]byte, error) {
	var digest, answer []byte
	err := s.get(ctx, "select digest, answer from command where actor = $1 and key = $2", []any{c.Actor, c.Key}, &digest, &answer)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("store/postgres: command %s of %s: %w", c.Key, c.Actor, err)
	case !bytes.Equal(digest, c.Digest[:]):
		return nil, fmt.Errorf("%w: %s of %s", store.ErrKeyReused, c.Key, c.Actor)
	}
	return notNil(answer), nil
}

const (
	loadText   = "select position, " + eventColumns + " from event where stream = $1 and version > $2 order by version"
	followText = "select position, " + eventColumns + " from event where position > $1 and position <= $2 order by position limit $3"
)

// Load reads a stream.
func (s *Store) Load(ctx context.Context, stream store.Stream, after int) ([]store.Event, error) {
	if s.scope != nil {
		// The wall decides about the stream once, and not with each of its events.
		about, view := *s.scope, *s
		about.Stream, view.scope = stream, &about
		s = &view
	}
	events, err := s.events(ctx, loadText, string(stream), after)
	if err != nil {
		return nil, fmt.Errorf("store/postgres: load %s after %d: %w", stream, after, err)
	}
	return events, nil
}

// Follow reads the log as far as nothing can appear below any more.
func (s *Store) Follow(ctx context.Context, after int64, limit int) ([]store.Event, error) {
	var horizon int64
	err := s.get(ctx, "select horizon($1)", []any{after}, &horizon)
	if err == nil && horizon <= after {
		return nil, nil
	}
	var events []store.Event
	if err == nil {
		// What was open at the horizon has ended by now: a new statement sees it.
		events, err = s.events(ctx, followText, after, horizon, bound(limit))
	}
	if err != nil {
		return nil, fmt.Errorf("store/postgres: follow after %d: %w", after, err)
	}
	return events, nil
}

func (s *Store) events(ctx context.Context, q string, args ...any) (events []store.Event, err error) {
	err = s.each(ctx, q, args, func(rows pgx.Rows) error {
		e, err := scanEvent(rows)
		events = append(events, e)
		return err
	})
	return events, err
}

func scanEvent(rows pgx.Rows) (e store.Event, err error) {
	var happened, learned int64
	var stream, kind, actorUnit, unit, role, behalf, regime string
	if err := rows.Scan(&e.Position, &stream, &e.Version, &e.Type, &happened, &learned, &kind, &e.Actor.ID, &actorUnit,
		&unit, &role, &behalf, &regime, &e.Cause, &e.Command, &e.Definition, &e.Body, &e.Sealed, &e.Hash); err != nil {
		return e, err
	}
	e.Stream, e.Regime = store.Stream(stream), care.Regime(regime)
	e.Actor.Kind, e.Actor.Unit = care.ActorKind(kind), care.UnitID(actorUnit)
	e.Post = care.Post{Unit: care.UnitID(unit), Role: care.Role(role)}
	e.Happened, e.Learned = store.FromMicros(happened), store.FromMicros(learned)
	if len(e.Sealed) == 0 {
		e.Sealed = nil
	}
	if e.For, err = store.DecodeOnBehalf(behalf); err != nil {
		return e, fmt.Errorf("%w: %s@%d: on whose behalf: %w", store.ErrChain, e.Stream, e.Version, err)
	}
	return e, nil
}

const streamsText = "select name, version from stream where name > $1 and name > $2 and name < $3 order by name limit $4"

// Streams lists a kind's streams, by a range of the index on their names.
func (s *Store) Streams(ctx context.Context, kind string, after store.Stream, limit int) (out []store.Guard, err error) {
	// "0" is the byte after "/".
	err = s.each(ctx, streamsText, []any{string(after), kind + "/", kind + "0", bound(limit)}, func(rows pgx.Rows) error {
		var g store.Guard
		err := rows.Scan((*string)(&g.Stream), &g.Version)
		out = append(out, g)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: streams of kind %s after %q: %w", kind, after, err)
	}
	return out, nil
}

// Marks answers all marks.
func (s *Store) Marks(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.each(ctx, "select name, count from mark", nil, func(rows pgx.Rows) error {
		var name string
		var n int64
		err := rows.Scan(&name, &n)
		out[name] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: marks: %w", err)
	}
	return out, nil
}

// Claimed finds who holds a claim.
func (s *Store) Claimed(ctx context.Context, kind, key string) (store.Stream, error) {
	var holder string
	if err := s.get(ctx, "select stream from claim where kind = $1 and key = $2", []any{kind, key}, &holder); err != nil {
		return "", missing(err, "claim %s %s", kind, key)
	}
	return store.Stream(holder), nil
}

// Blob reads an attachment.
func (s *Store) Blob(ctx context.Context, id string) (store.Blob, error) {
	b := store.Blob{ID: id}
	if err := s.get(ctx, "select stream, sealed from blob where id = $1", []any{id}, (*string)(&b.Stream), &b.Sealed); err != nil {
		return store.Blob{}, missing(err, "blob %s", id)
	}
	return b, nil
}

// Epoch reads the setting.
func (s *Store) Epoch(ctx context.Context) (n int64, err error) {
	if err := s.get(ctx, "select cast(value as bigint) from setting where name = 'epoch'", nil, &n); err != nil {
		return 0, missing(err, "the setting epoch")
	}
	return n, nil
}

// bound turns a limit into SQL's; 0 is none.
func bound(limit int) int64 {
	if limit <= 0 {
		return 1<<63 - 1
	}
	return int64(limit)
}
