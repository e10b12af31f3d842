package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOperatorsGuide follows docs/operate.md from an empty folder to a restored
// database, every line of its sh blocks as it stands.
func TestOperatorsGuide(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := runningSite{t: t, dir: t.TempDir(), env: []string{"FORLOP_TEST_AS=forlop", "FORLOP_ADDR=127.0.0.1:0"}}
	if err := os.CopyFS(filepath.Join(s.dir, "docs"), os.DirFS("../../docs")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(s.dir, "forlop")); err != nil {
		t.Fatal(err)
	}
	var stop func()
	states := map[string]int{}
	for _, line := range commandsOf(t, "../../docs/operate.md") {
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "./forlop serve "):
			// Another address than the guide's, which somebody may have taken.
			var base string
			base, _, stop = s.serve(strings.ReplaceAll(line, "127.0.0.1:9464", "127.0.0.1:0"))
			s.env = append(s.env, "FORLOP_HEALTH="+base)
		default:
			out := s.must(line)
			if words[1] == "backup" && words[2] != "drill" || words[1] == "restore" {
				hash, _, _ := strings.Cut(out, " ")
				states[hash]++
			}
		}
	}
	if stop == nil || len(states) == 0 {
		t.Fatal("the guide serves nothing, or copies nothing")
	}
	stop()
	most := 0
	for _, n := range states {
		most = max(most, n)
	}
	if most < 2 {
		t.Errorf("what was restored has another state than what was backed up: %v", states)
	}
}

// TestUnitFile reads the unit as systemd does where that is here, and what it must
// say everywhere.
func TestUnitFile(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/forlop.service")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Type=notify", "WatchdogSec=", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "MemoryDenyWriteExecute=yes",
		"SystemCallFilter=@system-service", "StateDirectoryMode=0700", "LimitCORE=0", "User=forlop",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the unit does not say %s", strings.TrimSpace(want))
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd-analyze is not here; the unit was read as text alone")
		return
	}
	// It looks whether the program is there: a copy of the unit names one that is.
	unit := filepath.Join(t.TempDir(), "forlop.service")
	said := strings.ReplaceAll(string(text), "/usr/local/bin/forlop", "/bin/true")
	if err := os.WriteFile(unit, []byte(said), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(analyze, "verify", "--man=no", unit).CombinedOutput()
	if err != nil || strings.Contains(string(out), unit) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	out, err = exec.Command(analyze, "security", "--offline=true", "--no-pager", unit).CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	var exposure float64
	last := lines[len(lines)-1]
	if _, after, found := strings.Cut(last, "forlop.service: "); err != nil || !found {
		t.Errorf("systemd-analyze security: %v %s", err, last)
	} else if _, err := fmt.Sscanf(after, "%f", &exposure); err != nil || exposure > 2 {
		t.Errorf("the unit's exposure is %v (0 is best, 10 worst), %v: %s", exposure, err, last)
	}
}
