package casework

import (
	"sync"
	"time"
)

// Clock tells the time. It is read in one place, where a command or a question
// gets its instant; everything else is told.
type Clock interface {
	// Now is the instant, in UTC, to the microsecond. It never runs backwards.
	Now() time.Time
	// Held says why the clock cannot be believed; nil when it can. Nothing falls
	// due on a clock that is held.
	Held() error
}

// JumpLimit is how far the machine's wall clock may move against its steady
// clock before it is no longer believed.
const JumpLimit = time.Hour

// SystemClock is the machine's clock. A jump beyond JumpLimit is stopped here:
// the clock then follows the steady clock and says that it is held.
func SystemClock() Clock {
	now := time.Now()
	return &systemClock{read: time.Now, start: now, base: now.UTC()}
}

type systemClock struct {
	read  func() time.Time
	mu    sync.Mutex
	start time.Time // with the steady reading
	base  time.Time // the believed instant at start
	last  time.Time
	held  error
}

func (c *systemClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	wall := c.read()
	steady := c.base.Add(wall.Sub(c.start))
	now := wall.Round(0).UTC()
	if jump := now.Sub(steady); c.held == nil && (jump > JumpLimit || jump < -JumpLimit) {
		c.held = &JumpError{Jump: jump}
	}
	if c.held != nil {
		now = steady
	} else {
		c.start, c.base = wall, now
	}
	now = now.Truncate(time.Microsecond)
	if now.Before(c.last) {
		now = c.last
	}
	c.last = now
	return now
}

func (c *systemClock) Held() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}

// JumpError says that the machine's clock moved further than is believable.
type JumpError struct{ Jump time.Duration }

// Error says how far, and what to do.
func (e *JumpError) Error() string {
	return "the machine's clock jumped by " + e.Jump.Round(time.Second).String() +
		"; nothing falls due until the clock is checked and the service is started again"
}
