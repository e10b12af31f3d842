package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/person"
)

// TestAskedInASentence: one quiet line leads to a page that says who sees the answer
// before it is given; it can be skipped, and no page of those who work says what was
// answered, not even to who wrote it down.
func TestAskedInASentence(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	v := h.visit(asPatient(p))
	if strings.Contains(v.get("/me").text("main"), "kort spørsmål") {
		t.Error("a question stands there before anything is asked")
	}
	h.wondered(p, w.id, "clinic")
	if page := v.get("/me"); !strings.Contains(page.text("main"), "Et kort spørsmål til deg") {
		t.Fatalf("nothing leads to the question: %s", page.text("main"))
	}
	page := v.get("/me/asked/1")
	text := page.text("main")
	who, answers := strings.Index(text, "Ingen som hjelper deg, får se hva du svarte"), strings.Index(text, "Delvis")
	if who < 0 || answers < who || !strings.Contains(text, "Det gjelder") || !strings.Contains(text, "Jeg hopper over") {
		t.Errorf("the page says %s", text)
	}
	if page := v.send(page, "/me/asked/1", "answer", "kanskje"); page.status != http.StatusUnprocessableEntity || !strings.Contains(page.text("main"), "Velg ett av svarene") {
		t.Errorf("an answer that is none is answered %d", page.status)
	}
	staff := w.get(w.at(""))
	if !strings.Contains(staff.text("main"), "Kort spørsmål: Ble du trodd?") {
		t.Error("who works does not see that it is open")
	}
	note := w.get(w.at("/asked/1"))
	if !strings.Contains(note.text("main"), "Les opp først") {
		t.Errorf("the note says %s", note.text("main"))
	}
	after := w.send(note, w.at("/asked/1"), "answer", "no", "whose", "patient", "how", "phone")
	if after.status != http.StatusOK || strings.Contains(after.text("main"), "Ble du trodd?") || !strings.Contains(after.text("main"), "Det vises ikke her") {
		t.Errorf("afterwards the journey's page says %s", after.text("main"))
	}
	if page := w.get(w.at("/asked/1")); page.status != http.StatusNotFound {
		t.Errorf("the answer can be looked at again: %d", page.status)
	}
	// The patient reads it, changes it, and takes it back.
	page = v.get("/me/asked/1")
	if !strings.Contains(page.text("main"), "Du har svart") {
		t.Errorf("the patient reads %s", page.text("main"))
	}
	if page = v.send(page, "/me/asked/1", "answer", "skip"); !strings.Contains(page.text("main"), "Takk.") {
		t.Errorf("skipping answers %d: %s", page.status, page.text("main"))
	}
	h.clock.set(h.clock.Now().Add(40 * 24 * time.Hour))
	v.logIn()
	if page := v.get("/me/asked/1"); page.status == http.StatusOK || !strings.Contains(page.text("main"), "Tiden for dette spørsmålet er ute") {
		t.Errorf("after its time it answers %d: %s", page.status, page.text("main"))
	}
}

// TestAskedOnPaperAndTooIll: a letter asks it too, and too ill lets reminders rest.
func TestAskedOnPaperAndTooIll(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	h.asks(coordinator, string(p), person.SetChannel{Channel: care.ByLetter})
	h.wondered(p, w.id, "clinic")
	h.notified()
	if letter := w.get("/letters/" + string(p) + "/1"); !strings.Contains(letter.text("main"), "Vi spør også: Ble du trodd? (ja, delvis og nei)") {
		t.Errorf("the letter says %s", letter.text("main"))
	}
	v := h.visit(asPatient(p))
	if page := v.send(v.get("/me/asked/1"), "/me/asked/1", "answer", "too-ill"); !strings.Contains(page.text("main"), "Takk.") {
		t.Errorf("too ill answers %d: %s", page.status, page.text("main"))
	}
	if !strings.Contains(v.get("/me").text("main"), "Vi maser ikke") {
		t.Errorf("reminders do not rest: %s", v.get("/me").text("main"))
	}
}
