package pathway

import (
	"os"
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
