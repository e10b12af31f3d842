package person

import "forlop/care"

// The times this package uses where nobody gives another one. None has a
// national source: each is proposed by us, and a command may say otherwise where
// it has a field for it.
var (
	// toNameContact: a first contact is named within this time; proposed.
	toNameContact = care.Span{N: 5, Unit: care.WorkingDays}
	// toAnswerOffer: an offer to be first contact is answered; proposed.
	toAnswerOffer = care.Span{N: 5, Unit: care.WorkingDays}
	// toDecide: a person decides after a refused or unanswered offer, or after a
	// death; proposed.
	toDecide = care.Span{N: 2, Unit: care.WorkingDays}
	// toClimb: an overdue item climbs one more rung; proposed.
	toClimb = care.Span{N: 2, Unit: care.WorkingDays}
	// mattersHold: what matters is asked again; proposed.
	mattersHold = care.Span{N: 12, Unit: care.Months}
	// energyHolds: limits are asked again; proposed.
	energyHolds = care.Span{N: 6, Unit: care.Months}
	// tooIll: "too ill today" pauses reminders for three days, the first one
	// included; proposed.
	tooIll = care.Span{N: 3, Unit: care.Days}
	// longestPause: a longer pause is asked for again, so that somebody looks;
	// proposed.
	longestPause = care.Span{N: 13, Unit: care.Weeks}
	// fresh: a finding younger than this needs a reason to be repeated; proposed.
	fresh = care.Span{N: 12, Unit: care.Months}
)

const (
	// beforeEnd is how many working days before a sick note or a prescription
	// ends somebody must have acted; proposed.
	beforeEnd = 5
	// mostAhead is the most working days before an end that can be asked for; a
	// slip where it is more.
	mostAhead = 60
	// longestWords is the length of one contribution in characters, some ten pages.
	longestWords = 40_000
	// longestName is the length of a name of a place or a kind, in characters.
	longestName = 200
)
