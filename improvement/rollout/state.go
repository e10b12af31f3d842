package rollout

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// State is one campaign, folded from its stream.
type State struct {
	ID      string
	Version int
	Status  Status
	From    pathway.Ref
	To      pathway.Ref
	Regime  care.Regime
	Mapping Mapping
	Units   []care.UnitID
	Slice   int
	Keep    care.Span
	// Proposer and Confirmer are professionals.
	Proposer, Confirmer               string
	ProposedAt, ConfirmedAt, ClosedAt time.Time
	StoppedBecause                    StopReason
	Preview                           *Preview
	// PreviewVersion is the event that holds the newest preview.
	PreviewVersion int

	// List is every journey of the campaign in the order in which it is moved;
	// Start of them were there when it began, the rest joined later.
	List  []string
	Start int
	// Listed is set when the round of reading that goes on is complete; Round is
	// the index in List at which that round began.
	Listed bool
	Round  int
	// Next is the index in List of the first journey that waits; Slices counts
	// the slices that were recorded.
	Next, Slices int
	// Counts is how many journeys are where.
	Counts map[Outcome]int
	// Failures are the journeys that failed and are not settled, oldest first.
	Failures []Failure
	// Since is when the last event was learned.
	Since time.Time

	outcomes []Outcome
	index    map[string]int
}

// Failure is a journey that could not be moved, and who must see to it.
type Failure struct {
	Result
	Since time.Time
	// Retry is set when somebody asked for it to be tried again; Climbed when
	// nobody dealt with it in time.
	Retry, Climbed bool
	// Version is the last event about it.
	Version int
}

// Clone is a copy that shares nothing with s that Evolve changes.
func (s State) Clone() State {
	s.Failures = slices.Clone(s.Failures)
	s.outcomes = slices.Clone(s.outcomes)
	s.Counts = maps.Clone(s.Counts)
	// The list and its index only grow. A clone that grows makes its own.
	s.List = slices.Clip(s.List)
	return s
}

// OutcomeOf is what became of a journey; empty where it is not on the list.
func (s State) OutcomeOf(journey string) Outcome {
	if i, ok := s.index[journey]; ok {
		return s.outcomes[i]
	}
	return ""
}

// Evolve folds one event into s. It fails, naming the event, on one that cannot
// follow.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("campaign %s: event %d cannot follow event %d", s.ID, r.Version, s.Version)
	}
	if err := apply(s, r); err != nil {
		return fmt.Errorf("campaign %s, event %d: %w", s.ID, r.Version, err)
	}
	s.Version, s.Since = r.Version, r.Learned
	return nil
}

func apply(s *State, r care.Recorded) error {
	typ := r.Event.Type()
	if to, ok := next(s.Status, typ); ok {
		s.Status = to
	} else if inLife(typ) || s.Status == "" {
		return fmt.Errorf("%s cannot happen to a campaign that is %q", typ, s.Status)
	}
	switch e := r.Event.(type) {
	case Proposed:
		s.From, s.To, s.Regime, s.Mapping, s.Units, s.Slice, s.Keep = e.From, e.To, e.Regime, e.Mapping, e.Units, e.Slice, e.Keep
		s.Proposer, s.ProposedAt = e.By, r.Happened
		s.Counts = map[Outcome]int{}
	case Previewed:
		s.Preview, s.PreviewVersion = &e.Preview, r.Version
	case Confirmed:
		s.Confirmer, s.ConfirmedAt = e.By, r.Happened
	case Withdrawn, Finished:
		s.ClosedAt = r.Happened
	case Stopped:
		s.StoppedBecause = e.Reason
	case Resumed:
		s.StoppedBecause = ""
	case Listed:
		return s.list(e)
	case SliceMoved:
		return s.sliced(e, r)
	case RetryAsked:
		return s.failure(e.Journey, func(f *Failure) { f.Retry, f.Version = true, r.Version })
	case Escalated:
		return s.failure(e.Journey, func(f *Failure) { f.Climbed, f.Version = true, r.Version })
	case OutcomeChanged:
		i, ok := s.index[e.Result.Journey]
		if !ok {
			return fmt.Errorf("the journey %s is not on the list", e.Result.Journey)
		}
		return s.settle(i, e.Result, r)
	default:
		return fmt.Errorf("%s is not an event of a campaign", typ)
	}
	return nil
}

func (s *State) list(e Listed) error {
	grown := make(map[string]int, len(s.index)+len(e.Journeys))
	maps.Copy(grown, s.index)
	s.index = grown
	if s.Listed {
		s.Round = len(s.List)
	}
	for _, j := range e.Journeys {
		if _, twice := s.index[j]; twice {
			return fmt.Errorf("the journey %s is on the list already", j)
		}
		s.index[j] = len(s.List)
		s.List = append(s.List, j)
		s.outcomes = append(s.outcomes, Waiting)
		s.Counts[Waiting]++
	}
	if !e.Joined {
		s.Start += len(e.Journeys)
	}
	s.Listed = e.Last
	return nil
}

func (s *State) sliced(e SliceMoved, r care.Recorded) error {
	if e.Slice != s.Slices+1 {
		return fmt.Errorf("slice %d cannot follow slice %d", e.Slice, s.Slices)
	}
	for _, res := range e.Results {
		if s.Next >= len(s.List) || s.List[s.Next] != res.Journey {
			return fmt.Errorf("the journey %s is not the next on the list", res.Journey)
		}
		if err := s.settle(s.Next, res, r); err != nil {
			return err
		}
		s.Next++
	}
	s.Slices = e.Slice
	return nil
}

// settle puts a journey where its result says, and nowhere else.
func (s *State) settle(i int, res Result, r care.Recorded) error {
	from := s.outcomes[i]
	if !becomes(from, res.Outcome, r.Event.Type()) {
		return fmt.Errorf("the journey %s is %s and cannot be %s", res.Journey, from, res.Outcome)
	}
	s.outcomes[i] = res.Outcome
	s.Counts[from]--
	s.Counts[res.Outcome]++
	since := r.Happened
	s.Failures = slices.DeleteFunc(s.Failures, func(f Failure) bool {
		if f.Journey == res.Journey {
			since = f.Since
		}
		return f.Journey == res.Journey
	})
	if res.Outcome == Failed {
		s.Failures = append(s.Failures, Failure{Result: res, Since: since, Version: r.Version})
	}
	return nil
}

func (s *State) failure(journey string, change func(*Failure)) error {
	for i := range s.Failures {
		if s.Failures[i].Journey == journey {
			change(&s.Failures[i])
			return nil
		}
	}
	return fmt.Errorf("the journey %s has not failed", journey)
}

// Check says where the sum does not balance; nil where every journey of the
// list is in exactly one place, the counts say so, and what failed has an owner.
func Check(s State) error {
	count := map[Outcome]int{}
	for i, o := range s.outcomes {
		count[o]++
		if waits := i >= s.Next; waits != (o == Waiting) {
			return fmt.Errorf("campaign %s: the journey %s is %s out of turn", s.ID, s.List[i], o)
		}
	}
	total := 0
	for _, o := range Outcomes {
		if count[o] != s.Counts[o] {
			return fmt.Errorf("campaign %s: %d journeys are %s, the sum says %d", s.ID, count[o], o, s.Counts[o])
		}
		total += s.Counts[o]
	}
	if total != len(s.List) || len(s.outcomes) != len(s.List) || len(s.index) != len(s.List) {
		return fmt.Errorf("campaign %s: the sum is %d, the list has %d", s.ID, total, len(s.List))
	}
	if len(s.Failures) != count[Failed] {
		return fmt.Errorf("campaign %s: %d journeys failed, %d have an owner", s.ID, count[Failed], len(s.Failures))
	}
	for _, f := range s.Failures {
		if f.Owner.Unit == "" || f.Owner.Role == "" || f.By.IsZero() {
			return fmt.Errorf("campaign %s: the failed journey %s has no owner or no date", s.ID, f.Journey)
		}
	}
	return nil
}
