package casework

import (
	"fmt"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/store"
)

// oversightKind is the stream of what the log of one unit's staff was found to
// hold.
type oversightKind struct{}

func (oversightKind) decode(typ string, body []byte) (care.Event, error) {
	return access.OversightEvents.Decode(typ, body)
}
func (oversightKind) fresh(id string) any { return &access.Oversight{Unit: care.UnitID(id)} }
func (oversightKind) clone(s any) any {
	o := s.(*access.Oversight).Clone()
	return &o
}
func (oversightKind) evolve(s any, r care.Recorded) error {
	return access.EvolveOversight(s.(*access.Oversight), r)
}
func (oversightKind) wake() any                         { return access.OversightWake{} }
func (oversightKind) due(s any) (time.Time, bool)       { return access.DueOversight(*s.(*access.Oversight)) }
func (oversightKind) facts(s any) (care.Regime, string) { return s.(*access.Oversight).Regime, "" }

// subject is the unit's own: what is said about a finding is about its staff, and
// goes with no patient's key.
func (oversightKind) subject(id string, _ any) string { return overseeing(care.UnitID(id)) }

// overseeing is whose key seals what a unit's overseers say.
func overseeing(unit care.UnitID) string { return "oversight/" + string(unit) }

func (oversightKind) decide(w *work, id string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(access.OversightCommand)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a unit's oversight", command)
	}
	k := access.OversightKnown{Unit: care.UnitID(id), Owner: func(actors ...string) care.Post {
		return overseerPost(w.dir, care.UnitID(id), act.At, actors...)
	}}
	if u, known := w.dir.Unit(k.Unit); known {
		k.Regime = u.Regime
	}
	return access.DecideOversight(*s.(*access.Oversight), c, act, k)
}

// rows are the open matters. They name no person, so that neither a list nor a
// block says whom somebody looked at; one relation lets the unit find them.
func (oversightKind) rows(st store.Stream, s any) []store.Row {
	o := s.(*access.Oversight)
	var rows []store.Row
	for _, i := range o.Items() {
		rows = append(rows, store.Item{Stream: st, Item: i})
	}
	if len(rows) > 0 {
		rows = append(rows, store.Relation{Stream: st, Key: string(access.Oversees), Unit: o.Unit, Basis: string(access.Oversees), From: o.Matters[0].Raised})
	}
	return rows
}
