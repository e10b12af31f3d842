package web_test

import (
	"bufio"
	"encoding/csv"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"forlop/care"
)

// FuzzPages sends what a stranger, a patient or a coordinator could send to any
// address: the service answers, in time, with something that is no fault of its own,
// under the headers that every answer has.
func FuzzPages(f *testing.F) {
	table, err := os.Open("testdata/surfaces.csv")
	if err != nil {
		f.Fatal(err)
	}
	reader := csv.NewReader(bufio.NewReader(table))
	reader.FieldsPerRecord, reader.Comment = -1, '#'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) < 100 {
		f.Fatal("the table of surfaces has no routes", err)
	}
	if err := table.Close(); err != nil {
		f.Fatal(err)
	}
	for i, row := range rows {
		method, path, ok := strings.Cut(row[0], " ")
		if !ok {
			if len(row) < 2 || !strings.HasPrefix(row[1], "/") {
				continue
			}
			method, path = row[0], row[1]
		}
		f.Add(uint8(i), method, path, "page=2&item=step/1&do=x", "key=k&words=Hei&seen=1&date=2026-02-30")
	}
	f.Add(uint8(1), "POST", "/journeys/../../etc/passwd", "%zz", "%zz")
	f.Add(uint8(2), "GET", "/journeys/%00", "day=99999999999999999999", "")
	f.Add(uint8(2), "PROPFIND", "/me/\xff", "a;b", "a;b")
	var once sync.Once
	var h *house
	var clients []*http.Client
	f.Fuzz(func(t *testing.T, who uint8, method, path, query, body string) {
		once.Do(func() {
			h = openHouse(new(testing.T))
			patient, id := h.refer("Ola Nordmann")
			h.accept(id)
			clients = []*http.Client{{}, h.visit(asPatient(patient)).client, h.visit(care.Actor{Kind: care.Professional, ID: "kari"}).client}
			for _, c := range clients {
				c.Timeout = 10 * time.Second
				c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			}
		})
		u, err := url.Parse(h.url)
		if err != nil {
			t.Fatal(err)
		}
		u.Path, u.RawQuery = "/"+strings.TrimPrefix(path, "/"), query
		r, err := http.NewRequest(method, u.String(), strings.NewReader(body))
		if err != nil {
			return // no client can send it
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", h.url)
		answer, err := clients[int(who)%len(clients)].Do(r)
		if err != nil {
			if strings.Contains(err.Error(), "Client.Timeout") || strings.Contains(err.Error(), "EOF") {
				t.Errorf("%s %s: %v", method, u, err)
			}
			return
		}
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode >= 500 {
			t.Errorf("%s %s with %q: %s", method, u, body, answer.Status)
		}
		if answer.StatusCode != http.StatusBadRequest && answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: %s without its headers", method, u, answer.Status)
		}
	})
}
