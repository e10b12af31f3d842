package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"forlop/store"
	"forlop/store/storetest"
)

// count is how many events a stream has.
func count(t *testing.T, s *Store, stream store.Stream) int {
	t.Helper()
	got, err := s.Load(t.Context(), stream, 0)
	must(t, err)
	must(t, store.VerifyChain(got))
	return len(got)
}

// TestCutConnections cuts the connection before and around COMMIT. Before it,
// nothing was written and the append is made again. At COMMIT nobody knows, and
// the command key settles a retry: the command has happened once.
func TestCutConnections(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mode  int32
		fails error
		there bool // before the retry
	}{
		"once, before anything":            {cutFirst, nil, true},
		"again and again, before anything": {cutAll, store.ErrReadOnly, false},
		"COMMIT is lost":                   {cutCommit, store.ErrUnknown, false},
		"the answer to COMMIT is lost":     {cutReply, store.ErrUnknown, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			direct := migrated(t)
			p, url := through(t, direct)
			s, see := mustOpen(t, url), mustOpen(t, direct)
			defer func() { must(t, errors.Join(s.Close(), see.Close())) }()
			_, err := s.Append(t.Context(), benchAppend("journey/first", 0))
			must(t, err)
			a := benchAppend("journey/1", 0)
			p.mode.Store(c.mode)
			done, err := s.Append(t.Context(), a)
			p.mode.Store(carry)
			if !errors.Is(err, c.fails) || errors.Is(err, store.ErrUnknown) != errors.Is(c.fails, store.ErrUnknown) {
				t.Fatalf("error %v, want %v", err, c.fails)
			}
			if err != nil && (done.Versions != nil || done.Position != 0) {
				t.Errorf("a failed append answered %+v", done)
			}
			if n := count(t, see, "journey/1"); (n == 1) != c.there {
				t.Errorf("%d events before the retry", n)
			}
			done, err = s.Append(t.Context(), a)
			must(t, err)
			if (done.Repeated != nil) != c.there {
				t.Errorf("the retry answered %+v", done)
			}
			if n := count(t, see, "journey/1"); n != 1 {
				t.Errorf("%d events after the retry", n)
			}
			items, n, err := s.Items(t.Context(), store.ItemQuery{Scope: store.Scope{All: true}, Stream: "journey/1"})
			must(t, err)
			if n != 1 || items[0].Item.Version != 1 {
				t.Errorf("items %+v", items)
			}
		})
	}
}

// TestCallerGoneAtCommit: whoever gives up while COMMIT is on its way cannot know;
// whoever gives up before has done nothing.
func TestCallerGoneAtCommit(t *testing.T) {
	t.Parallel()
	direct := migrated(t)
	p, url := through(t, direct)
	s := mustOpen(t, url)
	defer func() { must(t, s.Close()) }()
	over, cancel := context.WithCancel(t.Context())
	p.mode.Store(swallow)
	go func() {
		<-p.swallowed
		cancel()
	}()
	_, err := s.Append(over, benchAppend("journey/1", 0))
	if !errors.Is(err, store.ErrUnknown) {
		t.Errorf("at COMMIT: %v", err)
	}
	_, err = s.Append(over, benchAppend("journey/1", 0))
	if !errors.Is(err, context.Canceled) || errors.Is(err, store.ErrUnknown) {
		t.Errorf("before: %v", err)
	}
	done, err := s.Append(t.Context(), benchAppend("journey/1", 0))
	must(t, err)
	if done.Repeated != nil || count(t, s, "journey/1") != 1 {
		t.Errorf("the retry answered %+v", done)
	}
}

// TestCommitOfAFailedTransaction: the server answers COMMIT with ROLLBACK, and
// without an error, where a statement before it has failed.
func TestCommitOfAFailedTransaction(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	err := s.change(t.Context(), func(ctx context.Context, c *pgx.Conn) (bool, error) {
		if _, err := c.Exec(ctx, "begin"); err != nil {
			return false, err
		}
		if _, err := c.Exec(ctx, "select 1/0"); err == nil {
			t.Error("divided by zero")
		}
		return true, nil
	})
	if err == nil || errors.Is(err, store.ErrUnknown) || !strings.Contains(err.Error(), "nothing was written") {
		t.Errorf("error %v", err)
	}
}

// TestTerminatedSessions: many append with command keys while the server ends
// their sessions at random. Everybody tries until acknowledged; everything
// happened once.
func TestTerminatedSessions(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	s := mustOpen(t, url)
	defer func() { must(t, s.Close()) }()
	const callers, each = 16, 12
	over, stop := context.WithCancel(t.Context())
	var killed atomic.Int64
	var killer sync.WaitGroup
	c := connect(t, url)
	killer.Go(func() {
		for over.Err() == nil {
			var n int64
			err := c.QueryRow(context.Background(), "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity"+
				" where datname = current_database() and application_name = 'forlop' order by random() limit 2) x, pg_sleep(0.005)").Scan(&n)
			if err != nil {
				t.Error(err)
				return
			}
			killed.Add(n)
		}
	})
	var unknown, refused atomic.Int64
	var wg sync.WaitGroup
	for w := range callers {
		wg.Go(func() {
			stream := store.StreamOf("journey", fmt.Sprint(w))
			for v := 0; v < each; {
				_, err := s.Append(t.Context(), benchAppend(stream, v))
				switch {
				case err == nil:
					v++
				case errors.Is(err, store.ErrUnknown):
					unknown.Add(1)
				case errors.Is(err, store.ErrReadOnly):
					refused.Add(1)
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	stop()
	killer.Wait()
	for w := range callers {
		if n := count(t, s, store.StreamOf("journey", fmt.Sprint(w))); n != each {
			t.Errorf("stream %d has %d events, want %d", w, n, each)
		}
	}
	if killed.Load() < 10 {
		t.Fatalf("only %d sessions were ended: the test proves little", killed.Load())
	}
	t.Logf("%d sessions ended, %d outcomes unknown, %d refused, all %d commands done once", killed.Load(), unknown.Load(), refused.Load(), callers*each)
}

// TestServerGoneAndBack: while the server is down or read-only nothing is done and
// everything says so; when it is back the same store goes on.
func TestServerGoneAndBack(t *testing.T) {
	t.Parallel()
	server := storetest.DurableServer(t)
	url := server.Database(t)
	_, err := Migrate(t.Context(), url)
	must(t, err)
	s, err := Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	version := 0
	works := func(what string) {
		t.Helper()
		if _, err := s.Append(t.Context(), benchAppend("journey/1", version)); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		version++
		if n := count(t, s, "journey/1"); n != version {
			t.Errorf("%s: %d events, want %d", what, n, version)
		}
	}
	fails := func(what string) {
		t.Helper()
		if _, err := s.Append(t.Context(), benchAppend("journey/1", version)); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("%s: append answers %v", what, err)
		}
		if err := s.SetSetting(t.Context(), "a", "b"); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("%s: a setting answers %v", what, err)
		}
	}
	works("at first")
	server.Lose(t) // with all its sessions: those of a killed server end in their own time
	fails("killed")
	if _, err := s.Load(t.Context(), "journey/1", 0); err == nil {
		t.Error("killed: it can be read")
	}
	server.Start(t)
	works("started again")

	// A standby, or a server that was made read-only: sessions find out by writing.
	c := connect(t, url)
	readOnly := func(on string) {
		t.Helper()
		run(t, c, "alter system set default_transaction_read_only = "+on, "select pg_reload_conf()")
		for deadline := time.Now().Add(time.Minute); ; {
			fresh := connect(t, url)
			if ask[string](t, fresh, "show default_transaction_read_only") == on {
				return
			}
			if time.Now().After(deadline) {
				t.Fatal("the server does not read its settings")
			}
		}
	}
	readOnly("on")
	fails("read-only")
	if n := count(t, s, "journey/1"); n != version {
		t.Errorf("read-only: %d events", n)
	}
	run(t, c, "set default_transaction_read_only = off")
	readOnly("off")
	works("writable again")
}

// TestCommitThatWaitsForAStandby: a commit waits for a standby that does not
// answer. Whoever gives up, or is cancelled by the server's operator, is told that
// the outcome is not known: it is there, and could be lost with this server.
func TestCommitThatWaitsForAStandby(t *testing.T) {
	t.Parallel()
	server := storetest.DurableServer(t)
	url := server.Database(t)
	_, err := Migrate(t.Context(), url)
	must(t, err)
	s, err := Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	c := connect(t, url)
	run(t, c, "alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()")
	// Whoever drops the database would wait as well.
	defer run(t, c, "set synchronous_commit = local", "alter system reset synchronous_standby_names", "select pg_reload_conf()")
	waiting := func() int64 {
		return ask[int64](t, c, "select coalesce(min(pid), 0) from pg_stat_activity where wait_event = 'SyncRep'")
	}
	for n, end := range []func(pid int64, cancel func()){
		func(_ int64, cancel func()) { cancel() },
		func(pid int64, _ func()) { run(t, c, fmt.Sprintf("select pg_cancel_backend(%d)", pid)) },
		func(pid int64, _ func()) { run(t, c, fmt.Sprintf("select pg_terminate_backend(%d)", pid)) },
	} {
		stream := store.StreamOf("journey", fmt.Sprint(n))
		over, cancel := context.WithCancel(t.Context())
		answer, sent := make(chan error, 1), 0
		go func() {
			// The server hears of its new settings in its own time.
			var err error
			for err == nil {
				_, err = s.Append(over, benchAppend(stream, sent))
				sent++
			}
			answer <- err
		}()
		pid := waiting()
		for deadline := time.Now().Add(time.Minute); pid == 0 && time.Now().Before(deadline); {
			pid = waiting()
		}
		if pid == 0 {
			t.Fatal("the commit does not wait for the standby")
		}
		end(pid, cancel)
		if err := <-answer; !errors.Is(err, store.ErrUnknown) {
			t.Errorf("end %d: error %v, want ErrUnknown", n, err)
		}
		cancel()
		for waiting() != 0 { // the session notices in its own time
		}
		if n := count(t, s, stream); n != sent {
			t.Errorf("%s has %d events, %d were sent", stream, n, sent)
		}
	}
}

// TestLockThatDoesNotCome: a rebuild, or a transaction that somebody left open,
// makes an append wait some seconds, and then say that it cannot be done now.
func TestLockThatDoesNotCome(t *testing.T) {
	t.Parallel()
	url := migrated(t)
	s := mustOpen(t, url)
	defer func() { must(t, s.Close()) }()
	_, err := s.Append(t.Context(), benchAppend("journey/1", 0))
	must(t, err)
	err = s.Replace(t.Context(), func(func(store.Row) error, func(store.Timer) error) error {
		if _, err := s.Append(t.Context(), benchAppend("journey/1", 1)); !errors.Is(err, store.ErrReadOnly) || !strings.Contains(err.Error(), "rebuild") {
			return fmt.Errorf("while the rows are replaced: %w", err)
		}
		if n := count(t, s, "journey/1"); n != 1 {
			return fmt.Errorf("%d events", n)
		}
		return nil
	})
	must(t, err)
	_, err = s.Append(t.Context(), benchAppend("journey/1", 1))
	must(t, err)
}
