package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"forlop/journey"
)

// waiting opens journeys that have been taken on, and answers their ids.
func (h *house) waiting(names ...string) []string {
	h.t.Helper()
	var ids []string
	for _, n := range names {
		_, id := h.refer(n)
		h.accept(id)
		ids = append(ids, id)
	}
	return ids
}

// picks are rows of a list as an act on many names them.
func (h *house) picks(ids []string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, "journey/"+id+"!step/"+itoa(h.state(id).StepOf("start-date").Step))
	}
	return out
}

// TestManyAreOneByOne holds U34: what is done with many is looked over first, and
// does to each exactly what doing it alone does; a form that is sent twice, and a
// row that changed meanwhile, harm nothing; and what was done is taken back.
func TestManyAreOneByOne(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.visit(coordinator.Actor)
	ids := h.waiting("Anna Vik", "Bodil Vik", "Cecilie Vik", "Dina Vik")
	picks := h.picks(ids)
	day := norway.Date(h.clock.Now()).AddDays(21).String()
	q := url.Values{"act": {"plan"}, "pick": picks[:3], "to-page": {"/work?view=week"}}
	if p := v.get("/work/bulk?" + q.Encode()); p.status != http.StatusOK || !strings.Contains(p.text("table", "id", "bulk"), "Cecilie Vik") {
		t.Fatalf("choosing answers %d: %s", p.status, p.text("main"))
	}
	q.Set("preview", "1")
	if p := v.get("/work/bulk?" + q.Encode()); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a preview without a time answers %d", p.status)
	}
	q.Set("at", day)
	q.Set("at-time", "10:00")
	preview := v.get("/work/bulk?" + q.Encode())
	if preview.status != http.StatusOK || strings.Count(preview.text("table", "id", "bulk"), "10.00") != 3 {
		t.Fatalf("the preview answers %d: %s", preview.status, preview.text("main"))
	}
	for _, id := range ids {
		if !h.state(id).StepOf("start-date").Planned.IsZero() {
			t.Fatal("a preview has planned something")
		}
	}
	// One row changes between the preview and the confirmation.
	h.act(ids[1], journey.DropStep{Step: h.state(ids[1]).StepOf("start-date").Step, Reason: "Gjort hos fastlegen."})
	form := preview.form("/work/bulk")
	done := v.post("/work/bulk", form)
	result := done.text("table", "id", "bulk")
	if done.status != http.StatusOK || strings.Count(result, "Gjort") < 2 || strings.Count(result, "Ikke gjort") != 1 {
		t.Fatalf("doing it answers %d: %s", done.status, done.text("main"))
	}
	// The fourth is planned alone. Each journey must be as that one.
	at := norway.Date(h.clock.Now()).AddDays(21)
	h.act(ids[3], journey.PlanStep{
		Step: h.state(ids[3]).StepOf("start-date").Step, At: time.Date(at.Year, at.Month, at.Day, 10, 0, 0, 0, norway.Zone()).UTC(),
	})
	want := h.state(ids[3])
	versions := map[string]int{}
	for _, id := range []string{ids[0], ids[2]} {
		got := h.state(id)
		versions[id] = got.Version
		if got.Version != want.Version || !got.StepOf("start-date").Planned.Equal(want.StepOf("start-date").Planned) || len(got.Tellings) != len(want.Tellings) {
			t.Errorf("%s is at version %d, planned %v, %d tellings; alone it is %d, %v, %d", id, got.Version, got.StepOf("start-date").Planned,
				len(got.Tellings), want.Version, want.StepOf("start-date").Planned, len(want.Tellings))
		}
	}
	if p := v.post("/work/bulk", form); p.status != http.StatusOK || strings.Count(p.text("table", "id", "bulk"), "Ikke gjort") != 1 {
		t.Errorf("the form sent again answers %d: %s", p.status, p.text("main"))
	}
	for id, was := range versions {
		if got := h.state(id).Version; got != was {
			t.Errorf("sent twice, %s is at version %d, not %d", id, got, was)
		}
	}
	undo := done.form("/work/bulk/undo")
	if len(undo["undo"]) != 2 {
		t.Fatalf("%v can be undone", undo["undo"])
	}
	if p := v.post("/work/bulk/undo", undo); p.status != http.StatusOK || strings.Count(p.text("table", "id", "bulk"), "Angret") != 2 {
		t.Errorf("undoing answers %d: %s", p.status, p.text("main"))
	}
	for id := range versions {
		if !h.state(id).StepOf("start-date").Planned.IsZero() {
			t.Errorf("%s is still planned", id)
		}
	}
}

// TestSavingGoesOnToTheNext holds U36: what is saved with "save and next" opens the
// next row of the same view in its place.
func TestSavingGoesOnToTheNext(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.visit(coordinator.Actor)
	ids := h.waiting("Anna Vik", "Bodil Vik")
	list := v.get("/work?view=tell&sort=since")
	var opens []string
	for _, a := range list.nodes("a", "href", "") {
		if to := value(a, "href"); strings.Contains(to, "open=") {
			opens = append(opens, to)
		}
	}
	if len(opens) < 2 {
		t.Fatalf("%d rows can be opened: %s", len(opens), list.text("main"))
	}
	first := v.get(strings.TrimSuffix(opens[0], "#open"))
	section := first.nodes("section", "id", "open")
	if len(section) != 1 {
		t.Fatalf("the row is not open: %s", first.text("main"))
	}
	action := ""
	for _, id := range ids {
		if len(first.nodes("form", "action", "/journeys/"+id+"/do/tell", "method", "post")) > 0 {
			action = "/journeys/" + id + "/do/tell"
		}
	}
	if action == "" {
		t.Fatalf("the open row has no form: %s", first.text("section", "id", "open"))
	}
	form := (&sheet{t: t, path: first.path, root: section[0]}).form(action)
	form.Set("channel", "phone")
	form.Set("then", "next")
	next := v.post(action, form)
	if next.status != http.StatusOK || !strings.Contains(next.path, "sort=since") || !strings.Contains(next.path, "view=tell") {
		t.Fatalf("saving leads to %d %s: %s", next.status, next.path, next.text("main"))
	}
	open := next.text("section", "id", "open")
	if open == "" || !next.has("section", "class", "told") || len(next.nodes("section", "id", "open")) != 1 {
		t.Errorf("the next row is not open, or nothing says what was done: %s", next.text("main"))
	}
	form = first.form(action)
	form.Set("channel", "phone")
	form.Del("then")
	form.Set("key", h.key())
	if p := v.post(action, form); p.has("section", "id", "open") {
		t.Error("saving alone opens another row")
	}
}

// TestViewsAreKept holds U33: a view has a name, is a link, is marked once it is
// changed, and can be taken away.
func TestViewsAreKept(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.visit(coordinator.Actor)
	h.waiting("Anna Vik")
	p := v.send(v.get("/work?view=tell&sort=since"), "/work/views", "called", "Å ringe om", "for", "unit")
	if p.status != http.StatusOK || !p.has("section", "class", "told") {
		t.Fatalf("keeping a view answers %d: %s", p.status, p.text("main"))
	}
	at := ""
	for _, a := range p.nodes("a", "href", "") {
		if strings.Contains(textOfNode(a), "Å ringe om") {
			at = value(a, "href")
		}
	}
	kept := v.get(at)
	if kept.status != http.StatusOK || !strings.Contains(kept.path, "view=tell") || strings.Contains(kept.text("nav", "class", "jump"), "endret") {
		t.Fatalf("the view %q answers %d: %s", at, kept.status, kept.text("nav", "class", "jump"))
	}
	changed := v.get(strings.Replace(at, "sort=since", "sort=latest", 1))
	if !strings.Contains(changed.text("nav", "class", "jump"), "Å ringe om (Smerteklinikken) * (endret)") && !strings.Contains(changed.text("nav", "class", "jump"), "* (endret)") {
		t.Errorf("a changed view is not marked: %s", changed.text("nav", "class", "jump"))
	}
	if p := v.send(kept, "/work/views", "called", "Ola 17058112345"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a view named by a number answers %d", p.status)
	}
	if p := v.send(kept, "/work/views/drop"); p.status != http.StatusOK || strings.Contains(p.text("nav", "class", "jump"), "Å ringe om") {
		t.Errorf("taking it away answers %d", p.status)
	}
}

// TestAsideComesBack puts a row aside, finds it among what sleeps, and wakes it.
func TestAsideComesBack(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.visit(coordinator.Actor)
	id := h.waiting("Anna Vik")[0]
	p := v.get("/work?open=" + url.QueryEscape("journey/"+id+"!telling/1") + "&do=sleep")
	form := p.form("/work/sleep")
	form.Set("until", norway.Date(h.clock.Now()).AddDays(2).String())
	form.Del("then")
	row := "Anna Vik"
	before := strings.Count(p.text("table", "id", "work"), row)
	p = v.post("/work/sleep", form)
	if p.status != http.StatusOK || !p.has("section", "class", "told") {
		t.Fatalf("putting aside answers %d: %s", p.status, p.text("main"))
	}
	after := strings.Count(v.get("/work").text("table", "id", "work"), row)
	asleep := v.get("/work?view=asleep").text("table", "id", "work")
	if after >= before || !strings.Contains(asleep, row) || !strings.Contains(asleep, "Tilbake på listen") {
		t.Errorf("%d rows before, %d after; asleep: %s", before, after, asleep)
	}
	if p := v.send(p, "/work/wake"); p.status != http.StatusOK || strings.Contains(v.get("/work?view=asleep").text("table", "id", "work"), row) {
		t.Errorf("waking answers %d", p.status)
	}
	form.Set("key", h.key())
	form.Set("until", norway.Date(h.clock.Now()).AddDays(900).String())
	if p := v.post("/work/sleep", form); p.status != http.StatusUnprocessableEntity {
		t.Errorf("sleeping past the date answers %d", p.status)
	}
}

// TestAbsenceAndCaseload hands a post over from one day to another, and warns of
// more patients than were agreed.
func TestAbsenceAndCaseload(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.visit(coordinator.Actor)
	h.waiting("Anna Vik", "Bodil Vik")
	p := v.get("/work/posts")
	form := p.form("/work/posts/away")
	form.Set("until", norway.Date(h.clock.Now()).AddDays(9).String())
	gone := v.post("/work/posts/away", form)
	if gone.status != http.StatusOK || !gone.has("section", "class", "told") {
		t.Fatalf("going away answers %d: %s", gone.status, gone.text("main"))
	}
	if v.post("/work/posts/away", form).status != http.StatusOK {
		t.Error("the same form again is not harmless")
	}
	if back := v.send(gone, "/work/posts/back"); back.status != http.StatusOK {
		t.Errorf("coming back answers %d: %s", back.status, back.text("main"))
	}
	limit := v.post("/work/posts/limit", url.Values{"key": {h.key()}, "post": {"clinic/coordinator"}, "most": {"1"}})
	if limit.status != http.StatusOK || !strings.Contains(limit.text("main"), "Grensen er 1") {
		t.Errorf("a limit that is exceeded answers %d: %s", limit.status, limit.text("main"))
	}
	for _, path := range []string{"/work/faults", "/work/late/" + h.waiting("Cecilie Vik")[0]} {
		if p := v.get(path); p.status != http.StatusOK {
			t.Errorf("%s answers %d", path, p.status)
		}
	}
}
