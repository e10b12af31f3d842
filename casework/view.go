package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/store"
)

// Question is something that is asked of the service. It names itself, finds
// its answer, and says which persons the answer is about.
type Question[A any] interface {
	Name() string
	answer(r *reading) (A, []care.PersonKey, error)
}

// reading is one question being answered.
type reading struct {
	s     *Service
	ctx   context.Context
	who   Who
	now   time.Time
	dir   *directory.Directory
	bases []access.Basis
	basis access.Basis
}

// View answers a question. The look is logged before the answer leaves: one
// entry, with every person in it. Without a basis nothing is answered.
func View[A any](ctx context.Context, s *Service, who Who, q Question[A]) (A, error) {
	var none A
	bases := access.Bases(who.Actor.Kind, q.Name())
	if len(bases) == 0 {
		return none, access.Denied()
	}
	dir, _, err := s.current(ctx)
	if err != nil {
		return none, err
	}
	r := &reading{s: s, ctx: ctx, who: who, now: s.clock.Now(), dir: dir, bases: bases, basis: bases[0]}
	switch who.Actor.Kind {
	case care.Professional:
		if err := s.holds(who, r.now); err != nil {
			return none, err
		}
	case care.System:
		if slices.Contains(bases, access.AtWork) {
			break // about no person
		}
		if err := s.operates(who); err != nil {
			return none, err
		}
	case care.Patient, care.Relative:
	}
	a, persons, err := q.answer(r)
	if err != nil {
		return none, err
	}
	if len(persons) > 0 {
		err := s.store.Log(ctx, store.Look{
			At: r.now, Actor: who.Actor, Post: who.Post, Basis: string(r.basis), Question: q.Name(), Reason: who.Reason, Persons: persons,
		})
		if err != nil {
			return none, fmt.Errorf("the look could not be logged, so nothing is shown: %w", err)
		}
	}
	if t, ok := any(q).(interface{ reached(*reading, A) error }); ok {
		if err := t.reached(r, a); err != nil {
			return none, err
		}
	}
	return a, nil
}

// see refuses a look at a stream that the actor has no basis for. What they may
// not see looks exactly like what does not exist.
func (r *reading) see(st store.Stream, state any) error {
	for _, b := range r.bases {
		switch b {
		case access.Own:
			if p := about(st, state); p != "" && p == care.PersonKey(r.who.Actor.ID) {
				r.basis = b
				return nil
			}
		case access.TakesPart:
			ok, err := r.s.takesPart(r.ctx, r.who, st, state, r.now)
			if err != nil {
				return err
			}
			if ok {
				r.basis = b
				return nil
			}
		case access.AtWork, access.Approves, access.ByTime:
		}
	}
	return care.Missing("no-journey", "There is no such journey.")
}
