package access

import (
	"fmt"
	"slices"
	"time"

	"forlop/care"
)

// Deny is one thing that a block holds back. Unit is a unit and those under it,
// But everyone outside a unit; exactly one of Unit, But and Professional is set.
type Deny struct {
	Key          string
	Unit, But    care.UnitID
	Professional string
	// Journey is the journey's stream; empty is everything.
	Journey  string
	Strength Strength
	// From is when it began to hold. Until is zero: a block has no end of its own.
	From, Until time.Time
}

// Grant is a basis that somebody has from the stream, with its end.
type Grant struct {
	Key string
	// Actor is a relative's own person key, or for an opening the professional's
	// id.
	Actor       string
	Basis       Basis
	Parts       []Part
	From, Until time.Time
}

// Denies are what the standing blocks hold back, in the order in which they were
// set. Deny wins: no grant and no death takes one away. An inner block holds
// outside its provider as an outer one.
func (s State) Denies() []Deny {
	var all []Deny
	for _, b := range s.Blocks {
		if b.Status != BlockStands {
			continue
		}
		d := Deny{
			Key: fmt.Sprintf("block/%d", b.Number), Unit: b.Against.Unit, But: b.Against.But, Professional: b.Against.Professional,
			Journey: b.Journey, Strength: b.Strength, From: b.From,
		}
		all = append(all, d)
		if b.Strength == Inner && b.Provider != "" {
			d.Key, d.Unit, d.But, d.Strength = d.Key+"/outer", "", b.Provider, Outer
			all = append(all, d)
		}
	}
	return all
}

// Grants are the bases that stand or will stand: of proxies, of guardians, of
// openings. Each ends by itself at Until, whoever forgets to look.
func (s State) Grants() []Grant {
	if s.silent() {
		return nil
	}
	var all []Grant
	for _, o := range s.Openings {
		if o.Status == OpeningOpen {
			all = append(all, Grant{fmt.Sprintf("opening/%d", o.Number), o.Professional, BreakGlass, nil, o.From, o.Ends})
		}
	}
	if !s.represented() {
		return all
	}
	for _, g := range s.Guardians {
		if g.Status != GuardianStands {
			continue
		}
		full, key := g.Ends, fmt.Sprintf("guardian/%d", g.Number)
		if !g.Narrows.IsZero() {
			full = g.Narrows
			from := care.Later(g.Starts, g.Narrows)
			if from.Before(g.Ends) && len(g.Parts) > 0 {
				all = append(all, Grant{key + "/limited", string(g.Guardian), Guardian, slices.Clone(g.Parts), from, g.Ends})
			}
		}
		if g.Starts.Before(full) {
			all = append(all, Grant{key, string(g.Guardian), Guardian, slices.Clone(Parts), g.Starts, full})
		}
	}
	for _, p := range s.Proxies {
		if p.Status == ProxyActive {
			all = append(all, Grant{fmt.Sprintf("proxy/%d", p.Number), string(p.To), Proxy, slices.Clone(p.Term.Parts), p.From, p.Term.Ends})
		}
	}
	return all
}

// Acts answers on which basis a relative may act for the person at an instant,
// and what it covers; false is not at all. A guardian's basis goes before a
// proxy's where somebody has both.
func (s State) Acts(relative care.PersonKey, at time.Time) (Basis, []Part, bool) {
	var basis Basis
	covered := map[Part]bool{}
	for _, g := range s.Grants() {
		if g.Basis == BreakGlass || g.Actor != string(relative) || !holds(g.From, g.Until, at) {
			continue
		}
		if basis != Guardian {
			basis = g.Basis
		}
		for _, p := range g.Parts {
			covered[p] = true
		}
	}
	if basis == "" || relative == "" {
		return "", nil, false
	}
	return basis, slices.DeleteFunc(slices.Clone(Parts), func(p Part) bool { return !covered[p] }), true
}

// Opening is the opening that a professional has at an instant.
func (s State) Opening(professional string, at time.Time) (int, bool) {
	if s.silent() {
		return 0, false
	}
	for _, o := range s.Openings {
		if o.Status == OpeningOpen && o.Professional == professional && holds(o.From, o.Ends, at) {
			return o.Number, true
		}
	}
	return 0, false
}

// Lifts are the strengths of blocks that hold nothing back from a professional
// of a unit at an instant: those that open by consent or in an emergency, where
// the person consented to that unit or the professional has an opening. Shut and
// outer blocks are never among them.
func (s State) Lifts(unit care.UnitID, professional string, at time.Time) []string {
	_, open := s.Opening(professional, at)
	for _, c := range s.Consents {
		open = open || !s.silent() && c.Status == ConsentHolds && c.Unit == unit && holds(c.From, c.Ends, at)
	}
	if !open {
		return nil
	}
	return []string{string(Closed), string(Inner)}
}

// Page is a shared page that can be read at an instant.
func (s State) Page(page int, at time.Time) (PageState, bool) {
	if s.silent() || page < 1 || page > len(s.Pages) {
		return PageState{}, false
	}
	p := s.Pages[page-1]
	return p, p.Status == ConsentHolds && holds(p.From, p.Ends, at)
}

// NoticesTo is the relative whom notices go to at an instant: only while they
// may read messages, or are the child's guardian.
func (s State) NoticesTo(at time.Time) (care.PersonKey, bool) {
	if s.Notices == "" || !s.takesNotices(s.Notices, at) {
		return "", false
	}
	return s.Notices, true
}

// takesNotices reports whether notices may go to a relative.
func (s State) takesNotices(relative care.PersonKey, at time.Time) bool {
	basis, parts, ok := s.Acts(relative, at)
	return ok && (slices.Contains(parts, Messages) || basis == Guardian && slices.Contains(parts, Plan))
}

// holds reports whether at lies in [from, until).
func holds(from, until, at time.Time) bool { return !at.Before(from) && at.Before(until) }
