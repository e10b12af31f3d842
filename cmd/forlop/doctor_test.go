package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// U51: a database that was brought back from a backup is asked what it lacks, and
// nothing is found. The same questions find what is missing where something is.
func TestDoctorAfterRestore(t *testing.T) {
	t.Parallel()
	e := newEditors(t)
	e.refused(exitFindings, "", "no pathway is in use", "doctor", "--database", e.database)
	e.ok(astrid, "pathway", "publish", "no.pain", "--for", "fjord-hf")
	e.ok(siri, "pathway", "approve", "no.pain@2025.04", "--activate")
	before := e.ok("", "doctor", "--database", e.database)
	backup := filepath.Join(e.dir, "x.forlop")
	e.ok("", "backup", backup, "--database", e.database)
	again := "sqlite:" + filepath.Join(e.dir, "again.db")
	key := filepath.Join(e.dir, "x.key")
	e.ok("", "restore", backup, "--database", again, "--key-file", key)
	after := e.ok("", "doctor", "--database", again, "--key-file", key)
	for _, said := range []string{before, after} {
		if strings.Contains(said, "NOT OK") || strings.Count(said, "ok ") < 7 || !strings.Contains(said, "in use: no.pain@2025.04") {
			t.Errorf("the doctor says:\n%s", said)
		}
	}
	// What it stands on is looked at, and each finding names the way on.
	if said := e.ok("", "doctor", "--database", e.database, "--backups", e.dir); !strings.Contains(said, "x.forlop") || !strings.Contains(said, "GB free where the database is") {
		t.Errorf("with the folder of backups the doctor says:\n%s", said)
	}
	e.refused(exitFindings, "", "x.forlop is older than 1ns; make one now", "doctor", "--database", e.database, "--backups", e.dir, "--backup-within", "1ns")
	e.refused(exitFindings, "", "there is none in ", "doctor", "--database", e.database, "--backups", t.TempDir())
	e.refused(exitFindings, "", "the folder of backups cannot be read", "doctor", "--database", e.database, "--backups", filepath.Join(e.dir, "nowhere"))
	e.refused(exitFindings, "", "NOT OK  site key", "doctor", "--database", again, "--key-file", filepath.Join(e.dir, "none.key"))
}

// A clock that stands elsewhere is found, however slow the asking was.
func TestSkewOfClocks(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		theirs time.Duration
		took   time.Duration
		ok     bool
	}{
		{"the same", 0, 0, true},
		{"a second on", time.Second, 0, true},
		{"three seconds on", 3 * time.Second, 0, false},
		{"three seconds back", -3 * time.Second, 0, false},
		{"three seconds, asked for six", 6 * time.Second, 6 * time.Second, true},
		{"an hour, asked for six seconds", time.Hour, 6 * time.Second, false},
	} {
		k := skew(at, at.Add(tt.theirs), at.Add(tt.took))
		if k.OK != tt.ok || strings.Contains(k.Detail, "timedatectl") == tt.ok {
			t.Errorf("%s: %+v", tt.name, k)
		}
	}
}
