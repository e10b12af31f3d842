package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"forlop/care"
	"forlop/casework"
	"forlop/web"
)

// knock opens a page as somebody whose login shows what is given, at a site that
// takes people's word or does not.
func (h *house) knock(t *testing.T, srv *httptest.Server, e *casework.Entry) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if e != nil {
		token, err := h.s.Enter(context.Background(), *e)
		if err != nil {
			t.Fatal(err)
		}
		at, err := url.Parse(srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		jar.SetCookies(at, []*http.Cookie{{Name: "session", Value: token}})
	}
	there := *h
	there.url = srv.URL
	return &visitor{t: t, h: &there, client: &http.Client{Jar: jar}}
}

// TestProfessionalArea holds who may read what is written for prescribers, by
// what their login shows.
func TestProfessionalArea(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	site := func(declare bool) *httptest.Server {
		srv := httptest.NewServer(web.New(web.Config{Service: h.s, Log: slog.New(slog.DiscardHandler), Declare: declare}))
		t.Cleanup(srv.Close)
		return srv
	}
	strict, trusting := site(false), site(true)
	p, _ := h.refer("Ola Nordmann")
	as := func(a care.Actor, prescriber string) *casework.Entry {
		return &casework.Entry{Actor: a, Login: casework.Login{Level: "high", Prescriber: prescriber}, Method: "test"}
	}
	turid := care.Actor{Kind: care.Professional, ID: "turid"}
	const list = "Velg et forløp"
	for name, c := range map[string]struct {
		srv    *httptest.Server
		entry  *casework.Entry
		status int
		says   string
	}{
		"nobody":                         {strict, nil, http.StatusOK, "Logg inn med en innlogging"},
		"a patient":                      {strict, as(asPatient(p), ""), http.StatusForbidden, "som pasient eller pårørende"},
		"a patient who claims":           {strict, as(asPatient(p), casework.Claimed), http.StatusForbidden, "som pasient eller pårørende"},
		"a professional without":         {strict, as(turid, ""), http.StatusForbidden, "viser ikke at du har rett"},
		"a professional with":            {strict, as(turid, casework.Claimed), http.StatusOK, list},
		"one who declared, trusted":      {trusting, as(turid, casework.Declared), http.StatusOK, "Egen erklæring"},
		"one without, at a trusting one": {trusting, as(turid, ""), http.StatusForbidden, "Jeg har rett til å forskrive"},
	} {
		for _, path := range []string{"/professional", "/professional/no.pain"} {
			got := h.knock(t, c.srv, c.entry).get(path)
			says := c.says
			if path != "/professional" && says == list {
				says = "Det en god henvisning inneholder"
			}
			if got.status != c.status || !strings.Contains(got.text("body"), says) {
				t.Errorf("%s at %s: %d, without %q:\n%s", name, path, got.status, says, got.text("body"))
			}
		}
	}
	declare := url.Values{}
	if got := h.knock(t, strict, as(turid, "")).post("/professional/declare", declare); got.status != http.StatusForbidden {
		t.Errorf("a site that takes nobody's word took one: %d", got.status)
	}
	if got := h.knock(t, trusting, as(asPatient(p), "")).post("/professional/declare", declare); got.status != http.StatusForbidden {
		t.Errorf("a patient declared: %d", got.status)
	}
	if got := h.knock(t, trusting, as(turid, "")).post("/professional/declare", declare); got.status != http.StatusOK || !strings.Contains(got.text("body"), "Egen erklæring") {
		t.Errorf("declared, and then: %d\n%s", got.status, got.text("body"))
	}
	if got := h.knock(t, strict, as(turid, casework.Claimed)).get("/professional/no.such"); got.status != http.StatusNotFound {
		t.Errorf("a pathway that is not there: %d", got.status)
	}
}
