package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"forlop/web"
)

// authorPaths are the pages of authors in every language; the long ones, which
// are in the author's own language, are looked at in two.
var (
	authorPaths = []string{"/pathways", "/pathways/no.pain/2025.04/tests", "/pathways/no.pain/2025.04/preview?day=0,84"}
	longPaths   = []string{"/pathways/no.pain/2025.04/publish", "/pathways/no.pain/2025.04/diff", "/pathways/no.pain/2025.04/do/retire", "/pathways/no.pain/moves", "/pathways/no.pain/moves?new", "/pathways/findings?code=E301", "/pathways/no.pain/2025.04", "/pathways/no.fatigue/2022.12/source"}
)

// Every page of authors is whole in four languages and palettes, on a telephone
// and on a desk.
func TestAuthorPagesInTheBrowser(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for code, palette := range map[string]string{"nb": "standard", "nn": "calm", "sv": "dark", "en": "dim"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := telephone
			if code == "nb" || code == "en" {
				s = desk
			}
			s.cookies = map[string]string{"display": palette + ".1", "language": code}
			p := openTab(t, s)
			p.goTo(h.login(coordinator.Actor, "/pathways"))
			paths := authorPaths
			if code == "nb" || code == "sv" {
				paths = slices.Concat(authorPaths, longPaths)
			}
			for _, path := range paths {
				if status := p.goTo(h.url + path); status != http.StatusOK {
					t.Fatalf("%s answers %d", path, status)
				}
				for _, v := range p.violations() {
					t.Errorf("%s: %s", path, v)
				}
				if by := p.overflow(); by > 0 {
					t.Errorf("%s is %d pixels too wide", path, by)
				}
				for _, small := range p.smallTargets(24) {
					t.Errorf("%s: smaller than 24 pixels: %s", path, small)
				}
				if text := p.text("main"); strings.Contains(text, "‹") {
					t.Errorf("%s has a text that is not filled: %s", path, around(text))
				}
				p.picture("author-" + code + "-" + strings.TrimPrefix(path, "/"))
			}
			if said := p.complained(); len(said) > 0 {
				t.Errorf("the browser complains: %v", said)
			}
		})
	}
}

// Every page of authors is on a list that the browser goes through; the frames
// are the patient's own page.
func TestEveryAuthorRouteIsLookedAt(t *testing.T) {
	t.Parallel()
	looked := slices.Concat(authorPaths, longPaths)
	drawn := 0
	for _, rt := range web.Routes() {
		if rt.Method != http.MethodGet || !strings.HasPrefix(rt.Path, "/pathways") || strings.Contains(rt.Path, "/preview/at/") {
			continue
		}
		drawn++
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[^}]*\\\}`).ReplaceAllString(regexp.QuoteMeta(rt.Path), "[^/?]+") + `(\?.*)?$`)
		if !slices.ContainsFunc(looked, pattern.MatchString) {
			t.Errorf("no browser looks at %s", rt.Path)
		}
	}
	if drawn < 8 {
		t.Fatalf("only %d routes draw pages", drawn)
	}
}
