package journey_test

import (
	"reflect"
	"slices"
	"testing"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// renamed is a version in which a step, a milestone, a choice and a clock's end
// have other names.
func renamed() (*pathway.Definition, journey.Mapping) {
	d := *newer()
	d.Ref = pathway.Ref{ID: "no.made", Version: "2026.3", Hash: "made-2026.3"}
	d.Steps, d.Clocks, d.Milestones = slices.Clone(d.Steps), slices.Clone(d.Clocks), slices.Clone(d.Milestones)
	for i := range d.Steps {
		s := &d.Steps[i]
		s.After = slices.Clone(s.After)
		for j := range s.After {
			if s.After[j].Step == "start-assessment" {
				s.After[j].Step = "first-visit"
			}
		}
		switch s.ID {
		case "start-assessment":
			s.ID, s.Sets = "first-visit", "begun"
		case "choose-help":
			s.Choice = "ways"
		}
	}
	for i := range d.Milestones {
		if d.Milestones[i].ID == "assessment-started" {
			d.Milestones[i].ID = "begun"
		}
	}
	d.Clocks[1].To, d.Clocks[2].From = "begun", "begun"
	d.Choices = []pathway.Choice{{ID: "ways", Options: d.Choices[0].Options}}
	for i := range d.Steps {
		if d.Steps[i].If != nil {
			d.Steps[i].If = nil // the conditions speak of the old name
		}
	}
	return &d, journey.Mapping{
		Steps:      map[pathway.StepID]pathway.StepID{"start-assessment": "first-visit"},
		Milestones: map[pathway.MilestoneID]pathway.MilestoneID{"assessment-started": "begun"},
		Choices:    map[pathway.ChoiceID]pathway.ChoiceID{"help": "ways"},
	}
}

// A mapping gives what is open or done its new name: nothing is asked twice, no
// clock starts anew, and what was planned stays planned.
func TestMoveByMapping(t *testing.T) {
	t.Parallel()
	to, m := renamed()
	for _, done := range []bool{false, true} {
		l := newLife(t)
		l.k.Definition = func(r pathway.Ref) (*pathway.Definition, error) {
			if r.Version == "2026.3" {
				return to, nil
			}
			return shelf(r)
		}
		l.refer()
		l.accept()
		l.pass("2026-01-12 09:00")
		visit := l.n("start-assessment")
		l.do(journey.PlanStep{Step: visit, At: instant("2026-01-20 10:00")}, by(team))
		if done {
			l.pass("2026-01-20 11:00")
			l.do(journey.CompleteStep{Step: visit}, by(team))
			l.do(journey.LayOut{Choice: "help"}, by(team))
		}
		l.pass("2026-01-22 09:00")
		before := l.s.Clone()
		l.do(journey.Move{To: to.Ref, From: made().Ref, Mapping: m, Campaign: "c1"})
		after := l.s.Steps[visit-1]
		if after.ID != "first-visit" || after.State != before.Steps[visit-1].State || !after.Planned.Equal(before.Steps[visit-1].Planned) {
			t.Errorf("the visit is %s, %s, planned %s", after.ID, after.State, after.Planned)
		}
		if n := l.s.StepOf("first-visit").Step; n != visit {
			t.Errorf("the visit is asked for twice: step %d and %d", visit, n)
		}
		if done {
			if got := l.s.Milestones["begun"].At; !got.Equal(before.Milestones["assessment-started"].At) {
				t.Errorf("the milestone moved to %s", got)
			}
			if c := l.s.ClockOf("assessment"); !c.Start.Equal(before.ClockOf("assessment").Start) {
				t.Error("the move restarted a clock")
			}
			if l.s.Choices[0].ID != "ways" {
				t.Errorf("the choice is called %s", l.s.Choices[0].ID)
			}
		}
		if i, ok := l.s.Items["step/"+itoa(visit)]; ok && i.Ref != "first-visit" {
			t.Errorf("the list says %s", i.Ref)
		}
		// And back: everything has its old name and its old date.
		l.do(journey.KeepPlan{Words: "Den gamle passer meg."}, bySelf)
		if got := l.s.Steps[visit-1]; got.ID != "start-assessment" || !got.Latest.Equal(before.Steps[visit-1].Latest) || l.s.Pathway != made().Ref {
			t.Errorf("kept: the visit is %s by %s on %s", got.ID, oslo.LastDay(got.Latest), l.s.Pathway)
		}
		if done && l.s.Choices[0].ID != "help" {
			t.Errorf("kept: the choice is called %s", l.s.Choices[0].ID)
		}
	}
}

// Who keeps the old plan has every step, date and clock as before the move, with
// the days that stood still; both moves stand in the past (L8).
func TestKeepOldPlan(t *testing.T) {
	t.Parallel()
	// The new limit is shorter, and stands still for nothing.
	shorter := *newer()
	shorter.Clocks = slices.Clone(shorter.Clocks)
	shorter.Clocks[1].Within, shorter.Clocks[1].Pauses = span(10, care.Weeks), nil
	l := newLife(t)
	l.k.Definition = func(r pathway.Ref) (*pathway.Definition, error) {
		if r.Version == shorter.Version {
			return &shorter, nil
		}
		return shelf(r)
	}
	l.refer()
	l.do(l.answer(pathway.Advise))
	l.pass("2026-01-08 09:00")
	l.do(journey.PauseClock{Clock: "start", Reason: "abroad", From: day("2026-01-10"), Until: day("2026-01-12")})
	before := l.s.Clone()
	l.do(journey.Move{To: newer().Ref, Campaign: "c1"})
	if k := l.s.Keep; k == nil || oslo.LastDay(k.Until) != day("2026-02-05") || k.Campaign != "c1" {
		t.Fatalf("the offer to keep the old plan is %+v", k)
	}
	if changes := journey.Changes(before, l.s); len(changes) == 0 {
		t.Error("the move changed nothing, so keeping proves nothing")
	}
	l.pass("2026-01-15 09:00")
	l.do(journey.KeepPlan{Words: "Jeg vil fortsette som før."}, behalf(thePatient, care.ByPhone))
	if left := journey.Changes(before, l.s); len(left) > 0 {
		t.Errorf("not as before the move: %+v", left)
	}
	for _, c := range before.Clocks {
		if now := l.s.ClockOf(c.ID); now == nil || !now.Start.Equal(c.Start) || !now.Latest.Equal(c.Latest) || !reflect.DeepEqual(now.Paused, c.Paused) {
			t.Errorf("the clock %s is %+v, was %+v", c.ID, now, c)
		}
	}
	if len(l.s.Moves) != 2 || l.s.Pathway != made().Ref || l.s.Keep != nil {
		t.Errorf("moves %v, on %s", l.s.Moves, l.s.Pathway)
	}
	for _, x := range l.s.Tellings {
		if x.About == "moved" && x.Open() {
			t.Error("the patient is still to be told of a move that is no more")
		}
	}
	// The choice stands against the next campaign, not against a person with a reason.
	l.refuse("plan-kept", journey.Move{To: newer().Ref, Campaign: "c2"})
	l.refuse("plan-kept", journey.KeepPlan{To: newer().Ref})
	l.refuse("keep-not-offered", journey.KeepPlan{})
	l.do(journey.Move{To: newer().Ref, Reason: "Avtalt i dag."})
}

// The choice can be made before the move, which then is not done; not after its
// date; and only where the version gives it.
func TestKeepBeforeAndTooLate(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.refuse("keep-not-offered", journey.KeepPlan{To: pathway.Ref{ID: "se.made", Version: "2026.1"}})
	l.do(journey.KeepPlan{To: newer().Ref}, bySelf)
	l.refuse("plan-kept", journey.Move{To: newer().Ref, Campaign: "c1"})

	l = newLife(t)
	l.refer()
	l.refuse("moved-elsewhere", journey.Move{From: newer().Ref, To: newer().Ref, Campaign: "c1"})
	l.refuse("mapping-unknown", journey.Move{To: newer().Ref, Campaign: "c1", Mapping: journey.Mapping{Steps: map[pathway.StepID]pathway.StepID{"wishes": "dreams"}}})
	l.refuse("mapping-unknown", journey.Move{To: newer().Ref, Campaign: "c1", Mapping: journey.Mapping{Milestones: map[pathway.MilestoneID]pathway.MilestoneID{"meeting-held": "met"}}})
	l.refuse("mapping-unknown", journey.Move{To: newer().Ref, Campaign: "c1", Mapping: journey.Mapping{Choices: map[pathway.ChoiceID]pathway.ChoiceID{"help": "ways"}}})
	l.do(journey.Move{To: newer().Ref, Campaign: "c1"})
	l.pass("2026-02-03 09:00")
	l.refuse("keep-too-late", journey.KeepPlan{})
}
