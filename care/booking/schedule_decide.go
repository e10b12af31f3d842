package booking

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"forlop/care"
)

// SlotKnown is what a decision about a slot may read beside the slot itself.
type SlotKnown struct {
	// Regime is the unit's; empty where there is no such unit.
	Regime care.Regime
	// Mine says that the actor works in the slot's unit.
	Mine bool
	// Died says that the person has died, OfUnit that they are a patient of the
	// slot's unit.
	Died, OfUnit func(care.PersonKey) bool
	// Contact is the post that a person hears from; zero where they have none.
	Contact func(care.PersonKey) care.Post
}

// DecideSlot decides a command on a slot. It never changes s.
func DecideSlot(s SlotState, c ScheduleCommand, act care.Act, k SlotKnown) ([]care.Made, error) {
	if act.When().After(act.At) {
		return nil, care.Refuse("happened-in-future", "What has not happened yet cannot be recorded.").On("happened")
	}
	if k.Regime == "" {
		k.Regime = s.Regime
	}
	_, opens := c.(OpenSlot)
	switch {
	case k.Regime == "" || s.Version == 0 && !opens:
		return nil, NoSlot()
	case s.Version > 0 && opens:
		return nil, care.Stale("slot-opened", "This is opened already. Look at it before you change it.")
	}
	d := &slotDraft{s: s.Clone(), act: act, k: k, cal: care.CalendarOf(k.Regime)}
	if err := d.decide(c); err != nil {
		return nil, err
	}
	if d.err == nil {
		d.offer()
	}
	return d.made, d.err
}

// NoSlot says that there is no slot of that name.
func NoSlot() *care.Refusal {
	return care.Missing("no-such-slot", "There is no such course or meeting time. Look at the list of those that are open.")
}

// slotDraft is a decision being made: the state as it would become.
type slotDraft struct {
	s    SlotState
	act  care.Act
	k    SlotKnown
	cal  *care.Calendar
	made []care.Made
	err  error
}

func (d *slotDraft) add(e care.Event) {
	r := care.Recorded{Version: d.s.Version + 1, Event: e, Happened: d.act.When(), Learned: d.act.At, Actor: d.act.Actor, Post: d.act.Post}
	if err := EvolveSlot(&d.s, r); err != nil && d.err == nil {
		d.err = err
	}
	d.made = append(d.made, care.Made{Event: e})
}

func (d *slotDraft) decide(c ScheduleCommand) error {
	switch c := c.(type) {
	case OpenSlot:
		return d.open(c)
	case ChangeSlot:
		return d.change(c)
	case CancelSlot:
		return d.cancel(c)
	case TakeSeat:
		return d.takeSeat(c.Person)
	case GiveBack:
		return d.giveBack(c.Person)
	case Wait:
		return d.wait(c.Person)
	case LeaveWaiting:
		if d.s.Place(c.Person) == 0 {
			return seatNone()
		}
		d.add(WaitLeft(c))
		d.withdraw(c.Person)
		return nil
	case Attend:
		return d.attend(c)
	case TellSeat:
		return d.tell(c)
	case EmptySeat:
		d.empty(c.Person)
		return nil
	case SlotWake:
		d.wake()
		return nil
	}
	return fmt.Errorf("schedule: %s is not a command for a slot", c.Name())
}

func (d *slotDraft) mine() error {
	if d.k.Mine {
		return nil
	}
	return care.Deny("slot-not-yours", "Another unit holds this. Call them: their number stands with it.")
}

// stands refuses what is called off or over.
func (d *slotDraft) stands() error {
	switch {
	case d.s.Status == SlotIsCancelled:
		return care.Stale("slot-cancelled", "This was called off. Look at the other dates.")
	case d.s.Status == SlotIsEnded || !d.act.At.Before(d.s.Slot.Ends()):
		return care.Stale("slot-over", "This is over. Look at the other dates.")
	}
	return nil
}

func (d *slotDraft) open(c OpenSlot) error {
	if err := d.mine(); err != nil {
		return err
	}
	slot, err := d.slot(c.Slot)
	if err != nil {
		return err
	}
	d.add(SlotOpened{Regime: d.k.Regime, Unit: c.Unit, Slot: slot})
	return nil
}

func (d *slotDraft) change(c ChangeSlot) error {
	if err := d.mine(); err != nil {
		return err
	}
	if err := d.stands(); err != nil {
		return err
	}
	if d.act.Seen > 0 && int(d.act.Seen) < d.s.Version {
		return care.Stale("item-changed", "This changed after you opened it. Look at it again before you go on; what you wrote is kept.")
	}
	c.Kind = d.s.Slot.Kind
	slot, err := d.slot(c.Slot)
	if err != nil {
		return err
	}
	for _, x := range d.s.Seats {
		if x.Seat > slot.Seats && x.Person != "" {
			return care.Refuse("slot-seats-taken", "{seats} seats are fewer than are taken or offered. Give seats back first.", "seats", strconv.Itoa(slot.Seats)).On("seats")
		}
	}
	was := d.s.Slot
	same := slices.EqualFunc(was.Dates, slot.Dates, time.Time.Equal) && was.Minutes == slot.Minutes && was.Place == slot.Place && was.Way == slot.Way
	if same && maps.Equal(was.Title, slot.Title) && maps.Equal(was.About, slot.About) && was.Seats == slot.Seats && was.Minimum == slot.Minimum &&
		was.Join == slot.Join && was.Contact == slot.Contact && was.Deadline.Equal(slot.Deadline) {
		return nil
	}
	d.add(SlotChanged{slot})
	if same {
		return nil
	}
	for _, x := range slices.Clone(d.s.Seats) {
		if x.Person != "" && !x.Offered {
			d.tellNow(x.Person, ToldMoved)
		}
	}
	// What is offered now is another seat than the one somebody thinks about.
	for _, x := range slices.Clone(d.s.Seats) {
		if x.Offered {
			d.add(SeatOffered{Seat: x.Seat, Person: x.Person, Until: d.offerUntil()})
			d.withdraw(x.Person)
			d.owe(x.Person, ToldOffered, d.offerUntil())
		}
	}
	return nil
}

func (d *slotDraft) cancel(c CancelSlot) error {
	if err := d.mine(); err != nil {
		return err
	}
	if err := d.stands(); err != nil {
		return err
	}
	if !slices.Contains(AfterCancels, c.Next) {
		return care.Refuse("slot-next", "Say what happens next, so that everybody can be told.").On("next")
	}
	var people []care.PersonKey
	for _, x := range d.s.Seats {
		if x.Person != "" && !x.Offered {
			people = append(people, x.Person)
		}
	}
	people = append(people, d.s.Waiting...)
	d.add(SlotCancelled(c))
	for _, p := range people {
		d.tellNow(p, ToldCancelled)
	}
	return nil
}

// home says that the actor is at home: the patient, or somebody near.
func (d *slotDraft) home() bool {
	return d.act.Actor.Kind == care.Patient || d.act.Actor.Kind == care.Relative
}

// joins refuses who may not have a seat. Staff take seats whoever it is for; they
// answer for it.
func (d *slotDraft) joins(p care.PersonKey) error {
	if err := d.stands(); err != nil {
		return err
	}
	if !d.act.At.Before(d.s.Slot.Starts()) {
		return care.Stale("slot-begun", "This has begun. Look at the other dates.")
	}
	if p == "" {
		return care.Missing("person-unknown", "There is no such person.")
	}
	if d.k.Died(p) {
		return care.Refuse("person-died", "This person has died.")
	}
	if !d.home() {
		return nil
	}
	offered, _ := d.s.Of(p)
	switch {
	case d.s.Slot.Kind == MeetingSlot:
		return NoSlot()
	case offered.Offered:
		return nil
	case d.s.Slot.Join == JoinReferral:
		return care.Refuse("slot-by-referral", "Seats here are given by referral. Ask your contact person to take one for you.")
	case d.s.Slot.Join == JoinUnit && !d.k.OfUnit(p):
		return care.Refuse("slot-of-unit", "This is for those who are patients of the unit that holds it. Call the unit, or look at the other dates.")
	case !d.act.At.Before(d.s.Slot.Until()):
		return care.Refuse("slot-deadline", "The day to join has passed. Call the unit: there may be a seat all the same.")
	}
	return nil
}

func (d *slotDraft) takeSeat(p care.PersonKey) error {
	if err := d.joins(p); err != nil {
		return err
	}
	x, has := d.s.Of(p)
	if has && !x.Offered {
		return care.Refuse("seat-held", "There is a seat here already. Nothing more is needed.")
	}
	if !has {
		n := slices.IndexFunc(d.s.Seats, func(x Seat) bool { return x.Person == "" })
		if n < 0 {
			return care.Refuse("seats-full", "Every seat is taken. You can stand on the waiting list, or look at the other dates.")
		}
		x = d.s.Seats[n]
	}
	d.add(SeatTaken{Seat: x.Seat, Person: p})
	d.withdraw(p)
	if !d.home() {
		d.tellNow(p, ToldTaken)
	}
	return nil
}

func seatNone() *care.Refusal {
	return care.Missing("seat-none", "There is no such seat or place on the waiting list any more. Nothing more is needed.")
}

func (d *slotDraft) giveBack(p care.PersonKey) error {
	x, has := d.s.Of(p)
	if !has || d.s.Status == SlotIsCancelled {
		return seatNone()
	}
	if d.s.Status == SlotIsEnded {
		return care.Stale("slot-over", "This is over. Look at the other dates.")
	}
	if x.Offered {
		d.add(OfferPassed{Seat: x.Seat, Person: p})
		d.withdraw(p)
		return nil
	}
	d.add(SeatGivenBack{Seat: x.Seat, Person: p})
	d.withdraw(p)
	if !d.home() {
		d.tellNow(p, ToldGivenBack)
	}
	return nil
}

func (d *slotDraft) wait(p care.PersonKey) error {
	if err := d.joins(p); err != nil {
		return err
	}
	switch x, has := d.s.Of(p); {
	case has && !x.Offered:
		return care.Refuse("seat-held", "There is a seat here already. Nothing more is needed.")
	case d.s.Place(p) > 0:
		return care.Refuse("waiting-already", "The place on the waiting list stands already. A seat is offered as soon as it is your turn.")
	case d.s.Left() > 0:
		return care.Refuse("seat-free", "There is a free seat. Take it instead of waiting.")
	}
	d.add(WaitBegun{p})
	return nil
}

// attend notes who came. It is never more than a note: no seat, no place and no
// journey changes by it (L5).
func (d *slotDraft) attend(c Attend) error {
	if err := d.mine(); err != nil {
		return err
	}
	x, has := d.s.Of(c.Person)
	switch {
	case !has || x.Offered:
		return seatNone()
	case c.Date < 1 || c.Date > len(d.s.Slot.Dates) || d.s.Slot.Dates[c.Date-1].After(d.act.At):
		return care.Refuse("attend-when", "Who came is noted once the day has begun.").On("date")
	}
	if came, noted := d.s.Came[Attendance{c.Person, c.Date}]; noted && came == c.Came {
		return nil
	}
	d.add(Attended(c))
	return nil
}

func (d *slotDraft) tell(c TellSeat) error {
	if c.Telling < 1 || c.Telling > len(d.s.Tellings) || !d.s.Tellings[c.Telling-1].Open() {
		return care.Stale("told-already", "They are told, or it is not so any more.")
	}
	e := SeatTold{Telling: c.Telling, How: c.How, At: care.Instant(d.act.When())}
	if !c.Expected.IsZero() {
		e.At, e.Expected = d.cal.EndOf(c.Expected).UTC(), true
	}
	d.add(e)
	return nil
}

// empty gives back what somebody has who has died. Nobody is told.
func (d *slotDraft) empty(p care.PersonKey) {
	if d.s.Status == SlotIsOpen {
		if x, has := d.s.Of(p); has && !x.Offered {
			d.add(SeatGivenBack{Seat: x.Seat, Person: p})
		}
		if d.s.Place(p) > 0 {
			d.add(WaitLeft{p})
		}
	}
	d.withdraw(p)
}

// offer offers every free seat to who has waited longest, of those who have not
// passed it on and are offered no other.
func (d *slotDraft) offer() {
	if d.s.Status != SlotIsOpen || !d.act.At.Before(d.s.Slot.Starts()) {
		return
	}
	for _, x := range slices.Clone(d.s.Seats) {
		if x.Person != "" {
			continue
		}
		for _, p := range d.s.Waiting {
			if _, has := d.s.Of(p); has || slices.Contains(x.Passed, p) {
				continue
			}
			d.add(SeatOffered{Seat: x.Seat, Person: p, Until: d.offerUntil()})
			d.owe(p, ToldOffered, d.offerUntil())
			break
		}
	}
}

func (d *slotDraft) offerUntil() time.Time {
	return care.Earlier(d.cal.Deadline(d.act.At, toAnswerSeat).UTC(), d.s.Slot.Starts())
}

// tellNow owes somebody word of what holds now, instead of what they had not heard
// yet.
func (d *slotDraft) tellNow(p care.PersonKey, about SeatAbout) {
	d.withdraw(p)
	by := d.cal.Deadline(d.act.At, toTellSeat).UTC()
	if starts := d.s.Slot.Starts(); starts.After(d.act.At) {
		by = care.Earlier(by, starts)
	}
	d.owe(p, about, by)
}

func (d *slotDraft) owe(p care.PersonKey, about SeatAbout, by time.Time) {
	owner := d.k.Contact(p)
	if owner.IsZero() {
		owner = care.Post{Unit: d.s.Unit, Role: care.Desk}
	}
	d.add(SeatTellingOwed{Telling: len(d.s.Tellings) + 1, Person: p, About: about, Owner: owner, By: by})
}

func (d *slotDraft) withdraw(p care.PersonKey) {
	for _, t := range slices.Clone(d.s.Tellings) {
		if t.Open() && t.Person == p {
			d.add(SeatTellingWithdrawn{t.Telling})
		}
	}
}
