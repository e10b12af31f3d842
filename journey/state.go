package journey

import (
	"maps"
	"slices"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// Status of a journey.
type Status string

// The statuses. A journey is never closed by silence, and an ended one can be
// opened again.
const (
	NotOpened Status = ""
	Running   Status = "open"
	Closed    Status = "ended"
)

// State is a journey as its events say it is. It holds no free text and no
// definition. Lists are indexed by ordinal, counted from 1.
type State struct {
	Version  int
	Status   Status
	Person   care.PersonKey
	Regime   care.Regime
	Pathway  pathway.Ref
	Origin   Origin
	Sender   care.Party
	Received time.Time
	// Desk is the desk that received the referral, or took it over unanswered.
	Desk care.Post
	// Responsible answers for the next step and for coordination. It changes
	// only in OfferAccepted and Reopened (L1).
	Responsible care.Post
	Missing     []string
	OpensFor    []string
	Attachment  string

	// Answer is the last answer to the referral; nil until it is answered.
	Answer *Answered

	Roles      map[pathway.RoleID]care.Post
	Milestones map[pathway.MilestoneID]Milestone
	Facts      map[pathway.FactID]FactValue
	BroughtIn  map[pathway.StepID]string

	Steps         []Step
	Clocks        []Clock
	Offers        []Offer
	Questions     []Question
	Decisions     []Decision
	Waits         []Wait
	Contacts      []Contact
	Meetings      []Meeting
	Interventions []Intervention
	Choices       []Choice
	Consults      []Consult
	Joints        []Joint
	Contributions []Contribution
	Copies        []Copy
	Tellings      []Telling
	Words         []Words
	Notes         int

	// Items is the one table of everything that is open and dated, by key.
	Items map[string]Item
	// Acts are what can be looked back on and, where the type allows it, undone.
	Acts []Act

	// End is set when the journey has ended.
	End     *Ended
	EndedAt time.Time
	// Moves lists earlier versions and pathways, oldest first.
	Moves []Moved
	// Keep is set while the patient may choose to keep the plan that the last move
	// left; KeptFrom lists the versions they chose not to move to.
	Keep     *Keep
	KeptFrom []PlanKept
}

// Keep is an offer to the patient to keep the old plan.
type Keep struct {
	KeepOffered
	// Move is the first event of the act that moved the journey.
	Move int
}

// Milestone is a dated milestone.
type Milestone struct {
	At      time.Time
	Step    int
	Source  string
	Version int
}

// StepState is where a step is in its life cycle.
type StepState string

// The states of a step.
const (
	StepOpen    StepState = "open"
	StepFixed   StepState = "planned"
	StepIsDone  StepState = "done"
	StepNoMore  StepState = "dropped"
	StepUndoing StepState = "undone"
)

// Step is one step of the journey.
type Step struct {
	StepOpened
	State   StepState
	Planned time.Time
	// Due is when it must be recorded how a planned time went or, after one that
	// was missed, by when it is planned anew; zero where Latest is its date.
	Due time.Time
	Way pathway.Way
	// Copied is where the planned time was copied from; nil where it was set here.
	Copied *care.Copied
	// Over lists the limits of the person that the planned time breaks.
	Over []care.Strain
	// Before and DueBefore are the planned time and the date that the last plan
	// replaced.
	Before, DueBefore time.Time
	// Delay is the cause of the last plan, where it was a delay by the service;
	// Promised is the day that was said before it.
	Delay    DelayCause
	Promised time.Time
	// Interpreter is whether one is booked for the planned time, InterpreterBy when
	// one must be; the other two are what the last plan replaced.
	Interpreter, InterpreterBefore     Interpreting
	InterpreterBy, InterpreterByBefore time.Time
	// Missed counts planned times that passed without the step.
	Missed  int
	Opened  time.Time
	Ended   time.Time
	Outcome string
	Reason  string
	// Version is the last event about the step; Begun is the one that opened it.
	Version, Begun int
}

// Live reports whether the step is still to be done.
func (s Step) Live() bool { return s.State == StepOpen || s.State == StepFixed }

// OfferState is where an offer is in its life cycle.
type OfferState string

// The states of an offer.
const (
	OfferOpen     OfferState = "offered"
	OfferTaken    OfferState = "accepted"
	OfferRefused  OfferState = "declined"
	OfferRunOut   OfferState = "lapsed"
	OfferTookBack OfferState = "withdrawn"
)

// Offer is something offered to a post.
type Offer struct {
	Offered
	State OfferState
	At    time.Time
	// Version is the last event about the offer; Begun the one that made it.
	Version, Begun int
}

// Question is a question to someone.
type Question struct {
	QuestionAsked
	Open bool
	// Shut is set when the ending of the journey closed it unanswered.
	Shut bool
	At   time.Time
}

// Decision is a task that only a person's decision ends.
type Decision struct {
	DecisionNeeded
	Open bool
	// Version is the last event about the decision; Begun the one that opened it.
	Version, Begun int
}

// Wait is who has the ball.
type Wait struct {
	WaitOpened
	Since time.Time
	Open  bool
	// Version is the last event about the wait; Begun the one that opened it.
	Version, Begun int
}

// Contact is a contact the service owes the patient.
type Contact struct {
	ContactOwed
	Open bool
	// Shut is set when the ending of the journey closed it before it was made.
	Shut bool
}

// Meeting is a collaboration meeting.
type Meeting struct {
	MeetingCalled
	State MeetingState
	Held  *MeetingHeld
	// Answer is the patient's answer to decisions made without them.
	Answer string
	// Version is the last event about the meeting; Begun the one that called it.
	Version, Begun int
}

// MeetingState is where a meeting is in its life cycle.
type MeetingState string

// The states of a meeting.
const (
	MeetingPlanned MeetingState = "called"
	MeetingOff     MeetingState = "cancelled"
	MeetingDone    MeetingState = "held"
	MeetingSettled MeetingState = "answered"
)

// InterventionState is where an intervention is in its life cycle.
type InterventionState string

// The states of an intervention.
const (
	InterventionRunning InterventionState = "agreed"
	InterventionOver    InterventionState = "ended"
)

// Intervention is something agreed, with an owner.
type Intervention struct {
	InterventionAgreed
	State   InterventionState
	Report  string
	Outcome string
	Version int
}

// Choice is options laid side by side.
type Choice struct {
	ChoiceLaidOut
	Made *ChoiceMade
}

// Telling is something someone must be told.
type Telling struct {
	TellingOwed
	Since time.Time
	Told  *Receipt
	// Off is set when what was to be told is not so any more.
	Off bool
	// Begun is the event that opened it; Ended the one that took it off or told it.
	Begun, Ended int
}

// Open reports whether somebody is still to be told.
func (t Telling) Open() bool { return t.Told == nil && !t.Off }

// Words is a contribution, kept for ever under its giver's name. Version is the
// event that holds the sealed text.
type Words struct {
	WordsGiven
	At      time.Time
	Version int
	Read    bool
}

// Item is one open thing with its owner and date.
type Item struct {
	care.Item
	// Late is when it became late; Ladder is how it climbs; Climbed counts the
	// rungs behind it.
	Late    time.Time
	Ladder  []Rung
	Climbed int
}

// Act is the events of one command, looked back on.
type Act struct {
	First, Last int
	// Primary is the first event: what the act was.
	Primary care.Event
	At      time.Time
	Actor   care.Actor
	For     *care.OnBehalf
	Command string
	Undone  bool
}

// FactValue is a recorded value in its written form: "true", "12",
// "2026-03-13" or a text of the pathway's own list.
type FactValue struct {
	Type pathway.FactType `json:"type"`
	Text string           `json:"text"`
}

// Clone copies the state deeply, so that a decision can try events on it.
func (s *State) Clone() *State {
	c := *s
	c.Roles = maps.Clone(s.Roles)
	c.Milestones = maps.Clone(s.Milestones)
	c.Facts = maps.Clone(s.Facts)
	c.BroughtIn = maps.Clone(s.BroughtIn)
	c.Steps = slices.Clone(s.Steps)
	c.Clocks = slices.Clone(s.Clocks)
	c.Offers = slices.Clone(s.Offers)
	c.Questions = slices.Clone(s.Questions)
	c.Decisions = slices.Clone(s.Decisions)
	c.Waits = slices.Clone(s.Waits)
	c.Contacts = slices.Clone(s.Contacts)
	c.Meetings = slices.Clone(s.Meetings)
	c.Interventions = slices.Clone(s.Interventions)
	c.Choices = slices.Clone(s.Choices)
	c.Consults = slices.Clone(s.Consults)
	c.Joints = slices.Clone(s.Joints)
	c.Contributions = slices.Clone(s.Contributions)
	c.Copies = slices.Clone(s.Copies)
	c.Tellings = slices.Clone(s.Tellings)
	c.Words = slices.Clone(s.Words)
	c.Items = maps.Clone(s.Items)
	c.Acts = slices.Clone(s.Acts)
	c.Moves = slices.Clone(s.Moves)
	c.KeptFrom = slices.Clone(s.KeptFrom)
	return &c
}

// StepOf finds the newest step of an id; nil if there is none.
func (s *State) StepOf(id pathway.StepID) *Step {
	for i := len(s.Steps) - 1; i >= 0; i-- {
		if s.Steps[i].ID == id && s.Steps[i].State != StepUndoing {
			return &s.Steps[i]
		}
	}
	return nil
}

// ClockOf finds the newest clock of an id that has not been left; nil if there
// is none.
func (s *State) ClockOf(id pathway.ClockID) *Clock {
	for i := len(s.Clocks) - 1; i >= 0; i-- {
		if s.Clocks[i].ID == id && s.Clocks[i].State != ClockIsLeft {
			return &s.Clocks[i]
		}
	}
	return nil
}

// Owner is the post that a role's steps belong to now: the post the role is
// bound to; before the referral is answered, the receiving desk; after it, the
// responsible post.
func (s *State) Owner(r pathway.RoleID) care.Post {
	if p, ok := s.Roles[r]; ok && !p.IsZero() {
		return p
	}
	if s.Answer == nil && s.Origin != Imported {
		return s.Desk
	}
	return s.Responsible
}

// Reached reports whether a milestone is reached.
func (s *State) Reached(id pathway.MilestoneID) bool {
	_, ok := s.Milestones[id]
	return ok
}
