package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"forlop/care"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// shape is what one look at a page finds: its bones, its fields and what could move.
type shape struct {
	Language   string   `json:"language"`
	Title      string   `json:"title"`
	Headings   int      `json:"headings"`
	Landmarks  []string `json:"landmarks"`
	First      string   `json:"first"`      // where the first link of the page leads
	Statement  bool     `json:"statement"`  // a link to the accessibility statement and the fault form
	Unlabelled []string `json:"unlabelled"` // fields without a visible label
	Promises   []string `json:"promises"`   // placeholders
	Moving     []string `json:"moving"`
	Order      []string `json:"order"` // what takes the focus out of the order of the page
	Unseen     []string `json:"unseen"`
	Stops      int      `json:"stops"`
}

// look reads the page that is open. Each thing that takes focus is given it, as
// the keyboard would.
func (p *tab) look() shape {
	p.t.Helper()
	return evaluate[shape](p, `(() => {
		const says = e => e.localName + " " + JSON.stringify((e.innerText || e.name || e.id || "").trim().slice(0, 40));
		const drawn = e => e.getClientRects().length > 0;
		const found = {
			language: document.documentElement.lang, title: document.title, headings: document.querySelectorAll("h1").length,
			landmarks: ["header", "main", "footer"].filter(n => document.querySelectorAll("body > " + n).length === 1),
			first: document.querySelector("body a[href]").getAttribute("href"),
			statement: document.querySelector('footer a[href^="/accessibility"]') !== null,
			unlabelled: [], promises: [], moving: [], order: [], unseen: [], stops: 0,
		};
		for (const f of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
			const seen = Array.from(f.labels || []).some(l => drawn(l) && l.innerText.trim() !== "" && l.getBoundingClientRect().width > 1);
			// In a table the row says what is picked, and its box has the row's name for those who listen.
			const inRow = f.closest("tbody") && (f.ariaLabel || Array.from(f.labels || []).some(l => l.textContent.trim() !== ""));
			// What a closed part holds has its label with it when it is opened.
			const folded = f.closest("details:not([open])") !== null;
			if (drawn(f) && !folded && !seen && !inRow) found.unlabelled.push(says(f));
			if (f.placeholder) found.promises.push(says(f));
		}
		if (document.querySelector("meta[http-equiv=refresh], [autoplay], marquee, blink")) found.moving.push("the page itself");
		for (const e of document.querySelectorAll("*")) {
			for (const part of [null, "::before", "::after"]) {
				const s = getComputedStyle(e, part);
				if (s.animationName !== "none" || s.transitionDuration.split(",").some(d => parseFloat(d) > 0)) found.moving.push(says(e));
			}
			if (e.tabIndex > 0 || parseInt(getComputedStyle(e).order) !== 0 || getComputedStyle(e).flexDirection.endsWith("reverse")) found.order.push(says(e));
		}
		for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
			if (!drawn(e) || getComputedStyle(e).visibility === "hidden" || e.disabled) continue;
			e.focus({focusVisible: true});
			if (document.activeElement !== e) continue;
			found.stops++;
			e.scrollIntoView({block: "nearest"});
			const s = getComputedStyle(e), box = e.getClientRects()[0];
			const x = Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 1), y = Math.min(Math.max((box.top + Math.min(box.bottom, box.top + 60)) / 2, 1), innerHeight - 1);
			const over = document.elementFromPoint(x, y);
			const mine = over && (e.contains(over) || over.contains(e) || Array.from(e.labels || []).some(l => l.contains(over)));
			if (s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 3 || !mine) found.unseen.push(says(e) + " ring " + s.outlineWidth);
		}
		document.activeElement.blur();
		return found;
	})()`)
}

// spaced gives the page the spacing of WCAG 1.4.12.
const spaced = `(() => {
	const s = new CSSStyleSheet();
	s.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
	document.adoptedStyleSheets = [s];
	return true;
})()`

// cut lists what holds more text than it shows: boxes that hide what does not fit,
// and boxes that their text runs out of. Regions that scroll, and what stands off
// the screen for those who listen, are no loss.
const cut = `Array.from(document.querySelectorAll("body *")).filter(e => {
	const s = getComputedStyle(e), box = e.getBoundingClientRect();
	if (box.width <= 1 || box.height <= 1 || e.closest("svg, .away, .skip, select, .cards thead") || s.display === "inline") return false;
	const scrolls = [s.overflowX, s.overflowY].some(o => o === "auto" || o === "scroll");
	return !scrolls && e.clientHeight > 0 && (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 6);
}).map(e => e.localName + "." + e.className + " " + JSON.stringify((e.innerText || "").slice(0, 60)))`

// everyPage goes through the pages of patients, of everybody and of those who
// coordinate, each on the screen given.
func everyPage(t *testing.T, s screen, see func(tab *tab, path string, patient bool)) {
	t.Helper()
	h, w := decided(t)
	unanswered := h.visit(coordinator.Actor).register("Kåre Lind")
	form := asksFor(t, w, "pain-nrs")
	h.wondered(h.state(w.id).Person, w.id, "clinic")
	mine, staff := formPages(w, form)
	mine = slices.DeleteFunc(mine, func(path string) bool { return strings.Contains(path, "/9?") })
	for i := range mine {
		mine[i] = strings.TrimSuffix(mine[i], "?in=en")
	}
	seen := 0
	for _, who := range []struct {
		actor   care.Actor
		first   string
		patient bool
		pages   []string
	}{
		{asPatient(h.state(w.id).Person), "/me", true, slices.Concat(patientPages(w), mine, publicPages, accessPages[:4], accessPages[5:6], accessPages[8:])},
		{coordinator.Actor, "/work", false, slices.Concat(coordinatorPages(w, unanswered), staff)},
	} {
		s.language = "nb"
		tab := openTab(t, s)
		tab.goTo(h.login(who.actor, who.first))
		for _, path := range who.pages {
			if got := tab.goTo(h.url + path); got != http.StatusOK {
				t.Errorf("%s answers %d", path, got)
				continue
			}
			see(tab, path, who.patient)
			seen++
		}
	}
	if seen < 50 {
		t.Fatalf("only %d pages were seen", seen)
	}
	t.Logf("%d pages were seen", seen)
}

// media says how the tab's device shows pages: on paper or on a screen, and what
// its owner asked for.
func (p *tab) media(medium string, asked map[string]string) {
	p.t.Helper()
	m := emulation.SetEmulatedMediaParams{Media: medium}
	for name, value := range asked {
		m.Features = append(m.Features, &emulation.MediaFeature{Name: name, Value: value})
	}
	within(p, "changing the medium", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, m)
		return err
	}))
}

// TestRequirementShape holds U3, U4, U5, U8, U11, U13, U14 and U57 on every page of
// patients, of everybody and of those who coordinate: on the narrowest screen, with
// no wish for less motion, as it comes and with the spacing of WCAG 1.4.12.
func TestRequirementShape(t *testing.T) {
	t.Parallel()
	titles := map[string][]string{}
	everyPage(t, narrowest, func(tab *tab, path string, patient bool) {
		tab.media("", map[string]string{"prefers-reduced-motion": "no-preference"})
		got := tab.look()
		if got.Language != "nb" || got.Headings != 1 || len(got.Landmarks) != 3 || got.First != "#content" {
			t.Errorf("%s: language %s, %d headings, landmarks %v, first link %s", path, got.Language, got.Headings, got.Landmarks, got.First)
		}
		if got.Title == "" {
			t.Errorf("%s has no title", path)
		}
		if at, _, _ := strings.Cut(path, "?"); !slices.Contains(titles[got.Title], at) {
			titles[got.Title] = append(titles[got.Title], at)
		}
		if !got.Statement {
			t.Errorf("%s has no link to the accessibility statement", path)
		}
		for what, list := range map[string][]string{
			"no visible label": got.Unlabelled, "a placeholder": got.Promises, "motion": got.Moving,
			"out of the page's order": got.Order, "focus that is not seen": got.Unseen,
		} {
			if len(list) > 0 {
				t.Errorf("%s: %s: %v", path, what, list)
			}
		}
		if got.Stops < 5 {
			t.Errorf("%s: the keyboard reaches only %d places", path, got.Stops)
		}
		side := 24.0
		if patient {
			side = 44
		}
		if small := tab.smallTargets(side); len(small) > 0 {
			t.Errorf("%s: less than %.0f pixels: %v", path, side, small)
		}
		if by := tab.overflow(); by > 0 {
			t.Errorf("%s is %d pixels too wide", path, by)
		}
		if lost := evaluate[[]string](tab, cut); len(lost) > 0 {
			t.Errorf("%s cuts %v", path, lost)
		}
		evaluate[bool](tab, spaced)
		if by := tab.overflow(); by > 0 {
			t.Errorf("%s with wider spacing is %d pixels too wide", path, by)
		}
		if lost := evaluate[[]string](tab, cut); len(lost) > 0 {
			t.Errorf("%s with wider spacing cuts %v", path, lost)
		}
	})
	for title, paths := range titles {
		if len(paths) > 1 {
			t.Errorf("%q is the title of %v", title, paths)
		}
	}
}

// TestRequirementCut: a box that is too low for its text, or hides the rest of a
// line, is found.
func TestRequirementCut(t *testing.T) {
	t.Parallel()
	tab := openTab(t, telephone)
	tab.goTo(gallery(t) + "/gallery/plan")
	for name, style := range map[string]string{
		"hidden": "width: 5em; white-space: nowrap; overflow: hidden", "low": "height: 1.2em; width: 9em", "": "",
	} {
		found := evaluate[[]string](tab, `(() => {
			const box = document.createElement("p");
			box.style = `+quote(style)+`; box.textContent = "Denne setningen er lengre enn boksen sin og går over flere linjer.";
			document.querySelector("main").append(box);
			const found = `+cut+`;
			box.remove();
			return found;
		})()`)
		if (len(found) > 0) != (name != "") {
			t.Errorf("%q: %v", name, found)
		}
	}
}

// TestRequirementFirstPaint holds the rest of U7: before any style sheet has come,
// the page is already as dark as its reader chose, or as the device asks.
func TestRequirementFirstPaint(t *testing.T) {
	t.Parallel()
	h, p, _ := waiting(t)
	for name, s := range map[string]screen{
		"the device asks for dark": {dark: true},
		"dark was chosen":          {cookies: map[string]string{"display": "dark.1"}},
		"dim was chosen":           {cookies: map[string]string{"display": "dim.1"}},
		"light":                    {},
	} {
		tab := openTab(t, s)
		within(tab, "keeping style sheets back", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			if _, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{}); err != nil {
				return err
			}
			_, err := cdp.Call(ctx, target, network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/assets/*", Block: true}}})
			return err
		}))
		tab.goTo(h.login(asPatient(p), "/me"))
		if evaluate[int](tab, `Array.from(document.styleSheets).filter(s => { try { return s.cssRules.length > 0 } catch { return false } }).length`) > 0 {
			t.Fatalf("%s: the style sheet came all the same", name)
		}
		if got := tab.luminance(); (got < 0.1) != (name != "light") {
			t.Errorf("%s: without style sheets the page has the luminance %.2f", name, got)
		}
	}
}

// TestRequirementGrey holds U24: to somebody who sees no colours, everything that a
// colour marks is also a word.
func TestRequirementGrey(t *testing.T) {
	t.Parallel()
	h, w := decided(t)
	marked := map[string]int{}
	for _, who := range []struct {
		actor care.Actor
		pages []string
	}{
		{asPatient(h.state(w.id).Person), []string{"/me", "/me/journeys/" + w.id, "/me/steps/" + w.id + "/assessment-and-draft-plan", "/me/access"}},
		{coordinator.Actor, []string{"/work", "/work?view=late", w.at(""), "/work/late/" + w.id, "/interventions", "/meetings"}},
	} {
		tab := openTab(t, telephone)
		within(tab, "seeing no colours", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedVisionDeficiency, emulation.SetEmulatedVisionDeficiencyParams{Type: "achromatopsia"})
			return err
		}))
		tab.goTo(h.login(who.actor, who.pages[0]))
		for _, path := range who.pages {
			tab.goTo(h.url + path)
			tab.picture("grey" + path)
			evaluate[bool](tab, `(document.querySelectorAll("details").forEach(d => d.open = true), true)`)
			for _, mark := range evaluate[[][2]string](tab, `Array.from(document.querySelectorAll(".tag, .past, .told, .faults, .notice, .banner, ol.steps > li, [aria-current], [aria-pressed=true]"),
				e => [e.className || e.localName, e.innerText.trim()])`) {
				marked[mark[0]]++
				if !word.MatchString(mark[1]) {
					t.Errorf("%s: %q is a colour without a word", path, mark[0])
				}
			}
			// A step's place in the plan is a word of its own, beside its title.
			if bare := evaluate[int](tab, `Array.from(document.querySelectorAll("ol.steps > li")).filter(li => !li.querySelector(".tag")?.innerText.trim()).length`); bare > 0 {
				t.Errorf("%s: %d steps have no word for how they stand", path, bare)
			}
		}
	}
	if len(marked) < 4 {
		t.Fatalf("only %v was marked", marked)
	}
}

// TestRequirementPrint holds U25: the plan and the clinician's summary are at most
// two sheets, black on white whatever the palette, without what can only be pressed.
func TestRequirementPrint(t *testing.T) {
	t.Parallel()
	h, w := decided(t)
	for _, who := range []struct {
		actor care.Actor
		path  string
	}{
		{asPatient(h.state(w.id).Person), "/me"}, {asPatient(h.state(w.id).Person), "/me/short"}, {coordinator.Actor, w.at("/summary")},
	} {
		s := telephone
		s.cookies = map[string]string{"display": "dim.1"}
		tab := openTab(t, s)
		tab.goTo(h.login(who.actor, who.path))
		if n := tab.printed(); n > 2 {
			t.Errorf("%s takes %d sheets", who.path, n)
		} else {
			t.Logf("%s: %d sheets", who.path, n)
		}
		tab.media("print", nil)
		on := evaluate[struct {
			Colours []string `json:"colours"`
			Pressed []string `json:"pressed"`
			Bare    int      `json:"bare"`
			Words   int      `json:"words"`
		}](tab, `(() => {
			const drawn = e => e.getClientRects().length > 0;
			const colours = new Set([getComputedStyle(document.documentElement).backgroundColor]);
			let words = 0, bare = 0;
			for (const e of document.querySelectorAll("main *")) if (drawn(e) && e.innerText) { words++; colours.add(getComputedStyle(e).color); }
			for (const a of document.querySelectorAll("main a[href^=http]")) if (drawn(a) && !getComputedStyle(a, "::after").content.includes(a.getAttribute("href"))) bare++;
			return {colours: Array.from(colours).sort(), words, bare,
				pressed: Array.from(document.querySelectorAll("button, nav, input, footer.foot")).filter(e => e.getBoundingClientRect().height > 0).map(e => e.outerHTML.slice(0, 80))};
		})()`)
		if !slices.Equal(on.Colours, []string{"rgb(0, 0, 0)", "rgb(255, 255, 255)"}) || on.Words < 10 {
			t.Errorf("%s is printed in %v", who.path, on.Colours)
		}
		if len(on.Pressed) > 0 || on.Bare > 0 {
			t.Errorf("%s is printed with %v and %d links without their address", who.path, on.Pressed, on.Bare)
		}
	}
}

// TestRequirementBack holds the rest of U33: what narrows and orders the worklist is
// the address, so Back leads to the list as it was, and the link can be shared.
func TestRequirementBack(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	ids := h.waiting("Anna Vik", "Bodil Vik")
	tab := openTab(t, desk)
	tab.goTo(h.login(coordinator.Actor, "/work"))
	if n := len(tab.texts(".jump li")); n < 9 {
		t.Errorf("only %d views are always there", n)
	}
	tab.choose("form.filter select[name=sort]", "since")
	tab.press("form.filter[method=get] button")
	list, rows := tab.address(), tab.texts("#work tbody th")
	if !strings.Contains(list, "sort=since") || len(rows) < 2 {
		t.Fatalf("the list is at %s with %d rows", list, len(rows))
	}
	tab.press(`#work tbody th a[href^="/journeys/"]`)
	within(tab, "going back", chromedp.NavigateBack())
	if got := tab.address(); got != list || !slices.Equal(tab.texts("#work tbody th"), rows) {
		t.Errorf("Back leads to %s, not to %s", got, list)
	}
	other := openTab(t, desk)
	other.goTo(h.login(coordinator.Actor, "/work"))
	other.goTo(list)
	if got := other.texts("#work tbody th"); !slices.Equal(got, rows) {
		t.Errorf("the link shows %v to somebody else, not %v", got, rows)
	}
	if len(ids) == 0 {
		t.Error("there is nothing on the list")
	}
}
