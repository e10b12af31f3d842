package storetest

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"forlop/store"
)

var logTests = []test{
	{"an event comes back as it was written", eventRoundTrip},
	{"versions run on within a stream", versions},
	{"another version is refused", otherVersion},
	{"several streams are written together or not at all", together},
	{"a second write to a stream expects what the first made", twiceInOne},
	{"a claim has one holder", claims},
	{"a command happens once", commandOnce},
	{"what a command was answered can be asked", commanded},
	{"a command key is not used for two things", commandReused},
	{"a refused append does not use up its command key", commandAfterRefusal},
	{"streams are listed by kind and name", streams},
	{"following reads the whole log in order", follow},
	{"what is read belongs to the reader", ownership},
	{"ten megabytes fit in a body", bigBody},
	{"text of every script comes back", unicodeText},
	{"blobs are kept", blobs},
	{"a mark counts the appends that name it", marks},
	{"the chain verifies and a flipped byte is found", chain},
	{"what cannot be kept byte for byte is refused", malformed},
	{"a cancelled append is not begun", cancelled},
	{"the store says what it is", check},
}

func eventRoundTrip(t *testing.T, s store.Store) {
	done := appended(t, s, write("journey/1", 0, 1))
	want := event(1)
	want.Position, want.Stream, want.Version = done.Position, "journey/1", 1
	want.Happened, want.Learned = utc(want.Happened), utc(want.Learned)
	want.Hash = store.ChainHash(nil, want)
	got, err := s.Load(ctx, "journey/1", 0)
	must(t, err)
	same(t, "event", got, []store.Event{want})
	if got[0].Learned.Nanosecond() != 123457000 || got[0].Learned.Location().String() != "UTC" {
		t.Errorf("instants are kept to the microsecond in UTC; got %v", got[0].Learned)
	}

	// The least an event can have.
	appended(t, s, store.Append{Writes: []store.Write{{Stream: "journey/2", Events: []store.Event{{Type: "test.bare/1", Body: []byte("{}")}}}}})
	got, err = s.Load(ctx, "journey/2", 0)
	must(t, err)
	if e := got[0]; e.For != nil || len(e.Sealed) != 0 || !e.Happened.IsZero() || string(e.Body) != "{}" {
		t.Errorf("a bare event came back as %+v", e)
	}
}

func versions(t *testing.T, s store.Store) {
	same(t, "first versions", appended(t, s, write("journey/1", 0, 3)).Versions, []int{3})
	same(t, "next versions", appended(t, s, write("journey/1", 3, 2)).Versions, []int{5})
	got, err := s.Load(ctx, "journey/1", 0)
	must(t, err)
	for i, e := range got {
		if e.Version != i+1 {
			t.Errorf("event %d has version %d", i, e.Version)
		}
	}
	if len(got) != 5 {
		t.Errorf("%d events, want 5", len(got))
	}
	got, err = s.Load(ctx, "journey/1", 3)
	must(t, err)
	if len(got) != 2 || got[0].Version != 4 {
		t.Errorf("after version 3: %+v", got)
	}
	for _, after := range []int{5, 99} {
		got, err = s.Load(ctx, "journey/1", after)
		if err != nil || len(got) != 0 {
			t.Errorf("after version %d: %v, %v", after, got, err)
		}
	}
	got, err = s.Load(ctx, "journey/none", 0)
	if err != nil || len(got) != 0 {
		t.Errorf("a stream that is not: %v, %v", got, err)
	}
}

func otherVersion(t *testing.T, s store.Store) {
	appended(t, s, write("journey/1", 0, 2))
	for _, expect := range []int{0, 1, 3} {
		refused(t, s, write("journey/1", expect, 1), store.ErrVersion)
	}
	refused(t, s, write("journey/2", 1, 1), store.ErrVersion)
	guarded := func(version int, stream store.Stream) store.Append {
		a := write("journey/3", 0, 1)
		a.Guards = []store.Guard{{Stream: stream, Version: version}}
		return a
	}
	refused(t, s, guarded(1, "journey/1"), store.ErrVersion)
	refused(t, s, guarded(1, "journey/none"), store.ErrVersion)
	a := guarded(2, "journey/1")
	a.Guards = append(a.Guards, store.Guard{Stream: "journey/none"})
	appended(t, s, a)
}

func together(t *testing.T, s store.Store) {
	appended(t, s, write("person/1", 0, 1))
	appended(t, s, store.Append{Claims: []store.Claim{{Kind: "seat", Key: "a", Stream: "journey/9"}}})
	a := full("journey/1")
	a.Writes = append(a.Writes, write("person/1", 1, 1).Writes...)
	a.Claims = append(a.Claims, store.Claim{Kind: "seat", Key: "a", Stream: "journey/1"}) // the last one fails
	refused(t, s, a, store.ErrClaimed)
	a.Claims = a.Claims[:1]
	done := appended(t, s, a)
	same(t, "versions in the order of writes", done.Versions, []int{2, 2})
}

// full is an append that changes a little of everything.
func full(stream store.Stream) store.Append {
	a := write(stream, 0, 2)
	a.Claims = []store.Claim{{Kind: "seat", Key: "b", Stream: stream}}
	a.Command = &store.Command{Actor: "p-nurse", Key: "full", Digest: [32]byte{1}}
	a.Put = []store.Row{item(stream, "step/1", painDesk, "q1", tuesday)}
	a.Timers = []store.Timer{{Stream: stream, Due: tuesday}}
	a.Send = []store.Delivery{{ID: "d-" + string(stream), Stream: stream, Version: 1, Kind: "letter", Payload: []byte(`{}`), Due: monday}}
	a.Blobs = []store.Blob{{ID: "c", Stream: stream, Sealed: []byte{1}}}
	return a
}

func twiceInOne(t *testing.T, s store.Store) {
	a := write("journey/1", 0, 2)
	a.Writes = append(a.Writes, store.Write{Stream: "journey/1", Expect: 2, Events: events(1)})
	same(t, "versions", appended(t, s, a).Versions, []int{2, 3})
	got, err := s.Load(ctx, "journey/1", 0)
	must(t, err)
	must(t, store.VerifyChain(got))
	a.Writes = []store.Write{{Stream: "journey/1", Expect: 3, Events: events(1)}, {Stream: "journey/1", Expect: 3, Events: events(1)}}
	refused(t, s, a, store.ErrVersion)
}

func claims(t *testing.T, s store.Store) {
	claim := func(key string, stream store.Stream) store.Claim {
		return store.Claim{Kind: "seat", Key: key, Stream: stream}
	}
	holder := func(key string, want store.Stream) {
		t.Helper()
		got, err := s.Claimed(ctx, "seat", key)
		must(t, err)
		same(t, "holder of "+key, got, want)
	}
	_, err := s.Claimed(ctx, "seat", "a")
	fails(t, err, store.ErrNotFound)
	appended(t, s, store.Append{Claims: []store.Claim{claim("a", "journey/1")}})
	holder("a", "journey/1")
	appended(t, s, store.Append{Claims: []store.Claim{claim("a", "journey/1")}}) // one's own again
	refused(t, s, store.Append{Claims: []store.Claim{claim("a", "journey/2")}}, store.ErrClaimed)
	appended(t, s, store.Append{Claims: []store.Claim{{Kind: "need", Key: "a", Stream: "journey/2"}}}) // another kind
	appended(t, s, store.Append{Releases: []store.Claim{claim("a", "journey/2")}})                     // not held: nothing happens
	holder("a", "journey/1")

	// Within one append, what is given back can be taken.
	appended(t, s, store.Append{Releases: []store.Claim{claim("a", "journey/1")}, Claims: []store.Claim{claim("a", "journey/2")}})
	holder("a", "journey/2")
	refused(t, s, store.Append{Claims: []store.Claim{claim("b", "journey/1"), claim("b", "journey/2")}}, store.ErrClaimed)
	appended(t, s, store.Append{Releases: []store.Claim{claim("a", "journey/2")}})
	_, err = s.Claimed(ctx, "seat", "a")
	fails(t, err, store.ErrNotFound)
}

func commandOnce(t *testing.T, s store.Store) {
	a := write("journey/1", 0, 1)
	a.Command = &store.Command{Actor: "p-nurse", Key: "k1", Digest: [32]byte{1}, Answer: []byte(`{"v":1}`)}
	if done := appended(t, s, a); done.Repeated != nil {
		t.Errorf("done now, but answered as repeated: %s", done.Repeated)
	}
	before := contents(t, s)
	// The version it expects has passed: the command is looked up first.
	for range 3 {
		done := appended(t, s, a)
		same(t, "kept answer", string(done.Repeated), `{"v":1}`)
	}
	a.Command.Answer = []byte(`{"v":2}`)
	same(t, "the first answer is kept", string(appended(t, s, a).Repeated), `{"v":1}`)
	same(t, "what a repeat left behind", contents(t, s), before)

	// The same key of another actor is another command.
	b := write("journey/2", 0, 1)
	b.Command = &store.Command{Actor: "p-other", Key: "k1", Digest: [32]byte{9}}
	if done := appended(t, s, b); done.Repeated != nil {
		t.Error("another actor's command was taken for a repeat")
	}
	if done := appended(t, s, b); done.Repeated == nil {
		t.Error("a repeat whose answer is empty must be told apart from a first time")
	}
}

func commanded(t *testing.T, s store.Store) {
	for i, answer := range [][]byte{[]byte(`{"v":1}`), nil} {
		stream := store.StreamOf("journey", string(rune('a'+i)))
		c := store.Command{Actor: "p-nurse", Key: string(stream), Digest: [32]byte{1}}
		got, err := s.Commanded(ctx, c)
		if err != nil || got != nil {
			t.Errorf("before: %q, %v", got, err)
		}
		kept := c
		kept.Answer = answer
		a := write(stream, 0, 1)
		a.Command = &kept
		appended(t, s, a)
		got, err = s.Commanded(ctx, c)
		if err != nil || got == nil || string(got) != string(answer) {
			t.Errorf("after: %q (nil: %v), %v", got, got == nil, err)
		}
		c.Digest[0]++
		_, err = s.Commanded(ctx, c)
		fails(t, err, store.ErrKeyReused)
	}
}

func commandReused(t *testing.T, s store.Store) {
	a := write("journey/1", 0, 1)
	a.Command = &store.Command{Actor: "p-nurse", Key: "k1", Digest: [32]byte{1}}
	appended(t, s, a)
	b := write("journey/2", 0, 1)
	b.Command = &store.Command{Actor: "p-nurse", Key: "k1", Digest: [32]byte{2}}
	refused(t, s, b, store.ErrKeyReused)
}

func commandAfterRefusal(t *testing.T, s store.Store) {
	appended(t, s, write("journey/1", 0, 1))
	a := write("journey/1", 0, 1)
	a.Command = &store.Command{Actor: "p-nurse", Key: "k1", Digest: [32]byte{1}}
	refused(t, s, a, store.ErrVersion)
	a.Writes[0].Expect = 1
	if done := appended(t, s, a); done.Repeated != nil || done.Versions[0] != 2 {
		t.Errorf("after a refusal: %+v", done)
	}
}

func streams(t *testing.T, s store.Store) {
	// "journey2" and "journey-x" sort around "journey/…" and are other kinds.
	for _, name := range []store.Stream{"journey/b", "journey/a", "journey/å", "journey2/a", "journey-x/a", "person/a"} {
		appended(t, s, write(name, 0, 1))
	}
	appended(t, s, write("journey/b", 1, 1))
	got, err := s.Streams(ctx, "journey", "", 0)
	must(t, err)
	same(t, "streams", got, []store.Guard{{Stream: "journey/a", Version: 1}, {Stream: "journey/b", Version: 2}, {Stream: "journey/å", Version: 1}})
	got, err = s.Streams(ctx, "journey", "journey/a", 1)
	must(t, err)
	same(t, "second page", got, []store.Guard{{Stream: "journey/b", Version: 2}})
	got, err = s.Streams(ctx, "journey", "journey/å", 1)
	must(t, err)
	if len(got) != 0 {
		t.Errorf("after the last: %v", got)
	}
}

func follow(t *testing.T, s store.Store) {
	for i := range 5 {
		appended(t, s, write(store.StreamOf("journey", string(rune('a'+i%2))), i/2*2, 2))
	}
	all, err := s.Follow(ctx, 0, 0)
	must(t, err)
	if len(all) != 10 {
		t.Fatalf("%d events, want 10", len(all))
	}
	var paged []store.Event
	for after := int64(0); ; {
		page, err := s.Follow(ctx, after, 3)
		must(t, err)
		if len(page) == 0 {
			break
		}
		if len(page) > 3 {
			t.Fatalf("asked for 3, got %d", len(page))
		}
		for _, e := range page {
			if e.Position <= after {
				t.Fatalf("position %d after %d", e.Position, after)
			}
			after = e.Position
		}
		paged = append(paged, page...)
	}
	same(t, "paged", paged, all)
	got, err := s.Follow(ctx, all[9].Position, 10)
	if err != nil || len(got) != 0 {
		t.Errorf("after the end: %v, %v", got, err)
	}
}

func ownership(t *testing.T, s store.Store) {
	a := write("journey/1", 0, 1)
	appended(t, s, a)
	want := contents(t, s)
	scribble := func(e store.Event) {
		clear(e.Body)
		clear(e.Sealed)
		clear(e.Hash)
		e.For.Of.Name = "x"
	}
	scribble(a.Writes[0].Events[0])
	for range 2 {
		got, err := s.Load(ctx, "journey/1", 0)
		must(t, err)
		scribble(got[0])
		got, err = s.Follow(ctx, 0, 0)
		must(t, err)
		scribble(got[0])
	}
	same(t, "after readers wrote on what they got", contents(t, s), want)
}

func bigBody(t *testing.T, s store.Store) {
	a := write("journey/1", 0, 1)
	e := &a.Writes[0].Events[0]
	e.Body = append(append([]byte(`{"text":"`), bytes.Repeat([]byte("a"), 10<<20)...), `"}`...)
	e.Sealed = bytes.Repeat([]byte{0xff}, 10<<20)
	appended(t, s, a)
	got, err := s.Load(ctx, "journey/1", 0)
	must(t, err)
	if !bytes.Equal(got[0].Body, e.Body) || !bytes.Equal(got[0].Sealed, e.Sealed) {
		t.Errorf("%d and %d bytes came back", len(got[0].Body), len(got[0].Sealed))
	}
	must(t, store.VerifyChain(got))
}

func unicodeText(t *testing.T, s store.Store) {
	const text = `Ærlig østers på åtte – "Gájdon" ŋŧž 漢字 👩‍⚕️ e\u0301 \u0000 \ud83d`
	a := write("journey/ÆØÅ 👩‍⚕️", 0, 1)
	e := &a.Writes[0].Events[0]
	e.Body = []byte("{\"s\": \"" + strings.ReplaceAll(text, `"`, `\"`) + "\",\n\t\"n\":1.0E+1, \"n\":2.50 }")
	e.Actor.ID = "p-Åse"
	appended(t, s, a)
	got, err := s.Load(ctx, a.Writes[0].Stream, 0)
	must(t, err)
	if len(got) != 1 || string(got[0].Body) != string(e.Body) || got[0].Actor.ID != "p-Åse" {
		t.Fatalf("came back as %+v", got)
	}
	must(t, store.VerifyChain(got))
	got2, err := s.Streams(ctx, "journey", "", 0)
	must(t, err)
	same(t, "stream", got2, []store.Guard{{Stream: a.Writes[0].Stream, Version: 1}})
}

func marks(t *testing.T, s store.Store) {
	want := func(what string, want map[string]int64) {
		t.Helper()
		got, err := s.Marks(ctx)
		must(t, err)
		same(t, what, got, want)
	}
	want("no marks", map[string]int64{})
	a := write("unit/1", 0, 1)
	a.Marks = []string{"unit", "pathway"}
	appended(t, s, a)
	want("two marks", map[string]int64{"unit": 1, "pathway": 1})
	a = write("unit/1", 1, 1)
	a.Marks = []string{"unit"}
	a.Command = &store.Command{Actor: "p-nurse", Key: "mark", Digest: [32]byte{1}}
	appended(t, s, a)
	appended(t, s, a) // repeated: nothing is done
	want("counted up", map[string]int64{"unit": 2, "pathway": 1})
	a.Command = nil
	refused(t, s, a, store.ErrVersion)
	want("after a refusal", map[string]int64{"unit": 2, "pathway": 1})
	a.Marks = []string{""}
	refused(t, s, a, store.ErrMalformed)
}

func blobs(t *testing.T, s store.Store) {
	_, err := s.Blob(ctx, "a")
	fails(t, err, store.ErrNotFound)
	want := store.Blob{ID: "a", Stream: "journey/1", Sealed: []byte{0, 255, 1}}
	appended(t, s, store.Append{Blobs: []store.Blob{want}})
	got, err := s.Blob(ctx, "a")
	must(t, err)
	same(t, "blob", got, want)
	refused(t, s, store.Append{Blobs: []store.Blob{{ID: "a", Stream: "journey/2", Sealed: []byte{1}}}}, store.ErrClaimed)
}

func chain(t *testing.T, s store.Store) {
	appended(t, s, write("journey/1", 0, 3))
	appended(t, s, write("journey/2", 0, 1))
	appended(t, s, write("journey/1", 3, 2))
	load := func() []store.Event {
		got, err := s.Load(ctx, "journey/1", 0)
		must(t, err)
		return got
	}
	must(t, store.VerifyChain(load()))
	must(t, store.VerifyChain(nil))
	changes := map[string]func(e []store.Event) []store.Event{
		"body":        func(e []store.Event) []store.Event { e[2].Body[3] ^= 1; return e },
		"sealed":      func(e []store.Event) []store.Event { e[2].Sealed[0] ^= 1; return e },
		"hash":        func(e []store.Event) []store.Event { e[2].Hash[0] ^= 1; return e },
		"last hash":   func(e []store.Event) []store.Event { e[4].Hash[31] ^= 1; return e },
		"type":        func(e []store.Event) []store.Event { e[0].Type = "test.other/1"; return e },
		"happened":    func(e []store.Event) []store.Event { e[1].Happened = e[1].Happened.Add(1000); return e },
		"actor":       func(e []store.Event) []store.Event { e[1].Actor.Unit = ""; return e },
		"on behalf":   func(e []store.Event) []store.Event { e[1].For = nil; return e },
		"one missing": func(e []store.Event) []store.Event { return append(e[:1], e[2:]...) },
		"two swapped": func(e []store.Event) []store.Event { e[1], e[2] = e[2], e[1]; return e },
		"first gone":  func(e []store.Event) []store.Event { return e[1:] },
	}
	for name, change := range changes {
		if err := store.VerifyChain(change(load())); err == nil || !strings.Contains(err.Error(), "journey/1") {
			t.Errorf("%s changed: error %v, want one that names the stream", name, err)
		}
	}
}

func malformed(t *testing.T, s store.Store) {
	body := func(b string) store.Append {
		a := write("journey/1", 0, 1)
		a.Writes[0].Events[0].Body = []byte(b)
		return a
	}
	nameless := write("journey/1", 0, 1)
	nameless.Writes[0].Events[0].Type = ""
	badActor := write("journey/1", 0, 1)
	badActor.Writes[0].Events[0].Actor.ID = "\xff"
	badFor := write("journey/1", 0, 1)
	badFor.Writes[0].Events[0].For.Of.Name = "a\x00b"
	for name, a := range map[string]store.Append{
		"no body": body(""), "half a body": body(`{"a":`), "not JSON": body("a"), "not UTF-8": body("\"\xff\""),
		"no type": nameless, "actor not UTF-8": badActor, "a zero byte in the party's name": badFor,
		"stream without kind": write("1", 0, 1), "stream without id": write("journey/", 0, 1), "stream with a zero byte": write("journey/\x00", 0, 1),
		"claim without kind":  {Claims: []store.Claim{{Key: "a", Stream: "journey/1"}}},
		"command without key": {Command: &store.Command{Actor: "a"}},
		"unknown table":       {Put: []store.Row{badRow{table: "user"}}},
		"drop of no table":    {Drop: []store.RowKey{{Table: "event", Stream: "journey/1"}}},
		"too few columns":     {Put: []store.Row{badRow{table: store.TableUnit, values: []any{"a"}}}},
		"a wrong type":        {Put: []store.Row{badRow{table: store.TableUnit, values: []any{"a", "b", "c", "NO", int64(1)}}}},
		"timer of no stream":  {Timers: []store.Timer{{Due: monday}}},
		"delivery of no kind": {Send: []store.Delivery{{ID: "a"}}},
		"blob without id":     {Blobs: []store.Blob{{Stream: "journey/1"}}},
	} {
		t.Run(name, func(t *testing.T) { refused(t, s, a, store.ErrMalformed) })
	}
}

type badRow struct {
	table  string
	values []any
}

func (r badRow) RowKey() store.RowKey { return store.RowKey{Table: r.table, Stream: "unit/1"} }
func (r badRow) Values() []any        { return r.values }

func cancelled(t *testing.T, s store.Store) {
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Append(over, write("journey/1", 0, 1)); err == nil {
		t.Error("an append whose caller is gone was done")
	}
	got, err := s.Load(ctx, "journey/1", 0)
	if err != nil || len(got) != 0 {
		t.Errorf("it left %v, %v", got, err)
	}
}

func check(t *testing.T, s store.Store) {
	appended(t, s, write("journey/1", 0, 3))
	h, err := s.Check(ctx)
	must(t, err)
	if h.Engine == "" || h.Version == "" || h.Events != 3 {
		t.Errorf("health %+v", h)
	}
	n, err := s.Epoch(ctx)
	must(t, err)
	if n < 1 || reflect.ValueOf(n).IsZero() {
		t.Errorf("the first epoch is %d", n)
	}
}
