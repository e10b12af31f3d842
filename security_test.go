package forlop_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// securityPage is where the items of OWASP ASVS stand.
const securityPage = "docs/security.md"

// asvsLevels are the levels of the items of OWASP ASVS 5.0.0, section by section in
// their order, as its English table has them.
var asvsLevels = map[string]string{
	"1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
	"2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
	"3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
	"4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
	"5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
	"6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33", "6.8": "2222",
	"7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
	"8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
	"9.1": "111", "9.2": "1222",
	"10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
	"11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
	"12.1": "12233", "12.2": "11", "12.3": "22223",
	"13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
	"14.1": "22", "14.2": "12223333", "14.3": "122",
	"15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
	"16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
	"17.1": "23", "17.2": "22223333", "17.3": "22",
}

// asvsTop are the items of level 3 that are answered as well.
var asvsTop = strings.Fields("3.4.7 3.4.8 3.5.8 4.1.4 4.2.2 4.2.3 4.2.4 4.2.5 7.5.3 8.3.2 8.3.3 10.3.5 10.4.13 10.4.14 10.4.16 11.3.4 13.3.4 14.2.7 14.2.8 15.4.2 16.5.4")

var (
	securityRow = regexp.MustCompile(`^\| ([\d., ]+) \|(.*)\|(.*)\|(.*)\|$`)
	provenBy    = regexp.MustCompile("`([a-z/]+)\\.((?:Test|Fuzz)[A-Za-z0-9_]*)`")
)

// asvsItems lists every item with its level.
func asvsItems() map[string]byte {
	all := map[string]byte{}
	for section, levels := range asvsLevels {
		for i := range levels {
			all[fmt.Sprintf("%s.%d", section, i+1)] = levels[i]
		}
	}
	return all
}

// checkSecurity reads the table and says what is wrong with it, and how many items
// stand in which way.
func checkSecurity(text string, has func(dir, test string) bool) (stand map[string]int, faults []string) {
	known, seen := asvsItems(), map[string]int{}
	stand = map[string]int{}
	for n, line := range strings.Split(text, "\n") {
		row := securityRow.FindStringSubmatch(line)
		if row == nil {
			if len(line) > 2 && strings.HasPrefix(line, "| ") && line[2] >= '0' && line[2] <= '9' {
				faults = append(faults, fmt.Sprintf("line %d is no row: %s", n+1, line))
			}
			continue
		}
		say := func(format string, a ...any) {
			faults = append(faults, fmt.Sprintf("line %d, %s: ", n+1, row[1])+fmt.Sprintf(format, a...))
		}
		tests := provenBy.FindAllStringSubmatch(row[3], -1)
		for _, named := range tests {
			if !has(named[1], named[2]) {
				say("%s has no test %s", named[1], named[2])
			}
		}
		kind, reason, _ := strings.Cut(strings.TrimSpace(row[4]), ": ")
		why := len(strings.Fields(reason)) > 3
		switch {
		case kind == "holds" && reason == "" && len(tests) > 0:
		case kind == "in part" && why:
		case (kind == "not met" || kind == "not here" || kind == "the site's") && why && len(tests) == 0:
		default:
			say("how it stands, %q, does not fit %d named tests, or gives no reason", strings.TrimSpace(row[4]), len(tests))
		}
		for item := range strings.SplitSeq(row[1], ", ") {
			seen[item]++
			stand[kind]++
			if known[item] == 0 || seen[item] > 1 {
				say("there is no item %s, or it stands twice", item)
			}
		}
	}
	for item, level := range known {
		if seen[item] == 0 && (level < '3' || slices.Contains(asvsTop, item)) {
			faults = append(faults, fmt.Sprintf("%s (level %c) is missing", item, level))
		}
	}
	slices.Sort(faults)
	return stand, faults
}

// provedIn answers from the test files of the tree, Fuzz functions too.
func provedIn() func(dir, test string) bool {
	tests := testsIn()
	read := map[string]string{}
	return func(dir, test string) bool {
		if tests(dir, test) {
			return true
		}
		if _, ok := read[dir]; !ok {
			files, _ := os.ReadDir(dir)
			for _, f := range files {
				if strings.HasSuffix(f.Name(), "_test.go") {
					text, _ := os.ReadFile(dir + "/" + f.Name())
					read[dir] += string(text)
				}
			}
		}
		return strings.Contains(read[dir], "func "+test+"(f *testing.F)")
	}
}

// TestSecurity: every item of the standard that is asked for stands once, with tests
// that are there or a reason.
func TestSecurity(t *testing.T) {
	t.Parallel()
	levels := map[byte]int{}
	for _, level := range asvsItems() {
		levels[level]++
	}
	if levels['1'] != 70 || levels['2'] != 183 || levels['3'] != 92 {
		t.Errorf("of the standard's 70, 183 and 92 items of the three levels %d, %d and %d are listed", levels['1'], levels['2'], levels['3'])
	}
	text, err := os.ReadFile(securityPage)
	if err != nil {
		t.Fatal(err)
	}
	stand, faults := checkSecurity(string(text), provedIn())
	for _, fault := range faults {
		t.Errorf("%s: %s", securityPage, fault)
	}
	t.Logf("items by how they stand: %v", stand)
}

// TestSecurityCatches: each way in which the table can say too much is found.
func TestSecurityCatches(t *testing.T) {
	t.Parallel()
	there := func(dir, test string) bool { return dir == "web" && test == "TestIsThere" }
	var rows []string
	for item, level := range asvsItems() {
		if level < '3' || slices.Contains(asvsTop, item) {
			rows = append(rows, "| "+item+" | something | `web.TestIsThere` | holds |")
		}
	}
	slices.Sort(rows)
	if stand, faults := checkSecurity(strings.Join(rows, "\n"), there); len(faults) > 0 || stand["holds"] != 274 {
		t.Fatalf("a good table has faults: %v %v", stand, faults)
	}
	for name, row := range map[string]string{
		"a test that is not there": "| 1.1.1 | something | `web.TestIsGone` | holds |",
		"holds without a test":     "| 1.1.1 | something | none | holds |",
		"holds and not quite":      "| 1.1.1 | something | `web.TestIsThere` | holds: but for the rest of it |",
		"no reason":                "| 1.1.1 | something | none | not met: later |",
		"not here, with a test":    "| 1.1.1 | something | `web.TestIsThere` | not here: there is no such thing |",
		"another word":             "| 1.1.1 | something | `web.TestIsThere` | mostly |",
		"an item twice":            "| 1.1.1, 1.1.2 | something | `web.TestIsThere` | holds |",
		"no such item":             "| 1.1.1, 1.1.3 | something | `web.TestIsThere` | holds |",
		"an item is missing":       "",
		"a cell too few":           "| 1.1.1 | something | holds |",
	} {
		bad := slices.Clone(rows)
		i := slices.IndexFunc(bad, func(r string) bool { return strings.HasPrefix(r, "| 1.1.1 ") })
		bad[i] = row
		if _, faults := checkSecurity(strings.Join(bad, "\n"), there); len(faults) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
}
