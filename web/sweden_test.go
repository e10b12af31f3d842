package web_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// TestSwedishJourneyByForms takes a patient of a Swedish health centre from the
// first call to rest by forms alone, beside a Norwegian clinic under one roof.
func TestSwedishJourneyByForms(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.setUp("malin", directory.Register{Professional: "malin", Profession: "nurse"})
	if err := h.s.NameProfessional(context.Background(), "malin", casework.Identity{Name: "Malin Sund"}); err != nil {
		t.Fatal(err)
	}
	h.setUp("region", directory.OpenUnit{Unit: "region", Kind: "region", Regime: care.Sweden, Contact: directory.Contact{Name: "Region Mellansjö"}, Lead: "malin", Roles: []care.Role{care.PathwayApprover}})
	h.setUp("vc", directory.OpenUnit{Unit: "vc", Kind: "primary-care", Parent: "region", Regime: care.Sweden, Contact: directory.Contact{Name: "Vårdcentralen Björken"},
		Roles: []care.Role{"coordinator", "team", "gp", "rehab-coordinator"}})
	for _, role := range []care.Role{"coordinator", care.Desk, "team"} {
		h.setUp("vc", directory.Join{Professional: "malin", Role: role})
	}
	for _, id := range []string{"ada", "ivar"} {
		h.setUp("region", directory.Join{Professional: id, Role: care.PathwayApprover})
	}
	for _, f := range h.folders {
		if !strings.HasPrefix(f.Name, "se.") {
			continue
		}
		ref, findings, err := h.s.Shelve(context.Background(), f.Files)
		if err == nil {
			err = h.s.BringIntoUse(context.Background(), ref, "ada", "ivar", "region")
		}
		if err != nil {
			t.Fatalf("%s: %v %v", f.Name, err, findings)
		}
	}
	malin := worker("malin", "vc", "coordinator")
	v := h.visit(malin.Actor)
	at, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	if v.client.Jar == nil {
		v.client.Jar, _ = cookiejar.New(nil)
	}
	v.client.Jar.SetCookies(at, []*http.Cookie{{Name: "language", Value: "sv"}})
	state := func(id string) *journey.State {
		t.Helper()
		j, err := casework.View(context.Background(), h.s, malin, casework.GetJourney{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		return j.State
	}
	w := v.register("Bodil Storlom", "pathway", "se.pain@2022.10", "sender", "patient", "opens-for", "patient-asks", "fact-has-sip", "false")
	if st := state(w.id); st.Sender.Kind != care.PartyPatient || st.Regime != care.Sweden || st.Facts["has-sip"].Text != "false" {
		t.Errorf("it came from %v under %s with %v", st.Sender, st.Regime, st.Facts)
	}
	step := func(id pathway.StepID) string {
		t.Helper()
		st := state(w.id).StepOf(id)
		if st == nil || !st.Live() {
			t.Fatalf("the step %s is not open: %+v", id, st)
		}
		return "step/" + itoa(st.Step)
	}
	w.does("complete", step("first-contact"))

	// The answer asks for what this pathway asks, and speaks of no right that
	// Swedish law does not know.
	page := w.get(w.at("/answer"))
	if text := page.text("main"); strings.Contains(text, "rätten") || !strings.Contains(text, "vad som händer nu") {
		t.Errorf("the ways to answer say: %s", text)
	}
	form := w.get(w.at("/answer?answer=accept"))
	if fields := form.form(w.at("/answer")); len(fields["right"])+len(fields["latest-legal-date"]) > 0 {
		t.Errorf("the form asks for %v", fields)
	}
	if p := w.send(form, w.at("/answer"), "reasons", "Ont i mer än tre månader."); p.status != http.StatusOK {
		t.Fatalf("accepting answers %d: %s", p.status, p.text("main"))
	}
	w.does("complete", step("name-contact"))
	w.does("complete", step("own-words"))
	w.does("complete", step("assessment"))
	choose := func(id pathway.StepID, chosen string, more ...string) {
		t.Helper()
		w.presses("lay-out-step", step(id))
		w.does("choose", "choice/"+itoa(len(state(w.id).Choices)), append(more, "chosen", chosen)...)
	}
	choose("choose-measures", "pain-school", "malaise", "no")
	w.does("complete", step("rehab-plan"))
	choose("settle", "rest")

	// At rest one thing is open, and it is a year away.
	st := state(w.id)
	var open []string
	for _, i := range st.List() {
		if i.Kind != care.TellItem {
			open = append(open, i.Ref)
		}
	}
	settle := st.StepOf("settle")
	if len(open) != 1 || !settle.Live() || care.CalendarOf(care.Sweden).LastDay(settle.Latest).String() != "2027-03-03" {
		t.Errorf("at rest %v are open, and the talk is due %s", open, settle.Latest)
	}
	me := h.visit(asPatient(st.Person)).get("/me")
	if text := me.text("main"); me.status != http.StatusOK || !strings.Contains(text, "2027") {
		t.Errorf("the patient's page answers %d: %s", me.status, text)
	}

	// She calls, and the work is open again the same minute.
	choose("settle", "more-help")
	if got := care.CalendarOf(care.Sweden).LastDay(state(w.id).StepOf("choose-measures").Latest).String(); got != "2026-03-24" {
		t.Errorf("the measures are looked at by %s", got)
	}
}
