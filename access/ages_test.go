package access

import (
	"slices"
	"testing"
	"time"

	"forlop/care"
)

// midnights are what a child's guardian and the child may around each birthday,
// written by hand: the local midnight in UTC, what holds one microsecond before
// it and from it on. Summer time and the odd 29 February are in it.
var midnights = []struct {
	regime   care.Regime
	born     string
	midnight string // in UTC
	what     string
	// before and from: f full, l limited, n none for the guardian; then for the
	// child's login: - none, c with consent, y without; and r where the record is
	// readable.
	before, from string
}{
	{care.Norway, "2014-05-17", "2026-05-16T22:00:00Z", "12: the guardian's access narrows", "f -", "l -"},
	{care.Norway, "2014-01-10", "2026-01-09T23:00:00Z", "12 in winter", "f -", "l -"},
	{care.Norway, "2013-05-17", "2026-05-16T22:00:00Z", "13: own login, with consent", "l -", "l cr"},
	{care.Norway, "2010-05-17", "2026-05-16T22:00:00Z", "16: the guardian is out", "l cr", "n yr"},
	{care.Norway, "2010-12-31", "2026-12-30T23:00:00Z", "16 on the last day of a year", "l cr", "n yr"},
	{care.Norway, "2012-02-29", "2024-02-28T23:00:00Z", "12 on 29 February", "f -", "l -"},
	{care.Norway, "2012-02-29", "2025-02-28T23:00:00Z", "13 without a 29 February: 1 March", "l -", "l cr"},
	{care.Norway, "2012-02-29", "2028-02-28T23:00:00Z", "16 on 29 February", "l cr", "n yr"},
	{care.Norway, "2014-03-29", "2026-03-28T23:00:00Z", "12 on the day the clocks go forward", "f -", "l -"},
	{care.Norway, "2014-10-25", "2026-10-24T22:00:00Z", "12 on the day they go back", "f -", "l -"},
	{care.Sweden, "2014-05-17", "2026-05-16T22:00:00Z", "12 changes nothing in Sweden", "f -", "f -"},
	{care.Sweden, "2013-05-17", "2026-05-16T22:00:00Z", "13: neither guardian nor child reads", "f -", "n y"},
	{care.Sweden, "2010-05-17", "2026-05-16T22:00:00Z", "16: the child reads", "n y", "n yr"},
	{care.Sweden, "2012-02-29", "2025-02-28T23:00:00Z", "13 without a 29 February: 1 March", "f -", "n y"},
}

func TestBirthdays(t *testing.T) {
	t.Parallel()
	for _, m := range midnights {
		t.Run(string(m.regime)+" "+m.what, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, m.midnight)
			must(t, err)
			// Custody is recorded ten years before, when it is full in both countries.
			p := newConsents()
			p.now = at.AddDate(-10, 0, 0)
			must(t, born(m.regime, m.born, custody)(p))
			for _, moment := range []struct {
				at   time.Time
				want string
			}{{at.Add(-time.Microsecond), m.before}, {at, m.from}} {
				if got := may(p.s, on(m.born), m.regime, moment.at); got != moment.want {
					t.Errorf("at %s: %q, want %q", moment.at.Format(time.RFC3339Nano), got, moment.want)
				}
			}
		})
	}
}

// may says in letters what the guardian and the child may.
func may(s State, birth care.Date, regime care.Regime, at time.Time) string {
	letters := "n "
	switch basis, parts, ok := s.Acts("r1", at); {
	case ok && basis == Guardian && slices.Equal(parts, Parts):
		letters = "f "
	case ok && basis == Guardian:
		letters = "l "
	}
	own := OwnLogin(birth, regime, at)
	switch {
	case own.May && own.Consent:
		letters += "c"
	case own.May:
		letters += "y"
	default:
		return letters + "-"
	}
	if own.Record {
		letters += "r"
	}
	return letters
}

// TestOtherAges: the ages of proxies, at the same midnights.
func TestOtherAges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, born string
		regime     care.Regime
		command    Command
		act        care.Act
	}{
		{"the giver turns 16", "2010-05-17", care.Norway, offer, self},
		{"the giver turns 18", "2008-05-17", care.Sweden, offer, self},
		{"a nearest relative from 12", "2014-05-17", care.Norway, RecordProxy{To: "r1", Parts: allParts, CannotConsent: true, Words: "hemmelig"}, bo},
	} {
		at := time.Date(2026, time.May, 16, 22, 0, 0, 0, time.UTC)
		p := newConsents()
		must(t, born(c.regime, c.born)(p))
		p.now = at.Add(-time.Microsecond)
		if got, ok := care.AsRefusal(p.do(c.command, c.act)); !ok || got.Code != "proxy-giver-young" {
			t.Errorf("%s: a microsecond before it gave %+v", c.what, p.made)
		}
		p.now = at
		if err := p.do(c.command, c.act); err != nil {
			t.Errorf("%s: at midnight: %v", c.what, err)
		}
	}
	p := newConsents()
	p.now = time.Date(2026, time.March, 2, 23, 0, 0, 0, time.UTC) // the relative called young turns 18
	must(t, p.do(OfferProxy{To: "young", Parts: allParts}, self))
}

// TestAgeRules: every country has its rules, dated and named, on any date.
func TestAgeRules(t *testing.T) {
	t.Parallel()
	for _, regime := range []care.Regime{care.Norway, care.Sweden} {
		for _, day := range []string{"1990-01-01", "2026-03-02", "2090-01-01"} {
			a := ageRules(regime, on(day))
			if a.Version == "" || a.Regime != regime || a.GuardianFull == 0 || a.GuardianEnds < a.GuardianFull || a.OwnLogin == 0 || a.ProxyGiver == 0 {
				t.Errorf("%s on %s: %+v", regime, day, a)
			}
		}
	}
	for i, a := range ages {
		if i > 0 && a.Regime == ages[i-1].Regime && !ages[i-1].From.Before(a.From) {
			t.Errorf("%s does not follow %s", a.Version, ages[i-1].Version)
		}
	}
	if own := OwnLogin(care.Date{}, care.Norway, start); !own.May || own.Consent {
		t.Errorf("without a birth date: %+v", own)
	}
}
