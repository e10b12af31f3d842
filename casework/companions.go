package casework

import (
	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// companions carries out, in the same append, what one stream's events need of
// another so that no law waits for a reaction: a person with a journey has a
// first contact from the same instant (L2).
func (w *work) companions(st store.Stream, act care.Act) error {
	o := w.on[st]
	for _, e := range o.events {
		if e.Type != (journey.Opened{}).Type() {
			continue
		}
		j := o.now.(*journey.State)
		if err := w.firstContact(j, act); err != nil {
			return err
		}
	}
	return nil
}

// firstContact opens the person's stream with the receiving unit's desk as the
// first contact, where there is none yet, and names the coordinator's post.
func (w *work) firstContact(j *journey.State, act care.Act) error {
	st := store.StreamOf("person", string(j.Person))
	p, err := w.open(st)
	if err != nil {
		return err
	}
	if p.version > 0 {
		return nil
	}
	desk := care.Post{Unit: j.Desk.Unit, Role: care.Desk}
	if _, err := w.carry(st, person.Open{Person: j.Person, Regime: j.Regime, Desk: desk}, act); err != nil {
		return err
	}
	def, err := w.s.shelf.find(w.ctx, j.Pathway)
	if err != nil {
		return err
	}
	for _, r := range def.Roles {
		post := care.Post{Unit: desk.Unit, Role: care.Role(r.ID)}
		if !r.Contact || !w.dir.Exists(post) {
			continue
		}
		// The unit names its own coordinator's post: a standing rule of the
		// pathway, carried out by the service for the desk.
		rule := care.Act{At: act.At, Actor: care.Service, Post: desk}
		_, err := w.carry(st, person.AppointContact{Post: post}, rule)
		return err
	}
	return nil
}
