package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"forlop/store"
	"forlop/store/storetest"
)

// connect is a bare session, closed with the test.
func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { must(t, c.Close(context.Background())) })
	return c
}

func run(t testing.TB, c *pgx.Conn, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := c.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func ask[T any](t testing.TB, c *pgx.Conn, q string, args ...any) (v T) {
	t.Helper()
	must(t, c.QueryRow(t.Context(), q, args...).Scan(&v))
	return v
}

// notReady wants both ways in to be refused with a text that names the way on.
func notReady(t *testing.T, url string, migrate bool, says string) {
	t.Helper()
	tries := map[string]func() error{"open": func() error {
		s, err := Open(t.Context(), url, Options{MayLose: true})
		if err == nil {
			must(t, s.Close())
		}
		return err
	}}
	if migrate {
		tries["migrate"] = func() error { _, err := Migrate(t.Context(), url); return err }
	}
	for name, try := range tries {
		err := try()
		if !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want ErrNotReady that says %q", name, err, says)
		}
	}
}

func TestNotReady(t *testing.T) {
	t.Parallel()
	t.Run("never migrated", func(t *testing.T) {
		t.Parallel()
		migrated(t) // the roles are there, the schema is not
		notReady(t, storetest.Cluster(t, nil), false, "forlop migrate")
	})
	t.Run("a newer schema", func(t *testing.T) {
		t.Parallel()
		url := migrated(t)
		run(t, connect(t, url), fmt.Sprintf("insert into forlop.migration (number) values (%d)", newest()+1))
		notReady(t, url, true, "newer program")
	})
	t.Run("an older schema", func(t *testing.T) {
		t.Parallel()
		url := migrated(t)
		run(t, connect(t, url), fmt.Sprintf("delete from forlop.migration where number = %d", newest()))
		notReady(t, url, false, "forlop migrate")
	})
	t.Run("somebody else's schema", func(t *testing.T) {
		t.Parallel()
		url := storetest.Cluster(t, nil)
		migrated(t)
		c := connect(t, url)
		run(t, c, "create schema forlop authorization forlop_owner", "create table forlop.theirs (x int)", "grant usage on schema forlop to forlop_runtime")
		_, err := Migrate(t.Context(), url)
		if !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "another program") {
			t.Errorf("error %v", err)
		}
		if n := ask[int](t, c, "select count(*) from pg_class where relnamespace = 'forlop'::regnamespace"); n != 1 {
			t.Errorf("%d things in their schema: it was changed", n)
		}
	})
	t.Run("another encoding", func(t *testing.T) {
		t.Parallel()
		url := migrated(t)
		c := connect(t, url)
		name := "latin_" + ask[string](t, c, "select current_database()")
		run(t, c, "create database "+name+" template template0 encoding 'LATIN1' locale 'C'")
		defer run(t, c, "drop database "+name)
		latin := strings.Replace(url, "@/"+ask[string](t, c, "select current_database()"), "@/"+name, 1)
		if _, err := Migrate(t.Context(), latin); !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "UTF8") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("it may lose commits", func(t *testing.T) {
		t.Parallel()
		url := migrated(t)
		if _, err := Open(t.Context(), url); !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "fsync is off") {
			t.Errorf("error %v", err)
		}
		s := mustOpen(t, url)
		defer func() { must(t, s.Close()) }()
		if h, err := s.Check(t.Context()); err != nil || h.Durable {
			t.Errorf("health %+v, %v", h, err)
		}
	})
	user := "u" + ":secret@" // no address with a password stands in a file
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		_, err := Open(t.Context(), "postgres://"+user+"/x?host="+t.TempDir())
		if !errors.Is(err, ErrAway) || !errors.Is(err, store.ErrReadOnly) || strings.Contains(err.Error(), "secret") {
			t.Errorf("error %v", err)
		}
	})
	for _, bad := range []string{"postgres://" + user + "host:port/x", "postgres://" + user + "[::1/x", "postgres://" + user + "h/x?sslmode=perhaps"} {
		if _, err := Open(t.Context(), bad); !errors.Is(err, ErrNotReady) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: error %v", bad, err)
		}
	}
}

// TestRolesThatCannotBeMade: who may not make roles is told what an administrator
// has to run, and once that is done can migrate.
func TestRolesThatCannotBeMade(t *testing.T) {
	t.Parallel()
	server := storetest.DurableServer(t)
	url := server.Database(t)
	c := connect(t, url)
	run(t, c, "create role clinic login")
	theirs := strings.Replace(url, "postgres@", "clinic@", 1)
	_, err := Migrate(t.Context(), theirs)
	if !errors.Is(err, ErrNotReady) {
		t.Fatalf("error %v", err)
	}
	_, todo, found := strings.Cut(err.Error(), "in this database: ")
	if !found {
		t.Fatalf("the error does not say what to do: %v", err)
	}
	run(t, c, todo)
	_, err = Migrate(t.Context(), theirs)
	must(t, err)
	s, err := Open(t.Context(), theirs)
	must(t, err)
	h, err := s.Check(t.Context())
	must(t, err)
	if !h.Durable || h.Schema != newest() {
		t.Errorf("health %+v", h)
	}
	must(t, s.Close())
	run(t, c, "create role stranger login")
	if _, err := Open(t.Context(), strings.Replace(url, "postgres@", "stranger@", 1)); !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "grant forlop_runtime") {
		t.Errorf("a stranger: %v", err)
	}
}

// TestMigrations: a step that fails leaves the database at the step before, and
// two that migrate at once do it once.
func TestMigrations(t *testing.T) {
	t.Parallel()
	url := storetest.Cluster(t, nil)
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() {
			_, err := Migrate(context.Background(), url)
			errs <- err
		}()
	}
	for range cap(errs) {
		must(t, <-errs)
	}
	c := connect(t, url)
	numbers := func() int { t.Helper(); return ask[int](t, c, "select count(*) from forlop.migration") }
	if n := numbers(); n != newest() {
		t.Errorf("%d steps were made, want %d", n, newest())
	}
	more := append(slices.Clone(schemas), "create table added (x int)", "create table second (x int); select 1/0")
	at, err := forward(t.Context(), c, more)
	if err == nil || at != newest()+1 || numbers() != newest()+1 {
		t.Errorf("at %d (%d steps), error %v", at, numbers(), err)
	}
	if n := ask[int](t, c, "select count(*) from pg_class where relname in ('added', 'second')"); n != 1 {
		t.Errorf("%d of the two tables are there", n)
	}
}

// TestColumns: the tables have the columns of store.Columns.
func TestColumns(t *testing.T) {
	t.Parallel()
	c := connect(t, migrated(t))
	types := map[string]store.ColumnType{"text": store.Text, "bigint": store.Int, "boolean": store.Bool}
	for table, want := range store.Columns {
		rows, err := c.Query(t.Context(), "select column_name, data_type, is_nullable, coalesce(collation_name, '') from information_schema.columns"+
			" where table_schema = 'forlop' and table_name = $1 order by ordinal_position", table)
		must(t, err)
		want := append([]store.Column{{Name: "stream", Type: store.Text}, {Name: "key", Type: store.Text}}, want...)
		var have []store.Column
		var name, kind, null, collation string
		_, err = pgx.ForEachRow(rows, []any{&name, &kind, &null, &collation}, func() error {
			have = append(have, store.Column{Name: name, Type: types[kind]})
			if _, known := types[kind]; !known || null != "NO" || kind == "text" && collation != "C" {
				t.Errorf("%s.%s is %s, null %s, collation %q", table, name, kind, null, collation)
			}
			return nil
		})
		must(t, err)
		if !slices.Equal(have, want) {
			t.Errorf("%s has the columns %v, want %v", table, have, want)
		}
	}
}

// TestServedSessionsCannotChangeTheLog: as whoever serves acts, an event, an
// answer, a look and published bytes can be added and never changed.
func TestServedSessionsCannotChangeTheLog(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, err := s.Append(t.Context(), benchAppend("journey/1", 0))
	must(t, err)
	conn, err := s.writes.Acquire(t.Context())
	must(t, err)
	defer conn.Release()
	who := ""
	must(t, conn.QueryRow(t.Context(), "select current_user").Scan(&who))
	if who != runtime {
		t.Fatalf("the session acts as %s", who)
	}
	for _, table := range []string{"event", "command", "blob", "look", "look_person", "checkpoint", "look_pruning", "definition", "definition_file", "migration"} {
		column := map[string]string{"event": "body", "migration": "number", "look_person": "look", "look": "reason", "checkpoint": "line", "look_pruning": "line", "definition_file": "name", "blob": "sealed", "command": "answer", "definition": "id"}[table]
		for _, q := range []string{
			"update " + table + " set " + column + " = " + column, "delete from " + table, "truncate " + table, "drop table " + table,
			"alter table " + table + " add column x int", "alter table " + table + " disable trigger all",
		} {
			if _, err := conn.Exec(t.Context(), q); state(err) != notAllowed {
				t.Errorf("%s: error %v, want %s", q, err, notAllowed)
			}
		}
	}
	for _, q := range []string{"select setval('event_position', 1)", "alter sequence event_position restart", "create table x (y int)", "create or replace function horizon(after bigint) returns bigint language sql as 'select 1::bigint'"} {
		if _, err := conn.Exec(t.Context(), q); state(err) != notAllowed {
			t.Errorf("%s: error %v, want %s", q, err, notAllowed)
		}
	}
	// A reader's session cannot write at all.
	_, err = s.reads.Exec(t.Context(), "insert into setting (name, value) values ('a', 'b')")
	if state(err) != readOnly {
		t.Errorf("a reader writes: %v", err)
	}
}

func TestRedacted(t *testing.T) {
	t.Parallel()
	ole := "ole" + ":secret" // no address with a password stands in a file
	for url, want := range map[string]string{
		"postgres://" + ole + "@db.example.org/forlop":                           "postgres://ole@db.example.org:5432/forlop",
		"postgres://ole@db/forlop?password=secret&sslmode=disable":               "postgres://ole@db:5432/forlop",
		"postgres://" + ole + "@a:1,b:2/forlop":                                  "postgres://ole@a:1,b:2/forlop",
		"postgres://" + ole + "@/forlop?host=/run/postgresql&sslpassword=secret": "postgres://ole@/forlop?host=/run/postgresql",
		"postgres://ole@/forlop?host=/run/a,/run/b":                              "postgres://ole@/forlop?host=/run/a,/run/b",
		"postgres://ole:sec" + " ret@db/forlop":                                  "postgres://…",
	} {
		if got := Redacted(url); got != want {
			t.Errorf("%s is shown as %s, want %s", url, got, want)
		}
	}
}
