package rollout

import (
	"time"

	"forlop/care"
	"forlop/pathway"
)

// Events is the closed vocabulary of the campaign stream.
var Events = care.NewVocabulary(
	Proposed{}, Previewed{}, Confirmed{}, Withdrawn{}, Stopped{}, Resumed{}, Finished{},
	Listed{}, SliceMoved{}, RetryAsked{}, OutcomeChanged{}, Escalated{},
)

// Mapping is a pathway.Mapping as it is kept: what the parts of the old version
// are called in the new one, which steps have no place there, and what the
// patient reads of them. Its words are the author's; nobody is named in them.
type Mapping struct {
	Steps      map[pathway.StepID]pathway.StepID           `json:"steps,omitempty"`
	Milestones map[pathway.MilestoneID]pathway.MilestoneID `json:"milestones,omitempty"`
	Choices    map[pathway.ChoiceID]pathway.ChoiceID       `json:"choices,omitempty"`
	Drops      map[pathway.StepID]string                   `json:"drops,omitempty"`
	Reasons    map[string]map[care.Language]string         `json:"reasons,omitempty"`
}

// MappingOf keeps what a mapping file says.
func MappingOf(m pathway.Mapping) Mapping {
	return Mapping{m.Steps, m.Milestones, m.Choices, m.Drops, m.Reasons}
}

// Of is the mapping from one version to another, to be checked and used.
func (m Mapping) Of(from, to pathway.Ref) pathway.Mapping {
	from.Hash, to.Hash = "", ""
	return pathway.Mapping{
		From: from, To: to, Steps: m.Steps, Milestones: m.Milestones, Choices: m.Choices, Drops: m.Drops, Reasons: m.Reasons,
	}
}

// Proposed proposes a campaign. Both versions carry the hash of their bytes.
// Keep is how long a patient may choose to keep the old plan, as the new
// version says; zero where it does not.
type Proposed struct {
	From    pathway.Ref   `json:"from"`
	To      pathway.Ref   `json:"to"`
	Regime  care.Regime   `json:"regime"`
	Mapping Mapping       `json:"mapping"`
	Units   []care.UnitID `json:"units"`
	Slice   int           `json:"slice"`
	Keep    care.Span     `json:"keep,omitzero"`
	By      string        `json:"by"`
}

// Preview is what the engine says the moves would do, as counts: how many
// journeys run, how many of them move, how many get at least one latest date
// that has passed already, how many patients must be told, and how many cannot
// move, by the rule that hinders them.
type Preview struct {
	At       time.Time      `json:"at"`
	Journeys int            `json:"journeys"`
	Moves    int            `json:"moves"`
	Late     int            `json:"late"`
	Told     int            `json:"told"`
	Cannot   map[string]int `json:"cannot,omitempty"`
}

// Previewed keeps a preview. A campaign is confirmed on its newest one.
type Previewed struct {
	Preview Preview `json:"preview"`
}

// Confirmed starts the campaign.
type Confirmed struct {
	By string `json:"by"`
}

// Withdrawn takes back a proposal.
type Withdrawn struct{}

// Stopped stops the campaign: a person did, or a whole slice failed.
type Stopped struct {
	Reason StopReason `json:"reason"`
}

// StopReason is why a campaign stopped.
type StopReason string

// The reasons.
const (
	ByPerson  StopReason = "person"
	AllFailed StopReason = "all-failed"
)

// Resumed goes on where it stopped.
type Resumed struct{}

// Finished ends the campaign: a round found nobody left on the old version.
type Finished struct{}

// Listed puts journeys on the list, in the order of their names. Joined marks
// those that opened after the campaign began; Last ends the round.
type Listed struct {
	Journeys []string `json:"journeys,omitempty"`
	Joined   bool     `json:"joined,omitempty"`
	Last     bool     `json:"last,omitempty"`
}

// Outcome is what became of a journey.
type Outcome string

// The outcomes. Waiting is before any of them.
const (
	Waiting Outcome = "waiting"
	Moved   Outcome = "moved"
	Kept    Outcome = "kept"
	Failed  Outcome = "failed"
	Ended   Outcome = "ended"
	Left    Outcome = "left"
)

// Outcomes lists them in the order in which pages show them.
var Outcomes = []Outcome{Waiting, Moved, Kept, Failed, Ended, Left}

// Result is what became of one journey. A failure names the rule that hindered
// it, the person, the post that owns it now, the post it climbs to, and the
// instant at which it does.
type Result struct {
	Journey string         `json:"journey"`
	Outcome Outcome        `json:"outcome"`
	Reason  string         `json:"reason,omitempty"`
	Person  care.PersonKey `json:"person,omitempty"`
	Owner   care.Post      `json:"owner,omitzero"`
	Lead    care.Post      `json:"lead,omitzero"`
	By      time.Time      `json:"by,omitzero"`
}

// SliceMoved says what became of the next journeys on the list.
type SliceMoved struct {
	Slice   int      `json:"slice"`
	Results []Result `json:"results"`
}

// RetryAsked asks for a failed journey to be tried again.
type RetryAsked struct {
	Journey string `json:"journey"`
}

// OutcomeChanged changes what became of a journey.
type OutcomeChanged struct {
	Result Result `json:"result"`
}

// Escalated says that a failure was not dealt with in time and climbed to the
// lead.
type Escalated struct {
	Journey string `json:"journey"`
}

// The types never change, whatever the Go names do.

func (Proposed) Type() string       { return "campaign.proposed/1" }
func (Previewed) Type() string      { return "campaign.previewed/1" }
func (Confirmed) Type() string      { return "campaign.confirmed/1" }
func (Withdrawn) Type() string      { return "campaign.withdrawn/1" }
func (Stopped) Type() string        { return "campaign.stopped/1" }
func (Resumed) Type() string        { return "campaign.resumed/1" }
func (Finished) Type() string       { return "campaign.finished/1" }
func (Listed) Type() string         { return "campaign.listed/1" }
func (SliceMoved) Type() string     { return "campaign.slice-moved/1" }
func (RetryAsked) Type() string     { return "campaign.retry-asked/1" }
func (OutcomeChanged) Type() string { return "campaign.outcome-changed/1" }
func (Escalated) Type() string      { return "campaign.escalated/1" }
