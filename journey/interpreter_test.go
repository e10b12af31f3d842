package journey_test

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// visit makes a life with a person who needs an interpreter and a visit to plan.
func visit(t *testing.T) (*life, journey.Step) {
	t.Helper()
	l := newLife(t)
	l.k.Person.Interpreter = true
	l.refer()
	l.accept()
	st := l.step("start-assessment")
	return l, st
}

// What needs an interpreter and has none is a fault on the list of the step's
// owner, two working days ahead and never after the appointment.
func TestInterpreterNotBooked(t *testing.T) {
	t.Parallel()
	l, st := visit(t)
	plan := func(days int, a journey.Interpreting) {
		t.Helper()
		l.do(journey.PlanStep{Step: st.Step, At: l.now.AddDate(0, 0, days), Interpreter: a})
	}
	key := "interpreter/" + itoa(st.Step)
	missing := func(why string, want bool) journey.Item {
		t.Helper()
		i, there := l.item(key)
		if there != want {
			t.Fatalf("%s: the fault stands on a list: %v, should be: %v", why, there, want)
		}
		return i
	}
	plan(20, "")
	i := missing("nobody has said", true)
	if by := oslo.Deadline(l.now, care.Span{N: 2, Unit: care.WorkingDays}).UTC(); i.Kind != care.FaultItem || i.Ref != "interpreter" || i.Post != st.Owner || !i.Due.Equal(by) {
		t.Errorf("the fault is %+v, should be the owner's by %s", i, by)
	}
	l.do(journey.NoteInterpreter{Step: st.Step, Interpreter: journey.InterpreterBooked})
	missing("booked", false)
	if events := l.do(journey.NoteInterpreter{Step: st.Step, Interpreter: journey.InterpreterBooked}); len(events) != 0 {
		t.Errorf("the same again is %v", events)
	}
	// An interpreter is booked for a time; a new time has none until somebody says so.
	plan(21, "")
	missing("moved", true)
	plan(22, journey.InterpreterBooked)
	missing("moved with the interpreter", false)
	l.do(journey.NoteInterpreter{Step: st.Step, Interpreter: journey.InterpreterNotYet})
	missing("the interpreter cannot come", true)
	l.do(journey.NoteInterpreter{Step: st.Step, Interpreter: journey.InterpreterNotNeeded})
	missing("not needed this time", false)
	l.do(journey.PlanStep{Step: st.Step, At: l.now.Add(time.Hour)})
	if i := missing("within the hour", true); !i.Due.Equal(l.now.Add(time.Hour)) {
		t.Errorf("an interpreter is due %s, after the appointment", i.Due)
	}
	l.do(journey.MissStep{Step: st.Step, Reason: journey.MissedTooIll})
	missing("cancelled", false)
	if got := l.step("start-assessment").Interpreter; got != "" {
		t.Errorf("a step without a time has an interpreter: %q", got)
	}
	l.refuse("nothing-planned", journey.NoteInterpreter{Step: st.Step, Interpreter: journey.InterpreterBooked})
	plan(3, journey.InterpreterNotYet)
	l.refuse("interpreter-answer", journey.NoteInterpreter{Step: st.Step})
	l.refuse("interpreter-answer", journey.NoteInterpreter{Step: st.Step, Interpreter: "perhaps"})
	l.refuse("interpreter-answer", journey.PlanStep{Step: st.Step, At: l.now.AddDate(0, 0, 4), Interpreter: "perhaps"})
	l.do(journey.CompleteStep{Step: st.Step}, by(team))
	missing("done", false)
}

// Undoing a plan gives the time before it back, with its interpreter.
func TestInterpreterUndone(t *testing.T) {
	t.Parallel()
	l, st := visit(t)
	l.do(journey.PlanStep{Step: st.Step, At: l.now.AddDate(0, 0, 10), Interpreter: journey.InterpreterBooked})
	l.do(journey.PlanStep{Step: st.Step, At: l.now.AddDate(0, 0, 11)})
	l.do(journey.Undo{Version: l.step("start-assessment").Version})
	if got := l.step("start-assessment"); got.Interpreter != journey.InterpreterBooked || got.LacksInterpreter() {
		t.Errorf("after the undo the interpreter is %q", got.Interpreter)
	}
}

// Who needs no interpreter, and what is no appointment, is asked for none.
func TestInterpreterNotAsked(t *testing.T) {
	t.Parallel()
	l, st := visit(t)
	l.k.Person.Interpreter = false
	l.do(journey.PlanStep{Step: st.Step, At: l.now.AddDate(0, 0, 10)})
	if _, there := l.item("interpreter/" + itoa(st.Step)); there {
		t.Error("somebody who needs none lacks an interpreter")
	}
	l.k.Person.Interpreter = true
	for _, x := range l.s.Steps {
		if x.Live() && x.Kind != pathway.Visit && x.Kind != pathway.Meeting {
			l.refuse("step-of-other-kind", journey.NoteInterpreter{Step: x.Step, Interpreter: journey.InterpreterBooked})
			return
		}
	}
}

// A meeting asks as a visit does.
func TestInterpreterAtMeeting(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.k.Person.Interpreter = true
	l.assess()
	n := l.n("meeting")
	call := journey.CallMeeting{Step: n, At: l.now.AddDate(0, 0, 10), Participants: []journey.Participant{{Party: thePatient}}, Interpreter: "perhaps"}
	l.refuse("interpreter-answer", call)
	call.Interpreter = ""
	l.do(call)
	if _, there := l.item("interpreter/" + itoa(n)); !there {
		t.Error("nobody is asked to book an interpreter for the meeting")
	}
	call.Interpreter, call.At = journey.InterpreterBooked, call.At.Add(time.Hour)
	l.do(call)
	if _, there := l.item("interpreter/" + itoa(n)); there {
		t.Error("an interpreter is booked and asked for")
	}
}
