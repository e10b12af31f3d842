package simulation

import (
	"fmt"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// register makes the person known and answers the opening order.
func (l *life) register() (journey.Open, error) {
	who, _ := l.by(l.post(care.Desk))
	var err error
	if l.person, err = l.s.RegisterPerson(l.ctx, who, l.key(), care.Norway, l.identity); err != nil {
		return journey.Open{}, err
	}
	return journey.Open{
		Person: l.person, Regime: care.Norway, Pathway: l.region.newest[l.pathway].Ref, Origin: journey.Registered,
		Sender: care.Party{Kind: care.PartyUnit, Post: l.gp()}, Received: l.clock.Now(), Desk: l.post(care.Desk), Reason: l.because(),
	}, nil
}

// refer: the practice sends a referral. A practice that is logged in does it
// itself; otherwise the clinic's desk registers the letter.
func refer(l *life) error {
	open, err := l.register()
	if err != nil {
		return err
	}
	by := l.post(care.Desk)
	if len(l.s.Directory().Holders(l.gp(), l.clock.Now())) > 0 {
		open.Origin, by = journey.Referred, l.gp()
	}
	if err := l.do(by, open); err != nil || l.paper == "" {
		return err
	}
	return l.know(person.SetChannel{Channel: l.paper})
}

// bringIn: the journey ran before the system came, and is imported.
func bringIn(l *life) error {
	open, err := l.register()
	if err != nil {
		return err
	}
	open.Origin, open.Received = journey.Imported, l.clock.Now().AddDate(0, 0, -100)
	open.Responsible = l.post("coordinator")
	open.Roles = map[pathway.RoleID]care.Post{"gp": l.gp()}
	open.Past = []journey.PastMilestone{
		{ID: "referral-answered", At: open.Received.AddDate(0, 0, 9), Source: "Ventelisten i journalsystemet"},
		{ID: "assessment-started", At: open.Received.AddDate(0, 0, 60), Source: "Timeboken i journalsystemet"},
	}
	open.PastSteps = map[pathway.StepID]string{"assess-referral": string(pathway.Accept), "start-date": "done"}
	return l.do(l.post("coordinator"), open)
}

func (l *life) answer(a journey.Answer) error {
	st, err := l.step("assess-referral")
	if err != nil {
		return err
	}
	a.Step = st.Step
	return l.do(l.post("team"), a)
}

// carriers: the practice renews prescriptions and writes sick notes, the next one
// for six weeks.
func (l *life) carriers() journey.Carriers {
	gp := care.Party{Kind: care.PartyUnit, Post: l.gp()}
	return journey.Carriers{Prescriptions: gp, SickNotes: gp, SickNotesUntil: l.today(42)}
}

const howToComplain = "Er du uenig, kan du klage. Koordinatoren forklarer hvordan og hjelper deg."

func accept(l *life) error {
	return l.answer(journey.Answer{
		Answer: pathway.Accept, Right: journey.HasRight, LatestLegal: l.today(75),
		Reasons: "Smertene har vart lenge og går ut over hverdagen.", HowToComplain: howToComplain,
		Message: "Vi har lest henvisningen og tar imot deg. Koordinatoren er kontakten din fra nå.",
	})
}

// upkeep: the patient reads their page, or is told by letter or phone; the others
// are told; and a contact that is owed is made.
func upkeep(l *life) error {
	s, err := l.look()
	if err != nil {
		return err
	}
	reads := false
	for _, t := range s.Tellings {
		if t.Told != nil {
			continue
		}
		tell := journey.Tell{Telling: t.Telling, How: care.ByMessage}
		if t.To.Kind == care.PartyPatient {
			switch l.paper {
			case "":
				reads = true
				continue
			case care.ByLetter:
				tell.Expected = l.today(4)
			}
			tell.How = l.paper
		}
		if err := l.do(t.Owner, tell); err != nil {
			return err
		}
	}
	for _, c := range s.Contacts {
		if c.Open {
			words := journey.ContactPatient{Contact: c.Contact, How: care.ByPhone, Words: "Ringte og sa at det er forsinket, hvem som har det nå, og når vi ringer igjen."}
			if err := l.do(l.post("coordinator"), words); err != nil {
				return err
			}
		}
	}
	if !reads {
		return nil
	}
	_, err = casework.View(l.ctx, l.s, casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(l.person)}}, casework.MyPlan{})
	return err
}

func ask(l *life) error {
	return l.answer(journey.Answer{Answer: pathway.Ask, Question: "Hvilke medisiner har vært prøvd, og hva er viktigst for pasienten nå?"})
}

func redirect(l *life) error {
	return l.answer(journey.Answer{
		Answer: pathway.Redirect, To: care.Post{Unit: nordPain, Role: care.Desk}, Reasons: "Pasienten bor nærmere Nord sykehus.", Carriers: l.carriers(),
		Message: "Vi har spurt Nord sykehus om å ta imot deg. Fristen din står fast.",
	})
}

// takeOver: the other clinic takes the redirected referral.
func takeOver(l *life) error {
	s, err := l.look()
	if err != nil {
		return err
	}
	l.clinic = nordPain
	for _, o := range s.Offers {
		if o.State == journey.OfferOpen && o.Kind == journey.OfReferral && o.To.Unit == nordPain {
			return l.do(l.post(care.Desk), journey.AcceptOffer{Offer: o.Offer, Words: "Vi tar den."})
		}
	}
	return fmt.Errorf("nothing was offered to %s", nordPain)
}

func advise(l *life) error {
	return l.answer(journey.Answer{
		Answer: pathway.Advise, Right: journey.NoRight, To: l.gp(), Carriers: l.carriers(),
		Reasons: "Vi tror hjelpen er bedre nær hjemmet nå, med råd fra oss.", HowToComplain: howToComplain,
		Plan:    "Samtale hos fastlegen om hverdag og søvn. Fysioterapeut i kommunen. Ny vurdering hos oss hvis det ikke går framover.",
		Message: "Vi har laget en plan sammen med råd til fastlegen. Vi følger med til fastlegen har sagt ja.",
	})
}

// decline: the practice does not take the plan.
func decline(l *life) error {
	s, err := l.look()
	if err != nil {
		return err
	}
	for _, o := range s.Offers {
		if o.State == journey.OfferOpen && o.Kind == journey.OfPlan {
			return l.do(o.To, journey.DeclineOffer{Offer: o.Offer, Reason: "Legen er sykmeldt og vikaren kjenner ikke pasienten.", Advice: "Prøv igjen om noen uker."})
		}
	}
	return fmt.Errorf("no plan is offered")
}

func (l *life) complete(post care.Post, id pathway.StepID, words string) error {
	st, err := l.step(id)
	if err != nil {
		return err
	}
	return l.do(post, journey.CompleteStep{Step: st.Step, Words: words})
}

// giveDate tells the patient when the assessment starts, some days from now.
func giveDate(days int) func(*life) error {
	return func(l *life) error {
		st, err := l.step("start-assessment")
		if err != nil {
			return err
		}
		at := l.workday(days+l.rng.IntN(days/4+1), 9+l.rng.IntN(5))
		if err := l.do(l.post("coordinator"), journey.PlanStep{Step: st.Step, At: at, Way: pathway.AtClinic}); err != nil {
			return err
		}
		return l.complete(l.post("coordinator"), "start-date", "Dato er gitt i samtale og i brev.")
	}
}

func helped(l *life) error {
	if l.rng.IntN(10) < 2 {
		return nil // not every practice gets round to it
	}
	return l.complete(l.gp(), "help-while-waiting", "Samtale om hva som kan gjøres mens pasienten venter.")
}

func assess(l *life) error {
	return l.complete(l.post("team"), "start-assessment", "Første samtale med lege, fysioterapeut og psykolog.")
}

func tooIll(l *life) error {
	if err := l.say(string(l.person), person.Pause{Why: person.TooIll}); err != nil {
		return err
	}
	return l.say(l.journey, journey.TooIll{Words: "Jeg er for dårlig i dag."})
}

// askedAfter: the coordinator has asked how somebody is who was too ill.
func askedAfter(l *life) error {
	return l.know(person.ReviewPause{Pause: 1, Note: "Ringte. Litt bedre, og vi prøver en ny time."})
}

func wishToWait(l *life) error {
	st, err := l.step("start-assessment")
	if err != nil {
		return err
	}
	return l.say(l.journey, journey.WishToWait{Step: st.Step, Until: l.today(50), Words: "Jeg vil vente til etter flyttingen."})
}

// missed: the patient was not there. Nothing is lost by it.
func missed(l *life) error {
	st, err := l.step("start-assessment")
	if err != nil {
		return err
	}
	if st.Planned.IsZero() {
		return nil
	}
	return l.do(l.post("team"), journey.MissStep{Step: st.Step, Reason: journey.MissedTooIll, Words: "Ringte og var for syk."})
}

func planAgain(l *life) error {
	st, err := l.step("start-assessment")
	if err != nil {
		return err
	}
	return l.do(l.post("coordinator"), journey.PlanStep{Step: st.Step, At: l.workday(12, 10), Way: pathway.ByPhone, Words: "Vi prøver på telefon."})
}

func wishes(before pathway.StepID) func(*life) error {
	return func(l *life) error { return l.complete(l.post("coordinator"), before, "Ønskene er skrevet ned.") }
}

func draftPlan(l *life) error {
	return l.complete(l.post("team"), "assessment-and-draft-plan", "Forslag til plan er skrevet.")
}

// chooses lays the options out and lets the patient take two that ask little.
func chooses(l *life) error {
	if err := l.do(l.post("team"), journey.LayOut{Choice: "help"}); err != nil {
		return err
	}
	s, err := l.look()
	if err != nil {
		return err
	}
	return l.do(l.post("team"), journey.Choose{
		Choice: len(s.Choices), Chosen: []string{"individual-plan", "someone-along"}, LookAgain: l.today(240),
	})
}

func call(id pathway.StepID, days int) func(*life) error {
	return func(l *life) error {
		st, err := l.step(id)
		if err != nil {
			return err
		}
		people := []journey.Participant{
			{Party: care.Party{Kind: care.PartyPatient}},
			{Party: care.Party{Kind: care.PartyUnit, Post: l.post("team")}, Role: "team"},
			{Party: care.Party{Kind: care.PartyUnit, Post: l.post("coordinator")}, Role: "coordinator"},
			{Party: care.Party{Kind: care.PartyUnit, Post: l.gp()}, Role: "gp"},
			{Party: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: navOffice, Role: "nav"}}, Role: "nav"},
		}
		return l.do(l.post("coordinator"), journey.CallMeeting{Step: st.Step, At: l.workday(days, 12), Way: pathway.ByVideo, Participants: people})
	}
}

func invited(l *life) error {
	return l.complete(l.post("coordinator"), "invite-to-summary-meeting", "Innkalling er sendt.")
}

// hold records a meeting; what is agreed has an owner and a date.
func hold(present bool, agreed ...journey.NewIntervention) func(*life) error {
	return func(l *life) error {
		s, err := l.look()
		if err != nil {
			return err
		}
		i := len(s.Meetings) - 1
		if i < 0 || s.Meetings[i].State != journey.MeetingPlanned {
			return fmt.Errorf("no meeting is called")
		}
		m := s.Meetings[i]
		held := journey.HoldMeeting{
			Meeting: m.Meeting, PatientPresent: present, Minutes: "Gikk gjennom funn og plan.", Summary: "Planen er laget sammen med pasienten.",
		}
		if !present {
			held.PatientWords = "Jeg orker ikke møtet, men jeg vil at jobben skal vite hva jeg klarer."
			held.Summary = "Møtet ble holdt uten pasienten. Ordene hans eller hennes ble lest først."
		}
		for _, item := range m.Agenda {
			roles := []pathway.RoleID{"team", "coordinator", "gp"}
			if item == "work-and-nav" {
				roles = append(roles, "nav")
			}
			held.Items = append(held.Items, journey.ItemProtocol{Item: item, PatientFirst: true, Present: roles})
		}
		for _, n := range agreed {
			n.Due = l.today(45 + l.rng.IntN(30))
			switch n.For.Post.Role {
			case "gp":
				n.For.Post = l.gp()
			case "municipality":
				n.For.Post.Unit = l.home
			}
			held.Agreed = append(held.Agreed, n)
		}
		return l.do(l.post("team"), held)
	}
}

func forPost(what string, unit care.UnitID, role care.Role) journey.NewIntervention {
	return journey.NewIntervention{What: what, For: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: unit, Role: role}}}
}

// takeOn: those who were offered something in the meeting take it.
func takeOn(l *life) error {
	s, err := l.look()
	if err != nil {
		return err
	}
	for _, o := range s.Offers {
		if o.State == journey.OfferOpen && o.Kind == journey.OfIntervention {
			if err := l.do(o.To, journey.AcceptOffer{Offer: o.Offer}); err != nil {
				return err
			}
		}
	}
	return nil
}

func reportAgreed(state, words string) func(*life) error {
	return func(l *life) error {
		s, err := l.look()
		if err != nil {
			return err
		}
		for _, i := range s.Interventions {
			if i.State == journey.InterventionRunning {
				return l.do(i.Owner, journey.ReportIntervention{Intervention: i.Intervention, State: state, Due: l.today(40), Words: words})
			}
		}
		return fmt.Errorf("nothing agreed is running")
	}
}

func finishAgreed(l *life) error {
	s, err := l.look()
	if err != nil {
		return err
	}
	for _, i := range s.Interventions {
		if i.State == journey.InterventionRunning {
			if err := l.do(i.Owner, journey.EndIntervention{Intervention: i.Intervention, Outcome: "done", Words: "Gjort som avtalt."}); err != nil {
				return err
			}
		}
	}
	return nil
}

func share(l *life) error {
	return l.complete(l.post("team"), "share-plan", "Planen er sendt til pasienten og fastlegen.")
}

func midway(l *life) error {
	s, err := l.look()
	if err != nil {
		return err
	}
	for _, i := range s.Interventions {
		if i.State == journey.InterventionRunning {
			if err := l.do(i.Owner, journey.ReportIntervention{Intervention: i.Intervention, State: "on-its-way", Due: l.today(130), Words: "I gang, litt om gangen."}); err != nil {
				return err
			}
		}
	}
	return l.complete(l.post("coordinator"), "midway-talk", "Snakket på telefon. Det går sakte framover.")
}

func handOver(l *life) error {
	st, err := l.step("hand-over-to-gp")
	if err != nil {
		return err
	}
	return l.do(l.post("coordinator"), journey.OfferTo{
		Kind: journey.OfResponsibility, Step: st.Step, To: l.gp(), Carriers: l.carriers(), Words: "Planen er delt. Vi er på telefon hvis dere trenger råd.",
	})
}

func gpAccepts(l *life) error {
	s, err := l.look()
	if err != nil {
		return err
	}
	for _, o := range s.Offers {
		if o.State == journey.OfferOpen && (o.Kind == journey.OfResponsibility || o.Kind == journey.OfPlan) {
			return l.do(l.gp(), journey.AcceptOffer{Offer: o.Offer, Words: "Jeg tar over."})
		}
	}
	return fmt.Errorf("nothing is offered to the practice")
}

func end(id pathway.EndID) func(*life) error {
	return func(l *life) error {
		e := journey.EndJourney{End: id, Reason: "Pasienten er død."}
		if id != "died" {
			e = journey.EndJourney{
				End: id, Carriers: l.carriers(), NextCheck: l.today(90),
				ComeBack:  "Ring koordinatoren eller fastlegen. Du trenger ingen ny henvisning for det samme.",
				SafetyNet: "Blir du verre, ring fastlegen eller koordinatoren.",
			}
		}
		return l.do(l.post("coordinator"), e)
	}
}

func comeBack(l *life) error {
	return l.do(l.post("coordinator"), journey.ComeBack{To: l.post("coordinator"), Why: "Smertene er kommet tilbake etter en ny skade."})
}

func die(l *life) error {
	if err := l.know(person.RecordDeath{On: l.today(-1)}); err != nil {
		return err
	}
	who := casework.Who{Actor: care.Service}
	return l.order(who, l.journey, journey.NoteDeath{}, nil)
}

// toFatigue moves the journey to the pathway for fatigue: the same need, with
// its clocks from the day the first referral was received.
func toFatigue(l *life) error {
	if err := l.know(person.ReportCondition{Malaise: person.MalaiseYes, Severity: person.Moderate}); err != nil {
		return err
	}
	return l.do(l.post("team"), journey.Move{To: l.region.newest[fatigue].Ref, Reason: "Utmattelsen er det som hindrer mest. Vi fortsetter i forløpet for utmattelse."})
}

// needsMore records that several services are needed; nobody in the
// municipality is bound to the step yet.
func needsMore(l *life) error {
	return l.do(l.post("team"), journey.RecordFact{Fact: "needs-several-services", Value: journey.FactValue{Type: pathway.BoolFact, Text: "true"}})
}

func bindMunicipality(l *life) error {
	return l.do(l.post("coordinator"), journey.BindRole{Role: "municipality", Post: care.Post{Unit: l.home, Role: "municipality"}})
}

// tellOwn: what matters, the own story and what the person can bear.
func tellOwn(l *life) error {
	if err := l.say(string(l.person), person.SayWhatMatters{Topic: person.Goals, Words: oneOf(l.rng, goals)}); err != nil {
		return err
	}
	return l.say(string(l.person), person.TellStory{Words: oneOf(l.rng, stories)})
}

func limits(l *life) error {
	if err := l.say(string(l.person), person.SetEnergy{PerWeek: 1, RestDays: 2, Minutes: 30}); err != nil {
		return err
	}
	if err := l.say(string(l.person), person.ReportCondition{Malaise: person.MalaiseYes, Severity: person.Moderate}); err != nil {
		return err
	}
	return l.say(string(l.person), person.SetAdaptations{Adaptations: []person.Adaptation{person.LyingDown, person.Short, person.WrittenBeforehand}, Note: "Dempet lys, takk."})
}

func examined(l *life) error {
	return l.know(person.RecordFinding{
		Kind: "mri-lumbar", Examined: l.today(-200), By: care.Party{Kind: care.PartyOther, Name: "Røntgenavdelingen"}, Showed: "Slitasje som er vanlig for alderen.",
	})
}

func homeIs(l *life) error {
	return l.know(person.ChangeMunicipality{Municipality: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: l.home, Role: "municipality"}}})
}

func note(words string) func(*life) error {
	return func(l *life) error {
		return l.do(l.post("coordinator"), journey.NoteContact{How: care.ByPhone, Words: words})
	}
}

func write(words string) func(*life) error {
	return func(l *life) error { return l.say(l.journey, journey.GiveWords{Kind: "message", Text: words}) }
}
