package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

// patients have two journeys each, and something open in their own stream. The
// one who denies is the second, so that others stand before and behind.
var (
	patients = []care.PersonKey{"q1", "q2", "q3"}
	shy      = patients[1]
	region   = []care.UnitID{"u-region", "u-country"}
)

// patient are the rows of one patient; journey is which of the two journeys, "" for
// the person's own stream.
func patient(p care.PersonKey, journey string) []store.Row {
	if journey == "" {
		own := item(store.StreamOf("person", string(p)), "tell/1", painDesk, p, tuesday)
		own.Pathway = ""
		return []store.Row{own}
	}
	s := journeyOf(p, journey)
	rows := []store.Row{store.Journey{Stream: s, Person: p, Pathway: "no.pain", Status: "open", Responsible: painDesk}}
	for n := range 2 {
		due := monday.Add(time.Duration(n*7+len(journey)+int(p[1])*3) * time.Hour)
		rows = append(rows, item(s, fmt.Sprint("step/", n), painDesk, p, due))
	}
	return rows
}

func journeyOf(p care.PersonKey, journey string) store.Stream {
	return store.StreamOf("journey", string(p)+journey)
}

func relationOf(p care.PersonKey) store.Row {
	return store.Relation{Stream: store.StreamOf("person", string(p)), Key: "u-pain", Person: p, Unit: "u-pain", Basis: "takes-part", From: monday}
}

// answers is all that a scope is told of lists, counts and pages.
func answers(t *testing.T, s store.Store, scope store.Scope) string {
	t.Helper()
	var out []any
	for _, posts := range [][]care.Post{nil, {painDesk}, {{Unit: "u-pain"}}, {painDesk, {Unit: "u-gp", Role: "gp"}}} {
		for _, order := range []store.Order{store.ByDue, store.BySince, store.ByLatest} {
			for offset := 0; offset < 20; offset += 5 {
				items, total, err := s.Items(ctx, store.ItemQuery{Scope: scope, Posts: posts, AnyPost: posts == nil, Order: order, Limit: 5, Offset: offset})
				must(t, err)
				out = append(out, keys(items), total)
			}
		}
		counts, err := s.CountItems(ctx, store.ItemQuery{Scope: scope, Posts: posts, AnyPost: posts == nil}, []time.Time{{}, tuesday, friday})
		must(t, err)
		out = append(out, counts)
	}
	for _, q := range []store.JourneyQuery{{}, {Limit: 2}, {After: journeyOf(shy, "a"), Limit: 2}, {Person: shy}, {Responsible: &painDesk}, {Responsible: &care.Post{Unit: "u-pain"}, Limit: 3}} {
		q.Scope = scope
		found, err := s.Journeys(ctx, q)
		must(t, err)
		for _, j := range found {
			out = append(out, j.Stream)
		}
	}
	for _, after := range []care.PersonKey{"", patients[0], shy} {
		found, err := s.Persons(ctx, scope, after, 2)
		must(t, err)
		out = append(out, found)
	}
	return fmt.Sprint(out...)
}

// denies: what a deny hides is, in every list, count, order and page, as if it were
// not there.
func denies(t *testing.T, s store.Store) {
	rows := func(p care.PersonKey) (all []store.Row) {
		for _, j := range []string{"a", "b", ""} {
			all = append(all, patient(p, j)...)
		}
		return append(all, relationOf(p))
	}
	for _, p := range patients {
		appended(t, s, store.Append{Put: rows(p)})
	}
	me := store.Scope{Units: []care.UnitID{"u-pain"}, Above: region, Bases: []string{"takes-part"}, Professional: "p-me", At: tuesday}
	about := func(change func(*store.Scope)) *store.Scope {
		sc := me
		sc.Person = shy
		change(&sc)
		return &sc
	}
	const nothing, person = "nothing", "person"
	for name, c := range map[string]struct {
		deny  store.Deny
		scope *store.Scope // nil is me
		hides string
	}{
		"the unit":                    {deny: store.Deny{Unit: "u-pain"}, hides: person},
		"a unit above":                {deny: store.Deny{Unit: "u-region"}, hides: person},
		"another unit":                {deny: store.Deny{Unit: "u-gp"}, hides: nothing},
		"all but the unit":            {deny: store.Deny{But: "u-pain"}, hides: nothing},
		"all but a unit above":        {deny: store.Deny{But: "u-country"}, hides: nothing},
		"all but another unit":        {deny: store.Deny{But: "u-gp"}, hides: person},
		"the professional":            {deny: store.Deny{Professional: "p-me"}, hides: person},
		"another professional":        {deny: store.Deny{Professional: "p-else"}, hides: nothing},
		"not yet":                     {deny: store.Deny{Unit: "u-pain", From: tuesday.Add(time.Microsecond)}, hides: nothing},
		"from now":                    {deny: store.Deny{Unit: "u-pain", From: tuesday}, hides: person},
		"until the next microsecond":  {deny: store.Deny{Unit: "u-pain", Until: tuesday.Add(time.Microsecond)}, hides: person},
		"until now":                   {deny: store.Deny{Unit: "u-pain", Until: tuesday}, hides: nothing},
		"all but another, until now":  {deny: store.Deny{But: "u-gp", Until: tuesday}, hides: nothing},
		"all but another, from now":   {deny: store.Deny{But: "u-gp", From: tuesday}, hides: person},
		"lifted":                      {deny: store.Deny{Unit: "u-pain", Strength: "closed"}, scope: about(func(s *store.Scope) { s.Lift = []string{"inner", "closed"} }), hides: nothing},
		"all but another, lifted":     {deny: store.Deny{But: "u-gp", Strength: "closed"}, scope: about(func(s *store.Scope) { s.Lift = []string{"closed"} }), hides: nothing},
		"another strength is lifted":  {deny: store.Deny{Professional: "p-me", Strength: "shut"}, scope: about(func(s *store.Scope) { s.Lift = []string{"closed"} }), hides: person},
		"lifted for nobody in person": {deny: store.Deny{Unit: "u-pain", Strength: "closed"}, scope: about(func(s *store.Scope) { s.Person, s.Lift = "", []string{"closed"} }), hides: person},
		"one's own":                   {deny: store.Deny{But: "u-gp"}, scope: &store.Scope{Person: shy}, hides: nothing},
		"everybody's":                 {deny: store.Deny{Unit: "u-pain"}, scope: &store.Scope{All: true}, hides: nothing},
		"two units, one of them denied": {deny: store.Deny{Unit: "u-gp"}, hides: person,
			scope: &store.Scope{Units: []care.UnitID{"u-pain", "u-gp"}, Bases: me.Bases, At: tuesday}},
		"two units, one of them excepted": {deny: store.Deny{But: "u-gp"}, hides: nothing,
			scope: &store.Scope{Units: []care.UnitID{"u-pain", "u-gp"}, Bases: me.Bases, At: tuesday}},
	} {
		for _, whole := range []bool{true, false} {
			what := name
			deny := c.deny
			deny.Stream, deny.Key, deny.Person = store.StreamOf("consent", string(shy)), "block/1", shy
			hidden := rows(shy)
			if !whole {
				what += ", one journey"
				deny.Journey = journeyOf(shy, "a")
				hidden = patient(shy, "a")
			}
			if c.hides == nothing {
				hidden = nil
			}
			scope := me
			if c.scope != nil {
				scope = *c.scope
			}
			t.Run(what, func(t *testing.T) {
				open := answers(t, s, scope)
				appended(t, s, store.Append{Put: []store.Row{deny}})
				got := answers(t, s, scope)
				for _, of := range []store.Stream{"", journeyOf(shy, "a"), journeyOf(shy, "b")} {
					one := scope
					one.Stream = of
					sees, err := s.MaySee(ctx, one, shy)
					must(t, err)
					same(t, fmt.Sprint("may see ", of), sees, c.hides == nothing || !whole && of != deny.Journey)
				}
				absent := store.Append{Drop: []store.RowKey{deny.RowKey()}}
				for _, r := range hidden {
					absent.Drop = append(absent.Drop, r.RowKey())
				}
				appended(t, s, absent)
				same(t, "what is hidden is as if it were not there", got, answers(t, s, scope))
				if (got == open) != (c.hides == nothing) {
					t.Errorf("the deny hides %s: the lists before and with it:\n%s\n%s", c.hides, open, got)
				}
				appended(t, s, store.Append{Put: hidden})
				same(t, "without the deny", answers(t, s, scope), open)
			})
		}
	}
}

// actors: a relation that names somebody counts where one person is asked about,
// and nowhere else.
func actors(t *testing.T, s store.Store) {
	a := store.Relation{Stream: "consent/q1", Key: "proxy/1", Person: "q1", Actor: "q-kin", Basis: "proxy", From: utc(monday), Until: utc(friday)}
	b := store.Relation{Stream: "consent/q2", Key: "guardian/1", Person: "q2", Actor: "q-kin", Basis: "guardian", From: utc(tuesday)}
	c := store.Relation{Stream: "consent/q2", Key: "proxy/1", Person: "q2", Actor: "q-else", Basis: "proxy", From: utc(monday)}
	put := []store.Row{a, b, c}
	for _, p := range patients {
		put = append(put, append(patient(p, "a"), patient(p, "")...)...)
	}
	put = append(put,
		store.Relation{Stream: "person/q3", Key: "u-pain", Person: "q3", Unit: "u-pain", Basis: "takes-part", From: monday},
		store.Deny{Stream: "consent/q1", Key: "block/1", Person: "q1", But: "u-gp", From: monday})
	appended(t, s, store.Append{Put: put})
	for _, c := range []struct {
		actor string
		at    time.Time
		want  []store.Relation
	}{
		{"q-kin", tuesday, []store.Relation{a, b}},
		{"q-kin", friday, []store.Relation{b}},
		{"q-kin", monday, []store.Relation{a}},
		{"q-kin", monday.Add(-time.Microsecond), nil},
		{"q-kin", time.Time{}, []store.Relation{a, b}},
		{"q-nobody", tuesday, nil},
		{"", tuesday, nil},
	} {
		got, err := s.RelationsOf(ctx, c.actor, c.at)
		must(t, err)
		if len(got) != len(c.want) || len(got) > 0 && !slices.Equal(got, c.want) {
			t.Errorf("relations of %q at %v:\n got %v\nwant %v", c.actor, c.at, got, c.want)
		}
	}
	kin := store.Scope{Person: "q1", Professional: "q-kin", Bases: []string{"proxy"}, At: tuesday}
	with := func(change func(*store.Scope)) store.Scope {
		sc := kin
		change(&sc)
		return sc
	}
	for name, c := range map[string]struct {
		scope store.Scope
		sees  bool
	}{
		"the one named":              {kin, true}, // the deny of all but a unit is not about relatives
		"somebody else":              {with(func(s *store.Scope) { s.Professional = "q-else" }), false},
		"another person":             {with(func(s *store.Scope) { s.Person = "q3" }), false},
		"on another basis":           {with(func(s *store.Scope) { s.Bases = []string{"takes-part"} }), false},
		"on no basis":                {with(func(s *store.Scope) { s.Bases = nil }), false},
		"at the end":                 {with(func(s *store.Scope) { s.At = friday }), false},
		"just before the end":        {with(func(s *store.Scope) { s.At = friday.Add(-time.Microsecond) }), true},
		"before":                     {with(func(s *store.Scope) { s.At = monday.Add(-time.Microsecond) }), false},
		"on a list":                  {with(func(s *store.Scope) { s.Person = "" }), false},
		"a professional from a unit": {with(func(s *store.Scope) { s.Units = []care.UnitID{"u-gp"} }), true},
		"one from a unit kept out":   {with(func(s *store.Scope) { s.Units = []care.UnitID{"u-pain"} }), false},
		"no name, no unit's name": {with(func(s *store.Scope) {
			s.Professional, s.Units = "", []care.UnitID{""}
		}), false},
	} {
		t.Run(name, func(t *testing.T) {
			of := c.scope.Person
			if of == "" {
				of = "q1"
			}
			sees, err := s.MaySee(ctx, c.scope, of)
			must(t, err)
			same(t, "may see", sees, c.sees)
			items, total, err := s.Items(ctx, store.ItemQuery{Scope: c.scope, AnyPost: true})
			must(t, err)
			found, err := s.Journeys(ctx, store.JourneyQuery{Scope: c.scope})
			must(t, err)
			persons, err := s.Persons(ctx, c.scope, "", 0)
			must(t, err)
			want := 0
			if c.sees {
				want = 1
			}
			same(t, "items, total, journeys and persons", []int{len(items), total, len(found), len(persons)}, []int{want * 3, want * 3, want, want})
		})
	}
}

// ownJourneys: a unit that takes part in one of a person's journeys sees that one
// and what is the person's own, on every list, and no other journey of theirs.
func ownJourneys(t *testing.T, s store.Store) {
	gives := func(st store.Stream, p care.PersonKey, u care.UnitID, until time.Time) store.Row {
		return store.Relation{Stream: st, Key: string(u), Person: p, Unit: u, Basis: "takes-part", From: monday, Until: until}
	}
	var put []store.Row
	for _, p := range patients {
		for _, j := range []string{"a", "b", ""} {
			put = append(put, patient(p, j)...)
		}
	}
	put = append(put,
		gives(journeyOf("q1", "a"), "q1", "u-pain", time.Time{}), gives(journeyOf("q1", "b"), "q1", "u-gp", time.Time{}),
		gives(journeyOf("q2", "b"), "q2", "u-pain", time.Time{}), gives(journeyOf("q2", "a"), "q2", "u-pain", tuesday),
		gives("person/q3", "q3", "u-pain", time.Time{}), gives("consent/q3", "q3", "u-rehab", time.Time{}),
		store.Relation{Stream: "consent/q1", Key: "opening/1", Person: "q1", Actor: "p-opens", Basis: "break-glass", From: monday})
	appended(t, s, store.Append{Put: put})
	unit := func(units ...care.UnitID) store.Scope {
		return store.Scope{Units: units, Bases: []string{"takes-part"}, Professional: "p-me", At: tuesday}
	}
	one := func(p care.PersonKey, sc store.Scope) store.Scope {
		sc.Person = p
		return sc
	}
	for name, c := range map[string]struct {
		scope    store.Scope
		journeys []string
		persons  []care.PersonKey
	}{
		"a unit":                     {unit("u-pain"), []string{"q1a", "q2b", "q3a", "q3b"}, patients},
		"another":                    {unit("u-gp"), []string{"q1b"}, patients[:1]},
		"both":                       {unit("u-gp", "u-pain"), []string{"q1a", "q1b", "q2b", "q3a", "q3b"}, patients},
		"by the person's consents":   {unit("u-rehab"), []string{"q3a", "q3b"}, patients[2:]},
		"one person":                 {one("q1", unit("u-pain")), []string{"q1a"}, patients[:1]},
		"one person, first contact":  {one("q3", unit("u-pain")), []string{"q3a", "q3b"}, patients[2:]},
		"one person, elsewhere":      {one("q2", unit("u-gp")), nil, nil},
		"before the other had ended": {store.Scope{Units: []care.UnitID{"u-pain"}, Bases: []string{"takes-part"}, Person: "q2", At: monday}, []string{"q2a", "q2b"}, patients[1:2]},
		"an opening":                 {store.Scope{Person: "q1", Professional: "p-opens", Bases: []string{"break-glass"}, At: tuesday}, []string{"q1a", "q1b"}, patients[:1]},
		"one's own":                  {store.Scope{Person: "q1"}, []string{"q1a", "q1b"}, patients[:1]},
	} {
		t.Run(name, func(t *testing.T) {
			var listed []string
			for _, q := range []store.JourneyQuery{{}, {Responsible: &painDesk}, {Responsible: &care.Post{Unit: "u-pain"}}} {
				q.Scope = c.scope
				found, err := s.Journeys(ctx, q)
				must(t, err)
				listed = nil
				for _, j := range found {
					listed = append(listed, j.Stream.ID())
				}
				same(t, "journeys", listed, c.journeys)
			}
			var want []string
			for _, j := range c.journeys {
				want = append(want, j, j)
			}
			for _, p := range c.persons {
				want = append(want, string(p))
			}
			slices.Sort(want)
			for _, q := range []store.ItemQuery{{AnyPost: true}, {Posts: []care.Post{painDesk}}, {Posts: []care.Post{{Unit: "u-pain"}}}, {AnyPost: true, Order: store.ByLatest}} {
				q.Scope = c.scope
				items, total, err := s.Items(ctx, q)
				must(t, err)
				listed = nil
				for _, i := range items {
					listed = append(listed, i.Stream.ID())
				}
				slices.Sort(listed)
				counts, err := s.CountItems(ctx, q, []time.Time{{}})
				must(t, err)
				same(t, "items", listed, want)
				same(t, "total and count", []int{total, counts[0]}, []int{len(want), len(want)})
			}
			persons, err := s.Persons(ctx, c.scope, "", 0)
			must(t, err)
			same(t, "persons", persons, c.persons)
			for _, p := range patients {
				for _, j := range []string{"a", "b"} {
					sc := c.scope
					sc.Stream = journeyOf(p, j)
					sees, err := s.MaySee(ctx, sc, p)
					must(t, err)
					same(t, "may see "+string(sc.Stream), sees, slices.Contains(c.journeys, string(p)+j))
				}
			}
		})
	}
}
