package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"forlop/care"
	"forlop/store"
)

// one is a patient of the wall's tests: a journey, an identity, a look, a document.
func one(t *testing.T, s *Store, p care.PersonKey, unit care.UnitID, more ...store.Row) {
	t.Helper()
	ctx, j := t.Context(), store.StreamOf("journey", "of-"+string(p))
	a := benchAppend(j, 0)
	a.Writes = append(a.Writes,
		store.Write{Stream: store.StreamOf("person", string(p)), Events: a.Writes[0].Events},
		store.Write{Stream: store.StreamOf("consent", string(p)), Events: a.Writes[0].Events},
		store.Write{Stream: store.StreamOf("secret", string(p)), Events: a.Writes[0].Events})
	a.Blobs = []store.Blob{{ID: "letter-" + string(p), Stream: j, Sealed: []byte("s")}}
	a.Put, a.Drop = append([]store.Row{
		store.Item{Stream: j, Person: p, Item: care.Item{Key: "step/1", Post: care.Post{Unit: unit, Role: "team"}, Due: benchStart}},
		store.Journey{Stream: j, Person: p, Status: "open", Responsible: care.Post{Unit: unit, Role: "team"}},
		store.Relation{Stream: j, Key: "1", Person: p, Unit: unit, Basis: "takes-part", From: benchStart},
		store.Relation{Stream: store.StreamOf("consent", string(p)), Key: "1", Person: p, Actor: "kin-" + string(p), Basis: "proxy", From: benchStart},
	}, more...), nil
	_, err := s.Append(ctx, a)
	must(t, err)
	for _, subject := range []string{string(p), "kin-" + string(p)} {
		must(t, s.PutKey(ctx, subject, []byte("k")))
		must(t, s.PutIdentity(ctx, subject, []byte("i")))
	}
	must(t, s.Log(ctx, store.Look{At: benchStart, Actor: care.Actor{Kind: care.Professional, ID: "p-1"}, Question: "journey", Persons: []care.PersonKey{p}}))
	must(t, s.PutDraft(ctx, "patient/"+string(p), "form", []byte("d"), benchStart))
	must(t, s.PutSession(ctx, store.Session{Hash: []byte(p), Actor: care.Actor{Kind: care.Patient, ID: string(p)}, Expires: benchStart}))
}

// rowsSeen is who stands in each table that speaks of persons, as a session sees it.
func rowsSeen(t *testing.T, c *pgx.Conn) map[string][]string {
	t.Helper()
	ctx, out := t.Context(), map[string][]string{}
	for table, column := range map[string]string{
		"event": "stream", "stream": "name", "blob": "stream", "item": "person", "journey": "person", "relation": "person", "deny": "person",
		"identity": "subject", "data_key": "subject", "look": "persons", "look_person": "person", "session": "actor_id", "draft": "owner",
		"identifier": "subject", "claim": "stream", "command": "key", "delivery": "stream", "timer": "stream",
	} {
		if !ask[bool](t, c, "select has_any_column_privilege($1, 'select')", table) {
			out[table] = []string{"refused"}
			continue
		}
		found, err := c.Query(ctx, "select distinct "+column+" from "+table+" order by 1")
		must(t, err)
		out[table], err = pgx.CollectRows(found, pgx.RowTo[string])
		must(t, err)
	}
	return out
}

// within runs what a session behind the wall sees in a scope.
func within(t *testing.T, c *pgx.Conn, sc store.Scope, lists bool) map[string][]string {
	t.Helper()
	run(t, c, "begin")
	defer run(t, c, "rollback")
	_, err := c.Exec(t.Context(), wallText, wallArgs(sc, lists)...)
	must(t, err)
	return rowsSeen(t, c)
}

// TestRowRules: what each role reads by SQL of any kind. The tables are asked
// without a condition, so nothing but the rules decides.
func TestRowRules(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	s := mustOpen(t, url)
	defer func() { must(t, s.Close()) }()
	hide := func(p care.PersonKey, d store.Deny) store.Row {
		d.Stream, d.Key, d.Person, d.From = store.StreamOf("consent", string(p)), "block/1", p, benchStart
		return d
	}
	one(t, s, "anna", "u-pain")
	one(t, s, "berit", "u-gp")
	one(t, s, "cecilie", "u-pain", hide("cecilie", store.Deny{Unit: "u-region"}))
	one(t, s, "dina", "u-pain", hide("dina", store.Deny{But: "u-gp", Strength: "closed"}))
	one(t, s, "eva", "u-pain", hide("eva", store.Deny{Professional: "p-me", Journey: "journey/of-eva"}))
	// Another journey of hers is another unit's, and shows the first to nobody.
	one(t, s, "frida", "u-pain")
	again := benchAppend("journey/of-frida-again", 0)
	gp := care.Post{Unit: "u-gp", Role: "team"}
	again.Blobs = []store.Blob{{ID: "letter-again", Stream: "journey/of-frida-again", Sealed: []byte("s")}}
	again.Put, again.Drop = []store.Row{
		store.Item{Stream: "journey/of-frida-again", Person: "frida", Item: care.Item{Key: "step/1", Post: gp, Due: benchStart}},
		store.Journey{Stream: "journey/of-frida-again", Person: "frida", Status: "open", Responsible: gp},
		store.Relation{Stream: "journey/of-frida-again", Key: "1", Person: "frida", Unit: "u-gp", Basis: "takes-part", From: benchStart},
	}, nil
	_, err := s.Append(t.Context(), again)
	must(t, err)
	// Her first contact sees all.
	one(t, s, "gina", "u-gp", store.Relation{Stream: "person/gina", Key: "1", Person: "gina", Unit: "u-pain", Basis: "takes-part", From: benchStart})
	must(t, s.PutKey(t.Context(), "p-me", []byte("k")))
	must(t, s.PutKey(t.Context(), "p-doctor", []byte("k")))
	must(t, s.PutKey(t.Context(), "site", []byte("k")))
	_, err = s.Append(t.Context(), store.Append{Writes: []store.Write{
		{Stream: "professional/p-doctor", Events: benchAppend("x/1", 0).Writes[0].Events},
		{Stream: "unit/u-pain", Events: benchAppend("x/1", 0).Writes[0].Events},
	}})
	must(t, err)

	c := connect(t, url)
	run(t, c, "set search_path = forlop")
	full := rowsSeen(t, c) // the administrator of the server: what there is
	for _, table := range []string{"event", "blob", "item", "deny", "identity", "look", "draft", "session", "command", "timer"} {
		if len(full[table]) == 0 {
			t.Fatalf("nothing is in %s: what is not seen there proves nothing", table)
		}
	}
	for _, role := range []string{runtime, owner, reader} {
		run(t, c, "reset role", "set role "+role)
		for table, seen := range rowsSeen(t, c) {
			if len(seen) > 0 && (role != reader || seen[0] != "refused") {
				if role == reader && (table == "event" || table == "stream" || table == "data_key") {
					seen = slices.DeleteFunc(seen, func(s string) bool {
						return s == "unit/u-pain" || s == "professional/p-doctor" || s == "p-doctor"
					})
					if len(seen) == 0 {
						continue
					}
				}
				t.Errorf("%s has said nothing and sees %s: %v", role, table, seen)
			}
		}
		if role != reader {
			run(t, c, "set forlop.wall = service")
			if got := rowsSeen(t, c); fmt.Sprint(got) != fmt.Sprint(full) {
				t.Errorf("%s as the service does not see all:\n%v\n%v", role, got, full)
			}
			run(t, c, "reset forlop.wall")
		}
	}

	run(t, c, "set forlop.wall = service") // it is not the reader's to say
	me := store.Scope{Units: []care.UnitID{"u-pain"}, Above: []care.UnitID{"u-region"}, Bases: []string{"takes-part"}, Professional: "p-me", At: benchStart}
	with := func(change func(*store.Scope)) store.Scope {
		sc := me
		change(&sc)
		return sc
	}
	for name, x := range map[string]struct {
		scope store.Scope
		// persons are in scope, journeys theirs that are seen; looks whose access log.
		persons, journeys, looks []string
	}{
		"a unit":                       {me, []string{"anna", "eva", "frida", "gina"}, []string{"anna", "frida", "gina"}, nil},
		"one of two journeys":          {with(func(s *store.Scope) { s.Person = "frida" }), []string{"frida"}, []string{"frida"}, []string{"frida"}},
		"one person":                   {with(func(s *store.Scope) { s.Person = "anna" }), []string{"anna"}, []string{"anna"}, []string{"anna"}},
		"a person elsewhere":           {with(func(s *store.Scope) { s.Person = "berit" }), nil, nil, nil},
		"lifted":                       {with(func(s *store.Scope) { s.Person, s.Lift = "dina", []string{"closed"} }), []string{"dina"}, []string{"dina"}, []string{"dina"}},
		"another strength lifted":      {with(func(s *store.Scope) { s.Person, s.Lift = "dina", []string{"shut"} }), nil, nil, nil},
		"lifted without a person":      {with(func(s *store.Scope) { s.Lift = []string{"closed"} }), []string{"anna", "eva", "frida", "gina"}, []string{"anna", "frida", "gina"}, nil},
		"somebody else of the unit":    {with(func(s *store.Scope) { s.Professional = "p-else" }), []string{"anna", "eva", "frida", "gina"}, []string{"anna", "eva", "frida", "gina"}, nil},
		"before":                       {with(func(s *store.Scope) { s.At = benchStart.Add(-time.Microsecond) }), nil, nil, nil},
		"no unit":                      {with(func(s *store.Scope) { s.Units = nil }), nil, nil, nil},
		"on no basis":                  {with(func(s *store.Scope) { s.Bases = nil }), nil, nil, nil},
		"one's own":                    {store.Scope{Person: "cecilie"}, []string{"cecilie"}, []string{"cecilie"}, []string{"cecilie"}},
		"the service, for one person":  {store.Scope{All: true, Person: "cecilie"}, []string{"cecilie"}, []string{"cecilie"}, []string{"cecilie"}},
		"a relative":                   {store.Scope{Person: "dina", Professional: "kin-dina", Bases: []string{"proxy"}, At: benchStart}, []string{"dina"}, []string{"dina"}, []string{"dina"}},
		"a relative, of somebody else": {store.Scope{Person: "anna", Professional: "kin-dina", Bases: []string{"proxy"}, At: benchStart}, nil, nil, nil},
		"a relative, of everybody":     {store.Scope{Professional: "kin-dina", Bases: []string{"proxy"}, At: benchStart}, nil, nil, nil},
	} {
		got := within(t, c, x.scope, false)
		if listed := within(t, c, x.scope, true); fmt.Sprint(listed) != fmt.Sprint(got) {
			t.Errorf("%s: a list shows\n%v and a question about one row\n%v", name, listed, got)
		}
		named := func(prefix string, of []string, more ...string) []string {
			for _, p := range of {
				more = append(more, prefix+p)
			}
			slices.Sort(more)
			return slices.Compact(more)
		}
		var asker []string
		if x.scope.Professional == "p-me" || strings.HasPrefix(x.scope.Professional, "kin-") {
			asker = []string{x.scope.Professional}
		}
		streams := named("journey/of-", x.journeys, named("person/", x.persons, named("consent/", x.persons, "unit/u-pain", "professional/p-doctor")...)...)
		keys := named("kin-", x.persons, named("", x.persons, append(asker, "p-doctor")...)...)
		identities := slices.DeleteFunc(slices.Clone(keys), func(s string) bool { return s == "p-doctor" || s == "p-me" })
		looks := []string{}
		for _, p := range x.looks {
			looks = append(looks, `["`+p+`"]`)
		}
		own := x.persons
		if !x.scope.Own() && !x.scope.All {
			own = nil
		}
		denied := slices.DeleteFunc(slices.Clone(x.persons), func(p string) bool { return !slices.Contains([]string{"cecilie", "dina", "eva"}, p) })
		refused := []string{"refused"}
		for table, want := range map[string][]string{
			"event": streams, "stream": streams, "blob": named("journey/of-", x.journeys), "item": x.journeys, "journey": x.journeys,
			"relation": x.persons, "deny": denied, "identity": identities, "data_key": keys, "look": looks, "look_person": x.looks,
			"session": own, "draft": refused, "identifier": refused, "claim": refused, "command": refused, "delivery": refused, "timer": refused,
		} {
			if !slices.Equal(got[table], want) {
				t.Errorf("%s: %s shows %v, want %v", name, table, got[table], want)
			}
		}
	}
}

// TestWithin: the store's own questions, asked with the widest scope there is,
// answer nothing from beyond the wall; nothing can be written from behind it; and
// what one question said of itself does not outlast it.
func TestWithin(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newStore(t)
	one(t, s, "anna", "u-pain")
	one(t, s, "berit", "u-gp")
	me := store.Scope{Units: []care.UnitID{"u-pain"}, Bases: []string{"takes-part"}, Professional: "p-me", At: benchStart}
	elsewhere := me
	elsewhere.Units = []care.UnitID{"u-gp"}
	everything := func(v store.Store) string {
		var out []any
		all := store.Scope{All: true}
		items, total, err := v.Items(ctx, store.ItemQuery{Scope: all, AnyPost: true})
		must(t, err)
		for _, i := range items {
			out = append(out, i.Person)
		}
		counts, err := v.CountItems(ctx, store.ItemQuery{Scope: all, AnyPost: true}, []time.Time{{}})
		must(t, err)
		found, err := v.Journeys(ctx, store.JourneyQuery{Scope: all})
		must(t, err)
		for _, j := range found {
			out = append(out, j.Person)
		}
		persons, err := v.Persons(ctx, all, "", 0)
		must(t, err)
		out = append(out, total, counts, persons)
		for _, p := range []care.PersonKey{"anna", "berit"} {
			sees, err := v.MaySee(ctx, me, p)
			must(t, err)
			there, err := v.MaySee(ctx, elsewhere, p)
			must(t, err)
			events, err := v.Load(ctx, store.StreamOf("journey", "of-"+string(p)), 0)
			must(t, err)
			relations, err := v.Relations(ctx, p)
			must(t, err)
			keys, err := v.Keys(ctx, []string{string(p)})
			must(t, err)
			names, err := v.Identities(ctx, []string{string(p)})
			must(t, err)
			_, blob := v.Blob(ctx, "letter-"+string(p))
			looks, err := v.Looks(ctx, p, 0)
			must(t, err)
			out = append(out, p, sees, there, len(events), len(relations), len(keys), len(names), blob == nil, len(looks))
		}
		streams, err := v.Streams(ctx, "journey", "", 0)
		must(t, err)
		return fmt.Sprintln(append(out, len(streams))...)
	}
	pain, gp := store.Within(s, me), store.Within(s, elsewhere)
	seen := map[string]string{}
	for range 3 { // the same sessions, in turn
		for name, v := range map[string]store.Store{"pain": pain, "gp": gp, "nobody": store.Within(s, store.Scope{}), "anna": store.Within(s, store.Scope{Person: "anna"})} {
			got := everything(v)
			if seen[name] == "" {
				seen[name] = got
			}
			if got != seen[name] {
				t.Fatalf("%s:\n%s\nand then\n%s", name, seen[name], got)
			}
		}
	}
	for name, want := range map[string]string{
		"pain":   "anna anna 1 [1] [anna] anna true false 1 2 1 1 true 0 berit false false 0 0 0 0 false 0 1",
		"gp":     "berit berit 1 [1] [berit] anna false false 0 0 0 0 false 0 berit false true 1 2 1 1 true 0 1",
		"nobody": "0 [0] [] anna false false 0 0 0 0 false 0 berit false false 0 0 0 0 false 0 0",
		"anna":   "anna anna 1 [1] [anna] anna true false 1 2 1 1 true 1 berit false false 0 0 0 0 false 0 1",
	} {
		if got := strings.Join(strings.Fields(seen[name]), " "); got != want {
			t.Errorf("%s sees\n%s, want\n%s", name, got, want)
		}
	}
	if store.Within(s, store.Scope{All: true}) != store.Store(s) {
		t.Error("the service's own view has a wall")
	}
	_, err := pain.Append(ctx, store.Append{Marks: []string{"m"}})
	for what, err := range map[string]error{
		"append": err, "a look": pain.Log(ctx, store.Look{At: benchStart}), "a key": pain.PutKey(ctx, "q", []byte("k")),
		"a draft": pain.PutDraft(ctx, "o", "f", []byte("d"), benchStart),
		"rebuild": pain.Replace(ctx, func(func(store.Row) error, func(store.Timer) error) error { return nil }),
	} {
		if err == nil {
			t.Errorf("%s was written from behind the wall", what)
		}
	}
	must(t, pain.Close()) // has nothing of its own
	if _, err := gp.Marks(ctx); err != nil {
		t.Error(err)
	}
}

// TestForbidden: what the roles that serve may not do, whatever they say of
// themselves.
func TestForbidden(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	s := mustOpen(t, url)
	defer func() { must(t, s.Close()) }()
	one(t, s, "anna", "u-pain")
	c := connect(t, url)
	run(t, c, "set search_path = forlop", "create role forlop_web login", "grant forlop_runtime to forlop_web")
	web := connect(t, strings.Replace(url, "postgres@", "forlop_web@", 1))
	run(t, web, "set search_path = forlop")
	tried, accepted := 0, 0
	for _, role := range []string{runtime, reader} {
		for _, table := range []string{"event", "look", "look_person", "definition", "definition_file", "command", "blob", "checkpoint", "look_pruning"} {
			for _, text := range []string{
				"update %s set %s = %[2]s", "delete from %s", "truncate %s", "alter table %s add column x int", "drop table %s",
				"alter table %s disable row level security", "alter table %s no force row level security",
				"drop policy service on %s", "create policy more on %s using (true)", "create trigger t before update on %[1]s execute function suppress_redundant_updates_trigger()",
				"create index on %s (%s)", "lock table %s in access exclusive mode", "alter table %s owner to " + role,
			} {
				column := "xmin"
				must(t, c.QueryRow(t.Context(), "select attname from pg_attribute where attrelid = $1::regclass and attnum = 1", "forlop."+table).Scan(&column))
				text = strings.NewReplacer("%[1]s", table, "%[2]s", column).Replace(text)
				if strings.Contains(text, "%s") {
					text = strings.Replace(strings.Replace(text, "%s", table, 1), "%s", column, 1)
				}
				run(t, c, "begin", "set local role "+role, "set local forlop.wall = service")
				_, err := c.Exec(t.Context(), text)
				run(t, c, "rollback")
				tried++
				if err == nil {
					accepted++
					t.Errorf("%s may: %s", role, text)
				}
			}
		}
		for _, text := range []string{
			"create table mine (x int)", "create schema mine", "create function f() returns int language sql as 'select 1'",
			"alter role " + role + " bypassrls", "set role " + owner, "set session authorization postgres",
			"alter view seen owner to " + role, "create or replace view seen as select person from journey", "drop schema forlop cascade",
			"alter function wall_text(text) rename to x", "set row_security = off; select * from event", "copy event to program 'cat'",
			"insert into migration (number) values (99)", "alter sequence event_position restart", "drop function horizon(bigint)",
		} {
			// Who logs in to serve is nobody more: no superuser stands behind the role.
			run(t, web, "begin", "set local role "+role, "set local forlop.wall = service")
			_, err := web.PgConn().Exec(t.Context(), text).ReadAll()
			run(t, web, "rollback")
			tried++
			if err == nil {
				accepted++
				t.Errorf("%s may: %s", role, text)
			}
		}
	}
	t.Logf("forbidden statements tried %d, accepted %d", tried, accepted)
}
