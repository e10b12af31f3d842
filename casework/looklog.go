package casework

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"forlop/store"
)

// Reserve is room that was set aside for entries of the access log while the
// database cannot be written. It is safe for one caller at a time.
type Reserve interface {
	// Put adds a record and answers when it is durable; ErrReserveFull where there
	// is no room for it.
	Put(record []byte) error
	// Records are what was put since Clear, in order.
	Records() ([][]byte, error)
	// Clear makes all room free again.
	Clear() error
}

// ErrReserveFull: nothing can be shown until the database takes writes again.
var ErrReserveFull = errors.New("casework: the room that is set aside for the access log is used up")

// lookLog is where looks go: to the store, or to the reserve while the store
// cannot be written.
type lookLog struct {
	store   store.Store
	reserve Reserve
	random  io.Reader

	mu sync.Mutex
	// waiting is how many entries lie in the reserve; -1 where nobody has looked
	// since the start.
	waiting int
}

// log makes a look durable. Reading goes on while the disk is full, as long as
// there is room in the reserve; what lies there comes into the log before
// anything newer does.
func (g *lookLog) log(ctx context.Context, l store.Look) error {
	if g.reserve == nil {
		return g.store.Log(ctx, l)
	}
	g.mu.Lock()
	waiting := g.waiting
	g.mu.Unlock()
	if waiting == 0 {
		err := g.store.Log(ctx, l)
		if !errors.Is(err, store.ErrReadOnly) {
			return err
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.empty(ctx); err == nil {
		if err = g.store.Log(ctx, l); !errors.Is(err, store.ErrReadOnly) {
			return err
		}
	} else if !errors.Is(err, store.ErrReadOnly) {
		return err
	}
	key := make([]byte, 16)
	if _, err := io.ReadFull(g.random, key); err != nil {
		return fmt.Errorf("random bytes for an entry of the access log: %w", err)
	}
	l.Key = "reserve/" + hex.EncodeToString(key)
	record, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := g.reserve.Put(record); err != nil {
		return err
	}
	g.waiting++
	return nil
}

// drain moves what lies in the reserve into the log, where it can be written.
func (g *lookLog) drain(ctx context.Context) error {
	if g.reserve == nil {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.empty(ctx)
}

// empty does. An entry that was moved before a crash is known by its key.
func (g *lookLog) empty(ctx context.Context) error {
	if g.waiting == 0 {
		return nil
	}
	records, err := g.reserve.Records()
	if err != nil {
		return fmt.Errorf("the reserve of the access log cannot be read: %w", err)
	}
	for i, r := range records {
		var l store.Look
		if err := json.Unmarshal(r, &l); err != nil {
			return fmt.Errorf("the reserve of the access log: entry %d: %w", i+1, err)
		}
		if err := g.store.Log(ctx, l); err != nil {
			g.waiting = len(records)
			return err
		}
	}
	if len(records) > 0 {
		if err := g.reserve.Clear(); err != nil {
			return fmt.Errorf("the reserve of the access log: %w", err)
		}
	}
	g.waiting = 0
	return nil
}
