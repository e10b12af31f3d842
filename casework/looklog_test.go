package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"forlop/care"
	"forlop/store"
	"forlop/store/memory"
)

// fullStore is a store on a disk that is full while it has no room.
type fullStore struct {
	store.Store
	room int
}

func (f *fullStore) Log(ctx context.Context, l store.Look) error {
	if f.room == 0 {
		return fmt.Errorf("%w: full", store.ErrReadOnly)
	}
	f.room--
	return f.Store.Log(ctx, l)
}

// room is a reserve in memory that has room for so many records.
type room struct {
	records [][]byte
	most    int
	dies    bool // before it is cleared
}

func (r *room) Put(b []byte) error {
	if len(r.records) == r.most {
		return ErrReserveFull
	}
	r.records = append(r.records, b)
	return nil
}

func (r *room) Records() ([][]byte, error) { return r.records, nil }

func (r *room) Clear() error {
	if r.dies {
		return errors.New("died")
	}
	r.records = nil
	return nil
}

// TestLooksWaitForTheDisk: while the disk is full looks go to the reserve, and
// come into the log once and in order.
func TestLooksWaitForTheDisk(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	disk, aside := &fullStore{memory.Open(), -1}, &room{most: 3}
	start := func() *lookLog {
		return &lookLog{store: disk, reserve: aside, random: &counter{}, waiting: -1}
	}
	g := start()

	look := func(n int) error {
		return g.log(ctx, store.Look{Question: fmt.Sprint(n), Persons: []care.PersonKey{"q1"}})
	}
	for n := range 4 {
		if n == 1 {
			disk.room = 0
		}
		if err := look(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := look(4); !errors.Is(err, ErrReserveFull) {
		t.Fatalf("when the room is used up: %v", err)
	}
	// It dies when two of three are in the log, and when all are.
	for _, free := range []int{2, -1} {
		disk.room, aside.dies = free, true
		g = start()
		if err := g.drain(ctx); err == nil {
			t.Fatal("it did not die")
		}
	}
	aside.dies = false
	g = start()
	if err := look(4); err != nil {
		t.Fatal(err)
	}
	all, err := disk.LookLog(ctx, store.LookQuery{})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, l := range all {
		got += l.Question
	}
	if got != "01234" || len(aside.records) > 0 {
		t.Errorf("the log has %q, and %d records are left", got, len(aside.records))
	}
}

// counter gives other bytes each time.
type counter struct{ n byte }

func (c *counter) Read(b []byte) (int, error) {
	for i := range b {
		c.n++
		b[i] = c.n
	}
	return len(b), nil
}

// TestCheckpoints: what was signed grows with the logs, nothing is signed twice,
// and not over a log that was cut.
func TestCheckpoints(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	st := memory.Open()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.KeySize), &counter{})
	if err != nil {
		t.Fatal(err)
	}
	kept := &lines{}
	s, err := New(ctx, Config{Store: st, Clock: SystemClock(), Keys: keys, Random: &counter{}, Witness: kept})
	if err != nil {
		t.Fatal(err)
	}
	for n := range int64(3) {
		if err := st.Log(ctx, store.Look{Question: "journey", Persons: []care.PersonKey{"q1"}}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			c, err := s.Checkpoint(ctx)
			if err != nil || c.Number != n+1 {
				t.Fatalf("%+v, %v", c, err)
			}
		}
	}
	if len(kept.all) != 3 {
		t.Fatalf("the witness has %d lines", len(kept.all))
	}
	var outside []store.Checkpoint
	for _, line := range kept.all {
		c, err := store.ReadCheckpoint(line)
		if err != nil {
			t.Fatal(err)
		}
		outside = append(outside, c)
	}
	a, err := s.VerifyLog(ctx, outside)
	if err != nil || len(a.Findings) > 0 || a.Looks != 3 || a.Checkpoints != 3 {
		t.Errorf("%+v, %v", a, err)
	}
	s.store = memory.Open()
	a, err = s.VerifyLog(ctx, outside)
	if err != nil || len(a.Findings) == 0 {
		t.Errorf("an empty copy: %+v, %v", a, err)
	}
	last := outside[2]
	last.Looks[0].Seq = 99
	if err := s.store.PutCheckpoint(ctx, last); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Checkpoint(ctx); !errors.Is(err, errCut) {
		t.Errorf("a log that was cut: %v", err)
	}
}

// lines is a witness in memory.
type lines struct{ all [][]byte }

func (l *lines) Keep(line []byte) error {
	l.all = append(l.all, bytes.Clone(line))
	return nil
}
