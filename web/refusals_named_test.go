package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestRefusalsNameThings: who is told no reads the names of units, posts and
// steps, not their ids, in the form and on the page for a fault.
func TestRefusalsNameThings(t *testing.T) {
	t.Parallel()
	h, w := rich(t)
	step := w.item("assessment-and-draft-plan")
	// A meeting that lacks an item of its agenda names the item as people read it.
	page := w.get(w.at("/meetings/1"))
	answer := w.send(page, w.at("/do/hold-meeting"), "patientPresent", "yes", "minutes", "Vi møttes.")
	said := answer.text("section", "class", "faults")
	if answer.status != http.StatusUnprocessableEntity || said == "" {
		t.Fatalf("a record without its items answers %d: %s", answer.status, answer.text("main"))
	}
	for _, id := range h.state(w.id).Meetings[0].Agenda {
		if strings.Contains(said, "«"+id+"»") {
			t.Errorf("an item is named by its id: %s", said)
		}
	}
	// The form of a step that is not the reader's own to accept.
	form := w.get(w.at("/do/offer?item=" + step))
	if form.status == http.StatusOK {
		refused := w.send(form, w.at("/do/offer"), "to", "clinic/coordinator", "prescriptions", "none", "sick-notes", "none")
		if text := refused.text("main"); refused.status >= 400 && strings.Contains(text, "clinic/coordinator") && !strings.Contains(text, "Smerteklinikken") {
			t.Errorf("a post is named by its id: %s", text)
		}
	}
}
