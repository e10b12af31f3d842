package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMovingAtTheCommandLine moves running journeys by two persons: what it means
// is said first, a mapping that misses a step is refused with its place, and the
// sum balances.
func TestMovingAtTheCommandLine(t *testing.T) {
	t.Parallel()
	e := newEditors(t)
	e.ok(astrid, "pathway", "publish", "no.pain", "--for", "fjord-hf")
	e.ok(siri, "pathway", "approve", "no.pain@2025.04", "--activate")
	received := time.Now().AddDate(0, 0, -60).Format(time.DateOnly)
	answered := time.Now().AddDate(0, 0, -55).Format(time.DateOnly)
	table := "name;born;pathway;received;responsible;sender;referral-answered;referral-answered:source;step:assess-referral;role:gp\n"
	for _, name := range []string{"Anna Linerle", "Ola Vipe", "Kari Trost"} {
		table += name + ";1980-03-01;no.pain;" + received + ";smerteklinikken/coordinator;legene-pa-torget;" + answered + ";Brev;accept;legene-pa-torget\n"
	}
	journeys := filepath.Join(e.dir, "journeys.csv")
	write(t, journeys, table)
	e.ok("", "import", "journeys", journeys, "--database", e.database)

	// A newer version: eight weeks to the first visit, which has another name.
	folder := e.write("no.pain", "2026.01")
	change(t, filepath.Join(folder, "pathway.yaml"), "to: assessment-started, within: 12 weeks", "to: assessment-started, within: 8 weeks")
	for _, file := range []string{"pathway.yaml", "text.nb.yaml", "text.nn.yaml", "text.sv.yaml", "text.en.yaml"} {
		change(t, filepath.Join(folder, file), "start-assessment", "first-visit")
	}
	out := e.ok("", "pathway", "diff", "no.pain", folder, "--language", "en")
	for _, want := range []string{"12 weeks", "8 weeks", "= 3 running journeys, 3 would be late today", "3 running journeys follow no.pain@2025.04. 3 can move.", "E703"} {
		if !strings.Contains(out, want) {
			t.Errorf("the difference does not say %q:\n%s", want, out)
		}
	}
	e.ok(astrid, "pathway", "publish", folder)
	e.ok(siri, "pathway", "approve", "no.pain@2026.01")

	move := []string{"pathway", "move", "no.pain@2025.04", "no.pain@2026.01"}
	with := func(more ...string) []string { return append(append([]string(nil), move...), more...) }
	mapping := filepath.Join(e.dir, "mapping.yaml")
	write(t, mapping, "from: no.pain@2025.04\nto: no.pain@2026.01\nsteps:\n  start-assesment: first-visit\n")
	e.refused(exitFindings, astrid, "mapping.yaml:4:3", with("--mapping", mapping)...)
	e.refused(exitFindings, astrid, `"start-assessment"`, with("--mapping", mapping)...)
	e.refused(exitFindings, astrid, `"start-assessment"`, with()...)
	e.refused(exitUsage, astrid, "nobody has proposed", with("--confirm")...)
	e.refused(exitUsage, "astrid-lund", "PERSON@UNIT/ROLE", with()...)
	write(t, mapping, "from: no.pain@2025.04\nto: no.pain@2026.01\nsteps:\n  start-assessment: first-visit\n")
	if out := e.ok(astrid, with("--mapping", mapping, "--preview")...); !strings.Contains(out, "3 can move") {
		t.Errorf("the preview says:\n%s", out)
	}
	if out := e.ok(astrid, with("--mapping", mapping, "--size", "2")...); !strings.Contains(out, "proposed") || !strings.Contains(out, "3 can move, 3 of them would have something late at once") {
		t.Errorf("the proposal says:\n%s", out)
	}
	e.refused(exitFailed, astrid, "(campaign-two-persons)", with("--confirm")...)
	if out := e.ok(siri, with("--preview")...); !strings.Contains(out, "step-renamed: ") || !strings.Contains(out, "late at once") {
		t.Errorf("the preview of each patient says:\n%s", out)
	}
	e.ok(siri, with("--confirm")...)
	e.ok(astrid, with("--slice", "1")...)
	e.ok(astrid, with("--stop")...)
	if out := e.ok(astrid, with("--slice", "1")...); !strings.Contains(out, "stopped") || !strings.Contains(out, " 2 moved") {
		t.Errorf("stopped, it says:\n%s", out)
	}
	e.ok(siri, with("--resume")...)
	e.ok(astrid, with("--slice", "5")...)
	var line moveLine
	if err := json.Unmarshal([]byte(e.run(siri, with("--json")...).stdout), &line); err != nil {
		t.Fatal(err)
	}
	if line.Status != "finished" || line.Start != 3 || line.Counts["moved"] != 3 || line.ProposedBy != "Astrid Lund" || line.ConfirmedBy != "Siri Holm" {
		t.Errorf("at the end it is %+v", line)
	}
	e.ok("", "verify", "--database", e.database)
}

// change replaces words in a file.
func change(t *testing.T, path, before, after string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(text), before, after)
	if changed == string(text) {
		t.Fatalf("%s has no %q", path, before)
	}
	write(t, path, changed)
}
