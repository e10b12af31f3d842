package casework

import (
	"fmt"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/store"
)

// unitKind is the stream of one unit: its posts and who fills them when.
type unitKind struct{}

func (unitKind) decode(typ string, body []byte) (care.Event, error) {
	return directory.Events.Decode(typ, body)
}
func (unitKind) fresh(id string) any { return &directory.State{Unit: care.UnitID(id)} }
func (unitKind) clone(s any) any {
	c := s.(*directory.State).Clone()
	return &c
}
func (unitKind) evolve(s any, r care.Recorded) error {
	return directory.Evolve(s.(*directory.State), r)
}
func (unitKind) wake() any                         { return directory.Wake{} }
func (unitKind) due(s any) (time.Time, bool)       { return directory.Due(*s.(*directory.State)) }
func (unitKind) subject(string, any) string        { return "" }
func (unitKind) facts(s any) (care.Regime, string) { return s.(*directory.State).Regime, "" }

func (unitKind) decide(w *work, _ string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(directory.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a unit", command)
	}
	switch c.(type) {
	case directory.OpenUnit, directory.Move, directory.Close, directory.NameFallback, directory.CloseToNew, directory.GiveNumbers:
		if err := w.guardDirectory(); err != nil {
			return nil, err
		}
	}
	return directory.Decide(*s.(*directory.State), c, act, directory.Known{Directory: w.dir, Professional: w.isRegistered})
}

// guardDirectory makes every unit part of the append. The shape of the tree
// changes seldom, and two changes at once must not break together what each kept
// alone (L1).
func (w *work) guardDirectory() error {
	for _, id := range w.dir.All() {
		o, err := w.open(store.StreamOf("unit", string(id)))
		if err != nil {
			return err
		}
		if seen, _ := w.dir.Unit(id); seen.Version != o.version {
			w.s.tree.put([]directory.State{*o.was.(*directory.State)}, 0)
			return fmt.Errorf("%w: unit %s", store.ErrVersion, id)
		}
	}
	return nil
}

// isRegistered reads a professional's stream into the work, so that the append
// fails if they are ended meanwhile.
func (w *work) isRegistered(id string) bool {
	o, err := w.open(store.StreamOf("professional", id))
	return err == nil && o.now.(*directory.Professional).Active()
}

func (unitKind) rows(st store.Stream, s any) []store.Row {
	u := s.(*directory.State)
	if u.Version == 0 {
		return nil
	}
	rows := []store.Row{store.Unit{
		Stream: st, Kind: string(u.Kind), Name: u.Contact.Name, Parent: string(u.Parent), Regime: u.Regime,
		Open: u.Status != directory.Closed,
	}}
	for _, h := range u.Holders() {
		rows = append(rows, store.Holder{
			Stream: st, Key: h.Key, Post: h.Post, Professional: h.Professional, From: h.From, Until: h.Until,
		})
	}
	return rows
}

// professionalKind is the stream of one professional.
type professionalKind struct{}

func (professionalKind) decode(typ string, body []byte) (care.Event, error) {
	return directory.Events.Decode(typ, body)
}
func (professionalKind) fresh(id string) any { return &directory.Professional{ID: id} }
func (professionalKind) clone(s any) any {
	c := *s.(*directory.Professional)
	return &c
}
func (professionalKind) evolve(s any, r care.Recorded) error {
	return directory.EvolveProfessional(s.(*directory.Professional), r)
}
func (professionalKind) wake() any                          { return nil }
func (professionalKind) due(any) (time.Time, bool)          { return time.Time{}, false }
func (professionalKind) subject(id string, _ any) string    { return id }
func (professionalKind) facts(any) (care.Regime, string)    { return "", "" }
func (professionalKind) rows(store.Stream, any) []store.Row { return nil }

func (professionalKind) decide(w *work, _ string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(directory.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a professional", command)
	}
	if _, ends := c.(directory.EndRegistration); ends {
		if err := w.guardDirectory(); err != nil {
			return nil, err
		}
	}
	return directory.DecideProfessional(*s.(*directory.Professional), c, act, directory.Known{Directory: w.dir})
}
