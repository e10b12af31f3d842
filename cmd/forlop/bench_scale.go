package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"forlop/casework"
	"forlop/store"
)

// longestLog is how many journeys' log is there when the tables are full: a log is
// only ever asked for one stream, and copying a million takes longer than the rest.
const longestLog = 50_000

// fill makes the tables as long as they are in a country.
func (b *bench) fill(open, timers int) error {
	before, err := b.bytes()
	if err != nil {
		return err
	}
	times := max(1, open/max(b.n, 1))
	logs := min(times, max(1, longestLog/b.n))
	took, err := b.took(func() error { return b.anchor.grow(b.ctx, times, logs, timers) })
	if err != nil {
		return err
	}
	after, err := b.bytes()
	if err != nil {
		return err
	}
	b.large = b.n * times
	b.add(check{
		Name: b.of("disk"), Figure: float64(after) / (1 << 30), Unit: "GiB",
		Detail: fmt.Sprintf("%s GiB before; the log of %d of them; %s timers added; filled in %s",
			number(float64(before)/(1<<30)), logs*b.n, number(float64(timers)), took.Round(time.Second)),
	}, 0, 0)
	return nil
}

// start opens the store and the service anew and asks for one worklist.
func (b *bench) start() error {
	if err := b.store.Close(); err != nil {
		return err
	}
	took, err := b.took(func() error {
		var err error
		if b.on == "" {
			err = b.openFile()
		} else {
			b.store, err = database{Database: b.on}.open(b.ctx, false)
		}
		if err != nil {
			return err
		}
		if b.s, err = b.service(b.store); err != nil {
			return err
		}
		return b.readList(0)
	})
	b.add(check{Name: b.of("from start to the first worklist"), Figure: took.Seconds(), Unit: "s", Detail: "store and service opened anew, nothing warm but the system's own files"}, 0, 0)
	return err
}

// freshness completes steps through one service and looks for them through
// another, as two processes would: what is acknowledged must be gone from every
// list that is read later.
func (b *bench) freshness() error {
	other, err := b.service(b.store)
	if err != nil {
		return err
	}
	var stale atomic.Int64
	from := b.opened - atScale/3
	_, _, err = b.together(16, from, b.opened, func(i int) error {
		if err := b.completeOne(b.s, i); err != nil {
			return err
		}
		stream := store.StreamOf("journey", b.journeys[i])
		rows, _, err := b.store.Items(b.ctx, store.ItemQuery{Scope: store.Scope{All: true}, AnyPost: true, Stream: stream})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(rows, func(x store.Item) bool { return x.Item.Key == "step/2" }) {
			stale.Add(1)
		}
		v, err := casework.View(b.ctx, other, b.as(i), casework.GetJourney{ID: b.journeys[i]})
		if err == nil && v.State.Steps[1].Live() {
			stale.Add(1)
		}
		return err
	})
	if err != nil {
		return err
	}
	n := stale.Load()
	b.all = append(b.all, check{
		Name: b.of("stale reads after an acknowledged step"), OK: n == 0, Figure: float64(n), Unit: "of " + strconv.Itoa(2*(b.opened-from)),
		Detail: "16 callers, read from the lists and through another service", Goal: "0",
	})
	return nil
}

// nothingDue asks what is due when nothing is.
func (b *bench) nothingDue() error {
	var failed error
	if _, err := b.s.WakeDue(b.ctx, "bench", func(_ store.Stream, err error) { failed = err }); err != nil || failed != nil {
		return errors.Join(err, failed)
	}
	now := b.clock.Now()
	pairs, each, err := b.latency(60, func(int) error {
		due, err := b.store.Due(b.ctx, "bench", now, now.Add(time.Second), 256)
		if err == nil && len(due) > 0 {
			err = fmt.Errorf("%d are due", len(due))
		}
		return err
	}, func() (time.Duration, error) {
		var all []time.Duration
		for range 60 {
			d, err := b.took(func() error {
				_, err := b.anchor.texts(b.ctx, "select stream from "+b.anchor.src+"timer where due <= $1 and lease_until <= $1 order by due limit 1", store.Micros(now))
				return err
			})
			if err != nil {
				return 0, err
			}
			all = append(all, d)
		}
		return middle(all), nil
	})
	if err != nil {
		return err
	}
	b.add(pairs.check(b.of("asking what is due, nothing is"), "ms", spread(each)), 0, 2)
	return nil
}

// mixed lets everyone work at once: two who open and complete, two who read
// lists and pages; and says how much slower the slowest hundredth became.
func (b *bench) mixed() error {
	const times = 200
	first := b.opened
	b.journeys, b.persons = append(b.journeys, make([]string, 4*times)...), append(b.persons, make([]string, 4*times)...)
	if _, _, err := b.together(4, first, first+2*times, b.openOne); err != nil {
		return err
	}
	kinds := []struct {
		name string
		job  func(i int) error
	}{
		{"opening", func(i int) error { return b.openOne(first + 2*times + i) }},
		{"completing", func(i int) error { return b.completeOne(b.s, first+i) }},
		{"worklist", b.readList},
	}
	alone := make([]time.Duration, len(kinds))
	for k, kind := range kinds {
		_, each, err := b.together(1, 0, times, kind.job)
		if err != nil {
			return err
		}
		alone[k] = slowest(each)
	}
	crowded := make([][]time.Duration, len(kinds))
	errs := make([]error, len(kinds))
	var all sync.WaitGroup
	for k, kind := range kinds {
		all.Go(func() { _, crowded[k], errs[k] = b.together(1, times, 2*times, kind.job) })
	}
	all.Wait()
	b.opened = first + 4*times
	for k, kind := range kinds {
		if errs[k] != nil {
			return errs[k]
		}
		slow := slowest(crowded[k])
		b.add(check{
			Name: b.of("slowest hundredth of " + kind.name + ", with the others at work"), Figure: float64(slow.Microseconds()) / 1000, Unit: "ms",
			Anchor: float64(alone[k].Microseconds()) / 1000, Detail: "the anchor is the same alone, not bare SQL; " + spread(crowded[k]),
		}, 0, 3)
	}
	return nil
}

// slowest is what all but one in a hundred stay below.
func slowest(each []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(each))
	return sorted[min(len(sorted)*99/100, len(sorted)-1)]
}
