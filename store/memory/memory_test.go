package memory_test

import (
	"testing"

	"forlop/store"
	"forlop/store/memory"
	"forlop/store/storetest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) store.Store { return memory.Open() })
}

// TestPruning prunes the access log as who may.
func TestPruning(t *testing.T) {
	t.Parallel()
	storetest.RunPruning(t, func(*testing.T) store.Store { return memory.Open() })
}
