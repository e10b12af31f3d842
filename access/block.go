package access

import (
	"fmt"
	"slices"

	"forlop/care"
)

func (s *State) applyBlock(r care.Recorded) error {
	switch e := r.Event.(type) {
	case Blocked:
		if err := follows("block", e.Block, len(s.Blocks)); err != nil {
			return err
		}
		s.Blocks = append(s.Blocks, BlockState{
			Number: e.Block, Against: e.Against, Journey: e.Journey, Strength: e.Strength, Provider: e.Provider, From: r.Learned,
			TakeOver: slices.Clone(e.TakeOver), TakeOverBy: e.TakeOverBy, Status: BlockStands, Version: r.Version,
		})
	case BlockLifted:
		b, err := numbered("block", s.Blocks, e.Block)
		if err != nil {
			return err
		}
		return change("block", &b.Status, r)
	}
	return nil
}

// shutOut reports whether a block that nothing opens stands against a
// professional.
func (s State) shutOut(professional string) bool {
	return slices.ContainsFunc(s.Blocks, func(b BlockState) bool {
		return b.Status == BlockStands && b.Strength == Shut && b.Against.Professional == professional
	})
}

func (d decision) block(c Block) ([]care.Made, error) {
	if err := d.checkOwnWill(); err != nil {
		return nil, err
	}
	if d.speaks() == aGuardian && !ageRules(d.s.Regime, d.today()).GuardianBlocks {
		return nil, care.Refuse("guardian-no-block", "A guardian cannot block a child's record here. The child can, when mature enough: talk with the coordinator.")
	}
	if err := d.checkAgainst(c); err != nil {
		return nil, err
	}
	if err := care.CheckText(c.Words, "words", longestWords, false); err != nil {
		return nil, err
	}
	same := func(b BlockState) bool {
		return b.Status == BlockStands && b.Against == c.Against && b.Journey == c.Journey && b.Strength == c.Strength
	}
	if slices.ContainsFunc(d.s.Blocks, same) {
		return nil, care.Unchanged()
	}
	if unit, in := d.keepsOutResponsible(c); in {
		return nil, care.Refuse("block-responsible", "{unit} is responsible now. Ask the coordinator to hand over first; then the block can be set.", "unit", care.Clip(string(unit), longestName)).On("against")
	}
	e := Blocked{Block: len(d.s.Blocks) + 1, Against: c.Against, Journey: c.Journey, Strength: c.Strength}
	if c.Strength == Inner {
		e.Provider = d.provider(c.Against)
	}
	// Nobody's record waits for the one who may not open it.
	if c.Against.Professional != "" && len(d.k.SoleHolder) > 0 {
		e.TakeOver, e.TakeOverBy = slices.Clone(d.k.SoleHolder), d.deadline(toTakeOver)
	}
	return []care.Made{{Event: e, Sealed: sealed("words", c.Words)}}, nil
}

func (d decision) liftBlock(c LiftBlock) ([]care.Made, error) {
	b, err := numbered("block", d.s.Blocks, c.Block)
	if err != nil {
		return nil, care.Missing("block-unknown", "There is no such block.").On("block")
	}
	if err := d.checkOwnWill(); err != nil {
		return nil, err
	}
	if d.speaks() == aGuardian && !ageRules(d.s.Regime, d.today()).GuardianBlocks {
		return nil, patientDecides()
	}
	if b.Status != BlockStands {
		return nil, care.Unchanged()
	}
	if err := d.unseen(b.Version); err != nil {
		return nil, err
	}
	return just(BlockLifted(c)), nil
}

// checkAgainst refuses a block that names nobody or too many, or whose strength
// the country or the named does not have.
func (d decision) checkAgainst(c Block) error {
	a, named := c.Against, 0
	for _, is := range []bool{a.Unit != "", a.Professional != "", a.But != ""} {
		if is {
			named++
		}
	}
	own := map[care.Regime][]Strength{care.Norway: {Closed, Shut}, care.Sweden: {Inner, Outer}}
	switch {
	case named != 1:
		return care.Refuse("block-against", "Say whom it is against: a unit, everyone outside a unit, or a named professional.").On("against")
	case care.Longer(a.Professional, longestName):
		return care.Missing("professional-unknown", "There is no registered professional {professional}.", "professional", care.Clip(a.Professional, longestName)).On("against")
	case !slices.Contains(own[d.s.Regime], c.Strength):
		return care.Refuse("block-strength", "{strength} is not a kind of block that the law here has.", "strength", care.Clip(string(c.Strength), longestName)).On("strength")
	case c.Strength == Shut && a.Professional == "":
		return care.Refuse("block-shut-named", "A block that holds in an emergency too is against one named professional. Choose the other kind for a unit.").On("strength")
	case d.s.Regime == care.Sweden && a.Professional != "":
		return care.Refuse("block-units", "The law here blocks units, not named people. Block the unit.").On("against")
	case a.Unit != "" && !d.unitExists(a.Unit):
		return unitUnknown(a.Unit, "against")
	case a.But != "" && !d.unitExists(a.But):
		return unitUnknown(a.But, "against")
	case c.Journey != "" && !d.hasJourney(c.Journey):
		return care.Missing("journey-unknown", "There is no such journey.").On("journey")
	}
	return nil
}

// keepsOutResponsible finds a unit that is responsible for an open journey and
// that the block would keep out of it: somebody must be able to answer for it
// (L1).
func (d decision) keepsOutResponsible(c Block) (care.UnitID, bool) {
	for _, r := range d.k.Journeys {
		if r.Responsible == "" || c.Journey != "" && c.Journey != r.Journey {
			continue
		}
		if c.Against.Unit != "" && d.under(r.Responsible, c.Against.Unit) || c.Against.But != "" && !d.under(r.Responsible, c.Against.But) {
			return r.Responsible, true
		}
	}
	return "", false
}

func (d decision) hasJourney(stream string) bool {
	return slices.ContainsFunc(d.k.Journeys, func(j JourneyKnown) bool { return j.Journey == stream })
}

func (d decision) provider(a Against) care.UnitID {
	unit := a.But
	if unit == "" || d.k.Provider == nil {
		return ""
	}
	return d.k.Provider(unit)
}

func unitUnknown(unit care.UnitID, field string) error {
	return care.Missing("unit-unknown", "There is no unit {unit}, or it is closed.", "unit", care.Clip(string(unit), longestName)).On(field)
}

// takeOverKey is the key of the task that block n left to a unit's lead.
func takeOverKey(block, n int) string { return fmt.Sprintf("take-over/%d/%d", block, n+1) }
