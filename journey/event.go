package journey

import (
	"time"

	"forlop/care"
	"forlop/pathway"
)

// Events is the closed vocabulary of a journey's stream.
var Events = care.NewVocabulary(
	Opened{}, Answered{}, QuestionAsked{}, QuestionAnswered{},
	Offered{}, OfferAccepted{}, OfferDeclined{}, OfferLapsed{}, OfferWithdrawn{},
	RoleBound{}, DecisionNeeded{}, DecisionMade{},
	StepOpened{}, StepPlanned{}, StepMissed{}, StepDone{}, StepReopened{}, StepDropped{}, StepOwned{}, StepDated{}, StepRedefined{}, StepBroughtIn{},
	MilestoneReached{}, MilestoneRetracted{},
	ClockStarted{}, ClockStopped{}, ClockReopened{}, ClockPaused{}, ClockCorrected{}, ClockPassed{}, ClockLeft{},
	WaitOpened{}, WaitReviewed{}, WaitEnded{}, WaitReopened{},
	Passed{}, Escalated{}, ContactOwed{}, Contacted{},
	MeetingCalled{}, MeetingCancelled{}, MeetingHeld{}, MeetingAnswered{},
	InterventionAgreed{}, InterventionOwned{}, InterventionReported{}, InterventionEnded{}, InterventionReopened{},
	ChoiceLaidOut{}, ChoiceMade{},
	TellingOwed{}, TellingWithdrawn{}, Told{},
	WordsGiven{}, FactRecorded{}, NoteMade{}, Undone{},
	Moved{}, Ended{}, Reopened{},
)

// Origin is how a journey came to be.
type Origin string

// The origins.
const (
	Referred   Origin = "referred"   // referred in this system
	Registered Origin = "registered" // a referral received elsewhere, registered here
	Imported   Origin = "imported"   // running before the system was taken into use
)

// Opened starts a journey at its first receipt. Received is the day 0 of every
// clock (L6). Until the referral is taken on, the sender's unit is responsible
// if it is staffed here, and otherwise the receiving desk (L1).
type Opened struct {
	Person      care.PersonKey `json:"person"`
	Regime      care.Regime    `json:"regime"`
	Pathway     pathway.Ref    `json:"pathway"`
	Origin      Origin         `json:"origin"`
	Sender      care.Party     `json:"sender"`
	Received    time.Time      `json:"received"`
	Desk        care.Post      `json:"desk"`
	Responsible care.Post      `json:"responsible"`
	// Missing lists what the entry checklist asks for and the referral lacks. It
	// informs; it never stops a referral.
	Missing []string `json:"missing,omitempty"`
	// Attachment is the id of a sealed blob, if any.
	Attachment string `json:"attachment,omitempty"`
}

// Answered is the answer to the referral: the legal decision and what happens
// now. There is no rejection (L4).
type Answered struct {
	Step   int                `json:"step"`
	Answer pathway.AnswerKind `json:"answer"`
	// Right is the decision on the right to necessary specialist care
	// (Norway: PBRL § 2-1b, § 2-2); empty where the answer holds none.
	Right Right `json:"right,omitempty"`
	// LatestLegal is the patient's individual latest date, where a right is given.
	LatestLegal care.Date `json:"latestLegal,omitzero"`
}

// Right is the legal decision on the right to care.
type Right string

// The decisions.
const (
	HasRight Right = "right"
	NoRight  Right = "no-right"
)

// QuestionAsked asks the sender or someone else for what is missing. The clock
// runs on.
type QuestionAsked struct {
	Question int        `json:"question"`
	Step     int        `json:"step,omitempty"`
	To       care.Party `json:"to"`
	Owner    care.Post  `json:"owner"`
	By       time.Time  `json:"by"`
}

// QuestionAnswered answers a question.
type QuestionAnswered struct {
	Question int `json:"question"`
}

// OfferKind is what an offer would move, once accepted.
type OfferKind string

// The kinds of offer.
const (
	// OfResponsibility moves the responsible post.
	OfResponsibility OfferKind = "responsibility"
	// OfReferral asks another unit to answer the referral instead.
	OfReferral OfferKind = "referral"
	// OfPlan gives a plan to someone else; its author owns it until then (L4).
	OfPlan OfferKind = "plan"
	// OfIntervention gives an intervention to someone else.
	OfIntervention OfferKind = "intervention"
)

// Carriers says who carries prescriptions and sick notes, and until when.
// Every hand-over, advice and ending states it.
type Carriers struct {
	Prescriptions      care.Party `json:"prescriptions,omitzero"`
	PrescriptionsUntil care.Date  `json:"prescriptionsUntil,omitzero"`
	SickNotes          care.Party `json:"sickNotes,omitzero"`
	SickNotesUntil     care.Date  `json:"sickNotesUntil,omitzero"`
}

// Offered offers something to a post. Offering is not handing over: nothing
// moves until the receiver accepts (L1).
type Offered struct {
	Offer int       `json:"offer"`
	Kind  OfferKind `json:"kind"`
	From  care.Post `json:"from"`
	To    care.Post `json:"to"`
	By    time.Time `json:"by"`
	// Step or Intervention is what the offer is about, where it is about one.
	Step         int      `json:"step,omitempty"`
	Intervention int      `json:"intervention,omitempty"`
	Carriers     Carriers `json:"carriers,omitzero"`
	// Refusals counts how often this need has been refused before.
	Refusals int `json:"refusals,omitempty"`
}

// OfferAccepted is the one event in which responsibility moves.
type OfferAccepted struct {
	Offer int `json:"offer"`
}

// OfferDeclined gives the need back to its giver, with a reason and advice.
type OfferDeclined struct {
	Offer int `json:"offer"`
}

// OfferLapsed says that nobody answered in time; the giver has it still.
type OfferLapsed struct {
	Offer int `json:"offer"`
}

// OfferWithdrawn takes an open offer back.
type OfferWithdrawn struct {
	Offer int `json:"offer"`
}

// RoleBound binds a role of the pathway to a post. A zero post unbinds it.
type RoleBound struct {
	Role pathway.RoleID `json:"role"`
	Post care.Post      `json:"post"`
	// Before is the post the role was bound to, so that undo is possible.
	Before care.Post `json:"before,omitzero"`
}

// DecisionNeeded opens a task that only a person's decision ends.
type DecisionNeeded struct {
	Decision int `json:"decision"`
	// About says why: offer-refused, offer-lapsed, refused-twice, no-next-step,
	// died, missed.
	About string    `json:"about"`
	Owner care.Post `json:"owner"`
	By    time.Time `json:"by"`
	Offer int       `json:"offer,omitempty"`
	Step  int       `json:"step,omitempty"`
}

// DecisionMade ends such a task.
type DecisionMade struct {
	Decision int `json:"decision"`
}

// StepOpened opens a step with its owner and its latest date.
type StepOpened struct {
	Step   int              `json:"step"`
	ID     pathway.StepID   `json:"id"`
	Kind   pathway.StepKind `json:"kind"`
	Role   pathway.RoleID   `json:"role"`
	Owner  care.Post        `json:"owner"`
	Latest time.Time        `json:"latest"`
	// Clock is the clock the latest date comes from, where it comes from one.
	Clock pathway.ClockID `json:"clock,omitempty"`
	// Basis is the source or tag of the latest date.
	Basis pathway.Basis `json:"basis"`
	// Sets is the milestone that completing the step reaches.
	Sets pathway.MilestoneID `json:"sets,omitempty"`
	// Patient marks a step that the patient does and the owner follows.
	Patient bool `json:"patient,omitempty"`
	// Round counts repeats: 1 is the first time.
	Round int `json:"round"`
	// Because is the version of the event that opened the way.
	Because int `json:"because,omitempty"`
}

// PlanReason is why a step got a planned time.
type PlanReason string

// The reasons.
const (
	Planned    PlanReason = "planned"
	ByWish     PlanReason = "wish"    // the patient asked for another time
	MovedIll   PlanReason = "too-ill" // moved because of illness
	ByService  PlanReason = "service" // moved by the service
	Unplanned  PlanReason = "unplanned"
	AfterUndo  PlanReason = "undone"
	FromImport PlanReason = "imported"
)

// StepPlanned sets or moves the planned time. The latest date does not move.
type StepPlanned struct {
	Step int       `json:"step"`
	At   time.Time `json:"at,omitzero"`
	// Way is the form chosen, such as video or home.
	Way    pathway.Way `json:"way,omitempty"`
	Reason PlanReason  `json:"reason"`
	// Due is when it must be recorded how it went, or, without a planned time,
	// when the step is due at the latest.
	Due time.Time `json:"due"`
	// Before is the planned time until now, so that undo is possible.
	Before time.Time `json:"before,omitzero"`
}

// MissReason is why a planned step did not take place.
type MissReason string

// The reasons. None of them ends or deprioritises anything (L5).
const (
	MissedTooIll  MissReason = "too-ill"
	MissedNoShow  MissReason = "not-there"
	MissedService MissReason = "service"
)

// StepMissed says that the planned time passed without the step. The step stays
// open; someone must plan it anew by Replan.
type StepMissed struct {
	Step   int        `json:"step"`
	Reason MissReason `json:"reason"`
	Replan time.Time  `json:"replan"`
}

// StepDone completes a step.
type StepDone struct {
	Step    int    `json:"step"`
	Outcome string `json:"outcome,omitempty"`
}

// StepReopened undoes a completion or a drop.
type StepReopened struct {
	Step int `json:"step"`
}

// StepDropped ends a step that is no longer needed. A person decides it, with a
// reason; time never does (L5).
type StepDropped struct {
	Step   int    `json:"step"`
	Reason string `json:"reason"`
}

// StepOwned moves a step to another post, after a role was bound or
// responsibility moved.
type StepOwned struct {
	Step  int       `json:"step"`
	Owner care.Post `json:"owner"`
}

// StepDated gives a step a new latest date, because its clock was corrected or
// paused, or because the journey moved to another definition. Clock and Basis
// say what the new date comes from; without a basis both are as before.
type StepDated struct {
	Step   int             `json:"step"`
	Latest time.Time       `json:"latest"`
	Clock  pathway.ClockID `json:"clock,omitempty"`
	Basis  pathway.Basis   `json:"basis,omitzero"`
}

// StepRedefined fits an open step to the definition that the journey moved to:
// who does it and what it reaches.
type StepRedefined struct {
	Step    int                 `json:"step"`
	Role    pathway.RoleID      `json:"role"`
	Patient bool                `json:"patient,omitempty"`
	Sets    pathway.MilestoneID `json:"sets,omitempty"`
}

// StepBroughtIn says that a step was done before this pathway or this system
// was taken into use. It has no owner and no date here.
type StepBroughtIn struct {
	ID      pathway.StepID `json:"id"`
	Outcome string         `json:"outcome,omitempty"`
}

// MilestoneReached dates a milestone.
type MilestoneReached struct {
	ID pathway.MilestoneID `json:"id"`
	At time.Time           `json:"at"`
	// Step is the step that set it; 0 for the first receipt and imports.
	Step int `json:"step,omitempty"`
	// Source names where an imported milestone comes from.
	Source string `json:"source,omitempty"`
}

// MilestoneRetracted undoes a milestone.
type MilestoneRetracted struct {
	ID pathway.MilestoneID `json:"id"`
}

// ClockStarted starts a limit. It names its source, rule version and start fact
// (L6), so that Latest can be recomputed from it alone.
type ClockStarted struct {
	Clock    int                 `json:"clock"`
	ID       pathway.ClockID     `json:"id"`
	Kind     pathway.ClockKind   `json:"kind"`
	From     pathway.MilestoneID `json:"from"`
	To       pathway.MilestoneID `json:"to"`
	Start    time.Time           `json:"start"`
	Limit    care.Span           `json:"limit"`
	Latest   time.Time           `json:"latest"`
	Basis    pathway.Basis       `json:"basis"`
	Pathway  pathway.Ref         `json:"pathway"`
	Calendar string              `json:"calendar"`
	// Pauses lists the only reasons for which this clock may stand still.
	Pauses []string `json:"pauses,omitempty"`
}

// ClockStopped says that the clock's milestone was reached.
type ClockStopped struct {
	Clock int       `json:"clock"`
	At    time.Time `json:"at"`
}

// ClockReopened undoes a stop.
type ClockReopened struct {
	Clock int `json:"clock"`
}

// ClockPaused lets a clock stand still from and until, both days included, for
// a reason its definition lists. Latest is the limit after it; overlapping
// pauses count once.
type ClockPaused struct {
	Clock  int       `json:"clock"`
	Reason string    `json:"reason"`
	From   care.Date `json:"from"`
	Until  care.Date `json:"until"`
	Latest time.Time `json:"latest"`
}

// ClockCorrected corrects the start by a late fact. What was escalated stays.
type ClockCorrected struct {
	Clock  int       `json:"clock"`
	Start  time.Time `json:"start"`
	Latest time.Time `json:"latest"`
	Why    string    `json:"why"`
}

// ClockPassed says that the latest date passed.
type ClockPassed struct {
	Clock int `json:"clock"`
}

// ClockLeft ends a clock that the pathway moved to does not have. Its start and
// what was used stay on record.
type ClockLeft struct {
	Clock int `json:"clock"`
}

// WaitOpened says who has the ball, since when, and when it is looked at again.
type WaitOpened struct {
	Wait   int        `json:"wait"`
	For    care.Party `json:"for"`
	Reason string     `json:"reason"`
	Owner  care.Post  `json:"owner"`
	Review time.Time  `json:"review"`
	Step   int        `json:"step,omitempty"`
}

// WaitReviewed is a person's decision to wait on, until a new date. No wait
// renews itself.
type WaitReviewed struct {
	Wait   int       `json:"wait"`
	Review time.Time `json:"review"`
}

// WaitEnded ends a wait.
type WaitEnded struct {
	Wait int `json:"wait"`
}

// WaitReopened undoes the end of a wait.
type WaitReopened struct {
	Wait int `json:"wait"`
}

// Rung is one step of an escalation: when, and to which post.
type Rung struct {
	At time.Time `json:"at"`
	To care.Post `json:"to"`
}

// Passed says that an open item is late, and how it will climb (L7).
type Passed struct {
	Item   string    `json:"item"`
	Due    time.Time `json:"due"`
	Ladder []Rung    `json:"ladder"`
}

// Escalated records one rung: each once.
type Escalated struct {
	Item string    `json:"item"`
	Rung int       `json:"rung"`
	To   care.Post `json:"to"`
}

// ContactOwed says that the service owes the patient a contact after a latest
// date passed; the patient need not chase (L7).
type ContactOwed struct {
	Contact int       `json:"contact"`
	Clock   int       `json:"clock"`
	Owner   care.Post `json:"owner"`
	By      time.Time `json:"by"`
}

// Contacted says that the patient was contacted.
type Contacted struct {
	Contact int          `json:"contact"`
	How     care.Channel `json:"how"`
}

// Participant is someone invited to a meeting.
type Participant struct {
	Party care.Party     `json:"party"`
	Role  pathway.RoleID `json:"role,omitempty"`
	// Items lists the agenda items the participant is present for; empty means
	// all.
	Items []string `json:"items,omitempty"`
}

// MeetingCalled calls a collaboration meeting for a step.
type MeetingCalled struct {
	Meeting      int           `json:"meeting"`
	Step         int           `json:"step"`
	At           time.Time     `json:"at"`
	Way          pathway.Way   `json:"way,omitempty"`
	Agenda       []string      `json:"agenda"`
	Participants []Participant `json:"participants"`
}

// MeetingCancelled undoes a call.
type MeetingCancelled struct {
	Meeting int `json:"meeting"`
}

// ItemProtocol is the protocol of one agenda item.
type ItemProtocol struct {
	Item string `json:"item"`
	// PatientFirst says that the patient spoke first, or that their words were
	// read first.
	PatientFirst bool `json:"patientFirst"`
	// Present lists the roles that were there.
	Present []pathway.RoleID `json:"present,omitempty"`
}

// MeetingHeld records a meeting.
type MeetingHeld struct {
	Meeting        int            `json:"meeting"`
	PatientPresent bool           `json:"patientPresent"`
	Items          []ItemProtocol `json:"items"`
	// AnswerBy is set when the patient was not there: until then the decisions
	// are open for their answer.
	AnswerBy time.Time `json:"answerBy,omitzero"`
	Owner    care.Post `json:"owner"`
}

// MeetingAnswered is the patient's answer to decisions made without them, or
// the owner's note that they did not want to answer. Silence is neither.
type MeetingAnswered struct {
	Meeting int    `json:"meeting"`
	Answer  string `json:"answer"` // agrees, objects, no-answer-wanted
}

// InterventionAgreed is something agreed, with an owner and a date. While it is
// offered to someone else, its author owns it.
type InterventionAgreed struct {
	Intervention int       `json:"intervention"`
	Meeting      int       `json:"meeting,omitempty"`
	Owner        care.Post `json:"owner"`
	// Meant is the party that is to do it; it owns it once it accepts.
	Meant care.Party `json:"meant"`
	Due   time.Time  `json:"due"`
	// RaisesActivity marks what post-exertional malaise gates.
	RaisesActivity bool `json:"raisesActivity,omitempty"`
}

// InterventionOwned moves an intervention.
type InterventionOwned struct {
	Intervention int       `json:"intervention"`
	Owner        care.Post `json:"owner"`
}

// InterventionReported says how it goes: on-its-way, hindered, needs-help. A
// new date goes with it.
type InterventionReported struct {
	Intervention int       `json:"intervention"`
	State        string    `json:"state"`
	Due          time.Time `json:"due"`
}

// InterventionEnded ends an intervention: done or dropped, by a person.
type InterventionEnded struct {
	Intervention int    `json:"intervention"`
	Outcome      string `json:"outcome"`
}

// InterventionReopened undoes an end.
type InterventionReopened struct {
	Intervention int `json:"intervention"`
}

// ChoiceLaidOut lays options side by side.
type ChoiceLaidOut struct {
	Choice  int              `json:"choice"`
	ID      pathway.ChoiceID `json:"id"`
	Step    int              `json:"step,omitempty"`
	Options []string         `json:"options"`
	// Gated lists the options that post-exertional malaise gates now.
	Gated []string `json:"gated,omitempty"`
}

// ChoiceMade is what the patient chose, none of them included, with a date to
// look again.
type ChoiceMade struct {
	Choice    int       `json:"choice"`
	Chosen    []string  `json:"chosen"`
	LookAgain time.Time `json:"lookAgain"`
	Owner     care.Post `json:"owner"`
}

// TellingOwed says that someone must be told, by whom and by when. It is told
// when there is a receipt that it reached them (L13).
type TellingOwed struct {
	Telling int        `json:"telling"`
	To      care.Party `json:"to"`
	// About is what must be told: received, answered, moved, planned, ended …
	About string    `json:"about"`
	Owner care.Post `json:"owner"`
	By    time.Time `json:"by"`
}

// TellingWithdrawn says that what was to be told was undone before anyone was
// told.
type TellingWithdrawn struct {
	Telling int `json:"telling"`
}

// Receipt is how words reached someone.
type Receipt struct {
	How care.Channel `json:"how"`
	// At is when it reached them, or the expected day of a letter.
	At time.Time `json:"at"`
	// Expected marks a letter handed to the post.
	Expected bool `json:"expected,omitempty"`
}

// Told ends a telling with its receipt.
type Told struct {
	Telling int     `json:"telling"`
	Receipt Receipt `json:"receipt"`
}

// WordsGiven keeps what a patient, a relative or another party said, under
// their own name, for ever (L9).
type WordsGiven struct {
	Words int        `json:"words"`
	From  care.Party `json:"from"`
	// Kind is wish, message, story, objection, too-ill or wait.
	Kind string `json:"kind"`
	// About is the version of the event an objection is to.
	About int `json:"about,omitempty"`
	// Owner must read it by By; zero where nobody needs to act.
	Owner care.Post `json:"owner,omitzero"`
	By    time.Time `json:"by,omitzero"`
}

// FactRecorded records a value that conditions may read.
type FactRecorded struct {
	Fact  pathway.FactID `json:"fact"`
	Value FactValue      `json:"value"`
	// Before is the value until now; nil where it was not known.
	Before *FactValue `json:"before,omitempty"`
}

// NoteMade is a short note on a contact, such as a phone call.
type NoteMade struct {
	Note int          `json:"note"`
	How  care.Channel `json:"how"`
	Step int          `json:"step,omitempty"`
}

// Undone marks that the events that follow in the same act undo the act that
// began at Version.
type Undone struct {
	Version int `json:"version"`
}

// Moved moves the journey to another version or another pathway. The past and
// the clocks' starts stay (L6, L8).
type Moved struct {
	To     pathway.Ref `json:"to"`
	From   pathway.Ref `json:"from"`
	Reason string      `json:"reason"`
}

// Ended closes the journey and says who carries on.
type Ended struct {
	End       pathway.EndID `json:"end"`
	CarriesOn care.Party    `json:"carriesOn,omitzero"`
	Carriers  Carriers      `json:"carriers,omitzero"`
	NextCheck care.Date     `json:"nextCheck,omitzero"`
}

// Reopened opens an ended journey again: the patient came back, or the end was
// undone.
type Reopened struct {
	Responsible care.Post `json:"responsible"`
	Why         string    `json:"why"`
}
