package casework

import (
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/journey"
	"forlop/store"
)

// formKind is the stream of one form that a person was asked to fill in.
type formKind struct{}

func (formKind) decode(typ string, body []byte) (care.Event, error) {
	return questionnaire.Events.Decode(typ, body)
}
func (formKind) fresh(string) any { return &questionnaire.State{} }
func (formKind) clone(s any) any {
	c := s.(*questionnaire.State).Clone()
	return &c
}
func (formKind) evolve(s any, r care.Recorded) error {
	return questionnaire.Evolve(s.(*questionnaire.State), r)
}
func (formKind) wake() any                      { return questionnaire.Wake{} }
func (formKind) due(s any) (time.Time, bool)    { return questionnaire.Due(*s.(*questionnaire.State)) }
func (formKind) subject(_ string, s any) string { return string(s.(*questionnaire.State).Person) }
func (formKind) facts(s any) (care.Regime, string) {
	f := s.(*questionnaire.State)
	return f.Regime, f.Questionnaire.Hash
}

func (formKind) decide(w *work, _ string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(questionnaire.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a form", command)
	}
	f := s.(*questionnaire.State)
	known, err := w.formKnown(f, c, act)
	if err != nil {
		return nil, err
	}
	return questionnaire.Decide(*f, c, act, known)
}

// formKnown gathers what a decision about a form may read beside itself.
func (w *work) formKnown(f *questionnaire.State, c questionnaire.Command, act care.Act) (questionnaire.Known, error) {
	k := questionnaire.Known{
		PostExists: w.dir.Exists, Duty: dutyPost(w.dir, f.Reader.Unit, act.At),
		TakesPart: func(care.UnitID) bool { return false },
	}
	who, in := f.Person, f.Journey
	var err error
	switch x := c.(type) {
	case questionnaire.Wake:
		return k, nil
	case questionnaire.Ask:
		who, in = x.Person, x.Journey
		if k.Definition, err = w.asksWith(x.Questionnaire); err != nil {
			return k, err
		}
	default:
		if f.Version > 0 {
			if k.Definition, err = w.s.forms.find(w.ctx, f.Questionnaire.Hash); err != nil {
				return k, err
			}
		}
	}
	if who == "" || in == "" {
		return k, nil
	}
	o, err := w.open(store.StreamOf("journey", in))
	if err != nil {
		return k, err
	}
	if j := o.now.(*journey.State); j.Person == who {
		k.Regime, k.Ended = j.Regime, j.Status == journey.Closed
		units := takingPart(j)
		k.TakesPart = func(u care.UnitID) bool { return slices.Contains(units, u) }
	}
	p, err := w.open(store.StreamOf("person", string(who)))
	if err != nil {
		return k, err
	}
	k.Dead = p.now.(*person.State).Death.Recorded
	return k, nil
}

// asksWith finds the questionnaire to ask with, and keeps its bytes: whatever
// ships later, what somebody answered can be read.
func (w *work) asksWith(r questionnaire.Ref) (*questionnaire.Definition, error) {
	all, err := w.s.forms.offered(w.ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(d *questionnaire.Definition) bool { return d.ID == r.ID && (r.Hash == "" || d.Hash == r.Hash) })
	if i < 0 {
		return nil, nil // the decision says so
	}
	return all[i], w.s.forms.keep(w.ctx, all[i])
}

// dutyPost is the named post that an answer which must never lie unseen reaches
// in a unit: who holds the duty there now, and otherwise the lead, who is a named
// person.
func dutyPost(d *directory.Directory, unit care.UnitID, at time.Time) care.Post {
	duty := care.Post{Unit: unit, Role: care.Duty}
	if d.Exists(duty) && len(d.Holders(duty, at)) > 0 {
		return duty
	}
	return care.Post{Unit: unit, Role: care.Lead}
}

// formBasis is the basis of a relation that gives nothing: it says whose a form
// is, so that a person's forms are found.
const formBasis = "form"

// rows are whose the form is, what is open about it, and the relations of the
// units that something open stands with: whose task it is must be able to read it.
func (formKind) rows(st store.Stream, state any) []store.Row {
	s := state.(*questionnaire.State)
	if s.Version == 0 {
		return nil
	}
	rows := []store.Row{store.Relation{Stream: st, Key: formBasis, Person: s.Person, Basis: formBasis, From: s.AskedAt}}
	seen := map[care.UnitID]bool{}
	for _, i := range s.Items() {
		rows = append(rows, store.Item{Stream: st, Item: i, Person: s.Person})
		if !seen[i.Post.Unit] {
			seen[i.Post.Unit] = true
			rows = append(rows, store.Relation{
				Stream: st, Key: string(i.Post.Unit), Person: s.Person, Unit: i.Post.Unit, Basis: string(access.TakesPart), From: s.AskedAt,
			})
		}
	}
	return rows
}

// journeyOf is the journey whose blocks hold for a stream: a form is part of the
// journey that it was asked for on, and a conversation of the one it is about.
func (a asking) journeyOf(st store.Stream, state any) store.Stream {
	if t, is := state.(*messaging.Thread); is {
		return a.journeyOfThread(st, t)
	}
	f, is := state.(*questionnaire.State)
	if !is {
		return st
	}
	if ask, asks := a.command.(questionnaire.Ask); asks && f.Version == 0 {
		return store.StreamOf("journey", ask.Journey)
	}
	return store.StreamOf("journey", f.Journey)
}

// takesPartInForm reports whether one of the actor's units takes part in the
// journey that a form is asked for on, is the person's first contact, or has
// something open about the form.
func (a asking) takesPartInForm(f *questionnaire.State, p care.PersonKey, among func(care.UnitID) bool) (bool, error) {
	if slices.ContainsFunc(f.Items(), func(i care.Item) bool { return among(i.Post.Unit) }) {
		return true, nil
	}
	read, err := a.read(a.journeyOf("", f))
	if err != nil {
		return false, err
	}
	if j := read.(*journey.State); j.Person == p && slices.ContainsFunc(takingPart(j), among) {
		return true, nil
	}
	read, err = a.read(store.StreamOf("person", string(p)))
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(contacts(read.(*person.State)), among), nil
}

// owesForm reports whether something about a form of the person stands with one
// of the actor's units: whose task it is must be able to read what for.
func (a asking) owesForm(rows []store.Relation, among func(care.UnitID) bool) (bool, error) {
	for _, r := range rows {
		if r.Stream.Kind() != "form" || r.Unit == "" || !among(r.Unit) || !holdsAt(r.From, r.Until, a.now) {
			continue
		}
		read, err := a.read(r.Stream)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(read.(*questionnaire.State).Items(), func(i care.Item) bool { return among(i.Post.Unit) }) {
			return true, nil
		}
	}
	return false, nil
}
