package pathway

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"forlop/care"
)

func dayOf(t testing.TB, text string) care.Date {
	t.Helper()
	d, err := care.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestStale(t *testing.T) {
	t.Parallel()
	d := good(t)
	if found := Stale(d, dayOf(t, "2027-12-01"), nil); len(found) > 0 {
		t.Errorf("on its last day the pathway is overdue: %v", found)
	}
	noticed := []SourceChange{{Source: "plan", Changed: dayOf(t, "2025-04-07")}, {Source: "gone", Changed: dayOf(t, "2027-01-01")}}
	if found := Stale(d, dayOf(t, "2027-01-01"), noticed); len(found) > 0 {
		t.Errorf("a change that the file knows of, or of a source it does not have, is told: %v", found)
	}
	noticed[0].Changed = dayOf(t, "2026-03-02")
	found := Stale(d, dayOf(t, "2027-12-02"), noticed)
	if len(found) != 2 || found[0].Code != "W901" || found[1].Code != "W900" || found[0].Line != 8 || found[1].Line != 9 {
		t.Fatalf("the owner is told %v", found)
	}
	for i, want := range []string{"noticed on 2026-03-02, and the file says 2025-04-07. Compare it with what rests on it: ", "was to be reviewed by 2027-12-01: The example board"} {
		if !strings.Contains(found[i].Message, want) {
			t.Errorf("%q does not say %q", found[i].Message, want)
		}
	}
	if !strings.Contains(found[0].Message, "clocks/start") {
		t.Errorf("%q does not name the limit", found[0].Message)
	}
}

// A page that changed is told, and one that could not be read is never taken for
// unchanged.
func TestComparePages(t *testing.T) {
	t.Parallel()
	d := good(t)
	page := SourcePage{URL: d.Sources[0].URL, Read: dayOf(t, "2026-01-10"), Hash: "aa"}
	is := func(p SourcePage) map[SourceID]SourcePage { return map[SourceID]SourcePage{"plan": p} }
	other, moved := page, page
	other.Hash, other.Read, moved.URL = "bb", dayOf(t, "2026-11-23"), "https://example.org/old"
	for name, c := range map[string]struct {
		kept, now map[SourceID]SourcePage
		failed    map[SourceID]string
		code      string
		says      string
	}{
		"the same":       {is(page), is(page), nil, "", ""},
		"changed":        {is(page), is(other), nil, "W901", "says something else than on 2026-01-10"},
		"could not read": {is(page), nil, map[SourceID]string{"plan": "404 Not Found"}, "W902", "nobody knows whether it changed: 404 Not Found"},
		"never read":     {nil, is(page), nil, "W903", "never read before"},
		"another place":  {is(moved), is(page), nil, "W903", "was read at https://example.org/old before"},
	} {
		found, changes := ComparePages(d, c.kept, c.now, c.failed)
		if c.code == "" {
			if len(found) > 0 || len(changes) > 0 {
				t.Errorf("%s: %v", name, found)
			}
			continue
		}
		if len(found) != 1 || found[0].Code != c.code || !strings.Contains(found[0].Message, c.says) || found[0].Line != 8 {
			t.Errorf("%s: %v", name, found)
		}
		if _, ok := Explain(c.code); !ok {
			t.Errorf("%s is explained nowhere", c.code)
		}
		if told := len(changes) == 1; told != (c.code == "W901") {
			t.Errorf("%s: the changes are %v", name, changes)
		}
	}
}

func TestPagesFile(t *testing.T) {
	t.Parallel()
	pages := map[SourceID]SourcePage{
		"plan": {URL: "https://example.org/plan?a=1#b", Read: dayOf(t, "2026-01-10"), Hash: strings.Repeat("ab", 32)},
		"law":  {URL: "https://example.org/§", Read: dayOf(t, "2026-01-11"), Hash: strings.Repeat("01", 32)},
	}
	read, findings := ParsePages(PagesFile(pages))
	if len(findings) > 0 || !maps.Equal(read, pages) {
		t.Errorf("what was written is read as %v, %v", read, findings)
	}
	if _, findings := ParsePages([]byte("pages: {plan: {url: x, read: soon}}")); !slices.ContainsFunc(findings, func(f Finding) bool { return f.Code == "E109" && f.File == "sources.yaml" }) {
		t.Errorf("a broken file is read: %v", findings)
	}
}
