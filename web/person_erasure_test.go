package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
)

// One proposes to erase, another approves, and every page says what it does; who
// proposed cannot approve, and an officer of another unit finds nobody.
func TestErasurePages(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.setUp("trust", directory.AddPost{Role: care.PrivacyOfficer})
	for _, id := range []string{"petra", "paul", "nora"} {
		h.setUp(id, directory.Register{Professional: id, Profession: "lawyer"})
		if id != "nora" {
			h.setUp("trust", directory.Join{Professional: id, Role: care.PrivacyOfficer})
		}
	}
	h.setUp("away", directory.OpenUnit{Unit: "away", Kind: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "Langt borte"}, Lead: "nora", Roles: []care.Role{care.PrivacyOfficer}})
	h.setUp("away", directory.Join{Professional: "nora", Role: care.PrivacyOfficer})
	p, id := h.referred(casework.Identity{Name: "Bodil Storlom", Number: someNumber})
	first, second := h.visit(professional("petra")), h.visit(professional("paul"))
	page := first.get("/admin/erasure")
	form := page.form("/admin/erasure")
	form.Set("number", someNumber)
	page = first.post("/admin/erasure", form)
	at := "/admin/erasure/" + string(p)
	if text := page.text("main"); !strings.Contains(text, "Bodil Storlom") || !strings.Contains(text, "Ingen har sagt hvor lenge") || !strings.Contains(text, "kan ikke leses av noen") {
		t.Fatalf("the number leads to %.600s", text)
	}
	if strings.Contains(page.text("main"), "Vondt") {
		t.Error("who oversees reads of the care")
	}
	form = page.form(at)
	form.Del("decision")
	if wrong := first.post(at, form); wrong.status != http.StatusUnprocessableEntity {
		t.Errorf("without who decided: %d", wrong.status)
	}
	form.Set("decision", "controller")
	form.Set("reference", "2026/17")
	if text := first.post(at, form).text("main"); !strings.Contains(text, "Sletting er foreslått") || !strings.Contains(text, "En annen person må godkjenne") {
		t.Fatalf("proposed: %.900s", text)
	}
	if text := second.get("/admin/erasure").text("main"); !strings.Contains(text, "Bodil Storlom") {
		t.Errorf("the other officer does not see that it waits: %.600s", text)
	}
	page = second.get(at)
	form = page.form(at)
	if form.Get("do") != "approve" {
		t.Fatalf("the other officer cannot approve: %v", form)
	}
	form.Set("sure", "yes")
	if text := second.post(at, form).text("main"); !strings.Contains(text, "Personen er slettet") || strings.Contains(text, "Bodil") {
		t.Fatalf("approved: %.900s", text)
	}
	if text := h.visit(coordinator.Actor).get("/journeys/" + id).text("main"); strings.Contains(text, "Bodil") {
		t.Errorf("the journey still says who it was: %.300s", text)
	}
	if s := h.visit(professional("nora")).get(at).status; s != http.StatusNotFound {
		t.Errorf("an officer of another trust gets %d", s)
	}
	if s := h.visit(coordinator.Actor).get("/admin/erasure").status; s != http.StatusForbidden {
		t.Errorf("a coordinator gets %d", s)
	}
}
