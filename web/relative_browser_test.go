package web_test

import (
	"net/http"
	"testing"

	"forlop/access"
	"forlop/care"
)

// relativePages are one address of every route that draws a page for somebody who
// is here for another.
func relativePages(patient string) []string {
	return []string{"/for", "/for/" + patient + "/end", "/me", "/me/messages", "/me/hidden", "/me/relief", "/help-someone"}
}

// wholePages holds what every page for patients keeps: no fault that axe knows,
// nothing off the screen, targets that a thumb can hit, no script, and a picture.
func (p *tab) wholePages(url string, pages []string, palettes []string, name string) {
	p.t.Helper()
	for _, path := range pages {
		if got := p.goTo(url + path); got != http.StatusOK {
			p.t.Errorf("%s answers %d", path, got)
			continue
		}
		p.wholePage(path, palettes, name)
	}
}

// wholePage looks at the page that is open.
func (p *tab) wholePage(path string, palettes []string, name string) {
	p.t.Helper()
	for _, v := range p.violations() {
		p.t.Errorf("%s: %s", path, v)
	}
	if by := p.overflow(); by > 0 {
		p.t.Errorf("%s is %d pixels too wide", path, by)
	}
	for _, small := range p.smallTargets(44) {
		p.t.Errorf("%s: too small: %s", path, small)
	}
	if n := p.words("main"); n > 220 {
		p.t.Errorf("%s has %d words", path, n)
	}
	p.picture(name + path)
	for _, faint := range p.faintIn(palettes) {
		p.t.Errorf("%s in %s", path, faint)
	}
}

// TestRelativeInABrowser: the patient offers, the relative says yes and writes,
// the patient takes it back, and the relative's next request explains.
func TestRelativeInABrowser(t *testing.T) {
	t.Parallel()
	h, patient, _, relative := family(t, access.Plan, access.Messages)
	s := telephone
	s.noScripts = false
	s.cookies = map[string]string{"display": "dark.1", "language": "nb"}
	tab := openTab(t, s)
	tab.goTo(h.login(asPatient(relative), "/for"))
	tab.picture("relative-offer")
	tab.press(`form[action="/for/accept"] button`)
	tab.press(`form[action="/for"] button`)
	if got := tab.text("p.banner"); got != "Du ser planen til Ola Vik. Du kan lese og skrive meldinger." {
		t.Fatalf("the line that stays is %q", got)
	}
	tab.wholePages(h.url, relativePages(string(patient)), []string{"standard", "calm", "dark", "dim"}, "relative")
	tab.goTo(h.url + "/me/messages")
	tab.choose("#text", "Ola orker lite i dag.")
	if got := tab.press(`main form .button[type=submit]`); got != http.StatusOK || !tab.has(".told") {
		t.Fatalf("the message answers %d: %s", got, tab.text("main"))
	}
	h.as(patientWho(patient), string(patient), access.RevokeProxy{Proxy: 1})
	if got := tab.goTo(h.url + "/me"); got != http.StatusForbidden || tab.has("p.banner") {
		t.Errorf("after the end the page answers %d: %s", got, tab.text("main"))
	}
	tab.wholePage("/me after the end", []string{"standard", "calm", "dark", "dim"}, "relative-over")
	for i, code := range care.Languages {
		s := screen{width: 1280, height: 900, cookies: map[string]string{"display": "calm.1", "language": string(code)}}
		if i%2 == 0 {
			s.width, s.height = narrowest.width, narrowest.height
		}
		tab := openTab(t, s)
		tab.goTo(h.login(asPatient(relative), "/for"))
		tab.wholePages(h.url, []string{"/for", "/help-someone"}, []string{"dim"}, "relative-"+string(code))
	}
}
