package web_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// onPaper is a patient in the house who is told by letter or phone.
func (h *house) onPaper(name string, by care.Channel, lang care.Language) (care.PersonKey, string) {
	h.t.Helper()
	p, err := h.s.RegisterPerson(context.Background(), coordinator, h.key(), care.Norway, casework.Identity{
		Name: name, Born: care.Date{Year: 1981, Month: 5, Day: 17}, Address: "Strandgata 1, 9990 Båtsfjord", Phone: "00 00 00 77",
	})
	if err != nil {
		h.t.Fatal(err)
	}
	open := journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
		Sender:   care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}},
		Received: h.clock.Now().Add(-time.Hour), Desk: care.Post{Unit: "clinic", Role: care.Desk}, Reason: "Vondt.",
	}
	id := h.act("", open)
	h.act(string(p), person.SetChannel{Channel: by})
	h.act(string(p), person.SetLanguages{Reading: lang})
	h.accept(id)
	h.notified()
	return p, id
}

func (h *house) notified() {
	h.t.Helper()
	if err := h.s.Notify(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

// TestLetters: a letter is listed, read, printed in the person's own language on two
// sides at most, and marked as posted; each journey then has its receipt.
func TestLetters(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, id := h.onPaper("Ola Fjær", care.ByLetter, care.Swedish)
	_, other := h.onPaper("Eva Strand", care.ByLetter, care.English)
	v := h.visit(coordinator.Actor)
	list := v.get("/letters")
	if list.status != http.StatusOK || !strings.Contains(list.text("main"), "Ola Fjær") || !strings.Contains(list.text("main"), "Eva Strand") {
		t.Fatalf("the list is %d %s", list.status, list.text("main"))
	}
	at := "/letters/" + string(p) + "/1"
	letter := v.get(at)
	text := letter.text("article", "class", "letter")
	for _, want := range []string{"Strandgata 1", "Båtsfjord", "Ola Fjær", "Smerteklinikken", "Svar på brev 1-", "Senast", "00 00 00 10", "Kontakt"} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("the letter does not say %q:\n%s", want, text)
		}
	}
	if !letter.has("article", "lang", "sv") {
		t.Error("the letter is not in the person's language")
	}
	resp, err := v.client.Get(h.url + at + "/pdf")
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := file.ReadFrom(resp.Body); err != nil || resp.Body.Close() != nil {
		t.Fatal(err)
	}
	if resp.Header.Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(file.Bytes(), []byte("%PDF-")) {
		t.Fatalf("the file is %s of %d bytes", resp.Header.Get("Content-Type"), file.Len())
	}
	if n := bytes.Count(file.Bytes(), []byte("/Type /Page\n")); n < 1 || n > 2 {
		t.Errorf("the letter has %d sides", n)
	}
	// One of the two changes after the list was opened.
	h.act(other, journey.PlanStep{Step: h.state(other).StepOf("start-assessment").Step, At: h.clock.Now().AddDate(0, 0, 20)})
	h.notified()
	form := list.form("/letters")
	form["letter"] = nil
	for _, box := range list.nodes("input", "name", "letter") {
		for _, a := range box.Attr {
			if a.Key == "value" {
				form.Add("letter", a.Val)
			}
		}
	}
	if len(form["letter"]) != 2 {
		t.Fatalf("the form offers %q", form["letter"])
	}
	answer := v.post("/letters", form)
	if answer.status != http.StatusConflict || !strings.Contains(answer.text("main"), "Eva Strand") || strings.Contains(answer.text("table"), "Ola Fjær") {
		t.Errorf("marking both answers %d: %s", answer.status, answer.text("main"))
	}
	for _, x := range h.state(id).Tellings {
		if x.To.Kind == care.PartyPatient && (x.Told == nil || x.Told.How != care.ByLetter) {
			t.Errorf("posted, telling %d has %+v", x.Telling, x.Told)
		}
	}
	for _, x := range h.state(other).Tellings {
		if x.To.Kind == care.PartyPatient && x.Told != nil {
			t.Errorf("telling %d of a letter that changed counts as told", x.Telling)
		}
	}
}

// TestCalls: the list says whom to call and why, the call what to say; the note
// gives the receipt and moves on, and a call that nobody answers stays.
func TestCalls(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, id := h.onPaper("Ola Fjær", care.ByPhone, care.Bokmal)
	q, _ := h.onPaper("Eva Strand", care.ByPhone, care.Bokmal)
	v := h.visit(coordinator.Actor)
	if list := v.get("/calls").text("main"); !strings.Contains(list, "Ola Fjær") || !strings.Contains(list, "Eva Strand") {
		t.Fatalf("the list is %s", list)
	}
	first, second := "/calls/"+string(p)+"/1", "/calls/"+string(q)+"/1"
	page := v.get(first)
	if text := page.text("main"); !strings.Contains(text, "00 00 00 77") || !strings.Contains(text, "Senest") {
		t.Errorf("the call says %s", text)
	}
	if empty := v.send(page, first); empty.status != http.StatusUnprocessableEntity {
		t.Errorf("a call with nothing said answers %d", empty.status)
	}
	next := v.send(v.get(first), first, "words", "Leste opp alt.", "next", "Ringer igjen torsdag.")
	if next.status != http.StatusOK || !strings.Contains(next.text("h1"), "Eva Strand") {
		t.Errorf("after a call comes %s", next.text("h1"))
	}
	for _, x := range h.state(id).Tellings {
		if x.To.Kind == care.PartyPatient && (x.Told == nil || x.Told.How != care.ByPhone) {
			t.Errorf("called, telling %d has %+v", x.Telling, x.Told)
		}
	}
	v.send(v.get(second), second, "then", "no-answer")
	if list := v.get("/calls").text("main"); !strings.Contains(list, "Eva Strand") || strings.Contains(list, "Ola Fjær") || !strings.Contains(list, "uten svar") {
		t.Errorf("after no answer the list is %s", list)
	}
	v.send(v.get(second), second, "then", "letter")
	if list := v.get("/letters").text("main"); !strings.Contains(list, "Eva Strand") {
		t.Errorf("a letter instead is not listed: %s", list)
	}
}

// TestLetterOfHiddenAddress: an address that is hidden by law stands on no letter.
func TestLetterOfHiddenAddress(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, _ := h.onPaper("Ola Fjær", care.ByLetter, care.Bokmal)
	h.asks(coordinator, string(p), access.ProtectAddress{Kind: access.Confidential})
	h.notified()
	v := h.visit(coordinator.Actor)
	told, err := casework.View(context.Background(), h.s, coordinator, casework.ToTell{})
	if err != nil || len(told.Letters) != 1 {
		t.Fatalf("%+v %v", told.Letters, err)
	}
	page := v.get(fmt.Sprintf("/letters/%s/%d", p, told.Letters[0].Sending.Sending))
	if text := page.text("main"); page.status != http.StatusOK || strings.Contains(text, "Strandgata") || !strings.Contains(text, "skjult") {
		t.Errorf("the letter of a hidden address says %s", text)
	}
	if told.Letters[0].Sending.Channel != messaging.ByLetter {
		t.Error("it is no letter any more")
	}
}

// postsLetter marks the first letter of the terrain's person as posted.
func postsLetter(c *caller) url.Values {
	version := 0 // where the coordinator is away, nobody is asked which
	list, err := casework.View(context.Background(), c.w.s, coordinator, casework.ToTell{})
	if _, refused := care.AsRefusal(err); err != nil && !refused {
		c.w.t.Fatal(err)
	}
	for _, row := range list.Letters {
		if row.Person == c.w.person && row.Sending.Sending == 1 {
			version = row.Sending.Version
		}
	}
	f := sends("expected", norway.Date(c.w.clock.Now()).AddDays(4).String())(c)
	f.Set("letter", fmt.Sprintf("%s/1/%d", c.w.person, version))
	return f
}

// letterPages are looked at below, by whoever prints letters and calls.
func letterPages(p, letter, call string) []string {
	return []string{"/letters", "/letters/" + p + "/" + letter, "/calls", "/calls/" + p + "/" + call}
}

// TestLettersAreLookedAt: the lists, a letter and a call are as whole as any other
// page, in every language and palette, on a telephone.
func TestLettersAreLookedAt(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, _ := h.onPaper("Ola Fjær", care.ByLetter, care.Swedish)
	h.onPaper("Eva Strand", care.ByPhone, care.Bokmal)
	palettes := []string{"standard", "calm", "dark", "dim"}
	for i, code := range care.Languages {
		t.Run(string(code), func(t *testing.T) {
			s := telephone
			s.cookies = map[string]string{"display": palettes[i] + ".1", "language": string(code)}
			tab := openTab(t, s)
			tab.goTo(h.login(coordinator.Actor, "/letters"))
			for _, path := range letterPages(string(p), "1", "1") {
				if got := tab.goTo(h.url + path); got != http.StatusOK {
					t.Fatalf("%s answers %d", path, got)
				}
				for _, v := range tab.violations() {
					t.Errorf("%s: %s", path, v)
				}
				if small := tab.smallTargets(44); len(small) > 0 {
					t.Errorf("%s: too small to hit: %v", path, small)
				}
				if sheets := tab.printed(); strings.HasPrefix(path, "/letters/") && sheets > 2 {
					t.Errorf("%s is printed on %d sheets", path, sheets)
				}
			}
		})
	}
}
