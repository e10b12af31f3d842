package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

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

// append looks at everything that can be refused, then writes.
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
	}
	chained, err := t.chain(a)
	if err != nil {
		return done, err
	}
	if err := t.free(a); err != nil {
		return done, err
	}

	if c := a.Command; c != nil {
		if _, err := t.exec("insert into command (actor, key, digest, answer) values ($1, $2, $3, $4)", c.Actor, c.Key, c.Digest[:], notNil(c.Answer)); err != nil {
			return done, err
		}
	}
	for i, w := range a.Writes {
		for _, e := range chained[i] {
			if done.Position, err = t.event(e); err != nil {
				return done, err
			}
		}
		done.Versions = append(done.Versions, w.Expect+len(w.Events))
	}
	return done, t.beside(a)
}

// chain checks the versions of guards and writes and answers the events of each
// write in their places.
func (t tx) chain(a store.Append) ([][]store.Event, error) {
	for _, g := range a.Guards {
		if _, err := t.head(g.Stream, g.Version); err != nil {
			return nil, err
		}
	}
	var chained [][]store.Event
	last := map[store.Stream]store.Event{} // of streams written in this append
	for _, w := range a.Writes {
		e, again := last[w.Stream]
		if !again {
			hash, err := t.head(w.Stream, w.Expect)
			if err != nil {
				return nil, err
			}
			e = store.Event{Version: w.Expect, Hash: hash}
		} else if e.Version != w.Expect {
			return nil, otherVersion(w.Stream, e.Version, w.Expect)
		}
		events := store.Chain(w.Stream, e.Version, e.Hash, w.Events)
		if len(events) > 0 {
			last[w.Stream] = events[len(events)-1]
		}
		chained = append(chained, events)
	}
	return chained, nil
}

// head checks a stream's version and answers the hash of its last event.
func (t tx) head(s store.Stream, want int) (hash []byte, err error) {
	var version int
	if _, err := t.get("select version, hash from event where stream = $1 order by version desc limit 1", []any{string(s)}, &version, &hash); err != nil {
		return nil, err
	}
	if version != want {
		return nil, otherVersion(s, version, want)
	}
	return hash, nil
}

func otherVersion(s store.Stream, have, want int) error {
	return fmt.Errorf("%w: %s is at %d, not %d", store.ErrVersion, s, have, want)
}

// free checks that nobody else has what a takes: claims, delivery and blob ids.
// What a gives back can be taken in the same append.
func (t tx) free(a store.Append) error {
	type name struct{ kind, key string }
	taken := map[name]string{} // within this append; "" for given back
	for _, c := range a.Releases {
		taken[name{c.Kind, c.Key}] = ""
	}
	for _, c := range a.Claims {
		n := name{c.Kind, c.Key}
		holder, known := taken[n]
		if !known || holder == "" {
			if _, err := t.get("select stream from claim where kind = $1 and key = $2", []any{c.Kind, c.Key}, &holder); err != nil {
				return err
			}
			if known && slices.Contains(a.Releases, store.Claim{Kind: c.Kind, Key: c.Key, Stream: store.Stream(holder)}) {
				holder = ""
			}
		}
		if holder != "" && holder != string(c.Stream) {
			return fmt.Errorf("%w: %s %s is held by %s", store.ErrClaimed, c.Kind, c.Key, holder)
		}
		taken[n] = string(c.Stream)
	}
	ids := map[string]bool{}
	for _, d := range a.Send {
		var pending int
		if _, err := t.get("select 1 from delivery where id = $1", []any{d.ID}, &pending); err != nil {
			return err
		}
		if ids[d.ID] || pending != 0 && !slices.Contains(a.Finish, d.ID) {
			return fmt.Errorf("%w: delivery %s is pending", store.ErrClaimed, d.ID)
		}
		ids[d.ID] = true
	}
	clear(ids)
	for _, b := range a.Blobs {
		var kept int
		if _, err := t.get("select 1 from blob where id = $1", []any{b.ID}, &kept); err != nil {
			return err
		}
		if ids[b.ID] || kept != 0 {
			return fmt.Errorf("%w: blob %s is kept already", store.ErrClaimed, b.ID)
		}
		ids[b.ID] = true
	}
	return nil
}

// beside writes what goes with the events.
func (t tx) beside(a store.Append) error {
	for _, c := range a.Releases {
		if _, err := t.exec("delete from claim where kind = $1 and key = $2 and stream = $3", c.Kind, c.Key, string(c.Stream)); err != nil {
			return err
		}
	}
	for _, c := range a.Claims {
		if _, err := t.exec("insert into claim (kind, key, stream) values ($1, $2, $3) on conflict (kind, key) do nothing", c.Kind, c.Key, string(c.Stream)); err != nil {
			return err
		}
	}
	for _, k := range a.Drop {
		if err := t.drop(k); err != nil {
			return err
		}
	}
	for _, r := range a.Put {
		if err := t.put(r); err != nil {
			return err
		}
	}
	for _, m := range a.Timers {
		if err := t.timer(m); err != nil {
			return err
		}
	}
	for _, b := range a.Blobs {
		if _, err := t.exec("insert into blob (id, stream, sealed) values ($1, $2, $3)", b.ID, string(b.Stream), notNil(b.Sealed)); err != nil {
			return err
		}
	}
	for _, m := range a.Marks {
		if _, err := t.exec("insert into mark (name, count) values ($1, 1) on conflict (name) do update set count = mark.count + 1", m); err != nil {
			return err
		}
	}
	return t.deliveries(a)
}

const eventColumns = "stream, version, type, happened, learned, actor_kind, actor_id, actor_unit, unit, role, on_behalf, regime, cause, command, definition, body, sealed, hash"

func (t tx) event(e store.Event) (position int64, err error) {
	behalf, err := store.EncodeOnBehalf(e.For)
	if err != nil {
		return 0, err
	}
	return t.insert("insert into event ("+eventColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
		string(e.Stream), e.Version, e.Type, store.Micros(e.Happened), store.Micros(e.Learned),
		string(e.Actor.Kind), e.Actor.ID, string(e.Actor.Unit), string(e.Post.Unit), string(e.Post.Role), behalf, string(e.Regime), e.Cause, e.Command, e.Definition,
		string(e.Body), notNil(e.Sealed), e.Hash)
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

// scanEvent reads into plain strings: database/sql takes a slow way, by
// reflection, to named types, and a page may read hundreds of events.
func scanEvent(rows *sql.Rows) (e store.Event, err error) {
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

// Marks answers all marks.
func (s *Store) Marks(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.each(ctx, "select name, count from mark", nil, func(rows *sql.Rows) error {
		var name string
		var n int64
		err := rows.Scan(&name, &n)
		out[name] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: marks: %w", err)
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
