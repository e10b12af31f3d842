package journey_test

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"

	"pgregory.net/rapid"
)

func paused(from, until string) journey.ClockPaused {
	return journey.ClockPaused{From: day(from), Until: day(until)}
}

// A limit is its span from the start day, moved by every day the clock stood
// still before it, once.
func TestLatest(t *testing.T) {
	t.Parallel()
	weeks, working := span(2, care.Weeks), span(10, care.WorkingDays)
	for name, c := range map[string]struct {
		start string
		limit care.Span
		pause []journey.ClockPaused
		want  string
	}{
		"plain weeks":                      {"2026-01-05 09:00", weeks, nil, "2026-01-19"},
		"late in the evening":              {"2026-01-05 23:59", weeks, nil, "2026-01-19"},
		"working days":                     {"2026-01-05 09:00", working, nil, "2026-01-19"},
		"working days over Easter":         {"2026-03-30 09:00", span(5, care.WorkingDays), nil, "2026-04-09"},
		"one pause":                        {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-07", "2026-01-09")}, "2026-01-22"},
		"a pause of one day":               {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-07", "2026-01-07")}, "2026-01-20"},
		"overlapping pauses count once":    {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-07", "2026-01-09"), paused("2026-01-08", "2026-01-10")}, "2026-01-23"},
		"one pause within another":         {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-07", "2026-01-11"), paused("2026-01-08", "2026-01-09")}, "2026-01-24"},
		"pauses that touch":                {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-10", "2026-01-11"), paused("2026-01-08", "2026-01-09")}, "2026-01-23"},
		"the start day is day 0":           {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-05", "2026-01-05")}, "2026-01-19"},
		"a pause that begins before":       {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-01", "2026-01-07")}, "2026-01-21"},
		"a pause before the start":         {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-01", "2026-01-04")}, "2026-01-19"},
		"a pause on the last day":          {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-19", "2026-01-20")}, "2026-01-21"},
		"a pause after the limit":          {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-20", "2026-01-25")}, "2026-01-19"},
		"a pause that the first one lets":  {"2026-01-05 09:00", weeks, []journey.ClockPaused{paused("2026-01-20", "2026-01-21"), paused("2026-01-18", "2026-01-18")}, "2026-01-22"},
		"working days paused":              {"2026-01-05 09:00", working, []journey.ClockPaused{paused("2026-01-08", "2026-01-13")}, "2026-01-23"},
		"working days paused in a weekend": {"2026-01-05 09:00", working, []journey.ClockPaused{paused("2026-01-10", "2026-01-11")}, "2026-01-19"},
		"working days paused at Easter":    {"2026-03-27 09:00", span(5, care.WorkingDays), []journey.ClockPaused{paused("2026-04-01", "2026-04-07")}, "2026-04-10"},
		"over the start of summer time":    {"2026-03-20 09:00", span(10, care.Days), nil, "2026-03-30"},
		"over the end of summer time":      {"2026-10-20 09:00", span(10, care.Days), []journey.ClockPaused{paused("2026-10-25", "2026-10-25")}, "2026-10-31"},
		"months":                           {"2026-01-31 09:00", span(1, care.Months), nil, "2026-02-28"},
	} {
		got := journey.LimitEnd(oslo, instant(c.start), c.limit, c.pause)
		if !got.Equal(oslo.EndOf(day(c.want))) {
			t.Errorf("%s: the limit is %s, want the end of %s", name, got.In(oslo.Zone()), c.want)
		}
	}
}

// A limit is a local midnight also where the day has 23 or 25 hours.
func TestLimitEndsAtLocalMidnight(t *testing.T) {
	t.Parallel()
	for want, start := range map[string]string{"2026-03-29": "2026-03-22 12:00", "2026-10-25": "2026-10-18 12:00"} {
		got := journey.LimitEnd(oslo, instant(start), span(1, care.Weeks), nil)
		if h, m, s := got.In(oslo.Zone()).Clock(); h+m+s != 0 || oslo.LastDay(got).String() != want {
			t.Errorf("the limit is %s", got.In(oslo.Zone()))
		}
	}
}

// However pauses overlap and in whatever order they are recorded, the limit
// moves by the number of distinct days, never back, and never by a day that is
// not paused.
func TestPausesAsASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := day("2026-01-05")
		limit := span(rapid.IntRange(1, 40).Draw(t, "limit"), rapid.SampledFrom([]care.SpanUnit{care.Days, care.WorkingDays}).Draw(t, "unit"))
		var pauses []journey.ClockPaused
		for range rapid.IntRange(0, 6).Draw(t, "pauses") {
			from := start.AddDays(rapid.IntRange(-5, 80).Draw(t, "from"))
			pauses = append(pauses, journey.ClockPaused{From: from, Until: from.AddDays(rapid.IntRange(0, 12).Draw(t, "days"))})
		}
		// The plain way: count forward day by day, leaving out what stands still.
		left, d := limit.N, start
		for left > 0 {
			d = d.AddDays(1)
			still := false
			for _, p := range pauses {
				still = still || !d.Before(p.From) && !d.After(p.Until)
			}
			if !still && (limit.Unit == care.Days || oslo.IsWorkingDay(d)) {
				left--
			}
		}
		got := oslo.LastDay(journey.LimitEnd(oslo, oslo.StartOf(start).Add(9*time.Hour), limit, pauses))
		if got != d {
			t.Fatalf("%v from %s with %v: %s, counted day by day %s", limit, start, pauses, got, d)
		}
	})
}

// The time that counts is plain time without the days that stood still.
func TestUsedDays(t *testing.T) {
	t.Parallel()
	c := journey.Clock{ClockStarted: journey.ClockStarted{Start: instant("2026-01-05 09:00")}, Paused: []journey.ClockPaused{
		paused("2026-01-01", "2026-01-07"), paused("2026-01-06", "2026-01-08"), paused("2026-01-20", "2026-01-30"),
	}}
	for at, want := range map[string][3]int{
		"2026-01-05 10:00": {0, 0, 5}, "2026-01-08 10:00": {3, 0, 8}, "2026-01-12 10:00": {7, 4, 8}, "2026-01-22 10:00": {17, 11, 11},
	} {
		now := instant(at)
		if got := [3]int{c.PlainDays(oslo, now), c.UsedDays(oslo, now), c.PausedDays(oslo.Date(now))}; got != want {
			t.Errorf("at %s plain, used and paused are %v, want %v", at, got, want)
		}
	}
	c.Stop = instant("2026-01-12 12:00")
	if got := c.UsedDays(oslo, instant("2026-05-01 09:00")); got != 4 {
		t.Errorf("a clock that stopped has used %d days", got)
	}
}

// A limit stands still only for a reason that its source lists.
func TestPauseClock(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	from, until := day("2026-01-10"), day("2026-01-19")
	l.refuse("clock-has-no-such-pause", journey.PauseClock{Clock: "answer", Reason: "abroad", From: from, Until: until})
	l.refuse("clock-has-no-such-pause", journey.PauseClock{Clock: "start", Reason: "no-room", From: from, Until: until})
	l.refuse("clock-not-running", journey.PauseClock{Clock: "assessment", Reason: "abroad", From: from, Until: until})
	l.refuse("pause-dates", journey.PauseClock{Clock: "start", Reason: "abroad", From: until, Until: from})
	l.refuse("pause-too-long", journey.PauseClock{Clock: "start", Reason: "abroad", From: from, Until: day("2027-06-01")})
	a := l.answer(pathway.Accept)
	a.LatestLegal = day("2026-12-01")
	l.do(a)
	l.do(journey.PauseClock{Clock: "start", Reason: "abroad", From: from, Until: until, Words: "I Spania."})
	if c := l.s.ClockOf("start"); oslo.LastDay(c.Latest) != day("2026-04-09") || c.PlainDays(oslo, instant("2026-03-31 09:00")) != 85 {
		t.Errorf("the limit is %s", oslo.LastDay(c.Latest))
	}
	if st := l.step("start-assessment"); oslo.LastDay(st.Latest) != day("2026-04-09") {
		t.Errorf("the step that hangs on it is due %s", oslo.LastDay(st.Latest))
	}
	if c := l.s.ClockOf("answer"); oslo.LastDay(c.Latest) != day("2026-01-19") {
		t.Error("another limit moved")
	}
}

// A late fact moves the limit and erases nothing that was escalated.
func TestCorrectingForwardsAndBack(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	n := l.n("assess-referral")
	l.pass("2026-02-02 09:00")
	before, _ := l.item("step/" + itoa(n))
	if l.s.ClockOf("answer").State != journey.ClockLate || before.Climbed != len(before.Ladder) || len(l.s.Contacts) != 1 {
		t.Fatalf("nothing climbed: %d of %d", before.Climbed, len(before.Ladder))
	}
	// Still late after it: nothing is done twice.
	events := l.do(journey.CorrectMilestone{Milestone: pathway.Received, At: instant("2026-01-06 09:00"), Why: "Stempel."})
	if i, _ := l.item("step/" + itoa(n)); i.Climbed != before.Climbed || i.Late.IsZero() || oslo.LastDay(i.Due) != day("2026-01-20") {
		t.Errorf("a correction took %d of %d rungs away", before.Climbed-i.Climbed, before.Climbed)
	}
	if l.s.ClockOf("answer").State != journey.ClockLate || !l.s.Received.Equal(instant("2026-01-06 09:00")) {
		t.Error("the limit is not late any more, or the receipt is as before")
	}
	if !has(events, journey.ClockCorrected{}.Type(), journey.StepDated{}.Type()) {
		t.Error("the correction is not an event of the clock and the step")
	}
	l.settle(l.now.Add(time.Hour))
	if len(l.s.Contacts) != 1 {
		t.Error("the patient is owed the same contact twice")
	}
	// In time after it, and late again: the rungs that were climbed are counted still.
	l.do(journey.CorrectMilestone{Milestone: pathway.Received, At: instant("2026-01-29 09:00"), Why: "Feil stempel."})
	if i, _ := l.item("step/" + itoa(n)); !i.Late.IsZero() || i.Overdue != before.Overdue {
		t.Errorf("in time after the correction, late %v, climbed %d before", i.Late, i.Overdue)
	}
	if l.s.ClockOf("answer").State != journey.ClockRunning {
		t.Error("a limit ahead is late")
	}
	l.now = l.now.Add(time.Hour)
	l.do(journey.CorrectMilestone{Milestone: pathway.Received, At: instant("2026-01-05 09:00"), Why: "Det var riktig."})
	l.settle(l.now.Add(time.Hour))
	i, _ := l.item("step/" + itoa(n))
	if i.Climbed != len(i.Ladder) || i.Overdue <= before.Overdue || i.Ladder[len(i.Ladder)-1].To != trustLead {
		t.Errorf("late again, it climbed %d of %d", i.Climbed, len(i.Ladder))
	}
	for _, r := range l.log[1:] {
		if r.Learned.Before(l.log[0].Learned) {
			t.Errorf("%s was learned before the journey began", r.Event.Type())
		}
	}
	for n := range l.log[1:] {
		if l.log[n+1].Learned.Before(l.log[n].Learned) {
			t.Fatalf("%s was learned before what came before it", l.log[n+1].Event.Type())
		}
	}
}

// The end of a limit can be corrected too, and order is kept.
func TestCorrectingWhatStoppedALimit(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.pass("2026-01-12 09:00")
	l.accept()
	l.pass("2026-02-02 09:00")
	l.do(journey.CompleteStep{Step: l.n("start-assessment")}, by(team))
	l.do(journey.CorrectMilestone{Milestone: "assessment-started", At: instant("2026-01-26 10:00"), Why: "Timeboken."})
	if got := l.s.ClockOf("start").UsedDays(oslo, l.now); got != 21 {
		t.Errorf("the limit that ended there has used %d days", got)
	}
	if got := oslo.LastDay(l.s.ClockOf("assessment").Latest); got != day("2026-04-20") {
		t.Errorf("the limit that began there ends %s", got)
	}
	if got := oslo.LastDay(l.step("meeting").Latest); got != day("2026-04-20") {
		t.Errorf("the meeting is due %s", got)
	}
	l.refuse("milestone-order", journey.CorrectMilestone{Milestone: pathway.Received, At: instant("2026-01-20 10:00"), Why: "Stempel."})
	l.refuse("before-receipt", journey.CorrectMilestone{Milestone: "assessment-started", At: instant("2026-01-02 10:00"), Why: "Stempel."})
	l.refuse("milestone-date", journey.CorrectMilestone{Milestone: "assessment-started", At: instant("2026-03-02 10:00"), Why: "Stempel."})
	l.refuse("no-such-milestone", journey.CorrectMilestone{Milestone: "meeting-held", At: instant("2026-01-30 10:00"), Why: "Stempel."})
	l.meet()
	l.now = l.now.Add(time.Hour)
	l.refuse("milestone-order", journey.CorrectMilestone{Milestone: "meeting-held", At: instant("2026-01-20 10:00"), Why: "Stempel."})
	l.refuse("milestone-order", journey.CorrectMilestone{Milestone: "assessment-started", At: l.now, Why: "Stempel."})
}
