package questionnaire

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"forlop/care"
)

// questioned is a person who is asked in sentences; their life is made by commands
// alone.
type questioned struct {
	s    SentenceState
	now  time.Time
	k    KnownOfPerson
	made []care.Made
	// asked is when each subject was asked, and at all, as it happened.
	asked map[Subject][]time.Time
	all   []time.Time
}

func questionedNow() *questioned {
	return &questioned{now: start, k: KnownOfPerson{Regime: care.Norway}, asked: map[Subject][]time.Time{}}
}

func (q *questioned) do(c SentenceOrder, act care.Act) error {
	act.At = q.now
	before := q.s.Clone()
	made, err := DecideSentences(q.s, c, act, q.k)
	if !reflect.DeepEqual(before, q.s.Clone()) {
		return fmt.Errorf("deciding %s changed the state", c.Name())
	}
	if err != nil {
		return err
	}
	q.made = made
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			return err
		}
		event, err := SentenceEvents.Decode(m.Event.Type(), body)
		if err != nil {
			return err
		}
		r := care.Recorded{Version: q.s.Version + 1, Event: event, Happened: act.When(), Learned: act.At, Actor: act.Actor, Post: act.Post, For: act.For}
		if err := EvolveSentences(&q.s, r); err != nil {
			return fmt.Errorf("a decision made an event that does not fold: %w", err)
		}
		if e, is := m.Event.(SentenceAsked); is {
			x := q.s.Sentences[e.Sentence-1]
			q.asked[x.Subject], q.all = append(q.asked[x.Subject], q.now), append(q.all, q.now)
		}
	}
	return nil
}

// wait lets time pass, waking what falls due.
func (q *questioned) wait(d time.Duration) error {
	until := q.now.Add(d)
	for range 1000 {
		due, ok := DueSentences(q.s)
		if !ok || due.After(until) {
			q.now = until
			return nil
		}
		if due.After(q.now) {
			q.now = due
		}
		if err := q.do(WakeSentences{}, care.Act{Actor: care.Service}); err != nil {
			return err
		}
		if len(q.made) == 0 {
			return fmt.Errorf("a wake changed nothing at %s", due)
		}
	}
	return fmt.Errorf("waking does not come to rest")
}

func meant(version int, subject Subject) MeanToAsk {
	return MeanToAsk{Source: SentenceSource{"journey/j1", version}, Subject: subject, Journey: "j1", Step: "assessment", Unit: "clinic"}
}

var day = 24 * time.Hour

// TestSentencesOneAtATime lives random lives: never two questions are open, days lie
// between them, the same does not come again for months, and none comes while
// reminders rest or after a death.
func TestSentencesOneAtATime(t *testing.T) {
	t.Parallel()
	opened := 0
	rapid.Check(t, func(t *rapid.T) {
		q := questionedNow()
		me := care.Act{Actor: patient}
		for n := range rapid.IntRange(5, 40).Draw(t, "steps") {
			before := len(q.all)
			var err error
			switch rapid.IntRange(0, 6).Draw(t, "what") {
			case 0, 1, 2:
				err = q.do(meant(n+1, rapid.SampledFrom(subjects).Draw(t, "subject")), care.Act{Actor: care.Service})
			case 3:
				if x, ok := q.s.Open(); ok {
					err = q.do(AnswerSentence{x.Sentence, x.Subject.Answers()[0]}, me)
				}
			case 4:
				if x, ok := q.s.Open(); ok {
					err = q.do(LeaveSentence{x.Sentence, rapid.SampledFrom(leavings).Draw(t, "why")}, me)
				}
			case 5:
				q.k.Rests = q.now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "days")) * day)
			}
			if _, refused := care.AsRefusal(err); err != nil && !refused {
				t.Fatal(err)
			}
			rests := q.k.Rests
			if err := q.wait(time.Duration(rapid.IntRange(0, 30).Draw(t, "days pass")) * day); err != nil {
				t.Fatal(err)
			}
			open := 0
			for _, x := range q.s.Sentences {
				if x.Status == SentenceIsAsked {
					open++
				}
			}
			if open > 1 {
				t.Fatalf("%d questions are open: %+v", open, q.s.Sentences)
			}
			for _, at := range q.all[before:] {
				if at.Before(rests) {
					t.Fatalf("asked at %s while reminders rested until %s", at, rests)
				}
			}
		}
		for i := 1; i < len(q.all); i++ {
			if q.all[i].Sub(q.all[i-1]) < betweenSentences {
				t.Fatalf("asked at %s and again at %s", q.all[i-1], q.all[i])
			}
		}
		for subject, at := range q.asked {
			for i := 1; i < len(at); i++ {
				if at[i].Sub(at[i-1]) < sameSentence {
					t.Fatalf("%s was asked at %s and again at %s", subject, at[i-1], at[i])
				}
			}
		}
		opened += len(q.all)
	})
	if opened == 0 {
		t.Error("nobody was asked anything")
	}
}

// TestSentenceIsAnswered: it comes some days after its moment, is answered, changed,
// taken back, and let go when its time is over; the answer never lies in the open.
func TestSentenceIsAnswered(t *testing.T) {
	t.Parallel()
	q := questionedNow()
	must(t, q.do(meant(4, WasBelieved), care.Act{Actor: care.Service}))
	must(t, q.wait(2*day))
	if _, open := q.s.Open(); open {
		t.Fatal("asked the day after the visit")
	}
	must(t, q.wait(3*day))
	x, open := q.s.Open()
	if !open || x.Unit != "clinic" || x.Step != "assessment" || x.Journey != "j1" {
		t.Fatalf("it is asked as %+v", x)
	}
	byPhone := care.Act{Actor: worker, Post: team, For: said}
	must(t, q.do(AnswerSentence{1, "no"}, byPhone))
	if e, sealed := q.made[0].Event.(SentenceAnswered), q.made[0].Sealed["answer"]; e.Sentence != 1 || sealed != "no" {
		t.Errorf("it is kept as %+v, %q", e, sealed)
	}
	if by := q.s.Sentences[0].By; by.Party.Kind != care.PartyPatient || by.How != care.ByPhone || by.Recorder != "kari" {
		t.Errorf("it was answered by %+v", by)
	}
	must(t, q.do(AnswerSentence{1, "partly"}, care.Act{Actor: patient}))
	must(t, q.do(LeaveSentence{1, Unwanted}, care.Act{Actor: patient}))
	if x := q.s.Sentences[0]; x.Status != SentenceIsLeft || x.Missing != Unwanted {
		t.Errorf("taken back, it is %+v", x)
	}
	must(t, q.do(MeanToAsk{Source: SentenceSource{"journey/j1", 9}, Subject: HowHeavy, Journey: "j1", Unit: "clinic"}, care.Act{Actor: care.Service}))
	must(t, q.wait(16*day))
	if x, open := q.s.Open(); !open || x.Subject != HowHeavy {
		t.Fatalf("the next is %+v", q.s.Sentences)
	}
	must(t, q.wait(40*day))
	if x := q.s.Sentences[1]; x.Status != SentenceIsGone || x.Missing != NoAnswer {
		t.Errorf("nobody answered, and it is %+v", x)
	}
	// The same again too soon, and whoever has died meanwhile: not asked is a code of
	// its own.
	must(t, q.do(meant(12, WasBelieved), care.Act{Actor: care.Service}))
	must(t, q.wait(10*day))
	if x := q.s.Sentences[2]; x.Status != SentenceIsGone || x.Missing != NotAsked || !x.Asked.IsZero() {
		t.Errorf("asked twice within months: %+v", x)
	}
}

// TestSentenceRefusals: each names its rule.
func TestSentenceRefusals(t *testing.T) {
	t.Parallel()
	open := func() *questioned {
		q := questionedNow()
		must(t, q.do(meant(4, KnowsWhat), care.Act{Actor: care.Service}))
		must(t, q.wait(8*day))
		return q
	}
	over := func() *questioned { q := open(); must(t, q.wait(31*day)); return q }
	dead := func() *questioned { q := open(); q.k.Dead = true; return q }
	me := care.Act{Actor: patient}
	for _, c := range []struct {
		q    *questioned
		c    SentenceOrder
		act  care.Act
		code string
	}{
		{open(), AnswerSentence{1, "very"}, me, "sentence-answer"},
		{open(), AnswerSentence{1, ""}, me, "sentence-answer"},
		{open(), AnswerSentence{2, "yes"}, me, "no-sentence"},
		{questionedNow(), AnswerSentence{1, "yes"}, me, "no-sentence"},
		{open(), AnswerSentence{1, "yes"}, care.Act{Actor: worker, Post: team}, "form-whose"},
		{open(), AnswerSentence{1, "yes"}, care.Act{Actor: patient, Seen: 1}, "form-answered-meanwhile"},
		{open(), LeaveSentence{1, NotAsked}, me, "form-missing-unknown"},
		{over(), AnswerSentence{1, "yes"}, me, "sentence-over"},
		{dead(), AnswerSentence{1, "yes"}, me, "person-died"},
		{open(), meant(4, KnowsWhat), care.Act{Actor: care.Service}, "nothing-changes"},
		{open(), meant(5, "rated"), care.Act{Actor: care.Service}, "sentence-subject"},
		{open(), meant(5, KnowsWhat), care.Act{Actor: care.Service, Happened: start.AddDate(-1, 0, 0)}, "nothing-changes"},
	} {
		err := c.q.do(c.c, c.act)
		if r, ok := care.AsRefusal(err); !ok || r.Code != c.code {
			t.Errorf("%s: %v, want %s", c.c.Name(), err, c.code)
		}
	}
	for _, s := range subjects {
		if len(s.Answers()) < 3 || slices.Contains(s.Answers(), "") {
			t.Errorf("%s is answered by %q", s, s.Answers())
		}
	}
}
