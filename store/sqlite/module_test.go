package sqlite

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestLibcIsTheDriversOwn: modernc.org/sqlite is translated against one version
// of modernc.org/libc and breaks with another
// (https://gitlab.com/cznic/sqlite/-/issues/177).
func TestLibcIsTheDriversOwn(t *testing.T) {
	t.Parallel()
	module := func(format, path string) string {
		t.Helper()
		out, err := exec.Command("go", "list", "-m", "-f", format, path).Output()
		must(t, err)
		return strings.TrimSpace(string(out))
	}
	wants, err := os.ReadFile(module("{{.GoMod}}", "modernc.org/sqlite"))
	must(t, err)
	want := regexp.MustCompile(`modernc\.org/libc (v\S+)`).FindSubmatch(wants)
	if want == nil {
		t.Fatal("the driver's go.mod names no libc")
	}
	if have := module("{{.Version}}", "modernc.org/libc"); have != string(want[1]) {
		t.Errorf("libc %s is used, the driver wants %s", have, want[1])
	}
}
