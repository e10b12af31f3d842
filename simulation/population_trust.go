package simulation

import (
	"fmt"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
	"forlop/journey"
)

// moment is something about who may see and act for a person, some days before
// now. It happens to the first of those who live a story.
type moment struct {
	ago int
	act func(*life) error
}

// A Doorway is the secure link that somebody without an account comes in by:
// what it is bound to, and who makes it.
type Doorway struct {
	Item casework.Item
	By   casework.Who
}

// trust lets a life's moments happen, each in its own time.
func (l *life) trust() error {
	if !l.first {
		return nil
	}
	for i, m := range l.story.trust {
		at := l.region.cal.StartOf(l.region.cal.Date(l.now).AddDays(-m.ago)).Add(14*time.Hour + time.Duration(i)*time.Minute)
		l.clock.set(at)
		if err := m.act(l); err != nil {
			return fmt.Errorf("%d days ago: %w", m.ago, err)
		}
	}
	return nil
}

// offer lets the demo log in as somebody whom this life is about.
func (l *life) offer(r Resident) { l.logins = append(l.logins, r) }

// shown offers the patient's own login.
func shown(about, opens string) func(*life) error {
	return func(l *life) error {
		l.offer(Resident{Role: "patient", Name: l.identity.Name, About: about, Actor: l.self().Actor, Opens: opens})
		return nil
	}
}

// lookedAfter offers the first contact's login, at the page of this journey.
func lookedAfter(about, tail string) func(*life) error {
	return func(l *life) error {
		who, _ := l.by(l.post("coordinator"))
		l.offer(Resident{Role: "coordinator", Name: l.region.names[who.Actor.ID], About: about, Actor: who.Actor, Opens: "/journeys/" + l.journey + tail})
		return nil
	}
}

// proven is somebody whose login is as fresh as it can be.
func (l *life) proven(who casework.Who) casework.Who {
	who.Login = casework.Login{At: l.clock.Now(), Level: "substantial"}
	return who
}

// self is the patient, just logged in.
func (l *life) self() casework.Who {
	return l.proven(casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(l.person)}})
}

// consents lets somebody decide about who may see and act.
func (l *life) consents(who casework.Who, c access.Command, behalf *care.OnBehalf) error {
	return l.order(who, string(l.person), c, behalf)
}

// desk records what belongs to the register, as the first contact does.
func (l *life) desk(c access.Command, behalf *care.OnBehalf) error {
	who, _ := l.by(l.post("coordinator"))
	return l.consents(l.proven(who), c, behalf)
}

// kin registers somebody of the same family, of an age.
func (l *life) kin(first string, age int, woman bool) (casework.Identity, care.PersonKey, error) {
	family := l.identity.Name[strings.LastIndex(l.identity.Name, " ")+1:]
	i := casework.Identity{Name: first + " " + family, Born: l.aged(age), Sex: "male", Phone: l.identity.Phone}
	if woman {
		i.Sex = "female"
	}
	if l.region.land.number != nil {
		i.Number = l.region.land.number(i, l.rng, woman)
	}
	who, _ := l.by(l.post("coordinator"))
	p, err := l.s.RegisterPerson(l.ctx, who, l.key(), l.region.land.regime, i)
	return i, p, err
}

// aged is a birth date of somebody who is of an age now, and stays so for months.
func (l *life) aged(years int) care.Date {
	d := l.region.cal.Date(l.now).AddDays(-150)
	return care.Date{Year: d.Year - years, Month: d.Month, Day: min(d.Day, 28)}
}

// A relation is one relative of a scene: what they are called, their age, and
// what their login shows.
type relation struct {
	first string
	age   int
	woman bool
	parts []access.Part
	about string
}

// offers lets the patient offer a relative to act for them.
func (l *life) offers(r relation) (casework.Identity, casework.Who, error) {
	i, to, err := l.kin(r.first, r.age, r.woman)
	if err != nil {
		return i, casework.Who{}, err
	}
	err = l.consents(l.self(), access.OfferProxy{To: to, Parts: r.parts}, nil)
	return i, l.proven(casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(to)}}), err
}

// invites offers a relative to act, who has not answered yet.
func invites(r relation) func(*life) error {
	return func(l *life) error {
		i, who, err := l.offers(r)
		if err != nil {
			return err
		}
		l.offer(Resident{Role: "relative", Name: i.Name, About: r.about, Actor: own(who.Actor.ID), Opens: "/for"})
		return nil
	}
}

// entrusts offers a relative to act, who says yes.
func entrusts(r relation) func(*life) error {
	return func(l *life) error {
		i, who, err := l.offers(r)
		if err != nil {
			return err
		}
		if err := l.consents(who, access.AcceptProxy{Proxy: 1}, nil); err != nil {
			return err
		}
		l.offer(Resident{Role: "relative", Name: i.Name, About: r.about, Actor: own(who.Actor.ID), For: l.person})
		return nil
	}
}

// entrustsByPhone records what both said on the telephone: a relative may act
// until some days from the demo's day.
func entrustsByPhone(r relation, days int) func(*life) error {
	return func(l *life) error {
		i, to, err := l.kin(r.first, r.age, r.woman)
		if err != nil {
			return err
		}
		c := access.RecordProxy{To: to, Parts: r.parts, Until: l.region.cal.Date(l.now).AddDays(days)}
		if err := l.desk(c, &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone}); err != nil {
			return err
		}
		l.offer(Resident{Role: "relative", Name: i.Name, About: r.about, Actor: own(string(to)), For: l.person})
		return nil
	}
}

// own is the login of a relative: their own person, as a patient's is.
func own(id string) care.Actor { return care.Actor{Kind: care.Patient, ID: id} }

// raisedBy records who has custody of a child. A parent of a child who may log in
// with a guardian's consent gives it.
func raisedBy(r relation, login bool, opens string) func(*life) error {
	return func(l *life) error {
		i, to, err := l.kin(r.first, r.age, r.woman)
		if err != nil {
			return err
		}
		if err := l.desk(access.RecordGuardian{Guardian: to, Source: access.FromRegister}, nil); err != nil {
			return err
		}
		if login {
			parent := l.proven(casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(to)}, Represents: l.person})
			if err := l.consents(parent, access.AllowLogin{}, nil); err != nil {
				return err
			}
		}
		l.offer(Resident{Role: "guardian", Name: i.Name, About: r.about, Actor: own(string(to)), For: l.person, Opens: opens})
		return nil
	}
}

// hides records that the person's address is hidden by law.
func hides(kind access.Protection) func(*life) error {
	return func(l *life) error { return l.desk(access.ProtectAddress{Kind: kind}, nil) }
}

// keepsOut lets the patient set a block.
func keepsOut(against access.Against, strength access.Strength, words string) func(*life) error {
	return func(l *life) error {
		return l.consents(l.self(), access.Block{Against: against, Strength: strength, Words: words}, nil)
	}
}

// breaksGlass lets a professional from elsewhere open the record in an emergency.
func breaksGlass(professional string, post care.Post, words string) func(*life) error {
	return func(l *life) error {
		return l.consents(l.proven(acting(professional, post)), access.OpenRecord{Why: access.Emergency, Words: words, Hours: 2}, nil)
	}
}

// judges lets a privacy officer judge the first opening.
func judges(officer string, unit care.UnitID, words string) func(*life) error {
	return func(l *life) error {
		who := acting(officer, care.Post{Unit: unit, Role: care.PrivacyOfficer})
		return l.consents(l.proven(who), access.ReviewOpening{Opening: 1, Verdict: access.Justified, Words: words}, nil)
	}
}

// shares lets the patient approve a page for a welfare agency: who coordinates,
// which pathway, and what is planned.
func shares(to, about string) func(*life) error {
	return func(l *life) error {
		v, err := casework.View(l.ctx, l.s, l.self(), casework.SharePreview{})
		if err != nil {
			return err
		}
		var items []access.SharedItem
		for _, c := range v.Candidates {
			if title, text := l.inWords(c); text != "" {
				items = append(items, access.SharedItem{Key: c.Key, Title: title, Text: text})
			}
		}
		page := access.SharePage{To: access.Receiver{Kind: access.Welfare, Name: to}, Items: items, Until: l.today(60)}
		if err := l.consents(l.self(), page, nil); err != nil {
			return err
		}
		l.offer(Resident{Role: "guest", Name: to, About: about, Link: &Doorway{
			Item: casework.Item{Kind: casework.PageItem, Target: string(l.person), Number: 1}, By: casework.Who{Actor: l.self().Actor},
		}})
		return nil
	}
}

// inWords is what stands on a shared page about one thing; nothing for what the
// patient does not show.
func (l *life) inWords(c casework.ShareCandidate) (title, text string) {
	says := map[casework.ShareKind][2]string{
		casework.ShareCoordinator: {"Koordinator", "Koordinator"},
		casework.SharePathway:     {"Følges opp siden", "Följs upp sedan"},
		casework.ShareStep:        {"Neste avtale", "Nästa besök"},
	}
	titles, ok := says[c.Kind]
	if !ok {
		return "", ""
	}
	title = titles[0]
	if l.region.land.regime == care.Sweden {
		title = titles[1]
	}
	if c.Kind == casework.ShareCoordinator {
		return title, strings.Join(append(c.Post.Holders, c.Post.Unit.Name, c.Post.Unit.Phone), ", ")
	}
	d := l.region.cal.Date(c.At)
	if l.region.land.regime == care.Sweden {
		return title, d.String()
	}
	return title, fmt.Sprintf("%d.%d.%d", d.Day, int(d.Month), d.Year)
}

// asksOutside lets a sender without an account answer by a secure link what the
// clinic asked.
func asksOutside(l *life) error {
	who, _ := l.by(l.post("coordinator"))
	unit, _ := l.s.Directory().Unit(l.practice)
	l.offer(Resident{Role: "guest", Name: unit.Contact.Name, About: "a practice without an account, asked one thing by a secure link", Link: &Doorway{
		Item: casework.Item{Kind: casework.QuestionItem, Target: l.journey, Number: 1}, By: who,
	}})
	return nil
}

// registersAgain: the same person stands in the register twice, each with a
// journey, until somebody merges the two.
func registersAgain(l *life) error {
	who, _ := l.by(l.post(care.Desk))
	again := l.identity
	again.Number, again.Address = "", ""
	p, err := l.s.RegisterPerson(l.ctx, who, l.key(), l.region.land.regime, again)
	if err != nil {
		return err
	}
	_, err = l.s.Do(l.ctx, casework.Order{Who: who, Key: l.key(), Command: journey.Open{
		Person: p, Regime: l.region.land.regime, Pathway: l.region.newest[l.pathway].Ref, Origin: journey.Registered,
		Sender: care.Party{Kind: care.PartyUnit, Post: l.gp()}, Received: l.clock.Now(), Desk: l.post(care.Desk), Reason: l.because(),
	}})
	return err
}

// because is why the person is referred, in everyday words.
func (l *life) because() string {
	switch {
	case l.first && l.story.age > 0:
		return oneOf(l.rng, youngReasons)
	case l.pathway == fatigue:
		return oneOf(l.rng, tired)
	case l.region.land.regime == care.Sweden:
		return oneOf(l.rng, swedishReasons)
	}
	return oneOf(l.rng, reasons)
}

// youngReasons are why a child is referred.
var youngReasons = []string{"Vondt i hodet og magen i over et år. Går lite på skolen.", "Vondt i kroppen etter en infeksjon. Orker ikke leke lenge."}

// The emergency department, the privacy officers and who they judge.
const fjordEmergency = "fjord-akuttmottak"

var emergencyDoctor = care.Post{Unit: fjordEmergency, Role: "specialist"}

var messaging = []access.Part{access.Plan, access.Messages}

// Who may see and act, in scenes of the lands' stories.
var (
	trustedHusband = []moment{
		{3, entrusts(relation{first: "Jon", age: 52, parts: messaging, about: "husband: reads the plan, reads and writes messages"})},
		{2, invites(relation{first: "Siri", age: 47, woman: true, parts: []access.Part{access.Plan}, about: "sister: is asked to act, and has not answered yet"})},
		{1, shares("NAV Fjordvik", "a welfare agency: sees the page that the patient approved, and nothing else")},
	}
	endsSoon = []moment{
		{60, entrustsByPhone(relation{first: "Mons", age: 28, parts: append(messaging, access.Acts), about: "son: acts until the proxy ends within 30 days"}, 20)},
		{1, shown("whose son's proxy ends within 30 days", "/me/access")},
	}
	isThirteen = []moment{
		{3, raisedBy(relation{first: "Tuva", age: 41, woman: true, about: "mother of a child of 13: sees what she cannot see, and why"}, true, "/me/hidden")},
		{2, shown("13 years old, with a login of her own or his own", "")},
	}
	isTen = []moment{
		{3, raisedBy(relation{first: "Even", age: 39, about: "father of a child of 10: sees everything, until the birthday that ends it"}, false, "")},
	}
	hidden = []moment{
		{1, hides(access.Strict)},
		{1, shown("whose address is hidden by law", "")},
		{1, lookedAfter("sees the mark of a hidden address", "")},
	}
	keepsTwoOut = []moment{
		{2, keepsOut(access.Against{Professional: "magnus-selje"}, access.Shut, "Vi er naboer.")},
		{2, keepsOut(access.Against{Unit: "fjordvik-koordinering"}, access.Closed, "Søsteren min jobber der.")},
		{1, shown("has shut her or his record to one named person, and closed it to one unit", "/me/access")},
	}
	openedYesterday = []moment{
		{1, breaksGlass("hedda-kirsebar", emergencyDoctor, "Kom bevisstløs i ambulanse. Måtte vite hvilke medisiner.")},
		{1, shown("whose record was opened in an emergency yesterday", "/me/access")},
	}
	openedAndJudged = []moment{
		{5, breaksGlass("hedda-kirsebar", emergencyDoctor, "Allergisk sjokk i mottak.")},
		{3, judges("ellen-kristtorn", "fjord-helseforetak", "Det var akutt, og bare det som trengtes ble lest.")},
		{1, shown("whose record was opened in an emergency, and the opening judged", "/me/access")},
	}
	twice = []moment{{1, registersAgain}, {1, lookedAfter("sees a person who stands in the register twice", "")}}

	swedishDaughter = []moment{
		{2, entrusts(relation{first: "Klara", age: 31, woman: true, parts: messaging, about: "daughter, in Sweden: reads the plan, reads and writes messages"})},
		{1, shares("Försäkringskassan", "a welfare agency in Sweden: sees the page that the patient approved")},
	}
	swedishTwelve = []moment{
		{2, raisedBy(relation{first: "Hugo", age: 40, about: "father of a child of 12, in Sweden: sees everything until the child is 13"}, false, "")},
	}
	swedishHidden = []moment{
		{1, hides(access.ProtectedRegistration)},
		{1, shown("in Sweden: whose address is hidden by law", "")},
	}
	innerSparr = []moment{
		{4, keepsOut(access.Against{But: bjorken}, access.Inner, "Bara min vårdcentral.")},
		{1, breaksGlass("maria-alm", care.Post{Unit: mellansjoPain, Role: "specialist"}, "Kom akut med svår smärta och kunde inte svara.")},
		{1, shown("in Sweden: an inner spärr outside the health centre, opened in an emergency yesterday", "/me/access")},
	}
)
