package forlop_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// licences are what the binary may be built from (docs/decisions/0001): each
// with words that only its text has.
var licences = []struct{ name, words string }{
	{"Apache-2.0", "apache license version 2.0"},
	{"BSD", "redistribution and use in source and binary forms"},
	{"MIT", "permission is hereby granted, free of charge"},
	{"Unlicense", "this is free and unencumbered software released into the public domain"},
	{"ISC or 0BSD", "permission to use, copy, modify, and/or distribute this software"},
}

// TestLicences reads the licence of every module that product code links.
func TestLicences(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-e", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := map[string]bool{modulePath: true}
	for line := range strings.Lines(string(out)) {
		name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || seen[name] {
			continue
		}
		seen[name] = true
		if found := licenceOf(t, dir); found == "" {
			t.Errorf("%s is linked, and its licence is none of those that docs/decisions/0001-licence.md allows", name)
		}
	}
	if len(seen) == 1 {
		t.Fatal("no outside module was found: the test looks in the wrong place")
	}
}

func licenceOf(t *testing.T, dir string) string {
	t.Helper()
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "License*", "COPYING*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			plain := strings.ToLower(strings.Join(strings.Fields(string(text)), " "))
			for _, l := range licences {
				if strings.Contains(plain, l.words) {
					return l.name
				}
			}
		}
	}
	return ""
}
