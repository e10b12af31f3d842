package casework

import (
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// personKind is the stream of what is true of a person whatever the journey.
type personKind struct{}

func (personKind) decode(typ string, body []byte) (care.Event, error) {
	return person.Events.Decode(typ, body)
}
func (personKind) fresh(string) any { return &person.State{} }
func (personKind) clone(s any) any {
	c := s.(*person.State).Clone()
	return &c
}
func (personKind) evolve(s any, r care.Recorded) error { return person.Evolve(s.(*person.State), r) }
func (personKind) wake() any                           { return person.Wake{} }
func (personKind) due(s any) (time.Time, bool)         { return person.Due(*s.(*person.State)) }
func (personKind) subject(id string, _ any) string     { return id }
func (personKind) facts(s any) (care.Regime, string)   { return s.(*person.State).Regime, "" }

func (personKind) decide(w *work, _ string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(person.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of a person", command)
	}
	return person.Decide(*s.(*person.State), c, act, person.Known{PostExists: w.dir.Exists})
}

// rows are what is open about the person, and the relations of the unit that is
// their first contact and of those that something open stands with: who is
// offered the contact must be able to read the offer.
func (personKind) rows(st store.Stream, s any) []store.Row {
	p := s.(*person.State)
	if p.Version == 0 {
		return nil
	}
	key := care.PersonKey(st.ID())
	var rows []store.Row
	units := []care.UnitID{p.Contact.Post.Unit}
	for _, i := range p.Items() {
		rows = append(rows, store.Item{Stream: st, Item: i, Person: key})
		units = append(units, i.Post.Unit)
	}
	slices.Sort(units)
	for _, u := range slices.Compact(units) {
		rows = append(rows, store.Relation{
			Stream: st, Key: string(u), Person: key, Unit: u, Basis: string(access.TakesPart), From: p.OpenedAt,
		})
	}
	return rows
}

// firstContact is the post the person turns to now: the one their stream names,
// or, where that unit is closed for good, the post that answers for it.
func firstContact(p person.State, d *directory.Directory, at time.Time) care.Post {
	post := p.Contact.Post
	if post.IsZero() || d.Exists(post) {
		return post
	}
	if _, where, ok := d.Resolve(post, at); ok {
		return where
	}
	return post
}

// malaise is whether effort makes the person worse; nil where nobody has said.
func malaise(p person.State) *bool {
	switch p.Condition.Malaise {
	case person.MalaiseYes:
		yes := true
		return &yes
	case person.MalaiseNo:
		no := false
		return &no
	}
	return nil
}

// onPaper reports whether the person reads no pages.
func onPaper(p person.State) bool {
	return p.Channel.Channel == care.ByLetter || p.Channel.Channel == care.ByPhone
}

// carriersOf is who is recorded to carry prescriptions and sick notes.
func carriersOf(p person.State) journey.Carriers {
	var c journey.Carriers
	if k, ok := p.Carriers[person.Prescriptions]; ok {
		c.Prescriptions, c.PrescriptionsUntil = k.By, k.Until
	}
	if k, ok := p.Carriers[person.SickNote]; ok {
		c.SickNotes, c.SickNotesUntil = k.By, k.Until
	}
	return c
}
