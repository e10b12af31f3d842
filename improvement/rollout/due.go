package rollout

import (
	"time"

	"forlop/care"
)

// Due is when time alone changes the campaign: when a failure that nobody dealt
// with climbs to the lead.
func Due(s State) (time.Time, bool) {
	var at time.Time
	for _, f := range s.Failures {
		if !f.Climbed && (at.IsZero() || f.By.Before(at)) {
			at = f.By
		}
	}
	if !at.IsZero() && at.Before(s.Since) {
		at = s.Since
	}
	return at, !at.IsZero()
}

// Work is the instant since which there is something to do that is not decided
// in this stream: a preview to compute, journeys to read or to move.
func Work(s State) (time.Time, bool) {
	switch s.Status {
	case IsProposed:
		return s.Since, s.Preview == nil
	case IsRunning:
		return s.Since, true
	case IsFinished:
		for _, f := range s.Failures {
			if f.Retry {
				return s.Since, true
			}
		}
	case IsStopped, IsWithdrawn:
	}
	return time.Time{}, false
}

// Items are the journeys that could not be moved, on the list of the post that
// owns them and, once they have climbed, of the lead.
func (s State) Items() []care.Item {
	var out []care.Item
	for _, f := range s.Failures {
		i := care.Item{
			Key: "move/" + f.Journey, Kind: care.DecisionItem, Ref: "move-failed", Post: f.Owner,
			Since: f.Since, Due: f.By, Version: f.Version,
		}
		if f.Climbed {
			i.Overdue = 1
		}
		out = append(out, i)
		if f.Climbed && f.Lead != f.Owner {
			i.Key, i.Kind, i.Post, i.Since = i.Key+"!/1", care.EscalationItem, f.Lead, f.By
			out = append(out, i)
		}
	}
	return out
}
