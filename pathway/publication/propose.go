package publication

import (
	"fmt"
	"slices"

	"forlop/care"
	"forlop/pathway"
)

// propose opens a proposal, unless the same is proposed already.
func (d decision) propose(p Proposed) ([]care.Made, error) {
	for _, o := range d.s.Proposals {
		if o.Open() && o.What == p.What && o.Version == p.Version && o.Unit == p.Unit && o.TextHash == p.TextHash {
			return nil, care.Refuse("pathway-proposed-already", "This is proposed already and waits for a second person: {post} must confirm it.",
				"post", care.Post{Unit: d.unitOf(o), Role: care.PathwayApprover}.String())
		}
	}
	p.Proposal = len(d.s.Proposals) + 1
	return made(p), nil
}

// Waiting is the number of the open proposal that asks for what a command would
// propose, and that somebody else has made; 0 where there is none.
func (s State) Waiting(c Command, who string) int {
	var want Proposed
	switch c := c.(type) {
	case ProposeUse:
		want = Proposed{What: ToActivate, Version: c.Version, Unit: c.Unit}
		if c.Adopt {
			want.What = ToAdopt
		}
		if !c.From.IsZero() {
			want.From = exact(care.CalendarOf(s.Regime).StartOf(c.From))
		}
	case ProposeRetirement:
		want = Proposed{What: ToRetire, Version: c.Version}
	case ProposeRollback:
		now, _ := s.newest(c.Unit)
		want = Proposed{What: ToRollBack, Version: now.Version, Unit: c.Unit}
	case ProposeText:
		want = Proposed{What: ToReword, Version: c.Version, TextHash: c.TextHash}
	default:
		return 0
	}
	for _, p := range s.Proposals {
		if p.Open() && p.By.By != who && p.What == want.What && p.Version == want.Version && p.Unit == want.Unit &&
			p.TextHash == want.TextHash && (want.From.IsZero() || p.From.Equal(want.From)) {
			return p.Proposal
		}
	}
	return 0
}

// newest is the use of a place that nothing has ended.
func (s State) newest(unit care.UnitID) (u Use, ok bool) {
	for _, o := range s.Uses {
		if o.Unit == unit && o.Ended.IsZero() {
			u, ok = o, true
		}
	}
	return u, ok
}

// unitOf is the unit whose post confirms a proposal.
func (d decision) unitOf(p Proposal) care.UnitID {
	if p.Unit != "" {
		return p.Unit
	}
	return p.By.Post.Unit
}

func (d decision) proposeUse(c ProposeUse) ([]care.Made, error) {
	v, err := d.mayUse(c.Version, c.Unit, c.Adopt)
	if err != nil {
		return nil, err
	}
	p := Proposed{What: ToActivate, Version: c.Version, Unit: c.Unit}
	if c.Adopt {
		p.What = ToAdopt
	}
	if !c.From.IsZero() {
		cal := care.CalendarOf(v.Regime)
		if c.From.Before(cal.Date(d.act.At)) {
			return nil, care.Refuse("pathway-from-past", "A version comes into use today or later, not on {day}.", "day", c.From.String()).On("from")
		}
		p.From = exact(cal.StartOf(c.From))
	}
	if now, ok := d.s.InUse(c.Unit, d.act.At); ok && now.Version == c.Version && d.scheduled(c.Unit) == 0 {
		return nil, care.Unchanged()
	}
	return d.propose(p)
}

// scheduled is the use that begins later at a place; 0 where there is none.
func (d decision) scheduled(unit care.UnitID) int {
	for _, u := range d.s.Uses {
		if u.Unit == unit && u.Ended.IsZero() && u.From.After(d.act.At) {
			return u.Number
		}
	}
	return 0
}

// mayUse refuses a version that must not come into use there. It is asked when
// the use is proposed and again when it is confirmed. Its use may be proposed
// before it is approved, and not be confirmed.
func (d decision) mayUse(version string, unit care.UnitID, adopt bool) (Edition, error) {
	v, err := d.living(version)
	if err != nil {
		return v, err
	}
	own := v.Status == pathway.Draft
	switch {
	case own && !adopt:
		return v, care.Refuse("pathway-draft", "{pathway} is a draft: no national text stands behind it. A unit that wants it adopts it as its own.",
			"pathway", v.Ref.String()).On("version")
	case !own && adopt:
		return v, care.Refuse("pathway-national", "{pathway} follows a published text. It is activated; there is nothing to adopt.", "pathway", v.Ref.String()).On("version")
	case own && unit == "":
		return v, care.Refuse("pathway-adopter", "Say which unit makes {pathway} its own. A draft is never adopted for a whole site.", "pathway", v.Ref.String()).On("unit")
	}
	if err := errorOf(d.answersFor(unit), d.mayLayer(v, unit)); err != nil {
		return v, err
	}
	if own && d.act.Post.Unit != unit {
		return v, care.Refuse("pathway-adopts-itself", "A unit adopts for itself: two persons who hold {post} must do it.",
			"post", care.Post{Unit: unit, Role: care.PathwayApprover}.String()).On("unit")
	}
	where := unit
	if where == "" {
		where = d.act.Post.Unit
	}
	if r := d.k.Regime(where); r != v.Regime {
		return v, care.Refuse("wrong-regime", "The pathway {pathway} is for {regime}.", "pathway", v.Ref.String(), "regime", string(v.Regime)).On("version")
	}
	return v, nil
}

// mayLayer refuses a local layer elsewhere than at home, and over a version that
// nobody has approved.
func (d decision) mayLayer(v Edition, unit care.UnitID) error {
	if v.Extends.ID == "" {
		return nil
	}
	if !slices.Contains(d.k.Units(unit), v.Unit) {
		return care.Refuse("pathway-layer-elsewhere", "{pathway} is a local layer of {unit}: it is used there and in the units below.",
			"pathway", v.Ref.String(), "unit", string(v.Unit)).On("unit")
	}
	if s := d.k.Standing(v.Extends); s != StandsApproved && s != StandsActive {
		return care.Refuse("pathway-layer-base", "{pathway} lies over {base}, which is not approved or is retired.",
			"pathway", v.Ref.String(), "base", v.Extends.String()).On("version")
	}
	return nil
}

func (d decision) proposeRetirement(c ProposeRetirement) ([]care.Made, error) {
	v, err := d.living(c.Version)
	if err != nil {
		return nil, err
	}
	if err := errorOf(d.answersFor(v.Unit), checkWhy(c.Why)); err != nil {
		return nil, err
	}
	return d.propose(Proposed{What: ToRetire, Version: c.Version, Why: c.Why})
}

func (d decision) proposeRollback(c ProposeRollback) ([]care.Made, error) {
	if err := errorOf(d.answersFor(c.Unit), checkWhy(c.Why)); err != nil {
		return nil, err
	}
	e, err := d.rollback(c.Unit)
	if err != nil {
		return nil, err
	}
	return d.propose(Proposed{What: ToRollBack, Version: d.s.Uses[e.Ended-1].Version, Unit: c.Unit, Why: c.Why})
}

// rollback says what taking the newest use of a place back does now.
func (d decision) rollback(unit care.UnitID) (RolledBack, error) {
	e := RolledBack{At: exact(d.act.At), Ended: d.scheduled(unit)}
	now, running := d.s.InUse(unit, d.act.At)
	if e.Ended > 0 {
		// What has not begun yet is called off; what is in use goes on.
		e.Version = now.Version
		return e, nil
	}
	if !running {
		return e, care.Refuse("pathway-not-in-use", "Nothing of {pathway} is in use there, so there is nothing to take back.", "pathway", d.s.ID).On("unit")
	}
	e.Ended = now.Number
	var before Use
	for _, u := range d.s.Uses {
		if u.Unit == unit && u.Number < now.Number && u.Ended.IsZero() && u.Version != now.Version {
			before = u
		}
	}
	if before.Number == 0 {
		return e, care.Refuse("pathway-nothing-before", "{pathway} had no version in use there before. Retire the version instead.", "pathway", d.s.ID).On("unit")
	}
	if v, _ := d.s.Edition(before.Version); v.Stands != StandsApproved {
		return e, retired(v)
	}
	e.Version, e.Use = before.Version, len(d.s.Uses)+1
	return e, nil
}

func (d decision) proposeText(c ProposeText) ([]care.Made, error) {
	v, err := d.living(c.Version)
	if err != nil {
		return nil, err
	}
	if err := d.answersFor(v.Unit); err != nil {
		return nil, err
	}
	if now, _, _ := d.s.TextAt(c.Version, d.act.At); now == c.TextHash || c.TextHash == "" || len(c.Languages) == 0 {
		return nil, care.Refuse("pathway-same-words", "{pathway} has these words already.", "pathway", v.Ref.String()).On("text")
	}
	return d.propose(Proposed{What: ToReword, Version: c.Version, TextHash: c.TextHash, Languages: c.Languages})
}

// proposal finds a proposal that waits for its second person.
func (d decision) proposal(number int) (Proposal, error) {
	if number < 1 || number > len(d.s.Proposals) || !d.s.Proposals[number-1].Open() {
		return Proposal{}, care.Missing("pathway-no-proposal", "There is no open proposal {proposal} of {pathway}.",
			"proposal", fmt.Sprint(number), "pathway", d.s.ID).On("proposal")
	}
	return d.s.Proposals[number-1], nil
}

// confirm is the second person's half: what was proposed is checked again, as it
// is now, and carried out.
func (d decision) confirm(c Confirm) ([]care.Made, error) {
	p, err := d.proposal(c.Proposal)
	if err != nil {
		return nil, err
	}
	v, err := d.living(p.Version)
	if err != nil {
		return nil, err
	}
	unit := p.Unit
	if p.What == ToRetire || p.What == ToReword {
		unit = v.Unit
	}
	if err := d.answersFor(unit); err != nil {
		return nil, err
	}
	if p.By.By == d.act.Actor.ID {
		return nil, d.secondPerson(care.Post{Unit: d.unitOf(p), Role: care.PathwayApprover}, []string{p.By.By})
	}
	now := exact(d.act.At)
	switch p.What {
	case ToActivate, ToAdopt:
		if _, err := d.mayUse(p.Version, p.Unit, p.What == ToAdopt); err != nil {
			return nil, err
		}
		if v.Stands != StandsApproved {
			return nil, care.Refuse("pathway-not-approved", "{pathway} is not approved. First {persons} different persons must stand behind it: {post} approves.",
				"pathway", v.Ref.String(), "persons", fmt.Sprint(v.Persons), "post", care.Post{Unit: v.Unit, Role: care.PathwayApprover}.String()).On("version")
		}
		e := Activated{Proposal: p.Proposal, Use: len(d.s.Uses) + 1, Version: p.Version, Unit: p.Unit, From: p.From, Adopted: p.What == ToAdopt}
		if e.From.Before(now) {
			e.From = now
		}
		return made(e), nil
	case ToRetire:
		return made(Retired{p.Proposal, p.Version, now, p.Why}), nil
	case ToRollBack:
		e, err := d.rollback(p.Unit)
		if err != nil {
			return nil, err
		}
		if d.s.Uses[e.Ended-1].Version != p.Version {
			return nil, care.Stale("pathway-rollback-other", "Another version has come into use since this was proposed. Withdraw the proposal and look again.")
		}
		e.Proposal, e.Why = p.Proposal, p.Why
		return made(e), nil
	case ToReword:
		return made(Reworded{p.Proposal, p.Version, len(v.Texts) + 1, p.TextHash, slices.Clone(p.Languages), now}), nil
	}
	return nil, fmt.Errorf("publication: nobody can confirm a proposal to %s", p.What)
}

func (d decision) withdraw(c Withdraw) ([]care.Made, error) {
	p, err := d.proposal(c.Proposal)
	if err != nil {
		return nil, err
	}
	if err := errorOf(d.answersFor(d.unitOf(p)), checkWhy(c.Why)); err != nil {
		return nil, err
	}
	return made(Withdrawn(c)), nil
}
