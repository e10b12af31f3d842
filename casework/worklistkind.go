package casework

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/care/worklist"
	"forlop/store"
)

// worklistKind is the stream of what people arrange around their lists.
type worklistKind struct{}

// ListOfUnit and ListOfProfessional name the streams of lists: that which the
// posts of a unit share, and a professional's own.
func ListOfUnit(u care.UnitID) string { return "unit." + string(u) }

// ListOfProfessional is the professional's own.
func ListOfProfessional(id string) string { return "own." + id }

func (worklistKind) decode(typ string, body []byte) (care.Event, error) {
	return worklist.Events.Decode(typ, body)
}
func (worklistKind) fresh(string) any { return &worklist.State{} }
func (worklistKind) clone(s any) any {
	c := s.(*worklist.State).Clone()
	return &c
}
func (worklistKind) evolve(s any, r care.Recorded) error {
	return worklist.Evolve(s.(*worklist.State), r)
}
func (worklistKind) wake() any                          { return worklist.Wake{} }
func (worklistKind) due(s any) (time.Time, bool)        { return worklist.Due(*s.(*worklist.State)) }
func (worklistKind) rows(store.Stream, any) []store.Row { return nil }
func (worklistKind) subject(string, any) string         { return "" }
func (worklistKind) facts(any) (care.Regime, string)    { return "", "" }

func (worklistKind) decide(w *work, id string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(worklist.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a worklist", command)
	}
	unit := care.UnitID("")
	if u, shared := strings.CutPrefix(id, "unit."); shared {
		unit = care.UnitID(u)
	}
	u, known := w.dir.Unit(unit)
	var broken error
	k := worklist.Known{
		Mine:    known && slices.Contains(w.s.units(act.Actor.ID, w.now), unit) || id == ListOfProfessional(act.Actor.ID),
		HasRole: u.HasRole,
		Day:     care.CalendarOf(orNorway(u.Regime)).Date,
		Open: func(x worklist.Item) (care.Item, bool) {
			i, open, err := w.openItem(store.Stream(x.Stream), x.Key)
			broken = err
			return i, open && i.Post.Unit == unit
		},
	}
	made, err := worklist.Decide(*s.(*worklist.State), c, act, k)
	if broken != nil {
		return nil, broken
	}
	return made, err
}

// orNorway is the regime whose clock is read where the matter is under none.
func orNorway(r care.Regime) care.Regime {
	if r == "" {
		return care.Norway
	}
	return r
}

// openItem reads an open item into the work, so that the append fails if it
// changes meanwhile.
func (w *work) openItem(st store.Stream, key string) (care.Item, bool, error) {
	if _, known := w.s.kinds[st.Kind()]; !known {
		return care.Item{}, false, nil
	}
	o, err := w.open(st)
	if err != nil {
		return care.Item{}, false, err
	}
	for _, i := range itemsIn(o.now) {
		if i.Key == key {
			return i, true, nil
		}
	}
	return care.Item{}, false, nil
}

// itemsIn are the items that a state gives, whatever kind of stream it is.
func itemsIn(state any) []care.Item {
	switch s := state.(type) {
	case interface{ List() []care.Item }:
		return s.List()
	case interface{ Items() []care.Item }:
		return s.Items()
	}
	return nil
}

// list reads what is arranged around a list.
func (r *reading) list(id string) (*worklist.State, error) {
	state, _, err := r.s.load(r.ctx, store.StreamOf("worklist", id))
	if err != nil {
		return nil, err
	}
	return state.(*worklist.State), nil
}

// unitsOf are the units of some covers, none twice.
func unitsOf(covers []directory.Cover) []care.UnitID {
	var units []care.UnitID
	for _, c := range covers {
		if !slices.Contains(units, c.Unit) {
			units = append(units, c.Unit)
		}
	}
	return units
}
