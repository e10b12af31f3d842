package journey_test

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
)

// An ending takes everything off the lists but what is still to be told, which
// stays as late as it was.
func TestEnding(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.do(journey.CallMeeting{Step: l.n("meeting"), At: instant("2026-02-03 10:00")})
	l.do(journey.OpenWait{For: thePatient, Reason: "answer", Review: day("2026-03-01")})
	l.do(journey.AskParty{To: party("practice", "gp"), Question: "Medisiner?"})
	l.do(journey.LayOut{Choice: "help"})
	l.do(journey.Choose{Choice: 1, LookAgain: day("2026-03-01")})
	l.pass("2026-01-20 09:00")
	late := 0
	for _, i := range l.s.Items {
		if i.Kind == care.TellItem && i.Ref != "meeting-called" && !i.Late.IsZero() {
			late++
		}
	}
	l.do(journey.EndJourney{End: "leaves", Reason: "Orker ikke."})
	for _, i := range l.s.Items {
		if i.Kind != care.TellItem {
			t.Errorf("%s is open on an ended journey", i.Key)
		}
		if !i.Late.IsZero() {
			late--
		}
	}
	if late != 0 {
		t.Errorf("%d late things became in time by the ending", late)
	}
	for _, c := range l.s.Clocks {
		if c.Live() {
			t.Errorf("%s runs on", c.ID)
		}
	}
	// Time goes on, nothing but tellings climbs, and nothing reopens.
	l.pass("2026-06-01 09:00")
	if l.s.Status != journey.Closed {
		t.Error("time opened the journey")
	}
	l.refuse("journey-ended", journey.NoteContact{How: care.ByPhone, Words: "Ringte."})
	// What the patient says still lands on a list.
	l.do(journey.GiveWords{Kind: "message", Text: "Jeg har det verre."}, bySelf)
	tell := l.s.Tellings[len(l.s.Tellings)-1]
	if tell.About != "words-to-read" || tell.Owner != coordinator || !tell.Open() {
		t.Errorf("the patient's words after the end are %s with %v", tell.About, tell.Owner)
	}
}

// A journey that comes back has an owner and a next step at once, its limits
// count from the first day with the days that stood still, and old plans are
// not plans.
func TestComingBack(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.accept()
	l.do(journey.PauseClock{Clock: "start", Reason: "abroad", From: day("2026-01-10"), Until: day("2026-01-12")})
	latest := l.s.ClockOf("start").Latest
	l.do(journey.PlanStep{Step: l.n("start-assessment"), At: instant("2026-02-02 10:00")}, by(team))
	l.refuse("journey-open", journey.ComeBack{Why: "?"})
	l.do(journey.EndJourney{End: "leaves", Reason: "Orker ikke."})
	l.pass("2026-06-01 09:00")
	l.refuse("reason-missing", journey.ComeBack{})
	l.refuse("post-missing", journey.ComeBack{To: post("nowhere", "desk"), Why: "Verre."})
	l.refuse("only-receiver-answers", journey.ComeBack{To: otherGP, Why: "Verre."})
	l.do(journey.ComeBack{Why: "Har det verre."}, bySelf)
	if l.s.Responsible != desk || l.s.Status != journey.Running {
		t.Errorf("%v is responsible", l.s.Responsible)
	}
	c := l.s.ClockOf("start")
	if !c.Start.Equal(l.s.Received) || !c.Latest.Equal(latest) {
		t.Errorf("the limit began %s and ends %s", c.Start, c.Latest)
	}
	if st := l.step("start-assessment"); st.State != journey.StepOpen || !st.Planned.IsZero() {
		t.Errorf("the step is %s at %s", st.State, st.Planned)
	}
	if l.asked("came-back") == 0 {
		t.Error("nobody is asked what happens now")
	}
	l.now = l.now.Add(time.Hour)
	if c := l.s.ClockOf("start"); c.State != journey.ClockRunning && c.State != journey.ClockLate {
		t.Errorf("the limit is %s", c.State)
	}
}

// Each thing that an ending asks for is asked for, and no ending comes before
// what must come first.
func TestEndingAsks(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.refuse("no-such-end", journey.EndJourney{End: "does-not-fit", Reason: "Passer ikke."})
	l.refuse("end-too-early", journey.EndJourney{End: "handed-over"})
	l.refuse("end-lacks-reason", journey.EndJourney{End: "leaves"})
	l.meet()
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, Step: l.n("hand-over")})
	l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(gp))
	c := journey.EndJourney{End: "handed-over"}
	l.refuse("end-lacks-prescriptions", c)
	c.Carriers.Prescriptions = party("practice", "gp")
	l.refuse("end-lacks-sick-notes", c)
	c.Carriers.SickNotes = party("practice", "gp")
	l.refuse("end-lacks-next-check", c)
	c.NextCheck = day("2026-12-01")
	l.refuse("end-lacks-come-back", c)
	c.ComeBack = "Ring Kari."
	l.refuse("end-lacks-safety-net", c)
	c.SafetyNet = "116 117."
	past := c
	past.NextCheck = day("2025-12-01")
	l.refuse("date-passed", past)
	l.do(c)
	if l.s.End.CarriesOn.Post != gp || l.s.Status != journey.Closed {
		t.Errorf("%v carries on", l.s.End.CarriesOn)
	}
}

// The dead get no messages and no calls, nothing ends by itself, and a person
// ends what is open.
func TestDeath(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	told := len(l.s.Tellings)
	l.k.Person.Dead = true
	l.do(journey.NoteDeath{})
	l.pass("2026-06-01 09:00")
	if len(l.s.Tellings) != told || len(l.s.Contacts) != 0 || l.s.Status != journey.Running || !l.live("meeting") {
		t.Errorf("%d tellings, %d contacts, the journey is %s", len(l.s.Tellings)-told, len(l.s.Contacts), l.s.Status)
	}
	if d := l.s.Decisions[l.asked("died")-1]; d.Owner != coordinator {
		t.Errorf("%v decides", d.Owner)
	}
	l.do(journey.EndJourney{End: "died", Reason: "Pasienten er død."})
	for _, tell := range l.s.Tellings[told:] {
		if tell.To == thePatient {
			t.Errorf("the dead are told %s", tell.About)
		}
	}
}
