package pathway

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"forlop/care"
)

// laid is the made-up layer with a change, laid over the good pathway.
func laid(t testing.TB, old, now string) (*Definition, []Finding) {
	t.Helper()
	return CheckOver(changedLayer(t, old, now), overGood)
}

// overGood finds the good pathway.
func overGood(id, version string) (fs.FS, bool) {
	return os.DirFS("testdata/good"), id == "no.example" && version == "2025.04"
}

// changedLayer is the layer with a text changed, in the one file that holds it.
func changedLayer(t testing.TB, old, now string) fstest.MapFS {
	t.Helper()
	folder, holds := fstest.MapFS{}, 0
	files, err := os.ReadDir("testdata/layer")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		src, err := os.ReadFile("testdata/layer/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(src), old); old != "" && n > 0 {
			holds += n
			src = []byte(strings.Replace(string(src), old, now, 1))
		}
		folder[f.Name()] = &fstest.MapFile{Data: src}
	}
	if old != "" && holds != 1 {
		t.Fatalf("the layer holds %q %d times", old, holds)
	}
	return folder
}

func TestLayer(t *testing.T) {
	t.Parallel()
	d, findings := laid(t, "", "")
	if len(findings) > 0 {
		t.Fatalf("the layer has findings: %v", findings)
	}
	nation := good(t)
	if d.Ref.String() != "no.example+fjord@2026.01" || d.Extends != nation.Ref || d.Layer != "fjord" {
		t.Errorf("the whole is %s over %s", d.Ref, d.Extends)
	}
	if start, _ := d.Clock("start"); start.Within != (care.Span{N: 10, Unit: care.Weeks}) || start.Basis.Source != "local" || start.From != Received || start.Kind != PathwayClock {
		t.Errorf("the tighter clock is %+v", start)
	}
	if visit, _ := d.Step("first-visit"); visit.By.Basis.Source != "local" {
		t.Errorf("the step that hangs on it rests on %+v", visit.By)
	}
	if story, _ := d.Step("own-story"); story.By.Within.N != 2 || story.Who != PatientRole || len(story.Ways) != 5 {
		t.Errorf("the step with a sooner date is %+v", story)
	}
	if len(d.Steps) != len(nation.Steps)+1 || len(d.Clocks) != len(nation.Clocks)+1 || len(d.Choices[0].Options) != 3 {
		t.Errorf("%d steps, %d clocks, %d options", len(d.Steps), len(d.Clocks), len(d.Choices[0].Options))
	}
	if !slices.Equal(d.Tightened, []string{"clocks/start", "steps/own-story"}) {
		t.Errorf("tightened are %v", d.Tightened)
	}
	shown := Show(d, care.English)
	for _, want := range []string{
		"Example pathway – Fjord", "no.example+fjord@2026.01", "Lies over no.example@2025.04, with what fjord adds or does sooner.",
		"within 10 weeks, from “The referral has come” to “The assessment has begun”. national pathway [local]", "A peer calls you [proposed]",
		"A calm group [local]", "your coordinator: pain clinic – your first contact – phone 55 55 00 00",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown:\n%s", want, shown)
		}
	}
	diff := Diff(nation, d, care.English)
	for _, want := range []string{"New: A peer calls you", "within 12 weeks", "within 10 weeks"} {
		if !strings.Contains(diff, want) {
			t.Errorf("the diff does not say %q:\n%s", want, diff)
		}
	}
	// Without extends the folder is a pathway of its own, and is read as one.
	alone, findings := LoadOver(os.DirFS("testdata/good"), overGood)
	if alone == nil || len(findings) > 0 || alone.Hash != nation.Hash || alone.Extends != (Ref{}) {
		t.Errorf("a pathway without a layer is %v with %v", alone, findings)
	}
}

// The hash of the whole says both what lies below and what lies above.
func TestLayerHash(t *testing.T) {
	t.Parallel()
	d, _ := laid(t, "", "")
	other, _ := laid(t, "within: 10 weeks", "within: 9 weeks")
	below, findings := LoadOver(changedLayer(t, "", ""), func(string, string) (fs.FS, bool) {
		return edited(t, "pathway.yaml\n-  met:\n+  # the same, with a remark\n+  met:\n"), true
	})
	if below == nil || HasErrors(findings) {
		t.Fatal(findings)
	}
	if d.Hash == other.Hash || d.Hash == below.Hash || d.Hash == good(t).Hash {
		t.Error("another layer, or another base, has the same hash")
	}
	again, _ := laid(t, "", "")
	words, _ := laid(t, "A peer will call you soon.", "A peer calls you soon.")
	if again.Hash != d.Hash || again.TextHash != d.TextHash || words.Hash != d.Hash || words.TextHash == d.TextHash {
		t.Error("the hashes do not say what was read")
	}
}

// A layer adds and tightens. Whatever loosens, changes or takes away is an error
// at its place, with both values.
func TestLayerCannotLoosen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, now, want string }{
		"a longer limit":          {"start: {within: 10 weeks", "start: {within: 14 weeks", `pathway.yaml:17:19: error: E801: the national limit is 12 weeks; the layer says 14 weeks: a layer may tighten and not loosen`},
		"a later date":            {"by: {within: 2 weeks, s", "by: {within: 4 weeks, s", `pathway.yaml:21:28: error: E801: the national limit is 3 weeks; the layer says 4 weeks: a layer may tighten and not loosen`},
		"another unit, longer":    {"start: {within: 10 weeks", "start: {within: 3 months", `pathway.yaml:17:19: error: E801: the national limit is 12 weeks; the layer says 3 months: a layer may tighten and not loosen`},
		"another unit, unsure":    {"start: {within: 10 weeks", "start: {within: 45 working days", `pathway.yaml:17:19: error: E801: the national limit is 12 weeks; the layer says 45 working days, and which of them is shorter depends on the day: write it in weeks`},
		"another unit, shorter":   {"start: {within: 10 weeks", "start: {within: 30 working days", ``},
		"the same limit":          {"start: {within: 10 weeks", "start: {within: 12 weeks", `pathway.yaml:17:19: warning: W805: the national limit is 12 weeks; the layer says the same, and would hold it when the national one becomes shorter`},
		"a tighter law":           {"start: {within: 10 weeks, source: local}", "answer: {within: 5 working days, source: local}", ``},
		"a limit that may pause":  {"start: {within: 10 weeks,", "start: {within: 10 weeks, pauses: {abroad: {source: local}},", `pathway.yaml:17:29: error: E802: a layer cannot say "pauses" of "start" under clocks, which is in no.example@2025.04: it may only say within, source and tag`},
		"a limit from elsewhere":  {"start: {within: 10 weeks,", "start: {from: referral-answered, within: 10 weeks,", `error: E802: a layer cannot say "from" of "start" under clocks`},
		"another owner":           {"own-story: {by", "own-story: {who: team, by", `pathway.yaml:21:15: error: E802: a layer cannot say "who" of "own-story" under steps, which is in no.example@2025.04: it may only say by`},
		"a date of a clock":       {"own-story: {by: {within: 2 weeks, source: local}}", "first-visit: {by: {within: 2 weeks, source: local}}", `pathway.yaml:21:21: error: E802: the step "first-visit" has its date from the clock "start" in no.example@2025.04: tighten the clock`},
		"an option":               {"      quiet-group: {effort", "      calm-days: {effort", `pathway.yaml:35:7: error: E802: the option "calm-days" is in no.example@2025.04 already: a layer adds, and changes nothing`},
		"a role":                  {"roles:\n  peer:", "roles:\n  team:", `pathway.yaml:11:3: error: E802: "team" is in no.example@2025.04 already: a layer adds, and changes nothing; choose another name`},
		"a source":                {"sources:\n  local:", "sources:\n  plan:", `pathway.yaml:8:3: error: E802: "plan" is in`},
		"a law of its own":        {"first-call: {kind: own", "first-call: {kind: law", `pathway.yaml:18:22: error: E803: a clock that a layer adds is of kind own; what is law stands in the national text`},
		"an ending":               {"roles:\n  peer:", "ends: {left: {asks: [reason], tag: proposed}}\nroles:\n  peer:", `pathway.yaml:10:1: error: E804: "ends" is the national text's: a layer adds and tightens, and has no say in it`},
		"a national milestone":    {"    sets: called", "    sets: assessment-started", `error: E313: the milestone "assessment-started" is set by "first-visit" already`},
		"a word for a national":   {"steps:\n  call-from-peer:\n    title: A peer calls you", "steps:\n  first-visit: {title: Visit, what: You come.}\n  call-from-peer:\n    title: A peer calls you", `text.en.yaml:8:3: error: E806: there are national words for "first-visit" under steps: a layer has words for what it adds`},
		"a title for a national":  {"    options:\n      quiet-group: {title: A calm", "    title: Try this\n    options:\n      quiet-group: {title: A calm", `text.en.yaml:17:5: error: E806: there are national words for "treatment" under choices`},
		"no words in a language":  {"milestones: {called: The peer has called}\n", "", `text.en.yaml:0:0: error: E502: the milestone "called" has no words here`},
		"a step without a date":   {"    by: clock first-call\n", "", `pathway.yaml:23:5: error: E306: "by" is missing`},
		"a base that is not here": {"extends: no.example@2025.04", "extends: no.example@2024.04", `pathway.yaml:2:10: error: E800: the pathway no.example@2024.04 that the layer lies over is not here`},
		"a base that is no name":  {"extends: no.example@2025.04", "extends: example", `pathway.yaml:2:10: error: E106: "example" is not a version of a pathway; write it as no.pain@2025.04`},
		"an unknown key":          {"layer: fjord", "laye: fjord", `pathway.yaml:3:1: error: E101: "laye" is not a key here; did you mean "layer"?`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, findings := laid(t, c.old, c.now)
			if c.want == "" && len(findings) > 0 || c.want != "" && !slices.ContainsFunc(findings, func(f Finding) bool { return strings.Contains(f.String(), c.want) }) {
				t.Errorf("it is answered with %v\nwant %s", findings, c.want)
			}
			for _, f := range findings {
				if _, ok := Explain(f.Code); !ok {
					t.Errorf("%s is explained nowhere", f.Code)
				}
			}
		})
	}
}

// A fault in the national files is told under their own name.
func TestLayerOverAFaultyBase(t *testing.T) {
	t.Parallel()
	faulty := func(string, string) (fs.FS, bool) {
		return edited(t, "pathway.yaml\n-    by: clock answer\n+    by: clock anser\n"), true
	}
	d, findings := LoadOver(changedLayer(t, "", ""), faulty)
	if d != nil || !slices.ContainsFunc(findings, func(f Finding) bool {
		return f.Code == "E203" && f.File == "no.example@2025.04/pathway.yaml"
	}) || !slices.ContainsFunc(findings, func(f Finding) bool { return f.Code == "E800" && f.File == "pathway.yaml" }) {
		t.Errorf("a layer over a faulty pathway is %v with %v", d, findings)
	}
	other := func(string, string) (fs.FS, bool) {
		return edited(t, "pathway.yaml\n-version: \"2025.04\"\n+version: \"2025.05\"\n"), true
	}
	if d, findings := LoadOver(changedLayer(t, "", ""), other); d != nil || len(findings) != 1 || !strings.Contains(findings[0].Message, "is no.example@2025.05, not no.example@2025.04") {
		t.Errorf("a layer over another version is %v with %v", d, findings)
	}
}

// What the owner of a layer must look at when the national version changes.
func TestConflicts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ script, want string }{
		"nothing":               {"pathway.yaml\n-  met:\n+  # a remark\n+  met:\n", ""},
		"a tighter limit":       {"pathway.yaml\n-  start: {kind: pathway, from: referral-received, to: assessment-started, within: 12 weeks, share: 80, source: plan}\n+  start: {kind: pathway, from: referral-received, to: assessment-started, within: 8 weeks, share: 80, source: plan}\n", `pathway.yaml:17:3: error: E821: the national limit was 12 weeks and is 8 weeks now; the layer says 10 weeks, which would loosen it`},
		"the layer's own limit": {"pathway.yaml\n-  start: {kind: pathway, from: referral-received, to: assessment-started, within: 12 weeks, share: 80, source: plan}\n+  start: {kind: pathway, from: referral-received, to: assessment-started, within: 10 weeks, share: 80, source: plan}\n", `pathway.yaml:17:3: warning: W822: the national limit was 12 weeks and is 10 weeks now, as the layer says: the line can go`},
		"a somewhat shorter":    {"pathway.yaml\n-  start: {kind: pathway, from: referral-received, to: assessment-started, within: 12 weeks, share: 80, source: plan}\n+  start: {kind: pathway, from: referral-received, to: assessment-started, within: 11 weeks, share: 80, source: plan}\n", `warning: W822: the national limit was 12 weeks and is 11 weeks now; the layer says 10 weeks: look whether that is still meant`},
		"a shorter date":        {"pathway.yaml\n-    by: {within: 3 weeks, tag: proposed}\n+    by: {within: 1 week, tag: proposed}\n", `pathway.yaml:21:3: error: E821: the national limit was 3 weeks and is 1 week now; the layer says 2 weeks, which would loosen it`},
		"a name that is taken":  {"pathway.yaml\n-  welfare: {at: [work-and-welfare]}\n+  welfare: {at: [work-and-welfare]}\n+  peer: {at: [patient-organisation]}\n", `pathway.yaml:11:3: error: E823: no.example@2025.04 has a role called "peer" now: take the layer's out if they are the same, or give it another name`},
		"an option that is":     {"pathway.yaml\n-    options:\n+    options:\n+      quiet-group: {tag: proposed}\n", `pathway.yaml:35:7: error: E823: no.example@2025.04 has an option called "quiet-group" now`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after, findings := Load(edited(t, c.script))
			if after == nil || HasErrors(findings) {
				t.Fatal(findings)
			}
			found := Conflicts(changedLayer(t, "", ""), good(t), after)
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
	// A layer does not hang in the air: what it builds on is told by name.
	after := later(t)
	story, _ := after.Step("own-story")
	story.ID = "my-story"
	clock, _ := after.Clock("start")
	clock.ID = "begin"
	found := Conflicts(changedLayer(t, "    after: [assess-referral: accept]", "    after: [first-visit]\n    if: reached(\"assessment-started\")"), good(t), after)
	for _, want := range []string{
		`pathway.yaml:17:3: error: E820: the layer makes the limit "start" shorter, and no.example@2026.01 has no such clock`,
		`pathway.yaml:21:3: error: E820: the layer makes the date of the step "own-story" sooner, and no.example@2026.01 has no such step`,
		`pathway.yaml:25:13: error: E820: the step "call-from-peer" hangs on the step "first-visit", which no.example@2026.01 does not have`,
		`pathway.yaml:26:9: error: E820: the step "call-from-peer" hangs on the milestone "assessment-started", which no.example@2026.01 does not have`,
		`pathway.yaml:34:3: error: E820: the layer adds options to the choice "treatment", which no.example@2026.01 does not have`,
	} {
		if !slices.ContainsFunc(found, func(f Finding) bool { return f.String() == want }) {
			t.Errorf("%q is not told, only %v", want, found)
		}
	}
	// An answer that is given no more, and what only the whole shows.
	after = good(t)
	after.Steps[0].Answers = after.Steps[0].Answers[1:]
	found = Conflicts(changedLayer(t, "", ""), good(t), after)
	if !slices.ContainsFunc(found, func(f Finding) bool {
		return f.Code == "E820" && strings.Contains(f.Message, `the step "call-from-peer" waits until "assess-referral" ends with "accept", and in no.example@2025.04 it never does`)
	}) {
		t.Errorf("an answer that is given no more is not told, only %v", found)
	}
}

// Whatever a layer holds, laying it over a pathway ends and says where.
func FuzzLoadOver(f *testing.F) {
	src, err := os.ReadFile("testdata/layer/pathway.yaml")
	if err != nil {
		f.Fatal(err)
	}
	words, err := os.ReadFile("testdata/layer/text.nb.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src, words)
	f.Add([]byte("extends: no.example@2025.04\nsteps: {own-story: {by: x}, a: {after: [b]}}"), []byte("steps: {}"))
	f.Add([]byte("extends: no.example@2025.04\nclocks: {start: {within: 1 day}, start: 3}"), []byte(""))
	before := good(f)
	f.Fuzz(func(t *testing.T, src, words []byte) {
		folder := fstest.MapFS{structureFile: {Data: src}, "text.nb.yaml": {Data: words}}
		d, findings := CheckOver(folder, overGood)
		if d == nil && len(findings) == 0 {
			t.Fatal("neither a definition nor a finding")
		}
		if read, _ := LoadOver(folder, overGood); (read == nil) != (d == nil) {
			t.Error("what can be read depends on whether it is checked")
		}
		for _, finding := range append(findings, Conflicts(folder, before, before)...) {
			if _, ok := Explain(finding.Code); !ok || finding.File == "" || finding.Line < 0 || finding.Col < 0 {
				t.Errorf("a finding that says too little: %#v", finding)
			}
		}
	})
}
