package sqlite

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"

	"forlop/store"
)

// readAll reads every event of a file and checks its chains.
func readAll(t *testing.T, path string) ([]store.Event, error) {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		return nil, err
	}
	defer func() { must(t, s.Close()) }()
	events, err := s.Follow(t.Context(), 0, 0)
	if err != nil {
		return nil, err
	}
	streams, err := s.Streams(t.Context(), "journey", "", 0)
	if err != nil {
		return nil, err
	}
	found := 0
	for _, g := range streams {
		got, err := s.Load(t.Context(), g.Stream, 0)
		if err := errors.Join(err, store.VerifyChain(got)); err != nil {
			return nil, err
		}
		found += len(got)
	}
	if found != len(events) {
		return nil, store.ErrChain
	}
	return events, nil
}

// TestDamage flips bytes of a file: in the middle of an event it is always found,
// elsewhere it is found or changes nothing that is read; nothing panics.
func TestDamage(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := mustOpen(t, path)
	for v := range 20 {
		_, err := s.Append(t.Context(), benchAppend("journey/1", v))
		must(t, err)
	}
	must(t, s.Close())
	whole, err := os.ReadFile(path)
	must(t, err)
	want, err := readAll(t, path)
	must(t, err)

	flip := func(name string, at int, bit byte) error {
		t.Helper()
		path := newPath(t)
		changed := bytes.Clone(whole)
		changed[at] ^= bit
		must(t, os.WriteFile(path, changed, 0o600))
		got, err := readAll(t, path)
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: byte %d, bit %#x: other events are read and nothing is said", name, at, bit)
		}
		return err
	}
	for _, part := range []string{`"outcome":"done"`, "journey.step-completed/1", "sha256:0123456789abcdef"} {
		at := bytes.Index(whole, []byte(part))
		if at < 0 {
			t.Fatalf("%q does not stand in the file; the test looks in the wrong place", part)
		}
		if err := flip(part, at+3, 1); err == nil {
			t.Errorf("a changed %q was not found", part)
		}
	}
	random := rand.New(rand.NewPCG(7, 7))
	found := 0
	for range 240 {
		if flip("anywhere", random.IntN(len(whole)), 1<<random.IntN(8)) != nil {
			found++
		}
	}
	if found == 0 {
		t.Error("no damage was found: the test proves nothing")
	}
}
