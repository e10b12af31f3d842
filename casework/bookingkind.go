package casework

import (
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// bookingKind is the stream of what is arranged for one person.
type bookingKind struct{}

func (bookingKind) decode(typ string, body []byte) (care.Event, error) {
	return booking.Events.Decode(typ, body)
}
func (bookingKind) fresh(string) any { return &booking.State{} }
func (bookingKind) clone(s any) any {
	c := s.(*booking.State).Clone()
	return &c
}
func (bookingKind) evolve(s any, r care.Recorded) error {
	return booking.Evolve(s.(*booking.State), r)
}
func (bookingKind) wake() any                         { return booking.Wake{} }
func (bookingKind) due(s any) (time.Time, bool)       { return booking.Due(*s.(*booking.State)) }
func (bookingKind) subject(id string, _ any) string   { return id }
func (bookingKind) facts(s any) (care.Regime, string) { return s.(*booking.State).Regime, "" }

func (bookingKind) decide(w *work, id string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(booking.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of somebody's bookings", command)
	}
	k, err := w.bookingKnown(care.PersonKey(id), c)
	if err != nil {
		return nil, err
	}
	return booking.Decide(*s.(*booking.State), c, act, k)
}

// bookingKnown gathers what a decision about bookings may read beside them: the
// person's journeys, each guarded, and what they can bear.
func (w *work) bookingKnown(p care.PersonKey, c booking.Command) (booking.Known, error) {
	o, err := w.open(store.StreamOf("person", string(p)))
	if err != nil {
		return booking.Known{}, err
	}
	who := o.now.(*person.State)
	k := booking.Known{
		Regime: who.Regime, Energy: energy(*who),
		Step:    func(string, int) (booking.Step, bool) { return booking.Step{}, false },
		Demands: func(string, int) []time.Time { return nil },
	}
	switch c.(type) {
	case booking.Wake, booking.Settle, booking.TakeBack, booking.AnswerWish, booking.AnswerTimes, booking.SetTime, booking.WithdrawTimes, booking.Keep, booking.Cancel:
		return k, nil // about what stands in the stream itself
	}
	if who.Death.Recorded {
		return k, care.Refuse("person-died", "This person has died.")
	}
	journeys, err := w.runningOf(p)
	if err != nil {
		return k, err
	}
	k.Step = func(id string, n int) (booking.Step, bool) {
		j, ok := journeys[id]
		if !ok || n < 1 || n > len(j.Steps) || j.Steps[n-1].State == journey.StepUndoing {
			return booking.Step{}, false
		}
		st := j.Steps[n-1]
		return booking.Step{
			Live: st.Live() && j.Status == journey.Running, Meeting: st.Kind == pathway.Meeting, Owner: st.Owner,
			Planned: st.Planned, Missed: st.Missed > 0, Minutes: w.minutesOf(j, st.ID),
		}, true
	}
	k.Demands = func(id string, n int) []time.Time {
		var out []time.Time
		for other, j := range journeys {
			for _, st := range journey.Demands(j) {
				if other != id || st.Step != n {
					out = append(out, st.Planned)
				}
			}
		}
		return out
	}
	return k, nil
}

// runningOf are a person's open journeys by id, each part of the append.
func (w *work) runningOf(p care.PersonKey) (map[string]*journey.State, error) {
	rows, err := w.s.store.Journeys(w.ctx, store.JourneyQuery{Scope: store.Scope{All: true}, Person: p, Status: string(journey.Running), Limit: 100})
	if err != nil {
		return nil, err
	}
	out := make(map[string]*journey.State, len(rows))
	for _, row := range rows {
		o, err := w.open(row.Stream)
		if err != nil {
			return nil, err
		}
		if j := o.now.(*journey.State); j.Person == p {
			out[row.Stream.ID()] = j
		}
	}
	return out, nil
}

// minutesOf is how long a step takes by its pathway; 0 where that is not said or
// cannot be read.
func (w *work) minutesOf(j *journey.State, id pathway.StepID) int {
	def, err := w.s.shelf.find(w.ctx, j.Pathway)
	if err != nil {
		return 0
	}
	for _, s := range def.Steps {
		if s.ID == id {
			return s.Effort.Minutes
		}
	}
	return 0
}

// rows are what is open about the person's bookings, and the relations of the
// units whose task it is.
func (bookingKind) rows(st store.Stream, state any) []store.Row {
	s := state.(*booking.State)
	p := care.PersonKey(st.ID())
	var rows []store.Row
	var units []care.UnitID
	since := map[care.UnitID]time.Time{}
	for _, i := range s.Items() {
		rows = append(rows, store.Item{Stream: st, Item: i, Person: p})
		if from, seen := since[i.Post.Unit]; !seen || i.Since.Before(from) {
			since[i.Post.Unit] = i.Since
		}
		units = append(units, i.Post.Unit)
	}
	slices.Sort(units)
	for _, u := range slices.Compact(units) {
		rows = append(rows, store.Relation{Stream: st, Key: string(u), Person: p, Unit: u, Basis: string(access.TakesPart), From: since[u]})
	}
	return rows
}
