package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// accessPages are one address of every route about who can see and act.
var accessPages = []string{
	"/me/access", "/me/access/stop?unit=clinic", "/me/access/stop?person=kari", "/me/access/stop?but=clinic", "/me/access/blocks/1", "/me/access/give",
	"/me/access/people/1", "/me/access/people/2", "/me/access/notices", "/me/access/ages", "/me/looks",
}

// full is a patient of whom everything that the page can hold is true: one
// relative may act and one is asked, one unit is shut out, and somebody opened
// the record without asking.
func full(t *testing.T) (*house, care.PersonKey) {
	t.Helper()
	h, p, id := seen(t)
	h.asPerson(p, access.OfferProxy{To: h.relative("Ola Storlom", synthetic), Parts: []access.Part{access.Plan, access.Messages}, Until: norway.Date(h.clock.Now()).AddDays(200)})
	v := h.visit(asPatient(p))
	_ = v.get("/me")
	h.accepts(p, h.relative("Ola Storlom", synthetic), 1)
	h.asPerson(p, access.OfferProxy{To: h.relative("Anne Storlom", "29822099635"), Parts: []access.Part{access.Looks}, Until: norway.Date(h.clock.Now()).AddDays(100)})
	h.asPerson(p, access.Block{Against: access.Against{Unit: "practice"}, Strength: access.Closed, Words: "Jeg vil bytte lege."})
	h.clock.set(h.clock.Now().Add(time.Hour))
	astrid := worker("astrid", "trust", care.Lead)
	astrid.Login = casework.Login{At: h.clock.Now(), Level: "substantial"}
	if _, err := h.s.Do(context.Background(), casework.Order{Who: astrid, Key: h.key(), Target: string(p), Command: access.OpenRecord{Why: access.Emergency, Words: "Funnet bevisstløs.", Hours: 2}}); err != nil {
		t.Fatal(err)
	}
	if _, err := casework.View(context.Background(), h.s, astrid, casework.GetJourney{ID: id}); err != nil {
		t.Fatal(err)
	}
	return h, p
}

// asPerson carries out a command for the patient, logged in anew.
func (h *house) asPerson(p care.PersonKey, c access.Command) {
	h.t.Helper()
	who := casework.Who{Actor: asPatient(p), Login: casework.Login{At: h.clock.Now(), Level: "substantial"}}
	if _, err := h.s.Do(context.Background(), casework.Order{Who: who, Key: h.key(), Target: string(p), Command: c}); err != nil {
		h.t.Fatalf("%s: %v", c.Name(), err)
	}
}

// TestAccessOnATelephone looks at the pages about who can see as the sickest do:
// on a small screen, in each language and palette, and once on a wide one.
func TestAccessOnATelephone(t *testing.T) {
	h, p := full(t)
	for _, look := range []struct {
		language, palette string
		width             int64
	}{{"nb", "standard", 360}, {"nn", "calm", 360}, {"sv", "dark", 360}, {"en", "dim", 360}, {"nb", "dark", 1200}} {
		tab := openTab(t, screen{width: look.width, height: 640, language: look.language, cookies: map[string]string{"display": look.palette + ".1", "language": look.language}})
		tab.goTo(h.login(asPatient(p), "/me/access"))
		for _, path := range accessPages {
			if got := tab.goTo(h.url + path); got != http.StatusOK {
				t.Errorf("%s %s answers %d", look.language, path, got)
				continue
			}
			if tab.has("#more") {
				if words := tab.wordsUpTo("main", "#more"); words > 220 {
					t.Errorf("%s %s: %d words before the links, with everything on the page that it can hold", look.language, path, words)
				}
			}
			for _, v := range tab.violations() {
				t.Errorf("%s %s: %s", look.language, path, v)
			}
			if over := tab.overflow(); over > 0 {
				t.Errorf("%s %s: %d px too wide", look.language, path, over)
			}
			if small := tab.smallTargets(44); look.width < 400 && len(small) > 0 {
				t.Errorf("%s %s: too small to hit: %v", look.language, path, small)
			}
			if strings.Contains(tab.text("main"), "‹") {
				t.Errorf("%s %s: a text is missing: %s", look.language, path, tab.text("main"))
			}
			tab.picture("access-" + look.language + "-" + look.palette + strings.NewReplacer("/", "-", "=", "-").Replace(path))
		}
		if said := tab.complained(); len(said) > 0 {
			t.Errorf("%s: the browser complained: %v", look.language, said)
		}
	}
}

// TestAccessIsShort holds U9 for the page as most patients meet it: whom they see
// before the links is at most 120 words.
func TestAccessIsShort(t *testing.T) {
	h, p, _ := seen(t)
	for _, code := range care.Languages {
		tab := openTab(t, screen{width: 360, height: 640, language: string(code), cookies: map[string]string{"language": string(code)}})
		tab.goTo(h.login(asPatient(p), "/me/access"))
		if words := tab.wordsUpTo("main", "#more"); words > 120 || words < 20 {
			t.Errorf("%s: %d words before the links, at most 120", code, words)
		}
	}
}

// TestStopWithoutScripts shuts somebody out in three presses, from the line of the
// log to the confirmation.
func TestStopWithoutScripts(t *testing.T) {
	h, p, _ := seen(t)
	tab := openTab(t, screen{width: 360, height: 640, noScripts: true, language: "nb"})
	tab.goTo(h.login(asPatient(p), "/me/access"))
	if got := tab.press(`a[href="/me/access/stop?person=per"]`); got != http.StatusOK {
		t.Fatalf("the link answers %d", got)
	}
	if got := tab.press(`main form[action="/me/access/stop?person=per"] button`); got != http.StatusOK || !strings.Contains(tab.text("main"), "Det er stengt.") {
		t.Fatalf("the press answers %d:\n%s", got, tab.text("main"))
	}
}
