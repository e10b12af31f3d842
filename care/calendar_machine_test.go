package care

import (
	"sync"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
)

// The library works in the machine's own zone, and there are zones where some
// days have no midnight: Lima had none on New Year's Day 1990. This test is not
// parallel, for it sets the library's zone.
func TestHolidaysDoNotDependOnTheMachine(t *testing.T) {
	kept := cal.DefaultLoc
	t.Cleanup(func() { cal.DefaultLoc = kept })

	table := func(c *Calendar) []year {
		var years []year
		for n := 1980; n <= 2060; n++ {
			years = append(years, *c.newYear(n))
		}
		return years
	}
	for _, c := range []*Calendar{norway(), sweden()} {
		cal.DefaultLoc = time.UTC
		want := table(c)
		for _, zone := range []string{"America/Lima", "America/El_Salvador", "America/Belem", "Asia/Amman", "Asia/Beirut", "Pacific/Auckland"} {
			loc, err := time.LoadLocation(zone)
			if err != nil {
				t.Fatal(err)
			}
			cal.DefaultLoc = loc
			for i, got := range table(c) {
				if got != want[i] {
					t.Errorf("%s: the holidays of %d are others on a machine in %s", c.Version(), 1980+i, zone)
				}
			}
		}
	}
}

func TestCalendarIsSafeForManyAtOnce(t *testing.T) {
	t.Parallel()
	fresh := newCalendar("test", "Europe/Oslo", oslo, norway().holidays, nil)
	start := Date{Year: 2020, Month: time.January, Day: 1}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 2000 {
				d := start.AddDays(7 * i)
				if s := (Span{N: 10, Unit: WorkingDays}); fresh.Add(d, s) != norway().Add(d, s) {
					t.Errorf("10 working days from %s differ", d)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkTenWorkingDays(b *testing.B) {
	c := CalendarOf(Sweden)
	d := Date{Year: 2026, Month: time.March, Day: 26}
	for b.Loop() {
		c.Add(d, Span{N: 10, Unit: WorkingDays})
	}
}

func BenchmarkDeadline(b *testing.B) {
	c := CalendarOf(Norway)
	at := time.Date(2026, 3, 26, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		c.Deadline(at, Span{N: 12, Unit: Weeks})
	}
}
