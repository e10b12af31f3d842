package journey_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
)

var oslo = care.CalendarOf(care.Norway)

// instant reads a local time.
func instant(text string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, oslo.Zone())
	if err != nil {
		panic(err)
	}
	return at.UTC()
}

func day(text string) care.Date {
	d, err := care.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func post(unit, role string) care.Post {
	return care.Post{Unit: care.UnitID(unit), Role: care.Role(role)}
}
func party(unit, role string) care.Party {
	return care.Party{Kind: care.PartyUnit, Post: post(unit, role)}
}

var (
	gp          = post("practice", "gp")
	otherGP     = post("practice-b", "gp")
	desk        = post("clinic", "desk")
	coordinator = post("clinic", "coordinator")
	team        = post("clinic", "team")
	deskB       = post("clinic-b", "desk")
	coordB      = post("clinic-b", "coordinator")
	teamB       = post("clinic-b", "team")
	municipal   = post("municipality", "municipality")
	trustLead   = post("trust", "lead")
	thePatient  = care.Party{Kind: care.PartyPatient}
)

// carried is who is recorded to carry prescriptions and sick notes: a hand-over
// that says nothing itself takes it from there.
var carried = journey.Carriers{
	Prescriptions: party("practice", "gp"), SickNotes: party("practice", "gp"), SickNotesUntil: day("2027-06-30"),
}

// town is the directory of these tests: a unit by its kind, who is staffed, and
// who answers for whom.
type town struct {
	kinds    map[care.UnitID]string
	closed   map[care.UnitID]bool
	unmanned map[care.UnitID]bool
}

func newTown() *town {
	return &town{
		kinds: map[care.UnitID]string{
			"practice": "primary-care", "practice-b": "primary-care", "clinic": "pain-clinic", "clinic-b": "pain-clinic",
			"municipality": "municipal-service", "nav": "work-and-welfare", "trust": "trust",
		},
		closed: map[care.UnitID]bool{}, unmanned: map[care.UnitID]bool{},
	}
}

func (t *town) Exists(p care.Post) bool {
	return t.kinds[p.Unit] != "" && !t.closed[p.Unit] && p.Role != "nobody"
}
func (t *town) Kind(u care.UnitID) string { return t.kinds[u] }
func (t *town) Staffed(p care.Post, _ time.Time) bool {
	return t.Exists(p) && !t.unmanned[p.Unit]
}
func (t *town) Lead(u care.UnitID, _ time.Time) care.Post {
	switch u {
	case "clinic", "clinic-b":
		return trustLead
	}
	return care.Post{Unit: u, Role: care.Lead}
}

// tester is what a life needs of the test it is in: a plain one or a random one.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// life is one journey as the program lives it: events are stored as bytes and
// read back, wakes are settled before every command, and every law is held at
// every event.
type life struct {
	t    tester
	s    *journey.State
	log  []care.Recorded
	text []care.Sealed
	k    journey.Known
	town *town
	now  time.Time
	who  care.Post
	keys int
	// light leaves the comparing to other lives, where there are many.
	light bool
}

func newLife(t tester) *life {
	town := newTown()
	return &life{
		t: t, s: journey.New(), town: town, now: instant("2026-01-05 09:00"), who: coordinator,
		k: journey.Known{
			Definition: shelf, Calendar: oslo, Posts: town,
			Person: journey.Person{Born: day("1980-05-17"), FirstContact: coordinator, GP: gp, Carriers: carried},
		},
	}
}

type with func(*care.Act)

func by(p care.Post) with { return func(a *care.Act) { a.Post = p } }
func behalf(p care.Party, how care.Channel) with {
	return func(a *care.Act) { a.For = &care.OnBehalf{Of: p, How: how} }
}
func happened(text string) with { return func(a *care.Act) { a.Happened = instant(text) } }
func saw(version int) with      { return func(a *care.Act) { a.Seen = care.Seen(version) } }
func bySelf(a *care.Act) {
	a.Actor, a.Post = care.Actor{Kind: care.Patient, ID: "ola"}, care.Post{}
}

// do carries a command out and fails the test if it is refused.
func (l *life) do(c journey.Command, how ...with) []care.Event {
	l.t.Helper()
	events, err := l.try(c, how...)
	if err != nil {
		l.t.Fatalf("%s at %s: %v", c.Name(), l.now.In(oslo.Zone()).Format("2006-01-02 15:04"), err)
	}
	return events
}

// refuse carries a command out and fails the test unless it is refused so.
func (l *life) refuse(code string, c journey.Command, how ...with) {
	l.t.Helper()
	_, err := l.try(c, how...)
	r, ok := care.AsRefusal(err)
	if !ok {
		l.t.Fatalf("%s: %v, want the refusal %s", c.Name(), err, code)
	}
	if r.Code != code {
		l.t.Fatalf("%s is refused with %s (%v), want %s", c.Name(), r.Code, r, code)
	}
	covered.Lock()
	covered.refusals[code] = true
	covered.Unlock()
}

func (l *life) try(c journey.Command, how ...with) ([]care.Event, error) {
	l.t.Helper()
	l.settle(l.now)
	act := care.Act{At: l.now, Actor: care.Actor{Kind: care.Professional, ID: "kari", Unit: l.who.Unit}, Post: l.who}
	for _, f := range how {
		f(&act)
	}
	l.keys++
	return l.carry(c, act, fmt.Sprintf("key %d", l.keys))
}

// carry decides one command and stores what comes of it.
func (l *life) carry(c journey.Command, act care.Act, key string) ([]care.Event, error) {
	l.t.Helper()
	made, err := l.decide(c, act)
	if err != nil {
		if _, refused := care.AsRefusal(err); !refused {
			l.t.Fatalf("%s: a fault of ours: %v", c.Name(), err)
		}
		return nil, err
	}
	covered.Lock()
	covered.commands[c.Name()] = true
	covered.Unlock()
	var events []care.Event
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			l.t.Fatal(err)
		}
		e, err := journey.Events.Decode(m.Event.Type(), body)
		if err != nil {
			l.t.Fatal(err)
		}
		if back, err := care.Encode(e); err != nil || !bytes.Equal(back, body) {
			l.t.Fatalf("%s is written %s and read back as %s (%v)", e.Type(), body, back, err)
		}
		r := care.Recorded{
			Version: len(l.log) + 1, Event: e, Happened: act.When().UTC().Truncate(time.Microsecond), Learned: act.At.UTC().Truncate(time.Microsecond),
			Actor: act.Actor, Post: act.Post, Command: key, For: act.For,
		}
		was := l.s.Clone()
		if err := journey.Evolve(l.s, r); err != nil {
			l.t.Fatal(err)
		}
		note(was, l.s, r)
		if l.s.Status == journey.Running && (l.s.Responsible.Unit == "" || l.s.Responsible.Role == "") {
			l.t.Fatalf("after %s nobody is responsible", e.Type())
		}
		l.log, l.text = append(l.log, r), append(l.text, m.Sealed)
		events = append(events, e)
	}
	l.hold()
	return events, nil
}

// decide decides a command twice. It gives the same answer both times, and
// changes neither the state nor the command.
func (l *life) decide(c journey.Command, act care.Act) ([]care.Made, error) {
	l.t.Helper()
	if l.light {
		return journey.Decide(l.s, c, act, l.k)
	}
	before, asked := inBytes(l.t, l.s), inBytes(l.t, c)
	made, err := journey.Decide(l.s, c, act, l.k)
	again, errAgain := journey.Decide(l.s, c, act, l.k)
	if after := inBytes(l.t, l.s); !bytes.Equal(before, after) {
		l.t.Fatalf("deciding %s changed the state:\n%s\n%s", c.Name(), before, after)
	}
	if after := inBytes(l.t, c); !bytes.Equal(asked, after) {
		l.t.Fatalf("deciding changed the command %s", asked)
	}
	if (err == nil) != (errAgain == nil) || !bytes.Equal(inBytes(l.t, made), inBytes(l.t, again)) {
		l.t.Fatalf("deciding %s twice gives two answers", c.Name())
	}
	return made, err
}

// hold holds the laws, and that the state is the fold of the log.
func (l *life) hold() {
	l.t.Helper()
	if err := journey.Check(l.s, l.k.Calendar); err != nil {
		l.t.Fatalf("after %s: %v", l.log[len(l.log)-1].Event.Type(), err)
	}
	if l.light {
		return
	}
	folded, err := journey.Fold(l.log)
	if err != nil {
		l.t.Fatal(err)
	}
	if a, b := inBytes(l.t, l.s), inBytes(l.t, folded); !bytes.Equal(a, b) {
		l.t.Fatalf("the state is not the fold of its events:\n%s\n%s", a, b)
	}
}

// settle carries out every wake that is due, each at its own instant.
func (l *life) settle(until time.Time) {
	l.t.Helper()
	for range 1000 {
		due, ok := journey.Due(l.s)
		if !ok || due.After(until) {
			return
		}
		act := care.Act{At: due, Actor: care.Service}
		events, err := l.carry(journey.Wake{}, act, "wake "+due.Format(time.RFC3339Nano))
		if err != nil || len(events) == 0 {
			l.t.Fatalf("waking at %s gives %d events and %v", due, len(events), err)
		}
	}
	l.t.Fatal("waking does not come to rest")
}

// pass lets time pass until a local time.
func (l *life) pass(until string) {
	l.t.Helper()
	l.now = instant(until)
	l.settle(l.now)
}

func inBytes(t tester, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refer opens a journey with a referral from the general practice.
func (l *life) refer(change ...func(*journey.Open)) {
	l.t.Helper()
	c := journey.Open{
		Person: "ola", Regime: care.Norway, Pathway: made().Ref, Origin: journey.Referred, Sender: party("practice", "gp"),
		Received: l.now, Desk: desk, Reason: "Vondt i ryggen i to år.",
	}
	for _, f := range change {
		f(&c)
	}
	l.do(c, by(gp))
}

// n is the ordinal of the newest step of an id.
func (l *life) n(id pathway.StepID) int {
	l.t.Helper()
	st := l.s.StepOf(id)
	if st == nil {
		l.t.Fatalf("there is no step %s", id)
	}
	return st.Step
}

func (l *life) step(id pathway.StepID) journey.Step {
	l.t.Helper()
	return l.s.Steps[l.n(id)-1]
}

func (l *life) answer(kind pathway.AnswerKind) journey.Answer {
	l.t.Helper()
	return l.answerAt(l.n("assess-referral"), kind)
}

func (l *life) answerAt(step int, kind pathway.AnswerKind) journey.Answer {
	a := journey.Answer{Step: step, Answer: kind, Right: journey.HasRight, LatestLegal: oslo.Date(l.now).AddDays(60),
		Reasons: "Sammensatt smerte.", HowToComplain: "Klag til Statsforvalteren.", Message: "Velkommen."}
	switch kind {
	case pathway.Advise:
		a.To, a.Plan = gp, "Fysioterapi og samtaler."
	case pathway.Redirect:
		a.To = deskB
	case pathway.Ask:
		a.Question = "Hvilke medisiner er prøvd?"
	}
	return a
}

func (l *life) accept() { l.t.Helper(); l.do(l.answer(pathway.Accept)) }

// assess brings the journey to the start of the assessment.
func (l *life) assess() {
	l.t.Helper()
	l.refer()
	l.accept()
	l.do(journey.CompleteStep{Step: l.n("start-assessment")}, by(team))
}

// meet calls and holds the meeting.
func (l *life) meet(agreed ...journey.NewIntervention) {
	l.t.Helper()
	l.do(journey.CallMeeting{Step: l.n("meeting"), At: l.now.Add(24 * time.Hour), Participants: []journey.Participant{
		{Party: thePatient}, {Party: party("clinic", "team"), Role: "team"}, {Party: party("nav", "nav"), Role: "nav"},
	}})
	l.now = l.now.Add(25 * time.Hour)
	l.do(journey.HoldMeeting{Meeting: len(l.s.Meetings), PatientPresent: true, Items: protocol(), Agreed: agreed})
}

func protocol() []journey.ItemProtocol {
	return []journey.ItemProtocol{
		{Item: "opening", PatientFirst: true, Present: []pathway.RoleID{"team", "gp"}},
		{Item: "work", PatientFirst: true, Present: []pathway.RoleID{"team", "nav"}},
	}
}

// has reports whether an event of the type is among events.
func has(events []care.Event, types ...string) bool {
	for _, typ := range types {
		if !slices.ContainsFunc(events, func(e care.Event) bool { return e.Type() == typ }) {
			return false
		}
	}
	return true
}

// find is the first event of its type.
func find[E care.Event](t tester, events []care.Event) E {
	t.Helper()
	for _, e := range events {
		if x, ok := e.(E); ok {
			return x
		}
	}
	var none E
	t.Fatalf("there is no %s among %d events", none.Type(), len(events))
	return none
}

// item is an open item by its key.
func (l *life) item(key string) (journey.Item, bool) {
	i, ok := l.s.Items[key]
	return i, ok
}

func itoa(n int) string { return strconv.Itoa(n) }
