package journey_test

import (
	"testing"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// The protocol of a meeting: every agenda item, the patient first on each, NAV
// at its own part only.
func TestMeetingProtocol(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	call := journey.CallMeeting{Step: l.n("meeting"), At: instant("2026-02-03 10:00"), Participants: []journey.Participant{
		{Party: thePatient}, {Party: party("nav", "nav"), Role: "nav"}, {Party: party("clinic", "team"), Role: "team"},
	}}
	late := call
	late.At = instant("2034-02-03 10:00")
	l.refuse("planned-too-far", late)
	late.Step = l.n("draft-plan")
	l.refuse("step-of-other-kind", late)
	events := l.do(call)
	called := find[journey.MeetingCalled](t, events)
	if nav := called.Participants[1]; len(nav.Items) != 1 || nav.Items[0] != "work" {
		t.Errorf("NAV is there for %v, want its own part", nav.Items)
	}
	if len(called.Participants[2].Items) != 0 || len(called.Agenda) != 2 {
		t.Errorf("the team is there for %v of %v", called.Participants[2].Items, called.Agenda)
	}
	if told := find[journey.TellingOwed](t, events); told.About != "meeting-called" || told.To != thePatient {
		t.Errorf("%v is told %s", told.To, told.About)
	}
	hold := journey.HoldMeeting{Meeting: 1, PatientPresent: true, Items: protocol()}
	change := func(f func(*journey.HoldMeeting)) journey.HoldMeeting {
		c := hold
		c.Items = protocol()
		f(&c)
		return c
	}
	l.refuse("meeting-not-called", journey.HoldMeeting{Meeting: 2})
	l.refuse("hold-the-meeting", journey.CompleteStep{Step: l.n("meeting")})
	l.refuse("agenda-item-missing", change(func(c *journey.HoldMeeting) { c.Items = c.Items[:1] }))
	l.refuse("patient-first", change(func(c *journey.HoldMeeting) { c.Items[1].PatientFirst = false }))
	l.refuse("not-present-for-item", change(func(c *journey.HoldMeeting) { c.Items[0].Present = []pathway.RoleID{"team", "nav"} }))
	l.refuse("not-present-for-item", change(func(c *journey.HoldMeeting) {
		c.Items = append(c.Items, journey.ItemProtocol{Item: "opening", PatientFirst: true, Present: []pathway.RoleID{"nav"}})
	}))
	l.refuse("patient-words-first", change(func(c *journey.HoldMeeting) { c.PatientPresent = false }))
	// Moved, it is called anew for the same people; the old call is off.
	l.do(journey.PlanStep{Step: l.n("meeting"), At: instant("2026-02-10 10:00"), Way: pathway.ByVideo})
	if m := l.s.Meetings[1]; l.s.Meetings[0].State != journey.MeetingOff || !m.At.Equal(instant("2026-02-10 10:00")) || len(m.Participants) != 3 {
		t.Errorf("the meeting is at %s with %d people", m.At, len(m.Participants))
	}
	l.do(journey.CancelMeeting{Meeting: 2, Words: "Legen er syk."})
	if st := l.step("meeting"); st.State != journey.StepOpen || !st.Due.Equal(oslo.Deadline(l.now, span(1, care.WorkingDays))) {
		t.Errorf("a cancelled meeting leaves the step %s until %s", st.State, st.Due)
	}
	l.refuse("meeting-not-called", journey.CancelMeeting{Meeting: 2})
	l.do(call)
	hold.Meeting = 3
	hold.Agreed = []journey.NewIntervention{{What: "Trening.", For: party("municipality", "municipality"), Due: day("2026-04-01")}}
	l.pass("2026-02-03 12:00")
	l.do(hold)
	if l.s.Meetings[2].State != journey.MeetingDone || !l.s.Reached("meeting-held") || l.s.Interventions[0].Meeting != 3 {
		t.Error("the meeting is not held")
	}
	l.refuse("decisions-not-open", journey.AnswerDecisions{Meeting: 3, Answer: "agrees"})
}

// What is decided without the patient stays open for their answer. Silence is
// no answer; an objection brings a decision.
func TestDecisionsWithoutThePatient(t *testing.T) {
	t.Parallel()
	for answer, decision := range map[string]bool{"agrees": false, "no-answer-wanted": false, "objects": true} {
		l := newLife(t)
		l.assess()
		l.do(journey.CallMeeting{Step: l.n("meeting"), At: instant("2026-02-03 10:00")})
		l.pass("2026-02-03 12:00")
		l.do(journey.HoldMeeting{Meeting: 1, PatientWords: "I mitt tempo.", Items: protocol()})
		i, open := l.item("meeting/1")
		if !open || i.Post != coordinator || oslo.LastDay(i.Due) != day("2026-02-17") {
			t.Fatalf("the decisions wait with %v until %s", i.Post, oslo.LastDay(i.Due))
		}
		l.pass("2026-05-04 09:00")
		if i, open := l.item("meeting/1"); !open || i.Climbed != len(i.Ladder) || l.s.Meetings[0].State != journey.MeetingDone {
			t.Error("silence was taken for an answer, or nobody saw it")
		}
		l.refuse("decisions-answer", journey.AnswerDecisions{Meeting: 1, Answer: "perhaps"})
		l.refuse("objection-empty", journey.AnswerDecisions{Meeting: 1, Answer: "objects"})
		l.do(journey.AnswerDecisions{Meeting: 1, Answer: answer, Words: "Det orker jeg ikke."}, bySelf)
		if asked := l.asked("objection") > 0; asked != decision {
			t.Errorf("%s brings a decision: %t", answer, asked)
		}
		if _, open := l.item("meeting/1"); open {
			t.Error("the answer is still waited for")
		}
	}
}

// Something agreed belongs to its author until the party it is meant for says
// yes.
func TestInterventions(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	meant := party("municipality", "municipality")
	l.refuse("intervention-what", journey.Agree{NewIntervention: journey.NewIntervention{For: meant, Due: day("2026-03-02")}})
	l.refuse("intervention-due", journey.Agree{NewIntervention: journey.NewIntervention{What: "Trening.", For: meant}})
	l.refuse("date-passed", journey.Agree{NewIntervention: journey.NewIntervention{What: "Trening.", For: meant, Due: day("2026-01-02")}})
	l.refuse("post-missing", journey.Agree{NewIntervention: journey.NewIntervention{What: "Trening.", For: party("nowhere", "desk"), Due: day("2026-03-02")}})
	l.do(journey.Agree{NewIntervention: journey.NewIntervention{What: "Trening.", For: meant, Due: day("2026-03-02")}})
	if iv := l.s.Interventions[0]; iv.Owner != coordinator || l.s.Offers[len(l.s.Offers)-1].To != municipal {
		t.Errorf("%v owns what nobody has accepted", iv.Owner)
	}
	l.refuse("offer-pending", journey.OfferTo{Kind: journey.OfIntervention, Intervention: 1, To: municipal})
	l.refuse("intervention-not-running", journey.OfferTo{Kind: journey.OfIntervention, Intervention: 7, To: municipal})
	l.pass("2026-01-14 09:00")
	if o := l.s.Offers[len(l.s.Offers)-1]; o.State != journey.OfferRunOut || l.asked("offer-lapsed") == 0 || l.s.Interventions[0].Owner != coordinator {
		t.Errorf("an offer nobody answered is %s", o.State)
	}
	for n := range 2 {
		l.do(journey.OfferTo{Kind: journey.OfIntervention, Intervention: 1, To: municipal})
		l.refuse("reason-missing", journey.DeclineOffer{Offer: len(l.s.Offers)}, by(municipal))
		l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Ingen ledig."}, by(municipal))
		if want := []string{"offer-refused", "refused-twice"}[n]; l.asked(want) == 0 {
			t.Errorf("refusal %d does not bring %s", n+1, want)
		}
	}
	l.do(journey.OfferTo{Kind: journey.OfIntervention, Intervention: 1, To: municipal})
	l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(municipal))
	if i, _ := l.item("intervention/1"); i.Post != municipal || l.asked("refused-twice")+l.asked("offer-refused")+l.asked("offer-lapsed") != 0 {
		t.Errorf("%v has it, and decisions stand", i.Post)
	}
	if l.s.Responsible != coordinator {
		t.Error("an intervention moved responsibility")
	}
	l.refuse("intervention-state", journey.ReportIntervention{Intervention: 1, State: "fine", Due: day("2026-04-01")})
	l.refuse("intervention-due", journey.ReportIntervention{Intervention: 1, State: "hindered"})
	l.refuse("date-passed", journey.ReportIntervention{Intervention: 1, State: "hindered", Due: day("2026-01-02")})
	l.do(journey.ReportIntervention{Intervention: 1, State: "needs-help", Due: day("2026-04-01"), Words: "Orker ikke."}, by(municipal))
	if l.asked("intervention-needs-help") == 0 || l.s.Interventions[0].Report != "needs-help" {
		t.Error("nobody is asked to help")
	}
	l.refuse("intervention-outcome", journey.EndIntervention{Intervention: 1, Outcome: "forgotten"})
	l.refuse("reason-missing", journey.EndIntervention{Intervention: 1, Outcome: "dropped"})
	l.do(journey.EndIntervention{Intervention: 1, Outcome: "dropped", Words: "Ble verre."}, by(municipal))
	l.refuse("intervention-not-running", journey.EndIntervention{Intervention: 1, Outcome: "done"})
}

// Where effort makes the patient worse, nothing that raises activity is agreed or
// chosen without a reason that the patient has agreed to. Where nobody knows, it
// is not gated and not guessed.
func TestMalaiseGates(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, c := range []struct {
		pem   *bool
		gated bool
	}{{nil, false}, {&no, false}, {&yes, true}} {
		l := newLife(t)
		l.assess()
		l.k.Person.PEM = c.pem
		more := journey.NewIntervention{What: "Trening.", For: thePatient, Due: day("2026-03-02"), RaisesActivity: true}
		laid := find[journey.ChoiceLaidOut](t, l.do(journey.LayOut{Choice: "help"}))
		choose := journey.Choose{Choice: 1, Chosen: []string{"training"}, LookAgain: day("2026-03-01")}
		if gated := len(laid.Gated) > 0; gated != c.gated {
			t.Errorf("gated: %v", laid.Gated)
		}
		if c.gated {
			l.refuse("pem-gates", journey.Agree{NewIntervention: more})
			l.refuse("pem-gates", choose)
			more.Despite, choose.Despite = "Pasienten vil prøve fem minutter.", "Pasienten vil prøve."
		}
		l.do(journey.Agree{NewIntervention: more})
		l.do(choose)
	}
}

// Where nobody knows whether effort makes the patient worse, who chooses on their
// own page is asked first, the answer is kept, and "I do not know" is no free way.
func TestMalaiseIsAskedFirst(t *testing.T) {
	t.Parallel()
	for answer, gated := range map[string]bool{"yes": true, "unknown": true, "no": false} {
		l := newLife(t)
		l.assess()
		l.do(journey.LayOut{Choice: "help"})
		choose := journey.Choose{Choice: 1, Chosen: []string{"training"}, LookAgain: day("2026-03-01")}
		l.refuse("pem-ask", choose, bySelf)
		choose.Malaise = answer
		if gated {
			l.refuse("pem-gates", choose, bySelf)
			choose.Despite = "Jeg vil prøve fem minutter."
		}
		if made := find[journey.ChoiceMade](t, l.do(choose, bySelf)); made.Malaise != answer {
			t.Errorf("asked and answered %q, kept is %q", answer, made.Malaise)
		}
	}
}

// Options stand side by side, several or none can be chosen, and each choice is
// looked at again.
func TestChoices(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.refuse("no-such-choice", journey.LayOut{Choice: "magic"})
	l.refuse("choose-first", journey.CompleteStep{Step: l.n("choose-help")})
	l.refuse("choice-not-open", journey.Choose{Choice: 1, LookAgain: day("2026-03-01")})
	e := find[journey.ChoiceLaidOut](t, l.do(journey.LayOut{Choice: "help"}))
	if e.Step != l.n("choose-help") || len(e.Options) != 2 || len(e.Gated) != 0 {
		t.Errorf("laid out: %+v", e)
	}
	l.refuse("choice-open", journey.LayOut{Choice: "help"})
	l.refuse("no-such-option", journey.Choose{Choice: 1, Chosen: []string{"surgery"}, LookAgain: day("2026-03-01")})
	l.refuse("look-again", journey.Choose{Choice: 1, Chosen: []string{"pacing"}})
	l.refuse("date-passed", journey.Choose{Choice: 1, Chosen: []string{"pacing"}, LookAgain: day("2026-01-01")})
	l.do(journey.Choose{Choice: 1, Chosen: []string{"pacing", "training"}, LookAgain: day("2026-03-01"), Malaise: "no"}, bySelf)
	if st := l.step("choose-help"); st.State != journey.StepIsDone || st.Outcome != "pacing,training" {
		t.Errorf("the step is %s with %s", st.State, st.Outcome)
	}
	l.refuse("choice-not-open", journey.Choose{Choice: 1, LookAgain: day("2026-03-01")})
	l.pass("2026-03-02 09:00")
	if i, open := l.item("choice/1"); !open || i.Late.IsZero() || i.Post != coordinator {
		t.Error("nobody looks again")
	}
	// Looked at again: none of them, and the first look is done with.
	l.do(journey.LayOut{Choice: "help"})
	if _, open := l.item("choice/1"); !open {
		t.Error("the look is off the list before anything was chosen")
	}
	l.do(journey.Choose{Choice: 2, LookAgain: day("2026-06-01")}, bySelf)
	if _, open := l.item("choice/1"); open {
		t.Error("the first look stands for ever")
	}
	if _, open := l.item("choice/2"); !open {
		t.Error("nobody looks again at none of these")
	}
}

// A wait has an owner and a day, and nothing renews itself.
func TestWaits(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	wait := journey.OpenWait{For: thePatient, Reason: "answer", Review: day("2026-02-02")}
	for code, f := range map[string]func(*journey.OpenWait){
		"wait-reason":    func(c *journey.OpenWait) { c.Reason = "Ola må tenke" },
		"wait-review":    func(c *journey.OpenWait) { c.Review = care.Date{} },
		"date-passed":    func(c *journey.OpenWait) { c.Review = day("2026-01-01") },
		"review-too-far": func(c *journey.OpenWait) { c.Review = day("2028-01-01") },
		"no-such-step":   func(c *journey.OpenWait) { c.Step = 99 },
	} {
		c := wait
		f(&c)
		l.refuse(code, c)
	}
	l.do(wait)
	for code, review := range map[string]care.Date{"wait-review": {}, "date-passed": day("2026-01-01"), "review-too-far": day("2028-01-01")} {
		l.refuse(code, journey.ReviewWait{Wait: 1, Review: review})
	}
	l.pass("2026-04-01 09:00")
	if i, open := l.item("wait/1"); !open || i.Climbed != len(i.Ladder) {
		t.Error("a wait past its day ended or was not seen")
	}
	l.do(journey.ReviewWait{Wait: 1, Review: day("2026-05-01"), Words: "Tenker fortsatt."})
	if i, _ := l.item("wait/1"); !i.Late.IsZero() || oslo.LastDay(i.Due) != day("2026-05-01") {
		t.Error("a new decision to wait is not a new date")
	}
	l.do(journey.EndWait{Wait: 1})
	l.refuse("wait-not-open", journey.EndWait{Wait: 1})
	l.refuse("wait-not-open", journey.ReviewWait{Wait: 1, Review: day("2026-05-01")})
}

// What somebody says is kept under their own name, and read by somebody.
func TestWords(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.refuse("words-empty", journey.GiveWords{Kind: "message"})
	l.refuse("words-kind", journey.GiveWords{Kind: "rumour", Text: "Hei."})
	l.refuse("objection-about", journey.GiveWords{Kind: "objection", Text: "Det stemmer ikke."})
	relative := care.Party{Kind: care.PartyRelative}
	for n, c := range []struct {
		how  with
		from care.Party
		read bool
	}{
		{bySelf, thePatient, true},
		{func(a *care.Act) { a.Actor, a.Post = care.Actor{Kind: care.Relative, ID: "eva"}, care.Post{} }, relative, true},
		{behalf(relative, care.ByPhone), relative, true},
		{by(gp), party("practice", "gp"), false},
	} {
		before := len(l.s.Decisions)
		l.do(journey.GiveWords{Kind: "objection", Text: "Det stemmer ikke.", About: 1}, c.how)
		if w := l.s.Words[n]; w.From != c.from || w.About != 1 || w.Version == 0 {
			t.Errorf("said by %v, kept as %v", c.from, w.From)
		}
		if read := len(l.s.Decisions) > before; read != c.read {
			t.Errorf("somebody is to read the words of %v: %t", c.from, read)
		}
		if said := l.text[l.s.Words[n].Version-1]["said"]; said != "Det stemmer ikke." {
			t.Errorf("the words are kept as %q", said)
		}
	}
}

// Nothing is told without its receipt.
func TestTellings(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.refuse("told-how", journey.Tell{Telling: 1, How: "pigeon"})
	l.refuse("letter-expected", journey.Tell{Telling: 1, How: care.ByLetter})
	l.refuse("telling-not-open", journey.Tell{Telling: 9, How: care.ByPhone})
	l.do(journey.Tell{Telling: 1, How: care.ByLetter, Expected: day("2026-01-08")})
	if r := l.s.Tellings[0].Told; !r.Expected || !r.At.Equal(oslo.EndOf(day("2026-01-08"))) {
		t.Errorf("the letter's receipt is %+v", r)
	}
	l.refuse("telling-not-open", journey.Tell{Telling: 1, How: care.ByPhone})
	l.do(journey.Tell{Telling: 2, How: care.ByMessage})
	if len(l.s.Tellings) != 2 || l.s.Tellings[1].To != party("practice", "gp") {
		t.Error("the sender was not told of the receipt")
	}
	// One who reads no pages gets one letter or call the same day for what changed.
	l.k.Person.OnPaper = true
	l.accept()
	l.do(journey.PlanStep{Step: l.n("start-assessment"), At: instant("2026-02-02 10:00")}, by(team))
	last := l.s.Tellings[len(l.s.Tellings)-1]
	if last.About != "planned" || oslo.LastDay(last.By) != oslo.Date(l.now) {
		t.Errorf("%s is told until %s", last.About, oslo.LastDay(last.By))
	}
	before := len(l.s.Tellings)
	l.now = l.now.Add(time.Hour)
	l.do(journey.PlanStep{Step: l.n("start-assessment"), At: instant("2026-02-03 10:00")}, behalf(thePatient, care.ByPhone))
	if len(l.s.Tellings) != before {
		t.Error("what was agreed on the phone is to be told by letter")
	}
}

// An appointment needs to reach the patient (L13). Moved, it is told anew; over
// or missed, nobody is told of it any more; agreed with the patient, it is told.
func TestAppointmentsMustReach(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.accept()
	n := l.n("start-assessment")
	open := func() (all []journey.Telling) {
		for _, tell := range l.s.Tellings {
			if tell.Open() && tell.About == "planned" {
				all = append(all, tell)
			}
		}
		return all
	}
	plan := func(at string, how ...with) {
		l.do(journey.PlanStep{Step: n, At: instant(at)}, how...)
	}
	plan("2026-02-02 10:00")
	if all := open(); len(all) != 1 || all[0].Step != n || all[0].To != thePatient || all[0].Owner != coordinator {
		t.Fatalf("to be told: %+v", all)
	}
	first := open()[0].Telling
	plan("2026-02-03 10:00")
	if all := open(); len(all) != 1 || all[0].Telling == first {
		t.Errorf("after a move, to be told: %+v", all)
	}
	moved := l.s.Acts[len(l.s.Acts)-1].First
	l.do(journey.Undo{Version: moved})
	if all := open(); len(all) != 1 {
		t.Errorf("after the undoing, to be told: %+v", all)
	}
	l.do(journey.TooIll{Until: day("2026-02-04")}, bySelf)
	if all := open(); len(all) != 0 {
		t.Errorf("after it was missed, to be told: %+v", all)
	}
	plan("2026-02-10 10:00", behalf(thePatient, care.ByPhone))
	if all := open(); len(all) != 0 {
		t.Errorf("what was agreed on the phone is to be told: %+v", all)
	}
	plan("2026-02-11 10:00")
	l.do(journey.Tell{Telling: open()[0].Telling, How: care.ByPage})
	plan("2026-02-12 10:00")
	l.do(journey.CompleteStep{Step: n}, by(team))
	if all := open(); len(all) != 0 {
		t.Errorf("after it is over, to be told: %+v", all)
	}
}

// Nobody travels in vain: what the service takes back must reach the patient,
// whether or not the appointment had been told.
func TestCancelledAppointmentsMustReach(t *testing.T) {
	t.Parallel()
	for name, cancel := range map[string]func(*life){
		"moved by the service": func(l *life) {
			l.do(journey.MissStep{Step: l.n("meeting"), Reason: journey.MissedService})
		},
		"cancelled":     func(l *life) { l.do(journey.CancelMeeting{Meeting: 1}) },
		"not needed":    func(l *life) { l.do(journey.DropStep{Step: l.n("meeting"), Reason: "Alle har møtt hverandre."}) },
		"called undone": func(l *life) { l.do(journey.Undo{Version: l.s.Meetings[0].Begun}) },
	} {
		l := newLife(t)
		l.assess()
		l.do(journey.CallMeeting{Step: l.n("meeting"), At: instant("2026-02-03 10:00")})
		for _, tell := range l.s.Tellings {
			if tell.About == "meeting-called" {
				l.do(journey.Tell{Telling: tell.Telling, How: care.ByPage})
			}
		}
		cancel(l)
		last := l.s.Tellings[len(l.s.Tellings)-1]
		if !last.Open() || last.About != "changed" || last.To != thePatient || oslo.LastDay(last.By) != oslo.Date(l.now) {
			t.Errorf("%s: to be told is %s by %s", name, last.About, oslo.LastDay(last.By))
		}
	}
}

// After a latest date has passed the service calls, once for each limit.
func TestContactOwed(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.pass("2026-01-20 00:00")
	if len(l.s.Contacts) != 1 || l.s.Contacts[0].Owner != coordinator || oslo.LastDay(l.s.Contacts[0].By) != day("2026-01-22") {
		t.Fatalf("owed: %+v", l.s.Contacts)
	}
	l.refuse("contact-empty", journey.ContactPatient{Contact: 1, How: care.ByPhone})
	l.do(journey.ContactPatient{Contact: 1, How: care.ByPhone, Words: "Vi beklager."})
	l.refuse("contact-not-open", journey.ContactPatient{Contact: 1, How: care.ByPhone, Words: "Igjen."})
	l.pass("2026-03-20 00:00")
	if len(l.s.Contacts) != 1 {
		t.Errorf("%d contacts are owed for one limit", len(l.s.Contacts))
	}
}
