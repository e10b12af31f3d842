package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

var queueTests = []test{
	{"timers are leased when they are due", timers},
	{"two workers never lease the same timer", twoWorkers},
	{"deliveries are leased, held and finished", deliveries},
	{"cursors belong to an epoch", cursors},
	{"what waits is counted", standing},
}

func timers(t *testing.T, s store.Store) {
	set := func(stream store.Stream, due time.Time) {
		t.Helper()
		appended(t, s, store.Append{Timers: []store.Timer{{Stream: stream, Due: due}}})
	}
	due := func(now time.Time, limit int) string {
		t.Helper()
		got, err := s.Due(ctx, "w1", now, now.Add(time.Minute), limit)
		must(t, err)
		var names []string
		for _, m := range got {
			names = append(names, m.Stream.ID())
		}
		return strings.Join(names, " ")
	}
	same(t, "none", due(friday, 0), "")
	set("journey/b", tuesday)
	set("journey/a", tuesday)
	set("journey/c", monday)
	set("journey/d", friday)
	same(t, "before any", due(monday.Add(-time.Microsecond), 0), "")
	same(t, "the earliest first, at most two", due(tuesday, 2), "c a")
	same(t, "the rest", due(tuesday, 2), "b")
	same(t, "all are leased", due(tuesday.Add(time.Minute-time.Microsecond), 0), "")

	var all []store.Timer
	must(t, s.Timers(ctx, func(m store.Timer) error { all = append(all, m); return nil }))
	same(t, "timers, leased ones too", all, []store.Timer{
		{Stream: "journey/a", Due: utc(tuesday)}, {Stream: "journey/b", Due: utc(tuesday)}, {Stream: "journey/c", Due: utc(monday)}, {Stream: "journey/d", Due: utc(friday)},
	})

	set("journey/a", time.Time{})              // removed
	set("journey/b", tuesday.Add(time.Second)) // changed, so free at once
	same(t, "a changed timer is free", due(tuesday.Add(30*time.Second), 0), "b")
	same(t, "an ended lease is taken over", due(tuesday.Add(time.Minute), 0), "c")
	last := strings.Fields(due(friday, 0)) // whose lease has ended comes in no certain order
	slices.Sort(last)
	same(t, "all that are left", last, []string{"b", "c", "d"})
}

// twoWorkers: many workers ask at the same instant, again after the leases have
// ended, and every timer is leased once each time.
func twoWorkers(t *testing.T, s store.Store) {
	const n = 200
	var put []store.Timer
	for i := range n {
		put = append(put, store.Timer{Stream: store.StreamOf("journey", fmt.Sprint(i)), Due: monday})
	}
	appended(t, s, store.Append{Timers: put})
	for round := range 2 {
		now := monday.Add(time.Duration(round) * time.Hour)
		var mu sync.Mutex
		leased := map[store.Stream]string{}
		compete(t, func(w int) error {
			owner := fmt.Sprint("w", w)
			for {
				got, err := s.Due(ctx, owner, now, now.Add(time.Hour), 3)
				if err != nil || len(got) == 0 {
					return err
				}
				mu.Lock()
				for _, m := range got {
					if other, twice := leased[m.Stream]; twice {
						mu.Unlock()
						return fmt.Errorf("%s was leased by %s and %s", m.Stream, other, owner)
					}
					leased[m.Stream] = owner
				}
				mu.Unlock()
			}
		})
		same(t, "timers leased", len(leased), n)
	}
}

func deliveries(t *testing.T, s store.Store) {
	mk := func(id string, due time.Time) store.Delivery {
		return store.Delivery{ID: id, Stream: "notice/1", Version: 2, Kind: "letter", Payload: []byte(`{"to":"ø"}`), Due: utc(due)}
	}
	a, b, c := mk("a", tuesday), mk("b", monday), mk("c", monday)
	c.Held = true
	appended(t, s, store.Append{Send: []store.Delivery{a, b, c}})
	lease := func(now time.Time) []store.Delivery {
		t.Helper()
		got, err := s.Deliveries(ctx, "w1", now, now.Add(time.Minute), 5)
		must(t, err)
		return got
	}
	same(t, "due and not held", lease(monday), []store.Delivery{b})
	same(t, "leased", len(lease(monday)), 0)
	same(t, "the lease has ended, another is due", lease(tuesday), []store.Delivery{b, a})
	refused(t, s, store.Append{Send: []store.Delivery{mk("a", friday)}}, store.ErrClaimed)
	appended(t, s, store.Append{Finish: []string{"a", "none"}})
	same(t, "finished", lease(friday), []store.Delivery{b})
	n, err := s.Release(ctx)
	must(t, err)
	same(t, "released", n, 1)
	c.Held = false
	same(t, "released and due", lease(friday.Add(time.Hour)), []store.Delivery{b, c})
	// Finished and sent again in one append: a new attempt under the same id.
	b.Due = utc(friday.AddDate(0, 0, 1))
	appended(t, s, store.Append{Finish: []string{"b"}, Send: []store.Delivery{b}})
}

func cursors(t *testing.T, s store.Store) {
	at := func(name string, want int64) {
		t.Helper()
		got, err := s.Cursor(ctx, name)
		must(t, err)
		same(t, "cursor "+name, got, want)
	}
	at("react", 0)
	must(t, s.SetCursor(ctx, "react", 5))
	must(t, s.SetCursor(ctx, "react", 7))
	must(t, s.SetCursor(ctx, "measure", 1))
	at("react", 7)
	at("measure", 1)
	first, err := s.Epoch(ctx)
	must(t, err)
	must(t, s.SetSetting(ctx, "epoch", fmt.Sprint(first+1)))
	next, err := s.Epoch(ctx)
	must(t, err)
	same(t, "epoch", next, first+1)
	at("react", 0)
	must(t, s.SetCursor(ctx, "react", 2))
	at("react", 2)
}

// standing: what waits and how late it is, and nothing of what is done.
func standing(t *testing.T, s store.Store) {
	at := func(now time.Time, want store.Standing) {
		t.Helper()
		got, err := s.Standing(ctx, now)
		must(t, err)
		same(t, "what waits", got, want)
	}
	at(monday, store.Standing{Waiting: map[string]int{}, Items: map[string]store.ItemCount{}})
	item := func(key string, kind care.ItemKind, latest time.Time) store.Row {
		return store.Item{Stream: "journey/a", Person: "p1", Item: care.Item{
			Key: key, Kind: kind, Post: care.Post{Unit: "clinic", Role: "desk"}, Since: monday, Due: monday, Latest: latest, Version: 1,
		}}
	}
	delivery := func(id string, due time.Time, held bool) store.Delivery {
		return store.Delivery{ID: id, Stream: "notice/1", Version: 1, Kind: "sms", Payload: []byte("{}"), Due: utc(due), Held: held}
	}
	appended(t, s, store.Append{
		Timers: []store.Timer{{Stream: "journey/a", Due: tuesday}, {Stream: "journey/b", Due: friday}, {Stream: "form/a", Due: monday}},
		Put:    []store.Row{item("1", care.StepItem, monday), item("2", care.StepItem, friday), item("3", care.TellItem, time.Time{})},
		Send:   []store.Delivery{delivery("a", tuesday, false), delivery("b", friday, false), delivery("c", monday, true)},
	})
	want := store.Standing{
		Waiting: map[string]int{"journey": 2, "form": 1}, Due: 2, DueSince: utc(monday), Pending: 2, Held: 1, PendingSince: utc(tuesday),
		Items: map[string]store.ItemCount{"step": {Open: 2, Late: 1}, "tell": {Open: 1}},
	}
	at(tuesday, want)
	want.Due, want.DueSince, want.PendingSince = 0, time.Time{}, time.Time{}
	want.Items["step"] = store.ItemCount{Open: 2}
	at(monday.Add(-time.Hour), want)
	appended(t, s, store.Append{
		Timers: []store.Timer{{Stream: "form/a"}}, Finish: []string{"a"},
		Drop: []store.RowKey{{Table: store.TableItem, Stream: "journey/a", Key: "1"}, {Table: store.TableItem, Stream: "journey/a", Key: "2"}},
	})
	at(monday.Add(-time.Hour), store.Standing{
		Waiting: map[string]int{"journey": 2}, Pending: 1, Held: 1, Items: map[string]store.ItemCount{"tell": {Open: 1}},
	})
}
