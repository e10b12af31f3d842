package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
	"forlop/store"
	"forlop/web"
)

// decisions is how many decisions of access are asked for in each turn; pageDecides
// is how many a patient's page takes: whether the question may be asked at all, and
// whether about this person.
const decisions, pageDecides = 20_000, 2

const sitePolicy = `@id("bench") @law("none") @tag("assumed") forbid (principal is Guest, action == Action::"journey", resource);`

// asks are questions as pages ask them: one's own plan, a journey with and without
// a block, a relative's part, a step done by a patient.
func asks() []access.Ask {
	on := care.Date{Year: 2026, Month: time.January, Day: 5}
	worker := access.Ask{Actor: care.Professional, Role: "coordinator", What: "journey", Basis: access.TakesPart, Regime: care.Norway, On: on, Level: "high"}
	blocked, opened := worker, worker
	blocked.Block = access.Closed
	opened.Block, opened.Lifted, opened.Basis = access.Closed, true, access.BreakGlass
	return []access.Ask{
		worker, blocked, opened,
		{Actor: care.Patient, What: "my-plan", Basis: access.Own, Regime: care.Norway, On: on, Level: "substantial"},
		{Actor: care.Patient, What: "journey.complete", Basis: access.Own, Regime: care.Sweden, On: on, Level: "substantial"},
		{Actor: care.Relative, What: "my-plan", Basis: access.Proxy, Parts: []access.Part{access.Plan}, Regime: care.Norway, On: on, Level: "substantial"},
		{Actor: care.Relative, What: "journey.too-ill", Basis: access.Proxy, Parts: []access.Part{access.Plan}, Regime: care.Norway, On: on, Level: "substantial"},
	}
}

// unlogged is the same store without the access log.
type unlogged struct{ store.Store }

// Log forgets.
func (unlogged) Log(context.Context, store.Look) error { return nil }

// access measures decisions, and what access and its log cost a page.
func (b *bench) access() error {
	policy, list := access.Shipped(), asks()
	bare := map[string]bool{}
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = fmt.Sprint(a)
		bare[names[i]] = policy.Decide(a).Allowed
	}
	allowed := 0
	ask := func(n int, one func(i int) bool) (float64, error) {
		d, err := b.took(func() error {
			for i := range n {
				if one(i) {
					allowed++
				}
			}
			return nil
		})
		return rate(n, d), err
	}
	site := b.file("site")
	if err := os.Mkdir(site, 0o700); err != nil {
		return err
	}
	// It forbids what nobody may anyway: only so is a policy one that was asked nothing.
	if err := os.WriteFile(filepath.Join(site, "site.cedar"), []byte(sitePolicy), 0o600); err != nil {
		return err
	}
	var again, anew ratios
	for range atLeast {
		looked, err := ask(decisions, func(i int) bool { return bare[names[i%len(names)]] })
		if err != nil {
			return err
		}
		known, err := ask(decisions, func(i int) bool { return policy.Decide(list[i%len(list)]).Allowed })
		if err != nil {
			return err
		}
		again.add(known, looked)
		fresh, err := policy.With(os.DirFS(site))
		if err != nil {
			return err
		}
		var unknown []access.Ask
		for _, name := range fresh.Names() {
			for _, a := range list {
				a.What = name
				unknown = append(unknown, a)
			}
		}
		n, err := ask(len(unknown), func(i int) bool { return fresh.Decide(unknown[i]).Allowed })
		if err != nil {
			return err
		}
		anew.add(n, looked)
	}
	if allowed == 0 {
		return fmt.Errorf("no decision allowed anything")
	}
	b.add(again.check("access decisions, asked before", "decisions/s", fmt.Sprintf("%d kinds of question; the anchor looks the answers up in a map", len(list))), 0, 0)
	b.add(anew.check("access decisions, asked for the first time", "decisions/s", "every question and command, asked so; the engine reads its policies for each"), 0, 0)
	return b.pageWithout(median(again.figures))
}

// pageWithout measures a patient's page as it is, and on the same database without
// the log.
func (b *bench) pageWithout(decided float64) error {
	bare, err := b.service(unlogged{b.store})
	if err != nil {
		return err
	}
	token := func(i int) (string, error) {
		return b.s.Enter(b.ctx, casework.Entry{Actor: care.Actor{Kind: care.Patient, ID: b.persons[i]}, Login: casework.Login{Level: "substantial"}, Method: casework.MethodDemo})
	}
	n := min(200, b.opened)
	tokens := make([]string, n)
	for i := range tokens {
		if tokens[i], err = token(b.opened - n + i); err != nil {
			return err
		}
	}
	reader := func(s *casework.Service) func(i int) error {
		pages := web.New(web.Config{Service: s, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Demo: true})
		return func(i int) error {
			r, err := http.NewRequestWithContext(b.ctx, http.MethodGet, "http://127.0.0.1/me", http.NoBody)
			if err != nil {
				return err
			}
			r.AddCookie(&http.Cookie{Name: "session", Value: tokens[i%n]})
			a := &answered{header: http.Header{}}
			pages.ServeHTTP(a, r)
			if a.status != http.StatusOK {
				return fmt.Errorf("/me answered %d", a.status)
			}
			return nil
		}
	}
	with, without := reader(b.s), reader(bare)
	for _, read := range []func(int) error{with, without} {
		if _, _, err := b.together(1, 0, n, read); err != nil {
			return err
		}
	}
	pairs, each, err := b.latency(n/atLeast, with, func() (time.Duration, error) {
		_, each, err := b.together(1, 0, n/atLeast, without)
		if err != nil {
			return 0, err
		}
		return middle(each), nil
	})
	if err != nil {
		return err
	}
	c := pairs.check("access: /me with its log", "ms", "")
	decide := pageDecides * 1000 / decided
	c.Detail = fmt.Sprintf("%s; the anchor is the same page without the log: the log is %s %% of the page, %d decisions %s %%",
		spread(each), number(100*(1-c.Anchor/c.Figure)), pageDecides, number(100*decide/c.Figure))
	b.add(c, 0, 0)
	return nil
}
