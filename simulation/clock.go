package simulation

import (
	"sync"
	"time"
)

// clock is a virtual clock: it moves only when it is set, and never back.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the virtual instant.
func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Held reports that a virtual clock is always believed.
func (c *clock) Held() error { return nil }

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t = t.UTC().Truncate(time.Microsecond); t.After(c.now) {
		c.now = t
	}
}
