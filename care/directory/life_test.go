package directory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"forlop/care"
)

var (
	someUnits  = []care.UnitID{"u0", "u1", "u2", "u3", "u4", "u5", "u6"}
	somePeople = []string{"p0", "p1", "p2", "p3", "p4", "p5"}
	someRoles  = []care.Role{care.Desk, care.Lead, "team", "gp"}
)

// evenly draws a number below n. Rapid's own ranges lean towards small numbers,
// which leaves most commands undrawn.
func evenly(t *rapid.T, n int, label string) int {
	bits := 0
	for range 8 {
		bits <<= 1
		if rapid.Bool().Draw(t, label) {
			bits++
		}
	}
	return bits % n
}

func oneOf[T any](t *rapid.T, list []T, label string) T { return list[evenly(t, len(list), label)] }

// randomCommand draws a command that is often wrong; Decide has to say which.
func randomCommand(t *rapid.T, s State, id care.UnitID) Command {
	who, role := oneOf(t, somePeople, "who"), oneOf(t, someRoles, "role")
	other := oneOf(t, someUnits, "other unit")
	from := day(evenly(t, 40, "from"))
	until := from.AddDate(0, 0, evenly(t, 16, "days"))
	parent := oneOf(t, append([]care.UnitID{""}, someUnits...), "parent")
	if s.Status == "" {
		return OpenUnit{Unit: id, Kind: Trust, Regime: care.Norway, Contact: Contact{Name: "x"}, Roles: []care.Role{"team"}, Lead: who, Parent: parent}
	}
	if evenly(t, 48, "closes") == 0 {
		return Close{other}
	}
	if len(s.Members) > 0 && rapid.Bool().Draw(t, "a member") {
		who = oneOf(t, s.Members, "member").Professional
	}
	away := GoAway{who, oneOf(t, []care.Role{"", role}, "away from"), from, until, oneOf(t, append([]string{""}, somePeople...), "substitute")}
	return oneOf(t, []Command{
		Move{parent}, AddPost{"gp"}, Join{who, role, from, time.Time{}}, Join{who, role, from, until}, Join{who, care.Desk, from, until},
		Leave{1 + evenly(t, 4, "number"), until}, away, away, away, ComeBack{1 + evenly(t, 4, "absence"), until}, NameLead{who, from},
		NameFallback{care.Post{Unit: other, Role: role}}, CloseToNew{other},
		GiveNumbers{[]Number{{care.HER, fmt.Sprint(1 + evenly(t, 4, "her"))}}}, SayCapacity{Capacity{Journeys: evenly(t, 5, "journeys"), Seen: oslo.Date(from), Source: "x"}},
		SayRun{Run{By: oneOf(t, []RunBy{ByRegion, ByContract}, "by"), Runner: oneOf(t, []string{"", "Helse AS"}, "runner"), From: oslo.Date(from), Until: oslo.Date(until)}},
	}, "command")
}

// live carries a random region through random commands and calls check after
// each one that was taken.
func live(t *rapid.T, check func(r *region)) {
	r := newRegion()
	for _, id := range somePeople {
		r.people[id] = Professional{ID: id, Status: "registered"}
	}
	for range 60 {
		r.now = r.now.Add(time.Duration(evenly(t, 30, "hours")) * time.Hour)
		id := oneOf(t, someUnits, "unit")
		before := r.units[id].Clone()
		kept := before.Clone()
		err := r.do(id, randomCommand(t, before, id))
		if err != nil {
			if _, ok := care.AsRefusal(err); !ok {
				t.Fatalf("not a refusal: %v", err)
			}
			if !reflect.DeepEqual(before, kept) || !reflect.DeepEqual(r.units[id], kept) {
				t.Fatalf("a refused command changed the unit")
			}
			continue
		}
		check(r)
	}
}

// TestEveryPostResolves holds L1: from now on, whatever happens to units,
// members and substitutes, every post of every unit that ever opened is answered
// for by a named person, who is the one a naive reading of the rules finds.
func TestEveryPostResolves(t *testing.T) {
	t.Parallel()
	checked, fellBack, closed, away := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		live(t, func(r *region) {
			d := New(r.units)
			at := r.now.Add(time.Duration(24*evenly(t, 50, "ahead")) * time.Hour)
			if err := d.Ready(at); err != nil {
				t.Fatalf("not ready at %v: %v", at, err)
			}
			for _, id := range d.All() {
				for _, role := range append(someRoles, "", "unheard-of") {
					post := care.Post{Unit: id, Role: role}
					holders, where, ok := d.Resolve(post, at)
					want, wantWhere := resolveNaively(r.units, post, at)
					if !ok || len(holders) == 0 || !slices.Equal(holders, want) || where != wantWhere {
						t.Fatalf("%s at %v: got %v at %v, want %v at %v\n%+v", post, at, holders, where, want, wantWhere, r.units)
					}
					checked++
					if where != post {
						fellBack++
					}
					checkCovers(t, d, post, where, holders, at)
				}
				if r.units[id].Status == Closed {
					closed++
				}
				away += len(r.units[id].Absences)
				if _, _, ok := d.Lead(id, at); !ok {
					t.Fatalf("%s has no lead at %v", id, at)
				}
			}
		})
	})
	if fellBack == 0 || fellBack == checked || closed == 0 || away == 0 {
		t.Errorf("the lives were too tame: %d checked, %d fell back, %d closed, %d away", checked, fellBack, closed, away)
	}
}

// checkCovers: a post is covered by exactly those whom Resolve finds.
func checkCovers(t *rapid.T, d *Directory, post, where care.Post, holders []string, at time.Time) {
	for _, who := range somePeople {
		covers := d.Covers(who, at)
		covered := slices.ContainsFunc(covers, func(c Cover) bool { return c.Has(post) })
		own := slices.ContainsFunc(covers, func(c Cover) bool { return c.Own && c.Role == post.Role && c.Unit == post.Unit })
		if answers := slices.Contains(holders, who); covered != answers || own != (answers && where == post) {
			t.Fatalf("%s at %v is held by %v at %s, and %s covers %+v", post, at, holders, where, who, covers)
		}
	}
}

// resolveNaively asks the rules one by one, as they are written, and looks
// nothing up that was worked out before.
func resolveNaively(units map[care.UnitID]State, post care.Post, at time.Time) ([]string, care.Post) {
	now := func(id care.UnitID) care.UnitID {
		for units[id].Status == Closed {
			id = units[id].Successor
		}
		return id
	}
	unit := now(post.Unit)
	for {
		if held := heldNaively(units[unit], post.Role, at); len(held) > 0 {
			return held, care.Post{Unit: unit, Role: post.Role}
		}
		if post.Role != care.Lead || units[unit].Parent == "" {
			break
		}
		unit = now(units[unit].Parent)
	}
	for {
		if held := heldNaively(units[unit], care.Desk, at); len(held) > 0 {
			return held, care.Post{Unit: unit, Role: care.Desk}
		}
		if f := units[unit].Fallback; f.Unit != "" {
			f.Unit = now(f.Unit)
			if held := heldNaively(units[f.Unit], f.Role, at); len(held) > 0 {
				return held, f
			}
			if held := heldNaively(units[f.Unit], care.Desk, at); len(held) > 0 {
				return held, care.Post{Unit: f.Unit, Role: care.Desk}
			}
		}
		if units[unit].Parent == "" {
			return heldNaively(units[unit], care.Lead, at), care.Post{Unit: unit, Role: care.Lead}
		}
		unit = now(units[unit].Parent)
	}
}

// heldNaively replaces whoever is away by their substitutes until nobody new
// comes in.
func heldNaively(s State, role care.Role, at time.Time) []string {
	if s.Status == Closed {
		return nil
	}
	asked := map[string]bool{}
	for _, m := range s.Members {
		if m.Role == role && !m.From.After(at) && (m.Until.IsZero() || m.Until.After(at)) {
			asked[m.Professional] = true
		}
	}
	awayNow := func(who string) (is bool, substitutes []string) {
		for _, a := range s.Absences {
			if a.Professional == who && (a.Role == "" || a.Role == role) && !a.From.After(at) && a.Until.After(at) {
				is = true
				substitutes = append(substitutes, a.Substitute)
			}
		}
		return is, substitutes
	}
	for grown := true; grown; {
		grown = false
		for who := range asked {
			_, substitutes := awayNow(who)
			for _, sub := range substitutes {
				if sub != "" && !asked[sub] {
					asked[sub], grown = true, true
				}
			}
		}
	}
	maps.DeleteFunc(asked, func(who string, _ bool) bool { is, _ := awayNow(who); return is })
	return slices.Sorted(maps.Keys(asked))
}

// TestOneLead: from now on no unit has two leads who are named at once.
func TestOneLead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		live(t, func(r *region) {
			for _, s := range r.units {
				for i, m := range s.Members {
					if !m.Until.IsZero() && m.Until.Before(m.From) {
						t.Fatalf("%s has a member who ends before they start: %+v", s.Unit, m)
					}
					for _, o := range s.Members[:i] {
						if m.Role == care.Lead && o.Role == care.Lead && overlap(m.From, m.Until, o.From, o.Until) {
							t.Fatalf("%s has two leads at once: %+v", s.Unit, s.Members)
						}
					}
				}
			}
		})
	})
}

// TestStoredLife: events survive their bytes, and With gives what New gives.
func TestStoredLife(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := newRegion()
		for _, id := range somePeople {
			r.people[id] = Professional{ID: id, Status: "registered"}
		}
		d := New(nil)
		stored := map[care.UnitID]State{}
		for range 40 {
			id := oneOf(t, someUnits, "unit")
			made, err := Decide(r.units[id], randomCommand(t, r.units[id], id), care.Act{At: r.now}, r.known())
			if err != nil {
				continue
			}
			s, again := r.units[id].Clone(), stored[id].Clone()
			for _, m := range made {
				body, err := care.Encode(m.Event)
				if err != nil {
					t.Fatal(err)
				}
				read, err := Events.Decode(m.Event.Type(), body)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range []struct {
					s *State
					e care.Event
				}{{&s, m.Event}, {&again, read}} {
					if err := Evolve(f.s, care.Recorded{Version: f.s.Version + 1, Event: f.e, Happened: r.now}); err != nil {
						t.Fatal(err)
					}
				}
			}
			earlier := d
			d = d.With(s)
			if evenly(t, 4, "look back") == 0 && !reflect.DeepEqual(earlier, New(r.units)) {
				t.Fatalf("the snapshot from before changed:\n%+v\n%+v", earlier, New(r.units))
			}
			r.units[id], stored[id] = s, again
		}
		a, errA := json.Marshal(r.units)
		b, errB := json.Marshal(stored)
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Fatalf("what was stored folds to something else:\n%s\n%s", a, b)
		}
		if fresh := New(r.units); !reflect.DeepEqual(d, fresh) {
			t.Fatalf("With and New differ:\n%+v\n%+v", d, fresh)
		}
	})
}

func TestEvolveRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	open := State{Version: 1, Unit: "u", Status: Open}
	cases := []struct {
		name    string
		s       State
		version int
		event   care.Event
	}{
		{"a gap", open, 3, PostAdded{Role: "team"}},
		{"a second opening", open, 2, Opened{}},
		{"anything before the opening", State{}, 1, OpenedToNew{}},
		{"opening what is open", open, 2, OpenedToNew{}},
		{"after the end", State{Version: 1, Status: Closed}, 2, ClosedForGood{}},
		{"an unknown member", open, 2, MemberLeft{Member: 1}},
		{"a member out of turn", open, 2, MemberJoined{Member: 2}},
		{"a lead out of turn", open, 2, LeadNamed{Member: 2}},
		{"an unknown absence", open, 2, MemberBack{Absence: 1}},
		{"an absence out of turn", open, 2, MemberAway{Absence: 2}},
		{"a professional's event", open, 2, Registered{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := c.s.Clone()
			if err := Evolve(&s, care.Recorded{Version: c.version, Event: c.event}); err == nil {
				t.Errorf("%s was folded", c.event.Type())
			}
			if s.Version != c.s.Version {
				t.Errorf("the version moved to %d", s.Version)
			}
		})
	}
	p := Professional{}
	if err := EvolveProfessional(&p, care.Recorded{Version: 2, Event: Registered{}}); err == nil {
		t.Error("a gap was folded")
	}
	if err := EvolveProfessional(&p, care.Recorded{Version: 1, Event: RegistrationEnded{}}); err == nil {
		t.Error("an end before the start was folded")
	}
}

// TestAwayAndBack tells one story in full: who holds the coordinator's post, and
// where it falls, through a leave with a substitute who falls ill.
func TestAwayAndBack(t *testing.T) {
	t.Parallel()
	r := trust(t)
	coordinator := care.Post{Unit: "clinic", Role: "coordinator"}
	must(t, r.do("clinic", GoAway{Professional: "david", From: day(14), Until: day(16)}))
	must(t, r.do("clinic", GoAway{Professional: "cecilie", Role: care.Desk, From: day(15), Until: day(17)}))
	must(t, r.do("clinic", NameFallback{care.Post{Unit: "town", Role: care.Desk}}))
	want := []struct {
		on    int
		who   string
		where care.Post
	}{
		{0, "bo", coordinator},
		{10, "david", coordinator},
		{14, "cecilie", care.Post{Unit: "clinic", Role: care.Desk}},
		{15, "anna", care.Post{Unit: "trust", Role: care.Lead}},
		{16, "david", coordinator},
		{20, "bo", coordinator},
	}
	d := New(r.units)
	for _, w := range want {
		holders, where, ok := d.Resolve(coordinator, day(w.on))
		if !ok || fmt.Sprint(holders) != "["+w.who+"]" || where != w.where {
			t.Errorf("day %d: %v at %v, want %s at %v", w.on, holders, where, w.who, w.where)
		}
	}
	must(t, r.do("town", Join{Professional: "eva", Role: care.Desk}))
	if holders, where, _ := New(r.units).Resolve(coordinator, day(15)); fmt.Sprint(holders) != "[eva]" || where.Unit != "town" {
		t.Errorf("the fallback post has %v at %v", holders, where)
	}
	must(t, r.do("clinic", Close{Successor: "town"}))
	d = New(r.units)
	if holders, where, _ := d.Resolve(coordinator, day(0)); fmt.Sprint(holders) != "[eva]" || where.Unit != "town" {
		t.Errorf("after the closing %v at %v answers", holders, where)
	}
	if d.Exists(coordinator) || !d.Exists(care.Post{Unit: "town", Role: care.Desk}) {
		t.Error("a post of a closed unit can be given something new")
	}
	if got := d.Units("eva", day(0)); fmt.Sprint(got) != "[town]" {
		t.Errorf("eva works in %v", got)
	}
	// Only now may bo end: nothing of a closed unit is held.
	must(t, r.professional("bo", EndRegistration{}))
}

// TestFallbackCloses: where the unit of a fallback post closes, its successor
// takes the fallback over, and the snapshot from before does not change.
func TestFallbackCloses(t *testing.T) {
	t.Parallel()
	r := trust(t)
	must(t, r.do("south", OpenUnit{Unit: "south", Kind: Municipality, Regime: care.Norway, Contact: Contact{Name: "Sørby"}, Lead: "david"}))
	must(t, r.do("south", Join{Professional: "david", Role: care.Desk}))
	must(t, r.do("town", Join{Professional: "eva", Role: care.Desk}))
	must(t, r.do("clinic", Leave{Member: 2}))
	must(t, r.do("clinic", NameFallback{care.Post{Unit: "town", Role: care.Desk}}))
	before := New(r.units)
	asked := func(d *Directory) string {
		holders, where, _ := d.Resolve(care.Post{Unit: "clinic", Role: "team"}, day(0))
		return fmt.Sprint(holders, where)
	}
	if got := asked(before); got != "[eva] town/desk" {
		t.Errorf("before the closing: %s", got)
	}
	must(t, r.do("town", Close{Successor: "south"}))
	after := before.With(r.units["town"])
	if got := asked(after); got != "[david] south/desk" {
		t.Errorf("after the closing: %s", got)
	}
	if got := asked(before); got != "[eva] town/desk" {
		t.Errorf("the snapshot from before changed: %s", got)
	}
	if covers := before.Covers("david", day(0)); slices.ContainsFunc(covers, func(c Cover) bool { return c.Unit == "town" }) {
		t.Errorf("the snapshot from before changed: %+v", covers)
	}
	if covers := after.Covers("david", day(0)); !slices.ContainsFunc(covers, func(c Cover) bool { return c.Has(care.Post{Unit: "town", Role: "gp"}) }) {
		t.Errorf("the successor does not cover what was closed: %+v", covers)
	}
}

// TestBrokenTree: where two changes at once made a circle, the leads on the way
// answer until it is mended, and Ready says what is wrong.
func TestBrokenTree(t *testing.T) {
	t.Parallel()
	lead := Member{Number: 1, Professional: "anna", Role: care.Lead, From: start}
	d := New(map[care.UnitID]State{
		"a": {Unit: "a", Status: Open, Parent: "b"},
		"b": {Unit: "b", Status: Open, Parent: "a", Members: []Member{lead}},
		"c": {Unit: "c", Status: Open, Parent: "gone"},
	})
	if holders, _, ok := d.Resolve(care.Post{Unit: "a", Role: "team"}, start); !ok || holders[0] != "anna" {
		t.Errorf("got %v", holders)
	}
	if _, _, ok := d.Resolve(care.Post{Unit: "c", Role: "team"}, start); ok {
		t.Error("nobody can answer for c")
	}
	if _, _, ok := d.Resolve(care.Post{Unit: "gone", Role: care.Desk}, start); ok {
		t.Error("nobody can answer for a unit that is not there")
	}
	if err := d.Ready(start); err == nil {
		t.Error("a broken tree is ready")
	}
}

func TestHoldingKeys(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		live(t, func(r *region) {
			for _, s := range r.units {
				keys := map[string]bool{}
				for _, h := range s.Holders() {
					if keys[h.Key] {
						t.Fatalf("two holdings of %s are called %s", s.Unit, h.Key)
					}
					keys[h.Key] = true
					if !h.Until.IsZero() && !h.Until.After(h.From) {
						t.Fatalf("an empty holding: %+v", h)
					}
				}
			}
		})
	})
}

var oslo = care.CalendarOf(care.Norway)
