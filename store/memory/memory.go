package memory

import (
	"context"
	"slices"
	"sync"

	"forlop/store"
)

// Store is an empty or filled log in memory.
type Store struct {
	// writing is held through every change, so that Replace can read the log
	// while nothing is appended. mu guards the fields and is held briefly.
	writing sync.Mutex
	mu      sync.RWMutex

	log      []store.Event
	streams  map[store.Stream][]int
	names    map[string]*nameList
	claims   map[[2]string]store.Stream
	commands map[[2]string]store.Command
	blobs    map[string]store.Blob
	marks    map[string]int64

	rows       *tables
	timers     *timerQueue
	deliveries map[string]*delivery
	cursors    map[string]cursor

	keys       map[string][]byte
	identities map[string][]byte
	index      map[string]string

	looks       []store.Look
	look        int64 // the last id given
	head        store.StrandHead
	checkpoints []store.Checkpoint
	prunings    []store.Pruning
	definitions map[string]*definition
	sessions    map[string]store.Session
	drafts      map[[2]string][]byte
	settings    map[string]string
}

var _ store.Store = (*Store)(nil)

// Open makes an empty store.
func Open() *Store {
	return &Store{
		streams: map[store.Stream][]int{}, names: map[string]*nameList{},
		claims: map[[2]string]store.Stream{}, commands: map[[2]string]store.Command{}, blobs: map[string]store.Blob{}, marks: map[string]int64{},
		rows: newTables(), timers: newTimerQueue(), deliveries: map[string]*delivery{}, cursors: map[string]cursor{},
		keys: map[string][]byte{}, identities: map[string][]byte{}, index: map[string]string{},
		definitions: map[string]*definition{}, sessions: map[string]store.Session{},
		drafts: map[[2]string][]byte{}, settings: map[string]string{"epoch": "1"},
	}
}

// Check says that this store is not durable.
func (s *Store) Check(context.Context) (store.Health, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return store.Health{Engine: "memory", Version: "1", Events: int64(len(s.log))}, nil
}

// Close does nothing: there is nothing to let go.
func (s *Store) Close() error { return nil }

// change runs f as the only writer.
func (s *Store) change(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	return f()
}

// limited reports whether n answers are enough; a limit of 0 is no limit.
func limited(n, limit int) bool { return limit > 0 && n >= limit }

// nameList keeps the names of a kind's streams in order; it sorts when read.
type nameList struct {
	sorted bool
	names  []store.Stream
}

func (l *nameList) add(s store.Stream) {
	l.sorted = l.sorted && (len(l.names) == 0 || l.names[len(l.names)-1] < s)
	l.names = append(l.names, s)
}

func (l *nameList) after(s store.Stream) []store.Stream {
	if !l.sorted {
		slices.Sort(l.names)
		l.sorted = true
	}
	i, found := slices.BinarySearch(l.names, s)
	if found {
		i++
	}
	return l.names[i:]
}
