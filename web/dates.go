package web

import (
	"fmt"
	"time"

	"forlop/care"
)

// at is the date as the formatting library takes it.
func at(d care.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// Date says a date in full with its weekday: tirsdag 13. mars 2026. It is ""
// for the zero date.
func (l *language) Date(d care.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s %d", l.Day(d), d.Year)
}

// Day says a date without its year: tirsdag 13. mars.
func (l *language) Day(d care.Date) string {
	if d.IsZero() {
		return ""
	}
	dot := "."
	if l.code == care.Swedish || l.code == care.English {
		dot = ""
	}
	return fmt.Sprintf("%s %d%s %s", l.locale.WeekdayWide(d.Weekday()), d.Day, dot, l.locale.MonthWide(d.Month))
}

// ShortDate says a date for columns: 13. mar. 2026.
func (l *language) ShortDate(d care.Date) string {
	if d.IsZero() {
		return ""
	}
	return l.locale.FmtDateMedium(at(d))
}

// Clock says the time of day of t, in the zone that t is in: kl. 10.00. The
// caller puts t into the zone of the place where it happens.
func (l *language) Clock(t time.Time) string {
	separator := "."
	if l.code == care.English {
		separator = ":"
	}
	return l.T("time.clock", "time", fmt.Sprintf("%02d%s%02d", t.Hour(), separator, t.Minute()))
}

// Moment says day and time of day, in the zone that t is in: tirsdag 13. mars
// kl. 10.00.
func (l *language) Moment(t time.Time) string {
	return l.T("time.moment", "day", l.Day(care.DateOf(t, t.Location())), "clock", l.Clock(t))
}

// Until says how far it is from one date to another: om 9 dager, i morgen, i
// dag, i går, 4 dager siden. From four weeks on it counts weeks, and says so
// when they are not whole.
func (l *language) Until(from, to care.Date) string {
	days := from.DaysUntil(to)
	switch {
	case days == 0:
		return l.T("time.today")
	case days == 1:
		return l.T("time.tomorrow")
	case days == -1:
		return l.T("time.yesterday")
	case days > 0:
		return l.T("time.in", "length", l.length(days))
	default:
		return l.T("time.ago", "length", l.length(-days))
	}
}

// length says a number of days in days, and from four weeks on in weeks.
func (l *language) length(days int) string {
	const week, manyDays = 7, 28
	switch {
	case days < manyDays:
		return l.T("span.days", "n", days)
	case days%week == 0:
		return l.T("span.weeks", "n", days/week)
	default:
		return l.T("time.about", "length", l.T("span.weeks", "n", (days+week/2)/week))
	}
}

// Days says a number of days: 23 dager.
func (l *language) Days(n int) string { return l.T("span.days", "n", n) }

// Span says a span of time: 12 uker, 10 virkedager.
func (l *language) Span(s care.Span) string {
	switch s.Unit {
	case care.Days:
		return l.T("span.days", "n", s.N)
	case care.WorkingDays:
		return l.T("span.working-days", "n", s.N)
	case care.Weeks:
		return l.T("span.weeks", "n", s.N)
	case care.Months:
		return l.T("span.months", "n", s.N)
	default:
		return ""
	}
}
