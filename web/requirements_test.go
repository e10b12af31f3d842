package web_test

import (
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/journey"
)

// TestRequirementWaiting holds U21: whatever a patient waits for, the first page says
// who has it now, since when, until when at the latest, and what happens after that.
func TestRequirementWaiting(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.north()
	v := h.visit(coordinator.Actor)
	begun := func(name string) *walk {
		_, id := h.refer(name)
		h.accept(id)
		return &walk{v, id}
	}
	for name, begins := range map[string]func() (care.PersonKey, string){
		"the referral is not answered": func() (care.PersonKey, string) { return h.refer("Anna Vik") },
		"it is taken on":               func() (care.PersonKey, string) { w := begun("Berit Vik"); return h.state(w.id).Person, w.id },
		"the sender is asked": func() (care.PersonKey, string) {
			p, id := h.refer("Cecilie Vik")
			(&walk{v, id}).does("ask", "", "to", "practice/gp", "question", "Hvilke medisiner?")
			return p, id
		},
		"somebody else is waited for": func() (care.PersonKey, string) {
			w := begun("Dina Vik")
			w.does("wait", "", "for", "other", "for-name", "Fysioterapeuten", "reason", "result")
			return h.state(w.id).Person, w.id
		},
		"responsibility is offered": func() (care.PersonKey, string) {
			w := begun("Eva Vik")
			w.does("offer-responsibility", "", "to", "north/coordinator", "prescriptions", "none", "sick-notes", "none")
			return h.state(w.id).Person, w.id
		},
		"nothing is open": func() (care.PersonKey, string) {
			w := begun("Frida Vik")
			for range 40 {
				for _, st := range h.state(w.id).Steps {
					if st.Live() {
						h.act(w.id, journey.DropStep{Step: st.Step, Reason: "Gjort et annet sted."})
						break
					}
				}
			}
			return h.state(w.id).Person, w.id
		},
	} {
		p, id := begins()
		four(t, name, h.visit(asPatient(p)).get("/me"))
		_ = id
	}
	// Long after every date.
	h.clock.set(h.clock.Now().AddDate(0, 0, 120))
	v.logIn()
	w := begun("Gro Vik")
	h.clock.set(h.clock.Now().AddDate(0, 0, 120))
	if _, err := h.s.WakeDue(t.Context(), "test", nil); err != nil {
		t.Fatal(err)
	}
	late := h.visit(asPatient(h.state(w.id).Person)).get("/me")
	four(t, "the date has passed", late)
	if said := late.text("section", "aria-labelledby", "latest"); !strings.Contains(said, "ringer deg senest") {
		t.Errorf("after the date nobody is said to phone: %s", said)
	}
}

// four looks for who, since when, until when, and what then.
func four(t *testing.T, name string, page *sheet) {
	t.Helper()
	now, latest := page.text("section", "aria-labelledby", "now"), page.nodes("section", "aria-labelledby", "latest")
	for what, there := range map[string]bool{
		"who": strings.Contains(now, "Ansvarlig:"), "since when": strings.Contains(now, "Siden "), "until when": len(latest) == 1,
	} {
		if !there {
			t.Errorf("%s: the page does not say %s:\n%s", name, what, page.text("main"))
		}
	}
	if len(latest) != 1 {
		return
	}
	inner := &sheet{t: t, root: latest[0]}
	if !inner.has("time", "datetime", "") {
		t.Errorf("%s: no date: %s", name, textOfNode(latest[0]))
	}
	if said := inner.text("p"); !strings.Contains(said, "Hvis ikke") && !strings.Contains(said, "følger") && !strings.Contains(said, "ringer deg") {
		t.Errorf("%s: the page does not say what happens after the date: %s", name, said)
	}
}

// TestRequirementTooIll holds U17: too ill today is one press from the first page, the
// short one and every question.
func TestRequirementTooIll(t *testing.T) {
	t.Parallel()
	h, p, w := walkOf(t)
	form := asksFor(t, w, "pain-nrs")
	v := h.visit(asPatient(p))
	for _, path := range []string{"/me", "/me/short"} {
		if page := v.get(path); !page.has("form", "action", "/me/too-ill") {
			t.Errorf("%s has no press for it", path)
		}
	}
	for _, question := range []string{"/1", "/2", "/3"} {
		if page := v.get("/me/forms/" + form + question); !page.has("button", "name", "missing", "value", "too-ill") || !page.has("button", "value", "declined") || !page.has("button", "value", "unknown") {
			t.Errorf("question %s does not offer the three ways to leave it out: %s", question, page.text("main"))
		}
	}
}

// TestRequirementNothingWithoutADate holds U20 at the forms: what has no date, no owner
// or no reason is refused with the field that lacks it, and nothing is kept.
func TestRequirementNothingWithoutADate(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	h.accept(id)
	w := &walk{h.visit(coordinator.Actor), id}
	before := h.state(id).Version
	for name, try := range map[string][]string{
		"a wait for nobody":               {"wait", "", "for", "", "reason", "result"},
		"a wait that nobody looks at":     {"wait", "", "for", "practice/gp", "reason", "result", "review", ""},
		"a wait without a reason":         {"wait", "", "for", "practice/gp", "reason", ""},
		"something agreed without a date": {"agree", "", "what", "Kort gåtur", "for", "practice/gp", "due", ""},
		"something agreed with nobody":    {"agree", "", "what", "Kort gåtur", "for", "", "due", w.day(30)},
		"an end without who carries on":   {"end", "end/patient-withdraws", "prescriptions", "", "sick-notes", "", "safety-net", ""},
	} {
		p := w.tries(try[0], try[1], try[2:]...)
		if p.status != http.StatusUnprocessableEntity || !p.has("section", "class", "faults") || !p.has("", "aria-invalid", "true") {
			t.Errorf("%s answers %d:\n%s", name, p.status, p.text("main"))
		}
	}
	if got := h.state(id).Version; got != before {
		t.Errorf("something was kept: version %d, was %d", got, before)
	}
}

// TestRequirementUnknown holds U22: the plan says which services it may lack.
func TestRequirementUnknown(t *testing.T) {
	t.Parallel()
	h, p, id := waiting(t)
	if said := h.visit(asPatient(p)).get("/me/journeys/" + id).text("main"); !strings.Contains(said, "NAV, tannlege og andre kan mangle her") {
		t.Errorf("what is not included is not said: %s", said)
	}
}
