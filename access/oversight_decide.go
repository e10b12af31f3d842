package access

import (
	"fmt"
	"slices"

	"forlop/care"
)

// OversightKnown is what a decision about a unit's log must know of others.
type OversightKnown struct {
	Unit   care.UnitID
	Regime care.Regime
	// Owner is who decides about looks that these made: the unit's privacy officer,
	// or, where it has none but them, its lead.
	Owner func(actors ...string) care.Post
}

// What can be decided. A finding proves nothing: somebody asks, and says what it
// was (proposed).
const (
	// Reported: there was no reason, and it was reported as a breach.
	Reported Verdict = "reported"
	// NothingStandsOut: the sample was read through.
	NothingStandsOut Verdict = "nothing-stands-out"
	// AskedAbout: somebody was asked about a look in the sample.
	AskedAbout Verdict = "asked-about"
)

// Verdicts lists what can be decided about a matter.
func (m Matter) Verdicts() []Verdict {
	if m.IsSample() {
		return []Verdict{NothingStandsOut, AskedAbout}
	}
	return []Verdict{Justified, NotJustified, Reported}
}

// How long there is to decide. No source says; both are assumed.
var (
	// toDecideFinding: somebody has asked those a finding is about, and decided.
	toDecideFinding = care.Span{N: 5, Unit: care.WorkingDays}
	// toReadSample: somebody has read a sample through.
	toReadSample = care.Span{N: 10, Unit: care.WorkingDays}
)

// DecideOversight decides a command on a unit's oversight. It never changes o.
// The first command that makes an event opens the stream.
func DecideOversight(o Oversight, c OversightCommand, act care.Act, k OversightKnown) ([]care.Made, error) {
	first := o.Version == 0
	if first {
		if k.Unit == "" || k.Regime != care.Norway && k.Regime != care.Sweden {
			return nil, fmt.Errorf("access: %s needs to know whose log it is and under which law", c.Name())
		}
		o.Unit, o.Regime = k.Unit, k.Regime
	}
	made, err := o.decide(c, act, k)
	if err == nil && first && len(made) > 0 {
		made = append([]care.Made{{Event: OversightOpened{o.Unit, o.Regime}}}, made...)
	}
	return made, err
}

func (o Oversight) decide(c OversightCommand, act care.Act, k OversightKnown) ([]care.Made, error) {
	switch c := c.(type) {
	case RaiseFindings:
		return o.raise(c, act, k)
	case DrawSample:
		return o.draw(c, act, k)
	case DecideMatter:
		return o.judge(c, act)
	case OversightWake:
		var made []care.Made
		for _, m := range o.Matters {
			if m.Open() && m.Climbed.IsZero() && !m.Due.After(act.At) {
				made = append(made, care.Made{Event: MatterOverdue{m.Number, care.Post{Unit: o.Unit, Role: care.Lead}}})
			}
		}
		return made, nil
	}
	return nil, fmt.Errorf("access: %s is not a command for a unit's oversight", c.Name())
}

// raise makes matters of what is new in findings. Looks that a matter has, open or
// decided, are left out; new ones join a matter that is open.
func (o Oversight) raise(c RaiseFindings, act care.Act, k OversightKnown) ([]care.Made, error) {
	by := care.CalendarOf(o.Regime).Deadline(act.At, toDecideFinding).UTC()
	var made []care.Made
	next := len(o.Matters) + 1
	for _, f := range c.Findings {
		fresh, open := slices.Clone(f.Looks), 0
		for _, m := range o.Matters {
			if m.Pattern == f.Pattern && m.Actor == f.Actor && m.Person == f.Person {
				fresh = slices.DeleteFunc(fresh, func(l int64) bool { return slices.Contains(m.Looks, l) })
				if m.Open() {
					open = m.Number
				}
			}
		}
		switch {
		case len(fresh) == 0:
		case open > 0:
			made = append(made, care.Made{Event: FindingGrew{open, fresh, exact(f.Last)}})
		default:
			made = append(made, care.Made{Event: FindingRaised{
				Matter: next, Pattern: f.Pattern, Actor: f.Actor, Person: f.Person, Looks: fresh, First: exact(f.First), Last: exact(f.Last), Owner: k.Owner(f.Actor), By: by,
			}})
			next++
		}
	}
	return made, nil
}

func (o Oversight) draw(c DrawSample, act care.Act, k OversightKnown) ([]care.Made, error) {
	drawn := slices.ContainsFunc(o.Matters, func(m Matter) bool { return m.IsSample() && m.First.Equal(c.From) && m.Last.Equal(c.Until) })
	if drawn || len(c.Looks) == 0 {
		return nil, nil
	}
	return just(SampleDrawn{
		Matter: len(o.Matters) + 1, From: exact(c.From), Until: exact(c.Until), Seed: c.Seed, Looks: c.Looks, Actors: c.Actors,
		Owner: k.Owner(c.Actors...), By: care.CalendarOf(o.Regime).Deadline(act.At, toReadSample).UTC(),
	}), nil
}

// judge decides a matter. Nobody judges their own look (invariant 32).
func (o Oversight) judge(c DecideMatter, act care.Act) ([]care.Made, error) {
	if c.Matter < 1 || c.Matter > len(o.Matters) {
		return nil, care.Missing("matter-unknown", "There is no such finding or sample.").On("matter")
	}
	m := o.Matters[c.Matter-1]
	switch {
	case act.Actor.Kind != care.Professional || act.Actor.ID == "" || act.For != nil:
		return nil, care.Refuse("by-professional", "A named professional does this, in their own name.")
	case m.MadeBy(act.Actor.ID):
		return nil, care.Refuse("decide-own-look", "You made one of these looks yourself. Somebody else decides.").On("matter")
	case !m.Open():
		return nil, care.Stale("matter-decided", "This is decided already. Read what was decided.").On("matter")
	case act.Seen != 0 && int(act.Seen) < m.Version:
		return nil, care.Stale("item-changed", "This changed after you opened it. Look at it again before you go on; what you wrote is kept.")
	case !slices.Contains(m.Verdicts(), c.Verdict):
		return nil, care.Refuse("matter-verdict", "Say what you decide. Choose from the list.").On("verdict")
	}
	return said(MatterDecided{c.Matter, c.Verdict}, c.Words)
}
