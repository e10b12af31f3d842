package casework

import (
	"errors"
	"slices"
	"time"

	"forlop/care"
	"forlop/store"
)

// KeepLooks is how long an entry of the access log is kept at least, in years:
// HSLF-FS 2016:40 ch. 4 § 9; the regulation on the European Health Data Space
// asks for three.
const KeepLooks = 5

// LogOfBreach asks what somebody was shown: every entry of the access log of an
// actor, a unit, a person or a login in a time, with its persons. One of the four
// must be named. It serves the day when a login was stolen or misused. An officer
// is answered with the looks of the staff they oversee, and learns nothing of
// whom else the site knows.
type LogOfBreach struct {
	Actor string
	Unit  care.UnitID
	// Number is a person's national number: who was shown that person.
	Number string
	// Session is the hash of a login: what its owner was shown while it was open.
	Session     []byte
	From, Until time.Time
	// Names asks for the persons' names, beside their keys.
	Names bool
}

// LogEntry is one entry of the access log, as those who oversee read it.
type LogEntry = store.Look

// Breached is what a breach showed.
type Breached struct {
	Looks []LogEntry
	// Persons are those it was about, by key.
	Persons []care.PersonKey
	Names   map[care.PersonKey]string
}

// Name of the question.
func (LogOfBreach) Name() string { return "log-of-breach" }

func (q LogOfBreach) answer(r *reading) (Breached, []care.PersonKey, error) {
	var b Breached
	if q.Actor == "" && q.Unit == "" && len(q.Session) == 0 && q.Number == "" {
		return b, nil, care.Refuse("breach-of-whom", "Name an actor, a unit, a person or a login.").On("actor")
	}
	if q.Unit != "" && !r.overseen(q.Unit) {
		return b, nil, care.Refuse("breach-elsewhere", "Your post oversees its own unit and those under it. Ask whoever oversees {unit}.", "unit", string(q.Unit)).On("unit")
	}
	ask := store.LookQuery{Actor: q.Actor, Unit: q.Unit, From: q.From, Until: q.Until, Limit: 1000}
	if q.Number != "" {
		var err error
		ask.Person, err = r.s.byNumber(r.ctx, r.who, q.Number)
		if refusal, refused := care.AsRefusal(err); refused && refusal.Kind == care.NotFound && r.who.Actor.Kind != care.System {
			// As for somebody whom none of the officer's staff have looked at.
			return b, nil, nil
		}
		if err != nil {
			return b, nil, err
		}
	}
	if len(q.Session) > 0 {
		l, err := r.store.Session(r.ctx, q.Session)
		if errors.Is(err, store.ErrNotFound) {
			return b, nil, care.Missing("no-such-login", "There is no such login.")
		}
		if err != nil {
			return b, nil, err
		}
		ask.Actor = l.Actor.ID
		if ask.From.Before(l.Created) {
			ask.From = l.Created
		}
		end := l.Expires
		if !l.Closed.IsZero() && l.Closed.Before(end) {
			end = l.Closed
		}
		// Until is not included, and what was asked for at the end was answered.
		if end = end.Add(time.Microsecond); ask.Until.IsZero() || end.Before(ask.Until) {
			ask.Until = end
		}
	}
	for {
		page, err := r.store.LookLog(r.ctx, ask)
		if err != nil {
			return b, nil, err
		}
		for _, l := range page {
			ask.After = l.ID
			if r.overseen(l.Post.Unit) {
				b.Looks, b.Persons = append(b.Looks, l), append(b.Persons, l.Persons...)
			}
		}
		if len(page) < ask.Limit {
			break
		}
	}
	slices.Sort(b.Persons)
	b.Persons = slices.Compact(b.Persons)
	if !q.Names {
		return b, b.Persons, nil
	}
	ids := make([]string, len(b.Persons))
	for i, p := range b.Persons {
		ids[i] = string(p)
	}
	who, err := r.s.identities(r.ctx, ids)
	b.Names = make(map[care.PersonKey]string, len(who))
	for id, i := range who {
		b.Names[care.PersonKey(id)] = i.Name
	}
	return b, b.Persons, err
}
