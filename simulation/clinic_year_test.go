package simulation

import (
	"flag"
	"slices"
	"testing"
	"time"

	"forlop/care"
)

var wholeYear = flag.Bool("clinic-year", false, "play the whole year of a clinic to which 150 journeys come, a minute or two, not its first months alone")

// mostRows is the goal: so many new rows, at the most, on nine of ten of one
// coordinator's working days.
const mostRows = 25

// TestClinicYear plays a clinic with one coordinator and counts what comes to her
// list each working day: no more than she can do, and nothing twice for the same
// cause. Nobody else is logged in but the patients who read their page.
func TestClinicYear(t *testing.T) {
	t.Parallel()
	months, journeys := 3, 60
	if *wholeYear {
		months, journeys = 12, 150
	}
	c := playMonths(t, 1, months, journeys)
	c.print()
	if median, p90, most := c.spread(func(f figures) int { return f.opened }); p90 > mostRows || median == 0 {
		t.Errorf("new rows: median %d, p90 %d, most %d on a working day; the goal is %d", median, p90, most, mostRows)
	}
	if len(c.again) > 0 {
		t.Errorf("came again though nothing had changed: %s", counted(c.again))
	}
	if len(c.doubled) > 0 {
		t.Errorf("stood twice on the list: %s", counted(c.doubled))
	}
	if len(c.nobody)+len(c.refusals) > 0 {
		t.Errorf("what the list shows cannot be done: %s; %s", counted(c.nobody), counted(c.refusals))
	}
	if len(c.persons) != journeys || c.byRef["journey step: start-assessment"] < journeys/3 {
		t.Errorf("too little happens to prove anything: %s", counted(c.byRef))
	}
}

// TestClinicAgain holds that a clinic's weeks follow from their seed.
func TestClinicAgain(t *testing.T) {
	t.Parallel()
	a, b, other := playMonths(t, 3, 1, 12), playMonths(t, 3, 1, 12), playMonths(t, 4, 1, 12)
	if !slices.Equal(a.all, b.all) {
		t.Errorf("the same seed gives %v and %v", a.all, b.all)
	}
	if slices.Equal(a.all, other.all) {
		t.Error("another seed gives the same")
	}
}

// playMonths plays a clinic that opens in January with nobody on its list.
func playMonths(t *testing.T, seed uint64, months, journeys int) *clinic {
	t.Helper()
	begins := care.Date{Year: 2026, Month: time.January, Day: 5}
	c := newClinic(t, seed, begins)
	days := c.workdays(begins, begins.AddDays(months*365/12))
	// Each comes on a day of its own drawing; in July nobody sends (assumed).
	comes := map[care.Date]int{}
	for n := 0; n < journeys; {
		if d := days[c.arrive.IntN(len(days))]; d.Month != time.July {
			comes[d]++
			n++
		}
	}
	for _, d := range days {
		c.day(d, func() {
			for range comes[d] {
				c.refers(c.channel(60, 25))
			}
		})
	}
	return c
}

// channel draws how a patient is told things: on the page, by letter, or by phone
// (the shares are assumed).
func (c *clinic) channel(page, letter int) care.Channel {
	switch n := c.arrive.IntN(100); {
	case n < page:
		return care.ByPage
	case n < page+letter:
		return care.ByLetter
	}
	return care.ByPhone
}
