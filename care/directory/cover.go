package directory

import (
	"slices"
	"time"

	"forlop/care"
)

// Cover is a set of posts of one unit that a professional answers for: the one
// role, or, where Role is empty, every role but those in Except, which others
// hold. A pathway may name any role, so the roles nobody holds cannot be listed.
type Cover struct {
	Unit   care.UnitID
	Role   care.Role
	Except []care.Role
	// Own says that they hold the post itself, themselves or as a substitute: it
	// has not fallen to them from elsewhere.
	Own bool
}

// Has reports whether the cover holds a post.
func (c Cover) Has(p care.Post) bool {
	if c.Unit != p.Unit {
		return false
	}
	if c.Role != "" {
		return c.Role == p.Role
	}
	return !slices.Contains(c.Except, p.Role)
}

// Covers lists every post that the professional answers for at an instant: what
// they hold, and what falls to them because nobody holds it. A post is in it
// exactly when Resolve finds them for the post. Their own posts come first, each
// part ordered by unit and role.
func (d *Directory) Covers(professional string, at time.Time) []Cover {
	var list []Cover
	add := func(c Cover) {
		list = append(list, c)
		c.Own = false
		for _, closed := range d.units[c.Unit].standsFor {
			c.Unit = closed
			list = append(list, c)
		}
	}
	for _, unit := range d.at[professional] {
		for _, role := range d.own(professional, unit, at) {
			add(Cover{Unit: unit, Role: role, Own: true})
			post := care.Post{Unit: unit, Role: role}
			for _, below := range d.leans[post] {
				if d.firstHeld(d.units[below].rungs, at) == post {
					add(Cover{Unit: below, Except: d.notFalling(below, at)})
				}
			}
			for _, below := range d.leads[post] {
				if below != unit && d.firstHeld(d.units[below].leads, at) == post {
					add(Cover{Unit: below, Role: care.Lead})
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b Cover) int {
		if a.Own != b.Own {
			return map[bool]int{true: -1, false: 1}[a.Own]
		}
		return comparePosts(care.Post{Unit: a.Unit, Role: a.Role}, care.Post{Unit: b.Unit, Role: b.Role})
	})
	return list
}

// firstHeld is the first rung that somebody holds.
func (d *Directory) firstHeld(rungs []care.Post, at time.Time) care.Post {
	for _, post := range rungs {
		if d.isHeld(post, at) {
			return post
		}
	}
	return care.Post{}
}

// notFalling are the roles of a unit that do not fall to its desk, in order: those
// that somebody holds, and the lead's, which falls to other leads.
func (d *Directory) notFalling(unit care.UnitID, at time.Time) []care.Role {
	roles := []care.Role{care.Lead}
	for role := range d.units[unit].held {
		if role != care.Lead && d.isHeld(care.Post{Unit: unit, Role: role}, at) {
			roles = append(roles, role)
		}
	}
	slices.Sort(roles)
	return roles
}
