package booking

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"forlop/care"
)

var (
	patientAt = func(p string) care.Actor { return care.Actor{Kind: care.Patient, ID: p} }
	staff     = care.Actor{Kind: care.Professional, ID: "kari", Unit: "clinic"}
	theClinic = care.Post{Unit: "clinic", Role: care.Desk}
)

// hall is a slot on which commands are tried, with every wake settled before them.
type hall struct {
	s     SlotState
	now   time.Time
	known SlotKnown
	// fresh are the events of the last command and of the wakes before it.
	fresh []care.Event
	// went are the lines of SlotLifecycle that were gone through.
	went map[Transition]bool
}

func newHall() *hall {
	return &hall{now: at("2026-03-02 09:00"), went: map[Transition]bool{}, known: SlotKnown{
		Regime: care.Norway, Mine: true,
		Died: func(care.PersonKey) bool { return false }, OfUnit: func(care.PersonKey) bool { return true },
		Contact: func(care.PersonKey) care.Post { return clinic },
	}}
}

func (h *hall) step(c ScheduleCommand, who care.Actor, when time.Time) error {
	made, err := DecideSlot(h.s, c, care.Act{At: when, Actor: who, Post: theClinic}, h.known)
	if err != nil {
		return err
	}
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			return fmt.Errorf("not a refusal: %w", err)
		}
		event, err := ScheduleEvents.Decode(m.Event.Type(), body)
		if err != nil {
			return fmt.Errorf("not a refusal: %w", err)
		}
		before := h.s
		h.s = h.s.Clone()
		if err := EvolveSlot(&h.s, care.Recorded{Version: h.s.Version + 1, Event: event, Happened: when, Learned: when, Actor: who}); err != nil {
			return fmt.Errorf("not a refusal: %w", err)
		}
		h.fresh = append(h.fresh, event)
		if err := h.follow(before, event.Type()); err != nil {
			return err
		}
	}
	return nil
}

// follow finds the line of SlotLifecycle that each change of a status is.
func (h *hall) follow(before SlotState, event string) error {
	check := func(of, from, to string) error {
		line := Transition{of, from, event, to}
		if from == to {
			return nil
		}
		h.went[line] = true
		if !slices.Contains(SlotLifecycle(), line) {
			return fmt.Errorf("not a refusal: %s goes from %q to %q by %s", of, from, to, event)
		}
		return nil
	}
	err := check("slot", string(before.Status), string(h.s.Status))
	for i := range max(len(before.Seats), len(h.s.Seats)) {
		err = errors.Join(err, check("seat", statusAt(before.Seats, i), statusAt(h.s.Seats, i)))
	}
	for i := range h.s.Tellings {
		err = errors.Join(err, check("telling", statusAt(before.Tellings, i), statusAt(h.s.Tellings, i)))
	}
	return err
}

func statusAt[T interface{ status() string }](list []T, i int) string {
	if i >= len(list) {
		return ""
	}
	return list[i].status()
}

// TestSlotLife goes through every line of SlotLifecycle; no other can be gone
// through, here or in any other test of slots.
func TestSlotLife(t *testing.T) {
	t.Parallel()
	went := map[Transition]bool{}
	for _, end := range []string{"cancelled", "ended"} {
		h := newHall()
		h.went = went
		slot := course(2, "2026-03-20 10:00")
		want(t, h.try(staff, slot), "")
		for _, p := range []care.PersonKey{"a", "b"} {
			want(t, h.try(staff, TakeSeat{p}), "")
		}
		want(t, h.try(care.Service, TellSeat{Telling: 1, How: care.ByPage}), "")
		for _, p := range []care.PersonKey{"c", "d", "e"} {
			want(t, h.try(patientAt(string(p)), Wait{p}), "")
		}
		want(t, h.try(patientAt("a"), GiveBack{"a"}), "")
		want(t, h.try(patientAt("c"), GiveBack{"c"}), "")     // offered, and passed on
		want(t, h.try(patientAt("d"), LeaveWaiting{"d"}), "") // offered, and off the list
		want(t, h.try(patientAt("e"), TakeSeat{"e"}), "")
		want(t, h.try(patientAt("c"), LeaveWaiting{"c"}), "")
		wider := slot.Slot
		wider.Seats = 3
		want(t, h.try(staff, ChangeSlot{wider}), "")
		want(t, h.try(staff, ChangeSlot{slot.Slot}), "")
		want(t, h.try(patientAt("f"), Wait{"f"}), "")
		h.now = at("2026-03-20 09:30")
		want(t, h.try(staff, GiveBack{"b"}), "")
		if end == "cancelled" {
			want(t, h.try(staff, CancelSlot{Next: NextNewDate}), "")
		} else {
			h.now = at("2026-03-20 12:00")
			want(t, h.try(staff, Attend{"e", 1, true}), "")
		}
		if string(h.s.Status) != end {
			t.Fatalf("it is %s, not %s", h.s.Status, end)
		}
	}
	for _, line := range SlotLifecycle() {
		if !went[line] {
			t.Errorf("nothing went from %q to %q by %s (%s)", line.From, line.To, line.Event, line.Of)
		}
	}
	undone := map[string]int{}
	for _, u := range SlotUndos() {
		undone[u.Event]++
		if !slices.Contains(ScheduleEvents.Types(), u.Event) || u.By != "" && !slices.Contains(ScheduleEvents.Types(), u.By) {
			t.Errorf("%s or %s is no event", u.Event, u.By)
		}
	}
	for _, typ := range ScheduleEvents.Types() {
		if undone[typ] != 1 {
			t.Errorf("how %s is taken back is said %d times", typ, undone[typ])
		}
	}
}

func (h *hall) try(who care.Actor, c ScheduleCommand) error {
	h.fresh = nil
	for {
		due, ok := DueSlot(h.s)
		if !ok || due.After(h.now) {
			return h.step(c, who, h.now)
		}
		before := len(h.fresh)
		if err := h.step(SlotWake{}, care.Service, due); err != nil || len(h.fresh) == before {
			return fmt.Errorf("not a refusal: the wake at %s made %d events, %v", due, len(h.fresh)-before, err)
		}
	}
}

func course(seats int, dates ...string) OpenSlot {
	c := OpenSlot{Unit: "clinic", Slot: Slot{
		Kind: CourseSlot, Title: map[care.Language]string{care.Bokmal: "Mestringskurs"}, Way: SlotAtPlace, Place: "Rom 2", Minutes: 90,
		Seats: seats, Join: JoinOpen, Contact: "22 00 00 00",
	}}
	for _, d := range dates {
		c.Dates = append(c.Dates, at(d))
	}
	return c
}

func want(t *testing.T, err error, code string) {
	t.Helper()
	got := ""
	if r, refused := care.AsRefusal(err); refused {
		got = r.Code
	} else if err != nil {
		t.Fatal(err)
	}
	if got != code {
		t.Fatalf("answered %q, want %q (%v)", got, code, err)
	}
}

// ledger is kept beside the state, from the events alone, in the plainest way there
// is.
type ledger struct {
	seats   int
	seated  map[int]care.PersonKey
	offered map[int]care.PersonKey
	waiting []care.PersonKey
	passed  map[int][]care.PersonKey
}

func (l *ledger) take(e care.Event) error {
	switch e := e.(type) {
	case SlotChanged:
		l.seats = e.Seats
	case WaitBegun:
		if slices.Contains(l.waiting, e.Person) {
			return fmt.Errorf("%s waits twice", e.Person)
		}
		l.waiting = append(l.waiting, e.Person)
	case WaitLeft:
		l.gone(e.Person)
	case SeatOffered:
		if p := l.seated[e.Seat]; p != "" {
			return fmt.Errorf("seat %d of %s is offered to %s", e.Seat, p, e.Person)
		}
		for _, p := range l.waiting {
			if p == e.Person {
				break
			}
			asked := slices.Contains(l.passed[e.Seat], p)
			for _, other := range l.offered {
				asked = asked || other == p
			}
			if !asked {
				return fmt.Errorf("%s is offered seat %d before %s, who waited longer", e.Person, e.Seat, p)
			}
		}
		if !slices.Contains(l.waiting, e.Person) {
			return fmt.Errorf("%s is offered a seat and does not wait", e.Person)
		}
		l.offered[e.Seat] = e.Person
	case OfferPassed:
		if l.offered[e.Seat] != e.Person {
			return fmt.Errorf("%s passes on seat %d of %s", e.Person, e.Seat, l.offered[e.Seat])
		}
		delete(l.offered, e.Seat)
		l.passed[e.Seat] = append(l.passed[e.Seat], e.Person)
	case SeatTaken:
		for seat, p := range l.seated {
			if p == e.Person || seat == e.Seat {
				return fmt.Errorf("seat %d goes to %s while %s has seat %d", e.Seat, e.Person, p, seat)
			}
		}
		if p := l.offered[e.Seat]; p != "" && p != e.Person {
			return fmt.Errorf("seat %d goes to %s while it is offered to %s", e.Seat, e.Person, p)
		}
		for _, p := range l.waiting {
			if p != e.Person && l.offered[e.Seat] == "" && !slices.Contains(l.passed[e.Seat], p) && !l.isOffered(p) {
				return fmt.Errorf("seat %d goes to %s past %s, who waits", e.Seat, e.Person, p)
			}
		}
		l.gone(e.Person)
		delete(l.passed, e.Seat)
		l.seated[e.Seat] = e.Person
	case SeatGivenBack:
		if l.seated[e.Seat] != e.Person {
			return fmt.Errorf("%s gives back seat %d of %s", e.Person, e.Seat, l.seated[e.Seat])
		}
		delete(l.seated, e.Seat)
		delete(l.passed, e.Seat)
	case SlotCancelled, SlotEnded:
		l.waiting, l.offered = nil, map[int]care.PersonKey{}
	}
	for seat := range l.seated {
		if seat < 1 || seat > l.seats || len(l.seated)+len(l.offered) > l.seats {
			return fmt.Errorf("%d seated and %d offered on %d seats", len(l.seated), len(l.offered), l.seats)
		}
	}
	return nil
}

func (l *ledger) isOffered(p care.PersonKey) bool {
	for _, other := range l.offered {
		if other == p {
			return true
		}
	}
	return false
}

func (l *ledger) gone(p care.PersonKey) {
	l.waiting = slices.DeleteFunc(l.waiting, func(w care.PersonKey) bool { return w == p })
	for seat, other := range l.offered {
		if other == p {
			delete(l.offered, seat)
		}
	}
}

// TestSeatsAreNeverOverbooked plays random lives of a course: there are never more
// seated than seats, each seat is somebody's once, and the waiting list is kept.
func TestSeatsAreNeverOverbooked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := newHall()
		l := &ledger{seated: map[int]care.PersonKey{}, offered: map[int]care.PersonKey{}, passed: map[int][]care.PersonKey{}}
		slot := course(rapid.IntRange(1, 3).Draw(t, "seats"), "2026-03-16 10:00", "2026-03-23 10:00")
		l.seats = slot.Seats
		if err := h.try(staff, slot); err != nil {
			t.Fatal(err)
		}
		for n := range rapid.IntRange(5, 40).Draw(t, "acts") {
			if n > 0 {
				h.now = h.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "hours")) * time.Hour)
			}
			p := care.PersonKey(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}).Draw(t, "person"))
			who := patientAt(string(p))
			if rapid.Bool().Draw(t, "staff") {
				who = staff
			}
			var c ScheduleCommand
			switch rapid.IntRange(0, 9).Draw(t, "act") {
			case 0, 1, 2:
				c = TakeSeat{p}
			case 3, 4:
				c = Wait{p}
			case 5, 6:
				c = GiveBack{p}
			case 7:
				c = LeaveWaiting{p}
			case 8:
				more := slot.Slot
				more.Seats = rapid.IntRange(1, 4).Draw(t, "anew")
				c = ChangeSlot{more}
			default:
				c = EmptySeat{p}
			}
			err := h.try(who, c)
			if _, refused := care.AsRefusal(err); err != nil && !refused {
				t.Fatal(err)
			}
			for _, e := range h.fresh {
				if err := l.take(e); err != nil {
					t.Fatalf("%T: %v", c, err)
				}
			}
			if h.s.Taken() != len(l.seated) || len(h.s.Waiting) != len(l.waiting) {
				t.Fatalf("the state has %d seated and %d waiting, the ledger %d and %d", h.s.Taken(), len(h.s.Waiting), len(l.seated), len(l.waiting))
			}
		}
	})
}

// TestFreedSeatGoesDownTheList: a freed seat is offered to who waited longest; who
// does not answer loses nothing but that seat.
func TestFreedSeatGoesDownTheList(t *testing.T) {
	t.Parallel()
	h := newHall()
	want(t, h.try(staff, course(1, "2026-03-20 10:00")), "")
	want(t, h.try(patientAt("a"), TakeSeat{"a"}), "")
	want(t, h.try(patientAt("b"), TakeSeat{"b"}), "seats-full")
	want(t, h.try(patientAt("b"), Wait{"b"}), "")
	want(t, h.try(patientAt("c"), Wait{"c"}), "")
	want(t, h.try(patientAt("c"), Wait{"c"}), "waiting-already")
	want(t, h.try(patientAt("a"), GiveBack{"a"}), "")
	if x, has := h.s.Of("b"); !has || !x.Offered || !x.Until.After(h.now) {
		t.Fatalf("the seat is not offered to who waited longest: %+v", h.s.Seats)
	}
	want(t, h.try(patientAt("d"), TakeSeat{"d"}), "seats-full")
	h.now = h.now.AddDate(0, 0, 3) // b says nothing
	want(t, h.try(patientAt("d"), TakeSeat{"d"}), "seats-full")
	if x, _ := h.s.Of("c"); !x.Offered || h.s.Place("b") != 1 || h.s.Place("c") != 2 {
		t.Fatalf("silence moved a place, or the seat did not move on: %+v %v", h.s.Seats, h.s.Waiting)
	}
	want(t, h.try(patientAt("c"), GiveBack{"c"}), "")
	// Nobody on the list wants this one: it is anybody's now, theirs as well.
	if h.s.Left() != 1 {
		t.Fatalf("%+v", h.s.Seats)
	}
	want(t, h.try(patientAt("d"), Wait{"d"}), "seat-free")
	want(t, h.try(patientAt("d"), TakeSeat{"d"}), "")
	want(t, h.try(staff, GiveBack{"d"}), "")
	if x, _ := h.s.Of("b"); !x.Offered {
		t.Fatalf("the next seat is not offered from the top of the list: %+v", h.s.Seats)
	}
}

// owed lists what somebody is owed word of.
func (h *hall) owed(p care.PersonKey) (out []SeatAbout) {
	for _, t := range h.s.Tellings {
		if t.Person == p && t.Open() {
			out = append(out, t.About)
		}
	}
	return out
}

// TestEverybodyIsTold: who has a seat hears of what changes; what they did
// themselves is no news, and a newer word takes the place of an older.
func TestEverybodyIsTold(t *testing.T) {
	t.Parallel()
	h := newHall()
	slot := course(2, "2026-03-20 10:00")
	want(t, h.try(staff, slot), "")
	want(t, h.try(patientAt("a"), TakeSeat{"a"}), "")
	want(t, h.try(staff, TakeSeat{"b"}), "")
	want(t, h.try(patientAt("c"), Wait{"c"}), "")
	check := func(p care.PersonKey, about ...SeatAbout) {
		t.Helper()
		if got := h.owed(p); !slices.Equal(got, about) {
			t.Fatalf("%s is owed %v, want %v", p, got, about)
		}
	}
	check("a")
	check("b", ToldTaken)
	moved := ChangeSlot{slot.Slot}
	moved.Title = map[care.Language]string{care.Bokmal: "Et annet navn"}
	want(t, h.try(staff, moved), "")
	check("a")
	moved.Dates = []time.Time{at("2026-03-21 10:00")}
	want(t, h.try(staff, moved), "")
	check("a", ToldMoved)
	check("b", ToldMoved)
	check("c")
	want(t, h.try(care.Service, TellSeat{Telling: len(h.s.Tellings), How: care.ByPage}), "")
	check("b")
	if items := h.s.Items(); len(items) != 1 || items[0].Kind != care.TellItem || h.s.PersonOf(items[0]) != "a" || items[0].Post != clinic {
		t.Fatalf("%+v", items)
	}
	// Not seen to in time, it climbs.
	h.now = h.now.AddDate(0, 0, 5)
	want(t, h.try(staff, CancelSlot{Next: "maybe"}), "slot-next")
	if items := h.s.Items(); len(items) != 2 || items[1].Kind != care.EscalationItem || items[1].Post != (care.Post{Unit: "clinic", Role: care.Desk}) {
		t.Fatalf("%+v", items)
	}
	want(t, h.try(staff, CancelSlot{Next: NextNewDate}), "")
	check("a", ToldCancelled)
	check("b", ToldCancelled)
	check("c", ToldCancelled)
	want(t, h.try(patientAt("d"), TakeSeat{"d"}), "slot-cancelled")
	want(t, h.try(patientAt("a"), GiveBack{"a"}), "seat-none")
}

// TestTimeRemindsAndEnds: a reminder is owed two days before, and is nobody's task;
// absence is a note, and nothing follows from it.
func TestTimeRemindsAndEnds(t *testing.T) {
	t.Parallel()
	h := newHall()
	want(t, h.try(staff, course(2, "2026-03-20 10:00", "2026-03-27 10:00")), "")
	want(t, h.try(patientAt("a"), TakeSeat{"a"}), "")
	want(t, h.try(staff, Attend{"a", 1, false}), "attend-when")
	h.now = at("2026-03-18 10:00")
	want(t, h.try(care.Service, TellSeat{Telling: 9}), "told-already")
	if got := h.owed("a"); !slices.Equal(got, []SeatAbout{ToldReminder}) || len(h.s.Items()) != 0 {
		t.Fatalf("owed %v, items %v", got, h.s.Items())
	}
	h.now = at("2026-03-20 10:30")
	want(t, h.try(patientAt("b"), TakeSeat{"b"}), "slot-begun")
	if got := h.owed("a"); len(got) != 0 {
		t.Fatalf("a reminder outlived its date: %v", got)
	}
	want(t, h.try(staff, Attend{"a", 1, false}), "")
	if x, has := h.s.Of("a"); !has || x.Offered || len(h.owed("a")) != 0 || h.s.Status != SlotIsOpen {
		t.Fatalf("absence changed more than a note: %+v", h.s)
	}
	h.now = at("2026-03-27 12:00")
	want(t, h.try(staff, Attend{"a", 2, true}), "")
	if h.s.Status != SlotIsEnded {
		t.Fatalf("it is %q after its last date", h.s.Status)
	}
	if due, ok := DueSlot(h.s); ok {
		t.Fatalf("an ended slot is due at %s", due)
	}
}

// TestWhoMayJoin: the ways to join hold for those who take a seat themselves.
func TestWhoMayJoin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		slot func(*OpenSlot)
		home string
	}{
		{"open", func(*OpenSlot) {}, ""},
		{"unit", func(o *OpenSlot) { o.Join = JoinUnit }, "slot-of-unit"},
		{"referral", func(o *OpenSlot) { o.Join = JoinReferral }, "slot-by-referral"},
		{"meeting", func(o *OpenSlot) { o.Kind = MeetingSlot }, "no-such-slot"},
		{"late", func(o *OpenSlot) { o.Deadline = at("2026-03-03 00:00") }, "slot-deadline"},
	} {
		h := newHall()
		h.known.OfUnit = func(care.PersonKey) bool { return false }
		slot := course(3, "2026-03-20 10:00")
		c.slot(&slot)
		want(t, h.try(staff, slot), "")
		h.now = h.now.AddDate(0, 0, 2)
		t.Run(c.name, func(t *testing.T) {
			want(t, h.try(patientAt("a"), TakeSeat{"a"}), c.home)
			want(t, h.try(staff, TakeSeat{"b"}), "")
		})
	}
}

// TestSlotIsWhole: what nobody could act on is refused, with the field it is about.
func TestSlotIsWhole(t *testing.T) {
	t.Parallel()
	for code, spoil := range map[string]func(*OpenSlot){
		"slot-kind":          func(o *OpenSlot) { o.Kind = "party" },
		"slot-title":         func(o *OpenSlot) { o.Title = map[care.Language]string{care.Bokmal: "  "} },
		"slot-place":         func(o *OpenSlot) { o.Place = "" },
		"copy-length":        func(o *OpenSlot) { o.Minutes = 0 },
		"slot-seats":         func(o *OpenSlot) { o.Seats = 501 },
		"slot-minimum":       func(o *OpenSlot) { o.Minimum = 9 },
		"slot-join":          func(o *OpenSlot) { o.Join = "" },
		"slot-contact":       func(o *OpenSlot) { o.Contact = "" },
		"slot-dates":         func(o *OpenSlot) { o.Dates = nil },
		"slot-past":          func(o *OpenSlot) { o.Dates = []time.Time{at("2026-03-01 10:00")} },
		"planned-too-far":    func(o *OpenSlot) { o.Dates = []time.Time{at("2036-03-01 10:00")} },
		"slot-deadline-late": func(o *OpenSlot) { o.Deadline = at("2026-03-20 10:01") },
	} {
		h, slot := newHall(), course(3, "2026-03-20 10:00")
		spoil(&slot)
		want(t, h.try(staff, slot), code)
	}
	h := newHall()
	h.known.Mine = false
	want(t, h.try(staff, course(3, "2026-03-20 10:00")), "slot-not-yours")
}
