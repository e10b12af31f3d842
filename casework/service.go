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

	"forlop/care"
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

	dir    atomic.Pointer[directory.Directory]
	dirMu  sync.Mutex
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
	// Wakers is how many streams are woken at once; 0 wakes one at a time, in
	// the same order at every run.
	Wakers int
}

// New makes a service and reads the directory.
func New(ctx context.Context, c Config) (*Service, error) {
	s := &Service{
		store: c.Store, clock: c.Clock, keys: c.Keys, random: c.Random, wakers: c.Wakers,
		shelf: newDefinitions(c.Store), states: newStates(16384), woken: make(chan struct{}, 1),
	}
	s.kinds = map[string]kind{"journey": journeyKind{}, "person": personKind{}, "unit": unitKind{}, "professional": professionalKind{}}
	if err := s.readDirectory(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Now is the service's clock, for faces that show relative dates.
func (s *Service) Now() time.Time { return s.clock.Now() }

// Directory is the units and posts as they are now.
func (s *Service) Directory() *directory.Directory { return s.dir.Load() }

// Ready says why the service cannot take patients; nil when it can: a store
// that is durable or a demo's, a clock that is believed, and a named person at
// the root of every tree of units (L1).
func (s *Service) Ready(ctx context.Context) error {
	if err := s.clock.Held(); err != nil {
		return err
	}
	if _, err := s.store.Check(ctx); err != nil {
		return fmt.Errorf("the store is not fit: %w", err)
	}
	return s.Directory().Ready(s.clock.Now())
}

// readDirectory folds every unit's stream into one snapshot.
func (s *Service) readDirectory(ctx context.Context) error {
	s.dirMu.Lock()
	defer s.dirMu.Unlock()
	units := map[care.UnitID]directory.State{}
	var after store.Stream
	for {
		page, err := s.store.Streams(ctx, "unit", after, 500)
		if err != nil {
			return fmt.Errorf("reading the units: %w", err)
		}
		for _, g := range page {
			state, _, err := s.load(ctx, g.Stream)
			if err != nil {
				return err
			}
			units[care.UnitID(g.Stream.ID())] = *state.(*directory.State)
			after = g.Stream
		}
		if len(page) < 500 {
			break
		}
	}
	s.dir.Store(directory.New(units))
	return nil
}

// updateDirectory puts one unit's new state into the snapshot.
func (s *Service) updateDirectory(state directory.State) {
	s.dirMu.Lock()
	defer s.dirMu.Unlock()
	if old, known := s.dir.Load().Unit(state.Unit); known && old.Version >= state.Version {
		return
	}
	s.dir.Store(s.dir.Load().With(state))
}

// load folds a stream, from the newest state kept in memory.
func (s *Service) load(ctx context.Context, st store.Stream) (any, int, error) {
	k, err := s.kindOf(st)
	if err != nil {
		return nil, 0, err
	}
	state, version := s.states.get(st)
	if state == nil {
		state = k.fresh(st.ID())
	}
	events, err := s.store.Load(ctx, st, version)
	if err != nil {
		return nil, 0, fmt.Errorf("reading %s after %d: %w", st, version, err)
	}
	if len(events) == 0 {
		return state, version, nil
	}
	state = k.clone(state)
	for _, e := range events {
		r, err := recorded(k, e)
		if err != nil {
			return nil, 0, err
		}
		if err := k.evolve(state, r); err != nil {
			return nil, 0, fmt.Errorf("folding %s: %w", st, err)
		}
		version = e.Version
	}
	s.states.put(st, state, version)
	return state, version, nil
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
}

func newStates(limit int) *states {
	return &states{limit: limit, new: map[store.Stream]kept{}, old: map[store.Stream]kept{}}
}

func (c *states) get(st store.Stream) (any, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.new[st]; ok {
		return k.state, k.version
	}
	if k, ok := c.old[st]; ok {
		c.keep(st, k)
		return k.state, k.version
	}
	return nil, 0
}

func (c *states) put(st store.Stream, state any, version int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.new[st]; ok && k.version >= version {
		return
	}
	c.keep(st, kept{state, version})
}

// keep holds two generations: when the new one is full it becomes the old one,
// and what nobody asked for since is let go.
func (c *states) keep(st store.Stream, k kept) {
	if len(c.new) >= c.limit {
		c.old, c.new = c.new, make(map[store.Stream]kept, c.limit)
	}
	c.new[st] = k
}
