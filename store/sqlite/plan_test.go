package sqlite

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

// plan is how SQLite goes about a query.
func plan(t *testing.T, s *Store, q statement) string {
	t.Helper()
	var out []string
	must(t, s.each(t.Context(), "explain query plan "+q.text, q.args, func(rows *sql.Rows) error {
		var id, parent, unused int
		var detail string
		err := rows.Scan(&id, &parent, &unused, &detail)
		out = append(out, detail)
		return err
	}))
	return strings.Join(out, "\n")
}

// TestWorklistPlans: a post's page is a range of an index in its order, and its
// count is a range of an index too, so that neither grows with the table.
func TestWorklistPlans(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	desk, team := care.Post{Unit: "u-pain", Role: care.Desk}, care.Post{Unit: "u-pain", Role: "team"}
	scoped := store.Scope{Units: []care.UnitID{"u-pain", "u-gp"}, Above: []care.UnitID{"u-region"}, Bases: []string{"responsible", "advice"}, Professional: "p-1", At: benchStart}
	for name, c := range map[string]struct {
		q          store.ItemQuery
		pageSorted bool // the posts' pages, already short, are merged by a sort
	}{
		"all, one post":     {store.ItemQuery{Scope: store.Scope{All: true}, Posts: []care.Post{desk}, Limit: 50}, false},
		"scoped, one post":  {store.ItemQuery{Scope: scoped, Posts: []care.Post{desk}, Limit: 50}, false},
		"scoped, two posts": {store.ItemQuery{Scope: scoped, Posts: []care.Post{desk, team}, Limit: 50}, true},
	} {
		page, count, err := itemTexts(c.q, []time.Time{{}, time.Unix(1, 0)})
		must(t, err)
		p := plan(t, s, page)
		if !strings.Contains(p, "SEARCH i USING INDEX item_post (unit=? AND role=?)") || strings.Contains(p, "SCAN i") {
			t.Errorf("%s: the page is not a range of item_post:\n%s", name, p)
		}
		inner, _, _ := strings.Cut(p, "\nSCAN (subquery") // what follows is about the merged pages
		if strings.Contains(inner, "TEMP B-TREE") && !c.pageSorted {
			t.Errorf("%s: a post's page is sorted:\n%s", name, p)
		}
		p = plan(t, s, count)
		if !strings.Contains(p, "SEARCH i USING COVERING INDEX item_post (unit=? AND role=?)") {
			t.Errorf("%s: the count reads the table:\n%s", name, p)
		}
		if c.q.Scope.All {
			continue
		}
		// A count meets everybody on the list, so it lists the related persons once;
		// a page looks its few up one by one.
		if !strings.Contains(p, "SEARCH r USING COVERING INDEX relation_unit (unit=? AND basis=?)") ||
			!strings.Contains(p, "SEARCH d USING COVERING INDEX deny_person (person=?") {
			t.Errorf("%s: the related persons are not a range of their index:\n%s", name, p)
		}
		if p := plan(t, s, page); !strings.Contains(p, "USING COVERING INDEX relation_person (person=?)") ||
			!strings.Contains(p, "SEARCH d USING COVERING INDEX deny_person (person=?") {
			t.Errorf("%s: a relation or a deny is not looked up in its index:\n%s", name, p)
		}
	}
	one := scoped
	one.Person, one.Lift = "q1", []string{"closed"}
	page, count, err := itemTexts(store.ItemQuery{Scope: one, AnyPost: true}, []time.Time{{}})
	must(t, err)
	for _, q := range []statement{page, count} {
		p := plan(t, s, q)
		for _, want := range []string{"INDEX item_person (person=?)", "COVERING INDEX relation_person (person=?)", "SEARCH d USING COVERING INDEX deny_person (person=?"} {
			if !strings.Contains(p, want) {
				t.Errorf("one person: want %q:\n%s", want, p)
			}
		}
	}
}

// TestOtherPlans: what is asked on every page is a search, never a scan.
func TestOtherPlans(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	columns := rowTexts[store.TableJourney].columns
	for name, c := range map[string]struct {
		q    statement
		want string
	}{
		"load":               {statement{"select position, " + eventColumns + " from event where stream = $1 and version > $2 order by version", []any{"a", 0}}, "USING INDEX event_stream (stream=? AND version>?)"},
		"head":               {statement{"select version, hash from event where stream = $1 order by version desc limit 1", []any{"a"}}, "USING INDEX event_stream (stream=?)"},
		"a person's journey": {statement{"select " + columns + " from journey where person = $1 order by stream, key", []any{"a"}}, "USING INDEX journey_person (person=?)"},
		"an actor":           {statement{"select " + rowTexts[store.TableRelation].columns + " from relation where actor <> '' and actor = $1", []any{"r"}}, "USING INDEX relation_actor (actor=?)"},
		"due":                {statement{"select 1 from timer where due <= $1 and lease_until <= $1 limit 1", []any{1}}, "USING INDEX timer_due (due<?)"},
		"deliveries":         {statement{"select 1 from delivery where held = 0 and due <= $1 and lease_until <= $1 limit 1", []any{1}}, "USING INDEX delivery_due (due<?)"},
		"follow":             {statement{"select position, " + eventColumns + " from event where position > $1 order by position limit $2", []any{1, 2}}, "USING INTEGER PRIMARY KEY (rowid>?)"},
		"streams":            {statement{"select stream, max(version) from event where stream > $1 and stream > $2 and stream < $3 group by stream order by stream limit $4", []any{"a", "a", "b", 1}}, "USING COVERING INDEX event_stream (stream>? AND stream<?)"},
	} {
		if p := plan(t, s, c.q); !strings.Contains(p, c.want) || strings.Contains(p, "TEMP B-TREE") {
			t.Errorf("%s: want %q:\n%s", name, c.want, p)
		}
	}
}
