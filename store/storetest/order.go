package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"forlop/care"
	"forlop/store"
)

var orderTests = []test{
	{"of many that append to one stream, one wins each version", oneWinner},
	{"a follower misses nothing while many write", noHoles},
	{"a follower misses nothing while some appends take long", slowWriter},
	{"who loses a race for one of several streams has written none", sharedStream},
	{"of two that guard each other's stream, one is done", guardEachOther},
	{"of many that claim one key, one gets it", oneClaimant},
	{"of many that send one command, one is done", oneCommand},
	{"what is acknowledged is read at once", readYourWrites},
	{"readers do not wait for each other", readers},
}

// writers is how many callers compete.
const writers = 64

// compete runs f at once for each writer and waits.
func compete(t *testing.T, f func(writer int) error) {
	t.Helper()
	var wg sync.WaitGroup
	start := make(chan struct{})
	errs := make(chan error, writers)
	for w := range writers {
		wg.Go(func() {
			<-start
			if err := f(w); err != nil {
				errs <- err
			}
		})
	}
	close(start)
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}

func oneWinner(t *testing.T, s store.Store) {
	const rounds = 5
	var won [rounds]atomic.Int32
	compete(t, func(int) error {
		for v := 0; v < rounds; {
			_, err := s.Append(ctx, write("journey/1", v, 1))
			switch {
			case err == nil:
				won[v].Add(1)
			case !errors.Is(err, store.ErrVersion):
				return err
			}
			got, err := s.Load(ctx, "journey/1", 0)
			if err != nil {
				return err
			}
			if len(got) <= v {
				return fmt.Errorf("version %d is neither won nor lost", v+1)
			}
			v = len(got)
		}
		return nil
	})
	for v := range won {
		if n := won[v].Load(); n != 1 {
			t.Errorf("version %d was won by %d", v+1, n)
		}
	}
	got, err := s.Load(ctx, "journey/1", 0)
	must(t, err)
	if len(got) != rounds {
		t.Errorf("%d events", len(got))
	}
	must(t, store.VerifyChain(got))
}

// following reads the log by position, a few events at a time, until it is
// stopped and has come to the end. What it answers was seen in order.
func following(t *testing.T, s store.Store) (stop func() []store.Event) {
	t.Helper()
	var followed []store.Event
	over, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		last := false
		for after := int64(0); ; {
			select {
			case <-over:
				last = true
			default:
			}
			page, err := s.Follow(ctx, after, 7)
			if err != nil {
				ended <- err
				return
			}
			if len(page) > 0 {
				followed = append(followed, page...)
				after = page[len(page)-1].Position
			} else if last {
				ended <- nil
				return
			}
		}
	}()
	return func() []store.Event {
		t.Helper()
		close(over)
		must(t, <-ended)
		at := map[store.Stream]int{}
		for i, e := range followed {
			if i > 0 && e.Position <= followed[i-1].Position {
				t.Fatalf("position %d after %d", e.Position, followed[i-1].Position)
			}
			if at[e.Stream]++; e.Version != at[e.Stream] {
				t.Fatalf("%s: version %d where %d belongs", e.Stream, e.Version, at[e.Stream])
			}
		}
		return followed
	}
}

// noHoles: 64 writers, some of whose appends are refused after they have written
// (the last claim fails), and a follower that reads by position all the while.
func noHoles(t *testing.T, s store.Store) {
	const each = 6
	appended(t, s, store.Append{Claims: []store.Claim{{Kind: "seat", Key: "a", Stream: "journey/other"}}})
	stop := following(t, s)
	var written atomic.Int64
	compete(t, func(w int) error {
		random := rand.New(rand.NewPCG(1, uint64(w)))
		stream := store.StreamOf("journey", fmt.Sprint(w))
		for v := 0; v < each; {
			n := 1 + random.IntN(3)
			a := write(stream, v, n)
			if random.IntN(4) == 0 {
				a.Claims = []store.Claim{{Kind: "seat", Key: "a", Stream: stream}}
				if _, err := s.Append(ctx, a); !errors.Is(err, store.ErrClaimed) {
					return fmt.Errorf("error %w, want %w", err, store.ErrClaimed)
				}
				continue
			}
			done, err := s.Append(ctx, a)
			if err != nil {
				return err
			}
			v = done.Versions[0]
			written.Add(int64(n))
		}
		return nil
	})
	if n := len(stop()); int64(n) != written.Load() {
		t.Fatalf("%d events were written, the follower saw %d", written.Load(), n)
	}
}

// slowWriter: some appends are so large that many others begin and end while they
// are being written; the follower sees them all, in order.
func slowWriter(t *testing.T, s store.Store) {
	stop := following(t, s)
	var written atomic.Int64
	large := bytes.Repeat([]byte{0xff}, 1<<20)
	compete(t, func(w int) error {
		stream := store.StreamOf("journey", fmt.Sprint(w))
		for v := 0; v < 6; {
			a := write(stream, v, 1)
			if w%21 == 0 {
				a = write(stream, v, 3)
				for i := range a.Writes[0].Events {
					a.Writes[0].Events[i].Sealed = large
				}
			}
			done, err := s.Append(ctx, a)
			if err != nil {
				return err
			}
			v = done.Versions[0]
			written.Add(int64(len(a.Writes[0].Events)))
		}
		return nil
	})
	if n := len(stop()); int64(n) != written.Load() {
		t.Fatalf("%d events were written, the follower saw %d", written.Load(), n)
	}
}

// sharedStream: everybody writes a stream of their own and the same shared one, in
// one append. Whoever loses the race for the shared one has written nothing.
func sharedStream(t *testing.T, s store.Store) {
	const rounds = 4
	var won [rounds]atomic.Int32
	compete(t, func(w int) error {
		// In name order the shared stream stands after half of the others.
		own, shared := store.StreamOf("journey", fmt.Sprint(w)), store.Stream("journey/35")
		if own == shared {
			own = "person/own"
		}
		for v, mine := 0, 0; v < rounds; {
			a := write(own, mine, 1)
			a.Writes = append(a.Writes, store.Write{Stream: shared, Expect: v, Events: events(1)})
			_, err := s.Append(ctx, a)
			if err == nil {
				won[v].Add(1)
				mine++
			} else if !errors.Is(err, store.ErrVersion) {
				return err
			}
			got, err := s.Load(ctx, own, 0)
			if err != nil {
				return err
			}
			if len(got) != mine {
				return fmt.Errorf("%s has %d events; %d were acknowledged", own, len(got), mine)
			}
			if got, err = s.Load(ctx, shared, 0); err != nil {
				return err
			}
			v = len(got)
		}
		return nil
	})
	for v := range won {
		if n := won[v].Load(); n != 1 {
			t.Errorf("version %d was won by %d", v+1, n)
		}
	}
}

// guardEachOther: two writers each rely on the other's stream being as it was.
// Whichever is first, the other one is refused; so it is where neither stream is
// there yet.
func guardEachOther(t *testing.T, s store.Store) {
	var versions [writers]int
	for round := range 4 {
		var done [writers]atomic.Bool
		compete(t, func(w int) error {
			a := write(store.StreamOf("journey", fmt.Sprint(w)), versions[w], 1)
			a.Guards = []store.Guard{{Stream: store.StreamOf("journey", fmt.Sprint(w^1)), Version: versions[w^1]}}
			_, err := s.Append(ctx, a)
			done[w].Store(err == nil)
			if errors.Is(err, store.ErrVersion) {
				return nil
			}
			return err
		})
		for w := 0; w < writers; w += 2 {
			if done[w].Load() == done[w+1].Load() {
				t.Fatalf("round %d: both of pair %d were done: %v", round, w/2, done[w].Load())
			}
			if done[w].Load() {
				versions[w]++
			} else {
				versions[w+1]++
			}
		}
	}
}

func oneClaimant(t *testing.T, s store.Store) {
	var got atomic.Int32
	compete(t, func(w int) error {
		stream := store.StreamOf("journey", fmt.Sprint(w))
		a := write(stream, 0, 1)
		a.Claims = []store.Claim{{Kind: "seat", Key: "a", Stream: stream}}
		_, err := s.Append(ctx, a)
		if err == nil {
			got.Add(1)
		} else if !errors.Is(err, store.ErrClaimed) {
			return err
		}
		return nil
	})
	if got.Load() != 1 {
		t.Errorf("%d got the seat", got.Load())
	}
	all, err := s.Follow(ctx, 0, 0)
	must(t, err)
	if len(all) != 1 {
		t.Errorf("%d events; the losers left theirs", len(all))
	}
}

func oneCommand(t *testing.T, s store.Store) {
	var first atomic.Int32
	compete(t, func(w int) error {
		a := write("journey/1", 0, 1)
		a.Command = &store.Command{Actor: "p-nurse", Key: "k", Digest: [32]byte{1}, Answer: []byte("1")}
		done, err := s.Append(ctx, a)
		if err != nil {
			return err
		}
		if done.Repeated == nil {
			first.Add(1)
		} else if string(done.Repeated) != "1" {
			return fmt.Errorf("answered %q", done.Repeated)
		}
		return nil
	})
	if first.Load() != 1 {
		t.Errorf("done %d times", first.Load())
	}
}

// readers asks questions that nobody has asked before, all at once: a reader that
// holds one connection and waits for another would wait for ever.
func readers(t *testing.T, s store.Store) {
	appended(t, s, store.Append{Put: []store.Row{item("journey/1", "step/1", painDesk, "q1", tuesday)}})
	patient, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	compete(t, func(w int) error {
		posts := []care.Post{painDesk}
		for n := range w {
			posts = append(posts, care.Post{Unit: care.UnitID(fmt.Sprint("u", n)), Role: "team"})
		}
		items, n, err := s.Items(patient, store.ItemQuery{Scope: everybody, Posts: posts, Limit: 10})
		if err == nil && (n != 1 || len(items) != 1) {
			err = fmt.Errorf("%d of %d items", len(items), n)
		}
		return err
	})
}

func readYourWrites(t *testing.T, s store.Store) {
	compete(t, func(w int) error {
		stream := store.StreamOf("journey", fmt.Sprint(w))
		for v := range 5 {
			a := write(stream, v, 1)
			a.Put = []store.Row{item(stream, fmt.Sprintf("step/%d", v), painDesk, "q1", tuesday)}
			done, err := s.Append(ctx, a)
			if err != nil {
				return err
			}
			got, err := s.Load(ctx, stream, v)
			if err != nil {
				return err
			}
			if len(got) != 1 || got[0].Position != done.Position {
				return fmt.Errorf("%s@%d was acknowledged and not read", stream, v+1)
			}
			_, n, err := s.Items(ctx, store.ItemQuery{Scope: store.Scope{All: true}, Stream: stream, Limit: 1})
			if err != nil {
				return err
			}
			if n != v+1 {
				return fmt.Errorf("%s: %d items, want %d", stream, n, v+1)
			}
		}
		return nil
	})
}
