package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/care/directory"
)

// TestConsentsAreRecordedForThePatient records by phone what a patient decides,
// takes it back, and reads each on the page and in the strip of the journey.
func TestConsentsAreRecordedForThePatient(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.setUp("kommune", directory.OpenUnit{Unit: "kommune", Kind: "municipal-coordination", Parent: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "Koordinerende enhet i Vik"}})
	w := h.numbered()
	page := w.at("/access")
	records := func(action string, fields ...string) *sheet {
		t.Helper()
		name, _, _ := strings.Cut(action, "?")
		form := w.get(page + "/" + action)
		if form.status != http.StatusOK {
			t.Fatalf("the form of %s answers %d: %s", action, form.status, form.text("main"))
		}
		p := w.send(form, page+"/"+name, fields...)
		if p.status != http.StatusOK || !p.has("section", "class", "told") {
			t.Fatalf("%s answers %d %s: %s", action, p.status, p.path, p.text("main"))
		}
		return p
	}
	// Who said it is asked for, and nothing typed is lost.
	form := w.get(page + "/record-proxy")
	bad := w.send(form, page+"/record-proxy", "name", "Siv Storlom", "born", "1950-01-02", "parts", "plan", "behalf", "")
	if bad.status != http.StatusUnprocessableEntity || !bad.has("a", "href", "#behalf") || bad.form(page+"/record-proxy").Get("name") != "Siv Storlom" {
		t.Errorf("nobody said it: %d %s", bad.status, bad.text("section", "class", "faults"))
	}
	shown := records("record-proxy", "name", "Siv Storlom", "born", "1950-01-02", "parts", "plan")
	if said := shown.text("section", "id", "relatives"); !strings.Contains(said, "Siv Storlom") || !strings.Contains(said, "se planen") {
		t.Errorf("the page says %q", said)
	}
	if said := w.get(w.at("")).text("main"); !strings.Contains(said, "Pårørende med tilgang Siv Storlom") {
		t.Error("the strip of the journey does not name the relative")
	}
	records("renew-proxy?n=1", "until", w.day(500))
	records("revoke-proxy?n=1")
	if said := w.get(page).text("section", "id", "relatives"); strings.Contains(said, "Siv Storlom") {
		t.Errorf("after revoking: %q", said)
	}
	records("block", "unit", "kommune", "strength", "closed", "words", "Vil ikke.")
	records("give-consent", "unit", "kommune", "until", w.day(30))
	records("withdraw-consent?n=1")
	records("lift-block?n=1")
	if said := w.get(page).text("section", "id", "blocks"); strings.Contains(said, "Koordinerende") {
		t.Errorf("after lifting: %q", said)
	}
}

// TestBlocksNameAProfessional records that one of the unit's own people shall see
// nothing: they see nothing from then, and the others do.
func TestBlocksNameAProfessional(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	w := h.numbered()
	turid := h.visit(care.Actor{Kind: care.Professional, ID: "turid"})
	if p := turid.get(w.at("")); p.status != http.StatusOK {
		t.Fatalf("before the block the journey answers %d", p.status)
	}
	form := w.get(w.at("/access/block-person"))
	p := w.send(form, w.at("/access/block-person"), "professional", "turid", "strength", "shut", "words", "Naboen min.")
	if p.status != http.StatusOK || !strings.Contains(p.text("section", "id", "blocks"), "bare pasienten åpner") {
		t.Errorf("blocking answers %d: %s", p.status, p.text("section", "id", "blocks"))
	}
	if strings.Contains(p.text("main"), "Naboen") {
		t.Error("why stands on the page")
	}
	if p := turid.get(w.at("")); p.status != http.StatusNotFound {
		t.Errorf("after the block the journey answers %d", p.status)
	}
	if p := w.get(w.at("")); p.status != http.StatusOK {
		t.Errorf("for the others the journey answers %d", p.status)
	}
}

// TestGuardiansAreRecorded goes through what is recorded of a child's guardian: who
// they are, that the child may log in, that they are closed out, and the end.
func TestGuardiansAreRecorded(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	w := h.visit(coordinator.Actor).register("Bodil Storlom", "born", norway.Date(h.clock.Now()).AddDays(-14*365).String())
	page := w.at("/access")
	records := func(action, seen, gone string, fields ...string) {
		t.Helper()
		name, _, _ := strings.Cut(action, "?")
		p := w.send(w.get(page+"/"+action), page+"/"+name, fields...)
		if p.status != http.StatusOK || !p.has("section", "class", "told") {
			t.Fatalf("%s answers %d: %s", action, p.status, p.text("main"))
		}
		if said := p.text("section", "id", "relatives"); seen != "" && !strings.Contains(said, seen) || gone != "" && strings.Contains(said, gone) {
			t.Errorf("after %s the page says %q", action, said)
		}
	}
	records("record-guardian", "Siv Storlom", "", "name", "Siv Storlom", "born", "1980-01-02", "source", "court")
	refused := w.send(w.get(page+"/allow-login"), page+"/allow-login")
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text("main"), "foresatt") {
		t.Errorf("the child's own word lets it log in: %d %s", refused.status, refused.text("main"))
	}
	records("allow-login", "trekker samtykket", "", "behalf", "relative")
	records("stop-login", "egen innlogging", "trekker samtykket", "behalf", "relative")
	records("block-guardian?n=1", "foresatt, stengt", "", "words", "Barnet er redd.")
	records("unblock-guardian?n=1", "", "foresatt, stengt", "words", "Avklart med barnevernet.")
	records("end-guardian?n=1", "", "Siv Storlom", "words", "Ny dom.")
}

// TestHiddenAddressEndsRepresentation marks an address as hidden and takes the
// mark away: it stands in the strip, and what ended does not come back.
func TestHiddenAddressEndsRepresentation(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	w := h.numbered()
	page := w.at("/access")
	w.send(w.get(page+"/record-proxy"), page+"/record-proxy", "name", "Siv Storlom", "born", "1950-01-02", "parts", "plan")
	p := w.send(w.get(page+"/protect-address"), page+"/protect-address", "kind", "strict", "words", "Hun er truet.")
	if p.status != http.StatusOK || strings.Contains(p.text("section", "id", "relatives"), "Siv Storlom") {
		t.Errorf("protecting answers %d: %s", p.status, p.text("main"))
	}
	if said := w.get(w.at("")).text("main"); !strings.Contains(said, "Strengt fortrolig") {
		t.Error("the strip does not say that the address is hidden")
	}
	w.send(w.get(page+"/unprotect-address"), page+"/unprotect-address", "words", "Trusselen er over.")
	if said := w.get(w.at("")).text("main"); strings.Contains(said, "Strengt fortrolig") || strings.Contains(said, "Siv Storlom") {
		t.Errorf("the mark or the proxy stands: %s", said)
	}
}
