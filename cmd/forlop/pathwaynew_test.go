package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// What an author starts from is a whole pathway: lint finds nothing, its example is
// acted out, and the schema that the editor reads lies beside it and fits.
func TestPathwayNew(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"no.first", "se.forsta"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "care", "mine")
			r := try(t, "pathway", "new", dir, "--id", id)
			if r.code != exitOK || strings.Count(r.stdout, "\n") != 8 || !strings.Contains(r.stderr, "forlop pathway lint "+dir) {
				t.Fatalf("exit %d\n%s%s", r.code, r.stdout, r.stderr)
			}
			for _, file := range strings.Fields(r.stdout) {
				fitsItsSchema(t, file)
			}
			if r := try(t, "pathway", "lint", dir); r.code != exitOK || !strings.Contains(r.stderr, "no errors, 0 warnings") {
				t.Errorf("lint: exit %d\n%s%s", r.code, r.stdout, r.stderr)
			}
			if r := try(t, "pathway", "test", dir); r.code != exitOK || !strings.Contains(r.stderr, "1 examples, 0 failed") || !strings.Contains(r.stderr, "reach 3 of 3 steps") {
				t.Errorf("test: exit %d\n%s%s", r.code, r.stdout, r.stderr)
			}
			before := contents(t, dir)
			if r := try(t, "pathway", "new", dir); r.code != exitFailed || !strings.Contains(r.stderr, dir+" is not empty") || r.stdout != "" {
				t.Errorf("over what is there: exit %d\n%s%s", r.code, r.stdout, r.stderr)
			}
			if after := contents(t, dir); after != before {
				t.Error("what was there has changed")
			}
		})
	}
	// A name that does not do leaves nothing behind.
	for id, want := range map[string]string{"pain": "no.NAME or se.NAME", "dk.pain": "no.NAME or se.NAME", "no.Pain": "--id no.Pain does not do", "no.": "--id no. does not do"} {
		dir := t.TempDir()
		if r := try(t, "pathway", "new", dir, "--id", id); r.code != exitUsage || !strings.Contains(r.stderr, want) || contents(t, dir) != "" {
			t.Errorf("%s: exit %d, left %q\n%s%s", id, r.code, contents(t, dir), r.stdout, r.stderr)
		}
	}
}

// fitsItsSchema holds a file against the schema that its first line names.
func fitsItsSchema(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	name, named := strings.CutPrefix(line, "# yaml-language-server: $schema=")
	if !named {
		if base := filepath.Base(file); base != "test.yaml" && filepath.Ext(base) == ".yaml" {
			t.Errorf("%s begins with %q", file, line)
		}
		return
	}
	c := jsonschema.NewCompiler()
	schema, err := c.Compile(filepath.Join(filepath.Dir(file), name))
	if err != nil {
		t.Fatal(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	datesAreText(&root)
	var doc any
	if err := root.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(plain)))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%s: %v", file, err)
	}
}

// datesAreText reads dates as an editor does: YAML 1.2 knows none.
func datesAreText(n *yaml.Node) {
	if n.Tag == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, c := range n.Content {
		datesAreText(c)
	}
}

// contents are the names and bytes of a folder's files, one after the other.
func contents(t *testing.T, dir string) string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range all {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(f.Name() + "\n" + string(text))
	}
	return b.String()
}

// An author runs the examples again after every change: a hundred take less than
// five seconds of a processor, whatever else the machine does. It is about two
// today.
func TestHundredExamples(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "many")
	if r := try(t, "pathway", "new", dir); r.code != exitOK {
		t.Fatal(r.stderr)
	}
	text, err := os.ReadFile(dir + "/test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	head, example, found := strings.Cut(string(text), "examples:\n")
	if !found || strings.Count(example, "- name: ") != 1 {
		t.Fatalf("the first example is not alone: %s", example)
	}
	many := head + "examples:\n"
	for n := range 100 {
		many += strings.Replace(example, "- name: ", fmt.Sprintf("- name: %d ", n), 1)
	}
	write(t, dir+"/test.yaml", many)
	cmd := forlop(t.Context(), t, "pathway", "test", dir)
	out, err := cmd.CombinedOutput()
	if ended(t, err) != exitOK || !strings.Contains(string(out), "100 examples, 0 failed") {
		t.Fatalf("%v: %.900s", err, out)
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("a hundred examples: %v", used)
	if used <= 0 || used > 5*time.Second {
		t.Errorf("a hundred examples took %v of a processor", used)
	}
}
