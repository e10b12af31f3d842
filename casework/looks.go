package casework

import (
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/store"
)

// Looks asks who has looked at the asking patient, or at whom a relative acts
// for, newest first.
type Looks struct {
	// Actor narrows to one who looked; Before to what came before an instant. Empty
	// ones do not narrow.
	Actor  string
	Before time.Time
}

// MostLooks is how many entries one answer holds.
const MostLooks = 500

// LookView is one entry of the access log as the patient reads it: who, from which
// post and unit, on which basis, what, when and why.
type LookView struct {
	store.Look
	Name string
	Unit directory.Contact
	// Opened is the opening of the record that the look rests on; 0 is none.
	Opened int
}

// Name of the question.
func (Looks) Name() string { return "access-log" }

func (q Looks) answer(r *reading) ([]LookView, []care.PersonKey, error) {
	key := r.who.person()
	if err := r.seeOwn(key); err != nil {
		return nil, nil, err
	}
	out, err := r.looks(key, q)
	return out, []care.PersonKey{key}, err
}

// looks reads the entries about one person, as that person may read them.
func (r *reading) looks(key care.PersonKey, q Looks) ([]LookView, error) {
	state, _, err := r.load(store.StreamOf("consent", string(key)))
	if err != nil {
		return nil, err
	}
	looks, err := r.entries(key, q)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, l := range looks {
		ids = append(ids, l.Actor.ID)
	}
	slices.Sort(ids)
	who, err := r.s.identities(r.ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	mine, err := r.streamsOf(key)
	if err != nil {
		return nil, err
	}
	out := make([]LookView, 0, len(looks))
	for _, l := range looks {
		opened, withheld := openedFor(state.(*access.State), l, r.now)
		if withheld {
			continue
		}
		v := LookView{Look: l, Name: who[l.Actor.ID].Name, Opened: opened}
		if u, ok := r.dir.Unit(l.Post.Unit); ok {
			v.Unit = u.Contact
		}
		// What was shown of others is theirs; a patient sees what was about them.
		if len(l.Persons) > 1 {
			v.What = slices.DeleteFunc(slices.Clone(l.What), func(what string) bool { return !mine[store.Stream(what)] })
		}
		v.Persons = nil
		out = append(out, v)
	}
	r.what = append(r.what, "access-log")
	return out, nil
}

// entries are the newest that a question asks for, newest first.
func (r *reading) entries(key care.PersonKey, q Looks) ([]store.Look, error) {
	if q.Actor == "" && q.Before.IsZero() {
		return r.store.Looks(r.ctx, key, MostLooks)
	}
	// The log is read forward: of what fits, the last ones are kept.
	var all []store.Look
	for after := int64(0); ; {
		next, err := r.store.LookLog(r.ctx, store.LookQuery{Person: key, Actor: q.Actor, Until: q.Before, After: after, Limit: MostLooks})
		if err != nil {
			return nil, err
		}
		all = append(all, next...)
		all = all[max(0, len(all)-MostLooks):]
		if len(next) < MostLooks {
			break
		}
		after = next[len(next)-1].ID
	}
	slices.Reverse(all)
	return all, nil
}

// openedFor finds the opening that a look rests on. It is left out until its end
// where a recorded ground delays that the person is told.
func openedFor(c *access.State, l store.Look, now time.Time) (opening int, withheld bool) {
	if l.Basis != string(access.BreakGlass) {
		return 0, false
	}
	for _, o := range c.Openings {
		if o.Professional == l.Actor.ID && !l.At.Before(o.From) && !l.At.After(o.Ends) {
			return o.Number, untold(o, now)
		}
	}
	return 0, false
}

// streamsOf are the streams that are about a person.
func (r *reading) streamsOf(p care.PersonKey) (map[store.Stream]bool, error) {
	mine := map[store.Stream]bool{store.StreamOf("person", string(p)): true, store.StreamOf("consent", string(p)): true}
	rows, err := r.store.Journeys(r.ctx, store.JourneyQuery{Scope: store.Scope{Person: p, At: r.now}, Person: p, Limit: 500})
	for _, row := range rows {
		mine[row.Stream] = true
	}
	return mine, err
}
