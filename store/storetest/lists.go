package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

var listTests = []test{
	{"items are ordered, paged and counted", itemPages},
	{"items are narrowed", itemFilters},
	{"items of several posts are merged in order", itemPosts},
	{"items over their latest date come first", itemBreaches},
	{"items are set aside, stand once and are grouped", itemAsides},
	{"a scope sees whom a relation gives it, and nobody else", scopes},
	{"a deny hides what it names and leaves no trace", denies},
	{"a relation may name one actor", actors},
	{"what one journey gives shows no other", ownJourneys},
	{"journeys are listed", journeys},
	{"persons in scope are listed", persons},
	{"relations, holders and units are listed", directory},
}

var everybody = store.Scope{All: true}

// keys names items briefly.
func keys(items []store.Item) []string {
	out := []string{}
	for _, i := range items {
		out = append(out, i.Stream.ID()+" "+i.Item.Key)
	}
	return out
}

func itemsOf(t *testing.T, s store.Store, q store.ItemQuery) ([]string, int) {
	t.Helper()
	got, total, err := s.Items(ctx, q)
	must(t, err)
	// The counts say what the pages say, whatever is asked.
	early := q
	if early.DueBefore.IsZero() || tuesday.Before(early.DueBefore) {
		early.DueBefore = tuesday
	}
	_, before, err := s.Items(ctx, early)
	must(t, err)
	counts, err := s.CountItems(ctx, q, []time.Time{{}, tuesday})
	must(t, err)
	same(t, "counts", counts, []int{total, before})
	q.NoTotal = true
	page, none, err := s.Items(ctx, q)
	must(t, err)
	same(t, "page without a total", keys(page), keys(got))
	same(t, "no total", none, 0)
	return keys(got), total
}

func itemPages(t *testing.T, s store.Store) {
	var all []store.Item
	for n := range 30 {
		i := item(store.StreamOf("journey", fmt.Sprintf("%02d", n%7)), fmt.Sprintf("step/%d", n), painDesk, "q1", monday.Add(time.Duration(n*11%5)*time.Hour))
		i.Item.Since = monday.Add(-time.Duration(n*7%4) * time.Hour)
		i.Item.Latest = monday.Add(time.Duration(n*13%6) * time.Hour)
		if n%5 == 0 {
			i.Item.Latest = time.Time{}
		}
		all = append(all, i)
		appended(t, s, store.Append{Put: []store.Row{i}})
	}
	far := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	for order, at := range map[store.Order]func(store.Item) time.Time{
		"":            func(i store.Item) time.Time { return i.Item.Due },
		store.ByDue:   func(i store.Item) time.Time { return i.Item.Due },
		store.BySince: func(i store.Item) time.Time { return i.Item.Since },
		store.ByLatest: func(i store.Item) time.Time {
			if i.Item.Latest.IsZero() {
				return far
			}
			return i.Item.Latest
		},
	} {
		want := slices.SortedFunc(slices.Values(all), func(a, b store.Item) int {
			return cmp.Or(at(a).Compare(at(b)), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Item.Key, b.Item.Key))
		})
		for _, posts := range [][]care.Post{nil, {painDesk}, {painDesk, {Unit: "u-none", Role: "team"}}, {{Unit: "u-pain"}}} {
			q := store.ItemQuery{Scope: everybody, Order: order, Posts: posts}
			got, total := itemsOf(t, s, q)
			same(t, fmt.Sprintf("order %q", order), got, keys(want))
			same(t, "total", total, 30)
			var paged []string
			for q.Limit = 7; len(paged) < 30; q.Offset += 7 {
				page, total := itemsOf(t, s, q)
				if len(page) == 0 || len(page) > 7 || total != 30 {
					t.Fatalf("page of %d of %d", len(page), total)
				}
				paged = append(paged, page...)
			}
			same(t, "paged", paged, keys(want))
		}
	}
	got, total := itemsOf(t, s, store.ItemQuery{Scope: everybody, Offset: 99, Limit: 5})
	if len(got) != 0 || total != 30 {
		t.Errorf("beyond the end: %v of %d", got, total)
	}
	_, _, err := s.Items(ctx, store.ItemQuery{Scope: everybody, Order: "name"})
	fails(t, err, store.ErrMalformed)
}

// itemBreaches holds the order of a worklist: over the latest date first, a law's
// before others, and then by due.
func itemBreaches(t *testing.T, s store.Store) {
	var rows []store.Row
	for n, c := range []struct {
		ref         string
		due, latest time.Time
	}{
		{"plain", monday, time.Time{}}, {"own", tuesday, monday}, {"law", tuesday, tuesday}, {"law", friday, friday}, {"own", monday, tuesday}, {"plain", tuesday, friday},
	} {
		i := item(store.Stream(fmt.Sprintf("journey/%d", n+1)), "step/1", painDesk, "q1", c.due)
		i.Item.Ref, i.Item.Latest = c.ref, c.latest
		rows = append(rows, i)
	}
	appended(t, s, store.Append{Put: rows})
	q := store.ItemQuery{Scope: everybody, Order: store.ByBreach, Now: friday.Add(-time.Hour), First: []string{"law", "other"}}
	for _, posts := range [][]care.Post{nil, {painDesk, {Unit: "u-none", Role: "team"}}, {painDesk}} {
		q.Posts = posts
		got, _ := itemsOf(t, s, q)
		same(t, "by breach", got, []string{"3 step/1", "2 step/1", "5 step/1", "1 step/1", "6 step/1", "4 step/1"})
	}
	q.Limit, q.Offset = 2, 1
	got, total := itemsOf(t, s, q)
	same(t, "a page by breach", got, []string{"2 step/1", "5 step/1"})
	same(t, "total", total, 6)
}

// itemAsides holds what is left out, what climbs to a post that also holds the
// thing, and the figures of one cause.
func itemAsides(t *testing.T, s store.Store) {
	team, lead := care.Post{Unit: "u-pain", Role: "team"}, care.Post{Unit: "u-pain", Role: care.Lead}
	up := func(stream store.Stream, key string, post care.Post) store.Item {
		i := item(stream, key, post, "q1", monday)
		i.Item.Kind = care.EscalationItem
		return i
	}
	other := item("journey/2", "step/1", team, "q2", monday)
	appended(t, s, store.Append{Put: []store.Row{
		item("journey/1", "step/1", painDesk, "q1", monday), up("journey/1", "step/1!/1", team), up("journey/1", "step/1!/2", lead),
		item("journey/1", "step/10", lead, "q1", friday), other, item("journey/1", "step/2", team, "q2", tuesday),
	}})
	for name, c := range map[string]struct {
		q    store.ItemQuery
		want []string
	}{
		"one left out":      {store.ItemQuery{Leave: []store.Aside{{Stream: "journey/2", Key: "step/1", Version: other.Item.Version}}, Posts: []care.Post{team}}, []string{"1 step/1!/1", "1 step/2"}},
		"another version":   {store.ItemQuery{Leave: []store.Aside{{Stream: "journey/2", Key: "step/1", Version: 99}}, Posts: []care.Post{team}}, []string{"1 step/1!/1", "2 step/1", "1 step/2"}},
		"a cause left out":  {store.ItemQuery{Leave: []store.Aside{{Post: team, Kind: care.StepItem, Ref: other.Item.Ref, DueBefore: tuesday}}, Posts: []care.Post{team}}, []string{"1 step/1!/1", "1 step/2"}},
		"only some":         {store.ItemQuery{Only: []store.Aside{{Stream: "journey/1", Key: "step/2"}, {Stream: "journey/2", Key: "step/1"}}}, []string{"2 step/1", "1 step/2"}},
		"only none":         {store.ItemQuery{Only: []store.Aside{}}, []string{}},
		"once at one post":  {store.ItemQuery{Once: true, Posts: []care.Post{lead}}, []string{"1 step/1!/2", "1 step/10"}},
		"once at two posts": {store.ItemQuery{Once: true, Posts: []care.Post{team, lead}}, []string{"1 step/1!/1", "2 step/1", "1 step/2", "1 step/10"}},
		"once in a unit":    {store.ItemQuery{Once: true, Posts: []care.Post{{Unit: "u-pain"}}}, []string{"1 step/1", "2 step/1", "1 step/2", "1 step/10"}},
		"once but for some": {store.ItemQuery{Once: true, Posts: []care.Post{{Unit: "u-pain"}}, Except: []care.Post{painDesk}}, []string{"1 step/1!/1", "2 step/1", "1 step/2", "1 step/10"}},
		"once anywhere":     {store.ItemQuery{Once: true, AnyPost: true}, []string{"1 step/1", "2 step/1", "1 step/2", "1 step/10"}},
	} {
		c.q.Scope = everybody
		got, _ := itemsOf(t, s, c.q)
		same(t, name, got, c.want)
	}
	groups, err := s.GroupItems(ctx, store.ItemQuery{Scope: everybody, Once: true}, 1)
	must(t, err)
	sum := 0
	for _, g := range groups {
		sum += g.Items
		if g.Persons > g.Items || g.Persons < 1 {
			t.Errorf("a cause counts %d persons in %d items", g.Persons, g.Items)
		}
	}
	same(t, "grouped items", sum, 4)
	groups, err = s.GroupItems(ctx, store.ItemQuery{Scope: everybody, Posts: []care.Post{team}, Kinds: []care.ItemKind{care.StepItem}}, 1)
	must(t, err)
	same(t, "one cause, one person", groups, []store.ItemGroup{{Post: team, Kind: care.StepItem, Ref: other.Item.Ref, Items: 2, Persons: 1}})
	groups, err = s.GroupItems(ctx, store.ItemQuery{Scope: everybody, Posts: []care.Post{team}, Kinds: []care.ItemKind{care.StepItem}}, 2)
	must(t, err)
	same(t, "too few", len(groups), 0)
}

func itemFilters(t *testing.T, s store.Store) {
	a := item("journey/1", "step/1", painDesk, "q1", monday)
	b := item("journey/2", "wait/1", care.Post{Unit: "u-pain", Role: "team"}, "q2", tuesday)
	b.Item.Kind, b.Item.Ref, b.Pathway = care.WaitItem, "answer", "se.pain"
	c := item("journey/3", "step/1", care.Post{Unit: "u-gp", Role: "gp"}, "q1", friday)
	appended(t, s, store.Append{Put: []store.Row{a, b, c}})
	for name, c := range map[string]struct {
		q    store.ItemQuery
		want []string
	}{
		"none":       {store.ItemQuery{}, []string{"1 step/1", "2 wait/1", "3 step/1"}},
		"kind":       {store.ItemQuery{Kinds: []care.ItemKind{care.WaitItem}}, []string{"2 wait/1"}},
		"two kinds":  {store.ItemQuery{Kinds: []care.ItemKind{care.WaitItem, care.StepItem}}, []string{"1 step/1", "2 wait/1", "3 step/1"}},
		"ref":        {store.ItemQuery{Refs: []string{"answer", "x"}}, []string{"2 wait/1"}},
		"pathway":    {store.ItemQuery{Pathways: []string{"no.pain"}}, []string{"1 step/1", "3 step/1"}},
		"pathways":   {store.ItemQuery{Pathways: []string{"se.pain", "no.pain"}}, []string{"1 step/1", "2 wait/1", "3 step/1"}},
		"no pathway": {store.ItemQuery{Pathways: []string{}}, []string{}},
		"due after":  {store.ItemQuery{DueAfter: tuesday}, []string{"2 wait/1", "3 step/1"}},
		"due before": {store.ItemQuery{DueBefore: tuesday}, []string{"1 step/1"}},
		"stream":     {store.ItemQuery{Stream: "journey/3"}, []string{"3 step/1"}},
		"post":       {store.ItemQuery{Posts: []care.Post{{Unit: "u-gp", Role: "gp"}}}, []string{"3 step/1"}},
		"unit":       {store.ItemQuery{Posts: []care.Post{{Unit: "u-pain"}}}, []string{"1 step/1", "2 wait/1"}},
		"except":     {store.ItemQuery{Posts: []care.Post{{Unit: "u-pain"}}, Except: []care.Post{painDesk, {Unit: "u-gp", Role: "gp"}}}, []string{"2 wait/1"}},
		"except one that is named": {
			store.ItemQuery{Posts: []care.Post{{Unit: "u-pain"}, painDesk}, Except: []care.Post{painDesk}}, []string{"1 step/1", "2 wait/1"},
		},
		"except of all": {store.ItemQuery{AnyPost: true, Except: []care.Post{painDesk}}, []string{"2 wait/1", "3 step/1"}},
		"no posts":      {store.ItemQuery{Posts: []care.Post{}}, []string{}},
		"person":        {store.ItemQuery{Scope: store.Scope{Person: "q1"}}, []string{"1 step/1", "3 step/1"}},
	} {
		if c.q.Scope.Person == "" {
			c.q.Scope = everybody
		}
		got, total := itemsOf(t, s, c.q)
		same(t, name, got, c.want)
		same(t, name+": total", total, len(c.want))
	}
}

func itemPosts(t *testing.T, s store.Store) {
	var posts []care.Post
	var put []store.Row
	for n := range 100 {
		p := care.Post{Unit: care.UnitID(fmt.Sprintf("u-%d", n/10)), Role: care.Role(fmt.Sprintf("r-%d", n%10))}
		posts = append(posts, p)
		put = append(put, item(store.StreamOf("journey", fmt.Sprintf("%03d", n)), "step/1", p, "q1", monday.Add(time.Duration(n*37%100)*time.Minute)))
	}
	appended(t, s, store.Append{Put: put})
	want := func(of []care.Post) (out []string) {
		var items []store.Item
		for _, r := range put {
			if p := r.(store.Item).Item.Post; slices.Contains(of, p) || slices.Contains(of, care.Post{Unit: p.Unit}) {
				items = append(items, r.(store.Item))
			}
		}
		slices.SortFunc(items, func(a, b store.Item) int { return a.Item.Due.Compare(b.Item.Due) })
		return keys(items)
	}
	for name, of := range map[string][]care.Post{
		"one": posts[:1], "three": posts[20:23], "all of a hundred": posts,
		"one twice":        {posts[5], posts[5]},
		"a unit":           {{Unit: "u-3"}},
		"a unit and posts": {{Unit: "u-3"}, posts[31], posts[77]},
	} {
		all := want(of)
		for _, limit := range []int{0, 2, 1000} {
			got, total := itemsOf(t, s, store.ItemQuery{Scope: everybody, Posts: of, Limit: limit})
			page := all
			if limit > 0 && len(page) > limit {
				page = page[:limit]
			}
			same(t, name, got, page)
			same(t, name+": total", total, len(all))
		}
	}
}

func scopes(t *testing.T, s store.Store) {
	rel := func(key string, p care.PersonKey, u care.UnitID, basis string, from, until time.Time) store.Row {
		return store.Relation{Stream: store.StreamOf("journey", string(p)), Key: key, Person: p, Unit: u, Basis: basis, From: from, Until: until}
	}
	deny := func(key string, p care.PersonKey, u care.UnitID, who string, from, until time.Time) store.Row {
		return store.Deny{Stream: store.StreamOf("consent", string(p)), Key: key, Person: p, Unit: u, Professional: who, Strength: "block", From: from, Until: until}
	}
	never := time.Time{}
	put := []store.Row{
		rel("1", "q-related", "u-pain", "responsible", monday, never),
		rel("1", "q-ended", "u-pain", "responsible", monday, tuesday),
		rel("1", "q-later", "u-pain", "responsible", friday, never),
		rel("1", "q-advice", "u-pain", "advice", monday, never),
		rel("1", "q-elsewhere", "u-gp", "responsible", monday, never),
		rel("1", "q-both", "u-pain", "responsible", monday, never), rel("2", "q-both", "u-gp", "responsible", monday, never),
		rel("1", "q-blocked", "u-pain", "responsible", monday, never), deny("1", "q-blocked", "u-pain", "", monday, never),
		rel("1", "q-blocked-gp", "u-pain", "responsible", monday, never), rel("2", "q-blocked-gp", "u-gp", "responsible", monday, never), deny("1", "q-blocked-gp", "u-gp", "", monday, never),
		rel("1", "q-named", "u-pain", "responsible", monday, never), deny("1", "q-named", "", "p-ex", monday, never),
		rel("1", "q-lifted", "u-pain", "responsible", monday, never), deny("1", "q-lifted", "u-pain", "", monday, tuesday),
	}
	all := []care.PersonKey{"q-advice", "q-blocked", "q-blocked-gp", "q-both", "q-elsewhere", "q-ended", "q-later", "q-lifted", "q-named", "q-related", "q-stranger"}
	for _, p := range all {
		j := store.StreamOf("journey", string(p))
		put = append(put, item(j, "step/1", painDesk, p, tuesday), store.Journey{Stream: j, Person: p, Pathway: "no.pain", Responsible: painDesk})
	}
	appended(t, s, store.Append{Put: put})

	pain, gp := []care.UnitID{"u-pain"}, []care.UnitID{"u-gp"}
	responsible := []string{"responsible"}
	for name, c := range map[string]struct {
		scope store.Scope
		want  []care.PersonKey
	}{
		"all":              {store.Scope{All: true}, all},
		"all, one person":  {store.Scope{All: true, Person: "q-both"}, []care.PersonKey{"q-both"}},
		"nothing":          {store.Scope{At: friday}, nil},
		"no units":         {store.Scope{Bases: responsible, Professional: "p-1", At: friday}, nil},
		"no bases":         {store.Scope{Units: pain, Professional: "p-1", At: friday}, nil},
		"one unit":         {store.Scope{Units: pain, Bases: responsible, Professional: "p-1", At: friday}, []care.PersonKey{"q-blocked-gp", "q-both", "q-later", "q-lifted", "q-named", "q-related"}},
		"before":           {store.Scope{Units: pain, Bases: responsible, Professional: "p-1", At: monday.Add(-time.Microsecond)}, nil},
		"at the start":     {store.Scope{Units: pain, Bases: responsible, Professional: "p-1", At: monday}, []care.PersonKey{"q-blocked-gp", "q-both", "q-ended", "q-named", "q-related"}},
		"at the end":       {store.Scope{Units: pain, Bases: responsible, Professional: "p-1", At: tuesday}, []care.PersonKey{"q-blocked-gp", "q-both", "q-lifted", "q-named", "q-related"}},
		"two bases":        {store.Scope{Units: pain, Bases: []string{"responsible", "advice"}, Professional: "p-1", At: tuesday}, []care.PersonKey{"q-advice", "q-blocked-gp", "q-both", "q-lifted", "q-named", "q-related"}},
		"another unit":     {store.Scope{Units: gp, Bases: responsible, Professional: "p-1", At: friday}, []care.PersonKey{"q-both", "q-elsewhere"}},
		"two units":        {store.Scope{Units: []care.UnitID{"u-pain", "u-gp"}, Bases: responsible, Professional: "p-1", At: friday}, []care.PersonKey{"q-both", "q-elsewhere", "q-later", "q-lifted", "q-named", "q-related"}},
		"the one denied":   {store.Scope{Units: pain, Bases: responsible, Professional: "p-ex", At: friday}, []care.PersonKey{"q-blocked-gp", "q-both", "q-later", "q-lifted", "q-related"}},
		"nobody in person": {store.Scope{Units: pain, Bases: responsible, At: friday}, []care.PersonKey{"q-blocked-gp", "q-both", "q-later", "q-lifted", "q-named", "q-related"}},
		"one person":       {store.Scope{Units: pain, Bases: responsible, Professional: "p-1", Person: "q-both", At: friday}, []care.PersonKey{"q-both"}},
		"one not in scope": {store.Scope{Units: pain, Bases: responsible, Professional: "p-1", Person: "q-blocked", At: friday}, nil},
		"own":              {store.Scope{Person: "q-blocked"}, []care.PersonKey{"q-blocked"}},
	} {
		t.Run(name, func(t *testing.T) {
			var seen []care.PersonKey
			for _, p := range all {
				ok, err := s.MaySee(ctx, c.scope, p)
				must(t, err)
				if ok {
					seen = append(seen, p)
				}
			}
			same(t, "may see", seen, c.want)

			items, total, err := s.Items(ctx, store.ItemQuery{Scope: c.scope, AnyPost: true})
			must(t, err)
			var listed []care.PersonKey
			for _, i := range items {
				listed = append(listed, i.Person)
			}
			same(t, "items", listed, c.want)
			same(t, "total", total, len(c.want))
			_, total, err = s.Items(ctx, store.ItemQuery{Scope: c.scope, Posts: []care.Post{painDesk, {Unit: "u-gp"}}, Limit: 1})
			must(t, err)
			same(t, "total over a page of one", total, len(c.want))

			for _, post := range []*care.Post{nil, &painDesk, {Unit: "u-pain"}} {
				js, err := s.Journeys(ctx, store.JourneyQuery{Scope: c.scope, Responsible: post})
				must(t, err)
				listed = nil
				for _, j := range js {
					listed = append(listed, j.Person)
				}
				same(t, "journeys", listed, c.want)
			}
			if c.scope.All && c.scope.Person == "" {
				return // whom a scope of all lists is in its own test
			}
			ps, err := s.Persons(ctx, c.scope, "", 0)
			must(t, err)
			same(t, "persons", ps, c.want)
		})
	}
	// Without posts, the worklist is that of the scope's own units.
	_, total := itemsOf(t, s, store.ItemQuery{Scope: store.Scope{Units: gp, Bases: responsible, At: friday}})
	same(t, "items at the other unit's posts", total, 0)
	_, total = itemsOf(t, s, store.ItemQuery{Scope: store.Scope{Units: pain, Bases: responsible, At: friday}})
	same(t, "items at the unit's posts", total, 6)
}

func journeys(t *testing.T, s store.Store) {
	mk := func(id string, p care.PersonKey, status string, post care.Post) store.Journey {
		return store.Journey{Stream: store.StreamOf("journey", id), Person: p, Pathway: "no.pain", Status: status, Responsible: post}
	}
	team := care.Post{Unit: "u-pain", Role: "team"}
	b := mk("b", "q1", "ended", painDesk)
	b.Pathway = "se.pain"
	appended(t, s, store.Append{Put: []store.Row{mk("c", "q1", "open", painDesk), b, mk("a", "q2", "open", team), mk("d", "q3", "open", care.Post{Unit: "u-gp", Role: "gp"})}})
	for name, c := range map[string]struct {
		q    store.JourneyQuery
		want string
	}{
		"all":     {store.JourneyQuery{}, "abcd"},
		"after":   {store.JourneyQuery{After: "journey/b"}, "cd"},
		"limit":   {store.JourneyQuery{Limit: 2}, "ab"},
		"page":    {store.JourneyQuery{After: "journey/a", Limit: 2}, "bc"},
		"person":  {store.JourneyQuery{Person: "q1"}, "bc"},
		"status":  {store.JourneyQuery{Status: "open"}, "acd"},
		"pathway": {store.JourneyQuery{Pathway: "se.pain"}, "b"},
		"post":    {store.JourneyQuery{Responsible: &painDesk}, "bc"},
		"unit":    {store.JourneyQuery{Responsible: &care.Post{Unit: "u-pain"}}, "abc"},
		"none":    {store.JourneyQuery{Person: "q9"}, ""},
	} {
		c.q.Scope = everybody
		got, err := s.Journeys(ctx, c.q)
		must(t, err)
		ids := ""
		for _, j := range got {
			ids += j.Stream.ID()
		}
		same(t, name, ids, c.want)
	}
}

func persons(t *testing.T, s store.Store) {
	var put []store.Row
	for n := range 9 {
		p := care.PersonKey(fmt.Sprintf("q%d", n))
		put = append(put, store.Relation{Stream: store.StreamOf("journey", fmt.Sprint(n)), Key: "1", Person: p, Unit: "u-pain", Basis: "b", From: monday})
		put = append(put, store.Relation{Stream: store.StreamOf("journey", fmt.Sprint(n)), Key: "2", Person: p, Unit: "u-gp", Basis: "b", From: monday})
	}
	put = append(put, store.Journey{Stream: "journey/x", Person: "q-new"})
	appended(t, s, store.Append{Put: put})
	scope := store.Scope{Units: []care.UnitID{"u-pain", "u-gp"}, Bases: []string{"b"}, At: tuesday}
	got, err := s.Persons(ctx, scope, "q3", 3)
	must(t, err)
	same(t, "page, nobody twice", got, []care.PersonKey{"q4", "q5", "q6"})
	got, err = s.Persons(ctx, everybody, "q7", 0)
	must(t, err)
	same(t, "all", got, []care.PersonKey{"q8"})
	got, err = s.Persons(ctx, everybody, "", 1)
	must(t, err)
	same(t, "all, with those who only have a journey", got, []care.PersonKey{"q-new"})
	got, err = s.Persons(ctx, store.Scope{Person: "q1"}, "q1", 0)
	must(t, err)
	same(t, "after oneself", len(got), 0)
}

// slots are listed by their first date, narrowed to what is asked for.
func slots(t *testing.T, s store.Store) {
	slot := func(id string, unit care.UnitID, kind, status string, starts time.Time) store.Slot {
		return store.Slot{Stream: store.StreamOf("schedule", id), Unit: unit, Kind: kind, Status: status, Starts: utc(starts), Ends: utc(starts.Add(time.Hour)), Seats: 4}
	}
	late, soon := slot("1", "u-pain", "course", "open", friday), slot("2", "u-pain", "meeting", "open", monday)
	off, other := slot("3", "u-pain", "course", "cancelled", tuesday), slot("4", "u-gp", "course", "open", tuesday)
	appended(t, s, store.Append{Put: []store.Row{late, soon, off, other}})
	for name, q := range map[string]struct {
		q    store.SlotQuery
		want []store.Slot
	}{
		"all":               {store.SlotQuery{}, []store.Slot{soon, off, other, late}},
		"open courses":      {store.SlotQuery{Kind: "course", Status: "open"}, []store.Slot{other, late}},
		"of a unit":         {store.SlotQuery{Units: []care.UnitID{"u-pain"}}, []store.Slot{soon, off, late}},
		"of no unit":        {store.SlotQuery{Units: []care.UnitID{}}, nil},
		"not over":          {store.SlotQuery{EndsAfter: tuesday.Add(time.Hour)}, []store.Slot{late}},
		"the first of them": {store.SlotQuery{Limit: 1}, []store.Slot{soon}},
	} {
		got, err := s.Slots(ctx, q.q)
		must(t, err)
		same(t, "slots, "+name, got, q.want)
	}
}

func directory(t *testing.T, s store.Store) {
	old := store.Relation{Stream: "journey/1", Key: "1", Person: "q1", Unit: "u-gp", Basis: "referrer", From: utc(monday), Until: utc(tuesday)}
	now := store.Relation{Stream: "journey/1", Key: "2", Person: "q1", Unit: "u-pain", Basis: "responsible", From: utc(tuesday)}
	a := store.Holder{Stream: "unit/u-pain", Key: "1", Post: painDesk, Professional: "p-a", From: utc(monday), Until: utc(friday)}
	b := store.Holder{Stream: "unit/u-pain", Key: "2", Post: painDesk, Professional: "p-b", From: utc(friday)}
	c := store.Holder{Stream: "unit/u-gp", Key: "1", Post: care.Post{Unit: "u-gp", Role: "gp"}, Professional: "p-a", From: utc(monday)}
	u, v := store.Unit{Stream: "unit/u-pain", Kind: "pain-clinic", Open: true}, store.Unit{Stream: "unit/u-gp", Kind: "primary-care"}
	appended(t, s, store.Append{Put: []store.Row{now, old, b, a, c, u, v, store.Relation{Stream: "journey/2", Key: "1", Person: "q2"}}})

	rels, err := s.Relations(ctx, "q1")
	must(t, err)
	same(t, "relations, ended ones too", rels, []store.Relation{old, now})
	units, err := s.Units(ctx)
	must(t, err)
	same(t, "units by id", units, []store.Unit{v, u})
	slots(t, s)
	for name, q := range map[string]struct {
		at   time.Time
		unit care.UnitID
		who  string
		want []store.Holder
	}{
		"all":                {want: []store.Holder{c, a, b}},
		"at an instant":      {at: tuesday, want: []store.Holder{c, a}},
		"until is not in it": {at: friday, want: []store.Holder{c, b}},
		"before anybody":     {at: monday.Add(-time.Microsecond)},
		"a unit":             {unit: "u-pain", want: []store.Holder{a, b}},
		"a professional":     {who: "p-a", want: []store.Holder{c, a}},
		"all three":          {at: tuesday, unit: "u-pain", who: "p-a", want: []store.Holder{a}},
	} {
		got, err := s.Holders(ctx, q.at, q.unit, q.who)
		must(t, err)
		same(t, name, got, q.want)
	}
}
