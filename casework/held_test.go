package casework_test

import (
	"errors"
	"testing"
	"time"

	"forlop/journey"
	"forlop/store"
)

// On a clock that cannot be believed nothing falls due and the service says that it
// is not ready; when it can, what was due happens.
func TestNothingFallsDueOnAHeldClock(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, id := b.refer("Anna Linerle")
	b.clock.pass(30 * 24 * time.Hour)
	jumped := errors.New("the clock jumped")
	hold := func(err error) { b.clock.mu.Lock(); b.clock.held = err; b.clock.mu.Unlock() }
	hold(jumped)
	wake := func() (int, error) {
		return b.s.WakeDue(b.ctx, "worker", func(st store.Stream, err error) { t.Errorf("%s: %v", st, err) })
	}
	if n, err := wake(); n != 0 || !errors.Is(err, jumped) {
		t.Errorf("%d were woken, %v", n, err)
	}
	if err := b.s.Ready(b.ctx); !errors.Is(err, jumped) {
		t.Errorf("the service counts as ready: %v", err)
	}
	if n := b.count(id, journey.ClockPassed{}.Type()); n != 0 {
		t.Errorf("a limit passed %d times", n)
	}
	hold(nil)
	if n, err := wake(); n == 0 || err != nil {
		t.Errorf("%d were woken, %v", n, err)
	}
	if n := b.count(id, journey.ClockPassed{}.Type()); n != 1 {
		t.Errorf("after it is believed again a limit passed %d times", n)
	}
}
