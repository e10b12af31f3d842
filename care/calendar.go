package care

import (
	_ "embed" // the zone files
	"fmt"
	"math/bits"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2"
	norwegian "github.com/rickar/cal/v2/no"
	swedish "github.com/rickar/cal/v2/se"
)

// Calendar answers when days start and which of them are working days in one
// country. It is immutable to its callers and safe for concurrent use.
//
// Norway. Holidays are Sundays, the days of helligdagsloven § 2 and, by the act
// of 1947, 1 May and 17 May. Christmas Eve, New Year's Eve and the Wednesday
// before Easter are working days: no law makes them holidays.
//
// Sweden. Holidays are Sundays and the days of lag (1989:253) § 1, as it stands
// since 2005. Midsummer Eve, Christmas Eve and New Year's Eve are no holidays,
// but they are not working days either: lag (1930:173) § 2 puts them beside
// Saturday when the last day to act falls on one.
//
// A working day in both is a day that is not a Saturday, not a holiday and, in
// Sweden, not one of the three eves. A limit in days, weeks or months that ends
// on a day off is not moved to the next working day: the law may let the
// service act later, but the date a patient is promised stays the earlier one
// (a choice of ours, on the safe side).
//
// The answers are meant for the years 2005 onwards; before that, older laws
// named other days.
type Calendar struct {
	version  string
	zone     *time.Location
	holidays []*cal.Holiday
	// eves are days that are no holidays and yet not working days.
	eves  []*cal.Holiday
	years [lastYear - firstYear + 1]atomic.Pointer[year]
}

// The years that are kept once they are worked out. Others are worked out each
// time.
const (
	firstYear = 1900
	lastYear  = 2199
)

// The two zones as the tz database 2025c of IANA has them (public domain). They
// are part of the program, so that a deadline is the same instant whatever the
// machine's own zone files say, or whether it has any. A new rule on summer time
// is a new version of the calendar, like a new holiday.
var (
	//go:embed oslo.tzif
	oslo []byte
	//go:embed stockholm.tzif
	stockholm []byte
)

var norway = sync.OnceValue(func() *Calendar {
	return newCalendar("NO-2026.1", "Europe/Oslo", oslo, norwegian.Holidays, nil)
})

var sweden = sync.OnceValue(func() *Calendar {
	return newCalendar("SE-2026.1", "Europe/Stockholm", stockholm, []*cal.Holiday{
		swedish.Nyarsdagen, swedish.TrettondedagJul, swedish.Langfredagen, swedish.AnnandagPask, swedish.ForstaMaj, swedish.KristiHimmelfardsdag,
		swedish.Nationaldagen, swedish.Midsommardagen, swedish.AllaHelgonsDag, swedish.Juldagen, swedish.AnnandagJul,
	}, []*cal.Holiday{swedish.Midsommarafton, swedish.Julafton, swedish.Nyarsafton})
})

// CalendarOf is the calendar of a regime. It panics for anything but Norway and
// Sweden: a regime is checked where it comes in.
func CalendarOf(r Regime) *Calendar {
	switch r {
	case Norway:
		return norway()
	case Sweden:
		return sweden()
	}
	panic(fmt.Sprintf("care: there is no calendar for the regime %q", string(r)))
}

func newCalendar(version, zone string, rules []byte, holidays, eves []*cal.Holiday) *Calendar {
	loc, err := time.LoadLocationFromTZData(zone, rules)
	if err != nil {
		panic(fmt.Sprintf("care: the zone file of %s is broken: %v", zone, err))
	}
	return &Calendar{version: version, zone: loc, holidays: holidays, eves: eves}
}

// Version names the rules, such as "NO-2026.1". It changes whenever the answer
// for any date changes, and stands on events beside the dates it decided.
func (c *Calendar) Version() string { return c.version }

// Zone is the country's time zone.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Date is the local date at t.
func (c *Calendar) Date(t time.Time) Date { return DateOf(t, c.zone) }

// StartOf is the local midnight that begins d.
func (c *Calendar) StartOf(d Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, c.zone)
}

// EndOf is the local midnight that ends d, the first instant that is no longer
// d. The day it ends may have 23, 24 or 25 hours.
func (c *Calendar) EndOf(d Date) time.Time { return c.StartOf(d.AddDays(1)) }

// LastDay is the date people are shown for a deadline: the last date on which
// it can still be met. For the midnight that ends a date, it is that date.
func (c *Calendar) LastDay(deadline time.Time) Date { return c.Date(deadline.Add(-1)) }

// IsWorkingDay reports whether d is a working day, as the type says.
func (c *Calendar) IsWorkingDay(d Date) bool {
	i := dayOfYear(d)
	return c.year(d.Year).working.has(i)
}

// Holiday reports whether d is a public holiday, Sundays included.
func (c *Calendar) Holiday(d Date) bool {
	i := dayOfYear(d)
	return c.year(d.Year).holiday.has(i)
}

// Add counts s from d, which is day 0: 10 working days is the tenth working day
// after d, 1 week the same weekday next week, 1 month the same day next month
// or that month's last day (as lag (1930:173) § 1 counts in Sweden). 0 of
// anything, and the zero Span, is d itself.
func (c *Calendar) Add(d Date, s Span) Date {
	switch {
	case s.IsZero():
		return d
	case s.Unit == Days:
		return d.AddDays(s.N)
	case s.Unit == Weeks:
		return d.AddDays(7 * s.N)
	case s.Unit == Months:
		return d.addMonths(s.N)
	case s.Unit == WorkingDays:
		return c.addWorkingDays(d, s.N)
	}
	panic(fmt.Sprintf("care: a span cannot be counted in %q", string(s.Unit)))
}

// Deadline is the instant at which s from start has run out: the local midnight
// that ends the last day. The day of start is day 0.
func (c *Calendar) Deadline(start time.Time, s Span) time.Time {
	return c.EndOf(c.Add(c.Date(start), s))
}

// WorkingDaysBetween is the number of working days after a, up to and including
// b, so that it undoes Add. It is negative when b comes before a.
func (c *Calendar) WorkingDaysBetween(a, b Date) int {
	if b.Before(a) {
		return -c.WorkingDaysBetween(b, a)
	}
	n := c.year(b.Year).working.upTo(dayOfYear(b)) - c.year(a.Year).working.upTo(dayOfYear(a))
	for y := a.Year; y < b.Year; y++ {
		n += c.year(y).workingDays
	}
	return n
}

func (c *Calendar) addWorkingDays(d Date, n int) Date {
	if n <= 0 {
		return d
	}
	y, i := d.Year, dayOfYear(d)
	// Count from the start of the year, so that whole years can be stepped over.
	n += c.year(y).working.upTo(i)
	for n > c.year(y).workingDays {
		n -= c.year(y).workingDays
		y++
	}
	return Date{Year: y, Month: time.January, Day: 1}.AddDays(c.year(y).working.nth(n))
}

// year is what a calendar knows of one year. It never changes once it is made.
type year struct {
	holiday, working daySet
	workingDays      int
}

func (c *Calendar) year(n int) *year {
	if n < firstYear || n > lastYear {
		return c.newYear(n)
	}
	kept := &c.years[n-firstYear]
	if y := kept.Load(); y != nil {
		return y
	}
	// Two goroutines may both work it out; they find the same.
	y := c.newYear(n)
	kept.Store(y)
	return y
}

func (c *Calendar) newYear(n int) *year {
	var y year
	var eve daySet
	for _, h := range c.holidays {
		y.holiday.add(dayOfYear(dateOfHoliday(h, n)))
	}
	for _, h := range c.eves {
		eve.add(dayOfYear(dateOfHoliday(h, n)))
	}
	first := Date{Year: n, Month: time.January, Day: 1}
	weekday := first.Weekday()
	for i := range first.DaysUntil(Date{Year: n + 1, Month: time.January, Day: 1}) {
		if weekday == time.Sunday {
			y.holiday.add(i)
		}
		if weekday != time.Saturday && !y.holiday.has(i) && !eve.has(i) {
			y.working.add(i)
			y.workingDays++
		}
		weekday = (weekday + 1) % 7
	}
	return &y
}

// dateOfHoliday reads the library's answer, which is the start of the day in
// the machine's own zone. Where that zone has no such midnight (Lima, New Year's
// Day 1990) the answer is an hour off, in the evening before: half a day later it
// is the right date.
func dateOfHoliday(h *cal.Holiday, year int) Date {
	actual, _ := h.Calc(year)
	return dateOf(actual.Add(12 * time.Hour))
}

func dayOfYear(d Date) int { return d.noon().YearDay() - 1 }

// daySet is a set of the days of one year, 0 for 1 January.
type daySet [6]uint64

func (s *daySet) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s *daySet) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// upTo counts the days in the set up to and including day i.
func (s *daySet) upTo(i int) int {
	n := 0
	for w := range i / 64 {
		n += bits.OnesCount64(s[w])
	}
	return n + bits.OnesCount64(s[i/64]<<(63-i%64))
}

// nth is the n-th day in the set, counted from 1. The set must hold as many.
func (s *daySet) nth(n int) int {
	w := 0
	for ; n > bits.OnesCount64(s[w]); w++ {
		n -= bits.OnesCount64(s[w])
	}
	rest := s[w]
	for ; n > 1; n-- {
		rest &= rest - 1
	}
	return 64*w + bits.TrailingZeros64(rest)
}
