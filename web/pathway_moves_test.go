package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"forlop/care"
)

// Running journeys are moved to a new version by two persons: the mapping first,
// then the preview, then each patient.
func TestRunningJourneysAreMovedByTwoPersons(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	first, second := h.approvers()
	_, id := h.refer("Anna Aas")
	h.accept(id)
	version := writing(t, "to: assessment-started, within: 12 weeks", "to: assessment-started, within: 10 weeks")
	h.folders = append(h.folders, version)
	ref, findings, err := h.s.Shelve(t.Context(), version.Files)
	if err != nil {
		t.Fatal(err, findings)
	}
	if err := h.s.BringIntoUse(t.Context(), ref, "astrid", "turid", "trust"); err != nil {
		t.Fatal(err)
	}
	const moves = "/pathways/no.pain/moves"
	post := url.Values{"act-from": {"trust/pathway-approver"}, "to": {moves}}
	author, other := h.visit(first), h.visit(second)
	author.post("/work/post", post)
	other.post("/work/post", post)

	diff := author.get("/pathways/no.pain/2031.01/diff?from=2025.04")
	if said := diff.text("section", "id", "effect"); !strings.Contains(said, "1") && !strings.Contains(said, "Ett") {
		t.Errorf("the difference does not say what it means for those on the way: %q\n%s", said, diff.text("main"))
	}
	form := author.get(moves + "?new").form(moves)
	form.Set("from", "2025.04")
	form.Set("to", "2031.01")
	form.Set("mapping", "steps:\n  no-such-step: start-assessment")
	if got := author.post(moves, form); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text("main"), "no-such-step") {
		t.Fatalf("a mapping that does not fit is taken: %d %s", got.status, got.text("main"))
	}
	form.Set("mapping", "")
	proposed := author.post(moves, form)
	at, err := url.Parse(proposed.path)
	move := at.Query().Get("move")
	if err != nil || proposed.status != http.StatusOK || move == "" {
		t.Fatalf("it was not proposed: %d %s", proposed.status, proposed.text("main"))
	}
	advance := func() {
		t.Helper()
		for range 10 {
			if more, err := h.s.Advance(t.Context(), move); err != nil || !more {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
		}
	}
	advance()
	one := moves + "?move=" + move
	press := func(v *visitor, act string) *sheet {
		t.Helper()
		page := v.get(one)
		for _, n := range page.nodes("form", "action", moves) {
			inner := &sheet{t: t, root: n}
			if inner.has("input", "name", "act") && value(inner.nodes("input", "name", "act")[0], "value") == act {
				send := url.Values{}
				for _, i := range inner.nodes("input", "name", "") {
					send.Set(value(i, "name"), value(i, "value"))
				}
				return v.post(moves, send)
			}
		}
		t.Fatalf("%s offers no %s:\n%s", one, act, page.text("main"))
		return nil
	}
	if got := press(author, "confirm"); got.status != http.StatusForbidden {
		t.Fatalf("one person confirms what they proposed: %d", got.status)
	}
	worker := h.visit(coordinator.Actor)
	if got := worker.get(one); !strings.Contains(got.text("table", "id", "patients"), "Anna Aas") {
		t.Errorf("the coordinator does not see what changes for her patient:\n%s", got.text("main"))
	}
	screen := telephone
	screen.language = "nn"
	tab := openTab(t, screen)
	tab.goTo(h.login(coordinator.Actor, url.QueryEscape(one)))
	for _, v := range tab.violations() {
		t.Errorf("%s: %s", one, v)
	}
	if by := tab.overflow(); by > 0 {
		t.Errorf("%s is %d pixels too wide", one, by)
	}
	tab.picture("author-move")
	if got := press(other, "confirm"); got.status != http.StatusOK {
		t.Fatalf("%d: %s", got.status, got.text("main"))
	}
	if got := press(author, "stop"); got.status != http.StatusOK {
		t.Fatalf("%d: %s", got.status, got.text("main"))
	}
	press(author, "resume")
	advance()
	if got := h.state(id).Pathway.Version; got != "2031.01" {
		t.Errorf("the journey follows %s\n%s", got, author.get(one).text("main"))
	}
	patient := h.visit(care.Actor{Kind: care.Patient, ID: string(h.state(id).Person)})
	for _, path := range []string{moves, one, moves + "?new"} {
		if got := patient.get(path); got.status != http.StatusForbidden {
			t.Errorf("a patient gets %d for %s", got.status, path)
		}
	}
}
