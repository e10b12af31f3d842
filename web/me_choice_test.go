package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/journey"
)

// laidOut is a patient who has options to choose among.
func laidOut(t *testing.T) (h *house, v *visitor, id string) {
	t.Helper()
	h, p, id := waiting(t)
	h.act(id, journey.LayOut{Choice: "help"})
	v = h.visit(asPatient(p))
	return h, v, id
}

// The patient chooses on their own page: what each option asks and rests on, and
// the wait, stand there; none of them is an answer, and silence is not.
func TestPatientChooses(t *testing.T) {
	t.Parallel()
	h, v, id := laidOut(t)
	path := "/me/choices/" + id + "/1"
	if !v.get("/me").has("a", "href", path) {
		t.Fatal("the plan does not lead to the options")
	}
	page := v.get(path)
	said := page.text("main")
	for _, want := range []string{"Krever av deg", "Kan gi", "Bygger på", "Vi vet ikke hvor lenge", "Ingen av disse", "Blir du verre av å bruke krefter?"} {
		if !strings.Contains(said, want) {
			t.Errorf("the options do not say %q", want)
		}
	}
	if got := v.send(page, path); got.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing ticked answers %d", got.status)
	}
	if got := v.send(page, path, "chosen", "course-nearby"); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text("main"), "Si først om du blir verre") {
		t.Errorf("what asks more of the body was not asked about: %d", got.status)
	}
	if got := v.send(page, path, "chosen", "course-nearby", "malaise", "yes"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("more activity without a reason answers %d", got.status)
	}
	got := v.send(page, path, "chosen", "course-nearby", "malaise", "yes", "despite", "Jeg vil prøve litt.", "words", "Jeg vil møte andre.")
	if got.status != http.StatusOK || !strings.Contains(got.path, "done=choice") {
		t.Fatalf("the choice answers %d at %s: %s", got.status, got.path, got.text("main"))
	}
	made := h.state(id).Choices[0].Made
	if made == nil || made.Malaise != "yes" || len(made.Chosen) != 1 {
		t.Fatalf("chosen: %+v", made)
	}
	after := v.get(path).text("main")
	for _, want := range []string{"Kurs om å leve med smerter", "Jeg vil møte andre.", "Jeg vil prøve litt.", "Da ser vi på valget igjen"} {
		if !strings.Contains(after, want) {
			t.Errorf("after the choice the page does not say %q", want)
		}
	}
	h.act(id, journey.LayOut{Choice: "help"})
	again := "/me/choices/" + id + "/2"
	page = v.get(again)
	if page.has("input", "name", "malaise") {
		t.Error("the page asks for what was just said")
	}
	if got := v.send(page, again, "chosen", "none"); !strings.Contains(got.path, "done=choice") || len(h.state(id).Choices[1].Made.Chosen) != 0 {
		t.Errorf("none of these answers %d", got.status)
	}
}

// Staff who write a choice down ask first whether effort makes the patient worse,
// where nobody has said and something asks more of the body; what was answered
// gates, and is not asked again.
func TestStaffAskBeforeTheOptions(t *testing.T) {
	t.Parallel()
	h, _, id := laidOut(t)
	w := &walk{h.visit(coordinator.Actor), id}
	form := w.get(w.at("/do/choose?item=choice/1"))
	said := form.text("main")
	asked, options := strings.Index(said, "Blir pasienten verre av anstrengelse"), strings.Index(said, "Kurs om å leve med smerter")
	if asked < 0 || options < asked || !strings.Contains(said, "Dette krever mer av kroppen") {
		t.Fatalf("the question does not stand before the options: %s", said)
	}
	if p := w.tries("choose", "choice/1", "chosen", "course-nearby"); p.status != http.StatusUnprocessableEntity || !p.has("a", "href", "#malaise") || h.state(id).Choices[0].Made != nil {
		t.Errorf("without an answer it answers %d", p.status)
	}
	for _, answer := range []string{"yes", "unknown"} {
		if p := w.tries("choose", "choice/1", "chosen", "course-nearby", "malaise", answer); p.status != http.StatusUnprocessableEntity || !p.has("a", "href", "#despite") {
			t.Errorf("%s and no reason answers %d: %s", answer, p.status, p.text("section"))
		}
	}
	w.does("choose", "choice/1", "chosen", "course-nearby", "malaise", "yes", "despite", "Vil prøve ti minutter.")
	if made := h.state(id).Choices[0].Made; made == nil || made.Malaise != "yes" {
		t.Fatalf("chosen: %+v", made)
	}
	h.act(id, journey.LayOut{Choice: "help"})
	if form := w.get(w.at("/do/choose?item=choice/2")); form.has("input", "name", "malaise") || !strings.Contains(form.text("main"), "Anstrengelse gjør pasienten verre") {
		t.Errorf("what was said is asked again, or gates nothing: %s", form.text("main"))
	}
	if p := w.tries("choose", "choice/2", "chosen", "course-nearby"); p.status != http.StatusUnprocessableEntity || !p.has("a", "href", "#despite") {
		t.Errorf("the next choice answers %d", p.status)
	}
}
