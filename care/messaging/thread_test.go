package messaging

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"forlop/care"

	"pgregory.net/rapid"
)

var (
	ida    = care.Actor{Kind: care.Patient, ID: "ida"}
	tore   = care.Actor{Kind: care.Relative, ID: "tore"}
	kari   = care.Actor{Kind: care.Professional, ID: "kari", Unit: "clinic"}
	nils   = care.Actor{Kind: care.Professional, ID: "nils", Unit: "clinic"}
	physio = care.Post{Unit: "clinic", Role: "physiotherapist"}
)

func talkKnown() ThreadKnown {
	return ThreadKnown{
		Regime: care.Norway, Contact: coordinator,
		PostExists: func(p care.Post) bool { return p.Role != "none" },
		TakesPart:  func(u care.UnitID) bool { return u == "clinic" },
	}
}

// A talked is one conversation being lived.
type talked struct {
	t  testing.TB
	s  Thread
	k  ThreadKnown
	at time.Time
	// saw is told of every event, with the state before it.
	saw func(before Thread, r care.Recorded)
}

func talkOf(t testing.TB) *talked { return &talked{t: t, k: talkKnown(), at: monday} }

func (l *talked) try(a care.Act, c ThreadCommand) error {
	a.At = l.at
	if a.Actor.Kind == care.Professional && a.Post.IsZero() {
		a.Post = coordinator
	}
	made, err := DecideThread(l.s, c, a, l.k)
	if err != nil {
		return err
	}
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			l.t.Fatal(err)
		}
		e, err := ThreadEvents.Decode(m.Event.Type(), body)
		if err != nil {
			l.t.Fatal(err)
		}
		before := l.s
		l.s = l.s.Clone()
		r := care.Recorded{Version: l.s.Version + 1, Event: e, Happened: a.When(), Learned: a.At, Actor: a.Actor, Post: a.Post, For: a.For}
		if err := EvolveThread(&l.s, r); err != nil {
			l.t.Fatal(err)
		}
		if l.saw != nil {
			l.saw(before, r)
		}
	}
	return nil
}

func (l *talked) do(a care.Actor, c ThreadCommand) {
	l.t.Helper()
	if err := l.try(care.Act{Actor: a}, c); err != nil {
		l.t.Fatalf("%s by %s: %v", c.Name(), a.ID, err)
	}
}

// refuses fails unless a command is refused with a code, and leaves all as it was.
func (l *talked) refuses(code string, a care.Act, c ThreadCommand) {
	l.t.Helper()
	before := l.s.Version
	if err := l.try(a, c); refusalCode(err) != code || l.s.Version != before {
		l.t.Errorf("%s answers %v, want %s", c.Name(), err, code)
	}
}

// until settles what is due up to an instant, each at its own.
func (l *talked) until(at time.Time) {
	l.t.Helper()
	for range 1000 {
		due, ok := ThreadDue(l.s)
		if !ok || due.After(at) {
			l.at = at
			return
		}
		if due.After(l.at) {
			l.at = due
		}
		before := l.s.Version
		l.do(care.Service, WakeThread{})
		if l.s.Version == before {
			l.t.Fatalf("a wake at %s changed nothing", due)
		}
	}
	l.t.Fatal("it does not come to rest")
}

func hello() BeginThread {
	return BeginThread{Person: "ida", Journey: "j", Say: Say{Text: "Når er timen min?"}}
}

// TestThreadHasReaderAndDate: who reads is the first contact, and the day counts
// working days alone.
func TestThreadHasReaderAndDate(t *testing.T) {
	t.Parallel()
	l := talkOf(t)
	l.at = time.Date(2026, 5, 13, 12, 0, 0, 0, time.UTC) // the day before Ascension Day
	l.do(ida, hello())
	friday := time.Date(2026, 5, 18, 22, 0, 0, 0, time.UTC) // Friday, and Monday's midnight
	if l.s.Reader != coordinator || !l.s.ReplyBy.Equal(friday) || l.s.Status != AwaitsReply {
		t.Errorf("read by %s, until %s, %s", l.s.Reader, l.s.ReplyBy, l.s.Status)
	}
	items := l.s.Items()
	if len(items) != 1 || items[0].Post != coordinator || !items[0].Due.Equal(friday) || items[0].Ref != AnswerRef {
		t.Fatalf("it stands as %+v", items)
	}
	l.do(ida, Say{Quick: CallMe})
	if l.s.Items()[0].Ref != CallRef || !l.s.ReplyBy.Equal(friday) {
		t.Errorf("a wish to be called stands as %+v", l.s.Items()[0])
	}
	l.do(tore, Say{Text: "Det haster.", Urgent: true})
	if i := l.s.Items()[0]; i.Ref != UrgentRef || !i.Due.Before(friday) {
		t.Errorf("what cannot wait stands as %+v", i)
	}
	if by := l.s.Messages[2].By; by.Party.Kind != care.PartyRelative || by.ID != "tore" {
		t.Errorf("a relative's words stand under %+v", by)
	}
	own := talkOf(t)
	own.k.Within = func(care.UnitID) care.Span { return care.Span{N: 5, Unit: care.WorkingDays} }
	own.do(ida, hello())
	if last := care.CalendarOf(care.Norway).LastDay(own.s.ReplyBy); last.String() != "2026-06-08" {
		t.Errorf("a unit that answers within five working days owes it on %s", last)
	}
	staff := talkOf(t)
	staff.do(kari, BeginThread{Person: "ida", Say: Say{Text: "Hei"}, Reader: physio})
	if staff.s.Reader != physio || len(staff.s.Items()) != 0 || staff.s.Status != Quiet {
		t.Errorf("what staff begin is read by %s, with %+v", staff.s.Reader, staff.s.Items())
	}
	phoned := talkOf(t)
	heard := care.Act{Actor: kari, For: &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone}}
	if err := phoned.try(heard, hello()); err != nil {
		t.Fatal(err)
	}
	if by := phoned.s.Messages[0].By; by.Recorder != "kari" || by.How != care.ByPhone || by.Party.Kind != care.PartyPatient || len(phoned.s.Owed) != 1 {
		t.Errorf("what was said by phone stands under %+v", by)
	}
}

// TestThreadClimbs: a message without an answer has an owner and climbs to a named
// person; an answer that is taken back leaves the question with its own date.
func TestThreadClimbs(t *testing.T) {
	t.Parallel()
	l := talkOf(t)
	l.do(ida, hello())
	by := l.s.ReplyBy
	l.do(kari, Say{Text: "På fredag."})
	if len(l.s.Items()) != 0 {
		t.Fatal("an answer leaves it open")
	}
	l.do(kari, TakeBack{2})
	if len(l.s.Items()) != 1 || !l.s.ReplyBy.Equal(by) {
		t.Fatalf("an answer taken back leaves %+v", l.s.Items())
	}
	l.until(by)
	items := l.s.Items()
	if len(items) != 2 || items[0].Overdue != 1 || items[1].Kind != care.EscalationItem || items[1].Post.Role != care.Desk {
		t.Fatalf("a day late it stands as %+v", items)
	}
	l.until(by.AddDate(0, 0, 14))
	if items = l.s.Items(); len(items) != 2 || items[1].Post.Role != care.Lead {
		t.Errorf("two weeks late it stands as %+v", items)
	}
	if _, due := ThreadDue(l.s); due {
		t.Error("it climbs past the lead")
	}
	l.do(nils, TakeOver{physio})
	if items = l.s.Items(); items[0].Post != physio || !items[0].Due.Equal(by) {
		t.Errorf("taken over it stands as %+v", items[0])
	}
	l.do(nils, Say{Text: "Beklager."})
	if len(l.s.Items()) != 0 || l.s.Climb.Rung != 0 {
		t.Errorf("answered it stands as %+v", l.s.Items())
	}
}

// TestThreadReadAndTakenBack: who read what is seen; what is held back is nobody's
// news; what was read stays.
func TestThreadReadAndTakenBack(t *testing.T) {
	t.Parallel()
	l := talkOf(t)
	l.do(ida, hello())
	l.do(ida, Say{Text: "Glem det."})
	l.do(ida, TakeBack{2})
	if m := l.s.Messages[1]; !m.To(CareSide) || m.Status() != "taken-back" || len(l.s.Owed) != 1 {
		t.Errorf("a message taken back leaves %+v", m)
	}
	l.do(kari, ReadThread{})
	if m := l.s.Messages[0]; m.Read == nil || m.Reader.ID != "kari" || m.Reader.Party.Post != coordinator {
		t.Errorf("read by %+v", m.Reader)
	}
	l.refuses("nothing-changes", care.Act{Actor: nils}, ReadThread{})
	l.refuses("message-read", care.Act{Actor: ida}, TakeBack{1})
	l.refuses("nothing-changes", care.Act{Actor: ida}, TakeBack{2})
	l.do(kari, Say{Text: "Feil pasient"})
	if m := l.s.Messages[2]; m.To(PersonSide) || l.s.Unread(PersonSide) != 0 {
		t.Error("what is held back is seen")
	}
	l.refuses("nothing-changes", care.Act{Actor: ida}, ReadThread{})
	l.refuses("message-not-yours", care.Act{Actor: nils}, TakeBack{3})
	l.do(kari, TakeBack{3})
	l.until(l.at.Add(time.Hour))
	if l.s.Messages[2].To(PersonSide) || !l.s.Messages[2].To(CareSide) {
		t.Error("what was taken back in time leaves a mark with the person, or none with us")
	}
	l.do(kari, Say{Text: "På fredag."})
	l.until(l.at.Add(held))
	if l.s.Unread(PersonSide) != 1 {
		t.Error("it is never shown")
	}
	l.do(care.Service, ReachThread{4, Receipt{How: care.ByPhone, At: l.at}})
	if m := l.s.Messages[3]; m.Read == nil || m.Read.How != care.ByPhone {
		t.Errorf("read aloud it stands as %+v", m)
	}
	l.do(ida, Say{Text: "Takk"})
	l.until(l.at.Add(25 * time.Hour))
	l.refuses("message-old", care.Act{Actor: ida}, TakeBack{5})
}

// TestThreadRefusals: what is refused, and with which word.
func TestThreadRefusals(t *testing.T) {
	t.Parallel()
	l := talkOf(t)
	l.refuses("no-thread", care.Act{Actor: ida}, Say{Text: "Hei"})
	empty := hello()
	empty.Text = " \n"
	l.refuses("words-empty", care.Act{Actor: ida}, empty)
	l.k.Stranger = true
	l.refuses("no-journey", care.Act{Actor: ida}, hello())
	l.k.Stranger = false
	l.refuses("post-unknown", care.Act{Actor: kari}, BeginThread{Person: "ida", Say: Say{Text: "Hei"}, Reader: care.Post{Unit: "clinic", Role: "none"}})
	l.refuses("thread-reader-outside", care.Act{Actor: kari}, BeginThread{Person: "ida", Say: Say{Text: "Hei"}, Reader: care.Post{Unit: "other", Role: "desk"}})
	l.do(ida, hello())
	l.refuses("thread-begun-already", care.Act{Actor: ida}, hello())
	long := strings.Repeat("🙂", LongestMessage)
	l.do(ida, Say{Text: long})
	err := l.try(care.Act{Actor: ida}, Say{Text: strings.Repeat("שלום ", 8000)})
	var r *care.Refusal
	if !errors.As(err, &r) || r.Code != "message-long" || r.Args["length"] != "40000" || r.Field != "text" {
		t.Errorf("40,000 characters answer %v", err)
	}
	l.refuses("text-broken", care.Act{Actor: ida}, Say{Text: "\xff"})
	l.refuses("quick-unknown", care.Act{Actor: ida}, Say{Quick: "maybe"})
	l.refuses("thread-changed", care.Act{Actor: kari, Seen: 2}, Say{Text: "Ja"})
	l.refuses("thread-changed", care.Act{Actor: kari, Seen: 2}, CloseThread{Why: NoAnswerNeeded})
	l.refuses("thread-why", care.Act{Actor: kari}, CloseThread{})
	l.refuses("thread-answered-how", care.Act{Actor: kari}, CloseThread{Why: ByTelephone})
	l.do(kari, CloseThread{Why: ByTelephone, Words: "Fredag kl. 10."})
	l.refuses("nothing-changes", care.Act{Actor: kari}, CloseThread{Why: NoAnswerNeeded})
	l.refuses("nothing-changes", care.Act{Actor: kari}, TakeOver{coordinator})
	l.refuses("no-message", care.Act{Actor: ida}, TakeBack{9})
	l.do(ida, Say{Quick: Yes})
	if l.s.Status != AwaitsReply {
		t.Errorf("a word after the end leaves it %s", l.s.Status)
	}
	l.refuses("happened-in-future", care.Act{Actor: kari, Happened: l.at.Add(time.Hour)}, Say{Text: "Hei"})
	l.k.Dead = true
	l.refuses("person-died", care.Act{Actor: kari}, Say{Text: "Hei"})
	l.do(kari, CloseThread{Why: NoAnswerNeeded})
}

// TestThreadStoredForms reads one stored body of every event type and writes it
// again to the same bytes.
func TestThreadStoredForms(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/thread_events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	for _, typ := range ThreadEvents.Types() {
		missing[typ] = true
	}
	for n, line := range bytes.Split(bytes.TrimSpace(file), []byte("\n")) {
		var stored struct {
			Type string          `json:"type"`
			Body json.RawMessage `json:"body"`
		}
		if err := json.Unmarshal(line, &stored); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		event, err := ThreadEvents.Decode(stored.Type, stored.Body)
		if err != nil {
			t.Errorf("line %d: %v", n+1, err)
			continue
		}
		delete(missing, stored.Type)
		if body, err := care.Encode(event); err != nil || !bytes.Equal(body, stored.Body) {
			t.Errorf("line %d: %s is written as %s, %v", n+1, stored.Body, body, err)
		}
	}
	for typ := range missing {
		t.Errorf("testdata/thread_events.jsonl has no %s", typ)
	}
	undone := map[string]bool{}
	for _, u := range ThreadUndos() {
		undone[u.Event] = true
	}
	for _, typ := range ThreadEvents.Types() {
		if !undone[typ] {
			t.Errorf("nothing says how %s is undone", typ)
		}
	}
}

// A ledger counts a conversation on its own: what was written, by which side, and
// what became of it. It knows nothing of how the state is folded.
type ledger struct {
	side, back []string
	by         []time.Time
	// ended counts the messages when it was last closed.
	ended int
}

// owed is the first date of what waits for an answer.
func (l *ledger) owed() (first time.Time, n int) {
	for i, side := range l.side {
		if l.back[i] != "" {
			continue
		}
		if side == "care" {
			first, n = time.Time{}, 0
			continue
		}
		if i < l.ended {
			continue
		}
		if n == 0 || l.by[i].Before(first) {
			first = l.by[i]
		}
		n++
	}
	return first, n
}

// TestThreadLives: whatever happens, everything that waits for an answer has an
// owner and a date and climbs when it is late; no message vanishes; what was taken
// back leaves its mark; and every change is one that the table allows.
func TestThreadLives(t *testing.T) {
	t.Parallel()
	allowed := map[Transition]bool{}
	for _, x := range ThreadLifecycle() {
		allowed[x] = true
	}
	rapid.Check(t, func(r *rapid.T) {
		l := talkOf(t)
		book := &ledger{}
		l.saw = func(before Thread, e care.Recorded) {
			check := func(of, from, to string) {
				if from != to && !allowed[Transition{of, from, e.Event.Type(), to}] {
					r.Fatalf("%s goes from %q to %q by %s", of, from, to, e.Event.Type())
				}
			}
			check("thread", string(before.Status), string(l.s.Status))
			for i, m := range l.s.Messages {
				from := ""
				if i < len(before.Messages) {
					from = before.Messages[i].Status()
				}
				check("message", from, m.Status())
			}
			switch x := e.Event.(type) {
			case Said:
				book.side, book.back, book.by = append(book.side, string(x.Side)), append(book.back, ""), append(book.by, x.ReplyBy)
			case TakenBack:
				book.back[x.Message-1] = "back"
			case ThreadClosed:
				book.ended = len(book.side)
			}
		}
		begin := hello()
		if rapid.Bool().Draw(r, "staff begin") {
			l.do(kari, begin)
		} else {
			l.do(ida, begin)
		}
		for range rapid.IntRange(1, 25).Draw(r, "acts") {
			who := rapid.SampledFrom([]care.Actor{ida, tore, kari, nils}).Draw(r, "who")
			words := Say{Text: "ord", Urgent: rapid.Bool().Draw(r, "urgent")}
			var c ThreadCommand
			switch rapid.IntRange(0, 7).Draw(r, "act") {
			case 0, 1:
				c = words
			case 2:
				c = ReadThread{}
			case 3:
				c = TakeBack{rapid.IntRange(1, len(l.s.Messages)).Draw(r, "which")}
			case 4:
				c = Say{Quick: rapid.SampledFrom(Quicks).Draw(r, "quick")}
			case 5:
				l.until(l.at.Add(time.Duration(rapid.IntRange(1, 200).Draw(r, "hours")) * time.Hour))
				continue
			case 6:
				c = TakeOver{rapid.SampledFrom([]care.Post{coordinator, physio}).Draw(r, "reader")}
			default:
				c = CloseThread{Why: rapid.SampledFrom(WhysClosed).Draw(r, "why"), Words: "ord"}
			}
			if who.Kind != care.Professional && (c.Name() == "thread.close" || c.Name() == "thread.take-over") {
				continue
			}
			l.until(l.at.Add(time.Minute))
			if err := l.try(care.Act{Actor: who}, c); err != nil {
				if _, refused := care.AsRefusal(err); !refused {
					r.Fatal(err)
				}
			}
			book.holds(r, l)
		}
		l.until(l.at.AddDate(0, 0, 60))
		book.holds(r, l)
		if _, n := book.owed(); n > 0 && l.s.Climb.To.Role != care.Lead {
			r.Fatalf("a message without an answer for two months stands with %s", l.s.Climb.To)
		}
	})
}

// holds compares the conversation with the ledger.
func (l *ledger) holds(r *rapid.T, x *talked) {
	if len(x.s.Messages) != len(l.side) {
		r.Fatalf("%d messages of %d are left", len(x.s.Messages), len(l.side))
	}
	for i, m := range x.s.Messages {
		if fmt.Sprint(m.Side) != l.side[i] || (l.back[i] != "") != (m.Status() == "taken-back") {
			r.Fatalf("message %d stands as %+v", i+1, m)
		}
		if m.Status() == "taken-back" && !m.To(m.Side) {
			r.Fatalf("message %d was taken back and left no mark with its writer", i+1)
		}
	}
	due, n := l.owed()
	items := x.s.Items()
	if (n > 0) != (len(items) > 0) {
		r.Fatalf("%d messages wait and the items are %+v", n, items)
	}
	for _, i := range items {
		if i.Post.IsZero() || i.Due.IsZero() || !i.Due.Equal(due) || i.Since.IsZero() || i.Version == 0 {
			r.Fatalf("what waits stands as %+v, due %s", i, due)
		}
	}
	if n > 0 && due.Before(x.at) && (len(items) != 2 && items[0].Post != x.s.Climb.To || x.s.Climb.Rung == 0) {
		r.Fatalf("late since %s at %s, it stands only with %+v", due, x.at, items)
	}
}
