package web_test

import (
	"net/http"
	"testing"
)

// formPages are one address of every route of forms, for patients and for those
// who work.
func formPages(w *walk, form string) (mine, staff []string) {
	at := "/me/forms/" + form
	mine = []string{"/me/asked/1", "/me/forms", at, at + "/1?in=en", at + "/9?in=en", at + "/check?in=en"}
	staff = []string{w.at("/asked/1"), w.at("/forms"), w.at("/forms/" + form), w.at("/forms/" + form + "/paper")}
	return mine, staff
}

// TestFormPagesInTheBrowser looks at every page of forms on a narrow screen in the
// dim palette and on a wide one: nothing axe finds, nothing to scroll sideways, no
// small target.
func TestFormPagesInTheBrowser(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	form := asksFor(t, w, "phq-9")
	h.wondered(p, w.id, "clinic")
	mine, staff := formPages(w, form)
	v := h.visit(asPatient(p))
	at := "/me/forms/" + form
	v.send(v.get(at+"/9?in=en"), at+"/9?in=en", "value", "1", "do", "save")
	narrow := telephone
	narrow.cookies = map[string]string{"display": "dim.1"}
	for _, look := range []screen{narrow, desk} {
		tab := openTab(t, look)
		tab.goTo(h.login(asPatient(p), "/me"))
		looksRight(t, tab, h.url, mine, true)
		tab.goTo(h.login(coordinator.Actor, "/work"))
		looksRight(t, tab, h.url, staff, false)
	}
}

func looksRight(t *testing.T, tab *tab, base string, pages []string, patient bool) {
	t.Helper()
	for _, path := range pages {
		if got := tab.goTo(base + path); got != http.StatusOK {
			t.Errorf("%s answers %d", path, got)
			continue
		}
		for _, v := range tab.violations() {
			t.Errorf("%s: %s", path, v)
		}
		if by := tab.overflow(); by > 0 {
			t.Errorf("%s is %d pixels too wide", path, by)
		}
		if patient {
			for _, small := range tab.smallTargets(44) {
				t.Errorf("%s has a small target: %v", path, small)
			}
		}
	}
}
