package casework_test

import (
	"testing"

	"forlop/access"
	"forlop/care/person"
	"forlop/casework"
)

// Merged, two records are one wherever staff look for the person, and two again
// when they are parted.
func TestMergedIsFoundOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stays, js := b.refer("Kari Nordmann")
	gone, jg := b.refer("Kari Nordman")
	search := func(query string) []casework.Found {
		t.Helper()
		found, err := casework.View(b.ctx, b.s, kari, casework.FindPerson{Query: query})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if found := search("Kari"); len(found) != 2 {
		t.Fatalf("before: %d are found", len(found))
	}
	if _, err := b.try(kari, string(gone), person.MergeInto{Into: stays}); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"Kari", "Nordman ", "Nordmann"} {
		found := search(query)
		if len(found) != 1 || found[0].Person != stays || found[0].Identity.Name != "Kari Nordmann" || len(found[0].Journeys) != 2 {
			t.Errorf("%q finds %+v", query, found)
		}
	}
	v, err := casework.View(b.ctx, b.s, kari, casework.GetPerson{Key: gone})
	if err != nil || v.Key != stays {
		t.Errorf("asked for the one that is gone: %s, %v", v.Key, err)
	}
	for _, id := range []string{js, jg} {
		j := b.journey(kari, id)
		if j.Person.Identity.Name != "Kari Nordmann" || j.Person.Contact != b.journey(kari, js).Person.Contact {
			t.Errorf("journey %s calls the person %q, first contact %s", id, j.Person.Identity.Name, j.Person.Contact)
		}
	}
	list, err := casework.View(b.ctx, b.s, kari, casework.WorkQuery{Size: 50})
	if err != nil || len(list.Rows) < 2 {
		t.Fatalf("%d rows, %v", len(list.Rows), err)
	}
	for _, row := range list.Rows {
		if row.Identity.Name != "Kari Nordmann" {
			t.Errorf("the worklist says %q", row.Identity.Name)
		}
	}
	if _, err := b.try(kari, string(gone), person.Unmerge{Other: stays}); err != nil {
		t.Fatal(err)
	}
	if found := search("Kari"); len(found) != 2 {
		t.Errorf("parted: %d are found", len(found))
	}
}

// Where the address of one record is hidden, the other tells nothing either; nor
// does a relative see by it. Parted, each is as it was.
func TestMergedIsHiddenInBoth(t *testing.T) {
	t.Parallel()
	for _, protectedFirst := range []bool{true, false} {
		b := setup(t)
		hidden, _ := b.refer("Kari Nordmann")
		open, err := b.openCanary(7)
		if err != nil {
			t.Fatal(err)
		}
		now := b.clock.Now()
		order := []func(){
			func() {
				if _, err := b.try(fresh(kari, now), string(hidden), access.ProtectAddress{Kind: access.Strict}); err != nil {
					t.Fatal(err)
				}
			},
			func() {
				if _, err := b.try(kari, string(hidden), person.MergeInto{Into: open}); err != nil {
					t.Fatal(err)
				}
			},
		}
		if !protectedFirst {
			order[0], order[1] = order[1], order[0]
		}
		for _, do := range order {
			do()
		}
		if err := b.s.React(b.ctx); err != nil {
			t.Fatal(err)
		}
		v, err := casework.View(b.ctx, b.s, kari, casework.GetPerson{Key: open})
		if err != nil || v.Identity.Protected != access.Strict || v.Identity.Address+v.Identity.Phone+v.Identity.Email != "" {
			t.Errorf("merged with somebody hidden, shown as %+v, %v", v.Identity, err)
		}
		audit, err := b.s.Verify(b.ctx)
		if err != nil || len(audit.Findings) > 0 {
			t.Errorf("verify: %v %v", audit.Findings, err)
		}
		if _, err := b.try(kari, string(hidden), person.Unmerge{Other: open}); err != nil {
			t.Fatal(err)
		}
		if v, err = casework.View(b.ctx, b.s, kari, casework.GetPerson{Key: open}); err != nil || v.Identity.Protected != "" || v.Identity.Address == "" {
			t.Errorf("parted, shown as %+v, %v", v.Identity, err)
		}
		if v, err = casework.View(b.ctx, b.s, kari, casework.GetPerson{Key: hidden}); err != nil || v.Identity.Protected != access.Strict {
			t.Errorf("parted, the hidden one is shown as %+v, %v", v.Identity, err)
		}
	}
}
