package casework_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/messaging"
	"forlop/casework"
	"forlop/store"
)

// course opens a course of the clinic with some seats, four weeks ahead.
func (b *bundle) course(seats int) string {
	b.t.Helper()
	r, err := b.try(kari, "", booking.OpenSlot{Unit: "clinic", Slot: booking.Slot{
		Kind: booking.CourseSlot, Title: map[care.Language]string{care.Bokmal: "Mestringskurs"}, Way: booking.SlotAtPlace, Place: "Rom 2",
		Dates: []time.Time{b.clock.Now().AddDate(0, 0, 28)}, Minutes: 90, Seats: seats, Join: booking.JoinOpen, Contact: "22 00 00 00",
	}})
	if err != nil {
		b.t.Fatal(err)
	}
	return r.Target
}

func (b *bundle) courses(p care.PersonKey) casework.MyCoursesPage {
	b.t.Helper()
	page, err := casework.View(b.ctx, b.s, patient(p), casework.MyCourses{})
	if err != nil {
		b.t.Fatal(err)
	}
	return page
}

// The last seat is given once: of many who take it in the same moment one gets it,
// and each of the others hears that it is taken and what they can do. Half of them
// are served by another process on the same store.
func TestLastSeatIsGivenOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.course(1)
	other := b.service()
	const many = 12
	people := make([]care.PersonKey, many)
	for n := range people {
		people[n], _ = b.refer(fmt.Sprintf("Liv %d", n))
	}
	var wait sync.WaitGroup
	var seated, full atomic.Int32
	begin := make(chan struct{})
	for n, p := range people {
		s := b.s
		if n%2 == 1 {
			s = other
		}
		wait.Go(func() {
			<-begin
			o := casework.Order{Who: patient(p), Key: fmt.Sprintf("last/%d", n), Target: id, Command: booking.TakeSeat{Person: p}}
			_, err := s.Do(b.ctx, o)
			if refusal, refused := care.AsRefusal(err); refused && refusal.Code == "seats-full" {
				full.Add(1)
			} else if err != nil {
				t.Errorf("%s: %v", p, err)
			} else if again, err := s.Do(b.ctx, o); err != nil || !again.Repeated {
				t.Errorf("sent once more: %+v, %v", again, err)
			} else {
				seated.Add(1)
			}
		})
	}
	close(begin)
	wait.Wait()
	if seated.Load() != 1 || full.Load() != many-1 {
		t.Fatalf("%d have the one seat, and %d hear that it is taken", seated.Load(), full.Load())
	}
	rows, err := b.store.Slots(b.ctx, store.SlotQuery{})
	if err != nil || len(rows) != 1 || rows[0].Taken != 1 || rows[0].Free != 0 {
		t.Fatalf("the list says %+v, %v", rows, err)
	}
	if a, err := b.s.Verify(b.ctx); err != nil || len(a.Findings) > 0 {
		t.Errorf("verify: %v %v", a.Findings, err)
	}
}

// Who may take a seat for whom, and who reads the names.
func TestSeatsAreTheirs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, _ := b.refer("Liv Berg")
	q, _ := b.refer("Ola Berg")
	id := b.course(2)
	b.refused("no-basis", patient(q), id, booking.TakeSeat{Person: p})
	b.refused("no-basis", nils, id, booking.TakeSeat{Person: p})
	b.refused("slot-not-yours", nils, "", booking.OpenSlot{Unit: "clinic"})
	b.must(patient(p), id, booking.TakeSeat{Person: p})
	b.must(kari, id, booking.TakeSeat{Person: q})
	page := b.courses(p)
	if len(page.Mine) != 1 || !page.Mine[0].Seated || len(page.Open) != 0 {
		t.Fatalf("my courses: %+v", page)
	}
	list, err := casework.View(b.ctx, b.s, kari, casework.ScheduleQuery{Slot: id})
	if err != nil || len(list.Seats) != 2 || list.Seats[0].Identity.Name != "Liv Berg" {
		t.Fatalf("the list of seats: %+v, %v", list, err)
	}
	if _, err := casework.View(b.ctx, b.s, nils, casework.ScheduleQuery{Slot: id}); err == nil {
		t.Fatal("another unit reads the names")
	}
	looks, err := b.store.Looks(b.ctx, p, 1)
	if err != nil || len(looks) != 1 || looks[0].Question != "schedule" {
		t.Fatalf("the look at the names: %+v, %v", looks, err)
	}
	b.must(patient(p), string(p), access.Block{Against: access.Against{Professional: "kari"}, Strength: access.Shut})
	if list, err = casework.View(b.ctx, b.s, kari, casework.ScheduleQuery{Slot: id}); err != nil || !list.Seats[0].Withheld || list.Seats[0].Identity.Name != "" || list.Seats[0].Person != "" {
		t.Fatalf("somebody who is kept out reads: %+v, %v", list.Seats, err)
	}
	open, err := b.s.OpenCourses(b.ctx)
	if err != nil || len(open) != 1 || open[0].Left != 0 || open[0].Seated {
		t.Fatalf("the public list: %+v, %v", open, err)
	}
}

// A course that is called off is told by the way somebody asked for: a letter here,
// whose receipt ends the telling, and the page for who opens it.
func TestCancelledCourseIsTold(t *testing.T) {
	t.Parallel()
	b := newPost(t, casework.Identity{})
	q, _ := b.refer("Ola Berg")
	id := b.course(2)
	b.must(patient(b.p), id, booking.TakeSeat{Person: b.p})
	b.must(patient(q), id, booking.TakeSeat{Person: q})
	token, err := casework.View(b.ctx, b.s, casework.Who{Actor: patient(q).Actor, Login: casework.Login{At: b.clock.Now()}}, casework.OpenFeed{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := b.s.Calendar(b.ctx, token)
	if err != nil || len(in) != 1 || in[0].Off || in[0].Minutes != 90 {
		t.Fatalf("in the calendar: %+v, %v", in, err)
	}
	b.must(kari, id, booking.CancelSlot{Next: booking.NextNewDate})
	if off, err := b.s.Calendar(b.ctx, token); err != nil || len(off) != 1 || !off[0].Off || off[0].UID != in[0].UID || off[0].Sequence <= in[0].Sequence {
		t.Fatalf("called off, the calendar says %+v, %v", off, err)
	}
	if err := b.s.Notify(b.ctx); err != nil {
		t.Fatal(err)
	}
	owed := func(p care.PersonKey) (out []messaging.Notice) {
		was := b.p
		b.p = p
		defer func() { b.p = was }()
		for _, n := range b.told().Notices {
			if n.Open() && n.Source.Stream == "schedule/"+id {
				out = append(out, n)
			}
		}
		return out
	}
	if len(owed(b.p)) != 1 || len(owed(q)) != 1 {
		t.Fatalf("told of a course that is called off: %+v and %+v", owed(b.p), owed(q))
	}
	if page := b.courses(q); len(page.Mine) != 1 || page.Mine[0].Status != booking.SlotIsCancelled || page.Mine[0].About != booking.ToldCancelled {
		t.Fatalf("the page: %+v", page.Mine)
	}
	if err := b.s.Notify(b.ctx); err != nil {
		t.Fatal(err)
	}
	if len(owed(q)) != 0 {
		t.Fatalf("the page was opened, and still: %+v", owed(q))
	}
	work, err := casework.View(b.ctx, b.s, kari, casework.WorkQuery{Refs: []string{string(booking.ToldCancelled)}, Size: 10})
	if err != nil || len(work.Rows) != 1 || work.Rows[0].Person != b.p {
		t.Fatalf("on the worklist: %+v, %v", work.Rows, err)
	}
}
