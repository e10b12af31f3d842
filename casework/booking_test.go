package casework_test

import (
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
)

// arranged is a patient whose assessment is open, with a meeting to be called.
func (b *bundle) arranged() (care.PersonKey, string) {
	b.t.Helper()
	p, id := b.refer("Liv Berg")
	b.accept(id)
	return p, id
}

func (b *bundle) refused(code string, who casework.Who, target string, c interface{ Name() string }) {
	b.t.Helper()
	_, err := b.try(who, target, c)
	if refusal, ok := care.AsRefusal(err); !ok || refusal.Code != code {
		b.t.Errorf("%s: %v, and not %s", c.Name(), err, code)
	}
}

// A booking of the record system is a copy: it plans the step, moves it, and takes
// its time away, each in the same append, and says where it was copied from.
func TestBookingIsCopied(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.arranged()
	visit := b.step(id, "start-assessment")
	at := instant("2026-02-11 10:00")
	c := booking.Copy{Source: "DIPS", Reference: "A-17", At: at, Minutes: 45, Way: "clinic", Place: "Rom 3", With: "Turid", Journey: id, Step: visit.Step}
	b.must(kari, string(p), c)
	v := b.journey(kari, id)
	st := v.State.Steps[visit.Step-1]
	if !st.Planned.Equal(at) || st.Copied == nil || st.Copied.Source != "DIPS" || !st.Copied.At.Equal(b.clock.Now()) {
		t.Fatalf("the step is %+v", st)
	}
	copied := v.Bookings.State.Of(id, visit.Step, at)
	if copied == nil || v.Bookings.Text[copied.Text]["place"] != "Rom 3" {
		t.Fatalf("the copy is %+v", copied)
	}
	uid := b.s.Appointments(v, visit.Step)[0]
	b.must(patient(p), string(p), booking.Wish{Journey: id, Step: visit.Step, Kind: booking.WishMove, For: at, Words: "Helst senere på dagen."})
	b.refused("no-basis", as("nils", "clinic-b", care.Desk), string(p), booking.AnswerWish{Wish: 1, Outcome: booking.WishDone})
	list, err := casework.View(b.ctx, b.s, as("turid", "clinic", "team"), casework.WorkQuery{Refs: []string{"wish-move"}, Size: 10})
	if err != nil || len(list.Rows) != 1 || list.Rows[0].Journey != id {
		t.Fatalf("the wish on the worklist: %+v, %v", list.Rows, err)
	}
	b.clock.pass(time.Hour)
	c.At = instant("2026-02-12 14:00")
	b.must(kari, string(p), c)
	v = b.journey(kari, id)
	if w := v.Bookings.State.Wishes[0]; w.Open || w.Outcome != booking.WishDone {
		t.Errorf("moved, and the wish is %+v", w)
	}
	b.refused("appointment-moved", patient(p), string(p), booking.Wish{Journey: id, Step: visit.Step, Kind: booking.WishCancel, For: at})
	moved := b.s.Appointments(v, visit.Step)
	if len(moved) != 1 || moved[0].UID != uid.UID || moved[0].Sequence <= uid.Sequence || moved[0].Minutes != 45 {
		t.Errorf("in the calendar: %+v after %+v", moved, uid)
	}
	b.must(kari, string(p), booking.Cancel{Booking: 1})
	v = b.journey(kari, id)
	if st := v.State.Steps[visit.Step-1]; !st.Planned.IsZero() || !st.Live() || st.Due.IsZero() {
		t.Errorf("cancelled there, the step is to be planned anew: %+v", st)
	}
	if off := b.s.Appointments(v, visit.Step)[0]; !off.Off || off.UID != uid.UID || off.Sequence <= moved[0].Sequence {
		t.Errorf("cancelled in the calendar: %+v", off)
	}
	// The promise after a time that came to nothing.
	b.must(patient(p), string(p), booking.Wish{Journey: id, Step: visit.Step, Kind: booking.WishAdapt, Adaptations: []booking.Adaptation{"dark-room"}})
}

// Invariant 16: what is planned stays within what the patient can bear, across
// their journeys, unless a reason is written.
func TestPlansStayWithinTheEnergy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.arranged()
	visit := b.step(id, "start-assessment")
	b.must(patient(p), string(p), person.SetEnergy{PerWeek: 1})
	b.do(kari, id, journey.PlanStep{Step: visit.Step, At: instant("2026-02-11 10:00")})
	r := b.do(kari, "", opening(p, b.clock.Now().Add(-time.Hour)))
	b.accept(r.Target)
	other := b.step(r.Target, "start-assessment")
	b.refused("strain-per-week", kari, r.Target, journey.PlanStep{Step: other.Step, At: instant("2026-02-13 10:00")})
	b.do(kari, r.Target, journey.PlanStep{Step: other.Step, At: instant("2026-02-18 10:00")})
	b.do(kari, r.Target, journey.PlanStep{Step: other.Step, At: instant("2026-02-13 10:00"), Despite: "Hun ønsker begge samme uke."})
	if st := b.step(r.Target, "start-assessment"); len(st.Over) != 1 || st.Over[0] != care.TooMany {
		t.Errorf("what was broken is kept: %+v", st.Over)
	}
	// What the record system has booked is so already; it is shown and not refused.
	b.must(kari, string(p), booking.Copy{Source: "DIPS", Reference: "B-1", At: instant("2026-02-12 10:00"), Journey: r.Target, Step: other.Step})
}

// A common time: proposed, answered by page, by a link and by a call, and set by
// one press, of which everybody is told.
func TestCommonTimeIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.arranged()
	b.do(kari, id, journey.CompleteStep{Step: b.step(id, "start-assessment").Step})
	meet := b.meeting(id)
	b.must(kari, string(p), booking.ProposeTimes{
		Journey: id, Step: meet.Step, Times: []time.Time{instant("2026-02-18 10:00"), instant("2026-02-24 10:00")}, Way: "video",
		People: []care.Party{{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}}, {Kind: care.PartyOther, Name: "NAV Fjord"}},
	})
	b.must(patient(p), string(p), booking.AnswerTimes{Poll: 1, Who: 1, Can: []int{2}})
	b.must(as("per", "practice", "gp"), string(p), booking.AnswerTimes{Poll: 1, Who: 2, Can: []int{1, 2}})
	links, err := casework.View(b.ctx, b.s, kari, casework.ItemLinks{Journey: id})
	if err != nil || len(links) == 0 {
		t.Fatalf("who has no account: %+v, %v", links, err)
	}
	item := links[len(links)-1].Item
	link, err := casework.View(b.ctx, b.s, kari, casework.MakeLink{Item: item})
	if err != nil {
		t.Fatal(err)
	}
	session, err := b.s.OpenItem(b.ctx, link.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	guest, err := b.s.SignedIn(b.ctx, session)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := casework.View(b.ctx, b.s, guest, casework.LinkedItem{})
	if err != nil || len(asked.Times) != 2 || asked.For.Name != "NAV Fjord" {
		t.Fatalf("the link asks %+v, %v", asked, err)
	}
	b.refused("no-basis", guest, string(p), booking.AnswerTimes{Poll: 1, Who: 1, Can: []int{1}})
	b.refused("no-basis", guest, string(p), booking.SetTime{Poll: 1, Time: 1})
	b.must(guest, string(p), booking.AnswerTimes{Poll: 1, Who: asked.Who, Can: []int{2}})
	poll := b.journey(kari, id).Bookings.State.Polls[0]
	if len(poll.Silent()) != 0 || !poll.Enough(2) {
		t.Fatalf("the answers are %+v", poll)
	}
	b.must(kari, string(p), booking.SetTime{Poll: 1, Time: 2})
	v := b.journey(kari, id)
	m := v.State.Meetings[len(v.State.Meetings)-1]
	if !m.At.Equal(instant("2026-02-24 10:00")) || len(m.Participants) != 3 || m.Way != "video" {
		t.Errorf("the meeting is %+v", m)
	}
	told := 0
	for _, x := range v.State.Tellings {
		if x.About == "meeting-called" {
			told++
		}
	}
	if told != 3 {
		t.Errorf("%d are told of the meeting, and not the patient, the practice and NAV", told)
	}
	if _, err := casework.View(b.ctx, b.s, guest, casework.LinkedItem{}); err == nil {
		t.Error("the time is set, and the link still asks")
	}
}

func (b *bundle) meeting(id string) journey.Step {
	b.t.Helper()
	for _, st := range b.journey(kari, id).State.Steps {
		if st.Live() && st.Kind == "meeting" {
			return st
		}
	}
	b.t.Fatal("there is no meeting to call")
	return journey.Step{}
}

// A calendar address says when and nothing else, is logged as a look, and is gone
// once it is ended.
func TestCalendarAddressIsRevocable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, id := b.arranged()
	b.do(kari, id, journey.PlanStep{Step: b.step(id, "start-assessment").Step, At: instant("2026-02-11 10:00")})
	me := b.fresh(patient(p))
	first, err := casework.View(b.ctx, b.s, me, casework.OpenFeed{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := casework.View(b.ctx, b.s, patient(p), casework.OpenFeed{}); err == nil {
		t.Error("an old login opens a calendar address")
	}
	list, err := b.s.Calendar(b.ctx, first)
	if err != nil || len(list) != 1 || !list[0].From.Equal(instant("2026-02-11 10:00")) {
		t.Fatalf("the calendar is %+v, %v", list, err)
	}
	looks, err := casework.View(b.ctx, b.s, patient(p), casework.Looks{})
	if err != nil {
		t.Fatal(err)
	}
	seen := false
	for _, l := range looks {
		seen = seen || l.Question == "calendar" && l.Actor.Kind == care.Guest
	}
	if !seen {
		t.Errorf("reading the calendar is no look of the log: %+v", looks)
	}
	second, err := casework.View(b.ctx, b.s, me, casework.OpenFeed{})
	if err != nil {
		t.Fatal(err)
	}
	gone := func(token string) {
		t.Helper()
		if refusal, ok := care.AsRefusal(func() error { _, err := b.s.Calendar(b.ctx, token); return err }()); !ok || refusal.Kind != care.NotFound {
			t.Errorf("an ended address answers %v", refusal)
		}
	}
	gone(first)
	if _, err := casework.View(b.ctx, b.s, patient(p), casework.CloseFeed{}); err != nil {
		t.Fatal(err)
	}
	gone(second)
	gone("")
	gone("not-a-token")
	if f, err := casework.View(b.ctx, b.s, patient(p), casework.FeedState{}); err != nil || !f.Made.IsZero() {
		t.Errorf("after it was ended: %+v, %v", f, err)
	}
	// A relative sees the plan by a proxy, and makes no address of their own to it.
	kin := b.adult("Ola Berg", "")
	b.proxy(p, kin, access.Plan, access.Acts)
	if _, err := casework.View(b.ctx, b.s, b.fresh(relative(kin, p)), casework.OpenFeed{}); err == nil {
		t.Error("a relative opens a calendar address")
	}
}
