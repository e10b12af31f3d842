package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
	"forlop/store/sqlite"
)

// perClinic is how many open journeys one clinic has: the list of one
// coordinator stays as long while the table grows.
const perClinic = 200

// open makes the run's database: clinics, a practice and who works there.
func (b *bench) open() error {
	b.clock.set(time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC))
	var err error
	if b.store, err = sqlite.Open(b.ctx, b.file("bench.db")); err != nil {
		return err
	}
	if b.s, err = b.service(b.store); err != nil {
		return err
	}
	if _, err := publishShipped(b.ctx, b.s); err != nil {
		return err
	}
	setUp := func(target string, c directory.Command) error {
		_, err := b.s.Do(b.ctx, casework.Order{Who: casework.Who{Actor: care.Service}, Key: fmt.Sprint("set-up/", target, c), Target: target, Command: c})
		return err
	}
	steps := []struct {
		target string
		c      directory.Command
	}{
		{"lead", directory.Register{Professional: "lead", Profession: "physician"}},
		{"gp", directory.Register{Professional: "gp", Profession: "physician"}},
		{"trust", directory.OpenUnit{Unit: "trust", Kind: directory.Trust, Regime: care.Norway, Lead: "lead", Contact: directory.Contact{Name: "Trust"}}},
		{"practice", directory.OpenUnit{Unit: "practice", Kind: directory.PrimaryCare, Parent: "trust", Regime: care.Norway, Roles: []care.Role{"gp"}, Contact: directory.Contact{Name: "Practice"}}},
		{"practice", directory.Join{Professional: "gp", Role: "gp"}},
	}
	for i := range b.clinics() {
		clinic, who := clinicOf(i), coordinatorOf(i)
		steps = append(steps, []struct {
			target string
			c      directory.Command
		}{
			{who, directory.Register{Professional: who, Profession: "coordinator"}},
			{clinic, directory.OpenUnit{Unit: care.UnitID(clinic), Kind: directory.PainClinic, Parent: "trust", Regime: care.Norway, Roles: []care.Role{"team", "coordinator"}, Contact: directory.Contact{Name: clinic}}},
			{clinic, directory.Join{Professional: who, Role: "coordinator"}},
			{clinic, directory.Join{Professional: who, Role: care.Desk}},
		}...)
	}
	for _, x := range steps {
		if err := setUp(x.target, x.c); err != nil {
			return fmt.Errorf("%s %s: %w", x.c.Name(), x.target, err)
		}
	}
	b.anchor, err = newAnchor(b.ctx, b.file("bench.db"), b.file("bare.db"))
	return err
}

func (b *bench) service(st store.Store) (*casework.Service, error) {
	key := make([]byte, store.KeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	keys, err := store.NewKeyring(key, rand.Reader)
	if err != nil {
		return nil, err
	}
	return casework.New(b.ctx, casework.Config{Store: st, Clock: b.clock, Keys: keys, Random: rand.Reader, Wakers: wakers})
}

// clinics is how many clinics there are when the table is at its longest.
func (b *bench) clinics() int        { return max(1, b.n/perClinic) }
func clinicOf(i int) string          { return "clinic-" + strconv.Itoa(i) }
func coordinatorOf(i int) string     { return "coordinator-" + strconv.Itoa(i) }
func (b *bench) homeOf(i int) string { return clinicOf(i % b.clinics()) }

func (b *bench) as(i int) casework.Who {
	clinic := care.UnitID(b.homeOf(i))
	return casework.Who{
		Actor: care.Actor{Kind: care.Professional, ID: coordinatorOf(i % b.clinics()), Unit: clinic}, Post: care.Post{Unit: clinic, Role: "coordinator"},
	}
}

// openJourneys opens them at 1, 16 and 64 callers: person, journey, first
// contact, clocks and first steps, each durable before the answer.
func (b *bench) openJourneys() error {
	b.journeys, b.persons = make([]string, b.n), make([]string, b.n)
	// One caller alone is slow, so it opens the fewest.
	cuts := []int{0, b.n / 10, b.n * 3 / 10, b.n}
	for i, n := range callers {
		pairs, each, err := b.pairs(n, cuts[i], cuts[i+1], b.openOne, func(from, to int) (float64, error) {
			return b.anchor.write(b.ctx, b.real, b.streams(from, min(to, from+bareRows)))
		})
		if err != nil {
			return err
		}
		events, err := b.anchor.events(b.ctx, b.journeys[cuts[i]])
		if err != nil {
			return err
		}
		// P1 and P2 of docs/performance.md: half of what the bare rows take.
		b.add(pairs.check(fmt.Sprintf("open journeys, %d callers", n), "journeys/s", fmt.Sprintf("%s; %d events each", spread(each), events)), 0.5, 0)
	}
	return nil
}

// streams are the streams that opening some journeys wrote.
func (b *bench) streams(from, to int) [][]string {
	var all [][]string
	for i := from; i < to; i++ {
		all = append(all, []string{"journey/" + b.journeys[i], "person/" + b.persons[i]})
	}
	return all
}

func (b *bench) openOne(i int) error {
	who := b.as(i)
	p, err := b.s.RegisterPerson(b.ctx, who, "person/"+strconv.Itoa(i), care.Norway, casework.Identity{
		Name: "Kari Linerle " + strconv.Itoa(i), Born: care.Date{Year: 1980, Month: 3, Day: 1}, Address: "Strandgata 1, 0000 Fjordvik",
	})
	if err != nil {
		return err
	}
	r, err := b.s.Do(b.ctx, casework.Order{Who: who, Key: "open/" + strconv.Itoa(i), Command: journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain"}, Origin: journey.Registered,
		Sender:   care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}},
		Received: b.clock.Now(), Desk: care.Post{Unit: who.Post.Unit, Role: care.Desk}, Reason: "Vondt i korsryggen i tre år. Sover dårlig.",
	}})
	b.journeys[i], b.persons[i] = r.Target, string(p)
	return err
}

// size says what an open journey takes on the disk and in memory.
func (b *bench) size() error {
	info, err := os.Stat(b.file("bench.db"))
	if err != nil {
		return err
	}
	wal, err := os.Stat(b.file("bench.db-wal"))
	if err != nil {
		return err
	}
	bare, err := b.anchor.bytes()
	if err != nil {
		return err
	}
	b.add(check{
		Name: "disk for each open journey", Figure: float64(info.Size()+wal.Size()) / float64(b.n) / 1024, Unit: "KiB", Anchor: bare / 1024,
		Detail: "log, lists, indexes, person and vault",
	}, 0, 2)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.add(check{
		Name: "memory for each open journey", Figure: float64(m.HeapAlloc) / float64(min(b.n, 16384)) / 1024, Unit: "KiB",
		Detail: fmt.Sprintf("%s MiB of heap with the newest journeys kept folded", number(float64(m.HeapAlloc)/(1<<20))),
	}, 0, 0)
	return nil
}

// completeSteps completes one step of each journey, at 1, 16 and 64 callers.
func (b *bench) completeSteps() error {
	b.clock.set(b.clock.Now().Add(24 * time.Hour))
	opening, err := b.anchor.events(b.ctx, b.journeys[0])
	if err != nil {
		return err
	}
	jobs := min(b.n, 6000)
	cuts := []int{0, jobs / 10, jobs * 3 / 10, jobs}
	gp := casework.Who{Actor: care.Actor{Kind: care.Professional, ID: "gp", Unit: "practice"}, Post: care.Post{Unit: "practice", Role: "gp"}}
	for i, n := range callers {
		var before []reached
		pairs, each, err := b.pairs(n, cuts[i], cuts[i+1], func(i int) error {
			// help-while-waiting is the second step of a fresh journey.
			_, err := b.s.Do(b.ctx, casework.Order{Who: gp, Key: "done/" + strconv.Itoa(i), Target: b.journeys[i], Command: journey.CompleteStep{Step: 2, Words: "Gjort."}})
			return err
		}, func(from, to int) (float64, error) {
			before = before[:0]
			for _, j := range b.journeys[from:min(to, from+bareRows)] {
				before = append(before, reached{"journey/" + j, opening})
			}
			return b.anchor.rewrite(b.ctx, b.real, before)
		})
		if err != nil {
			return err
		}
		goals := map[int]float64{1: 0.6, 16: 0.7, 64: 1.5}
		b.add(pairs.check(fmt.Sprintf("complete steps, %d callers", n), "steps/s", spread(each)), goals[n], 0)
	}
	return nil
}

// rebuild makes every list anew and reads everything again.
func (b *bench) rebuild() error {
	var rebuilt, verified ratios
	var events int
	for range atLeast {
		total, err := b.took(func() (err error) { events, err = b.s.Rebuild(b.ctx); return err })
		if err != nil {
			return err
		}
		bare, err := b.anchor.scan(b.ctx, b.real)
		if err != nil {
			return err
		}
		rebuilt.add(rate(events, total), bare)
		if len(verified.figures) > 0 {
			continue
		}
		var audit casework.Audit
		total, err = b.took(func() (err error) { audit, err = b.s.Verify(b.ctx); return err })
		if err != nil {
			return err
		}
		for _, f := range audit.Findings {
			return fmt.Errorf("verify found %s: %s", f.Stream, f.What)
		}
		verified.add(rate(audit.Events, total), bare)
	}
	b.add(rebuilt.check("rebuild", "events/s", fmt.Sprintf("%d events; the anchor reads them in stream order and does nothing with them", events)), 0.25, 0)
	b.add(verified.check("verify", "events/s", "every hash, fold, law, row and timer"), 0, 0)
	return nil
}

// timers lets every journey's answer fall late at the same midnight. What fell
// due before is settled first and not measured.
func (b *bench) timers() error {
	midnight := time.Date(2026, 1, 20, 0, 0, 0, 0, care.CalendarOf(care.Norway).Zone())
	var failed error
	report := func(_ store.Stream, err error) { failed = err }
	b.clock.set(midnight.Add(-time.Minute))
	if _, err := b.s.WakeDue(b.ctx, "bench", report); err != nil {
		return err
	}
	before, err := b.anchor.versions(b.ctx, b.journeys[:min(b.n, bareRows)])
	if err != nil {
		return err
	}
	b.clock.set(midnight.Add(30 * time.Second))
	woken := 0
	total, err := b.took(func() (err error) {
		woken, err = b.s.WakeDue(b.ctx, "bench", report)
		return err
	})
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	bare, err := b.anchor.rewrite(b.ctx, b.real, before)
	if err != nil {
		return err
	}
	after, err := b.anchor.versions(b.ctx, b.journeys[:1])
	if err != nil {
		return err
	}
	b.add(check{
		Name: "timers due in one minute", Figure: rate(woken, total), Unit: "wakes/s", Anchor: bare,
		Detail: fmt.Sprintf("%d woken in %s, %d events each; 100000 take %s s",
			woken, total.Round(time.Millisecond), after[0].at-before[0].at, number(100_000/rate(woken, total))),
	}, 1, 0)
	return nil
}

// worklist reads the first page of one coordinator's list, at N and at ten times
// N open journeys.
func (b *bench) worklist() error {
	var first float64
	for _, times := range []int{1, 10} {
		if times > 1 {
			if err := b.anchor.multiply(b.ctx, times); err != nil {
				return err
			}
		}
		read := func(i int) error {
			page, err := casework.View(b.ctx, b.s, b.as(i), casework.WorkQuery{Size: 50})
			if err == nil && len(page.Rows) == 0 {
				err = fmt.Errorf("the list of %s is empty", b.homeOf(i))
			}
			return err
		}
		// The first reads warm what every later one finds warm.
		if _, _, err := b.together(1, 0, b.clinics(), read); err != nil {
			return err
		}
		pairs, each, err := b.latency(60, read, func() (time.Duration, error) { return b.anchor.page(b.ctx, b.real, b.clinics(), 60) })
		if err != nil {
			return err
		}
		c := pairs.check(fmt.Sprintf("worklist page, %d journeys", b.n*times), "ms", spread(each)+", the look logged")
		if first == 0 {
			first = c.Figure
		}
		c.Detail += fmt.Sprintf("; %s x the page at %d", number(c.Figure/first), b.n)
		b.add(c, 0, 10)
	}
	return nil
}
