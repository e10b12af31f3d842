package casework_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/pathway"
	"forlop/pathway/library"
)

var updateFindings = flag.Bool("update-findings", false, "write the findings of the site files in testdata/site anew")

// bare is a site with nothing in it.
func bare(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{t: t, ctx: context.Background(), store: newStore(t), clock: &hand{now: instant("2026-01-05 09:00")}}
	b.s = b.service()
	return b
}

// site carries a site file out.
func (b *bundle) site(text string, dry bool) casework.SiteReport {
	b.t.Helper()
	r, err := b.s.ImportSite(b.ctx, dry, casework.SiteText{Name: "site.yaml", Text: []byte(text)})
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// events counts every event there is.
func (b *bundle) events() int64 {
	b.t.Helper()
	h, err := b.store.Check(b.ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	return h.Events
}

func lines(findings []pathway.Finding) string {
	var out strings.Builder
	for _, f := range findings {
		fmt.Fprintln(&out, f)
	}
	return out.String()
}

// Every bad file has its findings beside it, and changes nothing.
func TestBadSiteFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/site/*.yaml")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b := bare(t)
			r, err := b.s.ImportSite(b.ctx, false, casework.SiteText{Name: filepath.Base(path), Text: text})
			if err != nil {
				t.Fatal(err)
			}
			got, golden := lines(r.Findings), strings.TrimSuffix(path, ".yaml")+".findings"
			if *updateFindings {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("found:\n%s\nwant:\n%s", got, want)
			}
			if !pathway.HasErrors(r.Findings) {
				t.Error("a bad file has no error")
			}
			if r.Done != 0 || b.events() != 0 {
				t.Errorf("a bad file changed %d, and %d events are there", r.Done, b.events())
			}
		})
	}
}

const goodSite = `
regime: NO
people:
  - {id: astrid, name: Astrid Lund, profession: physician}
  - {id: kari, name: Kari Bjørk, profession: coordinator, posts: [clinic/desk, {post: clinic/coordinator, from: 2026-01-01, until: 2026-06-30}]}
units:
  - {unit: practice, name: Legene, kind: primary-care, parent: trust, roles: [gp], fallback: clinic/desk}
  - {unit: clinic, name: Klinikken, kind: pain-clinic, parent: trust, roles: [coordinator], phone: "1", hours: 9–15}
  - {unit: trust, name: Foretaket, kind: trust, lead: astrid}
`

func TestSiteIsSetUpOnce(t *testing.T) {
	t.Parallel()
	b := bare(t)
	dry := b.site(goodSite, true)
	if len(dry.Changes) != 10 || dry.Done != 0 || b.events() != 0 || len(dry.Findings) != 0 {
		t.Fatalf("a dry run: %d changes, %d done, %d events, %v", len(dry.Changes), dry.Done, b.events(), dry.Findings)
	}
	if _, err := b.store.Key(b.ctx, "kari"); err == nil {
		t.Error("a dry run made a key for somebody")
	}
	first := b.site(goodSite, false)
	if !slices.Equal(first.Changes, dry.Changes) || first.Done != len(first.Changes) {
		t.Errorf("done %d:\n%v\nthe dry run said:\n%v", first.Done, first.Changes, dry.Changes)
	}
	if err := b.s.Ready(b.ctx); err != nil {
		t.Errorf("the site is not ready: %v", err)
	}
	dir, now := b.s.Directory(), b.clock.Now()
	if got := dir.Holders(care.Post{Unit: "clinic", Role: "coordinator"}, now); !slices.Equal(got, []string{"kari"}) {
		t.Errorf("the coordinator is %v", got)
	}
	if got := dir.Holders(care.Post{Unit: "clinic", Role: "coordinator"}, instant("2026-06-30 23:59")); len(got) != 1 {
		t.Errorf("on the last day the coordinator is %v", got)
	}
	if got := dir.Holders(care.Post{Unit: "clinic", Role: "coordinator"}, instant("2026-07-01 00:00")); len(got) != 0 {
		t.Errorf("after the last day the coordinator is %v", got)
	}
	if _, where, _ := dir.Resolve(care.Post{Unit: "practice", Role: "gp"}, now); where != (care.Post{Unit: "clinic", Role: care.Desk}) {
		t.Errorf("the practice falls back on %v", where)
	}
	if name, err := b.s.Called(b.ctx, care.Actor{Kind: care.Professional, ID: "kari"}); err != nil || name != "Kari Bjørk" {
		t.Errorf("kari is called %q, %v", name, err)
	}
	events := b.events()
	b.s = b.service() // the program starts anew
	again := b.site(goodSite, false)
	if len(again.Changes) != 0 || len(again.Findings) != 0 || b.events() != events {
		t.Errorf("the same file again: %v %v, %d events more", again.Changes, again.Findings, b.events()-events)
	}
}

// A changed file changes what differs, there and back again, and takes nothing
// away that it does not name.
func TestSiteChanges(t *testing.T) {
	t.Parallel()
	replaced := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(goodSite) }
	for _, c := range []struct {
		name, file string
		changes    []string
		codes      []string
	}{
		{"phone", replaced(`"1"`, `"2"`), []string{"change clinic: phone “2”, until now “1”"}, nil},
		{"a text taken away", replaced(`hours: 9–15`, `hours: ""`), []string{"change clinic: hours nothing, until now “9–15”"}, nil},
		{"a text not given", replaced(`, hours: 9–15`, ``), nil, []string{"details-left"}},
		{"a later end", replaced("2026-06-30", "2026-08-31"), []string{"kari fills clinic/coordinator from 2026-01-01 to the end of 2026-08-31"}, nil},
		{"no end", replaced(", until: 2026-06-30", ""), []string{"kari fills clinic/coordinator also after 2026-06-30"}, nil},
		{"another start", replaced("2026-01-01", "2025-01-01"), nil, []string{"start-stays"}},
		{"a new lead", replaced("lead: astrid", "lead: kari"), []string{"kari leads trust, until now astrid"}, nil},
		{"no lead", replaced(", lead: astrid", ""), nil, []string{"lead-left"}},
		{"a new role", replaced("[coordinator]", "[coordinator, team]"), []string{"add the post clinic/team"}, nil},
		{"a role left out", replaced("roles: [gp], ", ""), nil, []string{"post-left"}},
		{"another fallback", replaced("clinic/desk}", "trust/desk}"), []string{"practice falls back on trust/desk, until now on clinic/desk"}, nil},
		{"no fallback", replaced(", fallback: clinic/desk", ""), nil, []string{"fallback-left"}},
		{"another place in the tree", replaced("primary-care, parent: trust", "primary-care, parent: clinic"), []string{"move practice from below trust to below clinic"}, nil},
		{"no place in the tree", replaced("primary-care, parent: trust", "primary-care"), nil, []string{"parent-left"}},
		{"another name", replaced("Kari Bjørk", "Kari Berg"), []string{"kari is called Kari Berg, until now Kari Bjørk"}, nil},
		{"another profession", replaced("profession: coordinator", "profession: nurse"), nil, []string{"profession-stays"}},
		{"somebody left out", replaced("  - {id: astrid, name: Astrid Lund, profession: physician}\n", ""), nil, []string{"person-left"}},
		{"a post left out", replaced("clinic/desk, {", "{"), nil, []string{"holder-left"}},
		{"a unit left out", replaced("  - {unit: practice, name: Legene, kind: primary-care, parent: trust, roles: [gp], fallback: clinic/desk}\n", ""), nil, []string{"unit-left"}},
		{"another kind", replaced("kind: primary-care", "kind: psychiatry"), nil, []string{"kind-stays"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := bare(t)
			b.site(goodSite, false)
			if c.file == goodSite {
				t.Fatal("the file is not changed")
			}
			r := b.site(c.file, false)
			var codes []string
			for _, f := range r.Findings {
				codes = append(codes, f.Code)
			}
			if !slices.Equal(r.Changes, c.changes) || !slices.Equal(codes, c.codes) {
				t.Errorf("changes %q, want %q; findings %v, want %v", r.Changes, c.changes, codes, c.codes)
			}
			if again := b.site(c.file, false); len(again.Changes) != 0 {
				t.Errorf("the same file again: %q", again.Changes)
			}
		})
	}
	t.Run("there and back", func(t *testing.T) {
		t.Parallel()
		b := bare(t)
		for i, phone := range []string{"1", "2", "1", "2"} {
			b.site(replaced(`"1"`, `"`+phone+`"`), false)
			if u, _ := b.s.Directory().Unit("clinic"); u.Contact.Phone != phone {
				t.Fatalf("after file %d the phone is %q, want %q", i+1, u.Contact.Phone, phone)
			}
		}
	})
}

// What others did in the database meanwhile is seen: a closed unit is not opened
// again, and somebody who ended is registered anew.
func TestSiteMeetsWhatIsThere(t *testing.T) {
	t.Parallel()
	b := bare(t)
	b.site(goodSite, false)
	b.setUp("practice", directory.Close{Successor: "clinic"})
	if r := b.site(goodSite, false); !pathway.HasErrors(r.Findings) || r.Findings[0].Code != "unit-closed" || r.Done != 0 {
		t.Errorf("a closed unit: %+v", r)
	}
	b = bare(t)
	b.site(goodSite, false)
	b.setUp("nils", directory.Register{Professional: "nils", Profession: "nurse"})
	b.setUp("nils", directory.EndRegistration{})
	r := b.site(goodSite, false)
	if len(r.Findings) != 0 {
		t.Errorf("one who ended is missed: %v", r.Findings)
	}
	r = b.site(strings.Replace(goodSite, "units:", "  - {id: nils, name: Nils Eik, profession: nurse, hpr: \"0000001\"}\nunits:", 1), false)
	if want := []string{"register nils, nurse", "nils is called Nils Eik"}; !slices.Equal(r.Changes, want) {
		t.Errorf("one who comes back: %q, want %q", r.Changes, want)
	}
}

// The example that is shipped has no finding and makes a site that is ready.
func TestExampleSite(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/example-site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b := bare(t)
	if r := b.site(string(text), false); len(r.Findings) != 0 || r.Done < 20 {
		t.Errorf("%d changes, %v", r.Done, r.Findings)
	}
	if err := b.s.Ready(b.ctx); err != nil {
		t.Error(err)
	}
	names, err := b.store.Identities(b.ctx, []string{"kari-bjork"})
	if err != nil || len(names) != 1 || bytes.Contains(names["kari-bjork"], []byte("Kari")) {
		t.Errorf("the name is not sealed in the vault: %q, %v", names, err)
	}
}

const servingSite = goodSite + `
  - unit: pool
    name: Bassenget
    kind: learning-centre
    parent: trust
    services:
      - {service: warm-water, options: [no.pain/treatment/warm-water], where: "Fjord sykehus, 2. etasje", wait: 6 weeks, places: 12, seen: 2025-12-01, source: Avdelingen på telefon}
`

// What a unit has for the options of pathways comes with the site file; the same
// file again changes nothing, a newer report replaces the one before, and it is
// taken away only where the file says so.
func TestSiteServices(t *testing.T) {
	t.Parallel()
	b := bare(t)
	b.site(servingSite, false)
	const option = "no.pain/treatment/warm-water"
	got := b.s.Directory().Services(option)
	if len(got) != 1 || got[0].Unit != "pool" || got[0].Wait.String() != "6 weeks" || got[0].Places != 12 || got[0].Seen.String() != "2025-12-01" {
		t.Fatalf("offered: %+v", got)
	}
	if again := b.site(servingSite, false); len(again.Changes) != 0 {
		t.Errorf("the same file again changes %v", again.Changes)
	}
	newer := strings.Replace(strings.Replace(servingSite, "6 weeks", "9 weeks", 1), "2025-12-01", "2026-01-03", 1)
	if r := b.site(newer, false); len(r.Changes) != 1 || !strings.Contains(r.Changes[0], "9 weeks") {
		t.Errorf("a newer report changes %v", r.Changes)
	}
	silent, _, _ := strings.Cut(newer, "    services:")
	if r := b.site(silent, false); len(r.Changes) != 0 || !strings.Contains(lines(r.Findings), "service-left") {
		t.Errorf("a file without the service: %v\n%s", r.Changes, lines(r.Findings))
	}
	if r := b.site(silent+"    services: [{service: warm-water, withdrawn: true}]\n", false); len(r.Changes) != 1 || len(b.s.Directory().Services(option)) != 0 {
		t.Errorf("after it was withdrawn: %v, %v", r.Changes, b.s.Directory().Services(option))
	}
	files, _ := library.Files("no.pain")
	if _, _, err := b.s.Shelve(b.ctx, files); err != nil {
		t.Fatal(err)
	}
	// A step's known wait is a service too; what no pathway has is warned about with
	// the nearest name, and kept.
	for option, warned := range map[string]string{"no.pain/steps/start-assessment": "", "no.pain/help/course-nearby": "", "no.pain/steps/start-asessment": "no.pain/steps/start-assessment", "no.pain/help/start-assessment": "option-unknown"} {
		said := lines(b.site(strings.Replace(newer, "no.pain/treatment/warm-water", option, 1), true).Findings)
		if got := strings.Contains(said, "option-unknown"); got != (warned != "") || !strings.Contains(said, warned) {
			t.Errorf("%s is said to be\n%s", option, said)
		}
	}
}
