package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/journey"
)

// calmPages are what a patient reads beside the plan, for a journey whose options
// are laid out.
func calmPages(id string) []string {
	return []string{"/me", "/me/choices/" + id + "/1", "/me/what-if/" + id, "/me/written/" + id, "/me/written/" + id + "/1", "/me/notices"}
}

// TestCalmPagesAreLookedAt opens them on a telephone and on a desk, in each
// language and palette: nothing breaks, nothing is too wide or too small.
func TestCalmPagesAreLookedAt(t *testing.T) {
	h, p, id := waiting(t)
	h.act(id, journey.LayOut{Choice: "help"})
	palettes := []string{"standard", "calm", "dark", "dim"}
	for i, code := range care.Languages {
		for _, wide := range []bool{false, true} {
			s, name := screen{width: 360, height: 640}, "narrow"
			if wide {
				s, name = screen{width: 1100, height: 800}, "wide"
			}
			s.language, s.cookies = string(code), map[string]string{"display": palettes[(i+3)%4] + ".1", "language": string(code)}
			tab := openTab(t, s)
			tab.goTo(h.login(asPatient(p), "/me"))
			for _, path := range calmPages(id) {
				if got := tab.goTo(h.url + path); got != http.StatusOK {
					t.Fatalf("%s %s answers %d", code, path, got)
				}
				tab.picture("calm-" + string(code) + "-" + name + strings.ReplaceAll(strings.ReplaceAll(path, id, "x"), "/", "-"))
				if wide {
					continue
				}
				for _, v := range tab.violations() {
					t.Errorf("%s %s: %s", code, path, v)
				}
				if small := tab.smallTargets(44); len(small) > 0 {
					t.Errorf("%s %s: too small to hit: %v", code, path, small)
				}
				if over := tab.overflow(); over > 0 {
					t.Errorf("%s %s: %d px too wide", code, path, over)
				}
				if strings.Contains(tab.text("main"), "‹") {
					t.Errorf("%s %s: a text is missing", code, path)
				}
				if path == "/me" {
					if n := tab.wordsUpTo("main", "#more"); n > 120 {
						t.Errorf("%s: %d words before the links:\n%s", code, n, tab.text("main"))
					} else {
						t.Logf("%s: %d words", code, n)
					}
				}
			}
			if said := tab.complained(); len(said) > 0 {
				t.Errorf("%s: the browser complained: %v", code, said)
			}
		}
	}
}
