package postgres

import (
	"context"
	"testing"

	"forlop/store"
	"forlop/store/memory"
	"forlop/store/storetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// migrated is the URL of a database that can be opened.
func migrated(t testing.TB) string {
	t.Helper()
	return storetest.Cluster(t, func(url string) error {
		_, err := Migrate(context.Background(), url)
		return err
	})
}

// mustOpen opens a database of the quick server, which does not sync.
func mustOpen(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, Options{MayLose: true})
	must(t, err)
	return s
}

// newStore is an empty store that is closed with the test.
func newStore(t testing.TB) *Store {
	t.Helper()
	s := mustOpen(t, migrated(t))
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return mustOpen(t, migrated(t)) })
}

// TestSameAsMemory lives random lives in a database and in memory.
func TestSameAsMemory(t *testing.T) {
	t.Parallel()
	storetest.Compare(t, 40,
		func(t *testing.T) store.Store { return mustOpen(t, migrated(t)) },
		func(*testing.T) store.Store { return memory.Open() })
}

func TestDurable(t *testing.T) {
	t.Parallel()
	server := storetest.DurableServer(t)
	storetest.RunDurable(t, func(t *testing.T) (store.Store, func() store.Store) {
		url := server.Database(t)
		_, err := Migrate(t.Context(), url)
		must(t, err)
		open := func() store.Store {
			s, err := Open(t.Context(), url)
			must(t, err)
			return s
		}
		return open(), open
	})
}

// TestPruning prunes the access log as who may.
func TestPruning(t *testing.T) {
	t.Parallel()
	storetest.RunPruning(t, func(t *testing.T) store.Store {
		s, err := Open(t.Context(), migrated(t), Options{MayLose: true, Owner: true})
		must(t, err)
		return s
	})
}
