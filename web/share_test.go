package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
)

// madeLink is the secure link that a page shows once, without its host.
func (p *sheet) madeLink() string {
	p.t.Helper()
	_, link, ok := strings.Cut(strings.TrimSpace(p.text("code")), "/link?")
	if !ok {
		p.t.Fatalf("%s shows no link:\n%s", p.path, p.text("main"))
	}
	return "/link?" + link
}

// stranger is somebody without an account, with a browser of their own.
func (h *house) stranger() *visitor {
	v := h.visit(coordinator.Actor)
	v.post("/logout", url.Values{})
	return v
}

// shareWith goes the steps from the receiver to the preview.
func (v *visitor) shareWith(name string, items ...string) *sheet {
	v.t.Helper()
	page := v.send(v.get("/me/share/new"), "/me/share/new", "kind", "welfare", "name", name, "do", "items")
	form := page.form("/me/share/new")
	form.Set("do", "preview")
	form["item"] = items
	return v.post("/me/share/new", form)
}

// TestSharedPage: a page is approved item by item as it was previewed, opened by
// who has the link, seen by the patient, and withdrawn at once.
func TestSharedPage(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	patient, id := h.refer("Ola Vik")
	h.accept(id)
	ola := h.visit(asPatient(patient))
	h.as(patientWho(patient), id, journey.GiveWords{Kind: "message", Text: "Bare til klinikken."})
	ola.send(ola.get("/me/messages"), "/me/messages", "text", "Bare i samtalen.")
	items := ola.send(ola.get("/me/share/new"), "/me/share/new", "kind", "welfare", "name", "NAV Vest", "do", "items")
	if items.has("input", "name", "item", "checked", "") {
		t.Error("something is chosen beforehand")
	}
	if text := items.text("fieldset"); strings.Contains(text, "Meldinger") || !strings.Contains(text, "Koordinator") {
		t.Errorf("what is offered at first:\n%s", text)
	}
	if own := ola.send(items, "/me/share/new", "do", "own"); !strings.Contains(own.text("fieldset"), "Meldinger") {
		t.Errorf("what is the patient's own cannot be found:\n%s", own.text("main"))
	}
	if none := ola.send(items, "/me/share/new", "do", "preview"); none.status != http.StatusUnprocessableEntity || !none.has("section", "class", "faults") {
		t.Errorf("a page with nothing on it answers %d", none.status)
	}
	preview := ola.shareWith("NAV Vest", "coordinator/1", "pathway/1")
	shown := preview.text("dl")
	if preview.status != http.StatusOK || !strings.Contains(shown, "Smerteklinikken") {
		t.Fatalf("the preview answers %d:\n%s", preview.status, preview.text("main"))
	}
	done := ola.send(preview, "/me/share/new", "do", "approve")
	link := done.madeLink()
	reader := h.stranger()
	landing := reader.get(link)
	if landing.status != http.StatusOK || strings.Contains(landing.text("main"), "Ola") {
		t.Fatalf("the landing page answers %d:\n%s", landing.status, landing.text("main"))
	}
	page := reader.send(landing, "/link")
	if page.path != "/shared" || page.text("dl") != shown {
		t.Fatalf("the receiver reads another page than was previewed at %s:\n%s\n%s", page.path, page.text("main"), shown)
	}
	if strings.Contains(page.text("body"), "Bare til klinikken") || strings.Contains(page.text("body"), "Bare i samtalen") {
		t.Error("a message is on the page")
	}
	for _, path := range []string{"/me", "/journeys/" + id, "/linked"} {
		if no := reader.get(path); no.status == http.StatusOK && strings.Contains(no.text("main"), "Ola") {
			t.Errorf("the receiver reads %s", path)
		}
	}
	list := ola.get("/me/share")
	if text := list.text("main"); !strings.Contains(text, "Åpnet") || strings.Contains(text, "/link?") {
		t.Errorf("the patient does not see that it was opened:\n%s", text)
	}
	if back := ola.send(list, "/me/share/withdraw"); !strings.Contains(back.path, "done=withdrawn") {
		t.Fatalf("withdrawing leads to %s", back.path)
	}
	if dead := reader.get("/shared"); dead.status != http.StatusForbidden || !strings.Contains(dead.text("h1"), "virker ikke") {
		t.Errorf("after it was withdrawn the page answers %d:\n%s", dead.status, dead.text("main"))
	}
}

// TestGuestAnswers: a link that staff made shows one question and takes one
// answer, recorded for who was asked; looking at the link does not use it up.
func TestGuestAnswers(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Ola Vik")
	h.accept(id)
	h.act(id, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Fysioterapeut Moe"}, Question: "Hvor ofte trener han nå?"})
	kari := h.visit(coordinator.Actor)
	address := "/journeys/" + id + "/links"
	if !kari.get("/journeys/"+id).has("a", "href", address) {
		t.Error("no way leads from the question to its link")
	}
	form := kari.get(address).form(address)
	form.Set("do", "make")
	link := kari.post(address, form).madeLink()
	guest := h.stranger()
	guest.get(link)
	page := guest.send(guest.get(link), "/link")
	if text := page.text("main"); page.path != "/linked" || !strings.Contains(text, "Hvor ofte trener han nå?") || strings.Contains(text, "Ola Vik") {
		t.Fatalf("the guest reads at %s:\n%s", page.path, text)
	}
	if empty := guest.send(page, "/linked", "words", " "); empty.status != http.StatusUnprocessableEntity || !empty.has("section", "class", "faults") {
		t.Errorf("an empty answer answers %d", empty.status)
	}
	if sent := guest.send(page, "/linked", "words", "To ganger i uken."); sent.status != http.StatusOK || !strings.Contains(sent.text("main"), "To ganger i uken.") {
		t.Fatalf("the answer answers %d:\n%s", sent.status, sent.text("main"))
	}
	v, err := casework.View(context.Background(), h.s, coordinator, casework.GetJourney{ID: id})
	if err != nil || v.State.Questions[0].Open {
		t.Fatalf("the question is still open: %v", err)
	}
	last := v.History[len(v.History)-1]
	for _, rec := range v.History {
		if _, is := rec.Event.(journey.QuestionAnswered); is {
			last = rec
		}
	}
	if last.For == nil || last.For.Of.Name != "Fysioterapeut Moe" {
		t.Errorf("the answer is recorded for %+v", last.For)
	}
	if again := guest.get("/linked"); again.status != http.StatusForbidden {
		t.Errorf("an answered link answers %d", again.status)
	}
	if other := h.stranger(); other.send(other.get(link), "/link").status != http.StatusForbidden {
		t.Error("a used link opens again")
	}
	// A link that was taken back opens nothing.
	h.act(id, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Fysioterapeut Moe"}, Question: "Og i helgen?"})
	form = kari.get(address).form(address)
	form.Set("do", "make")
	second := kari.post(address, form)
	form.Set("do", "end")
	if ended := kari.post(address, form); !strings.Contains(ended.path, "done=ended") {
		t.Errorf("ending a link leads to %s", ended.path)
	}
	if dead := h.stranger(); dead.send(dead.get(second.madeLink()), "/link").status != http.StatusForbidden {
		t.Error("a link that was taken back opens")
	}
}
