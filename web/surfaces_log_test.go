package web_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
	"forlop/store"
)

// witnessed counts what is written into the access log, and can refuse it.
type witnessed struct {
	store.Store
	mu     sync.Mutex
	looks  []store.Look
	broken bool
}

// Log keeps a look, or fails as a full disk does.
func (s *witnessed) Log(ctx context.Context, l store.Look) error {
	s.mu.Lock()
	broken := s.broken
	if !broken {
		s.looks = append(s.looks, l)
	}
	s.mu.Unlock()
	if broken {
		return errors.New("the log takes nothing")
	}
	return s.Store.Log(ctx, l)
}

func (s *witnessed) since(n int) []store.Look {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.looks[n:])
}

func (s *witnessed) breaks(yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = yes
}

// A marked person is known on a page by these words.
type marked struct {
	key   care.PersonKey
	words []string
	// cared are the words that a person reads of themselves only on pages of their
	// care: their name stands on every page they are logged in to.
	cared []string
}

func (m marked) stands(body []byte, reader care.Actor) bool {
	words := m.words
	if reader.ID == string(m.key) {
		words = nil
	}
	return slices.ContainsFunc(append(slices.Clone(words), m.cared...), func(w string) bool { return bytes.Contains(body, []byte(w)) })
}

var link = regexp.MustCompile(`href="(/[^"#]*)`)

// crawl asks for every page that a visitor reaches by links, from these on.
func (c *caller) crawl(from []string, each func(path string, a reply)) {
	seen := map[string]bool{}
	for queue := from; len(queue) > 0 && len(seen) < 250; queue = queue[1:] {
		path := queue[0]
		shape, _, _ := strings.Cut(path, "?")
		if seen[path] || strings.HasPrefix(path, "/assets") || strings.HasPrefix(path, "/display") || strings.HasPrefix(path, "/pathways/") && strings.Count(shape, "/") > 2 {
			continue
		}
		seen[path] = true
		a := c.ask(http.MethodGet, path, nil)
		each(path, a)
		if a.location != "" {
			queue = append(queue, a.location)
		}
		for _, m := range link.FindAllSubmatch(a.body, -1) {
			queue = append(queue, strings.ReplaceAll(string(m[1]), "&amp;", "&"))
		}
	}
}

// TestNobodyLooksUnlogged reads every page that people of every kind reach. An
// answer with something of a person in it has one entry in the log with that
// person; with a log that takes nothing, nothing of anybody leaves. What the
// service writes elsewhere – its own log, addresses, error pages – holds nothing of
// anybody.
func TestNobodyLooksUnlogged(t *testing.T) {
	t.Parallel()
	st := &witnessed{Store: newStore(t)}
	var said syncBuffer
	w := openTerrain(t, st, slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})), grown)
	someone := w.neighbour(coordinator).person
	anna := w.relativeOf("Anna Svale", access.Parts...)
	w.opens()
	// Who is somebody's relative is part of that person's page, and no look at the
	// relative.
	people := []marked{
		{w.person, []string{"Kanarifugl", theirNumber}, []string{canaryReason, canaryMessage, canaryGoal, canaryStory}},
		{someone, []string{"Torbjørn Svane"}, []string{"Egen grunn."}},
	}
	visitors := []struct {
		*caller
		from []string
	}{
		{w.enter("patient", asPatient(w.person), 0), []string{"/me", "/sessions", "/for"}},
		{w.enter("another patient", asPatient(someone), 0), []string{"/me"}},
		{w.enter("relative", asPatient(anna), 0).represent(), []string{"/me", "/for", "/me/hidden"}},
		{w.enter("coordinator", professional("kari"), 0), []string{"/work", "/journeys/" + w.waiting + "/attachment", "/journeys/" + w.waiting + "/findings/1", "/journeys/" + w.held + "/summary?as=text"}},
		{w.enter("gp", professional("per"), 0), []string{"/work"}},
		{w.enter("opened", professional("nils"), 0), []string{"/work", "/opened/" + string(w.person), "/journeys/" + w.held}},
		{w.enter("officer", professional("petra"), 0), []string{"/work"}},
		{w.enter("approver", professional("ada"), 0), []string{"/work", "/pathways", "/pathways/no.pain/moves"}},
		{w.linked("guest of a link", coordinator, casework.Item{Kind: casework.QuestionItem, Target: w.held, Number: 1}), []string{"/", "/link", "/shared", "/me", "/work"}},
		{w.linked("guest of a page", casework.Who{Actor: asPatient(w.person)}, w.shared()), []string{"/", "/shared", "/link", "/me"}},
		{&caller{w: w, name: "anonymous"}, []string{"/", "/me", "/work", "/journeys/" + w.held}},
	}
	answers, holding, entries, several, urls := 0, 0, 0, 0, 0
	var shown []func() // each page that held somebody, asked again
	unfit := func(what, text string) {
		for _, p := range people {
			for _, word := range slices.Concat(p.words, p.cared) {
				if decoded, err := url.QueryUnescape(text); err == nil && strings.Contains(decoded, word) || strings.Contains(text, word) {
					t.Errorf("%s holds %q: %.300s", what, word, text)
				}
			}
		}
	}
	served := 0
	for _, v := range visitors {
		v.crawl(v.from, func(path string, a reply) {
			answers++
			for _, m := range link.FindAllSubmatch(a.body, -1) {
				urls++
				unfit("a link on "+path, string(m[1]))
			}
			unfit("the address that "+path+" leads to", a.location)
			if a.status >= 400 {
				unfit("the error page of "+path+" for the "+v.name, string(a.body))
			}
			n := len(st.since(0))
			again := v.ask(http.MethodGet, path, nil) // the first look may have been a receipt as well
			looks := st.since(n)
			held := false
			for _, p := range people {
				if !p.stands(again.body, v.actor) {
					continue
				}
				held = true
				count, bases := 0, map[string]bool{}
				for _, l := range looks {
					// Two questions of one page on different bases are two looks.
					if slices.Contains(l.Persons, p.key) && !bases[l.Basis] {
						bases[l.Basis] = true
						count = max(count, 1)
					} else if slices.Contains(l.Persons, p.key) {
						count++
					}
				}
				entries += min(count, 1)
				holding++
				// A row of a list that is opened in its place is a look of its own.
				if count > 1 && !strings.Contains(path, "open=") {
					several++
					t.Errorf("%s for the %s: %d entries", path, v.name, count)
				}
				if count == 0 {
					t.Errorf("%s shows %s to the %s, and the log has nothing of it", path, p.words[0], v.name)
				}
			}
			if held {
				shown = append(shown, func() {
					a := v.ask(http.MethodGet, path, nil)
					for _, p := range people {
						if p.stands(a.body, v.actor) {
							served += len(a.body)
							t.Errorf("%s shows %s to the %s while the log takes nothing: %d", path, p.words[0], v.name, a.status)
						}
					}
				})
			}
		})
	}
	st.breaks(true)
	for _, ask := range shown {
		ask()
	}
	if logged := said.String(); !strings.Contains(logged, "a page could not be answered") {
		t.Errorf("nothing was said of a log that takes nothing: %.300s", logged)
	} else {
		unfit("the service's own log", logged)
	}
	if answers < 100 || holding < 40 {
		t.Errorf("%d answers, %d with somebody in them: nothing was read", answers, holding)
	}
	t.Logf("answers %d, with somebody in them %d, entries %d, more than one entry %d; with a broken log: pages %d, bytes %d; links read %d",
		answers, holding, entries, several, len(shown), served, urls)
}

// syncBuffer is a buffer that many write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}
func (b *syncBuffer) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }
