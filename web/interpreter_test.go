package web_test

import (
	"strings"
	"testing"
)

// Who needs an interpreter is planned for with the question whether one is
// booked; what is not booked stands on the journey's page until one press says
// that it is.
func TestInterpreterIsAskedFor(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, id := h.refer("Bodil Storlom")
	h.accept(id)
	w := &walk{h.visit(coordinator.Actor), id}
	w.does("set-languages", "", "reading", "en")
	item := w.item("start-assessment")
	plan := w.at("/do/plan?item=" + item)
	if text := w.get(plan).text("main"); !strings.Contains(text, "ingen har sagt om tolk trengs") {
		t.Error("the form does not say that nobody knows whether an interpreter is needed")
	}
	w.does("set-languages", "", "reading", "en", "interpreter", "so")
	p := w.get(plan)
	if text := p.text("main"); !strings.Contains(text, "Er tolk bestilt?") || strings.Contains(text, "ingen har sagt om tolk trengs") {
		t.Error("the form does not ask whether an interpreter is booked")
	}
	w.does("plan", item, "at", w.day(12), "at-time", "10:00", "interpreter-booked", "not-yet")
	if text := w.get(w.at("")).text("main"); !strings.Contains(text, "Tolk er ikke bestilt ennå") || !strings.Contains(text, "Tolk mangler") {
		t.Error("the missing interpreter does not stand on the journey's page")
	}
	w.does("interpreter-booked", strings.Replace(item, "step/", "interpreter/", 1))
	if text := w.get(w.at("")).text("main"); !strings.Contains(text, "Tolk er bestilt") || strings.Contains(text, "Tolk mangler") {
		t.Error("the interpreter that is booked stands as missing")
	}
}
