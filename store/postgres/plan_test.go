package postgres

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"forlop/care"
	"forlop/store"
)

// filled is a session on a database with enough rows that the planner has a
// choice, and knows it.
func filled(t *testing.T) *pgx.Conn {
	t.Helper()
	url := migrated(t)
	s := mustOpen(t, url)
	must(t, s.Replace(t.Context(), func(put func(store.Row) error, timer func(store.Timer) error) error {
		for n := range 20_000 {
			stream, person := store.StreamOf("journey", fmt.Sprintf("%08d", n)), care.PersonKey(fmt.Sprintf("q%08d", n))
			unit := care.UnitID(fmt.Sprint("u-", n/100))
			if n >= 18_000 { // one unit has a long list
				unit = "u-7"
			}
			post := care.Post{Unit: unit, Role: "team"}
			rows := []store.Row{
				store.Item{Stream: stream, Person: person, Pathway: "no.pain", Item: care.Item{
					Key: "step/1", Kind: care.StepItem, Ref: "assess-referral", Post: post, Since: benchStart,
					Due: benchStart.Add(time.Duration(n*7919%100000) * time.Minute), Version: 1,
				}},
				store.Relation{Stream: stream, Key: "1", Person: person, Unit: unit, Basis: "responsible", From: benchStart},
				store.Journey{Stream: stream, Person: person, Pathway: "no.pain", Status: "open", Responsible: post},
			}
			if n%10 == 0 {
				rows = append(rows,
					store.Relation{Stream: stream, Key: "2", Person: person, Actor: fmt.Sprint("r", n), Basis: "proxy", From: benchStart},
					store.Deny{Stream: stream, Key: "2", Person: person, Professional: fmt.Sprint("p-", n), From: benchStart},
					store.Deny{Stream: stream, Key: "1", Person: person, Unit: "u-gp", From: benchStart},
					store.Holder{Stream: store.StreamOf("unit", fmt.Sprint(n)), Key: "1", Post: post, Professional: fmt.Sprint("p-", n), From: benchStart})
			}
			for _, r := range rows {
				if err := put(r); err != nil {
					return err
				}
			}
			if err := timer(store.Timer{Stream: stream, Due: benchStart.Add(time.Duration(n) * time.Minute)}); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, s.Close())
	c := connect(t, url)
	run(t, c, "set search_path = forlop", "set jit = off",
		"insert into stream select 'journey/' || lpad(n::text, 8, '0'), 4, '' from generate_series(0, 5000) n",
		"insert into event (stream, version, type, happened, learned, actor_kind, actor_id, actor_unit, unit, role, on_behalf, regime, cause, command, definition, body, sealed, hash)"+
			" select 'journey/' || lpad((n/4)::text, 8, '0'), n % 4 + 1, 't', 0, 0, '', '', '', '', '', '', '', '', '', '', '{}', '', '' from generate_series(0, 20000) n",
		"insert into delivery select 'd' || n, 's', 1, 'letter', '', n, n % 2 = 0, '', 0 from generate_series(0, 20000) n",
		"insert into command select 'p', 'k' || n, '', '' from generate_series(0, 20000) n",
		"insert into claim select 'seat', 'k' || n, 's' from generate_series(0, 20000) n",
		"insert into look (at, actor_kind, actor_id, actor_unit, unit, role, basis, question, reason, persons) select n, '', '', '', '', '', '', '', '', '[]' from generate_series(1, 20000) n",
		"insert into look_person select 'q' || n % 500, n from generate_series(1, 20000) n",
		"insert into data_key select 'q' || n, '' from generate_series(1, 20000) n",
		"insert into identifier select decode(lpad(to_hex(n), 8, '0'), 'hex'), 'q' || n from generate_series(1, 20000) n",
		"insert into session select decode(lpad(to_hex(n), 8, '0'), 'hex'), '', '', '', 0, 0, 0, 0 from generate_series(1, 20000) n",
		"insert into draft select 'p' || n, 'f', '', 0 from generate_series(1, 20000) n",
		"vacuum analyze",
		// Plans are made as the service makes them: with the rules of the rows.
		"set role "+runtime, "set forlop.wall = service")
	return c
}

// plans is how PostgreSQL goes about a query: when it knows the arguments, and
// when it plans for any.
func plans(t *testing.T, c *pgx.Conn, q statement) map[string]string {
	t.Helper()
	literals := make([]string, len(q.args))
	for i, a := range q.args {
		switch v := a.(type) {
		case string:
			literals[i] = "'" + v + "'"
		case []string:
			literals[i] = "'{" + strings.Join(v, ",") + "}'"
		case []byte:
			literals[i] = fmt.Sprintf(`'\x%x'`, v)
		default:
			literals[i] = fmt.Sprint(v)
		}
	}
	execute := "execute p"
	if len(literals) > 0 {
		execute += "(" + strings.Join(literals, ", ") + ")"
	}
	out := map[string]string{}
	run(t, c, "prepare p as "+q.text)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		run(t, c, "set plan_cache_mode = "+mode)
		// Without arguments, so that nothing is prepared but p.
		rows, err := c.Query(context.Background(), "explain (costs off) "+execute, pgx.QueryExecModeSimpleProtocol)
		must(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(t, err)
		out[mode] = strings.Join(lines, "\n")
	}
	run(t, c, "deallocate p")
	return out
}

// TestPlans: what is asked on a page or by a worker is a range of an index, in its
// order where an order is asked for; nothing grows with the table.
func TestPlans(t *testing.T) {
	t.Parallel()
	c := filled(t)
	desk, team := care.Post{Unit: "u-7", Role: care.Desk}, care.Post{Unit: "u-7", Role: "team"}
	scoped := store.Scope{Units: []care.UnitID{"u-7", "u-8"}, Above: []care.UnitID{"u-region"}, Bases: []string{"responsible", "advice"}, Professional: "p-1", At: benchStart}
	lifting := scoped
	lifting.Person, lifting.Lift = "q00000001", []string{"closed"}
	type one struct {
		name  string
		q     statement
		wants []string
		sorts bool // a few rows are sorted
		own   bool // it is planned for its own arguments only
	}
	var all []one
	for name, w := range map[string]struct {
		q     store.ItemQuery
		sorts bool
	}{
		"worklist, all, one post":     {store.ItemQuery{Scope: store.Scope{All: true}, Posts: []care.Post{desk}, Limit: 50}, false},
		"worklist, scoped, one post":  {store.ItemQuery{Scope: scoped, Posts: []care.Post{team}, Limit: 50}, false},
		"worklist, scoped, two posts": {store.ItemQuery{Scope: scoped, Posts: []care.Post{desk, team}, Limit: 50}, true},
		"worklist, one person":        {store.ItemQuery{Scope: lifting, AnyPost: true, Limit: 50}, true},
		"worklist, scoped, a unit":    {store.ItemQuery{Scope: scoped, Posts: []care.Post{{Unit: "u-7"}}, Limit: 50}, true},
	} {
		page, count, err := itemTexts(w.q, []time.Time{{}, time.Unix(1, 0)})
		must(t, err)
		wants := []string{"item_post", "(unit = "}
		counts := wants
		switch {
		case w.q.AnyPost:
			wants = []string{"item_person", "relation_person", "deny_person"}
			counts = wants
		case !w.q.Scope.All:
			looked := "relation_person"
			if w.q.Posts[0].Role == "" {
				looked = "relation_unit"
			}
			wants = append(wants[:2:2], looked)
			counts = append(counts[:2:2], "relation_unit", "deny_unit", "deny_professional", "deny_rare")
		}
		all = append(all, one{name, page, wants, w.sorts, true}, one{name + ": count", count, counts, false, true})
	}
	journeys := "select " + rowTexts[store.TableJourney].columns + " from journey where "
	var may query
	who := "(select " + may.arg("q00000001") + "::text as person, ''::text as stream) x"
	may.scope(scoped, "x.person", "x.stream", true)
	all = append(all,
		one{"load", statement{loadText, []any{"journey/00000007", 0}}, []string{"event_stream", "Index Cond: ((stream = "}, false, false},
		one{"follow", statement{followText, []any{5, 900, 50}}, []string{"event_pkey", "Index Cond: ((\"position\" > "}, false, false},
		one{"streams", statement{streamsText, []any{"journey/00000007", "journey/", "journey0", 50}}, []string{"stream_pkey", "Index Cond: ((name > "}, false, false},
		one{"command", statement{"select digest, answer from command where actor = $1 and key = $2", []any{"p", "k7"}}, []string{"command_key"}, false, false},
		one{"claim", statement{"select stream from claim where kind = $1 and key = $2 for update", []any{"seat", "k7"}}, []string{"claim_key"}, false, false},
		one{"a person's journeys", statement{journeys + "person = $1 order by stream, key", []any{"q00000007"}}, []string{"journey_person"}, true, false},
		one{"a post's journeys", statement{journeys + "unit = $1 and role = $2 and stream > $3 order by stream, key limit 50", []any{"u-9", "team", "journey/0"}}, []string{"journey_post"}, true, true},
		one{"a person's relations", statement{"select person from relation where person = $1 order by stream, key", []any{"q00000007"}}, []string{"relation_person"}, true, false},
		one{"what names an actor", statement{"select person from relation where actor <> '' and actor = $1 order by stream, key", []any{"r7"}}, []string{"relation_actor"}, true, false},
		one{"a professional's posts", statement{"select unit from post_holder where professional = $1 order by stream, key", []any{"p-70"}}, []string{"post_holder_professional"}, true, false},
		one{"may see", statement{"select exists (select 1 from " + who + " where " + may.text() + ")", may.args}, []string{"relation_person", "deny_person"}, false, false},
		one{"any due", statement{anyTimer, []any{7}}, []string{"timer_due"}, false, false},
		one{"due", statement{leaseTimers, []any{"w", 1 << 60, store.Micros(benchStart.AddDate(0, 0, 1)), 100}}, []string{"timer_due", "timer_pkey"}, false, false},
		one{"any delivery", statement{anyDelivery, []any{7}}, []string{"delivery_due"}, false, false},
		one{"deliveries", statement{leaseDeliveries, []any{"w", 1 << 60, 900, 100}}, []string{"delivery_due", "delivery_key"}, false, false},
		one{"rows", statement{"select " + rowTexts[store.TableItem].columns + " from item where (stream, key) > ($1, $2) order by stream, key limit 1000", []any{"journey/00000007", ""}}, []string{"item_pkey"}, false, false},
		one{"looks", statement{looksText, []any{"q7", 50}}, []string{"look_person_pkey", "look_pkey"}, false, false},
		one{"keys", statement{"select subject, wrapped from data_key where subject = any($1)", []any{[]string{"q1", "q2"}}}, []string{"data_key_pkey"}, false, false},
		one{"identifier", statement{"select subject from identifier where hash = $1", []any{[]byte{0, 0, 0, 7}}}, []string{"identifier_pkey"}, false, false},
		one{"session", statement{"select seen from session where hash = $1", []any{[]byte{0, 0, 0, 7}}}, []string{"session_pkey"}, false, false},
		one{"draft", statement{"select sealed from draft where owner = $1 and form = $2", []any{"p7", "f"}}, []string{"draft_pkey"}, false, false},
	)
	for _, x := range all {
		for mode, p := range plans(t, c, x.q) {
			if x.own && mode != "force_custom_plan" {
				continue
			}
			var wrong []string
			for _, w := range x.wants {
				if !strings.Contains(p, w) {
					wrong = append(wrong, "does not use "+w)
				}
			}
			if strings.Contains(p, "Seq Scan") {
				wrong = append(wrong, "reads a whole table")
			}
			if strings.Contains(p, "Sort") && !x.sorts {
				wrong = append(wrong, "sorts")
			}
			if wrong != nil {
				t.Errorf("%s, %s: %s\n%s\n%s", x.name, mode, strings.Join(wrong, ", "), x.q.text, p)
			}
		}
	}
}
