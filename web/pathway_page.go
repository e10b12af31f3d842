package web

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/pathway"

	"github.com/a-h/templ"
)

// readPage is a version as a clinician reads it: every number with its source.
type readPage struct {
	tabs    []link
	about   []fact
	draft   bool
	summary link // what was found, and where it stands
	parts   []shownPart
	picture templ.Component
}

func showVersion(c *call) error {
	p, s, err := c.author("")
	if err != nil {
		return err
	}
	x := readPage{tabs: authorTabs(p, s, "read"), about: aboutVersion(p, s)}
	errors, warnings := s.counts()
	x.summary = link{text: p.T("staff.author.found", "errors", errors, "warnings", warnings), href: pathwayAddress(s.ref(), "/source")}
	if s.def != nil {
		x.draft = s.def.Status == pathway.Draft
	}
	if s.runs() {
		x.parts = shownParts(pathway.Show(s.def, p.lang.code), s.def)
		// What the picture says is escaped where it is drawn.
		x.picture = templ.Raw(string(pathway.Picture(s.def, p.lang.code)))
	}
	return write(c.w, c.r, http.StatusOK, versionBody(p, x))
}

// aboutVersion is what is to be known of a version before it is read.
func aboutVersion(p page, s *source) []fact {
	text, tone := s.state(p)
	rows := []fact{{name: p.T("staff.author.version"), value: s.ref().String()}, {name: p.T("staff.author.status"), body: tag(tone, text)}}
	if s.folder != "" {
		rows = append(rows, fact{name: p.T("staff.author.folder"), value: s.folder})
	}
	if s.def == nil {
		return rows
	}
	if !s.def.Review.By.IsZero() {
		rows = append(rows, fact{name: p.T("staff.author.review"), value: p.lang.Date(s.def.Review.By) + ". " + s.def.Review.Owner})
	}
	if s.def.Hash != "" {
		rows = append(rows, fact{name: p.T("staff.author.bytes"), value: s.def.Hash[:12]})
	}
	return rows
}

// A shownPart is a heading of a shown pathway with what stands under it.
type shownPart struct {
	id, title string
	lines     []*shownLine
}

// A shownLine is one line with the lines that belong under it.
type shownLine struct {
	title bool // a heading of its own, such as a step
	// source is the name of the source that the line tells of, if it does.
	source string
	words  []shownWord
	under  []*shownLine
}

// A shownWord is a piece of a line; a piece that names a source leads to it.
type shownWord struct{ text, href string }

var (
	numbered = regexp.MustCompile(`^\d+\. `)
	marked   = regexp.MustCompile(`\[[a-z][a-z0-9-]*\]`)
)

// shownParts reads what pathway.Show writes, so that a page says exactly what
// the command line says.
func shownParts(text string, def *pathway.Definition) []shownPart {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	var parts []shownPart
	var open []*shownLine
	var depth []int
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if i+1 < len(lines) && line != "" && strings.Trim(lines[i+1], "=") == "" && lines[i+1] != "" {
			parts = append(parts, shownPart{id: fmt.Sprintf("part-%d", len(parts)), title: line})
			open, depth = nil, nil
			i++
			continue
		}
		said := strings.TrimLeft(line, " ")
		if said == "" || len(parts) == 0 {
			continue
		}
		at := len(line) - len(said)
		for len(depth) > 0 && depth[len(depth)-1] >= at {
			open, depth = open[:len(open)-1], depth[:len(depth)-1]
		}
		l := &shownLine{title: at == 0 && numbered.MatchString(said)}
		l.words, l.source = shownWords(strings.TrimPrefix(said, "- "), def)
		if len(open) == 0 {
			parts[len(parts)-1].lines = append(parts[len(parts)-1].lines, l)
		} else {
			above := open[len(open)-1]
			above.under = append(above.under, l)
		}
		open, depth = append(open, l), append(depth, at)
	}
	return parts
}

// shownWords cuts a line at the names of sources. A line that begins with one
// tells of it.
func shownWords(line string, def *pathway.Definition) (words []shownWord, tells string) {
	last := 0
	for _, at := range marked.FindAllStringIndex(line, -1) {
		id := line[at[0]+1 : at[1]-1]
		if _, ok := def.Source(pathway.SourceID(id)); !ok {
			continue
		}
		if at[0] == 0 {
			tells = id
			continue
		}
		words = append(words, shownWord{text: line[last:at[0]]}, shownWord{text: line[at[0]:at[1]], href: "#source-" + id})
		last = at[1]
	}
	return append(words, shownWord{text: line[last:]}), tells
}

// sourcePage is one file of a version, line by line, with what was found.
type sourcePage struct {
	tabs     []link
	files    []link
	file     string
	lang     care.Language
	findings []findingLine
	lines    []sourceLine
	nothing  string
}

// A sourceLine is one line of a file and what was found there.
type sourceLine struct {
	number   int
	text     string
	findings []findingLine
}

// A findingLine is one thing found, and where it stands.
type findingLine struct {
	tone, word string
	place      string
	href       string
	code, help string
	message    string
}

func showSource(c *call) error {
	p, s, err := c.author("staff.author.title.source")
	if err != nil {
		return err
	}
	x := sourcePage{tabs: authorTabs(p, s, "source"), findings: findingLines(p, s, s.findings)}
	names := s.fileNames()
	if len(names) == 0 {
		x.nothing = p.T("staff.author.no-files")
		return write(c.w, c.r, http.StatusOK, sourceBody(p, x))
	}
	x.file = names[0]
	if asked := c.r.URL.Query().Get("file"); slices.Contains(names, asked) {
		x.file = asked
	}
	for _, name := range names {
		x.files = append(x.files, link{text: name, href: sourceAddress(s, name, 0), current: name == x.file})
	}
	if x.lines, err = sourceLines(p, s, x.file); err != nil {
		return err
	}
	x.lang = languageOfFile(x.file)
	return write(c.w, c.r, http.StatusOK, sourceBody(p, x))
}

// languageOfFile is the language that a text file is written in; the others are
// read as English.
func languageOfFile(name string) care.Language {
	code := care.Language(strings.TrimSuffix(strings.TrimPrefix(name, "text."), ".yaml"))
	if slices.Contains(care.Languages, code) {
		return code
	}
	return care.English
}

// mostLines is how many lines of a file are shown; ours.
const mostLines = 5000

func sourceLines(p page, s *source, file string) ([]sourceLine, error) {
	text, err := fs.ReadFile(s.files, file)
	if err != nil {
		return nil, err
	}
	var lines []sourceLine
	for line := range strings.Lines(strings.ToValidUTF8(string(text), "�")) {
		if len(lines) == mostLines {
			break
		}
		l := sourceLine{number: len(lines) + 1, text: strings.TrimRight(line, "\r\n")}
		for _, f := range s.findings {
			if f.File == file && f.Line == l.number {
				l.findings = append(l.findings, findingLineOf(p, s, f))
			}
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func sourceAddress(s *source, file string, line int) string {
	address := pathwayAddress(s.ref(), "/source?file="+url.QueryEscape(file))
	if line > 0 {
		address += "#L" + strconv.Itoa(line)
	}
	return address
}

func findingLines(p page, s *source, findings []pathway.Finding) []findingLine {
	var out []findingLine
	for _, f := range findings {
		out = append(out, findingLineOf(p, s, f))
	}
	return out
}

func findingLineOf(p page, s *source, f pathway.Finding) findingLine {
	l := findingLine{
		tone: "waiting", word: p.T("staff.author.warning"), code: f.Code, message: f.Message, place: f.File, href: sourceAddress(s, f.File, f.Line),
	}
	if f.Severity == pathway.SeverityError {
		l.tone, l.word = "past", p.T("staff.author.error")
	}
	if f.Line > 0 {
		l.place += ":" + strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Col)
	}
	if _, ok := pathway.Explain(f.Code); ok {
		l.help = "/pathways/findings?code=" + f.Code
	}
	return l
}

// showFinding says what a code of a finding means and what to do.
func showFinding(c *call) error {
	if err := c.mayAuthor(); err != nil {
		return err
	}
	code := strings.ToUpper(c.r.URL.Query().Get("code"))
	text, ok := pathway.Explain(code)
	if !ok {
		return care.Missing("no-such-finding", "There is no finding with the code {code}.", "code", code)
	}
	p, err := c.staffPage(code)
	if err != nil {
		return err
	}
	p.face = forAuthors
	return write(c.w, c.r, http.StatusOK, findingBody(p, strings.Split(strings.TrimSpace(text), "\n\n")))
}

// id is the anchor of a line that tells of a source.
func (l *shownLine) id() string {
	if l.source == "" {
		return ""
	}
	return "source-" + l.source
}

// id is the anchor of a line of a file.
func (l sourceLine) id() string { return "L" + strconv.Itoa(l.number) }
