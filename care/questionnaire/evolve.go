package questionnaire

import (
	"fmt"
	"slices"

	"forlop/care"
)

// Evolve folds one event into s. It fails, naming the event, on one that cannot
// follow.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("form: event %d cannot follow event %d", r.Version, s.Version)
	}
	if _, asking := r.Event.(Asked); asking != (s.Version == 0) {
		return fmt.Errorf("form: %s cannot be event %d", r.Event.Type(), r.Version)
	}
	if err := s.apply(r); err != nil {
		return fmt.Errorf("form, event %d (%s): %w", r.Version, r.Event.Type(), err)
	}
	s.Version = r.Version
	s.forgetClimbs()
	return nil
}

func (s *State) apply(r care.Recorded) error {
	by := speaker(r.Actor, r.Post, r.For)
	if to, ok := nextStatus("form", string(s.Status), r.Event.Type()); ok {
		s.Status = Status(to)
		if s.Status != Open {
			s.Closed, s.ClosedBy, s.ClosedVersion = r.Happened, by, r.Version
			s.Quiet.Open = false
		}
	}
	switch e := r.Event.(type) {
	case Asked:
		s.Person, s.Regime, s.Journey, s.Step, s.Questionnaire = e.Person, e.Regime, e.Journey, e.Step, e.Questionnaire
		s.Questions, s.Reader, s.By, s.AskedAt, s.AskedBy = slices.Clone(e.Items), e.Reader, e.By, r.Happened, by
	case Answered:
		return s.keep(e.Item, Reply{Version: r.Version, Language: e.Language, By: by, At: r.Happened})
	case LeftOut:
		return s.keep(e.Item, Reply{Version: r.Version, Missing: e.Missing, Language: e.Language, By: by, At: r.Happened})
	case Alerted:
		s.Alerts = append(s.Alerts, Alert{Item: e.Item, Post: e.Post, Since: r.Learned, Due: e.Due, Version: r.Version})
	case SeenTo:
		a := s.alert(e.Item)
		if a == nil {
			return fmt.Errorf("nothing is open about %s", e.Item)
		}
		a.Done, a.DoneBy, a.DoneAt = r.Version, by, r.Happened
	case Sent:
		s.ReadBy = e.ReadBy
		for _, item := range e.NotAsked {
			if err := s.keep(item, Reply{Version: r.Version, Missing: NotAsked, By: by, At: r.Happened}); err != nil {
				return err
			}
		}
	case Declined, Withdrawn:
	case WasRead:
		s.WasRead, s.ReadAt = true, r.Happened
	case Quiet:
		s.Quiet = QuietState{Noted: true, Open: true, Since: r.Learned, Due: e.Due, Version: r.Version}
	case WasLet:
		s.Quiet.Open = false
	case Overdue:
		if s.Climbed == nil {
			s.Climbed = map[string]Climb{}
		}
		s.Climbed[e.Item] = Climb{e.To, r.Learned}
	default:
		return fmt.Errorf("it is not an event of a form")
	}
	return nil
}

func (s *State) keep(item string, a Reply) error {
	if !slices.Contains(s.Questions, item) {
		return fmt.Errorf("there is no question %s", item)
	}
	if s.Answers == nil {
		s.Answers = map[string]Reply{}
	}
	s.Answers[item] = a
	return nil
}

// alert is the open alert about a question; nil where there is none.
func (s *State) alert(item string) *Alert {
	for i := range s.Alerts {
		if s.Alerts[i].Item == item && s.Alerts[i].Done == 0 {
			return &s.Alerts[i]
		}
	}
	return nil
}

// forgetClimbs drops the climbs of items that are closed.
func (s *State) forgetClimbs() {
	for key := range s.Climbed {
		if !slices.ContainsFunc(s.open(), func(i care.Item) bool { return i.Key == key }) {
			delete(s.Climbed, key)
		}
	}
}
