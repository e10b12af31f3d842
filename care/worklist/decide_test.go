package worklist

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"forlop/care"
)

const coordinator = care.Role("coordinator")

var noon = time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)

func known(items ...care.Item) Known {
	return Known{
		Mine: true, HasRole: func(r care.Role) bool { return r == coordinator },
		Day: func(t time.Time) care.Date { return care.CalendarOf(care.Norway).Date(t) },
		Open: func(i Item) (care.Item, bool) {
			for _, x := range items {
				if x.Key == i.Key {
					return x, true
				}
			}
			return care.Item{}, false
		},
	}
}

// done folds what a command makes; it answers the refusal's code where there is one.
func done(t *testing.T, s *State, c Command, at time.Time, k Known) string {
	t.Helper()
	made, err := Decide(*s, c, care.Act{At: at, Actor: care.Actor{Kind: care.Professional, ID: "kari"}}, k)
	if r, refused := care.AsRefusal(err); refused {
		return r.Code
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range made {
		if err := Evolve(s, care.Recorded{Version: s.Version + 1, Event: m.Event, Learned: at, Actor: care.Actor{ID: "kari"}}); err != nil {
			t.Fatal(err)
		}
	}
	return ""
}

func TestViewsAreKept(t *testing.T) {
	t.Parallel()
	var s State
	for _, c := range []struct {
		command Command
		want    string
	}{
		{SaveView{Called: " Mine ", Address: "view=mine"}, ""},
		{SaveView{Called: "mine", Address: "view=late"}, "view-name-taken"},
		{SaveView{Called: "", Address: "view=late"}, "view-name"},
		{SaveView{Called: strings.Repeat("å", 41), Address: "view=late"}, "view-name-long"},
		{SaveView{Called: "Ola 010170", Address: "view=late"}, "view-name-number"},
		{SaveView{Called: "Ut", Address: "https://elsewhere"}, "view-address"},
		{SaveView{View: 7, Called: "Ny", Address: "view=late"}, "view-unknown"},
		{SaveView{View: 1, Called: "Mine", Address: "view=late"}, ""},
		{DropView{View: 2}, "view-unknown"},
		{DropView{View: 1}, ""},
		{SaveView{Called: "Mine", Address: "view=week"}, ""},
	} {
		if got := done(t, &s, c.command, noon, known()); got != c.want {
			t.Errorf("%+v answers %q, not %q", c.command, got, c.want)
		}
	}
	if len(s.Views) != 1 || s.Views[0] != (View{2, "Mine", "view=week", "kari"}) {
		t.Errorf("the views are %+v", s.Views)
	}
	k := known()
	k.Mine = false
	if got := done(t, &s, DropView{View: 2}, noon, k); got != "not-your-list" {
		t.Errorf("somebody else's view answers %q", got)
	}
}

func TestCaseloadLimits(t *testing.T) {
	t.Parallel()
	var s State
	for _, c := range []struct {
		most int
		role care.Role
		want string
	}{{60, coordinator, ""}, {60, "none", "no-such-post"}, {-1, coordinator, "caseload-range"}, {10000, coordinator, "caseload-range"}} {
		if got := done(t, &s, LimitCaseload{c.role, c.most}, noon, known()); got != c.want {
			t.Errorf("%d answers %q, not %q", c.most, got, c.want)
		}
	}
	if s.Limits[coordinator] != 60 {
		t.Errorf("the limits are %v", s.Limits)
	}
	done(t, &s, LimitCaseload{coordinator, 0}, noon, known())
	if len(s.Limits) != 0 {
		t.Errorf("a limit that was lifted is %v", s.Limits)
	}
}

// TestNothingLateSleeps puts random things aside for random times. Whatever sleeps
// is open, not late, and awake again when it is due (L7).
func TestNothingLateSleeps(t *testing.T) {
	t.Parallel()
	slept := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		i := care.Item{Key: "step/1", Kind: care.StepItem, Due: noon.Add(time.Duration(r.IntN(40)-20) * time.Hour), Version: 3}
		if r.IntN(4) == 0 {
			i.Overdue = 1
		}
		if r.IntN(4) == 0 {
			i.Kind = care.EscalationItem
		}
		var s State
		item := Item{"journey/a", "step/1"}
		if done(t, &s, Sleep{item, noon.Add(time.Duration(r.IntN(40)-20) * time.Hour)}, noon, known(i)) != "" {
			continue
		}
		slept++
		if !i.Due.After(noon) || i.Overdue > 0 || i.Kind == care.EscalationItem {
			t.Fatalf("%+v sleeps", i)
		}
		if len(s.Asleep(noon)) != 1 || s.Asleep(noon)[0].Version != 3 || len(s.Asleep(i.Due)) != 0 {
			t.Fatalf("%+v sleeps as %+v", i, s.Sleepers)
		}
		if done(t, &s, WakeUp{item}, noon, known(i)) != "" || len(s.Asleep(noon)) != 0 {
			t.Fatal("it does not wake")
		}
		if done(t, &s, WakeUp{item}, noon, known(i)) != "not-asleep" {
			t.Fatal("it wakes twice")
		}
	}
	if slept < 100 {
		t.Fatalf("only %d slept", slept)
	}
	var s State
	if got := done(t, &s, Sleep{Item{"journey/a", "step/9"}, noon.Add(time.Hour)}, noon, known()); got != "item-gone" {
		t.Errorf("what is not open answers %q", got)
	}
}
