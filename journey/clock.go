package journey

import (
	"slices"
	"time"

	"forlop/care"
)

// ClockState is where a clock is in its life cycle.
type ClockState string

// The states of a clock. A clock whose latest date has passed runs on until its
// milestone is reached: late is not over.
const (
	ClockRunning ClockState = "running"
	ClockLate    ClockState = "late"
	ClockMet     ClockState = "stopped"
	ClockIsLeft  ClockState = "left"
)

// Clock is a limit with its ledger.
type Clock struct {
	ClockStarted
	State ClockState
	// Stop is when its milestone was reached.
	Stop time.Time
	// Paused lists the pauses in the order they were recorded.
	Paused []ClockPaused
	// Seen is set once the latest date has passed and was acted on, until a
	// correction or a pause moves it ahead again.
	Seen bool
	// Version is the last event about the clock; Begun the one that started it.
	Version, Begun int
}

// Live reports whether the clock still runs.
func (c Clock) Live() bool { return c.State == ClockRunning || c.State == ClockLate }

// PausedDays is the number of days the clock has stood still up to and
// including a day. Overlapping pauses count once.
func (c Clock) PausedDays(upTo care.Date) int { return pausedDays(c.Paused, care.Date{}, upTo) }

// pausedDays counts the days of pauses from one day to another, both included.
func pausedDays(paused []ClockPaused, first, last care.Date) int {
	n := 0
	for _, p := range union(paused) {
		from, until := p.From, p.Until
		if from.Before(first) {
			from = first
		}
		if last.Before(until) {
			until = last
		}
		if !until.Before(from) {
			n += from.DaysUntil(until) + 1
		}
	}
	return n
}

// PlainDays is the plain time from the start to an instant, in days: it is
// always shown beside what counts (L6). A move recorded late can leave a clock
// before it started: no time has passed then.
func (c Clock) PlainDays(cal *care.Calendar, at time.Time) int {
	if !c.Stop.IsZero() && c.Stop.Before(at) {
		at = c.Stop
	}
	return max(0, cal.Date(c.Start).DaysUntil(cal.Date(at)))
}

// UsedDays is the time that counts, in days: plain time without pauses. The
// start day is day 0, so that standing still on it changes nothing.
func (c Clock) UsedDays(cal *care.Calendar, at time.Time) int {
	if !c.Stop.IsZero() && c.Stop.Before(at) {
		at = c.Stop
	}
	return c.PlainDays(cal, at) - pausedDays(c.Paused, cal.Date(c.Start).AddDays(1), cal.Date(at))
}

// limitEnd computes a clock's limit from its start, its span and its pauses: the
// span counted from the start day, moved by every day the clock stood still
// before the limit, ending at local midnight. The start day is day 0: a pause on
// it moves nothing, and neither does one that begins after the limit.
func limitEnd(cal *care.Calendar, start time.Time, limit care.Span, paused []ClockPaused) time.Time {
	last := cal.Add(cal.Date(start), limit)
	for _, p := range union(paused) {
		from := p.From
		if first := cal.Date(start).AddDays(1); from.Before(first) {
			from = first
		}
		if p.Until.Before(from) || last.Before(from) {
			continue
		}
		if limit.Unit == care.WorkingDays {
			n := cal.WorkingDaysBetween(from.AddDays(-1), p.Until)
			last = cal.Add(last, care.Span{N: n, Unit: care.WorkingDays})
			continue
		}
		last = last.AddDays(from.DaysUntil(p.Until) + 1)
	}
	return cal.EndOf(last)
}

// union merges overlapping and touching pauses into separate ones in order.
func union(ps []ClockPaused) []ClockPaused {
	sorted := slices.Clone(ps)
	slices.SortFunc(sorted, func(a, b ClockPaused) int { return a.From.Compare(b.From) })
	var out []ClockPaused
	for _, p := range sorted {
		if n := len(out); n > 0 && !out[n-1].Until.AddDays(1).Before(p.From) {
			if out[n-1].Until.Before(p.Until) {
				out[n-1].Until = p.Until
			}
			continue
		}
		out = append(out, p)
	}
	return out
}

// startClocks starts every clock of the definition whose first milestone is
// reached and whose last is not, and stops those whose last is. A clock always
// starts at its milestone's own date, however late that is learned.
func (d *draft) startClocks() {
	for _, def := range d.def.Clocks {
		from, started := d.s.Milestones[def.From]
		if !started {
			continue
		}
		c := d.s.ClockOf(def.ID)
		if c == nil || c.From != def.From || c.To != def.To {
			pauses := make([]string, 0, len(def.Pauses))
			for _, p := range def.Pauses {
				pauses = append(pauses, p.Reason)
			}
			d.add(ClockStarted{
				Clock: len(d.s.Clocks) + 1, ID: def.ID, Kind: def.Kind, From: def.From, To: def.To,
				Start: from.At, Limit: def.Within,
				Latest: limitEnd(d.k.Calendar, from.At, def.Within, nil),
				Basis:  def.Basis, Pathway: d.s.Pathway, Calendar: d.k.Calendar.Version(), Pauses: pauses,
			})
			c = d.s.ClockOf(def.ID)
		}
		if to, reached := d.s.Milestones[def.To]; reached && c.Live() {
			d.add(ClockStopped{Clock: c.Clock, At: to.At})
		}
	}
}

// pauseClock lets one clock stand still, where its definition lists the reason.
func (d *draft) pauseClock(c PauseClock) error {
	clock := d.s.ClockOf(c.Clock)
	if clock == nil || !clock.Live() {
		return care.Missing("clock-not-running", "No clock {clock} is running.", "clock", string(c.Clock))
	}
	if !slices.Contains(clock.Pauses, c.Reason) {
		return care.Refuse("clock-has-no-such-pause",
			"The limit {clock} does not stand still for {reason}: its source lists no such reason. The step can be moved; the latest date stays.",
			"clock", string(c.Clock), "reason", c.Reason)
	}
	if c.From.IsZero() || c.Until.Before(c.From) {
		return care.Refuse("pause-dates", "A pause needs a first day and a last day on or after it.").On("until")
	}
	if c.From.DaysUntil(c.Until) > 366 {
		return care.Refuse("pause-too-long", "A pause is at most a year at a time. It can be made again.").On("until")
	}
	p := ClockPaused{Clock: clock.Clock, Reason: c.Reason, From: c.From, Until: c.Until}
	p.Latest = limitEnd(d.k.Calendar, clock.Start, clock.Limit, append(slices.Clone(clock.Paused), p))
	d.addWith(p, sealed("reason", c.Words))
	d.redate(c.Clock)
	return nil
}
