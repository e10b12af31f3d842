package simulation

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"forlop/pathway"
)

// withTable is no.pain with a decision table that one of its conditions reads.
func withTable(t *testing.T, examples string) fstest.MapFS {
	t.Helper()
	files := painWith(t, examples).(fstest.MapFS)
	text := string(files["pathway.yaml"].Data)
	for old, now := range map[string]string{
		"\nroles:\n": "\ntables:\n  together:\n    gives: bool\n    reads: [needs-several-services]\n    rows:\n" +
			"      - {when: {needs-several-services: true}, gives: true, tag: proposed}\n" +
			"      - {when: {needs-several-services: false}, gives: false, tag: proposed}\n\nroles:\n",
		"    if: needs-several-services\n": "    if: together\n",
	} {
		if strings.Count(text, old) != 1 {
			t.Fatalf("no.pain holds %q %d times", old, strings.Count(text, old))
		}
		text = strings.Replace(text, old, now, 1)
	}
	files["pathway.yaml"] = &fstest.MapFile{Data: []byte(text)}
	return files
}

// What the examples reach is counted, and what none reaches stands at its place,
// the rows of tables among it.
func TestCoverage(t *testing.T) {
	t.Parallel()
	folder := withTable(t, opened+"      - do: fact\n        with: {fact: needs-several-services, value: true}\n        expect: {steps: {municipal-coordinator: none}}\n")
	def, findings := pathway.Load(folder)
	if pathway.HasErrors(findings) {
		t.Fatal(findings)
	}
	r, err := Rehearse(context.Background(), folder, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Coverage{Steps: Reach{2, len(def.Steps)}, Answers: Reach{0, 4}, Ends: Reach{0, len(def.Ends)}, Rows: Reach{1, 2}}
	if r.Coverage != want {
		t.Errorf("reached are %+v, want %+v: %v", r.Coverage, want, r.All())
	}
	var never []string
	for _, f := range r.All() {
		if f.Code == codeNeverTried {
			never = append(never, f.Message)
			if f.Line == 0 || f.File != "pathway.yaml" {
				t.Errorf("%v has no place", f)
			}
		}
	}
	all := want.Steps.All + want.Answers.All + want.Ends.All + want.Rows.All
	if len(never) != all-3 || !slices.Contains(never, "no example reaches row 2 of the table together") || slices.Contains(never, "no example reaches row 1 of the table together") {
		t.Errorf("%d are listed as never reached: %v", len(never), never)
	}
	if got := r.Coverage.Rows.String(); got != "1 of 2" {
		t.Errorf("the rows are %q", got)
	}
}
