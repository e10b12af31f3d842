package pathway

import (
	"fmt"
	"slices"
	"strings"

	"forlop/care"
)

// mostCombinations bounds what is looked at of one table. A table a person can
// read is far below it.
const mostCombinations = 20_000

// tables finds tables that leave a combination without an answer, or answer one
// twice.
func (c *checker) tables() {
	read := map[FactID]bool{}
	for _, condition := range c.conditions() {
		for _, r := range condition.reads {
			read[r.fact] = true
		}
	}
	for i := range c.d.Tables {
		t := &c.d.Tables[i]
		at := "tables/" + string(t.ID)
		if !read[t.ID] {
			c.warn(at, "W384", "no condition reads the table %q", t.ID)
		}
		for _, v := range t.Values {
			if !slices.ContainsFunc(t.Rows, func(r Row) bool { return r.Gives == any(v) }) {
				c.warn(at+"/gives", "W385", "no row of the table %q gives %q", t.ID, v)
			}
		}
		if t.broken || len(t.Reads) == 0 {
			continue
		}
		k := newGrid(c.d, *t)
		if k.size > mostCombinations {
			c.fault(at, "E386", "the table %q has more combinations than can be looked at (%d); divide it into smaller tables", t.ID, mostCombinations)
			continue
		}
		c.twice(k, at)
		if gap := k.gap(); gap != nil {
			c.fault(at+"/rows", "E380", "no row of the table %q answers %s", t.ID, k.words(gap))
		}
	}
}

// conditions lists every condition of the definition.
func (c *checker) conditions() []*Condition {
	var all []*Condition
	for i := range c.d.Steps {
		if s := &c.d.Steps[i]; s.If != nil {
			all = append(all, s.If)
		}
	}
	for i := range c.d.Cautions {
		if x := &c.d.Cautions[i]; x.When != nil {
			all = append(all, x.When)
		}
	}
	return all
}

// twice finds combinations that two rows answer.
func (c *checker) twice(k *grid, at string) {
	for i := range k.rows {
		for j := range i {
			both := make([]Range, len(k.columns))
			meet, within := true, true
			for col := range k.columns {
				shared := sharedPieces(k.rows[i][col], k.rows[j][col])
				meet = meet && len(shared) > 0
				within = within && len(shared) == len(k.rows[i][col])
				if len(shared) > 0 {
					both[col] = k.cut[col][shared[0]]
				}
			}
			if !meet {
				continue
			}
			path, first, second := fmt.Sprintf("%s/rows/%d", at, i), k.table.Rows[j], k.table.Rows[i]
			where := k.words(k.widen(both, func(at []int) bool { return k.holds(i, at) && k.holds(j, at) }))
			switch {
			case first.Gives != second.Gives:
				c.fault(path, "E381", "row %d gives %v and row %d gives %v for %s: every combination has one answer", j+1, first.Gives, i+1, second.Gives, where)
			case within:
				c.fault(path, "E382", "row %d says nothing that row %d does not say: take it out", i+1, j+1)
			case k.inside(j, i):
				c.fault(fmt.Sprintf("%s/rows/%d", at, j), "E382", "row %d says nothing that row %d does not say: take it out", j+1, i+1)
			default:
				c.fault(path, "E381", "row %d and row %d both answer %s: then nobody can see which of them it rests on", j+1, i+1, where)
			}
		}
	}
}

// grid cuts each column where an answer can turn, so that a table with ranges
// becomes one with finitely many combinations.
type grid struct {
	table   Table
	columns []column
	// cut are the pieces of each column's domain.
	cut [][]Range
	// rows says which pieces each row holds, column by column.
	rows [][][]int
	size int
}

func newGrid(d *Definition, t Table) *grid {
	k := &grid{table: t, columns: d.decider(t).columns, size: 1}
	for i, c := range k.columns {
		k.cut = append(k.cut, pieces(c.domain(), t.Rows, i))
		if k.size <= mostCombinations {
			k.size *= len(k.cut[i])
		}
	}
	for _, row := range t.Rows {
		var cells [][]int
		for i, cell := range row.When {
			var held []int
			for n, piece := range k.cut[i] {
				if cell.holds(piece.Least) {
					held = append(held, n)
				}
			}
			cells = append(cells, held)
		}
		k.rows = append(k.rows, cells)
	}
	return k
}

// pieces cuts a domain at every end of a range in a column.
func pieces(whole Range, rows []Row, column int) []Range {
	starts := []int64{whole.Least}
	for _, row := range rows {
		for _, r := range row.When[column].Ranges {
			if r.Least > whole.Least {
				starts = append(starts, r.Least)
			}
			if r.Most < whole.Most {
				starts = append(starts, r.Most+1)
			}
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var all []Range
	for i, s := range starts {
		end := whole.Most
		if i+1 < len(starts) {
			end = starts[i+1] - 1
		}
		all = append(all, Range{s, end})
	}
	return all
}

func sharedPieces(a, b []int) []int {
	return slices.DeleteFunc(slices.Clone(a), func(n int) bool { return !slices.Contains(b, n) })
}

// inside reports whether row a holds nothing that row b does not.
func (k *grid) inside(a, b int) bool {
	for col := range k.columns {
		if len(sharedPieces(k.rows[a][col], k.rows[b][col])) != len(k.rows[a][col]) {
			return false
		}
	}
	return true
}

// holds reports whether a row answers the combination of pieces.
func (k *grid) holds(row int, at []int) bool {
	for col, n := range at {
		if !slices.Contains(k.rows[row][col], n) {
			return false
		}
	}
	return true
}

// gap is the first combination no row answers, said as widely as it holds; nil
// where there is none.
func (k *grid) gap() []Range {
	open := func(at []int) bool {
		return !slices.ContainsFunc(k.rows, func(cells [][]int) bool {
			for col, n := range at {
				if !slices.Contains(cells[col], n) {
					return false
				}
			}
			return true
		})
	}
	var found []Range
	k.every(nil, func(at []int) bool {
		if !open(at) {
			return true
		}
		for col, n := range at {
			found = append(found, k.cut[col][n])
		}
		return false
	})
	if found == nil {
		return nil
	}
	return k.widen(found, open)
}

// every visits the combinations until visit says stop.
func (k *grid) every(at []int, visit func([]int) bool) bool {
	if len(at) == len(k.columns) {
		return visit(at)
	}
	for n := range k.cut[len(at)] {
		if !k.every(append(slices.Clone(at), n), visit) {
			return false
		}
	}
	return true
}

// widen lets go of each column that makes no difference, so that the example
// says only what matters.
func (k *grid) widen(example []Range, holds func([]int) bool) []Range {
	wide := slices.Clone(example)
	for col, c := range k.columns {
		narrow := wide[col]
		wide[col] = c.domain()
		all := true
		k.every(nil, func(at []int) bool {
			for i, n := range at {
				if p := k.cut[i][n]; p.Least < wide[i].Least || p.Most > wide[i].Most {
					return true
				}
			}
			all = all && holds(at)
			return all
		})
		if !all {
			wide[col] = narrow
		}
	}
	return wide
}

// words is a combination in English, for a finding.
func (k *grid) words(example []Range) string {
	var parts []string
	for i, c := range k.columns {
		if example[i] != c.domain() {
			parts = append(parts, fmt.Sprintf("%s %s", c.fact, c.words(Cell{Ranges: []Range{example[i]}}, "")))
		}
	}
	if len(parts) == 0 {
		return "anything at all"
	}
	return strings.Join(parts, ", ")
}

// words is what a cell holds, in the words of a language; without one, as in the
// file and in English.
func (c column) words(cell Cell, l care.Language) string {
	var parts []string
	for _, r := range cell.Ranges {
		parts = append(parts, c.rangeWords(r, l))
	}
	return strings.Join(parts, " "+sayOr.in(l)+" ")
}

func (c column) rangeWords(r Range, l care.Language) string {
	whole := c.domain()
	switch {
	case c.kind == BoolFact && r.Least == 1:
		return sayYes.in(l)
	case c.kind == BoolFact && r.Most == 0:
		return sayNotSo.in(l)
	case c.kind == TextFact && r.Least == r.Most && int(r.Least) < len(c.values):
		value := c.values[r.Least]
		if w, ok := answerWords[AnswerKind(value)]; ok && l != "" && strings.HasPrefix(string(c.fact), "outcome(") {
			return w.in(l)
		}
		return value
	case r.Least == r.Most:
		return c.place(r.Least)
	case r.Least <= whole.Least && r.Most >= whole.Most:
		return sayAnything.in(l)
	case r.Most >= whole.Most && c.kind == DateFact:
		return fmt.Sprintf(sayFromDay.in(l), c.place(r.Least))
	case r.Most >= whole.Most:
		return fmt.Sprintf(sayAtLeast.in(l), c.place(r.Least))
	case r.Least <= whole.Least && c.kind == DateFact:
		return fmt.Sprintf(sayUntilDay.in(l), c.place(r.Most))
	case r.Least <= whole.Least:
		return fmt.Sprintf(sayAtMost.in(l), c.place(r.Most))
	}
	return fmt.Sprintf(sayBetween.in(l), c.place(r.Least), c.place(r.Most))
}

// place is a number of the column as people write it.
func (c column) place(n int64) string {
	if c.kind == DateFact {
		return dayZero.AddDays(int(n)).String()
	}
	return fmt.Sprint(n)
}
