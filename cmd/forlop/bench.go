package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"forlop/casework"
	"forlop/store"
)

// benchCommand measures this machine.
type benchCommand struct {
	Journeys int    `default:"10000" help:"How many journeys are opened through the program."`
	Open     int    `default:"0" placeholder:"N" help:"Fill the tables up to so many open journeys, with copies, and measure again."`
	Timers   int    `default:"0" placeholder:"N" help:"Add so many timers that fall due in the far future before measuring again."`
	On       string `placeholder:"URL" help:"Measure on PostgreSQL: postgres://USER@HOST/DATABASE, an empty database. A file of SQLite unless said."`
	Dir      string `placeholder:"DIR" help:"Where to put the files while it runs; the system's temporary folder unless said."`
	JSON     bool   `name:"json" xor:"as" help:"Print JSON: {checks: [{name, ok, figure, unit, anchor, detail}]}."`
	Markdown bool   `xor:"as" help:"Print the rows of docs/performance.md."`
}

// Help is shown under the flags.
func (benchCommand) Help() string {
	return "Each figure stands beside its anchor: the same rows written or read by bare SQL, one transaction at a time, in the same run. " +
		"ok says that the figure reaches its goal (docs/performance.md), which is a ratio to the anchor. The machine should be idle."
}

// callers are how many ask at once.
var callers = []int{1, 16, 64}

// bench is one run.
type bench struct {
	ctx    context.Context
	p      *program
	n      int
	on     string // a PostgreSQL server's URL; a file where empty
	dir    string
	real   casework.Clock
	clock  *benchClock
	key    []byte // the site's
	store  store.Store
	s      *casework.Service
	anchor *anchor
	// journeys and persons are what was opened, in the order of opening.
	journeys, persons []string
	// opened is how many of them are there, and large how many copies count them
	// as.
	opened, large int
	all           []check
}

// benchClock is a clock that the run moves by hand.
type benchClock struct{ at atomic.Int64 }

func (c *benchClock) Now() time.Time  { return time.UnixMicro(c.at.Load()).UTC() }
func (c *benchClock) Held() error     { return nil }
func (c *benchClock) set(t time.Time) { c.at.Store(t.UnixMicro()) }

// Run measures and prints.
func (c *benchCommand) Run(p *program) (err error) {
	if c.Journeys < 200 || c.Journeys > 1_000_000 {
		return usage("--journeys is %d; give 200 to 1000000", c.Journeys)
	}
	dir, err := os.MkdirTemp(c.Dir, "forlop-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{ctx: p.ctx, p: p, n: c.Journeys, on: c.On, dir: dir, real: casework.SystemClock(), clock: &benchClock{}}
	if err := b.run(c.Open, c.Timers); err != nil {
		return err
	}
	if c.Markdown {
		return p.table(b.all)
	}
	return p.checks(b.all, c.JSON, exitFindings)
}

// table prints figures as rows of a page: figure, anchor, ratio, goal, met.
func (p *program) table(all []check) error {
	for _, c := range all {
		anchor, ratio, met := "–", "–", "–"
		if c.Anchor != 0 {
			anchor, ratio = number(c.Anchor)+" "+c.Unit, number(c.Figure/c.Anchor)
		}
		if c.Goal != "" {
			met = "yes"
			if !c.OK {
				met = "**no**"
			}
		}
		detail := c.Detail
		if _, rest, cut := strings.Cut(detail, "; "); cut && c.Goal != "" {
			detail = rest
		}
		if err := p.printf("| %s | %s %s | %s | %s | %s | %s | %s |\n", c.Name, number(c.Figure), c.Unit, anchor, ratio, orDash(c.Goal), met, detail); err != nil {
			return err
		}
	}
	return nil
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// part is a part of the run.
type part struct {
	what string
	do   func() error
}

func (b *bench) run(open, timers int) (err error) {
	if err := b.open(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.anchor.close(), b.store.Close()) }()
	parts := []part{
		{"opening journeys", func() error { return b.openJourneys(b.n) }},
		{"disk and memory", b.size},
		{"completing steps", b.completeSteps},
		{"the patient's page", b.patientPage},
		{"decisions of access", b.access},
		{"rebuilding", b.rebuild},
		{"timers due in the same minute", b.timers},
		{"the worklist", b.worklist},
	}
	if open > b.n || timers > 0 {
		parts = append(parts, []part{
			{"filling the tables", func() error { return b.fill(open, timers) }},
			{"starting", b.start},
			{"opening journeys", func() error { return b.openJourneys(atScale) }},
			{"completing steps", b.completeSteps},
			{"what others see", b.freshness},
			{"the patient's page", b.patientPage},
			{"the worklist", b.worklist},
			{"asking what is due", b.nothingDue},
			{"timers due in the same minute", b.timers},
			{"everything at once", b.mixed},
		}...)
	}
	for _, part := range parts {
		b.p.say("measuring: %s", part.what)
		if err := part.do(); err != nil {
			return fmt.Errorf("measuring %s: %w", part.what, err)
		}
	}
	return nil
}

// atScale is how many journeys are opened in tables that are full.
const atScale = 3000

// of names a figure with how many open journeys there are.
func (b *bench) of(name string) string {
	return fmt.Sprintf("%s, %s open", name, number(float64(max(b.large, b.opened))))
}

// file is a path in the run's own folder.
func (b *bench) file(name string) string { return filepath.Join(b.dir, name) }

// took is how long something takes.
func (b *bench) took(do func() error) (time.Duration, error) {
	start := b.real.Now()
	err := do()
	return b.real.Now().Sub(start), err
}

// together lets n callers do the jobs from..to-1, each as soon as it is free, and
// answers how long all of it and each of them took.
func (b *bench) together(n, from, to int, job func(i int) error) (total time.Duration, each []time.Duration, err error) {
	g, ctx := errgroup.WithContext(b.ctx)
	var next atomic.Int64
	next.Store(int64(from))
	var mu sync.Mutex
	total, err = b.took(func() error {
		for range n {
			g.Go(func() error {
				var mine []time.Duration
				for ctx.Err() == nil {
					i := int(next.Add(1) - 1)
					if i >= to {
						break
					}
					d, err := b.took(func() error { return job(i) })
					if err != nil {
						return err
					}
					mine = append(mine, d)
				}
				mu.Lock()
				defer mu.Unlock()
				each = append(each, mine...)
				return ctx.Err()
			})
		}
		return g.Wait()
	})
	return total, each, err
}

// rate is how many a second.
func rate(n int, d time.Duration) float64 { return float64(n) / max(d.Seconds(), 1e-9) }

// spread says the middle and the slow end of many durations.
func spread(each []time.Duration) string {
	if len(each) == 0 {
		return ""
	}
	slices.Sort(each)
	at := func(share float64) time.Duration { return each[min(int(share*float64(len(each))), len(each)-1)] }
	return fmt.Sprintf("p50 %s, p99 %s", ms(at(0.5)), ms(at(0.99)))
}

func ms(d time.Duration) string { return number(float64(d.Microseconds())/1000) + " ms" }

func middle(each []time.Duration) time.Duration {
	slices.Sort(each)
	return each[len(each)/2]
}

// atLeast is how many pairs of figure and anchor are taken, in turns, because a
// shared machine changes from one second to the next. bareRows is how many
// batches the anchor writes each time.
const atLeast, bareRows = 5, 200

// ratios are figures with the anchors taken beside them.
type ratios struct{ figures, anchors []float64 }

func (r *ratios) add(figure, anchor float64) {
	r.figures, r.anchors = append(r.figures, figure), append(r.anchors, anchor)
}

// check is the middle of the figures, and the anchor that makes the ratio of the
// two the middle of the ratios.
func (r *ratios) check(name, unit, detail string) check {
	var shares []float64
	for i := range r.figures {
		shares = append(shares, r.figures[i]/r.anchors[i])
	}
	figure := median(r.figures)
	return check{Name: name, Figure: figure, Unit: unit, Anchor: figure / median(shares), Detail: detail}
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// pairs lets n callers do the jobs from..to-1 in slices, with the anchor after
// each slice.
func (b *bench) pairs(n, from, to int, job func(i int) error, bare func(from, to int) (float64, error)) (*ratios, []time.Duration, error) {
	var r ratios
	var all []time.Duration
	for i := range atLeast {
		lo, hi := from+(to-from)*i/atLeast, from+(to-from)*(i+1)/atLeast
		total, each, err := b.together(n, lo, hi, job)
		if err != nil {
			return nil, nil, err
		}
		anchor, err := bare(lo, hi)
		if err != nil {
			return nil, nil, err
		}
		r.add(rate(hi-lo, total), anchor)
		all = append(all, each...)
	}
	return &r, all, nil
}

// latency asks so many times, one at a time, with the anchor after each turn.
// Its figures are milliseconds.
func (b *bench) latency(times int, job func(i int) error, bare func() (time.Duration, error)) (*ratios, []time.Duration, error) {
	var r ratios
	var all []time.Duration
	for turn := range atLeast {
		_, each, err := b.together(1, turn*times, (turn+1)*times, job)
		if err != nil {
			return nil, nil, err
		}
		anchor, err := bare()
		if err != nil {
			return nil, nil, err
		}
		r.add(middle(each).Seconds()*1000, anchor.Seconds()*1000)
		all = append(all, each...)
	}
	return &r, all, nil
}

// add keeps a figure. goal is the least share of the anchor that is good enough;
// with most instead, the figure may be at most so many times the anchor.
func (b *bench) add(c check, goal, most float64) {
	c.OK = true
	if c.Anchor > 0 {
		share := c.Figure / c.Anchor
		switch {
		case goal > 0:
			c.OK, c.Goal = share >= goal, "≥ "+number(goal)
		case most > 0:
			c.OK, c.Goal = share <= most, "≤ "+number(most)
		}
		if c.Goal != "" {
			c.Detail = fmt.Sprintf("%s x bare SQL, goal %s; %s", number(share), c.Goal, c.Detail)
		}
	}
	b.all = append(b.all, c)
}
