package casework

import (
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/store"
)

// WishView is how somebody wishes to be told, and what that can mean today.
type WishView struct {
	messaging.Wishes
	// Wished is the version of the event that set them; 0 where nobody has said.
	Wished care.Seen
	// Told is how the person is told things: page, letter, phone, or nobody has said.
	Told person.Told
	// Email and Phone say that there is an address or a number and that the site sends
	// so; where they are not, a wish for it leaves the page and a call.
	Email, Phone bool
	// Hidden says that nothing passes through other hands, whatever is wished. Nobody
	// but the person is told so here.
	Hidden bool
	// Relative says that notices go to somebody else now, whose address it is.
	Relative bool
}

// wishes are how a person wishes to be told.
func (r *reading) wishes(p care.PersonKey) (WishView, error) {
	told, err := r.s.noticesOf(r.ctx, p)
	if err != nil {
		return WishView{}, err
	}
	w, err := r.s.newWork(r.ctx, Order{Who: r.who})
	if err != nil {
		return WishView{}, err
	}
	known, err := w.noticeKnown(p, r.now)
	if err != nil {
		return WishView{}, err
	}
	state, _, err := r.s.load(r.ctx, store.StreamOf("person", string(p)))
	if err != nil {
		return WishView{}, err
	}
	return WishView{
		Wishes: told.Wishes, Wished: care.Seen(told.Wished), Told: state.(*person.State).Channel,
		Email: known.Email, Phone: known.Phone, Hidden: known.Hidden && r.who.Actor.Kind == care.Patient, Relative: known.To != "",
	}, nil
}

// mostReturned is how many sendings one can say of that they came back.
const mostReturned = 10

// ReturnView is what was sent to a person and could still come back.
type ReturnView struct {
	Sending int
	Channel messaging.Channel
	About   []messaging.About
	// When is the day on which a letter was expected, or on which the rest was sent.
	When care.Date
}

// mayReturn fills what could come back, the newest first, and whether something
// already did.
func (v *JourneyView) mayReturn(r *reading, p care.PersonKey) error {
	told, err := r.s.noticesOf(r.ctx, p)
	if err != nil {
		return err
	}
	v.Undelivered = told.Undelivered()
	cal := v.Calendar
	for _, x := range told.MayReturn() {
		if len(v.MayReturn) == mostReturned {
			break
		}
		row := ReturnView{Sending: x.Sending, Channel: x.Channel, When: cal.Date(x.SentAt)}
		for _, n := range told.Notices {
			if n.Sending != x.Sending {
				continue
			}
			if n.Reached != nil && x.Channel == messaging.ByLetter {
				row.When = cal.LastDay(n.Reached.At)
			}
			row.About = append(row.About, n.About)
		}
		v.MayReturn = append(v.MayReturn, row)
	}
	return nil
}

// MyNotices asks how the asking patient, or the person a relative acts for, wishes
// to be told.
type MyNotices struct{}

// MyNoticesView is the answer, with what a page needs beside it.
type MyNoticesView struct {
	Plan
	Wishes WishView
	// Decides says that the asker may change how the person is told; whoever acts for
	// an adult may let reminders rest, and no more.
	Decides bool
	// Rests is until when reminders rest by a pause that runs now; zero for none.
	Rests time.Time
	// Pause is the number of the pause that can be ended; 0 for none.
	Pause int
	// Calendar is that of the law the person stands under.
	Calendar *care.Calendar
}

// Name of the question.
func (MyNotices) Name() string { return "my-notices" }

func (MyNotices) answer(r *reading) (MyNoticesView, []care.PersonKey, error) {
	key := r.who.person()
	v := MyNoticesView{Plan: Plan{Now: r.now}, Decides: r.who.Actor.Kind == care.Patient}
	if err := r.seeOwn(key); err != nil {
		return v, nil, err
	}
	// How they are told says what comes and when: acting alone shows nothing of a child
	// who is old enough.
	if !r.ground.covers(access.Plan) {
		return v, nil, access.Denied()
	}
	v.Decides = v.Decides || r.ground.basis == access.Guardian
	if err := r.within(key); err != nil {
		return v, nil, err
	}
	var err error
	if v.Wishes, err = r.wishes(key); err != nil {
		return v, nil, err
	}
	r.shows(store.StreamOf("notice", string(key)))
	if v.Person, err = r.person(key); err != nil {
		return v, nil, err
	}
	v.Calendar = care.CalendarOf(v.Person.State.Regime)
	for _, p := range v.Person.State.Pauses {
		if !p.Closed && !r.now.Before(p.Begins) && r.now.Before(p.Ends) && p.Ends.After(v.Rests) {
			v.Rests, v.Pause = p.Ends, p.Number
		}
	}
	v.Withheld = r.ground.withheld()
	r.ground.coverPerson(&v.Person)
	if v.people, err = r.people([]care.Post{v.Person.Contact}); err != nil {
		return v, nil, err
	}
	v.hide = r.hides(v.Person)
	return v, []care.PersonKey{key}, nil
}
