package casework

import (
	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// interpreted carries a need for an interpreter that was learned, or changed, after
// times were planned to each of those times, in the same append: where none is
// known to be booked for the language, it is a fault on the list of who has the
// step. Where none is needed any more, nobody is asked to book one.
func (w *work) interpreted(o *opened, act care.Act) error {
	was, now := o.was.(*person.State), o.now.(*person.State)
	if was.Languages.Interpreter == now.Languages.Interpreter {
		return nil
	}
	keys, err := w.s.records(w.ctx, care.PersonKey(o.stream.ID()))
	if err != nil {
		return err
	}
	for _, k := range keys {
		rows, err := w.s.store.Journeys(w.ctx, store.JourneyQuery{Scope: store.Scope{All: true}, Person: k, Status: string(journey.Running)})
		if err != nil {
			return err
		}
		for _, row := range rows {
			j, err := w.open(row.Stream)
			if err != nil {
				return err
			}
			for _, st := range journey.Demands(j.now.(*journey.State)) {
				answer, news := afterwards(st, now.Languages.Interpreter)
				if !news {
					continue
				}
				rule := care.Act{At: act.At, Actor: care.Service, Post: st.Owner}
				if _, err := w.carry(row.Stream, journey.NoteInterpreter{Step: st.Step, Interpreter: answer}, rule); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// afterwards is what holds of an appointment's interpreter once the language that
// the person needs is another; "" is none. One who was booked speaks the language
// that was needed before. That none is needed this time stays as it was said.
func afterwards(st journey.Step, language string) (answer journey.Interpreting, news bool) {
	switch {
	case language == "" && st.Interpreter == journey.InterpreterNotYet:
		return journey.InterpreterNotNeeded, true
	case language != "" && (st.Interpreter == "" || st.Interpreter == journey.InterpreterBooked):
		return journey.InterpreterNotYet, true
	}
	return "", false
}
