package simulation

import (
	"context"
	"io/fs"
	"os"
	"testing"

	"forlop/pathway/library"
)

// others are the pathways that the examples of no.pain move to.
func others(t *testing.T) []fs.FS {
	t.Helper()
	var all []fs.FS
	for _, id := range library.All() {
		folder, _ := library.Files(id)
		all = append(all, folder)
	}
	return append(all, os.DirFS("../pathway/library/testdata/no.pain-2026"))
}

// Every example of every shipped pathway comes out as it says.
func TestShippedExamples(t *testing.T) {
	t.Parallel()
	rehearsed := 0
	for _, id := range library.All() {
		folder, _ := library.Files(id)
		if _, err := fs.Stat(folder, exampleFile); err != nil {
			continue
		}
		t.Run(id, func(t *testing.T) {
			r, err := Rehearse(context.Background(), folder, others(t), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.All() {
				if f.Code == codeNotSaid {
					continue // what the patient reads is said by the pages, and compared where they are
				}
				if f.Severity == severityError || f.Code == codeNotGiven {
					t.Error(f)
				} else {
					t.Log(f)
				}
			}
			for _, o := range r.Outcomes {
				t.Logf("%s: %d acts, %d checks, %d days", o.Name, o.Acts, o.Checks, o.Days)
				rehearsed++
			}
		})
	}
	if rehearsed == 0 {
		t.Fatal("no example was acted out")
	}
}
