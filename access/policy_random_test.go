package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"forlop/access"
	"forlop/care"
)

var (
	kinds    = []care.ActorKind{care.Patient, care.Relative, care.Professional, care.System, care.Guest}
	allBases = []access.Basis{"", access.Own, access.TakesPart, access.AtWork, access.Approves, access.Oversees, access.BreakGlass,
		access.Guardian, access.Proxy, access.Anyone, access.Linked, access.Shared, access.ByTime}
	allStrengths = []access.Strength{"", access.Closed, access.Shut, access.Inner, access.Outer}
	allRoles     = []care.Role{"team", "gp", "coordinator", care.Lead, care.PrivacyOfficer, care.PathwayApprover, care.Desk}
	allLevels    = []string{"", "link", "low", "substantial", "high"}
	allNames     = access.Shipped().Names()
	allGrounds   = []string{"", "claimed", "declared"}
)

// anAsk draws any ask from a number source. Half of them stand on a basis that
// the policy knows for the name, so that allowing is not rare.
func anAsk(n func(int) int) access.Ask {
	p := access.Shipped()
	a := access.Ask{
		Actor: kinds[n(len(kinds))], What: allNames[n(len(allNames))], Basis: allBases[n(len(allBases))], Role: allRoles[n(len(allRoles))],
		Regime: []care.Regime{"", care.Norway, care.Sweden}[n(3)], On: care.Date{Year: 2022 + n(5), Month: 1, Day: 1},
		Lifted: n(2) == 0, Protected: n(4) == 0, Fresh: n(3) > 0, Level: allLevels[n(5)], Prescriber: allGrounds[n(3)],
	}
	if known := p.Bases(a.Actor, a.What); len(known) > 0 && n(2) == 0 {
		a.Basis = known[n(len(known))]
	}
	if n(3) == 0 {
		a.Block = allStrengths[n(len(allStrengths))]
	}
	for _, part := range access.Parts {
		if n(2) == 0 {
			a.Parts = append(a.Parts, part)
		}
	}
	return a
}

// TestRandomAsks holds a hundred thousand random asks against what must be true
// of every policy, said here once more in Go.
func TestRandomAsks(t *testing.T) {
	t.Parallel()
	const many = 100_000
	const seed = 4
	r := rand.New(rand.NewPCG(seed, seed))
	p := access.Shipped()
	allowed, needing := 0, 0
	for range many {
		a := anAsk(r.IntN)
		got := p.Decide(a)
		if wrong := breaks(p, a, got); wrong != "" {
			t.Fatalf("%s: %+v answered %+v", wrong, a, got)
		}
		if got.Allowed {
			allowed++
		}
		if got.Needs != "" {
			needing++
		}
	}
	if allowed < many/20 || needing < 100 {
		t.Errorf("only %d of %d were allowed, %d lacked something of the login", allowed, many, needing)
	}
	t.Logf("%d asks of seed %d: %d allowed, %d denied for the login alone", many, seed, allowed, needing)
}

// breaks names the first truth that an answer breaks.
func breaks(p *access.Policy, a access.Ask, got access.Answer) string {
	relative := a.Basis == access.Proxy || a.Basis == access.Guardian
	opened := a.What == "consent.break-glass" || a.Basis == access.Oversees || a.Basis == access.ByTime
	switch {
	case got.Allowed && got.Needs != "", got.Allowed && len(got.By) == 0:
		return "an answer that says two things"
	case !got.Allowed && got.Needs == "":
		return ""
	case a.Basis == "":
		return "without a basis"
	case !slices.Contains(p.Bases(a.Actor, a.What), a.Basis):
		return "on a basis that lists do not ask for"
	case a.Actor != care.Patient && a.Basis != access.ByTime && (a.Block == access.Shut || a.Block == access.Outer && a.Basis != access.Oversees):
		return "through a block that nothing opens"
	case a.Actor != care.Patient && !opened && !a.Lifted && (a.Block == access.Closed || a.Block == access.Inner):
		return "through a block that nothing has opened"
	case relative && a.Protected:
		return "for a person whose address is hidden"
	case relative && len(a.Parts) == 0:
		return "with nothing covered"
	case a.Basis == access.Guardian && a.Regime == care.Sweden && a.What == "consent.block":
		return "a guardian's block in Sweden"
	case a.Actor == care.Professional && relative, a.Actor == care.Guest && a.Basis != access.Linked && a.Basis != access.Shared:
		return "on somebody else's basis"
	}
	if got.Needs != "" {
		a.Fresh, a.Level = true, "high"
		if !p.Decide(a).Allowed {
			return "a login that would not help is asked for"
		}
	}
	return ""
}

// TestDenyWins adds something that stands between to a random ask, or a site's
// policy that forbids to the policy: what was denied stays denied.
func TestDenyWins(t *testing.T) {
	t.Parallel()
	p := access.Shipped()
	rapid.Check(t, func(t *rapid.T) {
		a := anAsk(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") })
		less := a
		// What is one step less for an actor who is not the patient.
		switch rapid.IntRange(0, 5).Draw(t, "what stands between") {
		case 0:
			if a.Block == "" {
				less.Block = rapid.SampledFrom(allStrengths).Draw(t, "block")
			}
		case 1:
			less.Lifted = false
		case 2:
			less.Protected = true
		case 3:
			less.Fresh, less.Level = false, ""
		case 4:
			less.Parts = nil
		case 5:
			less.Basis = ""
		}
		before, after := p.Decide(a), p.Decide(less)
		if after.Allowed && !before.Allowed {
			t.Fatalf("%+v is denied by %v, and %+v is allowed by %v", a, before.By, less, after.By)
		}

		text := fmt.Sprintf(`@id("site") forbid (principal, action == Action::%q, resource) when { context.fresh || !context.lifted };`, a.What)
		stricter, err := p.With(fstest.MapFS{"site.cedar": &fstest.MapFile{Data: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		switch with := stricter.Decide(a); {
		case with.Allowed && !before.Allowed:
			t.Fatalf("%+v: a site that forbids opened it", a)
		case with.Allowed && (a.Fresh || !a.Lifted):
			t.Fatalf("%+v: the site forbids it, and it is allowed by %v", a, with.By)
		}
	})
}

// TestNotUnderstood denies what holds a word that the policy does not have, and
// what has no date.
func TestNotUnderstood(t *testing.T) {
	t.Parallel()
	p := access.Shipped()
	good := best(care.Relative, "my-plan", access.Proxy)
	if !p.Decide(good).Allowed {
		t.Fatal("the ask that is spoilt below is not allowed in the first place")
	}
	for name, spoil := range map[string]func(*access.Ask){
		"actor":      func(a *access.Ask) { a.Actor = "nurse" },
		"name":       func(a *access.Ask) { a.What = "my-plans" },
		"no name":    func(a *access.Ask) { a.What = "" },
		"basis":      func(a *access.Ask) { a.Basis = "friend" },
		"none":       func(a *access.Ask) { a.Basis = "none" },
		"regime":     func(a *access.Ask) { a.Regime = "DK" },
		"no date":    func(a *access.Ask) { a.On = care.Date{} },
		"part":       func(a *access.Ask) { a.Parts = append(slices.Clone(a.Parts), "everything") },
		"block":      func(a *access.Ask) { a.Block = "ajar" },
		"level":      func(a *access.Ask) { a.Level = "highest" },
		"prescriber": func(a *access.Ask) { a.Prescriber = "perhaps" },
	} {
		a := good
		spoil(&a)
		if got := p.Decide(a); got.Allowed || got.Needs != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if err := p.Covers("my-plans"); err == nil || !strings.Contains(err.Error(), "my-plans") {
		t.Errorf("an unknown name is covered: %v", err)
	}
	if len(p.Bases(care.Patient, "my-plans")) > 0 || len(p.Bases("nurse", "journey")) > 0 {
		t.Error("an unknown name or actor has a basis")
	}
}

// TestAnswersAreKept asks the same twice and writes into the first answer: what
// is kept does not change.
func TestAnswersAreKept(t *testing.T) {
	t.Parallel()
	p := access.Shipped()
	a := best(care.Patient, "my-plan", access.Own)
	first := p.Decide(a)
	first.By[0] = "mine"
	if again := p.Decide(a); !again.Allowed || again.By[0] != "patient-sees" {
		t.Errorf("the second answer is %+v", again)
	}
}

// BenchmarkDecide prints how many decisions a second there are: of asks that were
// asked before, as in a running service; of asks that are new; and, as an anchor,
// how many look-ups a second a plain map of the same asks gives.
func BenchmarkDecide(b *testing.B) {
	const many = 4096
	r := rand.New(rand.NewPCG(1, 1))
	var asks []access.Ask
	for range many {
		asks = append(asks, anAsk(r.IntN))
	}
	rate := func(b *testing.B, decide func(access.Ask)) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			decide(asks[i%many])
			i++
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
	}
	b.Run("asked-before", func(b *testing.B) {
		p := access.Shipped()
		rate(b, func(a access.Ask) { p.Decide(a) })
	})
	b.Run("new", func(b *testing.B) {
		p := access.Shipped()
		day := care.Date{Year: 2026, Month: 1, Day: 1}
		n := 0
		rate(b, func(a access.Ask) {
			if n++; n%many == 0 {
				day = day.AddDays(1) // the day is part of the ask, so all are new
			}
			a.On = day
			p.Decide(a)
		})
	})
	b.Run("anchor-map", func(b *testing.B) {
		type key struct{ actor, what, basis string }
		table := map[key]bool{}
		for _, a := range asks {
			table[key{string(a.Actor), a.What, string(a.Basis)}] = true
		}
		var yes int
		rate(b, func(a access.Ask) {
			if table[key{string(a.Actor), a.What, string(a.Basis)}] {
				yes++
			}
		})
	})
}
