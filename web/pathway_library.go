package web

import (
	"net/http"
	"slices"
	"strings"

	"forlop/care"
	"forlop/pathway"
)

// libraryPage is every pathway with its versions.
type libraryPage struct {
	todo     []todoLine
	pathways []libraryPathway
}

// todoLine is something an author has to look at.
type todoLine struct{ about, href, text string }

// libraryPathway is one pathway with its versions, newest first.
type libraryPathway struct {
	id, title string
	table     table
	links     []link
}

// mayAuthor refuses those who have no work with pathways.
func (c *call) mayAuthor() error {
	if c.who.Actor.Kind != care.Professional {
		return care.Deny("no-basis", "You have no basis to see or do this. Ask the person's coordinator.")
	}
	return nil
}

// sources are all versions there are: published ones, and folders that are not.
func (c *call) sources() ([]*source, error) {
	folders, err := c.s.workshop.all()
	if err != nil {
		return nil, err
	}
	defs, err := c.s.service.Pathways(c.r.Context())
	if err != nil {
		return nil, err
	}
	var all []*source
	for _, def := range defs {
		s, err := c.published(c.r.Context(), def, folders)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	for _, s := range folders {
		there := slices.ContainsFunc(defs, func(d *pathway.Definition) bool { return s.def != nil && d.Ref.String() == s.ref().String() })
		if !there {
			all = append(all, s)
		}
	}
	return all, nil
}

func showLibrary(c *call) error {
	if err := c.mayAuthor(); err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title, p.face = p.T("staff.author.library"), forAuthors
	all, err := c.sources()
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b *source) int { return strings.Compare(b.ref().Version, a.ref().Version) })
	var x libraryPage
	for _, s := range all {
		i := slices.IndexFunc(x.pathways, func(w libraryPathway) bool { return w.id == s.ref().ID })
		if i < 0 {
			i = len(x.pathways)
			x.pathways = append(x.pathways, libraryPathway{id: s.ref().ID, title: s.title(p), table: libraryTable(p, s)})
		}
		x.pathways[i].table.rows = append(x.pathways[i].table.rows, libraryRow(p, s))
		x.todo = append(x.todo, c.todoOf(p, s)...)
	}
	sortNames(p.lang, x.pathways, func(w libraryPathway) string { return w.title })
	return write(c.w, c.r, http.StatusOK, libraryBody(p, x))
}

func libraryTable(p page, s *source) table {
	return table{id: "versions-" + s.ref().ID, caption: s.ref().ID, columns: []column{
		{name: p.T("staff.author.version")}, {name: p.T("staff.author.status")}, {name: p.T("staff.author.findings")}, {name: p.T("staff.author.review")},
	}}
}

func libraryRow(p page, s *source) []cell {
	text, tone := s.state(p)
	errors, warnings := s.counts()
	row := []cell{
		{text: s.ref().Version, href: pathwayAddress(s.ref(), ""), sub: s.folder}, {text: text, tone: tone},
		{text: p.T("staff.author.found", "errors", errors, "warnings", warnings), href: pathwayAddress(s.ref(), "/source")}, {},
	}
	if s.def != nil && !s.def.Review.By.IsZero() {
		row[3] = cell{text: p.lang.Date(s.def.Review.By), sub: s.def.Review.Owner}
	}
	return row
}

// todoOf is what an author has to look at in a version.
func (c *call) todoOf(p page, s *source) []todoLine {
	var out []todoLine
	about := s.title(p) + ", " + s.ref().Version
	if !s.runs() && s.files != nil {
		errors, _ := s.counts()
		out = append(out, todoLine{about, pathwayAddress(s.ref(), "/source"), p.T("staff.author.todo-errors", "n", errors)})
	}
	if s.def != nil && !s.def.Review.By.IsZero() && s.def.Review.By.Before(p.today) {
		out = append(out, todoLine{about, pathwayAddress(s.ref(), ""), p.T("staff.author.todo-review", "date", s.def.Review.By)})
	}
	return out
}
