package web

import (
	"net/http"
	"slices"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
	"forlop/pathway/publication"
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

func showLibrary(c *call) error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.PathwayLibrary{})
	if err != nil {
		return err
	}
	folders, err := c.s.workshop.all()
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title, p.face = p.T("staff.author.library"), forAuthors
	x := &libraryPage{}
	for _, w := range v.Pathways {
		for _, version := range w.Versions {
			x.row(p, version.Ref.ID, textOf(p, version.Definition).Title, versionRow(p, v, version))
		}
	}
	for _, s := range folders {
		if onShelf(v, s.ref()) {
			continue
		}
		x.row(p, s.ref().ID, s.title(p), folderRow(p, s))
		if errors, _ := s.counts(); errors > 0 {
			x.todo = append(x.todo, todoLine{s.title(p) + ", " + s.ref().Version, pathwayAddress(s.ref(), "/source"), p.T("staff.author.todo-errors", "n", errors)})
		}
	}
	for _, i := range v.Items {
		x.todo = append(x.todo, itemLine(p, v, i))
	}
	sortNames(p.lang, x.pathways, func(w libraryPathway) string { return w.title })
	return write(c.w, c.r, http.StatusOK, libraryBody(p, *x))
}

func onShelf(v casework.LibraryView, r pathway.Ref) bool {
	return slices.ContainsFunc(v.Pathways, func(w casework.LibraryPathway) bool {
		return slices.ContainsFunc(w.Versions, func(x casework.LibraryVersion) bool { return x.Ref.ID == r.ID && x.Ref.Version == r.Version })
	})
}

// row puts a row under its pathway, and makes the pathway where it is new.
func (x *libraryPage) row(p page, id, title string, row []cell) {
	i := slices.IndexFunc(x.pathways, func(w libraryPathway) bool { return w.id == id })
	if i < 0 {
		i = len(x.pathways)
		x.pathways = append(x.pathways, libraryPathway{id: id, title: title, table: table{id: "versions-" + id, cards: true, caption: id, columns: []column{
			{name: p.T("staff.author.version")}, {name: p.T("staff.author.status")}, {name: p.T("staff.author.in-use")},
			{name: p.T("staff.author.journeys"), number: true}, {name: p.T("staff.author.review")},
		}}, links: []link{{text: p.T("staff.author.moves.title"), href: "/pathways/" + id + "/moves"}}})
	}
	x.pathways[i].table.rows = append(x.pathways[i].table.rows, row)
}

func versionRow(p page, lib casework.LibraryView, v casework.LibraryVersion) []cell {
	var uses []string
	for _, u := range v.Uses {
		uses = append(uses, useWords(p, lib.Post, u))
	}
	row := []cell{
		{text: v.Ref.Version, href: pathwayAddress(v.Ref, "")},
		{text: p.T("staff.author.state." + string(v.Standing)), tone: standingTone(v.Standing)},
		{text: strings.Join(uses, ". ")}, {text: p.lang.Number(v.Journeys), number: true}, reviewCell(p, v.Definition),
	}
	switch {
	case v.Missing > 0:
		row[1].sub = p.T("staff.author.lacks", "n", v.Missing)
	case v.Definition.Status == pathway.Draft:
		row[1].sub = p.T("staff.author.no-national-text")
	}
	if v.Edition.By != "" {
		row[0].sub = lib.Name(v.Edition.By)
	}
	return row
}

func folderRow(p page, s *source) []cell {
	text, tone := s.state(p)
	row := []cell{{text: s.ref().Version, href: pathwayAddress(s.ref(), ""), sub: s.folder}, {text: text, tone: tone}, {}, {text: "0", number: true}, {}}
	if s.def != nil {
		row[4] = reviewCell(p, s.def)
	}
	return row
}

func reviewCell(p page, def *pathway.Definition) cell {
	if def.Review.By.IsZero() {
		return cell{}
	}
	return cell{text: p.lang.Date(def.Review.By), sub: def.Review.Owner}
}

// useWords says where a version is in use, and from when where that is to come.
func useWords(p page, post func(care.Post) casework.PostView, u publication.Use) string {
	where := p.T("staff.author.whole-site")
	if u.Unit != "" {
		if where = post(care.Post{Unit: u.Unit, Role: care.Desk}).Unit.Name; where == "" {
			where = string(u.Unit)
		}
	}
	if from := care.DateOf(u.From, care.CalendarOf(care.Norway).Zone()); from.After(p.today) {
		where = p.T("staff.author.use-from", "where", where, "date", from)
	}
	if u.Adopted {
		return p.T("staff.author.adopted", "where", where)
	}
	return where
}

// itemLine is one open thing of a pathway, in words.
func itemLine(p page, v casework.LibraryView, i casework.LibraryItem) todoLine {
	title := i.Pathway
	for _, w := range v.Pathways {
		for _, version := range w.Versions {
			if version.Ref.ID == i.Pathway && version.Ref.Version == i.Version {
				title = textOf(p, version.Definition).Title
			}
		}
	}
	return todoLine{title + ", " + i.Version, pathwayAddress(pathway.Ref{ID: i.Pathway, Version: i.Version}, "/publish"), waitingFor(p, v.Post, i)}
}

// waitingFor says what is open and who can do it.
func waitingFor(p page, post func(care.Post) casework.PostView, i casework.LibraryItem) string {
	kind, _, _ := strings.Cut(i.Key, "/")
	said := p.T("staff.author.item.other")
	if key := "staff.author.item." + kind; p.lang.has(key) {
		said = p.T(key)
	}
	who := p.T("staff.author.item.with", "post", postName(p, post(i.Post)))
	if i.Yours {
		who = p.T("staff.author.item.yours")
	}
	return said + " " + who
}
