package casework_test

import (
	"strings"
	"testing"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
)

const importHead = "name,number,born,pathway,received,responsible,sender,sender-name,referral-answered,referral-answered:source," +
	"assessment-started,assessment-started:source,summary-meeting-held,summary-meeting-held:source,step:assess-referral,role:gp\n"

// importing is a file with the usual columns.
func importing(rows ...string) []byte { return []byte(importHead + strings.Join(rows, "\n") + "\n") }

func TestImportOpensWhatIsNext(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, row string
		steps     []string
	}{
		{"referral not answered", "Anna Linerle,,1980-03-01,no.pain,2025-12-29,clinic/desk,practice,,,,,,,,,practice",
			[]string{"assess-referral", "help-while-waiting"}},
		{"waits for the first appointment", "Anna Linerle,,1980-03-01,no.pain,2025-12-01,clinic/coordinator,practice,,2025-12-08,Brev,,,,,accept,practice",
			[]string{"help-while-waiting", "start-date", "start-assessment"}},
		{"being assessed", "Anna Linerle,,1980-03-01,no.pain,2025-11-03,clinic/coordinator,,Legene utenfor,2025-11-10,Brev,2025-12-15,Timebok,,,accept,",
			[]string{"invite-to-summary-meeting", "wishes-before-summary-meeting", "assessment-and-draft-plan", "summary-meeting"}},
		{"between the meetings", "Anna Linerle,,1980-03-01,no.pain,01.09.2025,clinic/coordinator,practice,,10.09.2025,Brev,20.10.2025,Timebok,15.12.2025,Referat,accept,practice",
			[]string{"share-plan", "midway-talk", "follow-up-meeting"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			report, err := b.s.Import(b.ctx, importing(tt.row), false)
			if err != nil || report.Failed() || report.Opened != 1 {
				t.Fatalf("%+v, %v", report, err)
			}
			page, err := casework.View(b.ctx, b.s, kari, casework.Journeys{Limit: 10})
			if err != nil || len(page) != 1 {
				t.Fatalf("%d journeys, %v", len(page), err)
			}
			v := b.journey(kari, page[0].Stream.ID())
			var open []string
			for _, st := range v.State.Steps {
				open = append(open, string(st.ID))
			}
			if got, want := strings.Join(open, " "), strings.Join(tt.steps, " "); got != want {
				t.Errorf("open are %s, want %s", got, want)
			}
			if v.State.Origin != journey.Imported || v.Person.Identity.Name != "Anna Linerle" {
				t.Errorf("origin %s of %q", v.State.Origin, v.Person.Identity.Name)
			}
			again, err := b.s.Import(b.ctx, importing(tt.row), false)
			if err != nil || again.Failed() || again.Opened != 0 || again.Unchanged != 1 {
				t.Errorf("the same file again: %+v, %v", again, err)
			}
			if after := b.journey(kari, page[0].Stream.ID()); after.State.Version != v.State.Version {
				t.Errorf("the same file again changed the journey from %d to %d", v.State.Version, after.State.Version)
			}
			audit, err := b.s.Verify(b.ctx)
			if err != nil || len(audit.Findings) > 0 {
				t.Errorf("verify: %v %v", audit.Findings, err)
			}
		})
	}
}

func TestImportFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := "Anna Linerle,,1980-03-01,no.pain,2025-12-29,clinic/desk,practice,,,,,,,,,practice"
	for _, tt := range []struct{ name, file, column, code string }{
		{"no columns", "", "", "no-header"},
		{"a column that is not there", "name,pathway,received,responsibel\n", "responsibel", "column-unknown"},
		{"half its columns", "name,born\nAnna,1980-03-01\n", "responsible", "column-missing"},
		{"a column twice", "name,name,pathway,received,responsible\n", "name", "column-twice"},
		{"a short row", string(importing("Anna Linerle,,1980-03-01,no.pain")), "", "row-length"},
		{"not a table", string(importing(`Anna "Linerle,,1980`)), "", "not-csv"},
		{"no owner", string(importing(strings.Replace(good, "clinic/desk", "", 1))), "responsible", "missing"},
		{"a unit without a role", string(importing(strings.Replace(good, "clinic/desk", "clinic", 1))), "responsible", "no-such-post"},
		{"an unknown unit", string(importing(strings.Replace(good, "clinic/desk", "klinic/desk", 1))), "responsible", "no-such-unit"},
		{"an unknown sender", string(importing(strings.Replace(good, ",practice,", ",praksis,", 1))), "sender", "no-such-unit"},
		{"no sender", string(importing(strings.Replace(good, ",practice,,", ",,,", 1))), "sender", "missing"},
		{"an unknown pathway", string(importing(strings.Replace(good, "no.pain", "no.pian", 1))), "pathway", "no-such-pathway"},
		{"no date of receipt", string(importing(strings.Replace(good, "2025-12-29", "", 1))), "received", "missing"},
		{"an impossible date", string(importing(strings.Replace(good, "2025-12-29", "2025-02-30", 1))), "received", "date"},
		{"a date that has not come", string(importing(strings.Replace(good, "2025-12-29", "2027-01-01", 1))), "received", "date-ahead"},
		{"nobody's name", string(importing(strings.Replace(good, "Anna Linerle", "", 1))), "name", "missing"},
		{"no birth date and no number", string(importing(strings.Replace(good, "1980-03-01", "", 1))), "born", "missing"},
		{"a wrong number", string(importing(strings.Replace(good, "Linerle,", "Linerle,12345678901", 1))), "number", "number"},
		{"a date without a source", string(importing("A B,,1980-03-01,no.pain,2025-12-01,clinic/desk,practice,,2025-12-08,,,,,,accept,")), "referral-answered:source", "missing"},
		{"an answer that is not said", string(importing("A B,,1980-03-01,no.pain,2025-12-01,clinic/desk,practice,,2025-12-08,Brev,,,,,,")), "step:assess-referral", "missing"},
		{"an answer there is not", string(importing("A B,,1980-03-01,no.pain,2025-12-01,clinic/desk,practice,,2025-12-08,Brev,,,,,reject,")), "step:assess-referral", "no-such-answer"},
		{"a milestone before the receipt", string(importing("A B,,1980-03-01,no.pain,2025-12-10,clinic/desk,practice,,2025-12-08,Brev,,,,,accept,")), "referral-answered", "date-order"},
		{"a milestone left out", string(importing("A B,,1980-03-01,no.pain,2025-12-01,clinic/desk,practice,,,,2025-12-20,Bok,,,,")), "referral-answered", "missing"},
		{"the same person twice", string(importing(good, good)), "number", "row-twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			report, err := b.s.Import(b.ctx, []byte(tt.file), true)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, f := range report.Findings {
				found = found || f.Column == tt.column && f.Code == tt.code && f.Line > 0
			}
			if !found || !report.Failed() {
				t.Errorf("want %s in %q, found %v", tt.code, tt.column, report.Findings)
			}
		})
	}
}

func TestImportIsWholeRowByRow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := importing(
		"Anna Linerle,,1980-03-01,no.pain,2025-12-29,clinic/desk,practice,,,,,,,,,practice",
		"Berit Tjeld,,1980-03-01,no.pain,2025-12-29,,practice,,,,,,,,,practice",
		"Carl Vipe,,1981-03-01,no.pain,2025-12-29,clinic/desk,practice,,,,,,,,,practice",
	)
	dry, err := b.s.Import(b.ctx, file, true)
	if err != nil || dry.Opened != 2 {
		t.Fatalf("dry run: %+v, %v", dry, err)
	}
	if page, err := casework.View(b.ctx, b.s, kari, casework.Journeys{Limit: 10}); err != nil || len(page) != 0 {
		t.Fatalf("a dry run opened %d journeys, %v", len(page), err)
	}
	for _, name := range []string{"Anna", "Carl"} {
		if found, err := casework.View(b.ctx, b.s, kari, casework.FindPerson{Query: name}); err != nil || len(found) != 0 {
			t.Errorf("a dry run made %s known: %v", name, err)
		}
	}
	report, err := b.s.Import(b.ctx, file, false)
	if err != nil || report.Opened != 2 || len(report.Findings) != 1 || report.Findings[0].Line != 3 {
		t.Fatalf("%+v, %v", report, err)
	}
	changed := strings.Replace(string(file), "2025-12-29", "2025-12-22", 1)
	again, err := b.s.Import(b.ctx, []byte(changed), false)
	if err != nil || again.Opened != 0 || again.Unchanged != 1 || again.Findings[0].Code != "journey-open-already" {
		t.Errorf("a changed row for an open journey: %+v, %v", again, err)
	}
	if n, ok := care.SyntheticNorwegian(care.Date{Year: 1980, Month: 3, Day: 1}, 4); ok {
		numbered := strings.Replace(string(importing("Dag Heilo,X,1980-03-01,no.pain,2025-12-29,clinic/desk,practice,,,,,,,,,practice",
			"Dag Heilo,,1980-03-01,no.pain,2025-12-29,clinic/desk,practice,,,,,,,,,practice")), "X", n.Digits(), 1)
		if r, err := b.s.Import(b.ctx, []byte(numbered), false); err != nil || r.Opened != 2 {
			t.Errorf("two of the same name and birth date, one with a number: %+v, %v", r, err)
		}
	}
}
