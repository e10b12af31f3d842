package journey

import (
	"time"

	"forlop/care"
	"forlop/pathway"
)

// Command is something that is asked of a journey. Free text in a command ends
// up sealed, never in an event's body.
type Command interface{ Name() string }

// Open opens a journey at the first receipt of a referral, at a desk that
// exists here. A referral can always be received; what the checklist misses is
// noted, never a reason to refuse.
type Open struct {
	Person   care.PersonKey `json:"person"`
	Regime   care.Regime    `json:"regime"`
	Pathway  pathway.Ref    `json:"pathway"`
	Origin   Origin         `json:"origin"`
	Sender   care.Party     `json:"sender"`
	Received time.Time      `json:"received"`
	Desk     care.Post      `json:"desk"`
	Missing  []string       `json:"missing,omitempty"`
	// OpensFor are the reasons to open it, of those the definition names.
	OpensFor   []string                     `json:"opensFor,omitempty"`
	Attachment string                       `json:"attachment,omitempty"`
	Reason     string                       `json:"reason,omitempty"`
	Facts      map[pathway.FactID]FactValue `json:"facts,omitempty"`
	Roles      map[pathway.RoleID]care.Post `json:"roles,omitempty"`
	// Responsible is who answers for an imported journey. A referral has its
	// sender or its desk until somebody takes it on.
	Responsible care.Post `json:"responsible,omitzero"`
	// Past and PastSteps are what happened before an import, with its source.
	// Nothing is filled in that is not given.
	Past      []PastMilestone           `json:"past,omitempty"`
	PastSteps map[pathway.StepID]string `json:"pastSteps,omitempty"`
}

// PastMilestone is a milestone that was reached before an import.
type PastMilestone struct {
	ID     pathway.MilestoneID `json:"id"`
	At     time.Time           `json:"at"`
	Source string              `json:"source"`
}

// Answer answers the referral: accept, advise, redirect or ask.
type Answer struct {
	Step   int                `json:"step"`
	Answer pathway.AnswerKind `json:"answer"`
	Right  Right              `json:"right,omitempty"`
	// LatestLegal is the individual latest date where a right is given.
	LatestLegal   care.Date `json:"latestLegal,omitzero"`
	Reasons       string    `json:"reasons,omitempty"`
	HowToComplain string    `json:"howToComplain,omitempty"`
	// Message is what happens now, in plain words, for the patient.
	Message string `json:"message,omitempty"`
	// Takes is the post that becomes responsible; the accepting unit's contact
	// role where it is empty.
	Takes care.Post `json:"takes,omitzero"`
	// To is the unit a redirect goes to, or the owner that a plan is offered to.
	To       care.Post `json:"to,omitzero"`
	Plan     string    `json:"plan,omitempty"`
	Carriers Carriers  `json:"carriers,omitzero"`
	Question string    `json:"question,omitempty"`
}

// AskParty asks a party a question with an answer date.
type AskParty struct {
	To       care.Party `json:"to"`
	Question string     `json:"question"`
	By       care.Date  `json:"by,omitzero"`
}

// AnswerQuestion answers a question.
type AnswerQuestion struct {
	Question int    `json:"question"`
	Words    string `json:"words"`
}

// OfferTo offers responsibility or an intervention to a post. Nothing moves until
// it is accepted.
type OfferTo struct {
	Kind         OfferKind `json:"kind"`
	To           care.Post `json:"to"`
	Step         int       `json:"step,omitempty"`
	Intervention int       `json:"intervention,omitempty"`
	By           care.Date `json:"by,omitzero"`
	Carriers     Carriers  `json:"carriers,omitzero"`
	Words        string    `json:"words,omitempty"`
	// Consult is the e-consult that led to the offer, where one did.
	Consult int `json:"consult,omitempty"`
}

// AcceptOffer takes what was offered: the receiver's own act, or recorded on
// its behalf.
type AcceptOffer struct {
	Offer int    `json:"offer"`
	Words string `json:"words,omitempty"`
}

// DeclineOffer gives it back, with a reason and advice.
type DeclineOffer struct {
	Offer  int    `json:"offer"`
	Reason string `json:"reason"`
	Advice string `json:"advice,omitempty"`
}

// WithdrawOffer takes an open offer back.
type WithdrawOffer struct {
	Offer int `json:"offer"`
}

// BindRole binds a role to a post; a zero post unbinds it.
type BindRole struct {
	Role pathway.RoleID `json:"role"`
	Post care.Post      `json:"post,omitzero"`
}

// Settle ends a decision task, with what was decided. The decision
// answer-unknown is ended by saying, in Outcome, how the referral was answered
// before it was brought in: accept or advise.
type Settle struct {
	Decision int    `json:"decision"`
	Words    string `json:"words"`
	Outcome  string `json:"outcome,omitempty"`
}

// PlanStep plans or moves a step.
type PlanStep struct {
	Step   int         `json:"step"`
	At     time.Time   `json:"at"`
	Way    pathway.Way `json:"way,omitempty"`
	Reason PlanReason  `json:"reason,omitempty"`
	Words  string      `json:"words,omitempty"`
	// Despite is why the time is planned all the same where it breaks a limit of
	// the person.
	Despite string `json:"despite,omitempty"`
	// Copied is where the time was copied from, where another system booked it.
	Copied *care.Copied `json:"copied,omitempty"`
	// Cause is why it comes later than was said before. A delay without one is told
	// as such: nobody has said why.
	Cause DelayCause `json:"cause,omitempty"`
	// Interpreter is whether one is booked. Where the person needs one and nobody
	// says, none is.
	Interpreter Interpreting `json:"interpreter,omitempty"`
}

// MissStep records that a planned step did not take place.
type MissStep struct {
	Step   int        `json:"step"`
	Reason MissReason `json:"reason"`
	Words  string     `json:"words,omitempty"`
}

// CompleteStep completes a step that is not an answer, a meeting, a hand-over
// or a choice: those are completed by what they are.
type CompleteStep struct {
	Step    int    `json:"step"`
	Outcome string `json:"outcome,omitempty"`
	Words   string `json:"words,omitempty"`
}

// DropStep says that a step is not needed, with the reason.
type DropStep struct {
	Step   int    `json:"step"`
	Reason string `json:"reason"`
}

// WishToWait is the patient's wish to wait with a step. The step moves; its
// latest date does not, unless the clock's source lists the reason.
type WishToWait struct {
	Step  int       `json:"step"`
	Until care.Date `json:"until"`
	Words string    `json:"words,omitempty"`
}

// TooIll says that the patient is too ill now. What was planned until then must
// be moved by the service; the patient owes nothing more.
type TooIll struct {
	Until care.Date `json:"until,omitzero"`
	Words string    `json:"words,omitempty"`
}

// OpenWait says who has the ball.
type OpenWait struct {
	For    care.Party `json:"for"`
	Reason string     `json:"reason"`
	Review care.Date  `json:"review"`
	Step   int        `json:"step,omitempty"`
	Words  string     `json:"words,omitempty"`
}

// ReviewWait decides to wait on until a new date.
type ReviewWait struct {
	Wait   int       `json:"wait"`
	Review care.Date `json:"review"`
	Words  string    `json:"words,omitempty"`
}

// EndWait ends a wait.
type EndWait struct {
	Wait  int    `json:"wait"`
	Words string `json:"words,omitempty"`
}

// PauseClock lets a clock stand still for a reason its source lists.
type PauseClock struct {
	Clock  pathway.ClockID `json:"clock"`
	Reason string          `json:"reason"`
	From   care.Date       `json:"from"`
	Until  care.Date       `json:"until"`
	Words  string          `json:"words,omitempty"`
}

// CorrectMilestone corrects the date of a milestone by a late fact. Nothing
// that was escalated is erased.
type CorrectMilestone struct {
	Milestone pathway.MilestoneID `json:"milestone"`
	At        time.Time           `json:"at"`
	Why       string              `json:"why"`
}

// CallMeeting calls a collaboration meeting for a meeting step.
type CallMeeting struct {
	Step         int           `json:"step"`
	At           time.Time     `json:"at"`
	Way          pathway.Way   `json:"way,omitempty"`
	Participants []Participant `json:"participants"`
	// Despite is why the meeting is called all the same where its time breaks a
	// limit of the person.
	Despite string `json:"despite,omitempty"`
	// Tell says that everybody who takes part is told, not the patient alone.
	Tell bool `json:"tell,omitempty"`
	// Interpreter is whether one is booked, as in PlanStep.
	Interpreter Interpreting `json:"interpreter,omitempty"`
}

// CancelMeeting takes a call back.
type CancelMeeting struct {
	Meeting int    `json:"meeting"`
	Words   string `json:"words,omitempty"`
}

// NewIntervention is something agreed in a meeting or between meetings.
type NewIntervention struct {
	What string     `json:"what"`
	For  care.Party `json:"for"`
	Due  care.Date  `json:"due"`
	// RaisesActivity marks what post-exertional malaise gates; Despite is the
	// reason to agree on it all the same.
	RaisesActivity bool   `json:"raisesActivity,omitempty"`
	Despite        string `json:"despite,omitempty"`
}

// HoldMeeting records a meeting: the patient first on every item, or their
// words read first; what was agreed, each with an owner and a date.
type HoldMeeting struct {
	Meeting        int               `json:"meeting"`
	PatientPresent bool              `json:"patientPresent"`
	PatientWords   string            `json:"patientWords,omitempty"`
	Items          []ItemProtocol    `json:"items"`
	Minutes        string            `json:"minutes,omitempty"`
	Summary        string            `json:"summary,omitempty"`
	Agreed         []NewIntervention `json:"agreed,omitempty"`
}

// AnswerDecisions is the patient's answer to what was decided without them.
type AnswerDecisions struct {
	Meeting int    `json:"meeting"`
	Answer  string `json:"answer"` // agrees, objects, no-answer-wanted
	Words   string `json:"words,omitempty"`
}

// Agree agrees on an intervention outside a meeting.
type Agree struct {
	NewIntervention
}

// ReportIntervention says how an intervention goes, with its next date.
type ReportIntervention struct {
	Intervention int       `json:"intervention"`
	State        string    `json:"state"` // on-its-way, hindered, needs-help
	Due          care.Date `json:"due"`
	Words        string    `json:"words,omitempty"`
}

// EndIntervention ends an intervention: done or dropped.
type EndIntervention struct {
	Intervention int    `json:"intervention"`
	Outcome      string `json:"outcome"` // done, dropped
	Words        string `json:"words,omitempty"`
}

// LayOut lays the options of a choice side by side.
type LayOut struct {
	Choice pathway.ChoiceID `json:"choice"`
	Step   int              `json:"step,omitempty"`
}

// Choose is what the patient chose; an empty list is "none of these".
type Choose struct {
	Choice    int       `json:"choice"`
	Chosen    []string  `json:"chosen"`
	LookAgain care.Date `json:"lookAgain"`
	Words     string    `json:"words,omitempty"`
	// Despite is the reason to choose a gated option all the same.
	Despite string `json:"despite,omitempty"`
	// Malaise is the answer to whether effort makes the patient worse, where
	// nobody knew before something that raises activity was chosen: yes, no or
	// unknown. Empty means that it was not asked.
	Malaise string `json:"malaise,omitempty"`
}

// Tell records the receipt of a telling.
type Tell struct {
	Telling int          `json:"telling"`
	How     care.Channel `json:"how"`
	// Expected is the day a letter is expected to arrive.
	Expected care.Date `json:"expected,omitzero"`
	Words    string    `json:"words,omitempty"`
}

// ContactPatient records the contact owed after a latest date passed.
type ContactPatient struct {
	Contact int          `json:"contact"`
	How     care.Channel `json:"how"`
	Words   string       `json:"words"`
}

// GiveWords keeps what a patient, a relative or another party said.
type GiveWords struct {
	Kind string `json:"kind"` // wish, message, story, objection
	Text string `json:"text"`
	// About is the version of the event an objection is to, and Sentence the words
	// of it that are objected to; empty means all of it.
	About    int    `json:"about,omitempty"`
	Sentence string `json:"sentence,omitempty"`
}

// RecordFact records a value that conditions may read.
type RecordFact struct {
	Fact  pathway.FactID `json:"fact"`
	Value FactValue      `json:"value"`
}

// NoteContact is the note of two fields: what was said, and what happens next.
// Plan moves the step, if given.
type NoteContact struct {
	How   care.Channel `json:"how"`
	Words string       `json:"words"`
	Step  int          `json:"step,omitempty"`
	Plan  time.Time    `json:"plan,omitzero"`
}

// Move moves the journey to another version or pathway.
type Move struct {
	To     pathway.Ref `json:"to"`
	Reason string      `json:"reason"`
	// From is the version the journey must still follow; zero means any.
	From pathway.Ref `json:"from,omitzero"`
	// Mapping says what the parts of the old version are called in the new one.
	Mapping Mapping `json:"mapping,omitzero"`
	// Campaign is the move of many journeys that this one is part of. Its reason
	// is the new version, and who chose to keep the old plan is not moved.
	Campaign string `json:"campaign,omitempty"`
}

// Mapping says what parts of one version are called in another. What it does not
// name is called the same.
type Mapping struct {
	Steps      map[pathway.StepID]pathway.StepID           `json:"steps,omitempty"`
	Milestones map[pathway.MilestoneID]pathway.MilestoneID `json:"milestones,omitempty"`
	Choices    map[pathway.ChoiceID]pathway.ChoiceID       `json:"choices,omitempty"`
}

// KeepPlan is the patient's choice to keep the old plan: after the journey moved
// to a new version, or, with To, before it does.
type KeepPlan struct {
	To    pathway.Ref `json:"to,omitzero"`
	Words string      `json:"words,omitempty"`
}

// EndJourney closes the journey: a person decides it, and says who carries on.
type EndJourney struct {
	End       pathway.EndID `json:"end"`
	CarriesOn care.Party    `json:"carriesOn,omitzero"`
	Carriers  Carriers      `json:"carriers,omitzero"`
	NextCheck care.Date     `json:"nextCheck,omitzero"`
	ComeBack  string        `json:"comeBack,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	SafetyNet string        `json:"safetyNet,omitempty"`
}

// ComeBack opens an ended journey again for the same need.
type ComeBack struct {
	To  care.Post `json:"to,omitzero"`
	Why string    `json:"why"`
}

// NoteDeath says that the person has died. It ends nothing: a person decides
// what becomes of each open thing (invariant 44).
type NoteDeath struct{}

// Undo undoes the act that began at a version, while nothing later depends on
// it.
type Undo struct {
	Version int `json:"version"`
}

// Wake is the command of time alone. Waking early or twice changes nothing.
type Wake struct{}
