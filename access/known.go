package access

import "forlop/care"

// Known is what a decision about a person's consents must know of others. What
// is not needed for a command may be left out.
type Known struct {
	// Person and Regime open the stream with its first event.
	Person care.PersonKey
	Regime care.Regime
	// Born is the person's birth date, zero where nobody knows it.
	Born care.Date
	// Contact is the person's first contact now.
	Contact care.Post
	// Journeys are the person's open journeys.
	Journeys []JourneyKnown

	// Other is the relative that the command names, or who the acting relative is.
	Other Other

	// SoleHolder are the posts that the professional a block names is the only
	// holder of.
	SoleHolder []care.Post

	// UnitExists reports whether a unit is there and open.
	UnitExists func(care.UnitID) bool
	// Under reports whether a unit is above, or lies under it.
	Under func(unit, above care.UnitID) bool
	// Provider is the uppermost unit of the provider that a unit belongs to.
	Provider func(care.UnitID) care.UnitID

	// KeyBackups is for how many days backups that hold keys are kept; 0 where the
	// operator has not said.
	KeyBackups int

	// Reviewer is the unit whose privacy officer judges an opening; empty is the
	// opener's own.
	Reviewer care.UnitID
}

// JourneyKnown is one open journey and the unit responsible for it.
type JourneyKnown struct {
	Journey     string
	Responsible care.UnitID
}

// Other is what is known of a relative.
type Other struct {
	Born      care.Date
	Protected bool
	Dead      bool
}
