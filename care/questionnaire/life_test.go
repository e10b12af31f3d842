package questionnaire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"forlop/care"
)

var (
	start   = time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC) // a Monday
	team    = care.Post{Unit: "clinic", Role: "team"}
	duty    = care.Post{Unit: "clinic", Role: care.Duty}
	patient = care.Actor{Kind: care.Patient, ID: "p1"}
	worker  = care.Actor{Kind: care.Professional, ID: "kari", Unit: "clinic"}
	said    = &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone}
)

// filled is one form whose life is made by commands alone.
type filled struct {
	s, stored State
	now       time.Time
	def       *Definition
	made      []care.Made
	values    map[int]string // by the version of the event
}

func (f *filled) do(c Command, act care.Act) error {
	act.At = f.now
	k := Known{
		Definition: f.def, Regime: care.Norway, Duty: duty,
		TakesPart:  func(u care.UnitID) bool { return u == "clinic" },
		PostExists: func(p care.Post) bool { return p == team || p == duty },
	}
	before := f.s.Clone()
	made, err := Decide(f.s, c, act, k)
	if !reflect.DeepEqual(before, f.s.Clone()) {
		return fmt.Errorf("deciding %s changed the state", c.Name())
	}
	if err != nil {
		return err
	}
	f.made = made
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			return err
		}
		read, err := Events.Decode(m.Event.Type(), body)
		if err != nil {
			return err
		}
		if v, ok := m.Sealed["value"]; ok {
			f.values[f.s.Version+1] = v
			if bytes.Contains(body, []byte("value")) {
				return fmt.Errorf("an answer stands in the open: %s", body)
			}
		}
		for s, e := range map[*State]care.Event{&f.s: m.Event, &f.stored: read} {
			r := care.Recorded{Version: s.Version + 1, Event: e, Happened: act.When(), Learned: act.At, Actor: act.Actor, Post: act.Post, For: act.For}
			if err := Evolve(s, r); err != nil {
				return fmt.Errorf("a decision made an event that does not fold: %w", err)
			}
		}
	}
	return nil
}

func asked(id string) *filled {
	def, ok := Find(Ref{ID: id})
	if !ok {
		panic(id)
	}
	f := &filled{now: start, def: def, values: map[int]string{}}
	err := f.do(Ask{Person: "p1", Journey: "j1", Reader: team, By: care.Date{Year: 2026, Month: 3, Day: 13}}, care.Act{Actor: worker, Post: team})
	if err != nil {
		panic(err)
	}
	return f
}

func (f *filled) settle() error {
	for range 100 {
		due, ok := Due(f.s)
		if !ok || due.After(f.now) {
			return nil
		}
		now := f.now
		f.now = due
		err := f.do(Wake{}, care.Act{Actor: care.Service})
		f.now = now
		if err != nil {
			return err
		}
		if len(f.made) == 0 {
			return fmt.Errorf("a wake changed nothing at %s", due)
		}
	}
	return fmt.Errorf("waking does not come to rest")
}

func (f *filled) item(key string) *care.Item {
	for _, i := range f.s.Items() {
		if i.Key == key {
			return &i
		}
	}
	return nil
}

// TestFormLives lives random lives and holds the laws after every event: nothing
// that was answered is lost, silence closes nothing, an alert stands on a post
// until somebody has acted, one note for a quiet form, and the state is the fold
// of the stored bytes.
func TestFormLives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := asked(rapid.SampledFrom([]string{"phq-9", "pain-nrs", "phq-15"}).Draw(t, "questionnaire"))
		alerts, notes := 0, 0
		for range rapid.IntRange(1, 40).Draw(t, "acts") {
			f.now = f.now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 60, 1500, 15000}).Draw(t, "minutes")) * time.Minute)
			quiet := f.s.Quiet.Noted
			if err := f.settle(); err != nil {
				t.Fatal(err)
			}
			if f.s.Quiet.Noted && !quiet {
				notes++
			}
			item := rapid.SampledFrom(f.s.Questions).Draw(t, "item")
			act := care.Act{Actor: patient}
			switch rapid.IntRange(0, 3).Draw(t, "who") {
			case 0:
				act = care.Act{Actor: care.Actor{Kind: care.Relative, ID: "p2"}}
			case 1:
				act = care.Act{Actor: worker, Post: team, For: said}
			}
			value := fmt.Sprint(rapid.IntRange(-1, 12).Draw(t, "value"))
			c := rapid.SampledFrom([]Command{
				Answer{Item: item, Value: value}, Answer{Item: item, Value: value}, Answer{Item: item, Value: value},
				Answer{Item: item, Missing: rapid.SampledFrom(missingCodes).Draw(t, "missing")},
				Send{}, Decline{}, Withdraw{"Feil skjema."}, Read{}, LetBe{}, SeeTo{item, "Ringte."},
			}).Draw(t, "command")
			before := f.s.Clone()
			err := f.do(c, act)
			if _, refused := care.AsRefusal(err); err != nil && !refused {
				t.Fatalf("%s: %v", c.Name(), err)
			}
			for id, was := range before.Answers {
				now, ok := f.s.Answers[id]
				if !ok || now.Version < was.Version {
					t.Fatalf("%s: the answer to %s is lost", c.Name(), id)
				}
				if now.Version != was.Version && (err != nil || c.Name() != "form.answer") {
					t.Fatalf("%s changed the answer to %s", c.Name(), id)
				}
			}
			if err == nil {
				if a, ok := c.(Answer); ok && a.Missing == "" && a.Item == "harm" && a.Value != "0" {
					alerts++
					if f.item("alert/harm") == nil {
						t.Fatal("an answer that must not lie unseen stands on no list")
					}
				}
			}
			for _, a := range f.s.Alerts {
				if i := f.item("alert/" + a.Item); a.Done == 0 && (i == nil || i.Post != duty || !i.Due.After(a.Since)) {
					t.Fatalf("the open alert is %v", i)
				}
			}
			if !reflect.DeepEqual(f.s.Clone(), f.stored.Clone()) {
				t.Fatalf("state\n%+v\nis not the fold of what was stored\n%+v", f.s, f.stored)
			}
			if f.s.Status != Open && f.s.Status != before.Status && c.Name() != "form.send" && c.Name() != "form.decline" && c.Name() != "form.withdraw" {
				t.Fatalf("%s closed the form", c.Name())
			}
		}
		if notes > 1 {
			t.Fatalf("a quiet form was noted %d times", notes)
		}
	})
}

// TestSilenceClosesNothing lets a form lie for half a year: one note, once, and
// every answer is there when the person comes back.
func TestSilenceClosesNothing(t *testing.T) {
	t.Parallel()
	f := asked("peg")
	for i, item := range f.s.Questions[:2] {
		must(t, f.do(Answer{Item: item, Value: fmt.Sprint(i + 3)}, care.Act{Actor: patient, Seen: askedAt}))
	}
	f.now = start.AddDate(0, 6, 0)
	must(t, f.settle())
	if f.s.Status != Open || !f.s.Quiet.Open || f.item("quiet") == nil || f.item("quiet!") != nil {
		t.Fatalf("after half a year: %s, items %v", f.s.Status, f.s.Items())
	}
	must(t, f.do(LetBe{}, care.Act{Actor: worker, Post: team}))
	f.now = f.now.AddDate(1, 0, 0)
	must(t, f.settle())
	if len(f.s.Items()) != 0 || f.s.Status != Open || f.s.Next() != 2 {
		t.Fatalf("items %v, %s, next question %d", f.s.Items(), f.s.Status, f.s.Next())
	}
	must(t, f.do(Answer{Item: f.s.Questions[2], Missing: Unknown}, care.Act{Actor: patient}))
	must(t, f.do(Send{}, care.Act{Actor: patient}))
	if f.s.Status != HandedIn || f.item("sent") == nil {
		t.Fatalf("%s, items %v", f.s.Status, f.s.Items())
	}
}

// TestAlert holds that the answer reaches the duty post in its own event, climbs
// to the lead, and stays whatever is answered afterwards.
func TestAlert(t *testing.T) {
	t.Parallel()
	f := asked("phq-9")
	must(t, f.do(Answer{Item: "harm", Value: "0"}, care.Act{Actor: patient}))
	if len(f.s.Items()) != 0 {
		t.Fatalf("an answer of 0 stands on a list: %v", f.s.Items())
	}
	must(t, f.do(Answer{Item: "harm", Value: "1"}, care.Act{Actor: worker, Post: team, For: said}))
	if len(f.made) != 2 || f.item("alert/harm") == nil || f.item("alert/harm").Post != duty {
		t.Fatalf("made %v, items %v", f.made, f.s.Items())
	}
	must(t, f.do(Answer{Item: "harm", Value: "0"}, care.Act{Actor: patient}))
	f.now = f.now.Add(3 * time.Hour)
	must(t, f.settle())
	if up := f.item("alert/harm!"); up == nil || up.Post != (care.Post{Unit: "clinic", Role: care.Lead}) {
		t.Fatalf("it did not climb: %v", f.s.Items())
	}
	must(t, f.do(SeeTo{"harm", "Ringte, avtalte time i morgen."}, care.Act{Actor: worker, Post: duty}))
	if len(f.s.Items()) != 0 || f.s.Alerts[0].DoneBy.ID != "kari" {
		t.Fatalf("after somebody acted: %v", f.s.Items())
	}
}

// TestRefusals holds what a form refuses, with the code that pages say.
func TestRefusals(t *testing.T) {
	t.Parallel()
	open := func() *filled { return asked("phq-15") }
	sent := func() *filled {
		f := open()
		must(t, f.do(Answer{Item: "back", Value: "1"}, care.Act{Actor: patient}))
		must(t, f.do(Send{}, care.Act{Actor: patient}))
		return f
	}
	me := care.Act{Actor: patient}
	for _, c := range []struct {
		f    *filled
		c    Command
		act  care.Act
		code string
	}{
		{open(), Answer{Item: "back", Value: "3"}, me, "form-answer-unknown"},
		{open(), Answer{Item: "back", Value: strings.Repeat("1", 40_000)}, me, "form-answer-unknown"},
		{open(), Answer{Item: "back", Value: strings.Repeat("ord ", 10_000)}, me, "form-answer-unknown"},
		{open(), Answer{Item: "back"}, me, "form-answer-needed"},
		{open(), Answer{Item: "back", Missing: "bored"}, me, "form-missing-unknown"},
		{open(), Answer{Item: "back", Missing: NotAsked}, me, "form-missing-unknown"},
		{open(), Answer{Item: "nose", Value: "1"}, me, "no-question"},
		{open(), Answer{Item: "back", Value: "1"}, care.Act{Actor: worker, Post: team}, "form-whose"},
		{open(), Send{}, me, "form-empty"},
		{open(), Read{}, care.Act{Actor: worker, Post: team}, "nothing-changes"},
		{open(), SeeTo{"back", "x"}, care.Act{Actor: worker, Post: team}, "nothing-changes"},
		{open(), Withdraw{strings.Repeat("x", 40_001)}, care.Act{Actor: worker, Post: team}, "text-long"},
		{sent(), Answer{Item: "back", Value: "2"}, me, "form-sent"},
		{sent(), Send{}, me, "form-sent"},
		{sent(), Withdraw{"x"}, care.Act{Actor: worker, Post: team}, "form-not-open"},
		{sent(), Answer{Item: "back", Value: "2"}, care.Act{Actor: patient, Seen: askedAt}, "form-sent"},
	} {
		err := c.f.do(c.c, c.act)
		if r, ok := care.AsRefusal(err); !ok || r.Code != c.code {
			t.Errorf("%s: %v, want %s", c.c.Name(), err, c.code)
		}
	}
	f := open()
	must(t, f.do(Answer{Item: "periods", Missing: NotAsked}, me)) // it does not concern them
	must(t, f.do(Answer{Item: "back", Value: "1"}, care.Act{Actor: patient, Seen: askedAt}))
	if r, ok := care.AsRefusal(f.do(Answer{Item: "back", Value: "2"}, care.Act{Actor: patient, Seen: askedAt})); !ok || r.Kind != care.Conflict {
		t.Error("the second window overwrote the first")
	}
	must(t, f.do(Send{}, me))
	if got := f.s.Answers["head"].Missing; got != NotAsked {
		t.Errorf("what nobody reached is %q", got)
	}
}

// TestStoredForms reads one stored body of every event type and writes it again to
// the same bytes. A line of testdata/events.jsonl is never changed or removed.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/events.jsonl")
	must(t, err)
	missing := map[string]bool{}
	types := slices.Concat(Events.Types(), SentenceEvents.Types())
	for _, typ := range types {
		missing[typ] = true
	}
	for n, line := range bytes.Split(bytes.TrimSpace(file), []byte("\n")) {
		var stored struct {
			Type string          `json:"type"`
			Body json.RawMessage `json:"body"`
		}
		must(t, json.Unmarshal(line, &stored))
		vocabulary := Events
		if strings.HasPrefix(stored.Type, "sentence.") {
			vocabulary = SentenceEvents
		}
		event, err := vocabulary.Decode(stored.Type, stored.Body)
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
	undone := map[string]bool{}
	for _, u := range Undos() {
		undone[u.Event] = true
	}
	for _, typ := range types {
		if !undone[typ] {
			t.Errorf("nothing says how %s is undone", typ)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
