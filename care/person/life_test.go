package person

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"forlop/care"
)

var start = time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC) // a Monday

func on(s string) care.Date {
	d, err := care.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

var (
	clinicDesk  = care.Post{Unit: "clinic", Role: care.Desk}
	coordinator = care.Post{Unit: "clinic", Role: "coordinator"}
	nurse       = care.Post{Unit: "clinic", Role: "nurse"}
	townDesk    = care.Post{Unit: "town", Role: care.Desk}
	townWorker  = care.Post{Unit: "town", Role: "coordinator"}
	somePosts   = []care.Post{clinicDesk, coordinator, nurse, townDesk, townWorker}

	thePatient = care.Actor{Kind: care.Patient, ID: "p1"}
	aRelative  = care.Actor{Kind: care.Relative, ID: "p2"}
	aWorker    = care.Actor{Kind: care.Professional, ID: "bo", Unit: "clinic"}
	gp         = care.Party{Kind: care.PartyOther, Name: "Legene på Torget"}
)

var known = Known{PostExists: func(p care.Post) bool { return slices.Contains(somePosts, p) }}

// patient is one person whose life is made by commands alone.
type patient struct {
	s      State
	stored State // folded from the bytes of the events
	now    time.Time
	made   []care.Made
}

func (p *patient) do(c Command, act care.Act) error {
	act.At = p.now
	made, err := Decide(p.s, c, act, known)
	if err != nil {
		return err
	}
	p.made = made
	for _, m := range made {
		body, err := care.Encode(m.Event)
		if err != nil {
			return err
		}
		read, err := Events.Decode(m.Event.Type(), body)
		if err != nil {
			return err
		}
		for s, e := range map[*State]care.Event{&p.s: m.Event, &p.stored: read} {
			r := care.Recorded{Version: s.Version + 1, Event: e, Happened: act.When(), Learned: act.At, Actor: act.Actor, Post: act.Post, For: act.For}
			if err := Evolve(s, r); err != nil {
				return fmt.Errorf("a decision made an event that does not fold: %w", err)
			}
		}
	}
	return nil
}

func newPatient() *patient {
	p := &patient{now: start}
	if err := p.do(Open{"p1", care.Norway, clinicDesk}, care.Act{Actor: aWorker, Post: clinicDesk}); err != nil {
		panic(err)
	}
	return p
}

// by is an act of one of those who act, mostly in a fitting way.
func by(t *rapid.T, s State) care.Act {
	post := rapid.SampledFrom(somePosts).Draw(t, "post")
	if o, open := s.Contact.OpenOffer(); open && evenly(t, 4, "receiver") > 0 {
		post = o.To
	}
	act := care.Act{Actor: care.Actor{Kind: care.Professional, ID: "w-" + string(post.Unit), Unit: post.Unit}, Post: post}
	switch evenly(t, 6, "who") {
	case 0:
		return care.Act{Actor: thePatient}
	case 1:
		return care.Act{Actor: aRelative}
	case 2:
		act.For = &care.OnBehalf{Of: care.Party{Kind: care.PartyPatient}, How: care.ByPhone}
	case 3:
		act.For = &care.OnBehalf{Of: care.Party{Kind: care.PartyUnit, Post: rapid.SampledFrom(somePosts).Draw(t, "for")}, How: care.ByLetter}
	}
	return act
}

// randomCommand draws any of the commands, often a fitting one.
func randomCommand(t *rapid.T, s State, now time.Time) Command {
	cal := care.CalendarOf(care.Norway)
	post := somePosts[evenly(t, len(somePosts), "a post")]
	text := []string{"", "hemmelig", "noe hemmelig", "mer hemmelig"}[evenly(t, 4, "text")]
	day := care.Date{}
	if rapid.Bool().Draw(t, "dated") {
		day = cal.Date(now).AddDays(evenly(t, 64, "day") - 10)
	}
	n := rapid.IntRange(0, 3).Draw(t, "number")
	offer := len(s.Contact.Offers)
	topic := rapid.SampledFrom(Topics).Draw(t, "topic")
	words := rapid.IntRange(0, s.Version).Draw(t, "words")
	if len(s.Words) > 0 {
		words = s.Words[evenly(t, len(s.Words), "which words")].Version
	}
	party := []care.Party{{}, gp, {Kind: care.PartyUnit, Post: townDesk}, {Kind: care.PartyPatient}}[evenly(t, 4, "party")]
	what := rapid.SampledFrom([]Carried{Prescriptions, SickNote}).Draw(t, "what")
	key := rapid.SampledFrom([]care.PersonKey{"p1", "p8", "p9"}).Draw(t, "key")
	contact := []Command{
		AppointContact{post}, OfferContact{To: post, By: day}, OfferContact{To: post}, OfferContact{To: post}, AcceptContact{offer}, AcceptContact{offer},
		DeclineContact{offer, text}, DeclineContact{offer, text}, WithdrawContact{offer}, KeepContact{}, RefuseContact{text}, WantContact{},
	}
	all := []Command{
		SayWhatMatters{topic, text, day}, ConfirmWhatMatters{topic, day}, TellStory{text}, Object{words, text, text}, WithdrawObjection{s.Version - n},
		SetEnergy{n, n, n, day}, LiftEnergy{}, SetAdaptations{Adaptations[:n], text}, SetLanguages{Reading: care.Bokmal, NoInterpreter: n == 1}, SetChannel{care.ByLetter, n == 1},
		Pause{TooIll, care.Date{}, day}, Pause{ByWish, day, care.Date{}}, ReviewPause{len(s.Pauses), text}, EndPause{len(s.Pauses) - n},
		RecordFinding{"mri", cal.Date(now).AddDays(-n), party, text, ""}, WithdrawFinding{n, text}, PlanExamination{Kind: "mri", Reason: text},
		ChangeGP{party, day}, ChangeMunicipality{party, day}, SetCarrier{What: what, By: party, Until: day}, EndCarrier{what, text},
		ReportCondition{Malaise: MalaiseYes}, RetractDeath{text}, Settle{}, MergeInto{key}, AddAlias{key}, Unmerge{key}, Wake{},
	}
	switch kind := evenly(t, 128, "kind"); {
	case kind == 0:
		return RecordDeath{cal.Date(now)}
	case kind < 40:
		return contact[evenly(t, len(contact), "contact")]
	}
	return all[evenly(t, len(all), "command")]
}

// evenly draws a number below n. Rapid's own ranges lean towards small numbers,
// which leaves most commands undrawn.
func evenly(t *rapid.T, n int, label string) int {
	bits := 0
	for range 8 {
		bits <<= 1
		if rapid.Bool().Draw(t, label) {
			bits++
		}
	}
	return bits % n
}

// text is a state as it is compared where copies may share what they should not.
func text(s State) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// lives carries random people through random lives and calls check after every
// step with the state before it. Time settles first, as it does in service.
func lives(t *testing.T, check func(t *rapid.T, before State, act care.Act, p *patient)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		p := newPatient()
		for range 60 {
			end := p.now.Add(time.Duration([]int{0, 0, 0, 0, 0, 1, 2, 5, 9, 24, 24, 24, 48, 72, 120, 360}[evenly(t, 16, "hours")]) * time.Hour)
			for n := 0; ; n++ {
				due, ok := Due(p.s)
				if !ok || due.After(end) {
					break
				}
				if due.Before(p.now) && n > 200 {
					t.Fatalf("time does not move on: due %v at %v", due, p.now)
				}
				p.now = care.Later(p.now, due)
				before, was := p.s.Clone(), text(p.s)
				act := care.Act{Actor: care.Service}
				if err := p.do(Wake{}, act); err != nil {
					t.Fatal(err)
				}
				if text(before) != was {
					t.Fatalf("the copy changed with the state:\n%s\n%s", was, text(before))
				}
				if len(p.made) == 0 {
					t.Fatalf("due at %v, and nothing happened: %+v", due, p.s)
				}
				check(t, before, act, p)
			}
			p.now = end
			act := by(t, p.s)
			before, was := p.s.Clone(), text(p.s)
			err := p.do(randomCommand(t, p.s, p.now), act)
			if text(before) != was {
				t.Fatalf("the copy changed with the state:\n%s\n%s", was, text(before))
			}
			if err != nil {
				if _, ok := care.AsRefusal(err); !ok {
					t.Fatalf("not a refusal: %v", err)
				}
				if text(p.s) != was {
					t.Fatal("a refused command changed the person")
				}
				continue
			}
			check(t, before, act, p)
		}
	})
}

// TestOneFirstContact holds L2: there is exactly one first contact, a desk only
// by the patient's wish or with somebody to see to it, and it moves to another
// unit only in the event where that unit accepts.
func TestOneFirstContact(t *testing.T) {
	t.Parallel()
	moved, byWish := 0, 0
	lives(t, func(t *rapid.T, before State, act care.Act, p *patient) {
		c := p.s.Contact
		_, open := c.OpenOffer()
		switch {
		case c.Post.IsZero() || c.Named != (c.Post.Role != care.Desk):
			t.Fatalf("who is the first contact? %+v", c)
		case c.Unwanted && c.Named:
			t.Fatalf("named against the patient's wish: %+v", c)
		case !c.Named && !c.Unwanted && !open && c.Task.About == "":
			t.Fatalf("nobody sees to it that a first contact is named: %+v", c)
		}
		for i, o := range c.Offers {
			if o.Status == OfferOpen && i != len(c.Offers)-1 {
				t.Fatalf("two offers are open: %+v", c.Offers)
			}
		}
		if c.Unwanted {
			byWish++
		}
		if c.Post.Unit == before.Contact.Post.Unit {
			return
		}
		moved++
		o, wasOpen := before.Contact.OpenOffer()
		_, accepted := p.made[0].Event.(OfferAccepted)
		spoke := act.Post.Unit
		if act.For != nil {
			spoke = act.For.Of.Post.Unit
		}
		if !accepted || !wasOpen || o.To != c.Post || spoke != c.Post.Unit {
			t.Fatalf("the first contact moved from %s to %s by %+v in %+v", before.Contact.Post, c.Post, act, p.made)
		}
	})
	if moved == 0 || byWish == 0 {
		t.Errorf("the lives were too tame: %d moved, %d by wish", moved, byWish)
	}
}

// TestNothingSaidIsLost holds L9: contributions only grow, keep their speaker,
// and keep the objections to them; none of the patient's words come from
// somebody who speaks for nobody.
func TestNothingSaidIsLost(t *testing.T) {
	t.Parallel()
	grown, objected := 0, 0
	lives(t, func(t *rapid.T, before State, act care.Act, p *patient) {
		if len(p.s.Words) < len(before.Words) {
			t.Fatalf("words were lost: %+v", before.Words)
		}
		for i, was := range before.Words {
			is := p.s.Words[i]
			if len(is.Objections) < len(was.Objections) {
				t.Fatalf("an objection was lost: %+v", was)
			}
			objected += len(was.Objections)
			for j, o := range was.Objections {
				if now := is.Objections[j]; now.Version != o.Version || now.By != o.By || o.Withdrawn && !now.Withdrawn {
					t.Fatalf("an objection changed: %+v, %+v", o, now)
				}
			}
			was.Objections, is.Objections = nil, nil
			if !reflect.DeepEqual(was, is) {
				t.Fatalf("words changed: %+v, %+v", was, is)
			}
		}
		sealedWords := 0
		for _, m := range p.made {
			body, err := care.Encode(m.Event)
			if err != nil || bytes.Contains(body, []byte("hemmelig")) {
				t.Fatalf("free text in the body: %s, %v", body, err)
			}
			if m.Sealed["said"] != "" || m.Sealed["told"] != "" || m.Sealed["showed"] != "" || m.Sealed["note"] != "" && m.Event.Type() == "person.adaptations-set/1" ||
				m.Event.Type() == "person.contact-refused/1" && m.Sealed["reason"] != "" {
				sealedWords++
			}
		}
		if got := len(p.s.Words) - len(before.Words); got != sealedWords {
			t.Fatalf("%d words were sealed and %d kept: %+v", sealedWords, got, p.made)
		}
		grown += sealedWords
		for topic, m := range p.s.Matters {
			newest := 0
			for _, w := range p.s.Words {
				if w.Kind == MattersWords && w.Topic == topic {
					newest = w.Version
				}
			}
			if m.Words != newest || newest == 0 {
				t.Fatalf("what matters on %s stands in event %d, not %d", topic, newest, m.Words)
			}
		}
		for _, w := range p.s.Words[len(before.Words):] {
			own := w.By.Party.Kind == care.PartyPatient || w.By.Party.Kind == care.PartyRelative
			if (w.Kind == MattersWords || w.Kind == StoryWords) && !own {
				t.Fatalf("somebody else's words stand as the patient's: %+v by %+v", w, act)
			}
		}
	})
	if grown == 0 || objected == 0 {
		t.Errorf("the lives were too tame: %d words, %d objections", grown, objected)
	}
}

// TestStateIsTheFold: what is stored folds to the same state (L12), and a clone
// shares nothing with its origin.
func TestStateIsTheFold(t *testing.T) {
	t.Parallel()
	lives(t, func(t *rapid.T, _ State, _ care.Act, p *patient) {
		if a, b := text(p.s), text(p.stored); a != b {
			t.Fatalf("what was stored folds to something else:\n%s\n%s", a, b)
		}
		if c := p.s.Clone(); !reflect.DeepEqual(c, p.s) {
			t.Fatalf("a clone differs: %+v, %+v", c, p.s)
		}
	})
}

// TestTime: waking twice is waking once, time moves on, and silence closes
// nothing but an unanswered offer, of which a task is made (L5, L7).
func TestTime(t *testing.T) {
	t.Parallel()
	climbed, lapsed, ended := 0, 0, 0
	lives(t, func(t *rapid.T, before State, act care.Act, p *patient) {
		if act.Actor != care.Service {
			return
		}
		if again, err := Decide(p.s, Wake{}, care.Act{At: p.now, Actor: care.Service}, known); err != nil || len(again) != 0 {
			t.Fatalf("waking again at %v made %+v, %v", p.now, again, err)
		}
		if due, ok := Due(p.s); ok && !due.After(p.now) {
			t.Fatalf("due at %v, which is not after %v", due, p.now)
		}
		open := map[string]care.Item{}
		for _, i := range p.s.Items() {
			open[i.Key] = i
		}
		for _, was := range before.Items() {
			is, still := open[was.Key]
			switch {
			case still && is.Overdue >= was.Overdue:
				if is.Overdue > was.Overdue {
					climbed++
				}
			case !still && was.Ref == "first-contact-offer" && !p.s.Death.Recorded && p.s.Contact.Task.About != "":
				lapsed++
			default:
				t.Fatalf("time ended %+v", was)
			}
		}
		for _, i := range p.s.Items() {
			if i.Overdue == 0 && !i.Due.After(p.now) {
				t.Fatalf("late and not seen: %+v at %v", i, p.now)
			}
			if c, ok := p.s.Climbs[i.Key]; ok && c.Again.IsZero() {
				ended++
				if i.Post.Role != care.Lead && !slices.ContainsFunc(p.s.Items(), func(o care.Item) bool {
					return o.Key == i.Key+"!" && o.Post == care.Post{Unit: i.Post.Unit, Role: care.Lead}
				}) {
					t.Fatalf("the last rung is no named person: %+v", i)
				}
			}
		}
	})
	if climbed == 0 || lapsed == 0 || ended == 0 {
		t.Errorf("the lives were too tame: %d climbed, %d lapsed, %d at the top", climbed, lapsed, ended)
	}
}

// TestItems: every open thing has its own key, a post and a date (L3).
func TestItems(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	lives(t, func(t *rapid.T, _ State, _ care.Act, p *patient) {
		keys := map[string]bool{}
		defer func() {
			for key := range p.s.Climbs {
				if !keys[key] {
					t.Fatalf("%s is closed and still climbs", key)
				}
			}
		}()
		for _, i := range p.s.Items() {
			if keys[i.Key] || i.Key == "" || i.Kind == "" || i.Ref == "" || i.Post.Unit == "" || i.Post.Role == "" ||
				i.Since.IsZero() || i.Due.IsZero() || i.Version == 0 || i.Version > p.s.Version {
				t.Fatalf("half an item: %+v", i)
			}
			keys[i.Key] = true
			seen[string(i.Kind)+" "+i.Ref] = true
		}
	})
	if len(seen) < 8 {
		t.Errorf("the lives were too tame: only %v", slices.Sorted(maps.Keys(seen)))
	}
}

// TestAfterDeath holds invariant 44: nothing goes to the dead, time ends
// nothing, and what is open waits for a person.
func TestAfterDeath(t *testing.T) {
	t.Parallel()
	dead, settled, back := 0, 0, 0
	lives(t, func(t *rapid.T, before State, act care.Act, p *patient) {
		if before.Death.Recorded && !p.s.Death.Recorded {
			back++
			if len(p.s.open()) == 0 && !before.Death.Settled {
				return
			}
		}
		if !p.s.Death.Recorded {
			return
		}
		dead++
		if p.s.MayNotify() || p.s.MayRemind(p.now) {
			t.Fatal("a notice would go to the dead")
		}
		if p.s.Death.Settled {
			if !before.Death.Settled && act.Actor.Kind != care.Professional {
				t.Fatalf("%s settled what was open", act.Actor.Kind)
			}
			settled++
			return
		}
		if !slices.ContainsFunc(p.s.Items(), func(i care.Item) bool { return i.Ref == "died" }) {
			t.Fatalf("nobody has the decision: %+v", p.s.Items())
		}
		for _, e := range p.s.Pauses {
			if !e.Closed || e.Ends.After(care.Later(e.Begins, p.now)) {
				t.Fatalf("a pause outlived the patient: %+v", e)
			}
		}
		if act.Actor == care.Service {
			for _, m := range p.made {
				if _, ok := m.Event.(Overdue); !ok {
					t.Fatalf("time made %+v", m)
				}
			}
		}
	})
	if dead == 0 || settled == 0 || back == 0 {
		t.Errorf("the lives were too tame: %d dead, %d settled, %d back", dead, settled, back)
	}
}

// TestPausesRest: reminders rest exactly while a pause runs, and at most one does.
func TestPausesRest(t *testing.T) {
	t.Parallel()
	resting := 0
	lives(t, func(t *rapid.T, before State, _ care.Act, p *patient) {
		if len(p.made) == 0 {
			return
		}
		for h := range 40 {
			at, running := p.now.Add(time.Duration(h)*24*time.Hour), 0
			for _, q := range p.s.Pauses {
				if q.Ends.Before(q.Begins) {
					t.Fatalf("a pause ends before it begins: %+v", q)
				}
				if !at.Before(q.Begins) && at.Before(q.Ends) {
					running++
				}
			}
			if running > 1 {
				t.Fatalf("%d pauses run at %v: %+v", running, at, p.s.Pauses)
			}
			if _, paused := p.made[len(p.made)-1].Event.(Paused); paused && !before.MayRemind(at) && p.s.MayRemind(at) {
				t.Fatalf("a new pause took away rest at %v: %+v, then %+v", at, before.Pauses, p.s.Pauses)
			}
			if p.s.MayNotify() && p.s.MayRemind(at) != (running == 0) {
				t.Fatalf("reminders go out at %v: %+v", at, p.s.Pauses)
			}
			resting += running
		}
	})
	if resting == 0 {
		t.Error("nobody ever rested")
	}
}

// TestMergeAndBack holds invariant 41: un-merging restores exactly what was.
func TestMergeAndBack(t *testing.T) {
	t.Parallel()
	merged := 0
	lives(t, func(t *rapid.T, _ State, _ care.Act, p *patient) {
		if p.s.MergedInto != "" || len(p.s.Aliases) > 0 {
			return
		}
		q := patient{s: p.s.Clone(), stored: p.s.Clone(), now: p.now}
		for _, c := range []Command{MergeInto{"p7"}, Unmerge{"p7"}, AddAlias{"p7"}, Unmerge{"p7"}} {
			if err := q.do(c, care.Act{Actor: aWorker}); err != nil {
				t.Fatal(err)
			}
		}
		q.s.Version, q.s.Aliases = p.s.Version, p.s.Aliases
		if !reflect.DeepEqual(q.s, p.s) {
			t.Fatalf("unmerging left a trace:\n%+v\n%+v", q.s, p.s)
		}
		merged++
	})
	if merged == 0 {
		t.Error("nobody was merged")
	}
}

// statuses are the things of a person that Lifecycle speaks of.
func statuses(s State) map[string]string {
	m := map[string]string{"person": "alive", "first contact": "named"}
	switch {
	case s.Version == 0:
		return nil
	case s.Death.Settled:
		m["person"] = "settled"
	case s.Death.Recorded:
		m["person"] = "dead"
	}
	switch {
	case s.Contact.Unwanted:
		m["first contact"] = "desk by wish"
	case !s.Contact.Named:
		m["first contact"] = "desk"
	}
	for _, o := range s.Contact.Offers {
		m[fmt.Sprint("offer/", o.Number)] = string(o.Status)
	}
	for _, f := range s.Findings {
		m[fmt.Sprint("finding/", f.Number)] = map[bool]string{false: "recorded", true: "withdrawn"}[f.Withdrawn]
	}
	for _, w := range s.Words {
		for _, o := range w.Objections {
			m[fmt.Sprint("objection/", o.Version)] = map[bool]string{false: "standing", true: "withdrawn"}[o.Withdrawn]
		}
	}
	return m
}

// follow finds the line of Lifecycle that each change of a status is, and the
// changes that are none.
func follow(before State, made []care.Made, after State) (lines []Transition, wrong string) {
	was := statuses(before)
	for thing, to := range statuses(after) {
		of, _, _ := strings.Cut(thing, "/")
		found := was[thing] == to
		for _, m := range made {
			if tr := (Transition{of, was[thing], m.Event.Type(), to}); slices.Contains(life, tr) {
				lines, found = append(lines, tr), true
			}
		}
		if !found {
			return nil, fmt.Sprintf("%s went from %q to %q by %+v", thing, was[thing], to, made)
		}
	}
	return lines, ""
}

// TestLifeFollowsTheTable: no life does what Lifecycle does not allow.
func TestLifeFollowsTheTable(t *testing.T) {
	t.Parallel()
	lives(t, func(t *rapid.T, before State, _ care.Act, p *patient) {
		if _, wrong := follow(before, p.made, p.s); wrong != "" {
			t.Fatal(wrong)
		}
	})
}
