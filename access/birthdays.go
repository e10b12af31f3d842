package access

import (
	"time"

	"forlop/care"
)

// Birthdays are the days that change what a child can do here, for those who say
// it in words. Each is the local midnight that begins the day; zero where the
// country has no such age.
type Birthdays struct {
	// Rules names the rules they come from.
	Rules string
	// Login is from when the child can log in, Consent whether a guardian must
	// agree to it; Record from when the own record is readable; Majority from when
	// the person decides alone.
	Login, Record, Majority time.Time
	Consent                 bool
}

// BirthdaysOf are those of a person born on a date, by the rules that hold at an
// instant.
func BirthdaysOf(born care.Date, regime care.Regime, at time.Time) Birthdays {
	a := ageRules(regime, care.CalendarOf(regime).Date(at))
	on := func(age int) time.Time {
		if age == 0 {
			return time.Time{}
		}
		return birthday(born, age, regime)
	}
	return Birthdays{Rules: a.Version, Login: on(a.OwnLogin), Record: on(a.Record), Majority: on(a.Majority), Consent: a.LoginConsent}
}
