package sqlite

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"forlop/store"
)

// hold keeps the writer busy until the answer is called, so that what is sent
// meanwhile waits and shares a commit.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	begun, end, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.submit(context.Background(), &job{alone: true, run: func(tx) error { close(begun); <-end; return nil }})
	}()
	<-begun
	return func() {
		t.Helper()
		close(end)
		must(t, <-done)
	}
}

// send queues a job behind a held writer and answers where its outcome comes.
func send(s *Store, j *job) <-chan error {
	out := make(chan error, 1)
	before := len(s.w.queue)
	go func() { out <- s.submit(context.Background(), j) }()
	for len(s.w.queue) == before {
		time.Sleep(10 * time.Microsecond) // until the job stands in the queue
	}
	return out
}

func appendJob(a store.Append) *job {
	return &job{run: func(t tx) error { _, err := t.append(a); return err }}
}

// TestOneCommit: what waits is written in one transaction, and nobody is answered
// and nothing is seen before it commits.
func TestOneCommit(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	release := hold(t, s)
	first := send(s, appendJob(testAppend("journey/1", 0)))
	refused := send(s, appendJob(testAppend("journey/1", 7)))
	second := send(s, &job{run: func(x tx) error {
		var n int
		_, err := x.get("select count(*) from event", nil, &n)
		if n != 1 {
			t.Errorf("%d events in the transaction, want the first's", n)
		}
		got, readErr := s.Follow(context.Background(), 0, 0)
		if len(got) != 0 {
			t.Errorf("a reader saw %d events before the commit", len(got))
		}
		select {
		case early := <-first:
			t.Errorf("answered before the commit: %v", early)
		case <-time.After(50 * time.Millisecond): // an answer that should not come
		}
		_, appendErr := x.append(testAppend("journey/2", 0))
		return errors.Join(err, readErr, appendErr)
	}})
	release()
	must(t, errors.Join(<-first, <-second))
	if err := <-refused; !errors.Is(err, store.ErrVersion) {
		t.Errorf("the refused one: %v", err)
	}
	got, err := s.Follow(t.Context(), 0, 0)
	must(t, err)
	if len(got) != 2 {
		t.Errorf("%d events", len(got))
	}
}

// TestFailureAfterWriting: a job that fails after it has written undoes itself
// alone; the others in its batch are done, once.
func TestFailureAfterWriting(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	stop := errors.New("stop")
	release := hold(t, s)
	a := send(s, appendJob(testAppend("journey/a", 0)))
	bad := send(s, &job{run: func(x tx) error {
		_, err := x.append(testAppend("journey/bad", 0))
		return errors.Join(err, stop)
	}})
	b := send(s, appendJob(testAppend("journey/b", 0)))
	release()
	must(t, errors.Join(<-a, <-b))
	if err := <-bad; !errors.Is(err, stop) {
		t.Errorf("the failing one: %v", err)
	}
	got, err := s.Follow(t.Context(), 0, 0)
	must(t, err)
	if len(got) != 2 || got[0].Stream != "journey/a" || got[1].Stream != "journey/b" {
		t.Errorf("events: %+v", got)
	}
}

// TestFailedCommit: COMMIT itself fails (here on a deferred constraint). Nobody is
// told that it went well, and the writer goes on.
func TestFailedCommit(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	release := hold(t, s)
	good := send(s, appendJob(testAppend("journey/1", 0)))
	refused := send(s, appendJob(testAppend("journey/1", 7)))
	bad := send(s, &job{run: func(x tx) error {
		if err := x.raw("pragma defer_foreign_keys = on"); err != nil {
			return err
		}
		_, err := x.exec("insert into look_person (person, look) values ('q1', 99)")
		return err
	}})
	release()
	for _, err := range []error{<-good, <-bad} {
		if !errors.Is(err, store.ErrUnknown) {
			t.Errorf("error %v, want ErrUnknown", err)
		}
	}
	if err := <-refused; !errors.Is(err, store.ErrVersion) {
		t.Errorf("who was refused before knows: %v", err)
	}
	_, err := s.Append(t.Context(), testAppend("journey/1", 0))
	must(t, err)
}

// TestCallerGone: a caller that gives up while its job waits has not done it; one
// that gives up while it is written cannot know.
func TestCallerGone(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	release := hold(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan error, 1)
	go func() { _, err := s.Append(ctx, testAppend("journey/gone", 0)); gone <- err }()
	for len(s.w.queue) == 0 {
		time.Sleep(10 * time.Microsecond)
	}
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) || errors.Is(err, store.ErrUnknown) {
		t.Errorf("gave up while waiting: %v", err)
	}
	release()

	ctx, cancel = context.WithCancel(context.Background())
	begun, end := make(chan struct{}), make(chan struct{})
	go func() { gone <- s.submit(ctx, &job{run: func(tx) error { close(begun); <-end; return nil }}) }()
	<-begun
	cancel()
	if err := <-gone; !errors.Is(err, store.ErrUnknown) {
		t.Errorf("gave up while it was written: %v", err)
	}
	close(end)
	got, err := s.Follow(t.Context(), 0, 0)
	must(t, err)
	if len(got) != 0 {
		t.Errorf("left %+v", got)
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, newPath(t))
	release := hold(t, s)
	waits := send(s, appendJob(testAppend("journey/1", 0)))
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	<-s.w.closing
	if _, err := s.Append(t.Context(), testAppend("journey/2", 0)); !errors.Is(err, errClosed) {
		t.Errorf("append to a closed store: %v", err)
	}
	release()
	must(t, errors.Join(<-waits, <-closed))
	must(t, s.Close())
}

// TestFullDisk: a database that may not grow answers ErrReadOnly, goes on reading
// and lets the small through that waited beside the big; with space again it
// writes.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, err := s.Append(t.Context(), testAppend("journey/1", 0))
	must(t, err)
	pages := func(more int) {
		t.Helper()
		must(t, s.submit(t.Context(), &job{run: func(x tx) error {
			var n int
			if _, err := x.get("pragma page_count", nil, &n); err != nil {
				return err
			}
			_, err := x.w.conn.ExecContext(context.Background(), fmt.Sprintf("pragma max_page_count = %d", n+more))
			return err
		}}))
	}
	pages(3)
	big := testAppend("journey/big", 0)
	big.Writes[0].Events[0].Sealed = bytes.Repeat([]byte{1}, 1<<20)
	release := hold(t, s)
	small := send(s, appendJob(testAppend("journey/1", 1)))
	refused := send(s, appendJob(big))
	release()
	if err := <-refused; !errors.Is(err, store.ErrReadOnly) || !strings.Contains(err.Error(), "full") {
		t.Errorf("the big one: %v", err)
	}
	must(t, <-small)
	if _, err := s.Append(t.Context(), big); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("alone: %v", err)
	}
	got, err := s.Load(t.Context(), "journey/1", 0)
	must(t, err)
	must(t, store.VerifyChain(got))
	if len(got) != 2 {
		t.Errorf("%d events can be read", len(got))
	}
	pages(1000)
	_, err = s.Append(t.Context(), big)
	must(t, err)
}

// TestUnwritableFile: as on a disk that has been mounted read-only.
func TestUnwritableFile(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, err := s.Append(t.Context(), testAppend("journey/1", 0))
	must(t, err)
	set := func(v string) {
		t.Helper()
		_, err := s.w.conn.ExecContext(context.Background(), "pragma query_only = "+v)
		must(t, err)
	}
	set("on")
	for name, write := range map[string]func() error{
		"append":  func() error { _, err := s.Append(t.Context(), testAppend("journey/1", 1)); return err },
		"look":    func() error { return s.Log(t.Context(), store.Look{}) },
		"setting": func() error { return s.SetSetting(t.Context(), "a", "b") },
		"replace": func() error {
			return s.Replace(t.Context(), func(func(store.Row) error, func(store.Timer) error) error { return nil })
		},
	} {
		if err := write(); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got, err := s.Load(t.Context(), "journey/1", 0)
	must(t, err)
	if len(got) != 1 {
		t.Errorf("%d events", len(got))
	}
	set("off")
	_, err = s.Append(t.Context(), testAppend("journey/1", 1))
	must(t, err)
}

// TestDestroyedKey: no copy of a destroyed key is left in any of the files.
func TestDestroyedKey(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := mustOpen(t, path)
	key := make([]byte, 69)
	_, err := rand.Read(key)
	must(t, err)
	found := func() (in []string) {
		for _, end := range []string{"", "-wal"} {
			b, err := os.ReadFile(path + end)
			must(t, err)
			if bytes.Contains(b, key) {
				in = append(in, end)
			}
		}
		return in
	}
	// Among others, put before and after, so that pages split and move.
	for n := range 300 {
		if n == 100 {
			must(t, s.PutKey(t.Context(), "q-050x", key))
		}
		must(t, s.PutKey(t.Context(), fmt.Sprintf("q-%03d", n*7%300), bytes.Repeat([]byte{byte(n)}, 69)))
	}
	if len(found()) == 0 {
		t.Fatal("the key is not in the files; the test looks in the wrong place")
	}
	must(t, s.Erase(t.Context(), "q-050x"))
	if in := found(); len(in) > 0 {
		t.Errorf("the destroyed key is still in the file%q", in)
	}
	must(t, s.Close())
}
