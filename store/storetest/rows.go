package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

var rowTests = []test{
	{"rows of every table come back as they were put", rowRoundTrip},
	{"a put replaces, a drop removes", putDrop},
	{"replace swaps rows and timers and holds deliveries", replace},
	{"a replace that fails changes nothing", replaceFails},
}

var painDesk = care.Post{Unit: "u-pain", Role: care.Desk}

func item(s store.Stream, key string, post care.Post, person care.PersonKey, due time.Time) store.Item {
	return store.Item{Stream: s, Person: person, Pathway: "no.pain", Item: care.Item{
		Key: key, Kind: care.StepItem, Ref: "assess-referral", Post: post, Since: monday, Due: due, Latest: friday, Version: 3, Overdue: 1,
	}}
}

// everyRow is a row of every table, with every column set.
func everyRow() []store.Row {
	return []store.Row{
		item("journey/1", "step/1", painDesk, "q1", tuesday),
		store.Journey{
			Stream: "journey/1", Person: "q1", Pathway: "no.pain", PathwayVersion: "2025.04", Regime: care.Norway, Status: "open",
			Responsible: painDesk, Coordinator: care.Post{Unit: "u-city", Role: "coordinator"}, Received: monday, Ended: friday,
			NextRef: "assess-referral", NextDue: tuesday, Latest: friday, Version: 7,
		},
		store.Holder{Stream: "unit/u-pain", Key: "1", Post: painDesk, Professional: "p-nurse", From: monday, Until: friday},
		store.Unit{Stream: "unit/u-pain", Kind: "pain-clinic", Name: "Smerteklinikken på Ås", Parent: "u-trust", Regime: care.Norway, Open: true},
		store.Relation{Stream: "journey/1", Key: "1", Person: "q1", Unit: "u-pain", Actor: "q2", Basis: "responsible", From: monday, Until: friday},
		store.Deny{Stream: "consent/q1", Key: "1", Person: "q1", Unit: "u-gp", But: "u-pain", Professional: "p-ex", Journey: "journey/1", Strength: "block", From: monday, Until: friday},
		store.Slot{
			Stream: "schedule/1", Unit: "u-pain", Kind: "course", Joining: "open", Status: "open", Starts: tuesday, Ends: friday, Until: monday,
			Seats: 9, Taken: 3, Free: 5, Waiting: 2, Minimum: 4,
		},
	}
}

// table reads a whole table.
func table(t *testing.T, s store.Store, name string) []store.Row {
	t.Helper()
	var out []store.Row
	must(t, s.Rows(ctx, name, func(k store.RowKey, v []any) error {
		r, err := store.RowOf(k, v)
		out = append(out, r)
		return err
	}))
	return out
}

func rowRoundTrip(t *testing.T, s store.Store) {
	rows := everyRow()
	appended(t, s, store.Append{Put: rows})
	seen := map[string]bool{}
	for _, want := range rows {
		k := want.RowKey()
		seen[k.Table] = true
		got := table(t, s, k.Table)
		if len(got) != 1 {
			t.Fatalf("%s: %d rows", k.Table, len(got))
		}
		same(t, k.Table+" key", got[0].RowKey(), k)
		same(t, k.Table+" values", got[0].Values(), want.Values())
	}
	for name, columns := range store.Columns {
		if !seen[name] {
			t.Errorf("no row of table %s is tried", name)
		}
		must(t, s.Rows(ctx, name, func(k store.RowKey, v []any) error {
			if len(v) != len(columns) {
				t.Errorf("%s: %d values for %d columns", name, len(v), len(columns))
			}
			for i, c := range columns {
				var ok bool
				switch v[i].(type) {
				case string:
					ok = c.Type == store.Text
				case int64:
					ok = c.Type == store.Int
				case bool:
					ok = c.Type == store.Bool
				}
				if !ok {
					t.Errorf("%s: column %s is a %T", name, c.Name, v[i])
				}
			}
			return nil
		}))
	}
	fails(t, s.Rows(ctx, "event", func(store.RowKey, []any) error { return nil }), store.ErrMalformed)
	stop := errors.New("stop")
	fails(t, s.Rows(ctx, store.TableItem, func(store.RowKey, []any) error { return stop }), stop)
}

func putDrop(t *testing.T, s store.Store) {
	a, b := item("journey/1", "step/1", painDesk, "q1", tuesday), item("journey/1", "step/2", painDesk, "q1", friday)
	other := item("journey/2", "step/1", painDesk, "q2", tuesday)
	appended(t, s, store.Append{Put: []store.Row{other, b, a}})
	keys := func() (out []string) {
		for _, r := range table(t, s, store.TableItem) {
			k := r.RowKey()
			out = append(out, fmt.Sprint(k.Stream, " ", k.Key, " ", r.(store.Item).Item.Post))
		}
		return out
	}
	same(t, "in stream and key order", keys(), []string{"journey/1 step/1 u-pain/desk", "journey/1 step/2 u-pain/desk", "journey/2 step/1 u-pain/desk"})
	a.Item.Post.Role = "team" // moves to another post
	appended(t, s, store.Append{Put: []store.Row{a}, Drop: []store.RowKey{b.RowKey(), {Table: store.TableItem, Stream: "journey/none", Key: "x"}}})
	same(t, "after put and drop", keys(), []string{"journey/1 step/1 u-pain/team", "journey/2 step/1 u-pain/desk"})
	_, n, err := s.Items(ctx, store.ItemQuery{Scope: store.Scope{All: true}, Posts: []care.Post{painDesk}})
	must(t, err)
	same(t, "left at the old post", n, 1)

	// Dropped and put in one append: what is put stays.
	appended(t, s, store.Append{Put: []store.Row{b}, Drop: []store.RowKey{b.RowKey()}})
	same(t, "after drop and put", len(keys()), 3)
}

func replace(t *testing.T, s store.Store) {
	a := full("journey/1")
	a.Put = everyRow()
	appended(t, s, a)
	want := contents(t, s)
	fresh := item("journey/8", "step/1", painDesk, "q8", friday)
	must(t, s.Replace(ctx, func(put func(store.Row) error, timer func(store.Timer) error) error {
		// The log can be read while it is folded.
		got, err := s.Load(ctx, "journey/1", 0)
		if err != nil || len(got) != 2 {
			return fmt.Errorf("read while replacing: %d events, %w", len(got), err)
		}
		return errors.Join(put(fresh), timer(store.Timer{Stream: "journey/8", Due: friday}))
	}))
	same(t, "items", len(table(t, s, store.TableItem)), 1)
	same(t, "units", len(table(t, s, store.TableUnit)), 0)
	got, err := s.Due(ctx, "w", friday, friday.Add(time.Hour), 0)
	must(t, err)
	same(t, "timers", got, []store.Timer{{Stream: "journey/8", Due: utc(friday)}})
	sent, err := s.Deliveries(ctx, "w", friday, friday.Add(time.Hour), 0)
	must(t, err)
	if len(sent) != 0 {
		t.Errorf("deliveries go out after a rebuild: %v", sent)
	}

	must(t, s.Replace(ctx, func(put func(store.Row) error, timer func(store.Timer) error) error {
		var errs []error
		for _, r := range everyRow() {
			errs = append(errs, put(r))
		}
		return errors.Join(append(errs, timer(store.Timer{Stream: "journey/1", Due: tuesday}))...)
	}))
	same(t, "rebuilt to the same", contents(t, s), want)
}

func replaceFails(t *testing.T, s store.Store) {
	a := full("journey/1")
	a.Put = everyRow()
	appended(t, s, a)
	want := contents(t, s)
	stop := errors.New("stop")
	fails(t, s.Replace(ctx, func(put func(store.Row) error, timer func(store.Timer) error) error {
		return errors.Join(put(item("journey/8", "step/1", painDesk, "q8", friday)), timer(store.Timer{Stream: "journey/8", Due: friday}), stop)
	}), stop)
	fails(t, s.Replace(ctx, func(put func(store.Row) error, _ func(store.Timer) error) error {
		return put(badRow{table: "user"})
	}), store.ErrMalformed)
	same(t, "after failed replaces", contents(t, s), want)
	sent, err := s.Deliveries(ctx, "w", friday, friday.Add(time.Hour), 0)
	must(t, err)
	same(t, "deliveries are not held", len(sent), 1)
}
