package questionnaire

import (
	"slices"
	"strings"
	"testing"

	"forlop/care"
)

// TestShipped holds what ships: the agreed seven, each with its licence, its
// source and a word on every language.
func TestShipped(t *testing.T) {
	t.Parallel()
	want := map[string]struct{ items, sums int }{
		"dsq-pem": {15, 0}, "gad-7": {7, 1}, "pain-nrs": {3, 0}, "peg": {3, 1}, "phq-15": {15, 1}, "phq-9": {9, 1}, "rand-36": {36, 9},
	}
	for _, d := range Shipped() {
		w, ok := want[d.ID]
		if !ok || len(d.Items) != w.items || len(d.Sums) != w.sums {
			t.Errorf("%s has %d questions and %d sums, want %v", d.ID, len(d.Items), len(d.Sums), w)
		}
		delete(want, d.ID)
		for _, l := range care.Languages {
			if a, absent := d.Absent[l]; d.Texts[l] == nil == !absent || absent && (a.Why == "" || a.Find == "") {
				t.Errorf("%s says nothing whole of %s", d.ID, l)
			}
		}
		if again, findings := Parse("x", d.Bytes); again == nil || again.Hash != d.Hash {
			t.Errorf("%s does not read to the same again: %v", d.ID, findings)
		}
		if found, ok := Find(Ref{Hash: d.Hash}); !ok || found != d {
			t.Errorf("%s is not found by its hash", d.ID)
		}
	}
	if len(want) > 0 {
		t.Errorf("not shipped: %v", want)
	}
	if d, _ := Find(Ref{ID: "phq-9"}); !d.Alerts() || d.Items[8].Alert != 1 {
		t.Error("the last question of PHQ-9 alerts nobody")
	}
}

const small = `questionnaire: small
version: "1"
title: A small one
short: Small
source: {publisher: P, title: T}
licence: Free.
attribution: Us.
for: All.
answers:
  often: [0, 1]
items:
  - {id: a, kind: choice, answers: often}
  - {id: b, kind: scale, from: 0, to: 10, alert: 5}
  - {id: c, kind: number, from: 0, to: 400, concerns-some: true}
  - {id: d, kind: yes-no}
sums:
  - {id: all, rule: sum, of: [a, b, c], answered: 2}
languages:
  en:
    source: Us.
    name: Small
    items: {a: A, b: B, c: C, d: D}
    answers: {often: [No, Now and then]}
    ends: {b: [None, All]}
    sums: {all: All}
  nb: {absent: None was found., find: here}
  nn: {absent: None was found., find: here}
  sv: {absent: None was found., find: here}
`

// TestStrictReading changes one thing in a file that is right, and wants it named
// with its place.
func TestStrictReading(t *testing.T) {
	t.Parallel()
	src := strings.Replace(small, "[No, Now", `["No", Now`, 1)
	if d, findings := Parse("small.yaml", []byte(src)); d == nil {
		t.Fatalf("the file that is right is refused: %v", findings)
	}
	for _, c := range []struct{ find, put, want string }{
		{"short: Small", "shrt: Small", `small.yaml:4:1: error: Q101`},
		{"licence: Free.\n", "", `small.yaml:1:1: error: Q104: a questionnaire needs "licence"`},
		{"licence: Free.", "licence: 7", `small.yaml:6:10: error: Q103`},
		{"licence: Free.", "licence: \"\"", "Q103"},
		{"often: [0, 1]", "often: [0, 0]", "small.yaml:10:14: error: Q102"},
		{"kind: scale, from", "kind: slide, from", "small.yaml:13:5: error: Q107"},
		{"from: 0, to: 10,", "from: 10, to: 0,", "Q107"},
		{"answers: often}", "answers: seldom}", "small.yaml:12:5: error: Q108"},
		{"of: [a, b, c]", "of: [a, x, c]", "small.yaml:17:34: error: Q108"},
		{"answered: 2", "answered: 9", "Q107"},
		{"rule: sum", "rule: verdict", "Q107"},
		{"{a: A, b: B, c: C, d: D}", "{a: A, b: B, c: C}", "the wording lacks items.d"},
		{"{a: A, b: B, c: C, d: D}", "{a: A, b: B, c: C, d: D, e: E}", "items.e, which the questionnaire has not"},
		{"[\"No\", Now and then]", "[Now]", "answers.often has 1 words for 2 values"},
		{"  nb: {absent: None was found., find: here}\n", "", "Q109"},
		{"  nb: {absent: None was found., find: here}\n", "  nb: {absent: None was found.}\n", "Q104"},
		{"  nb:", "  fi:", "Q109"},
		{"title: A small one", "title: &x A small one", "Q100"},
		{"for: All.", "for: All.\nfor: All.", "Q102"},
		{"id: a,", "id: A b,", "Q105"},
		{"for: All.", "for: All.\n---\nmore: 1", "Q100"},
		{"for: All.", "for: [", "Q100"},
	} {
		if strings.Count(src, c.find) != 1 {
			t.Fatalf("%q stands %d times", c.find, strings.Count(src, c.find))
		}
		d, findings := Parse("small.yaml", []byte(strings.Replace(src, c.find, c.put, 1)))
		if d != nil || !slices.ContainsFunc(findings, func(f Finding) bool { return strings.Contains(f.String(), c.want) }) {
			t.Errorf("%q for %q: want %s, got %v", c.put, c.find, c.want, findings)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("a: [b"))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, findings := Parse("x.yaml", src)
		if (d == nil) != (len(findings) > 0) {
			t.Fatalf("a definition and %d findings", len(findings))
		}
	})
}

// TestSums counts by hand what the shipped rules say.
func TestSums(t *testing.T) {
	t.Parallel()
	all := func(d *Definition, v int, but ...string) map[string]int {
		m := map[string]int{}
		for _, i := range d.Items {
			if !slices.Contains(but, i.ID) {
				m[i.ID] = v
			}
		}
		return m
	}
	total := func(id, sum string, answers map[string]int) Total {
		d, ok := Find(Ref{ID: id})
		if !ok {
			t.Fatalf("no %s", id)
		}
		for _, x := range d.Totals(answers) {
			if x.ID == sum {
				return x
			}
		}
		t.Fatalf("%s has no sum %s", id, sum)
		return Total{}
	}
	phq, _ := Find(Ref{ID: "phq-9"})
	physical, _ := Find(Ref{ID: "phq-15"})
	rand, _ := Find(Ref{ID: "rand-36"})
	for _, c := range []struct {
		id, sum string
		answers map[string]int
		tenths  int
		counted int
		enough  bool
	}{
		{"phq-9", "total", all(phq, 3), 270, 9, true},
		{"phq-9", "total", all(phq, 1, "sleep"), 80, 8, false}, // nothing is filled in for what was not answered
		{"phq-9", "total", nil, 0, 0, false},
		{"phq-15", "total", all(physical, 2, "periods"), 280, 14, true}, // it does not concern everybody
		{"phq-15", "total", all(physical, 2, "back"), 280, 14, false},
		{"peg", "mean", map[string]int{"pain": 7, "enjoyment": 6, "activity": 7}, 67, 3, true},
		{"peg", "mean", map[string]int{"pain": 7, "enjoyment": 6}, 65, 2, false},
		{"rand-36", "physical", all(rand, 1), 0, 10, true},
		{"rand-36", "physical", map[string]int{"q3": 3, "q4": 3, "q5": 2, "q6": 1, "q7": 1}, 500, 5, true},
		{"rand-36", "physical", map[string]int{"q3": 3, "q4": 3, "q5": 2, "q6": 1}, 625, 4, false},
		{"rand-36", "energy", map[string]int{"q23": 1, "q27": 1, "q29": 6, "q31": 6}, 1000, 4, true},
		{"rand-36", "general", map[string]int{"q1": 1, "q33": 5, "q34": 1, "q35": 5, "q36": 1}, 1000, 5, true},
		{"rand-36", "role-physical", map[string]int{"q13": 1, "q14": 2}, 500, 2, true},
		{"rand-36", "change", map[string]int{"q2": 3}, 500, 1, true},
	} {
		if got := total(c.id, c.sum, c.answers); got.Tenths() != c.tenths || got.Counted != c.counted || got.Enough != c.enough {
			t.Errorf("%s %s of %v: %d tenths of %d, enough %v; want %d of %d, %v", c.id, c.sum, c.answers, got.Tenths(), got.Counted, got.Enough, c.tenths, c.counted, c.enough)
		}
	}
	// Every question of RAND-36 is in exactly one scale.
	seen := map[string]int{}
	for _, s := range rand.Sums {
		for _, id := range s.Of {
			seen[id]++
		}
	}
	for _, i := range rand.Items {
		if seen[i.ID] != 1 {
			t.Errorf("%s stands in %d scales", i.ID, seen[i.ID])
		}
	}
}
