package pathway

import "forlop/care"

// RoleID names a role. Like all names within a definition it is kebab-case
// ASCII.
type RoleID string

// MilestoneID names a milestone.
type MilestoneID string

// ClockID names a clock.
type ClockID string

// StepID names a step.
type StepID string

// ChoiceID names a choice.
type ChoiceID string

// EndID names an ending.
type EndID string

// SourceID names a source.
type SourceID string

// FactID names a value that conditions may read.
type FactID string

// Ref names one version of one pathway. Hash is the SHA-256 of its published
// bytes in hex.
type Ref struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Hash    string `json:"hash,omitempty"`
}

// String is id@version.
func (r Ref) String() string { return r.ID + "@" + r.Version }

// Definition is one version of one pathway, parsed and checked. Lists keep the
// order of the file.
type Definition struct {
	Ref
	// Extends is the version that a local layer lies over, and Layer the layer's
	// name; both are empty in a pathway of its own.
	Extends Ref
	Layer   string
	// Tightened lists the national limits that the layer makes shorter, such as
	// clocks/start.
	Tightened []string
	Regime    care.Regime
	// Status is published for a national text in force, draft otherwise. A
	// draft says so to everyone.
	Status DefinitionStatus
	// Sources are the texts everything here rests on.
	Sources []Source
	Review  Review
	For     Audience
	// Facts are the values conditions may read, with their types.
	Facts []Fact
	// Tables give further facts, made of these.
	Tables     []Table
	Roles      []Role
	Milestones []Milestone
	Clocks     []Clock
	Steps      []Step
	Choices    []Choice
	Cautions   []Caution
	Ends       []End
	Overdue    Overdue
	// KeepOld is how long a patient whose journey has moved to this version may
	// choose to keep the old plan; nil where the file does not say so.
	KeepOld *KeepOld
	// Codes are the national codes the pathway reports with. Values are a
	// site's configuration: they are named here and set there.
	Codes []Code
	// Texts holds what patients and staff read, per language.
	Texts map[care.Language]*Text
	// TextHash is the SHA-256 in hex over the text files, in the order of their
	// names, each with its name and length. Wording has revisions of its own: it
	// never changes Ref.Hash, which covers pathway.yaml alone.
	TextHash string

	// where holds the positions of everything read from files; empty in a
	// definition made by hand.
	where positions
	// unread are the languages whose text file is there and cannot be read.
	unread map[care.Language]bool
}

// DefinitionStatus says whether a national text stands behind the pathway.
type DefinitionStatus string

// The two states of the text itself; approval and use are events of the
// pathway's stream.
const (
	Published DefinitionStatus = "published"
	Draft     DefinitionStatus = "draft"
)

// Basis says where a number or a rule comes from: a source of this file, or a
// tag where it is ours (proposed) or taken for granted (assumed). Exactly one
// is set.
type Basis struct {
	Source SourceID `json:"source,omitempty"`
	Tag    Tag      `json:"tag,omitempty"`
}

// Tag marks what has no source.
type Tag string

// The tags.
const (
	Proposed Tag = "proposed"
	Assumed  Tag = "assumed"
)

// Source is a published text.
type Source struct {
	ID                    SourceID
	Publisher, Title, URL string
	// Quote is the sentence of the source that the file rests on, if short.
	Quote string
	// Changed is the last professional change the publisher states.
	Changed care.Date
}

// Review says when the file must be looked at again, and who does it.
type Review struct {
	By    care.Date
	Owner string
}

// Audience says who the pathway is for. It informs; it never refuses (L4).
type Audience struct {
	// MinAge and MaxAge in whole years; zero means no limit.
	MinAge, MaxAge int
	Codes          []CodeSet
	// Checklist are the ids of what a good referral holds; texts are in Text.
	Checklist []string
	// Opens are the reasons that usually open the pathway, such as a sick leave
	// that threatens to be long. Another reason opens it just as well.
	Opens []Opening
	Basis Basis
}

// Opening is a reason to open the pathway; its words are in Text.
type Opening struct {
	ID    string
	Basis Basis
}

// CodeSet is a list of codes of one system, such as ICPC-2.
type CodeSet struct {
	System string
	Codes  []string
}

// Fact is a value that conditions may read.
type Fact struct {
	ID   FactID
	Type FactType // bool, int, text, date
	// Values are the allowed texts, where the type is text.
	Values []string
}

// FactType is the type of a fact.
type FactType string

// The types of facts.
const (
	BoolFact FactType = "bool"
	IntFact  FactType = "int"
	TextFact FactType = "text"
	DateFact FactType = "date"
)

// Role is who does something. At lists the kinds of unit that can fill it; the
// unit's post in this role (or its desk) then owns the steps. Until the role is
// bound to a unit by an event, its steps belong to the responsible post.
type Role struct {
	ID          RoleID
	At          []string
	Professions []string
	// Contact marks the role that is the person's first contact (L2).
	Contact bool
}

// PatientRole is the role of the patient in every pathway. A patient is never
// the owner: the step's Follower is (invariant 7).
const PatientRole RoleID = "patient"

// Milestone is a dated event that clocks and reports use.
type Milestone struct {
	ID    MilestoneID
	Basis Basis
}

// Received is the milestone that every pathway starts with: the day of the
// first receipt, which no forwarding, new owner, new version or other pathway
// ever changes (L6).
const Received MilestoneID = "referral-received"

// ClockKind says what a limit rests on.
type ClockKind string

// The kinds of clock.
const (
	LawClock     ClockKind = "law"
	PathwayClock ClockKind = "pathway"
	OwnClock     ClockKind = "own"
)

// Clock is a time limit between two milestones. Day 0 is the day of From; the
// limit ends at the local midnight that ends its last day.
type Clock struct {
	ID       ClockID
	Kind     ClockKind
	From, To MilestoneID
	Within   care.Span
	// Pauses lists the only reasons for which the clock may stand still, each
	// with its basis. Empty means that nothing pauses it.
	Pauses []Pause
	// Share is the share of journeys that should meet the limit, in percent;
	// zero where no goal is set.
	Share int
	Basis Basis
}

// Pause is a reason for which a clock may stand still.
type Pause struct {
	Reason string
	Basis  Basis
}

// StepKind says what the engine does when the step is done.
type StepKind string

// The kinds of step.
const (
	// Task is plain work with an owner and a date.
	Task StepKind = "task"
	// Answer answers the referral: accept, advise, redirect or ask.
	Answer StepKind = "answer"
	// Visit is a contact between patient and professionals, with a planned time.
	Visit StepKind = "visit"
	// Meeting is a collaboration meeting with an agenda and decisions.
	Meeting StepKind = "meeting"
	// Form asks the patient (or someone for them) for answers.
	Form StepKind = "form"
	// Choosing lays options side by side.
	Choosing StepKind = "choice"
	// HandOver offers responsibility to the role in To and ends with its acceptance.
	HandOver StepKind = "hand-over"
)

// Step is one thing that shall happen.
type Step struct {
	ID   StepID
	Kind StepKind
	Who  RoleID
	// Follower owns a step whose Who is the patient.
	Follower RoleID
	// After lists what must have happened first: milestones reached or steps
	// done. Empty means from the start.
	After []Need
	// If must be true for the step to open. While it is not yet known, the step
	// is shown as not decided. Nil means always.
	If *Condition
	By By
	// Sets is the milestone the step's completion reaches.
	Sets   MilestoneID
	Effort Effort
	// Ways are the forms the step can take. NoTravel is implied by some of them;
	// TravelOnly is the plain word that none exists.
	Ways       []Way
	TravelOnly bool
	Answers    []AnswerRule
	// Agenda is the order of a meeting's items.
	Agenda []AgendaItem
	// AnswerWithin is how long decisions made without the patient stay open for
	// their answer (meetings only).
	AnswerWithin      care.Span
	AnswerWithinBasis Basis
	// RaisesActivity marks a step that asks the patient to do more, which
	// post-exertional malaise must gate by one of Cautions.
	RaisesActivity bool
	// Repeat opens the step again once it is done.
	Repeat *Repeat
	// To is the role a hand-over offers responsibility to.
	To     RoleID
	Choice ChoiceID
	// Cautions gate the step: they are shown before it is planned.
	Cautions []string
	Basis    Basis
}

// Need is a milestone or a step that must come first. Outcome narrows a step
// to one of its outcomes, such as the answer "accept".
type Need struct {
	Milestone MilestoneID
	Step      StepID
	Outcome   string
}

// By gives a step its latest date: the limit of a clock, or a span from the
// instant the step opened.
type By struct {
	Clock  ClockID
	Within care.Span
	Basis  Basis
}

// Effort is what a step asks of the patient.
type Effort struct {
	// Stated is true when the file says what the step asks. A stated effort that
	// is otherwise zero asks nothing.
	Stated   bool
	Minutes  int
	Travel   bool
	RestDays int
	// Split says that the step can be done in parts.
	Split bool
	Basis Basis
}

// Way is a form a step can take.
type Way string

// The ways.
const (
	AtClinic Way = "clinic"
	AtHome   Way = "home"
	ByPhone  Way = "phone"
	ByVideo  Way = "video"
	Written  Way = "written"
	Stand    Way = "relative" // a relative in the patient's place
	InParts  Way = "parts"
)

// AnswerKind is one of the four answers to a referral. There is no "rejected".
type AnswerKind string

// The four answers.
const (
	Accept   AnswerKind = "accept"
	Advise   AnswerKind = "advise"
	Redirect AnswerKind = "redirect"
	Ask      AnswerKind = "ask"
)

// AnswerRule says what an answer sets and what it must hold. Accept and Advise
// set the milestone of the answer; Redirect and Ask let the clock run on.
type AnswerRule struct {
	Kind AnswerKind
	Sets MilestoneID
	// Asks are the fields that must be filled: right, latest-legal-date,
	// reasons, how-to-complain, plan, owner.
	Asks []string
	// AnswerWithin is the time a party has to take the offer or answer the
	// question before it comes back to its sender.
	AnswerWithin      care.Span
	AnswerWithinBasis Basis
	Basis             Basis
}

// AgendaItem is one item of a meeting. The patient speaks first on every item.
type AgendaItem struct {
	ID string
	// With lists the roles present for this item only, such as NAV. Empty means
	// everyone.
	With []RoleID
	// Without lists the roles that are not present.
	Without []RoleID
	Basis   Basis
}

// Repeat opens a step again as soon as it is done, with a latest date Every
// later: at most Times times, or until the milestone Until is reached. Exactly
// one of the two is set.
type Repeat struct {
	Every care.Span
	Times int
	Until MilestoneID
	Basis Basis
}

// Again reports whether a step that was done in this round, counted from 1,
// opens once more, where reached says whether Until has been.
func (r *Repeat) Again(round int, reached bool) bool {
	switch {
	case r == nil:
		return false
	case r.Until != "":
		return !reached
	default:
		return round <= r.Times
	}
}

// Choice is a set of options laid side by side.
type Choice struct {
	ID      ChoiceID
	Options []Option
}

// Option is one way to be helped. Texts say what it asks of the patient and
// what it may give.
type Option struct {
	ID     string
	Effort Effort
	// RaisesActivity marks what post-exertional malaise must gate.
	RaisesActivity bool
	// Cautions are shown before the option can be chosen.
	Cautions []string
	Basis    Basis
}

// Caution is a warning that gates options and steps.
type Caution struct {
	ID string
	// When shows it; nil means always.
	When  *Condition
	Basis Basis
}

// End is a way a journey can end. "Does not fit" is not one of them.
type End struct {
	ID EndID
	// After lists what must have happened for this end to be offered.
	After []Need
	// CarriesOn is the role that must have accepted responsibility before the
	// journey can end; empty only where Asks says why nobody needs to.
	CarriesOn RoleID
	// Asks are what must be said: prescriptions, sick-notes, next-check,
	// come-back, reason, safety-net.
	Asks []string
	// Every end is set by a person, never by time or by silence (L5): there is
	// no date here, and a rule that would bring one is refused when read.
	Basis Basis
}

// KeepOld lets a patient keep the plan that a new version would replace. Within
// is counted from the day of the move.
type KeepOld struct {
	Within care.Span
	Basis  Basis
}

// Overdue says what happens when a latest date passes.
type Overdue struct {
	// Contact is how soon the service contacts the patient (L7), and who does.
	Contact struct {
		Who    RoleID
		Within care.Span
		Basis  Basis
	}
	// Ladder is climbed rung by rung; the last rung is always the lead, a named
	// person.
	Ladder []Rung
}

// Rung is one step of the escalation ladder.
type Rung struct {
	After care.Span
	// To is owner, coordinator or lead.
	To    string
	Basis Basis
}

// Code is a national code the pathway reports with. Event is when it is
// reported. The value is configuration and unset until a site sets it.
type Code struct {
	ID, System string
	At         MilestoneID
	// End is set for the code of an ending. With neither At nor End the code
	// says which pathway it is.
	End EndID
}
