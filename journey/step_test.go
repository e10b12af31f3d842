package journey_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// A step whose condition is no more is dropped by the act that overtook it, and
// only if nobody has laid hands on it.
func TestOvertakenSteps(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	help := l.s.Steps[l.n("help-meanwhile")-1]
	if help.State != journey.StepNoMore || help.Reason != journey.ReasonOvertaken {
		t.Errorf("the help while waiting is %s (%s) after the wait is over", help.State, help.Reason)
	}
	l.do(journey.PlanStep{Step: l.n("draft-plan"), At: l.now.Add(48 * time.Hour)}, by(team))
	wishes := l.n("wishes")
	l.meet()
	if st := l.s.Steps[wishes-1]; st.State != journey.StepNoMore || st.Reason != journey.ReasonOvertaken {
		t.Errorf("the wishes before the meeting are %s (%s) after the meeting", st.State, st.Reason)
	}
	if st := l.step("draft-plan"); st.State != journey.StepFixed {
		t.Errorf("a step somebody had planned is %s", st.State)
	}
}

func TestOvertakenLeavesWhatSomebodyHolds(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]func(*life, int){
		"a wait": func(l *life, n int) {
			l.do(journey.OpenWait{For: thePatient, Reason: "patient-thinks", Review: day("2026-03-02"), Step: n})
		},
		"a missed time": func(l *life, n int) {
			l.do(journey.PlanStep{Step: n, At: l.now.Add(time.Hour)})
			l.now = l.now.Add(2 * time.Hour)
			l.do(journey.MissStep{Step: n, Reason: journey.MissedNoShow})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			l.assess()
			hold(l, l.n("wishes"))
			l.meet()
			if !l.step("wishes").Live() {
				t.Error("the step was dropped over somebody's head")
			}
		})
	}
}

// What is not yet known is not no.
func TestUnknownOvertakesNothing(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	yes := true
	l.k.Person.Born, l.k.Person.PEM = day("2002-01-01"), &yes
	l.refer()
	l.accept()
	l.step("youth-talk")
	l.k.Person.PEM = nil
	l.do(journey.NoteContact{How: care.ByPhone, Words: "Ringte."})
	if !l.step("youth-talk").Live() {
		t.Error("a step was dropped because nobody knows")
	}
	no := false
	l.k.Person.PEM = &no
	l.do(journey.NoteContact{How: care.ByPhone, Words: "Ringte."})
	if l.step("youth-talk").Live() {
		t.Error("a step stands whose condition is no")
	}
}

// Time alone neither opens nor drops a step, whatever a birthday makes of a
// condition (L5).
func TestTimeAloneChangesNoStep(t *testing.T) {
	t.Parallel()
	for _, turns := range []bool{true, false} {
		l := newLife(t)
		yes := true
		l.k.Person.PEM, l.k.Person.Born = &yes, day("2001-01-08")
		if turns {
			l.k.Person.PEM = nil
		}
		l.refer()
		l.accept()
		l.k.Person.PEM = &yes
		before := len(l.s.Steps)
		l.pass("2026-03-20 09:00")
		for _, st := range l.s.Steps {
			if !st.Live() && st.Kind != pathway.Answer {
				t.Errorf("time alone made %s %s", st.ID, st.State)
			}
		}
		if len(l.s.Steps) != before {
			t.Errorf("time alone opened %d steps", len(l.s.Steps)-before)
		}
	}
}

// A step that comes to be needed again opens again, with a date of its own.
func TestNeededAgain(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	several := func(text string) {
		l.do(journey.RecordFact{Fact: "several", Value: journey.FactValue{Type: pathway.BoolFact, Text: text}})
	}
	several("true")
	first := l.n("joint-plan")
	several("false")
	if st := l.step("joint-plan"); st.Live() || st.Reason != journey.ReasonOvertaken {
		t.Fatalf("the step is %s", st.State)
	}
	l.pass("2026-03-02 09:00")
	several("true")
	st := l.step("joint-plan")
	if !st.Live() || st.Step == first || oslo.LastDay(st.Latest).String() != "2026-03-30" {
		t.Errorf("the step is %s, until %s", st.State, oslo.LastDay(st.Latest))
	}
}

// However often somebody does not come or is too ill, the step stays, is to be
// planned anew the next working day, or the same day where they said so
// themselves, keeps its limit and its place (L5).
func TestMissingEndsNothing(t *testing.T) {
	t.Parallel()
	for name, miss := range map[string]func(*life, int){
		"not there": func(l *life, n int) { l.do(journey.MissStep{Step: n, Reason: journey.MissedNoShow}) },
		"too ill":   func(l *life, _ int) { l.do(journey.TooIll{Words: "Orker ikke."}, bySelf) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			l.refer()
			l.accept()
			n := l.n("start-assessment")
			was := l.step("start-assessment")
			for round := range 3 {
				l.do(journey.PlanStep{Step: n, At: l.now.Add(2 * time.Hour)}, by(team))
				if name == "not there" {
					l.refuse("miss-too-early", journey.MissStep{Step: n, Reason: journey.MissedNoShow}, by(team))
					l.now = l.now.Add(3 * time.Hour)
				}
				miss(l, n)
				st := l.step("start-assessment")
				i, open := l.item("step/" + itoa(n))
				if !open || st.State != journey.StepOpen || st.Missed != round+1 {
					t.Fatalf("after %d times it is %s, missed %d", round+1, st.State, st.Missed)
				}
				want := oslo.Deadline(l.now, span(1, care.WorkingDays))
				if name == "too ill" {
					want = oslo.Deadline(l.now, span(0, care.Days))
				}
				if !i.Due.Equal(want) {
					t.Errorf("it is to be planned anew by %s, want %s", i.Due, want)
				}
				if !st.Latest.Equal(was.Latest) || st.Owner != was.Owner || !i.Since.Equal(was.Opened) {
					t.Error("it lost its limit, its owner or its place")
				}
			}
			if l.s.Responsible != coordinator || l.s.Status != journey.Running {
				t.Error("missing changed who is responsible or ended the journey")
			}
			l.now = l.now.Add(14 * 24 * time.Hour)
			l.settle(l.now)
			if i, open := l.item("step/" + itoa(n)); !open || i.Climbed != len(i.Ladder) || i.Ladder[len(i.Ladder)-1].To != trustLead {
				t.Error("what nobody planned anew did not climb to a named person")
			}
		})
	}
}

// Too ill touches what is planned until then, not what has been or comes later.
func TestTooIllTouchesOnlyThoseDays(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.do(journey.PlanStep{Step: l.n("draft-plan"), At: instant("2026-01-06 10:00")}, by(team))
	l.do(journey.CallMeeting{Step: l.n("meeting"), At: instant("2026-01-09 10:00")})
	l.do(journey.PlanStep{Step: l.n("wishes"), At: instant("2026-01-20 10:00")})
	l.pass("2026-01-08 09:00")
	l.do(journey.TooIll{Until: day("2026-01-12"), Words: "Orker ingenting."}, behalf(thePatient, care.ByPhone))
	if st := l.step("draft-plan"); st.Planned.IsZero() {
		t.Error("what was planned two days ago is said to have been missed")
	}
	if st := l.step("meeting"); !st.Planned.IsZero() || l.s.Meetings[0].State != journey.MeetingOff {
		t.Error("the meeting stands although the patient is too ill")
	}
	if i, _ := l.item("step/" + itoa(l.n("meeting"))); !i.Due.Equal(oslo.EndOf(day("2026-01-08")).UTC()) {
		t.Errorf("it is to be moved by %v, not the same day", i.Due)
	}
	if st := l.step("wishes"); st.Planned.IsZero() {
		t.Error("what is planned later was moved")
	}
	l.refuse("pause-too-long", journey.TooIll{Until: day("2028-01-12")})
	l.refuse("date-passed", journey.TooIll{Until: day("2026-01-02")})
}

// A wish to wait moves the step. The limit stays, unless its source lists the
// wish.
func TestWishToWait(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.accept()
	l.do(journey.WishToWait{Step: l.n("start-assessment"), Until: day("2026-02-03"), Words: "Etter flyttingen."}, bySelf)
	if got := oslo.LastDay(l.s.ClockOf("start").Latest).String(); got != "2026-04-28" {
		t.Errorf("the limit that lists the wish is %s", got)
	}
	l.do(journey.CompleteStep{Step: l.n("start-assessment")}, by(team))
	before := l.s.ClockOf("assessment").Latest
	events := l.do(journey.WishToWait{Step: l.n("meeting"), Until: day("2026-03-03"), Words: "Ikke nå."}, bySelf)
	if !l.s.ClockOf("assessment").Latest.Equal(before) {
		t.Error("a wish moved a limit whose source does not list it")
	}
	if find[journey.StepPlanned](t, events).Reason != journey.ByWish || len(l.s.Words) != 2 || l.s.Words[1].From != thePatient {
		t.Error("the wish is not kept as the patient's")
	}
	if !slices.ContainsFunc(l.s.Decisions, func(d journey.Decision) bool { return d.Open && d.About == "words-to-read" && d.Owner == coordinator }) {
		t.Error("nobody is asked to read the wish")
	}
	l.refuse("wait-until", journey.WishToWait{Step: l.n("meeting")})
	l.refuse("planned-too-far", journey.WishToWait{Step: l.n("meeting"), Until: day("2040-03-03")})
}

// Late writing down is not planning in the past.
func TestLateRecording(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.pass("2026-02-10 09:00")
	call := journey.CallMeeting{Step: l.n("meeting"), At: instant("2026-02-05 10:00")}
	l.refuse("planned-in-past", call)
	l.do(call, happened("2026-02-01 12:00"))
	l.do(journey.HoldMeeting{Meeting: 1, PatientPresent: true, Items: protocol()}, happened("2026-02-05 11:00"))
	if got := oslo.Date(l.s.Milestones["meeting-held"].At).String(); got != "2026-02-05" {
		t.Errorf("the meeting was held on %s", got)
	}
	l.refuse("before-receipt", journey.CompleteStep{Step: l.n("talk")}, happened("2026-01-01 12:00"))
	l.refuse("happened-in-future", journey.CompleteStep{Step: l.n("talk")}, happened("2026-03-01 12:00"))
}

// A step that repeats opens again as often as its definition says.
func TestRepeat(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.meet()
	l.do(journey.CompleteStep{Step: l.n("talk")})
	st := l.step("talk")
	if !st.Live() || st.Round != 2 || !st.Latest.Equal(oslo.Deadline(l.now, span(4, care.Weeks)).UTC()) {
		t.Errorf("round %d is %s until %s", st.Round, st.State, st.Latest)
	}
	l.do(journey.CompleteStep{Step: l.n("talk")})
	if l.step("talk").Live() {
		t.Error("it opened a third time")
	}
}

// changed is the made pathway with one step otherwise.
func changed(id pathway.StepID, change func(*pathway.Step)) *pathway.Definition {
	d := *made()
	d.Steps = slices.Clone(d.Steps)
	for i := range d.Steps {
		if d.Steps[i].ID == id {
			change(&d.Steps[i])
		}
	}
	return &d
}

// A step that repeats until a milestone opens again each time it is done, with a
// date of its own, and a round that is open then is dropped. What waited for it
// waits no longer, whatever becomes of its next round.
func TestRepeatUntil(t *testing.T) {
	t.Parallel()
	d := changed("draft-plan", func(s *pathway.Step) {
		s.If, s.Repeat = nil, &pathway.Repeat{Every: span(12, care.Months), Until: "meeting-held", Basis: ours}
	})
	for i := range d.Steps {
		if d.Steps[i].ID == "choose-help" {
			d.Steps[i].If, d.Steps[i].After = nil, []pathway.Need{{Step: "draft-plan"}}
		}
	}
	l := newLife(t)
	l.k.Definition = oneDefinition(d)
	l.assess()
	for round := 2; round < 5; round++ {
		l.pass(fmt.Sprintf("20%d-03-02 09:00", 25+round))
		l.do(journey.CompleteStep{Step: l.n("draft-plan")})
		st := l.step("draft-plan")
		if !st.Live() || st.Round != round || !st.Latest.Equal(oslo.Deadline(l.now, span(12, care.Months)).UTC()) || st.Basis != ours {
			t.Errorf("round %d is %s until %s", st.Round, st.State, st.Latest)
		}
		if !l.step("choose-help").Live() {
			t.Error("what comes after the step waits for its next round")
		}
	}
	l.meet()
	if st := l.step("draft-plan"); st.State != journey.StepNoMore || st.Reason != journey.ReasonOvertaken || st.Round != 4 {
		t.Errorf("after the milestone round %d is %s: %s", st.Round, st.State, st.Reason)
	}
	if !l.step("choose-help").Live() {
		t.Error("the step that came after the first round is gone")
	}
}

// A round that somebody planned is dropped by a person, and the first round is
// no repeat.
func TestRepeatUntilLeavesWhatIsPlanned(t *testing.T) {
	t.Parallel()
	repeats := func(s *pathway.Step) {
		s.If, s.Repeat = nil, &pathway.Repeat{Every: span(4, care.Weeks), Until: "meeting-held", Basis: ours}
	}
	l := newLife(t)
	l.k.Definition = oneDefinition(changed("draft-plan", repeats))
	l.assess()
	l.do(journey.CompleteStep{Step: l.n("draft-plan")})
	l.do(journey.PlanStep{Step: l.n("draft-plan"), At: l.now.AddDate(0, 0, 14)})
	l.meet()
	st := l.step("draft-plan")
	if !st.Live() {
		t.Fatalf("what was planned is %s", st.State)
	}
	l.do(journey.CompleteStep{Step: st.Step})
	if st := l.step("draft-plan"); st.Live() || st.Round != 2 {
		t.Errorf("after the milestone round %d is %s", st.Round, st.State)
	}

	first := newLife(t)
	first.k.Definition = oneDefinition(changed("draft-plan", repeats))
	first.assess()
	first.meet()
	if !first.step("draft-plan").Live() {
		t.Error("the first round was dropped")
	}
	first.do(journey.CompleteStep{Step: first.n("draft-plan")})
	if first.step("draft-plan").Live() {
		t.Error("it opened again after the milestone")
	}
}

// Who moves a visit to a later day says why, from a list that is told in every
// language; nobody has said why is said too. A wish, and an earlier day, is no
// delay. What was first said stays, however often it is moved.
func TestDelayHasACause(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.accept()
	n := l.n("start-assessment")
	plan := func(at string, c journey.PlanStep, w ...with) journey.StepPlanned {
		c.Step, c.At = n, instant(at)
		return find[journey.StepPlanned](t, l.do(c, append(w, by(team))...))
	}
	if e := plan("2026-02-02 10:00", journey.PlanStep{}); e.Cause != "" {
		t.Errorf("the first time is a delay: %s", e.Cause)
	}
	if e := plan("2026-01-28 10:00", journey.PlanStep{}); e.Cause != "" {
		t.Errorf("an earlier day is a delay: %s", e.Cause)
	}
	if e := plan("2026-01-30 10:00", journey.PlanStep{Reason: journey.ByWish, Cause: journey.NoRoom}); e.Cause != "" {
		t.Errorf("a wish is a delay by the service: %s", e.Cause)
	}
	l.refuse("delay-cause", journey.PlanStep{Step: n, At: instant("2026-02-09 10:00"), Cause: "bad luck"})
	if e := plan("2026-02-09 10:00", journey.PlanStep{Cause: journey.IllHere}); e.Cause != journey.IllHere {
		t.Errorf("the cause is %q", e.Cause)
	}
	owed := slices.ContainsFunc(l.s.Tellings, func(x journey.Telling) bool { return x.Open() && x.Step == n && x.To == thePatient })
	if !owed {
		t.Error("nobody is to tell the patient of the delay")
	}
	if e := plan("2026-02-16 10:00", journey.PlanStep{}); e.Cause != journey.CauseNotGiven {
		t.Errorf("a delay that nobody explained has the cause %q", e.Cause)
	}
	if st := l.step("start-assessment"); st.Delay != journey.CauseNotGiven || !st.Promised.Equal(instant("2026-01-30 10:00")) {
		t.Errorf("first said was %v (%s)", st.Promised, st.Delay)
	}
	plan("2026-02-10 10:00", journey.PlanStep{})
	if st := l.step("start-assessment"); st.Delay != "" || !st.Promised.IsZero() {
		t.Errorf("an earlier day is still a delay: %+v", st)
	}
}
