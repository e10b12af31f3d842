package pathway

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"forlop/care"
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
	var numbers []int64
	var days []care.Date
	for i := range d.Steps {
		c := d.Steps[i].If
		if c == nil {
			continue
		}
		numbers = append(numbers, c.numbers...)
		days = append(days, c.days...)
		for _, r := range c.reads {
			if r.absent == nil && !strings.HasPrefix(r.variable, "outcome__") &&
				!slices.ContainsFunc(readings, func(seen reading) bool { return seen.fact == r.fact }) {
				readings = append(readings, r)
			}
		}
	}
	slices.SortFunc(readings, func(a, b reading) int { return cmp.Compare(a.fact, b.fact) })
	all, complete := []world{{}}, true
	for _, r := range readings {
		values := d.values(r, numbers, days)
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

// values are the values of a fact that make a difference.
func (d *Definition) values(r reading, numbers []int64, days []care.Date) []any {
	var out []any
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
		var edges []int64
		for _, n := range numbers {
			edges = append(edges, n-1, n, n+1)
		}
		slices.Sort(edges)
		for _, n := range slices.Compact(edges) {
			if n >= 0 {
				out = append(out, n)
			}
		}
	case DateFact:
		var edges []care.Date
		for _, day := range days {
			edges = append(edges, day.AddDays(-1), day, day.AddDays(1))
		}
		slices.SortFunc(edges, care.Date.Compare)
		for _, day := range slices.Compact(edges) {
			out = append(out, day)
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
