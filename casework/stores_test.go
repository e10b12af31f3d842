package casework_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"forlop/store"
	"forlop/store/memory"
	"forlop/store/postgres"
	"forlop/store/sqlite"
	"forlop/store/storetest"
)

// onStore names the store that the tests of this package run on: memory unless it
// says sqlite or postgres.
const onStore = "FORLOP_TEST_STORE"

// newStore is an empty store of the chosen kind, closed with the test.
func newStore(t testing.TB) store.Store {
	t.Helper()
	return storeOf(t, os.Getenv(onStore))
}

func storeOf(t testing.TB, kind string) store.Store {
	t.Helper()
	var st store.Store
	var err error
	switch kind {
	case "", "memory":
		return memory.Open()
	case "sqlite":
		st, err = sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "forlop.db"))
	case "postgres":
		url := storetest.Cluster(t, func(url string) error {
			_, err := postgres.Migrate(context.Background(), url)
			return err
		})
		st, err = postgres.Open(context.Background(), url, postgres.Options{MayLose: true})
	default:
		t.Fatalf("%s is %q; it can be memory, sqlite or postgres", onStore, kind)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// again are the tests that run on every database: an order from each way in, reading, waking, importing, and what rows say of who may see.
var again = []string{
	"TestReferralIsTakenOn",
	"TestLateReferralClimbs",
	"TestOrderHappensOnce",
	"TestImportOpensWhatIsNext",
	"TestLoginLinkOpensOnce",
	"TestOperatorLooksAsAUnitDoes",
	"TestDocumentComesWithItsReferral",
	"TestSiteIsSetUpOnce",
	"TestCountsHoldWhateverTheListNarrowsTo",
	"TestDraftsAreAdopted",
	"TestBlockHoldsOnEverySurface",
	"TestProxySeesOnlyItsParts",
	"TestOpeningIsShortSeenAndJudged",
	"TestMergeAndPart",
	"TestLastSeatIsGivenOnce",
	"TestThreadIsAnswered",
	"TestThreadOnPaper",
	"TestThreadAccess",
}

// TestOnEveryDatabase runs some of the tests again, in a process of their own for
// each database. All of them run there with FORLOP_TEST_STORE set.
func TestOnEveryDatabase(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"sqlite", "postgres"} {
		cmd := exec.Command(self, "-test.v", "-test.run=^("+strings.Join(again, "|")+")$")
		cmd.Env = append(os.Environ(), onStore+"="+kind)
		out, err := cmd.CombinedOutput()
		for _, test := range again {
			if !strings.Contains(string(out), "--- PASS: "+test+" ") {
				t.Errorf("on %s %s did not pass", kind, test)
			}
		}
		if err != nil {
			t.Errorf("on %s: %v\n%s", kind, err, out)
		}
	}
}
