package postgres

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"forlop/store"
	"forlop/store/storetest"
)

// The test binary runs itself as another process, which appends to this database.
const childURL = "FORLOP_POSTGRES_CHILD"

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		os.Exit(childAppend(url))
	}
	os.Exit(m.Run())
}

// childAppend appends to eight streams at once until it is killed or the server
// is, and prints each version once it is acknowledged.
func childAppend(url string) int {
	ctx := context.Background()
	s, err := Open(ctx, url)
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
			have, err := s.Load(ctx, stream, 0)
			for v := len(have); err == nil; v++ {
				if _, err = s.Append(ctx, benchAppend(stream, v)); err == nil {
					out.Lock()
					fmt.Println(stream, v+1)
					out.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return 1
}

// TestKilled kills, in turn, the process that appends and the server under it, at
// random instants: nothing that was acknowledged is lost, each stream is whole,
// the rows are those of its last event, and a follower sees each event once.
func TestKilled(t *testing.T) {
	t.Parallel()
	const cycles = 8
	server := storetest.DurableServer(t)
	url := server.Database(t)
	_, err := Migrate(t.Context(), url)
	must(t, err)
	random := rand.New(rand.NewPCG(2026, 11))
	acknowledged := map[store.Stream]int{}
	for w := range 8 {
		acknowledged[store.StreamOf("journey", fmt.Sprint(w))] = 0
	}
	total, unacknowledged := 0, 0
	self, err := os.Executable()
	must(t, err)
	for cycle := range cycles {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), childURL+"="+url)
		cmd.Stderr = os.Stderr
		pipe, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		out := bufio.NewReader(pipe)
		if line, err := out.ReadString('\n'); err != nil || line != "ready 0\n" {
			t.Fatalf("the process says %q, %v", line, err)
		}
		killServer := cycle%2 == 1
		killed := make(chan struct{})
		time.AfterFunc(time.Duration(20_000+random.IntN(150_000))*time.Microsecond, func() {
			defer close(killed)
			if killServer {
				server.Kill(t)
			} else if err := cmd.Process.Kill(); err != nil {
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
		<-killed
		if err := cmd.Wait(); err == nil {
			t.Fatal("the process ended by itself")
		}
		if killServer {
			server.Start(t)
		}
		othersGone(t, url)

		s, err := Open(t.Context(), url)
		must(t, err)
		events := 0
		for stream, version := range acknowledged {
			n := count(t, s, stream)
			if n < version {
				t.Errorf("%s: version %d was acknowledged, %d are there", stream, version, n)
			}
			unacknowledged += n - version
			events += n
			items, rows, err := s.Items(t.Context(), store.ItemQuery{Scope: store.Scope{All: true}, Stream: stream})
			must(t, err)
			if rows != min(n, 1) || n > 0 && items[0].Item.Version != n {
				t.Errorf("%s: %d events and the items %+v", stream, n, items)
			}
			acknowledged[stream] = n
		}
		all, err := s.Follow(t.Context(), 0, 0)
		must(t, err)
		if len(all) != events {
			t.Errorf("the follower sees %d events of %d", len(all), events)
		}
		h, err := s.Check(t.Context())
		must(t, errors.Join(err, s.Close()))
		if !h.Durable || h.Events != int64(events) {
			t.Errorf("health %+v", h)
		}
	}
	if total < cycles {
		t.Fatalf("only %d appends were acknowledged: the test proves nothing", total)
	}
	t.Logf("%d kills, half of them of the server, %d acknowledged, 0 lost, %d present and never acknowledged", cycles, total, unacknowledged)
}

// othersGone waits until the server has ended the sessions of a killed process:
// one that was in the middle of its COMMIT finishes it, and what is compared must
// not change meanwhile.
func othersGone(t *testing.T, url string) {
	t.Helper()
	c := connect(t, url)
	const others = "select count(*)::int from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"
	for deadline := time.Now().Add(time.Minute); ask[int](t, c, others) > 0; {
		if time.Now().After(deadline) {
			t.Fatal("the sessions of a killed process do not end")
		}
	}
	must(t, c.Close(t.Context()))
}
