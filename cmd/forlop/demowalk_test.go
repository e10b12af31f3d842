package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
)

// walkScenes logs in to each scene of who may see and act, twice, and looks for
// what it is there to show.
func walkScenes(t *testing.T, d *running) {
	scenes := []struct{ about, path, shows string }{
		{"husband: reads the plan", "", "Du ser planen til"},
		{"sister: is asked to act", "", "vil gi deg tilgang"},
		{"son: acts until the proxy ends", "", "Du ser planen til"},
		{"mother of a child of 13", "", "Planen, stegene og timene"},
		{"father of a child of 10", "", "Du ser planen til"},
		{"sees the mark of a hidden address", "", "Skjult adresse"},
		{"has shut her or his record", "", "Magnus Selje"},
		{"opened in an emergency yesterday", "", "Hedda Kirsebær"},
		{"opened in an emergency, and the opening judged", "", "Hedda Kirsebær"},
		{"an inner spärr outside the health centre", "", "Maria Alm"},
		{"a page with a date, an owner", "/me/looks", "Kari Bjørk"},
		{"a page with a date, an owner", "/me/access", "NAV Fjordvik"},
		{"physician in the emergency department", "", "Pasienten får vite det"},
		{"general practitioner in Fjordvik", "/professional", "For deg som forskriver"},
	}
	for _, sc := range scenes {
		found := false
		for _, p := range d.People {
			if !strings.Contains(p.About, sc.about) {
				continue
			}
			found = true
			for range 2 {
				if page := visit(t, p.Login, sc.path, d.Base); !strings.Contains(page, sc.shows) {
					t.Errorf("%s: %s does not show %q", p.About, sc.path, sc.shows)
				}
			}
			break
		}
		if !found {
			t.Errorf("nobody is %q", sc.about)
		}
	}
}

// visit follows a login, goes on to a path where one is given, and answers the
// page.
func visit(t *testing.T, login, path, base string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	page := ""
	for _, url := range []string{login, base + path} {
		if url == base {
			break
		}
		answer, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d, %v", answer.Request.URL.Path, answer.StatusCode, err)
		}
		page = string(body)
	}
	return page
}
