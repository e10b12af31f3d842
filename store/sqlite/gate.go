package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	lib "modernc.org/sqlite/lib"

	"forlop/store"
)

// applicationID marks a file as this program's (SQLite's header field
// application_id, https://www.sqlite.org/pragma.html#pragma_application_id).
const applicationID = 0x464F524C // "FORL"

// oldestEngine is the first SQLite without the WAL-reset bug, which lost
// committed pages when two connections wrote and checkpointed at once.
const oldestEngine = "3.51.3"

//go:embed migrations/*.sql
var migrations embed.FS

// steps are the migrations' texts; the schema of a file is how many it has had.
func steps() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []string
	for i, n := range names {
		if want := fmt.Sprintf("migrations/%04d_", i+1); !strings.HasPrefix(n, want) {
			return nil, fmt.Errorf("migration %s stands where %s… belongs", n, want)
		}
		b, err := migrations.ReadFile(n)
		if err != nil {
			return nil, err
		}
		out = append(out, string(b))
	}
	return out, nil
}

// Schema is the newest schema that this program reads and writes.
func Schema() int { return newest() }

// schemas are the migrations of this program; newest is the schema they lead to.
var schemas = mustSteps()

func newest() int { return len(schemas) }

func mustSteps() []string {
	s, err := steps()
	if err != nil {
		panic(err) // the binary was built with misnumbered migrations: no test passes
	}
	return s
}

// Engine is the version of the SQLite that is in this program. It is C, made into
// Go by its module, so that no list of modules and no scan of Go code names it.
func Engine(ctx context.Context) (version string, err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.QueryRowContext(ctx, "select sqlite_version()").Scan(&version)
	return version, err
}

// engineFit refuses a SQLite that can lose what it has committed.
func engineFit(ctx context.Context) error {
	v, err := Engine(ctx)
	if err != nil {
		return err
	}
	return fitVersion(v)
}

func fitVersion(v string) error {
	have, err := versionParts(v)
	if err != nil {
		return err
	}
	need, err := versionParts(oldestEngine)
	if err != nil {
		return err
	}
	if slices.Compare(have, need) < 0 {
		return fmt.Errorf("SQLite %s can lose committed data (the WAL-reset bug); %s or newer is needed", v, oldestEngine)
	}
	return nil
}

func versionParts(v string) ([]int, error) {
	var out []int
	for _, p := range strings.Split(v, ".") {
		n, err := strconv.Atoi(p)
		if err != nil {
			return nil, fmt.Errorf("SQLite says that its version is %q: %w", v, err)
		}
		out = append(out, n)
	}
	return out, nil
}

// inspect looks at a file before anything is changed in it and answers its
// schema, 0 for a new one.
func inspect(ctx context.Context, path string) (schema int, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return 0, nil
	case err != nil:
		return 0, err
	case info.IsDir():
		return 0, fmt.Errorf("%w: it is a folder", ErrForeign)
	case info.Size() == 0:
		return 0, nil
	}
	if err := magic(path); err != nil {
		return 0, err
	}
	db, err := open(path, "mode=ro&"+readPragmas, 1)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, unreadable(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return owned(ctx, conn, newest())
}

// magic looks at the file's first bytes, because SQLite takes a file shorter than
// its header for an empty one and would write over it
// (https://www.sqlite.org/fileformat.html#the_database_header).
func magic(path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	const want = "SQLite format 3\x00"
	head := make([]byte, len(want))
	if _, err := io.ReadFull(f, head); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if string(head) != want {
		return fmt.Errorf("%w: the file is not an SQLite database", ErrForeign)
	}
	return nil
}

// owned answers the schema of a file that is this program's, 0 for an empty one.
// known is the newest schema there is.
func owned(ctx context.Context, conn *sql.Conn, known int) (int, error) {
	var id, schema, tables int
	for q, dest := range map[string]*int{
		"pragma application_id":              &id,
		"pragma user_version":                &schema,
		"select count(*) from sqlite_schema": &tables,
	} {
		if err := conn.QueryRowContext(ctx, q).Scan(dest); err != nil {
			return 0, unreadable(err)
		}
	}
	switch {
	case id == 0 && schema == 0 && tables == 0:
		return 0, nil
	case id != applicationID:
		return 0, fmt.Errorf("%w: the file belongs to another program (application id %#x, %d tables)", ErrForeign, id, tables)
	case schema > known:
		return 0, fmt.Errorf("%w: the file has schema %d and this program knows up to %d; use the newer program that wrote it", ErrForeign, schema, known)
	}
	return schema, nil
}

func unreadable(err error) error {
	switch code(err) {
	case lib.SQLITE_NOTADB:
		return fmt.Errorf("%w: the file is not an SQLite database: %w", ErrForeign, err)
	case lib.SQLITE_CORRUPT:
		return fmt.Errorf("the file is damaged; restore a backup: %w", err)
	}
	// Reading beside a writer needs the shared memory file in the same folder.
	return unwritable(err)
}

// migrate moves the file's schema forward, one transaction for each step. The
// number of the step and the program's mark are in the same transaction.
func migrate(ctx context.Context, conn *sql.Conn, all []string) error {
	at, err := owned(ctx, conn, len(all))
	if err != nil {
		return err
	}
	for ; at < len(all); at++ {
		// Pragmas take no parameters.
		step := fmt.Sprintf("begin immediate;\n%s\n;pragma application_id = %d;\npragma user_version = %d;\ncommit;", all[at], applicationID, at+1)
		if _, err := conn.ExecContext(ctx, step); err != nil {
			err = fmt.Errorf("migration %d: %w", at+1, err)
			if _, undo := conn.ExecContext(ctx, "rollback"); undo != nil {
				err = errors.Join(err, undo)
			}
			return err
		}
	}
	return nil
}

// durable reads the settings back that a commit's durability rests on: a pragma
// that does not take says nothing.
func durable(ctx context.Context, conn *sql.Conn) error {
	var journal string
	var synchronous int
	if err := conn.QueryRowContext(ctx, "pragma journal_mode").Scan(&journal); err != nil {
		return err
	}
	if err := conn.QueryRowContext(ctx, "pragma synchronous").Scan(&synchronous); err != nil {
		return err
	}
	if journal != "wal" || synchronous < 2 {
		return fmt.Errorf("commits would not be durable: journal_mode is %s (needs wal), synchronous is %d (needs 2, FULL)", journal, synchronous)
	}
	return nil
}

// Check reads the engine, the schema and the durability settings.
func (s *Store) Check(ctx context.Context) (h store.Health, err error) {
	h.Engine = "sqlite"
	if err := s.get(ctx, "select sqlite_version()", nil, &h.Version); err != nil {
		return h, err
	}
	if err := s.get(ctx, "pragma user_version", nil, &h.Schema); err != nil {
		return h, err
	}
	// Nothing is deleted from the log, so its last position is its length.
	if err := s.get(ctx, "select coalesce(max(position), 0) from event", nil, &h.Events); err != nil {
		return h, err
	}
	if s.w == nil {
		// Who reads promises nothing about commits.
		return h, fitVersion(h.Version)
	}
	err = s.w.do(ctx, &job{run: func(t tx) error { return durable(context.Background(), t.w.conn) }})
	h.Durable = err == nil
	return h, errors.Join(err, fitVersion(h.Version))
}
