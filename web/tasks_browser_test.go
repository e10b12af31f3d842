package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
)

// An errand is somebody doing one thing in the browser. It counts the pages that
// they see, the first one too, and the fields that they fill or tick. What stands
// in a field already and is left as it is costs nothing.
type errand struct {
	*tab
	h             *house
	pages, fields int
}

func (h *house) errand(t *testing.T, s screen, a string) *errand {
	t.Helper()
	s.language, s.noScripts = "nb", true
	e := &errand{tab: openTab(t, s), h: h}
	if got := e.goTo(a); got != http.StatusOK {
		t.Fatalf("the first page answers %d", got)
	}
	e.pages = 1
	return e
}

// follows presses a link or a button and sees the page it leads to.
func (e *errand) follows(css string) {
	e.t.Helper()
	if got := e.press(css); got != http.StatusOK {
		e.t.Fatalf("%s answers %d:\n%s", css, got, e.text("main"))
	}
	e.pages++
}

func (e *errand) fills(css, value string) {
	e.t.Helper()
	if e.has(css + ":is([type=radio],[type=checkbox])") {
		e.tick(css)
	} else {
		e.choose(css, value)
	}
	e.fields++
}

// cost is the most that a task may take; what it takes is printed.
type cost struct{ pages, fields int }

// tasks are what is done most, with the most that each may cost. The figures stand
// in docs/requirements.md as they were counted.
var tasks = []struct {
	name string
	most cost
	do   func(t *testing.T, h *house) *errand
}{
	{"my next date", cost{1, 0}, func(t *testing.T, h *house) *errand {
		p, id := h.planned("Bodil Storlom")
		e := h.errand(t, telephone, h.login(asPatient(p), "/me"))
		day := norway.Date(h.state(id).StepOf("start-assessment").Planned)
		if said := e.text(".visit"); !strings.Contains(said, fmt.Sprintf("%d. ", day.Day)) {
			t.Errorf("the next date is not on the first page: %s", said)
		}
		return e
	}},
	{"ask to move an appointment", cost{4, 1}, func(t *testing.T, h *house) *errand {
		p, id := h.planned("Bodil Storlom")
		e := h.errand(t, telephone, h.login(asPatient(p), "/me"))
		e.follows(".visit .buttons a")
		e.follows(".visit .buttons a")
		e.fills("main textarea", "Jeg har en annen time den dagen.")
		e.follows("main form .button[type=submit]")
		v, err := casework.View(context.Background(), h.s, coordinator, casework.GetJourney{ID: id})
		if err != nil || len(v.Bookings.State.Wishes) != 1 {
			t.Errorf("the wish did not arrive: %v\n%s", err, e.text("main"))
		}
		return e
	}},
	{"answer a form of three questions", cost{7, 3}, func(t *testing.T, h *house) *errand {
		p, id := h.planned("Bodil Storlom")
		form := asksFor(t, &walk{h.visit(coordinator.Actor), id}, "pain-nrs")
		e := h.errand(t, telephone, h.login(asPatient(p), "/me"))
		e.follows(`#todo a[href="/me/forms/` + form + `"]`)
		e.follows(`main a.button`)
		for range 3 {
			e.fills("input[name=value][value='4']", "4")
			e.follows(`main form button[value=next]`)
		}
		e.follows(`main form .button[type=submit]`)
		if got := filledIn(t, h, p, form); len(got.State.Answers) != 3 || got.State.Status != "sent" && got.State.Status != "handed-in" {
			t.Errorf("the form is %s with %d answers", got.State.Status, len(got.State.Answers))
		}
		return e
	}},
	{"clear ten overdue rows", cost{6, 11}, func(t *testing.T, h *house) *errand {
		names := []string{"Anna", "Berit", "Cecilie", "Dina", "Eva", "Frida", "Gro", "Hanne", "Ida", "Jorid"}
		var ids []string
		for _, n := range names {
			ids = append(ids, h.waiting(n+" Vik")...)
		}
		h.clock.set(h.clock.Now().AddDate(0, 0, 20))
		e := h.errand(t, desk, h.login(coordinator.Actor, "/work"))
		e.follows(`a[href*="view=late"]`)
		picks := h.picks(ids)
		if !e.has(`input[name=pick][value="` + picks[0] + `"]`) {
			e.follows(`#causes tbody a`)
		}
		for _, pick := range picks {
			e.fills(`input[name=pick][value="`+pick+`"]`, "")
		}
		e.fills("#act", "plan")
		e.follows("#bulk-bar button")
		e.follows("main form button")
		e.follows("main form[method=post] button")
		for _, id := range ids {
			if st := h.state(id).StepOf("start-date"); st.Planned.IsZero() || h.state(id).Items["step/"+itoa(st.Step)].Due.Before(h.clock.Now()) {
				t.Errorf("%s is still late:\n%s", id, e.text("main"))
			}
		}
		return e
	}},
	{"answer a referral", cost{5, 4}, func(t *testing.T, h *house) *errand {
		_, id := h.refer("Bodil Storlom")
		e := h.errand(t, desk, h.login(coordinator.Actor, "/work"))
		e.follows(`nav a[href="/referrals"]`)
		e.follows("#work tbody td:last-child a")
		e.follows(".things h2 a")
		e.fills("[name=right][value=right]", "right")
		e.fills("[name=latest-legal-date]", norway.Date(h.clock.Now()).AddDays(60).String())
		e.fills("[name=reasons]", "Smertene har vart lenge.")
		e.fills("[name=how-to-complain]", "Skriv til Statsforvalteren.")
		e.follows(`form[method=post][action$="/answer"] .button[type=submit]`)
		if h.state(id).Answer == nil {
			t.Errorf("the referral is not answered:\n%s", e.text("main"))
		}
		return e
	}},
	{"note a phone call and move the next step", cost{3, 2}, func(t *testing.T, h *house) *errand {
		_, id := h.planned("Bodil Storlom")
		e := h.errand(t, desk, h.login(coordinator.Actor, "/work"))
		e.follows(`#work tbody th a[href^="/journeys/` + id + `"]`)
		e.fills("form.phone-note [name=said]", "Hun vil helst komme på formiddagen.")
		e.fills("form.phone-note [name=next][value='"+itoa(h.state(id).StepOf("help-while-waiting").Step)+"']", "")
		e.follows("form.phone-note .button[type=submit]")
		if st := h.state(id); st.Notes != 1 || st.StepOf("help-while-waiting").Planned.IsZero() {
			t.Errorf("%d notes, the step is planned for %v", st.Notes, st.StepOf("help-while-waiting").Planned)
		}
		return e
	}},
}

// TestTasks does what is done most in the browser, without scripts, and counts the
// pages and the fields that it takes.
func TestTasks(t *testing.T) {
	t.Parallel()
	var counted []string
	for _, task := range tasks {
		e := task.do(t, openHouse(t))
		counted = append(counted, fmt.Sprintf("%-42s %d pages, %2d fields", task.name, e.pages, e.fields))
		if e.pages > task.most.pages || e.fields > task.most.fields {
			t.Errorf("%s takes %d pages and %d fields, at most %d and %d", task.name, e.pages, e.fields, task.most.pages, task.most.fields)
		}
		if said := e.complained(); len(said) > 0 {
			t.Errorf("%s: the browser complained: %v", task.name, said)
		}
	}
	slices.Sort(counted)
	t.Logf("counted:\n%s", strings.Join(counted, "\n"))
}

// planned is a patient who was taken on and has a first visit in a month.
func (h *house) planned(name string) (care.PersonKey, string) {
	p, id := h.refer(name)
	h.accept(id)
	h.act(id, journey.PlanStep{Step: h.state(id).StepOf("start-assessment").Step, At: h.clock.Now().AddDate(0, 0, 30), Way: "clinic"})
	return p, id
}
