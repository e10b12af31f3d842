package web

import (
	"net/http"
	"strconv"
	"time"

	"forlop/access"
)

// birthdays are the days that change what the reader can do; false where they are
// of age, or nobody knows when they were born.
func (a accessReader) birthdays() (access.Birthdays, bool) {
	born := a.v.Person.Identity.Born
	if born.IsZero() {
		return access.Birthdays{}, false
	}
	days := access.BirthdaysOf(born, a.regime(), a.v.Now)
	return days, a.v.Now.Before(days.Majority)
}

// An agePage is who sees what until which birthday, and what the child can do.
type agePage struct {
	intro     string
	guardians []accessLine
	own       []string
	rules     string
}

// showAges says to a child which guardian sees what until which birthday, and from
// when they decide themselves.
func showAges(c *call) error {
	a, err := c.accessPage("access.ages.title")
	if err != nil {
		return err
	}
	v := agePage{intro: a.p.T("access.ages.none")}
	days, young := a.birthdays()
	if !young {
		return c.draw(http.StatusOK, agesBody(a.p, v))
	}
	v.intro, v.rules = a.p.T("access.ages.intro"), a.p.T("access.ages.rules", "rules", days.Rules)
	for _, g := range a.v.State.Guardians {
		if g.Status == access.GuardianshipEnd || !a.v.Now.Before(g.Ends) {
			continue
		}
		line := accessLine{title: a.relative(g.Guardian)}
		switch {
		case g.Status == access.GuardianBarred:
			line.lines = []string{a.p.T("access.relatives.blocked")}
		case g.Narrows.IsZero():
			line.lines = []string{a.p.T("access.ages.all-until", "date", a.calendar().LastDay(g.Ends))}
		default:
			if a.v.Now.Before(g.Narrows) {
				line.lines = []string{a.p.T("access.ages.all-until", "date", a.calendar().LastDay(g.Narrows))}
			}
			line.lines = append(line.lines, a.p.T("access.ages.then", "what", a.parts(g.Parts), "from", a.day(g.Narrows), "until", a.calendar().LastDay(g.Ends)))
		}
		line.lines = append(line.lines, a.p.T("access.ages.nothing", "date", a.day(g.Ends)))
		v.guardians = append(v.guardians, line)
	}
	say := func(key string, on time.Time) {
		if !on.IsZero() {
			v.own = append(v.own, a.p.T(key, "date", a.day(on)))
		}
	}
	if days.Consent {
		say("access.ages.login-consent", days.Login)
	} else {
		say("access.ages.login", days.Login)
	}
	say("access.ages.record", days.Record)
	say("access.ages.alone", days.Majority)
	return c.draw(http.StatusOK, agesBody(a.p, v))
}

// ordinal reads the number of one thing among many; the first is 1.
func ordinal(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1
}
