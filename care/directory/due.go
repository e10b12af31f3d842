package directory

import (
	"time"

	"forlop/care"
)

// Due is when time alone changes the unit: never. Memberships, absences and
// substitutes carry their instants, and Holders answers for every one of them.
func Due(State) (time.Time, bool) { return time.Time{}, false }

// Items are the open things of a unit: none. What its posts must do stands in
// the streams of journeys and persons.
func (s State) Items() []care.Item { return nil }
