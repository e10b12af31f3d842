package care

import "testing"

func TestLocalTimes(t *testing.T) {
	t.Parallel()
	cal := CalendarOf(Norway)
	for _, c := range []struct {
		day          string
		hour, minute int
		want         string // an instant, or the code of a refusal
	}{
		{"2026-03-29", 1, 59, "2026-03-29T00:59:00Z"},
		{"2026-03-29", 2, 0, "local-time-gap"},
		{"2026-03-29", 2, 59, "local-time-gap"},
		{"2026-03-29", 3, 0, "2026-03-29T01:00:00Z"},
		{"2026-10-25", 1, 59, "2026-10-24T23:59:00Z"},
		{"2026-10-25", 2, 0, "local-time-twice"},
		{"2026-10-25", 2, 59, "local-time-twice"},
		{"2026-10-25", 3, 0, "2026-10-25T02:00:00Z"},
		{"2026-06-01", 0, 0, "2026-05-31T22:00:00Z"},
		{"2026-06-01", 24, 0, "local-time-gap"},
	} {
		d, err := ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		at, err := cal.Local(d, c.hour, c.minute)
		got := at.Format("2006-01-02T15:04:05Z07:00")
		if r, refused := AsRefusal(err); refused {
			got = r.Code
		}
		if got != c.want {
			t.Errorf("%s %02d:%02d is %s, and not %s", c.day, c.hour, c.minute, got, c.want)
		}
	}
}
