package casework

import (
	"slices"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/store"
)

// around answers what is known around a look, from the rows, the events and the
// vault, and remembers it for one search.
type around struct {
	r      *reading
	names  map[string]string
	done   map[care.PersonKey][]store.Event
	rows   map[care.PersonKey][]store.Relation
	failed error
}

func newAround(r *reading) *around {
	return &around{r: r, names: map[string]string{}, done: map[care.PersonKey][]store.Event{}, rows: map[care.PersonKey][]store.Relation{}}
}

// access is what a search asks.
func (a *around) access() access.Around {
	return access.Around{SameSurname: a.sameSurname, Colleague: a.colleague, OpenTask: a.tookPart, Acted: a.acted, Ended: a.ended}
}

func (a *around) note(err error) {
	if err != nil && a.failed == nil {
		a.failed = err
	}
}

func (a *around) name(subject string) string {
	name, known := a.names[subject]
	if !known {
		i, err := a.r.s.identity(a.r.ctx, subject)
		a.note(err)
		name = i.Name
		a.names[subject] = name
	}
	return name
}

func surname(name string) string {
	words := strings.Fields(folded(name))
	if len(words) < 2 {
		return ""
	}
	return words[len(words)-1]
}

func (a *around) sameSurname(actor string, p care.PersonKey) bool {
	s := surname(a.name(actor))
	return s != "" && s == surname(a.name(string(p)))
}

// colleague reports whether somebody of the person's name works where the one who
// looked does. Professionals' own national numbers are not kept, so a name is all
// there is to go by.
func (a *around) colleague(actor string, p care.PersonKey) bool {
	person := folded(a.name(string(p)))
	if person == "" {
		return false
	}
	for _, u := range a.r.dir.Units(actor, a.r.now) {
		holders, err := a.r.s.store.Holders(a.r.ctx, a.r.now, u, "")
		a.note(err)
		for _, h := range holders {
			if h.Professional != actor && folded(a.name(h.Professional)) == person {
				return true
			}
		}
	}
	return false
}

func (a *around) relations(p care.PersonKey) []store.Relation {
	rows, known := a.rows[p]
	if !known {
		var err error
		rows, err = a.r.s.store.Relations(a.r.ctx, p)
		a.note(err)
		a.rows[p] = rows
	}
	return rows
}

// tookPart reports whether the unit took part in the person's care then.
func (a *around) tookPart(unit care.UnitID, p care.PersonKey, at time.Time) bool {
	return slices.ContainsFunc(a.relations(p), func(r store.Relation) bool { return r.Unit == unit && holdsAt(r.From, r.Until, at) })
}

func (a *around) ended(unit care.UnitID, p care.PersonKey, at time.Time) (time.Time, bool) {
	var last time.Time
	for _, r := range a.relations(p) {
		if r.Unit == unit && !r.Until.IsZero() && r.Until.Before(at) && r.Until.After(last) {
			last = r.Until
		}
	}
	return last, !last.IsZero() && !a.tookPart(unit, p, at)
}

// acted reports whether the one who looked did something for the person.
func (a *around) acted(actor string, p care.PersonKey, from, until time.Time) bool {
	events, known := a.done[p]
	if !known {
		streams := []store.Stream{store.StreamOf("person", string(p)), store.StreamOf("consent", string(p))}
		for _, r := range a.relations(p) {
			if !slices.Contains(streams, r.Stream) {
				streams = append(streams, r.Stream)
			}
		}
		for _, st := range streams {
			list, err := a.r.s.store.Load(a.r.ctx, st, 0)
			a.note(err)
			events = append(events, list...)
		}
		a.done[p] = events
	}
	return slices.ContainsFunc(events, func(e store.Event) bool {
		return e.Actor.ID == actor && holdsAt(from, until, e.Learned)
	})
}
