package memory

import (
	"context"
	"time"

	"forlop/store"
)

// Standing counts what waits.
func (s *Store) Standing(ctx context.Context, now time.Time) (store.Standing, error) {
	out := store.Standing{Waiting: map[string]int{}, Items: map[string]store.ItemCount{}}
	items, _, err := s.Items(ctx, store.ItemQuery{Scope: store.Scope{All: true}})
	if err != nil {
		return store.Standing{}, err
	}
	for _, i := range items {
		n := out.Items[string(i.Item.Kind)]
		n.Open++
		if !i.Item.Latest.IsZero() && i.Item.Latest.Before(now) {
			n.Late++
		}
		out.Items[string(i.Item.Kind)] = n
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for st, t := range s.timers.timers {
		out.Waiting[st.Kind()]++
		if !t.due.After(now) {
			out.Due++
			out.DueSince = earlier(out.DueSince, t.due)
		}
	}
	for _, d := range s.deliveries {
		switch {
		case d.Held:
			out.Held++
		default:
			out.Pending++
			if !d.Due.After(now) {
				out.PendingSince = earlier(out.PendingSince, d.Due)
			}
		}
	}
	return out, nil
}

// earlier is the first of two instants; the zero time is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}
