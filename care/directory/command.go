package directory

import (
	"time"

	"forlop/care"
)

// Command is something that is asked of a unit's or a professional's stream.
type Command interface {
	// Name is the stable name, such as "unit.join". What stands before the dot
	// is the kind of stream.
	Name() string
}

// Commands lists an empty value of every command, for those who read commands
// by name.
var Commands = []Command{
	OpenUnit{}, ChangeDetails{}, Move{}, AddPost{}, RemovePost{},
	Join{}, Leave{}, GoAway{}, ComeBack{}, NameLead{}, NameFallback{},
	GiveNumbers{}, SayRun{}, SayCapacity{},
	CloseToNew{}, OpenToNew{}, ReportService{}, WithdrawService{}, Close{}, Wake{},
	Register{}, EndRegistration{},
}

// OpenUnit opens a unit. A root (no parent) needs its lead from the start.
// Roles are the posts it has beside desk and lead.
type OpenUnit struct {
	Unit    care.UnitID `json:"unit"`
	Kind    Kind        `json:"kind"`
	Parent  care.UnitID `json:"parent,omitempty"`
	Regime  care.Regime `json:"regime"`
	Contact Contact     `json:"contact"`
	Roles   []care.Role `json:"roles,omitempty"`
	Lead    string      `json:"lead,omitempty"`
}

// ChangeDetails replaces what the unit tells about itself.
type ChangeDetails struct {
	Contact Contact `json:"contact"`
}

// Move puts the unit below another, or makes it a root.
type Move struct {
	Parent care.UnitID `json:"parent,omitempty"`
}

// AddPost adds a role.
type AddPost struct {
	Role care.Role `json:"role"`
}

// RemovePost removes a role that nobody holds now or later.
type RemovePost struct {
	Role care.Role `json:"role"`
}

// Join lets a professional fill a post. No From means from when the act
// happened; no Until means until further notice.
type Join struct {
	Professional string    `json:"professional"`
	Role         care.Role `json:"role"`
	From         time.Time `json:"from,omitzero"`
	Until        time.Time `json:"until,omitzero"`
}

// Leave sets the end of a membership. No Until means when the act happened.
type Leave struct {
	Member int       `json:"member"`
	Until  time.Time `json:"until,omitzero"`
}

// GoAway records an absence, with or without a substitute; no Role means every
// role in this unit. No From means from when the act happened.
type GoAway struct {
	Professional string    `json:"professional"`
	Role         care.Role `json:"role,omitempty"`
	From         time.Time `json:"from,omitzero"`
	Until        time.Time `json:"until"`
	Substitute   string    `json:"substitute,omitempty"`
}

// ComeBack ends an absence early. No At means when the act happened.
type ComeBack struct {
	Absence int       `json:"absence"`
	At      time.Time `json:"at,omitzero"`
}

// NameLead names the lead. No From means from when the act happened.
type NameLead struct {
	Professional string    `json:"professional"`
	From         time.Time `json:"from,omitzero"`
}

// NameFallback names the post that receives what the desk does not; a zero post
// removes it.
type NameFallback struct {
	Post care.Post `json:"post,omitzero"`
}

// CloseToNew sends new patients to another unit.
type CloseToNew struct {
	Redirect care.UnitID `json:"redirect"`
}

// OpenToNew takes new patients again.
type OpenToNew struct{}

// ReportService says what the unit has for an option of a pathway, and what is
// known of its wait. A report of the same service replaces the one before.
type ReportService struct {
	Service
}

// WithdrawService says that the unit has it no more.
type WithdrawService struct {
	Service string `json:"service"`
}

// Close ends the unit for good and names its successor.
type Close struct {
	Successor care.UnitID `json:"successor"`
}

// Wake is the command of time alone.
type Wake struct{}

// Register makes a professional known, or known again. Profession is a word
// such as "physician"; pathways name the professions a role needs.
type Register struct {
	Professional string    `json:"professional"`
	Profession   string    `json:"profession"`
	Reference    Reference `json:"reference,omitempty"`
}

// EndRegistration ends a professional who holds no post any more.
type EndRegistration struct{}

// The names never change, whatever the Go names do.

func (OpenUnit) Name() string        { return "unit.open" }
func (ChangeDetails) Name() string   { return "unit.change-details" }
func (Move) Name() string            { return "unit.move" }
func (AddPost) Name() string         { return "unit.add-post" }
func (RemovePost) Name() string      { return "unit.remove-post" }
func (Join) Name() string            { return "unit.join" }
func (Leave) Name() string           { return "unit.leave" }
func (GoAway) Name() string          { return "unit.go-away" }
func (ComeBack) Name() string        { return "unit.come-back" }
func (NameLead) Name() string        { return "unit.name-lead" }
func (NameFallback) Name() string    { return "unit.name-fallback" }
func (CloseToNew) Name() string      { return "unit.close-to-new" }
func (OpenToNew) Name() string       { return "unit.open-to-new" }
func (ReportService) Name() string   { return "unit.report-service" }
func (WithdrawService) Name() string { return "unit.withdraw-service" }
func (Close) Name() string           { return "unit.close" }
func (Wake) Name() string            { return "unit.wake" }
func (Register) Name() string        { return "professional.register" }
func (EndRegistration) Name() string { return "professional.end" }
