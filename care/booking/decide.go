package booking

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
)

// Known is what a decision may read beside the bookings themselves.
type Known struct {
	Regime care.Regime
	// Step answers what is known of a step of one of the person's journeys.
	Step func(journey string, step int) (Step, bool)
	// Energy is what the person can bear; Demands is everything that is planned for
	// them but the steps asked about.
	Energy  care.Energy
	Demands func(journey string, step int) []time.Time
}

// Step is a step of a journey.
type Step struct {
	Live, Meeting bool
	Owner         care.Post
	Planned       time.Time
	Missed        bool
	// Minutes is how long it takes by its pathway; 0 where that is not said.
	Minutes int
}

// Decide decides a command on a person's bookings. It never changes s.
func Decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	if act.When().After(act.At) {
		return nil, care.Refuse("happened-in-future", "What has not happened yet cannot be recorded.").On("happened")
	}
	if k.Regime == "" {
		k.Regime = s.Regime
	}
	if k.Regime == "" {
		return nil, care.Missing("person-unknown", "There is no such person.")
	}
	d := decision{s: s, act: act, k: k, cal: care.CalendarOf(k.Regime)}
	made, err := d.decide(c)
	if err != nil || len(made) == 0 || s.Version > 0 {
		return made, err
	}
	return append([]care.Made{{Event: Opened{k.Regime}}}, made...), nil
}

type decision struct {
	s   State
	act care.Act
	k   Known
	cal *care.Calendar
}

func (d decision) decide(c Command) ([]care.Made, error) {
	switch c := c.(type) {
	case Copy:
		return d.copy(c)
	case Cancel:
		return d.cancel(c)
	case Miss:
		return d.miss(c)
	case Keep:
		return d.keep(c)
	case Wish:
		return d.wish(c)
	case TakeBack:
		return d.takeBack(c)
	case AnswerWish:
		return d.answerWish(c)
	case ProposeTimes:
		return d.proposeTimes(c)
	case AnswerTimes:
		return d.answerTimes(c)
	case SetTime:
		return d.setTime(c)
	case WithdrawTimes:
		return d.withdrawTimes(c)
	case Settle:
		return d.settle(c), nil
	case Wake:
		return d.wake(), nil
	}
	return nil, fmt.Errorf("booking: %s is not a command for bookings", c.Name())
}

func (d decision) deadline(s care.Span) time.Time { return d.cal.Deadline(d.act.At, s).UTC() }

func one(e care.Event, pairs ...string) []care.Made {
	m := care.Made{Event: e}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if m.Sealed == nil {
			m.Sealed = care.Sealed{}
		}
		m.Sealed[pairs[i]] = pairs[i+1]
	}
	return []care.Made{m}
}

// seen refuses an act on something that changed after the actor saw it.
func (d decision) seen(version int) error {
	if d.act.Seen == 0 || int(d.act.Seen) >= version {
		return nil
	}
	return care.Stale("item-changed", "This changed after you opened it. Look at it again before you go on; what you wrote is kept.")
}

// copy copies a booking. A copy that is older than what stands here changes
// nothing, and one that says the same is no news.
func (d decision) copy(c Copy) ([]care.Made, error) {
	e, err := d.copied(c)
	if err != nil {
		return nil, err
	}
	if e.Booking = d.s.Find(e.Source, e.Reference); e.Booking > 0 {
		was := d.s.Bookings[e.Booking-1]
		if err := d.seen(was.Version); err != nil {
			return nil, err
		}
		same := was.Copied
		same.Copied = e.Copied
		switch {
		case e.Copied.Before(was.Copied.Copied):
			return nil, care.Refuse("copy-older", "A newer copy of this booking stands here already. Take a new list from the record system.").On("copied")
		case same == e && !was.Off && was.Asked == nil && !c.Reworded:
			return nil, care.Refuse("copy-same", "That is how the booking stands here already.")
		}
	} else {
		e.Booking = len(d.s.Bookings) + 1
	}
	return one(e, "place", c.Place, "with", c.With, "bring", c.Bring), nil
}

func (d decision) copied(c Copy) (Copied, error) {
	e := Copied{
		Source: strings.TrimSpace(c.Source), Reference: strings.TrimSpace(c.Reference), At: care.Instant(c.At), Minutes: c.Minutes, Way: c.Way,
		Interpreter: c.Interpreter, Journey: c.Journey, Step: c.Step, Copied: care.Instant(c.Copied),
	}
	if c.Copied.IsZero() {
		e.Copied = care.Instant(d.act.When())
	}
	st, ok := d.k.Step(c.Journey, c.Step)
	switch {
	case e.Source == "":
		return e, care.Refuse("copy-source", "Say which system the booking is in.").On("source")
	case e.Reference == "":
		return e, care.Refuse("copy-reference", "Give the booking's reference there, so that a change is not taken for another booking.").On("reference")
	case care.Longer(e.Source, longestLine) || care.Longer(e.Reference, longestLine) || care.Longer(c.Place, longestLine) || care.Longer(c.With, longestLine) || care.Longer(c.Bring, longestLine):
		return e, care.Refuse("copy-long", "A line has at most {most} characters.", "most", fmt.Sprint(longestLine)).On("place")
	case c.At.IsZero():
		return e, care.Refuse("copy-when", "Say when it is.").On("at")
	case !c.At.After(d.act.At):
		return e, care.Refuse("copy-past", "That time has passed. What has happened is recorded as done.").On("at")
	case c.At.After(d.act.At.AddDate(5, 0, 0)):
		return e, care.Refuse("planned-too-far", "That is more than five years ahead. Check the year.").On("at")
	case c.Minutes < 0 || c.Minutes > mostMinutes:
		return e, care.Refuse("copy-length", "A length is given in minutes, at most a day.").On("minutes")
	case e.Copied.After(d.act.At):
		return e, care.Refuse("copy-ahead", "The copy cannot have been made after now.").On("copied")
	case c.Interpreter != "" && c.Interpreter != InterpreterBooked && c.Interpreter != InterpreterNotBooked:
		return e, care.Refuse("copy-interpreter", "An interpreter is booked or not-booked.").On("interpreter")
	case !ok:
		return e, care.Missing("copy-step", "There is no such step in this journey.").On("step")
	case !st.Live:
		return e, care.Stale("copy-step-over", "That step is over. Say which step the booking is for.").On("step")
	}
	return e, nil
}

func (d decision) booking(n int) (Booking, error) {
	if n < 1 || n > len(d.s.Bookings) || d.s.Bookings[n-1].Off {
		return Booking{}, care.Missing("no-such-booking", "There is no such booking, or it is cancelled.")
	}
	b := d.s.Bookings[n-1]
	return b, d.seen(b.Version)
}

func (d decision) when(t time.Time) time.Time {
	if t.IsZero() {
		return care.Instant(d.act.When())
	}
	return care.Instant(t)
}

func (d decision) cancel(c Cancel) ([]care.Made, error) {
	b, err := d.booking(c.Booking)
	if err != nil {
		return nil, err
	}
	if at := d.when(c.Copied); !at.Before(b.Copied.Copied) {
		return one(Cancelled{c.Booking, at}), nil
	}
	return nil, care.Refuse("copy-older", "A newer copy of this booking stands here already. Take a new list from the record system.").On("copied")
}

// miss asks what became of a booking that a full list does not hold any more. One
// whose time has passed is in no list.
func (d decision) miss(c Miss) ([]care.Made, error) {
	b, err := d.booking(c.Booking)
	if err != nil {
		return nil, err
	}
	if b.Asked != nil || !b.At.After(d.act.At) || d.when(c.Copied).Before(b.Copied.Copied) {
		return nil, care.Refuse("copy-same", "That is how the booking stands here already.")
	}
	st, _ := d.k.Step(b.Journey, b.Step)
	return one(Missed{c.Booking, d.when(c.Copied), st.Owner, care.Earlier(d.deadline(toAskSource), b.At)}), nil
}

func (d decision) keep(c Keep) ([]care.Made, error) {
	b, err := d.booking(c.Booking)
	if err != nil {
		return nil, err
	}
	if b.Asked == nil {
		return nil, care.Refuse("copy-same", "That is how the booking stands here already.")
	}
	return one(Kept(c)), nil
}

// settle closes what a journey has taken care of: the wish for another time when
// there is one, the wish to cancel when it is off, everything when the step is over.
func (d decision) settle(c Settle) []care.Made {
	var made []care.Made
	for _, w := range d.s.Wishes {
		if !w.Open || w.Journey != c.Journey || w.Step != c.Step {
			continue
		}
		if c.Now == NowOver || c.Now == NowPlanned && w.Kind == WishMove || c.Now == NowOff && w.Kind == WishCancel {
			made = append(made, care.Made{Event: WishAnswered{w.Wish, WishDone}})
		}
	}
	for _, p := range d.s.Polls {
		if p.Open && p.Journey == c.Journey && p.Step == c.Step && c.Now != NowOff {
			made = append(made, care.Made{Event: TimesWithdrawn{p.Poll}})
		}
	}
	return slices.Clip(made)
}
