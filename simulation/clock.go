package simulation

import (
	"sync"
	"time"
)

// clock is a virtual clock: it moves only when it is set, and never back.
type clock struct {
	mu   sync.Mutex
	now  time.Time
	held error
}

// Now is the virtual instant.
func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Held says why the clock is not believed just now; nil where it is.
func (c *clock) Held() error { c.mu.Lock(); defer c.mu.Unlock(); return c.held }

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t = t.UTC().Truncate(time.Microsecond); t.After(c.now) {
		c.now = t
	}
}
