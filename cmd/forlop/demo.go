package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	providers "forlop/access/login"
	"forlop/care"
	"forlop/casework"
	"forlop/simulation"
	"forlop/store"
	"forlop/store/sqlite"
	"forlop/web"
)

// demoCommand runs a complete service on this machine.
type demoCommand struct {
	Addr   string `default:"127.0.0.1:8080" help:"Where to listen; this machine only. Port 0 takes a free one."`
	People int    `name:"patients" default:"150" help:"How many synthetic patients there are."`
	Seed   uint64 `default:"1" help:"What the patients are drawn from. The same seed on the same day gives the same people."`
	Data   string `placeholder:"DIR" help:"Keep the demo in this folder; otherwise it is gone when the demo stops."`
	JSON   bool   `name:"json" help:"Print one line of JSON once the demo is ready."`

	Pathways string `placeholder:"DIR" help:"Where pathway folders are being written; authors see them on /pathways."`
	siteTexts
}

// Help is shown under the flags.
func (demoCommand) Help() string {
	return "Example: forlop demo --addr 127.0.0.1:0 --patients 50 --json"
}

// The files of a demo's folder, and the setting that says that it is one.
const (
	demoFile, demoKey = "demo.db", "demo.key"
	demoSetting       = "demo"
	demoMaking        = "being made"
)

// login is one line of the demo's answer. Keys may be added, never changed.
type login struct {
	Role  string `json:"role"`
	Name  string `json:"name"`
	Login string `json:"login"`
	About string `json:"about"`
}

// demoAnswer is what demo --json prints.
type demoAnswer struct {
	Base     string  `json:"base"`
	Database string  `json:"database"`
	People   []login `json:"people"`
}

// Run makes or opens the demo and serves it until it is stopped.
func (c *demoCommand) Run(p *program) (err error) {
	if err := loopback(c.Addr); err != nil {
		return err
	}
	if c.People < 1 || c.People > 20_000 {
		return usage("--patients is %d; give 1 to 20000", c.People)
	}
	dir, done, err := c.folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	st, keys, people, err := c.openDemo(p.ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	// What would leave lies in a folder beside the demo's data, and reaches nobody.
	out, err := outgoing{Spool: filepath.Join(dir, "outgoing"), NoticeSender: "Fjord demo"}.ways("http://" + c.Addr)
	if err != nil {
		return err
	}
	s, err := casework.New(p.ctx, casework.Config{Store: st, Clock: casework.SystemClock(), Keys: keys, Random: rand.Reader, Wakers: wakers, Out: out})
	if err != nil {
		return keyFault(err)
	}
	if err := settle(p.ctx, s); err != nil {
		return err
	}
	texts, err := c.read(p, s)
	if err != nil {
		return err
	}
	pages := func(base string) (http.Handler, error) {
		own, at, err := ownProvider(s, base, "Forløp demo", choosable(people))
		if err != nil {
			return nil, err
		}
		return web.New(web.Config{
			Texts: texts, Service: s, Log: log, Operator: "Forløp demo", Demo: true, Folders: pathwayFolders(c.Pathways),
			Base: base, Own: own, Providers: []*providers.Provider{at},
		}), nil
	}
	v, err := newServer(p.ctx, c.Addr, s, pages, log)
	if err != nil {
		return err
	}
	answer := demoAnswer{Base: v.base(), Database: "sqlite:" + filepath.Join(dir, demoFile)}
	var tokens []string
	for _, who := range people {
		path, token, err := comeIn(p.ctx, s, who)
		if err != nil {
			return err
		}
		if token != "" {
			tokens = append(tokens, token)
		}
		if path != "" {
			answer.People = append(answer.People, login{who.Role, who.Name, v.base() + path, who.About})
		}
	}
	ready := make(chan error, 1)
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	go func() { ready <- v.serve(ctx) }()
	go keepOpen(ctx, s, tokens)
	if err := c.print(p, answer, dir); err != nil {
		stop()
		return errors.Join(err, <-ready)
	}
	return <-ready
}

// settle lets everything happen that is due, so that the first page is right.
func settle(ctx context.Context, s *casework.Service) error {
	var failed []error
	if _, err := s.WakeDue(ctx, "demo", func(st store.Stream, err error) { failed = append(failed, fmt.Errorf("%s: %w", st, err)) }); err != nil {
		return err
	}
	return errors.Join(append(failed, s.React(ctx), s.Oversee(ctx))...)
}

// keepOpen keeps the printed login links from running out while nobody uses
// them.
func keepOpen(ctx context.Context, s *casework.Service, tokens []string) {
	tick := time.NewTicker(casework.SessionIdle / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			for _, t := range tokens {
				// A link that was logged out, or has had its eight hours, stays closed.
				if _, err := s.SignedIn(ctx, t); err != nil {
					continue
				}
			}
		}
	}
}

// loopback refuses an address that others can reach.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return usage("--addr is %q; write HOST:PORT, such as 127.0.0.1:8080", addr)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usage("--addr is %s; the demo's login links open without a password, so it listens on this machine only: use 127.0.0.1", addr)
	}
	return nil
}

// folder is where the demo is kept: the one given, or one that goes away.
func (c *demoCommand) folder() (dir string, done func() error, err error) {
	if c.Data == "" {
		dir, err = os.MkdirTemp("", "forlop-demo-")
		return dir, func() error { return os.RemoveAll(dir) }, err
	}
	err = os.MkdirAll(c.Data, 0o700)
	return c.Data, func() error { return nil }, err
}

// openDemo opens the demo in a folder, or makes it.
func (c *demoCommand) openDemo(ctx context.Context, dir string) (*sqlite.Store, *store.Keyring, []simulation.Resident, error) {
	path, key := filepath.Join(dir, demoFile), keyed{KeyFile: filepath.Join(dir, demoKey)}
	if err := isDemo(ctx, path); err != nil {
		return nil, nil, nil, err
	}
	if err := makeKey(key.KeyFile, rand.Reader); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, nil, nil, err
	}
	keys, err := key.keyring(database{})
	if err != nil {
		return nil, nil, nil, err
	}
	st, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, nil, nil, err
	}
	people, err := c.fill(ctx, st, keys)
	if err != nil {
		return nil, nil, nil, errors.Join(err, st.Close())
	}
	return st, keys, people, nil
}

// isDemo refuses a database that is not a demo's. A demo whose making was
// interrupted is removed, so that it is made anew.
func isDemo(ctx context.Context, path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	st, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	if err != nil {
		return &exit{exitUsage, err}
	}
	mark, err := st.Setting(ctx, demoSetting)
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	switch mark {
	case "":
		return usage("%s is not a demo's database; the demo never opens another: choose another --data, or serve it with forlop serve", path)
	case demoMaking:
		for _, suffix := range []string{"", "-wal", "-shm", "-lock"} {
			if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// fill makes the demo's people, or reads who they are where they are there.
func (c *demoCommand) fill(ctx context.Context, st *sqlite.Store, keys *store.Keyring) ([]simulation.Resident, error) {
	mark, err := st.Setting(ctx, demoSetting)
	if err != nil {
		return nil, err
	}
	var people []simulation.Resident
	if mark != "" {
		err := json.Unmarshal([]byte(mark), &people)
		return people, err
	}
	if err := st.SetSetting(ctx, demoSetting, demoMaking); err != nil {
		return nil, err
	}
	s, err := newService(ctx, st, keys)
	if err != nil {
		return nil, err
	}
	if _, err := shelveShipped(ctx, s); err != nil {
		return nil, err
	}
	people, err = simulation.Populate(ctx, st, keys, simulation.Population{People: c.People, Seed: c.Seed, Now: s.Now(), Workers: 16})
	if err != nil {
		return nil, err
	}
	done, err := json.Marshal(people)
	if err != nil {
		return nil, err
	}
	return people, st.SetSetting(ctx, demoSetting, string(done))
}

// print says where everything is, once, when it is there.
func (c *demoCommand) print(p *program, a demoAnswer, dir string) error {
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(a)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nForløp demo – synthetic people only. No line here is about a real person.\n\n")
	fmt.Fprintf(&b, "  address   %s\n  data      %s", a.Base, dir)
	if c.Data == "" {
		b.WriteString(" (gone when you stop)")
	}
	b.WriteString("\n\nLog in as:\n")
	for _, l := range a.People {
		fmt.Fprintf(&b, "  %-13s %s, %s\n                %s\n", l.Role, l.Name, l.About, l.Login)
	}
	b.WriteString("\nStop with Ctrl-C. For real: forlop token key forlop.key && forlop serve --database sqlite:forlop.db\n\n")
	_, err := io.WriteString(p.stdout, b.String())
	return err
}

// refusedAs reports whether an error is the refusal with a code.
func refusedAs(err error, code string) bool {
	r, ok := care.AsRefusal(err)
	return ok && r.Code == code
}
