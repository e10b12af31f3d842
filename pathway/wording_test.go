package pathway

import (
	"slices"
	"strings"
	"testing"
)

// Another wording says the same: it counts up, and says no number that neither
// the words before nor the pathway says.
func TestCheckTexts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ script, want string }{
		"the same words":           {"pathway.yaml\n-  met:\n+  met:\n", ""},
		"other words":              {"text.en.yaml\n-revision: 1\n+revision: 2\n\ntext.en.yaml\n-    what: You talk about your job and sick leave.\n+    what: You talk about your job.\n", ""},
		"a limit of the pathway":   {"text.en.yaml\n-revision: 1\n+revision: 2\n\ntext.en.yaml\n-    what: You talk about your job and sick leave.\n+    what: You talk within 10 days.\n", ""},
		"another limit":            {"text.en.yaml\n-revision: 1\n+revision: 2\n\ntext.en.yaml\n-    what: You talk about your job and sick leave.\n+    what: You talk within 11 days.\n", `text.en.yaml:36:5: error: E520: the wording says 11, and neither the words before nor the pathway do: a number is changed by a new version, not by a wording`},
		"the count stays":          {"text.en.yaml\n-    what: You talk about your job and sick leave.\n+    what: You talk about your job.\n", `text.en.yaml:2:11: warning: W521: the words are others than in revision 1: count up`},
		"words of another version": {"pathway.yaml\n-  met:\n+  # another file\n+  met:\n", `E520: these are the words of no.example@2025.04`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			worded, findings := Load(edited(t, c.script))
			if worded == nil || HasErrors(findings) {
				t.Fatal(findings)
			}
			found := CheckTexts(good(t), worded)
			if c.want == "" && len(found) > 0 || c.want != "" && !slices.ContainsFunc(found, func(f Finding) bool { return strings.Contains(f.String(), c.want) }) {
				t.Errorf("it is answered with %v\nwant %s", found, c.want)
			}
			for _, f := range found {
				if _, ok := Explain(f.Code); !ok {
					t.Errorf("%s is explained nowhere", f.Code)
				}
			}
		})
	}
	// A number that is only a phone number may change.
	before, _ := laid(t, "", "")
	after, _ := laid(t, "", "")
	for _, text := range after.Texts {
		text.Phones["coordinator"] = "99 99 99 99"
	}
	if found := CheckTexts(before, after); len(found) > 0 {
		t.Errorf("a new phone number is %v", found)
	}
}
