package directory

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"forlop/care"
)

// Directory is a snapshot of all units. It is immutable and safe for concurrent
// use. The tree is the one of the snapshot; who holds what is answered for any
// instant.
type Directory struct {
	units map[care.UnitID]*entry
	ids   []care.UnitID
	// at finds the units in which a professional holds anything at any time.
	at map[string][]care.UnitID
	// leans finds the units that have a post among their rungs, and leads those
	// that have it among the rungs of their lead.
	leans, leads map[care.Post][]care.UnitID
}

// entry is what New works out about one unit.
type entry struct {
	state    State
	holdings []Holding
	// held is by role, ordered by professional and start.
	held map[care.Role][]Holding
	// rungs are the posts that what nobody holds falls to, in order: the desk,
	// the fallback post and its desk, the same of the unit above, and so on to
	// the root's lead.
	rungs []care.Post
	// leads are the rungs of the lead's own post: the leads of the units above.
	// What has climbed to a lead must not come down to a desk again (L7).
	leads []care.Post
	// sound is whether the way up ends in a root.
	sound bool
	// standsFor are the closed units in whose place this one stands.
	standsFor []care.UnitID
}

// New makes a snapshot. States of units that were never opened are left out.
func New(states map[care.UnitID]State) *Directory {
	d := &Directory{units: make(map[care.UnitID]*entry, len(states))}
	for id, s := range states {
		if s.Status != "" {
			d.units[id] = newEntry(s.Clone())
		}
	}
	d.index()
	return d
}

// With is a snapshot with one unit in another state. Only what changed is
// worked out anew.
func (d *Directory) With(s State) *Directory {
	old, known := d.units[s.Unit]
	switch {
	case s.Status == "":
		return d
	case known && sameTree(old.state, s):
		return d.withHolders(old, newEntry(s.Clone()))
	}
	n := &Directory{units: make(map[care.UnitID]*entry, len(d.units)+1)}
	for id, e := range d.units {
		n.units[id] = &entry{state: e.state, holdings: e.holdings, held: e.held}
	}
	n.units[s.Unit] = newEntry(s.Clone())
	n.index()
	return n
}

// sameTree reports whether a change leaves every way up as it was.
func sameTree(a, b State) bool {
	return a.Parent == b.Parent && a.Fallback == b.Fallback && a.Successor == b.Successor && (a.Status == Closed) == (b.Status == Closed)
}

// withHolders is the snapshot where only the unit's own facts and holders
// changed. What it shares with the old one is never written again.
func (d *Directory) withHolders(old, changed *entry) *Directory {
	changed.rungs, changed.leads, changed.sound, changed.standsFor = old.rungs, old.leads, old.sound, old.standsFor
	n := &Directory{units: maps.Clone(d.units), ids: d.ids, at: maps.Clone(d.at), leans: d.leans, leads: d.leads}
	id := changed.state.Unit
	n.units[id] = changed
	for _, h := range old.holdings {
		list := slices.DeleteFunc(slices.Clone(n.at[h.Professional]), func(u care.UnitID) bool { return u == id })
		if n.at[h.Professional] = list; len(list) == 0 {
			delete(n.at, h.Professional)
		}
	}
	for _, h := range changed.holdings {
		list := n.at[h.Professional]
		if i, there := slices.BinarySearch(list, id); !there {
			n.at[h.Professional] = slices.Insert(slices.Clone(list), i, id)
		}
	}
	return n
}

func newEntry(s State) *entry {
	e := &entry{state: s, holdings: s.Holders(), held: map[care.Role][]Holding{}}
	for _, h := range e.holdings {
		e.held[h.Post.Role] = append(e.held[h.Post.Role], h)
	}
	return e
}

// index works out what depends on more than one unit.
func (d *Directory) index() {
	d.at = map[string][]care.UnitID{}
	d.leans, d.leads = map[care.Post][]care.UnitID{}, map[care.Post][]care.UnitID{}
	d.ids = slices.Sorted(maps.Keys(d.units))
	for _, id := range d.ids {
		e := d.units[id]
		for _, h := range e.holdings {
			if list := d.at[h.Professional]; len(list) == 0 || list[len(list)-1] != id {
				d.at[h.Professional] = append(list, id)
			}
		}
		if e.state.Status == Closed {
			if stands, ok := d.standing(id); ok {
				d.units[stands].standsFor = append(d.units[stands].standsFor, id)
			}
			continue
		}
		e.rungs, e.leads, e.sound = d.rungsOf(id)
		for _, post := range e.rungs {
			d.leans[post] = append(d.leans[post], id)
		}
		for _, post := range e.leads {
			d.leads[post] = append(d.leads[post], id)
		}
	}
}

// Unit is the state of a unit.
func (d *Directory) Unit(id care.UnitID) (State, bool) {
	e, ok := d.units[id]
	if !ok {
		return State{}, false
	}
	return e.state.Clone(), true
}

// All lists the units in the order of their ids.
func (d *Directory) All() []care.UnitID { return slices.Clone(d.ids) }

// Exists reports whether something new can be given to the post: the unit is
// not closed for good and has the role. Somebody need not hold it.
func (d *Directory) Exists(p care.Post) bool {
	e, ok := d.units[p.Unit]
	return ok && e.state.Status != Closed && e.state.HasRole(p.Role)
}

// Holders are those who hold the post itself at an instant, with substitutes for
// those who are away, in order. Nobody holds a post of a closed unit; Resolve
// says who answers for it.
func (d *Directory) Holders(p care.Post, at time.Time) []string {
	e, ok := d.units[p.Unit]
	if !ok {
		return nil
	}
	var list []string
	for _, h := range e.held[p.Role] {
		if within(h.From, h.Until, at) {
			list = append(list, h.Professional)
		}
	}
	return list
}

// Kind is the kind of a unit, empty for one nobody knows.
func (d *Directory) Kind(id care.UnitID) string {
	if e, ok := d.units[id]; ok {
		return string(e.state.Kind)
	}
	return ""
}

func (d *Directory) isHeld(p care.Post, at time.Time) bool {
	e, ok := d.units[p.Unit]
	return ok && slices.ContainsFunc(e.held[p.Role], func(h Holding) bool { return within(h.From, h.Until, at) })
}

// Resolve says who answers for a post at an instant and where they stand: at the
// post itself, or at the first rung above it that is held. A lead's post falls to
// the leads above, any other to the desk first. ok is false only for an unknown
// unit and where the tree is broken, which Ready reports.
func (d *Directory) Resolve(p care.Post, at time.Time) (holders []string, where care.Post, ok bool) {
	for _, post := range d.ladder(p) {
		if holders := d.Holders(post, at); len(holders) > 0 {
			return holders, post, true
		}
	}
	return nil, care.Post{}, false
}

// ladder lists the posts that answer for p, in the order in which they are
// asked.
func (d *Directory) ladder(p care.Post) []care.Post {
	unit, ok := d.standing(p.Unit)
	if !ok {
		return nil
	}
	e := d.units[unit]
	switch p.Role {
	case "", care.Desk:
		return e.rungs
	case care.Lead:
		return e.leads
	}
	return slices.Concat([]care.Post{{Unit: unit, Role: p.Role}}, e.rungs)
}

// Lead is the named professional who answers for a unit at an instant: its own
// lead, or that of the nearest unit above which has one. For a lead who is away
// it is the substitute.
func (d *Directory) Lead(unit care.UnitID, at time.Time) (professional string, post care.Post, ok bool) {
	holders, post, ok := d.Resolve(care.Post{Unit: unit, Role: care.Lead}, at)
	if !ok {
		return "", care.Post{}, false
	}
	return holders[0], post, true
}

// Units are the units in which the professional holds a post at an instant.
func (d *Directory) Units(professional string, at time.Time) []care.UnitID {
	var list []care.UnitID
	for _, id := range d.at[professional] {
		if len(d.own(professional, id, at)) > 0 {
			list = append(list, id)
		}
	}
	return list
}

// own are the roles that a professional holds in a unit.
func (d *Directory) own(professional string, id care.UnitID, at time.Time) []care.Role {
	var roles []care.Role
	for _, h := range d.units[id].holdings {
		if h.Professional == professional && within(h.From, h.Until, at) && !slices.Contains(roles, h.Post.Role) {
			roles = append(roles, h.Post.Role)
		}
	}
	return roles
}

// standing is the unit itself, or, once it is closed, the one that stands in its
// place. It is not ok for a unit nobody knows.
func (d *Directory) standing(id care.UnitID) (care.UnitID, bool) {
	for range len(d.units) + 1 {
		e, ok := d.units[id]
		if !ok {
			return "", false
		}
		if e.state.Status != Closed {
			return id, true
		}
		id = e.state.Successor
	}
	return "", false // successors in a circle
}

// climb is the way from a unit to its root, each unit once. It is not sound
// where the way runs in a circle or into nothing.
func (d *Directory) climb(id care.UnitID) (way []care.UnitID, sound bool) {
	for {
		unit, ok := d.standing(id)
		if !ok || slices.Contains(way, unit) {
			return way, false
		}
		way = append(way, unit)
		if id = d.units[unit].state.Parent; id == "" {
			return way, true
		}
	}
}

// Above is the unit that stands for id, and those above it, nearest first; none
// where there is no such unit.
func (d *Directory) Above(id care.UnitID) []care.UnitID {
	way, sound := d.climb(id)
	if !sound {
		return nil
	}
	return way
}

// rungsOf lists the posts that what nobody holds in a unit falls to, and those
// that its lead's post falls to.
func (d *Directory) rungsOf(id care.UnitID) (rungs, leads []care.Post, sound bool) {
	add := func(p care.Post) {
		if !slices.Contains(rungs, p) {
			rungs = append(rungs, p)
		}
	}
	way, sound := d.climb(id)
	for _, unit := range way {
		leads = append(leads, care.Post{Unit: unit, Role: care.Lead})
		add(care.Post{Unit: unit, Role: care.Desk})
		if f := d.units[unit].state.Fallback; !f.IsZero() {
			if stands, ok := d.standing(f.Unit); ok {
				add(care.Post{Unit: stands, Role: f.Role})
				add(care.Post{Unit: stands, Role: care.Desk})
			}
		}
	}
	if sound {
		add(leads[len(leads)-1])
		return rungs, leads, true
	}
	// The tree is broken and Ready says so; until it is mended, any lead on the
	// way is better than nobody.
	for _, lead := range slices.Backward(leads) {
		add(lead)
	}
	return rungs, leads, false
}

// Ready reports whether every open unit has a way to a named person at an
// instant (L1). It names each unit that has none, and what to do: no-units,
// unit-way-broken, root-without-lead.
func (d *Directory) Ready(at time.Time) error {
	var faults []error
	open := 0
	for _, id := range d.ids {
		e := d.units[id]
		if e.state.Status == Closed {
			if _, ok := d.standing(id); !ok {
				faults = append(faults, wayBroken(id))
			}
			continue
		}
		open++
		switch {
		case !e.sound:
			faults = append(faults, wayBroken(id))
		case e.state.isRoot() && !d.isHeld(care.Post{Unit: id, Role: care.Lead}, at):
			faults = append(faults, withoutLead(id, at))
		}
	}
	if open == 0 {
		faults = append(faults, care.Refuse("no-units", "There is no open unit: open a root with a named lead first."))
	}
	return errors.Join(faults...)
}

func wayBroken(id care.UnitID) error {
	return care.Refuse("unit-way-broken",
		"The way up from the unit {unit} runs in a circle or ends at a unit that is not there: move it below another unit, or make it a root.", "unit", string(id))
}

func withoutLead(id care.UnitID, at time.Time) *care.Refusal {
	return care.Refuse("root-without-lead",
		"The unit {unit} stands at the top of its tree and would have no named lead from {from}: name a lead, or a substitute for the one who is away.",
		"unit", string(id), "from", at.UTC().Format(time.RFC3339))
}

// comparePosts orders posts by unit and role.
func comparePosts(a, b care.Post) int {
	if c := strings.Compare(string(a.Unit), string(b.Unit)); c != 0 {
		return c
	}
	return strings.Compare(string(a.Role), string(b.Role))
}
