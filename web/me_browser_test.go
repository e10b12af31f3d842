package web_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
)

// waiting is a patient who has been taken on and has a first visit planned.
func waiting(t *testing.T) (*house, care.PersonKey, string) {
	h := openHouse(t)
	p, id := h.refer("Bodil Storlom")
	h.clock.set(h.clock.Now().Add(24 * time.Hour))
	h.accept(id)
	h.act(id, journey.PlanStep{Step: h.state(id).StepOf("start-assessment").Step, At: h.clock.Now().AddDate(0, 0, 30), Way: "clinic"})
	return h, p, id
}

// TestPlanOnATelephone looks at the patient's page as the sickest do: on a
// small screen, in each language and palette.
func TestPlanOnATelephone(t *testing.T) {
	h, p, id := waiting(t)
	for _, look := range []struct{ language, palette string }{{"nb", "standard"}, {"nn", "calm"}, {"sv", "dark"}, {"en", "dim"}} {
		tab := openTab(t, screen{width: 360, height: 640, language: look.language, cookies: map[string]string{"display": look.palette + ".1", "language": look.language}})
		if got := tab.goTo(h.login(asPatient(p), "/me")); got != http.StatusOK {
			t.Fatalf("%s: the page answers %d", look.language, got)
		}
		if words := tab.wordsUpTo("main", "#more"); words > 120 {
			t.Errorf("%s: %d words before the links, at most 120", look.language, words)
		}
		if bottom := tab.bottom("#todo"); bottom > 640 {
			t.Errorf("%s: now, latest and to do end at %.0f px, the screen at 640", look.language, bottom)
		}
		if small := tab.smallTargets(44); len(small) > 0 {
			t.Errorf("%s: too small to hit: %v", look.language, small)
		}
		for _, path := range []string{"/me", "/me/short", "/me/journeys/" + id, "/me/steps/" + id + "/start-assessment", "/me/looks", "/me/messages", "/me/matters", "/me/story", "/me/wait/" + id + "/start-assessment"} {
			if got := tab.goTo(h.url + path); got != http.StatusOK {
				t.Errorf("%s %s answers %d", look.language, path, got)
				continue
			}
			for _, v := range tab.violations() {
				t.Errorf("%s %s: %s", look.language, path, v)
			}
			if over := tab.overflow(); over > 0 {
				t.Errorf("%s %s: %d px too wide", look.language, path, over)
			}
			if strings.Contains(tab.text("main"), "‹") {
				t.Errorf("%s %s: a text is missing: %s", look.language, path, tab.text("main"))
			}
			tab.picture("me-" + look.language + strings.ReplaceAll(path, "/", "-"))
		}
		if said := tab.complained(); len(said) > 0 {
			t.Errorf("%s: the browser complained: %v", look.language, said)
		}
	}
}

// TestTooIllIsOnePress says it once, keeps the place, and loses no plan.
func TestTooIllIsOnePress(t *testing.T) {
	h, p, id := waiting(t)
	h.act(id, journey.PlanStep{Step: h.state(id).StepOf("start-assessment").Step, At: h.clock.Now().Add(20 * time.Hour)})
	tab := openTab(t, screen{width: 360, height: 640, noScripts: true, language: "nb"})
	tab.goTo(h.login(asPatient(p), "/me/short"))
	if got := tab.press("form[action='/me/too-ill'] button"); got != http.StatusOK {
		t.Fatalf("the press answers %d", got)
	}
	if !strings.Contains(tab.text("main"), "Du skylder oss ikke noe mer i dag") {
		t.Errorf("the page says %q", tab.text("main"))
	}
	st := h.state(id).StepOf("start-assessment")
	if st.Missed != 1 || !st.Planned.IsZero() || !st.Live() {
		t.Errorf("the step is %s, planned %v, missed %d: it must be open and unplanned", st.State, st.Planned, st.Missed)
	}
	if item := h.state(id).Items["step/"+itoa(st.Step)]; norway.LastDay(item.Due).DaysUntil(norway.Date(h.clock.Now())) < -1 {
		t.Errorf("the step must be planned anew by the next working day, is due %v", item.Due)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// TestShortAsText is the plan in at most eight lines of eighty columns.
func TestShortAsText(t *testing.T) {
	t.Parallel()
	h, p, _ := waiting(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	resp, err := client.Get(h.login(asPatient(p), "/me"))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodGet, h.url+"/me/short", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/plain")
	if resp, err = client.Do(req); err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(body)), "\n")
	if len(lines) < 5 || len(lines) > 8 {
		t.Errorf("%d lines, want five to eight:\n%s", len(lines), body)
	}
	for _, l := range lines {
		if len([]rune(l)) > 80 {
			t.Errorf("%d columns: %s", len([]rune(l)), l)
		}
	}
}
