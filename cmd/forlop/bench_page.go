package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"forlop/care"
	"forlop/web"
)

// answered keeps what a handler answers, as a browser would read it.
type answered struct {
	header http.Header
	status int
	bytes  int
}

func (a *answered) Header() http.Header { return a.header }
func (a *answered) WriteHeader(s int)   { a.status = s }
func (a *answered) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.bytes += len(b)
	return len(b), nil
}

// patientPage asks for patients' own pages, as many as have a journey, from the
// handler that serve uses.
func (b *bench) patientPage() error {
	pages := web.New(web.Config{Service: b.s, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Demo: true})
	get := func(path, cookie string) (*answered, error) {
		r, err := http.NewRequestWithContext(b.ctx, http.MethodGet, "http://127.0.0.1"+path, http.NoBody)
		if err != nil {
			return nil, err
		}
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		a := &answered{header: http.Header{}}
		pages.ServeHTTP(a, r)
		return a, nil
	}
	n := min(300, b.opened)
	persons := b.persons[b.opened-n : b.opened]
	cookies := make([]string, n)
	for i := range cookies {
		token, err := b.s.SignIn(b.ctx, care.Actor{Kind: care.Patient, ID: persons[i]})
		if err != nil {
			return err
		}
		a, err := get("/login?token="+token, "")
		if err != nil {
			return err
		}
		set := (&http.Response{Header: a.header}).Cookies()
		if len(set) == 0 {
			return fmt.Errorf("the login answered %d without a session", a.status)
		}
		cookies[i] = set[0].Name + "=" + set[0].Value
	}
	size := 0
	read := func(i int) error {
		a, err := get("/me", cookies[i%n])
		if err == nil && a.status != http.StatusOK {
			err = fmt.Errorf("/me answered %d", a.status)
		}
		if a != nil {
			size = a.bytes
		}
		return err
	}
	// The first look of each patient is the receipt of what is told there; what
	// is measured is every look after it.
	if _, _, err := b.together(1, 0, n, read); err != nil {
		return err
	}
	pairs, each, err := b.latency(n/atLeast, read, func() (time.Duration, error) { return b.anchor.mine(b.ctx, b.real, persons[:n/atLeast]) })
	if err != nil {
		return err
	}
	b.add(pairs.check(b.of("patient's page /me"), "ms", fmt.Sprintf("%s, %d bytes, the look logged", spread(each), size)), 0, 10)
	return nil
}
