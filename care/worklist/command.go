package worklist

import (
	"time"

	"forlop/care"
)

// Command is something that is asked of a list's stream.
type Command interface {
	// Name is the stable name, such as "worklist.save-view".
	Name() string
}

// Commands lists an empty value of every command, for those who read commands by
// name.
var Commands = []Command{SaveView{}, DropView{}, Sleep{}, WakeUp{}, LimitCaseload{}, Wake{}}

// SaveView keeps what a list chooses under a name: a new view where View is 0,
// otherwise that one anew. Address is the query of the list's address.
type SaveView struct {
	View    int    `json:"view,omitempty"`
	Called  string `json:"called"`
	Address string `json:"address"`
}

// DropView takes a view away.
type DropView struct {
	View int `json:"view"`
}

// Sleep takes one item off the lists of the unit until a day begins.
type Sleep struct {
	Item  Item      `json:"item"`
	Until time.Time `json:"until"`
}

// WakeUp brings a sleeping item back at once.
type WakeUp struct {
	Item Item `json:"item"`
}

// LimitCaseload says how many open journeys a post of the unit can answer for; 0
// lifts the limit. It hinders nothing: it is shown and warned of.
type LimitCaseload struct {
	Role care.Role `json:"role"`
	Most int       `json:"most"`
}

// Wake is the command of time alone. Nothing falls due here: what sleeps wakes by
// being read after its day.
type Wake struct{}

// The names never change, whatever the Go names do.

func (SaveView) Name() string      { return "worklist.save-view" }
func (DropView) Name() string      { return "worklist.drop-view" }
func (Sleep) Name() string         { return "worklist.sleep" }
func (WakeUp) Name() string        { return "worklist.wake-up" }
func (LimitCaseload) Name() string { return "worklist.limit-caseload" }
func (Wake) Name() string          { return "worklist.wake" }
