package rollout

import (
	"fmt"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/pathway"
)

// Known is what a decision about a campaign must know of others.
type Known struct {
	// Definition answers a published definition, or a not-found refusal.
	Definition func(pathway.Ref) (*pathway.Definition, error)
	// Other is a campaign that moves journeys of the same version, if any runs.
	Other string
	// Over reports whether the actor's post stands over a unit.
	Over func(care.UnitID) bool
	// Ready says why a version may not be moved to at a unit; nil where it may.
	Ready func(to pathway.Ref, unit care.UnitID) error
}

// MostInSlice is the most that one slice may hold. A stop waits for one journey,
// and a crash repeats at most one slice.
const MostInSlice = 500

// Decide decides a command on a campaign. It never changes s. After its events
// the sum balances.
func Decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	made, err := decide(s, c, act, k)
	if err != nil || len(made) == 0 {
		return nil, err
	}
	after := s.Clone()
	for _, m := range made {
		r := care.Recorded{Version: after.Version + 1, Event: m.Event, Happened: act.When(), Learned: act.At, Actor: act.Actor}
		if err := Evolve(&after, r); err != nil {
			return nil, fmt.Errorf("rollout: %s made an event that does not fold: %w", c.Name(), err)
		}
	}
	return made, Check(after)
}

func decide(s State, c Command, act care.Act, k Known) ([]care.Made, error) {
	if c, ok := c.(Propose); ok {
		return propose(s, c, act, k)
	}
	if s.Status == "" {
		return nil, care.Missing("campaign-unknown", "There is no such move of journeys.")
	}
	switch c := c.(type) {
	case NotePreview:
		return s.when(Previewed(c), s.begun())
	case Confirm:
		return confirm(s, act, k)
	case Withdraw:
		return s.when(Withdrawn{}, s.begun())
	case Stop:
		return s.when(Stopped{ByPerson}, s.notRunning())
	case Resume:
		return s.when(Resumed{}, care.Refuse("campaign-not-stopped", "The move of journeys is not stopped: it is {status}.", "status", string(s.Status)))
	case ListMore:
		return listMore(s, c)
	case RecordSlice:
		return recordSlice(s, c)
	case Finish:
		if s.Next < len(s.List) || !s.Listed {
			return nil, care.Refuse("campaign-unfinished", "{count} journeys wait to be moved.", "count", strconv.Itoa(len(s.List)-s.Next))
		}
		return s.when(Finished{}, s.notRunning())
	case Retry:
		if err := s.hasFailed(c.Journey); err != nil {
			return nil, err
		}
		if s.Status == IsStopped {
			return nil, s.notRunning()
		}
		return one(RetryAsked(c)), nil
	case LetBe:
		if err := s.hasFailed(c.Journey); err != nil {
			return nil, err
		}
		return one(OutcomeChanged{Result{Journey: c.Journey, Outcome: Left, Reason: "decided"}}), nil
	case NoteOutcome:
		if from := s.OutcomeOf(c.Result.Journey); !becomes(from, c.Result.Outcome, OutcomeChanged{}.Type()) {
			return nil, care.Stale("campaign-outcome", "The journey is {outcome} in this move already.", "outcome", string(from))
		}
		return one(OutcomeChanged(c)), nil
	case Wake:
		var made []care.Made
		for _, f := range s.Failures {
			if !f.Climbed && !f.By.After(act.At) {
				made = append(made, care.Made{Event: Escalated{f.Journey}})
			}
		}
		return made, nil
	}
	return nil, fmt.Errorf("rollout: %s is not a command for a campaign", c.Name())
}

func one(e care.Event) []care.Made { return []care.Made{{Event: e}} }

// when makes an event that the campaign's status allows.
func (s State) when(e care.Event, otherwise error) ([]care.Made, error) {
	if _, ok := next(s.Status, e.Type()); !ok {
		return nil, otherwise
	}
	return one(e), nil
}

func (s State) begun() error {
	return care.Refuse("campaign-begun", "The move has begun or is over ({status}), so its proposal stands. Stop it instead; what was moved stays moved.",
		"status", string(s.Status))
}

func (s State) notRunning() error {
	return care.Refuse("campaign-not-running", "The move of journeys does not run: it is {status}.", "status", string(s.Status))
}

func (s State) hasFailed(journey string) error {
	if !slices.ContainsFunc(s.Failures, func(f Failure) bool { return f.Journey == journey }) {
		return care.Stale("campaign-not-failed", "That journey is settled already.")
	}
	return nil
}

func propose(s State, c Propose, act care.Act, k Known) ([]care.Made, error) {
	if s.Status != "" {
		return nil, care.Stale("campaign-known", "This move is proposed already.")
	}
	if act.Actor.Kind != care.Professional {
		return nil, care.Refuse("campaign-by-person", "A named person proposes to move journeys, and another one confirms it.")
	}
	from, err := k.Definition(c.From)
	if err != nil {
		return nil, err
	}
	to, err := k.Definition(c.To)
	if err != nil {
		return nil, err
	}
	switch {
	case from.Ref == to.Ref:
		return nil, care.Refuse("campaign-same-version", "The journeys follow {pathway} already.", "pathway", to.Ref.String()).On("to")
	case from.Regime != to.Regime:
		return nil, care.Refuse("wrong-regime", "The pathway {pathway} is for {regime}.", "pathway", to.Ref.String(), "regime", string(to.Regime)).On("to")
	case c.Slice < 1 || c.Slice > MostInSlice:
		return nil, care.Refuse("campaign-slice", "A slice holds from 1 to {most} journeys.", "most", strconv.Itoa(MostInSlice)).On("slice")
	case k.Other != "":
		return nil, care.Refuse("campaign-other", "Journeys of {pathway} are being moved already. End that move first.", "pathway", from.Ref.String()).On("from")
	}
	if len(c.Units) == 0 {
		c.Units = []care.UnitID{act.Post.Unit}
	}
	if err := over(c.Units, k); err != nil {
		return nil, err
	}
	if missed := pathway.CheckMapping(from, to, c.Mapping.Of(from.Ref, to.Ref)); pathway.HasErrors(missed) {
		i := slices.IndexFunc(missed, func(f pathway.Finding) bool { return f.Severity == pathway.SeverityError })
		return nil, care.Refuse("campaign-mapping", "The mapping does not fit: {finding}", "finding", missed[i].String()).On("mapping")
	}
	made := Proposed{From: from.Ref, To: to.Ref, Regime: to.Regime, Mapping: c.Mapping, Units: c.Units, Slice: c.Slice, By: act.Actor.ID}
	if to.KeepOld != nil {
		made.Keep = to.KeepOld.Within
	}
	return one(made), nil
}

// over refuses somebody whose post does not stand over the units.
func over(units []care.UnitID, k Known) error {
	for _, u := range units {
		if !k.Over(u) {
			return care.Deny("campaign-not-yours", "Your post does not stand over {unit}, so you cannot move its journeys.", "unit", string(u)).On("units")
		}
	}
	return nil
}

func confirm(s State, act care.Act, k Known) ([]care.Made, error) {
	switch {
	case s.Status != IsProposed:
		return nil, s.begun()
	case act.Actor.Kind != care.Professional:
		return nil, care.Refuse("campaign-by-person", "A named person proposes to move journeys, and another one confirms it.")
	case act.Actor.ID == s.Proposer:
		return nil, care.Refuse("campaign-two-persons", "You proposed this move yourself. Another person must confirm it.")
	case s.Preview == nil:
		return nil, care.Refuse("campaign-no-preview", "The preview is not ready. Look at what the move does before you confirm it.")
	}
	if act.Seen != 0 && int(act.Seen) < s.PreviewVersion {
		return nil, care.Stale("item-changed", "This changed after you opened it. Look at it again before you go on; what you wrote is kept.")
	}
	if err := over(s.Units, k); err != nil {
		return nil, err
	}
	for _, u := range s.Units {
		if err := k.Ready(s.To, u); err != nil {
			return nil, err
		}
	}
	return one(Confirmed{By: act.Actor.ID}), nil
}

// listMore puts journeys on the list that are not there yet. A round that finds
// nobody new ends the reading; one that follows the first is of those who joined.
func listMore(s State, c ListMore) ([]care.Made, error) {
	if s.Status != IsRunning {
		return nil, s.notRunning()
	}
	for i, j := range c.Journeys {
		if _, known := s.index[j]; known || slices.Contains(c.Journeys[:i], j) {
			return nil, care.Stale("campaign-listed", "That journey is on the list already.")
		}
	}
	return one(Listed(c)), nil
}

// recordSlice takes the results of the next journeys on the list, each once and
// in the list's order. A slice in which everything failed stops the campaign:
// the fault is then hardly in the journeys.
func recordSlice(s State, c RecordSlice) ([]care.Made, error) {
	if c.Slice != s.Slices+1 {
		return nil, care.Stale("campaign-slice-done", "That slice was recorded already.")
	}
	failed := 0
	for i, r := range c.Results {
		if s.Next+i >= len(s.List) || s.List[s.Next+i] != r.Journey {
			return nil, care.Stale("campaign-slice-done", "That slice was recorded already.")
		}
		if r.Outcome == Failed {
			failed++
		}
	}
	if len(c.Results) == 0 {
		return nil, care.Refuse("campaign-slice", "A slice holds from 1 to {most} journeys.", "most", strconv.Itoa(MostInSlice))
	}
	made, err := s.when(SliceMoved(c), s.notRunning())
	if err == nil && failed == len(c.Results) && failed >= fuse && s.Status == IsRunning {
		made = append(made, care.Made{Event: Stopped{AllFailed}})
	}
	return made, err
}

// fuse is how many journeys must fail in a slice, and none get through, before
// the campaign stops by itself (proposed).
const fuse = 3
