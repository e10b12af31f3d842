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
// exactly when Resolve finds them for the post. Ordered by unit and role.
func (d *Directory) Covers(professional string, at time.Time) []Cover {
	var list []Cover
	add := func(unit care.UnitID, role care.Role, except []care.Role) {
		list = append(list, Cover{unit, role, except})
		for _, closed := range d.units[unit].standsFor {
			list = append(list, Cover{closed, role, except})
		}
	}
	for _, unit := range d.at[professional] {
		for _, role := range d.own(professional, unit, at) {
			add(unit, role, nil)
			post := care.Post{Unit: unit, Role: role}
			for _, below := range d.leans[post] {
				if d.firstHeld(below, at) == post {
					add(below, "", d.heldRoles(below, at))
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b Cover) int {
		return comparePosts(care.Post{Unit: a.Unit, Role: a.Role}, care.Post{Unit: b.Unit, Role: b.Role})
	})
	return list
}

// firstHeld is the rung that what nobody holds in a unit falls to.
func (d *Directory) firstHeld(unit care.UnitID, at time.Time) care.Post {
	for _, post := range d.units[unit].rungs {
		if d.isHeld(post, at) {
			return post
		}
	}
	return care.Post{}
}

// heldRoles are the roles of a unit that somebody holds, in order.
func (d *Directory) heldRoles(unit care.UnitID, at time.Time) []care.Role {
	var roles []care.Role
	for role := range d.units[unit].held {
		if d.isHeld(care.Post{Unit: unit, Role: role}, at) {
			roles = append(roles, role)
		}
	}
	slices.Sort(roles)
	return roles
}
