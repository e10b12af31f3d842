package worklist

import (
	"time"

	"forlop/care"
)

// Due is never: what sleeps wakes by being read after its day, and nothing here
// must be done by anybody.
func Due(State) (time.Time, bool) { return time.Time{}, false }

// Items are none: what must be done stands in the streams it is about.
func (s State) Items() []care.Item { return nil }
