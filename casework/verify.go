package casework

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/store"
)

// Finding is one thing verify found wrong.
type Finding struct {
	Stream store.Stream `json:"stream"`
	What   string       `json:"what"`
}

// Audit is what verify saw.
type Audit struct {
	Streams, Events, Rows, Timers int
	Findings                      []Finding
}

// Verify reads every event again: each stream's chain of hashes, that it folds,
// that its state breaks no law, and that rows and timers are what the states
// give – no more and no less (L12). It changes nothing.
func (s *Service) Verify(ctx context.Context) (Audit, error) {
	var a Audit
	want := map[store.RowKey][]any{}
	timers := map[store.Stream]time.Time{}
	now := s.clock.Now()
	err := s.everyStream(ctx, func(st store.Stream, k kind, events []store.Event, state any, foldErr error) error {
		a.Streams++
		a.Events += len(events)
		if err := store.VerifyChain(events); err != nil {
			// What follows from a stream that was tampered with says nothing.
			a.find(st, err.Error())
			return nil
		}
		if foldErr != nil {
			a.find(st, foldErr.Error())
			return nil
		}
		if j, ok := state.(*journey.State); ok {
			if err := journey.Check(j, care.CalendarOf(j.Regime)); err != nil {
				a.find(st, err.Error())
			}
			if j.Status == journey.Running && !s.held(j.Responsible, now) {
				a.find(st, fmt.Sprintf("nobody answers for its responsible post %s (L1)", j.Responsible))
			}
		}
		if c, ok := state.(*access.State); ok {
			if what, err := s.inVault(ctx, care.PersonKey(st.ID()), c); err != nil {
				return err
			} else if what != "" {
				a.find(st, what)
			}
		}
		if c, ok := state.(*rollout.State); ok {
			if err := rollout.Check(*c); err != nil {
				a.find(st, err.Error())
			}
		}
		for _, r := range k.rows(st, state) {
			want[r.RowKey()] = r.Values()
		}
		if due, ok := timerOf(k, state); ok {
			timers[st] = due
		}
		return nil
	})
	if err != nil {
		return a, err
	}
	if err := s.verifyRows(ctx, want, &a); err != nil {
		return a, err
	}
	err = s.store.Timers(ctx, func(t store.Timer) error {
		a.Timers++
		if due, ok := timers[t.Stream]; !ok || !due.Equal(t.Due) {
			a.find(t.Stream, fmt.Sprintf("its timer says %s, its state %s", t.Due.Format(time.RFC3339), due.Format(time.RFC3339)))
		}
		delete(timers, t.Stream)
		return nil
	})
	for st := range timers {
		a.find(st, "it has no timer, yet something falls due")
	}
	slices.SortFunc(a.Findings, func(x, y Finding) int { return strings.Compare(string(x.Stream)+x.What, string(y.Stream)+y.What) })
	return a, err
}

func (s *Service) verifyRows(ctx context.Context, want map[store.RowKey][]any, a *Audit) error {
	tables := make([]string, 0, len(store.Columns))
	for t := range store.Columns {
		tables = append(tables, t)
	}
	slices.Sort(tables)
	for _, table := range tables {
		err := s.store.Rows(ctx, table, func(key store.RowKey, values []any) error {
			a.Rows++
			was, ok := want[key]
			switch {
			case !ok:
				a.find(key.Stream, "the row "+key.Table+" "+key.Key+" belongs to nothing")
			case !same(was, values):
				a.find(key.Stream, fmt.Sprintf("the row %s %s is %v, its state gives %v", key.Table, key.Key, values, was))
			}
			delete(want, key)
			return nil
		})
		if err != nil {
			return err
		}
	}
	for key := range want {
		a.find(key.Stream, "the row "+key.Table+" "+key.Key+" is missing")
	}
	return nil
}

func (a *Audit) find(st store.Stream, what string) {
	a.Findings = append(a.Findings, Finding{st, what})
}

// Rebuild makes every row and timer anew from the events, in one transaction.
// Deliveries without a final outcome are in the outbox again, and held until they
// are released.
func (s *Service) Rebuild(ctx context.Context) (events int, err error) {
	var pending []store.Delivery
	err = s.store.Replace(ctx, func(put func(store.Row) error, timer func(store.Timer) error) error {
		return s.everyStream(ctx, func(st store.Stream, k kind, read []store.Event, state any, foldErr error) error {
			if foldErr != nil {
				return foldErr
			}
			events += len(read)
			out, err := outbox(st, state)
			if err != nil {
				return err
			}
			pending = append(pending, out...)
			for _, r := range k.rows(st, state) {
				if err := put(r); err != nil {
					return err
				}
			}
			if due, ok := timerOf(k, state); ok {
				return timer(store.Timer{Stream: st, Due: due})
			}
			return nil
		})
	})
	if err != nil {
		return events, err
	}
	return events, s.hold(ctx, pending)
}

// everyStream folds every stream from its first event.
func (s *Service) everyStream(ctx context.Context, each func(store.Stream, kind, []store.Event, any, error) error) error {
	names := make([]string, 0, len(s.kinds))
	for name := range s.kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		k := s.kinds[name]
		var after store.Stream
		for {
			page, err := s.store.Streams(ctx, name, after, 500)
			if err != nil {
				return err
			}
			if err := s.inOrder(ctx, k, page, each); err != nil {
				return err
			}
			if len(page) > 0 {
				after = page[len(page)-1].Stream
			}
			if len(page) < 500 {
				break
			}
		}
	}
	return nil
}

// replay is a stream read from its first event.
type replay struct {
	events  []store.Event
	state   any
	foldErr error
	err     error
}

// inOrder reads and folds streams on every core, and hands them over one by one
// in their order.
func (s *Service) inOrder(ctx context.Context, k kind, page []store.Guard, each func(store.Stream, kind, []store.Event, any, error) error) error {
	ctx, stop := context.WithCancel(ctx)
	slots := make([]chan replay, len(page))
	for i := range slots {
		slots[i] = make(chan replay, 1)
	}
	var next atomic.Int64
	var readers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			for i := int(next.Add(1) - 1); i < len(page) && ctx.Err() == nil; i = int(next.Add(1) - 1) {
				var f replay
				if f.events, f.err = s.store.Load(ctx, page[i].Stream, 0); f.err == nil {
					f.state, f.foldErr = fold(k, page[i].Stream, f.events)
					if f.foldErr == nil && len(f.events) < page[i].Version {
						f.foldErr = fmt.Errorf("it has %d events and its head says %d", len(f.events), page[i].Version)
					}
				}
				slots[i] <- f
			}
		})
	}
	// Nobody reads on once this answers.
	defer readers.Wait()
	defer stop()
	for i, g := range page {
		select {
		case f := <-slots[i]:
			if f.err != nil {
				return f.err
			}
			if err := each(g.Stream, k, f.events, f.state, f.foldErr); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func fold(k kind, st store.Stream, events []store.Event) (state any, err error) {
	// Events that somebody tampered with may break what no event of ours breaks.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("its events do not fold: %v", r)
		}
	}()
	state = k.fresh(st.ID())
	for _, e := range events {
		r, err := recorded(k, e)
		if err != nil {
			return nil, err
		}
		if err := k.evolve(state, r); err != nil {
			return nil, fmt.Errorf("event %d does not fold: %w", e.Version, err)
		}
	}
	return state, nil
}
