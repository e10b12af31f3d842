package casework

import (
	"forlop/access"
	"forlop/care"
)

// own begins an answer on the asker's own pages, or on those of whom they act for: key
// is whom the pages are of, and all are the records that they are made of. Two records
// of one person are one plan to themselves; what a relative may see was given for one
// of them. Reading goes on behind the wall of each record (within).
func (r *reading) own() (key care.PersonKey, all []care.PersonKey, err error) {
	key = r.who.person()
	if err := r.seeOwn(key); err != nil {
		return key, nil, err
	}
	all = []care.PersonKey{key}
	if r.who.Actor.Kind == care.Patient {
		all, err = r.s.records(r.ctx, key)
	}
	return key, all, err
}

// ownPlan is own for what is part of the plan: acting alone shows nothing of a child
// who is old enough.
func (r *reading) ownPlan() (key care.PersonKey, all []care.PersonKey, err error) {
	if key, all, err = r.own(); err == nil && !r.ground.covers(access.Plan) {
		err = access.Denied()
	}
	return key, all, err
}

// head ends such an answer: it fills what every own page begins with – whose it is,
// what is withheld and why – and what whoever is named on it is called.
func (r *reading) head(p *Plan, key care.PersonKey, named func(contact care.Post) (people, error)) error {
	err := r.within(key)
	if err != nil {
		return err
	}
	if p.Person, err = r.person(key); err != nil {
		return err
	}
	p.Withheld = r.ground.withheld()
	r.ground.coverPerson(&p.Person)
	p.people, err = named(p.Person.Contact)
	p.hide = r.hides(p.Person)
	return err
}

// contactOnly names the first contact alone.
func (r *reading) contactOnly(contact care.Post) (people, error) {
	return r.people([]care.Post{contact})
}
