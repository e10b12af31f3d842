package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver, in pure Go
	lib "modernc.org/sqlite/lib"

	"forlop/store"
)

// ErrServed: another process writes to the file.
var ErrServed = errors.New("store/sqlite: the file is being served by another process")

// ErrForeign: the file is not this program's, or not of a version it can read.
var ErrForeign = errors.New("store/sqlite: not a database of this version")

// Options of Open.
type Options struct {
	// ReadOnly opens the file beside the process that serves it. Every write
	// answers store.ErrReadOnly.
	ReadOnly bool
}

// Store is one open file.
type Store struct {
	path   string
	reads  *sql.DB
	writes *sql.DB
	lock   *sql.DB
	w      *writer // nil when read-only

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt

	closeOnce sync.Once
	closed    error
}

var _ store.Store = (*Store)(nil)

// How the file is opened. FULL syncs every commit: with NORMAL the last ones may
// be lost when the power goes. secure_delete zeroes what is deleted inside a
// page, so that a destroyed key leaves no copy behind. The write-ahead log is
// folded back every 4,000 pages (16 MB) and cut back to 64 MB after a burst.
const (
	writePragmas = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
		"&_pragma=secure_delete(fast)&_pragma=temp_store(memory)&_pragma=cache_size(-16000)&_pragma=wal_autocheckpoint(4000)" +
		"&_pragma=journal_size_limit(67108864)&_txlock=immediate"
	readPragmas = "_pragma=busy_timeout(5000)&_pragma=query_only(1)&_pragma=temp_store(memory)&_pragma=cache_size(-8000)"
	readers     = 4
)

// Open opens or makes the file at path. It answers ErrServed when another
// process has it open for writing, ErrForeign when it belongs to another program
// or to a newer version of this one, and store.ErrReadOnly when file or folder
// cannot be written. An older schema is moved forward.
func Open(ctx context.Context, path string, options ...Options) (_ *Store, err error) {
	var o Options
	for _, given := range options {
		o = given
	}
	s := &Store{path: path, stmts: map[string]*sql.Stmt{}}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("store/sqlite: open %s: %w", path, err), s.Close())
		}
	}()
	if err := engineFit(ctx); err != nil {
		return nil, err
	}
	schema, err := inspect(ctx, path)
	if err != nil {
		return nil, err
	}
	if o.ReadOnly {
		if schema != newest() {
			return nil, fmt.Errorf("%w: the file has schema %d and this program reads schema %d; run migrate", ErrForeign, schema, newest())
		}
		s.reads, err = open(path, "mode=ro&"+readPragmas, readers)
		if err != nil {
			return nil, err
		}
		return s, s.reads.PingContext(ctx)
	}
	if err := create(path); err != nil {
		return nil, err
	}
	if s.lock, err = lock(ctx, path); err != nil {
		return nil, err
	}
	if s.writes, err = open(path, "mode=rw&"+writePragmas, 1); err != nil {
		return nil, err
	}
	conn, err := s.writes.Conn(ctx)
	if err != nil {
		return nil, unwritable(err)
	}
	if err := errors.Join(migrate(ctx, conn, schemas), durable(ctx, conn)); err != nil {
		return nil, errors.Join(unwritable(err), conn.Close())
	}
	if s.reads, err = open(path, "mode=rw&"+readPragmas, readers); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	s.w = newWriter(conn)
	return s, nil
}

// Close lets the appends that wait finish, and lets the file go.
func (s *Store) Close() error {
	s.closeOnce.Do(func() { s.closed = s.letGo() })
	return s.closed
}

func (s *Store) letGo() error {
	var errs []error
	if s.w != nil {
		errs = append(errs, s.w.close())
	}
	s.mu.Lock()
	for _, st := range s.stmts {
		errs = append(errs, st.Close())
	}
	clear(s.stmts)
	s.mu.Unlock()
	for _, db := range []*sql.DB{s.reads, s.writes, s.lock} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

func open(path, query string, conns int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", uri(path)+"?"+query)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// uri names the file to SQLite, whatever letters its path has.
func uri(path string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(path))
}

// create makes the file where there is none: readable by its owner alone, and
// with its name synced, so that it is there after a power cut.
func create(path string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrReadOnly, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	// Windows cannot sync a folder and does not need to.
	if err := dir.Sync(); err != nil && !errors.Is(err, os.ErrPermission) && !errors.Is(err, os.ErrInvalid) {
		return errors.Join(err, dir.Close())
	}
	return dir.Close()
}

// lock takes the right to write, for as long as the answer is open. It is
// SQLite's own lock on an empty file beside the database: the system lets it go
// when the process ends, however it ends, on every platform.
func lock(ctx context.Context, path string) (_ *sql.DB, err error) {
	db, err := open(path+"-lock", "mode=rwc", 1)
	if err != nil {
		return nil, err
	}
	if _, err = db.ExecContext(ctx, "begin exclusive"); err == nil {
		return db, nil
	}
	if c := code(err); c == lib.SQLITE_BUSY || c == lib.SQLITE_LOCKED {
		err = fmt.Errorf("%w; stop it first, or use a command that only reads", ErrServed)
	} else {
		err = unwritable(err)
	}
	return nil, errors.Join(err, db.Close())
}
