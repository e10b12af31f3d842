package forlop_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"go.yaml.in/yaml/v4"
)

// A planted bug is a small change to one source file that a test must catch.
// The bugs of a package lie in its testdata/planted.yaml; how and why is said in
// docs/decisions/0002-planted-bugs.md.
type planted struct {
	Bug      string `yaml:"bug"`       // what goes wrong, in words
	Law      string `yaml:"law"`       // the law or invariant that it breaks, such as L1 or invariant 12
	File     string `yaml:"file"`      // the file it is planted in, from the package's folder
	Find     string `yaml:"find"`      // text that stands there exactly once
	Put      string `yaml:"put"`       // what the bug makes of it
	CaughtBy string `yaml:"caught-by"` // the test that must fail, as for go test -run
	// HeldBy is a test that must pass all the same, where a second wall stands behind
	// the first. Empty for most.
	HeldBy string `yaml:"held-by"`
	// And is a further change of the same package, for a bug that shows only behind
	// another one.
	And *patch `yaml:"and"`

	pkg string
}

// patch is one change to one source file.
type patch struct{ File, Find, Put string }

// readPlanted reads the bugs of every package.
func readPlanted() ([]planted, error) {
	var lists []string
	for _, pattern := range []string{"*/testdata/planted.yaml", "*/*/testdata/planted.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		lists = append(lists, found...)
	}
	var all []planted
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			return nil, err
		}
		var bugs []planted
		if err := yaml.Unmarshal(text, &bugs); err != nil {
			return nil, fmt.Errorf("%s: %w", list, err)
		}
		for i, b := range bugs {
			if b.Bug == "" || b.Law == "" || b.File == "" || b.Find == "" || b.CaughtBy == "" {
				return nil, fmt.Errorf("%s: bug %d lacks one of bug, law, file, find and caught-by", list, i+1)
			}
			b.pkg = filepath.Dir(filepath.Dir(list))
			all = append(all, b)
		}
	}
	return all, nil
}

// patches are the changes that make the bug.
func (b planted) patches() []patch {
	all := []patch{{b.File, b.Find, b.Put}}
	if b.And != nil {
		all = append(all, *b.And)
	}
	return all
}

// lay returns the changed source.
func (p patch) lay(source string) (string, error) {
	if n := strings.Count(source, p.Find); n != 1 {
		return "", fmt.Errorf("%s holds the text to find %d times, not once; plant the bug anew", p.File, n)
	}
	return strings.Replace(source, p.Find, p.Put, 1), nil
}

var errNotCaught = errors.New("not caught")

// judge says whether a run of the tests over the changed source caught the bug.
// A run that fails for another reason has not: it may not have compiled.
func (b planted) judge(output string, failed bool) error {
	switch {
	case strings.Contains(output, "[build failed]") || strings.Contains(output, "[setup failed]"):
		return fmt.Errorf("the changed source does not compile:\n%s", output)
	case strings.Contains(output, "no tests to run"):
		return fmt.Errorf("no test is called %s", b.CaughtBy)
	case !failed:
		return errNotCaught
	case !strings.Contains(output, "--- FAIL: ") && !strings.Contains(output, "panic: "):
		return fmt.Errorf("the run failed, but no test did:\n%s", output)
	}
	return nil
}

// try runs the package's tests with the bug laid over its source.
func (b planted) try(t *testing.T) error {
	t.Helper()
	overlay, err := b.overlay(t.TempDir())
	if err != nil {
		return err
	}
	out, err := b.run(overlay, b.CaughtBy)
	if err := b.judge(out, err != nil); err != nil || b.HeldBy == "" {
		return err
	}
	if out, err := b.run(overlay, b.HeldBy); err != nil || strings.Contains(out, "no tests to run") {
		return fmt.Errorf("%s does not hold: %v\n%s", b.HeldBy, err, out)
	}
	return nil
}

// overlay writes the changed sources to a folder, and which files they replace.
func (b planted) overlay(dir string) (string, error) {
	replaced := map[string]string{}
	for i, p := range b.patches() {
		file, err := filepath.Abs(filepath.Join(b.pkg, p.File))
		if err != nil {
			return "", err
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		changed, err := p.lay(string(source))
		if err != nil {
			return "", err
		}
		replaced[file] = filepath.Join(dir, fmt.Sprint(i, "_", filepath.Base(p.File)))
		if err := os.WriteFile(replaced[file], []byte(changed), 0o600); err != nil {
			return "", err
		}
	}
	layout, err := json.Marshal(map[string]map[string]string{"Replace": replaced})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, layout, 0o600)
}

// run runs the tests of a name over the changed source.
func (b planted) run(overlay, tests string) (string, error) {
	arguments := []string{"test", "-overlay", overlay, "-vet=off", "-count=1", "-failfast", "-timeout=5m",
		"-run", tests, "./" + filepath.ToSlash(b.pkg)}
	if rapid, err := usesRapid(b.pkg); err != nil {
		return "", err
	} else if rapid {
		// The same lives each time, more of them than usual, no search for the
		// smallest one, and no file left behind.
		arguments = append(arguments, "-rapid.seed=1", "-rapid.checks=500", "-rapid.shrinktime=0s", "-rapid.nofailfile")
	}
	out, err := exec.Command("go", arguments...).CombinedOutput()
	return string(out), err
}

func usesRapid(pkg string) (bool, error) {
	files, err := filepath.Glob(filepath.Join(pkg, "*_test.go"))
	if err != nil {
		return false, err
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			return false, err
		}
		if strings.Contains(string(source), `"pgregory.net/rapid"`) {
			return true, nil
		}
	}
	return false, nil
}

// TestPlanted plants every bug and fails when one is not caught.
func TestPlanted(t *testing.T) {
	t.Parallel()
	bugs, err := readPlanted()
	if err != nil {
		t.Fatal(err)
	}
	if len(bugs) == 0 {
		t.Fatal("no bug is planted anywhere: then no property test has been tried")
	}
	var caught atomic.Int32
	t.Cleanup(func() {
		perPackage := map[string]int{}
		for _, b := range bugs {
			perPackage[b.pkg]++
		}
		var parts []string
		for pkg, n := range perPackage {
			parts = append(parts, fmt.Sprintf("%s %d", pkg, n))
		}
		slices.Sort(parts)
		t.Logf("planted bugs: caught %d of %d (%s)", caught.Load(), len(bugs), strings.Join(parts, ", "))
	})
	for _, b := range bugs {
		t.Run(b.Law+" "+b.Bug, func(t *testing.T) {
			t.Parallel()
			if err := b.try(t); err != nil {
				t.Errorf("%s, planted in %s/%s against %s: %v", b.Bug, b.pkg, b.File, b.CaughtBy, err)
				return
			}
			caught.Add(1)
		})
	}
}

// TestPlantedJudge holds that only a failed test counts as a bug that was caught.
func TestPlantedJudge(t *testing.T) {
	t.Parallel()
	b := planted{Bug: "x", CaughtBy: "TestX", pkg: "p"}
	p := patch{File: "f.go", Find: "a < b", Put: "a <= b"}
	for _, run := range []struct {
		output string
		failed bool
		caught bool
	}{
		{"--- FAIL: TestX (0.00s)\nFAIL\tforlop/p", true, true},
		{"panic: x\nFAIL\tforlop/p", true, true},
		{"ok  \tforlop/p", false, false},
		{"# forlop/p\nsyntax error\nFAIL\tforlop/p [build failed]", true, false},
		{"ok  \tforlop/p [no tests to run]", false, false},
		{"flag provided but not defined", true, false},
	} {
		if got := b.judge(run.output, run.failed) == nil; got != run.caught {
			t.Errorf("%q: caught %t, expected %t", run.output, got, run.caught)
		}
	}
	if got, err := p.lay("if a < b {"); err != nil || got != "if a <= b {" {
		t.Errorf("laid %q, %v", got, err)
	}
	for _, source := range []string{"if a > b {", "a < b && a < b"} {
		if _, err := p.lay(source); err == nil {
			t.Errorf("laid over %q, where the text does not stand once", source)
		}
	}
}
