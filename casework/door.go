package casework

import (
	"slices"
	"strings"

	"forlop/access"
	"forlop/care"
)

// Door answers who comes in at an address at all: those for whose kind the policy
// knows a basis for what the address names, and who, if they work, hold the post
// they come from. Everybody else is turned away before anything is read. names are
// questions and commands, parted by commas; one that ends in an asterisk stands for
// all that begin so. Door is nil where the policy allows none of them to anybody:
// such an address must not be served.
//
// A patient and a relative are the same people, so what is for one of them lets
// both in. It decides nothing about persons: that is asked about each of them.
func (s *Service) Door(names string) func(Who) error {
	bases := map[care.ActorKind][]access.Basis{}
	for _, kind := range []care.ActorKind{care.Patient, care.Relative, care.Professional, care.Guest} {
		for _, name := range s.policy.Names() {
			if listed(names, name) {
				bases[kind] = append(bases[kind], s.policy.Bases(kind, name)...)
			}
		}
	}
	home := slices.Concat(bases[care.Patient], bases[care.Relative])
	bases[care.Patient], bases[care.Relative] = home, home
	if len(home)+len(bases[care.Professional])+len(bases[care.Guest]) == 0 {
		return nil
	}
	atPost := slices.ContainsFunc(bases[care.Professional], func(b access.Basis) bool { return b != access.Own })
	return func(who Who) error {
		switch {
		case len(bases[who.Actor.Kind]) == 0:
			return access.Denied()
		case who.Actor.Kind == care.Professional && atPost:
			return s.holds(who, s.clock.Now())
		}
		return nil
	}
}

// listed reports whether a list of names, some with an asterisk, names one.
func listed(names, one string) bool {
	for n := range strings.SplitSeq(names, ",") {
		n = strings.TrimSpace(n)
		if prefix, all := strings.CutSuffix(n, "*"); all && strings.HasPrefix(one, prefix) || n == one {
			return true
		}
	}
	return false
}
