package store

import "time"

// Standing is how much waits in a store at an instant, and how late it is: the
// operator's figures. It says nothing of anybody.
type Standing struct {
	// Waiting are the streams that have a timer, by their kind. A journey that is
	// open has exactly one (L3).
	Waiting map[string]int
	// Due is how many of them are due and not yet woken, and DueSince when the
	// first of those fell due; zero where none is.
	Due      int
	DueSince time.Time
	// Pending deliveries are to be sent, Held ones wait for an operator.
	// PendingSince is when the first pending one fell due; zero where none has.
	Pending, Held int
	PendingSince  time.Time
	// Items are what stands open on worklists, by kind.
	Items map[string]ItemCount
}

// ItemCount is how much is open, and how much of it is over its latest date.
type ItemCount struct{ Open, Late int }
