package publication

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
	"forlop/pathway"
)

// State is one pathway with all its versions, folded from its stream.
type State struct {
	Version int
	ID      string
	Regime  care.Regime
	// Versions stand in the order in which they were published.
	Versions []Edition
	// Uses, Proposals and Notices are by ordinal: the first has number 1.
	Uses      []Use
	Proposals []Proposal
	Notices   []Notice
}

// Standing is where a version is in its life.
type Standing string

// The standings. A draft lies on the shelf and nobody has published it; active
// is an approved version that is in use somewhere.
const (
	StandsDraft     Standing = "draft"
	StandsPublished Standing = "published"
	StandsApproved  Standing = "approved"
	StandsActive    Standing = "active"
	StandsRetired   Standing = "retired"
)

// Act is one person's act: who, from which post, when it was done here.
type Act struct {
	By   string
	Post care.Post
	At   time.Time
}

// Edition is one version.
type Edition struct {
	Published
	Act
	Approvals []Act
	// Stands is published, approved or retired; Standing answers active too.
	Stands Standing
	// Texts are the rewordings, oldest first. Before the first the version is
	// shown as it was published.
	Texts []Rewording
	// Due says that the review date has passed and nobody has gone through it
	// since; DueSince is when, DueEvent the version of the event.
	Due      bool
	DueSince time.Time
	DueEvent int
	// Event is the version of the event that last changed it.
	Event      int
	RetiredWhy string
}

// behind are who stands behind the version so far.
func (e Edition) behind() []string {
	ids := []string{e.By}
	for _, a := range e.Approvals {
		ids = append(ids, a.By)
	}
	return ids
}

// Lacks is how many persons more must approve the version; 0 once it is
// approved or retired.
func (e Edition) Lacks() int {
	if e.Stands != StandsPublished {
		return 0
	}
	return e.Persons - len(e.behind())
}

// Rewording is other words for a version, from an instant. By asked for it;
// Confirmed said yes.
type Rewording struct {
	Revision  int
	TextHash  string
	Languages []care.Language
	From      time.Time
	By        Act
	Confirmed Act
}

// Use is a version in use for a unit and everything under it; an empty unit is
// the whole site.
type Use struct {
	Number  int
	Version string
	Unit    care.UnitID
	// Adopted says that the unit made a draft its own.
	Adopted bool
	From    time.Time
	// Ended is zero while nothing but a later use ends it; EndedBy is the event.
	Ended   time.Time
	EndedBy string
	// By proposed it, Confirmed said yes.
	By        Act
	Confirmed Act
}

// Proposal is one person's half of an act that takes two.
type Proposal struct {
	Proposed
	By    Act
	State string
	// Asked is the version of the event that opened it, Event of the one that
	// last changed it.
	Asked, Event int
}

// Open reports whether the proposal waits for its second person.
func (p Proposal) Open() bool { return p.State == open }

// Notice is something that a version's owner must look at.
type Notice struct {
	Noticed
	Since time.Time
	State string
	Event int
}

// Open reports whether nobody has said yet what comes of it.
func (n Notice) Open() bool { return n.State == open }

// Clone is a copy that shares nothing with s.
func (s State) Clone() State {
	s.Versions = slices.Clone(s.Versions)
	for i := range s.Versions {
		s.Versions[i].Approvals = slices.Clone(s.Versions[i].Approvals)
		s.Versions[i].Texts = slices.Clone(s.Versions[i].Texts)
	}
	s.Uses, s.Proposals, s.Notices = slices.Clone(s.Uses), slices.Clone(s.Proposals), slices.Clone(s.Notices)
	return s
}

// Edition finds a version.
func (s State) Edition(version string) (Edition, bool) {
	for _, e := range s.Versions {
		if e.Ref.Version == version {
			return e, true
		}
	}
	return Edition{}, false
}

// InUse answers what is in use at an instant for a unit itself, or, without a
// unit, for the whole site. Who is above the unit is not asked.
func (s State) InUse(unit care.UnitID, at time.Time) (Use, bool) {
	var found Use
	for _, u := range s.Uses {
		if u.Unit == unit && !u.From.After(at) && !u.cancelled() && (found.Number == 0 || !u.From.Before(found.From)) {
			found = u
		}
	}
	if found.Number == 0 || !found.Ended.IsZero() && !found.Ended.After(at) {
		return Use{}, false
	}
	return found, true
}

// cancelled reports whether the use was taken back before it began.
func (u Use) cancelled() bool { return !u.Ended.IsZero() && !u.Ended.After(u.From) && u.EndedBy != "" }

// Active answers what a new journey opens with: what is in use at the first of
// the units, or at the next, and at last for the whole site. The units are the
// one that receives and those above it, nearest first. The states are those of a
// pathway and, after it, of the local layers over it: at one unit its layer comes
// first.
func Active(states []State, units []care.UnitID, at time.Time) (pathway.Ref, bool) {
	for _, unit := range append(slices.Clone(units), "") {
		for _, s := range slices.Backward(states) {
			if u, ok := s.InUse(unit, at); ok {
				v, known := s.Edition(u.Version)
				return v.Ref, known
			}
		}
	}
	return pathway.Ref{}, false
}

// AdoptedBy reports whether one of the units made a draft its own by an instant
// and has not taken that back. A version that followed it changes nothing.
func (s State) AdoptedBy(version string, units []care.UnitID, at time.Time) bool {
	return slices.ContainsFunc(s.Uses, func(u Use) bool {
		return u.Adopted && u.Version == version && u.Ended.IsZero() && !u.From.After(at) && slices.Contains(units, u.Unit)
	})
}

// Standing is where a version is at an instant.
func (s State) Standing(version string, at time.Time) Standing {
	e, ok := s.Edition(version)
	switch {
	case !ok || e.At.After(at):
		return StandsDraft
	case e.Stands == StandsApproved && slices.ContainsFunc(s.Uses, func(u Use) bool { return u.Version == version && s.runs(u, at) }):
		return StandsActive
	}
	return e.Stands
}

// runs reports whether a use is the one in force at its place.
func (s State) runs(u Use, at time.Time) bool {
	now, ok := s.InUse(u.Unit, at)
	return ok && now.Number == u.Number
}

// Running lists the uses of a version that are in force at an instant or begin
// later, in their order.
func (s State) Running(version string, at time.Time) []Use {
	var out []Use
	for _, u := range s.Uses {
		if u.Version == version && u.Ended.IsZero() && (u.From.After(at) || s.runs(u, at)) {
			out = append(out, u)
		}
	}
	return out
}

// TextAt answers the hash of the texts that a version was shown with at an
// instant, and the revision's number: 0 is as it was published.
func (s State) TextAt(version string, at time.Time) (hash string, revision int, ok bool) {
	e, ok := s.Edition(version)
	if !ok {
		return "", 0, false
	}
	hash = e.TextHash
	for _, t := range e.Texts {
		if !t.From.After(at) {
			hash, revision = t.TextHash, t.Revision
		}
	}
	return hash, revision, true
}

// Evolve folds one event into s. It fails, naming the event, on an event that
// cannot follow.
func Evolve(s *State, r care.Recorded) error {
	if r.Version != s.Version+1 {
		return fmt.Errorf("pathway %s: event %d cannot follow event %d", s.ID, r.Version, s.Version)
	}
	if err := apply(s, r); err != nil {
		return fmt.Errorf("pathway %s, event %d: %s: %w", s.ID, r.Version, r.Event.Type(), err)
	}
	s.Version = r.Version
	return nil
}

func apply(s *State, r care.Recorded) error {
	act := Act{r.Actor.ID, r.Post, r.Learned}
	switch e := r.Event.(type) {
	case Published:
		if _, twice := s.Edition(e.Ref.Version); twice {
			return fmt.Errorf("version %s is published already", e.Ref.Version)
		}
		s.ID, s.Regime = e.Ref.ID, e.Regime
		s.Versions = append(s.Versions, Edition{Published: e, Act: act, Stands: StandsPublished, Event: r.Version})
		return nil
	case Proposed:
		if e.Proposal != len(s.Proposals)+1 {
			return fmt.Errorf("proposal %d cannot follow proposal %d", e.Proposal, len(s.Proposals))
		}
		s.Proposals = append(s.Proposals, Proposal{Proposed: e, By: act, State: open, Asked: r.Version, Event: r.Version})
		return nil
	case Withdrawn:
		_, err := s.close(e.Proposal, r)
		return err
	case Activated:
		p, err := s.close(e.Proposal, r)
		if err != nil {
			return err
		}
		return s.use(Use{Number: e.Use, Version: e.Version, Unit: e.Unit, Adopted: e.Adopted, From: e.From, By: p.By, Confirmed: act})
	case RolledBack:
		return s.rollBack(e, r, act)
	case Retired:
		if _, err := s.close(e.Proposal, r); err != nil {
			return err
		}
		for i := range s.Uses {
			if u := &s.Uses[i]; u.Version == e.Version && u.Ended.IsZero() {
				u.Ended, u.EndedBy = e.At, r.Event.Type()
			}
		}
		v, err := s.stand(e.Version, r)
		if err == nil {
			v.RetiredWhy = e.Why
		}
		return err
	case Noticed:
		if e.Notice != len(s.Notices)+1 {
			return fmt.Errorf("notice %d cannot follow notice %d", e.Notice, len(s.Notices))
		}
		s.Notices = append(s.Notices, Notice{Noticed: e, Since: r.Learned, State: open, Event: r.Version})
		return nil
	case NoticeSettled:
		if e.Notice < 1 || e.Notice > len(s.Notices) || !s.Notices[e.Notice-1].Open() {
			return fmt.Errorf("no notice %d is open", e.Notice)
		}
		n := &s.Notices[e.Notice-1]
		n.State, n.Event = settled, r.Version
		return nil
	}
	return s.applyToVersion(r, act)
}

// applyToVersion folds what happens to one version alone.
func (s *State) applyToVersion(r care.Recorded, act Act) error {
	switch e := r.Event.(type) {
	case ApprovalGiven:
		v, err := s.edition(e.Version)
		if err != nil {
			return err
		}
		v.Approvals, v.Event = append(v.Approvals, act), r.Version
		return nil
	case Approved:
		_, err := s.stand(e.Version, r)
		return err
	case Reworded:
		p, err := s.close(e.Proposal, r)
		if err != nil {
			return err
		}
		v, err := s.edition(e.Version)
		if err != nil {
			return err
		}
		if e.Revision != len(v.Texts)+1 {
			return fmt.Errorf("revision %d cannot follow revision %d", e.Revision, len(v.Texts))
		}
		v.Texts, v.Event = append(v.Texts, Rewording{e.Revision, e.TextHash, e.Languages, e.From, p.By, act}), r.Version
		return nil
	case ReviewFellDue:
		v, err := s.edition(e.Version)
		if err == nil {
			v.Due, v.DueSince, v.DueEvent = true, r.Learned, r.Version
		}
		return err
	case Reviewed:
		v, err := s.edition(e.Version)
		if err == nil {
			v.ReviewBy, v.Due, v.Event = e.Next, false, r.Version
		}
		return err
	}
	return fmt.Errorf("it is not known here")
}

func (s *State) edition(version string) (*Edition, error) {
	for i := range s.Versions {
		if s.Versions[i].Ref.Version == version {
			return &s.Versions[i], nil
		}
	}
	return nil, fmt.Errorf("there is no version %s", version)
}

// stand moves a version along its life.
func (s *State) stand(version string, r care.Recorded) (*Edition, error) {
	v, err := s.edition(version)
	if err != nil {
		return nil, err
	}
	to, ok := next(versionLife, string(v.Stands), r.Event.Type())
	if !ok {
		return nil, fmt.Errorf("version %s is %s", version, v.Stands)
	}
	v.Stands, v.Event = Standing(to), r.Version
	return v, nil
}

// close ends a proposal.
func (s *State) close(number int, r care.Recorded) (Proposal, error) {
	if number < 1 || number > len(s.Proposals) {
		return Proposal{}, fmt.Errorf("there is no proposal %d", number)
	}
	p := &s.Proposals[number-1]
	to, ok := next(proposalLife, p.State, r.Event.Type())
	if !ok {
		return Proposal{}, fmt.Errorf("proposal %d is %s", number, p.State)
	}
	p.State, p.Event = to, r.Version
	return *p, nil
}

func (s *State) use(u Use) error {
	if u.Number != len(s.Uses)+1 {
		return fmt.Errorf("use %d cannot follow use %d", u.Number, len(s.Uses))
	}
	s.Uses = append(s.Uses, u)
	return nil
}

func (s *State) rollBack(e RolledBack, r care.Recorded, act Act) error {
	p, err := s.close(e.Proposal, r)
	if err != nil {
		return err
	}
	if e.Ended < 1 || e.Ended > len(s.Uses) || !s.Uses[e.Ended-1].Ended.IsZero() {
		return fmt.Errorf("use %d is not running", e.Ended)
	}
	was := &s.Uses[e.Ended-1]
	was.Ended, was.EndedBy = e.At, r.Event.Type()
	if e.Use == 0 {
		return nil
	}
	v, err := s.edition(e.Version)
	if err != nil {
		return err
	}
	return s.use(Use{
		Number: e.Use, Version: e.Version, Unit: was.Unit, Adopted: v.Status == pathway.Draft, From: e.At, By: p.By, Confirmed: act,
	})
}
