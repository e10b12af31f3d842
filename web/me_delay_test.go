package web_test

import (
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/journey"
)

// A visit that is moved says on the patient's page what was said before, why it
// is later, who decided, and leads to what can be done.
func TestPatientReadsADelay(t *testing.T) {
	t.Parallel()
	h, p, id := waiting(t)
	n := h.state(id).StepOf("start-assessment").Step
	h.act(id, journey.PlanStep{Step: n, At: h.clock.Now().AddDate(0, 0, 40), Cause: journey.IllHere})
	v := h.visit(asPatient(p))
	said := v.get("/me").text("main")
	for _, want := range []string{"Senere enn avtalt", "Før sa vi fredag 3. april 2026", "noen hos oss er syk", "Smerteklinikken flyttet det"} {
		if !strings.Contains(said, want) {
			t.Errorf("the plan does not say %q:\n%s", want, said)
		}
	}
	if step := v.get("/me/steps/" + id + "/start-assessment").text("main"); !strings.Contains(step, "Passer ikke dagen? Be om en annen.") {
		t.Errorf("the step does not say what can be done:\n%s", step)
	}
}

// Where the place is known to need longer than the limit, both stand on the page
// from the first day, and the day on which somebody phones.
func TestKnownWaitStandsBesideTheLimit(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, id := h.refer("Bodil Storlom")
	h.accept(id)
	v := h.visit(asPatient(p))
	if said := v.get("/me").text("main"); strings.Contains(said, "Stedet sa") || !strings.Contains(said, "Hvis ikke, ringer Kari Bjørk innen") {
		t.Fatalf("before anything is known:\n%s", said)
	}
	owner, wait := h.state(id).StepOf("start-assessment").Owner, care.Span{N: 27, Unit: care.Weeks}
	h.setUp(string(owner.Unit), directory.ReportService{Service: directory.Service{
		ID: "first-visit", Options: []string{"no.pain/steps/start-assessment"}, Where: "Smerteklinikken", Wait: &wait,
		Seen: norway.Date(h.clock.Now().Add(-24 * time.Hour)), Source: "Avdelingen",
	}})
	said := v.get("/me").text("main")
	for _, want := range []string{"ventetiden er 27 uker", "lenger enn fristen", "Hvis ikke, ringer Kari Bjørk innen"} {
		if !strings.Contains(said, want) {
			t.Errorf("the plan does not say %q:\n%s", want, said)
		}
	}
}
