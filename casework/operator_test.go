package casework_test

import (
	"testing"

	"forlop/care"
	"forlop/casework"
)

func TestOperatorLooksAsAUnitDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Ola Nordmann")
	post := care.Post{Unit: "clinic", Role: "coordinator"}
	who := casework.Operator("root", post, "en feil i listen")
	page, err := casework.View(b.ctx, b.s, who, casework.Overview{Limit: 10})
	if err != nil || len(page.Lines) != 1 || page.Lines[0].Contact != post {
		t.Fatalf("the overview holds %v: %v", page.Lines, err)
	}
	v, err := casework.View(b.ctx, b.s, who, casework.GetJourney{ID: id})
	if err != nil || v.State.Person != p {
		t.Errorf("the operator cannot look: %v", err)
	}
	looks, err := casework.View(b.ctx, b.s, patient(p), casework.Looks{})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, l := range looks {
		if l.Actor.ID == "operator-root" && l.Reason == "en feil i listen" && l.Post == post {
			found++
		}
	}
	if found != 2 {
		t.Errorf("the patient reads of %d looks of the operator, want 2: %v", found, looks)
	}
	for name, who := range map[string]casework.Who{
		"without a reason":               casework.Operator("root", post, ""),
		"from nowhere":                   casework.Operator("root", care.Post{Unit: "nowhere", Role: care.Desk}, "x"),
		"from a unit that takes no part": casework.Operator("root", care.Post{Unit: "clinic-b", Role: care.Desk}, "x"),
	} {
		if _, err := casework.View(b.ctx, b.s, who, casework.GetJourney{ID: id}); err == nil {
			t.Errorf("the operator can look %s", name)
		}
	}
}
