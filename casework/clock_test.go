package casework

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestClockStopsAtAJump: a wall clock that moves with the steady one is believed, and
// never runs backwards; beyond an hour's jump it is not, for ever, and time goes on by
// the steady one.
func TestClockStopsAtAJump(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		jump time.Duration
		held bool
	}{
		"none":                      {0, false},
		"a minute ahead":            {time.Minute, false},
		"a minute back":             {-time.Minute, false},
		"an hour ahead":             {JumpLimit, false},
		"more than an hour ahead":   {JumpLimit + time.Second, true},
		"more than an hour back":    {-JumpLimit - time.Second, true},
		"thirty days ahead":         {30 * 24 * time.Hour, true},
		"back to when it was built": {-time.Duration(noon.Unix()) * time.Second, true},
	} {
		wall, ran := noon, time.Duration(0)
		c := newClock(func() (time.Time, time.Duration) { return wall, ran })
		pass := func(d time.Duration) { wall, ran = wall.Add(d), ran+d }
		pass(time.Second)
		before := c.Now()
		if !before.Equal(noon.Add(time.Second)) || c.Held() != nil {
			t.Fatalf("%s: before it, it is %s, %v", name, before, c.Held())
		}
		wall = wall.Add(test.jump)
		pass(time.Second)
		after := c.Now()
		if (c.Held() != nil) != test.held {
			t.Errorf("%s: held is %v", name, c.Held())
		}
		if after.Before(before) {
			t.Errorf("%s: it ran back from %s to %s", name, before, after)
		}
		if !test.held {
			continue
		}
		var jump *JumpError
		if !errors.As(c.Held(), &jump) || !strings.Contains(jump.Error(), "started again") {
			t.Errorf("%s: %v does not say what to do", name, c.Held())
		}
		if want := noon.Add(2 * time.Second); !after.Equal(want) {
			t.Errorf("%s: it is %s, and by the steady clock %s", name, after, want)
		}
		// It is not believed again because it comes back.
		wall = wall.Add(-test.jump)
		pass(time.Second)
		if now := c.Now(); c.Held() == nil || !now.Equal(noon.Add(3*time.Second)) {
			t.Errorf("%s: after it came back it is %s, held %v", name, now, c.Held())
		}
	}
}
