package journey_test

import (
	"slices"
	"testing"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// Whoever sent it and however the answer came, exactly one post is responsible
// at every event, and the unit that says yes ends up with it.
func TestAcceptingMovesResponsibilityOnce(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*life, *journey.Open){
		"a staffed sender":    func(*life, *journey.Open) {},
		"an unstaffed sender": func(l *life, _ *journey.Open) { l.town.unmanned["practice"] = true },
		"an outside sender": func(_ *life, c *journey.Open) {
			c.Sender = care.Party{Kind: care.PartyOther, Name: "Fjord legevakt"}
		},
		"the patient": func(_ *life, c *journey.Open) { c.Sender = thePatient },
	} {
		for _, redirected := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l := newLife(t)
				l.refer(func(c *journey.Open) { open(l, c) })
				want := desk
				if name == "a staffed sender" {
					want = gp
				}
				if l.s.Responsible != want {
					t.Fatalf("before the answer %v is responsible, want %v", l.s.Responsible, want)
				}
				takes := coordinator
				if redirected {
					l.do(l.answer(pathway.Redirect))
					if l.s.Responsible != want {
						t.Errorf("an offer moved responsibility to %v", l.s.Responsible)
					}
					l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(deskB))
					if name != "a staffed sender" {
						want = deskB
					}
					if l.s.Responsible != want {
						t.Errorf("after the other clinic said yes %v is responsible, want %v", l.s.Responsible, want)
					}
					takes, l.who = coordB, coordB
				}
				events := l.do(l.answer(pathway.Accept))
				if l.s.Responsible != takes {
					t.Errorf("%v is responsible, want %v", l.s.Responsible, takes)
				}
				if l.s.Status != journey.Running || l.step("start-assessment").Owner.Unit != takes.Unit {
					t.Errorf("the next step belongs to %v", l.step("start-assessment").Owner)
				}
				for _, o := range l.s.Offers {
					if o.State == journey.OfferOpen {
						t.Errorf("offer %d to %v is still open", o.Offer, o.To)
					}
				}
				if sender := l.s.Sender; !slices.ContainsFunc(events, func(e care.Event) bool {
					owed, ok := e.(journey.TellingOwed)
					return ok && owed.To == sender && owed.About == "answered"
				}) {
					t.Error("the sender is not told the answer")
				}
				told := find[journey.TellingOwed](t, events)
				if told.About != "answered" || told.Owner != takes {
					t.Errorf("%q is told by %v, want the one who answered: %v", told.About, told.Owner, takes)
				}
			})
		}
	}
}

// Each of the four answers can be written down for the unit that was asked, and
// for nobody else.
func TestAnsweringOnBehalf(t *testing.T) {
	t.Parallel()
	for _, kind := range []pathway.AnswerKind{pathway.Accept, pathway.Advise, pathway.Redirect, pathway.Ask} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			l.refer()
			l.refuse("only-receiver-answers", l.answer(kind), by(gp))
			l.refuse("only-receiver-answers", l.answer(kind), by(coordB))
			l.refuse("only-receiver-answers", l.answer(kind), by(desk), behalf(party("practice", "gp"), care.ByPhone))
			l.do(l.answer(kind), by(gp), behalf(party("clinic", "team"), care.ByPhone))
			if open := l.step("assess-referral").Live(); open != (kind == pathway.Ask || kind == pathway.Redirect) {
				t.Errorf("after %s the referral waits for an answer: %t", kind, open)
			}
		})
	}
}

// Advice binds the roles of the clinic that gave it, so that the clinic tells
// the patient what it means, and leaves no offer of the sender's behind.
func TestAdviceIsExplainedByTheClinic(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	events := l.do(l.answer(pathway.Advise))
	if owner := l.step("explain-advice").Owner; owner != coordinator {
		t.Errorf("the advice is explained by %v, want %v", owner, coordinator)
	}
	if owner := l.step("follow-advice").Owner; owner != gp {
		t.Errorf("the advice is followed by %v, want %v", owner, gp)
	}
	for _, e := range events {
		if told, ok := e.(journey.TellingOwed); ok && told.Owner != coordinator {
			t.Errorf("%s is told by %v, want the clinic", told.About, told.Owner)
		}
	}
	if l.s.Responsible != coordinator {
		t.Errorf("%v is responsible, want the plan's author until somebody accepts it", l.s.Responsible)
	}
	if n := len(slices.DeleteFunc(slices.Clone(l.s.Offers), func(o journey.Offer) bool { return o.State != journey.OfferOpen })); n != 1 {
		t.Errorf("%d offers are open, want the plan alone", n)
	}
	l.refuse("offer-not-open", journey.AcceptOffer{Offer: 1}, by(desk))
	l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(gp))
	if l.s.Responsible != gp {
		t.Errorf("%v is responsible, want the practice that accepted the plan", l.s.Responsible)
	}
}

// A referral is answered by answering it: its own offer can be neither taken nor
// refused past the decision on the right (L4).
func TestReferralIsNotAnsweredPastTheDecision(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.refuse("answer-the-referral", journey.AcceptOffer{Offer: 1}, by(desk))
	l.refuse("answer-the-referral", journey.DeclineOffer{Offer: 1, Reason: "Passer ikke."}, by(desk))
	l.refuse("referral-not-withdrawn", journey.WithdrawOffer{Offer: 1}, by(gp))
	l.refuse("answer-the-referral", journey.DropStep{Step: l.n("assess-referral"), Reason: "Passer ikke."})
	l.refuse("answer-the-referral", journey.CompleteStep{Step: l.n("assess-referral")})
}

// Nobody is made responsible by somebody else's yes (L1).
func TestOnlyTheAnsweringUnitTakesOn(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	a := l.answer(pathway.Accept)
	a.Takes = otherGP
	l.refuse("only-receiver-answers", a)
	a.Takes = team
	l.do(a)
	if l.s.Responsible != team {
		t.Errorf("%v is responsible, want %v", l.s.Responsible, team)
	}
}

// Two refusals bring the referral to a named person, and it stays open.
func TestRedirectRefusedTwice(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	for n := range 2 {
		l.do(l.answer(pathway.Redirect))
		l.refuse("offer-pending", l.answer(pathway.Redirect))
		l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Ingen plass."}, by(deskB))
		d := l.s.Decisions[n]
		if want := []string{"offer-refused", "refused-twice"}[n]; d.About != want {
			t.Errorf("refusal %d brings %s, want %s", n+1, d.About, want)
		}
	}
	if d := l.s.Decisions[1]; d.Owner != trustLead {
		t.Errorf("it is decided by %v, want the named person %v", d.Owner, trustLead)
	}
	if l.s.Responsible != gp || !l.step("assess-referral").Live() {
		t.Error("a refusal moved responsibility or ended the referral")
	}
	l.accept()
	for _, d := range l.s.Decisions {
		if d.Open {
			t.Errorf("%s stands although the referral is answered", d.About)
		}
	}
}

// A question does not stop the clock, and is closed by the answer to the
// referral if nobody answered it.
func TestAskingLetsTheClockRun(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	latest := l.s.ClockOf("answer").Latest
	l.do(l.answer(pathway.Ask))
	if i, ok := l.item("question/1"); !ok || i.Post != gp {
		t.Errorf("the question stands with %v", i.Post)
	}
	if c := l.s.ClockOf("answer"); c.State != journey.ClockRunning || !c.Latest.Equal(latest) {
		t.Error("asking moved the limit")
	}
	l.do(journey.AnswerQuestion{Question: 1, Words: "Paracet."}, by(gp))
	l.do(l.answer(pathway.Ask))
	l.accept()
	if l.s.Questions[1].Open {
		t.Error("the question is open after the referral was answered")
	}
}

// A referral of somebody who has died can still be answered: the sender is told,
// the dead are not, and a person decides what becomes of it.
func TestAnsweringForTheDead(t *testing.T) {
	t.Parallel()
	for name, sender := range map[string]care.Party{"a practice": party("practice", "gp"), "the patient": thePatient} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			l.refer(func(c *journey.Open) { c.Sender = sender })
			l.k.Person.Dead = true
			for _, e := range l.do(l.answer(pathway.Accept)) {
				if told, ok := e.(journey.TellingOwed); ok && told.To == thePatient {
					t.Errorf("the dead are told %s", told.About)
				}
			}
			if !slices.ContainsFunc(l.s.Decisions, func(d journey.Decision) bool { return d.Open && d.About == "died" }) {
				t.Error("nobody is asked what becomes of the journey")
			}
			l.do(journey.NoteDeath{})
			if n := len(slices.DeleteFunc(slices.Clone(l.s.Decisions), func(d journey.Decision) bool { return d.About != "died" })); n != 1 {
				t.Errorf("the death is decided %d times", n)
			}
			l.do(journey.EndJourney{End: "died", Reason: "Pasienten er død."})
		})
	}
}

// The patient's own latest date binds the step by which help starts.
func TestLatestLegalDateBindsTheStart(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	a := l.answer(pathway.Accept)
	a.LatestLegal = day("2026-02-10")
	l.do(a)
	if got := oslo.LastDay(l.step("start-assessment").Latest).String(); got != "2026-02-10" {
		t.Errorf("help starts by %s, want the patient's own date", got)
	}
	if got := oslo.LastDay(l.s.ClockOf("start").Latest).String(); got != "2026-03-30" {
		t.Errorf("the pathway's own limit became %s", got)
	}
	l.do(journey.PauseClock{Clock: "start", Reason: "abroad", From: day("2026-01-10"), Until: day("2026-01-19")})
	if got := oslo.LastDay(l.step("start-assessment").Latest).String(); got != "2026-02-10" {
		t.Errorf("a pause of the pathway's limit moved the patient's own date to %s", got)
	}
	l.pass("2026-02-11 09:00")
	if i, _ := l.item("step/" + itoa(l.n("start-assessment"))); i.Late.IsZero() {
		t.Error("the patient's own date passed unseen")
	}
}

// What the receiving unit does itself is not the sender's to do, though the
// sender is of the same kind. The person's own practice stays who it is.
func TestSenderOfTheSameKind(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer(func(c *journey.Open) { c.Sender = party("clinic-b", "team") })
	if got := l.s.Roles["team"]; !got.IsZero() {
		t.Errorf("the sender %v is the team that answers", got)
	}
	if got := l.step("assess-referral").Owner.Unit; got != "clinic" {
		t.Errorf("%s answers", got)
	}
	l.accept()
	if got := l.s.Roles["team"]; got != team {
		t.Errorf("the team is %v", got)
	}
	own := newLife(t)
	d := *made()
	d.Roles = slices.Clone(d.Roles)
	for i := range d.Roles {
		if d.Roles[i].ID == "gp" {
			d.Roles[i].At = []string{"pain-clinic"}
		}
	}
	own.k.Definition, own.k.Person.GP = oneDefinition(&d), post("clinic-b", "gp")
	own.refer(func(c *journey.Open) { c.Sender = party("clinic-b", "gp") })
	if got := own.s.Roles["gp"]; got != own.k.Person.GP {
		t.Errorf("the person's own doctor is %v", got)
	}
}
