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
	version := writing(t, "to: assessment-started, within: 12 weeks", "to: assessment-started, within: 8 weeks",
		"\noverdue:\n", "\nkeep-old-plan: {within: 4 weeks, tag: proposed}\n\noverdue:\n")
	ref, findings, err := h.s.Shelve(t.Context(), version.Files)
	if err == nil {
		err = h.s.BringIntoUse(t.Context(), ref, "ada", "ivar", "trust")
	}
	if err != nil {
		t.Fatal(err, findings)
	}
	h.act(id, journey.Move{To: ref, Reason: "Ny versjon av forløpet."})
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
