package casework_test

import (
	"slices"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/store"
)

// neighbours opens a region beside the trust, with a ward and a privacy officer
// of its own, and gives the trust its officer.
func (b *bundle) neighbours() (here, there casework.Who) {
	b.t.Helper()
	for _, who := range []string{"olga", "greta", "gunnar", "gro"} {
		b.setUp(who, directory.Register{Professional: who, Profession: "physician"})
		if err := b.s.NameProfessional(b.ctx, who, casework.Identity{Name: who + " Lund"}); err != nil {
			b.t.Fatal(err)
		}
	}
	b.setUp("trust", directory.AddPost{Role: care.PrivacyOfficer})
	b.setUp("trust", directory.Join{Professional: "olga", Role: care.PrivacyOfficer})
	b.setUp("region", directory.OpenUnit{Unit: "region", Kind: "region", Regime: care.Norway, Contact: directory.Contact{Name: "Nabohelse"}, Roles: []care.Role{care.PrivacyOfficer}, Lead: "gro"})
	b.setUp("ward", directory.OpenUnit{Unit: "ward", Kind: "pain-clinic", Parent: "region", Regime: care.Norway, Contact: directory.Contact{Name: "Nabopost"}, Roles: []care.Role{"team"}})
	b.setUp("region", directory.Join{Professional: "greta", Role: care.PrivacyOfficer})
	b.setUp("ward", directory.Join{Professional: "gunnar", Role: "team"})
	return as("olga", "trust", care.PrivacyOfficer), as("greta", "region", care.PrivacyOfficer)
}

// looked puts a look in the log.
func (b *bundle) looked(who casework.Who, at time.Time, basis access.Basis, persons ...care.PersonKey) {
	b.t.Helper()
	err := b.store.Log(b.ctx, store.Look{At: at, Actor: who.Actor, Post: who.Post, Basis: string(basis), Question: "journey", Persons: persons})
	if err != nil {
		b.t.Fatal(err)
	}
}

// list is the whole of somebody's worklist.
func (b *bundle) list(who casework.Who) []casework.WorkRow {
	b.t.Helper()
	page, err := casework.View(b.ctx, b.s, who, casework.WorkQuery{Size: 100})
	if err != nil {
		b.t.Fatal(err)
	}
	return page.Rows
}

// oversee lets the worker search what of the log is over.
func (b *bundle) oversee() {
	b.t.Helper()
	if err := b.s.Oversee(b.ctx); err != nil {
		b.t.Fatal(err)
	}
}

// TestOfficersOverseeTheirOwnStaff has two organisations in one database: their
// officers see the looks made from posts under their own unit, whoever was looked
// at, and nothing of the other's (P15).
func TestOfficersOverseeTheirOwnStaff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	here, there := b.neighbours()
	turid, gunnar := as("turid", "clinic", "team"), as("gunnar", "ward", "team")
	one, other := b.adult("Pasient En", "17912099997"), b.adult("Pasient To", "")
	at := b.clock.Now()
	for i := range 3 {
		b.looked(turid, at.Add(time.Duration(i)*time.Hour), access.TakesPart, one)
		b.looked(gunnar, at.Add(time.Duration(i)*time.Hour), access.TakesPart, other)
	}
	b.looked(gunnar, at.Add(4*time.Hour), access.TakesPart, one)
	b.looked(patient(one), at.Add(5*time.Hour), access.Own, one)
	b.clock.pass(8 * 24 * time.Hour)
	b.oversee()
	actors := func(looks []store.Look) []string {
		var ids []string
		for _, l := range looks {
			if l.Question == "journey" {
				ids = append(ids, l.Actor.ID)
			}
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	of := func(who casework.Who, q casework.LogOfBreach) []string {
		t.Helper()
		v, err := casework.View(b.ctx, b.s, who, q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		for _, l := range v.Looks {
			for _, p := range l.Persons {
				if !slices.Contains(v.Persons, p) {
					t.Errorf("%s is not among the persons", p)
				}
			}
		}
		return actors(v.Looks)
	}
	for _, c := range []struct {
		officer casework.Who
		sees    string
		persons int
		not     string
	}{{here, "turid", 1, "gunnar"}, {there, "gunnar", 2, "turid"}} {
		sample, err := casework.View(b.ctx, b.s, c.officer, casework.LogSample{})
		if got := actors(sample.Looks); err != nil || !slices.Equal(got, []string{c.sees}) {
			t.Errorf("%s: the sample is of %v, %v", c.officer.Actor.ID, got, err)
		}
		found, err := casework.View(b.ctx, b.s, c.officer, casework.OversightQuery{})
		if err != nil || len(found.Open) != c.persons+1 {
			t.Errorf("%s finds %+v, %v", c.officer.Actor.ID, found.Open, err)
		}
		for _, m := range found.Open {
			if !m.MadeBy(c.sees) || m.MadeBy(c.not) || m.Unit != c.officer.Post.Unit {
				t.Errorf("%s finds %+v", c.officer.Actor.ID, m)
			}
			if !m.IsSample() {
				_, err := casework.View(b.ctx, b.s, map[bool]casework.Who{true: here, false: there}[c.officer == there], casework.GetMatter{Unit: m.Unit, Matter: m.Number})
				refused(t, err, "matter-unknown")
			}
		}
		if got := of(c.officer, casework.LogOfBreach{Number: "17912099997"}); !slices.Equal(got, []string{c.sees}) {
			t.Errorf("%s: who saw one person: %v", c.officer.Actor.ID, got)
		}
		if got := of(c.officer, casework.LogOfBreach{Actor: c.sees}); !slices.Equal(got, []string{c.sees}) {
			t.Errorf("%s: their own staff: %v", c.officer.Actor.ID, got)
		}
		for _, q := range []casework.LogOfBreach{{Actor: c.not}, {Actor: string(one), Number: "17912099997"}, {Number: "29822099635"}} {
			if got := of(c.officer, q); len(got) > 0 {
				t.Errorf("%s: %+v: %v", c.officer.Actor.ID, q, got)
			}
		}
	}
	_, err := casework.View(b.ctx, b.s, here, casework.LogOfBreach{Unit: "ward"})
	refused(t, err, "breach-elsewhere")
	// Who runs the site answers for all of it.
	operator := casework.Who{Actor: care.Actor{Kind: care.System, ID: "operator-1"}, Post: care.Post{Unit: "trust", Role: care.Lead}, Reason: "Stjålet innlogging"}
	if got := of(operator, casework.LogOfBreach{Number: "17912099997"}); len(got) != 3 {
		t.Errorf("the operator sees %v", got)
	}
}

// TestFindingsHaveAnOwnerAndADecision follows findings from the log over the
// worklist to a decision: raised once, by the days, never decided by who looked,
// and on the lead's list when nobody decides.
func TestFindingsHaveAnOwnerAndADecision(t *testing.T) {
	t.Parallel()
	b := setup(t)
	officer, _ := b.neighbours()
	p := b.adult("Pasient En", "17912099997")
	turid := as("turid", "clinic", "team")
	open := func(who casework.Who) []casework.MatterView {
		t.Helper()
		v, err := casework.View(b.ctx, b.s, who, casework.OversightQuery{})
		if err != nil {
			t.Fatal(err)
		}
		return v.Open
	}
	onList := func(who casework.Who) []casework.WorkRow {
		t.Helper()
		return slices.DeleteFunc(b.list(who), func(r casework.WorkRow) bool { return r.Stream != "oversight" })
	}
	b.oversee()
	b.looked(turid, b.clock.Now(), access.TakesPart, p)
	b.clock.pass(24 * time.Hour)
	if b.oversee(); len(open(officer)) > 0 {
		t.Error("a look was judged before the next day was over")
	}
	b.clock.pass(24 * time.Hour)
	b.oversee()
	b.oversee()
	found := open(officer)
	if len(found) != 1 || found[0].Pattern != access.NoTask || found[0].Owner != officer.Post || !found[0].Due.After(b.clock.Now()) {
		t.Fatalf("found: %+v", found)
	}
	rows := onList(officer)
	if len(rows) != 1 || rows[0].Person != "" || rows[0].Journey != "trust" || rows[0].Item.Key != "finding/1" {
		t.Fatalf("the officer's list: %+v", rows)
	}
	// A look of the officer's own comes to the lead above, not to the officer.
	b.looked(officer, b.clock.Now(), access.TakesPart, p)
	decide := access.DecideMatter{Matter: 1, Verdict: access.NotJustified, Words: "Snakket med henne."}
	for _, who := range []casework.Who{turid, kari, as("greta", "region", care.PrivacyOfficer), as("astrid", "trust", care.Lead)} {
		_, err := b.try(who, "trust", decide)
		refused(t, err, "no-basis")
	}
	b.must(officer, "trust", decide)
	page, err := casework.View(b.ctx, b.s, officer, casework.GetMatter{Unit: "trust", Matter: 1})
	if err != nil || page.Words != "Snakket med henne." || page.Decider != "olga" || len(page.Looks) != 1 || page.Names["turid"] != "turid Hansen" {
		t.Errorf("decided: %+v, %v", page, err)
	}
	if len(open(officer)) > 0 || len(onList(officer)) > 0 {
		t.Error("what is decided stands on the list")
	}
	// The next look is a new finding; a restart between changes nothing.
	b.looked(turid, b.clock.Now(), access.TakesPart, p)
	b.clock.pass(48 * time.Hour)
	b.s = b.service()
	b.oversee()
	found = open(officer)
	if len(found) != 2 || !found[0].MadeBy("olga") || !found[1].MadeBy("turid") || len(found[1].Looks) != 1 {
		t.Fatalf("then: %+v", found)
	}
	// What the only officer looked at is the lead's to decide, and nothing else is.
	lead := as("astrid", "trust", care.Lead)
	_, err = b.try(officer, "trust", access.DecideMatter{Matter: found[0].Number, Verdict: access.Justified, Words: "Selv."})
	refused(t, err, "decide-own-look")
	if mine := open(lead); len(mine) != 1 || mine[0].Owner != lead.Post || !mine[0].MadeBy("olga") {
		t.Errorf("a lead beside an officer reads %+v", mine)
	}
	b.must(lead, "trust", access.DecideMatter{Matter: found[0].Number, Verdict: access.Justified, Words: "Hun er også lege."})
	found = found[1:]
	// Nobody decides: it climbs to the lead, who may.
	b.clock.set(found[0].Due)
	if _, err := b.s.WakeDue(b.ctx, "test", func(st store.Stream, err error) { t.Errorf("%s: %v", st, err) }); err != nil {
		t.Fatal(err)
	}
	if rows := onList(lead); len(rows) == 0 || rows[0].Item.Kind != care.EscalationItem {
		t.Fatalf("the lead's list: %+v", rows)
	}
	b.must(lead, "trust", access.DecideMatter{Matter: found[0].Number, Verdict: access.Justified, Words: "Avtalt."})
}

// TestOversightFallsToTheLead has no privacy officer: the unit's lead judges
// openings and decides findings, and nobody their own look.
func TestOversightFallsToTheLead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.adult("Pasient En", "17912099997")
	b.do(kari, "", b.referral(p))
	lead := as("astrid", "trust", care.Lead)
	if _, err := b.s.OpenRecord(b.ctx, b.fresh(nils), b.key(), "17912099997", access.OpenRecord{Why: access.Emergency, Words: "Bevisstløs i mottak."}); err != nil {
		t.Fatal(err)
	}
	b.looked(as("per", "practice", "gp"), b.clock.Now(), access.TakesPart, b.adult("Pasient To", ""))
	b.looked(lead, b.clock.Now(), access.TakesPart, b.adult("Pasient Tre", ""))
	b.clock.pass(48 * time.Hour)
	b.oversee()
	list := b.list(lead)
	for _, want := range []string{"consent review/1", "oversight finding/1"} {
		if !slices.ContainsFunc(list, func(r casework.WorkRow) bool { return r.Stream+" "+r.Item.Key == want }) {
			t.Errorf("the lead's list has no %s: %+v", want, list)
		}
	}
	if rows := b.list(nils); slices.ContainsFunc(rows, func(r casework.WorkRow) bool { return r.Item.Kind == care.ReviewItem && r.Stream != "journey" }) {
		t.Errorf("a desk reads who looked: %+v", rows)
	}
	if v, err := casework.View(b.ctx, b.s, lead, casework.OpeningToJudge{Person: p, Opening: 1}); err != nil || v.Words != "Bevisstløs i mottak." {
		t.Errorf("the lead reads %+v, %v", v, err)
	}
	b.must(lead, string(p), access.ReviewOpening{Opening: 1, Verdict: access.Justified, Words: "Akutt."})
	v, err := casework.View(b.ctx, b.s, lead, casework.OversightQuery{})
	if err != nil || len(v.Open) != 2 {
		t.Fatalf("open: %+v, %v", v.Open, err)
	}
	for _, m := range v.Open {
		c := access.DecideMatter{Matter: m.Number, Verdict: access.Justified, Words: "Avtalt."}
		if m.MadeBy("astrid") {
			_, err := b.try(lead, "trust", c)
			refused(t, err, "decide-own-look")
			continue
		}
		b.must(lead, "trust", c)
	}
	// What takes the officer themselves, does not fall to the lead.
	_, err = b.try(lead, string(p), access.HoldRecord{})
	refused(t, err, "no-basis")
	_, err = casework.View(b.ctx, b.s, lead, casework.LogOfBreach{Actor: "per"})
	if err != nil {
		t.Errorf("the lead searches the log: %v", err)
	}
}
