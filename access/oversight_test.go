package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
)

// A town is a made-up place where people look at records for good reasons, and
// some for none. Who has which surname, who works with whom and what is open is
// known, so that what the search finds can be counted.
type town struct {
	r        *rand.Rand
	start    time.Time
	days     int
	staff    []string
	unitOf   map[string]care.UnitID
	surname  map[string]int // of staff and persons, by key
	patients []care.PersonKey
	works    map[care.PersonKey]care.UnitID // persons who are staff themselves
	open     map[care.PersonKey]care.UnitID // the unit with something open for them
	ended    map[care.PersonKey]time.Time   // when its part ended
	acts     map[string][]time.Time         // by actor and person
	looks    []access.Looked
	planted  map[int64]access.Pattern // entries of planted looks
}

const (
	townUnits    = 12
	townStaff    = 120
	townPatients = 6000
	townDays     = 60
)

func newTown(seed uint64) *town {
	w := &town{
		r: rand.New(rand.NewPCG(seed, seed)), start: time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC), days: townDays,
		unitOf: map[string]care.UnitID{}, surname: map[string]int{}, works: map[care.PersonKey]care.UnitID{},
		open: map[care.PersonKey]care.UnitID{}, ended: map[care.PersonKey]time.Time{}, acts: map[string][]time.Time{},
		planted: map[int64]access.Pattern{},
	}
	name := func() int { return int(float64(400) * w.r.Float64() * w.r.Float64()) } // some names are common
	for i := range townStaff {
		s := fmt.Sprintf("staff-%d", i)
		w.staff = append(w.staff, s)
		w.unitOf[s] = care.UnitID(fmt.Sprintf("unit-%d", i%townUnits))
		w.surname[s] = name()
	}
	for i := range townPatients {
		p := care.PersonKey(fmt.Sprintf("person-%d", i))
		w.patients = append(w.patients, p)
		w.surname[string(p)] = name()
		unit := care.UnitID(fmt.Sprintf("unit-%d", w.r.IntN(townUnits)))
		switch w.r.IntN(10) {
		case 0, 1, 2, 3:
			w.open[p] = unit
		case 4:
			w.open[p] = unit
			w.ended[p] = w.start.AddDate(0, 0, w.r.IntN(townDays)-30)
		}
		if i < townStaff/2 {
			w.works[p] = w.unitOf[w.staff[i]]
		}
	}
	return w
}

func (w *town) around() access.Around {
	return access.Around{
		SameSurname: func(a string, p care.PersonKey) bool { return w.surname[a] == w.surname[string(p)] },
		Colleague:   func(a string, p care.PersonKey) bool { return w.works[p] != "" && w.works[p] == w.unitOf[a] },
		OpenTask: func(u care.UnitID, p care.PersonKey, at time.Time) bool {
			end, ended := w.ended[p]
			return w.open[p] == u && (!ended || at.Before(end))
		},
		Acted: func(a string, p care.PersonKey, from, until time.Time) bool {
			return slices.ContainsFunc(w.acts[a+string(p)], func(t time.Time) bool { return !t.Before(from) && !t.After(until) })
		},
		Ended: func(u care.UnitID, p care.PersonKey, at time.Time) (time.Time, bool) {
			end, ended := w.ended[p]
			return end, ended && w.open[p] == u && !at.Before(end)
		},
	}
}

func (w *town) look(a string, p care.PersonKey, at time.Time, basis access.Basis, plant access.Pattern) {
	l := access.Looked{Actor: a, Unit: w.unitOf[a], At: at, Question: "journey", Basis: basis, Persons: []care.PersonKey{p}}
	if plant != "" {
		l.Entry = -1 - int64(len(w.planted))
		w.planted[l.Entry] = plant
	}
	w.looks = append(w.looks, l)
}

// work lives through the days of people who do their work. How often they look,
// act and look by mistake is made up, and said in the test's output.
func (w *town) work() {
	byUnit := map[care.UnitID][]care.PersonKey{}
	for _, p := range w.patients {
		if u := w.open[p]; u != "" {
			byUnit[u] = append(byUnit[u], p)
		}
	}
	around := w.around()
	for day := range w.days {
		for _, s := range w.staff {
			if w.r.IntN(7) > 4 {
				continue // not at work
			}
			u := w.unitOf[s]
			w.looks = append(w.looks, access.Looked{
				Actor: s, Unit: u, At: w.start.AddDate(0, 0, day), Question: "worklist", Basis: access.TakesPart, Persons: byUnit[u][:40],
			})
			for range 8 + w.r.IntN(10) {
				at := w.start.AddDate(0, 0, day).Add(time.Duration(w.r.IntN(9*60)) * time.Minute)
				p := byUnit[u][w.r.IntN(len(byUnit[u]))]
				late := !around.OpenTask(u, p, at)
				switch {
				case late && w.r.IntN(10) > 0:
					continue // few look after the end, and those write something up
				case late || w.r.IntN(100) < 70:
					w.acts[s+string(p)] = append(w.acts[s+string(p)], at.Add(5*time.Minute))
				}
				w.look(s, p, at, access.TakesPart, "")
			}
			if w.r.IntN(200) == 0 { // the wrong one was opened, and closed again
				w.look(s, w.patients[w.r.IntN(townPatients)], w.start.AddDate(0, 0, day).Add(3*time.Hour), access.TakesPart, "")
			}
			if w.r.IntN(400) == 0 { // an emergency
				p := w.patients[w.r.IntN(townPatients)]
				w.look(s, p, w.start.AddDate(0, 0, day).Add(4*time.Hour), access.BreakGlass, "")
			}
		}
	}
}

// snoop plants looks of each pattern among them.
func (w *town) snoop(each int) {
	at := func() time.Time {
		return w.start.AddDate(0, 0, w.r.IntN(w.days)).Add(time.Duration(w.r.IntN(8*60)) * time.Minute)
	}
	choose := func(ok func(s string, p care.PersonKey) bool) (string, care.PersonKey) {
		for {
			s, p := w.staff[w.r.IntN(townStaff)], w.patients[w.r.IntN(townPatients)]
			if ok(s, p) {
				return s, p
			}
		}
	}
	around := w.around()
	elsewhere := func(s string, p care.PersonKey) bool { return w.open[p] != w.unitOf[s] }
	for range each {
		s, p := choose(func(s string, p care.PersonKey) bool { return around.SameSurname(s, p) && elsewhere(s, p) })
		w.look(s, p, at(), access.TakesPart, access.OwnSurname)
		// One of the own unit's patients, day after day, with nothing to do for them.
		s, p = choose(func(s string, p care.PersonKey) bool {
			_, ended := w.ended[p]
			return around.SameSurname(s, p) && !elsewhere(s, p) && !ended
		})
		first := w.start.AddDate(0, 0, w.r.IntN(w.days-10)).Add(30 * time.Minute)
		for i := range 4 {
			w.look(s, p, first.AddDate(0, 0, 2*i), access.TakesPart, access.OwnSurname)
		}
		s, p = choose(func(s string, p care.PersonKey) bool { return around.Colleague(s, p) && elsewhere(s, p) })
		w.look(s, p, at(), access.TakesPart, access.AColleague)
		// A neighbour, a former partner, somebody from the papers.
		s, p = choose(elsewhere)
		w.look(s, p, at(), access.TakesPart, access.NoTask)
		s, p = choose(func(s string, p care.PersonKey) bool {
			end, ended := w.ended[p]
			return ended && !elsewhere(s, p) && end.Before(w.start.AddDate(0, 0, w.days-20))
		})
		late := w.ended[p].AddDate(0, 0, 16)
		w.look(s, p, late.Add(time.Hour), access.TakesPart, access.AfterTheEnd)
		first = at()
		s = w.staff[w.r.IntN(townStaff)]
		for i := range 18 { // one after the other, of the own unit too
			w.look(s, w.patients[w.r.IntN(townPatients)], first.Add(time.Duration(i)*2*time.Minute), access.TakesPart, access.Browsing)
		}
		s, p = choose(elsewhere)
		w.look(s, p, first, access.BreakGlass, access.BreakGlassRepeat)
		w.look(s, p, first.AddDate(0, 0, 3), access.BreakGlass, access.BreakGlassRepeat)
	}
}

// inOrder sorts the looks by time and numbers them, as a log does.
func (w *town) inOrder() {
	slices.SortStableFunc(w.looks, func(a, b access.Looked) int { return a.At.Compare(b.At) })
	planted := map[int64]access.Pattern{}
	for i := range w.looks {
		p, isPlanted := w.planted[w.looks[i].Entry]
		w.looks[i].Entry = int64(i + 1)
		if isPlanted {
			planted[w.looks[i].Entry] = p
		}
	}
	w.planted = planted
}

// TestPatternsAreFound plants looks without a reason among many with one, and
// counts how many are found and how many findings are about nothing.
func TestPatternsAreFound(t *testing.T) {
	t.Parallel()
	const seed, each = 11, 40
	w := newTown(seed)
	w.work()
	normal := len(w.looks)
	w.snoop(each)
	w.inOrder()
	findings := access.FindPatterns(slices.Values(w.looks), w.around())
	if again := access.FindPatterns(slices.Values(w.looks), w.around()); !slices.EqualFunc(findings, again, func(a, b access.Finding) bool {
		return a.Pattern == b.Pattern && a.Actor == b.Actor && a.Person == b.Person && slices.Equal(a.Looks, b.Looks)
	}) {
		t.Error("the same log gives other findings")
	}
	hit := map[int64]map[access.Pattern]bool{}
	false1 := 0
	for _, f := range findings {
		if len(f.Looks) == 0 || !slices.IsSorted(f.Looks) {
			t.Fatalf("a finding about nothing: %+v", f)
		}
		real := false
		for _, entry := range f.Looks {
			if _, ok := w.planted[entry]; ok {
				real = true
				if hit[entry] == nil {
					hit[entry] = map[access.Pattern]bool{}
				}
				hit[entry][f.Pattern] = true
			}
		}
		if !real {
			false1++
		}
	}
	total, caught := map[access.Pattern]int{}, map[access.Pattern]int{}
	for entry, p := range w.planted {
		total[p]++
		if hit[entry][p] {
			caught[p]++
		}
	}
	staffDays := map[string]bool{}
	for _, l := range w.looks {
		staffDays[l.Actor+l.At.Format(time.DateOnly)] = true
	}
	perThousand := 1000 * float64(false1) / float64(len(staffDays))
	for _, p := range []access.Pattern{access.OwnSurname, access.AColleague, access.Browsing, access.NoTask, access.AfterTheEnd, access.BreakGlassRepeat} {
		if total[p] < each || float64(caught[p]) < 0.9*float64(total[p]) {
			t.Errorf("%s: %d of %d planted looks were found", p, caught[p], total[p])
		}
		t.Logf("%s: recall %.1f %% of %d planted looks", p, 100*float64(caught[p])/float64(total[p]), total[p])
	}
	t.Logf("seed %d: %d generated looks with a reason, %d staff-days, %d findings, %d of them about nothing: %.1f per 1000 staff-days",
		seed, normal, len(staffDays), len(findings), false1, perThousand)
	if perThousand > 20 {
		t.Errorf("%.1f false alarms per 1000 staff-days: nobody would read them", perThousand)
	}
}

// TestSampleIsDrawn draws twice with one seed and once with another, and looks at
// how evenly it draws.
func TestSampleIsDrawn(t *testing.T) {
	t.Parallel()
	var looks []access.Looked
	for i := range 2000 {
		looks = append(looks, access.Looked{Entry: int64(i + 1)})
	}
	entries := func(s []access.Looked) (of []int64) {
		for _, l := range s {
			of = append(of, l.Entry)
		}
		return of
	}
	one := entries(access.Sample(slices.Values(looks), 50, 7))
	if len(one) != 50 || !slices.IsSorted(one) || len(slices.Compact(slices.Clone(one))) != 50 {
		t.Fatalf("drawn: %v", one)
	}
	backwards := slices.Clone(looks)
	slices.Reverse(backwards)
	if !slices.Equal(one, entries(access.Sample(slices.Values(backwards), 50, 7))) {
		t.Error("the same seed draws others when the log is read the other way")
	}
	if slices.Equal(one, entries(access.Sample(slices.Values(looks), 50, 8))) {
		t.Error("another seed draws the same")
	}
	if got := access.Sample(slices.Values(looks[:3]), 50, 7); len(got) != 3 {
		t.Errorf("of three looks %d were drawn", len(got))
	}
	if got := access.Sample(slices.Values(looks), 0, 7); len(got) > 0 {
		t.Errorf("none were asked for, %d drawn", len(got))
	}
	drawn := make([]int, 4)
	for seed := range uint64(200) {
		for _, e := range entries(access.Sample(slices.Values(looks), 20, seed)) {
			drawn[(e-1)/500]++
		}
	}
	for quarter, n := range drawn {
		if n < 800 || n > 1200 {
			t.Errorf("quarter %d of the log was drawn %d times of 4000", quarter, n)
		}
	}
}
