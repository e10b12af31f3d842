package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"forlop/store"
	"forlop/store/storetest"
)

// until waits for something that happens on another server or in another
// goroutine.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for over := time.After(time.Minute); !holds(); {
		select {
		case <-over:
			t.Fatalf("in a minute it did not come to this: %s", what)
		case <-again.C:
		}
	}
}

// drill is what writers and a follower do while servers come and go.
type drill struct {
	s   *Store
	ctx context.Context
	// What writers were told. Every command is sent until it is acknowledged.
	acknowledged, unknown, refused atomic.Int64
	there, anew                    atomic.Int64 // what an unknown outcome turned out to be
	followed                       []store.Event
	reached                        atomic.Int64 // the follower's position
	interrupted                    int          // its reads
}

// send sends a command until it is acknowledged.
func (d *drill) send(t *testing.T, s *Store, a store.Append) bool {
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for pending := false; ; {
		done, err := s.Append(d.ctx, a)
		switch {
		case err == nil:
			if done.Repeated != nil && !pending {
				t.Errorf("%s was answered as a repetition of nothing", a.Command.Key)
			}
			if pending && done.Repeated != nil {
				d.there.Add(1)
			} else if pending {
				d.anew.Add(1)
			}
			d.acknowledged.Add(1)
			return true
		case errors.Is(err, store.ErrUnknown):
			if !pending {
				d.unknown.Add(1)
			}
			pending = true
		case errors.Is(err, store.ErrReadOnly):
			d.refused.Add(1)
		default:
			t.Errorf("%s: %v", a.Command.Key, err)
			return false
		}
		select {
		case <-d.ctx.Done():
			return false
		case <-again.C:
		}
	}
}

// follow reads the log by position until it is told to stop and has read to the
// end. A read that fails is made again from where it was.
func (d *drill) follow(stop <-chan struct{}) {
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for last := false; d.ctx.Err() == nil; <-again.C {
		select {
		case <-stop:
			last = true
		default:
		}
		for {
			page, err := d.s.Follow(d.ctx, d.reached.Load(), 50)
			if err != nil {
				d.interrupted++
				break
			}
			if len(page) == 0 && last {
				return
			}
			if len(page) == 0 {
				break
			}
			d.followed = append(d.followed, page...)
			d.reached.Store(page[len(page)-1].Position)
		}
	}
}

// some is how many must be acknowledged in each part of the drill.
const some = 120

// TestFailover loses the server that takes writes, promotes its standby, and lets
// the lost one come back as a standby. Writers and a follower of one store that
// names both hosts go on by themselves: what was acknowledged is there, every
// command has happened once, and the follower has seen each event once.
//
// One command is certain to have an unknown outcome: its session waits until the
// standby has applied it, and the standby stops applying. While it waits, no
// follower may read past it on the server that is lost.
func TestFailover(t *testing.T) {
	t.Parallel()
	const writers = 8
	first := storetest.DurableServer(t)
	first.SQL(t, "postgres", "create database drill")
	_, err := Migrate(t.Context(), first.URL("drill"))
	must(t, err)
	second := first.Standby(t)
	both := storetest.URLOf("drill", first, second)
	s, err := Open(t.Context(), both)
	must(t, err)
	witness, err := Open(t.Context(), both+"&synchronous_commit=remote_apply&application_name=witness")
	must(t, err)
	defer func() { must(t, errors.Join(s.Close(), witness.Close())) }()
	epoch, err := s.Epoch(t.Context())
	must(t, err)

	over, cancel := context.WithCancel(t.Context())
	d := &drill{s: s, ctx: over}
	var wg, following sync.WaitGroup
	var enough atomic.Bool
	stop := make(chan struct{})
	following.Go(func() { d.follow(stop) })
	made := map[store.Stream]int{}
	var counted sync.Mutex
	for w := range writers {
		wg.Go(func() {
			stream, n := store.StreamOf("journey", fmt.Sprint(w)), 0
			for !enough.Load() && d.send(t, s, benchAppend(stream, n)) {
				n++
			}
			counted.Lock()
			made[stream] = n
			counted.Unlock()
		})
	}
	defer func() { cancel(); wg.Wait(); following.Wait() }()
	more := func(what string) {
		t.Helper()
		from := d.acknowledged.Load()
		until(t, what, func() bool { return t.Failed() || d.acknowledged.Load() >= from+some })
	}
	is := func(s *storetest.Server, query, want string) bool {
		t.Helper()
		return s.SQL(t, "drill", query) == want
	}

	until(t, "the standby is waited for", func() bool {
		return is(first, "select application_name || ' ' || state || ' ' || sync_state from pg_stat_replication", "standby streaming sync")
	})
	more("acknowledged with a standby")
	until(t, "the follower has read some", func() bool { return d.reached.Load() >= some })
	second.SQL(t, "drill", "select pg_wal_replay_pause()")
	until(t, "the standby stops applying", func() bool { return is(second, "select pg_get_wal_replay_pause_state()", "paused") })
	wg.Go(func() { d.send(t, witness, benchAppend("journey/witness", 0)) })
	until(t, "a commit waits for the standby to apply it", func() bool {
		return is(first, "select wait_event from pg_stat_activity where application_name = 'witness' and state = 'active'", "SyncRep")
	})
	more("acknowledged above what waits")
	until(t, "the standby has on disk what it has not applied", func() bool {
		return is(first, "select flush_lsn > replay_lsn from pg_stat_replication", "t")
	})

	first.Lose(t)
	before, read := d.acknowledged.Load(), d.reached.Load()
	if !is(second, "select pg_is_in_recovery()", "t") {
		t.Fatal("the standby takes writes before it is promoted")
	}
	second.Promote(t)
	if !is(second, "select pg_is_in_recovery() or pg_walfile_name(pg_current_wal_lsn()) not like '00000002%'", "f") {
		t.Fatal("it was not promoted")
	}
	more("acknowledged by the server that was promoted")
	first.StartAsStandby(t)
	if !is(first, "select pg_is_in_recovery()", "t") {
		t.Fatal("the lost server does not come back as a standby")
	}
	old := first.SQL(t, "drill", "select count(*), max(position) from forlop.event")
	// New sessions are looked for while both answer, the lost one first.
	if is(second, "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'forlop'", "0") {
		t.Fatal("nobody had a session with the server that was promoted")
	}
	more("acknowledged while the lost server is back")
	until(t, "the follower goes on", func() bool { return d.reached.Load() > read+2*some })
	enough.Store(true)
	wg.Wait()
	close(stop)
	following.Wait()
	until(t, "nobody keeps a session with the lost server", func() bool {
		return is(first, "select count(*) from pg_stat_activity where application_name in ('forlop', 'witness')", "0")
	})
	if !is(first, "select count(*), max(position) from forlop.event", old) {
		t.Error("the lost server was written to again")
	}
	d.judge(t, made, before, read, epoch)
}

// judge compares what is there with what was acknowledged. before and read are how
// many were acknowledged and how far the follower was when the server was lost.
func (d *drill) judge(t *testing.T, made map[store.Stream]int, before, read, epoch int64) {
	t.Helper()
	s := d.s
	made["journey/witness"] = 1
	total := 0
	for stream, n := range made {
		total += n
		if have := count(t, s, stream); have != n {
			t.Errorf("%s has %d events, %d were acknowledged", stream, have, n)
		}
	}
	all, err := s.Follow(t.Context(), 0, 0)
	must(t, err)
	same := func(a, b store.Event) bool { return a.Position == b.Position && slices.Equal(a.Hash, b.Hash) }
	if len(all) != total || !slices.EqualFunc(all, d.followed, same) {
		t.Errorf("%d events were acknowledged, %d are there, and the follower saw %d", total, len(all), len(d.followed))
	}
	h, err := s.Check(t.Context())
	must(t, err)
	if !h.Durable || h.Events != int64(total) {
		t.Errorf("health %+v", h)
	}
	if now, err := s.Epoch(t.Context()); err != nil || now != epoch {
		t.Errorf("the epoch is %d after %d: %v", now, epoch, err)
	}
	if d.there.Load() == 0 || d.unknown.Load() != d.there.Load()+d.anew.Load() {
		t.Errorf("%d outcomes were unknown; %d were there, %d were not", d.unknown.Load(), d.there.Load(), d.anew.Load())
	}
	held, err := s.Load(t.Context(), "journey/witness", 0)
	must(t, err)
	if held[0].Position <= read || before < held[0].Position+some/2 {
		t.Errorf("the follower had read to %d of %d when the server was lost; position %d was open", read, before, held[0].Position)
	}
	if d.refused.Load() == 0 || d.interrupted == 0 {
		t.Errorf("nobody noticed: %d refused, %d reads failed", d.refused.Load(), d.interrupted)
	}
	t.Logf("%d acknowledged before and %d after; %d unknown, of which %d were there and %d done anew; %d refused; the follower read %d past %d failed reads",
		before, int64(total)-before, d.unknown.Load(), d.there.Load(), d.anew.Load(), d.refused.Load(), len(d.followed), d.interrupted)
}
