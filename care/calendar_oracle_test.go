package care_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"forlop/care"
)

// An oracle of its own: days are counted one by one from a known Thursday,
// Easter is looked up in the church's table of paschal full moons, and the laws
// are written out again. It uses neither the time package nor the library.
type oracleDay struct {
	date             care.Date
	weekday          int // 0 is Sunday
	holiday, working bool
	firstSecond      int64 // Unix time of the local midnight that begins it
}

// paschalMoon is the date of the paschal full moon in March days (32 is 1
// April), by golden number, valid for 1900–2199.
var paschalMoon = [19]int{45, 34, 23, 42, 31, 49, 39, 28, 47, 36, 25, 44, 33, 22, 41, 30, 48, 38, 27}

func oracleDays(regime care.Regime, first, last int) []oracleDay {
	var days []oracleDay
	weekday, second := 4, int64(0) // 1 January 1970 was a Thursday
	for year := 1970; year <= last; year++ {
		lengths := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			lengths[1] = 29
		}
		var inYear []oracleDay
		for m, n := range lengths {
			for d := 1; d <= n; d++ {
				inYear = append(inYear, oracleDay{
					date:    care.Date{Year: year, Month: time.Month(m + 1), Day: d},
					weekday: weekday, firstSecond: second - 3600,
				})
				weekday, second = (weekday+1)%7, second+24*3600
			}
		}
		if year >= first {
			markDays(inYear, regime)
			days = append(days, inYear...)
		}
	}
	return days
}

func markDays(days []oracleDay, regime care.Regime) {
	at := func(month, day int) int {
		for i, d := range days {
			if int(d.date.Month) == month && d.date.Day == day {
				return i
			}
		}
		panic("no such day")
	}
	onOrAfter := func(i, weekday int) int {
		for days[i].weekday != weekday {
			i++
		}
		return i
	}
	const sunday, friday, saturday = 0, 5, 6

	moon := at(3, 1) + paschalMoon[days[0].date.Year%19] - 1
	easter := onOrAfter(moon+1, sunday)
	red := []int{at(1, 1), easter - 2, easter, easter + 1, at(5, 1), easter + 39, easter + 49, at(12, 25), at(12, 26)}
	var eves []int
	if regime == care.Norway {
		red = append(red, easter-3, at(5, 17), easter+50)
	} else {
		red = append(red, at(1, 6), at(6, 6), onOrAfter(at(6, 20), saturday), onOrAfter(at(10, 31), saturday))
		eves = append(eves, onOrAfter(at(6, 19), friday), at(12, 24), at(12, 31))
	}
	for i := range days {
		days[i].holiday = days[i].weekday == sunday
		days[i].working = days[i].weekday != sunday && days[i].weekday != saturday
	}
	for _, i := range red {
		days[i].holiday, days[i].working = true, false
	}
	for _, i := range eves {
		days[i].working = false
	}

	// Summer time from 02:00 on the last Sunday of March to 03:00 on the last
	// Sunday of October (directive 2000/84/EC): the midnights after the first
	// and up to the second come an hour earlier.
	summer := onOrAfter(at(3, 25), sunday)
	winter := onOrAfter(at(10, 25), sunday)
	for i := summer + 1; i <= winter; i++ {
		days[i].firstSecond -= 3600
	}
}

func TestEveryDateAgreesWithTheOracle(t *testing.T) {
	t.Parallel()
	for _, regime := range []care.Regime{care.Norway, care.Sweden} {
		c := care.CalendarOf(regime)
		days := oracleDays(regime, 2020, 2061)
		compared := 0
		for i, want := range days {
			d := want.date
			if d.Year == 2061 {
				break
			}
			compared++
			tomorrow := days[i+1]
			start, end := c.StartOf(d), c.EndOf(d)
			if c.IsWorkingDay(d) != want.working || c.Holiday(d) != want.holiday || int(d.Weekday()) != want.weekday {
				t.Errorf("%s %s: working %t holiday %t %s, the oracle says %t %t %d", regime, d,
					c.IsWorkingDay(d), c.Holiday(d), d.Weekday(), want.working, want.holiday, want.weekday)
			}
			if start.Unix() != want.firstSecond || end.Unix() != tomorrow.firstSecond {
				t.Errorf("%s %s is from %s to %s, the oracle says %d to %d", regime, d, start, end, want.firstSecond, tomorrow.firstSecond)
			}
			if d.AddDays(1) != tomorrow.date || tomorrow.date.AddDays(-1) != d || d.DaysUntil(tomorrow.date) != 1 {
				t.Errorf("%s is not the day before %s", d, tomorrow.date)
			}
			if c.Date(start) != d || c.Date(end.Add(-1)) != d || c.Date(end) != tomorrow.date || c.LastDay(end) != d || c.LastDay(end.Add(-time.Hour)) != d {
				t.Errorf("%s %s: its instants are not on it", regime, d)
			}
		}
		if compared != 41*365+11 {
			t.Errorf("%s: compared %d dates, want every one of 2020–2060", regime, compared)
		}
	}
}

// Every length of working days that a pathway may use, from every date.
func TestWorkingDaysAgreeWithCountingOneByOne(t *testing.T) {
	t.Parallel()
	for _, regime := range []care.Regime{care.Norway, care.Sweden} {
		c := care.CalendarOf(regime)
		days := oracleDays(regime, 2020, 2062)
		for i, from := range days {
			if from.date.Year == 2061 {
				break
			}
			counted := 0
			for _, d := range days[i+1 : i+80] {
				if d.working {
					counted++
					if got := c.Add(from.date, care.Span{N: counted, Unit: care.WorkingDays}); got != d.date {
						t.Fatalf("%s: %d working days from %s is %s, counted %s", regime, counted, from.date, got, d.date)
					}
				}
				if got := c.WorkingDaysBetween(from.date, d.date); got != counted {
					t.Fatalf("%s: %d working days between %s and %s, counted %d", regime, got, from.date, d.date, counted)
				}
				if got := c.WorkingDaysBetween(d.date, from.date); got != -counted {
					t.Fatalf("%s: %d working days back from %s to %s, counted %d", regime, got, d.date, from.date, -counted)
				}
			}
			if counted < 40 {
				t.Fatalf("%s: only %d working days in the 79 days after %s", regime, counted, from.date)
			}
		}
	}
}

// The answers of each named version, for ever. When this fails, the answers
// have changed (a law, the library, the zone data): give the calendar a new
// version and add its line. Never change a line that was released.
var calendarAnswers = map[string]string{
	"NO-2026.1": "7762a73e46bcd75a2dcb10ada298628d8975433064b003869f5b55195854008c",
	"SE-2026.1": "1175685ebe1237631f71853138fe3b2514fd417c02b50307a318367c12829a35",
}

func TestCalendarVersionStandsForItsAnswers(t *testing.T) {
	t.Parallel()
	for _, regime := range []care.Regime{care.Norway, care.Sweden} {
		c := care.CalendarOf(regime)
		sum := sha256.New()
		for d := day(t, "2020-01-01"); d.Year <= 2060; d = d.AddDays(1) {
			fmt.Fprintln(sum, d, c.StartOf(d).Unix(), c.Holiday(d), c.IsWorkingDay(d),
				c.Add(d, care.Span{N: 10, Unit: care.WorkingDays}), c.Add(d, care.Span{N: 12, Unit: care.Weeks}),
				c.Add(d, care.Span{N: 6, Unit: care.Months}), c.Add(d, care.Span{N: 30, Unit: care.Days}))
		}
		if got, want := hex.EncodeToString(sum.Sum(nil)), calendarAnswers[c.Version()]; got != want {
			t.Errorf("calendar %s answers %s for 2020–2060, want %s", c.Version(), got, want)
		}
	}
}
