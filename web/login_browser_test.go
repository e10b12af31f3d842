package web_test

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"forlop/access/login"
	"forlop/access/provider"
	"forlop/care"
	"forlop/casework"
	"forlop/web"
)

// withOwn serves the house's service again, with a provider of its own where
// everyone may be one of the people.
func (h *house) withOwn(people ...provider.Person) string {
	h.t.Helper()
	var pages http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pages.ServeHTTP(w, r) }))
	h.t.Cleanup(srv.Close)
	now := casework.SystemClock().Now
	own, err := provider.New(provider.Config{Base: srv.URL, Back: web.BackFrom(web.OwnProvider), Page: web.AccountPage, Site: "Fjord", People: people, Now: now})
	if err != nil {
		h.t.Fatal(err)
	}
	id, secret := own.Client()
	at, err := login.Open(login.Settings{
		ID: web.OwnProvider, Name: "Fjord", Issuer: own.Issuer(), Client: id, Secret: secret, Algorithms: []string{"ES256"}, Least: "low",
		For: []care.ActorKind{care.Patient, care.Professional}, Levels: map[string]string{"low": "low", "substantial": "substantial"},
	}, &http.Client{Transport: own.Transport()}, now, rand.Reader)
	if err != nil {
		h.t.Fatal(err)
	}
	pages = web.New(web.Config{
		Service: h.s, Log: slog.New(slog.DiscardHandler), Operator: "Fjord helseforetak", Phone: "00 00 00 10", Hours: "9–15",
		Base: srv.URL, Own: own, Providers: []*login.Provider{at},
	})
	return srv.URL
}

// TestLoginInABrowser logs in through the provider as a person does, on a
// telephone; no page of it has a script. The login ends while they write, and every word is there after
// the next one.
func TestLoginInABrowser(t *testing.T) {
	t.Parallel()
	h, p, _ := waiting(t)
	base := h.withOwn(provider.Person{Subject: casework.SubjectOf(asPatient(p)), Role: "patient", Name: "Bodil Storlom"},
		provider.Person{Subject: casework.SubjectOf(coordinator.Actor), Role: "coordinator", Name: "Kari Bjørk"})
	tab := openTab(t, telephone)
	looked := 0
	look := func(name string) {
		t.Helper()
		looked++
		for _, v := range tab.violations() {
			t.Errorf("%s: %s", name, v)
		}
		if small := tab.smallTargets(44); len(small) > 0 {
			t.Errorf("%s: too small to hit: %v", name, small)
		}
		if over := tab.overflow(); over > 0 {
			t.Errorf("%s: %d px too wide", name, over)
		}
		if strings.Contains(tab.text("body"), "‹") {
			t.Errorf("%s: a text is missing: %s", name, tab.text("body"))
		}
		tab.picture("login-" + name)
	}
	at := func(path string) {
		t.Helper()
		if got := strings.TrimPrefix(tab.address(), base); !strings.HasPrefix(got, path) {
			t.Fatalf("the browser is at %s, not %s", got, path)
		}
	}
	// A page that needs a login leads to it, and back.
	tab.goTo(base + "/me/matters")
	at("/login?to=")
	look("start")
	tab.press("main a.second")
	look("other")
	tab.goTo(base + "/login?to=%2Fme%2Fmatters")
	tab.press("main a.wide")
	at("/account?request=")
	look("choose")
	tab.press("button[name=person]")
	at("/me/matters")
	tab.goTo(base + "/sessions")
	look("sessions")
	// The login runs out while a message is written.
	const words = "Jeg orker ikke flere turer denne uka."
	tab.goTo(base + "/me/messages")
	tab.choose("main textarea", words)
	h.clock.set(h.clock.Now().Add(31 * time.Minute))
	tab.press("main form button[type=submit]")
	at("/login?")
	look("kept")
	tab.press("main a.wide")
	tab.press("button[name=person]")
	at("/unsent")
	if !strings.Contains(tab.text("main"), words) {
		t.Fatalf("what was written is not there: %s", tab.text("main"))
	}
	look("unsent")
	tab.press("button[value=send]")
	at("/me/messages/")
	tab.press("header form button")
	at("/login")
	// Those who work log in at the same place, and a fresh login is another session.
	tab.goTo(base + "/login?again=1&to=%2Fsessions")
	look("again")
	tab.press("main h2 + .stack a")
	tab.press("button[value^=professional]")
	at("/sessions")
	look("sessions-work")
	if said := tab.complained(); len(said) > 0 {
		t.Errorf("the browser complains: %v", said)
	}
	t.Logf("pages looked at %d, axe findings 0", looked)
}
