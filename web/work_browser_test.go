package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestWorkPagesInTheBrowser looks at every sort of page that those who work
// meet, in each language and palette, on a telephone and on a desk.
func TestWorkPagesInTheBrowser(t *testing.T) {
	t.Parallel()
	h, w := rich(t)
	unanswered := h.visit(coordinator.Actor).register("Kåre Lind")
	pages := []string{
		"/work", "/work?view=late", "/referrals", "/referrals/new", "/meetings", "/find", "/find Bodil", "/find x",
		w.at(""), w.at("/history"), w.at("/summary"), w.at("/meetings/1"), w.at("/do/plan?item=" + w.item("assessment-and-draft-plan")), w.at("/do/call-meeting?item=" + w.item("summary-meeting")),
		w.at("/do/wait"), w.at("/do/offer-responsibility"), w.at("/do/end?item=end/patient-withdraws"), w.at("/do/set-adaptations"),
		unanswered.at("/answer"), unanswered.at("/answer?answer=accept"), unanswered.at("/answer?answer=advise"),
	}
	for _, look := range []struct {
		language, palette string
		screen            screen
	}{
		{"nb", "standard", desk}, {"nn", "calm", narrowest}, {"sv", "dark", telephone}, {"en", "dim", telephone},
	} {
		t.Run(look.language+" "+look.palette, func(t *testing.T) {
			s := look.screen
			s.language = look.language
			s.cookies = map[string]string{"display": look.palette + ".1", "language": look.language}
			tab := openTab(t, s)
			if got := tab.goTo(h.login(coordinator.Actor, "/work")); got != http.StatusOK {
				t.Fatalf("logging in answers %d", got)
			}
			for _, path := range pages {
				at, words, searched := strings.Cut(path, " ")
				if got := tab.goTo(h.url + at); got != http.StatusOK {
					t.Errorf("%s answers %d", path, got)
					continue
				}
				if searched {
					tab.write("#q", words)
					if got := tab.press("main form[role=search] button"); got != http.StatusOK && words != "x" {
						t.Errorf("searching for %s answers %d", words, got)
					}
					if strings.Contains(tab.address(), words) {
						t.Errorf("what was searched for stands in the address %s", tab.address())
					}
				}
				for _, v := range tab.violations() {
					t.Errorf("%s: %s", path, v)
				}
				if over := tab.overflow(); over > 0 {
					t.Errorf("%s is %d pixels too wide", path, over)
				}
				for _, small := range tab.smallTargets(44) {
					t.Errorf("%s: smaller than 44 pixels: %s", path, small)
				}
				gaps := evaluate[[]float64](tab, iconGaps)
				if path == "/work?view=late" && len(gaps) == 0 {
					t.Errorf("nothing on %s says that a date has passed", path)
				}
				for _, gap := range gaps {
					if gap < 3 {
						t.Errorf("%s: a warning sign stands %.1f pixels before its words", path, gap)
					}
				}
				name, _, _ := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(path, w.id, "id"), unanswered.id, "new"), "?item")
				tab.picture("work-" + look.language + strings.ReplaceAll(name, "/", "-"))
			}
		})
	}
}

// iconGaps are the pixels between each warning sign and the words after it.
const iconGaps = `Array.from(document.querySelectorAll(".past > .icon"), icon => {
	const words = document.createRange();
	words.selectNodeContents(icon.parentElement);
	words.setStartAfter(icon);
	return words.getClientRects()[0].left - icon.getBoundingClientRect().right;
})`
