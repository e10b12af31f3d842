package pathway

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"forlop/care"
)

// A table answers with the row that holds, and what is not known yet is not
// taken for anything.
func TestTableAnswers(t *testing.T) {
	t.Parallel()
	d := good(t)
	calm, err := d.Condition(`pace == "calm"`)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		known map[FactID]any
		row   int
		is    Truth
		waits []FactID
	}{
		"nothing known":            {map[FactID]any{}, -1, NotYetKnown, []FactID{PEMFact, AgeFact, "days-away"}},
		"enough for a row":         {map[FactID]any{PEMFact: true}, 0, Yes, nil},
		"the rest makes no matter": {map[FactID]any{PEMFact: false, AgeFact: 17}, 3, Yes, nil},
		"one column is missing":    {map[FactID]any{PEMFact: false, AgeFact: 40}, -1, NotYetKnown, []FactID{"days-away"}},
		"the edge below":           {map[FactID]any{PEMFact: false, AgeFact: 18, "days-away": 28}, 1, No, nil},
		"the edge above":           {map[FactID]any{PEMFact: false, AgeFact: 18, "days-away": int64(29)}, 2, Yes, nil},
		"the second range":         {map[FactID]any{PEMFact: false, AgeFact: 80, "days-away": 400.0}, 2, Yes, nil},
		"of another type":          {map[FactID]any{PEMFact: "no", AgeFact: 40, "days-away": 1}, -1, NotYetKnown, []FactID{PEMFact}},
	} {
		row, waits, ok := d.Decide("pace", c.known)
		if ok != (c.row >= 0) || ok && row != c.row || !slices.Equal(waits, c.waits) {
			t.Errorf("%s: row %d, %t, waiting for %v", name, row, ok, waits)
		}
		if is, waits := calm.Eval(c.known); is != c.is || !slices.Equal(waits, c.waits) {
			t.Errorf("%s: the condition is %s, waiting for %v", name, is, waits)
		}
	}
	if reads := calm.Reads(); !slices.Equal(reads, []FactID{PEMFact, AgeFact, "days-away"}) {
		t.Errorf("the condition reads %v", reads)
	}
	if _, _, ok := d.Decide("tempo", nil); ok {
		t.Error("a table there is not gives an answer")
	}
}

// What the lint says of a table is what trying every combination says: each is
// answered once where there is no finding, and else not.
func TestTableLintFindsWhatTryingFinds(t *testing.T) {
	t.Parallel()
	whole, faulty := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := &Definition{Facts: []Fact{{ID: "ill", Type: BoolFact}, {ID: "work", Type: TextFact, Values: []string{"a", "b", "c"}}}}
		table := Table{ID: "x", Type: IntFact, Reads: []FactID{"ill", "work", AgeFact}}
		// A table that is whole, with a slip now and then.
		ages := []Range{{0, 17}, {18, 66}, {67, noMost}}
		gives := func() int64 { return rapid.Int64Range(0, 1).Draw(t, "gives") }
		cell := func(r ...Range) Cell { return Cell{Ranges: r} }
		for ill := range int64(2) {
			if rapid.Bool().Draw(t, "any work") {
				for _, age := range ages {
					table.Rows = append(table.Rows, Row{When: []Cell{cell(Range{ill, ill}), {}, cell(age)}, Gives: gives()})
				}
				continue
			}
			cut := rapid.Int64Range(0, 1).Draw(t, "cut")
			table.Rows = append(table.Rows,
				Row{When: []Cell{cell(Range{ill, ill}), cell(Range{0, cut}), {}}, Gives: gives()},
				Row{When: []Cell{cell(Range{ill, ill}), cell(Range{cut + 1, 2}), cell(ages[0], ages[2])}, Gives: gives()},
				Row{When: []Cell{cell(Range{ill, ill}), cell(Range{cut + 1, 2}), cell(ages[1])}, Gives: gives()})
		}
		switch slip := rapid.IntRange(0, 3).Draw(t, "slip"); slip {
		case 1:
			n := rapid.IntRange(0, len(table.Rows)-1).Draw(t, "row")
			table.Rows = slices.Delete(table.Rows, n, n+1)
		case 2:
			least := rapid.Int64Range(0, 80).Draw(t, "least")
			table.Rows = append(table.Rows, Row{When: []Cell{{}, {}, cell(Range{least, least + rapid.Int64Range(0, 30).Draw(t, "years")})}, Gives: gives()})
		case 3:
			n := rapid.IntRange(0, len(table.Rows)-1).Draw(t, "row")
			table.Rows[n].When[2] = cell(Range{rapid.Int64Range(0, 20).Draw(t, "from"), rapid.Int64Range(20, 70).Draw(t, "to")})
		}
		d.Tables = []Table{table}
		c := &checker{d: d}
		c.tables()
		found := map[string]bool{}
		for _, f := range c.findings {
			found[f.Code] = true
		}
		gap, twice := false, false
		for _, ill := range []bool{false, true} {
			for _, work := range []string{"a", "b", "c"} {
				for age := range 120 {
					hits := 0
					for n := range table.Rows {
						one := *d
						one.Tables = []Table{{ID: "x", Type: IntFact, Reads: table.Reads, Rows: table.Rows[n : n+1]}}
						if _, _, ok := one.Decide("x", map[FactID]any{"ill": ill, "work": work, AgeFact: age}); ok {
							hits++
						}
					}
					gap, twice = gap || hits == 0, twice || hits > 1
				}
			}
		}
		if gap != found["E380"] || twice != (found["E381"] || found["E382"]) {
			t.Fatalf("a gap: %t, two answers: %t; the lint says %v\n%+v", gap, twice, c.findings, table)
		}
		if gap || twice {
			faulty++
		} else {
			whole++
		}
	})
	if whole == 0 || faulty == 0 {
		t.Errorf("%d tables were whole and %d were not: nothing was compared", whole, faulty)
	}
}

// A row that answers otherwise is one change in a diff.
func TestTableDiff(t *testing.T) {
	t.Parallel()
	d := good(t)
	d.Tables[0].Rows[1].Gives = "calm"
	said := Diff(good(t), d, care.English)
	for _, want := range []string{"Changed: Which pace fits (tables/pace)", "gets worse after effort = no, age = 18 or more, Days away from work = 28 or less: usual [proposed] → calm [proposed]"} {
		if !strings.Contains(said, want) {
			t.Errorf("the diff does not say %q:\n%s", want, said)
		}
	}
}

// A step whose condition reads a table is walked for everybody the table tells
// apart.
func TestWalkThroughATable(t *testing.T) {
	t.Parallel()
	d := good(t)
	calm, err := d.Condition(`pace == "calm"`)
	if err != nil {
		t.Fatal(err)
	}
	back, _ := d.Step("back-to-gp")
	back.If = calm
	d.Ends = slices.DeleteFunc(d.Ends, func(e End) bool { return e.ID == "moved" })
	var stories []string
	for _, f := range lint(d) {
		if f.Code == "E602" {
			stories = append(stories, f.Message)
		}
	}
	if len(stories) == 0 || !strings.Contains(stories[0], "Age is 18, days-away is ") || !strings.Contains(stories[0], "pem is no") {
		t.Errorf("whoever keeps the usual pace is left without an end, and the walk says %q", stories)
	}
}
