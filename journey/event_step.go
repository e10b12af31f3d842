package journey

import (
	"time"

	"forlop/care"
	"forlop/pathway"
)

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

// DelayCause is why the service moved a step to a later day. The list is closed,
// so that every reader is told in their own language. The causes are proposed: no
// source lists them.
type DelayCause string

// The causes of a delay.
const (
	NoRoom        DelayCause = "no-room"     // nobody is free before
	IllHere       DelayCause = "ill-here"    // one of those who should meet the patient is ill
	ClosedHere    DelayCause = "closed-here" // the place is closed that day
	AwaitsResult  DelayCause = "awaits-result"
	NoInterpreter DelayCause = "no-interpreter"
	SomebodyAcute DelayCause = "acute" // somebody had to be helped at once
	OurMistake    DelayCause = "our-mistake"
	CauseNotGiven DelayCause = "not-given" // nobody has said why: that is said
)

// DelayCauses lists them in the order that forms show.
var DelayCauses = []DelayCause{NoRoom, IllHere, ClosedHere, AwaitsResult, NoInterpreter, SomebodyAcute, OurMistake, CauseNotGiven}

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
	// Copied is set where the time was copied from another system's booking.
	Copied *care.Copied `json:"copied,omitempty"`
	// Over lists the limits of the person that the time breaks: for a reason that
	// was written, by the patient's own wish, or booked so elsewhere.
	Over []care.Strain `json:"over,omitempty"`
	// Cause is set where the service moved the step to a later day, or past its
	// latest date; whoever planned it decided.
	Cause DelayCause `json:"cause,omitempty"`
	// Interpreter is whether one is booked for this time, InterpreterBy when one
	// must be, where none is yet.
	Interpreter   Interpreting `json:"interpreter,omitempty"`
	InterpreterBy time.Time    `json:"interpreterBy,omitzero"`
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
