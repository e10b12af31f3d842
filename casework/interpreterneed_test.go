package casework_test

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/care/booking"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
)

// A need for an interpreter that is learned after the time was booked is a fault on
// the list of who has the step, from the same instant; it goes when one is booked,
// comes back with another language, and goes where none is needed any more.
func TestInterpreterNeedLearnedLater(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.arranged()
	visit := b.step(id, "start-assessment").Step
	copied := booking.Copy{Source: "DIPS", Reference: "A-17", At: instant("2026-02-11 10:00"), Way: "clinic", Journey: id, Step: visit}
	b.must(kari, string(p), copied)
	faults := func() []casework.WorkRow {
		t.Helper()
		list, err := casework.View(b.ctx, b.s, as("turid", "clinic", "team"), casework.WorkQuery{Refs: []string{"interpreter"}, Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		return list.Rows
	}
	check := func(when string, n int, says journey.Interpreting) {
		t.Helper()
		rows, st := faults(), b.journey(kari, id).State.Steps[visit-1]
		if len(rows) != n || st.Interpreter != says {
			t.Errorf("%s there are %d faults, and the step says %q", when, len(rows), st.Interpreter)
		}
		if n > 0 && len(rows) > 0 && (rows[0].Item.Kind != care.FaultItem || rows[0].Journey != id || rows[0].Item.Due.IsZero() || rows[0].Item.Due.After(st.Planned)) {
			t.Errorf("%s the fault is %+v", when, rows[0])
		}
	}
	check("before anybody asked", 0, "")
	b.must(kari, string(p), person.SetLanguages{Reading: care.English})
	check("with another language to read", 0, "")
	b.must(kari, string(p), person.SetLanguages{Reading: care.English, Interpreter: "so"})
	check("with the need", 1, journey.InterpreterNotYet)
	version := b.journey(kari, id).State.Version
	b.must(kari, string(p), person.SetLanguages{Reading: care.Bokmal, Interpreter: "so"})
	if got := b.journey(kari, id).State.Version; got != version {
		t.Errorf("the same need makes %d events more in the journey", got-version)
	}
	b.do(kari, id, journey.NoteInterpreter{Step: visit, Interpreter: journey.InterpreterBooked})
	check("with one booked", 0, journey.InterpreterBooked)
	b.must(kari, string(p), person.SetLanguages{Reading: care.Bokmal, Interpreter: "ti"})
	check("with one booked for another language", 1, journey.InterpreterNotYet)
	b.must(kari, string(p), person.SetLanguages{Reading: care.Bokmal, NoInterpreter: true})
	check("with none needed any more", 0, journey.InterpreterNotNeeded)
	// What was said of this one time stands, whatever is learned of the person.
	b.must(kari, string(p), person.SetLanguages{Reading: care.Bokmal, Interpreter: "so"})
	check("where none is needed this time", 0, journey.InterpreterNotNeeded)
	b.clock.pass(time.Hour)
	copied.At = instant("2026-02-12 10:00")
	b.must(kari, string(p), copied)
	check("for a new time", 1, journey.InterpreterNotYet)
}
