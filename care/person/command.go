package person

import "forlop/care"

// Command is something that is asked of a person's stream. Free text in a
// command ends up sealed, never in an event's body. Dates are the last day that
// counts; the decision makes instants of them.
type Command interface{ Name() string }

// Commands lists an empty value of every command, for those who read commands
// by name.
var Commands = []Command{
	Open{},
	AppointContact{}, OfferContact{}, AcceptContact{}, DeclineContact{}, WithdrawContact{}, KeepContact{}, RefuseContact{}, WantContact{},
	SayWhatMatters{}, ConfirmWhatMatters{}, TellStory{}, Object{}, WithdrawObjection{},
	SetEnergy{}, LiftEnergy{}, SetAdaptations{}, SetLanguages{}, SetChannel{},
	Pause{}, ReviewPause{}, EndPause{},
	RecordFinding{}, WithdrawFinding{}, PlanExamination{},
	ChangeGP{}, ChangeMunicipality{}, SetCarrier{}, EndCarrier{}, ReportCondition{},
	RecordDeath{}, RetractDeath{}, Settle{},
	MergeInto{}, AddAlias{}, Unmerge{},
	Wake{},
}

// Open opens a person's stream, with a desk as the first contact.
type Open struct {
	Person care.PersonKey `json:"person"`
	Regime care.Regime    `json:"regime"`
	Desk   care.Post      `json:"desk"`
}

// AppointContact names the first contact among the posts of the unit that holds
// the contact already; the unit accepts for its own posts.
type AppointContact struct {
	Post care.Post `json:"post"`
}

// OfferContact offers the first contact to a post elsewhere. No By gives the
// receiver the usual time.
type OfferContact struct {
	To      care.Post `json:"to"`
	By      care.Date `json:"by,omitzero"`
	Message string    `json:"message,omitempty"`
}

// AcceptContact accepts an offer, for the unit it was made to.
type AcceptContact struct {
	Offer int `json:"offer"`
}

// DeclineContact declines an offer, with a reason.
type DeclineContact struct {
	Offer  int    `json:"offer"`
	Reason string `json:"reason"`
}

// WithdrawContact takes an open offer back.
type WithdrawContact struct {
	Offer int `json:"offer"`
}

// KeepContact decides, after an offer came to nothing, to keep the contact.
type KeepContact struct{}

// RefuseContact is the patient's wish not to have a named first contact.
type RefuseContact struct {
	Reason string `json:"reason,omitempty"`
}

// WantContact takes that wish back.
type WantContact struct{}

// SayWhatMatters gives the patient's or a relative's words on a topic. No
// ReviewBy means the usual time.
type SayWhatMatters struct {
	Topic    Topic     `json:"topic"`
	Words    string    `json:"words"`
	ReviewBy care.Date `json:"reviewBy,omitzero"`
}

// ConfirmWhatMatters says that the words on a topic still hold.
type ConfirmWhatMatters struct {
	Topic    Topic     `json:"topic"`
	ReviewBy care.Date `json:"reviewBy,omitzero"`
}

// TellStory tells the own story, or adds to it.
type TellStory struct {
	Words string `json:"words"`
}

// Object objects to a sentence in the words that the event To holds.
type Object struct {
	To        int    `json:"to"`
	Sentence  string `json:"sentence"`
	Objection string `json:"objection"`
}

// WithdrawObjection takes back the objection that event Objection holds.
type WithdrawObjection struct {
	Objection int `json:"objection"`
}

// SetEnergy sets what the person can bear. Zero means no limit of that kind; at
// least one is set. No ReviewBy means the usual time.
type SetEnergy struct {
	PerWeek  int       `json:"perWeek,omitempty"`
	RestDays int       `json:"restDays,omitempty"`
	Minutes  int       `json:"minutes,omitempty"`
	ReviewBy care.Date `json:"reviewBy,omitzero"`
}

// LiftEnergy says that there are no limits any more.
type LiftEnergy struct{}

// SetAdaptations replaces the adaptations.
type SetAdaptations struct {
	Adaptations []Adaptation `json:"adaptations"`
	Note        string       `json:"note,omitempty"`
}

// SetLanguages says what the person reads, and the interpreter's language or that
// none is needed. With neither it is not known.
type SetLanguages struct {
	Reading       care.Language `json:"reading"`
	Interpreter   string        `json:"interpreter,omitempty"`
	NoInterpreter bool          `json:"noInterpreter,omitempty"`
}

// SetChannel says how the person is told things.
type SetChannel struct {
	Channel care.Channel `json:"channel"`
	SMS     bool         `json:"sms,omitempty"`
}

// Pause lets reminders rest: "too ill today". No From means the day it happened,
// no Until three days in all.
type Pause struct {
	Why   PauseWhy  `json:"why"`
	From  care.Date `json:"from,omitzero"`
	Until care.Date `json:"until,omitzero"`
}

// ReviewPause says that somebody has looked how the person is.
type ReviewPause struct {
	Pause int    `json:"pause"`
	Note  string `json:"note,omitempty"`
}

// EndPause ends a pause now. An earlier time in the act takes it back from then.
type EndPause struct {
	Pause int `json:"pause"`
}

// RecordFinding records what was examined and what it showed: in words, or in a
// document. File is the id of the document that came with the order; whoever
// carries the order out sets it.
type RecordFinding struct {
	Kind     string     `json:"kind"`
	Examined care.Date  `json:"examined"`
	By       care.Party `json:"by"`
	Showed   string     `json:"showed"`
	File     string     `json:"file,omitempty"`
}

// WithdrawFinding takes back a finding that was recorded by mistake.
type WithdrawFinding struct {
	Finding int    `json:"finding"`
	Reason  string `json:"reason"`
}

// PlanExamination asks for an examination. Where a finding of that kind is
// younger than FreshFor (the usual time where it is zero), a reason is needed.
type PlanExamination struct {
	Kind     string    `json:"kind"`
	Reason   string    `json:"reason,omitempty"`
	FreshFor care.Span `json:"freshFor,omitzero"`
}

// ChangeGP says who the GP is; a zero party means that there is none. No Since
// means the day it happened.
type ChangeGP struct {
	GP    care.Party `json:"gp,omitzero"`
	Since care.Date  `json:"since,omitzero"`
}

// ChangeMunicipality says where the person lives.
type ChangeMunicipality struct {
	Municipality care.Party `json:"municipality"`
	Since        care.Date  `json:"since,omitzero"`
}

// SetCarrier says who carries prescriptions or sick notes, and until when. No
// Owner means that the first contact watches over the end.
type SetCarrier struct {
	What  Carried    `json:"what"`
	By    care.Party `json:"by"`
	Until care.Date  `json:"until,omitzero"`
	Owner care.Post  `json:"owner,omitzero"`
	// Ahead is how many working days before the end the owner must have acted; the
	// usual number where it is zero.
	Ahead int `json:"ahead,omitempty"`
}

// EndCarrier says that nobody needs to carry it any more.
type EndCarrier struct {
	What   Carried `json:"what"`
	Reason string  `json:"reason"`
}

// ReportCondition records what somebody reported about malaise and severity.
type ReportCondition struct {
	Malaise  Malaise  `json:"malaise,omitempty"`
	Severity Severity `json:"severity,omitempty"`
}

// RecordDeath records a death.
type RecordDeath struct {
	On care.Date `json:"on"`
}

// RetractDeath takes back a death recorded by mistake, with a reason.
type RetractDeath struct {
	Reason string `json:"reason"`
}

// Settle decides, after a death, that nothing open here needs doing any more.
type Settle struct{}

// MergeInto marks that the person is known under another key.
type MergeInto struct {
	Into care.PersonKey `json:"into"`
}

// AddAlias marks that another key is this person as well.
type AddAlias struct {
	Alias care.PersonKey `json:"alias"`
}

// Unmerge takes either mark back.
type Unmerge struct {
	Other care.PersonKey `json:"other"`
}

// Wake is the command of time alone.
type Wake struct{}

// The names never change, whatever the Go names do.

func (Open) Name() string               { return "person.open" }
func (AppointContact) Name() string     { return "person.appoint-contact" }
func (OfferContact) Name() string       { return "person.offer-contact" }
func (AcceptContact) Name() string      { return "person.accept-contact" }
func (DeclineContact) Name() string     { return "person.decline-contact" }
func (WithdrawContact) Name() string    { return "person.withdraw-contact" }
func (KeepContact) Name() string        { return "person.keep-contact" }
func (RefuseContact) Name() string      { return "person.refuse-contact" }
func (WantContact) Name() string        { return "person.want-contact" }
func (SayWhatMatters) Name() string     { return "person.say-what-matters" }
func (ConfirmWhatMatters) Name() string { return "person.confirm-what-matters" }
func (TellStory) Name() string          { return "person.tell-story" }
func (Object) Name() string             { return "person.object" }
func (WithdrawObjection) Name() string  { return "person.withdraw-objection" }
func (SetEnergy) Name() string          { return "person.set-energy" }
func (LiftEnergy) Name() string         { return "person.lift-energy" }
func (SetAdaptations) Name() string     { return "person.set-adaptations" }
func (SetLanguages) Name() string       { return "person.set-languages" }
func (SetChannel) Name() string         { return "person.set-channel" }
func (Pause) Name() string              { return "person.pause" }
func (ReviewPause) Name() string        { return "person.review-pause" }
func (EndPause) Name() string           { return "person.end-pause" }
func (RecordFinding) Name() string      { return "person.record-finding" }
func (WithdrawFinding) Name() string    { return "person.withdraw-finding" }
func (PlanExamination) Name() string    { return "person.plan-examination" }
func (ChangeGP) Name() string           { return "person.change-gp" }
func (ChangeMunicipality) Name() string { return "person.change-municipality" }
func (SetCarrier) Name() string         { return "person.set-carrier" }
func (EndCarrier) Name() string         { return "person.end-carrier" }
func (ReportCondition) Name() string    { return "person.report-condition" }
func (RecordDeath) Name() string        { return "person.record-death" }
func (RetractDeath) Name() string       { return "person.retract-death" }
func (Settle) Name() string             { return "person.settle" }
func (MergeInto) Name() string          { return "person.merge-into" }
func (AddAlias) Name() string           { return "person.add-alias" }
func (Unmerge) Name() string            { return "person.unmerge" }
func (Wake) Name() string               { return "person.wake" }
