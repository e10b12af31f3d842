package casework

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"forlop/care"
	"forlop/care/directory"
	"forlop/pathway"
)

// The columns of a table of units and of one of people. Roles and posts stand in
// one cell, with spaces between.
var (
	unitColumns = []string{"unit", "name", "kind", "regime", "parent", "lead", "fallback", "roles", "phone", "hours", "note",
		"organisation", "her", "resh", "hsa", "redirect"}
	peopleColumns = []string{"id", "name", "profession", "hpr", "hsa", "prescriber", "posts"}
)

// readSiteTable reads units or people from a table: comma or semicolon between
// the cells, with or without a byte order mark. The first line names the columns,
// in any order; which of the two it is, the column unit or id says. An empty cell
// is not given. The findings have line and column.
func readSiteTable(name string, text []byte) (*siteFile, []pathway.Finding) {
	p := &sitePage{file: name}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	first, _, _ := bytes.Cut(text, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(text))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	head, err := r.Read()
	if err != nil {
		p.fault(spot{1, 1, p.file}, "unreadable", "the file is no table: its first line must name the columns")
		return nil, p.found
	}
	known := peopleColumns
	if slices.Contains(head, "unit") {
		known = unitColumns
	}
	for i, column := range head {
		line, col := r.FieldPos(i)
		if !slices.Contains(known, column) {
			p.fault(spot{line, col, p.file}, "column-unknown", "there is no column %q%s", column, expected(column, known))
		} else if slices.Index(head, column) < i {
			p.fault(spot{line, col, p.file}, "column-twice", "the column %q stands twice", column)
		}
	}
	f := &siteFile{}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			p.fault(spot{broken.Line, broken.Column, p.file}, "unreadable", "%s", broken.Err)
			return nil, p.found
		}
		cell := map[string]word{}
		for i, column := range head {
			line, col := r.FieldPos(i)
			said := readCell(cells[i])
			cell[column] = word{text: said, given: said != "", at: spot{line, col, p.file}}
		}
		line, col := r.FieldPos(0)
		if len(known) == len(unitColumns) {
			f.units = append(f.units, unitOf(cell, spot{line, col, p.file}))
		} else {
			f.people = append(f.people, personOf(p, cell, spot{line, col, p.file}))
		}
	}
	if pathway.HasErrors(p.found) {
		return nil, p.found
	}
	p.each(f)
	return f, p.found
}

func unitOf(c map[string]word, at spot) siteUnit {
	u := siteUnit{
		at: at, unit: c["unit"], kind: c["kind"], name: c["name"], regime: c["regime"], parent: c["parent"], lead: c["lead"],
		fallback: c["fallback"], phone: c["phone"], hours: c["hours"], note: c["note"],
		known: siteKnown{organisation: c["organisation"], her: c["her"], resh: c["resh"], hsa: c["hsa"], redirect: c["redirect"]},
	}
	for _, role := range strings.Fields(c["roles"].text) {
		u.roles = append(u.roles, word{role, true, c["roles"].at})
	}
	return u
}

func personOf(p *sitePage, c map[string]word, at spot) sitePerson {
	w := sitePerson{at: at, id: c["id"], name: c["name"], profession: c["profession"], hpr: c["hpr"], hsa: c["hsa"], prescriber: c["prescriber"]}
	for _, post := range strings.Fields(c["posts"].text) {
		q := word{post, true, c["posts"].at}
		if q.post().Unit == "" || q.post().Role == "" || q.post().Role == care.Lead {
			p.fault(q.at, "post-form", "%q is no post that can stand here: write UNIT/ROLE, such as pain-clinic/desk; leads stand in the table of units", post)
			continue
		}
		w.posts = append(w.posts, sitePost{post: q})
	}
	return w
}

// cellOf is a text as a cell that no spreadsheet takes for a formula; readCell
// reads it back.
func cellOf(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r'", rune(s[0])) {
		return "'" + s
	}
	return s
}

func readCell(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r'", rune(s[1])) {
		return s[1:]
	}
	return strings.TrimSpace(s)
}

// ExportUnits writes the open units as a table that ImportSite reads back.
func (s *Service) ExportUnits(ctx context.Context, to io.Writer) error {
	dir, _, err := s.current(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{unitColumns}
	for _, id := range dir.All() {
		u, _ := dir.Unit(id)
		if u.Status == directory.Closed {
			continue
		}
		lead, fallback := "", ""
		for _, h := range dir.Holders(care.Post{Unit: id, Role: care.Lead}, s.clock.Now()) {
			if _, own := stretchAt(u, h, care.Lead, s.clock.Now()); own {
				lead = h
			}
		}
		if !u.Fallback.IsZero() {
			fallback = u.Fallback.String()
		}
		var roles []string
		for _, r := range u.Roles {
			roles = append(roles, string(r))
		}
		rows = append(rows, []string{
			string(id), u.Contact.Name, string(u.Kind), string(u.Regime), string(u.Parent), lead, fallback, strings.Join(roles, " "),
			u.Contact.Phone, u.Contact.Hours, u.Contact.Note,
			u.Number(care.OrganisationOf(u.Regime)), u.Number(care.HER), u.Number(care.RESH), u.Number(care.HSA), string(u.Redirect),
		})
	}
	return writeTable(to, rows)
}

// ExportPeople writes who works here, and the posts they fill now, as a table
// that ImportSite reads back. It holds names and numbers.
func (s *Service) ExportPeople(ctx context.Context, to io.Writer) error {
	now, err := s.siteNow(ctx)
	if err != nil {
		return err
	}
	posts := map[string][]string{}
	for _, id := range now.dir.All() {
		u, _ := now.dir.Unit(id)
		for _, m := range u.Members {
			if m.Role != care.Lead && u.Status != directory.Closed && !m.From.After(s.clock.Now()) && m.Until.IsZero() {
				posts[m.Professional] = append(posts[m.Professional], care.Post{Unit: id, Role: m.Role}.String())
			}
		}
	}
	rows := [][]string{peopleColumns}
	for id, p := range now.people {
		if !p.Active() {
			continue
		}
		who, hpr, hsa := now.names[id], "", ""
		switch p.Reference {
		case directory.HPR:
			hpr = who.Number
		case directory.HSA:
			hsa = who.Number
		case directory.NoReference:
		}
		rows = append(rows, []string{id, who.Name, p.Profession, hpr, hsa, who.Prescriber, strings.Join(posts[id], " ")})
	}
	slices.SortFunc(rows[1:], func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return writeTable(to, rows)
}

func writeTable(to io.Writer, rows [][]string) error {
	w := csv.NewWriter(to)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, text := range row {
			cells[i] = cellOf(text)
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
