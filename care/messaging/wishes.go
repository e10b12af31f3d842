package messaging

import (
	"time"

	"forlop/care"
)

// Wishes are how somebody wants to be nudged, in their own words. The zero value
// is what holds for whoever has said nothing.
type Wishes struct {
	// Nudge is ByEmail, BySMS, or OnPage for none; empty leaves it to what the
	// person's record says.
	Nudge Channel `json:"nudge,omitempty"`
	// QuietFrom and QuietTo are the local hours between which nothing is sent, such
	// as 21 and 8. Both zero means the usual hours.
	QuietFrom int `json:"quietFrom,omitempty"`
	QuietTo   int `json:"quietTo,omitempty"`
	// Daily gathers everything of a day in one nudge.
	Daily bool `json:"daily,omitempty"`
	// Details is a recorded consent to first name, day and time of an appointment
	// in e-mail and SMS.
	Details bool `json:"details,omitempty"`
}

// Ours, no source: assumed, to be tried with patients.
const (
	quietFrom = 21 // the hours in which nobody is woken by a nudge
	quietTo   = 8
	dailyHour = 16 // when a day's news goes out, for those who want one a day
	// soon is how near an appointment is so that news of it does not wait for
	// tomorrow's nudge.
	soon = 72 * time.Hour
)

// retries are the pauses between attempts; when they are used up it is a task.
var retries = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour}

var (
	// toOpen is how long a nudge may lie unopened before somebody calls instead.
	toOpen = care.Span{N: 1, Unit: care.WorkingDays}
	// toMend is how long whoever owns it has for what could not be sent.
	toMend = care.Span{N: 1, Unit: care.WorkingDays}
	// toClimb is how long until an overdue task climbs.
	toClimb = care.Span{N: 1, Unit: care.WorkingDays}
)

// Hours are the quiet hours that hold, on the local clock.
func (w Wishes) Hours() (from, to int) {
	if w.QuietFrom == 0 && w.QuietTo == 0 {
		return quietFrom, quietTo
	}
	return w.QuietFrom, w.QuietTo
}

// awake is the first instant from at on that lies outside the quiet hours.
func (w Wishes) awake(at time.Time, cal *care.Calendar) time.Time {
	from, to := w.Hours()
	local := at.In(cal.Zone())
	quiet := local.Hour() >= from && local.Hour() < to
	if from > to {
		quiet = local.Hour() >= from || local.Hour() < to
	}
	if !quiet {
		return at
	}
	day := local
	if from > to && local.Hour() >= from {
		day = day.AddDate(0, 0, 1)
	}
	return atHour(day, to)
}

// atHour is an hour of the local day that t lies in.
func atHour(t time.Time, hour int) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, hour, 0, 0, 0, t.Location()).UTC()
}

// daily is the next hour at which a day's news goes out.
func daily(at time.Time, cal *care.Calendar) time.Time {
	local := at.In(cal.Zone())
	if next := atHour(local, dailyHour); !next.Before(at) {
		return next
	}
	return atHour(local.AddDate(0, 0, 1), dailyHour)
}

// check refuses wishes that nobody can follow.
func (w Wishes) check() error {
	switch w.Nudge {
	case "", OnPage, ByEmail, BySMS:
	default:
		return care.Refuse("nudge-unknown", "You can be nudged by e-mail or SMS, or not at all.").On("nudge")
	}
	for _, h := range []int{w.QuietFrom, w.QuietTo} {
		if h < 0 || h > 23 {
			return care.Refuse("quiet-hours", "Give the quiet hours as whole hours from 0 to 23.").On("quietFrom")
		}
	}
	from, to := w.Hours()
	if span := (to - from + 24) % 24; span > 16 {
		return care.Refuse("quiet-hours-long", "Leave at least eight hours of the day in which we can reach you.").On("quietFrom")
	}
	return nil
}
