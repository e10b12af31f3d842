package casework_test

import (
	"strings"
	"testing"

	"forlop/care"
	"forlop/care/directory"
	"forlop/pathway"
)

const knownSite = `regime: NO
people:
  - {id: kari, name: Kari Bjørk, profession: physician, hpr: "009144900"}
  - {id: turid, name: Turid Rogn, profession: nurse, hpr: "9144919"}
units:
  - {unit: trust, name: Fjord HF, kind: trust, lead: kari, organisation: "974 760 673"}
  - unit: clinic
    name: Klinikken
    kind: pain-clinic
    parent: trust
    organisation: "974760673"
    her: "81425"
    resh: "104919"
    run: {by: contract, runner: Smertehjelpen AS, from: 2026-01-01, until: 2028-12-31}
    capacity: {journeys: 120, new: 4, seen: 2026-01-02, source: Avdelingen}
    redirect: trust
`

// A unit says its numbers, who runs it, how many it takes and where new patients
// go instead; the same file again changes nothing.
func TestSiteSaysWhatIsKnownOfAUnit(t *testing.T) {
	t.Parallel()
	b := bare(t)
	if r := b.site(knownSite, false); pathway.HasErrors(r.Findings) || r.Done == 0 {
		t.Fatalf("%d done: %s", r.Done, lines(r.Findings))
	}
	if r := b.site(knownSite, false); len(r.Changes) > 0 || len(r.Findings) > 0 {
		t.Errorf("the same file again changes %v: %s", r.Changes, lines(r.Findings))
	}
	u, _ := b.s.Directory().Unit("clinic")
	run, _ := u.RunOn(care.Date{Year: 2027, Month: 5, Day: 1})
	if u.Number(care.HER) != "81425" || u.Number(care.RESH) != "104919" || run.Runner != "Smertehjelpen AS" || u.Capacity.New != 4 || u.Redirect != "trust" || u.Status != directory.Full {
		t.Errorf("the clinic is %+v", u)
	}
	if r := b.site(strings.Replace(knownSite, "redirect: trust", `redirect: ""`, 1), false); r.Done != 1 {
		t.Errorf("opening it again: %v %s", r.Changes, lines(r.Findings))
	}

	// Two people claim one number: the file is refused with both names, never the
	// number, and nothing of it is done.
	before := b.events()
	r := b.site(strings.Replace(knownSite, "9144919", "9144900", 1), false)
	said := lines(r.Findings)
	if r.Done != 0 || !strings.Contains(said, "number-claimed") || strings.Contains(said, "9144900") || b.events() != before {
		t.Errorf("%d done: %s", r.Done, said)
	}
	for _, c := range []struct{ from, to, code string }{
		{"her: \"81425\"", "her: \"8x\"", "her-id-form"},
		{"974760673", "974760674", "organisation-number-control-digit"},
		{"resh: \"104919\"", "hsa: SE2321000016-1HZ3", "register-foreign"},
		{"by: contract", "by: someone", "run-by-unknown"},
		{"new: 4", "new: four", "number-form"},
		{"redirect: trust", "redirect: nowhere", "unit-unknown"},
	} {
		if r := b.site(strings.Replace(knownSite, c.from, c.to, 1), true); !strings.Contains(lines(r.Findings), c.code) {
			t.Errorf("%s: %s, want %s", c.to, lines(r.Findings), c.code)
		}
	}
}
