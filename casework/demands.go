package casework

import (
	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// knowDemands reads what the person can bear and what is planned for them in
// their other journeys, where a command plans something. Each journey is guarded:
// two plans at once must not break together what each kept alone.
func (w *work) knowDemands(j *journey.State, c journey.Command, k *journey.Known) error {
	switch c.(type) {
	case journey.PlanStep, journey.CallMeeting, journey.NoteContact:
	default:
		return nil
	}
	o, err := w.open(store.StreamOf("person", string(j.Person)))
	if err != nil {
		return err
	}
	if k.Person.Energy = energy(*o.now.(*person.State)); k.Person.Energy == (care.Energy{}) {
		return nil
	}
	rows, err := w.s.store.Journeys(w.ctx, store.JourneyQuery{Scope: store.Scope{All: true}, Person: j.Person, Status: string(journey.Running)})
	if err != nil {
		return err
	}
	for _, row := range rows {
		o, err := w.open(row.Stream)
		if err != nil {
			return err
		}
		if other := o.now.(*journey.State); other != j {
			for _, st := range journey.Demands(other) {
				k.Person.Demands = append(k.Person.Demands, st.Planned)
			}
		}
	}
	return nil
}

// energy is what a person can bear, in the words that all deciders share.
func energy(p person.State) care.Energy {
	return care.Energy{PerWeek: p.Energy.PerWeek, RestDays: p.Energy.RestDays, Minutes: p.Energy.Minutes}
}
