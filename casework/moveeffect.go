package casework

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// MoveEffect is what moving the running journeys of a version to another would
// do, as counts. It was simulated with the very engine that runs care: each
// journey was folded and the move decided in memory, and nothing was kept.
type MoveEffect struct {
	From, To pathway.Ref
	At       time.Time
	// Journeys run on From; Moves of them can move; Late of these get at least one
	// latest date that has passed, and had not before.
	Journeys, Moves, Late int
	// Told patients must be told, OnPaper of them by letter or phone; Keep of them
	// may keep the old plan.
	Told, OnPaper, Keep int
	// Parts are the steps and clocks for which something changes in a journey, in
	// the order of their paths.
	Parts []PartEffect
	// Cannot are the journeys that cannot move, by the rule that hinders them.
	Cannot []CannotMove
}

// PartEffect is what changes for one step or clock. Path is steps/ID or
// clocks/ID, as pathway.Diff names it.
type PartEffect struct {
	Path string
	// Journeys have the part open or running before or after.
	Journeys int
	// Late would be late at once; Earlier and Later have another latest date.
	Late, Earlier, Later int
	// New and Gone open or drop it; Renamed call it otherwise; Handed give it to
	// another post.
	New, Gone, Renamed, Handed int
}

// CannotMove is why journeys cannot move.
type CannotMove struct {
	Code, Text string
	Journeys   int
	// Examples are at most five of them.
	Examples []string
}

// mover moves journeys, or says what moving would do.
type mover struct {
	s   *Service
	ctx context.Context
	c   *rollout.State
	// shelf answers definitions; those under trial first.
	trial map[string]*pathway.Definition
}

func (s *Service) mover(ctx context.Context, c *rollout.State) *mover {
	return &mover{s: s, ctx: ctx, c: c}
}

// Effect computes what moving every running journey of a version to another
// would do, in pages, so that it never holds more than one of them at a time.
// Nobody need have published the version that is tried.
func (s *Service) Effect(ctx context.Context, from pathway.Ref, to *pathway.Definition, m pathway.Mapping) (MoveEffect, error) {
	def, err := s.shelf.find(ctx, from)
	if err != nil {
		return MoveEffect{}, err
	}
	c := &rollout.State{From: def.Ref, To: to.Ref, Mapping: rollout.MappingOf(m)}
	move := s.mover(ctx, c)
	move.trial = map[string]*pathway.Definition{to.Hash: to}
	return move.effect()
}

// takes reports whether a row is of a journey that the campaign is about.
func (m *mover) takes(row store.Journey) bool {
	if row.PathwayVersion != m.c.From.Version || row.Pathway != m.c.From.ID {
		return false
	}
	if len(m.c.Units) == 0 {
		return true
	}
	return slices.ContainsFunc(m.s.Directory().Above(row.Responsible.Unit), func(u care.UnitID) bool { return slices.Contains(m.c.Units, u) })
}

// each reads the running journeys that the campaign is about, in stream order.
func (m *mover) each(after string, do func(store.Journey) (more bool, err error)) error {
	q := store.JourneyQuery{Scope: store.Scope{All: true}, Status: string(journey.Running), Pathway: m.c.From.ID, Limit: 500}
	if after != "" {
		q.After = store.StreamOf("journey", after)
	}
	for {
		rows, err := m.s.store.Journeys(m.ctx, q)
		if err != nil {
			return err
		}
		for _, row := range rows {
			q.After = row.Stream
			if !m.takes(row) {
				continue
			}
			if more, err := do(row); err != nil || !more {
				return err
			}
		}
		if len(rows) < q.Limit {
			return nil
		}
	}
}

// command is the move of one journey.
func (m *mover) command() journey.Move {
	return journey.Move{
		To: m.c.To, From: m.c.From, Campaign: m.c.ID,
		Mapping: journey.Mapping{Steps: m.c.Mapping.Steps, Milestones: m.c.Mapping.Milestones, Choices: m.c.Mapping.Choices},
	}
}

// outcome is what a move would do: the journey as it is now and as it would be,
// with the events between, or the rule that hinders it.
type outcome struct {
	before, after *journey.State
	made          []care.Made
	refused       *care.Refusal
	onPaper       bool
}

// would decides the move of one journey at this instant and keeps nothing.
func (m *mover) would(st store.Stream) (outcome, error) {
	var out outcome
	w, err := m.s.newWork(m.ctx, Order{Who: Who{Actor: care.Service}})
	if err != nil {
		return out, err
	}
	o, err := w.open(st)
	if err != nil {
		return out, err
	}
	if err := w.settle(o, w.now); err != nil {
		return out, err
	}
	out.before = o.now.(*journey.State)
	known, err := w.known(out.before.Person, out.before.Regime, w.now)
	if err != nil {
		return out, err
	}
	if m.c.ID != "" {
		if err := w.movesTo(m.c.To, out.before.Responsible.Unit, w.now); err != nil {
			if refusal, refused := care.AsRefusal(err); refused {
				out.refused = refusal
				return out, nil
			}
			return out, err
		}
	}
	find := known.Definition
	known.Definition = func(r pathway.Ref) (*pathway.Definition, error) {
		if def, ok := m.trial[r.Hash]; ok {
			return def, nil
		}
		return find(r)
	}
	c := m.command()
	if c.Campaign == "" {
		c.Campaign = "trial"
	}
	if err := w.knowAge(out.before, c, &known); err != nil {
		return out, err
	}
	out.onPaper = known.Person.OnPaper
	act := care.Act{At: w.now, Actor: care.Service}
	out.made, err = journey.Decide(out.before, c, act, known)
	var broken *journey.Broken
	switch refusal, refused := care.AsRefusal(err); {
	case refused:
		out.refused = refusal
		return out, nil
	case errors.As(err, &broken):
		out.refused = care.Refuse("move-breaks-law", "The move would break a law of the journey: {what}.", "what", broken.Error())
		return out, nil
	case err != nil:
		return out, err
	}
	out.after = out.before.Clone()
	for _, made := range out.made {
		err := journey.Evolve(out.after, care.Recorded{
			Version: out.after.Version + 1, Event: made.Event, Happened: act.When(), Learned: act.At, Actor: act.Actor, Command: "trial",
		})
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// effect adds up what the moves would do.
func (m *mover) effect() (MoveEffect, error) {
	e := MoveEffect{From: m.c.From, To: m.c.To, At: m.s.clock.Now()}
	parts, cannot := map[string]*PartEffect{}, map[string]*CannotMove{}
	err := m.each("", func(row store.Journey) (bool, error) {
		out, err := m.would(row.Stream)
		if err != nil {
			return false, err
		}
		e.Journeys++
		if r := out.refused; r != nil {
			c := cannot[r.Code]
			if c == nil {
				c = &CannotMove{Code: r.Code, Text: r.Error()}
				cannot[r.Code] = c
			}
			if c.Journeys++; len(c.Examples) < 5 {
				c.Examples = append(c.Examples, row.Stream.ID())
			}
			return true, nil
		}
		e.add(out, parts)
		return true, nil
	})
	for _, p := range parts {
		e.Parts = append(e.Parts, *p)
	}
	slices.SortFunc(e.Parts, func(a, b PartEffect) int { return strings.Compare(a.Path, b.Path) })
	for _, c := range cannot {
		e.Cannot = append(e.Cannot, *c)
	}
	slices.SortFunc(e.Cannot, func(a, b CannotMove) int { return strings.Compare(a.Code, b.Code) })
	return e, err
}

// add counts one journey that would move.
func (e *MoveEffect) add(out outcome, parts map[string]*PartEffect) {
	e.Moves++
	for _, made := range out.made {
		switch t := made.Event.(type) {
		case journey.TellingOwed:
			if t.To.Kind == care.PartyPatient {
				e.Told++
				if out.onPaper {
					e.OnPaper++
				}
			}
		case journey.KeepOffered:
			e.Keep++
		}
	}
	seen := map[string]bool{}
	part := func(path string) *PartEffect {
		p := parts[path]
		if p == nil {
			p = &PartEffect{Path: path}
			parts[path] = p
		}
		if !seen[path] {
			seen[path] = true
			p.Journeys++
		}
		return p
	}
	late := false
	for _, c := range journey.Changes(out.before, out.after) {
		path := "steps/" + string(c.Step)
		if c.Clock != "" {
			path = "clocks/" + string(c.Clock)
		}
		p := part(path)
		switch c.What {
		case journey.StepComes, journey.ClockComes:
			p.New++
		case journey.StepGoes, journey.ClockGoes:
			p.Gone++
		case journey.StepCalled:
			p.Renamed++
		case journey.StepHands:
			p.Handed++
		case journey.StepEarlier, journey.ClockEarlier:
			p.Earlier++
		case journey.StepLater, journey.ClockLater:
			p.Later++
		}
		if dated(c.What) && c.NowLate(e.At) {
			p.Late++
			late = true
		}
	}
	// What runs on unchanged is counted, too: it is what a changed limit is about.
	for _, st := range out.after.Steps {
		if st.Live() {
			part("steps/" + string(st.ID))
		}
	}
	for _, c := range out.after.Clocks {
		if c.Live() {
			part("clocks/" + string(c.ID))
		}
	}
	if late {
		e.Late++
	}
}

// dated reports whether a change is one of date.
func dated(k journey.ChangeKind) bool {
	switch k {
	case journey.StepComes, journey.StepEarlier, journey.StepLater, journey.ClockComes, journey.ClockEarlier, journey.ClockLater:
		return true
	case journey.StepGoes, journey.StepCalled, journey.StepHands, journey.ClockGoes:
	}
	return false
}

// preview is the effect as a campaign keeps it.
func (e MoveEffect) preview() rollout.Preview {
	p := rollout.Preview{At: e.At, Journeys: e.Journeys, Moves: e.Moves, Late: e.Late, Told: e.Told}
	for _, c := range e.Cannot {
		if p.Cannot == nil {
			p.Cannot = map[string]int{}
		}
		p.Cannot[c.Code] = c.Journeys
	}
	return p
}

// leadOf is the post that answers for what a unit did not settle.
func leadOf(d *directory.Directory, unit care.UnitID, at time.Time) care.Post {
	return posts{d}.Lead(unit, at)
}
