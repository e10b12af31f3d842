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
	StepOpened{}, StepPlanned{}, StepMissed{}, StepDone{}, StepReopened{}, StepDropped{}, StepOwned{}, StepDated{}, StepRedefined{}, StepBroughtIn{}, InterpreterNoted{},
	MilestoneReached{}, MilestoneRetracted{},
	ClockStarted{}, ClockStopped{}, ClockReopened{}, ClockPaused{}, ClockCorrected{}, ClockPassed{}, ClockLeft{},
	WaitOpened{}, WaitReviewed{}, WaitEnded{}, WaitReopened{},
	Passed{}, Escalated{}, ContactOwed{}, Contacted{},
	MeetingCalled{}, MeetingCancelled{}, MeetingHeld{}, MeetingAnswered{},
	InterventionAgreed{}, InterventionOwned{}, InterventionReported{}, InterventionEnded{}, InterventionReopened{},
	ChoiceLaidOut{}, ChoiceMade{},
	ConsultAsked{}, ConsultAdvised{}, ConsultUsed{}, ConsultClosed{},
	JointCalled{}, ContributionAsked{}, ContributionGiven{}, ContributionPassed{}, Disagreed{}, JointSummarised{}, JointAnswered{}, JointCalledOff{},
	CopyOwed{}, Copied{},
	TellingOwed{}, TellingWithdrawn{}, Told{}, ToldRetracted{},
	WordsGiven{}, FactRecorded{}, NoteMade{}, Undone{},
	Moved{}, StepRenamed{}, ChoiceRenamed{}, KeepOffered{}, PlanKept{}, Ended{}, Reopened{},
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
	// OpensFor are the definition's reasons to open it that hold here. They
	// inform; with none of them it opens as well.
	OpensFor []string `json:"opensFor,omitempty"`
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
	// NoPrescriptions and NoSickNotes say that the patient has none to be carried.
	NoPrescriptions bool `json:"noPrescriptions,omitempty"`
	NoSickNotes     bool `json:"noSickNotes,omitempty"`
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

// TellingOwed says that someone must be told, by whom and by when. It is told
// when there is a receipt that it reached them (L13).
type TellingOwed struct {
	Telling int        `json:"telling"`
	To      care.Party `json:"to"`
	// About is what must be told: received, answered, moved, planned, ended …
	About string    `json:"about"`
	Owner care.Post `json:"owner"`
	By    time.Time `json:"by"`
	// Step is the step whose time is to be told, for an appointment.
	Step int `json:"step,omitempty"`
}

// TellingWithdrawn says that what was to be told is not so any more, before
// anyone was told: it was undone, or the appointment is over or has moved.
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

// ToldRetracted takes the receipt of a telling back: nobody was told after all.
// What is still to be told is owed anew.
type ToldRetracted struct {
	Telling int `json:"telling"`
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
	// Campaign is the move of many journeys that this one is part of.
	Campaign string `json:"campaign,omitempty"`
}

// StepRenamed says what a step is called in the version moved to. Nothing else
// about it changes.
type StepRenamed struct {
	Step int            `json:"step"`
	ID   pathway.StepID `json:"id"`
}

// ChoiceRenamed says what a choice is called in the version moved to.
type ChoiceRenamed struct {
	Choice int              `json:"choice"`
	ID     pathway.ChoiceID `json:"id"`
}

// KeepOffered says that the patient may keep the plan that the move left, until
// an instant. Silence changes nothing: the new plan stays. Mapping is what the
// move went by, so that the way back is known.
type KeepOffered struct {
	Until    time.Time `json:"until"`
	Campaign string    `json:"campaign,omitempty"`
	Mapping  Mapping   `json:"mapping,omitzero"`
}

// PlanKept is the patient's choice to follow Pathway and not Instead.
type PlanKept struct {
	Pathway  pathway.Ref `json:"pathway"`
	Instead  pathway.Ref `json:"instead"`
	Campaign string      `json:"campaign,omitempty"`
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
