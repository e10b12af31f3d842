package casework_test

import (
	"testing"

	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
)

// Who carries prescriptions and sick notes moves with the acceptance and not with
// the offer. The end of the sick note then is a dated item of who writes it.
func TestCarriersMoveWithTheAcceptance(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, id := b.refer("Ola Nordmann")
	b.accept(id)
	per := as("per", "practice", "gp")
	last := oslo.Date(b.clock.Now()).AddDays(40)
	gp := care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}}
	b.do(kari, id, journey.OfferTo{Kind: journey.OfResponsibility, To: gp.Post, Carriers: journey.Carriers{
		Prescriptions: gp, SickNotes: gp, SickNotesUntil: last,
	}})
	if s := b.journey(kari, id).Person.State; len(s.Carriers) > 0 {
		t.Errorf("an offer alone made %v carry", s.Carriers)
	}
	b.do(per, id, journey.AcceptOffer{Offer: len(b.journey(kari, id).State.Offers)})
	s := b.journey(per, id).Person.State
	note := s.Carriers[person.SickNote]
	if note.By != gp || note.Until != last || note.Owner != gp.Post || s.Carriers[person.Prescriptions].By != gp {
		t.Fatalf("accepted, the person's carriers are %+v", s.Carriers)
	}
	listed := false
	for _, i := range s.Items() {
		listed = listed || i.Ref == "sick-note-ends" && i.Post == gp.Post && i.Due.Before(oslo.EndOf(last))
	}
	if !listed {
		t.Error("nobody has the end of the sick note on a list before it ends")
	}
	b.do(per, id, journey.OfferTo{Kind: journey.OfResponsibility, To: care.Post{Unit: "clinic", Role: "coordinator"}, Carriers: journey.Carriers{
		Prescriptions: gp, NoSickNotes: true,
	}})
	b.do(kari, id, journey.AcceptOffer{Offer: len(b.journey(kari, id).State.Offers)})
	if _, still := b.journey(kari, id).Person.State.Carriers[person.SickNote]; still {
		t.Error("the patient has no sick note, and somebody still carries it")
	}
}

// What is found in a joint assessment is a finding of the person's; a kind that
// cannot be read is refused before anything is kept.
func TestContributionIsAFinding(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, id := b.refer("Ola Nordmann")
	b.accept(id)
	per := as("per", "practice", "gp")
	today := oslo.Date(b.clock.Now())
	clinic, practice := care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "clinic", Role: "team"}}, care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}}
	b.do(kari, id, journey.CallJoint{Questions: "Hva holder det ved like?", SummaryBy: today.AddDays(20), From: []journey.JointAsk{
		{Party: clinic, Discipline: "physician", By: today.AddDays(10)}, {Party: practice, Discipline: "physiotherapist", By: today.AddDays(10)},
	}})
	_, err := b.try(kari, id, journey.Contribute{Contribution: 1, Words: "Normale funn.", Kind: "MR av ryggen", Examined: today})
	if r, ok := care.AsRefusal(err); !ok || r.Code != "kind-form" {
		t.Errorf("a kind that cannot be read: %v", err)
	}
	b.do(kari, id, journey.Contribute{Contribution: 1, Words: "Normale funn.", Kind: "mri-lumbar", Examined: today})
	b.do(per, id, journey.Contribute{Contribution: 2, Words: "Stiv."})
	s := b.journey(kari, id).Person.State
	if len(s.Findings) != 1 || s.Findings[0].Kind != "mri-lumbar" || s.Findings[0].By != clinic {
		t.Errorf("the findings are %+v", s.Findings)
	}
}
