package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// person registers somebody who has a login and no journey: a relative.
func (h *house) person(name string, born care.Date) care.PersonKey {
	h.t.Helper()
	p, err := h.s.RegisterPerson(context.Background(), coordinator, h.key(), care.Norway, casework.Identity{Name: name, Born: born})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// as carries out a command for a person who has just logged in.
func (h *house) as(who casework.Who, target string, c interface{ Name() string }) {
	h.t.Helper()
	who.Login = casework.Login{At: h.clock.Now(), Level: "substantial"}
	if _, err := h.s.Do(context.Background(), casework.Order{Who: who, Key: h.key(), Target: target, Command: c}); err != nil {
		h.t.Fatalf("%s: %v", c.Name(), err)
	}
}

func patientWho(p care.PersonKey) casework.Who { return casework.Who{Actor: asPatient(p)} }

// family is a patient with an accepted journey, and a relative who was offered
// the parts and said yes.
func family(t *testing.T, parts ...access.Part) (h *house, patient care.PersonKey, id string, relative care.PersonKey) {
	t.Helper()
	h = openHouse(t)
	patient, id = h.refer("Ola Vik")
	h.accept(id)
	relative = h.person("Siri Vik", care.Date{Year: 1979, Month: 2, Day: 2})
	h.as(patientWho(patient), string(patient), access.OfferProxy{To: relative, Parts: parts})
	return h, patient, id, relative
}

// choose accepts what is offered and looks at the person.
func (v *visitor) choose(person care.PersonKey) *sheet {
	v.t.Helper()
	page := v.get("/for")
	if page.has("form", "action", "/for/accept") {
		page = v.send(page, "/for/accept")
		if !strings.Contains(page.path, "done=yes") {
			v.t.Fatalf("the offer was not accepted: %s\n%s", page.path, page.text("main"))
		}
	}
	return v.post("/for", url.Values{"person": {string(person)}})
}

// TestRelativeActsAndIsSeen: two steps give access; what the relative writes is
// under their own name, to the patient and to staff; after the end the next page
// explains, and no word is lost.
func TestRelativeActsAndIsSeen(t *testing.T) {
	t.Parallel()
	h, patient, id, relative := family(t, access.Plan, access.Messages)
	siri := h.visit(asPatient(relative))
	offer := siri.get("/for")
	if text := offer.text("main"); !strings.Contains(text, "Ola Vik vil gi deg tilgang") || !strings.Contains(text, "se planen") {
		t.Fatalf("the offer does not say what it is:\n%s", text)
	}
	page := siri.choose(patient)
	if banner := page.text("p", "class", "banner"); !strings.Contains(banner, "Du ser planen til Ola Vik. Du kan lese og skrive meldinger.") {
		t.Fatalf("the line that stays is %q at %s", banner, page.path)
	}
	if page.has("form", "action", "/me/too-ill") {
		t.Error("a relative who may not act has a button to act")
	}
	form := siri.get("/me/messages")
	if got := form.form("/me/messages").Get("for"); got != string(patient) {
		t.Errorf("the form is for %q", got)
	}
	sent := siri.send(form, "/me/messages", "text", "Ola orker lite i dag.")
	if sent.status != http.StatusOK || !strings.Contains(sent.path, "done=sent") {
		t.Fatalf("the message answers %d at %s:\n%s", sent.status, sent.path, sent.text("main"))
	}
	thread, _, _ := strings.Cut(sent.path, "?")
	if text := h.visit(asPatient(patient)).get(thread).text("figcaption"); !strings.Contains(text, "Siri Vik, pårørende") {
		t.Errorf("the patient does not read who wrote:\n%s", text)
	}
	if text := h.visit(coordinator.Actor).get("/journeys/" + id + strings.TrimPrefix(thread, "/me")).text("main"); !strings.Contains(text, "Siri Vik, pårørende") {
		t.Errorf("staff do not read who wrote:\n%s", text)
	}
	// What was not given is said, and is no empty page.
	if text := siri.get("/me/hidden").text("main"); !strings.Contains(text, "Ola Vik har ikke gitt deg dette.") || !strings.Contains(text, "Historien") {
		t.Errorf("what is hidden is not said:\n%s", text)
	}
	for _, path := range []string{"/me/story", "/me/looks", "/me/wait/" + id + "/assessment-and-draft-plan"} {
		if no := siri.get(path); no.status != http.StatusForbidden || !no.has("a", "href", "/me/hidden") {
			t.Errorf("%s answers %d:\n%s", path, no.status, no.text("main"))
		}
	}
	// The patient takes it back: the next request explains.
	h.as(patientWho(patient), string(patient), access.RevokeProxy{Proxy: 1})
	over := siri.send(form, "/me/messages", "text", "Enda et ord fra meg.")
	if over.status != http.StatusForbidden || !strings.Contains(over.text("main"), "Enda et ord fra meg.") || strings.Contains(over.text("main"), "Ola") {
		t.Errorf("after the end, a message answers %d:\n%s", over.status, over.text("main"))
	}
	for _, path := range []string{"/me", "/me/messages", "/me/hidden", "/me/relief"} {
		if over := siri.get(path); over.status != http.StatusForbidden || !strings.Contains(over.text("h1"), "Du har ikke tilgang") {
			t.Errorf("after the end, %s answers %d: %s", path, over.status, over.text("main"))
		}
	}
	if own := siri.post("/for", url.Values{"person": {""}}); own.status != http.StatusOK || own.text("p", "class", "banner") != "" {
		t.Errorf("the own page answers %d with %q", own.status, own.text("p", "class", "banner"))
	}
}

// TestTwoTabsNeverMixTwoPeople: a form from the page of one is never taken as
// one about another, in either direction, and what was written is kept.
func TestTwoTabsNeverMixTwoPeople(t *testing.T) {
	t.Parallel()
	h, patient, id, relative := family(t, access.Parts...)
	own := h.act("", openFor(h, relative))
	h.accept(own)
	siri := h.visit(asPatient(relative))
	mine := siri.get("/me/messages")
	siri.choose(patient)
	theirs := siri.get("/me/messages")
	words := func(journeyID, text string) bool {
		return slices.ContainsFunc(h.words(journeyID), func(s string) bool { return s == text })
	}
	mixed := siri.send(mine, "/me/messages", "text", "Dette er om meg selv.")
	if mixed.status != http.StatusConflict || !strings.Contains(mixed.text("main"), "Dette er om meg selv.") {
		t.Fatalf("a form from the own page answers %d:\n%s", mixed.status, mixed.text("main"))
	}
	if words(id, "Dette er om meg selv.") || words(own, "Dette er om meg selv.") {
		t.Fatal("words of a mixed form were sent")
	}
	back := siri.send(mixed, "/for")
	if back.path != "/unsent" {
		t.Fatalf("changing back leads to %s", back.path)
	}
	if sent := siri.send(back, "/unsent", "do", "send"); sent.status != http.StatusOK || !words(own, "Dette er om meg selv.") || words(id, "Dette er om meg selv.") {
		t.Fatalf("what was kept was not sent to whom it was for: %d %s", sent.status, sent.path)
	}
	if mixed := siri.send(theirs, "/me/messages", "text", "Dette er om Ola."); mixed.status != http.StatusConflict || words(own, "Dette er om Ola.") {
		t.Fatalf("a form from the other's page answers %d", mixed.status)
	}
	// Every form on every page that a relative reaches says whom it is for.
	siri.choose(patient)
	n := 0
	for _, path := range []string{"/me", "/me/short", "/me/messages", "/me/matters", "/me/story", "/me/relief", "/me/wait/" + id + "/assessment-and-draft-plan"} {
		page := siri.get(path)
		for _, f := range page.nodes("form", "method", "post") {
			if action := value(f, "action"); strings.HasPrefix(action, "/me") {
				n++
				if (&sheet{t: t, root: f}).form2("for") != string(patient) {
					t.Errorf("%s: the form %s does not say whom it is for", path, action)
				}
			}
		}
	}
	if n < 6 {
		t.Fatalf("only %d forms were looked at", n)
	}
}

// form2 is the value of one field of a form.
func (p *sheet) form2(name string) string {
	for _, n := range p.nodes("input", "name", name) {
		return value(n, "value")
	}
	return ""
}

// openFor is a referral of somebody who is known already.
func openFor(h *house, p care.PersonKey) journey.Open {
	return journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
		Sender:   care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}},
		Received: h.clock.Now().Add(-time.Hour), Desk: care.Post{Unit: "clinic", Role: care.Desk}, Reason: "Vondt i ryggen.",
	}
}

// words are the messages of a journey.
func (h *house) words(id string) []string {
	h.t.Helper()
	v, err := casework.View(context.Background(), h.s, coordinator, casework.GetJourney{ID: id})
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for _, w := range v.State.Words {
		out = append(out, v.Text[w.Version]["said"])
	}
	for _, t := range v.Threads {
		one, err := casework.View(context.Background(), h.s, coordinator, casework.Threads{Journey: id, Thread: t.ID})
		if err != nil {
			h.t.Fatal(err)
		}
		for _, m := range one.Threads[0].State.Messages {
			out = append(out, one.Threads[0].Text[m.Version]["said"])
		}
	}
	return out
}

// TestParentOfAThirteenYearOld holds U28: the parent of a child who is old enough
// reads what is hidden and why, and no empty page; the child has a login of their
// own once a guardian has said yes.
func TestParentOfAThirteenYearOld(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	child, err := h.s.RegisterPerson(context.Background(), coordinator, h.key(), care.Norway, casework.Identity{Name: "Liv Vik", Born: care.Date{Year: 2013, Month: 3, Day: 1}})
	if err != nil {
		t.Fatal(err)
	}
	id := h.act("", openFor(h, child))
	h.accept(id)
	parent := h.person("Siri Vik", care.Date{Year: 1979, Month: 2, Day: 2})
	if _, err := h.s.Do(context.Background(), casework.Order{Who: coordinator, Key: h.key(), Target: string(child), Command: access.RecordGuardian{Guardian: parent, Source: access.FromRegister}}); err != nil {
		t.Fatal(err)
	}
	siri := h.visit(asPatient(parent))
	page := siri.choose(child)
	if page.status != http.StatusOK || page.path != "/me/hidden" {
		t.Fatalf("the parent is led to %s with %d:\n%s", page.path, page.status, page.text("main"))
	}
	text := page.text("main")
	for _, must := range []string{"Liv Vik er gammel nok", "Planen, stegene og timene", "innsyn på papir"} {
		if !strings.Contains(text, must) {
			t.Errorf("%q is not said:\n%s", must, text)
		}
	}
	if no := h.visit(asPatient(child)).get("/me"); no.status == http.StatusOK {
		t.Error("a child of thirteen came in without a guardian's yes")
	}
	h.as(casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(parent)}, Represents: child}, string(child), access.AllowLogin{})
	if own := h.visit(asPatient(child)).get("/me"); own.status != http.StatusOK || own.text("p", "class", "banner") != "" {
		t.Errorf("the child's own page answers %d:\n%s", own.status, own.text("main"))
	}
}

// TestReliefOpensNothing: a call for help reaches the coordinator, and nothing of
// the patient's is on the page.
func TestReliefOpensNothing(t *testing.T) {
	t.Parallel()
	h, patient, _, relative := family(t, access.Messages)
	siri := h.visit(asPatient(relative))
	siri.choose(patient)
	page := siri.get("/me/relief")
	if page.status != http.StatusOK || !page.has("a", "class", "call") {
		t.Fatalf("the page answers %d:\n%s", page.status, page.text("main"))
	}
	if empty := siri.send(page, "/me/relief"); empty.status != http.StatusUnprocessableEntity || !empty.has("section", "class", "faults") {
		t.Errorf("without a number it answers %d", empty.status)
	}
	if sent := siri.send(page, "/me/relief", "phone", "900 00 111", "words", "Jeg er sliten."); !strings.Contains(sent.path, "done=sent") {
		t.Fatalf("the call answers %d:\n%s", sent.status, sent.text("main"))
	}
	work := h.visit(coordinator.Actor).get("/work").text("main")
	if !strings.Contains(work, "Ola Vik") {
		t.Errorf("the call is on nobody's list:\n%s", work)
	}
}

// TestHelpSomeoneAlwaysAnswersAlike: whoever writes learns nothing, and words for
// somebody who is here are carried.
func TestHelpSomeoneAlwaysAnswersAlike(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, err := h.s.RegisterPerson(context.Background(), coordinator, h.key(), care.Norway, casework.Identity{Name: "Ola Vik", Born: care.Date{Year: 1981, Month: 5, Day: 17}, Number: "17058130281"})
	if err != nil {
		t.Fatal(err)
	}
	h.act("", openFor(h, p))
	stranger := h.visit(asPatient(h.person("Siri Vik", care.Date{Year: 1979, Month: 2, Day: 2})))
	var first string
	for _, try := range [][2]string{{"Ola Vik", "17058130281"}, {"Kari Vik", "17058130281"}, {"Ola Vik", "01010112345"}, {"Ola Vik", "tull"}} {
		page := stranger.get("/help-someone")
		sent := stranger.send(page, "/help-someone", "name", try[0], "number", try[1], "own-name", "Siri", "phone", "900 00 111", "words", "Han spiser ikke.")
		if sent.status != http.StatusOK || !strings.Contains(sent.path, "done=sent") {
			t.Fatalf("%v answers %d:\n%s", try, sent.status, sent.text("main"))
		}
		if first == "" {
			first = sent.text("main")
		} else if sent.text("main") != first {
			t.Errorf("%v is answered otherwise:\n%s", try, sent.text("main"))
		}
	}
	v, err := casework.View(context.Background(), h.s, coordinator, casework.Consents{Person: p})
	if err != nil || len(v.State.Messages) != 1 {
		t.Fatalf("%d messages were carried: %v", len(v.State.Messages), err)
	}
}
