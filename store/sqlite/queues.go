package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"forlop/store"
)

// timer sets or removes a stream's timer; a set timer is free at once.
func (t tx) timer(m store.Timer) error {
	if m.Due.IsZero() {
		_, err := t.exec("delete from timer where stream = $1", string(m.Stream))
		return err
	}
	_, err := t.exec("insert into timer (stream, due, owner, lease_until) values ($1, $2, '', 0)"+
		" on conflict (stream) do update set due = excluded.due, owner = '', lease_until = 0", string(m.Stream), store.Micros(m.Due))
	return err
}

// deliveries finishes, then sends: the same id may be tried again in one append.
func (t tx) deliveries(a store.Append) error {
	for _, id := range a.Finish {
		if _, err := t.exec("delete from delivery where id = $1", id); err != nil {
			return err
		}
	}
	for _, d := range a.Send {
		if _, err := t.exec("insert into delivery (id, stream, version, kind, payload, due, held, owner, lease_until)"+
			" values ($1, $2, $3, $4, $5, $6, $7, '', 0)",
			d.ID, string(d.Stream), d.Version, d.Kind, string(d.Payload), store.Micros(d.Due), d.Held); err != nil {
			return err
		}
	}
	return nil
}

// Due leases timers. It asks the readers first, so that a worker with nothing to
// do writes nothing.
func (s *Store) Due(ctx context.Context, owner string, now, lease time.Time, limit int) ([]store.Timer, error) {
	due, err := s.anyDue(ctx, "select 1 from timer where due <= $1 and lease_until <= $1 limit 1", now)
	if err != nil || !due {
		return nil, err
	}
	made := new([]store.Timer)
	err = s.change(ctx, func(t tx) error {
		*made = nil
		// The lease is asked for again outside: PostgreSQL may have given the
		// row to another worker between the two.
		return t.change("update timer set owner = $1, lease_until = $2 where stream in"+
			" (select stream from timer where due <= $3 and lease_until <= $3 order by due, stream limit $4) and lease_until <= $3"+
			" returning stream, due", []any{owner, store.Micros(lease), store.Micros(now), bound(limit)}, func(rows *sql.Rows) error {
			var m store.Timer
			var due int64
			err := rows.Scan(&m.Stream, &due)
			m.Due = store.FromMicros(due)
			*made = append(*made, m)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: lease due timers: %w", err)
	}
	out := *made
	slices.SortFunc(out, func(a, b store.Timer) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Stream, b.Stream)) })
	return out, nil
}

func (s *Store) anyDue(ctx context.Context, q string, now time.Time) (bool, error) {
	var one int
	err := s.get(ctx, q, []any{store.Micros(now)}, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("store/sqlite: what is due: %w", err)
	}
	return true, nil
}

// Timers reads all timers in stream order.
func (s *Store) Timers(ctx context.Context, each func(store.Timer) error) error {
	return s.each(ctx, "select stream, due from timer order by stream", nil, func(rows *sql.Rows) error {
		var m store.Timer
		var due int64
		if err := rows.Scan(&m.Stream, &due); err != nil {
			return err
		}
		m.Due = store.FromMicros(due)
		return each(m)
	})
}

// Deliveries leases what is to be sent, as Due does.
func (s *Store) Deliveries(ctx context.Context, owner string, now, lease time.Time, limit int) ([]store.Delivery, error) {
	due, err := s.anyDue(ctx, "select 1 from delivery where held = 0 and due <= $1 and lease_until <= $1 limit 1", now)
	if err != nil || !due {
		return nil, err
	}
	made := new([]store.Delivery)
	err = s.change(ctx, func(t tx) error {
		*made = nil
		return t.change("update delivery set owner = $1, lease_until = $2 where id in"+
			" (select id from delivery where held = 0 and due <= $3 and lease_until <= $3 order by due, id limit $4) and lease_until <= $3"+
			" returning id, stream, version, kind, payload, due", []any{owner, store.Micros(lease), store.Micros(now), bound(limit)}, func(rows *sql.Rows) error {
			var d store.Delivery
			var due int64
			err := rows.Scan(&d.ID, &d.Stream, &d.Version, &d.Kind, &d.Payload, &due)
			d.Due = store.FromMicros(due)
			*made = append(*made, d)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: lease deliveries: %w", err)
	}
	out := *made
	slices.SortFunc(out, func(a, b store.Delivery) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// Release lets held deliveries go.
func (s *Store) Release(ctx context.Context) (int, error) {
	made := new(int64)
	err := s.change(ctx, func(t tx) (err error) {
		*made, err = t.exec("update delivery set held = 0 where held = 1")
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store/sqlite: release deliveries: %w", err)
	}
	return int(*made), nil
}

// Cursor reads how far a follower has come in this epoch.
func (s *Store) Cursor(ctx context.Context, name string) (position int64, err error) {
	err = s.get(ctx, "select position from follower where name = $1 and epoch = (select cast(value as integer) from setting where name = 'epoch')", []any{name}, &position)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("store/sqlite: cursor %s: %w", name, err)
	}
	return position, nil
}

// SetCursor keeps how far a follower has come in this epoch.
func (s *Store) SetCursor(ctx context.Context, name string, position int64) error {
	return s.change(ctx, func(t tx) error {
		_, err := t.exec("insert into follower (name, epoch, position) select $1, cast(value as integer), $2 from setting where name = 'epoch'"+
			" on conflict (name) do update set epoch = excluded.epoch, position = excluded.position", name, position)
		return err
	})
}
