package rollout

import (
	"forlop/care"
	"forlop/pathway"
)

// Command is something that is asked of a campaign's stream.
type Command interface {
	// Name is the stable name, such as "campaign.propose".
	Name() string
}

// Commands lists an empty value of every command, for those who read commands
// by name.
var Commands = []Command{
	Propose{}, NotePreview{}, Confirm{}, Withdraw{}, Stop{}, Resume{},
	ListMore{}, RecordSlice{}, Finish{}, Retry{}, LetBe{}, NoteOutcome{}, Wake{},
}

// Propose proposes to move the running journeys of From to To: those for which
// one of Units, or a unit below it, is responsible. No units means the one that
// the proposer acts for. Slice is how many journeys are moved at a time.
type Propose struct {
	From    pathway.Ref   `json:"from"`
	To      pathway.Ref   `json:"to"`
	Mapping Mapping       `json:"mapping"`
	Units   []care.UnitID `json:"units,omitempty"`
	Slice   int           `json:"slice"`
}

// NotePreview keeps what the engine says the moves would do, as counts.
type NotePreview struct {
	Preview Preview `json:"preview"`
}

// Confirm starts the campaign: by another person than the one who proposed it.
type Confirm struct{}

// Withdraw takes back a campaign that nobody has confirmed.
type Withdraw struct{}

// Stop stops at once, between two journeys.
type Stop struct{}

// Resume goes on where it stopped.
type Resume struct{}

// ListMore puts journeys on the list. Joined marks those that opened after the
// campaign began; Last ends the round.
type ListMore struct {
	Journeys []string `json:"journeys"`
	Joined   bool     `json:"joined,omitempty"`
	Last     bool     `json:"last,omitempty"`
}

// RecordSlice says what became of the next journeys on the list, in its order.
type RecordSlice struct {
	Slice   int      `json:"slice"`
	Results []Result `json:"results"`
}

// Finish ends a campaign that has come to the end of its list.
type Finish struct{}

// Retry asks for a journey that failed to be tried again.
type Retry struct {
	Journey string `json:"journey"`
}

// LetBe decides that a journey that failed stays on the old version.
type LetBe struct {
	Journey string `json:"journey"`
}

// NoteOutcome records that what became of a journey has changed: a retry went
// through, or its patient kept the old plan after the move.
type NoteOutcome struct {
	Result Result `json:"result"`
}

// Wake is the command of time alone.
type Wake struct{}

// The names never change, whatever the Go names do.

func (Propose) Name() string     { return "campaign.propose" }
func (NotePreview) Name() string { return "campaign.note-preview" }
func (Confirm) Name() string     { return "campaign.confirm" }
func (Withdraw) Name() string    { return "campaign.withdraw" }
func (Stop) Name() string        { return "campaign.stop" }
func (Resume) Name() string      { return "campaign.resume" }
func (ListMore) Name() string    { return "campaign.list" }
func (RecordSlice) Name() string { return "campaign.record-slice" }
func (Finish) Name() string      { return "campaign.finish" }
func (Retry) Name() string       { return "campaign.retry" }
func (LetBe) Name() string       { return "campaign.let-be" }
func (NoteOutcome) Name() string { return "campaign.note-outcome" }
func (Wake) Name() string        { return "campaign.wake" }
