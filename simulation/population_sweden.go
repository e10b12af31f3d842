package simulation

import (
	"math/rand/v2"

	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway"
)

// The Swedish region: care begins at the health centre, which is also who
// coordinates; the pain clinic is asked and referred to.
const (
	bjorken, linden         = "vc-bjorken", "vc-linden"
	mellansjoPain           = "smartmottagningen-mellansjo"
	mellansjo, insuranceOff = "mellansjo-kommun", "forsakringskassan-mellansjo"
)

var swedishPosts = []care.Role{"coordinator", "team", "gp", "rehab-coordinator"}

var sweden = land{
	regime: care.Sweden,
	units: []directory.OpenUnit{
		{Unit: "region-mellansjo", Kind: directory.Region, Roles: []care.Role{care.PathwayApprover, care.PrivacyOfficer}, Lead: "birgitta-hagg", Contact: directory.Contact{Name: "Region Mellansjö"}},
		{Unit: bjorken, Kind: directory.PrimaryCare, Parent: "region-mellansjo", Roles: swedishPosts, Contact: directory.Contact{
			Name: "Vårdcentralen Björken", Phone: "000-00 00 50", Hours: "Telefon måndag till fredag 8–17"}},
		{Unit: linden, Kind: directory.PrimaryCare, Parent: "region-mellansjo", Roles: swedishPosts, Contact: directory.Contact{
			Name: "Vårdcentralen Linden", Phone: "000-00 00 51", Hours: "Telefon måndag till fredag 8–16"}},
		{Unit: mellansjoPain, Kind: directory.PainClinic, Parent: "region-mellansjo", Roles: []care.Role{"specialist"}, Contact: directory.Contact{
			Name: "Smärtmottagningen, Mellansjö sjukhus", Phone: "000-00 00 52"}},
		{Unit: mellansjo, Kind: "municipal-coordination", Parent: "region-mellansjo", Roles: []care.Role{"municipality"}, Contact: directory.Contact{
			Name: "Mellansjö kommun", Phone: "000-00 00 53"}},
		{Unit: insuranceOff, Kind: "social-insurance", Parent: "region-mellansjo", Roles: []care.Role{"insurance"}, Contact: directory.Contact{
			Name: "Försäkringskassan, Mellansjö", Phone: "000-00 00 54"}},
	},
	editors: []publishers{{"region-mellansjo", "birgitta-hagg", "gunnar-ronn"}},
	workers: []worker{
		{"birgitta-hagg", "Birgitta Hägg", "physician", []care.Post{{Unit: "region-mellansjo", Role: care.PathwayApprover}}},
		{"gunnar-ronn", "Gunnar Rönn", "physiotherapist", []care.Post{{Unit: "region-mellansjo", Role: care.PathwayApprover}}},
		{"eva-tall", "Eva Tall", "lawyer", []care.Post{{Unit: "region-mellansjo", Role: care.PrivacyOfficer}}},
		{"malin-al", "Malin Al", "nurse", []care.Post{{Unit: bjorken, Role: "coordinator"}, {Unit: bjorken, Role: care.Desk}}},
		{"sara-oxel", "Sara Oxel", "physiotherapist", []care.Post{{Unit: bjorken, Role: "team"}}},
		{"johan-salg", "Johan Sälg", "physician", []care.Post{{Unit: bjorken, Role: "gp"}, {Unit: bjorken, Role: "team"}}},
		{"lena-hassel", "Lena Hassel", "rehabilitation-coordinator", []care.Post{{Unit: bjorken, Role: "rehab-coordinator"}}},
		{"oskar-idegran", "Oskar Idegran", "nurse", []care.Post{{Unit: linden, Role: "coordinator"}, {Unit: linden, Role: care.Desk}, {Unit: linden, Role: "rehab-coordinator"}}},
		{"elin-lonn", "Elin Lönn", "psychologist", []care.Post{{Unit: linden, Role: "team"}}},
		{"fatima-asp", "Fatima Asp", "physician", []care.Post{{Unit: linden, Role: "gp"}}},
		{"maria-alm", "Maria Alm", "physician", []care.Post{{Unit: mellansjoPain, Role: "specialist"}, {Unit: mellansjoPain, Role: care.Desk}}},
		{"ulla-vide", "Ulla Vide", "social-worker", []care.Post{{Unit: mellansjo, Role: "municipality"}, {Unit: mellansjo, Role: care.Desk}}},
		{"karin-bok", "Karin Bok", "counsellor", []care.Post{{Unit: insuranceOff, Role: "insurance"}, {Unit: insuranceOff, Role: care.Desk}}},
	},
	services: []offering{
		{bjorken, 20, directory.Service{ID: "smartskola", Options: []string{"se.pain/measures/pain-school"}, Where: "Vårdcentralen Björken, eller på video", Wait: weeks(4), Places: 10, Source: "Vårdcentralen"}},
		{linden, 14, directory.Service{ID: "smartskola", Options: []string{"se.pain/measures/pain-school"}, Where: "Vårdcentralen Linden", Wait: weeks(2), Places: 8, Source: "Vårdcentralen, på telefon"}},
		{mellansjoPain, 8, directory.Service{ID: "team", Options: []string{"se.pain/measures/team-rehabilitation"}, Where: "Mellansjö sjukhus, plan 3", Wait: weeks(14), Places: 5, Source: "Smärtmottagningen"}},
	},
	women: []string{
		"Anna", "Eva", "Karin", "Kristina", "Lena", "Sofia", "Ingrid", "Emma", "Malin", "Åsa", "Ulrika", "Samira", "Agneta", "Johanna", "Maja", "Elsa",
	},
	men:     []string{"Lars", "Anders", "Johan", "Erik", "Nils", "Göran", "Oskar", "Hassan", "Björn", "Mattias", "Åke", "Filip"},
	birds:   []string{"Sädesärla", "Strömstare", "Rödhake", "Gärdsmyg", "Tofsvipa", "Koltrast", "Lövsångare", "Bofink", "Talgoxe", "Nötskrika", "Steglits", "Domherre", "Ärla", "Lärka", "Havstrut", "Storspov"},
	streets: []string{"Björkvägen", "Storgatan", "Skolgatan", "Kyrkbacken", "Ängsvägen", "Sjögatan"},
	town:    "000 00 Mellansjö",
	plots:   swedishPlots,
	settle: func(l *life, _ *rand.Rand) {
		l.clinic = bjorken
		if l.story.in != "" {
			l.clinic = l.story.in
		}
		l.practice, l.home, l.pathway = l.clinic, mellansjo, swedishPain
	},
	residents: []residence{
		{"coordinator", "malin-al", "first contact at the health centre Björken, in Sweden", bjorken, ""},
		{"team", "sara-oxel", "physiotherapist at the health centre Björken, in Sweden", bjorken, ""},
		{"rehab-coordinator", "lena-hassel", "coordinates sick leave at the health centre Björken", bjorken, ""},
		{"specialist", "maria-alm", "physician at the pain clinic in Mellansjö", mellansjoPain, ""},
		{"privacy-officer", "eva-tall", "judges who has looked, in Region Mellansjö", "region-mellansjo", ""},
		{"approver", "gunnar-ronn", "approves pathways in Region Mellansjö", "region-mellansjo", ""},
	},
}

// swedishReasons are why people ask for help, in everyday words.
var swedishReasons = []string{
	"Ont i ryggen i två år. Har provat sjukgymnastik och tabletter. Sover dåligt.",
	"Värk i nacke och axlar efter en olycka. Sjukskriven på halvtid. Vill klara jobbet igen.",
	"Värk i hela kroppen och stor trötthet. Många undersökningar utan svar.",
	"Huvudvärk nästan varje dag i ett år. Har små barn hemma.",
}

var (
	swedishGoals   = []string{"Jag vill kunna bära in veden själv.", "Att orka äta middag med familjen.", "Jag vill tillbaka till jobbet, lite i taget.", "Att sova en hel natt."}
	swedishStories = []string{"Det började för tre år sedan. Sedan dess har jag träffat många, men ingen har sett helheten."}
)

// Stretches of Swedish lives.
var (
	asked     = []scene{{0, askForHelp}, {0, callBack}}
	assessed  = after(asked, []scene{{2, takeIn}, {2, named}})
	analysed  = after(assessed, []scene{{1, giveVisit("assessment", 12)}, {4, ownWords}, {9, examineHere}})
	chosen    = after(analysed, []scene{{5, choose("measures", "pain-school", "activity-on-prescription")}, {2, seComplete("team", "rehab-plan", "Planen är skriven och delad.")}, {3, seComplete("team", "prescribe-activity", "Recept på fysisk aktivitet skrivet.")}})
	onLeave   = after(assessed, []scene{{0, sickLeave}, {1, giveVisit("assessment", 12)}, {3, seComplete("rehab-coordinator", "rehab-coordination", "Hon säger ja till att jag ringer arbetsgivaren.")}})
	toTheTeam = after(analysed, []scene{{5, choose("measures", "team-rehabilitation")}, {1, all(seComplete("team", "refer", "Remiss skickad i dag."), seComplete("team", "rehab-plan", "Planen är skriven och delad."))}})
)

var swedishPlots = []*story{
	{name: "se: waits for the assessment, with a date", shows: "in Sweden: a page with a date and a named contact", often: 6, since: 3, trust: swedishDaughter,
		scenes: after(assessed, []scene{{1, all(seTellOwn, giveVisit("assessment", 14))}})},
	{name: "se: called this morning", leaves: []string{"first-contact", "assess-referral", "latest-passed"}, slow: 2, often: 4, since: 0, scenes: []scene{{0, askForHelp}}},
	{name: "se: to be assessed within three days", leaves: []string{"assess-referral", "latest-passed"}, slow: 2, often: 4, since: 1, scenes: asked},
	{name: "se: the three days have passed", leaves: []string{"assess-referral", "latest-passed"}, slow: 2, often: 2, since: 5, scenes: asked},
	{name: "se: on the telephone only", often: 2, since: 3, age: 12, trust: swedishTwelve, by: care.ByPhone, scenes: assessed},
	{name: "se: sick leave threatens", often: 4, since: 4, trust: swedishHidden, scenes: onLeave},
	{name: "se: a joint plan is called", often: 3, since: 2, scenes: after(onLeave, []scene{{2, wantsJointPlan}, {1, callJointPlan}})},
	{name: "se: measures are chosen", often: 5, since: 12, trust: innerSparr, scenes: chosen},
	{name: "se: ninety days to the pain clinic", often: 4, since: 20, scenes: toTheTeam},
	{name: "se: the ninety days stand still", often: 2, since: 6, scenes: after(toTheTeam, []scene{{8, standStill}})},
	{name: "se: rests, with one talk a year", shows: "in Sweden: it rests, with one talk a year", often: 4, since: 40,
		scenes: after(chosen, []scene{{45, choose("how-to-go-on", "rest")}})},
	{name: "se: advice that the doctor has", often: 2, since: 2, scenes: after(asked, []scene{{2, adviseHere}})},
	{name: "se: Linden, to be assessed", in: linden, often: 2, since: 1, scenes: asked},
	{name: "se: Linden, measures are chosen", in: linden, often: 2, since: 9, scenes: chosen},
}

const swedishPain = "se.pain"

// askForHelp: somebody calls the health centre. No referral is needed.
func askForHelp(l *life) error {
	who, _ := l.by(l.post(care.Desk))
	var err error
	if l.person, err = l.s.RegisterPerson(l.ctx, who, l.key(), care.Sweden, l.identity); err != nil {
		return err
	}
	open := journey.Open{
		Person: l.person, Regime: care.Sweden, Pathway: l.region.newest[l.pathway].Ref, Origin: journey.Registered,
		Sender: care.Party{Kind: care.PartyPatient}, Received: l.clock.Now(), Desk: l.post(care.Desk),
		OpensFor: []string{"patient-asks", "three-months"}, Reason: l.because(),
	}
	if err := l.do(l.post(care.Desk), open); err != nil {
		return err
	}
	if err := l.know(person.SetLanguages{Reading: care.Swedish}); err != nil || l.paper == "" {
		return err
	}
	return l.know(person.SetChannel{Channel: l.paper})
}

func callBack(l *life) error {
	return l.complete(l.post("coordinator"), "first-contact", "Ringde upp samma dag.")
}

func takeIn(l *life) error {
	return l.answer(journey.Answer{
		Answer: pathway.Accept, Reasons: "Smärtan har varat i mer än tre månader och påverkar vardagen.",
		Message: "Vi har läst det du har berättat och tar emot dig. Din fasta vårdkontakt hör av sig med en tid.",
	})
}

func adviseHere(l *life) error {
	return l.answer(journey.Answer{
		Answer: pathway.Advise, To: l.gp(), Carriers: l.carriers(), Reasons: "Vi tror att hjälpen är bäst hos din läkare just nu.",
		HowToComplain: "Tycker du inte som vi kan du prata med oss eller klaga. Din kontakt visar hur.",
		Plan:          "Samtal om vardag och sömn. Ny bedömning om fyra veckor om det inte blir bättre.",
		Message:       "Vi har gjort en plan. Vi följer den tills din läkare har sagt ja.",
	})
}

func named(l *life) error {
	return l.complete(l.post("coordinator"), "name-contact", "Malin är fast vårdkontakt.")
}

// giveVisit gives a visit a time some days from now.
func giveVisit(id pathway.StepID, days int) func(*life) error {
	return func(l *life) error {
		st, err := l.step(id)
		if err != nil {
			return err
		}
		return l.do(l.post("coordinator"), journey.PlanStep{Step: st.Step, At: l.workday(days, 9+l.rng.IntN(5)), Way: pathway.AtClinic})
	}
}

// ownWords: most people tell what they want to be asked about before they come.
func ownWords(l *life) error {
	if l.rng.IntN(10) < 2 {
		return nil
	}
	st, err := l.step("own-words")
	if err != nil {
		return err
	}
	return l.say(l.journey, journey.CompleteStep{Step: st.Step, Words: oneOf(l.rng, swedishGoals)})
}

func examineHere(l *life) error {
	return l.complete(l.post("team"), "assessment", "Smärtanalys gjord.")
}

func seComplete(role care.Role, id pathway.StepID, words string) func(*life) error {
	return func(l *life) error { return l.complete(l.post(role), id, words) }
}

// choose lays the options side by side and records what the patient chose.
func choose(id pathway.ChoiceID, options ...string) func(*life) error {
	return func(l *life) error {
		post, again := l.post("team"), 90
		if id == "how-to-go-on" {
			post, again = l.post("coordinator"), 365
		}
		if err := l.do(post, journey.LayOut{Choice: id}); err != nil {
			return err
		}
		s, err := l.look()
		if err != nil {
			return err
		}
		return l.do(post, journey.Choose{Choice: len(s.Choices), Chosen: options, LookAgain: l.today(again), Words: "Vi valde tillsammans."})
	}
}

func sickLeave(l *life) error {
	return l.do(l.post("team"), journey.RecordFact{Fact: "sick-leave", Value: journey.FactValue{Type: pathway.BoolFact, Text: "true"}})
}

func wantsJointPlan(l *life) error {
	none := journey.RecordFact{Fact: "has-sip", Value: journey.FactValue{Type: pathway.BoolFact, Text: "false"}}
	if err := l.do(l.post("coordinator"), none); err != nil {
		return err
	}
	return l.do(l.post("coordinator"), journey.RecordFact{Fact: "needs-sip", Value: journey.FactValue{Type: pathway.BoolFact, Text: "true"}})
}

func callJointPlan(l *life) error {
	st, err := l.step("sip-meeting")
	if err != nil {
		return err
	}
	unit := func(id care.UnitID, role care.Role) care.Party {
		return care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: id, Role: role}}
	}
	return l.do(l.post("coordinator"), journey.CallMeeting{Step: st.Step, At: l.workday(9, 13), Way: pathway.ByVideo, Participants: []journey.Participant{
		{Party: care.Party{Kind: care.PartyPatient}},
		{Party: unit(l.clinic, "team"), Role: "team"},
		{Party: unit(mellansjo, "municipality"), Role: "municipality"},
		{Party: unit(insuranceOff, "insurance"), Role: "insurance"},
	}})
}

// standStill: the patient wants to wait, which is one of the two reasons for which
// the guarantee stands still.
func standStill(l *life) error {
	return l.do(l.post("coordinator"), journey.PauseClock{
		Clock: "specialist-visit", Reason: "patient-wish", From: l.today(0), Until: l.today(30), Words: "Vill vänta till efter flytten.",
	})
}

func seTellOwn(l *life) error {
	if err := l.say(string(l.person), person.SayWhatMatters{Topic: person.Goals, Words: oneOf(l.rng, swedishGoals)}); err != nil {
		return err
	}
	return l.say(string(l.person), person.TellStory{Words: oneOf(l.rng, swedishStories)})
}
