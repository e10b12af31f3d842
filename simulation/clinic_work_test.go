package simulation

import (
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	notice "forlop/care/messaging"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// work does the obvious act for a row of the list. What she needs for it stands on
// the row and in the journey.
func (c *clinic) work(row casework.WorkRow, fresh, due bool) {
	c.t.Helper()
	c.worked++
	if row.Stream == "person" {
		c.workPerson(row)
		return
	}
	if row.Stream == "notice" {
		return // the letters and calls are on their own list
	}
	v := c.read(row.Journey)
	item, open := v.State.Items[ownKey(row.Item.Key)]
	if !open {
		return // what she did for another row has settled it
	}
	switch item.Kind {
	case care.TellItem:
		c.tellParty(v, row)
	case care.StepItem:
		c.step(v, item.Item, due)
	case care.OfferItem, care.QuestionItem:
		c.ask(v, item.Key, 1, 8)
		if due && !fresh {
			c.press(v, item.Item)
		}
	case care.DecisionItem, care.ContactItem, care.ReviewItem, care.WaitItem, care.InterventionItem:
		if fresh && !due && item.Kind != care.DecisionItem && item.Kind != care.ContactItem {
			return // for its day
		}
		c.answer(v, item.Item)
	case care.EscalationItem, care.FaultItem:
		c.odd(row)
	}
}

// ownKey is the key of the thing itself, of something that climbed.
func ownKey(key string) string {
	own, _, _ := strings.Cut(key, "!")
	return own
}

func number(key string) int {
	_, n, _ := strings.Cut(key, "/")
	i, _ := strconv.Atoi(n)
	return i
}

// press calls whoever has not answered on the day it is due; four of five have an
// answer then (assumed).
func (c *clinic) press(v casework.JourneyView, item care.Item) {
	if c.reply.IntN(5) > 0 {
		delete(c.words, inquiry{v.ID, item.Key})
		c.answer(v, item)
	}
}

// step takes a step on: Kari's own are done, the others' are passed on.
func (c *clinic) step(v casework.JourneyView, item care.Item, due bool) {
	c.t.Helper()
	st := v.State.Steps[number(item.Key)-1]
	switch {
	case !st.Planned.IsZero() && st.Planned.After(c.now()):
		return // for its day
	case !st.Planned.IsZero() && (st.Kind == pathway.Visit || st.Kind == pathway.Meeting):
		c.took(v, st)
		return
	}
	switch st.Kind {
	case pathway.Answer:
		c.ask(v, item.Key, 2, 9)
	case pathway.Form:
		c.ask(v, item.Key, 5, 25)
	case pathway.Choosing:
		c.ask(v, item.Key, 3, 8)
	case pathway.Visit:
		c.plan(v, st)
		return
	case pathway.Meeting:
		c.call(v, st)
		return
	case pathway.HandOver:
		for _, o := range v.State.Offers {
			if o.State == journey.OfferOpen && o.Step == st.Step {
				return
			}
		}
		c.order(v.ID, journey.OfferTo{Kind: journey.OfResponsibility, Step: st.Step, To: atGP, Carriers: c.carriers()}, atCoordinator, nil)
		return
	case pathway.Task:
		if st.Owner == atCoordinator {
			c.task(v, st)
			return
		}
		c.ask(v, item.Key, 3, 35)
	}
	if due {
		c.press(v, item)
	}
}

// task is one of Kari's own.
func (c *clinic) task(v casework.JourneyView, st journey.Step) {
	c.t.Helper()
	switch st.ID {
	case "start-date":
		if first := v.State.StepOf("start-assessment"); first != nil && first.Live() && first.Planned.IsZero() {
			c.plan(v, *first)
		}
	case "invite-to-summary-meeting":
		if m := v.State.StepOf("summary-meeting"); m != nil && m.Live() && m.Planned.IsZero() {
			c.call(v, *m)
		}
	}
	c.order(v.ID, journey.CompleteStep{Step: st.Step, Words: "Gjort."}, st.Owner, nil)
}

// plan gives a visit its time.
func (c *clinic) plan(v casework.JourneyView, st journey.Step) {
	c.t.Helper()
	p := journey.PlanStep{Step: st.Step, Way: pathway.ByPhone, Cause: journey.DelayCauses[0]}
	switch {
	case st.Missed > 0:
		p.At = c.days(6, 14)
	case st.ID == "start-assessment":
		// The first time that the team has: around nine weeks, now and then more
		// than the twelve (assumed).
		p.At, p.Way = c.days(28, 62), pathway.AtClinic
	case st.Owner == atCoordinator:
		p.At = c.workday(c.cal.Date(st.Due).AddDays(-10))
		if !p.At.After(c.now()) {
			p.At = c.days(1, 3)
		}
	default:
		p.At = c.days(4, 15)
	}
	if p.At.Before(st.Latest) || st.Latest.IsZero() {
		p.Cause = ""
	}
	c.order(v.ID, p, st.Owner, nil)
}

// call calls a meeting some weeks before its latest date.
func (c *clinic) call(v casework.JourneyView, st journey.Step) {
	c.t.Helper()
	at := c.workday(c.cal.Date(st.Latest).AddDays(-7 - c.delay.IntN(14)))
	if !at.After(c.now()) {
		at = c.days(5, 10)
	}
	if st.ID == "summary-meeting" && v.State.StepOf("assessment-and-draft-plan") == nil {
		return
	}
	c.order(v.ID, journey.CallMeeting{Step: st.Step, At: at, Way: pathway.ByVideo, Participants: []journey.Participant{
		{Party: care.Party{Kind: care.PartyPatient}},
		{Party: care.Party{Kind: care.PartyUnit, Post: atTeam}, Role: "team"},
		{Party: care.Party{Kind: care.PartyUnit, Post: atCoordinator}, Role: "coordinator"},
		{Party: care.Party{Kind: care.PartyUnit, Post: atGP}, Role: "gp"},
		{Party: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "nav", Role: "nav"}}, Role: "nav"},
	}}, atCoordinator, nil)
}

// took records how a planned time went: one in ten was too ill to come, or the
// meeting was moved (assumed).
func (c *clinic) took(v casework.JourneyView, st journey.Step) {
	c.t.Helper()
	if c.reply.IntN(10) == 0 {
		c.order(v.ID, journey.MissStep{Step: st.Step, Reason: journey.MissedTooIll, Words: "Ringte, for syk."}, st.Owner, nil)
		return
	}
	if st.Kind == pathway.Visit {
		c.order(v.ID, journey.CompleteStep{Step: st.Step, Words: "Som avtalt."}, st.Owner, nil)
		return
	}
	for _, m := range v.State.Meetings {
		if m.Step != st.Step || m.State != journey.MeetingPlanned {
			continue
		}
		held := journey.HoldMeeting{Meeting: m.Meeting, PatientPresent: c.reply.IntN(10) > 0, PatientWords: "Les dette først.", Minutes: "Enige.", Summary: "Planen."}
		for _, item := range m.Agenda {
			held.Items = append(held.Items, journey.ItemProtocol{Item: item, PatientFirst: true})
		}
		if st.ID == "summary-meeting" {
			for _, to := range []care.Post{atGP, {Unit: "municipality", Role: "municipality"}} {
				held.Agreed = append(held.Agreed, journey.NewIntervention{
					What: "Samtaler og rolig trening.", For: care.Party{Kind: care.PartyUnit, Post: to}, Due: c.today().AddDays(60 + c.delay.IntN(40)),
				})
			}
		}
		c.order(v.ID, held, atTeam, nil)
		return
	}
	c.call(v, st)
}

func (c *clinic) carriers() journey.Carriers {
	gp := care.Party{Kind: care.PartyUnit, Post: atGP}
	return journey.Carriers{Prescriptions: gp, SickNotes: gp, SickNotesUntil: c.today().AddDays(42)}
}

// answer records what somebody said about an open thing, or what Kari decides.
func (c *clinic) answer(v casework.JourneyView, item care.Item) {
	c.t.Helper()
	n := number(item.Key)
	kind, _, _ := strings.Cut(item.Key, "/")
	switch kind {
	case "step":
		c.done(v, v.State.Steps[n-1])
	case "offer":
		if c.reply.IntN(10) == 0 {
			c.order(v.ID, journey.DeclineOffer{Offer: n, Reason: "Ingen ledig nå.", Advice: "Spør igjen."}, item.Post, nil)
			return
		}
		c.order(v.ID, journey.AcceptOffer{Offer: n}, item.Post, nil)
	case "question":
		c.order(v.ID, journey.AnswerQuestion{Question: n, Words: "To år."}, item.Post, nil)
	case "contact":
		c.order(v.ID, journey.ContactPatient{Contact: n, How: care.ByPhone, Words: "Beklaget, sa hva som skjer nå."}, item.Post, nil)
	case "wait":
		c.order(v.ID, journey.EndWait{Wait: n, Words: "Vi går videre."}, item.Post, nil)
	case "intervention":
		c.intervention(v, item, n)
	case "meeting":
		c.order(v.ID, journey.AnswerDecisions{Meeting: n, Answer: "agrees"}, atCoordinator, byPhone)
	case "choice":
		// They look at the options again together, and it stays as it was.
		c.order(v.ID, journey.LayOut{Choice: v.State.Choices[n-1].ID}, item.Post, nil)
		c.order(v.ID, journey.Choose{
			Choice: len(v.State.Choices) + 1, Chosen: v.State.Choices[n-1].Made.Chosen, LookAgain: c.today().AddDays(180),
		}, atCoordinator, byPhone)
	case "decision":
		c.decide(v, item, n)
	default:
		c.nobody[item.Ref+" ("+string(item.Kind)+")"]++
	}
}

func (c *clinic) intervention(v casework.JourneyView, item care.Item, n int) {
	if c.reply.IntN(3) == 0 {
		c.order(v.ID, journey.EndIntervention{Intervention: n, Outcome: "done", Words: "Gjort."}, item.Post, nil)
		return
	}
	c.order(v.ID, journey.ReportIntervention{Intervention: n, State: "on-its-way", Due: c.today().AddDays(60), Words: "I gang."}, item.Post, nil)
}

// decide ends a decision: what was refused is offered again, what is over is ended.
func (c *clinic) decide(v casework.JourneyView, item care.Item, n int) {
	c.t.Helper()
	x := v.State.Decisions[n-1]
	switch x.About {
	case "offer-refused", "offer-lapsed":
		o := v.State.Offers[x.Offer-1]
		c.order(v.ID, journey.OfferTo{Kind: o.Kind, Step: o.Step, Intervention: o.Intervention, To: o.To, Carriers: c.carriersOf(o)}, item.Post, nil)
	case "no-next-step":
		c.ends(v)
	case "answer-unknown":
		c.order(v.ID, journey.Settle{Decision: n, Words: "Den ble tatt imot.", Outcome: string(pathway.Accept)}, item.Post, nil)
	default:
		c.order(v.ID, journey.Settle{Decision: n, Words: "Avgjort, og sagt til dem det gjelder."}, item.Post, nil)
	}
}

func (c *clinic) carriersOf(o journey.Offer) journey.Carriers {
	if o.Kind == journey.OfIntervention {
		return journey.Carriers{}
	}
	return c.carriers()
}

// ends closes a journey whose plan is carried on by the practice, or offers it to
// the practice once more.
func (c *clinic) ends(v casework.JourneyView) {
	c.t.Helper()
	end, kind := pathway.EndID("follow-up-held"), journey.OfResponsibility
	if a := v.State.Answer; a != nil && a.Answer == pathway.Advise {
		end, kind = "advised", journey.OfPlan
	}
	if v.State.Responsible.Unit != practiceUnit {
		if !slices.ContainsFunc(v.State.Offers, func(o journey.Offer) bool { return o.State == journey.OfferOpen && o.Kind == kind }) {
			c.order(v.ID, journey.OfferTo{Kind: kind, To: atGP, Carriers: c.carriers()}, atCoordinator, nil)
		}
		return
	}
	for _, i := range v.State.Interventions {
		if i.State == journey.InterventionRunning {
			c.order(v.ID, journey.EndIntervention{Intervention: i.Intervention, Outcome: "done", Words: "Gjort."}, i.Owner, nil)
		}
	}
	c.order(v.ID, journey.EndJourney{
		End: end, Carriers: c.carriers(), NextCheck: c.today().AddDays(90), ComeBack: "Ring oss.", SafetyNet: "Ring fastlegen.",
	}, v.State.Responsible, nil)
}

// done is what the one who does a step says about it.
func (c *clinic) done(v casework.JourneyView, st journey.Step) {
	c.t.Helper()
	switch st.Kind {
	case pathway.Answer:
		c.assessed(v, st)
	case pathway.Choosing:
		if len(v.State.Choices) == 0 && !c.order(v.ID, journey.LayOut{Choice: "help", Step: st.Step}, st.Owner, nil) {
			return
		}
		c.order(v.ID, journey.Choose{Choice: 1, Chosen: []string{"individual-plan"}, LookAgain: c.today().AddDays(240)}, atCoordinator, byPhone)
	case pathway.Task, pathway.Form, pathway.Visit:
		of, behalf := st.Owner, (*care.OnBehalf)(nil)
		if st.Kind == pathway.Form {
			of, behalf = atCoordinator, byPhone
		}
		c.order(v.ID, journey.CompleteStep{Step: st.Step, Words: "Gjort."}, of, behalf)
	case pathway.Meeting, pathway.HandOver:
		c.odd(casework.WorkRow{Item: care.Item{Ref: string(st.ID)}})
	}
}

// assessed is the team's answer. Of all referrals 63 in a hundred were given a
// right at the regional centres [V]; that some of the others are asked about
// first, and the rest advised, is assumed.
func (c *clinic) assessed(v casework.JourneyView, st journey.Step) {
	c.t.Helper()
	a := journey.Answer{
		Step: st.Step, Answer: pathway.Accept, Right: journey.HasRight, LatestLegal: c.cal.Date(v.State.Received).AddDays(84), Reasons: "Varig og sammensatt.",
		HowToComplain: "Koordinatoren hjelper deg.", Message: "Vi tar imot deg.",
	}
	switch n := c.reply.IntN(100); {
	case n >= 75:
		a.Answer, a.Right, a.LatestLegal = pathway.Advise, journey.NoRight, care.Date{}
		a.To, a.Carriers, a.Plan = atGP, c.carriers(), "Samtaler og fysioterapi nær hjemmet."
	case n >= 63 && len(v.State.Questions) == 0:
		a = journey.Answer{Step: st.Step, Answer: pathway.Ask, Question: "Hva har vært prøvd?"}
	}
	c.order(v.ID, a, st.Owner, nil)
}

// tellParty tells everybody but the patient, who has a list of their own.
func (c *clinic) tellParty(v casework.JourneyView, row casework.WorkRow) {
	if row.Party.Kind == care.PartyPatient {
		c.worked--
		return
	}
	c.order(v.ID, journey.Tell{Telling: number(ownKey(row.Item.Key)), How: care.ByMessage}, row.Item.Post, nil)
}

// workPerson is what is open about a person whatever the journey.
func (c *clinic) workPerson(row casework.WorkRow) {
	switch {
	case row.Item.Due.After(c.cal.EndOf(c.today())):
	case row.Item.Ref == "sick-note-ends":
		// The practice writes the next one, or there is none any more.
		if c.reply.IntN(2) == 0 {
			c.order(string(row.Person), person.EndCarrier{What: person.SickNote, Reason: "Er tilbake i jobb."}, atCoordinator, nil)
			return
		}
		c.order(string(row.Person), person.SetCarrier{
			What: person.SickNote, By: care.Party{Kind: care.PartyUnit, Post: atGP}, Until: c.today().AddDays(56),
		}, atCoordinator, nil)
	default:
		c.nobody[row.Item.Ref+" ("+string(row.Item.Kind)+" of a person)"]++
	}
}

func (c *clinic) odd(row casework.WorkRow) {
	c.nobody[row.Item.Ref+" ("+string(row.Item.Kind)+")"]++
}

// tell posts today's letters and makes today's calls.
func (c *clinic) tell() {
	c.t.Helper()
	list, err := casework.View(c.w.ctx, c.w.service, kari, casework.ToTell{})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, row := range list.Letters {
		c.order(string(row.Person), notice.PostLetter{Sending: row.Sending.Sending, Version: row.Sending.Version, Expected: c.today().AddDays(4)}, atCoordinator, nil)
	}
	for _, row := range list.Calls {
		call := notice.Call{Sending: row.Sending.Sending, Answered: c.reply.IntN(5) > 0}
		if call.Answered {
			call.Words = "Fortalte hva som skjer nå."
		}
		c.order(string(row.Person), call, atCoordinator, nil)
	}
}
