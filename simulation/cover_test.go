package simulation

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
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

// layered is a made-up local layer with an example of its own.
func layered(t *testing.T, examples string) fstest.MapFS {
	t.Helper()
	folder := fstest.MapFS{exampleFile: {Data: []byte(examples)}}
	files, err := filepath.Glob("../pathway/testdata/layer/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no layer: %v", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		folder[filepath.Base(file)] = &fstest.MapFile{Data: src}
	}
	return folder
}

// A local layer is acted out with the version it lies over, and its examples are
// counted against what it adds.
func TestLayerIsActedOut(t *testing.T) {
	t.Parallel()
	examples := opened + `        expect: {pathway: no.example+fjord@2026.01, clocks: {start: {latest: 2026-03-16}}}
      - after: 2 days
        do: answer
        with: {step: assess-referral, answer: accept, right: right, latest-legal: 2026-03-02, reasons: Vi vil hjelpe., how-to-complain: Skriv til oss.}
        expect: {steps: {call-from-peer: {latest: 2026-01-14}, own-story: {latest: 2026-01-21}}}
`
	below := os.DirFS("../pathway/testdata/good")
	r, err := Rehearse(context.Background(), layered(t, examples), []fs.FS{below}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Coverage{Steps: Reach{1, 1}}); r.Coverage != want || pathway.HasErrors(r.All()) || len(r.Outcomes) != 1 {
		t.Errorf("reached are %+v of the layer's own: %v", r.Coverage, r.All())
	}
	r, err = Rehearse(context.Background(), layered(t, examples), nil, nil)
	if err != nil || len(r.Outcomes) != 0 || !slices.ContainsFunc(r.Findings, func(f pathway.Finding) bool { return f.Code == "E800" }) {
		t.Errorf("without the version below it comes out as %v, %v", r, err)
	}
}
