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
