package web

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"forlop/care"
	"forlop/pathway"
	"forlop/simulation"
)

// A stop is a place to look at a pathway from: a story, a day in it, and who
// reads.
type stop struct {
	story string
	day   int
	lang  care.Language
}

// A stage is a story stopped on a day, with the real pages over it. What a
// patient would see there comes from the same handlers and templates as
// everywhere: the preview has no page of its own.
type stage struct {
	scene simulation.Scene
	pages http.Handler
	token string
}

// newStage lives a story up to a day and opens the pages over what came of it.
func newStage(ctx context.Context, pages func(Config) http.Handler, log *slog.Logger, folder fs.FS, others []fs.FS, at stop) (*stage, error) {
	scene, err := simulation.StopAt(ctx, folder, others, at.story, at.day, at.lang)
	if err != nil {
		return nil, err
	}
	reads := scene.Patient
	if scene.Parent != "" {
		reads = scene.Parent
	}
	token, err := scene.Service.SignIn(ctx, care.Actor{Kind: care.Patient, ID: string(reads)})
	if err == nil && scene.Parent != "" {
		err = scene.Service.Represent(ctx, token, scene.Patient)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the pages of day %d: %w", at.day, err)
	}
	return &stage{scene: scene, pages: pages(Config{Service: scene.Service, Log: log}), token: token}, nil
}

// page is what the patient of the stage gets for an address, in a palette.
func (s *stage) page(ctx context.Context, address, palette string) (status int, body []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, err
	}
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.token})
	r.AddCookie(&http.Cookie{Name: displayCookie, Value: readDisplay(palette).String()})
	r.RequestURI = r.URL.RequestURI()
	w := &kept{header: http.Header{}}
	s.pages.ServeHTTP(w, r)
	return w.status, w.body.Bytes(), nil
}

// kept is an answer that is kept instead of sent.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *kept) Header() http.Header { return w.header }

func (w *kept) WriteHeader(status int) { w.status = status }

func (w *kept) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.body.Write(b)
}

// stages remembers stages, so that four languages in four palettes live a story
// four times and not sixteen.
type stages struct {
	mu   sync.Mutex
	kept map[string]*pending
	used []string
}

// pending is a stage that is made by whoever asks first.
type pending struct {
	once  sync.Once
	stage *stage
	err   error
}

// mostStages is how many stages are kept; ours: three days in four languages,
// twice.
const mostStages = 24

func newStages() *stages { return &stages{kept: map[string]*pending{}} }

// at is the stage of a source at a stop.
func (g *stages) at(ctx context.Context, face *site, s *source, at stop) (*stage, error) {
	key := fmt.Sprintf("%s\x00%s\x00%d\x00%s", s.hash, at.story, at.day, at.lang)
	g.mu.Lock()
	p := g.kept[key]
	if p == nil {
		p = &pending{}
		g.kept[key] = p
		if g.used = append(g.used, key); len(g.used) > mostStages {
			delete(g.kept, g.used[0])
			g.used = g.used[1:]
		}
	}
	g.mu.Unlock()
	// Whoever asks first may go away; the others still want it.
	p.once.Do(func() {
		p.stage, p.err = newStage(context.WithoutCancel(ctx), face.another, face.log, s.files, face.workshop.others(s), at)
	})
	if p.err != nil {
		g.mu.Lock()
		delete(g.kept, key)
		g.mu.Unlock()
	}
	return p.stage, p.err
}

// stories lists what a source can be looked at through.
func (c *call) stories(s *source) ([]simulation.Story, []pathway.Finding, error) {
	if !s.runs() || s.files == nil {
		return nil, nil, nil
	}
	return simulation.Stories(c.r.Context(), s.files, c.s.workshop.others(s))
}

// storyIn is the story of that name, or the first.
func storyIn(stories []simulation.Story, name string) simulation.Story {
	if i := slices.IndexFunc(stories, func(s simulation.Story) bool { return s.Name == name }); i >= 0 {
		return stories[i]
	}
	return stories[0]
}

// framedPolicy is what the browser may do with a previewed page: show it inside our
// own pages, and send nothing.
const framedPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"

// showPreviewed answers with one page of the patient, as it is on a day. Links
// in it lead to the other pages of the same patient on the same day.
func showPreviewed(c *call) error {
	s, err := c.source(c.r.PathValue("id"), c.r.PathValue("version"))
	if err != nil {
		return err
	}
	if !s.runs() || s.files == nil {
		return care.Refuse("pathway-has-errors", "The pathway has errors and is not published. Lint it, mend it, and publish again.")
	}
	q := c.r.URL.Query()
	day, err := strconv.Atoi(q.Get("day"))
	lang := care.Language(q.Get("lang"))
	if err != nil || day < 0 || day > lastDay || !slices.Contains(care.Languages, lang) {
		return care.Missing("no-such-example", "The pathway has no example called {example}.", "example", q.Get("example"))
	}
	st, err := c.s.stages.at(c.r.Context(), c.s, s, stop{q.Get("example"), day, lang})
	if err != nil {
		return err
	}
	which, rest := previewQuery(q)
	inner := url.URL{Path: "/" + c.r.PathValue("rest"), RawQuery: rest.Encode()}
	status, body, err := st.page(c.r.Context(), inner.String(), q.Get("palette"))
	if err != nil {
		return err
	}
	if status >= http.StatusMultipleChoices && status < http.StatusBadRequest {
		return care.Missing("no-such-action", "There is no such action.") // a page that leads elsewhere is none to look at
	}
	prefix := pathwayAddress(s.ref(), "/preview/at")
	body = relinked(body, func(path string) string {
		if strings.Contains(path, "?") {
			return prefix + path + "&amp;" + which
		}
		return prefix + path + "?" + which
	})
	c.w.Header().Set("Content-Security-Policy", framedPolicy)
	c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body) // the reader has gone; there is nobody to tell
	return nil
}

// lastDay is the last day a preview goes to: ten years on, ours.
const lastDay = 3660

// previewQuery is the part of a query that says which preview it is, as it is
// written in a page, and the rest, which is the page's own.
func previewQuery(q url.Values) (which string, rest url.Values) {
	ours, rest := url.Values{}, url.Values{}
	for name, values := range q {
		if slices.Contains([]string{"example", "day", "lang", "palette"}, name) {
			ours[name] = values
		} else {
			rest[name] = values
		}
	}
	return strings.ReplaceAll(ours.Encode(), "&", "&amp;"), rest
}

// ourLink is a link to one of our own pages, as templates write it.
var ourLink = regexp.MustCompile(`(<a [^>]*?)href="(/[^"]*)"`)

// relinked leads the links of a page elsewhere: to(address) is the new address,
// written as in a page, or empty for a link that leads nowhere. Style sheets and
// forms stay as they are.
func relinked(page []byte, to func(address string) string) []byte {
	return ourLink.ReplaceAllFunc(page, func(m []byte) []byte {
		parts := ourLink.FindSubmatch(m)
		address := to(string(parts[2]))
		if address == "" {
			return parts[1]
		}
		return fmt.Appendf(nil, `%shref="%s"`, parts[1], address)
	})
}
