package simulation

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// tidyRounds is on how many days at most somebody tidies up after a life's last
// scene; what one day's work opens can fall due before the demo's day as well.
const tidyRounds = 40

// ahead is how many days before something is due the staff do it in the lives
// that no login leads to, so that not every list is full of today's work.
const ahead = 8

// tidy is what the staff do after a life's last scene: what falls due is done at
// about its date, by ordinary orders, up to yesterday. The first who live a story
// keep what it leaves lying; with the others somebody got round to it. Where the
// demo leads somebody, what falls due from today is left as well.
func (l *life) tidy() error {
	tried, woken := map[attempt]bool{}, false
	for range tidyRounds {
		s, err := l.look()
		if err != nil {
			return err
		}
		if s.Status != journey.Running {
			return nil
		}
		work, on := l.dueNext(s, tried)
		if len(work) == 0 {
			// What time alone has done by yesterday may be owed a call.
			if due, ok := journey.Due(s); woken || !ok || due.After(l.now) {
				return nil
			}
			woken = true
			l.advance(on)
			if _, err := l.s.Wake(l.ctx, store.StreamOf("journey", l.journey)); err != nil {
				return err
			}
			continue
		}
		l.advance(on)
		for _, i := range work {
			tried[attempt{i.Key, i.Version}] = true
			if err := l.handle(i); err != nil {
				return fmt.Errorf("%s %s on %s: %w", i.Key, i.Ref, on, err)
			}
		}
	}
	return nil
}

// attempt is a thing as it stood when somebody tried to do it.
type attempt struct {
	key     string
	version int
}

// dueNext is what somebody does next, and on which working day: what falls due
// first, with what falls due in the days after it.
func (l *life) dueNext(s *journey.State, tried map[attempt]bool) ([]journey.Item, care.Date) {
	last := l.region.days[len(l.region.days)-1]
	until := l.now
	if !l.visited() {
		until = until.AddDate(0, 0, ahead)
	}
	var work []journey.Item
	for _, i := range s.Items {
		if tried[attempt{i.Key, i.Version}] || i.Due.After(until) || l.lies(s, i) {
			continue
		}
		work = append(work, i)
	}
	if len(work) == 0 {
		return nil, last
	}
	slices.SortFunc(work, func(a, b journey.Item) int { return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.Key, b.Key)) })
	on := l.region.cal.Date(work[0].Due)
	if now := l.today(0); on.Before(now) {
		on = now
	}
	// The day before it is due, where that day is still to come.
	if n, _ := slices.BinarySearchFunc(l.region.days, on, care.Date.Compare); n > 0 && l.today(0).Before(l.region.days[n-1]) {
		on = l.region.days[n-1]
	}
	if on.After(last) {
		on = last
	}
	together := l.region.cal.StartOf(on).AddDate(0, 0, 4)
	work = slices.DeleteFunc(work, func(i journey.Item) bool { return i.Due.After(together) && on != last })
	return work, on
}

// visited reports whether the demo leads somebody to this life.
func (l *life) visited() bool {
	return l.first && (l.story.shows != "" || l.story.trust != nil || l.story.day != nil)
}

// lies reports whether something is left as it is: the story means it to be late,
// it is another's to say, or its time has not come.
func (l *life) lies(s *journey.State, i journey.Item) bool {
	if l.nth < max(1, l.story.slow) && (slices.Contains(l.story.leaves, i.Ref) || slices.Contains(l.story.leaves, i.Key)) {
		return true
	}
	open := i.Due.After(l.now) // due from today
	switch i.Kind {
	case care.OfferItem, care.QuestionItem, care.FaultItem:
		return true
	case care.DecisionItem:
		return open || i.Ref == "died" || i.Ref == "offer-refused" || i.Ref == "came-back"
	case care.StepItem:
		st := s.Steps[numbered(i)-1]
		if open && (st.ID == "assess-referral" || !st.Planned.IsZero()) {
			return true
		}
		return st.Planned.After(l.now)
	}
	return false
}

// numbered is the number of what an item is about.
func numbered(i journey.Item) int {
	_, n, _ := strings.Cut(i.Key, "/")
	number, _ := strconv.Atoi(n) // the journey wrote it
	return number
}

// handle does one thing. What cannot be done yet stays where it is.
func (l *life) handle(i journey.Item) error {
	s, err := l.look()
	if err != nil {
		return err
	}
	if _, still := s.Items[i.Key]; !still {
		return nil // something done before it took it along
	}
	err = l.ordinary(s, i)
	if _, refused := care.AsRefusal(err); refused || errors.Is(err, errNotOpen) {
		return nil
	}
	return err
}

// ordinary is the order that an ordinary day has for a thing.
func (l *life) ordinary(s *journey.State, i journey.Item) error {
	n := numbered(i)
	kind, _, _ := strings.Cut(i.Key, "/")
	switch kind {
	case "telling":
		return l.passOn(s.Tellings[n-1])
	case "contact":
		return l.do(i.Post, journey.ContactPatient{Contact: n, How: care.ByPhone, Words: l.words("Ringte og sa hvem som har det nå, og når vi ringer igjen.", "Ringde och sa vem som har det nu, och när vi ringer igen.")})
	case "wait":
		return l.do(i.Post, journey.ReviewWait{Wait: n, Review: l.today(30), Words: l.words("Venter fortsatt.", "Väntar fortfarande.")})
	case "decision":
		return l.do(i.Post, journey.Settle{Decision: n, Words: l.words("Snakket med pasienten. Planen står.", "Talat med patienten. Planen står fast.")})
	case "intervention":
		return l.do(i.Post, journey.ReportIntervention{Intervention: n, State: "on-its-way", Due: l.today(60), Words: l.words("I gang, i eget tempo.", "På gång, i egen takt.")})
	case "choice":
		return l.pick(s.Choices[n-1].ID, s.Choices[n-1].Made.Chosen)
	case "step":
		return l.stepOn(s.Steps[n-1])
	}
	return nil
}

// stepOn does a step: it is answered, called or given a time where it is so done,
// and completed where its time has come or it needs none.
func (l *life) stepOn(st journey.Step) error {
	sweden := l.region.land.regime == care.Sweden
	switch {
	case st.Planned.After(l.clock.Now()):
		return nil
	case st.ID == "assess-referral" && sweden:
		return takeIn(l)
	case st.ID == "assess-referral":
		return accept(l)
	case st.ID == "choose-help":
		return l.pick("help", nil)
	case st.ID == "start-date":
		if first, err := l.step("start-assessment"); err == nil && first.Planned.IsZero() {
			return giveDate(10)(l)
		}
	case st.Planned.IsZero() && (st.ID == "summary-meeting" || st.ID == "follow-up-meeting"):
		return call(st.ID, 8)(l)
	case !st.Planned.IsZero() && (st.ID == "summary-meeting" || st.ID == "follow-up-meeting"):
		return hold(true)(l)
	case st.Planned.IsZero() && st.ID == "start-assessment":
		return l.do(l.post("coordinator"), journey.PlanStep{Step: st.Step, At: l.workday(8, 10), Way: pathway.AtClinic})
	}
	return l.do(st.Owner, journey.CompleteStep{Step: st.Step, Words: l.words("Gjort som planlagt.", "Gjort som planerat.")})
}

// pick lays a choice out and records what the patient chose; nothing of it where
// chosen is empty.
func (l *life) pick(id pathway.ChoiceID, chosen []string) error {
	if err := l.do(l.post("team"), journey.LayOut{Choice: id}); err != nil {
		return err
	}
	s, err := l.look()
	if err != nil {
		return err
	}
	return l.do(l.post("team"), journey.Choose{Choice: len(s.Choices), Chosen: chosen, LookAgain: l.today(240)})
}

// passOn tells somebody what they are to be told: on the page those who read it,
// by letter or telephone the others.
func (l *life) passOn(t journey.Telling) error {
	if t.To.Kind == care.PartyPatient && l.paper == "" {
		who := casework.Who{Actor: care.Actor{Kind: care.Patient, ID: string(l.person)}}
		if _, err := casework.View(l.ctx, l.s, who, casework.MyPlan{}); err != nil {
			return err
		}
		s, err := l.look()
		if err != nil || !s.Tellings[t.Telling-1].Open() {
			return err
		}
	}
	tell := journey.Tell{Telling: t.Telling, How: care.ByMessage}
	if t.To.Kind == care.PartyPatient {
		tell.How = cmp.Or(l.paper, care.ByPhone)
	}
	if tell.How == care.ByLetter {
		tell.Expected = l.today(4)
	}
	return l.do(t.Owner, tell)
}

// words are what is said in the land's language.
func (l *life) words(norwegian, swedish string) string {
	if l.region.land.regime == care.Sweden {
		return swedish
	}
	return norwegian
}
