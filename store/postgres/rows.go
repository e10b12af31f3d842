package postgres

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"forlop/store"
)

// rowSQL is the text for one read-model table, made from store.Columns.
type rowSQL struct {
	put, drop string
	// columns are stream, key and the rest, as Rows and lists read them.
	columns string
	names   []string
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
			columns: list,
			names:   names,
		}
	}
	return out
}

// queueRows drops and puts. Rows are taken in the order of their keys, the last
// of each, so that two appends never wait for each other.
func queueRows(b *pgx.Batch, a store.Append) {
	rows := map[store.RowKey]store.Row{}
	for _, k := range a.Drop {
		rows[k] = nil
	}
	for _, r := range a.Put {
		rows[r.RowKey()] = r
	}
	for _, k := range slices.SortedFunc(maps.Keys(rows), byKey) {
		if r := rows[k]; r == nil {
			b.Queue(rowTexts[k.Table].drop, string(k.Stream), k.Key)
		} else {
			b.Queue(rowTexts[k.Table].put, append([]any{string(k.Stream), k.Key}, r.Values()...)...)
		}
	}
}

func byKey(a, b store.RowKey) int {
	return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Key, b.Key))
}

// scanRow reads a row's key and values.
func scanRow(rows pgx.Rows, table string) (store.RowKey, []any, error) {
	k := store.RowKey{Table: table}
	values, err := rows.Values()
	if err != nil {
		return k, nil, err
	}
	stream, ok1 := values[0].(string)
	key, ok2 := values[1].(string)
	if !ok1 || !ok2 {
		return k, nil, fmt.Errorf("%w: a row of %s has the key %v %v", store.ErrMalformed, table, values[0], values[1])
	}
	k.Stream, k.Key = store.Stream(stream), key
	return k, values[2:], nil
}

// readRows reads rows of one type.
func readRows[R store.Row](ctx context.Context, s *Store, table, where string, args []any) (out []R, err error) {
	q := "select " + rowTexts[table].columns + " from " + table + " " + where
	err = s.each(ctx, q, args, func(rows pgx.Rows) error {
		r, err := scanAs[R](rows, table)
		out = append(out, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store/postgres: read %s: %w", table, err)
	}
	return out, nil
}

func scanAs[R store.Row](rows pgx.Rows, table string) (r R, err error) {
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

// slice is how many rows are read or written in one statement where all of them
// are meant: no transaction stays open for longer, so that what others have
// deleted can be cleared away.
const slice = 10_000

// Rows reads a table in order, a slice at a time: what is changed meanwhile is
// seen as it is when its slice is read.
func (s *Store) Rows(ctx context.Context, table string, each func(store.RowKey, []any) error) error {
	text, ok := rowTexts[table]
	if !ok {
		return fmt.Errorf("%w: there is no table %q", store.ErrMalformed, table)
	}
	q := "select " + text.columns + " from " + table + " where (stream, key) > ($1, $2) order by stream, key limit " + fmt.Sprint(slice)
	var after store.RowKey
	for n := slice; n == slice; {
		n = 0
		if err := s.each(ctx, q, []any{string(after.Stream), after.Key}, func(rows pgx.Rows) error {
			k, values, err := scanRow(rows, table)
			if err != nil {
				return err
			}
			n, after = n+1, k
			return each(k, values)
		}); err != nil {
			return err
		}
	}
	return nil
}
