package casework

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"forlop/care/directory"
	"forlop/store"
)

// Service is the one way in. It is safe for concurrent use.
type Service struct {
	store  store.Store
	clock  Clock
	keys   *store.Keyring
	random io.Reader
	kinds  map[string]kind
	shelf  *definitions
	states *states

	tree    unitTree
	issued  *issued
	counted counted
	// persons is how many different persons the site asks for behind a pathway
	// version; 0 asks for as few as there must be.
	persons int
	// checked says that the store was found fit.
	checked atomic.Bool
	// level is the newest level of events this process writes.
	level  int
	wakers int
	// woken is told after every append, so that workers need not poll hard.
	woken chan struct{}
}

// Config is what a service stands on.
type Config struct {
	Store store.Store
	Clock Clock
	Keys  *store.Keyring
	// Random gives the bytes of ids that no command key decides.
	Random io.Reader
	// Persons is how many different persons must stand behind a pathway version at
	// this site; never fewer than two.
	Persons int
	// Wakers is how many streams are woken at once; 0 wakes one at a time, in
	// the same order at every run.
	Wakers int
}

// New makes a service and reads the directory.
func New(ctx context.Context, c Config) (*Service, error) {
	s := &Service{
		store: c.Store, clock: c.Clock, keys: c.Keys, random: c.Random, wakers: c.Wakers, level: level,
		issued: &issued{}, persons: c.Persons, states: newStates(16384), woken: make(chan struct{}, 1),
	}
	s.shelf = newDefinitions(c.Store, s.issued)
	s.kinds = map[string]kind{"journey": journeyKind{}, "person": personKind{}, "unit": unitKind{}, "professional": professionalKind{}, "pathway": publicationKind{}, "campaign": campaignKind{}}
	if err := s.begin(ctx); err != nil {
		return nil, err
	}
	if _, _, err := s.current(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Now is the service's clock, for faces that show relative dates.
func (s *Service) Now() time.Time { return s.clock.Now() }

// Directory is the units and posts as they were when this process last looked:
// at its last command or question.
func (s *Service) Directory() *directory.Directory { return s.tree.kept().dir }

// Ready says why the service cannot take patients; nil when it can: a store
// that is durable or a demo's, a clock that is believed, and a named person at
// the root of every tree of units (L1).
func (s *Service) Ready(ctx context.Context) error {
	if err := s.clock.Held(); err != nil {
		return err
	}
	// What the store is does not change while it is open; whether it answers does.
	if !s.checked.Load() {
		if _, err := s.store.Check(ctx); err != nil {
			return fmt.Errorf("the store is not fit: %w", err)
		}
		s.checked.Store(true)
	}
	dir, _, err := s.current(ctx)
	if err != nil {
		return err
	}
	return dir.Ready(s.clock.Now())
}

// load folds a stream, from the newest state kept in memory.
func (s *Service) load(ctx context.Context, st store.Stream) (any, int, error) {
	f, err := s.folded(ctx, st)
	return f.state, f.version, err
}

func (s *Service) folded(ctx context.Context, st store.Stream) (kept, error) {
	k, err := s.kindOf(st)
	if err != nil {
		return kept{}, err
	}
	f := s.states.get(st)
	if f.state == nil {
		f.state = k.fresh(st.ID())
	}
	events, err := s.store.Load(ctx, st, f.version)
	if err != nil {
		return kept{}, fmt.Errorf("reading %s after %d: %w", st, f.version, err)
	}
	if len(events) == 0 {
		return f, nil
	}
	f.state = k.clone(f.state)
	for _, e := range events {
		r, err := recorded(k, e)
		if err != nil {
			return kept{}, err
		}
		if err := k.evolve(f.state, r); err != nil {
			return kept{}, fmt.Errorf("folding %s: %w", st, err)
		}
		f.version, f.learned = e.Version, e.Learned
	}
	s.states.put(st, f)
	return f, nil
}

// id makes the id of something new from the order that makes it, so that the
// same order sent again means the same thing.
func (s *Service) id(o Order, what string) string {
	h := s.keys.Hash("new "+what, o.Actor.ID+"\x00"+o.Key)
	return hex.EncodeToString(h[:12])
}

// isVersion reports whether a lost race is worth another try.
func isVersion(err error) bool { return errors.Is(err, store.ErrVersion) }

// states keeps folded states by stream and version. What it holds is never
// changed: whoever evolves a state clones it first.
type states struct {
	mu    sync.Mutex
	limit int
	new   map[store.Stream]kept
	old   map[store.Stream]kept
}

type kept struct {
	state   any
	version int
	// learned is the instant of the newest event.
	learned time.Time
}

func newStates(limit int) *states {
	return &states{limit: limit, new: map[store.Stream]kept{}, old: map[store.Stream]kept{}}
}

func (c *states) get(st store.Stream) kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.new[st]; ok {
		return k
	}
	k, ok := c.old[st]
	if ok {
		c.keep(st, k)
	}
	return k
}

func (c *states) put(st store.Stream, f kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.new[st]; ok && k.version >= f.version {
		return
	}
	c.keep(st, f)
}

// keep holds two generations: when the new one is full it becomes the old one,
// and what nobody asked for since is let go.
func (c *states) keep(st store.Stream, k kept) {
	if len(c.new) >= c.limit {
		c.old, c.new = c.new, make(map[store.Stream]kept, c.limit)
	}
	c.new[st] = k
}
