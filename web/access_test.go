package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// seen is a patient whom two units help, and whom both have looked at.
func seen(t *testing.T) (*house, care.PersonKey, string) {
	h := openHouse(t)
	p, id := h.refer("Bodil Storlom")
	h.accept(id)
	for range 3 {
		h.state(id)
	}
	gp := worker("per", "practice", "gp")
	if _, err := casework.View(context.Background(), h.s, gp, casework.GetJourney{ID: id}); err != nil {
		t.Fatal(err)
	}
	return h, p, id
}

// relative is a grown person who can be given access.
func (h *house) relative(name, number string) care.PersonKey {
	h.t.Helper()
	p, err := h.s.RegisterPerson(context.Background(), coordinator, h.key(), care.Norway, casework.Identity{Name: name, Number: number, Born: care.Date{Year: 1979, Month: 2, Day: 3}})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// synthetic is a number that Tenor's people have: nobody real has it.
const synthetic = "17912099997"

// TestWhoCanSee: a patient reads on one page who helps, why and since when, and
// who has looked, by name and unit; looks of one day are one line.
func TestWhoCanSee(t *testing.T) {
	t.Parallel()
	h, p, _ := seen(t)
	v := h.visit(asPatient(p))
	page := v.get("/me/access")
	said := page.text("main")
	for _, want := range []string{
		"Smerteklinikken", "Har ansvaret for deg nå", "Legene på Torget", "Sendte henvisningen", "Kari Bjørk, Smerteklinikken", "Per Ask, Legene på Torget",
		"Så pasientforløpet", "ganger)", "Fordi enheten hjelper deg", "Stopp Kari Bjørk", "Stopp Smerteklinikken",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q:\n%s", want, said)
		}
	}
	if n := strings.Count(said, "Kari Bjørk, Smerteklinikken"); n != 1 {
		t.Errorf("Kari's looks of one day are %d lines", n)
	}
	if strings.Contains(page.text("section", "aria-labelledby", "log"), "Du selv") {
		t.Errorf("the patient's own looks crowd the others out")
	}
	if own := v.get("/me/looks").text("main"); !strings.Contains(own, "Du selv") {
		t.Errorf("the whole log leaves the patient's own looks out:\n%s", own)
	}
}

// TestStopAndOpenAgain: who is shut out sees nothing from the next question on, the
// page says what it means, and opens again.
func TestStopAndOpenAgain(t *testing.T) {
	t.Parallel()
	h, p, id := seen(t)
	v := h.visit(asPatient(p))
	gp := worker("per", "practice", "gp")
	sees := func() bool {
		_, err := casework.View(context.Background(), h.s, gp, casework.GetJourney{ID: id})
		return err == nil
	}
	form := v.get("/me/access/stop?person=per")
	if said := form.text("main"); form.status != http.StatusOK || !strings.Contains(said, "Steng helt") || !strings.Contains(said, "Ingen andre enn du kan åpne det") {
		t.Fatalf("the form answers %d:\n%s", form.status, said)
	}
	done := v.send(form, "/me/access/stop?person=per", "strength", "shut", "words", "Jeg vil ikke.")
	if said := done.text("main"); !strings.HasPrefix(done.path, "/me/access?done=blocked") || !strings.Contains(said, "Det er stengt.") || !strings.Contains(said, "Per Ask") {
		t.Fatalf("after the press: %s\n%s", done.path, said)
	}
	if sees() {
		t.Fatal("who is shut out still sees")
	}
	if !done.has("form", "action", "/me/access/blocks/1") {
		t.Error("it cannot be taken back from the confirmation")
	}
	lifted := v.send(v.get("/me/access/blocks/1"), "/me/access/blocks/1")
	if !strings.HasPrefix(lifted.path, "/me/access?done=lifted") || !sees() {
		t.Fatalf("after opening again: %s, sees %v", lifted.path, sees())
	}
	// The unit that is responsible cannot be shut out while it is: the page says so
	// and keeps what was written.
	no := v.send(v.get("/me/access/stop?unit=clinic"), "/me/access/stop?unit=clinic", "words", "Jeg vil bytte.")
	if said := no.text("section", "class", "faults"); no.status != http.StatusUnprocessableEntity || !strings.Contains(said, "Smerteklinikken") {
		t.Errorf("shutting out who is responsible answers %d: %s", no.status, said)
	}
	if no.text("textarea", "name", "words") != "Jeg vil bytte.\n" {
		t.Errorf("the words are gone: %q", no.text("textarea", "name", "words"))
	}
	// A unit is shut out, and opened for a time.
	v.send(v.get("/me/access/stop?unit=practice"), "/me/access/stop?unit=practice")
	if sees() {
		t.Fatal("a unit that is shut out still sees")
	}
	some := v.send(v.get("/me/access/blocks/2"), "/me/access/blocks/2/for-a-time", "until", norway.Date(h.clock.Now()).AddDays(7).String())
	if said := some.text("main"); !strings.HasPrefix(some.path, "/me/access?done=consented") || !strings.Contains(said, "Legene på Torget får se det du har stengt") || !sees() {
		t.Fatalf("after opening for a time: %s sees %v\n%s", some.path, sees(), said)
	}
	back := v.send(some, "/me/access/consents/1")
	if !strings.HasPrefix(back.path, "/me/access?done=withdrawn") || sees() {
		t.Errorf("after taking it back: %s sees %v", back.path, sees())
	}
	for _, path := range []string{"/me/access/stop", "/me/access/stop?person=turid", "/me/access/stop?unit=nowhere", "/me/access/blocks/9", "/me/access/blocks/1", "/me/access/people/1", "/me/access/people/x"} {
		if got := v.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, got.status)
		}
	}
}

// TestGiveInTwoSteps: who, then what and how long; the whole is shown before the
// relative is asked; a wrong name or number reaches nobody.
func TestGiveInTwoSteps(t *testing.T) {
	t.Parallel()
	h, p, _ := seen(t)
	to := h.relative("Ola Storlom", synthetic)
	v := h.visit(asPatient(p))
	const give = "/me/access/give"
	empty := v.send(v.get(give), give)
	if empty.status != http.StatusUnprocessableEntity || !empty.has("section", "class", "faults") {
		t.Fatalf("nothing filled in answers %d", empty.status)
	}
	what := v.send(empty, give, "name", "Ola Storlom", "number", synthetic)
	if !what.has("fieldset") || what.status != http.StatusOK {
		t.Fatalf("the second part answers %d:\n%s", what.status, what.text("main"))
	}
	none := v.send(what, give)
	if said := none.text("section", "class", "faults"); none.status != http.StatusUnprocessableEntity || said == "" {
		t.Errorf("no part chosen answers %d %s", none.status, said)
	}
	form := what.form(give)
	form["parts"] = []string{"plan", "messages"}
	ask := v.post(give, form)
	said := ask.text("main")
	for _, want := range []string{"Ola Storlom", synthetic, "Se planen og timene og lese og skrive meldinger", "se hvem som har sett", "Kan ikke"} {
		if !strings.Contains(said, want) {
			t.Errorf("the look at the whole does not say %q:\n%s", want, said)
		}
	}
	if changed := v.send(ask, give, "stage", "again"); !changed.has("input", "value", "Ola Storlom") {
		t.Errorf("changing it starts anew:\n%s", changed.text("main"))
	}
	done := v.send(ask, give)
	if said := done.text("main"); !strings.HasPrefix(done.path, "/me/access?done=offered&n=1") || !strings.Contains(said, "Vi har spurt Ola Storlom") || !strings.Contains(said, "Har ikke svart ennå") {
		t.Fatalf("after asking: %s\n%s", done.path, said)
	}
	// A stranger with the same number, and a number nobody has, are answered alike.
	wrong := ask.form(give)
	wrong.Set("to", "another")
	wrong.Set("name", "Olga Storlom")
	wrong.Set("key", "another")
	no := v.post(give, wrong)
	if said := no.text("section", "class", "faults"); no.status != http.StatusUnprocessableEntity || !strings.Contains(said, "Vi finner ingen her") {
		t.Errorf("a wrong name answers %d: %s", no.status, said)
	}
	h.accepts(p, to, 1)
	one := v.get("/me/access/people/1")
	if said := one.text("main"); !strings.Contains(said, "Ola Storlom") || !strings.Contains(said, "Gi mindre tilgang") || !strings.Contains(said, "Ta bort nå") {
		t.Fatalf("the relative's page says\n%s", said)
	}
	less := one.form("/me/access/people/1/limit")
	less["parts"] = []string{"messages"}
	if got := v.post("/me/access/people/1/limit", less); !strings.Contains(got.path, "done=limited") || strings.Contains(got.text("section", "aria-labelledby", "relatives"), "planen") {
		t.Errorf("after giving less: %s\n%s", got.path, got.text("main"))
	}
	notices := v.send(v.get("/me/access/notices"), "/me/access/notices", "to", string(to))
	if said := notices.text("main"); !strings.Contains(said, "Varslene går til Ola Storlom") {
		t.Errorf("after sending notices to a relative:\n%s", said)
	}
	if mine := v.send(v.get("/me/access/notices"), "/me/access/notices", "to", "me"); strings.Contains(mine.text("main"), "Varslene går til Ola") {
		t.Errorf("notices did not come back")
	}
	if got := v.send(v.get("/me/access/people/1"), "/me/access/people/1/renew"); !strings.Contains(got.path, "done=renewed") {
		t.Errorf("after going on: %s\n%s", got.path, got.text("main"))
	}
	gone := v.send(v.get("/me/access/people/1"), "/me/access/people/1/revoke")
	if said := gone.text("main"); !strings.Contains(gone.path, "done=revoked") || !strings.Contains(said, "Ola Storlom er tatt bort") {
		t.Fatalf("after taking away: %s\n%s", gone.path, said)
	}
	if _, err := casework.View(context.Background(), h.s, asRelative(to, p), casework.MyPlan{}); err == nil {
		t.Error("who was taken away still sees")
	}
	anew := v.send(gone, give)
	if said := anew.text("main"); !strings.Contains(anew.path, "done=offered&n=2") || !strings.Contains(said, "Vi har spurt Ola Storlom") {
		t.Errorf("taking it back answers %s\n%s", anew.path, said)
	}
	// Now he can be chosen by name.
	chosen := v.send(v.get(give), give, "to", string(to))
	if said := chosen.text("main"); !strings.Contains(said, "Hva skal Ola Storlom kunne gjøre") {
		t.Errorf("he cannot be chosen by name:\n%s", said)
	}
}

// accepts is the relative's yes.
func (h *house) accepts(p, to care.PersonKey, proxy int) {
	h.t.Helper()
	who := casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(to)}, Login: casework.Login{At: h.clock.Now(), Level: "substantial"}}
	if _, err := h.s.Do(context.Background(), casework.Order{Who: who, Key: h.key(), Target: string(p), Command: access.AcceptProxy{Proxy: proxy}}); err != nil {
		h.t.Fatal(err)
	}
}

func asRelative(r, p care.PersonKey) casework.Who {
	return casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(r)}, Represents: p, Login: casework.Login{Level: "substantial"}}
}

// TestGivingAsksWhoIsThere: giving access asks for a fresh login, and what was
// filled in is still there after it. Taking away asks for nothing.
func TestGivingAsksWhoIsThere(t *testing.T) {
	t.Parallel()
	h, p, _ := seen(t)
	to := h.relative("Ola Storlom", synthetic)
	v := h.visit(asPatient(p))
	const give = "/me/access/give"
	form := v.send(v.get(give), give, "name", "Ola Storlom", "number", synthetic).form(give)
	form["parts"] = []string{"plan"}
	ask := v.post(give, form)
	h.clock.set(h.clock.Now().Add(6 * time.Minute))
	asked := v.send(ask, give)
	if !strings.HasPrefix(asked.path, "/login?") || !strings.Contains(asked.path, "again=1") || !strings.Contains(asked.path, "kept=1") {
		t.Fatalf("an old login leads to %s", asked.path)
	}
	v.logIn()
	unsent := v.get("/unsent")
	if said := unsent.text("main"); !strings.Contains(said, "Ola Storlom") {
		t.Fatalf("what was filled in is gone:\n%s", said)
	}
	sent := v.send(unsent, "/unsent", "do", "send")
	if said := sent.text("main"); !strings.Contains(said, "Vi har spurt Ola Storlom") {
		t.Fatalf("sending it again answers %d %s\n%s", sent.status, sent.path, said)
	}
	h.accepts(p, to, 1)
	h.clock.set(h.clock.Now().Add(10 * time.Minute))
	gone := v.send(v.get("/me/access/people/1"), "/me/access/people/1/revoke")
	if !strings.Contains(gone.path, "done=revoked") {
		t.Errorf("taking away asks for more: %s", gone.path)
	}
}

// TestLogByPersonAndTime: the log is read some days at a time, and one person
// alone.
func TestLogByPersonAndTime(t *testing.T) {
	t.Parallel()
	h, p, id := seen(t)
	for range 30 {
		h.clock.set(h.clock.Now().Add(24 * time.Hour))
		h.state(id)
		for _, who := range []casework.Who{worker("per", "practice", "gp")} {
			if _, err := casework.View(context.Background(), h.s, who, casework.GetJourney{ID: id}); err != nil {
				t.Fatal(err)
			}
		}
	}
	v := h.visit(asPatient(p))
	days, paths, next := map[string]bool{}, 0, "/me/looks"
	for next != "" && paths < 10 {
		paths++
		page := v.get(next)
		next = ""
		for _, n := range page.nodes("li") {
			if said := textOfNode(n); strings.Contains(said, "Per Ask") {
				for _, when := range (&sheet{t: t, root: n}).nodes("time") {
					days[value(when, "datetime")] = true
				}
			}
		}
		for _, n := range page.nodes("a", "rel", "next") {
			next = value(n, "href")
		}
	}
	if len(days) != 31 || paths < 2 {
		t.Errorf("%d days of Per in %d pages, want 31 in several", len(days), paths)
	}
	alone := v.get("/me/looks?who=per").text("section", "aria-labelledby", "log")
	if !strings.Contains(alone, "Per Ask") || strings.Contains(alone, "Kari") {
		t.Errorf("one person alone:\n%s", alone)
	}
	if nobody := v.get("/me/looks?who=nobody&before=2026-03-03"); nobody.status != http.StatusOK {
		t.Errorf("a page without looks answers %d", nobody.status)
	}
	if got := v.get("/me/looks?before=yesterday").status; got != http.StatusOK {
		t.Errorf("a date that is none answers %d", got)
	}
}
