package care

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a civil date, without a time of day and without a zone. What instant
// it starts at is for a Calendar to say. The zero Date means "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

const dateForm = "2006-01-02"

// ParseDate reads an ISO 8601 date such as 2026-05-17, and nothing else: no
// time, no spaces, no shorter form.
//
// It refuses with date-form what is not written so and with date-impossible
// what no calendar has, such as 2026-02-30.
func ParseDate(s string) (Date, error) {
	if !hasDateForm(s) {
		return Date{}, Refuse("date-form", "{given} is not a date: write the year, month and day as 2026-05-17", "given", clip(s))
	}
	t, err := time.Parse(dateForm, s)
	if err != nil || t.Year() == 0 {
		return Date{}, Refuse("date-impossible", "there is no such date as {given}", "given", s)
	}
	return dateOf(t), nil
}

func hasDateForm(s string) bool {
	if len(s) != len(dateForm) {
		return false
	}
	for i := range len(s) {
		if i == 4 || i == 7 {
			if s[i] != '-' {
				return false
			}
		} else if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// clip keeps an echo of what somebody typed short enough for a message.
func clip(s string) string {
	const most = 20
	r := []rune(s[:min(len(s), 4*(most+1))])
	if len(r) <= most {
		return fmt.Sprintf("%q", string(r))
	}
	return fmt.Sprintf("%q…", string(r[:most]))
}

// DateOf is the date that t falls on in loc.
func DateOf(t time.Time, loc *time.Location) Date { return dateOf(t.In(loc)) }

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{Year: y, Month: m, Day: d}
}

// noon is the date at noon UTC; a day is then always 24 hours.
func (d Date) noon() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
}

// String is the ISO form, 2026-05-17, and "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText writes the ISO form, and nothing for the zero Date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes. It refuses as ParseDate does.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	read, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = read
	return nil
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d comes before e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d comes after e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Compare is -1 when d comes before e, 0 when they are the same and 1 when d
// comes after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// AddDays is the date n days after d, or before it when n is negative.
func (d Date) AddDays(n int) Date {
	return dateOf(time.Date(d.Year, d.Month, d.Day+n, 12, 0, 0, 0, time.UTC))
}

// addMonths is the same day n months later, or the last day of that month when
// it is shorter: 31 January and one month is 28 or 29 February.
func (d Date) addMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 12, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{Year: first.Year(), Month: first.Month(), Day: min(d.Day, last)}
}

// DaysUntil is the number of days from d to e, negative when e comes first.
func (d Date) DaysUntil(e Date) int {
	const day = 24 * 60 * 60
	return int((e.noon().Unix() - d.noon().Unix()) / day)
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }
