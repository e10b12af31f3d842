package booking

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"forlop/care"
)

// State is what is arranged for one person, as the events say it. Lists are indexed
// by ordinal, counted from 1. It holds no free text.
type State struct {
	Version  int
	Regime   care.Regime
	Bookings []Booking
	Wishes   []WishState
	Polls    []Poll
	Climbs   map[string]Overdue
}

// Booking is a copy.
type Booking struct {
	Copied
	Off bool
	// Asked is set while somebody is asked what became of it.
	Asked *Missed
	Since time.Time
	// Text is the version of the event with where and with whom; Changes counts
	// copies that said something new; Version is the last event about it.
	Text, Changes, Version int
}

// WishState is a wish.
type WishState struct {
	Wished
	Open      bool
	TakenBack bool
	Outcome   Outcome
	Since     time.Time
	// Begun is the event with their words; Answer the one with the answer's.
	Begun, Answer, Version int
}

// Poll is the search for a common time.
type Poll struct {
	TimesProposed
	Open bool
	// Answers is by the ordinal of who answered.
	Answers map[int]Reply
	// Time is the one that was set; 0 is none.
	Time           int
	Since          time.Time
	Begun, Version int
}

// Reply is what somebody answered.
type Reply struct {
	Can     []int
	At      time.Time
	Version int
}

// Can counts who can come at a time, and Silent lists who has not answered.
func (p Poll) Can(time int) int {
	n := 0
	for _, r := range p.Answers {
		if slices.Contains(r.Can, time) {
			n++
		}
	}
	return n
}

// Silent lists the ordinals of those who have not answered.
func (p Poll) Silent() []int {
	var out []int
	for i := range p.People {
		if _, ok := p.Answers[i+1]; !ok {
			out = append(out, i+1)
		}
	}
	return out
}

// Enough reports whether a time can be set by one press: the patient can, and so
// can everybody who has answered.
func (p Poll) Enough(time int) bool {
	patient, ok := p.Answers[1]
	if !ok || !slices.Contains(patient.Can, time) || len(p.Answers) < 2 && len(p.People) > 1 {
		return false
	}
	return p.Can(time) == len(p.Answers)
}

// Find finds the copy of a source's booking; 0 is none.
func (s State) Find(source, reference string) int {
	for _, b := range s.Bookings {
		if b.Source == source && b.Reference == reference {
			return b.Booking
		}
	}
	return 0
}

// Of is the newest copy that stands for a step at a time; nil where there is none.
func (s State) Of(journey string, step int, at time.Time) *Booking {
	for i := len(s.Bookings) - 1; i >= 0; i-- {
		b := &s.Bookings[i]
		if b.Journey == journey && b.Step == step && !b.Off && b.At.Equal(at) {
			return b
		}
	}
	return nil
}

// OpenPoll is the search for a common time that is open for a step; nil where there
// is none.
func (s State) OpenPoll(journey string, step int) *Poll {
	for i := range s.Polls {
		if p := &s.Polls[i]; p.Open && p.Journey == journey && p.Step == step {
			return p
		}
	}
	return nil
}

// Clone copies the state deeply.
func (s State) Clone() State {
	s.Bookings, s.Wishes, s.Polls = slices.Clone(s.Bookings), slices.Clone(s.Wishes), slices.Clone(s.Polls)
	s.Climbs = maps.Clone(s.Climbs)
	for i := range s.Polls {
		s.Polls[i].Answers = maps.Clone(s.Polls[i].Answers)
	}
	return s
}

// Evolve folds one event into s.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("booking: event %d after %d", r.Version, s.Version)
	}
	if s.Climbs == nil {
		s.Climbs = map[string]Overdue{}
	}
	if err := s.apply(r); err != nil {
		return err
	}
	s.Version = r.Version
	return nil
}

func (s *State) apply(r care.Recorded) error {
	switch e := r.Event.(type) {
	case Opened:
		s.Regime = e.Regime
	case Copied:
		return s.copied(e, r)
	case Cancelled:
		return change(s.Bookings, e.Booking, "booking", func(b *Booking) {
			b.Off, b.Asked, b.Copied.Copied, b.Version, b.Changes = true, nil, e.Copied, r.Version, b.Changes+1
		})
	case Missed:
		return change(s.Bookings, e.Booking, "booking", func(b *Booking) { b.Asked, b.Version = &e, r.Version })
	case Kept:
		return change(s.Bookings, e.Booking, "booking", func(b *Booking) { b.Asked, b.Version = nil, r.Version })
	case Wished:
		s.Wishes = append(s.Wishes, WishState{Wished: e, Open: true, Since: r.Learned, Begun: r.Version, Version: r.Version})
		return inTurn("wish", e.Wish, len(s.Wishes))
	case WishTakenBack:
		return change(s.Wishes, e.Wish, "wish", func(w *WishState) { w.Open, w.TakenBack, w.Version = false, true, r.Version })
	case WishAnswered:
		return change(s.Wishes, e.Wish, "wish", func(w *WishState) {
			w.Open, w.Outcome, w.Answer, w.Version = false, e.Outcome, r.Version, r.Version
		})
	case TimesProposed:
		s.Polls = append(s.Polls, Poll{TimesProposed: e, Open: true, Answers: map[int]Reply{}, Since: r.Learned, Begun: r.Version, Version: r.Version})
		return inTurn("poll", e.Poll, len(s.Polls))
	case TimesAnswered:
		return change(s.Polls, e.Poll, "poll", func(p *Poll) {
			p.Answers[e.Who], p.Version = Reply{Can: e.Can, At: r.Happened, Version: r.Version}, r.Version
		})
	case TimeSet:
		return change(s.Polls, e.Poll, "poll", func(p *Poll) { p.Open, p.Time, p.Version = false, e.Time, r.Version })
	case TimesWithdrawn:
		return change(s.Polls, e.Poll, "poll", func(p *Poll) { p.Open, p.Version = false, r.Version })
	case Overdue:
		s.Climbs[e.Item] = e
	default:
		return fmt.Errorf("booking: %T is not one of its events", r.Event)
	}
	return nil
}

func (s *State) copied(e Copied, r care.Recorded) error {
	if e.Booking == len(s.Bookings)+1 {
		s.Bookings = append(s.Bookings, Booking{Copied: e, Since: r.Learned, Text: r.Version, Version: r.Version})
		return nil
	}
	return change(s.Bookings, e.Booking, "booking", func(b *Booking) {
		b.Copied, b.Off, b.Asked, b.Text, b.Version, b.Changes = e, false, nil, r.Version, r.Version, b.Changes+1
	})
}

func change[T any](list []T, n int, what string, do func(*T)) error {
	if n < 1 || n > len(list) {
		return fmt.Errorf("booking: there is no %s %d", what, n)
	}
	do(&list[n-1])
	return nil
}

func inTurn(what string, n, count int) error {
	if n != count {
		return fmt.Errorf("booking: %s %d is out of turn", what, n)
	}
	return nil
}
