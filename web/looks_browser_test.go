package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"forlop/web"
)

func gallery(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(web.Gallery())
	t.Cleanup(server.Close)
	return server.URL
}

// TestColoursAreChosenWithoutScripts holds U1 and U7: a person who cannot stand
// light changes the page before logging in, with a form and nothing else.
func TestColoursAreChosenWithoutScripts(t *testing.T) {
	t.Parallel()
	base := gallery(t)
	s := telephone
	s.noScripts = true
	p := openTab(t, s)
	p.goTo(base + "/gallery/plan")
	if got := p.luminance(); got < 0.6 {
		t.Errorf("the standard page has the luminance %.2f: is it drawn?", got)
	}
	p.press(".foot nav a")
	p.tick("input[value=dim]")
	if status := p.press("main form button"); status != 200 {
		t.Errorf("after the choice: %d", status)
	}
	if got := p.luminance(); got > 0.05 {
		t.Errorf("dim has the luminance %.2f", got)
	}
	p.goTo(base + "/gallery/plan")
	if got := p.luminance(); got > 0.05 {
		t.Errorf("the next page forgot the choice: luminance %.2f", got)
	}
	p.press("button[name=language][value=nn]")
	if got := p.text("h1"); got != "Planen min" {
		t.Errorf("after choosing nynorsk the heading is %q", got)
	}
	if !strings.HasSuffix(p.address(), "/gallery/plan") {
		t.Errorf("choosing a language led to %s", p.address())
	}
}

func TestPagesFollowADarkDevice(t *testing.T) {
	t.Parallel()
	s := telephone
	s.dark = true
	p := openTab(t, s)
	p.goTo(gallery(t) + "/gallery/plan")
	if got := p.luminance(); got > 0.1 {
		t.Errorf("on a dark device the page has the luminance %.2f", got)
	}
}

// TestPlanAnswersAtOnce holds U9: now, latest and to do stand on the first
// screen of a telephone, in few words.
func TestPlanAnswersAtOnce(t *testing.T) {
	t.Parallel()
	base := gallery(t)
	for _, code := range []string{"nb", "nn", "sv", "en"} {
		s := telephone
		s.language = code
		p := openTab(t, s)
		p.goTo(base + "/gallery/plan")
		if got := p.bottom("#todo"); got > 640 {
			t.Errorf("%s: to do ends at %.0f pixels, below the first screen", code, got)
		}
		if got := p.wordsUpTo("main", "#more"); got > 120 || got < 20 {
			t.Errorf("%s: %d words before the links", code, got)
		}
	}
}

// TestFaultsComeFirst holds U14 and U11: what is wrong has the focus, the first
// stop of the keyboard is the skip link, and nothing has the focus out of sight.
func TestFaultsComeFirst(t *testing.T) {
	t.Parallel()
	base := gallery(t)
	p := openTab(t, desk)
	p.goTo(base + "/gallery/faults")
	if got := evaluate[string](p, "document.activeElement.className"); got != "faults" {
		t.Errorf("the focus is on %q", got)
	}
	if got := p.texts("[aria-invalid]"); len(got) != 2 {
		t.Errorf("%d fields are marked as wrong", len(got))
	}
	p.goTo(base + "/gallery/plan")
	stops := p.tabThrough(40)
	if len(stops) < 8 {
		t.Fatalf("the keyboard reaches only %d places", len(stops))
	}
	if stops[0].Name != "Go to the content" && stops[0].Name != "Gå til innholdet" {
		t.Errorf("the first stop is %q, not the skip link", stops[0].Name)
	}
	for _, stop := range stops {
		if stop.Covered || stop.Ring < 3 {
			t.Errorf("the focus on %q is covered (%v) or its ring is only %.0f pixels", stop.Name, stop.Covered, stop.Ring)
		}
	}
}

// TestPagesBend holds U3 and U4: the narrowest screen, the largest text and the
// widest spacing lose nothing.
func TestPagesBend(t *testing.T) {
	t.Parallel()
	base := gallery(t)
	s := narrowest
	s.cookies = map[string]string{"display": "calm.4.wide"}
	p := openTab(t, s)
	for _, path := range []string{"/gallery/plan?told&tasks", "/gallery/steps", "/gallery/visit", "/gallery/faults", "/gallery/worklist", "/gallery/note", "/display"} {
		p.goTo(base + path)
		if by := p.overflow(); by > 0 {
			t.Errorf("%s is %d pixels too wide", path, by)
		}
		evaluate[bool](p, `(() => { const s = new CSSStyleSheet();
			s.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
			document.adoptedStyleSheets = [s]; return true })()`)
		if by := p.overflow(); by > 0 {
			t.Errorf("%s with wider spacing is %d pixels too wide", path, by)
		}
		p.picture("bend-" + strings.TrimPrefix(path, "/"))
	}
}
