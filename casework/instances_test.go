package casework_test

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/store"
)

// beside starts a second process on the bundle's store, with a clock of its own.
func (b *bundle) beside() *bundle {
	other := &bundle{t: b.t, ctx: b.ctx, store: b.store, clock: &hand{now: b.clock.Now()}, n: 1000}
	other.s = other.service()
	return other
}

// What one process changes in a unit holds in every other at once: who has left
// neither sees nor does anything there, whichever process they ask.
func TestUnitsAreTheSameInEveryProcess(t *testing.T) {
	one := setup(t)
	two := one.beside()
	if _, err := casework.View(two.ctx, two.s, kari, casework.WorkQuery{}); err != nil {
		t.Fatalf("kari's worklist before she left: %v", err)
	}
	one.setUp("clinic", directory.Join{Professional: "nils", Role: "coordinator"})
	one.setUp("clinic", directory.Leave{Member: 1, Until: one.clock.Now()})
	if _, err := casework.View(two.ctx, two.s, kari, casework.WorkQuery{}); !denied(err) {
		t.Errorf("she left in the other process and still sees its worklist: %v", err)
	}
	_, err := two.s.Do(two.ctx, casework.Order{Who: kari, Key: two.key(), Target: "clinic", Command: directory.OpenToNew{}})
	if !denied(err) {
		t.Errorf("she left in the other process and still acts: %v", err)
	}
	if _, err := casework.View(two.ctx, two.s, as("nils", "clinic", "coordinator"), casework.WorkQuery{}); err != nil {
		t.Errorf("he joined in the other process and sees nothing: %v", err)
	}
	// A new unit, and a unit under it, made in turns.
	one.setUp("clinic-c", directory.OpenUnit{Unit: "clinic-c", Kind: "pain-clinic", Parent: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "C"}})
	two.setUp("clinic-d", directory.OpenUnit{Unit: "clinic-d", Kind: "pain-clinic", Parent: "clinic-c", Regime: care.Norway, Contact: directory.Contact{Name: "D"}})
	one.setUp("clinic-e", directory.OpenUnit{Unit: "clinic-e", Kind: "pain-clinic", Parent: "clinic-d", Regime: care.Norway, Contact: directory.Contact{Name: "E"}})
}

// Two machines' clocks never agree to the microsecond. Within one stream time
// does not run backwards: what comes later was learned no earlier.
func TestTimeWithinAStreamWithTwoClocks(t *testing.T) {
	one := setup(t)
	one.clock.pass(time.Hour)
	two := one.beside()
	_, j := one.refer("Anna")
	two.clock.pass(-3 * time.Second)
	if _, err := two.s.Do(two.ctx, casework.Order{Who: kari, Key: two.key(), Target: j, Command: journey.NoteContact{How: care.ByPhone, Words: "Ringte."}}); err != nil {
		t.Fatal(err)
	}
	events, err := one.store.Load(one.ctx, store.StreamOf("journey", j), 0)
	if err != nil || len(events) < 2 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for i, e := range events[1:] {
		if e.Learned.Before(events[i].Learned) {
			t.Errorf("event %d (%s) was learned %s before the one before it", e.Version, e.Type, events[i].Learned.Sub(e.Learned))
		}
	}
}

func denied(err error) bool {
	r, ok := care.AsRefusal(err)
	return ok && r.Kind == care.Denied
}
