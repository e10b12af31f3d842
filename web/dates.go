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
	if l.locale == nil {
		return l.foreign(l.ours().code, l.ours().Date(d))
	}
	return fmt.Sprintf("%s %d", l.Day(d), d.Year)
}

// Day says a date without its year: tirsdag 13. mars.
func (l *language) Day(d care.Date) string {
	if d.IsZero() {
		return ""
	}
	if l.locale == nil {
		return l.foreign(l.ours().code, l.ours().Day(d))
	}
	dot := ""
	if l.code == care.Bokmal || l.code == care.Nynorsk {
		dot = "."
	}
	return fmt.Sprintf("%s %d%s %s", l.locale.WeekdayWide(d.Weekday()), d.Day, dot, l.locale.MonthWide(d.Month))
}

// ShortDate says a date for columns: 13. mar. 2026.
func (l *language) ShortDate(d care.Date) string {
	if d.IsZero() {
		return ""
	}
	if l.locale == nil {
		return l.foreign(l.ours().code, l.ours().ShortDate(d))
	}
	return l.locale.FmtDateMedium(at(d))
}

// Week says the week of a date as those who work in Norway and Sweden plan by
// it: uke 12. It is ISO week, which begins on Monday.
func (l *language) Week(d care.Date) string {
	if d.IsZero() {
		return ""
	}
	_, week := at(d).ISOWeek()
	return l.T("time.week", "number", week)
}

// Clock says the time of day of t, in the zone that t is in: kl. 10.00. The
// caller puts t into the zone of the place where it happens.
func (l *language) Clock(t time.Time) string {
	separator := ":"
	if l.site == nil && l.code != care.English {
		separator = "."
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

// UntilWeek is Until with the week for a day to come, for those who plan by weeks.
func (l *language) UntilWeek(from, to care.Date) string {
	if from.DaysUntil(to) < 0 {
		return l.Until(from, to)
	}
	return l.Until(from, to) + ", " + l.Week(to)
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

// date says a date on a page, for programs too. A patient need not reckon: how
// far away it is stands beside it.
func (p page) date(d care.Date) string { return p.beside(d, p.dated(d, p.lang.Date(d))) }

// shortDate is date in few letters.
func (p page) shortDate(d care.Date) string { return p.beside(d, p.dated(d, p.lang.ShortDate(d))) }

// moment says day and time of day on a page, in the zone that t is in.
func (p page) moment(t time.Time) string {
	if p.face == "" {
		return p.lang.Moment(t)
	}
	return mark("d"+t.Format("2006-01-02T15:04Z07:00"), p.lang.Moment(t))
}

// momentBeside is moment with how far away it is.
func (p page) momentBeside(t time.Time) string {
	return p.beside(care.DateOf(t, t.Location()), p.moment(t))
}

// dated marks the words of a date, where they are drawn on a page.
func (p page) dated(d care.Date, words string) string {
	if p.face == "" || d.IsZero() {
		return words
	}
	return mark("d"+d.String(), words)
}

func (p page) beside(d care.Date, words string) string {
	if p.face != forPatients || p.today.IsZero() || d.IsZero() {
		return words
	}
	return p.T("time.beside", "date", words, "relative", p.lang.Until(p.today, d))
}
