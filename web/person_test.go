package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// referred registers somebody and opens a journey for them at the clinic.
func (h *house) referred(i casework.Identity) (care.PersonKey, string) {
	h.t.Helper()
	p, err := h.s.RegisterPerson(context.Background(), coordinator, h.key(), care.Norway, i)
	if err != nil {
		h.t.Fatal(err)
	}
	id := h.act("", journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
		Sender:   care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}},
		Received: h.clock.Now(), Desk: care.Post{Unit: "clinic", Role: care.Desk}, Reason: "Vondt.",
	})
	return p, id
}

// A coordinator finds that somebody is here twice, sees both side by side, makes
// them one and two again; the lists show one record meanwhile.
func TestMergePages(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	twice, id := h.referred(casework.Identity{Name: "Bodil Storlom"})
	stays, other := h.referred(casework.Identity{Name: "Bodil H. Storlom", Number: someNumber})
	kari := h.visit(coordinator.Actor)
	w := &walk{kari, id}
	page := w.get(w.at("/merge"))
	form := page.form(w.at("/merge"))
	form.Set("q", "Bodil")
	found := w.post(w.at("/merge"), form)
	if text := found.text("main"); !strings.Contains(text, "Bodil H. Storlom") {
		t.Fatalf("the search finds nobody: %.600s", text)
	}
	with := w.at("/merge") + "?with=" + string(stays)
	both := w.get(with)
	for _, want := range []string{"Bodil H. Storlom", someNumber, "Forløpene beholder"} {
		if !strings.Contains(both.text("main"), want) {
			t.Errorf("side by side, %q is missing: %.900s", want, both.text("main"))
		}
	}
	form = both.form(w.at("/merge"))
	if form.Get("stays") != "that" {
		t.Errorf("the one with a number is not proposed to stay: %v", form)
	}
	if merged := w.post(w.at("/merge"), form); merged.status != http.StatusOK || !strings.Contains(merged.text("main"), "De to er slått sammen") {
		t.Fatalf("merged: %d %.600s", merged.status, merged.text("main"))
	}
	v, err := casework.View(context.Background(), h.s, coordinator, casework.GetPerson{Key: twice})
	if err != nil || v.Key != stays {
		t.Fatalf("after merging: %s, %v", v.Key, err)
	}
	for _, path := range []string{w.at(""), "/work"} {
		if text := w.get(path).text("main"); !strings.Contains(text, "Bodil H. Storlom") || strings.Contains(text, "Bodil Storlom") {
			t.Errorf("%s shows two: %.600s", path, text)
		}
	}
	// From the other journey, too, they can be taken apart.
	w = &walk{kari, other}
	form = w.get(w.at("/merge")).form(w.at("/merge"))
	if form.Get("do") != "part" {
		t.Fatalf("the other journey does not offer to part: %v", form)
	}
	if parted := w.post(w.at("/merge"), form); !strings.Contains(parted.text("main"), "De to er skilt igjen") {
		t.Errorf("parted: %.600s", parted.text("main"))
	}
	if v, err = casework.View(context.Background(), h.s, coordinator, casework.GetPerson{Key: twice}); err != nil || v.Key != twice {
		t.Errorf("parted: %s, %v", v.Key, err)
	}
	// One record cannot be merged with itself, nor with one that is not there.
	if s := w.get(w.at("/merge") + "?with=nobody").status; s != http.StatusNotFound {
		t.Errorf("a record that is not there: %d", s)
	}
}
