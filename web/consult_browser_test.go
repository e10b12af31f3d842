package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/journey"
)

// asksOutside asks somebody without an account for advice, with the form as the
// coordinator fills it, and makes the link to it.
func (p *tab) asksOutside(h *house, id, who, question, item string) (link string) {
	p.t.Helper()
	p.goTo(h.url + "/journeys/" + id + "/do/ask-advice")
	p.choose(`select[name=to]`, "other")
	p.choose(`[name=to-name]`, who)
	p.choose(`textarea[name=question]`, question)
	if got := p.press(`main form [type=submit]`); got != http.StatusOK || !p.has("section.told") {
		p.t.Fatalf("asking answers %d: %s", got, p.text("main"))
	}
	p.goTo(h.url + "/journeys/" + id + "/links")
	if got := p.press(`form:has(input[name=item][value="` + item + `"]) button[value=make]`); got != http.StatusOK {
		p.t.Fatalf("making the link answers %d: %s", got, p.text("main"))
	}
	return p.text("code")
}

// saysDead holds that a link which opens nothing says so, and what to do.
func (p *tab) saysDead(link, why string) {
	p.t.Helper()
	p.goTo(link)
	if got := p.press(`form[action="/link"] button`); got != http.StatusForbidden {
		p.t.Errorf("%s: the link answers %d", why, got)
	}
	if said := p.text("body"); !strings.Contains(said, "Lenken virker ikke lenger") || !strings.Contains(said, "Ring den som sendte den, og be om en ny.") || strings.Contains(said, "smertekurs") {
		p.t.Errorf("%s: the page says %s", why, said)
	}
}

// TestConsultByLinkInABrowser: a general practitioner without an account is asked
// for advice, opens a link that leads to that and nothing else, and answers. The
// clinic reads the answer, says what it did with it and how it went. A link that
// was used says so plainly.
func TestConsultByLinkInABrowser(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Ola Vik")
	h.accept(id)
	inNorwegian := map[string]string{"language": "nb"}
	work := openTab(t, screen{width: 1280, height: 900, cookies: inNorwegian})
	work.goTo(h.login(coordinator.Actor, "/work"))
	link := work.asksOutside(h, id, "Fastlege Lien", "Har han prøvd smertekurs?", "consult/1")

	calm := telephone
	calm.cookies = inNorwegian
	gp := openTab(t, calm)
	gp.goTo(link)
	if said := gp.text("main"); strings.Contains(said, "smertekurs") {
		t.Errorf("before the button is pressed the page says %s", said)
	}
	gp.press(`form[action="/link"] button`)
	gp.wholePage("/linked consult", []string{"standard"}, "consult")
	if said := gp.text("main"); !strings.Contains(said, "Har han prøvd smertekurs?") || !strings.Contains(said, "Kari Bjørk") || strings.Contains(said, "Ola Vik") || strings.Contains(said, "Vondt i nakken") {
		t.Errorf("the guest reads %s", said)
	}
	asked := gp.address()
	for _, other := range []string{"/journeys/" + id, "/journeys/" + id + "/copy", "/work", "/me", "/shared"} {
		got := gp.goTo(h.url + other)
		if said := gp.text("body"); strings.Contains(said, "Ola Vik") || strings.Contains(said, "Vondt i nakken") || strings.Contains(said, "smertekurs") {
			t.Errorf("with the link %s answers %d: %s", other, got, said)
		}
	}
	gp.goTo(asked)
	gp.choose("#words", "Ja, i fjor. Det hjalp litt. Prøv kortere økter.")
	if got := gp.press(`form[action="/linked"] [type=submit]`); got != http.StatusOK || !strings.Contains(gp.text("main"), "Prøv kortere økter.") {
		t.Fatalf("answering answers %d: %s", got, gp.text("main"))
	}
	if c := h.state(id).Consults[0]; c.State != journey.ConsultAnswered {
		t.Errorf("the e-consult is %s", c.State)
	}
	if got := gp.goTo(h.url + "/linked"); got != http.StatusForbidden || !strings.Contains(gp.text("body"), "Lenken virker ikke lenger") {
		t.Errorf("after the answer the page answers %d: %s", got, gp.text("body"))
	}
	openTab(t, calm).saysDead(link, "used")

	// The asker reads it, says what was done with it, and how it went.
	journeyPage := h.url + "/journeys/" + id
	follow := func(action, field, choice string) {
		t.Helper()
		work.goTo(journeyPage)
		work.press(`a[href*="/do/` + action + `"]`)
		work.tick(`input[name=` + field + `][value="` + choice + `"]`)
		if got := work.press(`main form [type=submit]`); got != http.StatusOK || !work.has("section.told") {
			t.Fatalf("%s answers %d: %s", action, got, work.text("main"))
		}
	}
	work.goTo(journeyPage)
	if said := work.text("main"); !strings.Contains(said, "Fastlege Lien") || !strings.Contains(said, "Prøv kortere økter.") {
		t.Errorf("the asker reads %s", said)
	}
	follow("use-advice", "did", "followed")
	follow("close-advice", "outcome", "helped")
	if c := h.state(id).Consults[0]; c.Did != journey.Followed || c.Outcome != "helped" {
		t.Errorf("the e-consult came to %+v", c)
	}
}
