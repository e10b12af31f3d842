package care

import "time"

// ActorKind is what sort of actor somebody is.
type ActorKind string

// Who can act. A relative acts through a proxy; the service itself acts only
// when time has passed (see journey.Wake).
const (
	Patient      ActorKind = "patient"
	Relative     ActorKind = "relative"
	Professional ActorKind = "professional"
	System       ActorKind = "system"
	// Guest is somebody without an account who opened a secure link. The link is
	// bound to one thing and so are they.
	Guest ActorKind = "guest"
)

// Actor is who acts, and for whom. It is an argument of every command and
// every question, never hidden in a context.
type Actor struct {
	Kind ActorKind `json:"kind"`
	// ID is the professional's id, the person key of a patient or relative (their
	// own, never the patient's they act for), or a guest's link.
	ID string `json:"id"`
	// Unit is the unit a professional acts for.
	Unit UnitID `json:"unit,omitempty"`
}

// Service is the actor of what time alone causes.
var Service = Actor{Kind: System, ID: "forlop"}

// PartyKind is a kind of party in a journey, inside the system or not.
type PartyKind string

// The parties. PartyUnit is known to the directory; PartyOther is anyone
// outside, named in words.
const (
	PartyPatient  PartyKind = "patient"
	PartyRelative PartyKind = "relative"
	PartyUnit     PartyKind = "unit"
	PartyOther    PartyKind = "other"
)

// Party is anyone who takes part in a journey: the patient, a relative, a post
// in the directory, or someone outside who is only known by name.
type Party struct {
	Kind PartyKind `json:"kind"`
	Post Post      `json:"post,omitzero"`
	// Name is what someone outside calls itself, such as "Legene på Torget".
	// It names an organisation or a profession, never a patient.
	Name string `json:"name,omitempty"`
}

// Channel is how words reached someone.
type Channel string

// The channels.
const (
	ByPhone   Channel = "phone"
	ByLetter  Channel = "letter"
	ByMessage Channel = "message"
	ByMeeting Channel = "meeting"
	ByPage    Channel = "page"
)

// OnBehalf says that an act is recorded by one person on behalf of another
// party who is not logged in: who said it and how. When it happened and when it
// was learned stand on the event.
type OnBehalf struct {
	Of  Party   `json:"of"`
	How Channel `json:"how"`
}

// Seen is the version of the item that the actor had on the screen. Zero means
// that the actor did not look (a machine, an import).
type Seen int

// Deadline is the instant at which a latest date has passed: the local midnight
// that ends it. LastDay gives the date people are shown.
type Deadline = time.Time
