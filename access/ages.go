package access

import (
	"time"

	"forlop/care"
)

// Ages are one country's ages from a date on. An age is reached at the local
// midnight that begins the birthday. Zero means that the country has no such
// age.
type Ages struct {
	// Version names the rules in events, so that what was computed can be traced.
	Version string
	Regime  care.Regime
	// From is the first day they hold.
	From care.Date

	// GuardianFull is the birthday on which a guardian's full access ends.
	// GuardianEnds is when what is left of it, GuardianParts, ends.
	GuardianFull, GuardianEnds int
	GuardianParts              []Part
	// GuardianBlocks says that a guardian may set blocks for the child.
	GuardianBlocks bool

	// OwnLogin is from when a child may log in. LoginConsent says that a guardian
	// must consent to it until Majority. Record is from when the child reads the
	// own record.
	OwnLogin     int
	LoginConsent bool
	Record       int
	// Majority is the age at which the person decides alone about their health.
	Majority int

	// ProxyGiver and ProxyReceiver are the youngest ages of a proxy's two sides.
	ProxyGiver, ProxyReceiver int
	// Nearest is from when a nearest relative can be recorded for a person who is
	// not able to consent.
	Nearest int
}

// The ages, each with where it comes from. V was verified there, A is assumed by
// us and to be checked before it is relied on.
var ages = []Ages{
	{
		Version: "NO-2025", Regime: care.Norway, From: care.Date{Year: 2025, Month: time.January, Day: 1},
		// V: helsenorge.no, "Using Helsenorge with your child": 0–11 full, 12–15
		// limited (the digital record is closed), 16 ends (health majority).
		GuardianFull: 12, GuardianEnds: 16,
		// A: what "limited" leaves is to act, without seeing; seeing goes by request
		// on paper.
		GuardianParts: []Part{Acts},
		// A: the sources name no rule on a guardian's blocks in Norway; a guardian
		// with full access may set them.
		GuardianBlocks: true,
		// V: same source: from 13 with a guardian's consent.
		OwnLogin: 13, LoginConsent: true,
		// A: the child who may log in reads the own record.
		Record:   13,
		Majority: 16,
		// V: helsenorge.no, fullmakt: giver from 16, receiver from 18.
		ProxyGiver: 16, ProxyReceiver: 18,
		// V: same source: nearest relative of a person unable to consent, from 12.
		Nearest: 12,
	},
	{
		Version: "SE-2023", Regime: care.Sweden, From: care.Date{Year: 2023, Month: time.January, Day: 1},
		// V: folkhalsaochsjukvard.rjl.se, 1177 journalen: guardians up to and
		// including 12; 13–15 neither; 16 reads the own record.
		GuardianFull: 13, GuardianEnds: 13,
		// V: vardgivare.regionkalmar.se, spärrar: a guardian cannot block a child's
		// record; a mature child can.
		GuardianBlocks: false,
		// V: 1177: the child logs in from 13, reads the record from 16.
		OwnLogin: 13, LoginConsent: false, Record: 16,
		// A: the age at which the person decides alone here is when they read the
		// record.
		Majority: 16,
		// A: the sources name no ages for a Swedish proxy.
		ProxyGiver: 18, ProxyReceiver: 18,
	},
}

// ageRules are the ages that hold in a country on a date; before the first known
// ones, those.
func ageRules(regime care.Regime, on care.Date) Ages {
	var held Ages
	for _, a := range ages {
		if a.Regime == regime && (held.Version == "" || !a.From.After(on)) {
			held = a
		}
	}
	return held
}

// Login is what a person's own login gives by age.
type Login struct {
	// May says that the person may log in at all; Consent that a guardian must
	// have agreed (State.Login).
	May, Consent bool
	// Record says that the own record is readable.
	Record bool
}

// OwnLogin answers what a person born on a date may do with their own login at
// an instant. An unknown birth date is an adult's.
func OwnLogin(born care.Date, regime care.Regime, at time.Time) Login {
	if born.IsZero() {
		return Login{May: true, Record: true}
	}
	a := ageRules(regime, care.CalendarOf(regime).Date(at))
	has := func(age int) bool { return !at.Before(birthday(born, age, regime)) }
	return Login{
		May:     has(a.OwnLogin),
		Consent: a.LoginConsent && has(a.OwnLogin) && !has(a.Majority),
		Record:  has(a.Record),
	}
}

// birthday is the instant at which an age is reached: the local midnight that
// begins the day. Somebody born on 29 February reaches it on 1 March in a year
// that has none (assumed: neither law says; a right then never begins, and a
// protection never ends, a day early).
func birthday(born care.Date, age int, regime care.Regime) time.Time {
	day := care.Date{Year: born.Year + age, Month: born.Month, Day: born.Day}
	if _, err := care.ParseDate(day.String()); err != nil {
		day.Month, day.Day = time.March, 1
	}
	return care.CalendarOf(regime).StartOf(day).UTC()
}
