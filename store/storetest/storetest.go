package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

// test is one part of the contract, judged on an empty store.
type test struct {
	name string
	run  func(t *testing.T, s store.Store)
}

// Run judges a store. open gives an empty one each time; the suite closes it.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	var all []test
	for _, part := range [][]test{logTests, orderTests, rowTests, listTests, queueTests, vaultTests, lookTests, shelfTests} {
		all = append(all, part...)
	}
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			t.Cleanup(func() { must(t, s.Close()) })
			c.run(t, s)
		})
	}
}

// The instants of the tests. monday has microseconds, and another zone than UTC.
var (
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 123456000, time.FixedZone("", 3600))
	tuesday = monday.AddDate(0, 0, 1)
	friday  = monday.AddDate(0, 0, 4)
)

var ctx = context.Background()

// nurse is who acts in most tests.
var nurse = care.Actor{Kind: care.Professional, ID: "p-nurse", Unit: "u-pain"}

// event is an event that uses every field.
func event(n int) store.Event {
	return store.Event{
		Type: "test.happened/1", Happened: monday.Add(time.Duration(n) * time.Hour), Learned: monday.Add(time.Duration(n)*time.Hour + 1500*time.Nanosecond),
		Actor: nurse, Post: painDesk,
		For:    &care.OnBehalf{Of: care.Party{Kind: care.PartyOther, Name: "Legekontoret på Nøtterøy"}, How: care.ByPhone},
		Regime: care.Norway, Cause: "journey/0@1", Command: fmt.Sprintf("key-%d", n), Definition: "sha256:00ff",
		Body: fmt.Appendf(nil, `{"n":%d, "text":"blåbær","amount":2.50}`, n), Sealed: []byte{0, 1, 2, 255, byte(n)},
	}
}

func events(n int) []store.Event {
	out := make([]store.Event, n)
	for i := range out {
		out[i] = event(i + 1)
	}
	return out
}

// write is an append of n events to a stream that has version expect.
func write(s store.Stream, expect, n int) store.Append {
	return store.Append{Writes: []store.Write{{Stream: s, Expect: expect, Events: events(n)}}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func appended(t *testing.T, s store.Store, a store.Append) store.Done {
	t.Helper()
	done, err := s.Append(ctx, a)
	must(t, err)
	return done
}

// refused wants an append to fail with an error and to leave nothing behind.
func refused(t *testing.T, s store.Store, a store.Append, want error) {
	t.Helper()
	before := contents(t, s)
	done, err := s.Append(ctx, a)
	if !errors.Is(err, want) {
		t.Fatalf("append: error %v, want %v", err, want)
	}
	if !reflect.DeepEqual(done, store.Done{}) {
		t.Errorf("a refused append answered %+v", done)
	}
	same(t, "what a refused append left behind", contents(t, s), before)
}

// contents is everything an append can change, as text.
func contents(t *testing.T, s store.Store) string {
	t.Helper()
	type all struct {
		Events     []store.Event
		Rows       map[string][][]any
		Timers     []store.Timer
		Deliveries []store.Delivery
		Claims     []string
		Blobs      []string
	}
	c := all{Rows: map[string][][]any{}}
	var err error
	c.Events, err = s.Follow(ctx, 0, 0)
	must(t, err)
	for table := range store.Columns {
		must(t, s.Rows(ctx, table, func(k store.RowKey, v []any) error {
			c.Rows[table] = append(c.Rows[table], append([]any{k.Stream, k.Key}, v...))
			return nil
		}))
	}
	must(t, s.Timers(ctx, func(m store.Timer) error { c.Timers = append(c.Timers, m); return nil }))
	for _, key := range []string{"a", "b", "c"} {
		if holder, err := s.Claimed(ctx, "seat", key); err == nil {
			c.Claims = append(c.Claims, key+"="+string(holder))
		} else if !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
		if b, err := s.Blob(ctx, key); err == nil {
			c.Blobs = append(c.Blobs, fmt.Sprint(b))
		} else if !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
	}
	text, err := json.MarshalIndent(c, "", " ")
	must(t, err)
	return string(text)
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func fails(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

// utc is an instant as a store gives it back.
func utc(at time.Time) time.Time { return store.FromMicros(store.Micros(at)) }
