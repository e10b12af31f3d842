package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The pathway and the patient's pages are written to a folder; a folder with
// errors or an example that is not there writes nothing.
func TestPathwayAsPages(t *testing.T) {
	t.Parallel()
	bad := t.TempDir()
	copyFolder(t, "../../pathway/testdata/good", bad, "within: 12 weeks, share", "within: twelve, share")
	layer, base := "../../pathway/testdata/layer", "../../pathway/testdata/good"
	for _, tt := range []struct {
		name, args, stderr string
		code, days         int
	}{
		{"a layer, through its plain course", "pathway show " + layer + " --base " + base + " --day 0", "index.html", exitOK, 1},
		{"with errors", "pathway show " + bad, "", exitFindings, 0},
		{"an example that is not there", "pathway show no.pain --example none", "none", exitFailed, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := t.TempDir()
			r := try(t, append(strings.Fields(tt.args), "--html", out)...)
			if r.code != tt.code || !strings.Contains(r.stderr, tt.stderr) {
				t.Errorf("exit %d, want %d\nstdout: %.600s\nstderr: %.600s", r.code, tt.code, r.stdout, r.stderr)
			}
			days, err := filepath.Glob(filepath.Join(out, "*", "day-???.html"))
			if err != nil || len(days) != tt.days {
				t.Errorf("%d days were written: %v", len(days), err)
			}
			_, err = os.Stat(filepath.Join(out, "index.html"))
			if written := err == nil; written != (tt.days > 0) {
				t.Errorf("an index was written: %v", written)
			}
		})
	}
}

// Folders being written are found under the one that is named, and read anew.
func TestFoldersBeingWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folders := pathwayFolders(dir)
	before := len(folders())
	if err := os.Mkdir(filepath.Join(dir, "mine"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "mine", "pathway.yaml"), []byte("pathway: no.mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	after := folders()
	if before == 0 || len(after) != before+1 || !after[before].Writing || after[before].Name != "mine" {
		t.Errorf("before %d, after %v", before, after)
	}
}
