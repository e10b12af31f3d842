package web_test

import (
	"context"
	"io"
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

// Outside a demo a login link is opened by a press of a button, once.
func TestLoginLink(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	srv := httptest.NewServer(web.New(web.Config{Service: h.s, Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(srv.Close)
	token, _, err := h.s.LoginLink(context.Background(), care.Actor{Kind: care.Professional, ID: "kari"})
	if err != nil {
		t.Fatal(err)
	}
	browser := func() *http.Client {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Client{Jar: jar}
	}
	answer := func(resp *http.Response, err error) (int, string, string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, resp.Request.URL.Path, string(body)
	}
	kari := browser()
	link := srv.URL + "/login?token=" + token
	// Whoever only looks at the link does not use it up, and is not logged in.
	for range 2 {
		if status, _, body := answer(kari.Get(link)); status != http.StatusOK || !strings.Contains(body, `name="token" value="`+token+`"`) {
			t.Fatalf("the link shows %d:\n%s", status, body)
		}
	}
	if _, path, _ := answer(kari.Get(srv.URL + "/work")); path != "/login" {
		t.Errorf("looking at the link led to %s", path)
	}
	form := url.Values{"token": {token}, "to": {"//elsewhere.example/"}}
	if status, path, _ := answer(kari.PostForm(srv.URL+"/login", form)); status != http.StatusOK || path != "/work" {
		t.Errorf("the button led to %s, %d", path, status)
	}
	if status, path, _ := answer(kari.Get(srv.URL + "/work")); status != http.StatusOK || path != "/work" {
		t.Errorf("logged in, /work answers %s, %d", path, status)
	}
	other := browser()
	if status, _, body := answer(other.PostForm(srv.URL+"/login", form)); status != http.StatusForbidden || !strings.Contains(body, "Be om en ny") {
		t.Errorf("the link opened twice: %d\n%s", status, body)
	}
	// A session's own token is no link here.
	session, err := h.s.SignIn(context.Background(), care.Actor{Kind: care.Professional, ID: "kari"})
	if err != nil {
		t.Fatal(err)
	}
	if status, _, _ := answer(other.PostForm(srv.URL+"/login", url.Values{"token": {session}})); status != http.StatusForbidden {
		t.Errorf("a session's token opened as a link: %d", status)
	}
	if _, path, _ := answer(other.Get(srv.URL + "/login?token=" + session)); path != "/login" {
		t.Errorf("a session's token in an address led to %s", path)
	}
	h.clock.set(h.clock.Now().Add(casework.LinkLife * 2))
	late, _, err := h.s.LoginLink(context.Background(), care.Actor{Kind: care.Professional, ID: "turid"})
	if err != nil {
		t.Fatal(err)
	}
	h.clock.set(h.clock.Now().Add(casework.LinkLife * 2))
	if status, _, _ := answer(other.PostForm(srv.URL+"/login", url.Values{"token": {late}})); status != http.StatusForbidden {
		t.Errorf("a link that has run out opened: %d", status)
	}
}
