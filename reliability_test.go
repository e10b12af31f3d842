package forlop_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// reliabilityPage lists what always holds, each with the tests that hold it and
// the bug that was planted to see whether they do.
const reliabilityPage = "docs/reliability.md"

// howManyInvariants there are.
const howManyInvariants = 44

var (
	invariantRow = regexp.MustCompile(`^\| (\d+) \|(.*)\|(.*)\|(.*)\|(.*)\|$`)
	namedBug     = regexp.MustCompile(`([a-z/]+) "([^"]+)"`)
	// heldInLives is a line of the list of invariants in random lives.
	heldInLives = regexp.MustCompile(`(?m)^\t(\d+): +"`)
	soughtIn    = regexp.MustCompile(`\^invariant_(\d+)\$$`)
)

// proofs is what a table is held against: which tests and planted bugs there are,
// and which invariants random lives hold after every step, each with its bug.
type proofs struct {
	test func(dir, test string) bool
	bug  func(dir, bug string) bool
	held map[int]bool
	// planted are the invariants that a bug was planted for in random lives.
	planted map[int]bool
}

// checkInvariants reads the table and says what is wrong with it.
func checkInvariants(text string, in proofs) (faults []string) {
	seen := map[int]bool{}
	for n, line := range strings.Split(text, "\n") {
		row := invariantRow.FindStringSubmatch(line)
		if row == nil {
			if len(line) > 2 && line[0] == '|' && line[2] >= '0' && line[2] <= '9' {
				faults = append(faults, fmt.Sprintf("line %d is no row: %s", n+1, line))
			}
			continue
		}
		number, _ := strconv.Atoi(row[1])
		say := func(format string, a ...any) {
			faults = append(faults, fmt.Sprintf("line %d, invariant %d: ", n+1, number)+fmt.Sprintf(format, a...))
		}
		if number < 1 || number > howManyInvariants || seen[number] {
			say("there is no such number, or it stands twice")
		}
		seen[number] = true
		what, where, proof, bug := strings.TrimSpace(row[2]), strings.TrimSpace(row[3]), row[4], strings.TrimSpace(row[5])
		if len(strings.Fields(what)) < 4 {
			say("it says nothing: %q", what)
		}
		tests := namedTest.FindAllStringSubmatch(proof, -1)
		if len(tests) == 0 {
			say("no test is named")
		}
		lives := false
		for _, named := range tests {
			lives = lives || named[0] == "`simulation.TestLives`"
			if !in.test(named[1], named[2]) {
				say("%s has no test %s", named[1], named[2])
			}
		}
		kind, reason, _ := strings.Cut(where, ": ")
		switch {
		case kind == "after every step" && reason == "":
			if !in.held[number] || !in.planted[number] || !lives {
				say("random lives hold it: %t, a bug is planted for it there: %t, they are named: %t", in.held[number], in.planted[number], lives)
			}
		case (kind == "by tests of its own" || kind == "in part") && len(strings.Fields(reason)) > 4:
			if in.held[number] {
				say("random lives hold it after every step, and the row does not say so")
			}
		default:
			say("where it is held is %q, or gives no reason", where)
		}
		bugs := namedBug.FindAllStringSubmatch(bug, -1)
		for _, named := range bugs {
			if !in.bug(named[1], named[2]) {
				say("no such bug is planted in %s: %s", named[1], named[2])
			}
		}
		none, why, _ := strings.Cut(bug, ": ")
		if len(bugs) == 0 && (none != "none yet" || len(strings.Fields(why)) < 5) {
			say("no bug is planted, and no reason is given")
		}
	}
	for number := 1; number <= howManyInvariants; number++ {
		if !seen[number] {
			faults = append(faults, fmt.Sprintf("invariant %d is missing", number))
		}
	}
	return faults
}

// proofsHere is what stands in this repository.
func proofsHere() (proofs, error) {
	in := proofs{test: testsIn(), held: map[int]bool{}, planted: map[int]bool{}}
	bugs, err := readPlanted()
	if err != nil {
		return in, err
	}
	named := map[string]bool{}
	for _, b := range bugs {
		named[b.pkg+"/"+b.Bug] = true
		if m := soughtIn.FindStringSubmatch(b.CaughtBy); m != nil && b.pkg == "simulation" {
			n, _ := strconv.Atoi(m[1])
			in.planted[n] = true
		}
	}
	in.bug = func(dir, bug string) bool { return named[dir+"/"+bug] }
	source, err := os.ReadFile("simulation/lives_test.go")
	for _, m := range heldInLives.FindAllStringSubmatch(string(source), -1) {
		n, _ := strconv.Atoi(m[1])
		in.held[n] = true
	}
	return in, err
}

// TestInvariants: every invariant stands once with tests that are there, a bug
// that is planted, and the truth about when it is held.
func TestInvariants(t *testing.T) {
	t.Parallel()
	in, err := proofsHere()
	if err != nil {
		t.Fatal(err)
	}
	if len(in.held) < 20 {
		t.Fatalf("only %d invariants were found in random lives", len(in.held))
	}
	text, err := os.ReadFile(reliabilityPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range checkInvariants(string(text), in) {
		t.Errorf("%s: %s", reliabilityPage, fault)
	}
	for n := range in.held {
		if n > 0 && !in.planted[n] {
			t.Errorf("random lives hold invariant %d, and no bug in simulation/testdata/planted.yaml tries whether they do", n)
		}
	}
}

// TestInvariantsCatches: each way in which the table can say too much is found.
func TestInvariantsCatches(t *testing.T) {
	t.Parallel()
	in := proofs{
		test: func(dir, test string) bool { return test == "TestLives" && dir == "simulation" || test == "TestThere" },
		bug:  func(dir, bug string) bool { return dir == "simulation" && bug == "nobody owns it" },
		held: map[int]bool{}, planted: map[int]bool{},
	}
	var rows []string
	for n := 1; n <= howManyInvariants; n++ {
		in.held[n], in.planted[n] = n != 8 && n != 9, n != 8
		where := "after every step"
		if !in.held[n] {
			where = "by tests of its own: nobody tries it in random lives"
		}
		rows = append(rows, fmt.Sprintf(`| %d | Nobody waits without an owner | %s | %s | simulation "nobody owns it" |`, n, where, "`simulation.TestLives`"))
	}
	if faults := checkInvariants(strings.Join(rows, "\n"), in); len(faults) > 0 {
		t.Fatalf("a good table has faults: %v", faults)
	}
	const good = `| 7 | Nobody waits without an owner | after every step | WHO | BUG |`
	row := strings.NewReplacer("WHO", "`simulation.TestLives`", "BUG", `simulation "nobody owns it"`).Replace(good)
	for name, change := range map[string][2]string{
		"a test that is not there":         {"simulation.TestLives", "simulation.TestGone"},
		"no test":                          {"`simulation.TestLives`", "by reading"},
		"random lives are not named":       {"simulation.TestLives", "web.TestThere"},
		"a bug that is not planted":        {"nobody owns it", "somebody owns it"},
		"no bug and no reason":             {`simulation "nobody owns it"`, "none yet"},
		"a number twice":                   {"| 7 |", "| 6 |"},
		"a number outside":                 {"| 7 |", "| 45 |"},
		"it says nothing":                  {"Nobody waits without an owner", "To do"},
		"less than is so":                  {"after every step", "by tests of its own: nobody tries it in random lives"},
		"no reason":                        {"after every step", "in part"},
		"more than is so":                  {"| 7 |", "| 8 |"},
		"held in lives and no bug there":   {"| 7 |", "| 9 |"},
		"the row is not there":             {row, ""},
		"a cell too few":                   {"| after every step |", "|"},
		"another word for when it is held": {"after every step", "nearly always"},
	} {
		bad := append([]string(nil), rows...)
		changed := strings.Replace(row, change[0], change[1], 1)
		at := 6
		if strings.HasPrefix(changed, "| 8 |") || strings.HasPrefix(changed, "| 9 |") {
			at = int(changed[2]-'0') - 1
		}
		bad[at] = changed
		if faults := checkInvariants(strings.Join(bad, "\n"), in); len(faults) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
}
