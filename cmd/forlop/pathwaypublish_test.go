package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// editors is a site whose trust has two persons for pathways.
type editors struct {
	t        *testing.T
	database string
	dir      string
}

func newEditors(t *testing.T) *editors {
	t.Helper()
	dir := t.TempDir()
	e := &editors{t: t, database: "sqlite:" + filepath.Join(dir, "x.db"), dir: dir}
	e.ok("", "token", "key", filepath.Join(dir, "x.key"))
	e.ok("", "import", "units", "../../docs/example-site.yaml", "--database", e.database)
	return e
}

// ok runs a command that must succeed, as somebody, and answers what it said.
func (e *editors) ok(who string, args ...string) string {
	e.t.Helper()
	r := e.run(who, args...)
	if r.code != exitOK {
		e.t.Fatalf("forlop %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.stdout, r.stderr)
	}
	return r.stdout + r.stderr
}

func (e *editors) run(who string, args ...string) result {
	e.t.Helper()
	if args[0] == "pathway" {
		args = append(args, "--database", e.database)
	}
	if who != "" {
		args = append(args, "--as", who)
	}
	return try(e.t, args...)
}

// refused runs a command that must fail, and answers what it said.
func (e *editors) refused(code int, who, words string, args ...string) {
	e.t.Helper()
	r := e.run(who, args...)
	if r.code != code || !strings.Contains(r.stderr+r.stdout, words) {
		e.t.Errorf("forlop %s: exit %d, want %d and %q\n%s%s", strings.Join(args, " "), r.code, code, words, r.stdout, r.stderr)
	}
}

// stands answers where a version stands.
func (e *editors) stands(ref string) versionLine {
	e.t.Helper()
	var lines []versionLine
	if err := json.Unmarshal([]byte(e.ok("", "pathway", "list", "--json")), &lines); err != nil {
		e.t.Fatal(err)
	}
	for _, l := range lines {
		if l.ID+"@"+l.Version == ref {
			return l
		}
	}
	return versionLine{}
}

// write copies a shipped pathway as another version.
func (e *editors) write(name, version string) string {
	e.t.Helper()
	to := filepath.Join(e.dir, version)
	if err := os.CopyFS(to, os.DirFS("../../pathway/library/"+name)); err != nil {
		e.t.Fatal(err)
	}
	path := filepath.Join(to, "pathway.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		e.t.Fatal(err)
	}
	changed := strings.Replace(string(text), `version: "2025.04"`, `version: "`+version+`"`, 1)
	if changed == string(text) {
		e.t.Fatal("the folder has another version than the test thinks")
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		e.t.Fatal(err)
	}
	return to
}

const (
	astrid = "astrid-lund@fjord-hf/pathway-approver"
	siri   = "siri-holm@fjord-hf/pathway-approver"
)

// TestPublishing takes a version through its whole life at the command line, by
// two persons.
func TestPublishing(t *testing.T) {
	t.Parallel()
	e := newEditors(t)
	if got := e.stands("no.pain@2025.04"); got.Standing != "draft" || len(got.Uses) != 0 {
		t.Errorf("before anybody publishes it, it stands as %+v", got)
	}
	e.refused(exitUsage, "astrid-lund", "PERSON@UNIT/ROLE", "pathway", "publish", "no.pain")
	e.refused(exitFailed, "kari-bjork@smerteklinikken/coordinator", "(pathway-post)", "pathway", "publish", "no.pain")
	e.refused(exitFailed, "kari-bjork@fjord-hf/pathway-approver", "(not-your-post)", "pathway", "publish", "no.pain")
	if out := e.ok(astrid, "pathway", "publish", "no.pain", "--for", "fjord-hf"); !strings.Contains(out, "One other person who holds fjord-hf/pathway-approver") {
		t.Errorf("it does not say who must approve:\n%s", out)
	}
	e.refused(exitFailed, astrid, "(pathway-second-person)", "pathway", "approve", "no.pain@2025.04")
	e.refused(exitFailed, siri, "(pathway-not-approved)", "pathway", "activate", "no.pain@2025.04", "--for", "fjord-hf")
	e.ok(siri, "pathway", "approve", "no.pain@2025.04", "--activate")
	if got := e.stands("no.pain@2025.04"); got.Standing != "active" || len(got.Uses) != 1 || got.Uses[0].Unit != "fjord-hf" || strings.Join(got.By, " ") != "astrid-lund siri-holm" {
		t.Errorf("in use it stands as %+v", got)
	}
	e.refused(exitFailed, astrid, "(pathway-published-already)", "pathway", "publish", "no.pain")

	// The next version, with a first day; then back; then out.
	next := e.write("no.pain", "2026.01")
	e.ok(siri, "pathway", "publish", next)
	e.ok(astrid, "pathway", "approve", "no.pain@2026.01")
	e.refused(exitUsage, astrid, "--for UNIT", "pathway", "activate", "no.pain@2026.01")
	e.refused(exitFailed, astrid, "(pathway-from-past)", "pathway", "activate", "no.pain@2026.01", "--for", "fjord-hf", "--from", "2020-01-01")
	e.ok(astrid, "pathway", "activate", "no.pain@2026.01", "--for", "fjord-hf")
	if got := e.stands("no.pain@2026.01"); got.Standing != "approved" || len(got.Waits) != 1 {
		t.Errorf("proposed, it stands as %+v", got)
	}
	e.refused(exitFailed, astrid, "(pathway-proposed-already)", "pathway", "activate", "no.pain@2026.01", "--for", "fjord-hf")
	e.ok(siri, "pathway", "activate", "no.pain@2026.01", "--for", "fjord-hf")
	if got := e.stands("no.pain@2025.04"); got.Standing != "approved" {
		t.Errorf("followed by another, the first stands as %+v", got)
	}
	for _, who := range []string{astrid, siri} {
		e.ok(who, "pathway", "rollback", "no.pain", "--for", "fjord-hf", "--why", "Skjemaet mangler.")
	}
	if got := e.stands("no.pain@2025.04"); got.Standing != "active" {
		t.Errorf("taken back, the first stands as %+v", got)
	}
	for _, who := range []string{astrid, siri} {
		e.ok(who, "pathway", "retire", "no.pain@2026.01", "--why", "Skjemaet mangler.")
	}
	if got := e.stands("no.pain@2026.01"); got.Standing != "retired" {
		t.Errorf("retired, it stands as %+v", got)
	}
	if out := e.ok("", "pathway", "list"); !strings.Contains(out, "in use for fjord-hf since") {
		t.Errorf("the list reads:\n%s", out)
	}

	// A draft is adopted, and other words are given.
	e.ok(astrid, "pathway", "publish", "no.fatigue")
	draft := e.stands("no.fatigue@" + e.version("no.fatigue"))
	ref := draft.ID + "@" + draft.Version
	e.ok(siri, "pathway", "approve", ref)
	e.refused(exitFailed, siri, "(pathway-draft)", "pathway", "activate", ref, "--for", "fjord-hf")
	for _, who := range []string{astrid, siri} {
		e.ok(who, "pathway", "adopt", ref)
	}
	if got := e.stands(ref); got.Standing != "active" || !got.Uses[0].Adopted {
		t.Errorf("adopted, it stands as %+v", got)
	}
	words := filepath.Join(e.dir, "words")
	if err := os.MkdirAll(words, 0o700); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../pathway/library/no.pain/text.nb.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(words, "text.nb.yaml"), bytes.Replace(text, []byte("revision: 1\n"), []byte("revision: 2\n"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{siri, astrid} {
		e.ok(who, "pathway", "text", "no.pain@2025.04", words)
	}
	e.refused(exitFailed, siri, "(pathway-same-words)", "pathway", "text", "no.pain@2025.04", words)
	e.refused(exitFailed, siri, "(pathway-source-unknown)", "pathway", "notice", "no.pain@2025.04", "rumour", "--changed", "2026-09-01")
	e.ok("kari-bjork@smerteklinikken/coordinator", "pathway", "notice", "no.pain@2025.04", "times", "--changed", "2026-09-01", "--why", "Ny frist.")
	e.ok("", "verify", "--database", e.database)
	if out := e.ok("", "doctor", "--database", e.database); !strings.Contains(out, "in use: no.fatigue@") {
		t.Errorf("doctor says:\n%s", out)
	}
}

// version is the version of a shipped pathway.
func (e *editors) version(id string) string {
	e.t.Helper()
	var lines []versionLine
	if err := json.Unmarshal([]byte(e.ok("", "pathway", "list", "--json")), &lines); err != nil {
		e.t.Fatal(err)
	}
	for _, l := range lines {
		if l.ID == id {
			return l.Version
		}
	}
	e.t.Fatalf("%s is not on the shelf", id)
	return ""
}

// TestBundles: what one site published, another publishes from the same bytes,
// with two persons of its own.
func TestBundles(t *testing.T) {
	t.Parallel()
	from, to := newEditors(t), newEditors(t)
	next := from.write("no.pain", "2026.01")
	from.ok(astrid, "pathway", "publish", next)
	from.ok(siri, "pathway", "approve", "no.pain@2026.01")
	bundle := filepath.Join(from.dir, "bundle")
	from.ok("", "pathway", "export", "no.pain@2026.01", bundle)
	from.refused(exitUsage, "", "not empty", "pathway", "export", "no.pain@2026.01", bundle)
	from.refused(exitFailed, "", "(no-such-pathway)", "pathway", "export", "no.pain@1900.01", filepath.Join(from.dir, "none"))
	if out := to.ok(siri, "pathway", "import", bundle); !strings.Contains(out, "approved by siri-holm") {
		t.Errorf("the history is not told:\n%s", out)
	}
	if got := to.stands("no.pain@2026.01"); got.Standing != "published" || got.Lacks != 1 || got.Hash != from.stands("no.pain@2026.01").Hash {
		t.Errorf("imported, it stands as %+v", got)
	}
	to.refused(exitUsage, siri, "no publication.json", "pathway", "import", next)
	text, err := os.ReadFile(filepath.Join(bundle, "text.nb.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bundle, "text.nb.yaml"), append(text, "\n# changed on the way\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	to.refused(exitFailed, siri, "changed since", "pathway", "import", bundle)
}
