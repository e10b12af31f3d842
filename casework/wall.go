package casework

import (
	"context"
	"fmt"
	"slices"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/journey"
	"forlop/store"
)

// within reads on behind the wall of one person's answer, where the database has
// one (store.Within). The decision itself was read as the service; what it let
// through must be let through by the rows once more.
func (r *reading) within(p care.PersonKey) error {
	v, made := r.walls[p]
	if !made {
		scope, err := r.wall(p)
		if err != nil {
			return err
		}
		if r.walls == nil {
			r.walls = map[care.PersonKey]store.Store{}
		}
		v = store.Within(r.s.store, scope)
		r.walls[p] = v
	}
	r.store = v
	return nil
}

// wall is the scope of one person's answer. It is made of who asks and of what is
// recorded of the two, and not of what was decided, so that a mistake in the one
// does not stand in the other.
func (r *reading) wall(p care.PersonKey) (store.Scope, error) {
	id := r.who.Actor.ID
	own := store.Scope{Person: p, At: r.now}
	switch r.ground.basis {
	case access.Oversees, access.Approves, access.AtWork, access.ByTime, access.Anyone:
		// A post or the work itself gives these: no row about the person says so.
		return store.Scope{All: true, Person: p, At: r.now}, nil
	case access.Own, access.Guardian, access.Proxy, access.TakesPart, access.BreakGlass, access.Linked, access.Shared:
	}
	switch r.who.Actor.Kind {
	case care.Patient:
		records, err := r.s.records(r.ctx, care.PersonKey(id))
		if err != nil || p == care.PersonKey(id) || slices.Contains(records, p) {
			return own, err
		}
		return store.Scope{Person: care.PersonKey(id), At: r.now}, nil
	case care.Relative:
		if p != r.who.Represents {
			return store.Scope{}, nil
		}
		own.Professional, own.Bases = id, []string{string(access.Guardian), string(access.Proxy)}
		return own, nil
	case care.Guest:
		item, _, err := r.s.keptLink(r.ctx, r.who.Actor, r.now)
		if _, dead := care.AsRefusal(err); dead {
			return store.Scope{}, nil
		}
		if err != nil {
			return own, err
		}
		state, _, err := r.s.load(r.ctx, item.stream())
		if err != nil || about(item.stream(), state) == p {
			return own, err
		}
		return store.Scope{}, nil
	case care.Professional, care.System:
	}
	scope := r.s.scope(r.who, r.now)
	scope.Person, scope.Bases = p, nil
	for _, b := range r.bases {
		scope.Bases = append(scope.Bases, string(b))
	}
	var err error
	scope.Lift, err = r.lifts(p)
	return scope, err
}

// lifts are the strengths that hold nothing back from the asker now, in either
// record of a person who has two.
func (r *reading) lifts(p care.PersonKey) ([]string, error) {
	read, err := r.asking.read(store.StreamOf("consent", string(p)))
	if err != nil {
		return nil, err
	}
	c := read.(*access.State)
	lift := r.asking.lifted(c)
	for _, with := range c.With {
		if read, err = r.asking.read(store.StreamOf("consent", string(with))); err != nil {
			return nil, err
		}
		lift = append(lift, r.asking.lifted(read.(*access.State))...)
	}
	return lift, nil
}

// load folds a stream as the asker may read it: from memory only what the wall
// shows. What it hides is as if nothing had happened.
func (r *reading) load(st store.Stream) (any, int, error) {
	if len(r.walls) == 0 {
		return r.s.load(r.ctx, st)
	}
	f, err := r.s.foldedIn(r.ctx, r.store, st)
	return f.state, f.version, err
}

// shown reports whether the wall shows a stream; one with nothing in it hides
// nothing.
func (r *reading) shown(st store.Stream, state any) (bool, error) {
	empty := false
	switch s := state.(type) {
	case *journey.State:
		empty = s.Version == 0
	case *person.State:
		empty = s.Version == 0
	case *access.State:
		empty = s.Version == 0
	case *questionnaire.State:
		empty = s.Version == 0
	case *booking.State:
		empty = s.Version == 0
	case *questionnaire.SentenceState:
		empty = s.Version == 0
	case *messaging.Thread:
		empty = s.Version == 0
	}
	_, version, err := r.load(st)
	return empty || version > 0, err
}

// foldedIn folds a stream that is read from a view of the store. The newest event
// that memory knows is asked for once more: where the view does not show it, it
// shows nothing of the stream.
func (s *Service) foldedIn(ctx context.Context, view store.Store, st store.Stream) (kept, error) {
	k, err := s.kindOf(st)
	if err != nil {
		return kept{}, err
	}
	f := s.states.get(st)
	events, err := view.Load(ctx, st, max(f.version-1, 0))
	switch {
	case err != nil:
		return kept{}, fmt.Errorf("reading %s after %d: %w", st, f.version-1, err)
	case len(events) == 0:
		return kept{state: k.fresh(st.ID())}, nil
	case f.version > 0:
		events = events[1:]
	}
	return s.fold(k, st, f, events)
}

// identity opens who a person is, as the asker may read it.
func (r *reading) identity(p care.PersonKey) (Identity, error) {
	all, err := r.s.identitiesIn(r.ctx, r.store, []string{string(p)})
	return all[string(p)], err
}
