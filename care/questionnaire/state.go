package questionnaire

import (
	"maps"
	"slices"
	"time"

	"forlop/care"
)

// Status is where a form is in its life.
type Status string

// The statuses.
const (
	Open      Status = "open"
	HandedIn  Status = "sent"
	NotWanted Status = "declined"
	TakenBack Status = "withdrawn"
)

// State is one form, folded from its stream.
type State struct {
	Version       int
	Person        care.PersonKey
	Regime        care.Regime
	Journey, Step string
	Questionnaire Ref
	// Questions are the ids of what is asked, in their order.
	Questions []string
	Reader    care.Post
	By        time.Time
	AskedAt   time.Time
	AskedBy   Speaker
	Status    Status
	// Answers are the newest by question. The value is sealed in event Version.
	Answers map[string]Reply
	Alerts  []Alert
	// Closed is who sent, declined or withdrew the form, and when; ClosedBy and
	// ClosedVersion go with it.
	Closed        time.Time
	ClosedBy      Speaker
	ClosedVersion int
	// ReadBy is when it must have been read; WasRead that it was.
	ReadBy  time.Time
	WasRead bool
	ReadAt  time.Time
	// Quiet is the note that the day has passed, open until a person decides.
	Quiet QuietState
	// Climbed are the open items that were too late, by key.
	Climbed map[string]Climb
}

// Reply is how one question stands: answered, or why not.
type Reply struct {
	Version  int
	Missing  Missing
	Language care.Language
	By       Speaker
	At       time.Time
}

// Alert is an answer that must never lie unseen.
type Alert struct {
	Item       string
	Post       care.Post
	Since, Due time.Time
	Version    int
	// Done is the event that holds what was done; 0 while nobody has acted.
	Done   int
	DoneBy Speaker
	DoneAt time.Time
}

// QuietState is the one note about a form that was not answered.
type QuietState struct {
	Noted, Open bool
	Since, Due  time.Time
	Version     int
}

// Climb is where an overdue item climbed to.
type Climb struct {
	To care.Post
	At time.Time
}

// Speaker is who said something: the party, their key or professional id where
// they spoke themselves, and how it reached us and who wrote it down where
// somebody recorded it for them.
type Speaker struct {
	Party    care.Party
	ID       string
	How      care.Channel
	Recorder string
}

// Clone is a copy that shares nothing with s.
func (s State) Clone() State {
	s.Questions = slices.Clone(s.Questions)
	s.Answers = maps.Clone(s.Answers)
	s.Alerts = slices.Clone(s.Alerts)
	s.Climbed = maps.Clone(s.Climbed)
	return s
}

// Next is the first question without an answer, or one that the person was too
// ill for; the number of questions where there is none.
func (s State) Next() int {
	for n, item := range s.Questions {
		if a, ok := s.Answers[item]; !ok || a.Missing == TooIll {
			return n
		}
	}
	return len(s.Questions)
}

// Begun reports whether something was answered.
func (s State) Begun() bool { return len(s.Answers) > 0 }

func speaker(actor care.Actor, post care.Post, of *care.OnBehalf) Speaker {
	if of != nil {
		return Speaker{Party: of.Of, How: of.How, Recorder: actor.ID}
	}
	switch actor.Kind {
	case care.Patient:
		return Speaker{Party: care.Party{Kind: care.PartyPatient}, ID: actor.ID}
	case care.Relative:
		return Speaker{Party: care.Party{Kind: care.PartyRelative}, ID: actor.ID}
	case care.Professional:
		return Speaker{Party: care.Party{Kind: care.PartyUnit, Post: post}, ID: actor.ID}
	}
	return Speaker{ID: actor.ID}
}
