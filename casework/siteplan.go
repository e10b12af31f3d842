package casework

import (
	"maps"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/directory"
)

// sitePlan is what a file would change, decided against what is there. Nothing
// is stored meanwhile; every change is decided on what the ones before it leave,
// so that a file which cannot be carried out wholly is not begun.
type sitePlan struct {
	sitePage
	siteNow
	site    *siteFile
	now     time.Time
	changes []siteChange
}

// siteNow is the site as it is, and, while a plan is made, as it will be.
type siteNow struct {
	dir    *directory.Directory
	people map[string]directory.Professional
	names  map[string]Identity
	// options are those of the published pathways; none where none is published.
	options map[string]bool
}

// siteChange is one change: a command, or a name in the vault.
type siteChange struct {
	words   string
	target  string
	command directory.Command
	// version is the target's, which makes the change's key: the same change at
	// another time is another order.
	version  int
	identity *Identity
}

// planSite compares a file with what is there.
func planSite(page sitePage, site *siteFile, now siteNow, at time.Time) *sitePlan {
	p := &sitePlan{sitePage: page, siteNow: now, site: site, now: at}
	p.people, p.names = maps.Clone(now.people), maps.Clone(now.names)
	// People first, because units name them; posts once every unit is there.
	for _, w := range site.people {
		p.person(w)
	}
	p.open()
	for _, u := range site.units {
		p.details(u)
	}
	for _, w := range site.people {
		for _, q := range w.posts {
			p.fill(w, q)
		}
	}
	for _, u := range site.units {
		// Numbers, runs and redirects name other units, so those are there first.
		p.fallsBack(u)
		p.serves(u)
		p.tells(u)
	}
	p.unnamed()
	return p
}

func (p *sitePlan) person(w sitePerson) {
	if w.id.text == "" || w.name.text == "" || w.profession.text == "" {
		return
	}
	id, there := w.id.text, p.people[w.id.text]
	number, reference := w.hpr.text, directory.HPR
	if w.hsa.given {
		number, reference = w.hsa.text, directory.HSA
	}
	if number == "" {
		reference = directory.NoReference
	} else if number = p.number(w, reference, number); number == "" {
		return
	}
	if there.Active() {
		if there.Profession != w.profession.text {
			p.warn(w.profession.at, "profession-stays", "%s is registered as %s, and that cannot be changed here; it is left", id, there.Profession)
		}
		if number != "" && there.Reference != reference {
			p.warn(w.at, "reference-stays", "%s is registered with the register %q, and that cannot be changed here; the number is left out", id, there.Reference)
			number = ""
		}
	} else {
		c := directory.Register{Professional: id, Profession: w.profession.text, Reference: reference}
		made, err := directory.DecideProfessional(there, c, care.Act{At: p.now, Actor: care.Service}, directory.Known{Directory: p.dir})
		if p.refused(err, w.at, map[string]word{"professional": w.id, "profession": w.profession}) {
			return
		}
		p.changes = append(p.changes, siteChange{words: "register " + id + ", " + w.profession.text, target: id, command: c, version: there.Version})
		for _, m := range made {
			if p.refused(directory.EvolveProfessional(&there, care.Recorded{Version: there.Version + 1, Event: m.Event, Happened: p.now, Learned: p.now}), w.at, nil) {
				return
			}
		}
		p.people[id] = there
	}
	known := p.names[id]
	named := known
	named.Name = w.name.text
	if number != "" {
		named.Number = number
	}
	if w.prescriber.text != "" {
		code, err := care.ParsePrescriberCode(w.prescriber.text)
		if p.refused(err, w.prescriber.at, nil) {
			return
		}
		named.Prescriber = code
	}
	if named == known {
		return
	}
	words := id + " is called " + named.Name
	if known.Name != "" && known.Name != named.Name {
		words += ", until now " + known.Name
	} else if known.Name == named.Name {
		// Whose number it is stands in the vault, not in what is printed.
		words = id + " has another number or prescriber code"
	}
	p.names[id] = named
	p.changes = append(p.changes, siteChange{words: words, target: id, identity: &named})
}

// open opens the units that are not there, each after the one above it.
func (p *sitePlan) open() {
	var waiting []siteUnit
	for _, u := range p.site.units {
		if _, there := p.dir.Unit(care.UnitID(u.unit.text)); u.unit.text != "" && u.name.text != "" && u.kind.text != "" && u.regime.text != "" && !there {
			waiting = append(waiting, u)
		}
	}
	for len(waiting) > 0 {
		next := slices.IndexFunc(waiting, func(u siteUnit) bool {
			_, there := p.dir.Unit(care.UnitID(u.parent.text))
			return there || !p.inFile(waiting, u.parent.text)
		})
		if next < 0 {
			for _, u := range waiting {
				p.fault(u.parent.at, "unit-in-circle", "the units above %s run in a circle: %s must stand at the top, or below another", u.unit.text, u.parent.text)
			}
			return
		}
		p.openOne(waiting[next])
		waiting = slices.Delete(waiting, next, next+1)
	}
}

func (p *sitePlan) inFile(units []siteUnit, id string) bool {
	return id != "" && slices.ContainsFunc(units, func(u siteUnit) bool { return u.unit.text == id })
}

func (p *sitePlan) openOne(u siteUnit) {
	ok := p.isPerson(u.lead)
	if u.parent.text != "" {
		ok = p.isUnit(u.parent) && ok
	} else if !u.lead.given {
		p.fault(u.at, "lead-missing", "%s stands at the top of its tree and has no lead: write lead: ID with a person of this file. "+
			"What nobody else answers for ends with a named person", u.unit.text)
		ok = false
	}
	if !ok {
		return
	}
	c := directory.OpenUnit{
		Unit: care.UnitID(u.unit.text), Kind: directory.Kind(u.kind.text), Parent: care.UnitID(u.parent.text), Regime: care.Regime(u.regime.text), Lead: u.lead.text,
		Contact: directory.Contact{Name: u.name.text, Phone: u.phone.text, Hours: u.hours.text, Note: u.note.text},
	}
	for _, r := range u.roles {
		if role := care.Role(r.text); role != care.Desk && role != care.Lead {
			c.Roles = append(c.Roles, role)
		}
	}
	words := "open the unit " + u.unit.text + ", " + u.name.text + " (" + u.kind.text + ")"
	if u.parent.text != "" {
		words += ", below " + u.parent.text
	}
	if len(c.Roles) > 0 {
		words += ", with " + joined(c.Roles)
	}
	if u.lead.text != "" {
		words += ", led by " + u.lead.text
	}
	p.decide(c.Unit, c, words, u.at, u.fields())
}

// fields are where the fields of a command stand in the file.
func (u siteUnit) fields() map[string]word {
	f := map[string]word{
		"unit": u.unit, "kind": u.kind, "regime": u.regime, "name": u.name, "phone": u.phone, "hours": u.hours, "note": u.note,
		"parent": u.parent, "lead": u.lead, "professional": u.lead, "post": u.fallback,
	}
	if len(u.roles) > 0 {
		f["role"] = u.roles[0]
	}
	return f
}

// decide decides a command on a unit and keeps it for later.
func (p *sitePlan) decide(id care.UnitID, c directory.Command, words string, at spot, fields map[string]word) {
	state, there := p.dir.Unit(id)
	if !there {
		state = directory.State{Unit: id}
	}
	made, err := directory.Decide(state, c, care.Act{At: p.now, Actor: care.Service}, directory.Known{
		Directory: p.dir, Professional: func(id string) bool { return p.people[id].Active() },
	})
	if p.refused(err, at, fields) {
		return
	}
	p.changes = append(p.changes, siteChange{words: words, target: string(id), command: c, version: state.Version})
	for _, m := range made {
		err := directory.Evolve(&state, care.Recorded{Version: state.Version + 1, Event: m.Event, Happened: p.now, Learned: p.now})
		if p.refused(err, at, nil) {
			return
		}
	}
	p.dir = p.dir.With(state)
}

// refused turns a no into a finding at the field that it is about.
func (p *sitePlan) refused(err error, at spot, fields map[string]word) bool {
	if err == nil {
		return false
	}
	r, ok := care.AsRefusal(err)
	if !ok {
		p.fault(at, "fault", "%s", err)
		return true
	}
	if w, ok := fields[r.Field]; ok && w.given {
		at = w.at
	}
	p.fault(at, r.Code, "%s", strings.TrimSuffix(r.Error(), " ("+r.Code+")"))
	return true
}

// isPerson refuses somebody whom neither the file nor the database knows.
func (p *sitePlan) isPerson(w word) bool {
	if !w.given || p.people[w.text].Active() {
		return true
	}
	var ids []string
	for id, there := range p.people {
		if there.Active() {
			ids = append(ids, id)
		}
	}
	for _, f := range p.site.people {
		if f.id.text == w.text {
			// They are in the file and could not be registered: that has been said.
			return false
		}
	}
	slices.Sort(ids)
	p.fault(w.at, "person-unknown", "there is no person %q%s", w.text, expected(w.text, ids))
	return false
}

// isUnit refuses a unit that neither the file nor the database knows.
func (p *sitePlan) isUnit(w word) bool {
	unit, _, _ := strings.Cut(w.text, "/")
	if _, there := p.dir.Unit(care.UnitID(unit)); there {
		return true
	}
	var ids []string
	for _, id := range p.dir.All() {
		ids = append(ids, string(id))
	}
	for _, u := range p.site.units {
		if u.unit.text == unit {
			// It is in the file and could not be opened: that has been said.
			return false
		}
		ids = append(ids, u.unit.text)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	p.fault(w.at, "unit-unknown", "there is no unit %q%s", unit, expected(unit, ids))
	return false
}

// isPost refuses a post whose unit is unknown or has no such role.
func (p *sitePlan) isPost(w word) bool {
	if !p.isUnit(w) {
		return false
	}
	u, _ := p.dir.Unit(w.post().Unit)
	if u.HasRole(w.post().Role) {
		return true
	}
	roles := []string{string(care.Desk), string(care.Lead)}
	for _, r := range u.Roles {
		roles = append(roles, string(r))
	}
	p.fault(w.at, "post-unknown", "the unit %s has no post %q%s", u.Unit, w.post().Role, expected(string(w.post().Role), roles))
	return false
}

func joined(roles []care.Role) string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return strings.Join(out, ", ")
}
