package journey_test

import (
	"testing"
	"time"

	"forlop/journey"
	"forlop/pathway"
)

// A move dates every open step by the new definition, counted from when the step
// opened: the draft plan cannot fall after the meeting it is for.
func TestMoveDatesStepsAnew(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	opened := l.step("draft-plan").Opened
	l.pass("2026-01-20 09:00")
	l.do(journey.PlanStep{Step: l.n("wishes"), At: instant("2026-02-02 10:00")})
	before := l.step("wishes")
	l.do(journey.Move{To: newer().Ref, Reason: "Ny versjon."})
	plan, meeting := l.step("draft-plan"), l.step("meeting")
	if want := oslo.Deadline(opened, span(6, "weeks")); !plan.Latest.Equal(want) {
		t.Errorf("the draft plan is due %s, want %s", oslo.LastDay(plan.Latest), oslo.LastDay(want))
	}
	if want := oslo.Deadline(opened, span(8, "weeks")); !meeting.Latest.Equal(want) || plan.Latest.After(meeting.Latest) {
		t.Errorf("the meeting is due %s, the draft plan %s", oslo.LastDay(meeting.Latest), oslo.LastDay(plan.Latest))
	}
	if after := l.step("wishes"); !after.Latest.Equal(before.Latest) || !after.Planned.Equal(before.Planned) || after.Version != before.Version {
		t.Error("a step whose rule is as before was touched")
	}
	// A later correction follows the new limit.
	l.do(journey.CorrectMilestone{Milestone: "assessment-started", At: instant("2026-01-12 09:00"), Why: "Timeboken."})
	if want := oslo.Deadline(instant("2026-01-12 09:00"), span(8, "weeks")); !l.step("meeting").Latest.Equal(want) {
		t.Errorf("after a correction the meeting is due %s", oslo.LastDay(l.step("meeting").Latest))
	}
}

// What was said late counts from when it was learned, before and after a move.
func TestMoveKeepsLateRecordedDates(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.accept()
	l.pass("2026-01-20 09:00")
	l.do(journey.CompleteStep{Step: l.n("start-assessment")}, by(team), happened("2026-01-15 10:00"))
	before := l.step("wishes").Latest
	l.do(journey.Move{To: newer().Ref, Reason: "Ny versjon."})
	if !l.step("wishes").Latest.Equal(before) {
		t.Error("a date that is counted as before moved")
	}
}

// Clocks keep their start, and days that stood still stay so where the new
// limit lists the reason (L6). The past stays (L8).
func TestMoveKeepsStartsAndPauses(t *testing.T) {
	t.Parallel()
	shorter := *newer()
	shorter.Clocks = append([]pathway.Clock(nil), shorter.Clocks...)
	shorter.Clocks[1].Within = span(10, "weeks")
	shorter.Clocks[1].Pauses = shorter.Clocks[1].Pauses[1:]
	l := newLife(t)
	l.k.Definition = func(r pathway.Ref) (*pathway.Definition, error) {
		if r.Version == "2026.2" {
			return &shorter, nil
		}
		return shelf(r)
	}
	l.refer()
	l.do(journey.PauseClock{Clock: "start", Reason: "abroad", From: day("2026-01-10"), Until: day("2026-01-12")})
	l.do(journey.PauseClock{Clock: "start", Reason: "patient-wish", From: day("2026-01-20"), Until: day("2026-01-22")})
	old := len(l.s.Clocks)
	l.do(journey.Move{To: shorter.Ref, Reason: "Ny versjon."})
	c := l.s.ClockOf("start")
	if !c.Start.Equal(l.s.Received) || oslo.LastDay(c.Latest) != day("2026-03-19") || len(c.Paused) != 1 {
		t.Errorf("the limit began %s, ends %s, with %d pauses", c.Start, oslo.LastDay(c.Latest), len(c.Paused))
	}
	for _, c := range l.s.Clocks[:old] {
		if c.ID == "start" && (c.State != journey.ClockIsLeft || len(c.Paused) != 2) {
			t.Errorf("the old limit is %s with %d pauses", c.State, len(c.Paused))
		}
	}
	if l.s.Version <= 10 || len(l.s.Moves) != 1 || l.s.Moves[0].From != made().Ref || l.s.Responsible != gp {
		t.Error("the move changed the past")
	}
}

// A step that the new version does not have goes, and comes back when the
// journey moves back; a step that became something else opens as that.
func TestMoveThereAndBack(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.do(l.answer(pathway.Advise))
	first := l.n("explain-advice")
	l.do(journey.PlanStep{Step: first, At: l.now.Add(24 * time.Hour)})
	l.do(journey.Move{To: newer().Ref, Reason: "Ny versjon."})
	if st := l.s.Steps[first-1]; st.Live() {
		t.Error("a step that the new version lacks is open")
	}
	if !l.step("explain-more").Live() {
		t.Error("the new version's own step is not open")
	}
	l.do(journey.Move{To: made().Ref, Reason: "Tilbake."})
	if st := l.step("explain-advice"); !st.Live() || st.Step == first {
		t.Errorf("the step is %s after the move back", st.State)
	}
	l.refuse("same-pathway", journey.Move{To: made().Ref, Reason: "Igjen."})
	l.refuse("reason-missing", journey.Move{To: newer().Ref})
	l.refuse("wrong-regime", journey.Move{To: pathway.Ref{ID: "se.made", Version: "2026.1"}, Reason: "Flyttet."})
	l.refuse("no-such-pathway", journey.Move{To: pathway.Ref{ID: "no.other", Version: "1"}, Reason: "Flyttet."})
}

// An open step does what the new definition says of it: who, and what it
// reaches.
func TestMoveFitsOpenSteps(t *testing.T) {
	t.Parallel()
	changed := *newer()
	changed.Steps = append([]pathway.Step(nil), changed.Steps...)
	for i := range changed.Steps {
		switch changed.Steps[i].ID {
		case "draft-plan":
			changed.Steps[i].Who = "coordinator"
		case "wishes":
			changed.Steps[i].Kind, changed.Steps[i].Who = pathway.Visit, "team"
		case "talk":
			changed.Steps[i].Repeat = nil
		}
	}
	l := newLife(t)
	l.k.Definition = func(r pathway.Ref) (*pathway.Definition, error) {
		if r.Version == "2026.2" {
			return &changed, nil
		}
		return shelf(r)
	}
	l.assess()
	form := l.n("wishes")
	l.do(journey.Move{To: changed.Ref, Reason: "Ny versjon."})
	if st := l.step("draft-plan"); st.Owner != coordinator || st.Role != "coordinator" {
		t.Errorf("the draft plan belongs to %v", st.Owner)
	}
	if st := l.step("wishes"); st.Step == form || st.Kind != pathway.Visit || st.Owner != team {
		t.Errorf("the form that became a visit is a %s of %v", st.Kind, st.Owner)
	}
}
