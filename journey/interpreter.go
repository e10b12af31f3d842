package journey

import (
	"slices"
	"time"

	"forlop/care"
)

// Interpreting is what is known of the interpreter for one appointment.
type Interpreting string

// The answers. Nothing at all stands where nobody asked.
const (
	InterpreterBooked    Interpreting = "booked"
	InterpreterNotYet    Interpreting = "not-yet"
	InterpreterNotNeeded Interpreting = "not-needed" // not this time
)

// InterpreterAnswers lists them in the order that forms show.
var InterpreterAnswers = []Interpreting{InterpreterBooked, InterpreterNotYet, InterpreterNotNeeded}

// NoteInterpreter says whether an interpreter is booked for the planned time of a
// visit or a meeting.
type NoteInterpreter struct {
	Step        int          `json:"step"`
	Interpreter Interpreting `json:"interpreter"`
}

// InterpreterNoted says whether an interpreter is booked for the planned time of
// a step. By is when one must be booked, where none is yet.
type InterpreterNoted struct {
	Step        int          `json:"step"`
	Interpreter Interpreting `json:"interpreter"`
	By          time.Time    `json:"by,omitzero"`
}

// Type and Name are stable for ever.
func (InterpreterNoted) Type() string { return "journey.interpreter-noted/1" }
func (NoteInterpreter) Name() string  { return "journey.note-interpreter" }

// forInterpreter is how soon an interpreter is booked after the appointment is
// planned (assumed: no source gives a time). It is never later than the
// appointment itself.
var forInterpreter = care.Span{N: 2, Unit: care.WorkingDays}

// noteInterpreter records the answer for a time that is planned already.
func (d *draft) noteInterpreter(c NoteInterpreter) error {
	st, err := d.openItem(c.Step)
	if err != nil {
		return err
	}
	switch {
	case !demands(st):
		return care.Refuse("step-of-other-kind", "This step is a {kind}.", "kind", string(st.Kind))
	case st.Planned.IsZero():
		return care.Refuse("nothing-planned", "Nothing was planned for this step.")
	case c.Interpreter == "":
		return interpreterUnclear()
	}
	if err := interpreterAnswer(c.Interpreter); err != nil {
		return err
	}
	if c.Interpreter != st.Interpreter {
		d.add(InterpreterNoted{Step: st.Step, Interpreter: c.Interpreter, By: d.interpreterBy(c.Interpreter, st.Planned)})
	}
	return nil
}

// interpreterAnswer refuses an answer that is none; not answering is allowed.
func interpreterAnswer(a Interpreting) error {
	if a != "" && !slices.Contains(InterpreterAnswers, a) {
		return interpreterUnclear()
	}
	return nil
}

func interpreterUnclear() error {
	return care.Refuse("interpreter-answer", "Say whether an interpreter is booked: yes, not yet, or not needed this time.").On("interpreter")
}

// interpreting is the answer that a new time of a step has. An interpreter is
// booked for a time: when the time moves and nobody says that one is booked for
// the new one, none is.
func (d *draft) interpreting(st Step, e StepPlanned) (Interpreting, time.Time) {
	a := e.Interpreter
	switch {
	case !demands(st) || e.At.IsZero():
		return "", time.Time{}
	case a == "" && (d.k.Person.Interpreter || st.Interpreter == InterpreterBooked):
		a = InterpreterNotYet
	}
	return a, d.interpreterBy(a, e.At)
}

func (d *draft) interpreterBy(a Interpreting, at time.Time) time.Time {
	if a != InterpreterNotYet {
		return time.Time{}
	}
	by := d.deadline(forInterpreter)
	if at.Before(by) {
		return care.Instant(at)
	}
	return by
}

// LacksInterpreter reports whether the planned time needs an interpreter that
// nobody has booked.
func (s Step) LacksInterpreter() bool {
	return s.Live() && !s.Planned.IsZero() && s.Interpreter == InterpreterNotYet
}

// followInterpreter keeps the fault of a missing interpreter on the list of the
// step's owner for as long as it is missing.
func (s *State) followInterpreter(r care.Recorded, st Step) {
	if !st.LacksInterpreter() {
		s.shut("interpreter", st.Step)
		return
	}
	s.open(r, "interpreter", st.Step, care.FaultItem, "interpreter", st.Owner, st.InterpreterBy, time.Time{})
}
