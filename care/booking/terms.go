package booking

import "forlop/care"

// WishKind is what somebody can wish about an appointment.
type WishKind string

// The wishes. None of them moves or cancels by itself: the post that owns the
// appointment answers.
const (
	WishMove   WishKind = "move"
	WishCancel WishKind = "cancel"
	WishAsk    WishKind = "ask"
	WishAdapt  WishKind = "adapt"
)

// WishKinds lists them in the order they are shown.
var WishKinds = []WishKind{WishMove, WishCancel, WishAsk, WishAdapt}

// Outcome is how a wish was answered.
type Outcome string

// The outcomes.
const (
	WishDone        Outcome = "done"
	WishNotPossible Outcome = "not-possible"
	WishTalked      Outcome = "talked"
)

// Adaptation is a way to make one appointment bearable.
type Adaptation string

// Adaptations lists them in the order they are shown.
var Adaptations = []Adaptation{"dark-room", "lying-down", "short", "two-visits", "companion", "written-beforehand"}

// Change is what a journey has done about a step.
type Change string

// The changes.
const (
	NowPlanned Change = "planned"
	NowOff     Change = "off"
	NowOver    Change = "over"
)

// Whether an interpreter is booked, as the source says it.
const (
	InterpreterBooked    = "booked"
	InterpreterNotBooked = "not-booked"
)

// The spans that hold where nobody gave another (proposed; no source).
var (
	toAnswerWish  = care.Span{N: 2, Unit: care.WorkingDays}
	toAnswerTimes = care.Span{N: 5, Unit: care.WorkingDays}
	toAskSource   = care.Span{N: 1, Unit: care.WorkingDays}
	toClimb       = care.Span{N: 2, Unit: care.WorkingDays}
)

// The bounds of what is read (ours, no source).
const (
	fewestTimes, mostTimes = 2, 4
	mostPeople             = 20
	longestLine            = 200
	longestWords           = 40_000
	mostMinutes            = 24 * 60
)
