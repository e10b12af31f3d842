package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/store"
)

// exportEverything writes what is kept about people so that it can be read without
// this program.
type exportEverything struct {
	looking
	Dir string `arg:"" help:"The folder to make. One that is there is never written into."`
}

// Help is shown under the flags.
func (exportEverything) Help() string {
	return "One folder for each person whom any unit here takes part for: index.html to read, record.json for another program, the documents as they came. " +
		"index.html in the folder above lists them all. Nothing in it is encrypted: names, numbers and words stand there as they were written, and its owner " +
		"alone can read the folder. Each person is logged before anything about them is written. --as names the post of whoever decides; the looks stand under " +
		"each unit that takes part. Exit 3 when a journey did not come out, such as one that its unit is shut out of; it is named."
}

// exportedLine is a person in the list.
type exportedLine struct {
	Person    string `json:"person"`
	Name      string `json:"name"`
	Folder    string `json:"folder"`
	Journeys  int    `json:"journeys"`
	Events    int    `json:"events"`
	Documents int    `json:"documents"`
	Looks     int    `json:"looks"`
}

// Run writes the folder.
func (c *exportEverything) Run(p *program) (err error) {
	if err := os.Mkdir(c.Dir, 0o700); errors.Is(err, os.ErrExist) {
		return usage("%s is there already; name another folder", c.Dir)
	} else if err != nil {
		return err
	}
	var st store.Store
	s, who, done, err := c.openWith(p, func(ctx context.Context) (_ store.Store, err error) {
		st, err = c.openBeside(ctx)
		return st, err
	})
	if err != nil {
		return errors.Join(err, os.Remove(c.Dir))
	}
	defer func() { err = errors.Join(err, done()) }()
	through, err := c.reachable(p, s, who)
	if err != nil {
		return err
	}
	var lines []exportedLine
	out := map[string]bool{}
	for i, person := range slices.Sorted(maps.Keys(through)) {
		x, err := casework.View(p.ctx, s, through[person], casework.ExportPerson{Person: person})
		if refusal, no := care.AsRefusal(err); no && refusal.Kind == care.NotFound {
			continue // shut out since the list was made
		}
		if err != nil {
			return asked(err)
		}
		line, err := writePerson(c.Dir, fmt.Sprintf("%05d", i+1), x)
		if err != nil {
			return err
		}
		for _, st := range x.Streams {
			out[st.Stream] = true
		}
		lines = append(lines, line)
	}
	if err := writeIndex(c.Dir, lines); err != nil {
		return err
	}
	// What there is, is counted from the log and not from what was just asked.
	all := 0
	var left []string
	for after := store.Stream(""); ; {
		page, err := st.Streams(p.ctx, "journey", after, 1000)
		if err != nil {
			return err
		}
		for _, g := range page {
			all++
			if !out[string(g.Stream)] {
				left = append(left, g.Stream.ID())
			}
			after = g.Stream
		}
		if len(page) < 1000 {
			break
		}
	}
	p.say("%d persons and %d journeys of %d are in %s", len(lines), all-len(left), all, c.Dir)
	for _, id := range left {
		p.say("did not come out: journey %s", id)
	}
	if len(left) > 0 {
		return &exit{exitFindings, fmt.Errorf("%d journeys did not come out", len(left))}
	}
	return nil
}

// reachable lists the persons of every unit's journeys, each with the unit's post
// that the look is made from.
func (c *exportEverything) reachable(p *program, s *casework.Service, who casework.Who) (map[care.PersonKey]casework.Who, error) {
	found := map[care.PersonKey]casework.Who{}
	for _, unit := range s.Directory().All() {
		from := casework.Operator(strings.TrimPrefix(who.Actor.ID, "operator-"), care.Post{Unit: unit, Role: care.Desk}, who.Reason)
		for after := ""; ; {
			page, err := casework.View(p.ctx, s, from, casework.Journeys{After: after, Limit: 500})
			if refusal, no := care.AsRefusal(err); no && refusal.Kind != care.Conflict {
				break // a unit that takes part in nothing
			}
			if err != nil {
				return nil, err
			}
			for _, row := range page {
				if _, there := found[row.Person]; !there {
					found[row.Person] = from
				}
			}
			if len(page) < 500 {
				break
			}
			after = page[len(page)-1].Stream.ID()
		}
	}
	return found, nil
}

// writePerson writes one person's folder.
func writePerson(dir, name string, x casework.Exported) (exportedLine, error) {
	folder := filepath.Join(dir, name)
	line := exportedLine{Person: string(x.Person), Name: x.Identity.Name, Folder: name, Documents: len(x.Documents), Looks: len(x.Looks)}
	record, err := json.MarshalIndent(x, "", "  ")
	if err != nil {
		return line, err
	}
	page := personPage{Exported: x}
	for _, st := range x.Streams {
		line.Events += len(st.Events)
		if strings.HasPrefix(st.Stream, "journey/") {
			line.Journeys++
		}
		page.Streams = append(page.Streams, streamPage{Name: st.Stream, Rows: rowsOf(st, x.Names)})
	}
	for i, d := range x.Documents {
		page.Files = append(page.Files, documentName(i, d))
	}
	var b strings.Builder
	if err := exportTemplates.ExecuteTemplate(&b, "person", page); err != nil {
		return line, err
	}
	errs := []error{os.Mkdir(folder, 0o700), os.WriteFile(filepath.Join(folder, "record.json"), record, 0o600), os.WriteFile(filepath.Join(folder, "index.html"), []byte(b.String()), 0o600)}
	for i, d := range x.Documents {
		errs = append(errs, os.WriteFile(filepath.Join(folder, documentName(i, d)), d.Content, 0o600))
	}
	return line, errors.Join(errs...)
}

// documentName is ours: what somebody else called a file is no path.
func documentName(i int, d casework.Attachment) string {
	end := map[string]string{"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}[d.Type]
	return fmt.Sprintf("document-%d%s", i+1, end)
}

type personPage struct {
	casework.Exported
	Streams []streamPage
	Files   []string
}

type streamPage struct {
	Name string
	Rows []eventRow
}

type eventRow struct {
	When, What, Who string
	Facts, Words    []factLine
}

type factLine struct{ Name, Text string }

// rowsOf says events in words that need no program: when, what, who, and what it held.
func rowsOf(st casework.ExportedStream, names map[string]string) []eventRow {
	var rows []eventRow
	for _, e := range st.Events {
		what, _, _ := strings.Cut(e.Type, "/")
		_, what, _ = strings.Cut(what, ".")
		who := string(e.Actor.Kind)
		if name := names[e.Actor.ID]; name != "" {
			who += ": " + name
		}
		if e.Post.Unit != "" {
			who += ", " + e.Post.String()
		}
		row := eventRow{When: e.Happened.In(care.CalendarOf(e.Regime).Zone()).Format("2006-01-02 15:04 -0700"), What: strings.ReplaceAll(what, "-", " "), Who: who}
		var body map[string]json.RawMessage
		if err := json.Unmarshal(e.Body, &body); err == nil {
			for _, k := range slices.Sorted(maps.Keys(body)) {
				row.Facts = append(row.Facts, factLine{k, strings.Trim(string(body[k]), `"`)})
			}
		}
		for _, k := range slices.Sorted(maps.Keys(e.Words)) {
			row.Words = append(row.Words, factLine{k, e.Words[k]})
		}
		rows = append(rows, row)
	}
	return rows
}

func writeIndex(dir string, lines []exportedLine) error {
	var b strings.Builder
	if err := exportTemplates.ExecuteTemplate(&b, "index", lines); err != nil {
		return err
	}
	list, err := json.MarshalIndent(lines, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(filepath.Join(dir, "index.html"), []byte(b.String()), 0o600), os.WriteFile(filepath.Join(dir, "index.json"), list, 0o600))
}

var exportTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"day": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
}).Parse(`
{{define "head"}}<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>body{font:1rem/1.5 sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem}table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #999}blockquote{white-space:pre-wrap;margin:.3rem 0 .3rem 1rem}</style>{{end}}
{{define "index"}}{{template "head"}}<title>Everything that was kept</title><h1>Everything that was kept</h1>
<p>One line for each person. The folder holds index.html, record.json and the documents.</p>
<table><tr><th>Person<th>Journeys<th>Events<th>Documents<th>Looks</tr>
{{range .}}<tr><td><a href="{{.Folder}}/index.html">{{or .Name .Person}}</a><td>{{.Journeys}}<td>{{.Events}}<td>{{.Documents}}<td>{{.Looks}}</tr>
{{end}}</table></html>{{end}}
{{define "person"}}{{template "head"}}<title>{{or .Identity.Name .Person}}</title><h1>{{or .Identity.Name .Person}}</h1>
<p>Key {{.Person}}{{with .Identity.Number}} · number {{.}}{{end}}{{with .Identity.Phone}} · telephone {{.}}{{end}}</p>
{{range .Streams}}<h2>{{.Name}}</h2><table><tr><th>When<th>What<th>Who<th>Held</tr>
{{range .Rows}}<tr><td>{{.When}}<td>{{.What}}<td>{{.Who}}<td>{{range .Words}}{{.Name}}: <blockquote>{{.Text}}</blockquote>{{end}}{{range .Facts}}{{.Name}}: {{.Text}}<br>{{end}}</tr>
{{end}}</table>{{end}}
{{with .Files}}<h2>Documents</h2><ul>{{range .}}<li><a href="{{.}}">{{.}}</a></li>{{end}}</ul>{{end}}
<h2>Who has looked</h2><table><tr><th>When<th>Who<th>From<th>Ground<th>What<th>Why</tr>
{{range .Looks}}<tr><td>{{day .At}}<td>{{.Actor.ID}}<td>{{.Post}}<td>{{.Basis}}<td>{{.Question}}<td>{{.Reason}}</tr>
{{end}}</table></html>{{end}}
`))
