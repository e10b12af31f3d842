package care_test

import (
	"testing"
	"time"

	"forlop/care"
)

func day(t *testing.T, s string) care.Date {
	t.Helper()
	d, err := care.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func span(t *testing.T, s string) care.Span {
	t.Helper()
	got, err := care.ParseSpan(s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAdd(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		regime            care.Regime
		from, span, until string
	}{
		{care.Norway, "2026-01-05", "12 weeks", "2026-03-30"},
		{care.Norway, "2026-01-05", "26 weeks", "2026-07-06"},
		{care.Norway, "2026-01-05", "30 days", "2026-02-04"},
		{care.Norway, "2026-01-05", "0 days", "2026-01-05"},
		{care.Norway, "2026-01-05", "10 working days", "2026-01-19"},
		// Easter 2026 is 5 April: Thursday 2, Friday 3 and Monday 6 are holidays.
		{care.Norway, "2026-03-30", "3 working days", "2026-04-07"},
		{care.Sweden, "2026-03-30", "3 working days", "2026-04-02"},
		{care.Norway, "2026-04-30", "1 working day", "2026-05-04"},
		// 17 May 2027 is Whit Monday too.
		{care.Norway, "2027-05-14", "1 working day", "2027-05-18"},
		{care.Norway, "2026-12-23", "2 working days", "2026-12-28"},
		{care.Sweden, "2026-12-23", "2 working days", "2026-12-29"},
		// Midsummer Eve 2026 is Friday 19 June.
		{care.Sweden, "2026-06-18", "1 working day", "2026-06-22"},
		{care.Sweden, "2026-06-05", "1 working day", "2026-06-08"},
		{care.Norway, "2026-01-31", "1 month", "2026-02-28"},
		{care.Norway, "2028-01-31", "1 month", "2028-02-29"},
		{care.Norway, "2026-08-31", "6 months", "2027-02-28"},
		{care.Norway, "2026-12-15", "2 months", "2027-02-15"},
		{care.Norway, "2026-01-03", "0 working days", "2026-01-03"},
	} {
		got := care.CalendarOf(test.regime).Add(day(t, test.from), span(t, test.span))
		if got != day(t, test.until) {
			t.Errorf("%s: %s and %s is %s, want %s", test.regime, test.from, test.span, got, test.until)
		}
	}
}

func TestDeadlineIsTheLocalMidnight(t *testing.T) {
	t.Parallel()
	no := care.CalendarOf(care.Norway)
	// 01:30 UTC is the same date in Oslo; 23:30 UTC is the next.
	for at, want := range map[string]string{
		"2026-01-05T01:30:00Z": "2026-03-30T22:00:00Z",
		"2026-01-05T23:30:00Z": "2026-03-31T22:00:00Z",
		"2026-10-25T00:30:00Z": "2027-01-17T23:00:00Z",
	} {
		start, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		got := no.Deadline(start, span(t, "12 weeks"))
		if s := got.UTC().Format(time.RFC3339); s != want {
			t.Errorf("12 weeks from %s end at %s, want %s", at, s, want)
		}
	}
}
