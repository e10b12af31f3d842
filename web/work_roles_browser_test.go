package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// A stroll takes a patient along a pathway in a browser whose scripts are off.
type stroll struct {
	*tab
	h  *house
	id string
}

// in logs somebody in and opens a page.
func (w *stroll) in(a care.Actor, path string) {
	w.t.Helper()
	if got := w.goTo(w.h.login(a, url.QueryEscape(path))); got != http.StatusOK {
		w.t.Fatalf("%s: %s answers %d", a.ID, path, got)
	}
}

// fills sets fields by their names: a value chosen, a text written, a box ticked.
func (w *stroll) fills(fields ...string) {
	w.t.Helper()
	for i := 0; i+1 < len(fields); i += 2 {
		name, value := fields[i], fields[i+1]
		box := "input[name=" + quote(name) + "][value=" + quote(value) + "]:is([type=radio],[type=checkbox])"
		if w.has(box) {
			w.tick(box)
			continue
		}
		w.choose("[name="+quote(name)+"]:is(input,select,textarea)", value)
	}
}

// sends presses the button of the form with that action and expects the
// confirmation.
func (w *stroll) sends(action string) {
	w.t.Helper()
	if got := w.press("form[method=post][action$=" + quote(action) + "] .button[type=submit]"); got != http.StatusOK || !w.has(".told") {
		w.t.Fatalf("%s answers %d:\n%s", action, got, w.text("main"))
	}
}

// does fills and sends the form of an action.
func (w *stroll) does(action, item string, fields ...string) {
	w.t.Helper()
	if got := w.goTo(w.h.url + "/journeys/" + w.id + "/do/" + action + "?item=" + item); got != http.StatusOK {
		w.t.Fatalf("the form of %s answers %d:\n%s", action, got, w.text("main"))
	}
	w.fills(fields...)
	w.sends("/do/" + action)
}

// presses one button on the page that is open: of that action, on that thing.
func (w *stroll) presses(action, item string) {
	w.t.Helper()
	button := "form.press[action$=" + quote("/do/"+action) + "]:has([name=item][value=" + quote(item) + "]) button"
	if got := w.press(button); got != http.StatusOK || !w.has(".told") {
		w.t.Fatalf("the button of %s answers %d:\n%s", action, got, w.text("main"))
	}
}

func (w *stroll) step(id pathway.StepID) string {
	w.t.Helper()
	st := w.h.state(w.id).StepOf(id)
	if st == nil || !st.Live() {
		w.t.Fatalf("the step %s is not open", id)
	}
	return "step/" + itoa(st.Step)
}

func (w *stroll) day(days int) string { return norway.Date(w.h.clock.Now()).AddDays(days).String() }

func (w *stroll) pass(days int) { w.h.clock.set(w.h.clock.Now().AddDate(0, 0, days)) }

// protocol is the record of a meeting with the patient first on every item.
func (w *stroll) protocol(meeting int) []string {
	var fields []string
	for _, item := range w.h.state(w.id).Meetings[meeting-1].Agenda {
		fields = append(fields, "first-"+item, "yes")
	}
	return fields
}

// TestEveryoneIsLoggedIn takes a patient from the referral to the end and back
// in the browser: the practice refers, the desk answers, the team assesses, the
// patient gives their wishes, the practice takes over.
func TestEveryoneIsLoggedIn(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := desk
	s.noScripts, s.language = true, "nb"
	w := &stroll{tab: openTab(t, s), h: h}
	gp := care.Actor{Kind: care.Professional, ID: "per", Unit: "practice"}
	team := care.Actor{Kind: care.Professional, ID: "turid", Unit: "clinic"}

	w.in(gp, "/referrals/new")
	w.fills("name", "Bodil Storlom", "born", "1979-02-11", "desk", "clinic/desk", "reason", "Vondt i ryggen i tre år.", "holds", "onset")
	w.sends("/referrals/new")
	at, err := url.Parse(w.address())
	if err != nil {
		t.Fatal(err)
	}
	w.id = strings.TrimPrefix(at.Path, "/journeys/")
	if got := h.state(w.id).Responsible.Unit; got != "practice" {
		t.Errorf("until the clinic takes it on, responsible is %s", got)
	}
	if h.state(w.id).Origin != journey.Referred {
		t.Errorf("the practice's own referral came as %s", h.state(w.id).Origin)
	}

	w.in(coordinator.Actor, "/referrals")
	if got := w.press("#work tbody td:last-child a"); got != http.StatusOK {
		t.Fatalf("answering answers %d", got)
	}
	if got := w.press(".things h2 a"); got != http.StatusOK {
		t.Fatalf("taking on answers %d", got)
	}
	w.fills("right", "right", "latest-legal-date", w.day(60), "reasons", "Smertene har vart lenge.", "how-to-complain", "Skriv til Statsforvalteren.", "message", "Kari ringer deg.")
	w.sends("/answer")
	if at, err := url.Parse(w.address()); err != nil || at.Path != "/referrals" {
		t.Errorf("after the answer the desk is at %s", w.address())
	}
	w.goTo(h.url + "/journeys/" + w.id)
	w.presses("complete", w.step("start-date"))

	w.in(gp, "/work")
	w.presses("complete", w.step("help-while-waiting"))

	w.in(team, "/work")
	w.does("plan", w.step("start-assessment"), "at", w.day(20), "at-time", "10:00")
	w.pass(21)
	w.in(team, "/journeys/"+w.id)
	w.presses("complete", w.step("start-assessment"))
	w.does("complete", w.step("assessment-and-draft-plan"), "words", "Et forslag er skrevet.")

	w.in(coordinator.Actor, "/work")
	w.presses("complete", w.step("invite-to-summary-meeting"))
	w.does("call-meeting", w.step("summary-meeting"), "at", w.day(14), "at-time", "12:00")

	person := h.state(w.id).Person
	w.in(asPatient(person), "/me/matters")
	w.fills("words", "Å kunne gå i fjæra igjen.")
	if got := w.press("form[action^='/me/matters'] button[type=submit]"); got != http.StatusOK {
		t.Errorf("the patient's words answer %d", got)
	}

	w.pass(15)
	w.in(team, "/journeys/"+w.id+"/meetings/1")
	if !strings.Contains(w.text("#wishes"), "fjæra") {
		t.Errorf("the patient's words do not stand first on the meeting's page: %s", w.text("#wishes"))
	}
	w.fills(append(w.protocol(1), "patientPresent", "yes", "minutes", "Vi ble enige.", "what-1", "Rolig opptrapping", "for-1", "practice/gp", "due-1", w.day(60))...)
	w.sends("/do/hold-meeting")

	w.in(gp, "/work?view=offers")
	w.presses("accept", "offer/"+itoa(openOffer(t, h, w.id, journey.OfIntervention)))

	w.pass(100)
	w.in(coordinator.Actor, "/journeys/"+w.id)
	w.does("call-meeting", w.step("follow-up-meeting"), "at", w.day(5), "at-time", "09:30")
	w.pass(6)
	w.in(team, "/journeys/"+w.id+"/meetings/2")
	w.fills(append(w.protocol(2), "patientPresent", "yes", "minutes", "Planen virker.")...)
	w.sends("/do/hold-meeting")

	w.in(coordinator.Actor, "/journeys/"+w.id)
	w.does("offer", w.step("hand-over-to-gp"), "to", "practice/gp", "prescriptions", "practice/gp", "sick-notes", "none")
	if got := h.state(w.id).Responsible.Unit; got != "clinic" {
		t.Errorf("an offer moved responsibility to %s", got)
	}
	w.in(gp, "/work?view=offers")
	w.presses("accept", "offer/"+itoa(openOffer(t, h, w.id, journey.OfResponsibility)))
	w.does("end", "end/follow-up-held", "prescriptions", "practice/gp", "sick-notes", "none", "next-check", w.day(90), "safety-net", "Ring meg.")
	if got := h.state(w.id); got.Status != journey.Closed || got.Responsible.Unit != "practice" {
		t.Fatalf("the journey is %s with %v", got.Status, got.Responsible)
	}
	w.in(coordinator.Actor, "/journeys/"+w.id)
	w.does("come-back", "", "why", "Smertene er tilbake.", "to", "clinic/coordinator")
	if got := h.state(w.id); got.Status != journey.Running || got.Responsible.Unit != "clinic" {
		t.Errorf("back again it is %s with %v", got.Status, got.Responsible)
	}
	if said := w.complained(); len(said) > 0 {
		t.Errorf("the browser complained: %v", said)
	}
}

// TestOnlyTheCoordinatorInTheBrowser does the same with nobody else logged in:
// what the others did is recorded for them, with how it reached the coordinator.
func TestOnlyTheCoordinatorInTheBrowser(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := telephone
	s.noScripts, s.language = true, "nb"
	w := &stroll{tab: openTab(t, s), h: h}
	byPhone := func(who string, more ...string) []string {
		return append([]string{"behalf", who, "how", "phone"}, more...)
	}

	w.in(coordinator.Actor, "/referrals/new")
	w.fills("name", "Bodil Storlom", "sender", "other", "sender-name", "Legene i Dalen", "reason", "Vondt i ryggen i tre år.")
	w.sends("/referrals/new")
	at, err := url.Parse(w.address())
	if err != nil {
		t.Fatal(err)
	}
	w.id = strings.TrimPrefix(at.Path, "/journeys/")
	if got := h.state(w.id).Responsible.Unit; got != "clinic" {
		t.Errorf("a sender who is not here cannot answer for it, and responsible is %s", got)
	}
	w.goTo(h.url + "/journeys/" + w.id + "/answer?answer=accept")
	w.fills("right", "right", "latest-legal-date", w.day(60), "reasons", "Smertene har vart lenge.", "how-to-complain", "Skriv til Statsforvalteren.")
	w.sends("/answer")
	w.does("bind", "role/gp", "post", "practice/gp")
	w.does("complete", w.step("help-while-waiting"), byPhone("practice/gp", "words", "Fysioterapi er avtalt.")...)
	w.does("complete", w.step("start-assessment"), byPhone("clinic/team", "words", "Møttes på video.")...)
	for n, step := range []pathway.StepID{"summary-meeting", "follow-up-meeting"} {
		w.does("call-meeting", w.step(step), "at", w.day(7), "at-time", "12:00")
		w.pass(8)
		w.in(coordinator.Actor, "/journeys/"+w.id+"/meetings/"+itoa(n+1))
		w.fills(append(w.protocol(n+1), "patientPresent", "no", "patientWords", "Vil ha ro.", "minutes", "Vi ble enige.")...)
		w.sends("/do/hold-meeting")
		w.does("answer-decisions", "meeting/"+itoa(n+1), "answer", "agrees")
	}
	w.does("offer", w.step("hand-over-to-gp"), "to", "practice/gp", "prescriptions", "practice/gp", "sick-notes", "none")
	w.does("accept", "offer/"+itoa(openOffer(t, h, w.id, journey.OfResponsibility)), byPhone("practice/gp")...)
	w.does("end", "end/follow-up-held", "prescriptions", "practice/gp", "sick-notes", "none", "next-check", w.day(90), "safety-net", "Ring oss.")
	if got := h.state(w.id); got.Status != journey.Closed || got.Responsible.Unit != "practice" {
		t.Fatalf("the journey is %s with %v", got.Status, got.Responsible)
	}
	w.does("come-back", "", "why", "Smertene er tilbake.")
	if got := h.state(w.id); got.Status != journey.Running || got.Responsible.Unit != "clinic" {
		t.Errorf("back again it is %s with %v", got.Status, got.Responsible)
	}
}

func openOffer(t *testing.T, h *house, id string, kind journey.OfferKind) int {
	t.Helper()
	for _, o := range h.state(id).Offers {
		if o.Kind == kind && o.State == journey.OfferOpen {
			return o.Offer
		}
	}
	t.Fatalf("nothing of %s is offered", kind)
	return 0
}
