package casework

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/improvement/rollout"
	"forlop/pathway"
	"forlop/store"
)

// campaignKind is the stream of one move of running journeys from a version to
// another.
type campaignKind struct{}

func (campaignKind) decode(typ string, body []byte) (care.Event, error) {
	return rollout.Events.Decode(typ, body)
}
func (campaignKind) fresh(id string) any { return &rollout.State{ID: id} }
func (campaignKind) clone(s any) any {
	c := s.(*rollout.State).Clone()
	return &c
}
func (campaignKind) evolve(s any, r care.Recorded) error {
	return rollout.Evolve(s.(*rollout.State), r)
}
func (campaignKind) wake() any                     { return rollout.Wake{} }
func (campaignKind) due(s any) (time.Time, bool)   { return rollout.Due(*s.(*rollout.State)) }
func (campaignKind) tasks(s any) (time.Time, bool) { return rollout.Work(*s.(*rollout.State)) }
func (campaignKind) subject(string, any) string    { return "" }
func (campaignKind) facts(s any) (care.Regime, string) {
	c := s.(*rollout.State)
	return c.Regime, c.To.Hash
}

func (campaignKind) decide(w *work, _ string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(rollout.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a move of journeys", command)
	}
	known := rollout.Known{
		Definition: func(r pathway.Ref) (*pathway.Definition, error) { return w.s.shelf.find(w.ctx, r) },
		Over:       func(unit care.UnitID) bool { return slices.Contains(w.dir.Above(unit), act.Post.Unit) },
		Ready:      func(to pathway.Ref, unit care.UnitID) error { return w.movesTo(to, unit, act.At) },
	}
	if p, proposes := c.(rollout.Propose); proposes {
		var err error
		if known.Other, err = w.s.movingFrom(w.ctx, p.From); err != nil {
			return nil, err
		}
	}
	if err := w.settles(s.(*rollout.State), c, act); err != nil {
		return nil, err
	}
	return rollout.Decide(*s.(*rollout.State), c, act, known)
}

// settles refuses somebody who would settle a journey that failed, and neither
// answers for the unit whose task it is nor holds the post for pathways over the
// campaign.
func (w *work) settles(s *rollout.State, c rollout.Command, act care.Act) error {
	var id string
	switch c := c.(type) {
	case rollout.Retry:
		id = c.Journey
	case rollout.LetBe:
		id = c.Journey
	default:
		return nil
	}
	if act.Post.Role == care.PathwayApprover && slices.Contains(w.dir.Holders(act.Post, act.At), act.Actor.ID) &&
		!slices.ContainsFunc(s.Units, func(u care.UnitID) bool { return !slices.Contains(w.dir.Above(u), act.Post.Unit) }) {
		return nil
	}
	units := w.s.units(act.Actor.ID, act.At)
	for _, f := range s.Failures {
		if f.Journey == id && !slices.Contains(units, f.Owner.Unit) && !slices.Contains(units, f.Lead.Unit) {
			return access.Denied()
		}
	}
	return nil
}

// rows are the journeys that could not be moved, each with the person it is
// about, so that only those who take part in the journey see it.
func (campaignKind) rows(st store.Stream, s any) []store.Row {
	c := s.(*rollout.State)
	persons := map[string]care.PersonKey{}
	for _, f := range c.Failures {
		persons[f.Journey] = f.Person
	}
	var rows []store.Row
	for _, i := range c.Items() {
		rows = append(rows, store.Item{Stream: st, Item: i, Person: persons[journeyOf(i.Key)], Pathway: c.From.ID})
	}
	return rows
}

// journeyOf is the journey that an item of a campaign is about.
func journeyOf(key string) string {
	key, _, _ = strings.Cut(strings.TrimPrefix(key, "move/"), "!")
	return key
}

// dropped are the words for the steps that a campaign's mapping drops.
func dropped(state any) map[pathway.StepID]map[care.Language]string {
	m := state.(*rollout.State).Mapping
	out := make(map[pathway.StepID]map[care.Language]string, len(m.Drops))
	for step, reason := range m.Drops {
		out[step] = m.Reasons[reason]
	}
	return out
}
