package casework

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/store"
)

// overseenUntil is the name of the cursor that says until when the log was searched,
// in microseconds since 1970.
const overseenUntil = "oversight"

// How far back a search reads (assumed): what patterns need beside the day itself,
// the first time a site is searched too; and what an hour of browsing needs.
const (
	overseenDays = 30
	browsing     = time.Hour
)

// sampleSize is how many looks are drawn for a week. Ours, no source.
const sampleSize = 20

// Oversee searches the log of every day that is over and was not searched, and
// draws for every week that is over: what it finds becomes matters that somebody
// owns (access.Oversight). A day is searched when the next one is over as well, so
// that what was done a day after a look can explain it. A day that was begun and
// not finished is searched again and raises nothing twice.
func (s *Service) Oversee(ctx context.Context) error {
	if err := s.clock.Held(); err != nil {
		return err
	}
	// Norway's clocks show the same as Sweden's.
	cal := care.CalendarOf(care.Norway)
	last := cal.Date(s.clock.Now()).AddDays(-2)
	read, err := s.store.Cursor(ctx, overseenUntil)
	if err != nil {
		return err
	}
	day := last.AddDays(1 - overseenDays)
	if read > 0 {
		day = cal.Date(time.UnixMicro(read))
	}
	for ; !last.Before(day); day = day.AddDays(1) {
		dir, _, err := s.current(ctx)
		if err != nil {
			return err
		}
		// It reads as the service, which oversees all, and shows nothing to anybody.
		r := &reading{s: s, ctx: ctx, who: Who{Actor: care.Service}, now: s.clock.Now(), dir: dir, store: s.store}
		from, until := cal.StartOf(day), cal.StartOf(day.AddDays(1))
		if err := r.searchDay(day, from, until); err != nil {
			return err
		}
		if day.Weekday() == time.Sunday {
			first := day.AddDays(-6)
			if err := r.drawWeek(first, cal.StartOf(first), until); err != nil {
				return err
			}
		}
		if err := s.store.SetCursor(ctx, overseenUntil, until.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}

// searchDay raises what stands out in one day.
func (r *reading) searchDay(day care.Date, from, until time.Time) error {
	a := newAround(r)
	looks, err := r.dayAround(a, from, until)
	if err != nil {
		return err
	}
	at := map[int64]time.Time{}
	parts := map[care.UnitID][]access.Looked{}
	for _, l := range looks {
		at[l.Entry] = l.At
		unit := overseer(r.dir, l.Unit, l.Actor, r.now)
		parts[unit] = append(parts[unit], l)
	}
	units := make([]care.UnitID, 0, len(parts))
	for unit := range parts {
		units = append(units, unit)
	}
	slices.Sort(units)
	for _, unit := range units {
		var raise access.RaiseFindings
		for _, f := range access.FindPatterns(slices.Values(parts[unit]), a.access()) {
			// What an earlier day held was raised then.
			if slices.ContainsFunc(f.Looks, func(e int64) bool { return !at[e].Before(from) }) {
				raise.Findings = append(raise.Findings, access.Raised{Finding: f, First: at[f.Looks[0]], Last: at[f.Looks[len(f.Looks)-1]]})
			}
		}
		if a.failed != nil {
			return a.failed
		}
		if len(raise.Findings) == 0 {
			continue
		}
		if err := r.raises(unit, day.String(), raise); err != nil {
			return err
		}
	}
	return a.failed
}

// dayAround are the looks at single records in a time, and the earlier ones that
// patterns over more than a day need: of somebody who looked at somebody close to
// them, and of somebody who opened a record in an emergency.
func (r *reading) dayAround(a *around, from, until time.Time) ([]access.Looked, error) {
	var looks []access.Looked
	read := func(q store.LookQuery, keep func(access.Looked) bool) error {
		var failed error
		for l := range r.looked(q, &failed) {
			if access.OpensOneRecord(l.Question) && keep(l) {
				looks = append(looks, l)
			}
		}
		return failed
	}
	if err := read(store.LookQuery{From: from.Add(-browsing), Until: until}, func(access.Looked) bool { return true }); err != nil {
		return nil, err
	}
	before := store.LookQuery{From: from.AddDate(0, 0, -overseenDays), Until: from.Add(-browsing)}
	seen := map[store.LookQuery]bool{}
	for _, l := range slices.Clone(looks) {
		for _, p := range l.Persons {
			q := before
			q.Actor = l.Actor
			keep := func(e access.Looked) bool { return e.Basis == access.BreakGlass }
			switch {
			case l.Basis == access.BreakGlass:
			case a.sameSurname(l.Actor, p) || a.colleague(l.Actor, p):
				q.Person = p
				keep = func(e access.Looked) bool { return e.Basis != access.BreakGlass }
			default:
				continue
			}
			if seen[q] || l.At.Before(from) {
				continue
			}
			seen[q] = true
			if err := read(q, keep); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(looks, func(a, b access.Looked) int { return cmp.Compare(a.Entry, b.Entry) })
	return slices.CompactFunc(looks, func(a, b access.Looked) bool { return a.Entry == b.Entry }), a.failed
}

// drawWeek draws from a week's looks, for each unit that oversees some of them.
func (r *reading) drawWeek(first care.Date, from, until time.Time) error {
	week := func(failed *error, of func(access.Looked)) {
		for l := range r.looked(store.LookQuery{From: from, Until: until}, failed) {
			of(l)
		}
	}
	var failed error
	var units []care.UnitID
	week(&failed, func(l access.Looked) {
		if u := overseer(r.dir, l.Unit, l.Actor, r.now); !slices.Contains(units, u) {
			units = append(units, u)
		}
	})
	slices.Sort(units)
	for _, unit := range units {
		draw := access.DrawSample{From: from, Until: until, Seed: seedOf(unit, first)}
		drawn := access.Sample(func(yield func(access.Looked) bool) {
			for l := range r.looked(store.LookQuery{From: from, Until: until}, &failed) {
				if overseer(r.dir, l.Unit, l.Actor, r.now) == unit && !yield(l) {
					return
				}
			}
		}, sampleSize, draw.Seed)
		if failed != nil {
			return failed
		}
		for _, l := range drawn {
			draw.Looks, draw.Actors = append(draw.Looks, l.Entry), append(draw.Actors, l.Actor)
		}
		slices.Sort(draw.Actors)
		draw.Actors = slices.Compact(draw.Actors)
		if err := r.raises(unit, first.String(), draw); err != nil {
			return err
		}
	}
	return failed
}

// raises hands something over to a unit's oversight. Its key says what, so that a
// day that is searched again after a crash is carried out once.
func (r *reading) raises(unit care.UnitID, when string, c access.OversightCommand) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	_, err = r.s.Do(r.ctx, Order{
		Who: Who{Actor: care.Service}, Target: string(unit), Command: c,
		Key: "oversight/" + string(unit) + "/" + when + "/" + hex.EncodeToString(sum[:12]),
	})
	return err
}

// seedOf is the seed of a week's draw for a unit: which it is, and nothing that
// anybody could turn.
func seedOf(unit care.UnitID, first care.Date) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(string(unit) + "/" + first.String())) // a hash takes everything
	return h.Sum64()
}
