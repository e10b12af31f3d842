package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestALanguageThatIsChosenIsKept: what a patient chooses at the foot of a page
// is what they read on every device from then on, and what those who work see.
func TestALanguageThatIsChosenIsKept(t *testing.T) {
	t.Parallel()
	h, p, id := waiting(t)
	v := h.visit(asPatient(p))
	choose := func(code string) *sheet {
		return v.post("/language", url.Values{"language": {code}, "to": {"/me"}})
	}
	if page := choose("nn"); page.status != http.StatusOK || page.path != "/me" || !strings.Contains(page.text("h1"), "Planen min") || value(page.nodes("html")[0], "lang") != "nn" {
		t.Fatalf("choosing nynorsk leads to %d %s: %s", page.status, page.path, page.text("h1"))
	}
	other := h.visit(asPatient(p))
	if page := other.get("/me"); value(page.nodes("html")[0], "lang") != "nn" {
		t.Errorf("on another device the page is in %s", value(page.nodes("html")[0], "lang"))
	}
	if page := h.visit(coordinator.Actor).get("/journeys/" + id); !strings.Contains(page.text("dl"), "Nynorsk") {
		t.Errorf("those who work do not see that the patient reads nynorsk: %s", page.text("dl"))
	}
	// Chosen with the looks, too; and what nobody offers changes nothing.
	other.post("/display", url.Values{"language": {"sv"}, "palette": {"calm"}, "size": {"1"}, "to": {"/me"}})
	if page := v.get("/me"); value(page.nodes("html")[0], "lang") != "sv" {
		t.Errorf("after the other device chose Swedish the page is in %s", value(page.nodes("html")[0], "lang"))
	}
	if page := choose("xx"); value(page.nodes("html")[0], "lang") != "sv" {
		t.Errorf("a language that nobody offers gave %s", value(page.nodes("html")[0], "lang"))
	}
	// Every date on the page can be read by programs.
	if page := v.get("/me"); len(page.nodes("time", "datetime", "")) < 3 {
		t.Errorf("only %d dates are marked on the plan", len(page.nodes("time", "datetime", "")))
	}
}

// TestWordsCarryTheirLanguage: what a patient wrote is marked as being in their
// language where the page is in another, and not where it is in the same.
func TestWordsCarryTheirLanguage(t *testing.T) {
	t.Parallel()
	_, w := rich(t)
	in := func(code string) []*html.Node {
		w.post("/language", url.Values{"language": {code}, "to": {"/work"}})
		var marked []*html.Node
		for _, q := range w.get(w.at("")).nodes("blockquote", "lang", "") {
			if strings.Contains(textOfNode(q), "fjæra") {
				marked = append(marked, q)
			}
		}
		return marked
	}
	if got := in("nn"); len(got) > 0 {
		t.Errorf("Norwegian words on a nynorsk page are marked as %s", value(got[0], "lang"))
	}
	if got := in("en"); len(got) == 0 || value(got[0], "lang") != "no" {
		t.Error("Norwegian words on an English page are not marked")
	}
	w.does("set-languages", "", "reading", "sv")
	if got := in("en"); len(got) == 0 || value(got[0], "lang") != "sv" {
		t.Error("the words of somebody who reads Swedish are not marked as Swedish")
	}
}
