package casework

import (
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
)

// overseen reports whether the asker oversees the looks that are made from the
// posts of a unit: a unit answers for what its own staff look at, whoever they
// look at, and so does every unit above it in the directory. What patients,
// relatives and guests look at comes from no post and is overseen by no unit. Who
// runs the site answers for the whole log. ("Controller" in GDPR art. 4(7) is
// whoever decides over the staff; that the tree of units draws its border is
// assumed.)
func (r *reading) overseen(unit care.UnitID) bool {
	if r.who.Actor.Kind == care.System {
		return true
	}
	return under(r.dir, unit, r.who.Post.Unit)
}

func under(dir *directory.Directory, unit, above care.UnitID) bool {
	return unit != "" && (unit == above || slices.Contains(dir.Above(unit), above))
}

// officered reports whether somebody is the privacy officer of a unit or of one
// above it.
func officered(dir *directory.Directory, unit care.UnitID, at time.Time) bool {
	return slices.ContainsFunc(append([]care.UnitID{unit}, dir.Above(unit)...), func(u care.UnitID) bool {
		return len(dir.Holders(care.Post{Unit: u, Role: care.PrivacyOfficer}, at)) > 0
	})
}

// overseerPost is who owns what a unit's oversight raises about somebody's looks:
// its privacy officer, or, while nobody else than they is that, its lead.
func overseerPost(dir *directory.Directory, unit care.UnitID, at time.Time, actors ...string) care.Post {
	officer := care.Post{Unit: unit, Role: care.PrivacyOfficer}
	if slices.ContainsFunc(dir.Holders(officer, at), func(id string) bool { return !slices.Contains(actors, id) }) {
		return officer
	}
	return care.Post{Unit: unit, Role: care.Lead}
}

// overseer is the unit whose oversight somebody's looks from a unit come to: the
// nearest upwards with a privacy officer who is somebody else, or else with a
// lead who is. Where the one who looked is the only one of both, it is the unit
// itself, and waits until somebody else is named.
func overseer(dir *directory.Directory, unit care.UnitID, actor string, at time.Time) care.UnitID {
	way := append([]care.UnitID{unit}, dir.Above(unit)...)
	for _, role := range []care.Role{care.PrivacyOfficer, care.Lead} {
		for _, u := range way {
			if slices.ContainsFunc(dir.Holders(care.Post{Unit: u, Role: role}, at), func(id string) bool { return id != actor }) {
				return u
			}
		}
	}
	return unit
}

// oversees reports whether the actor oversees who looks: the privacy officer
// themselves; a lead, where there is no officer, for the log; any lead for the one
// matter that came to them, which judges decides; or the operator's command line.
func (a asking) oversees() bool {
	if a.who.Actor.Kind == care.System || a.holdsThemselves(care.PrivacyOfficer) {
		return true
	}
	if !a.holdsThemselves(care.Lead) {
		return false
	}
	switch a.what {
	case LogSample{}.Name(), LogOfBreach{}.Name():
		return !officered(a.dir, a.who.Post.Unit, a.now)
	case OversightQuery{}.Name(), access.ReviewOpening{}.Name(), access.DecideMatter{}.Name():
		return true
	}
	return false
}

// judges reports whether the actor is whom something of a unit's oversight waits
// for: its privacy officer or one above it; its lead, where there is no officer or
// where it is theirs: the only officer looked, or it climbed undecided.
func (a asking) judges(unit care.UnitID, leads bool) bool {
	switch {
	case a.who.Actor.Kind == care.System:
		return true
	case a.holdsThemselves(care.PrivacyOfficer):
		return under(a.dir, unit, a.who.Post.Unit)
	case a.holdsThemselves(care.Lead):
		_, where, _ := a.dir.Resolve(care.Post{Unit: unit, Role: care.Lead}, a.now)
		return where == a.who.Post && (leads || !officered(a.dir, unit, a.now))
	}
	return false
}

// judgesIt is judges of what the actor is about to decide.
func (a asking) judgesIt(state any) bool {
	switch c := a.command.(type) {
	case access.ReviewOpening:
		if s, is := state.(*access.State); is && c.Opening >= 1 && c.Opening <= len(s.Openings) {
			return a.judges(s.Openings[c.Opening-1].Review.Post.Unit, s.Climbs["review/"+itoa(c.Opening)].Rung > 0)
		}
	case access.DecideMatter:
		if o, is := state.(*access.Oversight); is && c.Matter >= 1 && c.Matter <= len(o.Matters) {
			return a.judges(o.Unit, o.Matters[c.Matter-1].ForLead())
		}
	default:
		return a.oversees()
	}
	return a.oversees() // there is no such thing: the decision says so
}

// OverseesFrom are the posts of a professional that oversee who looks: as privacy
// officer, or as lead where there is none.
func (s *Service) OverseesFrom(professional string) []care.Post {
	return s.ownPosts(professional, func(p care.Post, now time.Time) bool {
		return p.Role == care.PrivacyOfficer || p.Role == care.Lead && !officered(s.Directory(), p.Unit, now)
	})
}

// JudgesFrom are the posts of a professional from which something of a unit's
// oversight may be theirs to decide: as privacy officer, or as lead. Which, the
// question about the one thing says.
func (s *Service) JudgesFrom(professional string) []care.Post {
	return s.ownPosts(professional, func(p care.Post, _ time.Time) bool {
		return p.Role == care.PrivacyOfficer || p.Role == care.Lead
	})
}

// ownPosts are the posts a professional holds themselves, officers' first.
func (s *Service) ownPosts(professional string, fits func(care.Post, time.Time) bool) []care.Post {
	now := s.clock.Now()
	var posts []care.Post
	for _, c := range s.Directory().Covers(professional, now) {
		if p := (care.Post{Unit: c.Unit, Role: c.Role}); c.Own && fits(p, now) {
			posts = append(posts, p)
		}
	}
	slices.SortStableFunc(posts, func(a, b care.Post) int {
		return map[bool]int{true: -1}[a.Role == care.PrivacyOfficer] - map[bool]int{true: -1}[b.Role == care.PrivacyOfficer]
	})
	return posts
}
