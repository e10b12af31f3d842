package main

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A site changes its key, broken off in the middle, and no other key opens it.
func TestTokenRotate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	site, err := os.ReadFile("../../docs/example-site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir+"/site.yaml", string(site))
	url := "sqlite:" + dir + "/forlop.db"
	does := func(code int, says string, args ...string) {
		t.Helper()
		if r := try(t, args...); r.code != code || !strings.Contains(r.stdout+r.stderr, says) {
			t.Fatalf("%s: exit %d, want %d and %q\n%s%s", strings.Join(args, " "), r.code, code, says, r.stdout, r.stderr)
		}
	}
	old, next, third := dir+"/forlop.key", dir+"/next.key", dir+"/third.key"
	for _, key := range []string{old, next, third} {
		does(exitOK, key, "token", "key", key)
	}
	does(exitOK, "can be served", "import", "units", dir+"/site.yaml", "--database", url)

	// The wrong key is named before anything is served or written.
	for _, args := range [][]string{
		{"serve", "--addr", "127.0.0.1:0"}, {"import", "units", dir + "/site.yaml"}, {"token", "login", "--professional", "kari-bjork"},
	} {
		does(exitNotReady, "this database was made with the site key", append(args, "--database", url, "--key-file", next)...)
	}
	does(exitNotReady, "made with", "token", "rotate", "--old", next, "--new", third, "--database", url)
	does(exitFailed, "make a new one", "token", "rotate", "--old", old, "--new", old, "--database", url)

	// Broken off: it is killed as early as it can be, and as late.
	for wait := range 4 {
		cmd := forlop(t.Context(), t, "token", "rotate", "--old", old, "--new", next, "--database", url, "--slice", "1")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(20+20*wait)*time.Millisecond, func() {
			// It may have ended meanwhile, and then there is nothing to kill.
			_ = cmd.Process.Kill()
		})
		err := cmd.Wait()
		timer.Stop()
		if err == nil {
			break
		}
		if !errors.As(err, new(*exec.ExitError)) {
			t.Fatal(err)
		}
	}
	if r := try(t, "token", "rotate", "--old", old, "--new", next, "--database", url); r.code != exitOK && !strings.Contains(r.stderr, "made with") {
		t.Fatalf("going on: exit %d, %s", r.code, r.stderr)
	}
	does(exitNotReady, "this database was made with the site key", "token", "login", "--professional", "kari-bjork", "--database", url, "--key-file", old)
	does(exitOK, "", "token", "login", "--professional", "kari-bjork", "--at", "https://forlop.example", "--database", url, "--key-file", next)
	does(exitOK, "0 changes", "import", "units", dir+"/site.yaml", "--database", url, "--key-file", next)
	does(exitOK, "", "verify", "--database", url, "--key-file", next)

	// The tables go out, for their owner alone, and come back without a change.
	for _, what := range []string{"units", "people"} {
		table := dir + "/" + what + ".csv"
		does(exitOK, "written", "export", what, "--out", table, "--database", url, "--key-file", next)
		does(exitUsage, "name another file", "export", what, "--out", table, "--database", url, "--key-file", next)
		does(exitOK, "0 would change", "import", "units", table, "--dry-run", "--database", url, "--key-file", next)
		if info, err := os.Stat(table); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", table, info, err)
		}
	}
}
