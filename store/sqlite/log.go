package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"forlop/care"
	"forlop/store"
)

// Append gives a to the writer and waits for its commit.
func (s *Store) Append(ctx context.Context, a store.Append) (store.Done, error) {
	if err := a.Validate(); err != nil {
		return store.Done{}, err
	}
	// The writer may still be at work when a caller gives up, so it never
	// writes to what the caller returns.
	made := new(store.Done)
	err := s.change(ctx, func(t tx) (err error) {
		*made, err = t.append(a)
		return err
	})
	if err != nil {
		return store.Done{}, err
	}
	return *made, nil
}

// append checks everything that can be refused, then writes.
func (t tx) append(a store.Append) (done store.Done, err error) {
	if c := a.Command; c != nil {
		var digest, answer []byte
		known, err := t.get("select digest, answer from command where actor = $1 and key = $2", []any{c.Actor, c.Key}, &digest, &answer)
		switch {
		case err != nil:
			return done, err
		case known && string(digest) != string(c.Digest[:]):
			return done, fmt.Errorf("%w: %s of %s", store.ErrKeyReused, c.Key, c.Actor)
		case known:
			done.Repeated = notNil(answer)
			return done, nil
		}
		if _, err := t.exec("insert into command (actor, key, digest, answer) values ($1, $2, $3, $4)", c.Actor, c.Key, c.Digest[:], notNil(c.Answer)); err != nil {
			return done, err
		}
	}
	for _, g := range a.Guards {
		if _, err := t.head(g.Stream, g.Version); err != nil {
			return done, err
		}
	}
	for _, w := range a.Writes {
		prev, err := t.head(w.Stream, w.Expect)
		if err != nil {
			return done, err
		}
		for _, e := range store.Chain(w.Stream, w.Expect, prev, w.Events) {
			if done.Position, err = t.insert(e); err != nil {
				return done, err
			}
		}
		done.Versions = append(done.Versions, w.Expect+len(w.Events))
	}
	if err := t.claims(a); err != nil {
		return done, err
	}
	for _, k := range a.Drop {
		if err := t.drop(k); err != nil {
			return done, err
		}
	}
	for _, r := range a.Put {
		if err := t.put(r); err != nil {
			return done, err
		}
	}
	for _, m := range a.Timers {
		if err := t.timer(m); err != nil {
			return done, err
		}
	}
	if err := t.deliveries(a); err != nil {
		return done, err
	}
	for _, b := range a.Blobs {
		n, err := t.exec("insert into blob (id, stream, sealed) values ($1, $2, $3) on conflict do nothing", b.ID, string(b.Stream), notNil(b.Sealed))
		if err != nil {
			return done, err
		}
		if n == 0 {
			return done, fmt.Errorf("%w: blob %s is kept already", store.ErrClaimed, b.ID)
		}
	}
	return done, nil
}

// head checks a stream's version and answers the hash of its last event.
func (t tx) head(s store.Stream, want int) (hash []byte, err error) {
	var version int
	if _, err := t.get("select version, hash from event where stream = $1 order by version desc limit 1", []any{string(s)}, &version, &hash); err != nil {
		return nil, err
	}
	if version != want {
		return nil, fmt.Errorf("%w: %s is at %d, not %d", store.ErrVersion, s, version, want)
	}
	return hash, nil
}

const eventColumns = "stream, version, type, happened, learned, actor_kind, actor_id, actor_unit, on_behalf, regime, cause, command, definition, body, sealed, hash"

func (t tx) insert(e store.Event) (position int64, err error) {
	var behalf []byte
	if e.For != nil {
		if behalf, err = json.Marshal(e.For); err != nil {
			return 0, err
		}
	}
	s, err := t.stmt("insert into event (" + eventColumns + ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)")
	if err != nil {
		return 0, err
	}
	r, err := s.Exec(string(e.Stream), e.Version, e.Type, store.Micros(e.Happened), store.Micros(e.Learned),
		string(e.Actor.Kind), e.Actor.ID, string(e.Actor.Unit), string(behalf), string(e.Regime), e.Cause, e.Command, e.Definition,
		string(e.Body), notNil(e.Sealed), e.Hash)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

func (t tx) claims(a store.Append) error {
	for _, c := range a.Releases {
		if _, err := t.exec("delete from claim where kind = $1 and key = $2 and stream = $3", c.Kind, c.Key, string(c.Stream)); err != nil {
			return err
		}
	}
	for _, c := range a.Claims {
		n, err := t.exec("insert into claim (kind, key, stream) values ($1, $2, $3) on conflict do nothing", c.Kind, c.Key, string(c.Stream))
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		var holder string
		if _, err := t.get("select stream from claim where kind = $1 and key = $2", []any{c.Kind, c.Key}, &holder); err != nil {
			return err
		}
		if holder != string(c.Stream) {
			return fmt.Errorf("%w: %s %s is held by %s", store.ErrClaimed, c.Kind, c.Key, holder)
		}
	}
	return nil
}

// Load reads a stream.
func (s *Store) Load(ctx context.Context, stream store.Stream, after int) ([]store.Event, error) {
	events, err := s.events(ctx, "select position, "+eventColumns+" from event where stream = $1 and version > $2 order by version", string(stream), after)
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: load %s after %d: %w", stream, after, err)
	}
	return events, nil
}

// Follow reads the log. One writer gives positions in commit order, so nothing
// can appear below what was read.
func (s *Store) Follow(ctx context.Context, after int64, limit int) ([]store.Event, error) {
	events, err := s.events(ctx, "select position, "+eventColumns+" from event where position > $1 order by position limit $2", after, bound(limit))
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: follow after %d: %w", after, err)
	}
	return events, nil
}

func (s *Store) events(ctx context.Context, q string, args ...any) (events []store.Event, err error) {
	err = s.each(ctx, q, args, func(rows *sql.Rows) error {
		e, err := scanEvent(rows)
		events = append(events, e)
		return err
	})
	return events, err
}

func scanEvent(rows *sql.Rows) (e store.Event, err error) {
	var happened, learned int64
	var behalf string
	if err := rows.Scan(&e.Position, &e.Stream, &e.Version, &e.Type, &happened, &learned, &e.Actor.Kind, &e.Actor.ID, &e.Actor.Unit,
		&behalf, &e.Regime, &e.Cause, &e.Command, &e.Definition, &e.Body, &e.Sealed, &e.Hash); err != nil {
		return e, err
	}
	e.Happened, e.Learned = store.FromMicros(happened), store.FromMicros(learned)
	if len(e.Sealed) == 0 {
		e.Sealed = nil
	}
	if e.For, err = decodeOnBehalf(behalf); err != nil {
		return e, fmt.Errorf("%w: %s@%d: on whose behalf: %w", store.ErrChain, e.Stream, e.Version, err)
	}
	return e, nil
}

// decodeOnBehalf reads what insert wrote; nil for "".
func decodeOnBehalf(text string) (*care.OnBehalf, error) {
	if text == "" {
		return nil, nil
	}
	f := new(care.OnBehalf)
	if err := json.Unmarshal([]byte(text), f); err != nil {
		return nil, err
	}
	return f, nil
}

// Streams lists a kind's streams, by a range of the index on (stream, version).
func (s *Store) Streams(ctx context.Context, kind string, after store.Stream, limit int) (out []store.Guard, err error) {
	// "0" is the byte after "/".
	err = s.each(ctx, "select stream, max(version) from event where stream > $1 and stream > $2 and stream < $3 group by stream order by stream limit $4",
		[]any{string(after), kind + "/", kind + "0", bound(limit)}, func(rows *sql.Rows) error {
			var g store.Guard
			err := rows.Scan(&g.Stream, &g.Version)
			out = append(out, g)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: streams of kind %s after %q: %w", kind, after, err)
	}
	return out, nil
}

// Claimed finds who holds a claim.
func (s *Store) Claimed(ctx context.Context, kind, key string) (holder store.Stream, err error) {
	if err := s.get(ctx, "select stream from claim where kind = $1 and key = $2", []any{kind, key}, &holder); err != nil {
		return "", missing(err, "claim %s %s", kind, key)
	}
	return holder, nil
}

// Blob reads an attachment.
func (s *Store) Blob(ctx context.Context, id string) (store.Blob, error) {
	b := store.Blob{ID: id}
	if err := s.get(ctx, "select stream, sealed from blob where id = $1", []any{id}, &b.Stream, &b.Sealed); err != nil {
		return store.Blob{}, missing(err, "blob %s", id)
	}
	return b, nil
}

// Epoch reads the setting.
func (s *Store) Epoch(ctx context.Context) (n int64, err error) {
	if err := s.get(ctx, "select cast(value as integer) from setting where name = 'epoch'", nil, &n); err != nil {
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

// notNil keeps an empty value apart from SQL's null.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
