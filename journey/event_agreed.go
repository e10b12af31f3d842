package journey

import (
	"time"

	"forlop/care"
	"forlop/pathway"
)

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
	// ByStep says that the step of the choice comes back and is where it is
	// looked at again: nothing else is put on a list for it.
	ByStep bool      `json:"byStep,omitempty"`
	Owner  care.Post `json:"owner"`
	// Malaise is what was answered when it was asked, before something that raises
	// activity was chosen, whether effort makes the patient worse: yes, no or
	// unknown. Empty means that it was known, that it did not matter, or that nobody
	// asked.
	Malaise string `json:"malaise,omitempty"`
}
