package casework

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// byServiceAlone are the kinds of stream that nobody's answer is read from behind the
// wall: a person's own lists are found by who they are, and the privacy officer's
// matters by their post.
var byServiceAlone = []string{"oversight", "worklist"}

// TestWallNamesEveryKind: the rules of the rows say of every kind of stream whose it
// is; of one that they do not name nothing is seen, and its pages would be empty on
// one database alone.
func TestWallNamesEveryKind(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../store/postgres/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	rule := ""
	for _, f := range files { // in order: the last word holds
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, after, has := strings.Cut(string(text), "function sees_stream("); has {
			rule, _, _ = strings.Cut(after, "end case")
		}
	}
	for kind := range kindsOf {
		if named := strings.Contains(rule, "'"+kind+"'"); named == slices.Contains(byServiceAlone, kind) {
			t.Errorf("the wall names %s: %t", kind, named)
		}
	}
	if len(kindsOf) < 15 {
		t.Errorf("there are only %d kinds", len(kindsOf))
	}
}
