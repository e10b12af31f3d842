package worklist

import (
	"time"

	"forlop/care"
)

// Events is the closed vocabulary of the lists' streams.
var Events = care.NewVocabulary(ViewSaved{}, ViewDropped{}, Slept{}, Woken{}, CaseloadLimited{})

// ViewSaved keeps a view, or keeps it anew. Called is a short name that a
// professional gave it; nothing about a patient belongs in it.
type ViewSaved struct {
	View    int    `json:"view"`
	Called  string `json:"called"`
	Address string `json:"address"`
}

// ViewDropped takes a view away. Its number is not used again.
type ViewDropped struct {
	View int `json:"view"`
}

// Slept says that an item, as it was at a version, stands on no list until a day.
type Slept struct {
	Item    Item      `json:"item"`
	Version int       `json:"version"`
	Until   time.Time `json:"until"`
}

// Woken brings it back at once.
type Woken struct {
	Item Item `json:"item"`
}

// CaseloadLimited says how many open journeys a post can answer for; 0 is no limit.
type CaseloadLimited struct {
	Role care.Role `json:"role"`
	Most int       `json:"most"`
}

// The names never change, whatever the Go names do.

func (ViewSaved) Type() string       { return "worklist.view-saved/1" }
func (ViewDropped) Type() string     { return "worklist.view-dropped/1" }
func (Slept) Type() string           { return "worklist.slept/1" }
func (Woken) Type() string           { return "worklist.woken/1" }
func (CaseloadLimited) Type() string { return "worklist.caseload-limited/1" }
