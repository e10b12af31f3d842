package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"forlop/store"
)

// lastTimers are the timers as they shall be, in the order of their streams.
func lastTimers(all []store.Timer) []store.Timer {
	last := map[store.Stream]store.Timer{}
	for _, m := range all {
		last[m.Stream] = m
	}
	out := make([]store.Timer, 0, len(last))
	for _, s := range slices.Sorted(maps.Keys(last)) {
		out = append(out, last[s])
	}
	return out
}

// queueTimer sets or removes a stream's timer; a set timer is free at once.
func queueTimer(b *pgx.Batch, m store.Timer) {
	if m.Due.IsZero() {
		b.Queue("delete from timer where stream = $1", string(m.Stream))
		return
	}
	b.Queue("insert into timer (stream, due, owner, lease_until) values ($1, $2, '', 0)"+
		" on conflict (stream) do update set due = excluded.due, owner = '', lease_until = 0", string(m.Stream), store.Micros(m.Due))
}

// queueDeliveries finishes, then sends: the same id may be tried again in one
// append.
func queueDeliveries(b *pgx.Batch, a store.Append) {
	for _, id := range slices.Sorted(slices.Values(a.Finish)) {
		b.Queue("delete from delivery where id = $1", id)
	}
	for _, d := range a.Send {
		b.Queue("insert into delivery (id, stream, version, kind, payload, due, held, owner, lease_until) values ($1, $2, $3, $4, $5, $6, $7, '', 0)",
			d.ID, string(d.Stream), d.Version, d.Kind, notNil(d.Payload), store.Micros(d.Due), d.Held)
	}
}

// What is due is leased by whoever locks it first; the others pass it by and take
// the next, so that several processes share the work. The first question asks for
// the earliest, so that PostgreSQL looks where the due ones are and nowhere else.
const (
	anyTimer    = "select 1 from timer where due <= $1 and lease_until <= $1 order by due limit 1"
	leaseTimers = "update timer set owner = $1, lease_until = $2 where stream = any(array(" +
		"select stream from timer where due <= $3 and lease_until <= $3 order by due, stream limit $4 for update skip locked)) returning stream, due"
	anyDelivery     = "select 1 from delivery where not held and due <= $1 and lease_until <= $1 order by due limit 1"
	leaseDeliveries = "update delivery set owner = $1, lease_until = $2 where id = any(array(" +
		"select id from delivery where not held and due <= $3 and lease_until <= $3 order by due, id limit $4 for update skip locked)) returning id, stream, version, kind, payload, due"
)

// lease runs one of the leases. It asks the readers first, so that a worker with
// nothing to do writes nothing.
func (s *Store) lease(ctx context.Context, anyText, text, owner string, now, lease time.Time, limit int, begin func(), row func(pgx.Rows) error) error {
	var one int
	err := s.get(ctx, anyText, []any{store.Micros(now)}, &one)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context, c *pgx.Conn) (bool, error) {
		begin()
		b := &pgx.Batch{}
		b.Queue("begin")
		b.Queue(text, owner, store.Micros(lease), store.Micros(now), bound(limit)).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := row(rows); err != nil {
					return err
				}
			}
			return rows.Err()
		})
		return true, c.SendBatch(ctx, b).Close()
	})
}

// Due leases timers.
func (s *Store) Due(ctx context.Context, owner string, now, lease time.Time, limit int) (out []store.Timer, err error) {
	err = s.lease(ctx, anyTimer, leaseTimers, owner, now, lease, limit, func() { out = nil }, func(rows pgx.Rows) error {
		var m store.Timer
		var due int64
		err := rows.Scan((*string)(&m.Stream), &due)
		m.Due = store.FromMicros(due)
		out = append(out, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: lease due timers: %w", err)
	}
	slices.SortFunc(out, func(a, b store.Timer) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Stream, b.Stream)) })
	return out, nil
}

// Timers reads all timers in stream order, in slices as Rows does.
func (s *Store) Timers(ctx context.Context, each func(store.Timer) error) error {
	q := "select stream, due from timer where stream > $1 order by stream limit " + fmt.Sprint(slice)
	after := ""
	for n := slice; n == slice; {
		n = 0
		if err := s.each(ctx, q, []any{after}, func(rows pgx.Rows) error {
			var due int64
			if err := rows.Scan(&after, &due); err != nil {
				return err
			}
			n++
			return each(store.Timer{Stream: store.Stream(after), Due: store.FromMicros(due)})
		}); err != nil {
			return err
		}
	}
	return nil
}

// Deliveries leases what is to be sent, as Due does.
func (s *Store) Deliveries(ctx context.Context, owner string, now, lease time.Time, limit int) (out []store.Delivery, err error) {
	err = s.lease(ctx, anyDelivery, leaseDeliveries, owner, now, lease, limit, func() { out = nil }, func(rows pgx.Rows) error {
		var d store.Delivery
		var due int64
		err := rows.Scan(&d.ID, (*string)(&d.Stream), &d.Version, &d.Kind, &d.Payload, &due)
		d.Due = store.FromMicros(due)
		out = append(out, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: lease deliveries: %w", err)
	}
	slices.SortFunc(out, func(a, b store.Delivery) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// Release lets held deliveries go.
func (s *Store) Release(ctx context.Context) (int, error) {
	n, err := s.exec(ctx, "update delivery set held = false where held")
	if err != nil {
		return 0, fmt.Errorf("store/postgres: release deliveries: %w", err)
	}
	return int(n), nil
}

// Cursor reads how far a follower has come in this epoch.
func (s *Store) Cursor(ctx context.Context, name string) (position int64, err error) {
	err = s.get(ctx, "select position from follower where name = $1 and epoch = (select cast(value as bigint) from setting where name = 'epoch')", []any{name}, &position)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("store/postgres: cursor %s: %w", name, err)
	}
	return position, nil
}

// SetCursor keeps how far a follower has come in this epoch.
func (s *Store) SetCursor(ctx context.Context, name string, position int64) error {
	_, err := s.exec(ctx, "insert into follower (name, epoch, position) select $1, cast(value as bigint), $2 from setting where name = 'epoch'"+
		" on conflict (name) do update set epoch = excluded.epoch, position = excluded.position", name, position)
	return err
}
