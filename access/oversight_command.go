package access

import "time"

// OversightCommand is something that is asked of a unit's oversight stream: what
// its log was found to hold, and what was decided about it.
type OversightCommand interface{ Name() string }

// OversightCommands lists an empty value of every command.
var OversightCommands = []OversightCommand{RaiseFindings{}, DrawSample{}, DecideMatter{}, OversightWake{}}

// RaiseFindings hands over what a search of the log found (FindPatterns). What
// was raised before is not raised again: a look stands in one matter of each
// pattern, actor and person.
type RaiseFindings struct {
	Findings []Raised `json:"findings"`
}

// Raised is one finding, with when its first and last look was.
type Raised struct {
	Finding
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

// DrawSample hands over the looks that were drawn for a time (Sample), with those
// who made them. A time is drawn once.
type DrawSample struct {
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Seed   uint64    `json:"seed"`
	Looks  []int64   `json:"looks"`
	Actors []string  `json:"actors"`
}

// DecideMatter decides a matter; never by one who looked.
type DecideMatter struct {
	Matter  int     `json:"matter"`
	Verdict Verdict `json:"verdict"`
	Words   string  `json:"words"`
}

// OversightWake asks for what is due.
type OversightWake struct{}

// Name of the command.
func (RaiseFindings) Name() string { return "oversight.raise" }

// Name of the command.
func (DrawSample) Name() string { return "oversight.draw" }

// Name of the command.
func (DecideMatter) Name() string { return "oversight.decide" }

// Name of the command.
func (OversightWake) Name() string { return "oversight.wake" }
