package journey

import (
	"time"

	"forlop/care"
	"forlop/pathway"
)

// Change is one thing that is otherwise in a journey than it was: what a move to
// another version did, or would do.
type Change struct {
	What ChangeKind
	// Step, or Clock, is what it is about, as it is called afterwards; Was is what
	// the step was called before, where that differs.
	Step  pathway.StepID
	Was   pathway.StepID
	Clock pathway.ClockID
	// Before and After are latest dates; zero where there is none.
	Before, After time.Time
	// From and To are the posts it belonged to and belongs to.
	From, To care.Post
}

// ChangeKind is what sort of change it is.
type ChangeKind string

// The changes.
const (
	StepComes    ChangeKind = "step-new"
	StepGoes     ChangeKind = "step-gone"
	StepCalled   ChangeKind = "step-renamed"
	StepEarlier  ChangeKind = "step-earlier"
	StepLater    ChangeKind = "step-later"
	StepHands    ChangeKind = "step-owner"
	ClockComes   ChangeKind = "clock-new"
	ClockGoes    ChangeKind = "clock-gone"
	ClockEarlier ChangeKind = "clock-earlier"
	ClockLater   ChangeKind = "clock-later"
)

// NowLate reports whether the change leaves a latest date that has passed at an
// instant, and had not before.
func (c Change) NowLate(at time.Time) bool {
	return !c.After.IsZero() && !c.After.After(at) && (c.Before.IsZero() || c.Before.After(at))
}

// Changes compares a journey before and after: its open steps, in their order,
// and its running clocks. A step is the same one as long as it has its number.
func Changes(before, after *State) []Change {
	var out []Change
	for i, now := range after.Steps {
		var was Step
		if i < len(before.Steps) {
			was = before.Steps[i]
		}
		base := Change{Step: now.ID, Before: was.Latest, After: now.Latest, From: was.Owner, To: now.Owner}
		if was.ID != now.ID {
			base.Was = was.ID
		}
		add := func(what ChangeKind) { base.What = what; out = append(out, base) }
		switch {
		case was.Live() && !now.Live():
			base.After = time.Time{}
			add(StepGoes)
		case now.Live() && !was.Live():
			base.Before = time.Time{}
			add(StepComes)
		case now.Live():
			if was.ID != now.ID {
				add(StepCalled)
			}
			switch {
			case now.Latest.Before(was.Latest):
				add(StepEarlier)
			case now.Latest.After(was.Latest):
				add(StepLater)
			}
			if was.Owner != now.Owner {
				add(StepHands)
			}
		}
	}
	seen := map[pathway.ClockID]bool{}
	for i := range after.Clocks {
		id := after.Clocks[i].ID
		if seen[id] {
			continue
		}
		seen[id] = true
		was, now := liveClock(before, id), liveClock(after, id)
		c := Change{Clock: id}
		if was != nil {
			c.Before = was.Latest
		}
		if now != nil {
			c.After = now.Latest
		}
		switch {
		case was == nil && now != nil:
			c.What = ClockComes
		case was != nil && now == nil:
			c.What = ClockGoes
		case was == nil:
			continue
		case now.Latest.Before(was.Latest):
			c.What = ClockEarlier
		case now.Latest.After(was.Latest):
			c.What = ClockLater
		default:
			continue
		}
		out = append(out, c)
	}
	return out
}

// liveClock is the running clock of an id; nil if none.
func liveClock(s *State, id pathway.ClockID) *Clock {
	if c := s.ClockOf(id); c != nil && c.Live() {
		return c
	}
	return nil
}
