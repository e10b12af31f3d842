package pathway

import (
	"math"
	"slices"
	"time"

	"forlop/care"
)

// Table is a decision table: it reads facts in columns and gives one value, as a
// fact of the table's own name that conditions can read. Every combination is
// answered by exactly one row; there is no order among them.
type Table struct {
	ID   FactID
	Type FactType // bool, int or text
	// Values are the texts it can give, where the type is text.
	Values []string
	// Reads are the columns: declared facts, age, pem, reached(milestone) and
	// outcome(step).
	Reads []FactID
	Rows  []Row

	// broken is set where a cell could not be read.
	broken bool
}

// Row answers the combinations that all its cells hold.
type Row struct {
	// When has a cell for each column, in the order of Reads.
	When []Cell
	// Gives is a bool, an int64 or a string, as the table's type says.
	Gives any
	Basis Basis
}

// Cell is what one column must be: in one of Ranges, or anything where there are
// none. Texts count as their place among the values of the column, no and yes as
// 0 and 1, dates as days since 1970-01-01.
type Cell struct{ Ranges []Range }

// Range holds the numbers from Least to Most, both included.
type Range struct{ Least, Most int64 }

// The ends of a range that has none.
const (
	noLeast = math.MinInt64
	noMost  = math.MaxInt64
)

func (c Cell) any() bool { return len(c.Ranges) == 0 }

func (c Cell) holds(n int64) bool {
	return c.any() || slices.ContainsFunc(c.Ranges, func(r Range) bool { return r.Least <= n && n <= r.Most })
}

// gives reports whether a value is one the table can give.
func (t *Table) gives(v any) bool {
	switch v := v.(type) {
	case bool:
		return t.Type == BoolFact
	case int64:
		return t.Type == IntFact
	case string:
		return t.Type == TextFact && slices.Contains(t.Values, v)
	}
	return v == nil // told where it stands
}

// allowed is the end of a message about a value it never gives.
func (t *Table) allowed(v string) string {
	switch t.Type {
	case BoolFact:
		return ". Expected true or false"
	case IntFact:
		return ". Expected a whole number"
	default:
		return allowedList(v, t.Values)
	}
}

// column is a fact as a table reads it.
type column struct {
	reading
	// values are the texts it can be, where it is a text.
	values []string
}

// number is the place of a value in the column's order, and whether it is known.
func (c column) number(known map[FactID]any) (int64, bool) {
	v, ok := c.value(known)
	if !ok {
		return 0, false
	}
	switch v := v.(type) {
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case int64:
		return v, true
	case string:
		i := slices.Index(c.values, v)
		return int64(i), i >= 0
	case time.Time:
		return dayNumber(care.DateOf(v, time.UTC)), true
	}
	return 0, false
}

var dayZero = care.Date{Year: 1970, Month: 1, Day: 1}

func dayNumber(d care.Date) int64 { return int64(dayZero.DaysUntil(d)) }

// domain is all that the column can be.
func (c column) domain() Range {
	switch {
	case c.kind == BoolFact:
		return Range{0, 1}
	case c.kind == TextFact:
		return Range{0, int64(len(c.values)) - 1}
	case c.fact == AgeFact:
		return Range{0, noMost}
	}
	return Range{noLeast, noMost}
}

// decider answers a table. It is immutable once made.
type decider struct {
	table   Table
	columns []column
}

// Decide finds the row of a table that answers what is known, counted from 0. It
// reports false where the answer is not yet known, with the facts it waits for:
// those that could still lead to a row.
func (d *Definition) Decide(table FactID, known map[FactID]any) (row int, waits []FactID, ok bool) {
	t, found := find(d.Tables, func(t *Table) FactID { return t.ID }, table)
	if !found {
		return 0, nil, false
	}
	x := d.decider(*t)
	row, waits = x.row(known)
	return row, waits, row >= 0
}

// decider gives a table its columns. One that cannot be read has no kind and is
// never known.
func (d *Definition) decider(t Table) *decider {
	x := &decider{table: t}
	for _, f := range t.Reads {
		c, _ := d.column(f)
		x.columns = append(x.columns, c)
	}
	return x
}

// column is a fact that a table can read, or false with the reason why not.
func (d *Definition) column(f FactID) (column, string) {
	switch f {
	case AgeFact:
		return column{reading: reading{fact: f, variable: "age", kind: IntFact}}, ""
	case PEMFact:
		return column{reading: reading{fact: f, variable: "pem", kind: BoolFact}}, ""
	}
	for i := range d.Steps {
		s := &d.Steps[i]
		if OutcomeFact(s.ID) != f {
			continue
		}
		r := reading{fact: f, variable: outcomeVariable(string(s.ID)), kind: TextFact}
		if s.Kind == Choosing {
			return column{reading: reading{fact: f}}, "several options can be chosen at once, so a choice is no column"
		}
		return column{r, d.Outcomes(s)}, ""
	}
	for _, m := range d.Milestones {
		if ReachedFact(m.ID) == f {
			return column{reading: reading{fact: f, variable: reachedVariable(string(m.ID)), kind: BoolFact, absent: false}}, ""
		}
	}
	if _, isTable := find(d.Tables, func(t *Table) FactID { return t.ID }, f); isTable {
		return column{reading: reading{fact: f}}, "a table reads facts, not other tables"
	}
	fact, ok := find(d.Facts, func(f *Fact) FactID { return f.ID }, f)
	if !ok {
		return column{reading: reading{fact: f}}, "no such fact is declared" + allowedList(string(f), d.columnNames())
	}
	if fact.Type == TextFact && len(fact.Values) == 0 {
		return column{reading: reading{fact: f}}, "a text that can be anything is no column: list its values under facts"
	}
	return column{reading{fact: f, variable: underscored(string(f)), kind: fact.Type}, fact.Values}, ""
}

// columnNames are the plain names a table can read.
func (d *Definition) columnNames() []string {
	return append([]string{string(AgeFact), string(PEMFact)}, names(ids(d.Facts, func(f Fact) FactID { return f.ID }))...)
}

// edges adds the values of each column on both sides of every place where the
// table's answer can turn.
func (x *decider) edges(values map[FactID][]int64) {
	for i, c := range x.columns {
		for _, piece := range pieces(c.domain(), x.table.Rows, i) {
			for _, n := range []int64{piece.Least, piece.Most} {
				if n != noLeast && n != noMost && (c.kind == IntFact || c.kind == DateFact) {
					values[c.fact] = append(values[c.fact], n)
				}
			}
		}
	}
}

// row is the row that answers, or -1 with what it waits for. A column that is
// not known holds only where the cell holds anything.
func (x *decider) row(known map[FactID]any) (int, []FactID) {
	at := make([]int64, len(x.columns))
	is := make([]bool, len(x.columns))
	for i, c := range x.columns {
		at[i], is[i] = c.number(known)
	}
	waits := map[FactID]bool{}
	for n, row := range x.table.Rows {
		hit, possible := true, true
		for i, cell := range row.When {
			switch {
			case cell.any():
			case !is[i]:
				hit = false
			case !cell.holds(at[i]):
				hit, possible = false, false
			}
		}
		if hit {
			return n, nil
		}
		if !possible {
			continue
		}
		for i, cell := range row.When {
			if !cell.any() && !is[i] {
				waits[x.columns[i].fact] = true
			}
		}
	}
	var list []FactID
	for _, c := range x.columns {
		if waits[c.fact] && !slices.Contains(list, c.fact) {
			list = append(list, c.fact)
		}
	}
	return -1, list
}
