package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"forlop/care"
	"forlop/journey"
)

// TestWhoseActFoldsAway holds that whose act a form records stands folded away
// where it is the reader's own, and open where somebody is chosen or it was
// refused.
func TestWhoseActFoldsAway(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	h.accept(id)
	w := &walk{h.visit(coordinator.Actor), id}
	for _, x := range []struct {
		name, do string
		open     bool
	}{{"one's own", "wait", false}, {"the patient's words", "say-what-matters", true}} {
		p := w.get(w.at("/do/" + x.do))
		if len(p.nodes("details", "class", "behalf")) != 1 || p.has("details", "open", "") != x.open {
			t.Errorf("%s: folded out is %v", x.name, p.has("details", "open", ""))
		}
	}
	p := w.tries("wait", "", "for", "other", "for-name", "Fysioterapeuten", "reason", "result", "behalf", "practice/gp", "how", "")
	if p.status != http.StatusUnprocessableEntity || !p.has("details", "open", "") || !p.has("a", "href", "#how") {
		t.Errorf("refused, it answers %d, folded out %v", p.status, p.has("details", "open", ""))
	}
	p = w.tries("wait", "", "for", "", "reason", "")
	if p.status != http.StatusUnprocessableEntity || p.has("details", "open", "") {
		t.Errorf("refused for something else, it answers %d and folds out %v", p.status, p.has("details", "open", ""))
	}
}

// waits holds that the row of a hand-over that waits for an answer says so, and
// that it and an old link lead to where the offer is awaited or taken back.
func (w *walk) waits(step, offer string) {
	w.t.Helper()
	to := w.at("#" + strings.ReplaceAll(offer, "/", "-"))
	list := w.get("/work")
	if !list.has("a", "href", to) || !strings.Contains(list.text("table", "id", "work"), "tilbudt") {
		w.t.Errorf("the row does not lead to the offer: %s", list.text("main"))
	}
	p := w.get(w.at("/do/offer?item=" + step))
	if p.status != http.StatusOK || !p.has("form", "action", w.at("/do/withdraw")) || len(p.nodes("li", "id", strings.TrimPrefix(to, w.at("#")))) != 1 {
		w.t.Errorf("an old link to the form answers %d at %s: %s", p.status, p.path, p.text("main"))
	}
}

// TestManyToldAreUntold holds that what many were told by mistake is taken back one
// by one: each is to be told again by the same date, and one that changed meanwhile
// says so and hinders no other.
func TestManyToldAreUntold(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.visit(coordinator.Actor)
	ids := h.waiting("Anna Vik", "Bodil Vik", "Cecilie Vik")
	q := url.Values{"act": {"tell"}, "to-page": {"/work"}, "preview": {"1"}, "channel": {"phone"}}
	owed := map[string]journey.Telling{}
	for _, id := range ids {
		for _, x := range h.state(id).Tellings {
			if x.Open() && x.To.Kind == care.PartyPatient {
				owed[id] = x
			}
		}
		q.Add("pick", "journey/"+id+"!telling/"+itoa(owed[id].Telling))
	}
	done := v.post("/work/bulk", v.get("/work/bulk?"+q.Encode()).form("/work/bulk"))
	undo := done.form("/work/bulk/undo")
	if done.status != http.StatusOK || len(undo["undo"]) != 3 {
		t.Fatalf("telling three answers %d and can be undone for %v: %s", done.status, undo["undo"], done.text("main"))
	}
	// The third is taken back alone before the rest.
	alone := url.Values{"key": {h.key()}, "to-page": {"/work"}, "undo": undo["undo"][2:]}
	if p := v.post("/work/bulk/undo", alone); strings.Count(p.text("table", "id", "bulk"), "Angret") != 1 {
		t.Fatalf("one alone answers %d: %s", p.status, p.text("main"))
	}
	p := v.post("/work/bulk/undo", undo)
	if rows := p.text("table", "id", "bulk"); p.status != http.StatusOK || strings.Count(rows, "Angret") != 2 || strings.Count(rows, "Ikke gjort") != 1 {
		t.Fatalf("undoing answers %d: %s", p.status, rows)
	}
	for _, id := range ids {
		again := 0
		st := h.state(id)
		for _, x := range st.Tellings {
			if x.Open() && x.About == owed[id].About && x.To == owed[id].To {
				again++
				if !x.By.Equal(owed[id].By) {
					t.Errorf("it is to be told by %v, and was by %v", x.By, owed[id].By)
				}
			}
		}
		if told := st.Tellings[owed[id].Telling-1].Told != nil; told || again != 1 {
			t.Errorf("called told %v, to be told %d times", told, again)
		}
	}
	if p := v.post("/work/bulk/undo", undo); p.status != http.StatusOK {
		t.Errorf("the same again answers %d", p.status)
	}
}
