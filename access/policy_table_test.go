package access_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"forlop/access"
	"forlop/care"
)

// A column of the table is one way to ask: its name, and its place among those
// that share it.
type column struct {
	name  string
	place int
	ask   access.Ask
}

func (c column) String() string { return fmt.Sprintf("%s %d", c.name, c.place) }

// A cell is what one column must answer to one name.
type cell struct {
	name string
	column
	want byte
}

const tableFile = "testdata/decisions.md"

// readTable reads the columns and the cells. What does not fit is an error, so
// that no cell is missed by a slip of the pen.
func readTable(t *testing.T) (columns []column, cells []cell) {
	t.Helper()
	text, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	heads := map[string][]column{}
	var order []string
	for n, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| --- |") {
			continue
		}
		fields := strings.Split(strings.Trim(line, "|"), "|")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		wrong := func(format string, args ...any) {
			t.Fatalf("%s:%d: %s", tableFile, n+1, fmt.Sprintf(format, args...))
		}
		switch {
		case fields[0] == "column":
		case fields[len(fields)-1] == "questions and commands":
			order = fields[:len(fields)-1]
			if len(order) != len(heads) {
				wrong("the table has %d columns, there are %d", len(order), len(heads))
			}
		case order == nil:
			c, err := readColumn(fields)
			if err != nil || c.place != len(heads[c.name])+1 {
				wrong("column %q: place %d: %v", c.name, c.place, err)
			}
			heads[c.name] = append(heads[c.name], c)
			columns = append(columns, c)
		default:
			if len(fields) != len(order)+1 {
				wrong("the row has %d fields, not %d", len(fields), len(order)+1)
			}
			for i, head := range order {
				letters := strings.Trim(fields[i], "`")
				if len(letters) != len(heads[head]) {
					wrong("%s: %q has %d letters, not %d", head, letters, len(letters), len(heads[head]))
				}
				for _, name := range strings.Fields(fields[len(order)]) {
					for p, c := range heads[head] {
						cells = append(cells, cell{name, c, letters[p]})
					}
				}
			}
		}
	}
	return columns, cells
}

func readColumn(fields []string) (column, error) {
	if len(fields) != 5 {
		return column{}, fmt.Errorf("%d fields, not 5", len(fields))
	}
	place, err := strconv.Atoi(fields[1])
	c := column{name: fields[0], place: place, ask: access.Ask{
		Actor: care.ActorKind(fields[2]), Basis: access.Basis(fields[3]),
		Role: "team", Regime: care.Norway, On: care.Date{Year: 2026, Month: 6, Day: 1}, Fresh: true, Level: "high",
	}}
	if c.ask.Basis == "none" {
		c.ask.Basis = ""
	}
	for _, word := range strings.Fields(fields[4]) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "stale":
			c.ask.Fresh = false
		case "no-login":
			c.ask.Fresh, c.ask.Level = false, ""
		case "level":
			c.ask.Level = value
		case "SE":
			c.ask.Regime = care.Sweden
		case "on":
			if c.ask.On, err = care.ParseDate(value); err != nil {
				return c, err
			}
		case "block":
			c.ask.Block = access.Strength(value)
		case "lifted":
			c.ask.Lifted = true
		case "protected":
			c.ask.Protected = true
		case "prescriber":
			c.ask.Prescriber = value
		case "role":
			c.ask.Role = care.Role(value)
		case "parts":
			c.ask.Parts = []access.Part{access.Part(value)}
			if value == "all" {
				c.ask.Parts = access.Parts
			}
		default:
			return c, fmt.Errorf("%q is no condition", word)
		}
	}
	return c, err
}

// letter is an answer as the table writes it.
func letter(a access.Answer) byte {
	switch {
	case a.Allowed:
		return 'y'
	case a.Needs == "fresh":
		return 'F'
	case a.Needs == "level":
		return 'L'
	}
	return '.'
}

// TestTable compares the policy with the table that was written by hand, cell by
// cell.
func TestTable(t *testing.T) {
	t.Parallel()
	columns, cells := readTable(t)
	p := access.Shipped()
	var allow, deny, other int
	seen := map[string]map[string]bool{}
	for _, c := range cells {
		if err := p.Covers(c.name); err != nil {
			t.Fatal(err)
		}
		if seen[c.name] == nil {
			seen[c.name] = map[string]bool{}
		}
		if seen[c.name][c.String()] {
			t.Fatalf("%s stands in two rows", c.name)
		}
		seen[c.name][c.String()] = true
		if !strings.ContainsRune("y.FL", rune(c.want)) {
			t.Fatalf("%s, %s: %q is no answer", c.name, c.column, c.want)
		}
		c.ask.What = c.name
		got := p.Decide(c.ask)
		if got.Allowed != (len(got.By) > 0 && letter(got) == 'y') {
			t.Errorf("%s, %s: allowed by nothing: %+v", c.name, c.column, got)
		}
		switch have := letter(got); {
		case have == c.want:
		case have == 'y':
			allow++
			t.Errorf("%s, %s: allowed by %v, the table says %c", c.name, c.column, got.By, c.want)
		case c.want == 'y':
			deny++
			t.Errorf("%s, %s: denied by %v, the table allows it", c.name, c.column, got.By)
		default:
			other++
			t.Errorf("%s, %s: answered %c, the table says %c", c.name, c.column, have, c.want)
		}
	}
	uncovered := 0
	for _, name := range p.Names() {
		for _, c := range columns {
			if !seen[name][c.String()] {
				uncovered++
			}
		}
		if len(seen[name]) == 0 {
			t.Errorf("%s stands nowhere in %s", name, tableFile)
		}
	}
	if len(cells) < 10_000 || uncovered > 0 {
		t.Errorf("%d cells were read, %d are missing", len(cells), uncovered)
	}
	t.Logf("%d names × %d columns: %d cells, unexpected allow %d, unexpected deny %d, other %d, uncovered %d",
		len(seen), len(columns), len(cells), allow, deny, other, uncovered)
}

// TestNoOtherPair asks for every pair of actor and basis that the table does not
// have, with everything else at its best: all of it is denied.
func TestNoOtherPair(t *testing.T) {
	t.Parallel()
	columns, _ := readTable(t)
	type pair struct {
		kind  care.ActorKind
		basis access.Basis
	}
	have := map[pair]bool{}
	all := map[access.Basis]bool{"": true}
	for _, c := range columns {
		have[pair{c.ask.Actor, c.ask.Basis}] = true
		all[c.ask.Basis] = true
	}
	p := access.Shipped()
	asked := 0
	for _, kind := range []care.ActorKind{care.Patient, care.Relative, care.Professional, care.System, care.Guest} {
		for basis := range maps.Keys(all) {
			if have[pair{kind, basis}] {
				continue
			}
			for _, name := range p.Names() {
				ask := best(kind, name, basis)
				asked++
				if a := p.Decide(ask); a.Allowed || a.Needs != "" {
					t.Errorf("%s on %q: %s: %+v", kind, basis, name, a)
				}
				if slices.Contains(p.Bases(kind, name), basis) {
					t.Errorf("%s on %q: %s stands among the bases", kind, basis, name)
				}
			}
		}
	}
	if asked < 5_000 {
		t.Errorf("only %d were asked", asked)
	}
}

// best is an ask with nothing in its way.
func best(kind care.ActorKind, what string, basis access.Basis) access.Ask {
	return access.Ask{
		Actor: kind, What: what, Basis: basis, Role: "coordinator", Regime: care.Norway, On: care.Date{Year: 2026, Month: 6, Day: 1},
		Parts: access.Parts, Fresh: true, Level: "high", Prescriber: "claimed",
	}
}

// TestBasesAreThoseOfTheTable holds the bases that lists are asked for by against
// the table: a basis is named exactly where some column of it allows.
func TestBasesAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	_, cells := readTable(t)
	want := map[string]bool{}
	for _, c := range cells {
		if c.want == 'y' {
			want[fmt.Sprint(c.ask.Actor, " ", c.name, " ", c.ask.Basis)] = true
		}
	}
	p := access.Shipped()
	got := map[string]bool{}
	for _, kind := range []care.ActorKind{care.Patient, care.Relative, care.Professional, care.System, care.Guest} {
		for _, name := range p.Names() {
			for _, b := range p.Bases(kind, name) {
				got[fmt.Sprint(kind, " ", name, " ", b)] = true
			}
		}
	}
	if !maps.Equal(got, want) {
		for k := range want {
			if !got[k] {
				t.Errorf("the table allows %s, the bases do not have it", k)
			}
		}
		for k := range got {
			if !want[k] {
				t.Errorf("the bases have %s, no cell allows it", k)
			}
		}
	}
}

// TestEveryConsentCommandIsCovered fails when a command of the consent stream
// stands nowhere in the policy.
func TestEveryConsentCommandIsCovered(t *testing.T) {
	t.Parallel()
	for _, c := range access.Commands {
		if err := access.Shipped().Covers(c.Name()); err != nil {
			t.Error(err)
		}
	}
	if len(access.Commands) < 30 {
		t.Errorf("only %d commands were found", len(access.Commands))
	}
}
