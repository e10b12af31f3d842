package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// openedPage is the page of a record that was opened in an emergency.
func openedPage(person string) string { return "/opened/" + person }

// officerPages are one address of every route that draws a page for those who
// oversee.
func officerPages(person string) []string {
	return []string{"/admin/log", "/admin/sample", "/admin/log/trust/1", "/admin/openings/" + person + "/1", "/admin/erasure", "/admin/erasure/" + person}
}

// TestEmergencyInABrowser goes, with scripts off, from the emergency to the
// officer's verdict and the patient's page, and looks at each page in the dark.
func TestEmergencyInABrowser(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	nils, journey := h.alien(), h.numbered()
	person := string(h.state(journey.id).Person)
	looks := func(at *tab) {
		t.Helper()
		if over := at.overflow(); over > 0 {
			t.Errorf("%s is %d px too wide", at.address(), over)
		}
		for _, faint := range at.faintIn([]string{"dark", "standard"}) {
			t.Errorf("%s: %s", at.address(), faint)
		}
		at.picture(strings.NewReplacer("/", "-", "?", "-").Replace(strings.TrimPrefix(at.address(), h.url)))
	}
	narrow := telephone
	narrow.language = "en"
	w := &stroll{openTab(t, narrow), h, journey.id}
	w.in(nils, "/emergency")
	looks(w.tab)
	w.fills("number", someNumber, "why", "emergency", "words", "Unconscious.", "hours", "1")
	if got := w.press("form[action='/emergency'] .button[type=submit]"); got != http.StatusOK || !w.has("#opened") {
		t.Fatalf("opening answers %d: %s", got, w.text("main"))
	}
	looks(w.tab)
	w.goTo(h.url + journey.at(""))
	if !w.has("#opened") {
		t.Error("the journey does not bear the mark")
	}
	looks(w.tab)
	h.asks(casework.Who{Actor: care.Service}, "trust", access.RaiseFindings{Findings: []access.Raised{{Finding: access.Finding{
		Pattern: access.NoTask, Actor: "nils", Person: care.PersonKey(person), Looks: []int64{1, 2, 3},
	}, First: h.clock.Now(), Last: h.clock.Now()}}})
	w.in(officer, "/admin/log")
	looks(w.tab)
	w.goTo(h.url + "/admin/log/trust/1")
	looks(w.tab)
	w.goTo(h.url + "/admin/openings/" + person + "/1")
	looks(w.tab)
	w.fills("verdict", "justified", "words", "Life in danger.")
	w.sends("/1")
	w.in(care.Actor{Kind: care.Patient, ID: person}, "/me/looks")
	if said := w.text("main"); !strings.Contains(said, "Nils Hansen") {
		t.Errorf("the patient reads %s", said)
	}
}
