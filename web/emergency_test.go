package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
)

// alien opens a unit that no journey knows, with a doctor at it, and says who
// judges what they open.
func (h *house) alien() care.Actor {
	h.t.Helper()
	h.setUp("trust", directory.AddPost{Role: care.PrivacyOfficer})
	for id, name := range map[string]string{"nils": "Nils Hansen", "olga": "Olga Vik"} {
		h.setUp(id, directory.Register{Professional: id, Profession: "physician"})
		if err := h.s.NameProfessional(h.t.Context(), id, casework.Identity{Name: name}); err != nil {
			h.t.Fatal(err)
		}
	}
	h.setUp("trust", directory.Join{Professional: "olga", Role: care.PrivacyOfficer})
	h.setUp("ward", directory.OpenUnit{Unit: "ward", Kind: "hospital-ward", Parent: "trust", Regime: care.Norway, Roles: []care.Role{"specialist"}, Contact: directory.Contact{Name: "Akuttmottaket"}})
	h.setUp("ward", directory.Join{Professional: "nils", Role: "specialist"})
	return care.Actor{Kind: care.Professional, ID: "nils", Unit: "ward"}
}

const someNumber = "17912099997" // of the test population

// numbered is a journey of somebody with a national number.
func (h *house) numbered() *walk {
	h.t.Helper()
	return h.visit(coordinator.Actor).register("Bodil Storlom", "number", someNumber, "born", "1920-11-17")
}

// TestEmergencyOpensForAWhile opens a record by its number, reads it with the mark
// on every page, and closes it again.
func TestEmergencyOpensForAWhile(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	nils := h.visit(h.alien())
	w := h.numbered()
	if p := nils.get(w.at("")); p.status != http.StatusNotFound {
		t.Fatalf("before the opening the journey answers %d", p.status)
	}
	form := nils.get("/emergency")
	for _, said := range []string{"Pasienten får vite det med en gang", "En annen enn du vurderer"} {
		if !strings.Contains(form.text("main"), said) {
			t.Errorf("the form does not say %q: %s", said, form.text("main"))
		}
	}
	if got := form.form("/emergency").Get("why"); got != "" {
		t.Errorf("a reason is chosen already: %q", got)
	}
	fill := []string{"number", someNumber, "why", "emergency", "words", "Bevisstløs i mottak.", "hours", "2"}
	empty := nils.send(form, "/emergency", "number", someNumber, "words", "Bevisstløs i mottak.")
	if empty.status != http.StatusUnprocessableEntity || empty.form("/emergency").Get("words") != "Bevisstløs i mottak." {
		t.Errorf("without a reason: %d, %v", empty.status, empty.form("/emergency"))
	}
	absent := nils.send(form, "/emergency", "number", "29822099635", "why", "emergency", "words", "Bevisstløs i mottak.")
	if absent.status != http.StatusNotFound || !absent.has("a", "href", "#number") || absent.form("/emergency").Get("words") != "Bevisstløs i mottak." {
		t.Errorf("somebody who is not here: %d %s", absent.status, absent.text("section", "class", "faults"))
	}
	// Somebody who logged in a while ago logs in again first, and loses nothing.
	h.clock.set(h.clock.Now().Add(6 * time.Minute))
	if p := nils.send(form, "/emergency", fill...); !strings.HasPrefix(p.path, "/login?again=1") {
		t.Errorf("an old login leads to %s", p.path)
	}
	nils.logIn()
	page := nils.send(nils.get("/emergency"), "/emergency", fill...)
	if page.status != http.StatusOK || !strings.HasPrefix(page.path, "/opened/") {
		t.Fatalf("opening leads to %d %s: %s", page.status, page.path, page.text("main"))
	}
	mark := page.text("section", "id", "opened")
	if !strings.Contains(mark, "fram til kl. 11.06") || !strings.Contains(mark, "liv eller helse er i fare") || !strings.Contains(page.text("main"), "Bevisstløs i mottak.") {
		t.Errorf("the mark says %q", mark)
	}
	if again := nils.send(nils.get("/emergency"), "/emergency", fill...); again.path != page.path {
		t.Errorf("opening it once more leads to %s", again.path)
	}
	for _, path := range []string{w.at(""), w.at("/history"), w.at("/summary")} {
		p := nils.get(path)
		if p.status != http.StatusOK || !strings.Contains(p.text("main"), "fram til kl. 11.06") {
			t.Errorf("%s answers %d without the mark", path, p.status)
		}
	}
	journey := nils.get(w.at(""))
	for _, f := range journey.nodes("form", "method", "post") {
		if action := value(f, "action"); !strings.HasSuffix(action, "/close") && strings.HasPrefix(action, "/journeys") {
			t.Errorf("who only reads is offered %s", action)
		}
	}
	// The patient reads it at once.
	patient := h.visit(asPatient(h.state(w.id).Person))
	if said := patient.get("/me/looks").text("main"); !strings.Contains(said, "Nils Hansen") {
		t.Errorf("the patient reads %s", said)
	}
	closing := page.form(page.path + "/close")
	closed := nils.post(page.path+"/close", closing)
	if closed.status != http.StatusOK || !strings.Contains(closed.text("section", "class", "told"), "Journalen er lukket") {
		t.Errorf("closing answers %d %s", closed.status, closed.text("main"))
	}
	if p := nils.get(w.at("")); p.status != http.StatusNotFound {
		t.Errorf("after closing the journey answers %d", p.status)
	}
	if p := nils.post(page.path+"/close", closing); p.status != http.StatusOK && p.status != http.StatusNotFound && p.status != http.StatusForbidden {
		t.Errorf("closing twice answers %d", p.status)
	}
}

// TestOpeningIsJudgedOnTheOfficersPage takes an opening from the emergency to the privacy officer's verdict.
func TestOpeningIsJudgedOnTheOfficersPage(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	nils := h.visit(h.alien())
	w := h.numbered()
	nils.send(nils.get("/emergency"), "/emergency", "number", someNumber, "why", "emergency", "words", "Bevisstløs i mottak.", "hours", "1")
	nils.get(w.at(""))
	officer := h.visit(officer)
	list := officer.get("/admin/log")
	if list.status != http.StatusOK {
		t.Fatalf("the officer's page answers %d: %s", list.status, list.text("main"))
	}
	person := string(h.state(w.id).Person)
	address := "/admin/openings/" + person + "/1"
	if !list.has("a", "href", address) {
		t.Fatalf("the opening is not on the list: %s", list.text("main"))
	}
	form := officer.get(address)
	for _, said := range []string{"Nils Hansen, Akuttmottaket", "Bevisstløs i mottak.", "Så pasientforløpet"} {
		if !strings.Contains(form.text("main"), said) {
			t.Errorf("the officer does not read %q: %s", said, form.text("main"))
		}
	}
	if p := officer.send(form, address, "verdict", "justified"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a verdict without words answers %d", p.status)
	}
	if p := officer.send(form, address, "verdict", "justified", "words", "Liv i fare."); p.status != http.StatusOK || !p.has("section", "class", "told") {
		t.Fatalf("the verdict answers %d: %s", p.status, p.text("main"))
	}
	if said := officer.get(address).text("main"); !strings.Contains(said, "Det var grunn til å åpne") {
		t.Errorf("afterwards it says %s", said)
	}
	// Nobody else reads it, and the care is not the officer's to read.
	for _, p := range []*sheet{nils.get(address), w.get(address), nils.get("/admin/log"), w.get("/admin/log"), w.get("/admin/sample"), officer.get(w.at(""))} {
		if p.status != http.StatusForbidden && p.status != http.StatusNotFound {
			t.Errorf("%s answers %d", p.path, p.status)
		}
	}
	// The log is searched for a reason, which the log keeps.
	search := officer.send(officer.get("/admin/log"), "/admin/log", "number", someNumber)
	if search.status != http.StatusUnprocessableEntity || !search.has("a", "href", "#reason") {
		t.Errorf("a search without a reason answers %d", search.status)
	}
	search = officer.send(search, "/admin/log", "number", someNumber, "reason", "Klage fra pasienten.")
	if search.status != http.StatusOK || !strings.Contains(search.text("table"), "nils") || !strings.Contains(search.text("table"), "Bodil Storlom") {
		t.Errorf("the search answers %d: %s", search.status, search.text("main"))
	}
	again := officer.send(search, "/admin/log", "number", someNumber, "reason", "Klage fra pasienten.")
	if !strings.Contains(again.text("table"), "Klage fra pasienten.") {
		t.Errorf("the search is not in the log: %s", again.text("table"))
	}
	file := officer.send(again, "/admin/log", "number", someNumber, "reason", "=2+2", "as", "csv")
	if said := file.text("body"); file.status != http.StatusOK || !strings.Contains(said, "nils,ward/specialist,break-glass,journey") || strings.Contains(said, ",=") {
		t.Errorf("the file answers %d: %s", file.status, said)
	}
	// A week that is over is drawn, the same each time.
	h.clock.set(h.clock.Now().AddDate(0, 0, 8))
	officer.logIn()
	if err := h.s.Oversee(context.Background()); err != nil {
		t.Fatal(err)
	}
	sample := officer.get("/admin/sample")
	if sample.status != http.StatusOK || !strings.Contains(sample.text("table"), "Nils Hansen") || sample.text("table") != officer.get("/admin/sample").text("table") {
		t.Errorf("the sample answers %d: %s", sample.status, sample.text("main"))
	}
}

var officer = care.Actor{Kind: care.Professional, ID: "olga", Unit: "trust"}
