package casework

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"forlop/care"
	"forlop/care/directory"
	"forlop/pathway"
)

// siteFile is a site as its file says it: which units there are, who works
// there, and which posts they fill.
type siteFile struct {
	regime word
	people []sitePerson
	units  []siteUnit
}

// word is one value in a file, and where it stands. given tells an empty value
// from none: what is not given is left as it is.
type word struct {
	text  string
	given bool
	at    spot
}

// spot is a place in a file; both count from 1, and 0 is the whole file.
type spot struct {
	line, col int
	file      string
}

// sitePerson is one professional. Of hpr and hsa at most one is given: the
// number in the Norwegian or the Swedish register.
type sitePerson struct {
	at                             spot
	id, name, profession, hpr, hsa word
	prescriber                     word
	posts                          []sitePost
}

// sitePost is a post that a person fills, from the start of a day to the end of
// one.
type sitePost struct {
	post        word
	from, until siteDay
}

type siteDay struct {
	word
	date care.Date
}

type siteUnit struct {
	at                               spot
	unit, kind, name, regime, parent word
	phone, hours, note               word
	lead, fallback                   word
	roles                            []word
	services                         []siteService
	known                            siteKnown
}

// siteKinds are the kinds of unit that mean something here: those that fill
// roles in pathways, and those that other units stand below.
var siteKinds = append([]string{string(directory.Trust), string(directory.Municipality), string(directory.Region)}, pathway.UnitKinds...)

// readSite reads a site file: strict, and nothing is looked up elsewhere. The
// file is nil where it cannot be read at all; with an error among the findings
// it must not be carried out.
func readSite(name string, text []byte) (*siteFile, []pathway.Finding) {
	root, found := pathway.ParseYAML(name, text)
	for i := range found {
		found[i].Code = "unreadable"
	}
	p := &sitePage{file: name, found: found}
	if root == nil {
		return nil, p.found
	}
	f := &siteFile{}
	p.keys(root, []siteKey{
		{"regime", func(n *yaml.Node) { f.regime = p.regime(n) }},
		{"people", func(n *yaml.Node) {
			p.list(n, "a list of people", func(n *yaml.Node) {
				if w, ok := p.person(n); ok {
					f.people = append(f.people, w)
				}
			})
		}},
		{"units", func(n *yaml.Node) {
			p.list(n, "a list of units", func(n *yaml.Node) {
				if u, ok := p.unit(n); ok {
					f.units = append(f.units, u)
				}
			})
		}},
	})
	p.whole(f)
	return f, p.found
}

func (p *sitePage) person(n *yaml.Node) (sitePerson, bool) {
	w := sitePerson{at: spot{n.Line, n.Column, p.file}}
	ok := p.keys(n, []siteKey{
		{"id", p.into(&w.id)}, {"name", p.into(&w.name)}, {"profession", p.into(&w.profession)},
		{"hpr", p.into(&w.hpr)}, {"hsa", p.into(&w.hsa)}, {"prescriber", p.into(&w.prescriber)},
		{"posts", func(n *yaml.Node) {
			p.list(n, "a list of posts", func(n *yaml.Node) { w.posts = append(w.posts, p.post(n)) })
		}},
	})
	return w, ok
}

// post reads UNIT/ROLE, or a mapping with days.
func (p *sitePage) post(n *yaml.Node) sitePost {
	var q sitePost
	if n.Kind != yaml.MappingNode {
		p.into(&q.post)(n)
	} else {
		p.keys(n, []siteKey{
			{"post", p.into(&q.post)},
			{"from", func(n *yaml.Node) { q.from = p.day(n) }},
			{"until", func(n *yaml.Node) { q.until = p.day(n) }},
		})
		p.need(q.post, spot{n.Line, n.Column, p.file}, "post", "say which post, as UNIT/ROLE")
	}
	if q.post.text != "" && (q.post.post().Unit == "" || q.post.post().Role == "") {
		p.fault(q.post.at, "post-form", "%q is no post: write UNIT/ROLE, such as pain-clinic/desk", q.post.text)
		q.post = word{}
	}
	if q.post.post().Role == care.Lead {
		p.fault(q.post.at, "lead-as-post", "the lead is named on the unit: write lead: ID there")
		q.post = word{}
	}
	if q.from.given && q.until.given && q.until.date.Before(q.from.date) {
		p.fault(q.until.at, "time-empty", "the last day %s comes before the first, %s", q.until.date, q.from.date)
		q.post = word{}
	}
	return q
}

// post is the post a word names; a word without a slash names none.
func (w word) post() care.Post {
	unit, role, _ := strings.Cut(w.text, "/")
	return care.Post{Unit: care.UnitID(unit), Role: care.Role(role)}
}

func (p *sitePage) unit(n *yaml.Node) (siteUnit, bool) {
	u := siteUnit{at: spot{n.Line, n.Column, p.file}}
	ok := p.keys(n, []siteKey{
		{"unit", p.into(&u.unit)}, {"kind", p.into(&u.kind)}, {"name", p.into(&u.name)},
		{"regime", func(n *yaml.Node) { u.regime = p.regime(n) }},
		{"parent", p.into(&u.parent)}, {"lead", p.into(&u.lead)}, {"fallback", p.into(&u.fallback)},
		{"phone", p.public(&u.phone)}, {"hours", p.public(&u.hours)}, {"note", p.public(&u.note)},
		{"roles", func(n *yaml.Node) {
			p.list(n, "a list of roles", func(n *yaml.Node) {
				var role word
				if p.into(&role)(n); role.text != "" {
					u.roles = append(u.roles, role)
				}
			})
		}},
		{"organisation", p.public(&u.known.organisation)}, {"her", p.public(&u.known.her)}, {"resh", p.public(&u.known.resh)}, {"hsa", p.public(&u.known.hsa)},
		{"redirect", p.public(&u.known.redirect)},
		{"run", func(n *yaml.Node) { u.known.run = p.run(n) }},
		{"capacity", func(n *yaml.Node) { u.known.capacity = p.capacity(n) }},
		{"services", func(n *yaml.Node) {
			p.list(n, "a list of services", func(n *yaml.Node) {
				if s, ok := p.service(n); ok {
					u.services = append(u.services, s)
				}
			})
		}},
	})
	if post := u.fallback.post(); u.fallback.text != "" && (post.Unit == "" || post.Role == "") {
		p.fault(u.fallback.at, "post-form", "%q is no post: write UNIT/ROLE, such as pain-clinic/desk", u.fallback.text)
		u.fallback = word{}
	}
	return u, ok
}

// whole checks what can be seen in the file alone: what everyone needs, and
// names that stand twice.
func (p *sitePage) whole(f *siteFile) {
	if len(f.units) == 0 {
		p.fault(spot{1, 1, p.file}, "no-units", "the file names no unit: a site has at least one, with a named lead")
	}
	p.each(f)
}

// each checks every person and unit by itself, and that no name stands twice.
func (p *sitePage) each(f *siteFile) {
	p.once(f)
	for _, w := range f.people {
		p.need(w.id, w.at, "id", "give each person an id of your own: letters a-z, digits and hyphens")
		p.need(w.name, w.at, "name", "patients see who they talk to")
		p.need(w.profession, w.at, "profession", "such as "+strings.Join(pathway.Professions[:3], ", "))
		if w.profession.text != "" {
			p.known(w.profession, "profession-unknown", "no pathway asks for the profession", pathway.Professions)
		}
		if w.hpr.given && w.hsa.given {
			p.fault(w.hsa.at, "reference-twice", "give hpr or hsa, not both")
		}
	}
	for i := range f.units {
		u := &f.units[i]
		p.need(u.unit, u.at, "unit", "give each unit an id of your own: letters a-z, digits and hyphens")
		p.need(u.name, u.at, "name", "patients see what the unit is called")
		p.need(u.kind, u.at, "kind", "such as "+strings.Join(pathway.UnitKinds[:4], ", "))
		if !u.regime.given {
			u.regime = f.regime
		}
		p.need(u.regime, u.at, "regime", "write regime: NO or regime: SE at the top of the file, or on each unit")
		if u.kind.text != "" {
			p.known(u.kind, "kind-unknown", "no pathway knows the kind, so such a unit can fill no role in one:", siteKinds)
		}
	}
}

// once refuses names that stand twice, in one file or in several that belong
// together.
func (p *sitePage) once(f *siteFile) {
	people, units := map[string]spot{}, map[string]spot{}
	f.people = slices.DeleteFunc(f.people, func(w sitePerson) bool { return p.twice(people, w.id, "person") })
	f.units = slices.DeleteFunc(f.units, func(u siteUnit) bool { return p.twice(units, u.unit, "unit") })
}

// twice refuses an id that stands twice; what is said under it the second time
// is not read further.
func (p *sitePage) twice(seen map[string]spot, id word, what string) bool {
	if id.text == "" {
		return false
	}
	before, twice := seen[id.text]
	if twice {
		where := fmt.Sprintf("on line %d", before.line)
		if before.file != id.at.file {
			where = "in " + before.file
		}
		p.fault(id.at, what+"-twice", "the %s %q stands twice; the first is %s", what, id.text, where)
		return true
	}
	seen[id.text] = id.at
	return false
}
