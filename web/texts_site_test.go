package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"forlop/care"
	"forlop/pathway"
	"forlop/pathway/library"
)

func shippedPathways(t *testing.T) []*pathway.Definition {
	t.Helper()
	var known []*pathway.Definition
	for _, id := range library.All() {
		def, found := library.Load(id)
		if pathway.HasErrors(found) {
			t.Fatalf("%s: %v", id, found)
		}
		known = append(known, def)
	}
	return known
}

// TestASiteAddsLanguages adds two made-up languages, one of them written from
// right to left, and says what nobody has translated in the one they fall back
// to.
func TestASiteAddsLanguages(t *testing.T) {
	t.Parallel()
	known := shippedPathways(t)
	own, found := ReadSiteTexts(os.DirFS("testdata/texts"), known)
	if len(found) > 0 {
		t.Fatalf("sound texts give %v", found)
	}
	all := newTongues(own)
	if want := append(slices.Clone(care.Languages), "ar", "so"); !slices.Equal(all.offered, want) {
		t.Fatalf("offered are %v, want %v", all.offered, want)
	}
	somali, arabic := all.speak("so"), all.speak("ar")
	today := care.Date{Year: 2026, Month: 3, Day: 4}
	for _, c := range []struct{ got, want string }{
		{somali.T("plan.now"), "Hadda-x"},
		{elements("<p>" + somali.T("plan.next") + "</p>"), `<p><span lang="nb">Neste avtale</span></p>`},
		{elements("<p>" + arabic.T("plan.next") + "</p>"), `<p><span lang="nn" dir="ltr">Neste avtale</span></p>`},
		{arabic.Until(today, today.AddDays(2)), "ابجد 2 اثنان"},
		{arabic.Until(today, today.AddDays(5)), "ابجد 5 قليل"},
		{arabic.Until(today, today.AddDays(20)), "ابجد 20 كثير"},
		{plain(somali.Until(today, today.AddDays(5))), "om 5 dager"},
		{arabic.direction(), "rtl"},
		{somali.direction(), "ltr"},
		{plain(all.speak("nb").T("plan.next")), "Neste avtale"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	i := slices.IndexFunc(known, func(d *pathway.Definition) bool { return d.Ref.ID == "no.pain" })
	p := page{lang: somali, face: forPatients}
	text := textOf(p, known[i])
	if got := text.Steps["start-assessment"].Title; got != "Kulan-x" {
		t.Errorf("the step is called %q", got)
	}
	if got := elements("<p>" + text.Steps["start-assessment"].What + "</p>"); !strings.HasPrefix(got, `<p><span lang="nb">Du møter`) {
		t.Errorf("what nobody translated is %q", got)
	}
	if got := known[i].Texts[care.Bokmal].Title; strings.Contains(got, "-x") || got == "" {
		t.Errorf("the pathway's own text was changed: %q", got)
	}
	if cover := own.Coverage(); len(cover) != 3 || cover[1].Have != 5 || cover[2].Of != "no.pain" || cover[2].Have != 2 || cover[2].All < 60 {
		t.Errorf("the coverage is %v", cover)
	}
	for _, c := range []struct {
		account        care.Language
		cookie, accept string
		want           care.Language
	}{
		{"", "", "so-SO,en;q=0.5", "so"},
		{"", "so", "en", "so"},
		{care.Bokmal, "so", "en", "so"},
		{care.Bokmal, "sv", "so", care.Bokmal},
	} {
		if got := all.negotiate(c.account, c.cookie, c.accept); got != c.want {
			t.Errorf("account %q, cookie %q, browser %q: %s, want %s", c.account, c.cookie, c.accept, got, c.want)
		}
	}
}

// TestASitesLanguageIsOnThePage draws a page in a language from right to left:
// before login it is offered by its own name, and those who work do not meet it.
func TestASitesLanguageIsOnThePage(t *testing.T) {
	t.Parallel()
	own, _ := ReadSiteTexts(os.DirFS("testdata/texts"), shippedPathways(t))
	pages := speaking(newTongues(own), Gallery())
	ask := func(path, cookie string) string {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.AddCookie(&http.Cookie{Name: languageCookie, Value: cookie})
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w.Body.String()
	}
	plan := ask("/gallery/plan", "ar")
	for _, want := range []string{`<html lang="ar" dir="rtl"`, `value="so" lang="so" dir="ltr"`, ">Luqad</button>", ">الآن<", `<title>`, `<span lang="nn" dir="ltr">`} {
		if !strings.Contains(plan, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.ContainsAny(plan, string(markOpen)+string(markText)+string(markClose)) {
		t.Error("a mark reached the browser")
	}
	staff := ask("/gallery/worklist", "ar")
	if !strings.Contains(staff, `<html lang="nn" dir="ltr"`) || strings.Contains(staff, "Luqad") {
		t.Error("those who work meet the site's own language")
	}
}

func TestFaultsInASitesTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, text, want string }{
		{"missing plural", "text.pl.yaml", "language: {name: Prawie}\nspan:\n  days: {one: \"{n} x\", other: \"{n} xx\"}\n", `text.pl.yaml:3: L103 span.days has no form for "few"; pl counts with one, few, many`},
		{"extra key", "text.so.yaml", "language: {name: L}\nplan:\n  nov: x\n", "text.so.yaml:3: L105 there is no text called plan.nov; did you mean plan.now?"},
		{"unknown place", "text.so.yaml", "language: {name: L}\nme:\n  legal: \"x {day}\"\n", "text.so.yaml:3: L102 me.legal has the place {day}, which nothing fills"},
		{"no name", "text.so.yaml", "plan:\n  now: x\n", "text.so.yaml:1: L101 language.name is missing"},
		{"one of the four", "text.nn.yaml", "language: {name: L}\n", "text.nn.yaml:1: L100 nn is in the program"},
		{"no language", "text.12.yaml", "language: {name: L}\n", `text.12.yaml:1: L100 "12" is not the code of a language`},
		{"falls back to nothing", "text.so.yaml", "language: {name: L, falls-back: fi}\n", "text.so.yaml:1: L100 language.falls-back is \"fi\""},
		{"no texts", "so.yaml", "language: {name: L}\n", "text.<language>.yaml:0: L100 the folder has no texts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, found := ReadSiteTexts(fstest.MapFS{c.file: {Data: []byte(c.text)}}, nil)
			var said []string
			for _, f := range found {
				said = append(said, fmt.Sprintf("%s:%d: %s %s", f.File, f.Line, f.Code, f.Message))
			}
			if !slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, c.want) }) || !pathway.HasErrors(found) {
				t.Errorf("%q was not found among %q", c.want, said)
			}
		})
	}
	unknown := fstest.MapFS{"text.so.yaml": {Data: []byte("language: {name: L}\n")}, "no.such/text.so.yaml": {Data: []byte("title: x\n")}}
	if _, found := ReadSiteTexts(unknown, shippedPathways(t)); len(found) != 1 || !strings.Contains(found[0].Message, "no pathway called no.such") {
		t.Errorf("a pathway that is not there gives %v", found)
	}
}

// TestMarksBecomeElements: a date and words in another language become elements
// in the text of a page and nowhere else, and nobody can break a page by writing
// a mark.
func TestMarksBecomeElements(t *testing.T) {
	t.Parallel()
	p := page{lang: speak(care.English), face: forPatients, today: care.Date{Year: 2026, Month: 3, Day: 4}}
	date := p.date(care.Date{Year: 2026, Month: 3, Day: 13})
	name := p.named(care.Norway, "Smerteklinikken")
	for _, c := range []struct{ got, want string }{
		{date, `<time datetime="2026-03-13">Friday 13 March 2026</time> (in 9 days)`},
		{name, `<span lang="no">Smerteklinikken</span>`},
		{p.T("me.waits", "who", name), `You are now waiting for <span lang="no">Smerteklinikken</span>.`},
	} {
		if got := elements("<p>" + c.got + "</p>"); got != "<p>"+c.want+"</p>" {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	norwegian := page{lang: speak(care.Nynorsk), face: forPatients}
	if got := norwegian.named(care.Norway, "Smerteklinikken"); got != "Smerteklinikken" {
		t.Errorf("a Norwegian name on a nynorsk page is %q", got)
	}
	for _, c := range []struct{ got, want string }{
		{elements("<title>" + date + "</title><a title=\"" + name + "\">x</a><option>" + name + "</option>"),
			`<title>Friday 13 March 2026 (in 9 days)</title><a title="Smerteklinikken">x</a><option>Smerteklinikken</option>`},
		{elements("<p>" + string(markOpen) + "lsv" + string(markText) + "aldri lukket</p><p>x</p>"), `<p><span lang="sv">aldri lukket</span></p><p>x</p>`},
		{elements("<p>" + string(markClose) + "x" + string(markText) + "</p>"), "<p>x</p>"},
		{elements("<p>" + mark(`lx" onclick="y`, "z") + "</p>"), "<p>z</p>"},
		{elements("<p>" + string(markOpen) + "x</p>"), "<p>x</p>"},
		{plain(date), "Friday 13 March 2026 (in 9 days)"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
