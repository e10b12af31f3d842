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
	s   *Service
	ctx context.Context
	who Who
	now time.Time
	dir *directory.Directory
	// asking is how access is decided; bases are those that lists may use.
	asking asking
	bases  []access.Basis
	// ground is on what the asker was let in; basis is what the log says.
	ground ground
	basis  access.Basis
	// what names what was shown, for the log.
	what []string
	// store is what the answer is read from: once one person is seen, from behind
	// the wall of that person's answer (see within).
	store store.Store
	walls map[care.PersonKey]store.Store
}

// View answers a question. The look is logged before the answer leaves: one
// entry, with every person in it. Without a basis nothing is answered.
func View[A any](ctx context.Context, s *Service, who Who, q Question[A]) (A, error) {
	var none A
	r, a, persons, err := answered(ctx, s, who, q)
	if err != nil {
		return none, err
	}
	if err := r.log(q.Name(), persons); err != nil {
		return none, err
	}
	if err := reached(r, q, a); err != nil {
		return none, err
	}
	return a, nil
}

// ViewBoth answers two questions that one page is made of; the second is made from
// the first's answer. Each is decided by itself. The page leaves one entry in the
// log, under the first question's name, with what both of them showed; where they
// are answered on different bases each leaves its own.
func ViewBoth[A, B any](ctx context.Context, s *Service, who Who, q Question[A], then func(A) Question[B]) (A, B, error) {
	var noA A
	var noB B
	r, a, persons, err := answered(ctx, s, who, q)
	if err != nil {
		return noA, noB, err
	}
	next := then(a)
	beside, b, more, err := answered(ctx, s, who, next)
	if err != nil {
		return noA, noB, err
	}
	if r.basis == beside.basis {
		r.what = append(append(r.what, beside.what...), "also/"+next.Name())
		r.ground.parts = append(slices.Clone(r.ground.parts), beside.ground.parts...)
		persons, more = append(slices.Clone(persons), more...), nil
	}
	if err := r.log(q.Name(), persons); err != nil {
		return noA, noB, err
	}
	if err := beside.log(next.Name(), more); err != nil {
		return noA, noB, err
	}
	if err := reached(r, q, a); err != nil {
		return noA, noB, err
	}
	if err := reached(beside, next, b); err != nil {
		return noA, noB, err
	}
	return a, b, nil
}

// answered finds the answer and whom it is about; nothing of it may leave before
// the look is logged.
func answered[A any](ctx context.Context, s *Service, who Who, q Question[A]) (*reading, A, []care.PersonKey, error) {
	begun := s.clock.Now()
	r, a, persons, err := answeredTo(ctx, s, who, q)
	s.watch.Asked(ctx, q.Name(), outcomeOf(false, err), s.clock.Now().Sub(begun))
	return r, a, persons, err
}

func answeredTo[A any](ctx context.Context, s *Service, who Who, q Question[A]) (*reading, A, []care.PersonKey, error) {
	var none A
	if len(s.policy.Bases(who.Actor.Kind, q.Name())) == 0 {
		return nil, none, nil, access.Denied()
	}
	dir, _, err := s.current(ctx)
	if err != nil {
		return nil, none, nil, err
	}
	r := &reading{s: s, ctx: ctx, who: who, now: s.clock.Now(), dir: dir, store: s.store}
	r.asking = asking{s: s, ctx: ctx, who: who, what: q.Name(), now: r.now, dir: dir, read: func(st store.Stream) (any, error) {
		state, _, err := s.load(ctx, st)
		return state, err
	}}
	if err := r.stands(); err != nil {
		return nil, none, nil, err
	}
	a, persons, err := q.answer(r)
	if err != nil {
		return nil, none, nil, err
	}
	return r, a, persons, nil
}

// reached lets a question know that its answer is on its way.
func reached[A any](r *reading, q Question[A], a A) error {
	if t, ok := q.(interface{ reached(*reading, A) error }); ok {
		return t.reached(r, a)
	}
	return nil
}

// stands finds the bases on which the question may be asked at all, and refuses
// who does not stand where they say.
func (r *reading) stands() error {
	known := r.s.policy.Bases(r.who.Actor.Kind, r.asking.what)
	switch r.who.Actor.Kind {
	case care.Professional:
		if slices.Equal(known, []access.Basis{access.Own}) {
			break // their own matter takes no post
		}
		if err := r.s.holds(r.who, r.now); err != nil {
			return err
		}
	case care.System:
		if slices.Contains(known, access.AtWork) {
			break // about no person
		}
		if err := r.s.operates(r.who); err != nil {
			return err
		}
	case care.Patient, care.Relative, care.Guest:
	}
	var err error
	if r.bases, err = r.asking.anywhere(); err != nil {
		return err
	}
	r.basis = r.bases[0]
	return nil
}

// log keeps the look before the answer leaves. An answer about nobody is none.
func (r *reading) log(question string, persons []care.PersonKey) error {
	if len(persons) == 0 {
		return nil
	}
	for _, part := range r.ground.parts {
		r.what = append(r.what, "part/"+string(part))
	}
	slices.Sort(r.what)
	slices.Sort(persons)
	err := r.s.look(r.ctx, store.Look{
		At: r.now, Actor: r.who.Actor, Post: r.who.Post, Basis: string(r.basis), Question: question, Reason: r.who.Reason,
		What: slices.Compact(r.what), Persons: slices.Compact(persons),
	})
	if err != nil {
		return fmt.Errorf("the look could not be logged, so nothing is shown: %w", err)
	}
	return nil
}

// shows notes for the log that a stream was shown.
func (r *reading) shows(st store.Stream) { r.what = append(r.what, string(st)) }

// see refuses a look at a stream that the actor has no basis for. What they may
// not see looks exactly like what does not exist.
func (r *reading) see(st store.Stream, state any) error { return r.seeAs(st, state, noJourney) }

func (r *reading) seeAs(st store.Stream, state any, missing func() error) error {
	g, err := r.asking.on(st, state)
	if refusal, refused := care.AsRefusal(err); refused {
		if refusal.Code == access.LoginAgain().Code {
			return err
		}
		return missing()
	}
	if err != nil {
		return err
	}
	r.ground, r.basis = g, g.basis
	p := about(st, state)
	if p == "" {
		return nil
	}
	if err := r.within(p); err != nil {
		return err
	}
	seen, err := r.shown(st, state)
	if err == nil && !seen {
		return missing()
	}
	return err
}

func noJourney() error { return care.Missing("no-journey", "There is no such journey.") }
