package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/questionnaire"
	"forlop/casework"
)

// asksFor asks the person of a journey for a form, on the coordinator's page.
func asksFor(t *testing.T, w *walk, form string) string {
	t.Helper()
	d, ok := questionnaire.Find(questionnaire.Ref{ID: form})
	if !ok {
		t.Fatalf("there is no questionnaire %s", form)
	}
	page := w.send(w.get(w.at("/forms")), w.at("/forms"), "questionnaire", d.Hash, "reader", "clinic/team")
	if page.status != http.StatusOK || !page.has("section", "class", "told") {
		t.Fatalf("asking answers %d: %s", page.status, page.text("main"))
	}
	v, err := casework.View(context.Background(), w.h.s, coordinator, casework.Forms{Journey: w.id})
	if err != nil {
		t.Fatal(err)
	}
	return v.Forms[0].ID
}

// filledIn opens a form as its patient.
func filledIn(t *testing.T, h *house, p care.PersonKey, form string) casework.FormView {
	t.Helper()
	v, err := casework.View(context.Background(), h.s, casework.Who{Actor: asPatient(p)}, casework.MyForms{Form: form})
	if err != nil {
		t.Fatal(err)
	}
	return v.Forms[0]
}

// walkOf is a journey that the clinic has taken on, as the coordinator walks it.
func walkOf(t *testing.T) (*house, care.PersonKey, *walk) {
	t.Helper()
	h := openHouse(t)
	p, id := h.refer("Bodil Storlom")
	h.accept(id)
	return h, p, &walk{h.visit(coordinator.Actor), id}
}

// TestFormIsAnsweredOneQuestionAtATime holds U15 and U16 without a browser: what
// was answered is there after a new process, a new login and 120 days, and the way
// back leads to the next question.
func TestFormIsAnsweredOneQuestionAtATime(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	form := asksFor(t, w, "pain-nrs")
	at := "/me/forms/" + form
	v := h.visit(asPatient(p))
	if plan := v.get("/me"); !plan.has("a", "href", at) {
		t.Fatalf("the plan does not lead to the form: %s", plan.text("main"))
	}
	start := v.get(at)
	for _, want := range []string{"3", "Smerteklinikken", "minst 90 dager", "samme hjelpen om du ikke svarer"} {
		if !strings.Contains(start.text("main"), want) {
			t.Errorf("the start does not say %q: %s", want, start.text("main"))
		}
	}
	if strings.Contains(start.text("main"), "minutter") {
		t.Error("the start says how long it takes, and nobody has said so")
	}
	one := v.get(at + "/1")
	empty := v.post(at+"/1", one.form(at+"/1"))
	if empty.status != http.StatusUnprocessableEntity || !empty.has("section", "class", "faults") {
		t.Errorf("an empty answer gives %d", empty.status)
	}
	if two := v.send(one, at+"/1", "value", "7", "do", "next"); two.path != at+"/2" {
		t.Fatalf("after the first question comes %s", two.path)
	}
	if rest := v.send(v.get(at+"/2"), at+"/2", "value", "9", "do", "save"); !strings.HasPrefix(rest.path, at+"?") || !rest.has("a", "href", at+"/3") {
		t.Fatalf("a pause leads to %s", rest.path)
	}
	h.clock.set(h.clock.Now().AddDate(0, 0, 120))
	v.logIn()
	if back := v.get("/me"); !strings.Contains(back.text("main"), "Fortsett") {
		t.Errorf("the plan does not lead on: %s", back.text("main"))
	}
	if !v.get(at).has("a", "href", at+"/3") {
		t.Error("after 120 days the form does not go on where it was")
	}
	form3 := v.get(at + "/3").form(at + "/3")
	form3.Set("value", "4")
	h.clock.set(h.clock.Now().Add(31 * time.Minute)) // the login ends between two questions
	if late := v.post(at+"/3", form3); !strings.Contains(late.path, "kept=1") {
		t.Fatalf("sent without a login it leads to %s", late.path)
	}
	resp, err := v.client.Get(h.login(asPatient(p), "/me"))
	unsent := v.page(resp, err)
	if sent := v.send(unsent, "/unsent", "do", "send"); sent.status != http.StatusOK || filledIn(t, h, p, form).Values["mean"] != 4 {
		t.Fatalf("after the login the answer is %v (%s)", filledIn(t, h, p, form).Values, sent.path)
	}
	check := v.get(at + "/check")
	if said := check.text("dl"); !strings.Contains(said, "7") || !check.has("a", "href", at+"/1") {
		t.Errorf("the answers are shown as %s", said)
	}
	send := check.form(at + "/check")
	for range 2 { // pressed twice
		if done := v.post(at+"/check", send); done.status != http.StatusOK || !strings.Contains(done.text("main"), "7") {
			t.Fatalf("sending answers %d at %s", done.status, done.path)
		}
	}
	send.Set("key", "another")
	if again := v.post(at+"/check", send); again.status != http.StatusOK || filledIn(t, h, p, form).State.Status != questionnaire.HandedIn {
		t.Errorf("sent from another window it answers %d", again.status)
	}
	// Back, and once more: what was sent stays, and the copy says so.
	form3.Set("value", "10")
	form3.Set("key", "back")
	if back := v.post(at+"/3", form3); back.status != http.StatusOK || back.path != at || filledIn(t, h, p, form).Values["mean"] != 4 {
		t.Errorf("after it was sent an answer leads to %d %s", back.status, back.path)
	}
	page := w.get(w.at("/forms/" + form))
	_ = page
	w.logIn()
	page = w.get(w.at("/forms/" + form))
	if read := w.send(page, w.at("/forms/"+form), "act", "read"); !read.has("section", "class", "told") {
		t.Errorf("reading it answers %d", read.status)
	}
}

// TestFormBadInput: two windows, forty thousand letters, a question that is not
// there, no key.
func TestFormBadInput(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	form := asksFor(t, w, "pain-nrs")
	at := "/me/forms/" + form
	v := h.visit(asPatient(p))
	first, second := v.get(at+"/1"), v.get(at+"/1")
	v.send(first, at+"/1", "value", "3", "do", "next")
	if two := v.send(second, at+"/1", "value", "8", "do", "next"); two.status != http.StatusConflict || !strings.Contains(two.text("main"), "3") {
		t.Errorf("the second window answers %d: %s", two.status, two.text("main"))
	}
	if same := v.send(second, at+"/1", "value", "3", "do", "next"); same.status != http.StatusOK || same.path != at+"/2" {
		t.Errorf("the same answer from a second window leads to %d %s", same.status, same.path)
	}
	if got := filledIn(t, h, p, form).Values["now"]; got != 3 {
		t.Errorf("the answer is %d", got)
	}
	for _, bad := range []string{strings.Repeat("å", 40_000), "11", "-1", "3.5", "שלום 🙂", "0x3"} {
		if page := v.send(v.get(at+"/2"), at+"/2", "value", bad, "do", "next"); page.status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q answers %d", bad, page.status)
		}
	}
	if _, there := filledIn(t, h, p, form).State.Answers["worst"]; there {
		t.Error("what is no answer was kept")
	}
	for _, path := range []string{at + "/0", at + "/4", at + "/x", "/me/forms/none", "/me/forms/none/1"} {
		if got := v.get(path).status; got != http.StatusNotFound {
			t.Errorf("%s answers %d", path, got)
		}
	}
	if page := v.post(at+"/2", url.Values{"value": {"3"}, "do": {"next"}}); page.status != http.StatusUnprocessableEntity {
		t.Errorf("without a key it answers %d", page.status)
	}
	// Leaving out keeps why, each in its own code, and too ill lets everything rest.
	v.send(v.get(at+"/2"), at+"/2", "missing", "unknown")
	v.send(v.get(at+"/1"), at+"/1", "missing", "declined")
	rest := v.send(v.get(at+"/3"), at+"/3", "missing", "too-ill")
	if !strings.Contains(rest.text("section", "class", "told"), "ikke noe mer i dag") {
		t.Errorf("too ill leads to %s: %s", rest.path, rest.text("main"))
	}
	state := filledIn(t, h, p, form).State
	if state.Answers["now"].Missing != questionnaire.Unwanted || state.Answers["worst"].Missing != questionnaire.Unknown || state.Answers["mean"].Missing != questionnaire.TooIll {
		t.Errorf("the codes are %+v", state.Answers)
	}
	who, err := casework.View(context.Background(), h.s, coordinator, casework.GetPerson{Key: p})
	if err != nil || who.State.MayRemind(h.clock.Now()) {
		t.Errorf("reminders go on: %v", err)
	}
	if !v.get(at).has("a", "href", at+"/3") {
		t.Error("the form does not lead back to what the person was too ill for")
	}
	if no := v.post(at, v.get(at).form(at)); no.status != http.StatusOK || filledIn(t, h, p, form).State.Status != questionnaire.NotWanted {
		t.Errorf("not wanting it answers %d", no.status)
	}
}

// TestAlertOnAPage: who is told stands there before the answer, and after it who
// was told and whom to phone; the duty post has it on the list at once.
func TestAlertOnAPage(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	h.setUp("clinic", directory.AddPost{Role: care.Duty})
	h.setUp("clinic", directory.Join{Professional: "turid", Role: care.Duty})
	form := asksFor(t, w, "phq-9")
	at := "/me/forms/" + form
	v := h.visit(asPatient(p))
	start := v.get(at)
	if !start.has("a", "href", at+"/1?in=en") || !strings.Contains(start.text("main"), "ikke på ditt språk") || !strings.Contains(start.text("main"), "Turid Rogn") {
		t.Errorf("the start of a form in another language says: %s", start.text("main"))
	}
	if in := v.get(at + "/9"); in.path != at {
		t.Errorf("without a language the question is shown at %s", in.path)
	}
	nine := v.get(at + "/9?in=en")
	for _, want := range []string{"Turid Rogn", "116 117"} {
		if !strings.Contains(nine.text("div", "class", "notice"), want) {
			t.Errorf("before the answer %q is not said: %s", want, nine.text("main"))
		}
	}
	told := v.send(nine, at+"/9?in=en", "value", "1", "do", "next")
	for _, want := range []string{"Turid Rogn", "116 117"} {
		if !strings.Contains(told.text("section", "class", "told"), want) {
			t.Errorf("after the answer %q is not said: %s", want, told.text("main"))
		}
	}
	duty := h.visit(professional("turid"))
	work := duty.get("/work")
	if !work.has("a", "href", w.at("/forms/"+form)) {
		t.Fatalf("who is on duty reads: %s", work.text("main"))
	}
	page := duty.get(w.at("/forms/" + form))
	if !strings.Contains(page.text("section", "class", "card"), "Several days") {
		t.Errorf("the answer reads: %s", page.text("main"))
	}
	if empty := duty.send(page, w.at("/forms/"+form), "act", "see-to", "item", "harm"); empty.status != http.StatusUnprocessableEntity {
		t.Errorf("without a word of what was done it answers %d", empty.status)
	}
	done := duty.send(page, w.at("/forms/"+form), "act", "see-to", "item", "harm", "words-harm", "Ringte. Møtes i morgen.")
	if !strings.Contains(done.text("section", "class", "card"), "Møtes i morgen.") || duty.get("/work").has("a", "href", w.at("/forms/"+form)) {
		t.Errorf("after somebody acted: %s", done.text("main"))
	}
}

// TestRelativeFillsIn: a relative with the part for it answers in their own name;
// where it ended meanwhile the answer is not taken, and it is said plainly.
func TestRelativeFillsIn(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	form := asksFor(t, w, "pain-nrs")
	at := "/me/forms/" + form
	eva, _ := h.refer("Eva Storlom")
	me := casework.Who{Actor: asPatient(p)}
	h.asks(me, string(p), access.OfferProxy{To: eva, Parts: []access.Part{access.Plan, access.Acts}})
	h.asks(casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(eva)}}, string(p), access.AcceptProxy{Proxy: 1})
	v := h.visit(asPatient(eva))
	v.post("/for", url.Values{"person": {string(p)}})
	one := v.get(at + "/1")
	v.send(one, at+"/1", "value", "6", "do", "next")
	if got := filledIn(t, h, p, form); got.Values["now"] != 6 || got.State.Answers["now"].By.ID != string(eva) {
		t.Fatalf("the relative's answer is %v by %+v", got.Values, got.State.Answers["now"].By)
	}
	open := v.get(at + "/2")
	h.asks(me, string(p), access.RevokeProxy{Proxy: 1})
	over := v.send(open, at+"/2", "value", "9", "do", "next")
	if over.status != http.StatusForbidden || !strings.Contains(over.text("main"), "ikke tilgang") {
		t.Errorf("after the access ended it answers %d: %s", over.status, over.text("main"))
	}
	got := filledIn(t, h, p, form)
	if len(got.State.Answers) != 1 || got.Values["now"] != 6 {
		t.Errorf("the answers are %v", got.Values)
	}
	copied := h.visit(asPatient(p)).get(at + "/check")
	if !strings.Contains(copied.text("dl"), "Eva Storlom") {
		t.Errorf("the patient does not see who answered: %s", copied.text("dl"))
	}
}

// TestPaperFormIsTypedIn: what came on paper stands as the patient's, with who
// wrote it down; sums are those of what was answered.
func TestPaperFormIsTypedIn(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	form := asksFor(t, w, "peg")
	at := w.at("/forms/" + form)
	paper := w.get(at + "/paper")
	bad := w.send(paper, at+"/paper", "answer-pain", "7", "answer-enjoyment", "12")
	if bad.status != http.StatusUnprocessableEntity || filledIn(t, h, p, form).Values["pain"] != 7 {
		t.Fatalf("with one answer that is none it answers %d: %v", bad.status, filledIn(t, h, p, form).Values)
	}
	done := w.send(bad, at+"/paper", "answer-enjoyment", "6", "answer-activity", "unknown")
	if !done.has("section", "class", "told") || !strings.Contains(done.text("table", "id", "sums"), "Ingen sum: 2 av 3") {
		t.Errorf("two of three answers give: %s", done.text("main"))
	}
	if by := filledIn(t, h, p, form).State.Answers["pain"].By; by.Party.Kind != care.PartyPatient || by.How != care.ByLetter || by.Recorder != "kari" {
		t.Errorf("it stands as %+v", by)
	}
	for _, who := range []string{"Pasienten", "Kari Bjørk", "Visste ikke"} {
		if !strings.Contains(done.text("table", "id", "answers"), who) {
			t.Errorf("%q is not among the answers: %s", who, done.text("table", "id", "answers"))
		}
	}
	outside := w.send(w.get(w.at("/forms")), w.at("/forms"), "questionnaire", "sha256:none", "reader", "clinic/team")
	if outside.status != http.StatusNotFound && outside.status != http.StatusUnprocessableEntity {
		t.Errorf("a form that is not there answers %d", outside.status)
	}
}
