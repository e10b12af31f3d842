package casework

import (
	"reflect"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// tellsPlace reports whether knowing that a unit helps somebody says where they
// live: a GP's office, a municipality and a work and welfare office serve those who
// live there. Assumed: the laws say that the place is hidden, not by what it shows.
func tellsPlace(k directory.Kind) bool {
	return k == directory.PrimaryCare || k == directory.Municipality || k == directory.NAV
}

// placeUnknown stands where a unit's name would tell the place. It is the same in
// every language; pages put the role beside it.
const placeUnknown = "–"

// hides says which units are not named to the asker about somebody whose address
// is hidden: those that tell the place, to whoever does not answer for that unit,
// for the one that is responsible, or for the first contact. They must know whom to
// reach; nobody else must. nil hides none.
func (r *reading) hides(p PersonView, responsible ...care.UnitID) func(care.UnitID) bool {
	if p.Identity.Protected == "" {
		return nil
	}
	units, _ := r.asking.around()
	if r.ground.basis == access.TakesPart && slices.ContainsFunc(append(responsible, p.Contact.Unit), func(u care.UnitID) bool { return slices.Contains(units, u) }) {
		return nil
	}
	return func(u care.UnitID) bool {
		unit, known := r.dir.Unit(u)
		return known && tellsPlace(unit.Kind) && !slices.Contains(units, u)
	}
}

// withoutPlace takes out of a journey's view, for an asker whom the place is hidden
// from, which units would tell it, and who is named outside the directory: they
// were named as somebody near. What somebody wrote in free text stays.
func (v *JourneyView) withoutPlace() {
	if v.hide == nil {
		return
	}
	own := *v.State
	v.State = &own
	blank(reflect.ValueOf(v.State).Elem(), v.hide)
	for i := range v.History {
		e := reflect.New(reflect.TypeOf(v.History[i].Event)).Elem()
		e.Set(reflect.ValueOf(v.History[i].Event))
		blank(e, v.hide)
		v.History[i].Event = e.Interface().(care.Event)
		v.History[i].Post = unplaced(v.History[i].Post, v.hide)
		blank(reflect.ValueOf(&v.History[i].For).Elem(), v.hide)
	}
}

// unplaced is a post without the unit that would tell the place.
func unplaced(p care.Post, hide func(care.UnitID) bool) care.Post {
	if hide(p.Unit) {
		p.Unit = ""
	}
	return p
}

// blank takes every party and post that would tell the place out of a value,
// whatever holds them, so that what is added later is not forgotten. What the
// value points at is copied first: a state in memory is everybody's.
func blank(v reflect.Value, hide func(care.UnitID) bool) {
	if !v.CanSet() {
		return
	}
	switch x := v.Addr().Interface().(type) {
	case *care.Party:
		if x.Kind == care.PartyOther {
			x.Name = placeUnknown
		}
		x.Post = unplaced(x.Post, hide)
		return
	case *care.Post:
		*x = unplaced(*x, hide)
		return
	case *time.Time:
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			blank(v.Field(i), hide)
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		v.Set(own)
		for i := range v.Len() {
			blank(v.Index(i), hide)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			blank(own.Elem(), hide)
			v.Set(own)
		}
	case reflect.Map:
		if v.IsNil() {
			return
		}
		all := reflect.MakeMapWithSize(v.Type(), v.Len())
		for _, key := range v.MapKeys() {
			own := reflect.New(v.Type().Elem()).Elem()
			own.Set(v.MapIndex(key))
			blank(own, hide)
			all.SetMapIndex(key, own)
		}
		v.Set(all)
	default:
	}
}

// responsibles are the units that are responsible for a person's journeys.
func (r *reading) responsibles(p care.PersonKey) ([]care.UnitID, error) {
	rows, err := r.s.store.Journeys(r.ctx, store.JourneyQuery{Scope: store.Scope{All: true}, Person: p, Limit: 100})
	var units []care.UnitID
	for _, row := range rows {
		state, _, err := r.s.load(r.ctx, row.Stream)
		if err != nil {
			return nil, err
		}
		if j := state.(*journey.State); j.Status == journey.Running {
			units = append(units, j.Responsible.Unit)
		}
	}
	return units, err
}

// hide takes out of a row whom it names, where that would tell the asker the place
// of somebody whose address is hidden.
func (row *WorkRow) hide(r *reading) error {
	state, _, err := r.s.load(r.ctx, store.StreamOf("journey", row.Journey))
	if err != nil {
		return err
	}
	r.ground.basis = access.TakesPart
	return r.unplace(&row.Party, state.(*journey.State))
}

// unplace takes out of a party of a journey what would tell the place.
func (r *reading) unplace(p *care.Party, j *journey.State) error {
	who, err := r.s.identities(r.ctx, []string{string(j.Person)})
	if err != nil {
		return err
	}
	state, _, err := r.s.load(r.ctx, store.StreamOf("person", string(j.Person)))
	if err != nil {
		return err
	}
	v := PersonView{Identity: who[string(j.Person)], Contact: firstContact(*state.(*person.State), r.dir, r.now)}
	if hide := r.hides(v, j.Responsible.Unit); hide != nil {
		blank(reflect.ValueOf(p).Elem(), hide)
	}
	return nil
}

// HiddenView is who marked an address as hidden, when and why.
type HiddenView struct {
	By    string
	At    time.Time
	Words string
}

// hidden finds the newest mark in a person's consents, where it stands.
func (v *AccessView) hidden(events []store.Event) {
	for _, e := range slices.Backward(events) {
		if e.Type == (access.AddressProtected{}).Type() && v.State.Protected() {
			v.Hidden = HiddenView{e.Actor.ID, e.Happened, v.Text[e.Version]["words"]}
			return
		}
	}
}
