package access_test

import (
	"slices"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
)

// desk is a unit's oversight as a test drives it.
type desk struct {
	t   *testing.T
	o   access.Oversight
	now time.Time
}

var (
	officer = care.Post{Unit: "trust", Role: care.PrivacyOfficer}
	ofTrust = access.OversightKnown{Unit: "trust", Regime: care.Norway, Owner: func(...string) care.Post { return officer }}
)

func (d *desk) try(c access.OversightCommand, by string) ([]care.Made, error) {
	act := care.Act{At: d.now, Actor: care.Service}
	if by != "" {
		act.Actor, act.Post = care.Actor{Kind: care.Professional, ID: by}, officer
	}
	before := d.o.Clone()
	made, err := access.DecideOversight(d.o, c, act, ofTrust)
	for _, m := range made {
		r := care.Recorded{Version: d.o.Version + 1, Event: m.Event, Learned: d.now, Happened: d.now, Actor: act.Actor}
		if err := access.EvolveOversight(&d.o, r); err != nil {
			d.t.Fatalf("%s: %v", m.Event.Type(), err)
		}
	}
	if len(before.Matters) > 0 && len(made) > 0 && before.Version == d.o.Version {
		d.t.Error("a clone shares what evolves")
	}
	return made, err
}

func (d *desk) do(c access.OversightCommand, by string) []care.Made {
	d.t.Helper()
	made, err := d.try(c, by)
	if err != nil {
		d.t.Fatalf("%s: %v", c.Name(), err)
	}
	return made
}

func (d *desk) refused(c access.OversightCommand, by, code string) {
	d.t.Helper()
	_, err := d.try(c, by)
	if r, is := care.AsRefusal(err); !is || r.Code != code {
		d.t.Errorf("%+v by %s: %v, not %s", c, by, err, code)
	}
}

// TestFindingsAreOwnedAndDecided takes findings and a sample from the search to a
// decision: each once, with an owner and a date, never by who looked.
func TestFindingsAreOwnedAndDecided(t *testing.T) {
	t.Parallel()
	d := &desk{t: t, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	raised := func(pattern access.Pattern, person care.PersonKey, looks ...int64) access.RaiseFindings {
		return access.RaiseFindings{Findings: []access.Raised{{
			Finding: access.Finding{Pattern: pattern, Actor: "turid", Person: person, Looks: looks}, First: d.now.AddDate(0, 0, -2), Last: d.now.AddDate(0, 0, -1),
		}}}
	}
	if made := d.do(access.RaiseFindings{}, ""); len(made) > 0 {
		t.Errorf("nothing found made %v", made)
	}
	d.do(raised(access.OwnSurname, "p1", 3, 5), "")
	if len(d.o.Matters) != 1 || d.o.Matters[0].Owner != officer {
		t.Fatalf("the finding is %+v", d.o.Matters)
	}
	if want := care.CalendarOf(care.Norway).Deadline(d.now, care.Span{N: 5, Unit: care.WorkingDays}); !d.o.Matters[0].Due.Equal(want) {
		t.Errorf("it is to be decided by %s, not %s", d.o.Matters[0].Due, want)
	}
	// The same looks raise nothing; a further one joins what is open.
	if made := d.do(raised(access.OwnSurname, "p1", 3, 5), ""); len(made) > 0 {
		t.Errorf("the same again made %v", made)
	}
	d.do(raised(access.OwnSurname, "p1", 3, 5, 9), "")
	d.do(raised(access.OwnSurname, "p2", 9), "")
	d.do(raised(access.Browsing, "", 3, 5, 9), "")
	if len(d.o.Matters) != 3 || !slices.Equal(d.o.Matters[0].Looks, []int64{3, 5, 9}) {
		t.Fatalf("the matters are %+v", d.o.Matters)
	}
	// Decided by somebody else, with a reason, from the list.
	decide := access.DecideMatter{Matter: 1, Verdict: access.NotJustified, Words: "Snakket med henne."}
	d.refused(decide, "turid", "decide-own-look")
	d.refused(access.DecideMatter{Matter: 1, Verdict: access.NothingStandsOut, Words: "Ja."}, "olga", "matter-verdict")
	d.refused(access.DecideMatter{Matter: 1, Verdict: access.NotJustified}, "olga", "words-needed")
	d.refused(access.DecideMatter{Matter: 9, Verdict: access.NotJustified, Words: "Ja."}, "olga", "matter-unknown")
	if made := d.do(decide, "olga"); made[0].Sealed["words"] != "Snakket med henne." {
		t.Errorf("the words are %v", made[0].Sealed)
	}
	d.refused(decide, "olga", "matter-decided")
	if m := d.o.Matters[0]; m.Open() || m.Decider != "olga" || !m.Decided.Equal(d.now) {
		t.Errorf("decided: %+v", m)
	}
	// What was decided stays so; a look after it is asked about anew, alone.
	if made := d.do(raised(access.OwnSurname, "p1", 3, 5, 9), ""); len(made) > 0 {
		t.Errorf("what is decided was raised again: %v", made)
	}
	d.do(raised(access.OwnSurname, "p1", 3, 5, 9, 12), "")
	if m := d.o.Matters[3]; !slices.Equal(m.Looks, []int64{12}) || !m.Open() {
		t.Errorf("the new finding is %+v", m)
	}
	// A time is drawn once, and nobody reads through their own looks.
	drawn := access.DrawSample{From: d.now.AddDate(0, 0, -7), Until: d.now, Seed: 7, Looks: []int64{2, 3}, Actors: []string{"kari", "turid"}}
	d.do(drawn, "")
	if made := d.do(drawn, ""); len(made) > 0 {
		t.Errorf("a week was drawn twice: %v", made)
	}
	d.refused(access.DecideMatter{Matter: 5, Verdict: access.NothingStandsOut, Words: "Lest."}, "kari", "decide-own-look")
	d.do(access.DecideMatter{Matter: 5, Verdict: access.NothingStandsOut, Words: "Lest."}, "olga")
	// What nobody decides climbs to the lead, once, and stays with its owner.
	at, due := access.DueOversight(d.o)
	if !due {
		t.Fatal("nothing is due")
	}
	items := len(d.o.Items())
	d.now = at
	d.do(access.OversightWake{}, "")
	if _, due := access.DueOversight(d.o); due || len(d.o.Items()) != 2*items {
		t.Errorf("after climbing the items are %+v", d.o.Items())
	}
	for _, i := range d.o.Items() {
		if i.Overdue != 1 || i.Due.IsZero() || i.Kind == care.EscalationItem && i.Post.Role != care.Lead {
			t.Errorf("the item is %+v", i)
		}
	}
	if made := d.do(access.OversightWake{}, ""); len(made) > 0 {
		t.Errorf("it climbed twice: %v", made)
	}
}
