package simulation

import (
	"context"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway/library"
)

// A child's page is opened by whom the law lets: the child with a parent's word
// where one is asked for, the parent of a child too young to log in, and nobody
// else's word for somebody who decides alone.
func TestWhoReadsInAFamily(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		age      int
		byParent bool
	}{{11, true}, {13, false}, {15, false}, {16, false}} {
		t.Run(fmt.Sprint(tt.age), func(t *testing.T) {
			t.Parallel()
			folder, _ := library.Files("no.crps-youth")
			files := fstest.MapFS{}
			for _, name := range []string{"pathway.yaml", "text.nb.yaml", "text.nn.yaml", "text.sv.yaml", "text.en.yaml"} {
				data, err := fs.ReadFile(folder, name)
				if err != nil {
					t.Fatal(err)
				}
				files[name] = &fstest.MapFile{Data: data}
			}
			files[exampleFile] = &fstest.MapFile{Data: fmt.Appendf(nil, `examples:
  - name: one day
    story: A referral comes.
    person: {age: %d, reads: nb, channel: page, gp: practice/gp}
    by: kari
    lines:
      - on: 2026-01-05 09:00
        do: open
        with: {sender: practice/gp, desk: clinic/desk}
`, tt.age)}
			s, err := StopAt(context.Background(), files, others(t), "one day", 0, care.Bokmal)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Findings) > 0 || (s.Parent != "") != tt.byParent {
				t.Fatalf("the parent reads: %v; %v", s.Parent != "", s.Findings)
			}
			child := casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(s.Patient)}}
			if _, err := casework.View(context.Background(), s.Service, child, casework.MyPlan{}); (err != nil) != tt.byParent {
				t.Errorf("the child opens the page: %v", err)
			}
			if !tt.byParent {
				return
			}
			parent := casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(s.Parent)}, Represents: s.Patient}
			if _, err := casework.View(context.Background(), s.Service, parent, casework.MyPlan{}); err != nil {
				t.Errorf("the parent opens the page: %v", err)
			}
		})
	}
}
