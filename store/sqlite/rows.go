package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"forlop/store"
)

// rowSQL is the text for one read-model table, made from store.Columns.
type rowSQL struct {
	put, drop, empty string
	// columns are stream, key and the rest, as Rows and lists read them.
	columns string
}

var rowTexts = makeRowTexts()

func makeRowTexts() map[string]rowSQL {
	out := map[string]rowSQL{}
	for table, columns := range store.Columns {
		names, places, sets := []string{"stream", "key"}, []string{"$1", "$2"}, []string{}
		for _, c := range columns {
			names = append(names, c.Name)
			places = append(places, fmt.Sprintf("$%d", len(names)))
			sets = append(sets, c.Name+" = excluded."+c.Name)
		}
		list := strings.Join(names, ", ")
		out[table] = rowSQL{
			put: "insert into " + table + " (" + list + ") values (" + strings.Join(places, ", ") +
				") on conflict (stream, key) do update set " + strings.Join(sets, ", "),
			drop:    "delete from " + table + " where stream = $1 and key = $2",
			empty:   "delete from " + table,
			columns: list,
		}
	}
	return out
}

func (t tx) put(r store.Row) error {
	k := r.RowKey()
	_, err := t.exec(rowTexts[k.Table].put, append([]any{string(k.Stream), k.Key}, r.Values()...)...)
	return err
}

func (t tx) drop(k store.RowKey) error {
	_, err := t.exec(rowTexts[k.Table].drop, string(k.Stream), k.Key)
	return err
}

// scanRow reads a row's key and values. A boolean is an integer here, because
// SQLite has no other.
func scanRow(rows *sql.Rows, table string) (store.RowKey, []any, error) {
	columns := store.Columns[table]
	k := store.RowKey{Table: table}
	var stream string
	values := make([]any, len(columns))
	dest := make([]any, 0, len(columns)+2)
	dest = append(dest, &stream, &k.Key)
	for i := range values {
		dest = append(dest, &values[i])
	}
	if err := rows.Scan(dest...); err != nil {
		return k, nil, err
	}
	k.Stream = store.Stream(stream)
	for i, c := range columns {
		if n, ok := values[i].(int64); ok && c.Type == store.Bool {
			values[i] = n != 0
		}
	}
	return k, values, nil
}

// readRows reads rows of one type.
func readRows[R store.Row](ctx context.Context, s *Store, table, where string, args []any) (out []R, err error) {
	q := "select " + rowTexts[table].columns + " from " + table + " " + where
	err = s.each(ctx, q, args, func(rows *sql.Rows) error {
		r, err := scanAs[R](rows, table)
		out = append(out, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/sqlite: read %s: %w", table, err)
	}
	return out, nil
}

func scanAs[R store.Row](rows *sql.Rows, table string) (r R, err error) {
	k, values, err := scanRow(rows, table)
	if err != nil {
		return r, err
	}
	row, err := store.RowOf(k, values)
	if err != nil {
		return r, err
	}
	return row.(R), nil
}

// Rows reads a table in order.
func (s *Store) Rows(ctx context.Context, table string, each func(store.RowKey, []any) error) error {
	text, ok := rowTexts[table]
	if !ok {
		return fmt.Errorf("%w: there is no table %q", store.ErrMalformed, table)
	}
	return s.each(ctx, "select "+text.columns+" from "+table+" order by stream, key", nil, func(rows *sql.Rows) error {
		k, values, err := scanRow(rows, table)
		if err != nil {
			return err
		}
		return each(k, values)
	})
}

// Replace empties the read models and fills them again in one transaction of the
// writer's, so that no append comes between.
func (s *Store) Replace(ctx context.Context, fill func(put func(store.Row) error, timer func(store.Timer) error) error) error {
	return s.submit(ctx, &job{alone: true, run: func(t tx) error {
		for _, text := range rowTexts {
			if _, err := t.exec(text.empty); err != nil {
				return err
			}
		}
		if _, err := t.exec("delete from timer"); err != nil {
			return err
		}
		if _, err := t.exec("update delivery set held = 1"); err != nil {
			return err
		}
		put := func(r store.Row) error {
			if err := errors.Join(store.ValidateRow(r), ctx.Err()); err != nil {
				return err
			}
			return t.put(r)
		}
		return fill(put, t.timer)
	}})
}
