package forlop_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// hazardsPage is where the hazards stand, each with its control and its tests.
const hazardsPage = "docs/hazards.md"

var hazardRow = regexp.MustCompile(`^\| H(\d+) \|(.*)\|(.*)\|(.*)\|(.*)\|(.*)\|(.*)\|$`)

// checkHazards reads the table and says what is wrong with it.
func checkHazards(text string, has func(dir, test string) bool) (rows int, faults []string) {
	for n, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "| H") {
			continue
		}
		row := hazardRow.FindStringSubmatch(line)
		if row == nil {
			faults = append(faults, fmt.Sprintf("line %d is no row: %s", n+1, line))
			continue
		}
		rows++
		say := func(format string, a ...any) {
			faults = append(faults, fmt.Sprintf("line %d, H%s: ", n+1, row[1])+fmt.Sprintf(format, a...))
		}
		if number, err := strconv.Atoi(row[1]); err != nil || number != rows {
			say("the numbers run 1, 2, 3; this should be H%d", rows)
		}
		for i, what := range []string{2: "cause", 3: "harm", 5: "control", 7: "word of what is left"} {
			if what != "" && len(strings.Fields(row[i])) < 4 {
				say("it has no %s: %q", what, strings.TrimSpace(row[i]))
			}
		}
		if grave := strings.TrimSpace(row[4]); grave != "high" && grave != "medium" && grave != "low" {
			say("how grave is it: %q", grave)
		}
		tests := namedTest.FindAllStringSubmatch(row[6], -1)
		if len(tests) == 0 {
			say("its control has no test")
		}
		for _, named := range tests {
			if !has(named[1], named[2]) {
				say("%s has no test %s", named[1], named[2])
			}
		}
	}
	return rows, faults
}

// TestHazards: every hazard has a control that a test holds, and says what is left.
func TestHazards(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(hazardsPage)
	if err != nil {
		t.Fatal(err)
	}
	rows, faults := checkHazards(string(text), testsIn())
	for _, fault := range faults {
		t.Errorf("%s: %s", hazardsPage, fault)
	}
	if rows < 30 {
		t.Errorf("there are only %d hazards; one that is over is struck out with its reason, not removed", rows)
	}
	t.Logf("%d hazards, each with a control that a test holds", rows)
}

// TestHazardsCatches: each way in which the log can say too much is found.
func TestHazardsCatches(t *testing.T) {
	t.Parallel()
	there := func(dir, test string) bool { return dir == "web" && test == "TestIsThere" }
	const good = "| H1 | It goes where nobody reads | The patient waits in vain | high | It stands on one list | `web.TestIsThere` | What comes on paper |"
	if rows, faults := checkHazards(good, there); rows != 1 || len(faults) > 0 {
		t.Fatalf("a good row has faults: %v", faults)
	}
	for name, change := range map[string][2]string{
		"no test":            {"`web.TestIsThere`", "by reading"},
		"a test that is not": {"TestIsThere", "TestIsGone"},
		"another package":    {"`web.Test", "`care.Test"},
		"no control":         {"It stands on one list", "care"},
		"no harm":            {"The patient waits in vain", ""},
		"no cause":           {"It goes where nobody reads", "it fails"},
		"nothing left":       {"What comes on paper", "none"},
		"not grave":          {"| high |", "| rather |"},
		"another number":     {"| H1 |", "| H2 |"},
		"a cell too few":     {"| high ", ""},
	} {
		if _, faults := checkHazards(strings.Replace(good, change[0], change[1], 1), there); len(faults) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
}
