package library_test

import (
	"io/fs"
	"os"
	"slices"
	"testing"

	"forlop/care"
	"forlop/pathway"
	"forlop/pathway/library"
)

// load gives a shipped pathway and fails on any finding.
func load(t *testing.T, id string) *pathway.Definition {
	t.Helper()
	d, findings := library.Load(id)
	for _, f := range findings {
		t.Errorf("%s: %s", id, f)
	}
	if d == nil {
		t.Fatalf("%s: no definition", id)
	}
	return d
}

func TestShippedPathwaysAreWhole(t *testing.T) {
	t.Parallel()
	if !slices.Contains(library.All(), "no.pain") {
		t.Fatalf("shipped are %v", library.All())
	}
	for _, id := range library.All() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			d := load(t, id)
			if d.ID != id {
				t.Errorf("the folder %s holds the pathway %s", id, d.ID)
			}
			if len(d.Texts) != len(care.Languages) {
				t.Errorf("it speaks %d languages, want %d", len(d.Texts), len(care.Languages))
			}
		})
	}
}

// Every folder with a pathway is shipped, and test data never is.
func TestNothingElseIsShipped(t *testing.T) {
	t.Parallel()
	folders, err := fs.Glob(os.DirFS("."), "*/pathway.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range folders {
		want = append(want, f[:len(f)-len("/pathway.yaml")])
	}
	if got := library.All(); !slices.Equal(got, want) {
		t.Errorf("shipped are %v, the folders are %v", got, want)
	}
	if _, ok := library.Files("no.pain-2026"); ok {
		t.Error("test data is shipped")
	}
	if d, findings := library.Load("no.such"); d != nil || len(findings) != 1 {
		t.Errorf("an unknown id gives %v and %v", d, findings)
	}
}

// The limits of the national text and of the law, as printed beside their
// sources. A change here is a change of care and needs a new version.
func TestLimitsOfPain(t *testing.T) {
	t.Parallel()
	limits(t, load(t, "no.pain"), map[pathway.ClockID]string{
		"answer": "10 working days", "start": "12 weeks", "assessment": "12 weeks", "follow-up": "26 weeks",
	})
}

func limits(t *testing.T, d *pathway.Definition, want map[pathway.ClockID]string) {
	t.Helper()
	if len(d.Clocks) != len(want) {
		t.Errorf("%s has %d clocks, want %d", d.ID, len(d.Clocks), len(want))
	}
	for _, c := range d.Clocks {
		if got := c.Within.String(); got != want[c.ID] {
			t.Errorf("%s: the clock %s is %s, want %s", d.ID, c.ID, got, want[c.ID])
		}
		if c.Basis.Source == "" {
			t.Errorf("%s: the clock %s has no source", d.ID, c.ID)
		}
		if len(c.Pauses) > 0 {
			t.Errorf("%s: the clock %s pauses; no source gives a reason", d.ID, c.ID)
		}
	}
}
