package pathway

import (
	"regexp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"forlop/care"
)

// pendingCell is a cell that waits until everything its column can be is known.
type pendingCell struct {
	table, row int
	column     FactID
	node       *yaml.Node
	path       string
}

func (d *Definition) tableShape(name string) shape {
	d.Tables = append(d.Tables, Table{ID: FactID(name), Type: TextFact})
	at := len(d.Tables) - 1
	t := last(d.Tables)
	return object(
		must("gives", "What it gives: bool, int, or the list of texts.", either(oneOf(&t.Type, BoolFact, IntFact), nameList("One text it can give.", &t.Values))),
		must("reads", "The columns: facts, age, pem, reached(milestone) or outcome(step).", columnList(&t.Reads)),
		must("rows", "The rows. Every combination is answered by one of them, and by one only; their order says nothing.", list("One row.", func() shape {
			t.Rows = append(t.Rows, Row{})
			row := last(t.Rows)
			return with(&row.Basis,
				must("when", "What each column must be: any, a value, a list of values, or a range such as under 18, 12 to 18, 18 and over, before 2026-01-01.", d.whenShape(at, len(t.Rows)-1)),
				must("gives", "What the table gives then.", givesShape(t, &row.Gives)),
			)
		})),
	)
}

var columnForm = regexp.MustCompile(`^([a-z][a-z0-9]*(-[a-z0-9]+)*|(reached|outcome)\([a-z][a-z0-9]*(-[a-z0-9]+)*\))$`)

func columnList(dst *[]FactID) shape {
	return list("One column.", func() shape {
		return scalar("a fact, reached(milestone) or outcome(step)", onlyText, map[string]any{"type": "string", "pattern": columnForm.String()}, func(r *reader, n *yaml.Node) {
			switch {
			case !columnForm.MatchString(n.Value):
				r.fault(n, "E106", "%q is not a column: write a fact, reached(milestone) or outcome(step)", n.Value)
			case slices.Contains(*dst, FactID(n.Value)):
				r.fault(n, "E102", "%q stands twice in the list", n.Value)
			default:
				*dst = append(*dst, FactID(n.Value))
			}
		})
	})
}

func (d *Definition) whenShape(table, row int) shape {
	cell := map[string]any{"anyOf": []any{
		map[string]any{"type": "boolean", "description": "Yes or no."},
		map[string]any{"type": "integer", "description": "One number."},
		map[string]any{"type": "string", "minLength": 1, "description": "A value, a range, or any."},
		map[string]any{"type": "array", "description": "Any of these.", "items": map[string]any{
			"type": []any{"boolean", "integer", "string"}, "description": "A value or a range.",
		}},
	}, "description": "What this column must be."}
	return shape{
		read: func(r *reader, n *yaml.Node, path string) {
			r.pairs(n, path, func(name, value *yaml.Node) {
				p := r.under(name, value, path)
				r.cells = append(r.cells, pendingCell{table, row, FactID(name.Value), value, p})
			})
			r.rows = append(r.rows, pendingCell{table: table, row: row, node: n, path: path})
		},
		schema: func() map[string]any {
			return map[string]any{"type": "object", "minProperties": 1, "additionalProperties": cell}
		},
	}
}

// givesShape reads what a row gives. The table's own gives may stand below its
// rows, so the value is held against it when all is read.
func givesShape(t *Table, dst *any) shape {
	return shape{
		read: func(r *reader, n *yaml.Node, _ string) {
			switch n.ShortTag() {
			case "!!bool":
				*dst = n.Value == "true"
			case "!!int":
				if v, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
					*dst = v
				}
			case "!!str":
				*dst = n.Value
			}
			if n.Kind != yaml.ScalarNode || *dst == nil {
				r.wrongType(n, "a value")
			}
		},
		schema: func() map[string]any { return map[string]any{"type": []any{"boolean", "integer", "string"}} },
	}
}

// tables puts the cells into their rows, once every column is known.
func (r *reader) tables(d *Definition) {
	for i := r.tablesFrom; i < len(d.Tables); i++ {
		t := &d.Tables[i]
		for n := range t.Rows {
			t.Rows[n].When = make([]Cell, len(t.Reads))
		}
	}
	given := map[[2]int]map[FactID]bool{}
	for _, c := range r.cells {
		t := &d.Tables[c.table]
		at := [2]int{c.table, c.row}
		if given[at] == nil {
			given[at] = map[FactID]bool{}
		}
		given[at][c.column] = true
		i := slices.Index(t.Reads, c.column)
		if i < 0 {
			r.fault(c.node, "E106", "%q is not a column of this table%s", c.column, allowedList(string(c.column), names(t.Reads)))
			continue
		}
		col, why := d.column(c.column)
		if why != "" {
			t.broken = true // told where the column is named
			continue
		}
		before := len(r.findings)
		t.Rows[c.row].When[i] = r.cell(col, c.node)
		t.broken = t.broken || len(r.findings) > before
	}
	for _, row := range r.rows {
		for _, f := range d.Tables[row.table].Reads {
			if !given[[2]int{row.table, row.row}][f] {
				d.Tables[row.table].broken = true
				r.fault(row.node, "E105", "%q is missing: say what the column must be, or any", f)
			}
		}
	}
}

// cell reads what a column must be.
func (r *reader) cell(c column, n *yaml.Node) Cell {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" && (n.Value == "any" || n.Value == "-") {
		return Cell{}
	}
	parts := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		parts = n.Content
		if len(parts) == 0 {
			r.fault(n, "E106", "the list is empty; write any where the column can be anything")
		}
	}
	var cell Cell
	for _, part := range parts {
		if v, ok := r.span(c, part); ok {
			cell.Ranges = append(cell.Ranges, v)
		}
	}
	slices.SortFunc(cell.Ranges, func(a, b Range) int {
		switch {
		case a.Least < b.Least:
			return -1
		case a.Least > b.Least:
			return 1
		}
		return 0
	})
	return cell
}

var (
	numberForm = regexp.MustCompile(`^(?:(-?[0-9]{1,9})|(-?[0-9]{1,9}) and over|under (-?[0-9]{1,9})|(-?[0-9]{1,9}) to (-?[0-9]{1,9}))$`)
	dateForm   = regexp.MustCompile(`^(?:([0-9-]{10})|([0-9-]{10}) and later|before ([0-9-]{10})|([0-9-]{10}) to ([0-9-]{10}))$`)
)

// span reads one value or range.
func (r *reader) span(c column, n *yaml.Node) (Range, bool) {
	if n.Kind != yaml.ScalarNode {
		r.wrongType(n, "a value or a range")
		return Range{}, false
	}
	form, number := numberForm, func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }
	hint := `write 3, "under 18", "12 to 18" or "18 and over"`
	switch c.kind {
	case BoolFact:
		if n.ShortTag() != "!!bool" {
			r.fault(n, "E106", "%s is yes or no: write true, false or any", c.fact)
			return Range{}, false
		}
		if n.Value == "true" {
			return Range{1, 1}, true
		}
		return Range{0, 0}, true
	case TextFact:
		i := slices.Index(c.values, n.Value)
		if i < 0 || n.ShortTag() != "!!str" {
			r.fault(n, "E106", "%s is never %q%s", c.fact, n.Value, allowedList(n.Value, c.values))
			return Range{}, false
		}
		return Range{int64(i), int64(i)}, true
	case DateFact:
		form, hint = dateForm, `write "before 2026-01-01", "2026-01-01 to 2026-12-31" or "2026-01-01 and later"`
		number = func(s string) (int64, error) {
			d, err := care.ParseDate(s)
			return dayNumber(d), err
		}
	}
	return r.bounds(c, n, form, number, hint)
}

// bounds reads a number or a range of numbers.
func (r *reader) bounds(c column, n *yaml.Node, form *regexp.Regexp, number func(string) (int64, error), hint string) (Range, bool) {
	m := form.FindStringSubmatch(n.Value)
	if m == nil {
		r.fault(n, "E106", "%q is not what %s can be: %s", n.Value, c.fact, hint)
		return Range{}, false
	}
	var at [6]int64
	for i, s := range m[1:] {
		v, err := number(s)
		if s != "" && err != nil {
			r.fault(n, "E109", "%s", plainError(err))
			return Range{}, false
		}
		at[i] = v
	}
	span := Range{noLeast, noMost}
	switch {
	case m[1] != "":
		span = Range{at[0], at[0]}
	case m[2] != "":
		span.Least = at[1]
	case m[3] != "":
		span.Most = at[2] - 1
	default:
		span = Range{at[3], at[4]}
	}
	whole := c.domain()
	span.Least, span.Most = max(span.Least, whole.Least), min(span.Most, whole.Most)
	if span.Least > span.Most {
		r.fault(n, "E106", "%q holds nothing", n.Value)
		return Range{}, false
	}
	return span, true
}
