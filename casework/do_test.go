package casework_test

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
)

func TestReferralIsTakenOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Ola Nordmann")
	v := b.journey(kari, id)
	if got, want := v.State.Responsible, (care.Post{Unit: "practice", Role: "gp"}); got != want {
		t.Errorf("before the clinic takes it on, responsible is %v, want the sender %v", got, want)
	}
	if got := v.Person.Contact; got != (care.Post{Unit: "clinic", Role: "coordinator"}) {
		t.Errorf("first contact is %v", got)
	}
	answer := v.State.ClockOf("answer")
	if got, want := oslo.LastDay(answer.Latest).String(), "2026-01-19"; got != want {
		t.Errorf("the answer is due %s, want ten working days after the receipt: %s", got, want)
	}
	if got, want := oslo.LastDay(v.State.ClockOf("start").Latest).String(), "2026-03-30"; got != want {
		t.Errorf("the assessment starts by %s, want twelve weeks after the receipt: %s", got, want)
	}
	b.clock.pass(24 * time.Hour)
	b.accept(id)
	v = b.journey(kari, id)
	if got, want := v.State.Responsible, (care.Post{Unit: "clinic", Role: "coordinator"}); got != want {
		t.Errorf("after the answer, responsible is %v, want %v", got, want)
	}
	plan, err := casework.View(b.ctx, b.s, patient(p), casework.MyPlan{})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Journeys) != 1 || plan.Person.Identity.Name != "Ola Nordmann" {
		t.Errorf("the patient sees %d journeys of %q", len(plan.Journeys), plan.Person.Identity.Name)
	}
	if v := b.journey(kari, id); v.Text[1]["reason"] != "Vondt i ryggen i to år." {
		t.Errorf("the reason reads %q", v.Text[1]["reason"])
	}
	audit, err := b.s.Verify(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range audit.Findings {
		t.Errorf("verify: %s: %s", f.Stream, f.What)
	}
	if _, err := casework.View(b.ctx, b.s, nils, casework.GetJourney{ID: id}); err == nil {
		t.Error("a unit that takes no part can see the journey")
	}
	if _, err := b.try(nils, id, journey.EndWait{Wait: 1}); err == nil {
		t.Error("a unit that takes no part can act on the journey")
	}
}

func TestLateReferralClimbs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, id := b.refer("Ola Nordmann")
	b.clock.set(instant("2026-02-20 09:00"))
	if n, err := b.s.WakeDue(b.ctx, "test", nil); err != nil || n == 0 {
		t.Fatalf("woke %d: %v", n, err)
	}
	v := b.journey(kari, id)
	if c := v.State.ClockOf("answer"); c.State != journey.ClockLate {
		t.Errorf("the answer clock is %s", c.State)
	}
	page, err := casework.View(b.ctx, b.s, kari, casework.WorkQuery{Size: 50})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[care.ItemKind]int{}
	for _, r := range page.Rows {
		kinds[r.Item.Kind]++
	}
	if kinds[care.ContactItem] == 0 || kinds[care.StepItem] == 0 || page.Late == 0 {
		t.Errorf("the coordinator's list holds %v, %d late", kinds, page.Late)
	}
	lead, err := casework.View(b.ctx, b.s, as("astrid", "trust", care.Lead), casework.WorkQuery{Size: 50})
	if err != nil {
		t.Fatal(err)
	}
	if lead.Total == 0 {
		t.Error("nothing climbed to the named person at the top")
	}
	if v.State.Status != journey.Running {
		t.Error("silence ended the journey")
	}
}

func TestOrderHappensOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, id := b.refer("Ola Nordmann")
	o := casework.Order{Who: kari, Key: "once", Target: id, Command: journey.NoteContact{How: care.ByPhone, Words: "Ringte."}}
	first, err := b.s.Do(b.ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.s.Do(b.ctx, o)
	if err != nil || !again.Repeated || again.Version != first.Version {
		t.Errorf("sent again: %+v, %v; want the first answer %+v", again, err, first)
	}
	o.Command = journey.NoteContact{How: care.ByPhone, Words: "Noe annet."}
	if _, err := b.s.Do(b.ctx, o); err == nil {
		t.Error("the same key with other words was taken")
	}
}

func TestWhoIsOfferedTheContactCanReadWhatFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.refer("Ola Nordmann")
	if _, err := casework.View(b.ctx, b.s, nils, casework.GetJourney{ID: id}); err == nil {
		t.Fatal("a unit that takes no part can see the journey")
	}
	if _, err := b.try(kari, string(p), person.OfferContact{To: care.Post{Unit: "clinic-b", Role: "coordinator"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := casework.View(b.ctx, b.s, nils, casework.GetJourney{ID: id}); err != nil {
		t.Errorf("the unit that is offered the contact cannot read the journey: %v", err)
	}
	if _, err := b.try(nils, string(p), person.DeclineContact{Offer: 1, Reason: "Vi er for langt unna."}); err != nil {
		t.Fatal(err)
	}
	if _, err := casework.View(b.ctx, b.s, nils, casework.GetJourney{ID: id}); err == nil {
		t.Error("a unit that declined the contact can still see the journey")
	}
}
