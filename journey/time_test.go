package journey_test

import (
	"bytes"
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
)

// Waking early or twice makes no event, and waking late makes the same events,
// at the same instants, as waking on time.
func TestWakingEarlyTwiceAndLate(t *testing.T) {
	t.Parallel()
	begin := func() *life {
		l := newLife(t)
		l.refer()
		l.accept()
		l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp})
		l.do(journey.OpenWait{For: thePatient, Reason: "answer", Review: day("2026-02-01")})
		l.do(journey.AskParty{To: party("practice", "gp"), Question: "Medisiner?"})
		return l
	}
	late, onTime := begin(), begin()
	wake := func(at time.Time) int {
		made, err := journey.Decide(onTime.s, journey.Wake{}, care.Act{At: at, Actor: care.Service}, onTime.k)
		if err != nil {
			t.Fatal(err)
		}
		return len(made)
	}
	end := instant("2026-06-01 00:00")
	wakes := 0
	for {
		due, ok := journey.Due(onTime.s)
		if !ok || due.After(end) {
			break
		}
		if n := wake(due.Add(-time.Microsecond)); n > 0 {
			t.Fatalf("waking early at %s makes %d events", due, n)
		}
		onTime.settle(due)
		if n := wake(due); n > 0 {
			t.Fatalf("waking twice at %s makes %d events", due, n)
		}
		wakes++
	}
	late.settle(end)
	if wakes < 8 || len(late.log) != len(onTime.log) {
		t.Fatalf("%d wakes; %d events on time, %d late", wakes, len(onTime.log), len(late.log))
	}
	for i := range late.log {
		a, b := onTime.log[i], late.log[i]
		if !bytes.Equal(inBytes(t, a), inBytes(t, b)) {
			t.Fatalf("event %d on time is\n%s\nand late\n%s", i+1, inBytes(t, a), inBytes(t, b))
		}
	}
	for _, r := range late.log {
		if r.Actor == care.Service {
			switch r.Event.(type) {
			case journey.Passed, journey.Escalated, journey.ClockPassed, journey.ContactOwed, journey.OfferLapsed, journey.DecisionNeeded:
			default:
				t.Errorf("time alone made %s (L5)", r.Event.Type())
			}
		}
	}
	if late.s.Status != journey.Running || late.s.Responsible != coordinator {
		t.Error("time ended the journey or moved it")
	}
}

// Everything late climbs each rung once, in order, and the last rung is a named
// person, whatever the pathway says of rungs.
func TestLadder(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.accept()
	due := l.step("help-meanwhile").Latest
	l.pass("2026-06-01 09:00")
	climbed := map[string][]journey.Escalated{}
	at := map[string][]time.Time{}
	for _, r := range l.log {
		if e, ok := r.Event.(journey.Escalated); ok {
			climbed[e.Item], at[e.Item] = append(climbed[e.Item], e), append(at[e.Item], r.Learned)
		}
	}
	if len(climbed) < 4 {
		t.Fatalf("%d things climbed", len(climbed))
	}
	for item, rungs := range climbed {
		for n, e := range rungs {
			if e.Rung != n+1 {
				t.Errorf("%s climbs rung %d after %d", item, e.Rung, n)
			}
		}
		if i := l.s.Items[item]; len(rungs) != len(i.Ladder) || i.Overdue != len(rungs) {
			t.Errorf("%s climbed %d of %d", item, len(rungs), len(i.Ladder))
		}
		if last := rungs[len(rungs)-1].To; last.Role != care.Lead {
			t.Errorf("%s ends with %v, who is no named person", item, last)
		}
	}
	help := "step/" + itoa(l.n("help-meanwhile"))
	want := []struct {
		to    care.Post
		after care.Span
	}{{gp, span(0, care.Days)}, {coordinator, span(2, care.WorkingDays)}, {post("practice", "lead"), span(5, care.WorkingDays)}}
	for n, w := range want {
		when := due
		if w.after.N > 0 {
			when = oslo.Deadline(due.Add(-1), w.after)
		}
		if climbed[help][n].To != w.to || !at[help][n].Equal(when) {
			t.Errorf("rung %d is %v at %s, want %v at %s", n+1, climbed[help][n].To, at[help][n], w.to, when)
		}
	}
	// On the lists: with its owner, and once with each who it climbed to.
	lists := map[care.Post]int{}
	for _, i := range l.s.List() {
		if i.Ref == "help-meanwhile" {
			lists[i.Post]++
		}
	}
	if len(lists) != 3 || lists[gp] != 1 || lists[coordinator] != 1 || lists[post("practice", "lead")] != 1 {
		t.Errorf("it stands on %v", lists)
	}
}

// A pathway without a ladder still ends with a named person (L7).
func TestLadderWithoutRungs(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	bare := *made()
	bare.Overdue.Ladder, bare.Overdue.Contact.Within = nil, care.Span{}
	l.k.Definition = oneDefinition(&bare)
	l.refer()
	l.pass("2026-03-02 09:00")
	i, _ := l.item("step/" + itoa(l.n("assess-referral")))
	if len(i.Ladder) != 1 || i.Ladder[0].To != trustLead || i.Climbed != 1 {
		t.Errorf("it climbed %d of %v", i.Climbed, i.Ladder)
	}
	if len(l.s.Contacts) != 1 {
		t.Errorf("%d contacts are owed", len(l.s.Contacts))
	}
}

// A question that nobody answers climbs with the one who asked.
func TestUnansweredQuestionClimbsWithItsOwner(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.do(journey.AskParty{To: party("practice", "gp"), Question: "Medisiner?"})
	if i, _ := l.item("question/1"); i.Post != gp {
		t.Fatalf("the question stands with %v", i.Post)
	}
	l.pass("2026-02-02 09:00")
	i, _ := l.item("question/1")
	if i.Ladder[0].To != coordinator || i.Ladder[len(i.Ladder)-1].To != trustLead {
		t.Errorf("it climbs to %v", i.Ladder)
	}
}

// Days of 23 and 25 hours, and public holidays, change no date that people are
// shown.
func TestSummerTimeAndHolidays(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.now = instant("2026-03-27 23:30")
	l.refer()
	if got := oslo.LastDay(l.step("assess-referral").Latest); got != day("2026-04-15") {
		t.Errorf("ten working days over Easter end %s", got)
	}
	for _, i := range l.s.Items {
		if h, m, s := i.Due.In(oslo.Zone()).Clock(); h+m+s != 0 {
			t.Errorf("%s is due in the middle of a day: %s", i.Key, i.Due.In(oslo.Zone()))
		}
	}
	l.pass("2026-04-16 00:00")
	if l.s.ClockOf("answer").State != journey.ClockLate {
		t.Error("at midnight the limit has not passed")
	}
}

// A journey whose only way on is over gets a decision with an owner and a day,
// and cannot be settled without a way on (L3).
func TestNoNextStep(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	bare := *made()
	bare.Steps = bare.Steps[1:2]
	l.k.Definition = oneDefinition(&bare)
	l.refer(func(c *journey.Open) { c.Sender = thePatient })
	l.do(journey.CompleteStep{Step: 1})
	n := l.asked("no-next-step")
	if n == 0 {
		t.Fatal("nobody is asked what comes next")
	}
	l.do(journey.Settle{Decision: n, Words: "Ingenting."})
	if l.asked("no-next-step") == 0 {
		t.Error("a decision for nothing left the journey without a way on")
	}
	l.do(journey.OpenWait{For: thePatient, Reason: "answer", Review: day("2026-02-01")})
	l.do(journey.Settle{Decision: l.asked("no-next-step"), Words: "Venter."})
	if l.asked("no-next-step") != 0 {
		t.Error("there is a way on, and the decision stands")
	}
}
