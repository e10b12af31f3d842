package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"forlop/store/storetest"
)

// U50: when its PostgreSQL server is gone the service says within five seconds that
// it is not ready, goes on living, and is ready again by itself once the server is
// back.
func TestReadinessFollowsTheDatabase(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server := storetest.DurableServer(t)
	s := runningSite{t: t, dir: t.TempDir(), env: []string{
		"FORLOP_TEST_AS=forlop", "FORLOP_ADDR=127.0.0.1:0", "FORLOP_DATABASE=" + server.Database(t), "FORLOP_KEY_FILE=forlop.key",
	}}
	if err := os.Symlink(self, filepath.Join(s.dir, "forlop")); err != nil {
		t.Fatal(err)
	}
	site, err := filepath.Abs("../../docs/example-site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s.must("./forlop token key forlop.key")
	s.must("./forlop migrate")
	s.must("./forlop import units " + site)
	if out, _, _ := s.sh("./forlop doctor"); !strings.Contains(out, "ok      clock of the database") {
		t.Errorf("the doctor does not compare the clocks:\n%s", out)
	}
	base, _, stop := s.serve("./forlop serve")
	said := ""
	ready := func() (status int) {
		status, _, said = get(t, http.DefaultClient, base+"/readyz", nil)
		return status
	}
	// until asks again and again, and answers how long it took.
	until := func(want int, within time.Duration) time.Duration {
		t.Helper()
		begun := time.Now()
		for ready() != want {
			if took := time.Since(begun); took > within {
				t.Fatalf("after %v it does not answer %d: %s", took, want, said)
			}
		}
		return time.Since(begun)
	}
	if status := ready(); status != http.StatusOK {
		t.Fatalf("at first it is %d", status)
	}
	for range 2 {
		server.Lose(t)
		if took := until(http.StatusServiceUnavailable, 5*time.Second); took > 5*time.Second {
			t.Errorf("it took %v to say so", took)
		}
		if status, _, _ := get(t, http.DefaultClient, base+"/livez", nil); status != http.StatusOK {
			t.Errorf("it does not live without its database: %d", status)
		}
		server.Start(t)
		until(http.StatusOK, time.Minute)
	}
	stop()
}
