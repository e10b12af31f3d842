package journey

import (
	"fmt"
	"strconv"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// New is the state before the first event.
func New() *State { return &State{} }

// Fold is the state that a stream's events make.
func Fold(events []care.Recorded) (*State, error) {
	s := New()
	for _, e := range events {
		if err := Evolve(s, e); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Evolve folds one event into s, in place. It reads no definition, no clock and
// no calendar. An event of another kind, or out of turn, is an error.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("journey: event %d cannot follow version %d", r.Version, s.Version)
	}
	if _, opens := r.Event.(Opened); opens == (s.Version > 0) {
		return fmt.Errorf("journey: %s cannot be event %d", r.Event.Type(), r.Version)
	}
	switch r.Event.(type) {
	case Opened, Ended, Reopened:
		to, err := advanceTo("journey", s.Status, r.Event.Type())
		if err != nil {
			return err
		}
		s.Status = to
	}
	s.Version = r.Version
	s.remember(r)
	return s.fold(r)
}

// remember groups the events of one command into one act.
func (s *State) remember(r care.Recorded) {
	if n := len(s.Acts); n > 0 && r.Command != "" && s.Acts[n-1].Command == r.Command {
		s.Acts[n-1].Last = r.Version
		if _, end := r.Event.(Ended); end {
			// An ending closes much on its way; what the act was is the end.
			s.Acts[n-1].Primary = r.Event
		}
		return
	}
	s.Acts = append(s.Acts, Act{
		First: r.Version, Last: r.Version, Primary: r.Event,
		At: r.Learned, Actor: r.Actor, For: r.For, Command: r.Command,
	})
}

func (s *State) fold(r care.Recorded) error {
	switch e := r.Event.(type) {
	case Opened:
		s.Person, s.Regime, s.Pathway, s.Origin = e.Person, e.Regime, e.Pathway, e.Origin
		s.Sender, s.Received, s.Desk, s.Responsible = e.Sender, e.Received, e.Desk, e.Responsible
		s.Missing, s.Attachment, s.OpensFor = e.Missing, e.Attachment, e.OpensFor
		s.Roles = map[pathway.RoleID]care.Post{}
		s.Milestones = map[pathway.MilestoneID]Milestone{}
		s.Facts = map[pathway.FactID]FactValue{}
		s.BroughtIn = map[pathway.StepID]string{}
		s.Items = map[string]Item{}
	case Answered:
		s.Answer = &e
		for i := range s.Questions {
			if s.Questions[i].Open && s.Questions[i].Step == e.Step {
				s.Questions[i].Open = false
				s.shut("question", s.Questions[i].Question)
			}
		}
	case RoleBound:
		s.Roles[e.Role] = e.Post
	case FactRecorded:
		if e.Value == (FactValue{}) {
			delete(s.Facts, e.Fact)
		} else {
			s.Facts[e.Fact] = e.Value
		}
	case MilestoneReached:
		if e.ID == pathway.Received {
			s.Received = e.At
		}
		s.Milestones[e.ID] = Milestone{At: e.At, Step: e.Step, Source: e.Source, Version: r.Version}
	case MilestoneRetracted:
		delete(s.Milestones, e.ID)
	case NoteMade:
		s.Notes++
	case Undone:
		for i := range s.Acts {
			if s.Acts[i].First == e.Version {
				s.Acts[i].Undone = true
			}
		}
	case Moved:
		s.Pathway = e.To
		s.Moves = append(s.Moves, e)
		s.Keep = nil
	case KeepOffered:
		s.Keep = &Keep{KeepOffered: e, Move: s.Acts[len(s.Acts)-1].First}
	case PlanKept:
		s.Keep = nil
		s.KeptFrom = append(s.KeptFrom[:len(s.KeptFrom):len(s.KeptFrom)], e)
	case Ended:
		s.End, s.EndedAt = &e, r.Happened
		s.shutAll()
	case Reopened:
		s.End, s.EndedAt = nil, time.Time{}
		s.Responsible = e.Responsible
		s.openReviews(r)
		if e.Why == ReasonUndone {
			s.openShut(r)
		} else {
			s.leaveTalks()
		}
	case Passed:
		return s.touch(e.Item, func(i *Item) { i.Late, i.Ladder, i.Climbed = e.Due, e.Ladder, 0 })
	case Escalated:
		return s.touch(e.Item, func(i *Item) { i.Climbed, i.Overdue = e.Rung, i.Overdue+1 })
	case StepOpened, StepPlanned, StepMissed, StepDone, StepReopened, StepDropped, StepOwned, StepDated, StepRedefined, StepRenamed, StepBroughtIn, InterpreterNoted:
		return s.foldStep(r)
	case ClockStarted, ClockStopped, ClockReopened, ClockPaused, ClockCorrected, ClockPassed, ClockLeft:
		return s.foldClock(r)
	case Offered, OfferAccepted, OfferDeclined, OfferLapsed, OfferWithdrawn:
		return s.foldOffer(r)
	case QuestionAsked, QuestionAnswered, DecisionNeeded, DecisionMade, WaitOpened, WaitReviewed, WaitEnded, WaitReopened,
		ContactOwed, Contacted, TellingOwed, TellingWithdrawn, Told, ToldRetracted, WordsGiven:
		return s.foldTalk(r)
	case MeetingCalled, MeetingCancelled, MeetingHeld, MeetingAnswered,
		InterventionAgreed, InterventionOwned, InterventionReported, InterventionEnded, InterventionReopened,
		ChoiceLaidOut, ChoiceMade, ChoiceRenamed:
		return s.foldPlan(r)
	case CopyOwed, Copied:
		return s.foldCopy(r)
	case ConsultAsked, ConsultAdvised, ConsultUsed, ConsultClosed:
		return s.foldConsult(r)
	case JointCalled, ContributionAsked, ContributionGiven, ContributionPassed, Disagreed, JointSummarised, JointAnswered, JointCalledOff:
		return s.foldJoint(r)
	default:
		return fmt.Errorf("journey: %s is not an event of a journey", r.Event.Type())
	}
	return nil
}

// key is an item's key: kind and ordinal.
func key(kind string, n int) string { return kind + "/" + strconv.Itoa(n) }

// open puts something into the one table of what is open.
func (s *State) open(r care.Recorded, kind string, n int, k care.ItemKind, ref string, post care.Post, due, latest time.Time) {
	id := key(kind, n)
	i := Item{Item: care.Item{
		Key: id, Kind: k, Ref: ref, Post: post, Since: r.Happened, Due: due, Latest: latest, Version: r.Version,
	}}
	if old, ok := s.Items[id]; ok {
		// What has climbed has climbed. It stays late while its new date is behind
		// as well; a new date ahead makes it a thing in time again.
		i.Since, i.Overdue = old.Since, old.Overdue
		if !old.Late.IsZero() && !due.After(r.Learned) {
			i.Late, i.Ladder, i.Climbed = old.Late, old.Ladder, old.Climbed
		}
	}
	s.Items[id] = i
}

// touch changes an open item. An item that is not open is left alone: a late
// escalation of something just done changes nothing.
func (s *State) touch(id string, change func(*Item)) error {
	if i, ok := s.Items[id]; ok {
		change(&i)
		s.Items[id] = i
	}
	return nil
}

// shut takes something out of the table.
func (s *State) shut(kind string, n int) { delete(s.Items, key(kind, n)) }

// at finds the n-th of a list counted from 1.
func at[T any](list []T, n int, what string) (*T, error) {
	if n < 1 || n > len(list) {
		return nil, fmt.Errorf("journey: there is no %s %d", what, n)
	}
	return &list[n-1], nil
}

// next checks that a new thing has the next ordinal.
func next[T any](list []T, n int, what string) error {
	if n != len(list)+1 {
		return fmt.Errorf("journey: %s %d cannot follow %d", what, n, len(list))
	}
	return nil
}
