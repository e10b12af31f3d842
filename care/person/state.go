package person

import (
	"maps"
	"slices"
	"time"

	"forlop/care"
)

// State is one person, folded from their stream.
type State struct {
	Version  int
	Person   care.PersonKey
	Regime   care.Regime
	OpenedAt time.Time

	Contact FirstContact

	// Words are everything that was said and sealed, oldest first; Matters is
	// where the newest on each topic stand. Neither ever shrinks (L9).
	Words   []Words
	Matters map[Topic]Matter

	Energy      Energy
	Adaptations Adapted
	Languages   Languages
	Channel     Told

	// Pauses, Findings and Examinations are by ordinal: the first has number 1.
	Pauses       []PauseState
	Findings     []Finding
	Examinations []Examination

	// GPs and Municipalities keep their history; GP and Municipality say who it
	// is on a date.
	GPs            []Belonging
	Municipalities []Belonging
	Carriers       map[Carried]Carrier
	Condition      Condition

	Death Death

	// MergedInto is the key this person is known under now, if marked so.
	MergedInto care.PersonKey
	Aliases    []care.PersonKey

	// Climbs are the rungs that open overdue items have reached, by item key.
	Climbs map[string]Climb
}

// FirstContact is the post the person turns to. There is exactly one (L2).
type FirstContact struct {
	Post care.Post
	// Named is true for a coordinator's post, false while it is only a desk.
	Named bool
	// Unwanted says that the patient does not want a named one.
	Unwanted bool
	Since    time.Time
	// Offers are by ordinal; at most one is open.
	Offers []Offer
	// Refusals counts offers declined or left unanswered since the contact last
	// moved.
	Refusals int
	// Task is what somebody must decide about the contact, if anything.
	Task    Task
	Version int
}

// OfferStatus is where an offer is in its life.
type OfferStatus string

// The statuses of an offer.
const (
	OfferOpen      OfferStatus = "open"
	OfferTaken     OfferStatus = "accepted"
	OfferRefused   OfferStatus = "declined"
	OfferForgotten OfferStatus = "lapsed"
	OfferRecalled  OfferStatus = "withdrawn"
)

// Offer would move the first contact, once accepted.
type Offer struct {
	Number    int
	From, To  care.Post
	Since, By time.Time
	Status    OfferStatus
	Version   int
}

// Task is a decision that only a person ends. About is its message id; a zero
// Task is none.
type Task struct {
	About      string
	Since, Due time.Time
	Version    int
}

// Speaker is who said something: the party, the person key or professional id
// where they spoke themselves, and how it reached us where somebody recorded it
// for them.
type Speaker struct {
	Party care.Party
	ID    string
	How   care.Channel
}

// WordsKind is what sort of words they are.
type WordsKind string

// The kinds of words.
const (
	MattersWords WordsKind = "matters"
	StoryWords   WordsKind = "story"
	FindingWords WordsKind = "finding"
	// AdaptationWords and ContactWords are notes beside the adaptations, and why
	// no named first contact is wanted.
	AdaptationWords WordsKind = "adaptations"
	ContactWords    WordsKind = "contact"
)

// Words are a contribution. The text itself is sealed in event Version.
type Words struct {
	Version    int
	Kind       WordsKind
	Topic      Topic
	By         Speaker
	At         time.Time
	Objections []Objection
}

// Objection is an objection to a sentence; its text is sealed in event Version.
type Objection struct {
	Version   int
	By        Speaker
	At        time.Time
	Withdrawn bool
}

// Matter is where the newest words on a topic stand, and when they are asked
// again.
type Matter struct {
	Words   int
	Since   time.Time
	Review  time.Time
	Version int
}

// Energy is what the person can bear, with who said it. Zero means no limit.
type Energy struct {
	PerWeek, RestDays, Minutes int
	By                         Speaker
	Since, Review              time.Time
	Version                    int
}

// Set reports whether there are limits.
func (e Energy) Set() bool { return e.PerWeek != 0 || e.RestDays != 0 || e.Minutes != 0 }

// Adapted are the adaptations asked for.
type Adapted struct {
	List    []Adaptation
	By      Speaker
	Version int
}

// Languages are what the person reads and hears. Interpreter is the language of
// the interpreter they need; NoInterpreter says that they need none. With neither
// nobody has said.
type Languages struct {
	Reading       care.Language
	Interpreter   string
	NoInterpreter bool
	Version       int
}

// Told is how the person is told things. An empty channel means that nobody has
// said.
type Told struct {
	Channel care.Channel
	SMS     bool
	Version int
}

// PauseState is one pause of reminders. Ends is when it ended, where it ended
// early. Closed says that nobody needs to look any more.
type PauseState struct {
	Number       int
	Why          PauseWhy
	From, Until  care.Date
	Begins, Ends time.Time
	By           Speaker
	Since        time.Time
	Closed       bool
	Version      int
}

// Finding is something that was examined; what it showed is sealed in event
// Version.
type Finding struct {
	Number   int
	Kind     string
	Examined care.Date
	By       care.Party
	// File is the id of its document; empty where there is none.
	File      string
	Withdrawn bool
	Version   int
}

// Examination is one that was asked for.
type Examination struct {
	Number  int
	Kind    string
	Repeats int
	At      time.Time
	Version int
}

// Belonging is a party the person belongs to from a date on.
type Belonging struct {
	Party   care.Party
	Since   care.Date
	Version int
}

// Carrier is who carries something for the person.
type Carrier struct {
	By          care.Party
	Until       care.Date
	Owner       care.Post
	Since       time.Time
	Due, Latest time.Time
	Version     int
}

// Condition is what was last reported, each fact with who said it and when.
type Condition struct {
	Malaise    Malaise
	MalaiseBy  Speaker
	MalaiseAt  time.Time
	Severity   Severity
	SeverityBy Speaker
	SeverityAt time.Time
	Version    int
}

// Death is recorded where Recorded is true. Settled says that a person has
// decided that nothing open needs doing any more.
type Death struct {
	Recorded bool
	On       care.Date
	Since    time.Time
	Due      time.Time
	Settled  bool
	Version  int
}

// Climb is how far an overdue item has climbed.
type Climb struct {
	Rung  int
	At    time.Time
	Again time.Time
}

// Clone is a copy that shares nothing with s.
func (s State) Clone() State {
	s.Contact.Offers = slices.Clone(s.Contact.Offers)
	s.Words = slices.Clone(s.Words)
	for i := range s.Words {
		s.Words[i].Objections = slices.Clone(s.Words[i].Objections)
	}
	s.Matters = maps.Clone(s.Matters)
	s.Adaptations.List = slices.Clone(s.Adaptations.List)
	s.Pauses = slices.Clone(s.Pauses)
	s.Findings = slices.Clone(s.Findings)
	s.Examinations = slices.Clone(s.Examinations)
	s.GPs = slices.Clone(s.GPs)
	s.Municipalities = slices.Clone(s.Municipalities)
	s.Carriers = maps.Clone(s.Carriers)
	s.Aliases = slices.Clone(s.Aliases)
	s.Climbs = maps.Clone(s.Climbs)
	return s
}

// MayNotify reports whether the person may be told anything: no notice goes to
// the dead.
func (s State) MayNotify() bool { return !s.Death.Recorded }

// MayRemind reports whether the person may be reminded at an instant: not while
// reminders rest.
func (s State) MayRemind(at time.Time) bool {
	return s.MayNotify() && !slices.ContainsFunc(s.Pauses, func(p PauseState) bool { return p.runs(at) })
}

// OpenOffer is the offer that waits for an answer.
func (c FirstContact) OpenOffer() (Offer, bool) {
	if n := len(c.Offers); n > 0 && c.Offers[n-1].Status == OfferOpen {
		return c.Offers[n-1], true
	}
	return Offer{}, false
}

func (p PauseState) runs(at time.Time) bool { return !at.Before(p.Begins) && at.Before(p.Ends) }

// GP is the GP on a date: a zero party where there is none or nobody has said.
func (s State) GP(on care.Date) care.Party { return belongs(s.GPs, on) }

// Municipality is where the person lives on a date.
func (s State) Municipality(on care.Date) care.Party { return belongs(s.Municipalities, on) }

// belongs is the one that began last, and of those that begin on one date the
// one recorded last: that is how a mistake is put right.
func belongs(history []Belonging, on care.Date) care.Party {
	var now Belonging
	for _, b := range history {
		if !b.Since.After(on) && !b.Since.Before(now.Since) {
			now = b
		}
	}
	return now.Party
}

// LatestFinding is the finding of a kind that was examined last.
func (s State) LatestFinding(kind string) (Finding, bool) {
	var last Finding
	for _, f := range s.Findings {
		if f.Kind == kind && !f.Withdrawn && !f.Examined.Before(last.Examined) {
			last = f
		}
	}
	return last, last.Number != 0
}

// speaker is who stands behind what was recorded.
func speaker(actor care.Actor, post care.Post, of *care.OnBehalf) Speaker {
	if of != nil {
		return Speaker{Party: of.Of, How: of.How}
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
