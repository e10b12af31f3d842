package casework

import (
	"time"

	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// MovedView is the last move of a journey to another version, for as long as it
// is news: until its patient has been told, and while the old plan may be kept.
type MovedView struct {
	At time.Time
	// Before is the version that was left.
	Before *pathway.Definition
	// Changes are what the move did to open steps and running clocks.
	Changes []journey.Change
	// Reasons are what the mapping says of the steps that it dropped.
	Reasons map[pathway.StepID]map[care.Language]string
	// Until is when the choice to keep the old plan ends; zero where there is none.
	Until time.Time
}

// moved fills the news of a move. The states before and after it are folded from
// the events, so that what is told is what happened.
func (r *reading) moved(v *JourneyView) error {
	act := -1
	for i, a := range v.State.Acts {
		if m, is := a.Primary.(journey.Moved); is && m.From.ID == m.To.ID && m.To == v.State.Pathway {
			act = i
		}
	}
	if act < 0 {
		return nil
	}
	a := v.State.Acts[act]
	keep := v.State.Keep != nil && r.now.Before(v.State.Keep.Until)
	untold := false
	for _, t := range v.State.Tellings {
		untold = untold || t.About == "moved" && t.To.Kind == care.PartyPatient && t.Open()
	}
	if !keep && !untold {
		return nil
	}
	before, err := journey.Fold(v.History[:a.First-1])
	if err != nil {
		return err
	}
	after, err := journey.Fold(v.History[:a.Last])
	if err != nil {
		return err
	}
	m := a.Primary.(journey.Moved)
	out := &MovedView{At: a.At, Changes: journey.Changes(before, after)}
	if out.Before, err = r.s.shelf.find(r.ctx, m.From); err != nil {
		return err
	}
	if keep {
		out.Until = v.State.Keep.Until
	}
	if m.Campaign != "" {
		if out.Reasons, err = r.reasons(m.Campaign); err != nil {
			return err
		}
	}
	v.Moved = out
	return nil
}

// reasons are the words of a campaign's mapping for the steps it drops.
func (r *reading) reasons(campaign string) (map[pathway.StepID]map[care.Language]string, error) {
	state, version, err := r.load(store.StreamOf("campaign", campaign))
	if err != nil || version == 0 {
		return nil, err
	}
	return dropped(state), nil
}
