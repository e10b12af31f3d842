package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"forlop/care"
	"forlop/web"

	"github.com/chromedp/chromedp"
)

// decided is a journey with something of every sort in it, and with a meeting
// that was held without the patient, who may answer now.
func decided(t *testing.T) (*house, *walk) {
	t.Helper()
	h, w := rich(t)
	record := []string{"patientPresent", "no", "patientWords", "Vil tilbake i halv jobb.", "minutes", "Alle var enige.", "summary", "Du får hjelp til en rolig start."}
	for _, item := range h.state(w.id).Meetings[0].Agenda {
		record = append(record, "first-"+item, "yes")
	}
	w.send(w.get(w.at("/meetings/1")), w.at("/do/hold-meeting"), record...)
	if h.state(w.id).Meetings[0].Held == nil {
		t.Fatal("the meeting was not held")
	}
	w.does("propose-times", w.item("follow-up-meeting"), "time-1", w.day(20), "time-1-time", "11:00", "time-2", w.day(27), "time-2-time", "11:00", "despite", "Hun ble spurt.")
	return h, w
}

// patientPages are one address of every route that draws a page for a patient.
func patientPages(w *walk) []string {
	return []string{
		"/me", "/me/short", "/me/journeys/" + w.id, "/me/steps/" + w.id + "/assessment-and-draft-plan", "/me/steps/" + w.id + "/wishes-before-summary-meeting",
		"/me/looks", "/me/messages", "/me/notices", "/me/matters", "/me/story", "/me/wait/" + w.id + "/assessment-and-draft-plan", "/me/decisions/" + w.id + "/1", "/me/findings", "/me/summary/" + w.id + "/1", "/me/calendar", "/sessions", "/unsent",
		"/me/appointments/" + w.id + "/summary-meeting", "/me/times/1", "/me/courses",
	}
}

// coordinatorPages are one address of every route that draws a page for those
// who coordinate.
func coordinatorPages(w, unanswered *walk) []string {
	return []string{
		"/work/bulk?act=asleep", "/work/posts", "/work/faults", "/work/late/" + w.id, "/work/short-notice/" + w.id + "?step=1",
		"/schedule", "/schedule/new", "/work", "/interventions", "/referrals", "/referrals/new", "/meetings", "/find", w.at(""), w.at("/history"), w.at("/summary"), w.at("/copy"), w.at("/meetings/1"),
		unanswered.at("/answer"), unanswered.at("/answer?answer=advise"), w.at("/do/wait"), w.at("/do/set-adaptations"), w.at("/do/set-wishes"),
		"/emergency", w.at("/access"), w.at("/access/record-proxy"), w.at("/access/protect-address"), w.at("/merge"), w.at("/address"),
	}
}

// TestEveryRouteIsLookedAt fails when a page for patients or coordinators is on
// no list that the browser goes through.
func TestEveryRouteIsLookedAt(t *testing.T) {
	t.Parallel()
	w := &walk{id: "x"}
	looked := append(patientPages(w), coordinatorPages(w, w)...)
	looked = append(looked, publicPages...)
	looked = append(looked, newVersionPages("x")...)
	looked = append(looked, calmPages("x")...)
	looked = append(looked, letterPages("x", "1", "2")...)
	looked = append(looked, openedPage("x"))
	looked = append(looked, slotPages("x")...)
	mine, staff := formPages(w, "x")
	looked = append(looked, threadPages(w, "x")...)
	looked = append(looked, append(mine, staff...)...)
	looked = append(looked, officerPages("x")...)
	looked = append(looked, accessPages...)
	looked = append(looked, relativePages("x")...)
	looked = append(looked, guestPages("x")...)
	drawn := 0
	for _, rt := range web.Routes() {
		// Pages of authors and prescribers, what a patient reads of a move, and logging in have tests of their own;
		// the others are no pages.
		if rt.Method != http.MethodGet || strings.HasPrefix(rt.Path, "/pathways") || strings.HasPrefix(rt.Path, "/professional") || slices.Contains([]string{"/assets/", "/journeys/{id}/attachment", "/journeys/{id}/findings/{finding}", "/letters/{person}/{sending}/pdf", "/calendar/{file}", "/me/message", "/me/appointments/{journey}/{step}/calendar.ics", "/{$}", "/me/new-version/{journey}", "/login/with/{provider}", "/login/back/{provider}", "/account", "/account/new"}, rt.Path) {
			continue
		}
		drawn++
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[^}]*\\\}`).ReplaceAllString(regexp.QuoteMeta(rt.Path), "[^/?]+") + `(\?.*)?$`)
		if !slices.ContainsFunc(looked, pattern.MatchString) {
			t.Errorf("no browser looks at %s", rt.Path)
		}
	}
	if drawn < 20 {
		t.Fatalf("only %d routes draw pages", drawn)
	}
}

// publicPages need no login.
var publicPages = []string{"/login", "/login?for=other", "/display", "/accessibility", "/privacy", "/learn"}

// faintIn asks axe about contrast alone, in every palette, without loading the
// page again.
func (p *tab) faintIn(palettes []string) []string {
	p.t.Helper()
	source, err := axeSource()
	if err != nil {
		p.t.Fatal(err)
	}
	within(p, "loading axe", chromedp.Evaluate[chromedp.Void](source))
	names, err := json.Marshal(palettes)
	if err != nil {
		p.t.Fatal(err)
	}
	return evaluate[[]string](p, fmt.Sprintf(`(async palettes => {
		const found = [];
		for (const palette of palettes) {
			document.documentElement.dataset.colorScheme = palette;
			const r = await axe.run(document, {runOnly: {type: "rule", values: ["color-contrast"]}, resultTypes: ["violations"]});
			if (r.passes.length + r.violations.length === 0) found.push(palette + ": axe found no text");
			for (const v of r.violations) for (const n of v.nodes) found.push(palette + ": " + n.html.slice(0, 160) + " – " + n.failureSummary.replace(/\s+/g, " "));
		}
		return found;
	})(%s)`, names))
}

// TestEveryPaletteOnEveryPage holds U6 as a reader meets it: contrast on every
// page for patients and coordinators, in every palette. That each page is right
// in each language is seen elsewhere, with one palette for each.
func TestEveryPaletteOnEveryPage(t *testing.T) {
	t.Parallel()
	h, w := decided(t)
	unanswered := h.visit(coordinator.Actor).register("Kåre Lind")
	palettes := []string{"standard", "calm", "dark", "dim"}
	for _, who := range []struct {
		actor care.Actor
		first string
		pages []string
	}{
		{asPatient(h.state(w.id).Person), "/me", append(patientPages(w), publicPages...)},
		{coordinator.Actor, "/work", coordinatorPages(w, unanswered)},
	} {
		s := telephone
		s.language = "en"
		tab := openTab(t, s)
		tab.goTo(h.login(who.actor, who.first))
		for _, path := range who.pages {
			if got := tab.goTo(h.url + path); got != http.StatusOK {
				t.Errorf("%s answers %d", path, got)
				continue
			}
			for _, faint := range tab.faintIn(palettes) {
				t.Errorf("%s in %s", path, faint)
			}
		}
	}
}

// TestRefusedFormsOnEveryFace sends every form of the patient's empty, in four
// languages: the page that says what is wrong is as whole as any other.
func TestRefusedFormsOnEveryFace(t *testing.T) {
	t.Parallel()
	h, w := decided(t)
	before, asked := rich(t) // where the meeting is still to come, and the patient is asked before it
	forms := map[*house][]string{
		h:      {"/me/messages", "/me/matters", "/me/story", "/me/wait/" + w.id + "/assessment-and-draft-plan", "/me/decisions/" + w.id + "/1"},
		before: {"/me/steps/" + asked.id + "/wishes-before-summary-meeting"},
	}
	ids := map[*house]string{h: w.id, before: asked.id}
	palettes := []string{"standard", "calm", "dark", "dim"}
	for i, code := range care.Languages {
		t.Run(string(code), func(t *testing.T) {
			s := telephone
			s.cookies = map[string]string{"display": palettes[i] + ".1", "language": string(code)}
			for h, paths := range forms {
				tab := openTab(t, s)
				tab.goTo(h.login(asPatient(h.state(ids[h]).Person), "/me"))
				for _, path := range paths {
					refusedForm(t, tab, h.url+path, anyForm, palettes)
				}
			}
			// Every field of the notices has a choice from the start; only the day
			// that a rest lasts to can be missing.
			tab := openTab(t, s)
			tab.goTo(h.login(asPatient(h.state(w.id).Person), "/me"))
			refusedForm(t, tab, h.url+"/me/notices", `form[action="/me/notices/rest"]`, palettes)
		})
	}
}

// anyForm is the form of a page that has only one beside "too ill".
const anyForm = `form[method=post]:not([action="/me/too-ill"])`

// refusedForm sends a form of a page empty and looks at the answer.
func refusedForm(t *testing.T, tab *tab, address, form string, palettes []string) {
	t.Helper()
	tab.goTo(address)
	evaluate[bool](tab, `(document.querySelectorAll("form").forEach(f => f.noValidate = true), true)`)
	if got := tab.press("main " + form + " .button[type=submit]"); got != http.StatusUnprocessableEntity {
		t.Errorf("%s sent empty answers %d:\n%s", address, got, tab.text("main"))
		return
	}
	for _, v := range tab.violations() {
		t.Errorf("%s refused: %s", address, v)
	}
	if !tab.has("section.faults[role=alert]") || !strings.Contains(evaluate[string](tab, "document.title"), ":") {
		t.Errorf("%s does not begin with what is wrong", address)
	}
	// The focus is on it, and each field says beside itself what is wrong (U14).
	wrong := evaluate[struct {
		Focus string   `json:"focus"`
		Bare  []string `json:"bare"`
	}](tab, `({focus: document.activeElement.className, bare: Array.from(document.querySelectorAll("[aria-invalid=true]"))
		.filter(f => !(f.getAttribute("aria-describedby") || "").split(" ").some(id => document.getElementById(id)?.innerText.trim())).map(f => f.name)})`)
	if wrong.Focus != "faults" || len(wrong.Bare) > 0 {
		t.Errorf("%s refused: the focus is on %q, and %v do not say what is wrong", address, wrong.Focus, wrong.Bare)
	}
	if by := tab.overflow(); by > 0 {
		t.Errorf("%s refused is %d pixels too wide", address, by)
	}
	for _, faint := range tab.faintIn(palettes) {
		t.Errorf("%s refused in %s", address, faint)
	}
}

// TestPatientPagesAreLight holds U31: at most 60 kB and five requests for the
// first page, no script, and nothing from elsewhere.
func TestPatientPagesAreLight(t *testing.T) {
	t.Parallel()
	const mostBytes, mostRequests = 60_000, 5
	h, w := decided(t)
	for _, path := range patientPages(w) {
		tab := openTab(t, telephone) // with nothing kept from another page
		tab.goTo(h.login(asPatient(h.state(w.id).Person), path))
		sent := evaluate[struct {
			Requests int      `json:"requests"`
			Bytes    int      `json:"bytes"`
			Away     []string `json:"away"`
			Scripts  int      `json:"scripts"`
		}](tab, `(() => {
			const all = performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"));
			return {requests: all.length, bytes: all.reduce((sum, e) => sum + e.transferSize, 0),
				away: all.map(e => e.name).filter(n => !n.startsWith(location.origin)), scripts: document.scripts.length};
		})()`)
		// The icon is asked for beside the page, and is not among its resources.
		requests, bytes := sent.Requests+1, sent.Bytes+web.IconSize()
		if sent.Requests < 2 || sent.Bytes < 5_000 {
			t.Fatalf("%s: only %d requests and %d bytes were measured", path, sent.Requests, sent.Bytes)
		}
		if bytes > mostBytes || requests > mostRequests {
			t.Errorf("%s takes %d bytes in %d requests, at most %d in %d", path, bytes, requests, mostBytes, mostRequests)
		}
		if len(sent.Away) > 0 || sent.Scripts > 0 {
			t.Errorf("%s has %d scripts and asks elsewhere for %v", path, sent.Scripts, sent.Away)
		}
		t.Logf("%s: %d bytes in %d requests", path, bytes, requests)
	}
}

// TestTextTwiceAsLarge holds 1.4.4 and U13: with text at 200 % nothing is pushed
// off the screen, and the focus is seen in every palette and where the device
// chooses the colours.
func TestTextTwiceAsLarge(t *testing.T) {
	t.Parallel()
	h, w := decided(t)
	s := screen{width: 640, height: 800}
	tab := openTab(t, s)
	tab.goTo(h.login(asPatient(h.state(w.id).Person), "/me"))
	for _, path := range append(patientPages(w), publicPages...) {
		tab.goTo(h.url + path)
		before := evaluate[float64](tab, `parseFloat(getComputedStyle(document.querySelector("h1")).fontSize)`)
		evaluate[bool](tab, `(document.documentElement.style.fontSize = "225%", true)`)
		after := evaluate[float64](tab, `parseFloat(getComputedStyle(document.querySelector("h1")).fontSize)`)
		if after < 1.9*before {
			t.Fatalf("%s: the heading is %.0f pixels and was %.0f", path, after, before)
		}
		if by := tab.overflow(); by > 0 {
			t.Errorf("%s with text twice as large is %d pixels too wide", path, by)
		}
	}
	for _, look := range []screen{
		{cookies: map[string]string{"display": "calm.1"}}, {cookies: map[string]string{"display": "dark.1"}},
		{cookies: map[string]string{"display": "dim.1"}}, {forcedColours: true},
	} {
		tab := openTab(t, look)
		tab.goTo(h.login(asPatient(h.state(w.id).Person), "/me/messages"))
		stops := tab.tabThrough(40)
		if len(stops) < 8 {
			t.Fatalf("the keyboard reaches only %d places", len(stops))
		}
		for _, stop := range stops {
			if stop.Ring < 3 || stop.Covered {
				t.Errorf("%v: the focus on %q has a ring of %.0f pixels, covered %v", look.cookies, stop.Name, stop.Ring, stop.Covered)
			}
		}
		if look.forcedColours {
			for _, v := range tab.violations() {
				t.Errorf("with the device's own colours: %s", v)
			}
		}
	}
}

// TestLessText: a reader who asked for less text has less of it, and still reads
// what, when and who.
func TestLessText(t *testing.T) {
	t.Parallel()
	h, w := decided(t)
	words := func(display string) (int, string) {
		s := telephone
		s.cookies = map[string]string{"display": display, "language": "nb"}
		tab := openTab(t, s)
		tab.goTo(h.login(asPatient(h.state(w.id).Person), "/me/journeys/"+w.id))
		return tab.words("main"), tab.text("main")
	}
	all, _ := words("standard.1")
	less, text := words("standard.1.brief")
	if less > all*9/10 {
		t.Errorf("%d words of %d are left", less, all)
	}
	for _, must := range []string{"Senest", "Ansvarlig", "Smerteklinikken"} {
		if !strings.Contains(text, must) {
			t.Errorf("less text leaves out %q:\n%s", must, text)
		}
	}
}
