package care_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"forlop/care"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for s, code := range map[string]string{
		"2026-05-17": "", "2028-02-29": "", "2000-02-29": "", "0001-01-01": "", "9999-12-31": "",
		"2026-02-29": "date-impossible", "2100-02-29": "date-impossible", "2026-02-30": "date-impossible",
		"2026-13-01": "date-impossible", "2026-00-10": "date-impossible", "2026-04-31": "date-impossible",
		"2026-04-00": "date-impossible", "0000-01-01": "date-impossible",
		"": "date-form", "2026-5-17": "date-form", "17.05.2026": "date-form", "20260517": "date-form",
		" 2026-05-17": "date-form", "2026-05-17 ": "date-form", "2026-05-17T00:00": "date-form", "+026-05-17": "date-form",
		"２０２６-05-17": "date-form", "i morgen": "date-form", "2026/05/17": "date-form",
	} {
		d, err := care.ParseDate(s)
		if code == "" {
			if err != nil || d.String() != s {
				t.Errorf("%q is %s, %v", s, d, err)
			}
			continue
		}
		if r, ok := care.AsRefusal(err); !ok || r.Code != code || !d.IsZero() {
			t.Errorf("%q: %s, %v; want %s", s, d, err, code)
		}
	}
	if _, err := care.ParseDate(strings.Repeat("å", 5<<20)); err == nil || len(err.Error()) > 200 {
		t.Error("ten megabytes come back in the message")
	}
}

func TestDateText(t *testing.T) {
	t.Parallel()
	type form struct{ From, To care.Date }
	in := form{From: day(t, "2026-05-17")}
	b, err := json.Marshal(in)
	if err != nil || string(b) != `{"From":"2026-05-17","To":""}` {
		t.Fatalf("JSON is %s, %v", b, err)
	}
	var out form
	if err := json.Unmarshal(b, &out); err != nil || out != in {
		t.Errorf("read back as %v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"From":"2026-02-30"}`), &out); err == nil {
		t.Error("an impossible date is read from JSON")
	}
	if out != in {
		t.Error("a refused date changed what was there")
	}
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := care.Date{Year: rapid.IntRange(1800, 2300).Draw(t, "year"), Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 365).Draw(t, "day"))
		n := rapid.IntRange(-100_000, 100_000).Draw(t, "days")
		b := a.AddDays(n)
		if a.DaysUntil(b) != n || b.AddDays(-n) != a {
			t.Fatalf("%s and %d days is %s, which is %d days away", a, n, b, a.DaysUntil(b))
		}
		if a.Before(b) != (n > 0) || a.After(b) != (n < 0) || (a.Compare(b) == 0) != (n == 0) || a.Compare(b) != -b.Compare(a) {
			t.Fatalf("%s and %s are in no order", a, b)
		}
		if (int(a.Weekday())+n%7+7)%7 != int(b.Weekday()) {
			t.Fatalf("%s is a %s and %s a %s", a, a.Weekday(), b, b.Weekday())
		}
		read, err := care.ParseDate(a.String())
		if err != nil || read != a {
			t.Fatalf("%s reads as %s, %v", a, read, err)
		}
	})
}

func TestDateOf(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 5, 16, 22, 30, 0, 0, time.UTC)
	if got := care.DateOf(late, time.UTC); got != day(t, "2026-05-16") {
		t.Errorf("in UTC it is %s", got)
	}
	if got := care.DateOf(late, care.CalendarOf(care.Norway).Zone()); got != day(t, "2026-05-17") {
		t.Errorf("in Oslo it is %s", got)
	}
}

func TestMonthsKeepTheDayOrEndTheMonth(t *testing.T) {
	t.Parallel()
	c := care.CalendarOf(care.Sweden)
	rapid.Check(t, func(t *rapid.T) {
		from := care.Date{Year: 2000, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 40_000).Draw(t, "from"))
		n := rapid.IntRange(0, 240).Draw(t, "months")
		got := c.Add(from, care.Span{N: n, Unit: care.Months})
		if months := 12*(got.Year-from.Year) + int(got.Month-from.Month); months != n {
			t.Fatalf("%d months from %s is %s, %d months on", n, from, got, months)
		}
		endsMonth := got.AddDays(1).Month != got.Month
		if got.Day != from.Day && (got.Day > from.Day || !endsMonth) {
			t.Fatalf("%d months from %s is %s", n, from, got)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-05-17", "2026-02-30", "", "-026-05-17", "2026-05-1７", "0000-00-00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := care.ParseDate(s)
		if err != nil {
			if !d.IsZero() || len(err.Error()) > 300 {
				t.Errorf("%q: %s, %v", s, d, err)
			}
			return
		}
		if d.String() != s || d.AddDays(0) != d || d.IsZero() {
			t.Errorf("%q reads as %s", s, d)
		}
	})
}
