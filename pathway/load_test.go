package pathway

import (
	"os"
	"strings"
	"testing"
)

// good loads the pathway that uses every part of the format.
func good(t testing.TB) *Definition {
	t.Helper()
	d, findings := Load(os.DirFS("testdata/good"))
	for _, f := range findings {
		t.Errorf("%s", f)
	}
	if d == nil {
		t.Fatal("no definition")
	}
	return d
}

func TestLoadReadsEveryPart(t *testing.T) {
	t.Parallel()
	d := good(t)
	if got, want := d.String(), "no.example@2025.04"; got != want {
		t.Errorf("ref is %s, want %s", got, want)
	}
	if len(d.Hash) != 64 || len(d.TextHash) != 64 || d.Hash == d.TextHash {
		t.Errorf("hashes are %q and %q", d.Hash, d.TextHash)
	}
	if len(d.Texts) != 4 {
		t.Errorf("%d texts, want 4", len(d.Texts))
	}
	s, ok := d.Step("own-story")
	if !ok {
		t.Fatal("no step own-story")
	}
	if len(s.After) != 1 || s.After[0] != (Need{Step: "assess-referral", Outcome: "accept"}) {
		t.Errorf("own-story comes after %v", s.After)
	}
	if s.Effort.Minutes != 20 || !s.Effort.Split || !s.Effort.Stated || s.Effort.Basis.Tag != Proposed {
		t.Errorf("own-story asks %+v", s.Effort)
	}
	w, _ := d.Step("work-talk")
	if w.If == nil || w.If.String() == "" {
		t.Error("work-talk has no condition")
	}
	v, _ := d.Step("first-visit")
	if v.By.Clock != "start" || v.By.Basis.Source != "plan" {
		t.Errorf("first-visit is due %+v", v.By)
	}
	if c, _ := d.Step("check"); c.Repeat == nil || c.Repeat.Every.String() != "8 weeks" || c.Repeat.Times != 2 {
		t.Errorf("check repeats %+v", c.Repeat)
	}
}

// The version's hash covers pathway.yaml alone: a better wording is no new
// version. Every byte of it counts.
func TestHashes(t *testing.T) {
	t.Parallel()
	before := good(t)
	wording, _ := Load(edited(t, "text.nb.yaml\n-revision: 1\n+revision: 2"))
	if wording.Hash != before.Hash || wording.TextHash == before.TextHash {
		t.Error("a new wording must change the hash of the texts and not that of the version")
	}
	space, _ := Load(edited(t, "pathway.yaml\n-regime: NO\n+regime: NO "))
	if space.Hash == before.Hash || space.TextHash != before.TextHash {
		t.Error("another byte in pathway.yaml must change the hash of the version and not that of the texts")
	}
	moved, _ := Load(edited(t, "text.nb.yaml\n+# a\n\ntext.nn.yaml\n+# b"))
	swapped, _ := Load(edited(t, "text.nb.yaml\n+# b\n\ntext.nn.yaml\n+# a"))
	if moved.TextHash == swapped.TextHash {
		t.Error("the same bytes in other files must change the hash of the texts")
	}
}

// A condition is found in the file whatever the style it is written in.
func TestConditionPositions(t *testing.T) {
	t.Parallel()
	const was = `-    if: "sick-listed || work == 'on-leave' || days-away > 13"`
	for _, tt := range []struct{ name, now string }{
		{"plain", "+    if: sick-listed || WRONG"},
		{"plain over two lines", "+    if: sick-listed ||\n+      WRONG"},
		{"double quotes", "+    if: \"sick-listed || WRONG\""},
		{"double quotes with a quoted text", "+    if: \"work == \\\"none\\\" || WRONG\""},
		{"single quotes", "+    if: 'sick-listed || WRONG'"},
		{"literal", "+    if: |\n+      sick-listed ||\n+      WRONG"},
		{"folded", "+    if: >-\n+      sick-listed ||\n+        WRONG"},
	} {
		folder := edited(t, "pathway.yaml\n"+was+"\n"+tt.now)
		_, findings := Load(folder)
		lines := strings.Split(string(folder[structureFile].Data), "\n")
		found := false
		for _, f := range findings {
			if f.Code != "E111" {
				continue
			}
			found = true
			if rest := lines[f.Line-1][f.Col-1:]; !strings.HasPrefix(rest, "WRONG") {
				t.Errorf("%s: the finding points at %q", tt.name, rest)
			}
		}
		if !found {
			t.Errorf("%s: nothing is found: %v", tt.name, findings)
		}
	}
}
