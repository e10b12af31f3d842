package casework_test

import (
	"bytes"
	"strings"
	"testing"

	"forlop/casework"
	"forlop/pathway"
)

// What is exported and imported again changes nothing, here and in an empty
// database; a cell is never a formula.
func TestTablesGoOutAndComeBack(t *testing.T) {
	t.Parallel()
	b := bare(t)
	b.site(strings.Replace(knownSite, "Kari Bjørk", `"=HYPERLINK(1)"`, 1), false)
	var units, people bytes.Buffer
	if err := b.s.ExportUnits(b.ctx, &units); err != nil {
		t.Fatal(err)
	}
	if err := b.s.ExportPeople(b.ctx, &people); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(people.String(), ",'=HYPERLINK(1),") {
		t.Errorf("a formula goes out as one:\n%s", people.String())
	}
	semicolons := "\ufeff" + strings.ReplaceAll(people.String(), ",", ";")
	before := b.events()
	for name, text := range map[string]string{"units.csv": units.String(), "people.csv": people.String(), "semicolons.csv": semicolons} {
		r, err := b.s.ImportSite(b.ctx, false, casework.SiteText{Name: name, Text: []byte(text)})
		if err != nil || len(r.Changes) > 0 || pathway.HasErrors(r.Findings) {
			t.Errorf("%s changes %v: %s %v\n%s", name, r.Changes, lines(r.Findings), err, text)
		}
	}
	if b.events() != before {
		t.Error("an export that came back changed something")
	}
	empty := bare(t)
	// Units and people that are new name each other, so they come together.
	both := []casework.SiteText{{Name: "units.csv", Text: units.Bytes()}, {Name: "people.csv", Text: people.Bytes()}}
	if r, err := empty.s.ImportSite(empty.ctx, false, both...); err != nil || pathway.HasErrors(r.Findings) || r.Done == 0 {
		t.Errorf("into nothing: %s %v", lines(r.Findings), err)
	}
	both[1].Text = append(both[1].Text, people.Bytes()[bytes.IndexByte(people.Bytes(), '\n')+1:]...)
	if r, err := empty.s.ImportSite(empty.ctx, false, both...); err != nil || !strings.Contains(lines(r.Findings), "people.csv:4:1: error: person-twice") {
		t.Errorf("the same people twice: %s %v", lines(r.Findings), err)
	}
	var again bytes.Buffer
	if err := empty.s.ExportPeople(empty.ctx, &again); err != nil || again.String() != people.String() {
		t.Errorf("came back as\n%s, %v, want\n%s", again.String(), err, people.String())
	}

	for _, bad := range []struct{ text, want string }{
		{"", "unreadable"},
		{"id,nam\nx,y\n", "1:4: error: column-unknown"},
		{"id,name,profession,hpr\nanna,Anna,nurse,12\nberit,Berit,nurse,012\n", "3:19: error: number-claimed"},
		{"id,name,profession\nanna,\"Anna,nurse\n", "unreadable"},
		{"id,name,profession,posts\nanna,Anna,nurse,clinic\n", "2:17: error: post-form"},
		{"id,name,profession\nanna,Anna,nurse\nanna,Anna,nurse\n", "3:1: error: person-twice"},
	} {
		r, err := b.s.ImportSite(b.ctx, false, casework.SiteText{Name: "bad.csv", Text: []byte(bad.text)})
		if err != nil || r.Done > 0 || !strings.Contains(lines(r.Findings), bad.want) {
			t.Errorf("%q: %s %v, want %s", bad.text, lines(r.Findings), err, bad.want)
		}
	}
	if b.events() != before {
		t.Error("a bad table changed something")
	}
}
