package messaging

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"forlop/care"
)

// LongestMessage is how many characters one message takes, some five pages. Ours,
// no source.
const LongestMessage = 20_000

// ThreadKnown is what a decision about a conversation reads beside it.
type ThreadKnown struct {
	Regime care.Regime
	// Dead says that the person has died, Stranger that nobody is known by that key
	// or that the journey is not theirs.
	Dead, Stranger bool
	// Contact is the person's first contact, who reads what they begin.
	Contact care.Post
	// PostExists reports whether something new can be given to a post; TakesPart
	// whether its unit takes part in what the conversation is about.
	PostExists func(care.Post) bool
	TakesPart  func(care.UnitID) bool
	// Within is how soon a unit answers; zero where it has not said.
	Within func(care.UnitID) care.Span
}

// DecideThread decides a command on a conversation. Every refusal is a
// *care.Refusal.
func DecideThread(t Thread, c ThreadCommand, act care.Act, k ThreadKnown) ([]care.Made, error) {
	if act.When().After(act.At) {
		return nil, care.Refuse("happened-in-future", "What has not happened yet cannot be recorded.").On("happened")
	}
	d := &talk{t: t.Clone(), act: act, k: k}
	if t.Version > 0 {
		d.k.Regime = t.Regime
	} else if _, begins := c.(BeginThread); !begins {
		return nil, care.Missing("no-thread", "There is no such conversation.")
	}
	d.cal = care.CalendarOf(d.k.Regime)
	var err error
	switch c := c.(type) {
	case BeginThread:
		err = d.begin(c)
	case Say:
		err = d.say(c)
	case ReadThread:
		err = d.read()
	case TakeOver:
		err = d.takeOver(c)
	case CloseThread:
		err = d.close(c)
	case TakeBack:
		err = d.takeBack(c)
	case ReachThread:
		err = d.reach(c)
	case WakeThread:
		d.wake()
	default:
		err = fmt.Errorf("messaging: %T is not a command of a conversation", c)
	}
	if err != nil {
		return nil, err
	}
	return d.made, nil
}

// talk is a decision being made.
type talk struct {
	t    Thread
	act  care.Act
	k    ThreadKnown
	cal  *care.Calendar
	made []care.Made
}

func (d *talk) add(e care.Event, text care.Sealed) {
	d.made = append(d.made, care.Made{Event: e, Sealed: text})
	r := care.Recorded{
		Version: d.t.Version + 1, Event: e, Happened: d.act.When(), Learned: d.act.At, Actor: d.act.Actor, Post: d.act.Post, For: d.act.For,
	}
	if err := EvolveThread(&d.t, r); err != nil {
		panic(fmt.Sprintf("messaging: a decision made an event that does not fold: %v", err))
	}
}

func (d *talk) deadline(s care.Span) time.Time { return d.cal.Deadline(d.act.At, s).UTC() }

// side is for whom the act speaks: what is recorded for somebody else is theirs.
func (d *talk) side() Side {
	if d.act.Actor.Kind == care.Professional && (d.act.For == nil || d.act.For.Of.Kind == care.PartyUnit) {
		return CareSide
	}
	return PersonSide
}

func (d *talk) begin(c BeginThread) error {
	switch {
	case d.t.Version != 0:
		return care.Stale("thread-begun-already", "This conversation has begun already.")
	case d.k.Stranger || d.k.Regime == "":
		return care.Missing("no-journey", "There is no such journey.")
	}
	reader := d.k.Contact
	if d.side() == CareSide {
		if reader = c.Reader; reader.IsZero() {
			reader = d.act.Post
		}
		if err := d.canRead(reader); err != nil {
			return err
		}
	}
	e := ThreadBegun{Person: c.Person, Regime: d.k.Regime, Journey: c.Journey, Reader: reader}
	if err := d.mayWrite(c.Say); err != nil {
		return err
	}
	d.add(e, nil)
	return d.say(c.Say)
}

// canRead refuses a reader who is none, or who takes no part.
func (d *talk) canRead(p care.Post) error {
	switch {
	case d.k.PostExists == nil || !d.k.PostExists(p):
		return care.Missing("post-unknown", "There is no post {post}, or it is closed.", "post", p.String()).On("reader")
	case !d.k.TakesPart(p.Unit):
		return care.Refuse("thread-reader-outside", "Whoever answers takes part in the journey, or is the first contact. Choose one of those units.").On("reader")
	}
	return nil
}

// mayWrite refuses what cannot be a message. Nothing is cut short: what is too long
// is said with its length, and stays with its writer.
func (d *talk) mayWrite(c Say) error {
	length := utf8.RuneCountInString(c.Text)
	switch {
	case d.k.Dead:
		return care.Refuse("person-died", "This person has died.")
	case c.Quick != "" && !slices.Contains(Quicks, c.Quick):
		return care.Refuse("quick-unknown", "{quick} is no short reply.", "quick", care.Clip(string(c.Quick), longestEcho)).On("quick")
	case strings.TrimSpace(c.Text) == "" && c.Quick == "":
		return care.Refuse("words-empty", "Write the message.").On("text")
	case !utf8.ValidString(c.Text):
		return care.Refuse("text-broken", "The text holds signs that cannot be read.").On("text")
	case length > LongestMessage:
		return care.Refuse("message-long", "The message has {length} characters, and one message takes {most}. Make it shorter, or send it in parts.",
			"length", strconv.Itoa(length), "most", strconv.Itoa(LongestMessage)).On("text")
	}
	return nil
}

func (d *talk) say(c Say) error {
	if err := d.mayWrite(c); err != nil {
		return err
	}
	e := Said{Message: len(d.t.Messages) + 1, Side: d.side(), Quick: c.Quick}
	if e.Side == CareSide {
		if err := d.unseen(); err != nil {
			return err
		}
		e.Holds = d.act.At.Add(held).UTC().Truncate(time.Microsecond)
	} else {
		e.Urgent, e.ReplyBy = c.Urgent, d.deadline(d.within())
		if soon := d.deadline(toReplySoon); c.Urgent && soon.Before(e.ReplyBy) {
			e.ReplyBy = soon
		}
	}
	var text care.Sealed
	if c.Text != "" {
		text = care.Sealed{"said": c.Text}
	}
	d.add(e, text)
	return nil
}

// within is how soon the reader's unit answers.
func (d *talk) within() care.Span {
	if d.k.Within != nil {
		if s := d.k.Within(d.t.Reader.Unit); !s.IsZero() {
			return s
		}
	}
	return toReply
}

// unseen refuses an answer or a closing by somebody who had not seen the newest
// message.
func (d *talk) unseen() error {
	for _, m := range d.t.Messages {
		if d.act.Seen > 0 && m.Version > int(d.act.Seen) {
			return care.Stale("thread-changed", "Somebody wrote here after you opened it. Read it and send yours again; what you wrote is kept.")
		}
	}
	return nil
}

// read notes that what the other side wrote was opened, once.
func (d *talk) read() error {
	e := Opened{Side: d.side(), Receipt: Receipt{How: care.ByPage, At: d.act.At}}
	for _, m := range d.t.Messages {
		if m.Side == e.Side.other() && m.Status() == "shown" {
			e.Messages = append(e.Messages, m.Message)
		}
	}
	if len(e.Messages) == 0 {
		return care.Unchanged()
	}
	d.add(e, nil)
	return nil
}

// reach notes the receipt of a letter or a call.
func (d *talk) reach(c ReachThread) error {
	if c.Message < 1 || c.Message > len(d.t.Messages) || d.t.Messages[c.Message-1].Status() != "shown" {
		return care.Unchanged()
	}
	d.add(Opened{Side: d.t.Messages[c.Message-1].Side.other(), Messages: []int{c.Message}, Receipt: c.Receipt}, nil)
	return nil
}

func (d *talk) takeOver(c TakeOver) error {
	if c.Reader == d.t.Reader {
		return care.Unchanged()
	}
	if err := d.canRead(c.Reader); err != nil {
		return err
	}
	d.add(TakenOver(c), nil)
	return nil
}

// close ends a conversation with a reason. What waits for an answer and was not
// answered in another way needs a word about it.
func (d *talk) close(c CloseThread) error {
	if err := d.unseen(); err != nil {
		return err
	}
	switch {
	case d.t.Status == Concluded:
		return care.Unchanged()
	case !slices.Contains(WhysClosed, c.Why):
		return care.Refuse("thread-why", "Say why nothing more is written.").On("why")
	case len(d.t.Owed) > 0 && c.Why != NoAnswerNeeded && strings.TrimSpace(c.Words) == "":
		return care.Refuse("thread-answered-how", "Write what was answered, and what happens next.").On("words")
	case utf8.RuneCountInString(c.Words) > LongestMessage:
		return care.Refuse("message-long", "The message has {length} characters, and one message takes {most}. Make it shorter, or send it in parts.",
			"length", strconv.Itoa(utf8.RuneCountInString(c.Words)), "most", strconv.Itoa(LongestMessage)).On("words")
	}
	var text care.Sealed
	if c.Words != "" {
		text = care.Sealed{"words": c.Words}
	}
	d.add(ThreadClosed{c.Why}, text)
	return nil
}

// takeBack takes back a message of one's own that nobody has read.
func (d *talk) takeBack(c TakeBack) error {
	if c.Message < 1 || c.Message > len(d.t.Messages) {
		return care.Missing("no-message", "There is no such message.")
	}
	m := d.t.Messages[c.Message-1]
	switch {
	case !m.Back.IsZero():
		return care.Unchanged()
	case m.By.ID != d.act.Actor.ID && m.By.Recorder != d.act.Actor.ID:
		return care.Refuse("message-not-yours", "Only who wrote a message takes it back.")
	case m.Read != nil:
		return care.Refuse("message-read", "The message has been read and cannot be taken back. Write a new one that says what holds.")
	case d.act.At.After(m.At.Add(toRegret)):
		return care.Refuse("message-old", "A message can be taken back for a day. Write a new one that says what holds.")
	}
	d.add(TakenBack(c), nil)
	return nil
}
