package care

import (
	"strconv"
	"time"
)

// Copied is where something that is kept elsewhere was copied from, and when: a
// booking stays the record system's, and what is shown here is a copy.
type Copied struct {
	// Source names the system, such as the hospital's record system.
	Source string `json:"source"`
	// Reference is what the source calls it.
	Reference string    `json:"reference,omitempty"`
	At        time.Time `json:"at"`
}

// Energy is what a person can bear of visits, meetings and calls. Zero means no
// limit of that kind.
type Energy struct {
	PerWeek  int // a calendar week, which starts on Monday
	RestDays int // free days between two
	Minutes  int // of one
}

// Strain is a limit that a time would break.
type Strain string

// The strains.
const (
	TooMany Strain = "per-week"
	TooSoon Strain = "rest-days"
	TooLong Strain = "minutes"
	// NextDay is no limit that was set, and still asked about: something on two
	// days after each other (never two days running without asking).
	NextDay Strain = "next-day"
)

// Strains lists what a time of a length in minutes breaks beside the others that
// are planned: invariant 16, simultaneous demands stay within what the person has
// set. An empty answer is within.
func (e Energy) Strains(cal *Calendar, at time.Time, minutes int, others []time.Time) []Strain {
	day := cal.Date(at)
	inWeek, near, beside := 1, false, false
	for _, o := range others {
		d := cal.Date(o)
		if monday(d) == monday(day) {
			inWeek++
		}
		days := day.DaysUntil(d)
		if days < 0 {
			days = -days
		}
		near = near || days <= e.RestDays
		beside = beside || days == 1
	}
	var out []Strain
	if e.PerWeek > 0 && inWeek > e.PerWeek {
		out = append(out, TooMany)
	}
	if e.RestDays > 0 && near {
		out = append(out, TooSoon)
	}
	if e.Minutes > 0 && minutes > e.Minutes {
		out = append(out, TooLong)
	}
	if beside && (e.RestDays == 0 || !near) {
		out = append(out, NextDay)
	}
	return out
}

// monday is the first day of a date's week.
func monday(d Date) Date { return d.AddDays(-((int(d.Weekday()) + 6) % 7)) }

// Refuse says which limit a time breaks, and the way on: another time, or the
// reason why it must be then.
func (e Energy) Refuse(s Strain) *Refusal {
	switch s {
	case TooMany:
		return Refuse("strain-per-week", "The patient can bear at most {most} in one week. Choose another week, or write why it must be then.",
			"most", strconv.Itoa(e.PerWeek)).On("despite")
	case TooSoon:
		return Refuse("strain-rest-days", "The patient needs {days} days of rest between two. Choose another day, or write why it must be then.",
			"days", strconv.Itoa(e.RestDays)).On("despite")
	case TooLong:
		return Refuse("strain-minutes", "The patient can bear {most} minutes at a time, and this takes longer. Make it shorter or in parts, or write why it must be so.",
			"most", strconv.Itoa(e.Minutes)).On("despite")
	case NextDay:
	}
	return Refuse("strain-next-day", "The patient has something the day before or the day after. Choose another day, or write that the patient was asked.").On("despite")
}
