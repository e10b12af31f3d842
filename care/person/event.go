package person

import (
	"time"

	"forlop/care"
)

// Events is the closed vocabulary of a person's stream.
var Events = care.NewVocabulary(
	Opened{},
	ContactAppointed{}, ContactOffered{}, OfferAccepted{}, OfferDeclined{}, OfferLapsed{}, OfferWithdrawn{},
	ContactKept{}, ContactRefused{}, ContactWanted{},
	MattersSaid{}, MattersConfirmed{}, StoryTold{}, Objected{}, ObjectionWithdrawn{},
	EnergySet{}, EnergyLifted{}, AdaptationsSet{}, LanguagesSet{}, ChannelSet{},
	Paused{}, PauseReviewed{}, PauseEnded{},
	FindingRecorded{}, FindingWithdrawn{}, ExaminationPlanned{},
	GPChanged{}, MunicipalityChanged{}, CarrierSet{}, CarrierEnded{}, ConditionReported{},
	Died{}, DeathRetracted{}, Settled{},
	MergedInto{}, AliasAdded{}, Unmerged{},
	Overdue{},
)

// Opened starts a person's stream. The desk is the first contact until a named
// one is.
type Opened struct {
	Person care.PersonKey `json:"person"`
	Regime care.Regime    `json:"regime"`
	Desk   care.Post      `json:"desk"`
	// NameBy is when a first contact must have been named.
	NameBy time.Time `json:"nameBy"`
}

// ContactAppointed makes a post of the unit that holds the contact already the
// first contact.
type ContactAppointed struct {
	Post care.Post `json:"post"`
}

// ContactOffered offers the first contact to a post. Nothing moves until it
// accepts (L2).
type ContactOffered struct {
	Offer int       `json:"offer"`
	From  care.Post `json:"from"`
	To    care.Post `json:"to"`
	By    time.Time `json:"by"`
}

// OfferAccepted is the one event in which the first contact moves to another
// unit. NameBy is set where a desk accepted, which then has to name somebody.
type OfferAccepted struct {
	Offer  int       `json:"offer"`
	NameBy time.Time `json:"nameBy,omitzero"`
}

// OfferDeclined leaves the contact where it is. DecideBy is when somebody must
// have decided what now.
type OfferDeclined struct {
	Offer    int       `json:"offer"`
	DecideBy time.Time `json:"decideBy"`
}

// OfferLapsed says that nobody answered in time.
type OfferLapsed struct {
	Offer    int       `json:"offer"`
	DecideBy time.Time `json:"decideBy"`
}

// OfferWithdrawn takes an open offer back. NameBy is set where nobody is named.
type OfferWithdrawn struct {
	Offer  int       `json:"offer"`
	NameBy time.Time `json:"nameBy,omitzero"`
}

// ContactKept is the decision of the one who has the contact to keep it.
type ContactKept struct{}

// ContactRefused says that the patient does not want a named first contact. The
// desk is the contact then, and pages say so.
type ContactRefused struct {
	Desk care.Post `json:"desk"`
	// Reasoned says that a reason is sealed.
	Reasoned bool `json:"reasoned,omitempty"`
}

// ContactWanted says that the patient wants a named first contact again.
type ContactWanted struct {
	NameBy time.Time `json:"nameBy"`
}

// Topic is what a patient's words about themselves are about.
type Topic string

// The topics.
const (
	Goals         Topic = "goals"         // what matters to me
	HowToReach    Topic = "how-to-reach"  // preferred contact form and hours
	Sensitivities Topic = "sensitivities" // light, sound, touch, smell …
	Worsening     Topic = "worsening"     // what to do when I get worse
)

// Topics lists the topics in the order in which they are shown.
var Topics = []Topic{Goals, HowToReach, Sensitivities, Worsening}

// MattersSaid holds what somebody said on a topic; the words are sealed as
// "said". Earlier words stay. Review is when they are asked again.
type MattersSaid struct {
	Topic  Topic     `json:"topic"`
	Review time.Time `json:"review"`
}

// MattersConfirmed says that the words on a topic still hold.
type MattersConfirmed struct {
	Topic  Topic     `json:"topic"`
	Review time.Time `json:"review"`
}

// StoryTold holds the own story, sealed as "told": the first telling, or more
// of it. It is written once and only added to.
type StoryTold struct {
	Revision int `json:"revision"`
}

// Objected holds an objection to a sentence in the words of event To, sealed as
// "sentence" and "objection". It travels with them.
type Objected struct {
	To int `json:"to"`
}

// ObjectionWithdrawn takes an objection back. It stays readable.
type ObjectionWithdrawn struct {
	Objection int `json:"objection"`
}

// EnergySet holds the demands a person can bear; zero means no limit of that
// kind.
type EnergySet struct {
	PerWeek  int `json:"perWeek,omitempty"`  // contacts a week
	RestDays int `json:"restDays,omitempty"` // free days between contacts
	Minutes  int `json:"minutes,omitempty"`  // of one contact
	// Review is when they are asked again. The limits hold until then and after.
	Review time.Time `json:"review"`
}

// EnergyLifted says that there are no limits any more.
type EnergyLifted struct{}

// Adaptation is a way to make a contact bearable.
type Adaptation string

// The adaptations.
const (
	DarkRoom          Adaptation = "dark-room"
	LyingDown         Adaptation = "lying-down"
	Short             Adaptation = "short"
	TwoVisits         Adaptation = "two-visits"
	Companion         Adaptation = "companion"
	WrittenBeforehand Adaptation = "written-beforehand"
	HomeVisit         Adaptation = "home-visit"
	ByPhone           Adaptation = "phone"
	ByVideo           Adaptation = "video"
)

// Adaptations lists the adaptations in the order in which they are shown.
var Adaptations = []Adaptation{DarkRoom, LyingDown, Short, TwoVisits, Companion, WrittenBeforehand, HomeVisit, ByPhone, ByVideo}

// AdaptationsSet replaces the list, in the order of Adaptations. More may be
// said, sealed as "note".
type AdaptationsSet struct {
	Adaptations []Adaptation `json:"adaptations"`
	// Noted says that a note is sealed.
	Noted bool `json:"noted,omitempty"`
}

// LanguagesSet says what the person reads and, where an interpreter is needed,
// into which language (ISO 639, two or three letters; sign languages included).
type LanguagesSet struct {
	Reading     care.Language `json:"reading"`
	Interpreter string        `json:"interpreter,omitempty"`
	// NoInterpreter says that none is needed. With neither nobody has asked.
	NoInterpreter bool `json:"noInterpreter,omitempty"`
}

// ChannelSet says how the person is told things: page, letter or phone. SMS is
// the consent to short messages beside it.
type ChannelSet struct {
	Channel care.Channel `json:"channel"`
	SMS     bool         `json:"sms,omitempty"`
}

// PauseWhy is why reminders rest.
type PauseWhy string

// The reasons.
const (
	TooIll PauseWhy = "too-ill"
	ByWish PauseWhy = "wish"
)

// Paused lets reminders rest from From to Until, both days included. Clocks run
// on and nothing is closed (L5).
type Paused struct {
	Pause  int       `json:"pause"`
	Why    PauseWhy  `json:"why"`
	From   care.Date `json:"from"`
	Until  care.Date `json:"until"`
	Begins time.Time `json:"begins"`
	Ends   time.Time `json:"ends"`
}

// PauseReviewed says that somebody has looked how the person is.
type PauseReviewed struct {
	Pause int `json:"pause"`
}

// PauseEnded ends a pause before its time. At may be its beginning: then it
// never was.
type PauseEnded struct {
	Pause int       `json:"pause"`
	At    time.Time `json:"at"`
}

// FindingRecorded says that something was examined; what it showed is sealed as
// "showed". Kind is a short name such as mri-lumbar. By is who examined. File is
// the id of a document that is kept apart, sealed; empty where there is none.
type FindingRecorded struct {
	Finding  int        `json:"finding"`
	Kind     string     `json:"kind"`
	Examined care.Date  `json:"examined"`
	By       care.Party `json:"by"`
	File     string     `json:"file,omitempty"`
}

// FindingWithdrawn says that a finding was recorded by mistake; the reason is
// sealed. It stays readable and counts no more.
type FindingWithdrawn struct {
	Finding int `json:"finding"`
}

// ExaminationPlanned says that a kind of examination is to be done. Repeats is
// the finding it repeats, where that is fresh; the reason is sealed then.
type ExaminationPlanned struct {
	Examination int    `json:"examination"`
	Kind        string `json:"kind"`
	Repeats     int    `json:"repeats,omitempty"`
}

// GPChanged says who the GP is from a date on. A zero party means that the
// person has none.
type GPChanged struct {
	GP    care.Party `json:"gp,omitzero"`
	Since care.Date  `json:"since"`
}

// MunicipalityChanged says where the person lives from a date on.
type MunicipalityChanged struct {
	Municipality care.Party `json:"municipality"`
	Since        care.Date  `json:"since"`
}

// Carried is something that somebody must carry on for the person.
type Carried string

// What is carried.
const (
	Prescriptions Carried = "prescriptions"
	SickNote      Carried = "sick-note"
)

// CarrierSet says who carries something, and until when. Where it ends, Owner
// must have acted by Due; Latest is the midnight that ends the last day.
type CarrierSet struct {
	What   Carried    `json:"what"`
	By     care.Party `json:"by"`
	Until  care.Date  `json:"until,omitzero"`
	Owner  care.Post  `json:"owner,omitzero"`
	Due    time.Time  `json:"due,omitzero"`
	Latest time.Time  `json:"latest,omitzero"`
}

// CarrierEnded says that nobody needs to carry it any more. A person decides
// that, with a reason that is sealed.
type CarrierEnded struct {
	What Carried `json:"what"`
}

// Malaise says whether effort makes the person worse (post-exertional malaise).
type Malaise string

// Severity is how hard the illness hits, in the four degrees used for ME/CFS.
type Severity string

// The answers. Empty means that nobody has said.
const (
	MalaiseYes Malaise = "yes"
	MalaiseNo  Malaise = "no"

	Mild       Severity = "mild"
	Moderate   Severity = "moderate"
	Severe     Severity = "severe"
	VerySevere Severity = "very-severe"
)

// ConditionReported holds what somebody reported: a fact with who said it, not
// a diagnosis.
type ConditionReported struct {
	Malaise  Malaise  `json:"malaise,omitempty"`
	Severity Severity `json:"severity,omitempty"`
}

// Died records a death. Pauses end; whatever is open waits for a person, at the
// latest by DecideBy.
type Died struct {
	On       care.Date `json:"on"`
	DecideBy time.Time `json:"decideBy"`
}

// DeathRetracted takes back a death that was recorded by mistake. What was open
// is open again, but for the pauses.
type DeathRetracted struct{}

// Settled is a person's decision, after a death, that nothing of what was open
// here needs to be done any more.
type Settled struct{}

// MergedInto marks that this person is known under another key.
type MergedInto struct {
	Into care.PersonKey `json:"into"`
}

// AliasAdded marks that another key is this person as well.
type AliasAdded struct {
	Alias care.PersonKey `json:"alias"`
}

// Unmerged takes either mark back.
type Unmerged struct {
	Other care.PersonKey `json:"other"`
}

// Overdue says that an open item passed its date and climbed to a rung: the desk
// first, then the lead, who is a named person (L7). Again is when it climbs
// further; zero on the last rung.
type Overdue struct {
	Item  string    `json:"item"`
	Rung  int       `json:"rung"`
	To    care.Post `json:"to"`
	Again time.Time `json:"again,omitzero"`
}

// The types never change, whatever the Go names do.

func (Opened) Type() string              { return "person.opened/1" }
func (ContactAppointed) Type() string    { return "person.contact-appointed/1" }
func (ContactOffered) Type() string      { return "person.contact-offered/1" }
func (OfferAccepted) Type() string       { return "person.contact-offer-accepted/1" }
func (OfferDeclined) Type() string       { return "person.contact-offer-declined/1" }
func (OfferLapsed) Type() string         { return "person.contact-offer-lapsed/1" }
func (OfferWithdrawn) Type() string      { return "person.contact-offer-withdrawn/1" }
func (ContactKept) Type() string         { return "person.contact-kept/1" }
func (ContactRefused) Type() string      { return "person.contact-refused/1" }
func (ContactWanted) Type() string       { return "person.contact-wanted/1" }
func (MattersSaid) Type() string         { return "person.matters-said/1" }
func (MattersConfirmed) Type() string    { return "person.matters-confirmed/1" }
func (StoryTold) Type() string           { return "person.story-told/1" }
func (Objected) Type() string            { return "person.objected/1" }
func (ObjectionWithdrawn) Type() string  { return "person.objection-withdrawn/1" }
func (EnergySet) Type() string           { return "person.energy-set/1" }
func (EnergyLifted) Type() string        { return "person.energy-lifted/1" }
func (AdaptationsSet) Type() string      { return "person.adaptations-set/1" }
func (LanguagesSet) Type() string        { return "person.languages-set/1" }
func (ChannelSet) Type() string          { return "person.channel-set/1" }
func (Paused) Type() string              { return "person.paused/1" }
func (PauseReviewed) Type() string       { return "person.pause-reviewed/1" }
func (PauseEnded) Type() string          { return "person.pause-ended/1" }
func (FindingRecorded) Type() string     { return "person.finding-recorded/1" }
func (FindingWithdrawn) Type() string    { return "person.finding-withdrawn/1" }
func (ExaminationPlanned) Type() string  { return "person.examination-planned/1" }
func (GPChanged) Type() string           { return "person.gp-changed/1" }
func (MunicipalityChanged) Type() string { return "person.municipality-changed/1" }
func (CarrierSet) Type() string          { return "person.carrier-set/1" }
func (CarrierEnded) Type() string        { return "person.carrier-ended/1" }
func (ConditionReported) Type() string   { return "person.condition-reported/1" }
func (Died) Type() string                { return "person.died/1" }
func (DeathRetracted) Type() string      { return "person.death-retracted/1" }
func (Settled) Type() string             { return "person.settled/1" }
func (MergedInto) Type() string          { return "person.merged-into/1" }
func (AliasAdded) Type() string          { return "person.alias-added/1" }
func (Unmerged) Type() string            { return "person.unmerged/1" }
func (Overdue) Type() string             { return "person.overdue/1" }
