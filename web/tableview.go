package web

import (
	"net/url"

	"github.com/a-h/templ"
)

// A table compares things in columns. It scrolls sideways inside its own
// region, and its order is part of the address.
type table struct {
	id, caption string
	columns     []column
	rows        [][]cell
	// path and query are the address of the page; sort links keep the rest of
	// the query. sorted is the key of the column it is sorted by, with a minus
	// before it when from last to first.
	path   string
	query  url.Values
	sorted string
	// cards lets each row become a card on a telephone, its cells under each other
	// with their column's name. under is what stands under a row, by its place.
	cards bool
	under map[int]templ.Component
	empty string // what to say when there are no rows
}

// A column has a key when the table can be sorted by it.
type column struct {
	name, key string
	number    bool
}

// A cell is a text, a link, a tag or something drawn. The first cell of a row
// names the row.
type cell struct {
	text, href, sub string
	tone            string // a tag of that tone around the text
	body            templ.Component
	number          bool
	whole           bool // never broken over two lines, such as a date
}

// name is the name of a cell's column, for rows that are drawn as cards.
func (t table) name(i int) string {
	if i < len(t.columns) {
		return t.columns[i].name
	}
	return ""
}

func (c cell) class() string {
	switch {
	case c.number:
		return "number"
	case c.whole:
		return "whole"
	default:
		return ""
	}
}

// sortHref is the address of the same page sorted by c: first rising, then
// falling. Another order starts again at the first page.
func (t table) sortHref(c column) templ.SafeURL {
	q := url.Values{}
	for k, v := range t.query {
		if k != "page" {
			q[k] = v
		}
	}
	q.Set("sort", c.key)
	if t.sorted == c.key {
		q.Set("sort", "-"+c.key)
	}
	return templ.SafeURL(t.path + "?" + q.Encode())
}

// order is what aria-sort says of a column: ascending, descending or nothing.
func (t table) order(c column) string {
	switch {
	case c.key == "":
		return ""
	case t.sorted == c.key:
		return "ascending"
	case t.sorted == "-"+c.key:
		return "descending"
	default:
		return ""
	}
}

func (t table) sortAttributes(c column) templ.Attributes {
	if o := t.order(c); o != "" {
		return templ.Attributes{"aria-sort": o}
	}
	return nil
}

// A filter is a form of GET: what it chooses stands in the address and can be
// sent to a colleague.
type filter struct {
	action  string
	keep    []pair // parts of the address that stay, such as the order
	selects []choiceField
	fields  []field
	reset   string // the address without any choice
}

// pages lead through a long list; an empty address leaves its link out.
type pages struct {
	previous, next  string
	from, to, total int
}

// A count is a figure at the head of a list that leads to what it counts.
type count struct {
	figure  int
	text    string
	href    string
	current bool
}

func (c count) attributes() templ.Attributes {
	if c.current {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}

func (c count) figureText(p page) string { return p.lang.Number(c.figure) }

func (c column) class() string {
	if c.number {
		return "number"
	}
	return ""
}
