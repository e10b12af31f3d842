package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"forlop/store"
)

// Standing counts what waits. Timers, deliveries and items hold open things only,
// so that what is closed costs nothing here.
func (s *Store) Standing(ctx context.Context, now time.Time) (store.Standing, error) {
	out := store.Standing{Waiting: map[string]int{}, Items: map[string]store.ItemCount{}}
	at := store.Micros(now)
	var due, pending int64
	err := errors.Join(
		s.each(ctx, "select substr(stream, 1, instr(stream, '/') - 1), count(*) from timer group by 1", nil, func(rows *sql.Rows) error {
			var kind string
			var n int
			err := rows.Scan(&kind, &n)
			out.Waiting[kind] = n
			return err
		}),
		s.each(ctx, "select kind, count(*), count(*) filter (where latest > 0 and latest < $1) from item group by kind", []any{at}, func(rows *sql.Rows) error {
			var kind string
			var n store.ItemCount
			err := rows.Scan(&kind, &n.Open, &n.Late)
			out.Items[kind] = n
			return err
		}),
		s.get(ctx, "select count(*), coalesce(min(due), 0) from timer where due <= $1", []any{at}, &out.Due, &due),
		s.get(ctx, "select count(*) filter (where held = 0), count(*) filter (where held = 1), coalesce(min(due) filter (where held = 0 and due <= $1), 0) from delivery",
			[]any{at}, &out.Pending, &out.Held, &pending),
	)
	if err != nil {
		return store.Standing{}, fmt.Errorf("store/sqlite: what waits: %w", err)
	}
	out.DueSince, out.PendingSince = store.FromMicros(due), store.FromMicros(pending)
	return out, nil
}
