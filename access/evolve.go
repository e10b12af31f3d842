package access

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"forlop/care"
)

// Evolve folds one event into s. It fails, naming the event, on one that cannot
// follow: an unknown one, a gap in the versions, an ordinal that is not there, a
// change that the life of the thing does not have.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("consents of %s: event %d cannot follow event %d", s.Person, r.Version, s.Version)
	}
	if _, opening := r.Event.(Opened); opening != (s.Version == 0) {
		return fmt.Errorf("consents of %s: %s cannot be event %d", s.Person, r.Event.Type(), r.Version)
	}
	if s.Erased() {
		return fmt.Errorf("consents of %s: nothing follows an erasure", s.Person)
	}
	if err := s.apply(r); err != nil {
		return fmt.Errorf("consents of %s, event %d (%s): %w", s.Person, r.Version, r.Event.Type(), err)
	}
	s.Version = r.Version
	s.forget()
	return nil
}

func (s *State) apply(r care.Recorded) error {
	switch e := r.Event.(type) {
	case Opened:
		s.Person, s.Regime = e.Person, e.Regime
	case Blocked, BlockLifted:
		return s.applyBlock(r)
	case ProxyOffered, ProxyAccepted, ProxyDeclined, ProxyLapsed, ProxyRecorded, ProxyLimited, ProxyRenewed, ProxyEnding, ProxyEnded,
		ProxiesAskedAnew, ProxiesRestored:
		return s.applyProxy(r)
	case GuardianRecorded, GuardianEnded, GuardianBlocked, GuardianUnblocked:
		return s.applyGuardian(r)
	case RecordJoined, RecordParted:
		s.applyJoin(r)
	case LoginAllowed:
		s.Login = true
	case LoginStopped:
		s.Login = false
	case NoticesDirected:
		s.Notices = e.To
	case Written:
		if err := follows("message", e.Message, len(s.Messages)); err != nil {
			return err
		}
		m := MessageState{Number: e.Message, Contact: Question{e.Contact, r.Learned, e.AnswerBy, r.Version}, Version: r.Version}
		if r.Actor.Kind == care.Relative {
			m.By = care.PersonKey(r.Actor.ID)
		}
		s.Messages = append(s.Messages, m)
	case Settled:
		return s.settle(e.Item)
	case RecordOpened, OpeningTold, OpeningClosed, OpeningEnded, OpeningReviewed:
		return s.applyOpening(r)
	case NoticesDelayed:
		s.delay(e.Ends, r.Learned)
	case DelayEnded:
		s.delay(time.Time{}, r.Learned)
	case ConsentGiven, ConsentWithdrawn, ConsentEnded, PageShared, PageWithdrawn, PageEnded:
		return s.applyShared(r)
	case AddressProtected, AddressUnprotected, RecordHeld, HoldReleased, AllEnded, Reopened:
		return s.applySwitch(r)
	case ErasureProposed, ErasureApproved, ErasureWithdrawn:
		return s.applyErasure(r)
	case Overdue:
		put(&s.Climbs, e.Item, Climb{e.Rung, r.Learned, e.Again})
	default:
		return fmt.Errorf("it is not an event of a consent stream")
	}
	return nil
}

// applySwitch turns what is either on or off.
func (s *State) applySwitch(r care.Recorded) error {
	var of, from string
	switch r.Event.(type) {
	case AddressProtected, AddressUnprotected:
		of, from = "address", pick(s.Protected(), "protected", "open")
	case RecordHeld, HoldReleased:
		of, from = "hold", pick(s.Hold, "held", "none")
	default:
		of, from = "person", pick(s.Ended, "dead", "alive")
	}
	if _, ok := nextStatus(of, from, r.Event.Type()); !ok {
		return fmt.Errorf("the %s is %s", of, from)
	}
	switch e := r.Event.(type) {
	case AddressProtected:
		s.Protection = e.Kind
	case AddressUnprotected:
		s.Protection = ""
	case RecordHeld:
		s.Hold = true
	case HoldReleased:
		s.Hold = false
	case AllEnded:
		s.Ended = true
	case Reopened:
		s.Ended = false
	}
	return nil
}

func pick(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// settle closes an item that no other event closes.
func (s *State) settle(item string) error {
	if !slices.ContainsFunc(s.open(), func(i care.Item) bool { return i.Key == item && settles(i) }) {
		return fmt.Errorf("nothing open is called %s", item)
	}
	put(&s.Done, item, true)
	return nil
}

// forget drops what hangs on things that are closed: the rungs of closed items,
// and the direction of notices to somebody who has nothing any more. What opens
// anew has another key.
func (s *State) forget() {
	if s.Notices != "" && !s.standsFor(s.Notices) {
		s.Notices = ""
	}
	if len(s.Climbs) == 0 {
		return
	}
	open := map[string]bool{}
	for _, i := range s.open() {
		open[i.Key] = true
	}
	maps.DeleteFunc(s.Climbs, func(key string, _ Climb) bool { return !open[key] })
}

// standsFor reports whether a relative holds, or will hold, something that
// notices may rest on.
func (s *State) standsFor(relative care.PersonKey) bool {
	return slices.ContainsFunc(s.Proxies, func(p ProxyState) bool {
		return p.To == relative && (p.Status == ProxyActive || p.Status == ProxyRests) && slices.Contains(p.Term.Parts, Messages)
	}) || slices.ContainsFunc(s.Guardians, func(g GuardianState) bool {
		return g.Guardian == relative && g.Status == GuardianStands
	})
}

// change moves a thing to the status that an event gives it.
func change[S ~string](of string, status *S, r care.Recorded) error {
	to, ok := nextStatus(of, string(*status), r.Event.Type())
	if !ok {
		return fmt.Errorf("the %s is %s", of, *status)
	}
	*status = S(to)
	return nil
}

// numbered finds the thing with an ordinal.
func numbered[T any](what string, list []T, n int) (*T, error) {
	if n < 1 || n > len(list) {
		return nil, fmt.Errorf("there is no %s %d", what, n)
	}
	return &list[n-1], nil
}

// follows checks that an ordinal follows the last one.
func follows(what string, n, last int) error {
	if n != last+1 {
		return fmt.Errorf("%s %d cannot follow %s %d", what, n, what, last)
	}
	return nil
}

// put sets a key of a map that may not be there yet.
func put[K comparable, V any](m *map[K]V, k K, v V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[k] = v
}
