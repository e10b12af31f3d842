package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
	"forlop/store/memory"
)

// said and saidBy are one event in two versions: the newer one also says who.
type said struct{ Words string }
type saidBy struct{ Words, Who string }

// only is an event that the older release has no word for.
type only struct{}

func (said) Type() string           { return "test.said/1" }
func (saidBy) Type() string         { return "test.said/2" }
func (saidBy) Level() int           { return level + 1 }
func (e saidBy) Before() care.Event { return said{e.Words} }
func (only) Type() string           { return "test.only/1" }
func (only) Level() int             { return level + 1 }
func (only) Before() care.Event     { return nil }

var bothReleases = func() *care.Vocabulary {
	v := care.NewVocabulary(saidBy{}, only{})
	v.Old("test.said/1", func(body []byte) (string, []byte, error) {
		var old said
		if err := json.Unmarshal(body, &old); err != nil {
			return "", nil, err
		}
		b, err := care.Encode(saidBy{old.Words, "somebody"})
		return "test.said/2", b, err
	})
	return v
}()

// talkKind is a stream of what was said, in the newer release.
type talkKind struct{ unitKind }

func (talkKind) decode(typ string, body []byte) (care.Event, error) {
	return bothReleases.Decode(typ, body)
}
func (talkKind) fresh(string) any { return &[]care.Event{} }
func (talkKind) clone(s any) any {
	c := append([]care.Event{}, *s.(*[]care.Event)...)
	return &c
}
func (talkKind) evolve(s any, r care.Recorded) error {
	*s.(*[]care.Event) = append(*s.(*[]care.Event), r.Event)
	return nil
}
func (talkKind) due(any) (time.Time, bool)          { return time.Time{}, false }
func (talkKind) facts(any) (care.Regime, string)    { return "", "" }
func (talkKind) rows(store.Stream, any) []store.Row { return nil }
func (talkKind) decide(_ *work, _ string, _, c any, _ care.Act) ([]care.Made, error) {
	return []care.Made{{Event: c.(talk).Event}}, nil
}

type talk struct{ Event care.Event }

func (talk) Name() string { return "unit.open" } // a command that the service itself may give

// release starts a process of a release that writes events up to a level.
func release(t *testing.T, st store.Store, level int) *Service {
	t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.KeySize), rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(context.Background(), Config{Store: st, Clock: SystemClock(), Keys: keys, Random: rand.NewChaCha8([32]byte{2})})
	if err != nil {
		t.Fatal(err)
	}
	s.kinds["talk"] = talkKind{}
	s.level = level
	return s
}

// An old and a new release run side by side: until the operator switches the new
// events on, the new release writes what both can read. Afterwards the old one
// refuses to go on, and says why.
func TestTwoReleasesSideBySide(t *testing.T) {
	ctx, st := context.Background(), memory.Open()
	older, newer := release(t, st, level), release(t, st, level+1)
	n := 0
	say := func(s *Service, e care.Event) error {
		n++
		w, err := s.newWork(ctx, Order{Who: Who{Actor: care.Service}, Key: "k" + itoa(n), Command: talk{e}})
		if err != nil {
			return err
		}
		if _, err := w.carry("talk/1", talk{e}, care.Act{At: w.now, Actor: care.Service}); err != nil {
			return err
		}
		_, err = w.append(&Receipt{})
		return err
	}
	last := func() store.Event {
		t.Helper()
		events, err := st.Load(ctx, "talk/1", 0)
		if err != nil || len(events) == 0 {
			t.Fatalf("%d events, %v", len(events), err)
		}
		return events[len(events)-1]
	}
	if err := say(newer, saidBy{"hei", "Kari"}); err != nil {
		t.Fatal(err)
	}
	if typ := last().Type; typ != "test.said/1" {
		t.Errorf("before it is switched on, the new release wrote %s", typ)
	}
	if err := say(newer, only{}); !refusedAs(err, "not-switched-on") {
		t.Errorf("what the old release has no word for: %v", err)
	}
	if before, now, err := newer.SwitchOn(ctx); err != nil || before != level || now != level+1 {
		t.Fatalf("switched on from %d to %d: %v", before, now, err)
	}
	if before, now, err := newer.SwitchOn(ctx); err != nil || before != level+1 || now != level+1 {
		t.Errorf("switched on once more, from %d to %d: %v", before, now, err)
	}
	if err := say(newer, saidBy{"hei igjen", "Kari"}); err != nil {
		t.Fatal(err)
	}
	if typ := last().Type; typ != "test.said/2" {
		t.Errorf("after it is switched on, the new release wrote %s", typ)
	}
	state, _, err := newer.load(ctx, "talk/1")
	if err != nil {
		t.Fatal(err)
	}
	if all := *state.(*[]care.Event); len(all) != 2 || all[0] != (saidBy{"hei", "somebody"}) || all[1] != (saidBy{"hei igjen", "Kari"}) {
		t.Errorf("the new release reads %+v", all)
	}
	var old *TooOld
	if err := say(older, said{"hei"}); !errors.As(err, &old) || old.Database != level+1 || old.Program != level {
		t.Errorf("the old release goes on writing: %v", err)
	}
	if err := older.Ready(ctx); !errors.As(err, &old) {
		t.Errorf("the old release says it is ready: %v", err)
	}
}

// A database that nobody has written in begins at the newest level.
func TestAnEmptyDatabaseNeedsNoSwitch(t *testing.T) {
	ctx, st := context.Background(), memory.Open()
	s := release(t, st, 2)
	if err := s.begin(ctx); err != nil {
		t.Fatal(err)
	}
	marks, err := st.Marks(ctx)
	if err != nil || marks[levelMark] != 2 {
		t.Errorf("level %d, %v; want 2", marks[levelMark], err)
	}
}

func refusedAs(err error, code string) bool {
	r, ok := care.AsRefusal(err)
	return ok && r.Code == code
}
