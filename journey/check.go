package journey

import (
	"fmt"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/pathway"
)

// Broken is a law that a state would break. It is our own fault, never the
// user's: nothing is stored, and the error says which law.
type Broken struct {
	Law, What string
}

// Error names the law.
func (b *Broken) Error() string { return "journey: " + b.Law + " would be broken: " + b.What }

// check refuses a decision whose outcome would break a law. The assertions stay
// on in production.
func (d *draft) check(c Command) error {
	if err := Check(d.s, d.k.Calendar); err != nil {
		return err
	}
	if _, time := c.(Wake); time {
		for _, m := range d.made {
			if !slices.Contains(byTime, m.Event.Type()) {
				return &Broken{"L5", "time alone made " + m.Event.Type()}
			}
		}
	}
	if d.was.Status == Running && d.s.Responsible != d.was.Responsible &&
		!slices.ContainsFunc(d.made, func(m care.Made) bool { _, ok := m.Event.(OfferAccepted); return ok }) {
		return &Broken{"L1", "responsibility moved without acceptance"}
	}
	if len(d.s.Words) < len(d.was.Words) {
		return &Broken{"L9", "a contribution is gone"}
	}
	return nil
}

// byTime are the only events that time alone may cause (L5). None of them ends
// a step, a wait or a journey.
var byTime = []string{
	Passed{}.Type(), Escalated{}.Type(), ClockPassed{}.Type(), ContactOwed{}.Type(), OfferLapsed{}.Type(), DecisionNeeded{}.Type(),
}

// Check says which law a state breaks; nil if none.
func Check(s *State, cal *care.Calendar) error {
	if s.Status == NotOpened {
		return nil
	}
	for _, check := range []func(*State, *care.Calendar) error{checkOwner, checkNext, checkItems, checkClocks, checkAnswer} {
		if err := check(s, cal); err != nil {
			return err
		}
	}
	return nil
}

func checkOwner(s *State, _ *care.Calendar) error {
	if s.Status == Running && (s.Responsible.Unit == "" || s.Responsible.Role == "") {
		return &Broken{"L1", "an open journey has no responsible post"}
	}
	return nil
}

func checkNext(s *State, _ *care.Calendar) error {
	if s.Status != Running {
		return nil
	}
	d := draft{s: s}
	if !d.hasNext() {
		return &Broken{"L3", "an open journey has no next step and no wait"}
	}
	return nil
}

// checkItems holds the one table against the lists: every live thing stands in
// it once, and nothing else does (invariants 13, 17, 22).
func checkItems(s *State, _ *care.Calendar) error {
	want := map[string]bool{}
	if s.Status == Running {
		for _, x := range s.Steps {
			want[key("step", x.Step)] = x.Live()
			want[key("interpreter", x.Step)] = x.LacksInterpreter()
		}
		for _, x := range s.Offers {
			want[key("offer", x.Offer)] = x.State == OfferOpen && !x.CarriedByStep()
		}
		for _, x := range s.Questions {
			want[key("question", x.Question)] = x.Open
		}
		for _, x := range s.Decisions {
			want[key("decision", x.Decision)] = x.Open
		}
		for _, x := range s.Waits {
			want[key("wait", x.Wait)] = x.Open
		}
		for _, x := range s.Contacts {
			want[key("contact", x.Contact)] = x.Open
		}
		for _, x := range s.Interventions {
			want[key("intervention", x.Intervention)] = x.State == InterventionRunning
		}
		for _, x := range s.Meetings {
			want[key("meeting", x.Meeting)] = x.State == MeetingDone && x.Held != nil && !x.Held.AnswerBy.IsZero()
		}
		for _, x := range s.Consults {
			want[key("consult", x.Consult)] = x.Open()
		}
		for _, x := range s.Joints {
			want[key("joint", x.Joint)] = x.Open()
		}
		for _, x := range s.Contributions {
			want[key("contribution", x.Contribution)] = s.asks(x)
		}
		for _, x := range s.Choices {
			want[key("choice", x.Choice)] = s.lookAgain(x)
		}
	}
	for _, x := range s.Copies {
		want[key("copy", x.Copy)] = x.Done.IsZero()
	}
	for _, x := range s.Tellings {
		want[key("telling", x.Telling)] = x.Open()
	}
	for id, open := range want {
		if _, there := s.Items[id]; there != open {
			return &Broken{"invariant 22", fmt.Sprintf("%s stands on a list: %v, should be: %v", id, there, open)}
		}
	}
	for id, i := range s.Items {
		if !want[id] {
			return &Broken{"invariant 17", id + " stands on a list and is not open"}
		}
		if i.Post.Unit == "" || i.Post.Role == "" {
			return &Broken{"invariant 22", id + " has no owner"}
		}
		if i.Due.IsZero() {
			return &Broken{"L3", id + " has no date"}
		}
	}
	return nil
}

// checkClocks recomputes every limit from its start, span and pauses (L6,
// invariant 11).
func checkClocks(s *State, cal *care.Calendar) error {
	for _, c := range s.Clocks {
		m, ok := s.Milestones[c.From]
		if c.State != ClockIsLeft && (!ok || !c.Start.Equal(m.At)) {
			return &Broken{"L6", "the clock " + string(c.ID) + " does not start at its milestone"}
		}
		if c.State == ClockMet && !c.Stop.Equal(s.Milestones[c.To].At) {
			return &Broken{"L6", "the clock " + string(c.ID) + " does not stop at its milestone"}
		}
		if cal != nil && c.State != ClockIsLeft && c.Calendar == cal.Version() && !limitEnd(cal, c.Start, c.Limit, c.Paused).Equal(c.Latest) {
			return &Broken{"invariant 11", "the limit of " + string(c.ID) + " is not what its start and span give"}
		}
		for _, p := range c.Paused {
			if !slices.Contains(c.Pauses, p.Reason) {
				return &Broken{"invariant 12", "the clock " + string(c.ID) + " stood still for a reason its source does not list"}
			}
		}
	}
	return nil
}

// checkAnswer holds that no referral is answered without a next step that has
// an owner, and that what was answered is told or waits to be told (L4). The
// dead are told nothing.
func checkAnswer(s *State, _ *care.Calendar) error {
	for _, st := range s.Steps {
		if st.Kind == pathway.Answer && st.State == StepIsDone && s.Answer == nil {
			return &Broken{"L4", "a referral step is done without an answer"}
		}
	}
	if s.Answer != nil && !s.died() && !slices.ContainsFunc(s.Tellings, func(t Telling) bool { return t.About == "answered" }) {
		return &Broken{"L4", "an answer is told to nobody"}
	}
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }
