package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/casework"
)

// TestFindingsAreDecidedOnTheOfficersPage lets one professional look at somebody of
// their own surname day after day, and at the patients they work with: the privacy
// officer is shown the first and not the second, finds it on the worklist, decides
// and reads what was decided. The one who looked is let nowhere.
func TestFindingsAreDecidedOnTheOfficersPage(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.alien()
	_, own := h.refer("Ola Rogn")
	_, other := h.refer("Kåre Lind")
	turid := worker("turid", "clinic", "team")
	olga := care.Actor{Kind: care.Professional, ID: "olga"}
	seen := func() string { return h.visit(olga).get("/admin/log").text("main") }
	if said := seen(); !strings.Contains(said, "Ingenting venter på avgjørelse") {
		t.Fatalf("before anybody looked: %s", said)
	}
	for range 5 {
		h.clock.set(h.clock.Now().Add(24 * time.Hour))
		for _, id := range []string{own, other} {
			if _, err := casework.View(context.Background(), h.s, turid, casework.GetJourney{ID: id}); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.clock.set(h.clock.Now().Add(48 * time.Hour))
	if err := h.s.Oversee(context.Background()); err != nil {
		t.Fatal(err)
	}
	officer := h.visit(olga)
	page := officer.get("/admin/log")
	const found = "Turid Rogn har sett på Ola Rogn, som har samme etternavn."
	said := page.text("main")
	if !strings.Contains(said, found) || strings.Contains(said, "Kåre Lind") || !strings.Contains(said, "Avgjøres innen") {
		t.Errorf("the page says: %s", said)
	}
	address := ""
	for n := range 4 {
		at := "/admin/log/trust/" + strconv.Itoa(n+1)
		if p := officer.get(at); p.status == http.StatusOK && strings.Contains(p.text("h1"), found) {
			address = at
		}
	}
	if work := officer.get("/work"); !page.has("a", "href", address) || !work.has("a", "href", address) || strings.Contains(work.text("main"), "Ola Rogn") {
		t.Errorf("the way to %q is not on the page, or not on the list: %s", address, work.text("main"))
	}
	form := officer.get(address)
	if p := officer.send(form, address, "verdict", "not-justified"); p.status != http.StatusUnprocessableEntity || !p.has("a", "href", "#words") {
		t.Errorf("a decision without words answers %d", p.status)
	}
	sent := form.form(address)
	sent.Set("verdict", "not-justified")
	sent.Set("words", "Snakket med henne.")
	if p := officer.post(address, sent); p.status != http.StatusOK || !strings.Contains(p.text("section", "class", "told"), "Avgjørelsen er lagret") {
		t.Fatalf("the decision answers %d: %s", p.status, p.text("main"))
	}
	if p := officer.post(address, sent); p.status != http.StatusOK {
		t.Errorf("deciding twice answers %d: %s", p.status, p.text("main"))
	}
	if said := officer.get(address).text("main"); !strings.Contains(said, "det er tatt opp") || !strings.Contains(said, "Snakket med henne.") {
		t.Errorf("afterwards it says %s", said)
	}
	if said := officer.get("/admin/log").text("section", "id", "decided"); !strings.Contains(said, found) || !strings.Contains(said, "det er tatt opp") {
		t.Errorf("decided: %s", said)
	}
	if p := h.visit(turid.Actor).get(address); p.status != http.StatusForbidden && p.status != http.StatusNotFound {
		t.Errorf("the one who looked is answered %d", p.status)
	}
}
