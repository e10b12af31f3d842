package casework

import (
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/directory"
)

// details changes what the file says otherwise about a unit that is there. What
// the file does not say is left, and said to be left.
func (p *sitePlan) details(u siteUnit) {
	there, ok := p.dir.Unit(care.UnitID(u.unit.text))
	if !ok {
		return
	}
	id, fields := there.Unit, u.fields()
	if there.Status == directory.Closed {
		p.fault(u.unit.at, "unit-closed", "%s is closed for good; %s stands in its place: name that one", id, there.Successor)
		return
	}
	if u.kind.text != "" && string(there.Kind) != u.kind.text {
		p.fault(u.kind.at, "kind-stays", "%s is a %s, and a unit's kind cannot change: open another unit", id, there.Kind)
	}
	if u.regime.text != "" && string(there.Regime) != u.regime.text {
		p.fault(u.regime.at, "regime-stays", "%s is under %s, and a unit's regime cannot change: open another unit", id, there.Regime)
	}
	p.contact(u, there)
	switch {
	case u.parent.text != "" && string(there.Parent) != u.parent.text:
		if p.isUnit(u.parent) {
			p.decide(id, directory.Move{Parent: care.UnitID(u.parent.text)}, "move "+string(id)+" from below "+orTop(there.Parent)+" to below "+u.parent.text, u.parent.at, fields)
		}
	case !u.parent.given && there.Parent != "":
		p.warn(u.at, "parent-left", "%s stands below %s, which the file does not say; it is left there", id, there.Parent)
	}
	for _, r := range u.roles {
		if !there.HasRole(care.Role(r.text)) {
			p.decide(id, directory.AddPost{Role: care.Role(r.text)}, "add the post "+string(id)+"/"+r.text, r.at, map[string]word{"role": r})
		}
	}
	for _, r := range there.Roles {
		if !slices.ContainsFunc(u.roles, func(w word) bool { return w.text == string(r) }) {
			p.warn(u.at, "post-left", "%s has the post %s, which the file does not name; it is left", id, r)
		}
	}
	p.lead(u, there)
}

func orTop(id care.UnitID) string {
	if id == "" {
		return "nobody"
	}
	return string(id)
}

func (p *sitePlan) contact(u siteUnit, there directory.State) {
	want, said := there.Contact, []string{}
	for _, f := range []struct {
		key  string
		file word
		into *string
	}{{"name", u.name, &want.Name}, {"phone", u.phone, &want.Phone}, {"hours", u.hours, &want.Hours}, {"note", u.note, &want.Note}} {
		switch {
		case !f.file.given && *f.into != "":
			p.warn(u.at, "details-left", `%s has the %s %q, which the file does not give; it is left (write %s: "" to take it away)`, there.Unit, f.key, *f.into, f.key)
		case f.file.given && f.file.text != *f.into && (f.key != "name" || f.file.text != ""):
			said = append(said, f.key+" "+quoted(f.file.text)+", until now "+quoted(*f.into))
			*f.into = f.file.text
		}
	}
	if len(said) > 0 {
		p.decide(there.Unit, directory.ChangeDetails{Contact: want}, "change "+string(there.Unit)+": "+strings.Join(said, "; "), u.at, u.fields())
	}
}

func quoted(s string) string {
	if s == "" {
		return "nothing"
	}
	return "“" + s + "”"
}

// lead names the lead. One who takes over later, as the database knows, stays.
func (p *sitePlan) lead(u siteUnit, there directory.State) {
	var now, coming []string
	for _, m := range there.Members {
		switch {
		case m.Role != care.Lead || isOver(m.From, m.Until, p.now):
		case m.From.After(p.now):
			coming = append(coming, m.Professional)
		default:
			now = append(now, m.Professional)
		}
	}
	all := slices.Concat(now, coming)
	switch {
	case !u.lead.given && len(all) > 0:
		p.warn(u.at, "lead-left", "%s is led by %s, which the file does not say; it is left", there.Unit, strings.Join(all, ", then "))
	case !u.lead.given && there.Parent == "" && u.parent.text == "":
		p.fault(u.at, "lead-missing", "%s stands at the top of its tree and has no lead: write lead: ID with a person of this file", there.Unit)
	case u.lead.text == "":
	case slices.Contains(all, u.lead.text):
		if len(coming) > 0 {
			p.warn(u.lead.at, "lead-left", "%s is led by %s; the file names only %s, and that is left as it is", there.Unit, strings.Join(all, ", then "), u.lead.text)
		}
	case p.isPerson(u.lead):
		words := u.lead.text + " leads " + string(there.Unit)
		if len(now) > 0 {
			words += ", until now " + strings.Join(now, ", ")
		}
		p.decide(there.Unit, directory.NameLead{Professional: u.lead.text}, words, u.lead.at, u.fields())
	}
}

// fill lets a person fill a post, or moves the end of it to the file's day.
func (p *sitePlan) fill(w sitePerson, q sitePost) {
	if w.id.text == "" || q.post.text == "" || !p.people[w.id.text].Active() || !p.isPost(q.post) {
		return
	}
	post := q.post.post()
	unit, _ := p.dir.Unit(post.Unit)
	cal := care.CalendarOf(unit.Regime)
	var from, until time.Time
	words := w.id.text + " fills " + post.String()
	if q.from.given {
		from, words = cal.StartOf(q.from.date), words+" from "+q.from.date.String()
	}
	if q.until.given {
		until, words = cal.EndOf(q.until.date), words+" to the end of "+q.until.date.String()
	}
	if q.until.given && !until.After(p.now) {
		p.warn(q.until.at, "post-over", "%s is over; %s is not given the post", q.until.date, w.id.text)
		return
	}
	fields := map[string]word{"professional": w.id, "role": q.post, "from": q.from.word, "until": q.until.word}
	start := p.now
	if from.After(start) {
		start = from
	}
	have, held := stretchAt(unit, w.id.text, post.Role, start)
	switch {
	case !held:
		p.decide(post.Unit, directory.Join{Professional: w.id.text, Role: post.Role, From: from, Until: until}, words, q.post.at, fields)
		return
	case q.from.given && !have.From.Equal(from):
		p.warn(q.from.at, "start-stays", "%s has filled %s since %s; a start cannot be changed, and it is left", w.id.text, post, cal.Date(have.From))
	}
	switch {
	case have.Until.Equal(until):
	case until.IsZero():
		p.decide(post.Unit, directory.Join{Professional: w.id.text, Role: post.Role, From: have.Until},
			w.id.text+" fills "+post.String()+" also after "+cal.LastDay(have.Until).String(), q.post.at, fields)
	default:
		p.decide(post.Unit, directory.Leave{Member: have.Number, Until: until}, words, q.post.at, fields)
	}
}

// stretchAt is the unbroken time around an instant in which a professional is a
// member in a role. Its number is that of the last membership in it.
func stretchAt(s directory.State, professional string, role care.Role, at time.Time) (directory.Member, bool) {
	var all []directory.Member
	for _, m := range s.Members {
		if m.Professional == professional && m.Role == role && (m.Until.IsZero() || m.Until.After(m.From)) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b directory.Member) int { return a.From.Compare(b.From) })
	var stretch directory.Member
	for i, m := range all {
		if i > 0 && m.From.Equal(stretch.Until) {
			m.From = stretch.From
		} else if i > 0 && !stretch.From.After(at) && stretch.Until.After(at) {
			break
		}
		stretch = m
	}
	return stretch, len(all) > 0 && !stretch.From.After(at) && (stretch.Until.IsZero() || stretch.Until.After(at))
}

// isOver reports whether a stretch of time holds nothing from an instant on.
func isOver(from, until, at time.Time) bool {
	return !until.IsZero() && (!until.After(at) || !until.After(from))
}

func (p *sitePlan) fallsBack(u siteUnit) {
	there, ok := p.dir.Unit(care.UnitID(u.unit.text))
	switch {
	case !ok || there.Status == directory.Closed:
	case u.fallback.text == "":
		if !u.fallback.given && !there.Fallback.IsZero() {
			p.warn(u.at, "fallback-left", "%s falls back on %s, which the file does not say; it is left", there.Unit, there.Fallback)
		}
	case there.Fallback != u.fallback.post() && p.isPost(u.fallback):
		words := string(there.Unit) + " falls back on " + u.fallback.text
		if !there.Fallback.IsZero() {
			words += ", until now on " + there.Fallback.String()
		}
		p.decide(there.Unit, directory.NameFallback{Post: u.fallback.post()}, words, u.fallback.at, u.fields())
	}
}

// unnamed lists what is there and the file does not name. It is left: closing a
// unit needs a successor, and that is nobody's slip to make.
func (p *sitePlan) unnamed() {
	posts := map[string]bool{}
	people := map[string]bool{}
	for _, w := range p.site.people {
		people[w.id.text] = true
		for _, q := range w.posts {
			posts[w.id.text+" "+q.post.text] = true
		}
	}
	for _, id := range p.dir.All() {
		u, _ := p.dir.Unit(id)
		if u.Status == directory.Closed {
			continue
		}
		i := slices.IndexFunc(p.site.units, func(f siteUnit) bool { return f.unit.text == string(id) })
		if i < 0 {
			p.warn(spot{}, "unit-left", "the file does not name the unit %s, %s; it is left", id, u.Contact.Name)
		}
		for _, m := range u.Members {
			post := care.Post{Unit: id, Role: m.Role}
			if m.Role != care.Lead && !isOver(m.From, m.Until, p.now) && !posts[m.Professional+" "+post.String()] {
				p.warn(spot{}, "holder-left", "%s fills %s, which the file does not say; it is left", m.Professional, post)
				posts[m.Professional+" "+post.String()] = true
			}
		}
	}
	var left []string
	for id, there := range p.siteNow.people {
		if there.Active() && !people[id] {
			left = append(left, id)
		}
	}
	slices.Sort(left)
	for _, id := range left {
		p.warn(spot{}, "person-left", "the file does not name %s, %s; their registration is left", id, p.people[id].Profession)
	}
}
