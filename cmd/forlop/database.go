package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"forlop/casework"
	"forlop/pathway/library"
	"forlop/store"
	"forlop/store/postgres"
	"forlop/store/sqlite"
)

// database is where the data is. Every command that opens one takes it so.
type database struct {
	Database string `required:"" placeholder:"URL" env:"FORLOP_DATABASE" help:"Where the data is: sqlite:FILE or postgres://USER@HOST/DATABASE. Keep a password out of it: in PGPASSWORD or ~/.pgpass."`
}

// onServer reports whether the data is on a PostgreSQL server.
func (d database) onServer() bool {
	return strings.HasPrefix(d.Database, "postgres://") || strings.HasPrefix(d.Database, "postgresql://")
}

// String is the URL as it may be shown: without a password.
func (d database) String() string {
	if d.onServer() {
		return postgres.Redacted(d.Database)
	}
	if !strings.HasPrefix(d.Database, "sqlite:") {
		scheme, _, _ := strings.Cut(d.Database, ":")
		return scheme + ":…"
	}
	return d.Database
}

// file is the path in the URL of a file.
func (d database) file() (string, error) {
	path, ok := strings.CutPrefix(d.Database, "sqlite:")
	if !ok || path == "" {
		return "", usage("--database is %q; write sqlite:FILE or postgres://USER@HOST/DATABASE", d)
	}
	return path, nil
}

// named refuses a URL of no kind we know.
func (d database) named() error {
	if d.onServer() {
		return nil
	}
	_, err := d.file()
	return err
}

// open opens the database for writing. A file that is not there is made only
// where mayMake says so; a file that is served by another process is refused.
func (d database) open(ctx context.Context, mayMake bool) (store.Store, error) {
	if d.onServer() {
		return opened(postgres.Open(ctx, d.Database))
	}
	path, err := d.file()
	if err != nil {
		return nil, err
	}
	if err := d.there(); err != nil && !mayMake {
		return nil, err
	}
	return opened(sqlite.Open(ctx, path))
}

// openToRead opens the database for questions, beside a process that serves it.
func (d database) openToRead(ctx context.Context) (store.Store, error) {
	if d.onServer() {
		return opened(postgres.Open(ctx, d.Database, postgres.Options{ReadOnly: true}))
	}
	if err := d.there(); err != nil {
		return nil, err
	}
	path, err := d.file()
	if err != nil {
		return nil, err
	}
	return opened(sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true}))
}

// openBeside opens the database for questions whose answers are logged, beside a
// process that serves it.
func (d database) openBeside(ctx context.Context) (store.Store, error) {
	if d.onServer() {
		return d.open(ctx, false)
	}
	if err := d.there(); err != nil {
		return nil, err
	}
	path, err := d.file()
	if err != nil {
		return nil, err
	}
	return opened(sqlite.OpenBeside(ctx, path))
}

// openToPrune opens the database so that entries of the access log can be
// removed: on a server as the owner of the tables.
func (d database) openToPrune(ctx context.Context) (store.Store, error) {
	if d.onServer() {
		return opened(postgres.Open(ctx, d.Database, postgres.Options{Owner: true}))
	}
	return d.open(ctx, false)
}

// opened says of what cannot be served as it is that it is not ready.
func opened[S store.Store](s S, err error) (store.Store, error) {
	switch {
	case err == nil:
		return s, nil
	case errors.Is(err, sqlite.ErrServed), errors.Is(err, sqlite.ErrForeign), errors.Is(err, postgres.ErrNotReady), errors.Is(err, postgres.ErrAway):
		return nil, notReady(err)
	}
	return nil, err
}

// migrate moves the schema forward. A file is, by being opened.
func (d database) migrate(ctx context.Context) error {
	if !d.onServer() {
		return nil
	}
	_, err := postgres.Migrate(ctx, d.Database)
	if errors.Is(err, postgres.ErrNotReady) || errors.Is(err, postgres.ErrAway) {
		return notReady(err)
	}
	return err
}

// there refuses a file that is not there. What a server holds is seen when it is
// opened.
func (d database) there() error {
	if d.onServer() {
		return nil
	}
	path, err := d.file()
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database at %s; forlop serve makes a new one", path)
	}
	return nil
}

// keyed is the site's key, which opens what is kept about people.
type keyed struct {
	KeyFile string `placeholder:"FILE" env:"FORLOP_KEY_FILE" help:"The site's key; beside the file of the database, ending in .key, or forlop.key unless said. Make one with: forlop token key FILE."`
}

// keyring reads the site's key. Its file must be readable by its owner alone.
func (k keyed) keyring(d database) (*store.Keyring, error) {
	if k.KeyFile == "" && d.onServer() {
		k.KeyFile = "forlop.key"
	}
	if k.KeyFile == "" {
		path, err := d.file()
		if err != nil {
			return nil, err
		}
		k.KeyFile = strings.TrimSuffix(path, filepath.Ext(path)) + ".key"
	}
	return readKey(k.KeyFile)
}

// readKey reads a site's key from its file.
func readKey(path string) (*store.Keyring, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, notReady(fmt.Errorf("there is no site key at %s; make one with: forlop token key %s\n"+
			"Keep it apart from the database and its backups. Without it nothing about people can be read", path, path))
	case err != nil:
		return nil, err
	case info.Mode().Perm()&0o077 != 0:
		return nil, notReady(fmt.Errorf("the site key %s can be read by others; run: chmod 600 %s", path, path))
	}
	key, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(key) != store.KeySize {
		return nil, notReady(fmt.Errorf("the site key %s has %d bytes and must have %d; it is not a key that forlop token key made",
			path, len(key), store.KeySize))
	}
	return store.NewKeyring(key, rand.Reader)
}

// wakers is how many journeys are woken at once when much falls due together:
// enough that their commits are shared.
const wakers = 16

// newService starts the one way in on a store.
func newService(ctx context.Context, st store.Store, keys *store.Keyring) (*casework.Service, error) {
	s, err := casework.New(ctx, casework.Config{Store: st, Clock: casework.SystemClock(), Keys: keys, Random: rand.Reader, Wakers: wakers})
	return s, keyFault(err)
}

// keyFault says what to do about a site key that does not fit.
func keyFault(err error) error {
	switch {
	case errors.As(err, new(*store.OtherKey)):
		return notReady(fmt.Errorf("%w\nName the right file with --key-file. Nothing was changed", err))
	case errors.Is(err, store.ErrRotating):
		return notReady(fmt.Errorf("%w\nRun the same forlop token rotate again; it goes on where it stopped", err))
	}
	return err
}

// shelveShipped puts the shipped pathways on the shelf. What lies there already
// under the same version stays as it is; those are answered.
func shelveShipped(ctx context.Context, s *casework.Service) (kept []string, err error) {
	for _, id := range library.All() {
		folder, _ := library.Files(id)
		ref, findings, err := s.Shelve(ctx, folder)
		if refusedAs(err, "pathway-version-taken") {
			kept = append(kept, ref.String())
			continue
		}
		if err != nil {
			return kept, fmt.Errorf("shelving %s: %w %v", id, err, findings)
		}
	}
	return kept, nil
}
