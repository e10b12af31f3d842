package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/care/directory"
	"forlop/journey"
	"forlop/pathway"
)

// A walk takes a patient along a pathway by forms alone.
type walk struct {
	*visitor
	id string
}

// at is the journey's address with more behind it.
func (w *walk) at(more string) string { return "/journeys/" + w.id + more }

// item is the thing of the newest step of that id.
func (w *walk) item(id pathway.StepID) string {
	w.t.Helper()
	st := w.h.state(w.id).StepOf(id)
	if st == nil || !st.Live() {
		w.t.Fatalf("the step %s is not open: %+v", id, st)
	}
	return "step/" + itoa(st.Step)
}

// does opens the form of an action, fills it and sends it; it must lead back to
// the journey with a confirmation.
func (w *walk) does(action, item string, changes ...string) *sheet {
	w.t.Helper()
	p := w.tries(action, item, changes...)
	if p.status != http.StatusOK || !p.has("section", "class", "told") {
		w.t.Fatalf("%s %s answers %d:\n%s", action, item, p.status, p.text("section"))
	}
	return p
}

func (w *walk) tries(action, item string, changes ...string) *sheet {
	w.t.Helper()
	form := w.get(w.at("/do/" + action + "?item=" + item))
	if form.status != http.StatusOK {
		w.t.Fatalf("the form of %s %s answers %d: %s", action, item, form.status, form.text("main"))
	}
	return w.send(form, w.at("/do/"+action), changes...)
}

// presses sends the button of an action as it stands on the journey's page.
func (w *walk) presses(action, item string) *sheet {
	w.t.Helper()
	page := w.get(w.at(""))
	p := w.post(w.at("/do/"+action), page.form(w.at("/do/"+action), item))
	if p.status != http.StatusOK || !p.has("section", "class", "told") {
		w.t.Fatalf("pressing %s %s answers %d:\n%s", action, item, p.status, p.text("section"))
	}
	return p
}

// pass lets days go by; whoever is logged in logs in again.
func (w *walk) pass(days int) {
	w.t.Helper()
	w.h.clock.set(w.h.clock.Now().AddDate(0, 0, days))
	w.logIn()
}

func (w *walk) day(days int) string { return norway.Date(w.h.clock.Now()).AddDays(days).String() }

// register takes a referral in by the form.
func (v *visitor) register(name string, changes ...string) *walk {
	v.t.Helper()
	form := v.get("/referrals/new")
	if form.status != http.StatusOK {
		v.t.Fatalf("the intake answers %d: %s", form.status, form.text("main"))
	}
	p := v.send(form, "/referrals/new", append([]string{"name", name, "born", "1979-02-11", "sender", "practice/gp", "reason", "Vondt i ryggen i tre år."}, changes...)...)
	if p.status != http.StatusOK || !strings.HasPrefix(p.path, "/journeys/") {
		v.t.Fatalf("registering leads to %d %s:\n%s", p.status, p.path, p.text("main"))
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(p.path, "/journeys/"), "?")
	return &walk{v, id}
}

// TestOnlyTheCoordinatorIsLoggedIn takes a patient from the referral to the end
// and back. Everybody else's part is recorded for them.
func TestOnlyTheCoordinatorIsLoggedIn(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.setUp("kommune", directory.OpenUnit{Unit: "kommune", Kind: "municipal-coordination", Parent: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "Koordinerende enhet i Vik"}})
	w := h.visit(coordinator.Actor).register("Bodil Storlom")
	gp := []string{"behalf", "practice/gp", "how", "phone"}

	// The referral is answered, and what the patient will read is shown first.
	preview := w.send(w.get(w.at("/answer?answer=accept")), w.at("/answer"), "right", "right", "latest-legal-date", w.day(60),
		"reasons", "Smertene har vart lenge.", "how-to-complain", "Skriv til Statsforvalteren.", "message", "Kari ringer deg.", "then", "preview")
	if preview.status != http.StatusOK || !strings.Contains(preview.text("section", "id", "preview"), "Kari ringer deg.") {
		t.Fatalf("the preview answers %d: %s", preview.status, preview.text("main"))
	}
	if w.h.state(w.id).Answer != nil {
		t.Fatal("a preview answered the referral")
	}
	if p := w.send(preview, w.at("/answer")); p.status != http.StatusOK || w.h.state(w.id).Answer == nil {
		t.Fatalf("the answer answers %d: %s", p.status, p.text("main"))
	}
	w.presses("complete", w.item("start-date"))
	w.does("complete", w.item("help-while-waiting"), append(gp, "words", "Fastlegen har avtalt fysioterapi.")...)
	w.does("fact", "fact/needs-several-services", "value", "true")
	w.does("bind", "role/municipality", "post", "kommune/desk")
	w.does("complete", w.item("municipal-coordinator"), "behalf", "kommune/desk", "how", "letter", "words", "Koordinator er tilbudt.")

	w.does("plan", w.item("start-assessment"), "at", w.day(21), "at-time", "10:00", "way", "video")
	w.pass(22)
	w.does("complete", w.item("start-assessment"), "words", "De tre møtte pasienten på video.")
	w.presses("complete", w.item("invite-to-summary-meeting"))
	w.does("complete", w.item("wishes-before-summary-meeting"), "behalf", "patient", "how", "phone", "words", "Vil tilbake i halv jobb.")
	w.presses("complete", w.item("assessment-and-draft-plan"))
	w.does("say-what-matters", "", "topic", "goals", "words", "Å kunne gå i fjæra igjen.")

	// The meeting: NAV is called for its part only, the patient is first.
	w.does("call-meeting", w.item("summary-meeting"), "at", w.day(14), "at-time", "12:00", "name-nav", "NAV Vik")
	meeting := w.h.state(w.id).Meetings[0]
	w.pass(15)
	page := w.get(w.at("/meetings/1"))
	if !strings.Contains(page.text("section", "id", "wishes"), "fjæra") {
		t.Errorf("the patient's words do not stand first: %s", page.text("section", "id", "wishes"))
	}
	record := []string{"patientPresent", "no", "patientWords", "Vil tilbake i halv jobb.", "minutes", "Alle var enige.", "summary", "Du får hjelp til en rolig start.",
		"what-1", "Rolig opptrapping med hvile", "for-1", "practice/gp", "due-1", w.day(60)}
	for _, item := range meeting.Agenda {
		record = append(record, "first-"+item, "yes")
	}
	if p := w.send(page, w.at("/do/hold-meeting"), record...); p.status != http.StatusOK || !p.has("section", "class", "told") {
		t.Fatalf("the record answers %d: %s", p.status, p.text("section"))
	}
	w.does("answer-decisions", "meeting/1", "answer", "agrees", "behalf", "patient", "how", "phone")
	w.does("accept", w.offer(journey.OfIntervention), "how", "phone")
	w.presses("complete", w.item("share-plan"))

	w.pass(80)
	w.does("complete", w.item("midway-talk"), "behalf", "patient", "how", "phone", "words", "Det går bedre.")
	w.does("complete", w.item("wishes-before-follow-up-meeting"), "behalf", "relative", "how", "phone", "words", "Trenger mindre avstand.")
	w.does("call-meeting", w.item("follow-up-meeting"), "at", w.day(30), "at-time", "09:30")
	w.pass(31)
	record = []string{"patientPresent", "yes", "minutes", "Planen virker."}
	for _, item := range w.h.state(w.id).Meetings[1].Agenda {
		record = append(record, "first-"+item, "yes")
	}
	w.does("hold-meeting", "meeting/2", record...)

	// Responsibility moves when the practice accepts, not before.
	step := w.item("hand-over-to-gp")
	w.does("offer", step, "to", "practice/gp", "prescriptions", "practice/gp", "sick-notes", "none")
	w.waits(step, w.offer(journey.OfResponsibility))
	if got := w.h.state(w.id).Responsible.Unit; got != "clinic" {
		t.Errorf("an offer moved responsibility to %s", got)
	}
	w.does("accept", w.offer(journey.OfResponsibility), "behalf", "practice/gp", "how", "letter")
	if got := w.h.state(w.id).Responsible.Unit; got != "practice" {
		t.Errorf("responsible is %s after the practice accepted", got)
	}
	w.does("end", "end/follow-up-held", "prescriptions", "practice/gp", "sick-notes", "none", "next-check", w.day(90),
		"safety-net", "Ring fastlegen.")
	if got := w.h.state(w.id).Status; got != journey.Closed {
		t.Fatalf("the journey is %s", got)
	}
	w.does("come-back", "", "why", "Smertene er tilbake.", "to", "clinic/coordinator")
	st := w.h.state(w.id)
	if st.Status != journey.Running || st.Responsible.Unit != "clinic" || len(st.Items) == 0 {
		t.Errorf("back again it is %s with %v and %d open things", st.Status, st.Responsible, len(st.Items))
	}
	if p := w.get(w.at("/history")); p.status != http.StatusOK || len(p.nodes("li")) < 30 {
		t.Errorf("the history answers %d with %d lines", p.status, len(p.nodes("li")))
	}
}

// offer is the open offer of a kind.
func (w *walk) offer(kind journey.OfferKind) string {
	w.t.Helper()
	for _, o := range w.h.state(w.id).Offers {
		if o.Kind == kind && o.State == journey.OfferOpen {
			return "offer/" + itoa(o.Offer)
		}
	}
	w.t.Fatalf("nothing of %s is offered", kind)
	return ""
}
