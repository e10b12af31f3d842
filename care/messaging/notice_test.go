package messaging

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"forlop/care"

	"pgregory.net/rapid"
)

var (
	coordinator = care.Post{Unit: "clinic", Role: "coordinator"}
	// monday is 10:00 in Oslo.
	monday = time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	reader = Known{Regime: care.Norway, Contact: coordinator, Email: true, Phone: true}
)

func onPaper() Known { k := reader; k.Channel = care.ByLetter; return k }

// A lived is the notices of one person being lived.
type lived struct {
	t  testing.TB
	s  State
	k  Known
	at time.Time
}

func (l *lived) try(c Command) error {
	made, err := Decide(l.s, c, care.Act{At: l.at, Actor: care.Service}, l.k)
	if err != nil {
		return err
	}
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			l.t.Fatal(err)
		}
		e, err := Events.Decode(m.Event.Type(), body)
		if err != nil {
			l.t.Fatal(err)
		}
		l.s = l.s.Clone()
		if err := Evolve(&l.s, care.Recorded{Version: l.s.Version + 1, Event: e, Happened: l.at, Learned: l.at}); err != nil {
			l.t.Fatal(err)
		}
	}
	return nil
}

func (l *lived) do(c Command) {
	l.t.Helper()
	if err := l.try(c); err != nil {
		l.t.Fatalf("%s: %v", c.Name(), err)
	}
}

// until settles what is due up to an instant, each at its own.
func (l *lived) until(at time.Time) {
	l.t.Helper()
	for range 1000 {
		due, ok := Due(l.s)
		if !ok || due.After(at) {
			l.at = at
			return
		}
		if due.After(l.at) {
			l.at = due
		}
		before := l.s.Version
		l.do(Wake{})
		if l.s.Version == before {
			l.t.Fatalf("a wake at %s changed nothing", due)
		}
	}
	l.t.Fatal("it does not come to rest")
}

func raise(n int) Raise {
	return Raise{
		Source: Source{"journey/j", "telling/" + string(rune('0'+n))}, About: "planned", Owner: coordinator, By: monday.Add(72 * time.Hour),
	}
}

func begin(t testing.TB, k Known) *lived { return &lived{t: t, k: k, at: monday} }

// TestWayIsChosen: what the person asked for decides, then what can reach them.
func TestWayIsChosen(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*Known)
		wishes Wishes
		want   Channel
	}{
		"an address":               {func(*Known) {}, Wishes{}, ByEmail},
		"SMS by the record":        {func(k *Known) { k.SMS = true }, Wishes{}, BySMS},
		"SMS by wish":              {func(*Known) {}, Wishes{Nudge: BySMS}, BySMS},
		"SMS and no number":        {func(k *Known) { k.SMS, k.Phone = true, false }, Wishes{}, ByEmail},
		"e-mail over the record":   {func(k *Known) { k.SMS = true }, Wishes{Nudge: ByEmail}, ByEmail},
		"no nudge":                 {func(*Known) {}, Wishes{Nudge: OnPage}, OnPage},
		"nothing to reach them by": {func(k *Known) { k.Email, k.Phone = false, false }, Wishes{}, OnPage},
		"letters":                  {func(k *Known) { k.Channel = care.ByLetter }, Wishes{Nudge: BySMS}, ByLetter},
		"calls":                    {func(k *Known) { k.Channel = care.ByPhone }, Wishes{}, ByPhone},
		"a hidden address":         {func(k *Known) { k.Hidden = true }, Wishes{Nudge: BySMS}, OnPage},
		"hidden, and letters":      {func(k *Known) { k.Hidden, k.Channel = true, care.ByLetter }, Wishes{}, ByLetter},
	} {
		k := reader
		test.change(&k)
		l := begin(t, k)
		l.s.Wishes = test.wishes
		l.do(raise(1))
		if got := l.s.Sendings[0].Channel; got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestHours: nobody is woken by a nudge, one nudge a day says it all, and what
// cannot wait does not.
func TestHours(t *testing.T) {
	t.Parallel()
	l := begin(t, reader)
	l.at = time.Date(2026, 6, 1, 20, 30, 0, 0, time.UTC) // 22:30
	l.do(raise(1))
	if at := l.s.Sendings[0].At; !at.Equal(time.Date(2026, 6, 2, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("a nudge at night goes at %s", at)
	}
	l.until(time.Date(2026, 6, 2, 7, 0, 0, 0, time.UTC))
	l.do(Record{Sending: 1, Attempt: 1, Outcome: Taken})
	l.do(raise(2)) // the same day, and the first not opened
	if len(l.s.Sendings) != 1 || l.s.Notices[1].Sending != 1 {
		t.Errorf("a second nudge goes the same day: %+v", l.s.Sendings)
	}
	l.do(Close{raise(1).Source, &Receipt{How: care.ByPage, At: l.at}})
	l.do(Close{raise(2).Source, &Receipt{How: care.ByPage, At: l.at}})
	l.do(raise(3))
	if at := l.s.Sendings[1].At; !at.Equal(time.Date(2026, 6, 3, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("the next nudge goes at %s, want tomorrow's first hour", at)
	}
	now := raise(4)
	now.On = l.at.Add(20 * time.Hour)
	l.do(now)
	if x := l.s.Sendings[2]; !x.At.Equal(l.at) || !x.Urgent {
		t.Errorf("what cannot wait goes at %s", x.At)
	}
	daily := begin(t, reader)
	daily.do(SetWishes{Wishes{Daily: true}})
	daily.do(raise(1))
	if at := daily.s.Sendings[0].At; !at.Equal(time.Date(2026, 6, 1, 14, 0, 0, 0, time.UTC)) {
		t.Errorf("a day's news goes at %s, want 16:00", at)
	}
	rests := reader
	rests.Rests = monday.Add(50 * time.Hour)
	r := begin(t, rests)
	r.do(raise(1))
	if at := r.s.Sendings[0].At; !at.Equal(rests.Rests) {
		t.Errorf("a nudge goes at %s while reminders rest", at)
	}
}

// TestAttempts: an attempt that fails is tried again, ever later, and then it is
// one task with an owner, which climbs.
func TestAttempts(t *testing.T) {
	t.Parallel()
	l := begin(t, reader)
	l.do(raise(1))
	l.until(monday)
	tries := 0
	for ; l.s.Sendings[0].Status != Failed; tries++ {
		if p := l.s.Pending(); len(p) != 1 || p[0].Attempt != tries+1 {
			t.Fatalf("attempt %d: the outbox holds %+v", tries+1, p)
		}
		if _, ok := Due(l.s); ok {
			t.Fatal("something is due while an attempt is out")
		}
		l.do(Record{Sending: 1, Attempt: tries + 1, Outcome: Later, Code: "503"})
		if at, ok := Due(l.s); ok && l.s.Sendings[0].Status == Waiting {
			l.until(at)
		}
	}
	if tries != len(retries)+1 {
		t.Errorf("%d attempts, want %d", tries, len(retries)+1)
	}
	l.do(raise(2)) // the address is the same: no new attempt, no second task
	items := l.s.Items()
	if len(items) != 1 || items[0].Post != coordinator || len(l.s.Pending()) != 0 {
		t.Fatalf("what could not be sent is %+v", items)
	}
	l.until(l.at.AddDate(0, 0, 10))
	if items = l.s.Items(); len(items) != 2 || items[1].Kind != care.EscalationItem || items[1].Post.Role != care.Lead {
		t.Errorf("overdue it stands with %+v", items)
	}
	l.do(TryAgain{})
	l.until(l.at.Add(24 * time.Hour))
	if len(l.s.Items()) != 0 || len(l.s.Pending()) != 1 {
		t.Errorf("tried again there is %+v, %+v", l.s.Items(), l.s.Pending())
	}
}

// TestReceipts: accepted is not reached, a letter is with its expected day, and
// what came back is a task again.
func TestReceipts(t *testing.T) {
	t.Parallel()
	l := begin(t, reader)
	l.do(raise(1))
	l.until(monday)
	l.do(Record{Sending: 1, Attempt: 1, Outcome: Taken})
	if l.s.Sendings[0].Level != Accepted || !l.s.Notices[0].Open() {
		t.Fatalf("what was accepted counts as %s", l.s.Sendings[0].Level)
	}
	l.until(monday.AddDate(0, 0, 2))
	if x := l.s.ForPeople(); len(x) != 1 || x[0].Why != Unopened || len(l.s.Items()) != 0 {
		t.Errorf("unopened it stands as %+v, items %+v", x, l.s.Items())
	}
	l.do(Call{Sending: 1})
	if l.s.Sendings[0].Calls != 1 || !l.s.Notices[0].Open() {
		t.Error("a call that nobody answered counts as told")
	}
	l.do(Call{Sending: 1, Answered: true, Words: "said"})
	if r := l.s.Notices[0].Reached; r == nil || r.How != care.ByPhone {
		t.Error("a call that was answered gives no receipt")
	}
	p := begin(t, onPaper())
	p.do(raise(1))
	first := p.s.Sendings[0].Version
	p.do(raise(2))
	expected := care.Date{Year: 2026, Month: 6, Day: 5}
	if err := p.try(PostLetter{1, first, expected}); refusalCode(err) != "letter-changed" {
		t.Errorf("an old letter is posted: %v", err)
	}
	p.do(PostLetter{1, p.s.Sendings[0].Version, expected})
	for _, n := range p.s.Notices {
		if n.Reached == nil || !n.Reached.Expected || !n.Reached.At.Equal(time.Date(2026, 6, 5, 22, 0, 0, 0, time.UTC)) {
			t.Errorf("a posted letter gives %+v", n.Reached)
		}
	}
	p.do(Bounce{1, "unknown"})
	if len(p.s.Items()) != 1 || !p.s.Notices[0].Open() || len(p.s.ForPeople()) != 1 {
		t.Errorf("a letter that came back leaves %+v", p.s.Items())
	}
	p.do(Redirect{1, ByPhone})
	p.do(Call{Sending: 2, Answered: true, Words: "read aloud"})
	if len(p.s.Items()) != 0 || len(p.s.ForPeople()) != 0 {
		t.Errorf("read aloud there is still %+v", p.s.Items())
	}
}

// TestReview: who dies is told nothing, and a relative whose access has ended
// neither; what is on its way goes the new way.
func TestReview(t *testing.T) {
	t.Parallel()
	l := begin(t, reader)
	l.k.To = "relative"
	l.do(raise(1))
	l.k.To = ""
	l.do(Review{})
	if x := l.s.Sendings[l.s.Notices[0].Sending-1]; x.To != "" {
		t.Error("a notice goes to a relative whose access has ended")
	}
	l.until(monday)
	l.k.To = "relative" // directed again between attempt and outcome
	l.do(Record{Sending: 2, Attempt: 1, Outcome: Stopped})
	if x := l.s.Sendings[l.s.Notices[0].Sending-1]; x.To != "relative" || x.Status == Failed {
		t.Errorf("stopped, it goes on as %+v", x)
	}
	l.k.Channel = care.ByLetter
	l.do(Review{})
	if x := l.s.ForPeople(); len(x) != 1 || x[0].Channel != ByLetter {
		t.Errorf("on paper from today, the letter is not on the list: %+v", x)
	}
	l.k.Dead = true
	l.do(Review{})
	if _, due := Due(l.s); due || len(l.s.ForPeople()) != 0 || len(l.s.Items()) != 0 {
		t.Error("something is still sent to the dead")
	}
	if err := l.try(raise(2)); refusalCode(err) != "notice-dead" {
		t.Errorf("the dead are told: %v", err)
	}
}

func refusalCode(err error) string {
	if r, ok := care.AsRefusal(err); ok {
		return r.Code
	}
	return ""
}

// TestStoredForms reads one stored body of every event type and writes it again
// to the same bytes.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	for _, typ := range Events.Types() {
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
		event, err := Events.Decode(stored.Type, stored.Body)
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
		t.Errorf("testdata/events.jsonl has no %s", typ)
	}
}

// statuses are the things that Lifecycle speaks of.
func (s State) statuses() map[string]string {
	out := map[string]string{}
	for _, n := range s.Notices {
		to := "open"
		if n.Reached != nil {
			to = "reached"
		} else if n.Withdrawn {
			to = "withdrawn"
		}
		out["notice "+string(rune(n.Notice))] = to
	}
	for _, x := range s.Sendings {
		out["sending "+string(rune(x.Sending))] = string(x.Status)
	}
	return out
}

// TestRandomLives: whatever happens, every notice that is open is carried, once
// raised no cause is raised again, nobody has two nudges on a day but for what
// cannot wait, and nothing leaves for the dead.
func TestRandomLives(t *testing.T) {
	t.Parallel()
	seen := map[Transition]bool{}
	rapid.Check(t, func(r *rapid.T) {
		l := &lived{t: t, k: reader, at: monday}
		sources := 0
		for range rapid.IntRange(5, 60).Draw(r, "steps") {
			before := l.s.statuses()
			version := l.s.Version
			sending := rapid.IntRange(1, max(1, len(l.s.Sendings))).Draw(r, "sending")
			x, _ := l.s.Sending(sending)
			source := Source{"journey/j", "telling/" + string(rune('A'+rapid.IntRange(0, sources).Draw(r, "source")))}
			var c Command
			switch rapid.IntRange(0, 13).Draw(r, "what") {
			case 0, 1, 2:
				c = Raise{Source: source, About: "planned", Owner: coordinator, By: l.at.Add(time.Duration(rapid.IntRange(1, 90).Draw(r, "by")) * time.Hour)}
				sources++
			case 3, 4, 5:
				c = Record{sending, len(x.Attempts), rapid.SampledFrom([]Outcome{Taken, Later, Later, Never, Uncertain, Stopped}).Draw(r, "outcome"), ""}
			case 6:
				c = Close{source, &Receipt{How: care.ByPage, At: l.at}}
			case 7:
				c = Close{source, nil}
			case 8:
				c = rapid.SampledFrom([]Command{
					PostLetter{sending, x.Version, care.DateOf(l.at, time.UTC).AddDays(3)}, Bounce{sending, ""}, Redirect{sending, ByLetter}, TryAgain{},
					Call{Sending: sending, Answered: true, Words: "x"}, Call{Sending: sending},
				}).Draw(r, "by hand")
			case 9:
				l.k.Channel = rapid.SampledFrom([]care.Channel{"", care.ByPage, care.ByLetter, care.ByPhone}).Draw(r, "channel")
				c = Review{}
			case 10:
				l.k.To = rapid.SampledFrom([]care.PersonKey{"", "relative"}).Draw(r, "to")
				l.k.Hidden = rapid.Bool().Draw(r, "hidden")
				c = Review{}
			case 11:
				c = SetWishes{Wishes{Nudge: rapid.SampledFrom([]Channel{"", BySMS, ByEmail, OnPage}).Draw(r, "nudge"), Daily: rapid.Bool().Draw(r, "daily")}}
			case 12:
				l.k.Dead = rapid.IntRange(0, 9).Draw(r, "dead") == 0
				c = Review{}
			default:
				l.until(l.at.Add(time.Duration(rapid.IntRange(1, 40).Draw(r, "hours")) * time.Hour))
				c = Review{}
			}
			if err := l.try(c); err != nil {
				if _, refused := care.AsRefusal(err); !refused {
					r.Fatalf("%s: %v", c.Name(), err)
				}
			}
			l.laws(r)
			if l.s.Version == version+1 {
				note(seen, before, l.s)
			}
		}
	})
	for tr := range seen {
		if !slices.ContainsFunc(Lifecycle(), func(x Transition) bool { return x.Of == tr.Of && x.From == tr.From && x.To == tr.To }) {
			t.Errorf("%s goes from %q to %q, which Lifecycle does not list", tr.Of, tr.From, tr.To)
		}
	}
	if len(seen) < 8 {
		t.Errorf("the lives made only %d kinds of change", len(seen))
	}
}

// note keeps the changes of status that single events made.
func note(seen map[Transition]bool, before map[string]string, s State) {
	for thing, to := range s.statuses() {
		if from := before[thing]; from != to {
			of, _, _ := bytes.Cut([]byte(thing), []byte(" "))
			seen[Transition{Of: string(of), From: from, To: to}] = true
		}
	}
}

func (l *lived) laws(r *rapid.T) {
	causes := map[Source]bool{}
	for _, n := range l.s.Notices {
		if causes[n.Source] {
			r.Fatalf("%v is told twice", n.Source)
		}
		causes[n.Source] = true
		if !n.Open() {
			continue
		}
		x, ok := l.s.Sending(n.Sending)
		if !ok || x.Status == Done {
			r.Fatalf("nothing carries notice %d", n.Notice)
		}
		carried := x.Status == Out || !x.Next.IsZero() || slices.ContainsFunc(l.s.ForPeople(), func(p Sending) bool { return p.Sending == x.Sending })
		if !carried {
			r.Fatalf("notice %d is with nobody: %+v", n.Notice, x)
		}
	}
	days := map[string]int{}
	for _, x := range l.s.Sendings {
		if x.SentAt.IsZero() || x.Urgent {
			continue
		}
		key := string(x.To) + care.CalendarOf(care.Norway).Date(x.SentAt).String()
		if days[key]++; days[key] > 1 {
			r.Fatalf("%d nudges on one day", days[key])
		}
	}
	tasks := 0
	for _, i := range l.s.Items() {
		if i.Kind == care.FaultItem {
			tasks++
		}
	}
	if tasks > 1 {
		r.Fatalf("%d tasks of one fault", tasks)
	}
}
