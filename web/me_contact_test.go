package web_test

import (
	"strings"
	"testing"

	"forlop/access"
	"forlop/care"
)

// TestClosedHoursHaveANumber: every page of a patient says whom to phone when
// nobody answers, and the page for messages says when nobody reads them.
func TestClosedHoursHaveANumber(t *testing.T) {
	t.Parallel()
	h, p, _ := waiting(t)
	v := h.visit(asPatient(p))
	for _, path := range []string{"/me", "/me/short", "/me/messages"} {
		page := v.get(path)
		for _, number := range []string{"tel:116117", "tel:113"} {
			if !page.has("a", "href", number) {
				t.Errorf("%s has no %s", path, number)
			}
		}
	}
	if said := v.get("/me/messages").text("main"); !strings.Contains(said, "Ellers leser ingen dem.") {
		t.Errorf("the page for messages does not say when they are not read: %s", said)
	}
	hr, patient, _, relative := family(t, access.Plan)
	r := hr.visit(asPatient(relative))
	r.choose(patient)
	if relief := r.get("/me/relief"); !relief.has("a", "href", "tel:113") || !relief.has("a", "href", "tel:116117") {
		t.Error("the page for relief has no numbers")
	}
}

// Who may see nobody reads why that can be, and the way that stays: no empty page.
func TestNobodyToSeeSaysWhy(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	parent := h.person("Siri Vik", care.Date{Year: 1979, Month: 2, Day: 2})
	page := h.visit(asPatient(parent)).get("/for")
	if said := page.text("main"); !strings.Contains(said, "bestemmer det selv hvem som ser") || !page.has("a", "href", "/help-someone") {
		t.Errorf("the page says only:\n%s", said)
	}
}
