package simulation

import (
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// actOnJourney lets somebody act on a journey: mostly on something that is open,
// often as it should be done, now and then not.
func (t *trial) actOnJourney() {
	h := t.anyJourney()
	if h == nil {
		t.refer()
		return
	}
	s, err := journey.Fold(h.records)
	if err != nil {
		return
	}
	l := h.ledger
	order := casework.Order{Target: h.stream.ID()}
	order.Who, order.For = t.somebody(l)
	if s.Status == journey.Closed && t.what.IntN(3) > 0 {
		t.afterEnd(s, order)
		return
	}
	if t.when.IntN(12) == 0 {
		order.Happened = t.w.clock.Now().Add(-time.Duration(t.when.IntN(20*24)) * time.Hour)
	}
	switch n := t.what.IntN(10); {
	case n < 4:
		t.onStep(s, order)
	case n < 8:
		t.onOpen(s, order)
	default:
		t.onJourney(s, order)
	}
}

// onStep takes one live step a little further.
func (t *trial) onStep(s *journey.State, o casework.Order) {
	var live []journey.Step
	for _, st := range s.Steps {
		if st.Live() {
			live = append(live, st)
		}
	}
	if len(live) == 0 {
		t.onJourney(s, o)
		return
	}
	st := pick(t, live...)
	if t.who.IntN(10) > 0 {
		o.Who, o.For = t.speaking(st.Owner.Unit)
	}
	switch st.Kind {
	case pathway.Answer:
		o.Command = t.answer(st)
	case pathway.Meeting:
		o.Command = t.meet(s, st)
	case pathway.HandOver:
		o.Command = journey.OfferTo{Kind: journey.OfResponsibility, Step: st.Step, To: pick(t, care.Post{}, care.Post{}, care.Post{Unit: "practice", Role: "gp"}, t.anyPost()), Carriers: t.carriers()}
	case pathway.Choosing:
		def := t.definitions[s.Pathway.String()]
		for _, x := range def.Steps {
			if x.ID == st.ID {
				o.Command = journey.LayOut{Choice: x.Choice}
			}
		}
		for _, c := range s.Choices {
			if c.Made == nil {
				o.Command = journey.Choose{Choice: c.Choice, Chosen: c.Options[:t.what.IntN(len(c.Options)+1)], LookAgain: t.soon(), Despite: pick(t, "", "Hun vil prøve.")}
			}
		}
	default:
		o.Command = journey.CompleteStep{Step: st.Step, Words: "Gjort."}
	}
	switch n := t.what.IntN(12); {
	case o.Command == nil, n == 0:
		o.Command = journey.PlanStep{Step: st.Step, At: t.soonAt(), Way: pick(t, pathway.AtClinic, pathway.ByPhone, "")}
	case n == 1 && st.Kind != pathway.Answer:
		o.Command = journey.PlanStep{Step: st.Step, At: t.soonAt()}
	case n == 2:
		o.Command = journey.MissStep{Step: st.Step, Reason: pick(t, journey.MissedTooIll, journey.MissedNoShow, journey.MissedService)}
	case n == 3 && t.what.IntN(3) == 0:
		o.Command = journey.DropStep{Step: st.Step, Reason: "Trengs ikke."}
	case n == 4:
		o.Command = journey.WishToWait{Step: st.Step, Until: t.soon(), Words: "Kan vi vente litt?"}
	case n < 8 && !st.Planned.IsZero() && (st.Kind == pathway.Visit || st.Kind == pathway.Meeting):
		o.Command = journey.NoteInterpreter{Step: st.Step, Interpreter: pick(t, journey.InterpreterAnswers...)}
	}
	if t.faults.IntN(15) == 0 {
		o.Seen = care.Seen(t.faults.IntN(s.Version + 1))
	}
	t.send(o)
}

func (t *trial) answer(st journey.Step) journey.Command {
	a := journey.Answer{
		Step: st.Step, Answer: pick(t, pathway.Accept, pathway.Accept, pathway.Accept, pathway.Advise, pathway.Redirect, pathway.Ask),
		Right: pick(t, journey.HasRight, journey.NoRight), LatestLegal: t.soon(), Reasons: "Vurdert.", HowToComplain: "Klag.", Message: "Dette skjer nå.",
		To: t.anyPost(), Plan: "Ro og trening.", Question: "Hvor lenge?", Carriers: t.carriers(),
	}
	if t.what.IntN(6) == 0 {
		a.Takes = t.anyPost()
	}
	if t.what.IntN(10) == 0 {
		a.Reasons, a.Plan, a.Question = "", "", ""
	}
	return a
}

func (t *trial) meet(s *journey.State, st journey.Step) journey.Command {
	for _, m := range s.Meetings {
		if m.Step != st.Step || m.State != journey.MeetingPlanned {
			continue
		}
		if t.what.IntN(6) == 0 {
			return journey.CancelMeeting{Meeting: m.Meeting}
		}
		hold := journey.HoldMeeting{Meeting: m.Meeting, PatientPresent: t.what.IntN(3) > 0, PatientWords: pick(t, "", "Les dette først.", "Les dette først."), Minutes: "Enige."}
		for _, item := range m.Agenda {
			hold.Items = append(hold.Items, journey.ItemProtocol{Item: item, PatientFirst: t.what.IntN(30) > 0})
		}
		for range t.what.IntN(3) {
			hold.Agreed = append(hold.Agreed, t.intervention())
		}
		return hold
	}
	return journey.CallMeeting{Step: st.Step, At: t.soonAt(), Participants: []journey.Participant{{Party: care.Party{Kind: care.PartyPatient}}}}
}

func (t *trial) intervention() journey.NewIntervention {
	return journey.NewIntervention{
		What: "Turer.", For: care.Party{Kind: care.PartyUnit, Post: t.anyPost()}, Due: t.soon(), RaisesActivity: t.what.IntN(3) == 0, Despite: pick(t, "", "Hun vil."),
	}
}

// onOpen answers something else that is open.
func (t *trial) onOpen(s *journey.State, o casework.Order) {
	var options []func()
	as := func(u care.UnitID) {
		if t.who.IntN(10) > 0 {
			o.Who, o.For = t.speaking(u)
		}
	}
	for _, x := range s.Offers {
		if x.State != journey.OfferOpen {
			continue
		}
		accept := func() {
			as(x.To.Unit)
			o.Command = pick[journey.Command](t, journey.AcceptOffer{Offer: x.Offer}, journey.AcceptOffer{Offer: x.Offer},
				journey.DeclineOffer{Offer: x.Offer, Reason: "Ikke her.", Advice: "Prøv kommunen."}, journey.DeclineOffer{Offer: x.Offer, Reason: pick(t, "", "Fullt.")}, journey.DeclineOffer{Offer: x.Offer, Reason: pick(t, "", "Fullt.")}, journey.WithdrawOffer{Offer: x.Offer})
		}
		// An offer runs out soon: it is answered before much else.
		options = append(options, accept, accept, accept)
	}
	for _, x := range s.Decisions {
		if x.Open {
			options = append(options, func() {
				as(x.Owner.Unit)
				o.Command = journey.Settle{Decision: x.Decision, Words: "Avgjort."}
				if x.About == "offer-refused" && t.what.IntN(4) > 0 {
					// Refused once: it is offered to somebody else.
					was := s.Offers[x.Offer-1]
					o.Command = journey.OfferTo{Kind: was.Kind, Intervention: was.Intervention, To: t.anyPost(), Carriers: t.carriers()}
				}
			})
		}
	}
	for _, x := range s.Waits {
		if x.Open {
			options = append(options, func() {
				o.Command = pick[journey.Command](t, journey.ReviewWait{Wait: x.Wait, Review: t.soon()}, journey.EndWait{Wait: x.Wait})
			})
		}
	}
	for _, x := range s.Questions {
		if x.Open {
			options = append(options, func() { o.Command = journey.AnswerQuestion{Question: x.Question, Words: "Ja."} })
		}
	}
	options = append(options, t.advice(s, &o, as)...)
	for _, x := range s.Tellings {
		if x.Told == nil {
			options = append(options, func() {
				o.Command = journey.Tell{Telling: x.Telling, How: pick(t, care.ByPhone, care.ByLetter), Expected: t.today().AddDays(3)}
			})
		}
	}
	for _, x := range s.Contacts {
		if x.Open {
			options = append(options, func() {
				as(x.Owner.Unit)
				o.Command = journey.ContactPatient{Contact: x.Contact, How: care.ByPhone, Words: "Vi beklager."}
			})
		}
	}
	for _, x := range s.Interventions {
		if x.State == journey.InterventionRunning {
			options = append(options, func() {
				as(x.Owner.Unit)
				o.Command = pick[journey.Command](t, journey.ReportIntervention{Intervention: x.Intervention, State: pick(t, "on-its-way", "hindered", "needs-help"), Due: t.soon()},
					journey.EndIntervention{Intervention: x.Intervention, Outcome: "done"}, journey.OfferTo{Kind: journey.OfIntervention, Intervention: x.Intervention, To: t.anyPost()},
					journey.OfferTo{Kind: journey.OfIntervention, Intervention: x.Intervention, To: t.anyPost()})
			})
		}
	}
	for _, x := range s.Meetings {
		if x.State == journey.MeetingDone && !x.Held.AnswerBy.IsZero() {
			options = append(options, func() {
				o.Command = journey.AnswerDecisions{Meeting: x.Meeting, Answer: pick(t, "agrees", "objects", "no-answer-wanted"), Words: "Nei."}
			})
		}
	}
	if len(options) == 0 {
		t.onJourney(s, o)
		return
	}
	pick(t, options...)()
	t.send(o)
}

// onJourney does something that nothing open asked for.
func (t *trial) onJourney(s *journey.State, o casework.Order) {
	def := t.definitions[s.Pathway.String()]
	switch t.what.IntN(23) {
	case 0:
		o.Command = journey.OpenWait{For: care.Party{Kind: care.PartyOther, Name: "NAV"}, Reason: "papers", Review: t.soon()}
	case 1:
		o.Command = journey.AskParty{To: pick(t, s.Sender, care.Party{Kind: care.PartyUnit, Post: t.anyPost()}), Question: "Hvordan går det?", By: t.soon()}
	case 2:
		o.Command = journey.BindRole{Role: pick(t, def.Roles...).ID, Post: pick(t, t.anyPost(), t.anyPost(), care.Post{})}
	case 3:
		if len(s.Clocks) > 0 {
			c := pick(t, s.Clocks...)
			for _, x := range s.Clocks {
				if x.Live() && len(x.Pauses) > 0 {
					c = x
				}
			}
			from := t.today().AddDays(t.when.IntN(30) - 20)
			o.Command = journey.PauseClock{Clock: c.ID, Reason: pick(t, "patient-wish", "missing-papers"), From: from, Until: from.AddDays(t.when.IntN(20))}
		}
	case 4:
		var reached []pathway.MilestoneID
		for _, m := range def.Milestones {
			if s.Reached(m.ID) {
				reached = append(reached, m.ID)
			}
		}
		if len(reached) > 0 {
			at := t.w.clock.Now().Add(-time.Duration(t.when.IntN(60*24)) * time.Hour)
			o.Command = journey.CorrectMilestone{Milestone: pick(t, reached...), At: at, Why: "Stempelet på brevet."}
		}
	case 5:
		o.Command = journey.Agree{NewIntervention: t.intervention()}
	case 6, 7:
		t.fromPatient(s, &o)
		o.Command = journey.GiveWords{Kind: pick(t, "message", "wish", "story"), Text: "Hei."}
	case 8:
		t.fromPatient(s, &o)
		o.Command = journey.TooIll{Words: "Dårlig i dag."}
	case 9:
		for _, f := range def.Facts {
			o.Command = journey.RecordFact{Fact: f.ID, Value: journey.FactValue{Type: f.Type, Text: map[pathway.FactType]string{
				pathway.BoolFact: pick(t, "true", "false"), pathway.IntFact: "14", pathway.TextFact: "working", pathway.DateFact: "2023-03-01",
			}[f.Type]}}
			if t.what.IntN(2) == 0 {
				break
			}
		}
	case 10:
		o.Command = journey.NoteContact{How: care.ByPhone, Words: "Ringte."}
	case 11:
		o.Command = journey.Move{To: t.anyPathway(), Reason: "Passer bedre."}
	case 12, 13, 15, 16:
		o.Command = journey.OfferTo{Kind: pick(t, journey.OfResponsibility, journey.OfResponsibility, journey.OfPlan), To: t.anyPost(), Carriers: t.carriers()}
	case 14, 17:
		o.Command = t.ending(s, def)
	case 18:
		o.Command = journey.AskAdvice{To: pick(t, s.Sender, care.Party{Kind: care.PartyUnit, Post: t.anyPost()}), Question: "Hva ville dere gjort?", By: t.soon()}
	case 19, 20:
		by := t.soon()
		o.Command = journey.CallJoint{Questions: "Hva nå?", SummaryBy: by.AddDays(t.when.IntN(10)), From: []journey.JointAsk{
			{Party: care.Party{Kind: care.PartyUnit, Post: t.anyPost()}, Discipline: "physician", By: by},
			{Party: care.Party{Kind: care.PartyUnit, Post: t.anyPost()}, Discipline: "psychologist", By: by},
		}}
	default:
		t.undo()
		return
	}
	if o.Command != nil {
		t.send(o)
	}
}

// fromPatient lets the patient say it, or somebody who writes it down for them.
func (t *trial) fromPatient(s *journey.State, o *casework.Order) {
	if t.who.IntN(2) == 0 {
		o.Who, o.For = casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(s.Person)}}, nil
		return
	}
	o.Who, _ = t.speaking(s.Responsible.Unit)
	o.For = &care.OnBehalf{Of: care.Party{Kind: pick(t, care.PartyPatient, care.PartyRelative)}, How: care.ByPhone}
}

func (t *trial) ending(s *journey.State, def *pathway.Definition) journey.Command {
	end := pick(t, def.Ends...)
	for _, e := range def.Ends {
		// Some endings can be set at any time.
		if len(e.After) == 0 && e.CarriesOn == "" && t.what.IntN(2) == 0 {
			end = e
		}
	}
	return journey.EndJourney{
		End: end.ID, Carriers: t.carriers(),
		NextCheck: t.soon(), ComeBack: "Ring.", Reason: "Ferdig.", SafetyNet: "116 117",
	}
}

// afterEnd is what can happen to a journey that has ended.
func (t *trial) afterEnd(s *journey.State, o casework.Order) {
	o.Who, o.For = t.speaking(s.Responsible.Unit)
	switch t.what.IntN(6) {
	case 0, 1:
		o.Command = journey.ComeBack{To: pick(t, care.Post{}, t.anyPost()), Why: "Verre igjen."}
	case 2, 3:
		o.Command = journey.Undo{Version: s.Acts[len(s.Acts)-1].First}
	case 4:
		o.Who, o.For = casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(s.Person)}}, nil
		o.Command = journey.GiveWords{Kind: "message", Text: "Er dere der?"}
	default:
		t.onOpen(s, o)
		return
	}
	t.send(o)
}
