package forlop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// requirementsPage is where the promises to those who use the pages and the command
// line stand, each with the tests that hold it.
const requirementsPage = "docs/requirements.md"

// howMany requirements there are, and how many of them a first release stands on.
const howMany, howManyStarred = 57, 40

var (
	requirementRow = regexp.MustCompile(`^\| U(\d+)( ★)? \|(.*)\|(.*)\|(.*)\|$`)
	namedTest      = regexp.MustCompile("`([a-z/]+)\\.(Test[A-Za-z0-9_]*)`")
	testFunction   = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9_]*)\(t \*testing\.T\)`)
)

// checkRequirements reads the table and says what is wrong with it. has answers
// whether a package has a test of that name; the root is the package forlop.
func checkRequirements(text string, has func(dir, test string) bool) (faults []string) {
	seen, starred := map[int]int{}, 0
	for n, line := range strings.Split(text, "\n") {
		row := requirementRow.FindStringSubmatch(line)
		if row == nil {
			if strings.HasPrefix(line, "| U") {
				faults = append(faults, fmt.Sprintf("line %d is no row: %s", n+1, line))
			}
			continue
		}
		say := func(format string, a ...any) {
			faults = append(faults, fmt.Sprintf("line %d, U%s: ", n+1, row[1])+fmt.Sprintf(format, a...))
		}
		number, _ := strconv.Atoi(row[1])
		seen[number]++
		if number < 1 || number > howMany || seen[number] > 1 {
			say("there is no such number, or it stands twice")
		}
		promise, proof, state := strings.TrimSpace(row[3]), row[4], strings.TrimSpace(row[5])
		if len(strings.Fields(promise)) < 4 {
			say("it promises nothing: %q", promise)
		}
		tests := namedTest.FindAllStringSubmatch(proof, -1)
		for _, named := range tests {
			if !has(named[1], named[2]) {
				say("%s has no test %s", named[1], named[2])
			}
		}
		kind, reason, _ := strings.Cut(state, ": ")
		switch {
		case state == "holds" && len(tests) > 0:
		case kind == "in part" && len(tests) > 0 && len(strings.Fields(reason)) > 3:
		case strings.HasPrefix(kind, "comes with ") && len(strings.Fields(reason)) > 3:
		default:
			say("the state %q does not fit %d named tests, or gives no reason", state, len(tests))
		}
		if row[2] != "" {
			starred++
		}
	}
	for number := 1; number <= howMany; number++ {
		if seen[number] == 0 {
			faults = append(faults, fmt.Sprintf("U%d is missing", number))
		}
	}
	if starred != howManyStarred {
		faults = append(faults, fmt.Sprintf("%d requirements have a star, not %d", starred, howManyStarred))
	}
	return faults
}

// testsIn answers from the test files of the tree.
func testsIn() func(dir, test string) bool {
	read := map[string]map[string]bool{}
	return func(dir, test string) bool {
		if dir == "forlop" {
			dir = "."
		}
		if read[dir] == nil {
			read[dir] = map[string]bool{}
			files, _ := filepath.Glob(filepath.Join(filepath.FromSlash(dir), "*_test.go"))
			for _, file := range files {
				source, _ := os.ReadFile(file)
				for _, f := range testFunction.FindAllStringSubmatch(string(source), -1) {
					read[dir][f[1]] = true
				}
			}
		}
		return read[dir][test]
	}
}

// TestRequirements: every requirement stands once, names tests that are there, and
// where it does not hold whole says what is missing.
func TestRequirements(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(requirementsPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range checkRequirements(string(text), testsIn()) {
		t.Errorf("%s: %s", requirementsPage, fault)
	}
}

// TestRequirementsCatches: each way in which the table can say too much is found.
func TestRequirementsCatches(t *testing.T) {
	t.Parallel()
	var rows []string
	for number := 1; number <= howMany; number++ {
		star := ""
		if number <= howManyStarred {
			star = " ★"
		}
		rows = append(rows, fmt.Sprintf("| U%d%s | Nobody waits without an owner | `web.TestIsThere` | holds |", number, star))
	}
	there := func(dir, test string) bool { return dir == "web" && test == "TestIsThere" }
	if faults := checkRequirements(strings.Join(rows, "\n"), there); len(faults) > 0 {
		t.Fatalf("a good table has faults: %v", faults)
	}
	for name, row := range map[string]string{
		"a test that is not there":       "| U7 ★ | Nobody waits without an owner | `web.TestIsGone` | holds |",
		"a test of another package":      "| U7 ★ | Nobody waits without an owner | `journey.TestIsThere` | holds |",
		"a number twice":                 "| U8 ★ | Nobody waits without an owner | `web.TestIsThere` | holds |",
		"no test and no reason":          "| U7 ★ | Nobody waits without an owner | by reading | holds |",
		"in part, and not what":          "| U7 ★ | Nobody waits without an owner | `web.TestIsThere` | in part |",
		"comes with, and not why":        "| U7 ★ | Nobody waits without an owner | none | comes with charts |",
		"a star that is gone":            "| U7 | Nobody waits without an owner | `web.TestIsThere` | holds |",
		"a cell too few":                 "| U7 ★ | Nobody waits without an owner | holds |",
		"a promise of nothing":           "| U7 ★ | To do | `web.TestIsThere` | holds |",
		"a number outside":               "| U58 ★ | Nobody waits without an owner | `web.TestIsThere` | holds |",
		"the row is not there at all":    "",
		"another word for how it stands": "| U7 ★ | Nobody waits without an owner | `web.TestIsThere` | nearly |",
	} {
		bad := append([]string(nil), rows...)
		bad[6] = row
		if faults := checkRequirements(strings.Join(bad, "\n"), there); len(faults) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
}
