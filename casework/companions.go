package casework

import (
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// companions carries out, in the same append, what one stream's events need of
// another so that no law waits for a reaction: a person with a journey has a
// first contact from the same instant (L2); a death ends what rests on a life.
func (w *work) companions(st store.Stream, act care.Act) error {
	o := w.on[st]
	switch st.Kind() {
	case "booking":
		if err := w.booked(o, act); err != nil {
			return err
		}
	case "journey":
		if err := w.planned(o, act); err != nil {
			return err
		}
		if err := w.tooIllRecorded(o.now.(*journey.State), act); err != nil {
			return err
		}
	}
	for _, e := range o.events {
		var err error
		switch e.Type {
		case journey.Opened{}.Type():
			err = w.firstContact(o.now.(*journey.State), act)
		case journey.OfferAccepted{}.Type(), journey.Ended{}.Type(), journey.ContributionGiven{}.Type():
			err = w.handedOver(o, e, act)
		case person.Died{}.Type():
			if err = w.death(care.PersonKey(st.ID()), access.EndAll{}, act); err == nil {
				err = w.emptySeats(care.PersonKey(st.ID()), act)
			}
		case person.DeathRetracted{}.Type():
			err = w.death(care.PersonKey(st.ID()), access.Reopen{}, act)
		case messaging.Reached{}.Type():
			err = w.told(st, e, act)
		case person.LanguagesSet{}.Type():
			err = w.interpreted(o, act)
		case person.MergedInto{}.Type():
			err = w.merge(o.now.(*person.State), act)
		case person.Unmerged{}.Type():
			err = w.part(o.was.(*person.State), o.now.(*person.State), act)
		case access.AddressProtected{}.Type():
			if err = w.endFor(care.PersonKey(st.ID()), access.ByProtectedAddress, act); err == nil {
				// Before the append, so that no crash leaves an address in sight.
				err = w.s.protect(w.ctx, st.ID(), o.now.(*access.State).Protection)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tooIllRecorded lets reminders rest where somebody who works writes down that the
// patient is too ill, as they do when the patient presses it.
func (w *work) tooIllRecorded(j *journey.State, act care.Act) error {
	c, is := w.order.Command.(journey.TooIll)
	if !is || act.For == nil || act.Actor.Kind != care.Professional {
		return nil
	}
	act.Seen = 0
	_, err := w.carry(store.StreamOf("person", string(j.Person)), person.Pause{Why: person.TooIll, Until: c.Until}, act)
	if _, refused := care.AsRefusal(err); refused {
		return nil // they rest already, or the day is over
	}
	return err
}

// death ends what rests on the life of who died, in their own stream and where
// they act for others; or lets their own go on, where it was a mistake.
func (w *work) death(p care.PersonKey, c access.Command, act care.Act) error {
	_, err := w.carry(store.StreamOf("consent", string(p)), c, care.Act{At: act.At, Actor: care.Service})
	if _, refused := care.AsRefusal(err); refused {
		err = nil // that is how it is already
	}
	if _, ends := c.(access.EndAll); !ends || err != nil {
		return err
	}
	return w.endFor(p, access.ByDeath, act)
}

// endFor ends what somebody had as a relative, in every person's stream where
// they had something.
func (w *work) endFor(relative care.PersonKey, why access.EndReason, act care.Act) error {
	rows, err := w.s.store.RelationsOf(w.ctx, string(relative), time.Time{})
	if err != nil {
		return err
	}
	done := map[store.Stream]bool{}
	for _, row := range rows {
		if row.Stream.Kind() != "consent" || done[row.Stream] {
			continue
		}
		done[row.Stream] = true
		_, err := w.carry(row.Stream, access.EndFor{Relative: relative, Why: why}, care.Act{At: act.At, Actor: care.Service})
		if _, refused := care.AsRefusal(err); err != nil && !refused {
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
