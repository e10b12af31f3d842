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

	"forlop/access"
	"forlop/care/directory"
	"forlop/care/questionnaire"
	"forlop/store"
)

// Service is the one way in. It is safe for concurrent use.
type Service struct {
	// copies says that the site wants texts copied to the record.
	copies bool
	store  store.Store
	clock  Clock
	keys   *store.Keyring
	random io.Reader
	kinds  map[string]kind
	policy *access.Policy
	shelf  *definitions
	forms  *formShelf
	states *states

	tree    unitTree
	issued  *issued
	counted counted
	uses    uses
	// unsent is held while a list of unsent forms is changed.
	unsent sync.Mutex
	// persons is how many different persons the site asks for behind a pathway
	// version; 0 asks for as few as there must be.
	persons int
	// checked says that the store was found fit.
	checked atomic.Bool
	// keyBackups is for how many days backups that hold keys are kept.
	keyBackups int
	// level is the newest level of events this process writes.
	level  int
	wakers int
	// woken is told after every append, so that workers need not poll hard.
	woken chan struct{}

	// out is how notices leave; nil where nothing does.
	out *Outgoing
	// watch is told how the service does; probe is whether the store takes writes.
	watch Watcher
	probe probe

	// looks is the way into the access log. every is how often both logs are
	// signed; shown the last checkpoint that the witness got.
	looks   *lookLog
	witness Witness
	every   time.Duration
	signing sync.Mutex
	shown   int64
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
	// Policy is what everybody may see and do; nil is the one the program comes
	// with. A site can add files that forbid.
	Policy *access.Policy
	// KeyBackups is for how many days backups that hold keys are kept; 0 where
	// nobody has said. Whoever approves an erasure reads the day that follows.
	KeyBackups int
	// CopyToRecord puts texts that belong in the record on a worklist until
	// somebody has copied them there.
	CopyToRecord bool
	// Wakers is how many streams are woken at once; 0 wakes one at a time, in
	// the same order at every run.
	Wakers int
	// Reserve takes entries of the access log while the store cannot be written;
	// nil where nothing is shown then.
	Reserve Reserve
	// Out is how notices leave the house; nil where nothing does.
	Out *Outgoing
	// Watch is told how the service does; nil for nobody.
	Watch Watcher
	// Every is how often both logs are signed, 0 for never; it needs Keys. Witness
	// keeps what was signed outside the database; nil for nobody.
	Every   time.Duration
	Witness Witness
}

// New makes a service and reads the directory. It answers a store.OtherKey where
// the site's key is not the one the database was made with.
func New(ctx context.Context, c Config) (*Service, error) {
	s := &Service{
		store: c.Store, clock: c.Clock, keys: c.Keys, random: c.Random, wakers: c.Wakers, level: level, policy: c.Policy, copies: c.CopyToRecord,
		issued: &issued{}, persons: c.Persons, states: newStates(16384), woken: make(chan struct{}, 1),
	}
	if s.watch = c.Watch; s.watch == nil {
		s.watch = unwatched{}
	}
	if s.policy == nil {
		s.policy = access.Shipped()
	}
	if err := errors.Join(policed(s.policy.Covers), c.Out.check()); err != nil {
		return nil, err
	}
	s.looks = &lookLog{store: c.Store, reserve: c.Reserve, random: c.Random, waiting: -1}
	s.out = c.Out
	s.every, s.witness, s.keyBackups = c.Every, c.Witness, c.KeyBackups
	s.shelf = newDefinitions(c.Store, s.issued)
	s.forms = &formShelf{store: c.Store, by: map[string]*questionnaire.Definition{}}
	s.kinds = map[string]kind{"journey": journeyKind{}, "person": personKind{}, "unit": unitKind{}, "professional": professionalKind{}, "pathway": publicationKind{}, "campaign": campaignKind{}, "consent": consentKind{}, "form": formKind{}, "notice": noticeKind{}, "oversight": oversightKind{}, "worklist": worklistKind{}}
	if c.Keys != nil {
		var err error
		if s.keys, err = c.Keys.Of(ctx, c.Store); err != nil {
			return nil, err
		}
	}
	s.kinds["booking"], s.kinds["schedule"] = bookingKind{}, scheduleKind{}
	s.kinds["sentence"] = sentenceKind{}
	s.kinds["thread"] = threadKind{}
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
	if s.keys != nil {
		if err := s.keys.Fits(ctx, s.store); err != nil {
			return fmt.Errorf("the site's key does not fit: %w", err)
		}
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
	events, err := s.store.Load(ctx, st, f.version)
	if err != nil {
		return kept{}, fmt.Errorf("reading %s after %d: %w", st, f.version, err)
	}
	return s.fold(k, st, f, events)
}

// fold carries what is kept of a stream on with newer events.
func (s *Service) fold(k kind, st store.Stream, f kept, events []store.Event) (kept, error) {
	if f.state == nil {
		f.state = k.fresh(st.ID())
	}
	if len(events) == 0 {
		if f.version == 0 && st.Kind() == "consent" {
			// Most people have none, and every command asks.
			s.states.put(st, f)
		}
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
