package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"forlop/store"
)

// Advisory locks by two numbers. (Those by one number are positions: see
// horizon.) A stream that does not exist has no row to lock, so its name is.
const (
	lockGate  = 0x464F524C // "FORL": held shared by appends, alone by Replace
	lockNames = 0x464F524D
)

// Append looks at everything that can be refused, then writes, then commits:
// three exchanges.
func (s *Store) Append(ctx context.Context, a store.Append) (store.Done, error) {
	if err := a.Validate(); err != nil {
		return store.Done{}, err
	}
	if err := ctx.Err(); err != nil {
		return store.Done{}, err
	}
	var done store.Done
	err := s.change(ctx, func(ctx context.Context, c *pgx.Conn) (bool, error) {
		done = store.Done{}
		f, err := look(ctx, c, a)
		if err != nil {
			return false, err
		}
		if done.Repeated, err = f.repeated(a.Command); err != nil || done.Repeated != nil {
			return false, err
		}
		chained, err := f.chain(a)
		if err != nil {
			return false, err
		}
		if err := f.free(a); err != nil {
			return false, err
		}
		for _, w := range a.Writes {
			done.Versions = append(done.Versions, w.Expect+len(w.Events))
		}
		done.Position, err = f.write(ctx, c, a, chained)
		return true, err
	})
	if err != nil {
		return store.Done{}, err
	}
	return done, nil
}

// name is a claim's kind and key.
type name struct{ kind, key string }

// head is where a stream stands.
type head struct {
	version int
	hash    []byte
}

// found is what an append may be refused for. The rows are locked until it ends.
type found struct {
	digest, answer []byte // of the command, if it was carried out
	heads          map[store.Stream]head
	holders        map[name]string
	pending, kept  map[string]bool // deliveries and blobs
}

// look locks and reads in one exchange. Everything is locked in one order, so
// that two appends never wait for each other: streams by name, then claims by
// kind and key. The command is read last, when the locks are held: whoever
// carried it out a moment ago has committed by then.
func look(ctx context.Context, c *pgx.Conn, a store.Append) (*found, error) {
	f := &found{heads: map[store.Stream]head{}, holders: map[name]string{}, pending: map[string]bool{}, kept: map[string]bool{}}
	b := &pgx.Batch{}
	b.Queue("begin")
	f.lockStreams(b, a)
	claims := map[name]bool{}
	for _, c := range a.Claims {
		claims[name{c.Kind, c.Key}] = true
	}
	for _, n := range slices.SortedFunc(maps.Keys(claims), byName) {
		b.Queue("select stream from claim where kind = $1 and key = $2 for update", n.kind, n.key).QueryRow(func(row pgx.Row) error {
			var holder string
			err := row.Scan(&holder)
			if err == nil {
				f.holders[n] = holder
			}
			return none(err)
		})
	}
	ids := func(table string, have map[string]bool, ids []string) {
		if len(ids) == 0 {
			return
		}
		b.Queue("select id from "+table+" where id = any($1)", ids).Query(func(rows pgx.Rows) error {
			var id string
			_, err := pgx.ForEachRow(rows, []any{&id}, func() error { have[id] = true; return nil })
			return err
		})
	}
	var sent, blobs []string
	for _, d := range a.Send {
		sent = append(sent, d.ID)
	}
	for _, l := range a.Blobs {
		blobs = append(blobs, l.ID)
	}
	ids("delivery", f.pending, sent)
	ids("blob", f.kept, blobs)
	if k := a.Command; k != nil {
		b.Queue("select digest, answer from command where actor = $1 and key = $2", k.Actor, k.Key).QueryRow(func(row pgx.Row) error {
			return none(row.Scan(&f.digest, &f.answer))
		})
	}
	return f, c.SendBatch(ctx, b).Close()
}

// lockStreams locks the rows of the streams that are written, and keeps those of
// guards from being changed. A stream that shall not exist yet is locked by its
// name.
func (f *found) lockStreams(b *pgx.Batch, a store.Append) {
	type use struct{ written, absent bool }
	uses := map[store.Stream]use{}
	for _, g := range a.Guards {
		u := uses[g.Stream]
		u.absent = u.absent || g.Version == 0
		uses[g.Stream] = u
	}
	for _, w := range a.Writes {
		u := uses[w.Stream]
		u.written, u.absent = true, u.absent || w.Expect == 0
		uses[w.Stream] = u
	}
	for _, s := range slices.Sorted(maps.Keys(uses)) {
		shared, rows := "_shared", "share"
		if uses[s].written {
			shared, rows = "", "update"
		}
		if uses[s].absent {
			b.Queue("select pg_advisory_xact_lock"+shared+"($1, hashtext($2))", int32(lockNames), string(s))
		}
		b.Queue("select version, hash from stream where name = $1 for "+rows, string(s)).QueryRow(func(row pgx.Row) error {
			var h head
			err := row.Scan(&h.version, &h.hash)
			f.heads[s] = h
			return none(err)
		})
	}
}

func byName(a, b name) int {
	if a.kind != b.kind {
		if a.kind < b.kind {
			return -1
		}
		return 1
	}
	switch {
	case a.key < b.key:
		return -1
	case a.key > b.key:
		return 1
	}
	return 0
}

// none forgives the absence of a row.
func none(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// repeated answers what was kept for the command, nil if it is new.
func (f *found) repeated(c *store.Command) ([]byte, error) {
	switch {
	case c == nil || f.digest == nil:
		return nil, nil
	case string(f.digest) != string(c.Digest[:]):
		return nil, fmt.Errorf("%w: %s of %s", store.ErrKeyReused, c.Key, c.Actor)
	}
	return notNil(f.answer), nil
}

// chain checks the versions of guards and writes and answers the events of each
// write in their places.
func (f *found) chain(a store.Append) ([][]store.Event, error) {
	for _, g := range a.Guards {
		if have := f.heads[g.Stream].version; have != g.Version {
			return nil, otherVersion(g.Stream, have, g.Version)
		}
	}
	var chained [][]store.Event
	for _, w := range a.Writes {
		h := f.heads[w.Stream]
		if h.version != w.Expect {
			return nil, otherVersion(w.Stream, h.version, w.Expect)
		}
		events := store.Chain(w.Stream, h.version, h.hash, w.Events)
		if n := len(events); n > 0 {
			f.heads[w.Stream] = head{events[n-1].Version, events[n-1].Hash}
		}
		chained = append(chained, events)
	}
	return chained, nil
}

func otherVersion(s store.Stream, have, want int) error {
	return fmt.Errorf("%w: %s is at %d, not %d", store.ErrVersion, s, have, want)
}

// free checks that nobody else has what a takes: claims, delivery and blob ids.
// What a gives back can be taken in the same append.
func (f *found) free(a store.Append) error {
	taken := maps.Clone(f.holders) // as it will be; "" for given back
	for _, c := range a.Releases {
		if n := (name{c.Kind, c.Key}); taken[n] == string(c.Stream) {
			taken[n] = ""
		}
	}
	for _, c := range a.Claims {
		n := name{c.Kind, c.Key}
		if holder := taken[n]; holder != "" && holder != string(c.Stream) {
			return fmt.Errorf("%w: %s %s is held by %s", store.ErrClaimed, c.Kind, c.Key, holder)
		}
		taken[n] = string(c.Stream)
	}
	ids := map[string]bool{}
	for _, d := range a.Send {
		if ids[d.ID] || f.pending[d.ID] && !slices.Contains(a.Finish, d.ID) {
			return fmt.Errorf("%w: delivery %s is pending", store.ErrClaimed, d.ID)
		}
		ids[d.ID] = true
	}
	clear(ids)
	for _, b := range a.Blobs {
		if ids[b.ID] || f.kept[b.ID] {
			return fmt.Errorf("%w: blob %s is kept already", store.ErrClaimed, b.ID)
		}
		ids[b.ID] = true
	}
	return nil
}

const eventColumns = "stream, version, type, happened, learned, actor_kind, actor_id, actor_unit, unit, role, on_behalf, regime, cause, command, definition, body, sealed, hash"

// write changes everything in one exchange and answers the highest position.
// First it says which positions it may take (see horizon) and passes the gate
// that a rebuild closes.
func (f *found) write(ctx context.Context, c *pgx.Conn, a store.Append, chained [][]store.Event) (position int64, err error) {
	b := &pgx.Batch{}
	if slices.ContainsFunc(chained, func(e []store.Event) bool { return len(e) > 0 }) {
		b.Queue("select pg_advisory_xact_lock_shared($1, 0), pg_advisory_xact_lock_shared(last_value) from event_position", int32(lockGate))
	} else {
		b.Queue("select pg_advisory_xact_lock_shared($1, 0)", int32(lockGate))
	}
	if k := a.Command; k != nil {
		b.Queue("insert into command (actor, key, digest, answer) values ($1, $2, $3, $4)", k.Actor, k.Key, k.Digest[:], notNil(k.Answer))
	}
	changed := map[store.Stream]bool{}
	for _, events := range chained {
		for _, e := range events {
			changed[e.Stream] = true
			if err := queueEvent(b, e, &position); err != nil {
				return 0, err
			}
		}
	}
	for _, s := range slices.Sorted(maps.Keys(changed)) {
		b.Queue("insert into stream (name, version, hash) values ($1, $2, $3) on conflict (name) do update set version = excluded.version, hash = excluded.hash",
			string(s), f.heads[s].version, f.heads[s].hash)
	}
	f.queueClaims(b, a)
	queueRows(b, a)
	for _, m := range lastTimers(a.Timers) {
		queueTimer(b, m)
	}
	for _, l := range a.Blobs {
		b.Queue("insert into blob (id, stream, sealed) values ($1, $2, $3)", l.ID, string(l.Stream), notNil(l.Sealed))
	}
	queueDeliveries(b, a)
	// Many appends count the same few marks: their rows are locked last, and in
	// one order.
	for _, m := range slices.Sorted(slices.Values(a.Marks)) {
		b.Queue("insert into mark (name, count) values ($1, 1) on conflict (name) do update set count = mark.count + 1", m)
	}
	err = c.SendBatch(ctx, b).Close()
	return position, err
}

func queueEvent(b *pgx.Batch, e store.Event, position *int64) error {
	behalf, err := store.EncodeOnBehalf(e.For)
	if err != nil {
		return err
	}
	b.Queue("insert into event ("+eventColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) returning position",
		string(e.Stream), e.Version, e.Type, store.Micros(e.Happened), store.Micros(e.Learned),
		string(e.Actor.Kind), e.Actor.ID, string(e.Actor.Unit), string(e.Post.Unit), string(e.Post.Role), behalf, string(e.Regime), e.Cause, e.Command, e.Definition,
		string(e.Body), notNil(e.Sealed), e.Hash).QueryRow(func(row pgx.Row) error { return row.Scan(position) })
	return nil
}

// queueClaims gives back, then takes. What is held already is left alone; what is
// not must be free: another append that takes it meanwhile breaks the key.
func (f *found) queueClaims(b *pgx.Batch, a store.Append) {
	held := maps.Clone(f.holders)
	for _, c := range a.Releases {
		b.Queue("delete from claim where kind = $1 and key = $2 and stream = $3", c.Kind, c.Key, string(c.Stream))
		if n := (name{c.Kind, c.Key}); held[n] == string(c.Stream) {
			delete(held, n)
		}
	}
	for _, c := range a.Claims {
		n := name{c.Kind, c.Key}
		if _, ours := held[n]; ours {
			continue
		}
		held[n] = string(c.Stream)
		b.Queue("insert into claim (kind, key, stream) values ($1, $2, $3)", c.Kind, c.Key, string(c.Stream))
	}
}

// notNil keeps an empty value apart from SQL's null.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
