package simulation

import (
	"syscall"
	"time"
)

// processorTime is what this process has used: a budget that holds whatever else
// the machine does.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// hold says that the clock is not believed; nil that it is again.
func (c *clock) hold(why error) { c.mu.Lock(); defer c.mu.Unlock(); c.held = why }
