package casework

import (
	"context"
	"slices"
	"time"

	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// holds refuses a professional who does not hold the post they act from.
func (s *Service) holds(who Who, at time.Time) error {
	if who.Post.IsZero() {
		return care.Deny("no-post", "You hold no post to act from.")
	}
	for _, c := range s.Directory().Covers(who.Actor.ID, at) {
		if c.Has(who.Post) {
			return nil
		}
	}
	return care.Deny("not-your-post", "You do not hold the post {post} today.", "post", who.Post.String())
}

// units are the units a professional answers for now: those where they hold a
// post, and those that fall back on them.
func (s *Service) units(professional string, at time.Time) []care.UnitID {
	units := s.Directory().Units(professional, at)
	for _, c := range s.Directory().Covers(professional, at) {
		if !slices.Contains(units, c.Unit) {
			units = append(units, c.Unit)
		}
	}
	return units
}

// owner is the person a stream is about.
func owner(o *opened) care.PersonKey { return about(o.stream, o.was) }

func about(st store.Stream, state any) care.PersonKey {
	switch s := state.(type) {
	case *journey.State:
		return s.Person
	case *person.State:
		return care.PersonKey(st.ID())
	}
	return ""
}

// takesPart reports whether a professional's units take part in a journey, or
// in any of a person's. Deny wins: the store's anti-join decides for both.
func (s *Service) takesPart(ctx context.Context, who Who, st store.Stream, state any, at time.Time) (bool, error) {
	p := about(st, state)
	if p == "" {
		return false, nil
	}
	scope := s.scope(who, at)
	if j, ok := state.(*journey.State); ok {
		part := takingPart(j)
		if !slices.ContainsFunc(scope.Units, func(u care.UnitID) bool { return slices.Contains(part, u) }) {
			contact, err := s.isContact(ctx, scope.Units, p, at)
			if err != nil || !contact {
				return false, err
			}
		}
	}
	return s.store.MaySee(ctx, scope, p)
}

// isContact reports whether one of the units is the person's first contact,
// across all journeys (L2), or is offered to become it: who shall answer must be
// able to read what for.
func (s *Service) isContact(ctx context.Context, units []care.UnitID, p care.PersonKey, at time.Time) (bool, error) {
	state, _, err := s.load(ctx, store.StreamOf("person", string(p)))
	if err != nil {
		return false, err
	}
	who := state.(*person.State)
	if o, open := who.Contact.OpenOffer(); open && slices.Contains(units, o.To.Unit) {
		return true, nil
	}
	return slices.Contains(units, firstContact(*who, s.Directory(), at).Unit), nil
}
