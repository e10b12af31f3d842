package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/pathway/publication"
	"forlop/store"
)

// work is one order being carried out: the streams it reads and writes, until
// they are appended together.
type work struct {
	s      *Service
	ctx    context.Context
	order  Order
	now    time.Time
	dir    *directory.Directory
	marks  map[string]int64
	on     map[store.Stream]*opened
	list   []*opened
	put    []store.Row
	drop   []store.RowKey
	claims []store.Claim
	blobs  []store.Blob
	// fresh asks the store for states, not memory.
	fresh bool
	// ground is on what the order's actor may do it.
	ground ground
}

// opened is one stream in the work: as it was, and as it would become.
type opened struct {
	stream  store.Stream
	kind    kind
	was     any
	now     any
	version int // of was
	at      int // of now
	events  []store.Event
	// said are the texts of the events, before they are sealed, by version.
	said map[int]care.Sealed
	// learned is the instant of the stream's newest event.
	learned time.Time
}

func (s *Service) newWork(ctx context.Context, o Order) (*work, error) {
	dir, marks, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return &work{s: s, ctx: ctx, order: o, now: s.clock.Now(), dir: dir, marks: marks, on: map[store.Stream]*opened{}}, nil
}

// open reads a stream into the work. A stream that is only read becomes a guard.
func (w *work) open(st store.Stream) (*opened, error) {
	if o, ok := w.on[st]; ok {
		return o, nil
	}
	k, err := w.s.kindOf(st)
	if err != nil {
		return nil, err
	}
	f, err := w.read(st)
	if err != nil {
		return nil, err
	}
	o := &opened{stream: st, kind: k, was: f.state, now: f.state, version: f.version, at: f.version, learned: f.learned}
	w.on[st] = o
	w.list = append(w.list, o)
	return o, nil
}

// read answers a stream's state: at the first try the one kept in memory, which
// is the newest unless another process wrote meanwhile. The append would then
// find another version, and the next try reads the store.
func (w *work) read(st store.Stream) (kept, error) {
	if !w.fresh {
		if f := w.s.states.get(st); f.state != nil {
			return f, nil
		}
	}
	return w.s.folded(w.ctx, st)
}

// carry decides one command in a stream and tries its events. Every wake that
// was due before the command is settled first, each at its own instant, so that
// a late worker changes nothing.
func (w *work) carry(st store.Stream, command any, act care.Act) (*opened, error) {
	o, err := w.open(st)
	if err != nil {
		return nil, err
	}
	// Two processes' clocks never agree to the microsecond. Within a stream time
	// does not run backwards.
	if act.At.Before(o.learned) {
		act.At = o.learned
	}
	if err := w.settle(o, act.At); err != nil {
		return nil, err
	}
	made, err := o.kind.decide(w, st.ID(), o.now, command, act)
	if err != nil {
		return nil, err
	}
	return o, w.add(o, made, act, w.order.Key)
}

// heldClock reports whether the clock cannot be believed: nothing falls due then.
func (w *work) heldClock() bool { return w.s.clock.Held() != nil }

// settle decides every wake that is due at or before an instant.
func (w *work) settle(o *opened, now time.Time) error {
	for range 10_000 {
		due, ok := o.kind.due(o.now)
		if !ok || due.After(now) || w.heldClock() {
			return nil
		}
		act := care.Act{At: due, Actor: care.Service}
		made, err := o.kind.decide(w, o.stream.ID(), o.now, o.kind.wake(), act)
		if err != nil {
			return fmt.Errorf("waking %s at %s: %w", o.stream, due.Format(time.RFC3339), err)
		}
		if len(made) == 0 {
			return fmt.Errorf("waking %s at %s changed nothing, yet it is due", o.stream, due.Format(time.RFC3339))
		}
		if err := w.add(o, made, act, "wake "+due.Format(time.RFC3339Nano)); err != nil {
			return err
		}
	}
	return fmt.Errorf("waking %s does not come to rest", o.stream)
}

// add makes stored events of what was decided and folds them, from their bytes,
// as every later reader will.
func (w *work) add(o *opened, made []care.Made, act care.Act, key string) error {
	if len(made) == 0 {
		return nil
	}
	if o.at == o.version || o.now == o.was {
		o.now = o.kind.clone(o.was)
	}
	for _, m := range made {
		var err error
		if m.Event, err = w.written(m.Event); err != nil {
			return err
		}
		body, err := care.Encode(m.Event)
		if err != nil {
			return err
		}
		happened := act.When()
		if !m.Happened.IsZero() {
			happened = m.Happened
		}
		e := store.Event{
			Stream: o.stream, Version: o.at + 1, Type: m.Event.Type(),
			Happened: care.Instant(happened), Learned: care.Instant(act.At), Actor: act.Actor, Post: act.Post, For: act.For,
			Command: key, Body: body,
		}
		r, err := recorded(o.kind, e)
		if err != nil {
			return fmt.Errorf("an event that was just made cannot be read: %w", err)
		}
		if err := o.kind.evolve(o.now, r); err != nil {
			return fmt.Errorf("an event that was just made does not fold: %w", err)
		}
		e.Regime, e.Definition = o.kind.facts(o.now)
		if len(m.Sealed) > 0 {
			if o.said == nil {
				o.said = map[int]care.Sealed{}
			}
			o.said[e.Version] = m.Sealed
			if e.Sealed, err = w.s.seal(w.ctx, o.kind.subject(o.stream.ID(), o.now), e.Stream, e.Version, m.Sealed); err != nil {
				return err
			}
		}
		o.events = append(o.events, e)
		o.at, o.learned = e.Version, e.Learned
	}
	return nil
}

// append commits the work wholly or not at all.
func (w *work) append(receipt *Receipt) (store.Done, error) {
	a := store.Append{Put: w.put, Drop: w.drop, Claims: w.claims, Blobs: w.blobs}
	for _, o := range w.list {
		if len(o.events) == 0 {
			// That nobody has set a block yet is relied on, too.
			if o.version > 0 || o.stream.Kind() == "consent" {
				a.Guards = append(a.Guards, store.Guard{Stream: o.stream, Version: o.version})
			}
			continue
		}
		a.Writes = append(a.Writes, store.Write{Stream: o.stream, Expect: o.version, Events: o.events})
		if o.stream.Kind() == "unit" && !slices.Contains(a.Marks, unitMark) {
			a.Marks = append(a.Marks, unitMark)
		}
		if o.stream.Kind() == "pathway" && !slices.Contains(a.Marks, pathwayMark) {
			a.Marks = append(a.Marks, pathwayMark)
		}
		var before []store.Row
		if o.version > 0 {
			before = o.kind.rows(o.stream, o.was)
		}
		put, drop := diff(before, o.kind.rows(o.stream, o.now))
		a.Put, a.Drop = append(a.Put, put...), append(a.Drop, drop...)
		send, finish, err := outboxed(o.stream, o.was, o.now)
		if err != nil {
			return store.Done{}, err
		}
		a.Send, a.Finish = append(a.Send, send...), append(a.Finish, finish...)
		due, ok := timerOf(o.kind, o.now)
		if before, had := timerOf(o.kind, o.was); o.version == 0 || ok != had || !due.Equal(before) || isTasked(o.kind) {
			// A stream with more work to do is free for the next piece at once.
			a.Timers = append(a.Timers, store.Timer{Stream: o.stream, Due: due})
		}
	}
	if len(a.Writes) == 0 && w.order.Key == "" {
		return store.Done{}, nil
	}
	if w.order.Key != "" {
		answer, err := json.Marshal(receipt)
		if err != nil {
			return store.Done{}, err
		}
		a.Command = &store.Command{Actor: actorKey(w.order.Actor), Key: w.order.Key, Digest: digest(w.order), Answer: answer}
	}
	begun := w.s.clock.Now()
	done, err := w.s.store.Append(w.ctx, a)
	if err != nil {
		return done, err
	}
	w.s.watch.Appended(w.s.clock.Now().Sub(begun))
	if done.Repeated == nil {
		w.remember()
	}
	return done, nil
}

// remember keeps what was stored and wakes the workers.
func (w *work) remember() {
	for _, o := range w.list {
		if len(o.events) == 0 {
			continue
		}
		w.s.states.put(o.stream, kept{o.now, o.at, o.learned})
		if u, ok := o.now.(*directory.State); ok {
			w.s.tree.put([]directory.State{*u}, 0)
		}
		if p, ok := o.now.(*publication.State); ok {
			w.s.issued.put(p)
		}
	}
	select {
	case w.s.woken <- struct{}{}:
	default:
	}
}

// diff says which rows a stream's new state adds or changes, and which are gone.
func diff(before, after []store.Row) (put []store.Row, drop []store.RowKey) {
	old := make(map[store.RowKey][]any, len(before))
	for _, r := range before {
		old[r.RowKey()] = r.Values()
	}
	for _, r := range after {
		key := r.RowKey()
		if was, ok := old[key]; !ok || !same(was, r.Values()) {
			put = append(put, r)
		}
		delete(old, key)
	}
	for _, r := range before {
		if _, gone := old[r.RowKey()]; gone {
			drop = append(drop, r.RowKey())
		}
	}
	return put, drop
}

func same(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// place says where sealed text belongs, so that it cannot be moved.
func place(st store.Stream, version int) string { return string(st) + "@" + strconv.Itoa(version) }
