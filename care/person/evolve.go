package person

import (
	"fmt"
	"maps"
	"slices"

	"forlop/care"
)

// Evolve folds one event into s. It fails, naming the event, on one that cannot
// follow: an unknown one, a gap in the versions, an ordinal that is not there.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("person %s: event %d cannot follow event %d", s.Person, r.Version, s.Version)
	}
	if _, opening := r.Event.(Opened); opening != (s.Version == 0) {
		return fmt.Errorf("person %s: %s cannot be event %d", s.Person, r.Event.Type(), r.Version)
	}
	if err := s.apply(r); err != nil {
		return fmt.Errorf("person %s, event %d (%s): %w", s.Person, r.Version, r.Event.Type(), err)
	}
	s.Version = r.Version
	s.forgetClimbs()
	return nil
}

func (s *State) apply(r care.Recorded) error {
	by := speaker(r.Actor, r.Post, r.For)
	switch e := r.Event.(type) {
	case Opened:
		s.Person, s.Regime, s.OpenedAt = e.Person, e.Regime, r.Happened
		s.Contact = FirstContact{Post: e.Desk, Since: r.Happened, Version: r.Version}
		s.Contact.Task = Task{NameContact, r.Learned, e.NameBy, r.Version}
	case ContactAppointed, ContactOffered, OfferAccepted, OfferDeclined, OfferLapsed, OfferWithdrawn, ContactKept, ContactWanted:
		return s.Contact.apply(r)
	case ContactRefused:
		if e.Reasoned {
			s.Words = append(s.Words, Words{Version: r.Version, Kind: ContactWords, By: by, At: r.Happened})
		}
		return s.Contact.apply(r)
	case MattersSaid:
		s.Words = append(s.Words, Words{Version: r.Version, Kind: MattersWords, Topic: e.Topic, By: by, At: r.Happened})
		put(&s.Matters, e.Topic, Matter{r.Version, r.Learned, e.Review, r.Version})
	case MattersConfirmed:
		m, ok := s.Matters[e.Topic]
		if !ok {
			return fmt.Errorf("nothing was said on %s", e.Topic)
		}
		put(&s.Matters, e.Topic, Matter{m.Words, r.Learned, e.Review, r.Version})
	case StoryTold:
		s.Words = append(s.Words, Words{Version: r.Version, Kind: StoryWords, By: by, At: r.Happened})
	case Objected:
		w := s.words(e.To)
		if w == nil {
			return fmt.Errorf("event %d holds no words", e.To)
		}
		w.Objections = append(w.Objections, Objection{r.Version, by, r.Happened, false})
	case ObjectionWithdrawn:
		o := s.objection(e.Objection)
		if o == nil {
			return fmt.Errorf("event %d holds no objection", e.Objection)
		}
		o.Withdrawn = true
	case EnergySet:
		s.Energy = Energy{e.PerWeek, e.RestDays, e.Minutes, by, r.Learned, e.Review, r.Version}
	case EnergyLifted:
		s.Energy = Energy{By: by, Since: r.Learned, Version: r.Version}
	case AdaptationsSet:
		s.Adaptations = Adapted{slices.Clone(e.Adaptations), by, r.Version}
		if e.Noted {
			s.Words = append(s.Words, Words{Version: r.Version, Kind: AdaptationWords, By: by, At: r.Happened})
		}
	case LanguagesSet:
		s.Languages = Languages{e.Reading, e.Interpreter, e.NoInterpreter, r.Version}
	case ChannelSet:
		s.Channel = Told{e.Channel, e.SMS, r.Version}
	case Paused, PauseReviewed, PauseEnded:
		return s.applyPause(r)
	case FindingRecorded:
		if err := next("finding", e.Finding, len(s.Findings)); err != nil {
			return err
		}
		s.Findings = append(s.Findings, Finding{Number: e.Finding, Kind: e.Kind, Examined: e.Examined, By: e.By, File: e.File, Version: r.Version})
		s.Words = append(s.Words, Words{Version: r.Version, Kind: FindingWords, By: by, At: r.Happened})
	case FindingWithdrawn:
		f, err := at("finding", s.Findings, e.Finding)
		if err != nil {
			return err
		}
		f.Withdrawn = true
	case ExaminationPlanned:
		if err := next("examination", e.Examination, len(s.Examinations)); err != nil {
			return err
		}
		s.Examinations = append(s.Examinations, Examination{e.Examination, e.Kind, e.Repeats, r.Happened, r.Version})
	case GPChanged:
		s.GPs = append(s.GPs, Belonging{e.GP, e.Since, r.Version})
	case MunicipalityChanged:
		s.Municipalities = append(s.Municipalities, Belonging{e.Municipality, e.Since, r.Version})
	case CarrierSet:
		put(&s.Carriers, e.What, Carrier{e.By, e.Until, e.Owner, r.Learned, e.Due, e.Latest, r.Version})
	case CarrierEnded:
		delete(s.Carriers, e.What)
	case ConditionReported:
		s.Condition.report(e, by, r)
	case Died, DeathRetracted, Settled:
		return s.applyDeath(r)
	case MergedInto:
		s.MergedInto = e.Into
	case AliasAdded:
		s.Aliases = append(s.Aliases, e.Alias)
	case Unmerged:
		if s.MergedInto == e.Other {
			s.MergedInto = ""
		}
		s.Aliases = slices.DeleteFunc(s.Aliases, func(k care.PersonKey) bool { return k == e.Other })
	case Overdue:
		put(&s.Climbs, e.Item, Climb{e.Rung, r.Learned, e.Again})
	default:
		return fmt.Errorf("it is not an event of a person")
	}
	return nil
}

func (c *Condition) report(e ConditionReported, by Speaker, r care.Recorded) {
	if e.Malaise != "" {
		c.Malaise, c.MalaiseBy, c.MalaiseAt = e.Malaise, by, r.Happened
	}
	if e.Severity != "" {
		c.Severity, c.SeverityBy, c.SeverityAt = e.Severity, by, r.Happened
	}
	c.Version = r.Version
}

// forgetClimbs drops the rungs of items that are closed. An item that opens anew
// has another key.
func (s *State) forgetClimbs() {
	if len(s.Climbs) == 0 {
		return
	}
	open := map[string]bool{}
	for _, i := range s.open() {
		open[i.Key] = true
	}
	maps.DeleteFunc(s.Climbs, func(key string, _ Climb) bool { return !open[key] })
}

// words finds the contribution that event version holds.
func (s *State) words(version int) *Words {
	for i := range s.Words {
		if s.Words[i].Version == version {
			return &s.Words[i]
		}
	}
	return nil
}

func (s *State) objection(version int) *Objection {
	for i := range s.Words {
		for j := range s.Words[i].Objections {
			if s.Words[i].Objections[j].Version == version {
				return &s.Words[i].Objections[j]
			}
		}
	}
	return nil
}

// put sets a key of a map that may not be there yet.
func put[K comparable, V any](m *map[K]V, k K, v V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[k] = v
}

// next checks that an ordinal follows the last one.
func next(what string, n, last int) error {
	if n != last+1 {
		return fmt.Errorf("%s %d cannot follow %s %d", what, n, what, last)
	}
	return nil
}

// at finds the thing with an ordinal.
func at[T any](what string, list []T, n int) (*T, error) {
	if n < 1 || n > len(list) {
		return nil, fmt.Errorf("there is no %s %d", what, n)
	}
	return &list[n-1], nil
}
