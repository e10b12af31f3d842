package casework_test

import (
	"fmt"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/store"
)

func fresh(who casework.Who, at time.Time) casework.Who {
	who.Login = casework.Login{At: at, Level: "high"}
	return who
}

// rowsOf are a person's relations and denies, and the journeys they are in, as
// text: what anybody's access rests on.
func (b *bundle) rowsOf(people ...care.PersonKey) string {
	b.t.Helper()
	out := ""
	for _, table := range []string{"relation", "deny", "journey", "item"} {
		err := b.store.Rows(b.ctx, table, func(key store.RowKey, values []any) error {
			for _, p := range people {
				if fmt.Sprint(values) != "" && (key.Stream.ID() == string(p) || containsAny(values, string(p))) {
					out += fmt.Sprintln(key, values)
					return nil
				}
			}
			return nil
		})
		if err != nil {
			b.t.Fatal(err)
		}
	}
	return out
}

func containsAny(values []any, s string) bool {
	for _, v := range values {
		if fmt.Sprint(v) == s {
			return true
		}
	}
	return false
}

// Invariant 41: two records become one person's and two again. No event is lost
// or gets another key, blocks of both hold for both, the number of either finds
// the one that stays, and parted, everything is as it was.
func TestMergeAndPart(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		b := setup(t)
		a, ja := b.refer("Kari Nordmann")
		o, jo := b.refer("Kari Nordman")
		blocked, lives := [2]bool{n&1 > 0, n&2 > 0}, n&4 > 0
		for i, p := range []care.PersonKey{a, o} {
			if blocked[i] {
				c := access.Block{Against: access.Against{Professional: []string{"per", "nils"}[i]}, Strength: access.Shut}
				if _, err := b.try(fresh(patient(p), b.clock.Now()), string(p), c); err != nil {
					t.Fatalf("blocking: %v", err)
				}
			}
		}
		// Opening a page is a receipt, so both have opened theirs before.
		for _, p := range []care.PersonKey{a, o} {
			if _, err := casework.View(b.ctx, b.s, fresh(patient(p), b.clock.Now()), casework.MyPlan{}); err != nil {
				t.Fatal(err)
			}
		}
		before, events := b.rowsOf(a, o), b.events()
		merge := person.MergeInto{Into: a}
		if _, err := b.try(nils, string(o), merge); err == nil {
			t.Fatal("somebody who takes part in neither merged them")
		}
		if v, err := casework.View(b.ctx, b.s, kari, casework.MergePreview{From: o, Into: a}); err != nil || len(v.FromJourneys) != 1 || len(v.IntoJourneys) != 1 {
			t.Fatalf("the preview shows %v and %v, %v", v.FromJourneys, v.IntoJourneys, err)
		}
		if _, err := b.try(kari, string(o), merge); err != nil {
			t.Fatal(err)
		}
		plan, err := casework.View(b.ctx, b.s, fresh(patient(a), b.clock.Now()), casework.MyPlan{})
		if err != nil || len(plan.Journeys) != 2 {
			t.Fatalf("the plan of both shows %d journeys, %v", len(plan.Journeys), err)
		}
		if blocked[0] || blocked[1] {
			denies := 0
			if err := b.store.Rows(b.ctx, "deny", func(store.RowKey, []any) error { denies++; return nil }); err != nil {
				t.Fatal(err)
			}
			want := 0
			for _, is := range blocked {
				if is {
					want += 2
				}
			}
			if denies != want {
				t.Errorf("%d denies after the merge, want %d: a block of one holds for both", denies, want)
			}
		}
		if lives {
			// They lived on as one before it turned out to be two.
			b.clock.pass(time.Hour)
			if _, err := b.try(patient(a), string(a), person.TellStory{Words: "Mer å si."}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.try(kari, string(o), person.Unmerge{Other: a}); err != nil {
			t.Fatal(err)
		}
		if after := b.rowsOf(a, o); after != before {
			t.Errorf("parted, the rows are\n%s\nand were\n%s", after, before)
		}
		if plan, err = casework.View(b.ctx, b.s, fresh(patient(a), b.clock.Now()), casework.MyPlan{}); err != nil || len(plan.Journeys) != 1 {
			t.Errorf("parted, the plan shows %d journeys, %v", len(plan.Journeys), err)
		}
		if b.events() <= events || b.journey(kari, ja).State.Person != a || b.journey(kari, jo).State.Person != o {
			t.Error("a journey has got another key")
		}
		audit, err := b.s.Verify(b.ctx)
		if err != nil || len(audit.Findings) > 0 {
			t.Errorf("verify: %v %v", audit.Findings, err)
		}
	}
}

// A number that leads to the record that was merged away finds the one that
// stays, and itself again when they are parted.
func TestMergedNumberFindsWhoStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a, _ := b.refer("Kari Nordmann")
	gone, err := b.openCanary(5)
	if err != nil {
		t.Fatal(err)
	}
	find := func() care.PersonKey {
		p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: "x", Number: canaryNumber(5)})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := find(); p != gone {
		t.Fatalf("before: %s", p)
	}
	if _, err := b.try(kari, string(gone), person.MergeInto{Into: a}); err != nil {
		t.Fatal(err)
	}
	if p := find(); p != a {
		t.Errorf("merged: the number finds %s, want %s", p, a)
	}
	c, _ := b.refer("En tredje")
	if _, err := b.try(kari, string(a), person.MergeInto{Into: c}); !isRefused(err, "merge-chain") {
		t.Errorf("merging one that holds an alias: %v", err)
	}
	if _, err := b.try(kari, string(a), person.Unmerge{Other: gone}); !isRefused(err, "unmerge-from") {
		t.Errorf("parting from the wrong side: %v", err)
	}
	if _, err := b.try(kari, string(gone), person.Unmerge{Other: a}); err != nil {
		t.Fatal(err)
	}
	if p := find(); p != gone {
		t.Errorf("parted: the number finds %s, want %s", p, gone)
	}
}

func isRefused(err error, code string) bool {
	r, ok := care.AsRefusal(err)
	return ok && r.Code == code
}

// A hidden address is in no answer but the one that asks for it with a reason.
func TestHiddenAddress(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, err := b.openCanary(3)
	if err != nil {
		t.Fatal(err)
	}
	now := b.clock.Now()
	if _, err := b.try(kari, string(p), person.ChangeMunicipality{Municipality: care.Party{Kind: care.PartyOther, Name: "Fjordvik"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.try(fresh(kari, now), string(p), access.ProtectAddress{Kind: access.Strict}); err != nil {
		t.Fatal(err)
	}
	plan, err := casework.View(b.ctx, b.s, fresh(patient(p), now), casework.MyPlan{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := casework.View(b.ctx, b.s, kari, casework.FindPerson{Query: canaryNumber(3)})
	if err != nil || len(found) != 1 {
		t.Fatalf("the number finds %d, %v", len(found), err)
	}
	for _, i := range []casework.Identity{plan.Person.Identity, found[0].Identity} {
		if i.Address+i.Phone+i.Email != "" || i.Protected != access.Strict || i.Name != canary(3) {
			t.Errorf("a protected person is shown as %+v", i)
		}
	}
	if len(plan.Person.State.Municipalities) > 0 {
		t.Error("where a protected person lives is shown")
	}
	asker := fresh(kari, now)
	if _, err := casework.View(b.ctx, b.s, asker, casework.HiddenAddress{Person: p}); !isRefused(err, "reason-missing") {
		t.Errorf("without a reason: %v", err)
	}
	asker.Reason = "Henter henne hjemme i dag."
	v, err := casework.View(b.ctx, b.s, asker, casework.HiddenAddress{Person: p})
	if err != nil || v.Identity.Address != canary(3)+"veien 1" || v.Municipality.Name != "Fjordvik" {
		t.Fatalf("asked for with a reason: %+v, %v", v, err)
	}
	looks, err := b.store.Looks(b.ctx, p, 1)
	if err != nil || len(looks) != 1 || looks[0].Question != "hidden-address" || looks[0].Reason != asker.Reason {
		t.Errorf("the log says %+v, %v", looks, err)
	}
	if _, err := b.try(fresh(kari, now), string(p), access.UnprotectAddress{}); err != nil {
		t.Fatal(err)
	}
	if found, err = casework.View(b.ctx, b.s, kari, casework.FindPerson{Query: canaryNumber(3)}); err != nil || found[0].Identity.Phone == "" {
		t.Errorf("hidden no more: %v, %v", found, err)
	}
}

// Merging needs a basis in both: else calling two people one would open a
// stranger's record.
func TestMergeTakesPartInBoth(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine, _ := b.refer("Kari Nordmann")
	stranger, _ := b.refer("Ola Nordmann")
	block := access.Block{Against: access.Against{Professional: "kari"}, Strength: access.Shut}
	if _, err := b.try(fresh(patient(stranger), b.clock.Now()), string(stranger), block); err != nil {
		t.Fatal(err)
	}
	before := b.events()
	if _, err := b.try(kari, string(mine), person.MergeInto{Into: stranger}); err == nil || b.events() != before {
		t.Errorf("merged into a record that is blocked: %v", err)
	}
}
