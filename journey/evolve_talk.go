package journey

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// foldTalk folds what parties ask, decide, wait for and tell each other.
func (s *State) foldTalk(r care.Recorded) error {
	none := time.Time{}
	switch e := r.Event.(type) {
	case QuestionAsked:
		if err := next(s.Questions, e.Question, "question"); err != nil {
			return err
		}
		s.Questions = append(s.Questions, Question{QuestionAsked: e, Open: true, At: r.Happened})
		s.openQuestion(r, e)
	case QuestionAnswered:
		q, err := at(s.Questions, e.Question, "question")
		if err != nil {
			return err
		}
		q.Open = false
		s.shut("question", e.Question)
	case DecisionNeeded:
		if err := next(s.Decisions, e.Decision, "decision"); err != nil {
			return err
		}
		s.Decisions = append(s.Decisions, Decision{DecisionNeeded: e, Open: true, Version: r.Version, Begun: r.Version})
		s.open(r, "decision", e.Decision, care.DecisionItem, e.About, e.Owner, e.By, none)
	case DecisionMade:
		d, err := at(s.Decisions, e.Decision, "decision")
		if err != nil {
			return err
		}
		d.Open, d.Version = false, r.Version
		s.shut("decision", e.Decision)
	case WaitOpened:
		if err := next(s.Waits, e.Wait, "wait"); err != nil {
			return err
		}
		s.Waits = append(s.Waits, Wait{WaitOpened: e, Since: r.Happened, Open: true, Version: r.Version, Begun: r.Version})
		s.open(r, "wait", e.Wait, care.WaitItem, e.Reason, e.Owner, e.Review, none)
	case WaitReviewed:
		return s.wait(e.Wait, r, func(w *Wait) {
			w.Review = e.Review
			s.open(r, "wait", e.Wait, care.WaitItem, w.Reason, w.Owner, e.Review, none)
		})
	case WaitEnded:
		return s.wait(e.Wait, r, func(w *Wait) { w.Open = false; s.shut("wait", e.Wait) })
	case WaitReopened:
		return s.wait(e.Wait, r, func(w *Wait) {
			w.Open = true
			s.open(r, "wait", e.Wait, care.WaitItem, w.Reason, w.Owner, w.Review, none)
		})
	case ContactOwed:
		if err := next(s.Contacts, e.Contact, "contact"); err != nil {
			return err
		}
		s.Contacts = append(s.Contacts, Contact{ContactOwed: e, Open: true})
		s.open(r, "contact", e.Contact, care.ContactItem, "latest-passed", e.Owner, e.By, none)
	case Contacted:
		c, err := at(s.Contacts, e.Contact, "contact")
		if err != nil {
			return err
		}
		c.Open = false
		s.shut("contact", e.Contact)
	case TellingOwed:
		if err := next(s.Tellings, e.Telling, "telling"); err != nil {
			return err
		}
		s.Tellings = append(s.Tellings, Telling{TellingOwed: e, Since: r.Happened, Begun: r.Version})
		s.open(r, "telling", e.Telling, care.TellItem, e.About, e.Owner, e.By, none)
	case TellingWithdrawn:
		t, err := at(s.Tellings, e.Telling, "telling")
		if err != nil {
			return err
		}
		if !t.Open() {
			return fmt.Errorf("journey: telling %d is not open", e.Telling)
		}
		t.Off, t.Ended = true, r.Version
		s.shut("telling", e.Telling)
	case Told:
		t, err := at(s.Tellings, e.Telling, "telling")
		if err != nil {
			return err
		}
		t.Told, t.Ended = &e.Receipt, r.Version
		s.shut("telling", e.Telling)
	case ToldRetracted:
		t, err := at(s.Tellings, e.Telling, "telling")
		if err != nil {
			return err
		}
		if t.Told == nil {
			return fmt.Errorf("journey: nobody was told of %d", e.Telling)
		}
		t.Told, t.Off, t.Ended = nil, true, r.Version
	case WordsGiven:
		if err := next(s.Words, e.Words, "words"); err != nil {
			return err
		}
		s.Words = append(s.Words, Words{WordsGiven: e, At: r.Happened, Version: r.Version})
	}
	return nil
}

func (s *State) wait(n int, r care.Recorded, change func(*Wait)) error {
	w, err := at(s.Waits, n, "wait")
	if err != nil {
		return err
	}
	from := over
	if w.Open {
		from = waiting
	}
	if _, err := advanceTo("wait", from, r.Event.Type()); err != nil {
		return err
	}
	w.Version = r.Version
	change(w)
	return nil
}

// foldPlan folds meetings, interventions and choices.
func (s *State) foldPlan(r care.Recorded) error {
	none := time.Time{}
	switch e := r.Event.(type) {
	case MeetingCalled:
		if err := next(s.Meetings, e.Meeting, "meeting"); err != nil {
			return err
		}
		s.Meetings = append(s.Meetings, Meeting{MeetingCalled: e, State: MeetingPlanned, Version: r.Version, Begun: r.Version})
	case MeetingCancelled:
		return s.meeting(e.Meeting, r, func(*Meeting) {})
	case MeetingHeld:
		return s.meeting(e.Meeting, r, func(m *Meeting) {
			m.Held = &e
			if !e.AnswerBy.IsZero() {
				s.open(r, "meeting", e.Meeting, care.DecisionItem, "answer-to-decisions", e.Owner, e.AnswerBy, none)
			}
		})
	case MeetingAnswered:
		return s.meeting(e.Meeting, r, func(m *Meeting) {
			m.Answer = e.Answer
			s.shut("meeting", e.Meeting)
		})
	case InterventionAgreed:
		if err := next(s.Interventions, e.Intervention, "intervention"); err != nil {
			return err
		}
		s.Interventions = append(s.Interventions, Intervention{InterventionAgreed: e, State: InterventionRunning, Version: r.Version})
		s.open(r, "intervention", e.Intervention, care.InterventionItem, "intervention", e.Owner, e.Due, none)
	case InterventionOwned:
		return s.intervention(e.Intervention, r, func(i *Intervention) {
			i.Owner = e.Owner
			_ = s.touch(key("intervention", e.Intervention), func(it *Item) { it.Post, it.Version = e.Owner, r.Version })
		})
	case InterventionReported:
		return s.intervention(e.Intervention, r, func(i *Intervention) {
			i.Report, i.Due = e.State, e.Due
			s.open(r, "intervention", e.Intervention, care.InterventionItem, "intervention", i.Owner, e.Due, none)
		})
	case InterventionEnded:
		return s.intervention(e.Intervention, r, func(i *Intervention) {
			i.Outcome = e.Outcome
			s.shut("intervention", e.Intervention)
		})
	case InterventionReopened:
		return s.intervention(e.Intervention, r, func(i *Intervention) {
			i.Outcome = ""
			s.open(r, "intervention", e.Intervention, care.InterventionItem, "intervention", i.Owner, i.Due, none)
		})
	case ChoiceLaidOut:
		if err := next(s.Choices, e.Choice, "choice"); err != nil {
			return err
		}
		s.Choices = append(s.Choices, Choice{ChoiceLaidOut: e})
	case ChoiceMade:
		c, err := at(s.Choices, e.Choice, "choice")
		if err != nil {
			return err
		}
		c.Made = &e
		for _, earlier := range s.Choices[:e.Choice-1] {
			if earlier.ID == c.ID {
				s.shut("choice", earlier.Choice)
			}
		}
		if !e.ByStep {
			s.open(r, "choice", e.Choice, care.ReviewItem, "look-again", e.Owner, e.LookAgain, none)
		}
	case ChoiceRenamed:
		c, err := at(s.Choices, e.Choice, "choice")
		if err != nil {
			return err
		}
		c.ID = e.ID
	}
	return nil
}

// openReviews puts back on the lists what an ending took off without ending it:
// decisions open for the patient's answer, and choices to look at again.
func (s *State) openReviews(r care.Recorded) {
	none := time.Time{}
	for _, m := range s.Meetings {
		if m.State == MeetingDone && !m.Held.AnswerBy.IsZero() {
			s.open(r, "meeting", m.Meeting, care.DecisionItem, "answer-to-decisions", m.Held.Owner, m.Held.AnswerBy, none)
		}
	}
	for _, c := range s.Choices {
		if s.lookAgain(c) {
			s.open(r, "choice", c.Choice, care.ReviewItem, "look-again", c.Made.Owner, c.Made.LookAgain, none)
		}
	}
}

// lookAgain reports whether a choice is to be looked at again: it is the last
// one made of its kind, and no step comes back for it.
func (s *State) lookAgain(c Choice) bool {
	return c.Made != nil && !c.Made.ByStep && !slices.ContainsFunc(s.Choices[c.Choice:], func(x Choice) bool { return x.ID == c.ID && x.Made != nil })
}

// shutAll takes everything off the lists but what is still to be told. Questions
// and contacts that were open are shut by the ending, not answered.
func (s *State) shutAll() {
	for id, i := range s.Items {
		if i.Kind != care.TellItem {
			delete(s.Items, id)
		}
	}
	s.shutTalks()
	for i := range s.Contacts {
		s.Contacts[i].Open, s.Contacts[i].Shut = false, s.Contacts[i].Open
	}
	for i := range s.Questions {
		s.Questions[i].Open, s.Questions[i].Shut = false, s.Questions[i].Open
	}
}

// openShut opens what an ending had shut, when the ending is undone.
func (s *State) openShut(r care.Recorded) {
	s.openTalks(r)
	for i := range s.Contacts {
		if c := &s.Contacts[i]; c.Shut {
			c.Open, c.Shut = true, false
			s.open(r, "contact", c.Contact, care.ContactItem, "latest-passed", c.Owner, c.By, time.Time{})
		}
	}
	for i := range s.Questions {
		if q := &s.Questions[i]; q.Shut {
			q.Open, q.Shut = true, false
			s.openQuestion(r, q.QuestionAsked)
		}
	}
}

func (s *State) openQuestion(r care.Recorded, e QuestionAsked) {
	post := e.Owner
	if e.To.Kind == care.PartyUnit && !e.To.Post.IsZero() {
		post = e.To.Post
	}
	s.open(r, "question", e.Question, care.QuestionItem, "question", post, e.By, time.Time{})
}

func (s *State) meeting(n int, r care.Recorded, change func(*Meeting)) error {
	m, err := at(s.Meetings, n, "meeting")
	if err != nil {
		return err
	}
	if m.State, err = advanceTo("meeting", m.State, r.Event.Type()); err != nil {
		return err
	}
	m.Version = r.Version
	change(m)
	return nil
}

func (s *State) intervention(n int, r care.Recorded, change func(*Intervention)) error {
	i, err := at(s.Interventions, n, "intervention")
	if err != nil {
		return err
	}
	if i.State, err = advanceTo("intervention", i.State, r.Event.Type()); err != nil {
		return err
	}
	i.Version = r.Version
	change(i)
	return nil
}
