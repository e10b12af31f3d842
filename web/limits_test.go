package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/web"
)

// limited is the house behind pages with few requests to spend.
func (h *house) limited(l web.Limits) http.Handler {
	return web.New(web.Config{Service: h.s, Log: slog.New(slog.DiscardHandler), Demo: true, Limits: &l})
}

func from(address, method, path string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(""))
	r.RemoteAddr = address
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func answered(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestAddressThatAsksTooOften(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	pages := h.limited(web.Limits{Address: web.Rate{Burst: 5, PerMinute: 6}})
	const hasty, calm = "192.0.2.7:1000", "192.0.2.8:1000"
	for i := range 5 {
		if got := answered(pages, from(hasty, http.MethodGet, "/privacy")); got.StatusCode != http.StatusOK {
			t.Fatalf("request %d of 5 was answered %d", i+1, got.StatusCode)
		}
	}
	resp := answered(pages, from(hasty, http.MethodGet, "/privacy"))
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "10" || !strings.Contains(string(body), "<h1") {
		t.Errorf("the sixth was answered %d, Retry-After %q, %v", resp.StatusCode, resp.Header.Get("Retry-After"), err)
	}
	if got := answered(pages, from(calm, http.MethodGet, "/privacy")); got.StatusCode != http.StatusOK {
		t.Errorf("another address waits too: %d", got.StatusCode)
	}
	// One more comes every ten seconds; what was refused cost nothing.
	h.clock.set(h.clock.Now().Add(10 * time.Second))
	for _, want := range []int{http.StatusOK, http.StatusTooManyRequests} {
		if got := answered(pages, from(hasty, http.MethodGet, "/privacy")); got.StatusCode != want {
			t.Errorf("after ten seconds: %d, want %d", got.StatusCode, want)
		}
	}
}

func TestAddressIsNotWhatAStrangerWrites(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for name, c := range map[string]struct {
		proxies int
		address string
		header  func(i int) string
		stopped bool
	}{
		"no proxy, header made up":             {0, "192.0.2.7:1000", func(i int) string { return "198.51.100." + string(rune('0'+i)) }, true},
		"behind one, header made up before it": {1, "10.0.0.1:1000", func(i int) string { return "198.51.100." + string(rune('0'+i)) + ", 192.0.2.7" }, true},
		"behind one, different people":         {1, "10.0.0.1:1000", func(i int) string { return "198.51.100." + string(rune('0'+i)) }, false},
		"behind one that adds the port":        {1, "10.0.0.1:1000", func(i int) string { return "192.0.2.7:100" + string(rune('0'+i)) }, true},
		"one IPv6 network, with ports":         {1, "10.0.0.1:1000", func(i int) string { return "[2001:db8::1]:100" + string(rune('0'+i)) }, true},
		"one IPv6 network, many addresses":     {0, "[2001:db8::%d]:1000", nil, true},
	} {
		pages := h.limited(web.Limits{Address: web.Rate{Burst: 3, PerMinute: 1}, Proxies: c.proxies})
		stopped := false
		for i := range 8 {
			r := from(strings.ReplaceAll(c.address, "%d", string(rune('1'+i))), http.MethodGet, "/privacy")
			if c.header != nil {
				r.Header.Set("X-Forwarded-For", c.header(i))
			}
			stopped = stopped || answered(pages, r).StatusCode == http.StatusTooManyRequests
		}
		if stopped != c.stopped {
			t.Errorf("%s: stopped is %v", name, stopped)
		}
	}
}

// TestHarvest holds S13: how many people a search walks through before it stops.
func TestHarvest(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	srv := httptest.NewServer(h.limited(web.DefaultLimits))
	t.Cleanup(srv.Close)
	browser := func(who string) *http.Client {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		token, err := h.s.SignIn(t.Context(), care.Actor{Kind: care.Professional, ID: who})
		if err != nil {
			t.Fatal(err)
		}
		c := &http.Client{Jar: jar}
		resp, err := c.Get(srv.URL + "/login?token=" + token + "&to=/privacy")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return c
	}
	search := func(c *http.Client) int {
		resp, err := c.PostForm(srv.URL+"/find", url.Values{"q": {"nordmann"}})
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	harvester, colleague := browser("turid"), browser("kari")
	served := 0
	for range 200 {
		switch status := search(harvester); status {
		case http.StatusOK:
			served++
		case http.StatusTooManyRequests:
		default:
			t.Fatalf("a search was answered %d", status)
		}
	}
	if most := web.DefaultLimits.Search.Burst; served != most {
		t.Errorf("%d searches of 200 were answered before the stop, want %d", served, most)
	}
	if status := search(colleague); status != http.StatusOK {
		t.Errorf("a colleague at the same address was answered %d", status)
	}
}
