package directory

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
)

// Holding says that a professional holds a post from From up to but not
// including Until (zero: until further notice): as a member who is not away, or
// as the substitute of one who is.
type Holding struct {
	// Key is unique within the unit and stable as long as the holding is.
	Key          string
	Post         care.Post
	Professional string
	From, Until  time.Time
}

// Holders lists who holds what and when, with substitutes in place of those who
// are away, ordered by role, professional and start. It is empty for a unit
// that is closed for good: its successor's holders answer.
func (s State) Holders() []Holding {
	if s.Status == "" || s.Status == Closed {
		return nil
	}
	var all []Holding
	for _, role := range s.heldRoles() {
		all = append(all, s.holdersOf(role)...)
	}
	slices.SortFunc(all, func(a, b Holding) int {
		if c := strings.Compare(string(a.Post.Role), string(b.Post.Role)); c != 0 {
			return c
		}
		if c := strings.Compare(a.Professional, b.Professional); c != 0 {
			return c
		}
		return a.From.Compare(b.From)
	})
	return all
}

func (s State) heldRoles() []care.Role {
	var roles []care.Role
	for _, m := range s.Members {
		if !slices.Contains(roles, m.Role) {
			roles = append(roles, m.Role)
		}
	}
	return roles
}

// holdersOf asks at every instant at which an answer may change, and joins the
// stretches in which it does not.
func (s State) holdersOf(role care.Role) []Holding {
	r := s.roster(role)
	edges := r.edges()
	open := map[string]time.Time{}
	var list []Holding
	end := func(professional string, until time.Time) {
		from := open[professional]
		delete(open, professional)
		list = append(list, Holding{
			Key:          fmt.Sprintf("%s/%s/%d", role, professional, from.UnixMicro()),
			Post:         care.Post{Unit: s.Unit, Role: role},
			Professional: professional, From: from, Until: until,
		})
	}
	for _, at := range edges {
		now := r.at(at)
		for professional := range open {
			if !now[professional] {
				end(professional, at)
			}
		}
		for professional := range now {
			if _, already := open[professional]; !already {
				open[professional] = at
			}
		}
	}
	for professional := range open {
		end(professional, time.Time{})
	}
	return list
}

// roster is what decides who holds one role: its members, and the absences that
// concern it by professional.
type roster struct {
	members  []Member
	absences map[string][]Absence
}

func (s State) roster(role care.Role) roster {
	r := roster{absences: map[string][]Absence{}}
	for _, m := range s.Members {
		if m.Role == role {
			r.members = append(r.members, m)
		}
	}
	for _, a := range s.Absences {
		if a.Role == "" || a.Role == role {
			r.absences[a.Professional] = append(r.absences[a.Professional], a)
		}
	}
	return r
}

// at is everyone who holds the role at an instant.
func (r roster) at(at time.Time) map[string]bool {
	holders, asked := map[string]bool{}, map[string]bool{}
	for _, m := range r.members {
		if within(m.From, m.Until, at) {
			r.present(m.Professional, at, asked, holders)
		}
	}
	return holders
}

// present adds the professional, or, if away, those who substitute for them. A
// substitute may be away as well; asked keeps two who substitute for each other
// from going round.
func (r roster) present(professional string, at time.Time, asked, holders map[string]bool) {
	if asked[professional] {
		return
	}
	asked[professional] = true
	away := false
	for _, a := range r.absences[professional] {
		if !within(a.From, a.Until, at) {
			continue
		}
		away = true
		if a.Substitute != "" {
			r.present(a.Substitute, at, asked, holders)
		}
	}
	if !away {
		holders[professional] = true
	}
}

// edges are the instants at which the holders may change, in order.
func (r roster) edges() []time.Time {
	var edges []time.Time
	var add func(professional string, seen map[string]bool)
	add = func(professional string, seen map[string]bool) {
		if seen[professional] {
			return
		}
		seen[professional] = true
		for _, a := range r.absences[professional] {
			edges = append(edges, a.From, a.Until)
			add(a.Substitute, seen)
		}
	}
	seen := map[string]bool{}
	for _, m := range r.members {
		edges = append(edges, m.From)
		if !m.Until.IsZero() {
			edges = append(edges, m.Until)
		}
		add(m.Professional, seen)
	}
	slices.SortFunc(edges, time.Time.Compare)
	return slices.CompactFunc(edges, time.Time.Equal)
}

// within reports whether at lies from from up to but not including until; a zero
// until never comes.
func within(from, until, at time.Time) bool {
	return !at.Before(from) && (until.IsZero() || at.Before(until))
}

// bareFrom is the first instant, from now on, at which nobody holds the role.
func (s State) bareFrom(role care.Role, now time.Time) (time.Time, bool) {
	r := s.roster(role)
	if len(r.at(now)) == 0 {
		return now, true
	}
	for _, at := range r.edges() {
		if at.After(now) && len(r.at(at)) == 0 {
			return at, true
		}
	}
	return time.Time{}, false
}
