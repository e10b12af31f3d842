package sqlite_test

import (
	"path/filepath"
	"testing"

	"forlop/store"
	"forlop/store/sqlite"
	"forlop/store/storetest"
)

func open(t testing.TB, path string, o ...sqlite.Options) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, o...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "forlop.db") }

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, newPath(t)) })
}

func TestDurable(t *testing.T) {
	t.Parallel()
	storetest.RunDurable(t, func(t *testing.T) (store.Store, func() store.Store) {
		path := newPath(t)
		return open(t, path), func() store.Store { return open(t, path) }
	})
}
