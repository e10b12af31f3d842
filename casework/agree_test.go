package casework_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/library"
	"forlop/store"
)

// need is one journey of somebody: who takes part in it.
type need struct {
	id    string
	units []care.UnitID
}

// somebody has two journeys, a relative, and a guest with a link to the first.
type somebody struct {
	key      care.PersonKey
	regime   care.Regime
	contact  care.UnitID
	needs    [2]need
	blocks   map[int]access.Block
	set      int
	consents map[int]care.UnitID
	given    int
	kin      care.PersonKey
	proxy    int
	acts     bool
	guest    casework.Who
	linked   bool
}

// asker is a professional, with their unit and those above it.
type asker struct {
	who    casework.Who
	around []care.UnitID
}

// denied and sees are the reference, written from the words of the law alone. What
// an inner or closed block holds back is lifted by a consent where one person is
// asked about, and on no list.
func (x *somebody) denied(a asker, journey string, one bool) bool {
	lifted := false
	for _, u := range x.consents {
		lifted = lifted || one && u == a.around[0]
	}
	for _, b := range x.blocks {
		if b.Journey != "" && b.Journey != journey {
			continue
		}
		against := b.Against
		meets := against.Professional == a.who.Actor.ID || slices.Contains(a.around, against.Unit) ||
			against.But != "" && !slices.Contains(a.around, against.But)
		if meets && !(lifted && (b.Strength == access.Closed || b.Strength == access.Inner)) {
			return true
		}
		// Outside its provider an inner block is an outer one.
		if b.Strength == access.Inner && against.But != "" && !slices.Contains(a.around, "region-a") {
			return true
		}
	}
	return false
}

func (x *somebody) sees(a asker, n int, one bool) bool {
	unit := a.around[0]
	if n < 0 { // the person
		part := unit == x.contact || slices.Contains(x.needs[0].units, unit) || slices.Contains(x.needs[1].units, unit)
		return part && !x.denied(a, "", one)
	}
	return (unit == x.contact || slices.Contains(x.needs[n].units, unit)) && !x.denied(a, x.needs[n].id, one)
}

// TestListsAndPagesAgree asks of people with two journeys each, under the law of
// both countries, on pages, on lists and of the rows themselves, while blocks,
// consents and proxies come and go.
func TestListsAndPagesAgree(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rnd := rand.New(rand.NewPCG(7, 26))
	units := map[care.UnitID][]care.UnitID{"clinic": {"trust"}, "clinic-b": {"trust"}, "practice": {"trust"}}
	b.setUp("sigrid", directory.Register{Professional: "sigrid", Profession: "physician"})
	for _, u := range []struct {
		id     care.UnitID
		kind   directory.Kind
		above  []care.UnitID
		worker string
	}{
		{"region-a", "trust", nil, ""}, {"hub", "trust", []care.UnitID{"region-a"}, ""}, {"region-b", "trust", nil, ""},
		{"smart", "pain-clinic", []care.UnitID{"hub", "region-a"}, "sara"}, {"smart-b", "pain-clinic", []care.UnitID{"hub", "region-a"}, "sven"},
		{"vc", "primary-care", []care.UnitID{"region-a"}, "vera"}, {"rehab", "pain-clinic", []care.UnitID{"region-b"}, "rolf"},
	} {
		open := directory.OpenUnit{Unit: u.id, Kind: u.kind, Regime: care.Sweden, Contact: directory.Contact{Name: string(u.id)}, Roles: []care.Role{"coordinator", care.PathwayApprover}}
		if u.above == nil {
			open.Lead = "sigrid"
		} else {
			open.Parent = u.above[0]
		}
		b.setUp(string(u.id), open)
		if u.worker != "" {
			units[u.id] = u.above
			b.setUp(u.worker, directory.Register{Professional: u.worker, Profession: "physician"})
			for _, role := range []care.Role{"coordinator", care.Desk} {
				b.setUp(string(u.id), directory.Join{Professional: u.worker, Role: role})
			}
		}
	}
	files, _ := library.Files("se.pain")
	swedish, findings, err := b.s.Shelve(b.ctx, files)
	for _, region := range []care.UnitID{"region-a", "region-b"} {
		for _, who := range []string{"ada", "ivar"} {
			b.setUp(string(region), directory.Join{Professional: who, Role: care.PathwayApprover})
		}
		if err == nil {
			err = b.s.BringIntoUse(b.ctx, swedish, "ada", "ivar", region)
		}
	}
	if err != nil {
		t.Fatalf("se.pain: %v %v", err, findings)
	}
	var askers []asker
	for _, w := range []casework.Who{
		kari, as("turid", "clinic", "team"), nils, as("per", "practice", "gp"), as("sara", "smart", "coordinator"), as("sven", "smart-b", "coordinator"),
		as("vera", "vc", "coordinator"), as("rolf", "rehab", "coordinator"),
	} {
		askers = append(askers, asker{w, append([]care.UnitID{w.Post.Unit}, units[w.Post.Unit]...)})
	}
	var people []*somebody
	for i := range 6 {
		x := &somebody{regime: care.Norway, blocks: map[int]access.Block{}, consents: map[int]care.UnitID{}}
		ref, coordinator := pathway.Ref{ID: "no.pain", Version: "2025.04"}, kari
		x.needs[0].units, x.needs[1].units = []care.UnitID{"clinic"}, []care.UnitID{"clinic-b", "practice"}
		if i%2 == 1 {
			x.regime, ref, coordinator = care.Sweden, swedish, askers[4].who
			x.needs[0].units, x.needs[1].units = []care.UnitID{"smart", "rehab"}, []care.UnitID{"smart-b", "vc"}
		}
		register := func(name string) care.PersonKey {
			p, err := b.s.RegisterPerson(b.ctx, coordinator, b.key(), x.regime, casework.Identity{Name: name, Born: care.Date{Year: 1970, Month: 1, Day: 1 + i}})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		x.key, x.kin = register("Pasient "+strconv.Itoa(i)), register("Kin "+strconv.Itoa(i))
		for n := range x.needs {
			// Who refers is responsible until the referral is taken on, and cannot be kept out.
			desk := x.needs[n].units[0]
			sender := care.Party{Kind: care.PartyPatient}
			at := askers[slices.IndexFunc(askers, func(a asker) bool { return a.around[0] == desk })].who
			if len(x.needs[n].units) > 1 {
				from := x.needs[n].units[1]
				if x.regime == care.Sweden {
					from, desk = desk, from
				}
				sender = care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: from, Role: care.Desk}}
			}
			x.needs[n].id = b.do(at, "", journey.Open{
				Person: x.key, Regime: x.regime, Pathway: ref, Origin: journey.Registered, Sender: sender,
				Received: b.clock.Now(), Desk: care.Post{Unit: desk, Role: care.Desk}, Reason: "Vondt.",
			}).Target
		}
		b.do(coordinator, x.needs[0].id, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Fysio AS"}, Question: "Hvilke øvelser?"})
		item := casework.Item{Kind: casework.QuestionItem, Target: x.needs[0].id, Number: 1}
		link, err := casework.View(b.ctx, b.s, coordinator, casework.MakeLink{Item: item})
		if err != nil {
			t.Fatal(err)
		}
		session, err := b.s.OpenItem(b.ctx, link.Token, "")
		if err != nil {
			t.Fatal(err)
		}
		x.guest, x.linked = b.guestOf(session), i%3 > 0
		if !x.linked {
			b.do(x.guest, x.needs[0].id, journey.AnswerQuestion{Question: 1, Words: "Ingen."})
		}
		v, err := casework.View(b.ctx, b.s, coordinator, casework.GetPerson{Key: x.key})
		if err != nil {
			t.Fatal(err)
		}
		x.contact = v.Contact.Unit // one of those that take part; it sees all
		people = append(people, x)
	}
	against := map[care.Regime][]access.Block{
		care.Norway: {
			{Against: access.Against{Professional: "turid"}, Strength: access.Shut}, {Against: access.Against{Professional: "kari"}, Strength: access.Closed},
			{Against: access.Against{Unit: "clinic-b"}, Strength: access.Closed}, {Against: access.Against{Professional: "kari"}, Strength: access.Closed, Journey: "1"},
			{Against: access.Against{Unit: "clinic-b"}, Strength: access.Closed, Journey: "1"}, {Against: access.Against{But: "trust"}, Strength: access.Closed},
		},
		care.Sweden: {
			{Against: access.Against{But: "hub"}, Strength: access.Inner}, {Against: access.Against{Unit: "vc"}, Strength: access.Inner},
			{Against: access.Against{Unit: "rehab"}, Strength: access.Outer}, {Against: access.Against{But: "region-a"}, Strength: access.Outer, Journey: "0"},
			{Against: access.Against{Unit: "vc"}, Strength: access.Inner, Journey: "1"},
		},
	}
	change := func(x *somebody) {
		me := b.fresh(patient(x.key))
		switch rnd.IntN(3) {
		case 0:
			c := against[x.regime][rnd.IntN(len(against[x.regime]))]
			if n, err := strconv.Atoi(c.Journey); err == nil {
				c.Journey = x.needs[n].id
			}
			for n, had := range x.blocks {
				if had == c {
					b.must(me, string(x.key), access.LiftBlock{Block: n})
					delete(x.blocks, n)
					return
				}
			}
			b.must(me, string(x.key), c)
			x.set++
			x.blocks[x.set] = c
		case 1:
			for n := range x.consents {
				b.must(me, string(x.key), access.WithdrawConsent{Consent: n})
				delete(x.consents, n)
				return
			}
			unit := map[care.Regime][]care.UnitID{care.Norway: {"clinic-b", "clinic"}, care.Sweden: {"vc", "rehab"}}[x.regime][rnd.IntN(2)]
			b.must(me, string(x.key), access.GiveConsent{Unit: unit, Until: oslo.Date(b.clock.Now()).AddDays(20)})
			x.given++
			x.consents[x.given] = unit
		case 2:
			if x.acts {
				b.must(me, string(x.key), access.RevokeProxy{Proxy: x.proxy})
			} else {
				b.proxy(x.key, x.kin, access.Parts...)
				x.proxy++
			}
			x.acts = !x.acts
		}
	}
	seen := func(err error) (bool, error) {
		if _, refused := care.AsRefusal(err); refused {
			return false, nil
		}
		return err == nil, err
	}
	asked, yes, wrong := 0, 0, 0
	agree := func(what string, x *somebody, who casework.Who, got, want bool, err error) {
		if asked++; got {
			yes++
		}
		if err != nil || got != want {
			if wrong++; wrong < 10 {
				t.Errorf("%s %s on %s: %v, want %v: %v (blocks %v, consents %v)", who.Actor.Kind, who.Actor.ID, what, got, want, err, x.blocks, x.consents)
			}
		}
	}
	for asked < *decisions {
		x := people[rnd.IntN(len(people))]
		if rnd.IntN(4) == 0 {
			change(x)
		}
		a := askers[rnd.IntN(len(askers))]
		listed, err := casework.View(b.ctx, b.s, a.who, casework.Journeys{Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		found, err := casework.View(b.ctx, b.s, a.who, casework.FindPerson{Query: "pasient"})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range people {
			at := slices.IndexFunc(found, func(f casework.Found) bool { return f.Person == x.key })
			agree("find", x, a.who, at >= 0, x.sees(a, -1, false), nil)
			for n, j := range x.needs {
				is := func(r store.Journey) bool { return r.Stream.ID() == j.id }
				agree("list", x, a.who, slices.ContainsFunc(listed, is), x.sees(a, n, false), nil)
				agree("found journey", x, a.who, at >= 0 && slices.ContainsFunc(found[at].Journeys, is), at >= 0 && x.sees(a, n, false), nil)
			}
		}
		_, err = casework.View(b.ctx, b.s, a.who, casework.GetPerson{Key: x.key})
		got, err := seen(err)
		agree("person", x, a.who, got, x.sees(a, -1, true), err)
		scope := store.Scope{
			Units: a.around[:1], Above: a.around[1:], Bases: []string{"takes-part"}, Professional: a.who.Actor.ID, Person: x.key, At: b.clock.Now(),
		}
		for _, u := range x.consents {
			if u == a.around[0] {
				scope.Lift = []string{string(access.Closed), string(access.Inner)}
			}
		}
		for n, j := range x.needs {
			_, err := casework.View(b.ctx, b.s, a.who, casework.GetJourney{ID: j.id})
			got, err := seen(err)
			agree("journey", x, a.who, got, x.sees(a, n, true), err)
			scope.Stream = store.StreamOf("journey", j.id)
			got, err = b.store.MaySee(b.ctx, scope, x.key)
			agree("rows", x, a.who, got, x.sees(a, n, true), err)
		}
		y := people[rnd.IntN(len(people))]
		kin := relative(y.kin, x.key)
		_, err = casework.View(b.ctx, b.s, kin, casework.MyPlan{})
		got, err = seen(err)
		agree("plan", x, kin, got, x == y && x.acts, err)
		v, err := casework.View(b.ctx, b.s, x.guest, casework.LinkedItem{})
		got, err = seen(err)
		agree("link", x, x.guest, got && v.Item.Target == x.needs[0].id, x.linked, err)
	}
	if yes == 0 || yes == asked {
		t.Errorf("%d of %d were allowed: nothing was compared", yes, asked)
	}
	t.Logf("decisions %d, allowed %d, disagreements %d", asked, yes, wrong)
}
