package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/directory"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// theirNumber is the national number of whom a terrain is about; synthetic.
const theirNumber = "17912099997"

// A terrain is a house with one person about whom everything is asked: four
// journeys, so that every page has something to show, and everybody who could ask.
type terrain struct {
	*house
	store  store.Store
	person care.PersonKey
	// held is a journey whose meeting was held without the person; asked one that
	// asks something of them; waiting one whose referral waits; moved one that
	// follows a new version. Where a terrain is small they are all one.
	held, asked, waiting, moved string
	// form is one that the person was asked for on the first of them.
	form string
	// thread is a conversation about it.
	thread string
	// slot is a course of the clinic's.
	slot string
	// eva is a relative whom the person has let see.
	eva care.PersonKey
	// small is a terrain with one plain journey.
	small bool
	// forms are what the pages of those who may propose to send.
	forms map[string]url.Values
}

// of is who a terrain is about: their name, birth date and country.
type of struct {
	name   string
	born   care.Date
	number string
	regime care.Regime
}

var (
	grown      = of{"Sigrid Kanarifugl", care.Date{Year: 1981, Month: time.May, Day: 17}, theirNumber, care.Norway}
	eleven     = of{"Barn Kanarifugl", care.Date{Year: 2014, Month: time.June, Day: 1}, "", care.Norway}
	thirteen   = of{"Ung Kanarifugl", care.Date{Year: 2013, Month: time.March, Day: 10}, "", care.Norway}
	thirteenSE = of{"Ung Kanariefågel", care.Date{Year: 2013, Month: time.March, Day: 10}, "", care.Sweden}
)

// birthday is the day on which those of thirteen become so.
var birthday = norway.StartOf(care.Date{Year: 2026, Month: time.March, Day: 10}).Add(9 * time.Hour)

func openTerrain(t *testing.T, st store.Store, log *slog.Logger, who of) *terrain {
	t.Helper()
	w := &terrain{house: openHouseOn(t, st, log), store: st, forms: map[string]url.Values{}}
	w.north()
	for _, id := range []string{"petra", "egil"} {
		w.setUp(id, directory.Register{Professional: id, Profession: "physician"})
		w.name(id, "Fagperson "+id)
	}
	w.setUp("trust", directory.AddPost{Role: care.PrivacyOfficer})
	w.setUp("trust", directory.Join{Professional: "petra", Role: care.PrivacyOfficer})
	w.setUp("north", directory.Join{Professional: "egil", Role: "team"})
	w.setUp("clinic", directory.Join{Professional: "egil", Role: "team"})
	desk, by, ref := care.Post{Unit: "clinic", Role: care.Desk}, coordinator, pathway.Ref{ID: "no.pain", Version: "2025.04"}
	sender := care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}}
	if who.regime == care.Sweden {
		w.sweden()
		desk, by, ref, sender = care.Post{Unit: "vc", Role: care.Desk}, worker("malin", "vc", "coordinator"), pathway.Ref{ID: "se.pain", Version: "2022.10"}, care.Party{Kind: care.PartyPatient}
	}
	p, err := w.s.RegisterPerson(context.Background(), by, w.key(), who.regime, casework.Identity{Name: who.name, Number: who.number, Born: who.born})
	if err != nil {
		t.Fatal(err)
	}
	w.person, w.small = p, who != grown
	w.asks(casework.Who{Actor: care.Service}, "trust", access.RaiseFindings{Findings: []access.Raised{{Finding: access.Finding{Pattern: access.NoTask, Actor: "egil", Person: p, Looks: []int64{1}}}}})
	open := func() string {
		return w.asks(by, "", journey.Open{
			Person: p, Regime: who.regime, Pathway: ref, Origin: journey.Registered, Sender: sender, Received: w.clock.Now().Add(-time.Hour), Desk: desk,
			Reason: canaryReason,
		})
	}
	w.held = open()
	w.form = w.asks(by, "", questionnaire.Ask{
		Person: p, Journey: w.held, Questionnaire: questionnaire.Ref{ID: "phq-9"}, Reader: care.Post{Unit: desk.Unit, Role: "coordinator"},
		By: norway.Date(w.clock.Now()).AddDays(60),
	})
	w.thread = w.asks(patientWho(p), "", messaging.BeginThread{Person: p, Journey: w.held, Say: messaging.Say{Text: "Kan dere ringe?"}})
	w.wondered(p, w.held, desk.Unit)
	w.asked, w.waiting, w.moved = w.held, w.held, w.held
	if w.small {
		return w
	}
	w.asked, w.waiting, w.moved = open(), w.attached(p), open()
	for _, id := range []string{w.held, w.asked, w.moved} {
		w.accept(id)
	}
	w.newVersion(w.moved)
	w.act(w.held, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Fysio AS"}, Question: "Hvilke øvelser?"})
	w.act(w.held, journey.AskParty{To: care.Party{Kind: care.PartyOther, Name: "Fysio BS"}, Question: "Hvilke timer?"})
	w.act(w.held, journey.GiveWords{Kind: "message", Text: canaryMessage})
	w.asks(casework.Who{Actor: asPatient(p)}, string(p), person.SayWhatMatters{Topic: person.Goals, Words: canaryGoal})
	w.asks(casework.Who{Actor: asPatient(p)}, string(p), person.TellStory{Words: canaryStory})
	v := w.visit(coordinator.Actor)
	for _, id := range []string{w.held, w.asked} {
		x := &walk{v, id}
		x.does("complete", x.item("start-assessment"), "words", "Møttes.")
		x.presses("complete", x.item("invite-to-summary-meeting"))
	}
	x := &walk{v, w.held}
	x.does("call-joint", "", "questions", "Hva holder det ved like?", "party-1", "clinic/team", "discipline-1", "physician", "by-1", x.day(20),
		"party-2", "clinic/coordinator", "discipline-2", "nurse", "by-2", x.day(20), "summaryBy", x.day(25))
	x.does("summarise", "joint/1", "words", "Vi fant ikke noe farlig.", "without", "Haster.")
	x.does("call-meeting", x.item("summary-meeting"), "at", x.day(1), "at-time", "12:00", "name-nav", "NAV Vik")
	w.clock.set(w.clock.Now().AddDate(0, 0, 2))
	x.logIn()
	record := []string{"patientPresent", "no", "patientWords", "Vil tilbake i halv jobb.", "minutes", "Alle var enige.", "summary", "Du får hjelp til en rolig start."}
	for _, item := range w.state(w.held).Meetings[0].Agenda {
		record = append(record, "first-"+item, "yes")
	}
	x.send(x.get(x.at("/meetings/1")), x.at("/do/hold-meeting"), record...)
	if w.state(w.held).Meetings[0].Held == nil {
		t.Fatal("the meeting was not held")
	}
	w.act(w.held, journey.LayOut{Choice: "help"})
	w.arranged(by)
	// They have let a relative see, shut a unit out, and opened again for a time.
	w.setUp("away", directory.OpenUnit{Unit: "away", Kind: "pain-clinic", Parent: "trust", Regime: care.Norway, Contact: directory.Contact{Name: "Langt borte"}})
	me := casework.Who{Actor: asPatient(p)}
	w.eva = w.relativeOf("Eva Svale", access.Plan, access.Messages)
	w.asks(me, string(p), access.Block{Against: access.Against{Unit: "away"}, Strength: access.Closed})
	w.asks(me, string(p), access.GiveConsent{Unit: "away", Until: norway.Date(w.clock.Now()).AddDays(30)})
	// A letter waits for the post, whatever they asked for since.
	w.asks(coordinator, string(p), person.SetChannel{Channel: care.ByLetter})
	w.notified()
	w.asks(coordinator, string(p), person.SetChannel{Channel: care.ByPage})
	w.copyForms(v)
	return w
}

// wondered asks a person in a sentence whether they were believed at a visit some
// days ago.
func (h *house) wondered(p care.PersonKey, id string, unit care.UnitID) {
	h.t.Helper()
	service := casework.Who{Actor: care.Service}
	for _, o := range []casework.Order{
		{Command: questionnaire.MeanToAsk{
			Source: questionnaire.SentenceSource{Stream: "journey/" + id, Version: 1}, Subject: questionnaire.WasBelieved, Journey: id, Unit: unit,
		}, Happened: h.clock.Now().AddDate(0, 0, -5)},
		{Command: questionnaire.WakeSentences{}},
	} {
		o.Who, o.Key, o.Target = service, h.key(), string(p)
		if _, err := h.s.Do(context.Background(), o); err != nil {
			h.t.Fatal(err)
		}
	}
}

// What nobody else's page may hold.
const (
	canaryReason  = "Kanarigrunn: vondt i nakken siden i fjor."
	canaryMessage = "Kanaribeskjed: kan dere ringe?"
	canaryGoal    = "Kanarimål: gå i fjæra igjen."
	canaryStory   = "Kanarihistorie: det begynte på jobb."
)

func (h *house) name(id, name string) {
	h.t.Helper()
	if err := h.s.NameProfessional(context.Background(), id, casework.Identity{Name: name}); err != nil {
		h.t.Fatal(err)
	}
}

// asks carries out a command for anybody, who has just logged in for certain.
func (h *house) asks(who casework.Who, target string, c named) string {
	h.t.Helper()
	who.Login = casework.Login{At: h.clock.Now(), Level: "substantial"}
	r, err := h.s.Do(context.Background(), casework.Order{Who: who, Key: h.key(), Target: target, Command: c})
	if err != nil {
		h.t.Fatalf("%s: %v", c.Name(), err)
	}
	return r.Target
}

type named interface{ Name() string }

// attached opens a journey whose referral came with a document.
func (w *terrain) attached(p care.PersonKey) string {
	w.t.Helper()
	r, err := w.s.Do(context.Background(), casework.Order{Who: coordinator, Key: w.key(), Command: journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
		Sender: care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}}, Received: w.clock.Now().Add(-time.Hour),
		Desk: care.Post{Unit: "clinic", Role: care.Desk}, Reason: canaryReason,
	}, Attachment: &casework.Attachment{Name: "henvisning.txt", Type: "text/plain", Content: []byte(canaryReason)}})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.s.Do(context.Background(), casework.Order{
		Who: coordinator, Key: w.key(), Target: string(p),
		Command: person.RecordFinding{
			Kind: "mri", Examined: norway.Date(w.clock.Now()).AddDays(-90), By: care.Party{Kind: care.PartyOther, Name: "Sykehuset"},
		},
		Attachment: &casework.Attachment{Name: "mr.txt", Type: "text/plain", Content: []byte(canaryReason)},
	}); err != nil {
		w.t.Fatal(err)
	}
	return r.Target
}

// sweden is a health centre in the neighbour country.
func (h *house) sweden() {
	h.t.Helper()
	h.setUp("malin", directory.Register{Professional: "malin", Profession: "nurse"})
	h.name("malin", "Malin Sund")
	h.setUp("region", directory.OpenUnit{Unit: "region", Kind: "region", Regime: care.Sweden, Contact: directory.Contact{Name: "Region Mellansjö"}, Lead: "malin", Roles: []care.Role{care.PathwayApprover}})
	h.setUp("vc", directory.OpenUnit{Unit: "vc", Kind: "primary-care", Parent: "region", Regime: care.Sweden, Contact: directory.Contact{Name: "Vårdcentralen Björken"},
		Roles: []care.Role{"coordinator", "team", "gp", "rehab-coordinator"}})
	for _, role := range []care.Role{"coordinator", care.Desk, "team"} {
		h.setUp("vc", directory.Join{Professional: "malin", Role: role})
	}
	for _, id := range []string{"ada", "ivar"} {
		h.setUp("region", directory.Join{Professional: id, Role: care.PathwayApprover})
	}
	for _, f := range h.folders {
		if f.Name != "se.pain" {
			continue
		}
		ref, findings, err := h.s.Shelve(context.Background(), f.Files)
		if err == nil {
			err = h.s.BringIntoUse(context.Background(), ref, "ada", "ivar", "region")
		}
		if err != nil {
			h.t.Fatalf("%s: %v %v", f.Name, err, findings)
		}
	}
}

// copyForms keeps what the forms of those who may send them hold, filled.
func (w *terrain) copyForms(kari *visitor) {
	w.t.Helper()
	day := func(n int) string { return norway.Date(w.clock.Now()).AddDays(n).String() }
	fill := func(f url.Values, changes ...string) url.Values {
		for i := 0; i+1 < len(changes); i += 2 {
			f.Set(changes[i], changes[i+1])
		}
		return f
	}
	w.forms["/referrals/new"] = fill(kari.get("/referrals/new").form("/referrals/new"), "name", "Ny Kanarifugl", "born", "1979-02-11", "sender", "other", "sender-name", "Legene i Dalen", "reason", "Vondt i ryggen.")
	answer := "/journeys/" + w.waiting + "/answer"
	w.forms["/journeys/{id}/answer"] = fill(kari.get(answer+"?answer=accept").form(answer), "right", "right", "latest-legal-date", day(60), "reasons", "Smertene har vart lenge.", "how-to-complain", "Skriv til Statsforvalteren.")
	do := "/journeys/" + w.held + "/do/words"
	w.forms["/journeys/{id}/do/{action}"] = fill(kari.get(do).form(do), "kind", "wish", "text", "Kan dere ringe?")
	ada := w.visit(care.Actor{Kind: care.Professional, ID: "ada"})
	review := "/pathways/no.pain/2025.04/do/review"
	w.forms["/pathways/{id}/{version}/do/{act}"] = fill(ada.get(review).form(review), "next", day(300), "why", "Lest på nytt.")
	patient := w.visit(asPatient(w.person))
	moved := "/me/new-version/" + w.moved
	w.forms["/me/new-version/{journey}"] = fill(patient.get(moved).form(moved), "words", "Jeg vil fortsette som før.")
	card := "/me/appointments/" + w.asked + "/summary-meeting"
	w.forms["/me/appointments/{journey}/{step}"] = fill(patient.get(card+"?wish=ask").form(card), "words", "Hvor lenge varer det?")
	wait := "/me/wait/" + w.asked + "/assessment-and-draft-plan"
	w.forms["/me/wait/{journey}/{step}"] = fill(patient.get(wait).form(wait), "until", day(10), "words", "Jeg er sliten.")
}

// A caller is somebody who asks, with their cookie and without following where an
// answer leads.
type caller struct {
	w     *terrain
	name  string
	actor care.Actor
	token string
	// represents is whom a relative looks at.
	represents care.PersonKey
}

// enter logs somebody in, who proved who they are so long ago.
func (w *terrain) enter(name string, a care.Actor, ago time.Duration) *caller {
	w.t.Helper()
	token, err := w.s.Enter(context.Background(), casework.Entry{Actor: a, Method: "test", Login: casework.Login{Level: "substantial", At: w.clock.Now().Add(-ago)}})
	if err != nil {
		w.t.Fatal(err)
	}
	return &caller{w: w, name: name, actor: a, token: token}
}

// A reply is the whole of one answer.
type reply struct {
	status   int
	header   http.Header
	location string
	body     []byte
}

var plainClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (c *caller) ask(method, path string, form url.Values, headers ...string) reply {
	c.w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, c.w.url+path, body)
	if err != nil {
		c.w.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c.token != "" {
		r.AddCookie(&http.Cookie{Name: "session", Value: c.token})
		if c.actor.Kind == care.Guest {
			r.AddCookie(&http.Cookie{Name: "guest", Value: c.token})
		}
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := plainClient.Do(r)
	if err != nil {
		c.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.w.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, resp.Header.Get("Location"), b}
}

// relativeOf gives the person a relative with these parts, who has said yes.
func (w *terrain) relativeOf(name string, parts ...access.Part) care.PersonKey {
	w.t.Helper()
	to, err := w.s.RegisterPerson(context.Background(), coordinator, w.key(), care.Norway, casework.Identity{Name: name, Born: care.Date{Year: 1975, Month: time.May, Day: 2}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.asks(casework.Who{Actor: asPatient(w.person)}, string(w.person), access.OfferProxy{To: to, Parts: parts})
	own := casework.Who{Actor: care.Actor{Kind: care.Relative, ID: string(to)}}
	views, err := casework.View(context.Background(), w.s, own, casework.Represented{})
	if err != nil || len(views) != 1 {
		w.t.Fatalf("the offer is not found: %v %v", views, err)
	}
	w.asks(own, string(w.person), access.AcceptProxy{Proxy: views[0].Proxy})
	return to
}

// guardianOf gives a child a guardian.
func (w *terrain) guardianOf(by casework.Who) care.PersonKey {
	w.t.Helper()
	to, err := w.s.RegisterPerson(context.Background(), coordinator, w.key(), care.Norway, casework.Identity{Name: "Mor Kanarifugl", Born: care.Date{Year: 1985, Month: time.May, Day: 2}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.asks(by, string(w.person), access.RecordGuardian{Guardian: to, Source: access.FromRegister})
	return to
}

// represent lets a relative look at the person.
func (c *caller) represent() *caller {
	c.w.t.Helper()
	if err := c.w.s.Represent(context.Background(), c.token, c.w.person); err != nil {
		c.w.t.Fatal(err)
	}
	c.represents = c.w.person
	return c
}

// leaves ends what a professional holds in a unit.
func (w *terrain) leaves(professional string, unit care.UnitID) {
	w.t.Helper()
	u, ok := w.s.Directory().Unit(unit)
	if !ok {
		w.t.Fatalf("no unit %s", unit)
	}
	gone := 0
	for _, m := range u.Members {
		if m.Professional == professional {
			w.setUp(string(unit), directory.Leave{Member: m.Number})
			gone++
		}
	}
	if gone == 0 {
		w.t.Fatalf("%s holds nothing in %s: %v", professional, unit, u.Members)
	}
}

// linked opens a secure link to an item.
func (w *terrain) linked(name string, by casework.Who, i casework.Item) *caller {
	w.t.Helper()
	by.Login = casework.Login{At: w.clock.Now(), Level: "substantial"}
	made, err := casework.View(context.Background(), w.s, by, casework.MakeLink{Item: i})
	if err != nil {
		w.t.Fatal(err)
	}
	token, err := w.s.OpenItem(context.Background(), made.Token, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return &caller{w: w, name: name, actor: care.Actor{Kind: care.Guest}, token: token}
}

// shared lets the person approve a page.
func (w *terrain) shared() casework.Item {
	w.t.Helper()
	me := casework.Who{Actor: asPatient(w.person)}
	preview, err := casework.View(context.Background(), w.s, me, casework.SharePreview{})
	if err != nil || len(preview.Candidates) == 0 {
		w.t.Fatalf("there is nothing to share: %v", err)
	}
	c := preview.Candidates[slices.IndexFunc(preview.Candidates, func(c casework.ShareCandidate) bool { return !c.Own })]
	w.asks(me, string(w.person), access.SharePage{
		To: access.Receiver{Kind: access.Welfare, Name: "Nav Fjord"}, Items: []access.SharedItem{{Key: c.Key, Title: "Tittel", Text: "Tekst"}},
		Until: norway.Date(w.clock.Now()).AddDays(14),
	})
	return casework.Item{Kind: casework.PageItem, Target: string(w.person), Number: 1}
}

// opens lets nils open the record in an emergency.
func (w *terrain) opens() {
	w.t.Helper()
	who := worker("nils", "north", "coordinator")
	who.Login = casework.Login{At: w.clock.Now(), Level: "substantial"}
	if _, err := w.s.OpenRecord(context.Background(), who, w.key(), theirNumber, access.OpenRecord{Why: access.Emergency, Words: "Bevisstløs."}); err != nil {
		w.t.Fatal(err)
	}
}

func professional(id string) care.Actor { return care.Actor{Kind: care.Professional, ID: id} }

// arranged calls that meeting, as another system has booked it, and then looks for a
// better time.
func (w *terrain) arranged(by casework.Who) {
	w.t.Helper()
	at := w.clock.Now().AddDate(0, 0, 20)
	step := w.state(w.asked).StepOf("summary-meeting").Step
	w.asks(by, string(w.person), booking.Copy{Source: "DIPS", Reference: "A-1", At: at, Minutes: 45, Place: "Rom 3", Journey: w.asked, Step: step})
	w.asks(by, string(w.person), booking.ProposeTimes{
		Journey: w.asked, Step: step, Times: []time.Time{at.AddDate(0, 0, 7), at.AddDate(0, 0, 9)}, People: []care.Party{{Kind: care.PartyOther, Name: "NAV Vik"}},
	})
}

// wishing is the number of a new wish of the patient's; 1 in a small terrain, which
// has no appointment.
func (w *terrain) wishing() string {
	w.t.Helper()
	if w.small {
		return "1"
	}
	me := casework.Who{Actor: asPatient(w.person)}
	plan, err := casework.View(context.Background(), w.s, me, casework.MyPlan{})
	if err != nil {
		w.t.Fatal(err)
	}
	at := slices.IndexFunc(plan.Journeys, func(v casework.JourneyView) bool { return v.ID == w.asked })
	st := plan.Journeys[at].State.StepOf("summary-meeting")
	w.asks(me, string(w.person), booking.Wish{Journey: w.asked, Step: st.Step, Kind: booking.WishAsk, For: st.Planned, Words: "Kan jeg ligge?"})
	return strconv.Itoa(len(plan.Journeys[at].Bookings.State.Wishes) + 1)
}
