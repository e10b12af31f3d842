package directory

import (
	"time"

	"forlop/care"
)

// Events is the closed vocabulary of the unit and professional streams.
var Events = care.NewVocabulary(
	Opened{}, DetailsChanged{}, Moved{},
	PostAdded{}, PostRemoved{},
	MemberJoined{}, MemberLeft{}, MemberAway{}, MemberBack{}, LeadNamed{},
	FallbackNamed{}, ClosedToNew{}, OpenedToNew{}, ClosedForGood{},
	ServiceReported{}, ServiceWithdrawn{},
	NumbersGiven{}, RunSaid{}, CapacitySaid{},
	Registered{}, RegistrationEnded{},
)

// Opened starts a unit. A unit without a parent is a root: its lead is the last
// rung of every escalation below it.
type Opened struct {
	Unit    care.UnitID `json:"unit"`
	Kind    Kind        `json:"kind"`
	Parent  care.UnitID `json:"parent,omitempty"`
	Regime  care.Regime `json:"regime"`
	Contact Contact     `json:"contact"`
}

// DetailsChanged replaces what the unit tells about itself.
type DetailsChanged struct {
	Contact Contact `json:"contact"`
}

// Moved puts the unit below another one; an empty parent makes it a root.
type Moved struct {
	Parent care.UnitID `json:"parent,omitempty"`
}

// PostAdded adds a role to the unit. The desk and the lead need no event.
type PostAdded struct {
	Role care.Role `json:"role"`
}

// PostRemoved removes a role that nobody holds.
type PostRemoved struct {
	Role care.Role `json:"role"`
}

// MemberJoined says that a professional fills a post from From, and up to but
// not including Until where that is set.
type MemberJoined struct {
	Member       int       `json:"member"`
	Professional string    `json:"professional"`
	Role         care.Role `json:"role"`
	From         time.Time `json:"from"`
	Until        time.Time `json:"until,omitzero"`
}

// MemberLeft sets the end of a membership, past or to come. The end may be the
// start: then the membership never was.
type MemberLeft struct {
	Member int       `json:"member"`
	Until  time.Time `json:"until"`
}

// MemberAway says that a professional is away from From up to but not including
// Until, from one role or, where Role is empty, from all they do in the unit.
// The substitute holds what they hold meanwhile; without one it falls back.
type MemberAway struct {
	Absence      int       `json:"absence"`
	Professional string    `json:"professional"`
	Role         care.Role `json:"role,omitempty"`
	From         time.Time `json:"from"`
	Until        time.Time `json:"until"`
	Substitute   string    `json:"substitute,omitempty"`
}

// MemberBack ends an absence at At. At may be its start: then it never was.
type MemberBack struct {
	Absence int       `json:"absence"`
	At      time.Time `json:"at"`
}

// LeadNamed names the professional who answers for the unit from From on. The
// lead until then ends at that instant.
type LeadNamed struct {
	Member       int       `json:"member"`
	Professional string    `json:"professional"`
	From         time.Time `json:"from"`
}

// FallbackNamed names the post that receives what the unit's desk does not. A
// zero post removes it.
type FallbackNamed struct {
	Post care.Post `json:"post,omitzero"`
}

// ClosedToNew says that new patients go to Redirect.
type ClosedToNew struct {
	Redirect care.UnitID `json:"redirect"`
}

// OpenedToNew says that the unit takes new patients again.
type OpenedToNew struct{}

// ServiceReported says what the unit has for options of pathways, and what was
// known of its wait on a day.
type ServiceReported struct {
	Service
}

// ServiceWithdrawn says that the unit has it no more.
type ServiceWithdrawn struct {
	Service string `json:"service"`
}

// ClosedForGood ends the unit and names who stands in its place, in one event:
// there is no instant without a successor (L1).
type ClosedForGood struct {
	Successor care.UnitID `json:"successor"`
}

// Reference says which national register a professional's number, kept in the
// vault, belongs to.
type Reference string

// The references. NoReference means that no number is kept.
const (
	NoReference Reference = ""
	// HPR is the Norwegian register of health personnel.
	HPR Reference = "hpr"
	// HSA is the Swedish catalogue of health care staff.
	HSA Reference = "hsa"
)

// Registered makes a professional known. The name and the number lie in the
// vault.
type Registered struct {
	Professional string    `json:"professional"`
	Profession   string    `json:"profession"`
	Reference    Reference `json:"reference,omitempty"`
}

// RegistrationEnded says that the professional works here no more.
type RegistrationEnded struct{}

// The types never change, whatever the Go names do.

func (Opened) Type() string            { return "unit.opened/1" }
func (DetailsChanged) Type() string    { return "unit.details-changed/1" }
func (Moved) Type() string             { return "unit.moved/1" }
func (PostAdded) Type() string         { return "unit.post-added/1" }
func (PostRemoved) Type() string       { return "unit.post-removed/1" }
func (MemberJoined) Type() string      { return "unit.member-joined/1" }
func (MemberLeft) Type() string        { return "unit.member-left/1" }
func (MemberAway) Type() string        { return "unit.member-away/1" }
func (MemberBack) Type() string        { return "unit.member-back/1" }
func (LeadNamed) Type() string         { return "unit.lead-named/1" }
func (FallbackNamed) Type() string     { return "unit.fallback-named/1" }
func (ClosedToNew) Type() string       { return "unit.closed-to-new/1" }
func (OpenedToNew) Type() string       { return "unit.opened-to-new/1" }
func (ServiceReported) Type() string   { return "unit.service-reported/1" }
func (ServiceWithdrawn) Type() string  { return "unit.service-withdrawn/1" }
func (ClosedForGood) Type() string     { return "unit.closed-for-good/1" }
func (Registered) Type() string        { return "professional.registered/1" }
func (RegistrationEnded) Type() string { return "professional.ended/1" }
