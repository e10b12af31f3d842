package web

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"forlop/care"
	"forlop/pathway"
	"forlop/simulation"

	"github.com/a-h/templ"
)

// PreviewFiles is the author's preview as files: an index, the pathway with its
// sources, and for every example and day the patient's own page in four
// languages and four palettes. They open from a disk, without scripts.
type PreviewFiles struct {
	// Name is what the folder is called; Files is the folder.
	Name  string
	Files fs.FS
	// Others are the folders of pathways that examples move to.
	Others []fs.FS
	// Examples narrows to these; none means all.
	Examples []string
	// Days are what is shown; none means 0, 30, 84 and the last.
	Days []int
	// Language is that of the index.
	Language care.Language
}

// Write makes the files and hands each over with its name. A folder with errors
// has none: they are answered as findings.
func (f PreviewFiles) Write(ctx context.Context, put func(name string, content []byte) error) ([]pathway.Finding, error) {
	others := func() []Folder {
		var all []Folder
		for _, o := range f.Others {
			all = append(all, Folder{Files: o})
		}
		return all
	}
	s, err := newWorkshop(others).read(Folder{Name: f.Name, Files: f.Files})
	if err != nil {
		return nil, err
	}
	if !s.runs() {
		return s.findings, nil
	}
	stories, findings, err := simulation.Stories(ctx, f.Files, f.Others)
	if err != nil {
		return nil, err
	}
	if len(f.Examples) > 0 {
		for _, name := range f.Examples {
			if !slices.ContainsFunc(stories, func(st simulation.Story) bool { return st.Name == name }) {
				return nil, care.Missing("no-such-example", "The pathway has no example called {example}.", "example", name)
			}
		}
		stories = slices.DeleteFunc(stories, func(st simulation.Story) bool { return !slices.Contains(f.Examples, st.Name) })
	}
	w := &previewWriter{PreviewFiles: f, source: s, ctx: ctx, put: put, page: page{lang: speak(f.Language), display: readDisplay(""), face: forAuthors}}
	return slices.Concat(s.findings, findings), w.all(stories, slices.Concat(s.findings, findings))
}

// previewWriter writes one preview.
type previewWriter struct {
	PreviewFiles
	source *source
	ctx    context.Context
	put    func(string, []byte) error
	page   page
}

// fileIndex is the first page of a preview in files.
type fileIndex struct {
	about    []fact
	draft    bool
	findings []pathway.Finding
	stories  []fileStory
	picture  templ.Component
	parts    []shownPart
}

// fileStory is one example with the days that are shown of it.
type fileStory struct {
	id, title string
	days      []link
}

// fileDay is one day of an example, side by side.
type fileDay struct {
	back           link
	previous, next *link
	frames         []previewFrame
}

func (w *previewWriter) all(stories []simulation.Story, findings []pathway.Finding) error {
	for _, name := range []string{"author.css", "patient.css", "icon.svg"} {
		if err := w.put(strings.TrimPrefix(assetAddress(name), "/"), assets()[name].plain); err != nil {
			return err
		}
	}
	x := fileIndex{
		about: aboutVersion(w.page, w.source)[:1], draft: w.source.def.Status == pathway.Draft, findings: findings,
		parts:   shownParts(pathway.Show(w.source.def, w.Language), w.source.def),
		picture: templ.Raw(string(pathway.Picture(w.source.def, w.Language))),
	}
	for i, st := range stories {
		title := st.Name
		if title == "" {
			title = w.page.T("staff.author.preview.plain")
		}
		story := fileStory{id: fmt.Sprintf("%02d-%s", i+1, slug(title)), title: title}
		days := w.days(st)
		for _, d := range days {
			story.days = append(story.days, link{text: w.page.T("staff.author.preview.day", "day", d), href: story.id + "/" + dayFile(d) + ".html"})
		}
		for n, d := range days {
			if err := w.day(st, story, n, d); err != nil {
				return err
			}
		}
		x.stories = append(x.stories, story)
	}
	p := w.page
	p.title = w.source.title(p)
	return w.draw("index.html", filesIndex(p, x))
}

// days are the days shown of a story.
func (w *previewWriter) days(st simulation.Story) []int {
	if len(w.Days) > 0 {
		return slices.Compact(slices.Sorted(slices.Values(w.Days)))
	}
	days := append(daysOf("", st), st.Last())
	slices.Sort(days)
	return slices.Compact(days)
}

func dayFile(day int) string { return fmt.Sprintf("day-%03d", day) }

// day writes one day of a story: sixteen pages, and the page that shows them.
func (w *previewWriter) day(st simulation.Story, story fileStory, n, day int) error {
	p := w.page
	p.title = story.title + ", " + story.days[n].text
	x := fileDay{back: link{text: w.source.title(p), href: "../index.html"}}
	beside := func(l link) *link {
		l.href = strings.TrimPrefix(l.href, story.id+"/")
		return &l
	}
	if n > 0 {
		x.previous = beside(story.days[n-1])
	}
	if n+1 < len(story.days) {
		x.next = beside(story.days[n+1])
	}
	for _, code := range care.Languages {
		stage, err := newStage(w.ctx, New, slog.New(slog.DiscardHandler), w.Files, w.Others, stop{st.Name, day, code})
		if err != nil {
			return err
		}
		for _, palette := range previewPalettes {
			status, body, err := stage.page(w.ctx, "/me", palette)
			if err != nil {
				return err
			}
			if status != http.StatusOK {
				return fmt.Errorf("web: the patient's page of day %d of %q answers %d", day, story.title, status)
			}
			name := dayFile(day) + "." + string(code) + "." + palette + ".html"
			if err := w.put(story.id+"/"+name, onDisk(body, "../")); err != nil {
				return err
			}
			caption := p.T("staff.author.language."+string(code)) + ", " + lowerFirst(p.T("display."+palette))
			x.frames = append(x.frames, previewFrame{
				title: p.T("staff.author.preview.frame", "day", day, "what", caption), caption: caption, lang: code, address: name, eager: true,
			})
		}
	}
	return w.draw(story.id+"/"+dayFile(day)+".html", filesDay(p, x))
}

func (w *previewWriter) draw(name string, body templ.Component) error {
	var b bytes.Buffer
	if err := body.Render(w.ctx, &b); err != nil {
		return err
	}
	up := strings.Repeat("../", strings.Count(name, "/"))
	return w.put(name, bytes.ReplaceAll(b.Bytes(), []byte(`href="`+assetPrefix), []byte(`href="`+up+strings.TrimPrefix(assetPrefix, "/"))))
}

var sends = regexp.MustCompile(`(<form[^>]*?) action="[^"]*"([^>]*?) method="post"|(<form[^>]*?) method="post"([^>]*?) action="[^"]*"`)

// onDisk makes a page of the service into one that lies on a disk: its style
// sheet is beside it, links lead nowhere and forms send nothing.
func onDisk(body []byte, up string) []byte {
	body = relinked(body, func(string) string { return "" })
	body = sends.ReplaceAll(body, []byte("$1$2$3$4"))
	return bytes.ReplaceAll(body, []byte(`href="`+assetPrefix), []byte(`href="`+up+strings.TrimPrefix(assetPrefix, "/")))
}

// slug makes a title into a part of a file's name.
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-") && b.Len() > 0:
			b.WriteByte('-')
		}
		if b.Len() >= 40 {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}
