package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/journey"
)

// guestPages are one address of every route that draws a page for who came by a
// secure link, or for who makes one.
func guestPages(id string) []string {
	return []string{"/link", "/linked", "/shared", "/me/share", "/me/share/new", "/journeys/" + id + "/links"}
}

// TestSharedPageInABrowser: a patient shares a page step by step, a receiver opens
// it, and a guest answers a question.
func TestSharedPageInABrowser(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	patient, id := h.refer("Ola Vik")
	h.accept(id)
	palettes := []string{"standard", "calm", "dark", "dim"}
	s := telephone
	s.cookies = map[string]string{"display": "dark.1", "language": "nb"}
	tab := openTab(t, s)
	tab.goTo(h.login(asPatient(patient), "/me/share"))
	tab.goTo(h.url + "/me/share/new")
	tab.wholePage("/me/share/new", palettes, "share")
	tab.tick("#kind")
	tab.choose("#name", "NAV Vest")
	tab.press(`button[value="items"]`)
	tab.wholePage("/me/share/items", palettes, "share")
	tab.tick("#item")
	tab.press(`button[value="preview"]`)
	tab.wholePage("/me/share/preview", palettes, "share")
	if got := tab.press(`button[value="approve"]`); got != http.StatusOK || !tab.has("code") {
		t.Fatalf("approving answers %d: %s", got, tab.text("main"))
	}
	tab.wholePage("/me/share", palettes, "share")
	reader := openTab(t, s)
	reader.goTo(tab.text("code"))
	reader.wholePage("/link", palettes, "guest")
	reader.press(`form[action="/link"] button`)
	if !strings.HasSuffix(reader.address(), "/shared") || !strings.Contains(reader.text("dl"), "Smerteklinikken") {
		t.Fatalf("the receiver reads at %s: %s", reader.address(), reader.text("main"))
	}
	reader.wholePage("/shared", palettes, "guest")
	tab.goTo(h.url + "/me/share")
	tab.press(`form[action="/me/share/withdraw"] button`)
	if got := reader.goTo(h.url + "/shared"); got != http.StatusForbidden {
		t.Errorf("a withdrawn page answers %d", got)
	}
	reader.wholePage("/shared withdrawn", palettes, "guest-dead")

	h.act(id, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Fysioterapeut Moe"}, Question: "Hvor ofte trener han nå?"})
	work := openTab(t, screen{width: 1280, height: 900, cookies: map[string]string{"display": "dark.1", "language": "nb"}})
	work.goTo(h.login(coordinator.Actor, "/journeys/"+id+"/links"))
	work.press(`button[value="make"]`)
	for _, v := range work.violations() {
		t.Errorf("links: %s", v)
	}
	work.picture("staff-links")
	reader.goTo(work.text("code"))
	reader.press(`form[action="/link"] button`)
	reader.wholePage("/linked", palettes, "guest")
	reader.choose("#words", "To ganger i uken.")
	if got := reader.press(`form[action="/linked"] button`); got != http.StatusOK || h.state(id).Questions[0].Open {
		t.Fatalf("the answer answers %d: %s", got, reader.text("main"))
	}
	reader.wholePage("/linked answered", palettes, "guest-answered")
}
