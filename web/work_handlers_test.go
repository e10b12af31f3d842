package web_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/library"
	"forlop/web"
)

// north is a second clinic, with a desk of its own, that takes no part.
func (h *house) north() care.Actor {
	h.t.Helper()
	h.setUp("nils", directory.Register{Professional: "nils", Profession: "physician"})
	if err := h.s.NameProfessional(context.Background(), "nils", casework.Identity{Name: "Nils Holm"}); err != nil {
		h.t.Fatal(err)
	}
	h.setUp("north", directory.OpenUnit{Unit: "north", Kind: "pain-clinic", Parent: "trust", Regime: care.Norway, Roles: []care.Role{"team", "coordinator"}, Contact: directory.Contact{Name: "Smerteklinikken Nord"}})
	for _, role := range []care.Role{care.Desk, "coordinator"} {
		h.setUp("north", directory.Join{Professional: "nils", Role: role})
	}
	return care.Actor{Kind: care.Professional, ID: "nils", Unit: "north"}
}

// rich is a journey with something of every sort in it, open and done.
func rich(t *testing.T) (*house, *walk) {
	t.Helper()
	h := openHouse(t)
	h.north()
	_, id := h.refer("Bodil Storlom")
	w := &walk{h.visit(coordinator.Actor), id}
	w.does("ask", "", "to", "practice/gp", "question", "Hvilke medisiner?")
	w.does("answer-question", "question/1", "words", "Bare paracet.")
	h.accept(id)
	w.does("wait", "", "for", "other", "for-name", "Fysioterapeuten", "reason", "result")
	w.does("agree", "", "what", "Kort gåtur", "for", "practice/gp", "due", w.day(30))
	w.does("say-what-matters", "", "topic", "goals", "words", "Å kunne gå i fjæra igjen.")
	w.does("tell-story", "", "words", "Det begynte på jobb.")
	w.does("words", "", "kind", "wish", "text", "Kan dere ringe?")
	w.does("record-finding", "", "kind", "mri-lumbar", "examined", w.day(-30), "by", "other", "by-name", "Røntgen Vest", "showed", "Uten funn.")
	w.does("pause", "", "why", "too-ill")
	w.does("set-energy", "", "perWeek", "1", "minutes", "30")
	w.does("set-adaptations", "", "adaptations", "dark-room")
	w.does("report-condition", "", "malaise", "yes", "severity", "moderate")
	w.does("set-carrier", "", "what", "sick-note", "by", "practice/gp", "until", w.day(40))
	w.does("change-gp", "", "gp", "practice/gp")
	w.does("plan", w.item("help-while-waiting"), "at", w.day(2), "at-time", "09:00")
	w.does("complete", w.item("start-assessment"), "words", "Møttes.")
	w.does("ask-advice", "", "to", "practice/gp", "question", "Hva har vært prøvd?")
	w.does("call-joint", "", "questions", "Hva holder det ved like?", "party-1", "clinic/team", "discipline-1", "physician", "by-1", w.day(20),
		"party-2", "practice/gp", "discipline-2", "physiotherapist", "by-2", w.day(20), "summaryBy", w.day(25))
	w.does("contribute", "contribution/1", "words", "Normale funn.")
	w.does("disagree", "joint/1", "words", "Jeg tror belastningen er for stor.")
	w.does("summarise", "joint/1", "words", "Vi fant ikke noe farlig.", "without", "Fysioterapeuten er syk.")
	w.does("call-meeting", w.item("summary-meeting"), "at", w.day(14), "at-time", "12:00", "name-nav", "NAV Vik", "despite", "Hun ble spurt og vil det.")
	w.does("plan", w.item("assessment-and-draft-plan"), "at", w.day(2), "at-time", "09:00")
	w.does("offer-contact", "", "to", "north/coordinator")
	w.does("set-channel", "", "channel", "letter")
	w.does("offer-responsibility", "", "to", "north/coordinator", "prescriptions", "none", "sick-notes", "none")
	w.pass(30)
	if _, err := h.s.WakeDue(context.Background(), "test", nil); err != nil {
		t.Fatal(err)
	}
	return h, w
}

// TestEveryWorkPageInFourLanguages follows every link that a professional meets,
// in each language. Nothing is missing, unfilled or broken.
func TestEveryWorkPageInFourLanguages(t *testing.T) {
	t.Parallel()
	h, w := rich(t)
	for _, code := range care.Languages {
		v := h.visit(coordinator.Actor)
		at, err := url.Parse(h.url)
		if err != nil {
			t.Fatal(err)
		}
		v.client.Jar.SetCookies(at, []*http.Cookie{{Name: "language", Value: string(code)}})
		seen := map[string]bool{}
		queue := []string{"/work", "/referrals", "/referrals/new", "/meetings", "/find", w.at(""), w.at("/history"), w.at("/meetings/1")}
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			if seen[path] {
				continue
			}
			seen[path] = true
			p := v.get(path)
			if p.status != http.StatusOK {
				t.Errorf("%s %s answers %d: %s", code, path, p.status, p.text("h1"))
			}
			if len(p.nodes("h1")) != 1 || value(p.nodes("html")[0], "lang") != string(code) {
				t.Errorf("%s %s has %d headings and the language %s", code, path, len(p.nodes("h1")), value(p.nodes("html")[0], "lang"))
			}
			for _, a := range p.nodes("a", "href", "") {
				to, _, _ := strings.Cut(value(a, "href"), "#")
				if strings.HasPrefix(to, "/journeys/"+w.id) || strings.HasPrefix(to, "/work?") {
					queue = append(queue, to)
				}
			}
		}
		if len(seen) < 60 {
			t.Errorf("%s: only %d pages were followed", code, len(seen))
		}
	}
}

// TestRefusedFormKeepsWhatWasTyped holds U14: what is wrong stands first, each
// thing leads to its field, and nothing typed is lost.
func TestRefusedFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	h.accept(id)
	w := &walk{h.visit(coordinator.Actor), id}
	item := w.item("start-assessment")
	for name, bad := range map[string][]string{
		"by the engine":   {"at", "2020-01-02", "at-time", "10:00"},
		"no such date":    {"at", "2026-02-30", "at-time", "10:00"},
		"no time":         {"at", "2026-04-02", "at-time", ""},
		"nonsense":        {"at", "i morgen", "at-time", "10:00"},
		"time of nothing": {"at", "2026-04-02", "at-time", "25:71"},
	} {
		p := w.tries("plan", item, append(bad, "words", "Hun tåler lite lyd.", "way", "video", "behalf", "patient", "how", "letter")...)
		if p.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: answers %d", name, p.status)
			continue
		}
		faults := p.nodes("section", "class", "faults")
		if len(faults) != 1 {
			t.Errorf("%s: no summary of what is wrong", name)
			continue
		}
		if _, focused := attribute(faults[0], "autofocus"); !focused {
			t.Errorf("%s: the summary has no focus", name)
		}
		leads := (&sheet{t: t, root: faults[0]}).nodes("a")
		if len(leads) == 0 || !p.has("input", "id", strings.TrimPrefix(value(leads[0], "href"), "#")) || !p.has("input", "aria-invalid", "true") {
			t.Errorf("%s: what is wrong does not lead to its field", name)
		}
		form := p.form(w.at("/do/plan"))
		for i := 0; i+1 < len(bad); i += 2 {
			if form.Get(bad[i]) != bad[i+1] {
				t.Errorf("%s: %s was %q and is %q", name, bad[i], bad[i+1], form.Get(bad[i]))
			}
		}
		if form.Get("words") != "Hun tåler lite lyd." || form.Get("way") != "video" || form.Get("behalf") != "patient" || form.Get("how") != "letter" {
			t.Errorf("%s: what was typed is gone: %v", name, form)
		}
		if h.state(id).StepOf("start-assessment").Planned != (time.Time{}) {
			t.Errorf("%s: it was planned all the same", name)
		}
	}
}

// TestTheSameFormTwiceDoesItOnce holds that a double press is harmless.
func TestTheSameFormTwiceDoesItOnce(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	w := &walk{h.visit(coordinator.Actor), id}
	form := w.get(w.at("/do/note")).form(w.at("/do/note"))
	form.Set("words", "Ringte og spurte.")
	for range 2 {
		if p := w.post(w.at("/do/note"), form); p.status != http.StatusOK || !p.has("section", "class", "told") {
			t.Errorf("answers %d: %s", p.status, p.text("main"))
		}
	}
	if n := h.state(id).Notes; n != 1 {
		t.Errorf("%d notes were made", n)
	}
	step := w.item("help-while-waiting")
	button := w.get(w.at("")).form(w.at("/do/complete"), step)
	for range 2 {
		if p := w.post(w.at("/do/complete"), button); p.status != http.StatusOK {
			t.Errorf("the button answers %d: %s", p.status, p.text("main"))
		}
	}
	intake := w.get("/referrals/new").form("/referrals/new")
	intake.Set("name", "Kåre Lind")
	intake.Set("sender", "practice/gp")
	first, second := w.post("/referrals/new", intake), w.post("/referrals/new", intake)
	if first.status != http.StatusOK || first.path != second.path {
		t.Errorf("the same referral leads to %s and to %s", first.path, second.path)
	}
}

// TestChangedItemKeepsTheTypedText holds that somebody who comes too late is told
// what changed, with what they typed still there, and can go on from it.
func TestChangedItemKeepsTheTypedText(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	h.accept(id)
	w := &walk{h.visit(coordinator.Actor), id}
	item := w.item("start-assessment")
	form := w.get(w.at("/do/plan?item=" + item))
	h.act(id, journey.PlanStep{Step: h.state(id).StepOf("start-assessment").Step, At: h.clock.Now().AddDate(0, 0, 9)})
	p := w.send(form, w.at("/do/plan"), "words", "Etter lunsj passer best.", "at", w.day(12))
	if p.status != http.StatusConflict || !p.has("section", "id", "changed") {
		t.Fatalf("answers %d: %s", p.status, p.text("main"))
	}
	kept := p.form(w.at("/do/plan"))
	if kept.Get("words") != "Etter lunsj passer best." || kept.Get("at") != w.day(12) {
		t.Errorf("what was typed is gone: %v", kept)
	}
	if p := w.post(w.at("/do/plan"), kept); p.status != http.StatusOK {
		t.Errorf("going on from what is shown now answers %d: %s", p.status, p.text("main"))
	}
	if got := norway.Date(h.state(id).StepOf("start-assessment").Planned).String(); got != w.day(12) {
		t.Errorf("it is planned for %s", got)
	}
	done := w.get(w.at("/do/complete?item=" + item))
	h.act(id, journey.CompleteStep{Step: h.state(id).StepOf("start-assessment").Step})
	if p := w.send(done, w.at("/do/complete"), "words", "Møttes på video."); p.status != http.StatusConflict || p.form(w.at("/do/complete")).Get("words") != "Møttes på video." {
		t.Errorf("what is done already answers %d", p.status)
	}
}

// TestUndoTakesItBack presses a button and then the one that takes it back.
func TestUndoTakesItBack(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	w := &walk{h.visit(coordinator.Actor), id}
	p := w.presses("complete", w.item("help-while-waiting"))
	if h.state(id).StepOf("help-while-waiting").Live() {
		t.Fatal("the button did nothing")
	}
	told := &sheet{t: t, path: p.path, root: p.nodes("section", "class", "told")[0]}
	if p := w.post(w.at("/do/undo"), told.form(w.at("/do/undo"))); p.status != http.StatusOK {
		t.Fatalf("undo answers %d: %s", p.status, p.text("main"))
	}
	if !h.state(id).StepOf("help-while-waiting").Live() {
		t.Error("undo did nothing")
	}
}

// TestNoPartNoPage holds that a unit which takes no part sees and does nothing.
func TestNoPartNoPage(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	other := h.visit(h.north())
	_, id := h.refer("Bodil Storlom")
	w := &walk{other, id}
	for _, path := range []string{"", "/history", "/answer", "/answer?answer=accept", "/attachment", "/meetings/1", "/do/note", "/do/plan?item=step/1"} {
		if p := other.get(w.at(path)); p.status != http.StatusNotFound || strings.Contains(p.text("body"), "Bodil") {
			t.Errorf("%s answers %d", path, p.status)
		}
	}
	before := h.state(id).Version
	for _, action := range []string{"note", "too-ill", "complete", "undo", "set-channel"} {
		p := other.post(w.at("/do/"+action), url.Values{"item": {"step/1"}, "key": {"x" + action}, "words": {"x"}, "channel": {"phone"}})
		if p.status != http.StatusNotFound && p.status != http.StatusForbidden {
			t.Errorf("%s answers %d", action, p.status)
		}
	}
	if p := other.post(w.at("/answer"), url.Values{"answer": {"accept"}, "key": {"y"}}); p.status != http.StatusNotFound {
		t.Errorf("answering answers %d", p.status)
	}
	if got := h.state(id).Version; got != before {
		t.Errorf("something happened all the same: %d, was %d", got, before)
	}
	if p := other.post("/find", url.Values{"q": {"Bodil"}}); p.status != http.StatusOK || strings.Contains(p.text("main"), "Storlom") {
		t.Errorf("a search outside one's relations answers %d: %s", p.status, p.text("main"))
	}
	if p := other.get("/work?post=clinic/desk"); p.status != http.StatusForbidden {
		t.Errorf("somebody else's list answers %d", p.status)
	}
}

// TestAbsurdFormsAreAnswered sends what no browser would, to every action. None
// of it is a fault of ours.
func TestAbsurdFormsAreAnswered(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	h.accept(id)
	w := &walk{h.visit(coordinator.Actor), id}
	long := strings.Repeat("æ", 100_000)
	sent := 0
	send := func(action, item, fill string) {
		form := url.Values{"item": {item}, "key": {fmt.Sprintf("absurd-%d", sent)}, "seen": {fill}}
		for _, name := range []string{"words", "at", "at-time", "until", "review", "due", "to", "for", "post", "behalf", "how", "happened", "happened-time", "reason", "channel", "text", "kind", "value", "as", "topic", "perWeek"} {
			form.Set(name, fill)
		}
		sent++
		if p := w.post(w.at("/do/"+action), form); p.status >= 500 {
			t.Fatalf("%s %.20s %.20s answers %d", action, item, fill, p.status)
		}
	}
	for action, kind := range web.Actions() {
		for _, item := range []string{"", kind + "/1", kind + "/99999999999999999999", kind + "/-1", "../.."} {
			send(action, item, "x")
			if p := w.get(w.at("/do/" + action + "?item=" + url.QueryEscape(item))); p.status >= 500 {
				t.Fatalf("the form of %s %s answers %d", action, item, p.status)
			}
		}
		for _, fill := range []string{"", "-1", "2026-13-45", "99999999999999999999", "unit/ghost", "<script>alert(1)</script>"} {
			send(action, map[bool]string{true: kind + "/1"}[kind != ""], fill)
		}
	}
	for _, item := range []string{"role/gp", "end/died", "clock/answer", "told/1", "finding/7", "pause/2", "matters/goals", long} {
		send("note", item, long)
	}
	if sent < 500 {
		t.Fatalf("only %d forms were sent", sent)
	}
	for path, form := range map[string]url.Values{
		w.at("/do/note"):   {"words": {strings.Repeat("x", 10<<20)}},
		w.at("/note"):      {"said": {long}, "next": {"7"}, "who": {"ghost/desk"}, "happened": {"x"}},
		w.at("/answer"):    {"answer": {"reject"}},
		"/referrals/new":   {"name": {long}, "received": {"9999-99-99"}, "sender": {"x"}, "desk": {"x"}, "fact-needs-several-services": {"maybe"}},
		"/work/post":       {"act-from": {"trust/lead"}},
		"/journeys/x/note": {"said": {"x"}},
		"/find":            {"q": {long}},
	} {
		if p := w.post(path, form); p.status >= 500 || p.status == http.StatusOK {
			t.Errorf("%s answers %d", path, p.status)
		}
	}
	for _, path := range []string{"/work?page=-3&sort=x&view=y&post=", "/work?page=99999999999", "/referrals/new?pathway=x", "/journeys/" + id + "?done=undo&at=-1", "/work?done=note&in=nowhere&at=1", "/work?done=note&in=" + id + "&at=1"} {
		if p := w.get(path); p.status >= 500 {
			t.Errorf("%.60s answers %d", path, p.status)
		}
	}
}

// TestReferralComesWithItsDocument registers a referral with a document, and
// reads it again.
func TestReferralComesWithItsDocument(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.visit(coordinator.Actor)
	form := v.get("/referrals/new").form("/referrals/new")
	form.Set("name", "Kåre Lind")
	form.Set("sender", "other")
	form.Set("sender-name", "Legene i Dalen")
	form.Set("received", norway.Date(h.clock.Now()).AddDays(-4).String())
	form["holds"] = []string{"onset", "goals"}
	form["opens-for"] = []string{"six-months", "patient-asks"}
	pdf := []byte("%PDF-1.7\nVondt i nakken.")
	send := func(content []byte, name string) *sheet {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		for field, values := range form {
			for _, x := range values {
				if err := m.WriteField(field, x); err != nil {
					t.Fatal(err)
				}
			}
		}
		part, err := m.CreateFormFile("attachment", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		return v.page(v.client.Post(h.url+"/referrals/new", m.FormDataContentType(), &body))
	}
	if p := send([]byte("<html><script>"), "side.html"); p.status != http.StatusUnprocessableEntity || p.form("/referrals/new").Get("sender-name") != "Legene i Dalen" {
		t.Errorf("a document that runs answers %d", p.status)
	}
	if p := send(make([]byte, 13<<20), "stor.pdf"); p.status != http.StatusRequestEntityTooLarge {
		t.Errorf("13 MB answers %d", p.status)
	}
	p := send(pdf, "hen\"visning.pdf")
	if p.status != http.StatusOK || !strings.HasPrefix(p.path, "/journeys/") {
		t.Fatalf("answers %d %s: %s", p.status, p.path, p.text("main"))
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(p.path, "/journeys/"), "?")
	st := h.state(id)
	if got := norway.Date(st.Received).DaysUntil(norway.Date(h.clock.Now())); got != 4 {
		t.Errorf("it was received %d days ago", got)
	}
	if st.Sender.Name != "Legene i Dalen" || st.Responsible.Unit != "clinic" || len(st.Missing) != 5 || slices.Contains(st.Missing, "goals") {
		t.Errorf("it came from %v, is with %v and lacks %v", st.Sender, st.Responsible, st.Missing)
	}
	pain, _ := library.Load("no.pain")
	said := pain.Texts[care.Bokmal].Opens["six-months"]
	if !slices.Equal(st.OpensFor, form["opens-for"]) || said == "" || !strings.Contains(p.text("main"), said) {
		t.Errorf("it was opened for %v, and the page does not say %q", st.OpensFor, said)
	}
	resp, err := v.client.Get(h.url + "/journeys/" + id + "/attachment")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var got bytes.Buffer
	if _, err := got.ReadFrom(resp.Body); err != nil || !bytes.Equal(got.Bytes(), pdf) {
		t.Errorf("the document reads %q, %v", got.String(), err)
	}
	if resp.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("it is sent as %v", resp.Header)
	}
}

// TestFourAnswersNoneOfWhichEnds gives each answer to a referral by its form.
func TestFourAnswersNoneOfWhichEnds(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	nils := h.north()
	v := h.visit(coordinator.Actor)
	legal := []string{"right", "no-right", "reasons", "Fastlegen kan hjelpe nå.", "how-to-complain", "Skriv til Statsforvalteren."}
	for kind, fill := range map[pathway.AnswerKind][]string{
		pathway.Accept:   append([]string{"latest-legal-date", "2026-05-01"}, slices.Concat(legal, []string{"right", "right"})...),
		pathway.Advise:   append([]string{"plan", "Rolig opptrapping.", "owner", "practice/gp", "prescriptions", "practice/gp", "sick-notes", "none"}, legal...),
		pathway.Redirect: {"receiver", "north/desk", "reasons", "De har fysioterapeut.", "prescriptions", "none", "sick-notes", "none"},
		pathway.Ask:      {"question", "Hvilke medisiner?"},
	} {
		w := v.register("Bodil " + string(kind))
		page := w.get(w.at("/answer"))
		if n := len(page.nodes("li", "class", "card")); n < 5 { // the step and the four
			t.Errorf("%s: the page shows %d cards", kind, n)
		}
		form := w.get(w.at("/answer?answer=" + string(kind)))
		if p := w.send(form, w.at("/answer")); p.status != http.StatusUnprocessableEntity {
			t.Errorf("an empty %s answers %d", kind, p.status)
		}
		p := w.send(form, w.at("/answer"), fill...)
		if p.status != http.StatusOK || !p.has("section", "class", "told") {
			t.Errorf("%s answers %d: %s", kind, p.status, p.text("section"))
			continue
		}
		st := h.state(w.id)
		if st.Status != journey.Running || len(st.Items) == 0 {
			t.Errorf("%s left the journey %s with %d open things", kind, st.Status, len(st.Items))
		}
		if kind == pathway.Redirect {
			other := &walk{h.visit(nils), w.id}
			if p := other.presses("accept", other.redirected()); p.status != http.StatusOK {
				t.Errorf("taking it over answers %d", p.status)
			}
			if got := h.state(w.id).StepOf("assess-referral").Owner.Unit; got != "north" {
				t.Errorf("after it was taken over it is assessed by %s", got)
			}
		}
	}
}

func (w *walk) redirected() string {
	for _, o := range w.h.state(w.id).Offers {
		if o.State == journey.OfferOpen && o.Kind == journey.OfReferral && o.Step > 0 {
			return "offer/" + itoa(o.Offer)
		}
	}
	w.t.Fatal("nothing was passed on")
	return ""
}

// total is how many rows a list says that it has.
func total(list *sheet) int {
	words := strings.Fields(list.text("nav", "class", "pages"))
	for n := len(words) - 1; n >= 0; n-- {
		if at, err := strconv.Atoi(strings.Trim(words[n], ".")); err == nil {
			return at
		}
	}
	return 0
}

// TestWorklistCountsWhatItShows holds U33 and U37: views are addresses, and the
// figures are those of the lists they lead to.
func TestWorklistCountsWhatItShows(t *testing.T) {
	t.Parallel()
	h, w := rich(t)
	for range 60 {
		h.refer("Ola Nordmann")
	}
	p := w.get("/work")
	var figures []string
	for _, n := range p.nodes("span", "class", "figure") {
		figures = append(figures, textOfNode(n))
	}
	if len(figures) != 4 {
		t.Fatalf("the figures are %v", figures)
	}
	for i, view := range []string{"late", "week", "none", "unread"} {
		rows, pages, at := 0, 0, "/work?view="+view
		for at != "" && pages < 20 {
			list := w.get(at)
			for _, body := range list.nodes("table", "id", "work") {
				rows += len((&sheet{t: t, root: body}).nodes("th", "scope", "row"))
			}
			// A cause with many patients is one row, and opens to as many as it says.
			for _, cause := range list.nodes("table", "id", "causes") {
				for _, a := range (&sheet{t: t, root: cause}).nodes("a", "href", "") {
					if pages == 0 {
						rows += total(w.get(value(a, "href")))
					}
				}
			}
			at = ""
			for _, next := range list.nodes("a", "rel", "next") {
				at = value(next, "href")
			}
			pages++
		}
		if itoa(rows) != figures[i] {
			t.Errorf("%s shows %d rows on %d pages, the figure says %s", view, rows, pages, figures[i])
		}
		if view == "late" {
			if rows == 0 || !strings.Contains(w.get("/work?view=late").text("span", "class", "past"), "over fristen") {
				t.Errorf("%d rows are late, and none says by how much", rows)
			}
		}
	}
	if p := w.get("/work?post=clinic/desk&sort=since&view=referrals"); p.status != http.StatusOK || !p.has("option", "selected", "") {
		t.Errorf("a view of one post answers %d", p.status)
	}
}

// TestSavingLeadsBackToTheList holds U36: a form that was opened from a list
// leads back to the same place in it, with a confirmation that can be undone.
func TestSavingLeadsBackToTheList(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	h.accept(id)
	w := &walk{h.visit(coordinator.Actor), id}
	list := w.get("/work?sort=since&view=all")
	at := ""
	for _, a := range list.nodes("a", "href", "") {
		if strings.Contains(value(a, "href"), "/do/tell?") {
			at = value(a, "href")
		}
		if to, _, _ := strings.Cut(value(a, "href"), "#"); to == w.at("") && !strings.Contains(value(a, "href"), "#") {
			t.Errorf("a row leads to the journey and not to its item: %s", value(a, "href"))
		}
	}
	if at == "" {
		t.Fatalf("nothing can be told from the list:\n%s", list.text("tbody"))
	}
	p := w.send(w.get(at), w.at("/do/tell"), "channel", "phone")
	if p.status != http.StatusOK || !strings.HasPrefix(p.path, "/work?") || !strings.Contains(p.path, "sort=since") || !p.has("section", "class", "told") {
		t.Errorf("saving leads to %d %s", p.status, p.path)
	}
	item := w.item("start-date")
	press := w.get("/work").form(w.at("/do/complete"), item)
	p = w.post(w.at("/do/complete"), press)
	told := p.nodes("section", "class", "told")
	if !strings.HasPrefix(p.path, "/work") || len(told) != 1 {
		t.Fatalf("the button leads to %d %s", p.status, p.path)
	}
	undo := (&sheet{t: t, path: p.path, root: told[0]}).form(w.at("/do/undo"))
	if p := w.post(w.at("/do/undo"), undo); p.status != http.StatusOK || !h.state(id).StepOf("start-date").Live() {
		t.Errorf("undo from the list answers %d", p.status)
	}
}

// TestPhoneNoteMovesTheNextStep keeps the note of two fields.
func TestPhoneNoteMovesTheNextStep(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	h.accept(id)
	w := &walk{h.visit(coordinator.Actor), id}
	step := h.state(id).StepOf("start-assessment")
	p := w.send(w.get(w.at("")), w.at("/note"), "said", "Hun vil helst komme på formiddagen.", "next", itoa(step.Step))
	if p.status != http.StatusOK || !p.has("section", "class", "told") {
		t.Fatalf("the note answers %d: %s", p.status, p.text("main"))
	}
	if st := h.state(id); st.Notes != 1 || st.StepOf("start-assessment").Planned.IsZero() {
		t.Errorf("%d notes, planned %v", st.Notes, st.StepOf("start-assessment").Planned)
	}
	said := p.text("section", "id", "history")
	if !strings.Contains(said, "formiddagen") || !strings.Contains(said, "Pasienten (telefon)") {
		t.Errorf("the history does not say what was said and by whom: %s", said)
	}
	if p := w.send(w.get(w.at("")), w.at("/note")); p.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty note answers %d", p.status)
	}
}

// TestPostsAreSwitched acts from one post and then from another.
func TestPostsAreSwitched(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.visit(coordinator.Actor)
	if p := v.send(v.get("/work"), "/work/post", "act-from", "clinic/desk"); p.status != http.StatusOK {
		t.Fatalf("switching answers %d", p.status)
	}
	w := v.register("Bodil Storlom")
	w.does("note", "", "words", "Ringte.")
	st := h.state(w.id)
	if got := st.Acts[len(st.Acts)-1]; got.Command == "" || !strings.Contains(w.get(w.at("")).text("section", "id", "history"), "mottak") {
		t.Errorf("the act does not stand with the post that was chosen: %+v", got)
	}
	if p := v.post("/work/post", url.Values{"act-from": {"practice/gp"}}); p.status != http.StatusForbidden {
		t.Errorf("somebody else's post answers %d", p.status)
	}
	if p := v.post("/logout", url.Values{}); p.status != http.StatusOK || !strings.HasPrefix(p.path, "/login") {
		t.Errorf("logging out leads to %d %s", p.status, p.path)
	}
	if p := v.get("/work"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("after logging out the list is at %s", p.path)
	}
}
