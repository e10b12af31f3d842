package store

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// drawValues makes values that fit a table's columns.
func drawValues(t *rapid.T, table string) []any {
	var out []any
	for _, c := range Columns[table] {
		switch c.Type {
		case Text:
			out = append(out, rapid.String().Draw(t, c.Name))
		case Int:
			out = append(out, rapid.Int64Range(math.MinInt32, 1<<52).Draw(t, c.Name))
		case Bool:
			out = append(out, rapid.Bool().Draw(t, c.Name))
		}
	}
	return out
}

func tables() (all []string) {
	for table := range Columns {
		all = append(all, table)
	}
	return all
}

// TestRowOf: a row made from values gives the same values, for every table.
func TestRowOf(t *testing.T) {
	t.Parallel()
	for _, table := range tables() {
		t.Run(table, rapid.MakeCheck(func(t *rapid.T) {
			k := RowKey{Table: table, Stream: "journey/1"}
			if table != TableJourney && table != TableUnit && table != TableSlot { // one row for each stream
				k.Key = "step/1"
			}
			values := drawValues(t, table)
			row, err := RowOf(k, values)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(row.Values(), values) || row.RowKey() != k {
				t.Fatalf("%v %v came back as %v %v", k, values, row.RowKey(), row.Values())
			}
			// One value of another type is named, not misread.
			i := rapid.IntRange(0, len(values)-1).Draw(t, "wrong")
			values[i] = 1.5
			if _, err := RowOf(k, values); !errors.Is(err, ErrMalformed) {
				t.Fatalf("column %s holds 1.5: %v", Columns[table][i].Name, err)
			}
			if _, err := RowOf(k, values[:i]); !errors.Is(err, ErrMalformed) {
				t.Fatalf("%d values: %v", i, err)
			}
		}))
	}
	if _, err := RowOf(RowKey{Table: "user"}, nil); !errors.Is(err, ErrMalformed) {
		t.Errorf("an unknown table: %v", err)
	}
}
