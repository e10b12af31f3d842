package access

import (
	"time"

	"forlop/care"
)

// OversightEvents is the closed vocabulary of a unit's oversight stream. Persons
// stand in it by key; words are sealed.
var OversightEvents = care.NewVocabulary(OversightOpened{}, FindingRaised{}, FindingGrew{}, SampleDrawn{}, MatterDecided{}, MatterOverdue{})

// OversightOpened starts a unit's stream, in the same act as its first matter.
type OversightOpened struct {
	Unit   care.UnitID `json:"unit"`
	Regime care.Regime `json:"regime"`
}

// FindingRaised makes a finding somebody's to decide: Owner decides by By.
type FindingRaised struct {
	Matter  int            `json:"matter"`
	Pattern Pattern        `json:"pattern"`
	Actor   string         `json:"actor"`
	Person  care.PersonKey `json:"person,omitempty"`
	Looks   []int64        `json:"looks"`
	First   time.Time      `json:"first"`
	Last    time.Time      `json:"last"`
	Owner   care.Post      `json:"owner"`
	By      time.Time      `json:"by"`
}

// FindingGrew adds looks to a finding that is still open. Its date stands.
type FindingGrew struct {
	Matter int       `json:"matter"`
	Looks  []int64   `json:"looks"`
	Last   time.Time `json:"last"`
}

// SampleDrawn makes the looks that were drawn for a time somebody's to read
// through. Seed draws the same again.
type SampleDrawn struct {
	Matter int       `json:"matter"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Seed   uint64    `json:"seed"`
	Looks  []int64   `json:"looks"`
	Actors []string  `json:"actors"`
	Owner  care.Post `json:"owner"`
	By     time.Time `json:"by"`
}

// MatterDecided is what somebody else than those who looked decided; the words
// are sealed as "words".
type MatterDecided struct {
	Matter  int     `json:"matter"`
	Verdict Verdict `json:"verdict"`
}

// MatterOverdue takes a matter to the lead's list. It ends nothing.
type MatterOverdue struct {
	Matter int       `json:"matter"`
	To     care.Post `json:"to"`
}

// Type of the event.
func (OversightOpened) Type() string { return "oversight.opened/1" }

// Type of the event.
func (FindingRaised) Type() string { return "oversight.finding-raised/1" }

// Type of the event.
func (FindingGrew) Type() string { return "oversight.finding-grew/1" }

// Type of the event.
func (SampleDrawn) Type() string { return "oversight.sample-drawn/1" }

// Type of the event.
func (MatterDecided) Type() string { return "oversight.decided/1" }

// Type of the event.
func (MatterOverdue) Type() string { return "oversight.overdue/1" }
