package access

import (
	"time"

	"forlop/care"
)

// DueOversight is when time alone next changes something: a matter that nobody
// decided in time climbs to the lead.
func DueOversight(o Oversight) (time.Time, bool) {
	var next time.Time
	for _, m := range o.Matters {
		if m.Open() && m.Climbed.IsZero() && (next.IsZero() || m.Due.Before(next)) {
			next = m.Due
		}
	}
	return next, !next.IsZero()
}

// Items are the matters nobody has decided, on their owner's list and, once they
// are overdue, on the lead's as well.
func (o Oversight) Items() []care.Item {
	var items []care.Item
	for _, m := range o.Matters {
		if !m.Open() {
			continue
		}
		ref := string(m.Pattern)
		if m.IsSample() {
			ref = "sample"
		}
		i := care.Item{Key: m.Key(), Kind: care.ReviewItem, Ref: ref, Post: m.Owner, Since: m.Raised, Due: m.Due, Version: m.Version}
		if !m.Climbed.IsZero() {
			i.Overdue = 1
		}
		items = append(items, i)
		if i.Overdue > 0 && m.To != m.Owner {
			i.Key, i.Kind, i.Post, i.Since = i.Key+"!", care.EscalationItem, m.To, m.Climbed
			items = append(items, i)
		}
	}
	return items
}

// OversightLifecycle lists the allowed changes of what has a life in the stream.
func OversightLifecycle() []Transition {
	return []Transition{
		{"finding", "", FindingRaised{}.Type(), "open"},
		{"finding", "open", FindingGrew{}.Type(), "open"},
		{"finding", "open", MatterOverdue{}.Type(), "open"},
		{"finding", "open", MatterDecided{}.Type(), "decided"},
		{"sample", "", SampleDrawn{}.Type(), "open"},
		{"sample", "open", MatterOverdue{}.Type(), "open"},
		{"sample", "open", MatterDecided{}.Type(), "decided"},
	}
}
