package casework

import (
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/care/questionnaire"
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

// about is the person a stream is about.
func about(st store.Stream, state any) care.PersonKey {
	switch s := state.(type) {
	case *journey.State:
		return s.Person
	case *questionnaire.State:
		return s.Person
	case *messaging.Thread:
		return s.Person
	case *person.State, *access.State, *messaging.State, *booking.State, *questionnaire.SentenceState:
		return care.PersonKey(st.ID())
	}
	return ""
}
