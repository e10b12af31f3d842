package sqlite

import (
	"path/filepath"
	"testing"

	"forlop/store"
	"forlop/store/memory"
	"forlop/store/storetest"
)

func mustOpen(t testing.TB, path string, o ...Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, o...)
	must(t, err)
	return s
}

// newStore is an empty store that is closed with the test.
func newStore(t testing.TB) *Store {
	t.Helper()
	s := mustOpen(t, newPath(t))
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "forlop.db") }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return mustOpen(t, newPath(t)) })
}

// TestSameAsMemory lives random lives in a file and in memory.
func TestSameAsMemory(t *testing.T) {
	t.Parallel()
	storetest.Compare(t, 40,
		func(t *testing.T) store.Store { return mustOpen(t, newPath(t)) },
		func(*testing.T) store.Store { return memory.Open() })
}

func TestDurable(t *testing.T) {
	t.Parallel()
	storetest.RunDurable(t, func(t *testing.T) (store.Store, func() store.Store) {
		path := newPath(t)
		return mustOpen(t, path), func() store.Store { return mustOpen(t, path) }
	})
}

// TestPruning prunes the access log as who may.
func TestPruning(t *testing.T) {
	t.Parallel()
	storetest.RunPruning(t, func(t *testing.T) store.Store { return mustOpen(t, newPath(t)) })
}
