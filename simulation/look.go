package simulation

import (
	"fmt"

	"forlop/care"
	"forlop/casework"
	"forlop/store"
)

// look shows a journey to whoever stands behind the person's first contact.
func (w *world) look(who care.PersonKey, id string) (casework.JourneyView, error) {
	var none casework.JourneyView
	if id == "" {
		return none, fmt.Errorf("no journey is open yet")
	}
	relations, err := w.store.Relations(w.ctx, who)
	if err != nil {
		return none, err
	}
	for _, r := range relations {
		if r.Stream != store.StreamOf("person", string(who)) {
			continue
		}
		holders, where, ok := w.service.Directory().Resolve(care.Post{Unit: r.Unit, Role: care.Desk}, w.clock.Now())
		if !ok {
			return none, fmt.Errorf("nobody stands behind the first contact at %s", r.Unit)
		}
		return casework.View(w.ctx, w.service, professional(holders[0], where), casework.GetJourney{ID: id})
	}
	return none, fmt.Errorf("person %s has no first contact", who)
}
