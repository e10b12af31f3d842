package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/journey"
)

// A patient whose journey moved to a new version reads that it did on the first
// page, what is new on the next, and keeps the old plan by one press. Whoever is
// on paper gets a letter that says the same.
func TestPatientReadsAndKeeps(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	person, id := h.refer("Anna Aas")
	h.accept(id)
	h.newVersion(id)
	moved := h.state(id)
	if moved.Pathway.Version != "2031.01" || moved.Keep == nil {
		t.Fatalf("the journey follows %s and offers %+v", moved.Pathway, moved.Keep)
	}
	words := ""
	for _, x := range moved.Tellings {
		if x.About == "moved" && x.Open() {
			form := h.visit(care.Actor{Kind: care.Professional, ID: "kari", Unit: "clinic"}).get("/journeys/" + id + "/do/tell?item=telling/" + itoa(x.Telling))
			words = form.text("textarea", "name", "words")
		}
	}
	if !strings.Contains(words, "Før var det") || !strings.Contains(words, "beholde den gamle") {
		t.Errorf("the letter says %q", words)
	}

	anna := h.visit(care.Actor{Kind: care.Patient, ID: string(person)})
	page := anna.get("/me")
	if said := page.text("main"); !strings.Contains(said, "ny versjon") || !strings.Contains(said, "beholde den gamle") {
		t.Errorf("the first page says %q", said)
	}
	next := anna.get("/me/new-version/" + id)
	if said := next.text("main"); next.status != http.StatusOK || !strings.Contains(said, "Før var det") {
		t.Errorf("the page says %d %q", next.status, said)
	}
	form := next.form("/me/new-version/" + id)
	form.Set("words", "Jeg vil fortsette som før.")
	done := anna.post("/me/new-version/"+id, form)
	if said := done.text("main"); done.status != http.StatusOK || !strings.Contains(said, "beholdt den gamle planen") {
		t.Errorf("after keeping: %d %q", done.status, said)
	}
	if now := h.state(id); now.Pathway.Version != "2025.04" {
		t.Errorf("the journey follows %s", now.Pathway)
	}
	if gone := anna.get("/me/new-version/" + id); gone.status != http.StatusNotFound {
		t.Errorf("what is no news any more answers %d", gone.status)
	}
}

// newVersion brings a shorter version into use and moves a journey to it.
func (h *house) newVersion(id string) {
	h.t.Helper()
	version := writing(h.t, "to: assessment-started, within: 12 weeks", "to: assessment-started, within: 8 weeks",
		"\noverdue:\n", "\nkeep-old-plan: {within: 4 weeks, tag: proposed}\n\noverdue:\n")
	ref, findings, err := h.s.Shelve(h.t.Context(), version.Files)
	if err == nil {
		err = h.s.BringIntoUse(h.t.Context(), ref, "ada", "ivar", "trust")
	}
	if err != nil {
		h.t.Fatal(err, findings)
	}
	h.act(id, journey.Move{To: ref, Reason: "Ny versjon av forløpet."})
}

// newVersionPages are looked at below, by a patient whose plan has a new version.
func newVersionPages(id string) []string { return []string{"/me", "/me/new-version/" + id} }

// The page about a new version is as whole as any other, in every language and
// palette, and the line about it leaves the first page short (U9).
func TestNewVersionIsLookedAt(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	person, id := h.refer("Anna Aas")
	h.accept(id)
	h.newVersion(id)
	palettes := []string{"standard", "calm", "dark", "dim"}
	for i, code := range care.Languages {
		t.Run(string(code), func(t *testing.T) {
			s := telephone
			s.cookies = map[string]string{"display": palettes[i] + ".1", "language": string(code)}
			tab := openTab(t, s)
			tab.goTo(h.login(asPatient(person), "/me"))
			for _, path := range newVersionPages(id) {
				if got := tab.goTo(h.url + path); got != http.StatusOK {
					t.Fatalf("%s answers %d", path, got)
				}
				for _, v := range tab.violations() {
					t.Errorf("%s: %s", path, v)
				}
				if small := tab.smallTargets(44); len(small) > 0 {
					t.Errorf("%s: too small to hit: %v", path, small)
				}
				if path == "/me" {
					if n := tab.wordsUpTo("main", "#more"); n > 120 || !tab.has(`a[href^="/me/new-version/"]`) {
						t.Errorf("the first page has %d words before its links, and must name the new version:\n%s", n, tab.text("main"))
					}
				}
			}
		})
	}
}
