package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/store/storetest"
)

var outsideRounds = flag.Int("outside-rounds", 12, "how many faults the outside attacker tries on each store")

// besieged is the built program serving a database of its own, behind a wire.
type besieged struct {
	t         *testing.T
	dir, db   string
	wire      *wire
	cmd       *exec.Cmd
	server    *storetest.Server
	outsiders []*outsider
}

func (b *besieged) run(args ...string) string {
	b.t.Helper()
	cmd := forlop(b.t.Context(), b.t, args...)
	cmd.Dir = b.dir
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		b.t.Fatalf("forlop %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String()
}

// serve starts the program, lets the wire lead to it, and answers how long it took
// until it served.
func (b *besieged) serve() time.Duration {
	b.t.Helper()
	clock := casework.SystemClock()
	begun := clock.Now()
	b.cmd = forlop(context.Background(), b.t, "serve", "--database", b.db, "--addr", "127.0.0.1:0", "--reserve-size", "65536")
	b.cmd.Dir = b.dir
	errs, err := b.cmd.StderrPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	said := ""
	for lines := bufio.NewScanner(errs); lines.Scan(); {
		said += lines.Text() + "\n"
		var entry struct{ Msg, Address string }
		if err := json.Unmarshal(lines.Bytes(), &entry); err == nil && entry.Msg == "serving" {
			at, err := url.Parse(entry.Address)
			if err != nil {
				b.t.Fatal(err)
			}
			b.wire.to.Store(&at.Host)
			go func() { _, _ = io.Copy(io.Discard, errs) }() // a full pipe would hold it up
			return clock.Now().Sub(begun)
		}
	}
	b.t.Fatalf("it did not serve:\n%s", said)
	return 0
}

func (b *besieged) signal(s syscall.Signal) {
	if err := b.cmd.Process.Signal(s); err != nil {
		b.t.Error(err)
	}
}

// gone ends the program by a signal and waits until it is no more.
func (b *besieged) gone(s syscall.Signal) {
	b.signal(s)
	_ = b.cmd.Wait() // how it ended is what the test did to it
	b.wire.drop()
}

// besiege sets a site up with some patients, each logged in as their own, and the
// coordinator writing about one of them.
func besiege(t *testing.T, db string, server *storetest.Server) *besieged {
	t.Helper()
	b := &besieged{t: t, dir: t.TempDir(), db: db, server: server, wire: newWire(t)}
	day := func(back int) string {
		return care.CalendarOf(care.Norway).Date(casework.SystemClock().Now().AddDate(0, 0, -back)).String()
	}
	table := "name;born;pathway;received;responsible;sender;referral-answered;referral-answered:source;step:assess-referral;role:gp\n"
	for _, name := range []string{"Bodil Storlom", "Arne Lomvi", "Eva Havelle"} {
		table += name + ";1980-03-01;no.pain;" + day(20) + ";smerteklinikken/coordinator;legene-pa-torget;" + day(10) + ";Brev i journalsystemet;accept;legene-pa-torget\n"
	}
	write(t, filepath.Join(b.dir, "journeys.csv"), table)
	site, err := filepath.Abs("../../docs/example-site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b.run("token", "key", "forlop.key")
	if strings.HasPrefix(db, "postgres") {
		b.run("migrate", "--database", db)
	}
	b.run("import", "units", site, "--database", db)
	b.run("pathway", "publish", "no.pain", "--for", "fjord-hf", "--as", "astrid-lund@fjord-hf/pathway-approver", "--database", db)
	b.run("pathway", "approve", "no.pain@2025.04", "--activate", "--as", "siri-holm@fjord-hf/pathway-approver", "--database", db)
	b.run("import", "journeys", "journeys.csv", "--database", db)
	b.serve()
	t.Cleanup(func() { _ = b.cmd.Process.Kill() })
	list := b.run("journey", "list", "--json", "--database", db, "--as", "smerteklinikken/coordinator", "--reason", "a drill")
	for i, line := range strings.Split(strings.TrimSpace(list), "\n") {
		var j struct{ ID, Person string }
		if err := json.Unmarshal([]byte(line), &j); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		link := b.run("token", "login", "--database", db, "--at", b.wire.base(), "--patient", j.Person)
		b.outsiders = append(b.outsiders, logIn(t, fmt.Sprint("ord", i), b.wire.base(), link, "/me/messages"))
		if i == 0 {
			link := b.run("token", "login", "--database", db, "--at", b.wire.base(), "--professional", "kari-bjork")
			b.outsiders = append(b.outsiders, logIn(t, "svar", b.wire.base(), link, "/journeys/"+j.ID+"/messages"))
		}
	}
	return b
}

// A drill is one fault while the outsiders work. It answers how long nothing was
// answered, where the program had to be started again.
type drill struct {
	name string
	do   func(b *besieged, r *rand.Rand) time.Duration
}

func pause(r *rand.Rand, most time.Duration) { time.Sleep(time.Duration(r.Int64N(int64(most)))) }

var drills = []drill{
	{"kill -9", func(b *besieged, _ *rand.Rand) time.Duration {
		b.gone(syscall.SIGKILL)
		return b.serve()
	}},
	{"asked to stop", func(b *besieged, _ *rand.Rand) time.Duration {
		b.gone(syscall.SIGTERM)
		return b.serve()
	}},
	{"frozen, then let go", func(b *besieged, r *rand.Rand) time.Duration {
		b.signal(syscall.SIGSTOP)
		pause(r, time.Second)
		b.signal(syscall.SIGCONT)
		return 0
	}},
	{"frozen, then killed", func(b *besieged, r *rand.Rand) time.Duration {
		b.signal(syscall.SIGSTOP)
		pause(r, time.Second/2)
		b.gone(syscall.SIGKILL)
		return b.serve()
	}},
	{"answers lost on the way", func(b *besieged, r *rand.Rand) time.Duration {
		b.wire.deaf.Store(true)
		pause(r, time.Second)
		b.wire.deaf.Store(false)
		return 0
	}},
	{"every connection cut", func(b *besieged, r *rand.Rand) time.Duration {
		b.wire.cut.Store(true)
		b.wire.drop()
		pause(r, time.Second/2)
		b.wire.cut.Store(false)
		return 0
	}},
}

// databaseKilled kills the database server itself while the program serves.
var databaseKilled = drill{"database killed", func(b *besieged, r *rand.Rand) time.Duration {
	b.server.Kill(b.t)
	pause(r, time.Second)
	b.server.Start(b.t)
	return 0
}}

// siege lets the outsiders work while one drill after the other strikes, and compares
// what they can read afterwards with what they noted.
func (b *besieged) siege(drills []drill, rounds int) {
	t := b.t
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	var restarts []time.Duration
	struck := map[string]int{}
	for round := range rounds {
		ctx, stop := context.WithCancel(t.Context())
		var working sync.WaitGroup
		for _, o := range b.outsiders {
			working.Go(func() {
				for ctx.Err() == nil {
					// Whoever is in doubt sends the same again, as a browser does by Back and Send.
					if n := len(o.history); n > 0 && o.history[n-1].outcome == unknown && o.history[n-1].tries < 60 && o.said%3 != 0 {
						time.Sleep(50 * time.Millisecond)
						o.send(t.Context(), o.history[n-1])
						continue
					}
					if o.act(t.Context()) == nil {
						time.Sleep(50 * time.Millisecond)
					}
				}
			})
		}
		pause(r, time.Second)
		d := drills[round%len(drills)]
		if took := d.do(b, r); took > 0 {
			restarts = append(restarts, took)
		}
		struck[d.name]++
		pause(r, time.Second/2)
		stop()
		working.Wait()
		for _, o := range b.outsiders {
			var pages string
			var err error
			for try := 0; try < 100; try++ { // it may be on its way back
				if pages, err = o.reads(t.Context()); err == nil {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			if err != nil {
				t.Fatalf("seed %d, round %d, after %q: %v", seed, round, d.name, err)
			}
			if faults := o.faults(pages); len(faults) > 0 {
				t.Fatalf("seed %d, round %d, after %q:\n%s", seed, round, d.name, strings.Join(faults, "\n"))
			}
		}
	}
	count, again := map[outcome]int{}, 0
	for _, o := range b.outsiders {
		for _, s := range o.history {
			count[s.outcome]++
			if s.outcome == acknowledged && s.tries > 1 {
				again++
			}
		}
	}
	b.gone(syscall.SIGKILL)
	b.run("verify", "--database", b.db)
	slices.Sort(restarts)
	t.Logf("seed %d: %v; %d acknowledged (%d after being in doubt), %d turned down, %d never known; answers swallowed %d; lost 0, twice 0; serving again after %v (median of %d)",
		seed, struck, count[acknowledged], again, count[turnedDown], count[unknown], b.wire.swallowed.Load(), restarts[len(restarts)/2].Round(time.Millisecond), len(restarts))
	// The drill proves that it struck: somebody was left in doubt, and somebody got through.
	if count[acknowledged] < 5*rounds || again+count[unknown] == 0 || rounds >= len(drills) && b.wire.swallowed.Load() == 0 {
		t.Errorf("the drills struck nothing: %v, %d sent again, %d answers swallowed", count, again, b.wire.swallowed.Load())
	}
}

// TestOutside attacks the built program from outside, knowing its pages alone: what it
// acknowledged is there once, whatever happened to it; what it turned down is not; and
// what nobody knows is there once or not at all, also where it was sent again.
func TestOutside(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		besiege(t, "sqlite:forlop.db", nil).siege(drills, *outsideRounds)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		server := storetest.DurableServer(t)
		besiege(t, server.Database(t), server).siege(append(slices.Clone(drills), databaseKilled), *outsideRounds)
	})
}
