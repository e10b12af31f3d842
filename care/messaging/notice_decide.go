package messaging

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// Known is what a decision reads beside the notices themselves.
type Known struct {
	Regime care.Regime
	// Dead says that the person has died: nothing goes to the dead.
	Dead bool
	// Contact is the person's first contact, who owns what could not be sent.
	Contact care.Post
	// To is the relative whom all notices go to now; empty is the person. What
	// follows is of whoever they go to.
	To care.PersonKey
	// Channel is how they are told things: page, letter, phone, or nobody has said.
	Channel care.Channel
	SMS     bool
	// Email and Phone say that there is an address, and that the site sends so.
	Email, Phone bool
	// Hidden says that their address is hidden by law: nothing is sent that passes
	// through other hands than the coordinator's.
	Hidden bool
	// Rests is until when they asked for reminders to rest.
	Rests time.Time
}

// Decide says what a command does. Every error is a *care.Refusal.
func Decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	d := &draft{s: s.Clone(), act: act, k: k}
	if d.s.Regime != "" {
		d.k.Regime = d.s.Regime
	}
	d.cal = care.CalendarOf(d.k.Regime)
	var err error
	switch c := c.(type) {
	case Raise:
		err = d.raise(c)
	case Close:
		err = d.close(c)
	case Review:
		err = d.review()
	case Record:
		err = d.record(c)
	case Bounce:
		err = d.bounce(c)
	case PostLetter:
		err = d.post(c)
	case Call:
		err = d.call(c)
	case Redirect:
		err = d.redirect(c)
	case TryAgain:
		err = d.tryAgain()
	case SetWishes:
		err = d.wish(c)
	case Wake:
		d.wake()
	default:
		err = fmt.Errorf("messaging: %T is not a command of notices", c)
	}
	return d.made, err
}

// draft is a decision being made.
type draft struct {
	s    State
	act  care.Act
	k    Known
	cal  *care.Calendar
	made []care.Made
}

func (d *draft) add(e care.Event) { d.addWith(e, nil) }

func (d *draft) addWith(e care.Event, text care.Sealed) {
	d.made = append(d.made, care.Made{Event: e, Sealed: text})
	if err := Evolve(&d.s, care.Recorded{Version: d.s.Version + 1, Event: e, Happened: d.act.When(), Learned: d.act.At}); err != nil {
		panic(fmt.Sprintf("messaging: a decision made an event that does not fold: %v", err))
	}
}

func (d *draft) deadline(s care.Span) time.Time { return d.cal.Deadline(d.act.At, s).UTC() }

func (d *draft) raise(c Raise) error {
	if _, again := d.s.Of(c.Source); again {
		return care.Unchanged() // the same cause is told once
	}
	if d.k.Dead {
		return care.Refuse("notice-dead", "The person has died. Nothing is sent to them.")
	}
	if !slices.Contains(abouts, c.About) {
		return care.Refuse("notice-about", "{about} is not something that notices are about.", "about", string(c.About)).On("about")
	}
	n := Raised{
		Notice: len(d.s.Notices) + 1, Regime: d.k.Regime, Source: c.Source, About: c.About, Owner: c.Owner, By: c.By.UTC(), On: c.On,
	}
	d.add(n)
	d.place(d.s.Notices[n.Notice-1], false)
	return nil
}

func (d *draft) close(c Close) error {
	n, ok := d.s.Of(c.Source)
	if !ok || !n.Open() {
		return care.Unchanged()
	}
	if c.Reached == nil {
		d.add(Withdrawn{n.Notice})
		return nil
	}
	d.add(Reached{n.Notice, *c.Reached})
	return nil
}

// review chooses anew for what is open. What a person chose by hand stays.
func (d *draft) review() error {
	if d.k.Dead {
		for _, n := range slices.Clone(d.s.Notices) {
			if n.Open() {
				d.add(Withdrawn{n.Notice})
			}
		}
	} else {
		for _, x := range slices.Clone(d.s.Sendings) {
			if x.Status != Done && !x.ByHand && (x.Channel != d.choose() || x.To != d.k.To) {
				d.placeAll(x, false)
			}
		}
	}
	if len(d.made) == 0 {
		return care.Unchanged()
	}
	return nil
}

func (d *draft) record(c Record) error {
	x, ok := d.s.Sending(c.Sending)
	if !ok || c.Attempt < 1 || c.Attempt != len(x.Attempts) || x.Attempts[c.Attempt-1].Outcome != "" {
		return care.Missing("attempt-unknown", "That attempt has its outcome already.")
	}
	e := Attempted{Sending: c.Sending, Attempt: c.Attempt, Outcome: c.Outcome, Code: c.Code}
	switch c.Outcome {
	case Taken, Uncertain:
		e.OpenBy = d.deadline(toOpen)
	case Later:
		if c.Attempt <= len(retries) {
			e.Again = d.s.Wishes.awake(d.act.At.Add(retries[c.Attempt-1]), d.cal).UTC()
		}
	case Never, Stopped:
	default:
		return care.Refuse("outcome-unknown", "{outcome} is not an outcome of an attempt.", "outcome", string(c.Outcome)).On("outcome")
	}
	open := x.Status != Done
	d.add(e)
	switch {
	case !open:
	case c.Outcome == Later && e.Again.IsZero():
		d.fail(c.Sending, GaveUp, c.Code)
	case c.Outcome == Never:
		d.fail(c.Sending, Refused, c.Code)
	case c.Outcome == Stopped:
		d.stopped(c.Sending, c.Code)
	}
	return nil
}

// stopped carries on after our own no at the last moment: another way, another
// hour, or nobody at all. Where nothing has changed it is a task, not a circle.
func (d *draft) stopped(sending int, code string) {
	x := d.s.Sendings[sending-1]
	if d.k.Dead {
		for _, n := range d.s.Carries(sending) {
			d.add(Withdrawn{n.Notice})
		}
		return
	}
	if x.Channel == d.choose() && x.To == d.k.To && !d.when(x.Channel, x.Urgent, time.Time{}).After(d.act.At) {
		d.fail(sending, Refused, code)
		return
	}
	d.placeAll(x, true)
}

func (d *draft) fail(sending int, why Why, code string) {
	e := Undelivered{Sending: sending, Why: why, Code: code}
	if why != Unopened {
		e.Owner, e.By = d.k.Contact, d.deadline(toMend)
		if e.Owner.IsZero() {
			e.Owner = d.s.Sendings[sending-1].Owner
		}
	}
	d.add(e)
}

func (d *draft) bounce(c Bounce) error {
	if x, ok := d.s.Sending(c.Sending); !ok || !x.mayReturn() {
		return care.Missing("bounce-unknown", "Nothing is on its way that could have come back.")
	}
	d.fail(c.Sending, Bounced, c.Code)
	return nil
}

// byHand is a sending that a person carries on now.
func (d *draft) byHand(n int) (Sending, error) {
	x, ok := d.s.Sending(n)
	if !ok || !slices.ContainsFunc(d.s.ForPeople(), func(p Sending) bool { return p.Sending == x.Sending }) {
		return x, care.Missing("sending-not-open", "This letter or call is not on the list any more: it has reached them, or is not so any more.")
	}
	if d.k.Dead {
		return x, care.Refuse("notice-dead", "The person has died. Nothing is sent to them.")
	}
	if x.To != d.k.To {
		return x, care.Stale("sending-redirected", "This goes to somebody else now. Open the list again.")
	}
	return x, nil
}

func (d *draft) post(c PostLetter) error {
	x, err := d.byHand(c.Sending)
	if err != nil {
		return err
	}
	if x.Channel != ByLetter {
		return care.Refuse("not-a-letter", "This is not a letter.")
	}
	if c.Version != x.Version {
		return care.Stale("letter-changed", "The letter has changed since it was printed. Print it again and post the new one.")
	}
	today := d.cal.Date(d.act.At)
	if c.Expected.IsZero() || c.Expected.Before(d.cal.Date(d.act.When())) || c.Expected.After(today.AddDays(30)) {
		return care.Refuse("letter-expected", "Say which day the letter is expected to arrive.").On("expected")
	}
	at := d.cal.EndOf(c.Expected).UTC()
	d.add(Posted{c.Sending, at})
	for _, n := range d.s.Carries(c.Sending) {
		d.add(Reached{n.Notice, Receipt{How: care.ByLetter, At: at, Expected: true}})
	}
	return nil
}

func (d *draft) call(c Call) error {
	if _, err := d.byHand(c.Sending); err != nil {
		return err
	}
	if c.Answered && c.Words == "" {
		return care.Refuse("call-empty", "Write what was said.").On("words")
	}
	text := care.Sealed{}
	if c.Words != "" {
		text["words"] = c.Words
	}
	if c.Next != "" {
		text["next"] = c.Next
	}
	d.addWith(Called{c.Sending, c.Answered}, text)
	if c.Answered {
		for _, n := range d.s.Carries(c.Sending) {
			d.add(Reached{n.Notice, Receipt{How: care.ByPhone, At: d.act.When()}})
		}
	}
	return nil
}

func (d *draft) redirect(c Redirect) error {
	x, err := d.byHand(c.Sending)
	if err != nil {
		return err
	}
	if c.Channel != ByLetter && c.Channel != ByPhone {
		return care.Refuse("redirect-channel", "Choose a letter or a call.").On("channel")
	}
	if x.Channel == c.Channel && x.Status == Waiting {
		return care.Unchanged()
	}
	var notices []int
	for _, n := range d.s.Carries(x.Sending) {
		notices = append(notices, n.Notice)
	}
	d.add(Planned{
		Sending: len(d.s.Sendings) + 1, Notices: notices, Channel: c.Channel, To: d.k.To, Owner: x.Owner, At: d.act.At, ByHand: true,
	})
	return nil
}

func (d *draft) tryAgain() error {
	for _, x := range slices.Clone(d.s.Sendings) {
		if x.task() {
			d.placeAll(x, true)
		}
	}
	if len(d.made) == 0 {
		return care.Unchanged()
	}
	return nil
}

func (d *draft) wish(c SetWishes) error {
	if err := c.check(); err != nil {
		return err
	}
	if d.act.Seen != 0 && int(d.act.Seen) != d.s.Wished {
		return care.Stale("wishes-changed", "These wishes were changed meanwhile. Look at them again.")
	}
	if c.Wishes == d.s.Wishes {
		return care.Unchanged()
	}
	d.add(WishesSet(c))
	return d.review()
}
