package simulation

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"forlop/care"
	notice "forlop/care/messaging"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/pathway/library"
	"forlop/store"
	"forlop/store/memory"
)

// clinic is one pain clinic where only the coordinator is ever logged in. Kari
// reads her list and the journeys, and nothing else; what practices, the team, the
// municipality, NAV and patients say is drawn, and comes to her by phone and post.
type clinic struct {
	t   testing.TB
	w   *world
	cal *care.Calendar
	def *pathway.Definition
	// arrive, delay, reply and page are streams of chance of their own, so that more
	// of one does not change the others.
	arrive, delay, reply, page *rand.Rand
	patients                   map[care.PersonKey]*patient
	persons                    []care.PersonKey
	// words are what somebody outside has been asked and when their answer comes.
	words map[inquiry]time.Time
	// silent says that no patient ever opens a page.
	silent bool
	// looked is when Kari last went through her list.
	looked time.Time
	*tally
}

type inquiry struct{ journey, item string }

// patient is how somebody is told things, which the program knows, and when they
// open their page, which it does not.
type patient struct {
	channel care.Channel
	journey string
	opens   time.Time
}

// paper reports whether the patient reads no pages.
func (p *patient) paper() bool { return p.channel == care.ByLetter || p.channel == care.ByPhone }

const clinicUnit, practiceUnit = "clinic", "practice"

var (
	deskOfClinic  = care.Post{Unit: clinicUnit, Role: care.Desk}
	atCoordinator = care.Post{Unit: clinicUnit, Role: "coordinator"}
	atTeam        = care.Post{Unit: clinicUnit, Role: "team"}
	atGP          = care.Post{Unit: practiceUnit, Role: "gp"}
	kari          = professional("kari", atCoordinator)
)

// newClinic opens the clinic on a working day, with nobody on its list.
func newClinic(t testing.TB, seed uint64, begins care.Date) *clinic {
	t.Helper()
	folder, _ := library.Files("no.pain")
	c := &clinic{
		t: t, cal: care.CalendarOf(care.Norway), patients: map[care.PersonKey]*patient{}, words: map[inquiry]time.Time{},
		arrive: chance(seed, "arrive"), delay: chance(seed, "delay"), reply: chance(seed, "reply"), page: chance(seed, "page"),
	}
	var err error
	if c.w, err = newWorld(context.Background(), memory.Open(), c.cal.StartOf(begins).Add(-12*time.Hour), folder); err != nil {
		t.Fatal(err)
	}
	usual, err := readUsualCast(care.Norway)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{file: "only.yaml"}
	alone := p.readCast(usual, p.parse([]byte("only: kari\n")))
	if len(p.findings) > 0 {
		t.Fatal(p.findings)
	}
	if err := c.w.enter(alone, care.Norway); err != nil {
		t.Fatal(err)
	}
	if err := c.w.sends(); err != nil {
		t.Fatal(err)
	}
	all, err := c.w.service.Pathways(c.w.ctx)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d pathways: %v", len(all), err)
	}
	c.def = all[0]
	c.tally = newTally(c)
	c.follow()
	return c
}

// sends starts the service anew with a mail server that takes everything.
func (w *world) sends() error {
	keys, err := store.NewKeyring(slices.Repeat([]byte{7}, store.KeySize), rand.NewChaCha8([32]byte{1}))
	if err != nil {
		return err
	}
	w.service, err = casework.New(w.ctx, casework.Config{
		Store: w.store, Clock: w.clock, Keys: keys, Random: &shared{bytes: rand.NewChaCha8([32]byte{3})},
		Out: &casework.Outgoing{Words: neutral{}, Sender: "Fjord", Link: "https://forlop.example.org/me", Carriers: map[notice.Channel]casework.Carrier{notice.ByEmail: takes{}}},
	})
	return err
}

// shared is a source of bytes that several deliveries at once may read.
type shared struct {
	mu    sync.Mutex
	bytes *rand.ChaCha8
}

func (s *shared) Read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes.Read(b)
}

// takes is a far end that takes every message.
type takes struct{}

func (takes) Carry(context.Context, casework.Message) casework.Carried {
	return casework.Carried{Outcome: notice.Taken}
}

type neutral struct{}

func (neutral) When(_ care.Language, at time.Time) (string, string) {
	return at.Format("2. January"), at.Format("15.04")
}

func (neutral) Say(_ care.Language, _ notice.Channel, _ notice.Template, s notice.Slots) (string, string, error) {
	return "Nytt", "Nytt " + s.Link + " " + s.Sender, nil
}

// until lets time pass; what falls due is woken, and notices go out.
func (c *clinic) until(at time.Time) {
	c.t.Helper()
	for again := 0; ; again++ {
		due, ok, err := c.w.nextDue()
		if err != nil {
			c.t.Fatal(err)
		}
		if !ok || due.After(at) {
			break
		}
		c.w.clock.set(due)
		if err := c.w.wakeDue(); err != nil {
			c.t.Fatal(err)
		}
		c.settle()
	}
	c.w.clock.set(at)
	c.settle()
}

// settle is what the workers do in a round, and counts what came of it.
func (c *clinic) settle() {
	c.t.Helper()
	if err := c.w.service.React(c.w.ctx); err != nil {
		c.t.Fatal(err)
	}
	if err := c.w.service.Notify(c.w.ctx); err != nil {
		c.t.Fatal(err)
	}
	_, err := c.w.service.Deliver(c.w.ctx, "clinic", func(what string, err error) { c.t.Errorf("%s: %v", what, err) })
	if err != nil {
		c.t.Fatal(err)
	}
	c.follow()
}

func (c *clinic) now() time.Time   { return c.w.clock.Now() }
func (c *clinic) today() care.Date { return c.cal.Date(c.now()) }

// days draws a number of working days and answers an hour of the last one.
func (c *clinic) days(least, most int) time.Time {
	d := c.today()
	for n := least + c.delay.IntN(most-least+1); n > 0; n-- {
		for d = d.AddDays(1); !c.cal.IsWorkingDay(d); d = d.AddDays(1) {
		}
	}
	return c.cal.StartOf(d).Add(time.Duration(9*60+c.delay.IntN(5*60)) * time.Minute)
}

// workday is an hour of the first working day from d on.
func (c *clinic) workday(d care.Date) time.Time {
	for !c.cal.IsWorkingDay(d) {
		d = d.AddDays(1)
	}
	return c.cal.StartOf(d).Add(time.Duration(9*60+c.delay.IntN(5*60)) * time.Minute)
}

// order is something Kari does. Everything she does is something the program has
// shown her as possible: a refusal is a finding.
func (c *clinic) order(target string, command interface{ Name() string }, of care.Post, behalf *care.OnBehalf) bool {
	c.t.Helper()
	who := kari
	switch {
	case behalf != nil:
	case of.Unit == clinicUnit && of.Role == care.Desk:
		who = professional("kari", deskOfClinic)
	case of != atCoordinator && !of.IsZero():
		behalf = &care.OnBehalf{Of: care.Party{Kind: care.PartyUnit, Post: of}, How: care.ByPhone}
	}
	receipt, err := c.w.service.Do(c.w.ctx, casework.Order{Who: who, Key: c.w.key(), Target: target, Command: command, For: behalf})
	if err != nil {
		c.refusals[fmt.Sprintf("%s: %v", command.Name(), err)]++
		return false
	}
	c.acts++
	if o, ok := command.(journey.Open); ok {
		c.patients[o.Person].journey = receipt.Target
	}
	c.settle()
	return true
}

// byPhone is what Kari records that the patient said to her.
var byPhone = &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone}

// register makes somebody known, and how they are told things.
func (c *clinic) register(channel care.Channel) care.PersonKey {
	c.t.Helper()
	i := casework.Identity{
		Name: fmt.Sprintf("%s %s", women[len(c.persons)%len(women)], birds[len(c.persons)%len(birds)]), Address: "Strandgata 1, 0000 Fjord",
		Born: care.Date{Year: 1950 + c.arrive.IntN(50), Month: time.Month(1 + c.arrive.IntN(12)), Day: 1 + c.arrive.IntN(28)},
	}
	if channel == care.ByPage {
		i.Email = "en@example.org"
	}
	p, err := c.w.service.RegisterPerson(c.w.ctx, professional("kari", deskOfClinic), c.w.key(), care.Norway, i)
	if err != nil {
		c.t.Fatal(err)
	}
	c.patients[p] = &patient{channel: channel}
	c.persons = append(c.persons, p)
	return p
}

// refers lets a letter from the practice arrive, and Kari register it.
func (c *clinic) refers(channel care.Channel) {
	c.t.Helper()
	open := journey.Open{
		Person: c.register(channel), Regime: care.Norway, Pathway: c.def.Ref, Origin: journey.Registered, Received: c.now(), Desk: deskOfClinic,
		Sender: care.Party{Kind: care.PartyUnit, Post: atGP}, Reason: "Vondt lenge.", Roles: map[pathway.RoleID]care.Post{"gp": atGP},
	}
	c.opens(open)
}

func (c *clinic) opens(open journey.Open) {
	c.t.Helper()
	if !c.order("", open, deskOfClinic, nil) {
		c.t.Fatalf("a referral could not be received: %v", slices.Sorted(maps.Keys(c.refusals)))
	}
	c.received++
	if p := c.patients[open.Person]; p.paper() {
		c.order(string(open.Person), person.SetChannel{Channel: p.channel}, atCoordinator, nil)
	}
}

// readers are the patients whose page has something for them: they open it after
// a drawn time, and what they read has its receipt.
func (c *clinic) readers() {
	c.t.Helper()
	for _, p := range c.persons {
		who := c.patients[p]
		if who.channel != care.ByPage || who.opens.IsZero() || who.opens.After(c.now()) {
			continue
		}
		who.opens = time.Time{}
		if _, err := casework.View(c.w.ctx, c.w.service, casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(p)}}, casework.MyPlan{}); err != nil {
			c.t.Fatal(err)
		}
		c.settle()
	}
}

// day plays one working day: what came in the post, the list in the morning, what
// came by phone, and in the afternoon the list again, the letters and the calls.
func (c *clinic) day(d care.Date, arrivals func()) {
	c.t.Helper()
	c.until(c.cal.StartOf(d).Add(8 * time.Hour))
	clear(c.reached)
	arrivals()
	c.phoned()
	c.heard()
	c.pass()
	c.until(c.cal.StartOf(d).Add(14*time.Hour + 30*time.Minute))
	c.readers()
	c.heard()
	c.pass()
	c.tell()
	c.looked = c.now()
	c.end(d)
}

// pass goes through the list: what is new since the last time, and what is due
// today or late, in the list's own order.
func (c *clinic) pass() {
	c.t.Helper()
	rows := c.list()
	c.morning(rows)
	tonight := c.cal.EndOf(c.today())
	for _, row := range rows {
		fresh, due := row.Item.Since.After(c.looked), !row.Item.Due.After(tonight)
		if fresh || due {
			c.work(row, fresh, due)
		}
	}
}

// list is Kari's whole list, in its own order.
func (c *clinic) list() []casework.WorkRow {
	c.t.Helper()
	var rows []casework.WorkRow
	for p := 0; ; p++ {
		page, err := casework.View(c.w.ctx, c.w.service, kari, casework.WorkQuery{Page: p, Size: 200})
		if err != nil {
			c.t.Fatal(err)
		}
		rows = append(rows, page.Rows...)
		if len(page.Rows) < 200 {
			break
		}
	}
	return rows
}

// heard records what those outside answered since the last time: Kari finds the
// journey by the name she is told.
func (c *clinic) heard() {
	c.t.Helper()
	var came []inquiry
	for a, at := range c.words {
		if !at.After(c.now()) {
			came = append(came, a)
		}
	}
	slices.SortFunc(came, func(a, b inquiry) int { return strings.Compare(a.journey+a.item, b.journey+b.item) })
	for _, a := range came {
		delete(c.words, a)
		v := c.read(a.journey)
		if i, open := v.State.Items[a.item]; open {
			c.answer(v, i.Item)
		}
	}
}

// phoned are the patients who call with something they want to say: each about
// once in two years (assumed).
func (c *clinic) phoned() {
	c.t.Helper()
	for _, p := range c.persons {
		if c.reply.IntN(500) == 0 {
			c.order(c.patients[p].journey, journey.GiveWords{Kind: "message", Text: "Jeg har fått det verre."}, atCoordinator, byPhone)
		}
	}
}

// read opens a journey.
func (c *clinic) read(id string) casework.JourneyView {
	c.t.Helper()
	v, err := casework.View(c.w.ctx, c.w.service, kari, casework.GetJourney{ID: id})
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

// ask passes something on to whoever must do it; their word comes after some
// working days.
func (c *clinic) ask(v casework.JourneyView, item string, least, most int) {
	if _, again := c.words[inquiry{v.ID, item}]; !again {
		c.words[inquiry{v.ID, item}] = c.days(least, most)
	}
}
