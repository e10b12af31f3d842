package pathway

import (
	"fmt"
	"strings"
)

func (p *page) tables() {
	if len(p.d.Tables) == 0 {
		return
	}
	p.heading(sayTables)
	for _, t := range p.d.Tables {
		x := p.d.decider(t)
		title := or(p.t.Tables, t.ID)
		p.begin("tables/"+string(t.ID), title)
		p.line(0, "- %s", title)
		named := make([]string, len(x.columns))
		for i, c := range x.columns {
			named[i] = p.column(c)
		}
		p.labelled(1, sayColumns, strings.Join(named, ", "))
		for _, row := range t.Rows {
			p.line(1, "%s: %s %s", p.row(x, row), p.given(row.Gives), p.mark(row.Basis))
		}
	}
}

// column is what a column is called.
func (p *page) column(c column) string {
	switch c.fact {
	case AgeFact:
		return strings.ToLower(sayAge.in(p.l))
	case PEMFact:
		return sayPEM.in(p.l)
	}
	for _, m := range p.d.Milestones {
		if ReachedFact(m.ID) == c.fact {
			return p.say(sayQuoted, or(p.t.Milestones, m.ID))
		}
	}
	for _, s := range p.d.Steps {
		if OutcomeFact(s.ID) == c.fact {
			return p.say(sayQuoted, p.step(s.ID))
		}
	}
	return or(p.t.Facts, c.fact)
}

// row is what a row waits for, without the columns that can be anything.
func (p *page) row(x *decider, row Row) string {
	var parts []string
	for i, cell := range row.When {
		if !cell.any() {
			parts = append(parts, p.column(x.columns[i])+" = "+x.columns[i].words(cell, p.l))
		}
	}
	if len(parts) == 0 {
		return sayAlways.in(p.l)
	}
	return strings.Join(parts, ", ")
}

func (p *page) given(v any) string {
	if yes, ok := v.(bool); ok {
		if yes {
			return sayYes.in(p.l)
		}
		return sayNotSo.in(p.l)
	}
	return fmt.Sprint(v)
}
