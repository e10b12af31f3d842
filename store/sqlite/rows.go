package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"forlop/store"
)

// rowSQL is the text for one read-model table, made from store.Columns.
type rowSQL struct {
	put, drop, empty string
	// keep updates a row that keeps the columns its indexes hold; "" where rows
	// seldom do.
	keep string
	// columns are stream, key and the rest, as Rows and lists read them.
	columns string
}

var rowTexts = makeRowTexts()

// kept are the indexed columns of tables whose rows change often and keep them.
// SQLite leaves an index alone only when none of its columns is set, so a journey
// that moves a step on is first tried as an update of the other columns: 12
// pages are written and not 14. An item is mostly new, and would be tried in vain.
var kept = map[string][]string{store.TableJourney: {"person", "unit", "role"}}

func makeRowTexts() map[string]rowSQL {
	out := map[string]rowSQL{}
	for table, columns := range store.Columns {
		names, places, sets := []string{"stream", "key"}, []string{"$1", "$2"}, []string{}
		var others []string
		same := []string{"stream = $1", "key = $2"}
		for _, c := range columns {
			names = append(names, c.Name)
			place := fmt.Sprintf("$%d", len(names))
			places = append(places, place)
			sets = append(sets, c.Name+" = excluded."+c.Name)
			if slices.Contains(kept[table], c.Name) {
				same = append(same, c.Name+" = "+place)
			} else {
				others = append(others, c.Name+" = "+place)
			}
		}
		keep := ""
		if kept[table] != nil {
			keep = "update " + table + " set " + strings.Join(others, ", ") + " where " + strings.Join(same, " and ")
		}
		list := strings.Join(names, ", ")
		out[table] = rowSQL{
			put: "insert into " + table + " (" + list + ") values (" + strings.Join(places, ", ") +
				") on conflict (stream, key) do update set " + strings.Join(sets, ", "),
			drop:    "delete from " + table + " where stream = $1 and key = $2",
			empty:   "delete from " + table,
			keep:    keep,
			columns: list,
		}
	}
	return out
}

func (t tx) put(r store.Row) error {
	k := r.RowKey()
	text, args := rowTexts[k.Table], append([]any{string(k.Stream), k.Key}, r.Values()...)
	if text.keep != "" {
		if n, err := t.exec(text.keep, args...); err != nil || n > 0 {
			return err
		}
	}
	_, err := t.exec(text.put, args...)
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
