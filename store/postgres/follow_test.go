package postgres

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"forlop/store"
	"forlop/store/storetest"
)

// positions names what a follower reads after a position.
func positions(t *testing.T, s *Store, after int64) string {
	t.Helper()
	got, err := s.Follow(t.Context(), after, 0)
	must(t, err)
	var out []string
	for _, e := range got {
		out = append(out, fmt.Sprint(e.Position, " ", e.Stream))
	}
	return strings.Join(out, ", ")
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestFollowerWaitsForAnOpenAppend holds an append open after it has taken its
// positions. Others commit above it; the follower reads none of them until it has
// ended, whichever way, and then all.
func TestFollowerWaitsForAnOpenAppend(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"commit", "rollback"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			url := migrated(t)
			s := mustOpen(t, url)
			defer func() { must(t, s.Close()) }()
			append1 := func(stream store.Stream) {
				t.Helper()
				_, err := s.Append(t.Context(), benchAppend(stream, 0))
				must(t, err)
			}
			append1("journey/before")
			slow := connect(t, url)
			run(t, slow, "set search_path = forlop")
			a := benchAppend("journey/slow", 0)
			f, err := look(t.Context(), slow, store.Append{Writes: a.Writes})
			must(t, err)
			chained, err := f.chain(a)
			must(t, err)
			position, err := f.write(t.Context(), slow, store.Append{Writes: a.Writes}, chained)
			must(t, err)
			if position != 2 {
				t.Fatalf("the slow append took position %d", position)
			}
			append1("journey/after")
			want(t, "while it is open", positions(t, s, 0), "1 journey/before")
			want(t, "and further on", positions(t, s, 1), "")
			// A long transaction that appends nothing holds nobody.
			reports := connect(t, url)
			run(t, reports, "begin", "insert into forlop.setting (name, value) values ('report', 'x')")
			run(t, slow, end)
			all := "1 journey/before, 2 journey/slow, 3 journey/after"
			if end == "rollback" {
				all = "1 journey/before, 3 journey/after"
			}
			want(t, "when it has ended", positions(t, s, 0), all)
			append1("journey/last")
			want(t, "the newest at once", positions(t, s, 3), "4 journey/last")
			run(t, reports, "rollback")
		})
	}
}

// waits waits until a session of the store's waits for a lock.
func waits(t *testing.T, url string) {
	t.Helper()
	c := connect(t, url)
	until(t, "a session waits for a lock", func() bool {
		return ask[bool](t, c, "select exists (select 1 from pg_stat_activity where datname = current_database() and application_name = 'forlop' and wait_event_type = 'Lock')")
	})
}

// TestOrderOfTheProof stops an append as it takes its position, and a follower as
// it reads the last one given: the append has said before which positions it may
// take, and the follower asks who may still take one only afterwards. Otherwise
// each could skip an event, once in a long time (docs/decisions/0009).
func TestOrderOfTheProof(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	s := mustOpen(t, url)
	defer func() { must(t, s.Close()) }()
	_, err := s.Append(t.Context(), benchAppend("journey/1", 0))
	must(t, err)

	holder, c := connect(t, url), connect(t, url)
	run(t, holder, "begin", "alter sequence forlop.event_position cache 1") // nobody takes a number
	ended := make(chan error, 1)
	go func() {
		_, err := s.Append(t.Context(), benchAppend("journey/2", 0))
		ended <- err
	}()
	waits(t, url)
	said := ask[int64](t, c, "select count(*) from pg_locks where locktype = 'advisory' and objsubid = 1 and granted and objid = 1"+
		" and database = (select oid from pg_database where datname = current_database())")
	run(t, holder, "rollback")
	must(t, <-ended)
	if said != 1 {
		t.Errorf("%d appends had said that they may take a position above 1, want 1", said)
	}

	run(t, holder, "begin", "alter sequence forlop.event_position rename to aside") // nobody reads the number
	type page struct {
		events []store.Event
		err    error
	}
	read := make(chan page, 1)
	go func() {
		events, err := s.Follow(t.Context(), 0, 0)
		read <- page{events, err}
	}()
	waits(t, url)
	run(t, c, "select pg_advisory_lock_shared(1)")
	run(t, holder, "rollback")
	got := <-read
	must(t, got.err)
	if len(got.events) != 1 {
		t.Errorf("the follower read %d events; somebody may still take position 2", len(got.events))
	}
	run(t, c, "select pg_advisory_unlock_shared(1)")
	want(t, "afterwards", positions(t, s, 0), "1 journey/1, 2 journey/2")
}

// TestRestoredElsewhere dumps a database and puts it back in another, whose
// transactions are numbered anew. Every event keeps its position, what is appended
// comes after them, and cursors start again because the epoch is another.
func TestRestoredElsewhere(t *testing.T) {
	t.Parallel()
	server, other := storetest.DurableServer(t), storetest.DurableServer(t)
	url := server.Database(t)
	_, err := Migrate(t.Context(), url)
	must(t, err)
	open := func(url string) *Store {
		t.Helper()
		s, err := Open(t.Context(), url)
		must(t, err)
		return s
	}
	run(t, connect(t, url), "do $$ begin for i in 1..3000 loop perform pg_current_xact_id(); commit; end loop; end $$")
	s := open(url)
	for n := range 9 {
		_, err := s.Append(t.Context(), benchAppend(store.StreamOf("journey", fmt.Sprint(n%3)), n/3))
		must(t, err)
	}
	must(t, s.SetCursor(t.Context(), "react", 5))
	before := positions(t, s, 0)
	first, err := s.Epoch(t.Context())
	must(t, err)
	must(t, s.Close())
	s = open(url)
	again, err := s.Epoch(t.Context())
	must(t, err)
	if again != first {
		t.Errorf("opening it again raised the epoch from %d to %d", first, again)
	}
	must(t, s.Close())

	// The other server has used up fewer transaction ids. Roles are not in a dump.
	there := other.Database(t)
	c := connect(t, there)
	run(t, c, "create role forlop_owner nologin", "create role forlop_runtime nologin noinherit", "create role forlop_reader nologin")
	storetest.Copy(t, url, there)
	const wrote = "select max(xmin::text::bigint) from forlop.event"
	if here, was := ask[int64](t, c, wrote), ask[int64](t, connect(t, url), wrote); here >= was {
		t.Fatalf("transaction %d restored what %d wrote: the ids did not start over", here, was)
	}
	s = open(there)
	defer func() { must(t, s.Close()) }()
	want(t, "after the restore", positions(t, s, 0), before)
	epoch, err := s.Epoch(t.Context())
	must(t, err)
	if epoch != first+1 {
		t.Errorf("the epoch is %d after %d", epoch, first)
	}
	at, err := s.Cursor(t.Context(), "react")
	must(t, err)
	if at != 0 {
		t.Errorf("a cursor of the old place stands at %d", at)
	}
	_, err = s.Append(t.Context(), benchAppend("journey/0", 3))
	must(t, err)
	want(t, "what comes after", positions(t, s, 9), "10 journey/0")
	got, err := s.Load(t.Context(), "journey/0", 0)
	must(t, err)
	must(t, store.VerifyChain(got))
	_, err = s.Check(t.Context())
	must(t, err)

	// A restore that forgot the sequence is refused before it gives a position twice.
	run(t, c, "select setval('forlop.event_position', 3)")
	if _, err := s.Check(t.Context()); !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "setval") {
		t.Errorf("a forgotten sequence: %v", err)
	}
}
