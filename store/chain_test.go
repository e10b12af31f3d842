package store

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"forlop/care"
)

func fromHex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func goldenEvent() Event {
	return Event{
		Position: 99, Stream: "journey/1", Version: 1, Type: "journey.opened/1",
		Happened: time.Date(2026, 3, 2, 8, 0, 0, 1000, time.UTC), Learned: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		Actor: care.Actor{Kind: care.Professional, ID: "p-1", Unit: "u-pain"}, Post: care.Post{Unit: "u-pain", Role: "team"},
		For:    &care.OnBehalf{Of: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "u-gp", Role: "gp"}, Name: "Legene"}, How: care.ByPhone},
		Regime: care.Norway, Cause: "person/1@3", Command: "k1", Definition: "sha256:00", Body: []byte(`{"a":1}`), Sealed: []byte{1, 2, 3},
	}
}

// TestGoldenHashes: the hash of an event is the same in every release.
func TestGoldenHashes(t *testing.T) {
	t.Parallel()
	bare := Event{Stream: "journey/1", Version: 1, Type: "journey.opened/1", Body: []byte(`{}`)}
	first := ChainHash(nil, goldenEvent())
	for name, c := range map[string]struct {
		got  []byte
		want string
	}{
		"full":   {first, goldenFull},
		"bare":   {ChainHash(nil, bare), goldenBare},
		"second": {ChainHash(first, bare), goldenSecond},
	} {
		if got := hex.EncodeToString(c.got); got != c.want {
			t.Errorf("%s: the hash is now %s: every log written so far would be called broken", name, got)
		}
	}
}

// TestHashCoversEveryField changes each field of an event, one at a time; only
// Position and Hash may leave the hash as it was. A new field of Event fails here
// until it is hashed.
func TestHashCoversEveryField(t *testing.T) {
	t.Parallel()
	want := ChainHash(nil, goldenEvent())
	outside := map[string]bool{"Position": true, "Hash": true}
	var walk func(path string, pick func(*Event) reflect.Value)
	walk = func(path string, pick func(*Event) reflect.Value) {
		e := goldenEvent()
		v := pick(&e)
		switch {
		case v.Type() == reflect.TypeFor[time.Time]():
			v.Set(reflect.ValueOf(v.Interface().(time.Time).Add(time.Microsecond)))
		case v.Kind() == reflect.String:
			v.SetString(v.String() + "x")
		case v.CanInt():
			v.SetInt(v.Int() + 1)
		case v.Kind() == reflect.Slice:
			v.SetBytes(append(bytes.Clone(v.Bytes()), 'x'))
		case v.Kind() == reflect.Pointer:
			v.SetZero()
			for i := range v.Type().Elem().NumField() {
				walk(path+"."+v.Type().Elem().Field(i).Name, func(e *Event) reflect.Value { return pick(e).Elem().Field(i) })
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, func(e *Event) reflect.Value { return pick(e).Field(i) })
			}
			return
		default:
			t.Fatalf("%s is a %s: say here how it is changed", path, v.Type())
		}
		if same := bytes.Equal(ChainHash(nil, e), want); same != outside[path] {
			t.Errorf("%s changed: the hash is the same: %v", path, same)
		}
	}
	for i := range reflect.TypeFor[Event]().NumField() {
		walk(reflect.TypeFor[Event]().Field(i).Name, func(e *Event) reflect.Value { return reflect.ValueOf(e).Elem().Field(i) })
	}
	if bytes.Equal(ChainHash([]byte{1}, goldenEvent()), want) {
		t.Error("the event before does not count")
	}
}

// TestHashKeepsFieldsApart: what stands at the end of one field cannot be moved
// to the beginning of the next.
func TestHashKeepsFieldsApart(t *testing.T) {
	t.Parallel()
	a, b := goldenEvent(), goldenEvent()
	a.Cause, a.Command = "ab", "c"
	b.Cause, b.Command = "a", "bc"
	if bytes.Equal(ChainHash(nil, a), ChainHash(nil, b)) {
		t.Error("two events have the same hash")
	}
}

func TestChainAndVerify(t *testing.T) {
	t.Parallel()
	in := []Event{goldenEvent(), goldenEvent(), goldenEvent()}
	first := Chain("journey/9", 0, nil, in[:1])
	rest := Chain("journey/9", 1, first[0].Hash, in[1:])
	all := slices.Concat(first, rest)
	if err := VerifyChain(all); err != nil {
		t.Error(err)
	}
	if in[0].Stream != "journey/1" || in[0].Hash != nil {
		t.Error("Chain changed what it was given")
	}
	all[1].Body = []byte(`{"a":2}`)
	if err := VerifyChain(all); !errors.Is(err, ErrChain) {
		t.Errorf("a changed body: %v", err)
	}
	all[1] = rest[1]
	if err := VerifyChain(all); !errors.Is(err, ErrChain) {
		t.Errorf("a missing event: %v", err)
	}
}

func TestMicros(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{
		{}, time.Unix(1, 0), time.Unix(0, 1000), time.Unix(-1, 0), time.Date(2026, 3, 2, 8, 0, 0, 123456789, time.FixedZone("", 7200)), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		if got, want := FromMicros(Micros(at)), at.UTC().Truncate(time.Microsecond); !got.Equal(want) || got.IsZero() != at.IsZero() {
			t.Errorf("%v came back as %v", at, got)
		}
	}
}
