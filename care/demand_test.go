package care

import (
	"slices"
	"testing"
	"time"
)

func TestStrains(t *testing.T) {
	t.Parallel()
	cal := CalendarOf(Norway)
	day := func(d string, hour int) time.Time {
		x, err := ParseDate(d)
		if err != nil {
			t.Fatal(err)
		}
		return cal.StartOf(x).Add(time.Duration(hour) * time.Hour)
	}
	others := []time.Time{day("2026-03-11", 10)} // a Wednesday
	for _, c := range []struct {
		energy  Energy
		at      string
		minutes int
		want    []Strain
	}{
		{Energy{}, "2026-03-13", 600, nil},
		{Energy{}, "2026-03-12", 0, []Strain{NextDay}},
		{Energy{}, "2026-03-10", 0, []Strain{NextDay}},
		{Energy{PerWeek: 2}, "2026-03-13", 0, nil},
		{Energy{PerWeek: 1}, "2026-03-15", 0, []Strain{TooMany}}, // the Sunday of that week
		{Energy{PerWeek: 1}, "2026-03-16", 0, nil},
		{Energy{PerWeek: 1}, "2026-03-09", 0, []Strain{TooMany}},
		{Energy{RestDays: 2}, "2026-03-13", 0, []Strain{TooSoon}},
		{Energy{RestDays: 2}, "2026-03-14", 0, nil},
		{Energy{RestDays: 2}, "2026-03-12", 0, []Strain{TooSoon}},
		{Energy{Minutes: 30}, "2026-03-20", 30, nil},
		{Energy{Minutes: 30}, "2026-03-20", 31, []Strain{TooLong}},
		{Energy{1, 2, 30}, "2026-03-12", 31, []Strain{TooMany, TooSoon, TooLong}},
	} {
		if got := c.energy.Strains(cal, day(c.at, 9), c.minutes, others); !slices.Equal(got, c.want) {
			t.Errorf("%+v on %s for %d minutes: %v, and not %v", c.energy, c.at, c.minutes, got, c.want)
		}
		for _, s := range c.want {
			if r := c.energy.Refuse(s); r.Code != "strain-"+string(s) {
				t.Errorf("%s is refused as %s", s, r.Code)
			}
		}
	}
}
