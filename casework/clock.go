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
	begin := time.Now()
	return newClock(func() (time.Time, time.Duration) {
		now := time.Now()
		return now.Round(0).UTC(), now.Sub(begin)
	})
}

// newClock reads the wall clock in UTC and how long the steady one has run.
func newClock(read func() (wall time.Time, steady time.Duration)) *systemClock {
	c := &systemClock{read: read}
	c.base, c.start = read()
	return c
}

type systemClock struct {
	read  func() (wall time.Time, steady time.Duration)
	mu    sync.Mutex
	start time.Duration // the steady reading
	base  time.Time     // the believed instant at start
	last  time.Time
	held  error
}

func (c *systemClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, ran := c.read()
	steady := c.base.Add(ran - c.start)
	if jump := now.Sub(steady); c.held == nil && (jump > JumpLimit || jump < -JumpLimit) {
		c.held = &JumpError{Jump: jump}
	}
	if c.held != nil {
		now = steady
	} else {
		c.start, c.base = ran, now
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
