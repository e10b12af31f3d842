package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forlop/care/questionnaire"
)

// TestFormCommands lists, shows, lints and refuses.
func TestFormCommands(t *testing.T) {
	t.Parallel()
	list := try(t, "form", "list")
	if list.code != exitOK || !strings.Contains(list.stdout, "phq-9@1") || strings.Count(list.stdout, "\n") != len(questionnaire.Shipped()) {
		t.Errorf("list exits %d:\n%s", list.code, list.stdout)
	}
	shown := try(t, "form", "show", "rand-36")
	if shown.code != exitOK || !strings.Contains(shown.stdout, "licence:") {
		t.Errorf("show exits %d", shown.code)
	}
	file := filepath.Join(t.TempDir(), "own.yaml")
	if err := os.WriteFile(file, []byte(strings.Replace(shown.stdout, "licence:", "licens:", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	lint := try(t, "form", "lint", file)
	if lint.code != exitFindings || !strings.Contains(lint.stdout, file+":") || !strings.Contains(lint.stdout, "Q101") {
		t.Errorf("lint exits %d: %s", lint.code, lint.stdout)
	}
	if none := try(t, "form", "show", "none"); none.code != exitUsage {
		t.Errorf("an unknown questionnaire exits %d", none.code)
	}
}
