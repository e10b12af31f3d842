package simulation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
	"forlop/store"
)

// Population is what a made-up region is filled with.
type Population struct {
	// People is how many persons live in it; each has one journey.
	People int
	// Seed decides everything that is drawn. The same seed on the same day gives
	// the same lives.
	Seed uint64
	// Now is the instant the lives lead up to.
	Now time.Time
	// Workers is how many lives are lived at once.
	Workers int
}

// Resident is somebody in the region whom a demo can log in as.
type Resident struct {
	// Role is a word such as "patient" or "coordinator".
	Role string
	Name string
	// About says in a few English words whose view it is.
	About string
	Actor care.Actor
	// For is the person whom a relative acts for from the start of a login.
	For care.PersonKey
	// Opens is the path of the page that a login leads to; the first page where
	// empty.
	Opens string
	// Prescriber says that the login shows the right to prescribe.
	Prescriber bool
	// Link is how a guest comes in; nil for everyone else.
	Link *Doorway
}

// Populate fills a store with a made-up region and with people whose journeys
// stand at every point of the published pathways. Every life is lived through
// casework, in its own time, so that no history is written by hand. The
// pathways must have been published.
//
// Patients are called after birds and professionals after trees, and national
// numbers have a month above 80: nobody can be taken for a real person.
func Populate(ctx context.Context, st store.Store, keys *store.Keyring, p Population) ([]Resident, error) {
	if p.People < 1 || p.Workers < 1 {
		return nil, fmt.Errorf("simulation: a population needs people and workers, not %d and %d", p.People, p.Workers)
	}
	var regions []*region
	for _, of := range lands {
		r, err := newRegion(ctx, st, keys, p, of)
		if err != nil {
			return nil, err
		}
		regions = append(regions, r)
	}
	lives := castLives(p, regions)
	if err := live(ctx, st, keys, p, lives); err != nil {
		return nil, err
	}
	return residents(regions, lives), nil
}

// live lets every life be lived, several at once. Each worker has its own
// service on the same store, because each life has its own time.
func live(ctx context.Context, st store.Store, keys *store.Keyring, p Population, lives []*life) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan *life)
	var done sync.WaitGroup
	for range min(p.Workers, len(lives)) {
		done.Go(func() {
			clock := &lifeClock{now: p.Now}
			s, err := service(ctx, st, keys, clock)
			if err != nil {
				cancel(err)
				return
			}
			for l := range next {
				l.ctx, l.s, l.store, l.clock, l.now = ctx, s, st, clock, p.Now
				if err := l.live(); err != nil {
					cancel(fmt.Errorf("simulation: the life %q of person %d: %w", l.story.name, l.number, err))
				}
			}
		})
	}
feed:
	for _, l := range lives {
		select {
		case next <- l:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	done.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return ctx.Err()
}

func service(ctx context.Context, st store.Store, keys *store.Keyring, clock casework.Clock) (*casework.Service, error) {
	return casework.New(ctx, casework.Config{Store: st, Clock: clock, Keys: keys, Random: rand.Reader})
}

// lifeClock is a clock that a life sets as it goes.
type lifeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *lifeClock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *lifeClock) Held() error    { return nil }
func (c *lifeClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t.UTC().Truncate(time.Microsecond)
}

// versions finds the newest published version of each pathway.
func versions(ctx context.Context, s *casework.Service) (map[string]*pathway.Definition, error) {
	all, err := s.Pathways(ctx)
	if err != nil {
		return nil, err
	}
	newest := map[string]*pathway.Definition{}
	for _, d := range all {
		if old := newest[d.ID]; old == nil || old.Version < d.Version {
			newest[d.ID] = d
		}
	}
	for _, id := range []string{pain, fatigue, swedishPain} {
		if newest[id] == nil {
			return nil, fmt.Errorf("simulation: the pathway %s is not published", id)
		}
	}
	return newest, nil
}

const pain, fatigue = "no.pain", "no.fatigue"
