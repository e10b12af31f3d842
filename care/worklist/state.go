package worklist

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"forlop/care"
)

// Item names one open thing: the stream it lives in, such as "journey/…", and its
// key there.
type Item struct {
	Stream string `json:"stream"`
	Key    string `json:"key"`
}

// View is what a list chooses, under a name.
type View struct {
	Number          int
	Called, Address string
	// By is the professional who kept it last.
	By string
}

// Sleeper is an item that stands on no list until a day, unless it changes first.
type Sleeper struct {
	Item    Item
	Version int
	Until   time.Time
}

// State is what is arranged around the lists of a unit, or of one professional.
type State struct {
	Version int
	Views   []View
	// Newest is the number that the newest view was given.
	Newest   int
	Sleepers []Sleeper
	// Limits are how many open journeys a post can answer for, by role.
	Limits map[care.Role]int
}

// Clone is a copy that shares nothing with s.
func (s State) Clone() State {
	s.Views, s.Sleepers, s.Limits = slices.Clone(s.Views), slices.Clone(s.Sleepers), maps.Clone(s.Limits)
	return s
}

// Asleep are the items that sleep at an instant.
func (s State) Asleep(at time.Time) []Sleeper {
	return slices.DeleteFunc(slices.Clone(s.Sleepers), func(x Sleeper) bool { return !x.Until.After(at) })
}

func (s State) view(n int) int {
	return slices.IndexFunc(s.Views, func(v View) bool { return v.Number == n })
}

// Evolve folds one event into s. It fails, naming the event, on one that cannot
// follow.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("worklist: event %d cannot follow event %d", r.Version, s.Version)
	}
	switch e := r.Event.(type) {
	case ViewSaved:
		v := View{e.View, e.Called, e.Address, r.Actor.ID}
		switch n := s.view(e.View); {
		case n >= 0:
			s.Views[n] = v
		case e.View == s.Newest+1:
			s.Views, s.Newest = append(s.Views, v), e.View
		default:
			return fmt.Errorf("worklist: there is no view %d", e.View)
		}
	case ViewDropped:
		n := s.view(e.View)
		if n < 0 {
			return fmt.Errorf("worklist: there is no view %d", e.View)
		}
		s.Views = slices.Delete(s.Views, n, n+1)
	case Slept:
		// What has woken by itself is forgotten here, so that the list stays short.
		s.Sleepers = append(s.awake(e.Item, r.Learned), Sleeper(e))
	case Woken:
		s.Sleepers = s.awake(e.Item, r.Learned)
	case CaseloadLimited:
		if s.Limits == nil {
			s.Limits = map[care.Role]int{}
		}
		if s.Limits[e.Role] = e.Most; e.Most == 0 {
			delete(s.Limits, e.Role)
		}
	default:
		return fmt.Errorf("worklist: %s is not an event of a list", r.Event.Type())
	}
	s.Version = r.Version
	return nil
}

// awake are the sleepers without one item and without those whose day has come.
func (s State) awake(item Item, at time.Time) []Sleeper {
	return slices.DeleteFunc(s.Asleep(at), func(x Sleeper) bool { return x.Item == item })
}
