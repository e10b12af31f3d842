package booking

import (
	"slices"
	"testing"
	"time"

	"forlop/care"
)

// desk is a table on which commands are tried: a person with one journey of two
// steps, a visit and a meeting.
type desk struct {
	t     *testing.T
	s     State
	now   time.Time
	known Known
	steps map[int]*Step
}

var (
	clinic = care.Post{Unit: "clinic", Role: "coordinator"}
	cal    = care.CalendarOf(care.Norway)
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, cal.Zone())
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, now: at("2026-03-02 09:00"), steps: map[int]*Step{
		1: {Live: true, Owner: clinic, Planned: at("2026-03-11 10:00")},
		2: {Live: true, Owner: clinic, Meeting: true, Minutes: 45},
	}}
	d.known = Known{
		Regime: care.Norway,
		Step: func(j string, n int) (Step, bool) {
			st, ok := d.steps[n]
			if !ok || j != "j1" {
				return Step{}, false
			}
			return *st, true
		},
		Demands: func(string, int) []time.Time { return []time.Time{d.steps[1].Planned} },
	}
	return d
}

func (d *desk) try(who care.Actor, c Command) error {
	d.t.Helper()
	was := d.s.Clone()
	made, err := Decide(d.s, c, care.Act{At: d.now, Actor: who, Post: clinic}, d.known)
	if err != nil {
		return err
	}
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			d.t.Fatal(err)
		}
		e, err := Events.Decode(m.Event.Type(), body)
		if err != nil {
			d.t.Fatal(err)
		}
		if err := Evolve(&was, care.Recorded{Version: was.Version + 1, Event: e, Happened: d.now, Learned: d.now, Actor: who}); err != nil {
			d.t.Fatal(err)
		}
	}
	d.s = was
	return nil
}

func (d *desk) do(who care.Actor, c Command) {
	d.t.Helper()
	if err := d.try(who, c); err != nil {
		d.t.Fatalf("%s: %v", c.Name(), err)
	}
}

func (d *desk) refuses(code string, who care.Actor, c Command) {
	d.t.Helper()
	refusal, ok := care.AsRefusal(d.try(who, c))
	if !ok || refusal.Code != code {
		d.t.Errorf("%s %+v: %v, and not %s", c.Name(), c, refusal, code)
	}
}

var (
	me   = care.Actor{Kind: care.Patient, ID: "p1"}
	kari = care.Actor{Kind: care.Professional, ID: "kari", Unit: "clinic"}
)

func aCopy() Copy {
	return Copy{Source: "DIPS", Reference: "A-17", At: at("2026-03-11 10:00"), Minutes: 45, Way: "clinic", Place: "Rom 3", Journey: "j1", Step: 1}
}

func TestCopyFollowsItsSource(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(kari, aCopy())
	d.refuses("copy-same", kari, aCopy())
	moved := aCopy()
	moved.At = at("2026-03-12 10:00")
	d.now = d.now.Add(time.Hour)
	d.do(kari, moved)
	if b := d.s.Bookings; len(b) != 1 || !b[0].At.Equal(moved.At) || b[0].Changes != 1 || !b[0].Copied.Copied.Equal(d.now) {
		t.Errorf("a moved booking is %+v", b)
	}
	old := aCopy()
	old.Copied = d.now.Add(-30 * time.Minute)
	d.refuses("copy-older", kari, old)
	d.do(kari, Cancel{Booking: 1})
	if d.s.Of("j1", 1, moved.At) != nil {
		t.Error("a cancelled booking is shown as one that stands")
	}
	d.refuses("no-such-booking", kari, Cancel{Booking: 1})
	d.now = d.now.Add(time.Hour)
	d.do(kari, aCopy())
	if b := d.s.Bookings; len(b) != 1 || b[0].Off {
		t.Errorf("a booking that came back is %+v", b)
	}
}

func TestCopyIsRead(t *testing.T) {
	t.Parallel()
	for code, change := range map[string]func(*Copy){
		"copy-source":      func(c *Copy) { c.Source = " " },
		"copy-reference":   func(c *Copy) { c.Reference = "" },
		"copy-when":        func(c *Copy) { c.At = time.Time{} },
		"copy-past":        func(c *Copy) { c.At = at("2026-03-01 10:00") },
		"planned-too-far":  func(c *Copy) { c.At = at("2066-03-01 10:00") },
		"copy-length":      func(c *Copy) { c.Minutes = -1 },
		"copy-interpreter": func(c *Copy) { c.Interpreter = "maybe" },
		"copy-ahead":       func(c *Copy) { c.Copied = at("2026-03-03 10:00") },
		"copy-step":        func(c *Copy) { c.Step = 9 },
	} {
		d := newDesk(t)
		c := aCopy()
		change(&c)
		d.refuses(code, kari, c)
	}
}

// A booking that a full list lacks is asked about, and never gone by itself.
func TestMissingBookingIsAskedAbout(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(kari, aCopy())
	d.now = d.now.Add(time.Hour)
	d.do(care.Service, Miss{Booking: 1})
	d.refuses("copy-same", care.Service, Miss{Booking: 1})
	items := d.s.Items()
	if len(items) != 1 || items[0].Ref != "booking-missing" || items[0].Post != clinic || d.s.Of("j1", 1, aCopy().At) == nil {
		t.Fatalf("asked: %+v", items)
	}
	for range 5 {
		due, ok := Due(d.s)
		if !ok {
			break
		}
		d.now = due
		d.do(care.Service, Wake{})
	}
	if items := d.s.Items(); len(items) != 2 || items[1].Post.Role != care.Lead || d.s.Bookings[0].Off {
		t.Errorf("a question nobody answers climbs to the lead and ends nothing: %+v", items)
	}
	d.do(kari, Keep{Booking: 1})
	if len(d.s.Items()) != 0 {
		t.Error("kept, and still asked about")
	}
}

func TestWishIsAnsweredAndMovesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	move := Wish{Journey: "j1", Step: 1, Kind: WishMove, For: at("2026-03-11 10:00")}
	d.do(me, move)
	d.refuses("wish-open", me, move)
	stale := move
	stale.For = at("2026-03-12 10:00")
	d.refuses("appointment-moved", me, stale)
	d.refuses("wish-question", me, Wish{Journey: "j1", Step: 1, Kind: WishAsk, For: move.For})
	d.refuses("wish-adapt", me, Wish{Journey: "j1", Step: 1, Kind: WishAdapt, For: move.For})
	d.refuses("adaptation-none", me, Wish{Journey: "j1", Step: 1, Kind: WishAdapt, For: move.For, Adaptations: []Adaptation{"loud"}})
	d.refuses("wish-kind", me, Wish{Journey: "j1", Step: 1, Kind: "lose-place", For: move.For})
	if i := d.s.Items(); len(i) != 1 || i[0].Ref != "wish-move" || i[0].Due.After(move.For) {
		t.Errorf("the wish on the list: %+v", i)
	}
	d.do(me, TakeBack{Wish: 1})
	d.refuses("wish-over", me, TakeBack{Wish: 1})
	d.do(me, move)
	d.refuses("wish-why-not", kari, AnswerWish{Wish: 2, Outcome: WishNotPossible})
	d.do(kari, AnswerWish{Wish: 2, Outcome: WishNotPossible, Words: "Det er fullt til mai."})
	if len(d.s.Items()) != 0 {
		t.Error("answered, and still on the list")
	}
	// After a missed time there is no time to name, and the wish stands all the same.
	d.steps[1].Planned, d.steps[1].Missed = time.Time{}, true
	d.do(me, Wish{Journey: "j1", Step: 1, Kind: WishMove})
	d.do(care.Service, Settle{Journey: "j1", Step: 1, Now: NowPlanned})
	if w := d.s.Wishes[2]; w.Open || w.Outcome != WishDone {
		t.Errorf("a new time answers the wish for one: %+v", w)
	}
}

func proposal(times ...string) ProposeTimes {
	p := ProposeTimes{Journey: "j1", Step: 2, People: []care.Party{{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}}, {Kind: care.PartyOther, Name: "NAV"}}}
	for _, t := range times {
		p.Times = append(p.Times, at(t))
	}
	return p
}

// Invariant 16: what is proposed stays within what the person can bear, or says
// why not; and nothing on two days after each other without asking.
func TestProposalsStayWithinTheEnergy(t *testing.T) {
	t.Parallel()
	d := newDesk(t) // something is planned on Wednesday 11 March
	d.refuses("strain-next-day", kari, proposal("2026-03-12 10:00", "2026-03-20 10:00"))
	d.known.Energy = care.Energy{PerWeek: 1}
	d.refuses("strain-per-week", kari, proposal("2026-03-09 10:00", "2026-03-20 10:00"))
	d.known.Energy = care.Energy{RestDays: 3}
	d.refuses("strain-rest-days", kari, proposal("2026-03-14 10:00", "2026-03-20 10:00"))
	d.known.Energy = care.Energy{Minutes: 30}
	d.refuses("strain-minutes", kari, proposal("2026-03-18 10:00", "2026-03-20 10:00"))
	over := proposal("2026-03-18 10:00", "2026-03-20 10:00")
	over.Despite = "Pasienten ble spurt og vil det."
	d.do(kari, over)
	if p := d.s.Polls[0]; !slices.Contains(p.Times[0].Over, care.TooLong) {
		t.Errorf("what is broken is kept: %+v", p.Times)
	}
}

func TestCommonTime(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.refuses("times-count", kari, proposal("2026-03-18 10:00"))
	d.refuses("times-count", kari, proposal("2026-03-18 10:00", "2026-03-18 10:00"))
	d.refuses("planned-in-past", kari, proposal("2026-03-01 10:00", "2026-03-18 10:00"))
	d.do(kari, proposal("2026-03-18 10:00", "2026-03-20 10:00", "2026-03-24 13:00"))
	d.refuses("times-open", kari, proposal("2026-03-18 10:00", "2026-03-20 10:00"))
	items := d.s.Items()
	if len(items) != 2 || items[0].Ref != "times-proposed" || items[1].Ref != "times-asked" || items[1].Post.Unit != "practice" {
		t.Fatalf("who is waited for: %+v", items)
	}
	d.refuses("times-not-yours", me, AnswerTimes{Poll: 1, Who: 2, Can: []int{1}})
	d.refuses("times-unknown", me, AnswerTimes{Poll: 1, Who: 1, Can: []int{4}})
	d.do(me, AnswerTimes{Poll: 1, Who: 1, Can: []int{2, 3}})
	d.refuses("times-not-patient", kari, SetTime{Poll: 1, Time: 1})
	d.do(kari, AnswerTimes{Poll: 1, Who: 2, Can: []int{2}})
	if p := d.s.Polls[0]; !p.Enough(2) || p.Enough(1) || p.Enough(3) || len(p.Silent()) != 1 {
		t.Errorf("enough: %+v", p)
	}
	// Silence stands on the list at the date, and climbs; it sets nothing.
	due, _ := Due(d.s)
	d.now = due
	d.do(care.Service, Wake{})
	if items := d.s.Items(); !d.s.Polls[0].Open || items[0].Overdue != 1 {
		t.Errorf("silence: %+v", items)
	}
	d.do(kari, SetTime{Poll: 1, Time: 2})
	d.refuses("times-closed", me, AnswerTimes{Poll: 1, Who: 1, Can: []int{1}})
	if len(d.s.Items()) != 0 {
		t.Errorf("set, and still on a list: %+v", d.s.Items())
	}
}
