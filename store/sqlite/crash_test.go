package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"forlop/store"
)

func ctxForChild() context.Context { return context.Background() }

// childAppend appends to eight streams at once until it is killed, and prints
// each version once it is acknowledged. It goes on where the file is.
func childAppend(path string) int {
	s, err := Open(ctxForChild(), path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("ready 0")
	var out sync.Mutex
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			stream := store.StreamOf("journey", fmt.Sprint(w))
			have, err := s.Load(ctxForChild(), stream, 0)
			for v := len(have); err == nil; v++ {
				if _, err = s.Append(ctxForChild(), benchAppend(stream, v)); err == nil {
					out.Lock()
					fmt.Println(stream, v+1)
					out.Unlock()
				}
			}
			fmt.Fprintln(os.Stderr, err)
		})
	}
	wg.Wait()
	return 1
}

// TestKilled kills a process that appends, at random instants, and opens the file
// again: nothing that was acknowledged is lost, each stream is whole, and the
// rows are those of its last event.
func TestKilled(t *testing.T) {
	t.Parallel()
	const cycles = 20
	path := newPath(t)
	random := rand.New(rand.NewPCG(2026, 3))
	acknowledged := map[store.Stream]int{}
	total, unacknowledged := 0, 0
	for range cycles {
		cmd, _, out := child(t, "append", path)
		if line, err := out.ReadString('\n'); err != nil || line != "ready 0\n" {
			t.Fatalf("the process says %q, %v", line, err)
		}
		kill := time.AfterFunc(time.Duration(random.IntN(40_000))*time.Microsecond, func() {
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		})
		for {
			line, err := out.ReadString('\n')
			if err != nil {
				break // a last line without its end was not acknowledged to anybody
			}
			var stream store.Stream
			var version int
			if _, err := fmt.Sscan(line, &stream, &version); err != nil {
				t.Fatalf("line %q: %v", line, err)
			}
			acknowledged[stream] = version
			total++
		}
		kill.Stop()
		if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the process ended by itself: %v", err)
		}

		s := mustOpen(t, path)
		for stream, version := range acknowledged {
			got, err := s.Load(t.Context(), stream, 0)
			must(t, err)
			if err := store.VerifyChain(got); err != nil {
				t.Error(err)
			}
			if len(got) < version {
				t.Errorf("%s: version %d was acknowledged, %d are there", stream, version, len(got))
			}
			unacknowledged += len(got) - version
			items, n, err := s.Items(t.Context(), store.ItemQuery{Scope: store.Scope{All: true}, Stream: stream})
			must(t, err)
			if n != 1 || items[0].Item.Version != len(got) {
				t.Errorf("%s: %d events and the items %+v", stream, len(got), items)
			}
			acknowledged[stream] = len(got)
		}
		var ok string
		must(t, errors.Join(s.get(t.Context(), "pragma integrity_check", nil, &ok), s.Close()))
		if ok != "ok" {
			t.Errorf("integrity: %s", ok)
		}
	}
	if total < cycles {
		t.Fatalf("only %d appends were acknowledged: the test proves nothing", total)
	}
	t.Logf("%d kills, %d acknowledged, 0 lost, %d present and never acknowledged", cycles, total, unacknowledged)
}
