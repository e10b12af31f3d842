package access

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// Oversight is what the log of one unit's staff was found to hold, and what was
// decided about it, folded from the unit's oversight stream.
type Oversight struct {
	Version int
	Unit    care.UnitID
	Regime  care.Regime
	// Matters by ordinal: the first has number 1.
	Matters []Matter
}

// Matter is a finding or a sample that somebody owns and decides.
type Matter struct {
	Number int
	// Pattern is what was found; empty for a sample.
	Pattern Pattern
	// Actor looked at Person, who is empty where it is about many. A sample has the
	// Actors of all its looks.
	Actor  string
	Person care.PersonKey
	Actors []string
	// Looks are entries of the log, oldest first.
	Looks []int64
	// First and Last are when a finding's first and last look was; for a sample
	// the time that was drawn from. Last is not included then.
	First, Last time.Time
	Seed        uint64
	// Owner decides by Due; Raised is when it became theirs.
	Owner       care.Post
	Raised, Due time.Time
	// Climbed is when it came to the lead's list, To; zero where it has not.
	Climbed time.Time
	To      care.Post
	// Verdict is empty until Decider has decided, at Decided.
	Verdict Verdict
	Decider string
	Decided time.Time
	// Judged is the event that decided, with the words; Version the one that last
	// changed the matter.
	Judged, Version int
}

// IsSample tells a sample from a finding.
func (m Matter) IsSample() bool { return m.Pattern == "" }

// Open reports whether nobody has decided yet.
func (m Matter) Open() bool { return m.Verdict == "" }

// ForLead reports whether a matter waits for the unit's lead: it was theirs from
// the start, or it climbed.
func (m Matter) ForLead() bool { return !m.Climbed.IsZero() || m.Owner.Role == care.Lead }

// MadeBy reports whether somebody made one of the looks.
func (m Matter) MadeBy(actor string) bool {
	return m.Actor == actor || slices.Contains(m.Actors, actor)
}

// Key names the matter on a worklist.
func (m Matter) Key() string {
	if m.IsSample() {
		return fmt.Sprintf("sample/%d", m.Number)
	}
	return fmt.Sprintf("finding/%d", m.Number)
}

// Clone is a copy that shares nothing with o that evolving changes.
func (o Oversight) Clone() Oversight {
	o.Matters = slices.Clone(o.Matters)
	for i := range o.Matters {
		o.Matters[i].Looks = slices.Clip(o.Matters[i].Looks)
	}
	return o
}

// EvolveOversight folds one event into o. It fails, naming the event, on one that
// cannot follow.
func EvolveOversight(o *Oversight, r care.Recorded) error {
	if r.Version != o.Version+1 {
		return fmt.Errorf("oversight of %s: event %d cannot follow event %d", o.Unit, r.Version, o.Version)
	}
	if _, opening := r.Event.(OversightOpened); opening != (o.Version == 0) {
		return fmt.Errorf("oversight of %s: %s cannot be event %d", o.Unit, r.Event.Type(), r.Version)
	}
	if err := o.apply(r); err != nil {
		return fmt.Errorf("oversight of %s, event %d (%s): %w", o.Unit, r.Version, r.Event.Type(), err)
	}
	o.Version = r.Version
	return nil
}

func (o *Oversight) apply(r care.Recorded) error {
	var m *Matter
	var err error
	switch e := r.Event.(type) {
	case OversightOpened:
		o.Unit, o.Regime = e.Unit, e.Regime
		return nil
	case FindingRaised:
		if err := follows("matter", e.Matter, len(o.Matters)); err != nil {
			return err
		}
		o.Matters = append(o.Matters, Matter{
			Number: e.Matter, Pattern: e.Pattern, Actor: e.Actor, Person: e.Person, Looks: e.Looks, First: e.First, Last: e.Last,
			Owner: e.Owner, Raised: r.Learned, Due: e.By, Version: r.Version,
		})
		return nil
	case SampleDrawn:
		if err := follows("matter", e.Matter, len(o.Matters)); err != nil {
			return err
		}
		o.Matters = append(o.Matters, Matter{
			Number: e.Matter, Actors: e.Actors, Looks: e.Looks, First: e.From, Last: e.Until, Seed: e.Seed,
			Owner: e.Owner, Raised: r.Learned, Due: e.By, Version: r.Version,
		})
		return nil
	case FindingGrew:
		if m, err = o.open(e.Matter); err == nil {
			m.Looks, m.Last = append(m.Looks, e.Looks...), e.Last
		}
	case MatterDecided:
		if m, err = o.open(e.Matter); err == nil {
			m.Verdict, m.Decider, m.Decided, m.Judged = e.Verdict, r.Actor.ID, r.Learned, r.Version
		}
	case MatterOverdue:
		if m, err = o.open(e.Matter); err == nil {
			m.Climbed, m.To = r.Learned, e.To
		}
	default:
		return fmt.Errorf("it is not an event of an oversight stream")
	}
	if err != nil {
		return err
	}
	m.Version = r.Version
	return nil
}

// open is a matter that nobody has decided.
func (o *Oversight) open(n int) (*Matter, error) {
	m, err := numbered("matter", o.Matters, n)
	if err == nil && !m.Open() {
		err = fmt.Errorf("matter %d was decided", n)
	}
	return m, err
}
