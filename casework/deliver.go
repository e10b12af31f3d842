package casework

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/store"
)

// Outgoing is how notices leave the house.
type Outgoing struct {
	// Carriers are by channel: e-mail, SMS. What has none is not sent that way.
	Carriers map[messaging.Channel]Carrier
	// Words are the closed templates in the languages that people read.
	Words Wording
	// Sender is the neutral name that messages are signed with; Link is where one
	// logs in, without anything that says who comes.
	Sender, Link string
}

// Wording says closed templates in a language.
type Wording interface {
	// When is the day and the time of an instant as a message writes them.
	When(l care.Language, at time.Time) (day, clock string)
	// Say fills a template. An SMS has no subject.
	Say(l care.Language, c messaging.Channel, t messaging.Template, s messaging.Slots) (subject, text string, err error)
}

// Message is one message as its carrier gets it.
type Message struct {
	// Key is the same however often this is sent. It says nothing of anybody, and
	// lets the far end see that it has the message already.
	Key string
	// To is an address or a number.
	To            string
	Subject, Text string
	Language      care.Language
	// Trace is the trace id of the order that it comes from; it says nothing of
	// anybody either.
	Trace string
}

// Carried is what a carrier says of an attempt. Code is the far end's own code;
// Err is for the operator's log, and must name no address.
type Carried struct {
	Outcome messaging.Outcome
	Code    string
	Err     error
}

// Carrier hands a message to the far end and says what came of it, within the
// context's time. It never answers messaging.Taken unless the far end said so.
type Carrier interface {
	Carry(ctx context.Context, m Message) Carried
}

// carries reports whether something leaves by a channel.
func (o *Outgoing) carries(c messaging.Channel) bool { return o != nil && o.Carriers[c] != nil }

// check refuses what no message may say, before the first one is sent.
func (o *Outgoing) check() error {
	if o == nil {
		return nil
	}
	if word := messaging.HealthWord(o.Sender); word != "" {
		return fmt.Errorf("the sender %q says %q: whoever sees the message would know that it is about health; give a neutral name", o.Sender, word)
	}
	return messaging.Plain.Check(messaging.Slots{Sender: o.Sender, Link: o.Link})
}

// carryTime is how long one attempt may take; carryLease, how long its worker has
// it for itself; carryBatch, how many are carried at once.
const (
	carryTime  = 20 * time.Second
	carryLease = time.Minute
	carryBatch = 4
	carryEvery = 500 * time.Millisecond
)

// deliveries carries what is due until the context ends. It is a loop of its own:
// a slow far end delays no deadline.
func (s *Service) deliveries(ctx context.Context, owner string, report func(string, error)) {
	tick := time.NewTicker(carryEvery)
	defer tick.Stop()
	for {
		if _, err := s.Deliver(ctx, owner, report); err != nil && ctx.Err() == nil {
			report("deliver", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Deliver carries every attempt in the outbox that is due, and answers how many.
// The outcome of each is an event. A process that dies between sending and storing
// leaves the attempt in the outbox: it is carried again with the same key, so that
// it reaches the far end at least once, and once only where that looks at the key.
func (s *Service) Deliver(ctx context.Context, owner string, report func(string, error)) (int, error) {
	if s.out == nil {
		return 0, nil
	}
	n := 0
	for {
		if err := s.clock.Held(); err != nil {
			return n, err
		}
		now := s.clock.Now()
		due, err := s.store.Deliveries(ctx, owner, now, now.Add(carryLease), carryBatch)
		if err != nil || len(due) == 0 {
			return n, err
		}
		var g errgroup.Group
		for _, d := range due {
			g.Go(func() error {
				if err := s.deliver(ctx, d); err != nil && ctx.Err() == nil {
					report("deliver "+d.Kind, err)
				}
				return nil
			})
		}
		if err := errors.Join(g.Wait(), ctx.Err()); err != nil {
			return n, err
		}
		n += len(due)
	}
}

// deliver carries one attempt and records what came of it.
func (s *Service) deliver(ctx context.Context, d store.Delivery) error {
	var a attempt
	if err := json.Unmarshal(d.Payload, &a); err != nil {
		return fmt.Errorf("the delivery %s cannot be read: %w", d.ID, err)
	}
	m, say, err := s.message(ctx, d, a)
	if err != nil {
		return err
	}
	if m.Trace, err = s.orderBehind(ctx, d); err != nil {
		return err
	}
	got := Carried{Outcome: messaging.Stopped, Code: say}
	if say == "" {
		within, cancel := context.WithTimeout(ctx, carryTime)
		got = s.out.Carriers[messaging.Channel(d.Kind)].Carry(within, m)
		cancel()
	}
	s.watch.Carried(ctx, d.Kind, m.Trace, string(got.Outcome))
	// What was sent is written down even where the program is told to stop now.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), carryTime)
	defer cancel()
	err = s.noted(last, care.PersonKey(d.Stream.ID()), messaging.Record{
		Sending: a.Sending, Attempt: a.Attempt, Outcome: got.Outcome, Code: code(got.Code),
	}, "outcome/"+d.ID)
	return errors.Join(err, got.Err)
}

// code is a far end's code as it may be kept: short, and no text of theirs.
func code(c string) string {
	c = strings.Map(func(r rune) rune {
		if r < '0' || r > 'z' || r > '9' && r < 'A' {
			return '-'
		}
		return r
	}, c)
	return c[:min(len(c), 24)]
}

// message makes what an attempt sends, and says in a word why it is not sent: what
// was true when it was planned is looked at again, at the last moment.
func (s *Service) message(ctx context.Context, d store.Delivery, a attempt) (m Message, stop string, err error) {
	w, err := s.newWork(ctx, Order{Who: Who{Actor: care.Service}})
	if err != nil {
		return m, "", err
	}
	w.fresh = true
	o, err := w.open(d.Stream)
	if err != nil {
		return m, "", err
	}
	p, told := care.PersonKey(d.Stream.ID()), o.now.(*messaging.State)
	known, err := w.noticeKnown(p, w.now)
	if err != nil {
		return m, "", err
	}
	x, found := told.Sending(a.Sending)
	switch {
	case !found:
		return m, "", fmt.Errorf("the delivery %s is of no sending", d.ID)
	case !messaging.Still(*told, x, known, w.now):
		return m, "changed", nil
	case !s.out.carries(x.Channel):
		return m, "no-carrier", nil
	}
	to := p
	if known.To != "" {
		to = known.To
	}
	i, err := s.identity(ctx, string(to))
	if err != nil {
		return m, "", err
	}
	if m.To = i.Email; x.Channel == messaging.BySMS {
		m.To = i.Phone
	}
	if m.To == "" {
		return m, "no-address", nil
	}
	who, err := w.open(store.StreamOf("person", string(to)))
	if err != nil {
		return m, "", err
	}
	m.Language = readsIn(who.now.(*person.State), known.Regime)
	m.Key = hex.EncodeToString(s.keys.Hash("delivery", string(d.Stream)+"/"+itoa(a.Sending))[:16])
	first, on := "", told.Appointment(x)
	if known.To == "" { // a relative has not consented, and is not the one with the appointment
		first, _, _ = strings.Cut(i.Name, " ")
	}
	if err := s.say(&m, x.Channel, told.Wishes, first, on); err != nil {
		return m, "wording", errors.Join(err, s.unsaid(ctx, p, d, a))
	}
	return m, "", nil
}

// unsaid records that our own words did not hold.
func (s *Service) unsaid(ctx context.Context, p care.PersonKey, d store.Delivery, a attempt) error {
	return s.noted(ctx, p, messaging.Record{Sending: a.Sending, Attempt: a.Attempt, Outcome: messaging.Never, Code: "wording"}, "outcome/"+d.ID)
}

// say fills the template that the person's consent allows, and looks at every
// slot and every word before anything leaves.
func (s *Service) say(m *Message, c messaging.Channel, wishes messaging.Wishes, first string, on time.Time) error {
	t := messaging.TemplateOf(wishes, first, !on.IsZero())
	slots := messaging.Slots{Sender: s.out.Sender, Link: s.out.Link}
	if t != messaging.Plain {
		slots.Name = first
	}
	if t == messaging.Timed {
		slots.Day, slots.Time = s.out.Words.When(m.Language, on)
	}
	if err := t.Check(slots); err != nil {
		// A name that no template takes is left out.
		t, slots = messaging.Plain, messaging.Slots{Sender: slots.Sender, Link: slots.Link}
		if err := t.Check(slots); err != nil {
			return err
		}
	}
	var err error
	m.Subject, m.Text, err = s.out.Words.Say(m.Language, c, t, slots)
	return err
}

// readsIn is the language that somebody reads: as they said, or their country's.
func readsIn(p *person.State, regime care.Regime) care.Language {
	switch {
	case p.Languages.Reading != "":
		return p.Languages.Reading
	case regime == care.Sweden:
		return care.Swedish
	}
	return care.Bokmal
}
