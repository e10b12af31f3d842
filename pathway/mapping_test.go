package pathway

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

const wholeMapping = `from: no.example@2025.04
to: no.example@2026.01
steps:
  first-visit: first-meeting
  work-talk: {drop: talk-is-in-the-meeting}
milestones: {assessment-started: assessment-begun}
choices: {treatment: help}
reasons:
  talk-is-in-the-meeting:
    nb: Samtalen er nå en del av møtet.
    nn: Samtalen er no ein del av møtet.
    sv: Samtalet är nu en del av mötet.
    en: The talk is now part of the meeting.
`

// later is the good pathway with other names: the first visit, what it reaches,
// and the choice; the talk about work is gone.
func later(t testing.TB) *Definition {
	t.Helper()
	src, err := os.ReadFile("testdata/good/pathway.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(src)
	start, end := strings.Index(text, "  work-talk:"), strings.Index(text, "  choose:\n")
	text = text[:start] + text[end:]
	for old, now := range map[string]string{
		"first-visit": "first-meeting", "assessment-started": "assessment-begun", `version: "2025.04"`: `version: "2026.01"`,
		"choice: treatment": "choice: help", "  treatment:": "  help:",
	} {
		text = strings.ReplaceAll(text, old, now)
	}
	folder := edited(t, "pathway.yaml\n+# later")
	folder[structureFile].Data = []byte(text)
	d, findings := Load(fs.FS(folder))
	if d == nil || HasErrors(findings) {
		t.Fatal(findings)
	}
	return d
}

func TestMappingThatFits(t *testing.T) {
	t.Parallel()
	m, findings := ParseMapping([]byte(wholeMapping))
	findings = append(findings, CheckMapping(good(t), later(t), m)...)
	if len(findings) > 0 {
		t.Fatalf("a whole mapping has findings: %v", findings)
	}
	if to, kept := m.Step("first-visit"); to != "first-meeting" || !kept {
		t.Errorf("the first visit becomes %q, %t", to, kept)
	}
	if to, kept := m.Step("meeting"); to != "meeting" || !kept {
		t.Errorf("the meeting becomes %q, %t", to, kept)
	}
	if _, kept := m.Step("work-talk"); kept || m.Drops["work-talk"] != "talk-is-in-the-meeting" {
		t.Errorf("the talk about work is kept: %v", m.Drops)
	}
	if m.Milestone("assessment-started") != "assessment-begun" || m.Choice("treatment") != "help" {
		t.Errorf("the milestone and the choice become %q and %q", m.Milestone("assessment-started"), m.Choice("treatment"))
	}
	// A version needs no mapping to itself, and one that renames nothing none
	// at all.
	if findings := CheckMapping(good(t), good(t), Mapping{}); len(findings) > 0 {
		t.Errorf("a version does not fit itself: %v", findings)
	}
}

// Each slip in a mapping is told at its place.
func TestBadMappings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, now, want string }{
		"other version":        {"from: no.example@2025.04", "from: no.example@2024.04", `mapping.yaml:1:7: error: E700: the mapping is for no.example@2024.04, and this is no.example@2025.04`},
		"not a version":        {"to: no.example@2026.01", "to: no.example", `mapping.yaml:2:5: error: E106: "no.example" is not a version of a pathway; write it as no.pain@2025.04`},
		"unknown key":          {"reasons:\n", "reason:\n", `mapping.yaml:8:1: error: E101: "reason" is not a key here; did you mean "reasons"? Expected one of: from, to, steps, milestones, choices, reasons`},
		"unknown old step":     {"  first-visit:", "  first-vist:", `mapping.yaml:4:3: error: E701: the old version has no step "first-vist"; did you mean "first-visit"? Expected one of:`},
		"unknown dropped step": {"  work-talk:", "  talk-of-work:", `mapping.yaml:5:3: error: E701: the old version has no step "talk-of-work". Expected one of:`},
		"unknown new step":     {": first-meeting", ": first-talk", `mapping.yaml:4:16: error: E702: the new version has no step "first-talk"`},
		"a step is missed":     {"  work-talk: {drop: talk-is-in-the-meeting}\n", "", `mapping.yaml:3:1: error: E703: the step "work-talk" of no.example@2025.04 can be open, and the mapping does not say what becomes of it: give it its new name, or drop it with a reason`},
		"another kind":         {"  work-talk: {drop: talk-is-in-the-meeting}", "  work-talk: own-story", `mapping.yaml:5:14: error: E704: the step "work-talk" is of kind task and "own-story" is of kind form: a step cannot become another kind; drop it with a reason`},
		"milestone is missed":  {"milestones: {assessment-started: assessment-begun}\n", "", `mapping.yaml:0:0: error: E705: the clock "start" runs to "assessment-started", and no.example@2026.01 has no such milestone: give it its new name`},
		"two become one":       {"  work-talk: {drop: talk-is-in-the-meeting}", "  work-talk: first-meeting", `mapping.yaml:5:3: error: E708: the steps "first-visit" and "work-talk" would both become "first-meeting": a journey can have both, and one of them would be lost`},
		"choice is missed":     {"choices: {treatment: help}\n", "", `mapping.yaml:3:1: error: E709: the step "choose" lays out the choice "treatment", and in no.example@2026.01 it lays out "help": give the choice its new name, or drop the step`},
		"no reason":            {"drop: talk-is-in-the-meeting", "drop: talk-is-gone", `mapping.yaml:5:3: error: E710: there is no reason "talk-is-gone"`},
		"reason in three":      {"    sv: Samtalet är nu en del av mötet.\n", "", `mapping.yaml:9:3: error: E710: the reason "talk-is-in-the-meeting" has no words in "sv": the patient reads it in their own language`},
		"answer is dropped":    {"  work-talk:", "  assess-referral: {drop: talk-is-in-the-meeting}\n  work-talk:", `mapping.yaml:5:3: error: E711: the step "assess-referral" answers the referral and cannot be dropped: nobody is left without an answer`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.Count(wholeMapping, c.old) != 1 {
				t.Fatalf("the mapping holds %q %d times", c.old, strings.Count(wholeMapping, c.old))
			}
			m, findings := ParseMapping([]byte(strings.Replace(wholeMapping, c.old, c.now, 1)))
			findings = append(findings, CheckMapping(good(t), later(t), m)...)
			if !slices.ContainsFunc(findings, func(f Finding) bool { return strings.HasPrefix(f.String(), c.want) }) {
				t.Errorf("it is answered with %v, want %s", findings, c.want)
			}
			for _, f := range findings {
				if _, ok := Explain(f.Code); !ok {
					t.Errorf("%s is explained nowhere", f.Code)
				}
			}
		})
	}
}

// A law's limit cannot be left by moving, and a clock that counts from another
// day is told.
func TestMappingOfClocks(t *testing.T) {
	t.Parallel()
	has := func(to *Definition, want string) {
		t.Helper()
		if found := CheckMapping(good(t), to, Mapping{}); !slices.ContainsFunc(found, func(f Finding) bool { return strings.Contains(f.String(), want) }) {
			t.Errorf("%q is not told, only %v", want, found)
		}
	}
	without := good(t)
	without.Clocks = slices.DeleteFunc(without.Clocks, func(k Clock) bool { return k.ID == "answer" })
	has(without, `E706: the clock "answer" is the law's`)
	otherwise := good(t)
	otherwise.Clocks[1].From = "referral-answered"
	has(otherwise, `warning: W707: the clock "start" runs from "referral-received" now and from "referral-answered"`)
	own := good(t)
	own.Clocks = own.Clocks[:2]
	if found := CheckMapping(good(t), own, Mapping{}); len(found) > 0 {
		t.Errorf("a clock of our own cannot be left: %v", found)
	}
	// A step of the same name and another kind is not the same step.
	other := good(t)
	other.Steps[3].Kind = Visit
	has(other, `E704: the step "work-talk" is of kind task in`)
}

// Whatever the file holds, reading it ends and says where.
func FuzzParseMapping(f *testing.F) {
	f.Add([]byte(wholeMapping))
	f.Add([]byte("steps: {a: {drop: b}}\nreasons: {b: {nb: x}}"))
	f.Add([]byte("from: &a no.x@2025.04\nto: *a"))
	d := good(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		m, findings := ParseMapping(src)
		for _, finding := range append(findings, CheckMapping(d, d, m)...) {
			if _, ok := Explain(finding.Code); !ok || finding.File != mappingFile || finding.Line < 0 {
				t.Errorf("a finding that says too little: %#v", finding)
			}
		}
	})
}
