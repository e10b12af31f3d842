package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"forlop/store"
)

func TestEngineVersion(t *testing.T) {
	t.Parallel()
	for version, fit := range map[string]bool{
		"3.51.3": true, "3.51.4": true, "3.52.0": true, "3.100.0": true, "4.0.0": true,
		"3.51.2": false, "3.51": false, "3.6.0": false, "2.99.99": false, "": false, "3.x": false,
	} {
		if err := fitVersion(version); (err == nil) != fit {
			t.Errorf("SQLite %q: error %v, want fit %v", version, err, fit)
		}
	}
}

// writeFile makes a database that is not a store's, with raw SQL.
func writeFile(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := open(path, "mode=rwc", 1)
	must(t, err)
	for _, s := range statements {
		_, err := db.Exec(s)
		must(t, err)
	}
	must(t, db.Close())
}

func TestForeignFilesAreRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(t *testing.T, path string){
		"text": func(t *testing.T, path string) {
			must(t, os.WriteFile(path, bytes.Repeat([]byte("hei hei\n"), 999), 0o600))
		},
		"one byte":        func(t *testing.T, path string) { must(t, os.WriteFile(path, []byte("x"), 0o600)) },
		"another program": func(t *testing.T, path string) { writeFile(t, path, "create table patient (id integer)") },
		"another's mark":  func(t *testing.T, path string) { writeFile(t, path, "pragma application_id = 7") },
		"another's schema number": func(t *testing.T, path string) {
			writeFile(t, path, "pragma user_version = 1")
		},
		"a newer schema": func(t *testing.T, path string) {
			s := mustOpen(t, path)
			must(t, s.Close())
			writeFile(t, path, fmt.Sprintf("pragma user_version = %d", newest()+1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			make(t, path)
			before, err := os.ReadFile(path)
			must(t, err)
			for _, o := range []Options{{}, {ReadOnly: true}} {
				s, err := Open(t.Context(), path, o)
				if err == nil {
					must(t, s.Close())
				}
				if !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), path) {
					t.Errorf("%+v: error %v, want ErrForeign that names the file", o, err)
				}
			}
			after, err := os.ReadFile(path)
			must(t, err)
			if !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
	t.Run("a folder", func(t *testing.T) {
		t.Parallel()
		if _, err := Open(t.Context(), t.TempDir()); !errors.Is(err, ErrForeign) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no such folder", func(t *testing.T) {
		t.Parallel()
		if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "none", "forlop.db")); err == nil || !strings.Contains(err.Error(), "none") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("nothing to read", func(t *testing.T) {
		t.Parallel()
		path := newPath(t)
		if _, err := Open(t.Context(), path, Options{ReadOnly: true}); err == nil {
			t.Error("a file that is not there was opened for reading")
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("reading made the file: %v", err)
		}
	})
}

func TestMigrations(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	must(t, create(path))
	db, err := open(path, "mode=rw&"+writePragmas, 1)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	conn, err := db.Conn(t.Context())
	must(t, err)
	defer func() { must(t, conn.Close()) }()
	number := func(q string) (n int) {
		t.Helper()
		must(t, conn.QueryRowContext(t.Context(), q).Scan(&n))
		return n
	}
	const two = "create table two (n integer) strict; insert into two values (2);"
	must(t, migrate(t.Context(), conn, []string{schemas[0]}))
	must(t, migrate(t.Context(), conn, []string{schemas[0], two}))
	must(t, migrate(t.Context(), conn, []string{schemas[0], two}))
	if n := number("select n from two"); n != 2 {
		t.Errorf("the second migration ran otherwise: %d", n)
	}
	err = migrate(t.Context(), conn, []string{schemas[0], two, "update two set n = 3; create table event (n integer);"})
	if err == nil || !strings.Contains(err.Error(), "migration 3") {
		t.Errorf("a broken migration: error %v", err)
	}
	if v, n := number("pragma user_version"), number("select n from two"); v != 2 || n != 2 {
		t.Errorf("a broken migration left schema %d and %d", v, n)
	}
	if id := number("pragma application_id"); id != applicationID {
		t.Errorf("application id %#x", id)
	}
	// This program knows fewer.
	if _, err := owned(t.Context(), conn, 1); !errors.Is(err, ErrForeign) {
		t.Errorf("a newer schema: error %v", err)
	}
}

// TestColumns compares the tables with store.Columns, name by name and in order.
func TestColumns(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	types := map[store.ColumnType]string{store.Text: "TEXT", store.Int: "INTEGER", store.Bool: "INTEGER"}
	for table, columns := range store.Columns {
		want := []string{"stream TEXT key 1", "key TEXT key 2"}
		for _, c := range columns {
			want = append(want, fmt.Sprintf("%s %s key 0", c.Name, types[c.Type]))
		}
		var got []string
		must(t, s.each(t.Context(), "select name, type, \"notnull\", pk from pragma_table_info('"+table+"')", nil, func(rows *sql.Rows) error {
			var name, kind string
			var notNull, key int
			if err := rows.Scan(&name, &kind, &notNull, &key); err != nil {
				return err
			}
			if notNull != 1 {
				t.Errorf("%s.%s may be null", table, name)
			}
			got = append(got, fmt.Sprintf("%s %s key %d", name, kind, key))
			return nil
		}))
		if !slices.Equal(got, want) {
			t.Errorf("table %s:\n got %q\nwant %q", table, got, want)
		}
	}
}

func TestDurabilityIsReadBack(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	h, err := s.Check(t.Context())
	must(t, err)
	if !h.Durable || h.Schema != newest() || h.Engine != "sqlite" {
		t.Errorf("health %+v", h)
	}
	for _, setting := range []string{"synchronous = normal", "synchronous = off"} {
		_, err := s.w.conn.ExecContext(context.Background(), "pragma "+setting)
		must(t, err)
		if h, err := s.Check(t.Context()); err == nil || h.Durable {
			t.Errorf("%s: %+v, %v", setting, h, err)
		}
	}
	_, err = s.w.conn.ExecContext(context.Background(), "pragma synchronous = extra")
	must(t, err)
	if h, err := s.Check(t.Context()); err != nil || !h.Durable {
		t.Errorf("synchronous = extra: %+v, %v", h, err)
	}
}

func TestStrangePaths(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b", "æøå", "50%", "%20", "what?mode=memory", "a#b", "a&b=c", "a'b\"c"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			s := mustOpen(t, path)
			_, err := s.Append(t.Context(), testAppend("journey/1", 0))
			must(t, errors.Join(err, s.Close()))
			info, err := os.Stat(path)
			must(t, err)
			if info.Mode().Perm() != 0o600 {
				t.Errorf("others may read it: %v", info.Mode())
			}
			s = mustOpen(t, path, Options{ReadOnly: true})
			got, err := s.Load(t.Context(), "journey/1", 0)
			must(t, errors.Join(err, s.Close()))
			if len(got) != 1 {
				t.Errorf("%d events", len(got))
			}
		})
	}
}

// testAppend is one event on a stream at a version.
func testAppend(s store.Stream, version int) store.Append {
	return store.Append{Writes: []store.Write{{Stream: s, Expect: version, Events: []store.Event{{Type: "test.happened/1", Body: []byte(`{}`)}}}}}
}
