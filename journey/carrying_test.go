package journey_test

import (
	"testing"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

// Every hand-over, redirect, advice and ending says who carries prescriptions
// and sick notes and until when; "the patient has none" is an answer, and what
// is recorded of the person needs not be said again.
func TestCarriersAreStated(t *testing.T) {
	t.Parallel()
	none := journey.Carriers{NoPrescriptions: true, NoSickNotes: true}
	with := func(c journey.Carriers) []journey.Command {
		l := newLife(t)
		l.refer()
		advise, redirect := l.answer(pathway.Advise), l.answer(pathway.Redirect)
		advise.Carriers, redirect.Carriers = c, c
		return []journey.Command{advise, redirect, journey.OfferTo{Kind: journey.OfResponsibility, To: municipal, Carriers: c}}
	}
	practice := party("practice", "gp")
	for code, c := range map[string]journey.Carriers{
		"carriers-prescriptions": {NoSickNotes: true},
		"carriers-sick-notes":    {Prescriptions: practice},
		"until-needed":           {NoPrescriptions: true, SickNotes: practice},
	} {
		for _, command := range with(c) {
			l := newLife(t)
			l.k.Person.Carriers = journey.Carriers{}
			l.refer()
			l.refuse(code, command)
		}
	}
	for _, command := range with(none) {
		l := newLife(t)
		l.k.Person.Carriers = journey.Carriers{}
		l.refer()
		l.do(command)
		if o := l.s.Offers[len(l.s.Offers)-1]; o.Carriers != none {
			t.Errorf("%s says %+v", command.Name(), o.Carriers)
		}
	}
	for _, command := range with(journey.Carriers{}) {
		l := newLife(t)
		l.refer()
		l.do(command)
		if o := l.s.Offers[len(l.s.Offers)-1]; o.Carriers != carried {
			t.Errorf("%s says %+v, recorded is %+v", command.Name(), o.Carriers, carried)
		}
	}
	l := newLife(t)
	l.refer()
	l.do(journey.OfferTo{Kind: journey.OfResponsibility, To: municipal, Carriers: journey.Carriers{NoPrescriptions: true, SickNotes: party("clinic", "team")}})
	o := l.s.Offers[len(l.s.Offers)-1]
	if !o.Carriers.NoPrescriptions || o.Carriers.Prescriptions != (care.Party{}) || o.Carriers.SickNotesUntil != carried.SickNotesUntil {
		t.Errorf("what was said is kept as %+v", o.Carriers)
	}
}
