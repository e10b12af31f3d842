package casework

import (
	"fmt"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/pathway"
	"forlop/pathway/publication"
	"forlop/store"
)

// publicationKind is the stream of one pathway: its versions, who stands behind
// them, and where they are in use. It gives no rows: there are few pathways, and
// what their authors must do is asked of the states (PathwayLibrary).
type publicationKind struct{}

func (publicationKind) decode(typ string, body []byte) (care.Event, error) {
	return publication.Events.Decode(typ, body)
}
func (publicationKind) fresh(id string) any { return &publication.State{ID: id} }
func (publicationKind) clone(s any) any {
	c := s.(*publication.State).Clone()
	return &c
}
func (publicationKind) evolve(s any, r care.Recorded) error {
	return publication.Evolve(s.(*publication.State), r)
}
func (publicationKind) wake() any                          { return publication.Wake{} }
func (publicationKind) due(s any) (time.Time, bool)        { return publication.Due(*s.(*publication.State)) }
func (publicationKind) subject(string, any) string         { return "" }
func (publicationKind) facts(s any) (care.Regime, string)  { return s.(*publication.State).Regime, "" }
func (publicationKind) rows(store.Stream, any) []store.Row { return nil }

func (publicationKind) decide(w *work, _ string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(publication.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a pathway", command)
	}
	return publication.Decide(*s.(*publication.State), c, act, publication.Known{
		Definition: func(r pathway.Ref) (*pathway.Definition, error) { return w.s.shelf.find(w.ctx, r) },
		Standing: func(r pathway.Ref) publication.Standing {
			o, err := w.open(store.StreamOf("pathway", r.ID))
			if err != nil {
				return publication.StandsDraft
			}
			return o.now.(*publication.State).Standing(r.Version, act.At)
		},
		Units: func(id care.UnitID) []care.UnitID {
			if u, ok := w.dir.Unit(id); !ok || u.Status == directory.Closed {
				return nil
			}
			return w.dir.Above(id)
		},
		Regime: func(id care.UnitID) care.Regime {
			u, _ := w.dir.Unit(id)
			return u.Regime
		},
		Holders: func(p care.Post) []string { return w.dir.Holders(p, act.At) },
		Persons: w.s.persons,
	})
}

// opensWith is the version that a new journey opens with at a unit. A version
// that is named must be that one. The pathway's streams become part of the
// append: what is taken back meanwhile opens nothing.
func (w *work) opensWith(r pathway.Ref, unit care.UnitID, at time.Time) (pathway.Ref, error) {
	states := w.s.issued.family(r.ID)
	for i, s := range states {
		o, err := w.open(store.StreamOf("pathway", s.ID))
		if err != nil {
			return r, err
		}
		states[i] = *o.now.(*publication.State)
	}
	now, err := inUse(states, w.dir, unit, at)
	if err != nil {
		if _, missing := w.s.shelf.find(w.ctx, r); missing != nil {
			return r, missing
		}
		return r, err
	}
	if r.Version != "" && r.String() != now.String() || r.Hash != "" && r.Hash != now.Hash {
		return r, care.Refuse("pathway-not-active", "{pathway} is not what {unit} opens journeys with now: that is {active}.",
			"pathway", r.String(), "unit", string(unit), "active", now.String()).On("pathway")
	}
	return now, nil
}

// movesTo refuses a version that a running journey must not move to: nobody has
// approved it, or it is retired, or it is a draft that no unit here has adopted.
func (w *work) movesTo(r pathway.Ref, unit care.UnitID, at time.Time) error {
	def, err := w.s.shelf.find(w.ctx, r)
	if err != nil {
		return err
	}
	o, err := w.open(store.StreamOf("pathway", def.ID))
	if err != nil {
		return err
	}
	return mayMoveTo(*o.now.(*publication.State), def, w.dir, unit, at)
}

func mayMoveTo(s publication.State, def *pathway.Definition, dir *directory.Directory, unit care.UnitID, at time.Time) error {
	switch s.Standing(def.Version, at) {
	case publication.StandsDraft, publication.StandsPublished:
		return care.Refuse("pathway-move-unapproved", "{pathway} is not approved, so no journey moves to it. Two different persons must stand behind it first.",
			"pathway", def.Ref.String()).On("to")
	case publication.StandsRetired:
		return care.Refuse("pathway-move-retired", "{pathway} is retired, so no journey moves to it.", "pathway", def.Ref.String()).On("to")
	case publication.StandsApproved, publication.StandsActive:
	}
	if def.Status == pathway.Draft {
		if !s.AdoptedBy(def.Version, dir.Above(unit), at) {
			return care.Refuse("pathway-move-draft", "{pathway} is a draft that {unit} has not adopted, so no journey there moves to it.",
				"pathway", def.Ref.String(), "unit", string(unit)).On("to")
		}
	}
	return nil
}

// inUse is the version that journeys open with at a unit, or the refusal that says
// who can bring one into use.
func inUse(states []publication.State, dir *directory.Directory, unit care.UnitID, at time.Time) (pathway.Ref, error) {
	if now, ok := publication.Active(states, dir.Above(unit), at); ok {
		return now, nil
	}
	return pathway.Ref{}, care.Refuse("pathway-not-in-use-here",
		"No version of {pathway} is in use at {unit}, so no journey opens with it there. Two persons who hold {post}, or the same post above it, bring it into use.",
		"pathway", states[0].ID, "unit", string(unit), "post", care.Post{Unit: unit, Role: care.PathwayApprover}.String()).On("pathway")
}
