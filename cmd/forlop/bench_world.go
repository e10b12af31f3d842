package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/library"
	"forlop/store"
	"forlop/store/sqlite"
)

// perClinic is how many open journeys one clinic has: the list of one
// coordinator stays as long while the table grows.
const perClinic = 200

// open makes the run's database: clinics, a practice and who works there.
func (b *bench) open() error {
	b.clock.set(time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC))
	if err := b.openStore(); err != nil {
		return err
	}
	var err error
	if b.s, err = b.service(b.store); err != nil {
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
		{"trust", directory.OpenUnit{Unit: "trust", Kind: directory.Trust, Regime: care.Norway, Lead: "lead", Roles: []care.Role{care.PathwayApprover}, Contact: directory.Contact{Name: "Trust"}}},
		{"trust", directory.Join{Professional: "lead", Role: care.PathwayApprover}},
		{"trust", directory.Join{Professional: "gp", Role: care.PathwayApprover}},
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
	folder, _ := library.Files("no.pain")
	ref, findings, err := b.s.Shelve(b.ctx, folder)
	if err != nil {
		return fmt.Errorf("putting no.pain on the shelf: %w %v", err, findings)
	}
	if err := b.s.BringIntoUse(b.ctx, ref, "lead", "gp", "trust"); err != nil {
		return fmt.Errorf("bringing no.pain into use: %w", err)
	}
	if b.on != "" {
		b.anchor, err = anchorOnServer(b.ctx, b.on)
	} else {
		b.anchor, err = anchorOnFile(b.ctx, b.file("bench.db"), b.file("bare.db"))
	}
	return err
}

func (b *bench) openFile() (err error) {
	b.store, err = sqlite.Open(b.ctx, b.file("bench.db"))
	return err
}

// openStore opens the run's database, which must be empty.
func (b *bench) openStore() (err error) {
	if b.on == "" {
		return b.openFile()
	}
	d := database{Database: b.on}
	if !d.onServer() {
		return usage("--on is %q; write postgres://USER@HOST/DATABASE", d)
	}
	if err := d.migrate(b.ctx); err != nil {
		return err
	}
	if b.store, err = d.open(b.ctx, false); err != nil {
		return err
	}
	h, err := b.store.Check(b.ctx)
	if err == nil && h.Events > 0 {
		err = usage("the database has %d events already; give an empty one: what is measured there stays", h.Events)
	}
	if err != nil {
		return errors.Join(err, b.store.Close())
	}
	return nil
}

func (b *bench) service(st store.Store) (*casework.Service, error) {
	if b.key == nil {
		b.key = make([]byte, store.KeySize)
		if _, err := rand.Read(b.key); err != nil {
			return nil, err
		}
	}
	keys, err := store.NewKeyring(b.key, rand.Reader)
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

// openJourneys opens more at 1, 16 and 64 callers: person, journey, first
// contact, clocks and first steps, each durable before the answer.
func (b *bench) openJourneys(more int) error {
	first := b.opened
	b.journeys, b.persons = append(b.journeys, make([]string, more)...), append(b.persons, make([]string, more)...)
	// One caller alone is slow, so it opens the fewest.
	cuts := []int{first, first + more/10, first + more*3/10, first + more}
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
		b.opened = cuts[i+1]
		// P1 and P2 of docs/performance.md: half of what the bare rows take.
		b.add(pairs.check(b.of(fmt.Sprintf("open journeys, %d callers", n)), "journeys/s", fmt.Sprintf("%s; %d events each", spread(each), events)), 0.5, 0)
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
	total, err := b.bytes()
	if err != nil {
		return err
	}
	bare, err := b.anchor.bytes(b.ctx)
	if err != nil {
		return err
	}
	b.add(check{
		Name: "disk for each open journey", Figure: float64(total) / float64(b.n) / 1024, Unit: "KiB", Anchor: bare / 1024,
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

// bytes is what the measured tables take on the disk.
func (b *bench) bytes() (total int64, err error) {
	if b.on != "" {
		err := b.anchor.db.QueryRowContext(b.ctx, strings.ReplaceAll(b.anchor.sized, "'bare'", "'forlop'")).Scan(&total)
		return total, err
	}
	for _, name := range []string{"bench.db", "bench.db-wal"} {
		info, err := os.Stat(b.file(name))
		if err != nil {
			return 0, err
		}
		total += info.Size()
	}
	return total, nil
}

// completeSteps completes one step of each journey, at 1, 16 and 64 callers.
func (b *bench) completeSteps() error {
	b.clock.set(b.clock.Now().Add(24 * time.Hour))
	opening, err := b.anchor.events(b.ctx, b.journeys[b.opened-1])
	if err != nil {
		return err
	}
	// Of the newest, all are fresh. The last ones are left for freshness.
	jobs := min(b.n, 6000)
	first := 0
	if b.large > 0 {
		jobs, first = atScale*2/3, b.opened-atScale
	}
	cuts := []int{first, first + jobs/10, first + jobs*3/10, first + jobs}
	for i, n := range callers {
		var before []reached
		pairs, each, err := b.pairs(n, cuts[i], cuts[i+1], func(i int) error {
			return b.completeOne(b.s, i)
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
		b.add(pairs.check(b.of(fmt.Sprintf("complete steps, %d callers", n)), "steps/s", spread(each)), goals[n], 0)
	}
	return nil
}

// completeOne completes help-while-waiting, the second step of a fresh journey.
func (b *bench) completeOne(s *casework.Service, i int) error {
	gp := casework.Who{Actor: care.Actor{Kind: care.Professional, ID: "gp", Unit: "practice"}, Post: care.Post{Unit: "practice", Role: "gp"}}
	_, err := s.Do(b.ctx, casework.Order{Who: gp, Key: "done/" + strconv.Itoa(i), Target: b.journeys[i], Command: journey.CompleteStep{Step: 2, Words: "Gjort."}})
	return err
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

// timers lets the answers of the newest journeys fall late at the same midnight.
// What fell due before is settled first and not measured.
func (b *bench) timers() error {
	midnight := care.CalendarOf(care.Norway).EndOf(care.CalendarOf(care.Norway).Date(b.clock.Now()).AddDays(13))
	var failed error
	report := func(_ store.Stream, err error) { failed = err }
	newest := b.journeys[max(0, b.opened-bareRows):b.opened]
	if b.large == 0 {
		midnight = time.Date(2026, 1, 20, 0, 0, 0, 0, care.CalendarOf(care.Norway).Zone())
	}
	b.clock.set(midnight.Add(-time.Minute))
	if _, err := b.s.WakeDue(b.ctx, "bench", report); err != nil {
		return err
	}
	before, err := b.anchor.versions(b.ctx, newest)
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
	if woken == 0 {
		return errors.New("nothing fell due at that midnight")
	}
	bare, err := b.anchor.rewrite(b.ctx, b.real, before)
	if err != nil {
		return err
	}
	after, err := b.anchor.versions(b.ctx, newest[:1])
	if err != nil {
		return err
	}
	b.add(check{
		Name: b.of("timers due in one minute"), Figure: rate(woken, total), Unit: "wakes/s", Anchor: bare,
		Detail: fmt.Sprintf("%d woken in %s, %d events each", woken, total.Round(time.Millisecond), after[0].at-before[0].at),
	}, 1, 0)
	return nil
}

// worklist asks for the first page of a coordinator's list, clinic after clinic.
func (b *bench) worklist() error {
	read := b.readList
	// The first reads warm what every later one finds warm.
	if _, _, err := b.together(1, 0, b.clinics(), read); err != nil {
		return err
	}
	pairs, each, err := b.latency(60, read, func() (time.Duration, error) { return b.anchor.page(b.ctx, b.real, b.clinics(), 60) })
	if err != nil {
		return err
	}
	b.add(pairs.check(b.of("worklist page"), "ms", spread(each)+", the look logged"), 0, 10)
	return nil
}

func (b *bench) readList(i int) error {
	page, err := casework.View(b.ctx, b.s, b.as(i), casework.WorkQuery{Size: 50})
	if err == nil && len(page.Rows) == 0 {
		err = fmt.Errorf("the list of %s is empty", b.homeOf(i))
	}
	return err
}
