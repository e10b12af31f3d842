package journey_test

import (
	"slices"
	"testing"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// Carried over to a unit of the same kind: the roles that the old one filled
// follow the yes, and then the journey can end as transferred.
func TestTransferred(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.do(journey.Agree{NewIntervention: journey.NewIntervention{What: "Aktivitetsdagbok.", For: thePatient, Due: day("2026-02-20")}})
	end := journey.EndJourney{End: "transferred", Reason: "Flytter nordover."}
	l.refuse("end-not-accepted", end)
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: coordB, Words: "Flytter nordover."})
	l.refuse("offer-pending", journey.OfferTo{Kind: journey.OfResponsibility, To: gp})
	l.refuse("end-not-accepted", end)
	if l.s.Responsible != coordinator || l.s.Roles["team"] != team {
		t.Fatal("an offer moved something")
	}
	l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(coordB))
	if l.s.Responsible != coordB || l.s.Roles["team"] != teamB || l.s.Roles["coordinator"] != coordB || l.s.Roles["gp"] != gp {
		t.Errorf("responsible %v, roles %v", l.s.Responsible, l.s.Roles)
	}
	for _, st := range l.s.Steps {
		if st.Live() && st.Owner.Unit == "clinic" {
			t.Errorf("%s belongs to %v still", st.ID, st.Owner)
		}
	}
	// What was agreed is offered over, and holds the end until somebody has it.
	l.refuse("interventions-running", end, by(coordB))
	l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(coordB))
	l.do(end, by(coordB))
	if l.s.End.CarriesOn.Post != coordB {
		t.Errorf("%v carries on", l.s.End.CarriesOn)
	}
}

// The general practice takes over what it can fill, and nothing else moves.
func TestHandOverToPractice(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.meet()
	l.refuse("offer-responsibility", journey.CompleteStep{Step: l.n("hand-over")})
	l.refuse("step-of-other-kind", journey.OfferTo{Kind: journey.OfResponsibility, Step: l.n("talk"), To: gp})
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, Step: l.n("hand-over")})
	offer := len(l.s.Offers)
	if l.s.Offers[offer-1].To != gp {
		t.Fatalf("it is offered to %v", l.s.Offers[offer-1].To)
	}
	l.refuse("only-receiver-answers", journey.AcceptOffer{Offer: offer})
	l.do(journey.AcceptOffer{Offer: offer}, behalf(party("practice", "gp"), care.ByLetter))
	if l.s.Responsible != gp || l.step("hand-over").State != journey.StepIsDone || l.s.Roles["team"] != team {
		t.Errorf("responsible %v, hand-over %s, team %v", l.s.Responsible, l.step("hand-over").State, l.s.Roles["team"])
	}
	l.refuse("offer-not-open", journey.AcceptOffer{Offer: offer}, by(gp))
	l.refuse("already-responsible", journey.OfferTo{Kind: journey.OfResponsibility, To: gp})
}

// An offer nobody answers comes back to its giver as a task, and the second
// refusal of the same need brings a named person.
func TestOffersComeBack(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp, By: day("2026-01-08")})
	l.pass("2026-01-09 00:00")
	if o := l.s.Offers[len(l.s.Offers)-1]; o.State != journey.OfferRunOut {
		t.Fatalf("an offer that nobody answered is %s", o.State)
	}
	d := l.s.Decisions[len(l.s.Decisions)-1]
	if d.About != "offer-lapsed" || d.Owner != coordinator || l.s.Responsible != coordinator {
		t.Errorf("%s stands with %v, responsible %v", d.About, d.Owner, l.s.Responsible)
	}
	l.pass("2026-01-09 09:00")
	for range 2 {
		l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp})
		l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Ingen plass.", Advice: "Prøv Sentrum."}, by(gp))
	}
	d = l.s.Decisions[len(l.s.Decisions)-1]
	if d.About != "refused-twice" || d.Owner != trustLead {
		t.Errorf("%s stands with %v", d.About, d.Owner)
	}
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: otherGP})
	l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(otherGP))
	for _, d := range l.s.Decisions {
		if d.Open {
			t.Errorf("%s stands after somebody said yes", d.About)
		}
	}
}

// Offered again, what came back is decided: the giver has no row beside the offer.
// Taken back from the next one it is the giver's decision again, and a third round
// stays with the named person.
func TestOfferedAgain(t *testing.T) {
	t.Parallel()
	for _, came := range []string{"offer-lapsed", "offer-refused"} {
		l := newLife(t)
		l.assess()
		l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp, By: day("2026-01-08")})
		if came == "offer-lapsed" {
			l.pass("2026-01-09 09:00")
		} else {
			l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Ingen plass."}, by(gp))
		}
		if l.asked(came) == 0 {
			t.Fatalf("what came back is %v", l.s.Decisions)
		}
		l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: otherGP})
		if l.asked(came) != 0 {
			t.Errorf("%s: it is offered again, and still to be decided", came)
		}
		l.do(journey.WithdrawOffer{Offer: len(l.s.Offers)})
		if l.asked(came) == 0 {
			t.Errorf("%s: it is taken back from the next one, and nobody decides", came)
		}
		l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: otherGP})
		l.do(journey.Undo{Version: l.s.Acts[len(l.s.Acts)-1].First})
		if l.asked(came) == 0 {
			t.Errorf("%s: the second offer is undone, and nobody decides", came)
		}
	}
	l := newLife(t)
	l.assess()
	for range 2 {
		l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: gp})
		l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Ingen plass."}, by(gp))
	}
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: otherGP})
	if l.asked("refused-twice") == 0 {
		t.Error("a third round takes it from the named person")
	}
}

// Refusals are counted for the same need only.
func TestRefusalsOfOtherNeedsDoNotCount(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.assess()
	for n := range 2 {
		l.do(journey.Agree{NewIntervention: journey.NewIntervention{What: "Trening.", For: party("municipality", "municipality"), Due: day("2026-03-02")}})
		l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Ingen ledig."}, by(municipal))
		if d := l.s.Decisions[len(l.s.Decisions)-1]; d.About != "offer-refused" {
			t.Errorf("the first refusal of intervention %d brings %s", n+1, d.About)
		}
	}
	l.do(journey.OfferTo{Kind: journey.OfIntervention, Intervention: 1, To: municipal})
	l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Fremdeles ingen."}, by(municipal))
	if d := l.s.Decisions[len(l.s.Decisions)-1]; d.About != "refused-twice" {
		t.Errorf("the second refusal of the same need brings %s", d.About)
	}
}

// A plan that came back is offered again, and its author owns it until somebody
// accepts.
func TestPlanOfferedAgain(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.refuse("offer-kind", journey.OfferTo{Kind: journey.OfPlan, To: gp})
	l.do(l.answer(pathway.Advise))
	l.refuse("offer-pending", journey.OfferTo{Kind: journey.OfPlan, To: otherGP})
	l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Kjenner ikke pasienten."}, by(gp))
	l.do(journey.OfferTo{Kind: journey.OfPlan, To: otherGP})
	if l.s.Responsible != coordinator {
		t.Errorf("%v is responsible for a plan nobody accepted", l.s.Responsible)
	}
	l.do(journey.WithdrawOffer{Offer: len(l.s.Offers)})
	l.do(journey.OfferTo{Kind: journey.OfPlan, To: gp})
	l.do(journey.AcceptOffer{Offer: len(l.s.Offers)}, by(gp))
	l.do(journey.CompleteStep{Step: l.n("follow-advice")}, by(gp))
	l.do(journey.EndJourney{End: "advised"}, by(gp))
}

// A new practice takes the steps at once; what the old one had agreed to, and
// its responsibility, are offered.
func TestNewPractice(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	if l.s.Responsible != gp || l.step("help-meanwhile").Owner != gp {
		t.Fatal("the practice is not responsible")
	}
	l.do(journey.Agree{NewIntervention: journey.NewIntervention{What: "Sykmelding.", For: thePatient, Due: day("2026-02-02")}}, by(gp))
	l.refuse("no-such-role", journey.BindRole{Role: "priest", Post: otherGP})
	l.refuse("unit-cannot-fill", journey.BindRole{Role: "gp", Post: desk})
	l.refuse("post-missing", journey.BindRole{Role: "gp", Post: post("nowhere", "gp")})
	l.do(journey.BindRole{Role: "gp", Post: otherGP})
	if l.step("help-meanwhile").Owner != otherGP || l.s.Responsible != gp || l.s.Interventions[0].Owner != gp {
		t.Error("the steps did not follow, or something moved before anybody said yes")
	}
	kinds := map[journey.OfferKind]int{}
	for _, o := range l.s.Offers {
		if o.State == journey.OfferOpen && o.To == otherGP {
			kinds[o.Kind] = o.Offer
		}
	}
	l.do(journey.AcceptOffer{Offer: kinds[journey.OfIntervention]}, by(otherGP))
	l.do(journey.AcceptOffer{Offer: kinds[journey.OfResponsibility]}, by(otherGP))
	if l.s.Responsible != otherGP || l.s.Interventions[0].Owner != otherGP {
		t.Errorf("responsible %v, intervention %v", l.s.Responsible, l.s.Interventions[0].Owner)
	}
	if made, err := l.try(journey.BindRole{Role: "gp", Post: otherGP}); err != nil || len(made) > 0 {
		t.Errorf("binding a role again makes %d events (%v)", len(made), err)
	}
	l.accept()
	if l.s.Responsible != coordinator {
		t.Errorf("%v is responsible", l.s.Responsible)
	}
}

// A new practice that is offered the responsibility is not the first that was
// asked: what was refused before counts.
func TestNewPracticeIsNotAskedAfresh(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: coordB}, by(gp))
	l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Ingen plass."}, by(coordB))
	l.do(journey.BindRole{Role: "gp", Post: otherGP})
	l.do(journey.DeclineOffer{Offer: len(l.s.Offers), Reason: "Fullt."}, by(otherGP))
	if l.asked("refused-twice") == 0 {
		t.Errorf("two services said no, and the decisions are %+v", l.s.Decisions)
	}
}

// What somebody offered who is not responsible any more cannot be accepted.
func TestStaleOfferOfResponsibility(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: otherGP}, by(gp))
	l.do(l.answer(pathway.Advise))
	l.refuse("offer-not-open", journey.AcceptOffer{Offer: 2}, by(otherGP))
	plan := len(l.s.Offers)
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: coordB})
	l.do(journey.AcceptOffer{Offer: plan}, by(gp))
	l.refuse("offer-not-open", journey.AcceptOffer{Offer: plan + 1}, by(coordB))
	if l.s.Responsible != gp {
		t.Errorf("%v is responsible", l.s.Responsible)
	}
}

// What changed after the actor looked is not acted on unseen.
func TestSeen(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.refer()
	l.accept()
	n := l.n("start-assessment")
	seen := l.step("start-assessment").Version
	l.do(journey.PlanStep{Step: n, At: instant("2026-01-12 10:00")}, saw(seen))
	l.refuse("item-changed", journey.PlanStep{Step: n, At: instant("2026-01-13 10:00")}, saw(seen))
	if !slices.ContainsFunc(l.s.Steps, func(st journey.Step) bool { return st.Planned.Equal(instant("2026-01-12 10:00")) }) {
		t.Error("the first plan is gone")
	}
}
