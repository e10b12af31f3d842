package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLoginFiles: the shipped examples open with keys as token client-key makes
// them; a key that others can read, a slip and two of one name stop the start.
func TestLoginFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shipped, err := filepath.Glob("../../docs/login/*.yaml")
	if err != nil || len(shipped) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	var files []string
	for _, file := range shipped {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, filepath.Base(file))
		if err := os.WriteFile(to, text, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, to)
	}
	for _, name := range []string{"helseid.key.jwk", "id-porten.key.jwk", "1177.key.jwk"} {
		var out, errs strings.Builder
		if code := run(t.Context(), []string{"token", "client-key", filepath.Join(dir, name)}, &out, &errs, os.Getenv); code != exitOK || !strings.Contains(out.String(), `"keys"`) || strings.Contains(out.String(), `"d"`) {
			t.Fatalf("exit %d: %s%s", code, out.String(), errs.String())
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "siths.secret"), []byte("a secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := logins{files}.providers(time.Now)
	if err != nil || len(all) != len(files) {
		t.Fatalf("%d of %d open: %v", len(all), len(files), err)
	}
	if _, err := (logins{append(files, files[0])}).providers(time.Now); err == nil || !strings.Contains(err.Error(), "an id of its own") {
		t.Errorf("two of one name: %v", err)
	}
	if err := os.Chmod(filepath.Join(dir, "siths.secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := (logins{files}).providers(time.Now); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a secret that others can read: %v", err)
	}
	slip := filepath.Join(dir, "slip.yaml")
	if err := os.WriteFile(slip, []byte("id: x\nissuer: https://a.example\ncleint: us\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	code := run(t.Context(), []string{"serve", "--database", "sqlite:" + filepath.Join(dir, "none.db"), "--login", slip}, &out, &errs, os.Getenv)
	if code != exitUsage || !strings.Contains(errs.String(), `slip.yaml:3:1: there is no key "cleint"; did you mean "client"?`) {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); err == nil {
		t.Error("a database was made before the settings were read")
	}
}
