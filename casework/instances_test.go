package casework_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
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

// several starts processes on one store.
func (b *bundle) several(n int) []*casework.Service {
	all := make([]*casework.Service, n)
	for i := range all {
		all[i] = b.service()
	}
	return all
}

// count counts a journey's events of a type.
func (b *bundle) count(id, typ string) (n int) {
	b.t.Helper()
	events, err := b.store.Load(b.ctx, store.StreamOf("journey", id), 0)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range events {
		if e.Type == typ {
			n++
		}
	}
	return n
}

// What falls due happens once, however many processes wake it at the same time.
func TestWhatFallsDueHappensOnce(t *testing.T) {
	b := setup(t)
	var journeys []string
	for i := range 24 {
		_, id := b.refer(fmt.Sprint("Anna ", i))
		journeys = append(journeys, id)
	}
	b.clock.pass(30 * 24 * time.Hour)
	var together sync.WaitGroup
	for i, s := range b.several(3) {
		together.Go(func() {
			if _, err := s.WakeDue(b.ctx, fmt.Sprint("process ", i), func(st store.Stream, err error) { t.Errorf("%s: %v", st, err) }); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	for _, id := range journeys {
		if n := b.count(id, journey.ClockPassed{}.Type()); n != 1 {
			t.Errorf("the limit of %s passed %d times", id, n)
		}
	}
	if a, err := b.s.Verify(b.ctx); err != nil || len(a.Findings) > 0 {
		t.Errorf("%v, %v", a.Findings, err)
	}
}

// A process that dies with its hands full is taken over when its lease has run
// out, and not before.
func TestAProcessThatDiesIsTakenOver(t *testing.T) {
	b := setup(t)
	_, id := b.refer("Anna")
	b.clock.pass(30 * 24 * time.Hour)
	now := b.clock.Now()
	if taken, err := b.store.Due(b.ctx, "dies", now, now.Add(casework.Lease), 256); err != nil || len(taken) == 0 {
		t.Fatalf("it took %d streams, %v", len(taken), err)
	}
	other := b.several(1)[0]
	report := func(st store.Stream, err error) { t.Errorf("%s: %v", st, err) }
	if n, err := other.WakeDue(b.ctx, "lives", report); err != nil || n != 0 {
		t.Errorf("the other woke %d while the lease ran, %v", n, err)
	}
	b.clock.pass(casework.Lease + time.Second)
	if n, err := other.WakeDue(b.ctx, "lives", report); err != nil || n == 0 {
		t.Errorf("the other woke %d after the lease, %v", n, err)
	}
	if n := b.count(id, journey.ClockPassed{}.Type()); n != 1 {
		t.Errorf("the limit passed %d times", n)
	}
}

// A reaction is carried out once, however many processes react.
func TestAReactionHappensOnce(t *testing.T) {
	b := setup(t)
	b.setUp("practice-b", directory.OpenUnit{Unit: "practice-b", Kind: "primary-care", Parent: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "B"}, Roles: []care.Role{"gp"}})
	who, id := b.refer("Anna")
	b.accept(id)
	if _, err := b.try(kari, string(who), person.ChangeGP{GP: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice-b", Role: "gp"}}}); err != nil {
		t.Fatal(err)
	}
	before := b.count(id, journey.RoleBound{}.Type())
	var together sync.WaitGroup
	for _, s := range b.several(3) {
		together.Go(func() {
			if err := s.React(b.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if after := b.count(id, journey.RoleBound{}.Type()); after-before != 1 {
		t.Errorf("the role was bound %d times", after-before)
	}
}
