package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestRowsInTheBrowser goes through a list with "save and next", does the same with
// two rows, and looks at each page on a telephone and on a desk.
func TestRowsInTheBrowser(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	ids := h.waiting("Anna Vik", "Bodil Vik", "Cecilie Vik")
	for _, look := range []screen{desk, telephone} {
		tab := openTab(t, look)
		if got := tab.goTo(h.login(coordinator.Actor, "/work")); got != http.StatusOK {
			t.Fatalf("logging in answers %d", got)
		}
		looks := func(name string) {
			for _, v := range tab.violations() {
				t.Errorf("%s: %s", name, v)
			}
			if over := tab.overflow(); over > 0 {
				t.Errorf("%s is %d pixels too wide", name, over)
			}
			for _, small := range tab.smallTargets(44) {
				t.Errorf("%s: smaller than 44 pixels: %s", name, small)
			}
			tab.picture("work-rows-" + name)
		}
		looks("list")
		tab.goTo(h.url + "/work?view=tell&sort=since")
		if got := tab.press(`a[href*="open="]`); got != http.StatusOK || !tab.has("#open form") {
			t.Fatalf("opening a row answers %d", got)
		}
		looks("open")
		tab.tick(`#open input[name=channel][value=phone]`)
		if got := tab.press(`#open button[name=then]`); got != http.StatusOK || !tab.has("#open .told") || !strings.Contains(tab.address(), "view=tell") {
			t.Errorf("save and next leads to %d %s", got, tab.address())
		}
		looks("next")
		tab.goTo(h.url + "/work?view=week")
		for _, pick := range h.picks(ids[:2]) {
			tab.tick(`input[name=pick][value="` + pick + `"]`)
		}
		tab.choose("#act", "plan")
		if got := tab.press("#bulk-bar button"); got != http.StatusOK {
			t.Fatalf("going on with two rows answers %d", got)
		}
		looks("bulk")
		if got := tab.press("main form button"); got != http.StatusOK || len(tab.texts("#bulk tbody tr")) != 2 {
			t.Fatalf("looking it over answers %d", got)
		}
		looks("preview")
		if got := tab.press(`main form[method=post] button`); got != http.StatusOK {
			t.Fatalf("doing it answers %d", got)
		}
		looks("result")
		if got := tab.press(`form[action="/work/bulk/undo"] button`); got != http.StatusOK {
			t.Errorf("undoing answers %d", got)
		}
		for _, page := range []string{"/work/posts", "/work/faults", "/work/late/" + ids[0], "/work/short-notice/" + ids[0] + "?step=1&at=2026-06-20&at-time=10:00"} {
			if got := tab.goTo(h.url + page); got != http.StatusOK {
				t.Errorf("%s answers %d", page, got)
			}
			name, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimPrefix(page, "/work/"), "/", "-"), "?")
			looks(strings.ReplaceAll(name, ids[0], "id"))
		}
	}
}
