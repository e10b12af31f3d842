package care

import "time"

// Instant is t as events and tables keep it: UTC, to the microsecond.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Earlier is the one of two instants that comes first.
func Earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Later is the one of two instants that comes last.
func Later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
