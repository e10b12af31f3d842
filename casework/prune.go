package casework

import (
	"context"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/store"
)

// PruneLooks removes entries of the access log that are older than an instant,
// and leaves a signed record of it. Nothing younger than KeepLooks years is
// removed.
func (s *Service) PruneLooks(ctx context.Context, who Who, before time.Time) (store.Pruning, error) {
	if who.Actor.Kind != care.System {
		return store.Pruning{}, access.Denied()
	}
	if err := s.operates(who); err != nil {
		return store.Pruning{}, err
	}
	now := s.clock.Now()
	if oldest := now.AddDate(-KeepLooks, 0, 0); before.After(oldest) {
		return store.Pruning{}, care.Refuse("log-too-young", "The access log is kept for {years} years. Name {day} or an earlier day.",
			"years", itoa(KeepLooks), "day", oldest.Format(time.DateOnly)).On("before")
	}
	return s.store.PruneLooks(ctx, store.Pruning{At: now, Before: before, Actor: who.Actor}, func(p store.Pruning) store.Pruning { return p.Sign(s.keys) })
}
