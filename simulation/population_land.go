package simulation

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/store"
)

// land is a made-up region under one country's law: its units, who works there,
// what people there are called, and the stories that happen there.
type land struct {
	regime care.Regime
	units  []directory.OpenUnit
	// fallbacks are the units whose people have never logged in.
	fallbacks map[care.UnitID]care.Post
	editors   []publishers
	workers   []worker
	// services are what units have for options of pathways.
	services []offering
	// away is somebody on leave now, at their unit, and who stands in.
	away *directory.GoAway
	from care.UnitID

	// Patients have ordinary first names and are called after birds.
	women, men, birds, streets []string
	town                       string
	number                     func(i casework.Identity, rng *rand.Rand, woman bool) string

	plots []*story
	// settle finds where somebody with a story lives and is referred.
	settle    func(*life, *rand.Rand)
	residents []residence
}

// publishers are the two persons who bring the pathways into use for a unit and
// everything under it.
type publishers struct {
	unit          care.UnitID
	first, second string
}

// offering is what a unit has for options, as it said some days ago.
type offering struct {
	unit    care.UnitID
	daysAgo int
	directory.Service
}

// residence is a professional whom a demo can log in as.
type residence struct {
	role, id, about string
	unit            care.UnitID
	// opens is the page that the login leads to; the first page where empty.
	opens string
}

// worker is a professional with the posts they hold.
type worker struct {
	id, name, profession string
	posts                []care.Post
}

// lands are the regions of the demo, side by side in one service.
var lands = []*land{&norway, &sweden}

// newRegion opens a land's units and registers everyone who works in them, long
// before the first life begins.
func newRegion(ctx context.Context, st store.Store, keys *store.Keyring, p Population, of *land) (*region, error) {
	r := &region{land: of, start: p.Now.AddDate(0, 0, -regionAge), cal: care.CalendarOf(of.regime), names: map[string]string{}}
	for d := r.cal.Date(r.start).AddDays(2); d.Before(r.cal.Date(p.Now)); d = d.AddDays(1) {
		if r.cal.IsWorkingDay(d) {
			r.days = append(r.days, d)
		}
	}
	clock := &lifeClock{now: r.start.UTC().Truncate(time.Microsecond)}
	s, err := service(ctx, st, keys, clock)
	if err != nil {
		return nil, err
	}
	if r.newest, err = versions(ctx, s); err != nil {
		return nil, err
	}
	n := 0
	do := func(target string, c directory.Command) error {
		n++
		_, err := s.Do(ctx, casework.Order{
			Who: casework.Who{Actor: care.Service}, Key: "region/" + string(of.regime) + "/" + strconv.Itoa(n), Target: target, Command: c,
		})
		if err != nil {
			return fmt.Errorf("simulation: %s %s: %w", c.Name(), target, err)
		}
		return nil
	}
	for _, w := range of.workers {
		r.names[w.id] = w.name
		if err := do(w.id, directory.Register{Professional: w.id, Profession: w.profession}); err != nil {
			return nil, err
		}
		if err := s.NameProfessional(ctx, w.id, casework.Identity{Name: w.name}); err != nil {
			return nil, err
		}
	}
	for _, u := range of.units {
		u.Regime = of.regime
		if err := do(string(u.Unit), u); err != nil {
			return nil, err
		}
	}
	for _, w := range of.workers {
		for _, post := range w.posts {
			if err := do(string(post.Unit), directory.Join{Professional: w.id, Role: post.Role}); err != nil {
				return nil, err
			}
		}
	}
	for _, u := range of.units {
		if post, ok := of.fallbacks[u.Unit]; ok {
			if err := do(string(u.Unit), directory.NameFallback{Post: post}); err != nil {
				return nil, err
			}
		}
	}
	for _, e := range of.editors {
		for _, id := range slices.Sorted(maps.Keys(r.newest)) {
			def := r.newest[id]
			if def.Regime != of.regime {
				continue
			}
			if err := s.BringIntoUse(ctx, def.Ref, e.first, e.second, e.unit); err != nil {
				return nil, fmt.Errorf("simulation: bringing %s into use in %s: %w", def.Ref, e.unit, err)
			}
		}
	}
	if of.away != nil {
		leave := *of.away
		leave.From, leave.Until = p.Now.AddDate(0, 0, -4), p.Now.AddDate(0, 0, 10)
		if err := do(string(of.from), leave); err != nil {
			return nil, err
		}
	}
	for _, o := range of.services {
		clock.set(p.Now.AddDate(0, 0, -o.daysAgo))
		o.Seen = r.cal.Date(clock.Now())
		if err := do(string(o.unit), directory.ReportService{Service: o.Service}); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func weeks(n int) *care.Span { return &care.Span{N: n, Unit: care.Weeks} }
