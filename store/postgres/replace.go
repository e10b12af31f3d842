package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"forlop/store"
)

// timerTable stands beside the read models in a Replace.
const timerTable = "timer"

// Replace closes the gate that every append passes, for as long as fill runs,
// and takes the new rows aside in slices, each written in a moment. Then one
// transaction compares and changes only what differs: after a rebuild of a sound
// database that is next to nothing, however many rows there are. No transaction
// stays open while fill folds the log. Appends wait some seconds at the gate and
// then answer store.ErrReadOnly.
//
// The gate is a lock of the session: a pooler between us and the server must
// give the session a connection of its own.
func (s *Store) Replace(ctx context.Context, fill func(put func(store.Row) error, timer func(store.Timer) error) error) (err error) {
	if s.writes == nil {
		return fmt.Errorf("%w: %s was opened for reading", store.ErrReadOnly, s.place)
	}
	conn, err := s.writes.Acquire(ctx)
	if err != nil {
		return unreachable(ctx, err)
	}
	// The session is not used again: with it go the gate and the tables aside.
	c := conn.Hijack()
	defer closeNow(c)
	if _, err := c.Exec(ctx, "set enable_seqscan = on; set enable_hashjoin = on; set enable_mergejoin = on; set client_min_messages = error"); err != nil {
		return unwritable(err)
	}
	if _, err := c.Exec(ctx, "select pg_advisory_lock($1, 0)", int32(lockGate)); err != nil {
		return unwritable(err)
	}
	a, err := openAside(ctx, c)
	if err != nil {
		return unwritable(err)
	}
	put := func(r store.Row) error {
		if err := errors.Join(store.ValidateRow(r), ctx.Err()); err != nil {
			return err
		}
		k := r.RowKey()
		return a.add(ctx, k.Table, append([]any{string(k.Stream), k.Key}, r.Values()...))
	}
	timer := func(m store.Timer) error {
		if m.Due.IsZero() {
			return ctx.Err()
		}
		return a.add(ctx, timerTable, []any{string(m.Stream), store.Micros(m.Due)})
	}
	if err := fill(put, timer); err != nil {
		return err
	}
	return a.swap(ctx)
}

// aside is where new rows are gathered: tables of this session's alone.
type aside struct {
	c       *pgx.Conn
	waiting map[string][][]any
}

func asideColumns(table string) []string {
	if table == timerTable {
		return []string{"stream", "due"}
	}
	return rowTexts[table].names
}

func asideTables() []string {
	tables := []string{timerTable}
	for table := range rowTexts {
		tables = append(tables, table)
	}
	slices.Sort(tables)
	return tables
}

func openAside(ctx context.Context, c *pgx.Conn) (*aside, error) {
	for _, table := range asideTables() {
		// place is the order they came in: of two with one key the later stays.
		q := "create temporary table aside_" + table + " as select " + strings.Join(asideColumns(table), ", ") + " from " + table + " with no data"
		if _, err := c.Exec(ctx, q); err != nil {
			return nil, err
		}
		if _, err := c.Exec(ctx, "alter table aside_"+table+" add place bigint generated always as identity"); err != nil {
			return nil, err
		}
	}
	return &aside{c, map[string][][]any{}}, nil
}

func (a *aside) add(ctx context.Context, table string, values []any) error {
	a.waiting[table] = append(a.waiting[table], values)
	if len(a.waiting[table]) < slice {
		return nil
	}
	return a.write(ctx, table)
}

func (a *aside) write(ctx context.Context, table string) error {
	rows := a.waiting[table]
	a.waiting[table] = nil
	_, err := a.c.CopyFrom(ctx, pgx.Identifier{"aside_" + table}, asideColumns(table), pgx.CopyFromRows(rows))
	return unwritable(err)
}

// swap makes the real tables what the ones aside are.
func (a *aside) swap(ctx context.Context) error {
	for _, table := range asideTables() {
		if err := a.write(ctx, table); err != nil {
			return err
		}
		if _, err := a.c.Exec(ctx, "analyze aside_"+table); err != nil {
			return unwritable(err)
		}
	}
	b := &pgx.Batch{}
	b.Queue("begin")
	for _, table := range asideTables() {
		drop, put := swapTexts(table)
		b.Queue(drop)
		b.Queue(put)
	}
	b.Queue("update timer set owner = '', lease_until = 0 where lease_until <> 0")
	b.Queue("update delivery set held = true where not held")
	if err := a.c.SendBatch(ctx, b).Close(); err != nil {
		return unwritable(err)
	}
	return commitOn(ctx, a.c)
}

// swapTexts are the two statements that change what differs in a table.
func swapTexts(table string) (drop, put string) {
	key := []string{"stream", "key"}
	if table == timerTable {
		key = key[:1]
	}
	columns := asideColumns(table)
	same := make([]string, len(key))
	for i, k := range key {
		same[i] = "n." + k + " = o." + k
	}
	drop = "delete from " + table + " o where not exists (select 1 from aside_" + table + " n where " + strings.Join(same, " and ") + ")"

	var sets, old, fresh []string
	for _, c := range columns[len(key):] {
		sets, old, fresh = append(sets, c+" = excluded."+c), append(old, "t."+c), append(fresh, "excluded."+c)
	}
	extra, values := "", ""
	if table == timerTable {
		extra, values = ", owner, lease_until", ", '', 0"
	}
	list, keys := strings.Join(columns, ", "), strings.Join(key, ", ")
	put = "insert into " + table + " as t (" + list + extra + ") select distinct on (" + keys + ") " + list + values + " from aside_" + table +
		" order by " + keys + ", place desc on conflict (" + keys + ") do update set " + strings.Join(sets, ", ") +
		" where (" + strings.Join(old, ", ") + ") is distinct from (" + strings.Join(fresh, ", ") + ")"
	return drop, put
}
