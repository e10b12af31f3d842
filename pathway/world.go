package pathway

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// world is what is known of one thinkable person: a value for every fact that a
// step's condition reads. A fact that is not in it is never learned.
type world map[FactID]any

// most values of one fact, and most worlds together, that a walk looks at.
const (
	mostValues = 16
	mostWorlds = 2_000
)

// worlds lists the persons a walk must think of: for each fact a condition of a
// step reads, not known and every value at which a condition can turn. It
// reports false where there are too many, and then lists the first of them.
func (d *Definition) worlds() ([]world, bool) {
	var readings []reading
	edges := map[FactID][]int64{}
	for i := range d.Steps {
		c := d.Steps[i].If
		if c == nil {
			continue
		}
		for _, r := range c.reads {
			if r.table == nil {
				edges[r.fact] = append(edges[r.fact], c.edges(r.kind)...)
				continue
			}
			r.table.edges(edges)
		}
		for _, r := range c.inputs() {
			if r.absent == nil && !strings.HasPrefix(r.variable, "outcome__") &&
				!slices.ContainsFunc(readings, func(seen reading) bool { return seen.fact == r.fact }) {
				readings = append(readings, r)
			}
		}
	}
	slices.SortFunc(readings, func(a, b reading) int { return cmp.Compare(a.fact, b.fact) })
	all, complete := []world{{}}, true
	for _, r := range readings {
		values := d.values(r, edges[r.fact])
		if len(values) > mostValues {
			values, complete = values[:mostValues], false
		}
		var next []world
		for _, w := range all {
			next = append(next, w)
			for _, v := range values {
				wider := world{r.fact: v}
				for k, known := range w {
					wider[k] = known
				}
				next = append(next, wider)
			}
			if len(next) > mostWorlds {
				complete = false
				break
			}
		}
		all = next
	}
	return all, complete
}

// edges are the numbers, or the days since 1970-01-01, on and beside the literals
// of a condition.
func (c *Condition) edges(kind FactType) []int64 {
	var all []int64
	switch kind {
	case IntFact:
		all = slices.Clone(c.numbers)
	case DateFact:
		for _, day := range c.days {
			all = append(all, dayNumber(day))
		}
	}
	for _, n := range slices.Clone(all) {
		all = append(all, n-1, n+1)
	}
	return all
}

// values are the values of a fact that make a difference.
func (d *Definition) values(r reading, edges []int64) []any {
	var out []any
	slices.Sort(edges)
	edges = slices.Compact(edges)
	switch r.kind {
	case BoolFact:
		out = []any{true, false}
	case TextFact:
		if f, ok := find(d.Facts, func(f *Fact) FactID { return f.ID }, r.fact); ok {
			for _, v := range f.Values {
				out = append(out, v)
			}
		}
		out = append(out, "something else")
	case IntFact:
		for _, n := range edges {
			if n >= 0 {
				out = append(out, n)
			}
		}
	case DateFact:
		for _, n := range edges {
			out = append(out, dayZero.AddDays(int(n)))
		}
	}
	return out
}

// describe says what is special about a world, for a story.
func (w world) describe() string {
	if len(w) == 0 {
		return ""
	}
	var parts []string
	for _, f := range sortedKeys(w) {
		switch v := w[f].(type) {
		case bool:
			parts = append(parts, fmt.Sprintf("%s is %s", f, map[bool]string{true: "yes", false: "no"}[v]))
		default:
			parts = append(parts, fmt.Sprintf("%s is %v", f, v))
		}
	}
	return strings.Join(parts, ", ")
}
