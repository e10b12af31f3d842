package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forlop/store"
	"forlop/store/sqlite"
)

// Everything that the demo keeps about people comes out: each journey that is in the
// log, with as many events as the log has of it, readable by name; a second export
// never writes into the first.
func TestExportEverything(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startDemo(t, "--patients", "12", "--data", dir).stop(t)
	database, out := filepath.Join(dir, demoFile), filepath.Join(dir, "out")
	args := []string{"export", "everything", out, "--database", "sqlite:" + database, "--as", somePost(t, database), "--reason", "We leave"}
	if r := try(t, args...); r.code != exitOK {
		t.Fatalf("%d %s", r.code, r.stderr)
	}
	st, err := sqlite.Open(t.Context(), database, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	var lines []exportedLine
	text, err := os.ReadFile(filepath.Join(out, "index.json"))
	if err != nil || json.Unmarshal(text, &lines) != nil || len(lines) < 12 {
		t.Fatalf("%d persons, %v", len(lines), err)
	}
	events := map[string]int{}
	for _, line := range lines {
		page, err := os.ReadFile(filepath.Join(out, line.Folder, "index.html"))
		if err != nil || line.Name == "" || !strings.Contains(string(page), line.Name) || !strings.Contains(string(page), "Who has looked") {
			t.Errorf("%s cannot be read by name: %v", line.Folder, err)
		}
		var record struct {
			Streams []struct {
				Stream string
				Events []json.RawMessage
			}
			Looks []json.RawMessage
		}
		text, err := os.ReadFile(filepath.Join(out, line.Folder, "record.json"))
		if err != nil || json.Unmarshal(text, &record) != nil || len(record.Looks) == 0 {
			t.Fatalf("%s: %d looks, %v", line.Folder, len(record.Looks), err)
		}
		for _, s := range record.Streams {
			events[s.Stream] = len(s.Events)
		}
	}
	for _, kind := range []string{"journey", "person", "consent", "form", "thread", "booking"} {
		all, err := st.Streams(t.Context(), kind, "", 10_000)
		if err != nil || kind == "journey" && len(all) < 12 {
			t.Fatalf("%d of %s, %v", len(all), kind, err)
		}
		for _, g := range all {
			if kind != "journey" && kind != "form" && kind != "thread" && events["person/"+g.Stream.ID()] == 0 {
				continue // a relative or a child without a course of their own
			}
			if got := events[string(g.Stream)]; got != g.Version {
				t.Errorf("%s came out with %d events of %d", g.Stream, got, g.Version)
			}
		}
	}
	info, err := os.Stat(filepath.Join(out, lines[0].Folder, "record.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v, %v", info.Mode(), err)
	}
	if r := try(t, args...); r.code != exitUsage {
		t.Errorf("a second export into the same folder ends with %d", r.code)
	}
}

// somePost is the desk of a unit of a database.
func somePost(t *testing.T, database string) string {
	t.Helper()
	st, err := sqlite.Open(t.Context(), database, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	units, err := st.Streams(t.Context(), "unit", store.Stream(""), 1)
	if err != nil || len(units) == 0 {
		t.Fatal("the demo has no unit", err)
	}
	return units[0].Stream.ID() + "/desk"
}
