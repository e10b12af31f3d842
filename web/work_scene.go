package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
)

// A scene is one journey with the words to speak of it to those who work.
type scene struct {
	c     *call
	p     page
	v     casework.JourneyView
	text  *pathway.Text
	today care.Date
}

// scene opens the journey named in the address.
func (c *call) scene() (*scene, error) {
	return c.sceneOf(func() (casework.JourneyView, error) {
		return casework.View(c.r.Context(), c.s.service, c.who, casework.GetJourney{ID: c.r.PathValue("id")})
	})
}

// sceneWith opens a journey together with the answer to another question about it,
// as one look.
func sceneWith[B any](c *call, then func(casework.JourneyView) casework.Question[B]) (*scene, B, error) {
	var beside B
	s, err := c.sceneOf(func() (v casework.JourneyView, err error) {
		v, beside, err = casework.ViewBoth(c.r.Context(), c.s.service, c.who, casework.GetJourney{ID: c.r.PathValue("id")}, then)
		return v, err
	})
	return s, beside, err
}

func (c *call) sceneOf(open func() (casework.JourneyView, error)) (*scene, error) {
	if err := c.mayAuthor(); err != nil { // patients read of their journey on their own pages
		return nil, err
	}
	v, err := open()
	if err != nil {
		return nil, err
	}
	p, err := c.staffPage("")
	if err != nil {
		return nil, err
	}
	s := &scene{c: c, p: p, v: v, text: textOf(p, v.Definition), today: v.Calendar.Date(v.Now)}
	s.p.today = s.today
	if m := c.openMark(p, v.Person.Key, v.Opened, v.Calendar.Zone()); m != nil {
		s.p.banner = m.text
	}
	return s, nil
}

// patient is the patient's name.
func (s *scene) patient() string {
	if n := s.v.Person.Identity.Name; n != "" {
		return n
	}
	return s.p.T("staff.nobody-named")
}

// theirs is the language that the patient writes in, as far as anybody has said;
// ours that of the country. Both are "" where the page is in it, so that only what
// is in another language is marked.
func (s *scene) theirs() care.Language {
	if l := s.v.Person.State.Languages.Reading; l != "" && l != s.p.lang.code {
		return l
	} else if l == s.p.lang.code {
		return ""
	}
	return s.ours()
}

func (s *scene) ours() care.Language {
	l := spokenIn(s.v.State.Regime)
	if l == s.p.lang.code || l == norwegian && (s.p.lang.code == care.Bokmal || s.p.lang.code == care.Nynorsk) {
		return ""
	}
	return l
}

// address is where the journey is, with more behind it.
func (s *scene) address(more string) string { return "/journeys/" + s.v.ID + more }

// at is a moment in words, in the journey's zone.
func (s *scene) at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	local := t.In(s.v.Calendar.Zone())
	text := s.p.lang.Moment(local)
	if local.Year() != s.today.Year {
		text += " " + strconv.Itoa(local.Year())
	}
	return text
}

// day is the date of an instant in words.
func (s *scene) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return s.p.lang.Date(s.v.Calendar.Date(t))
}

// last is the last day before a deadline.
func (s *scene) last(t time.Time) care.Date {
	if t.IsZero() {
		return care.Date{}
	}
	return s.v.Calendar.LastDay(t)
}

// post is a unit and a role in words.
func (s *scene) post(post care.Post) string { return postName(s.p, s.v.Post(post)) }

// holders says who fills a post now, or who answers for it meanwhile.
func (s *scene) holders(post care.Post) string {
	v := s.v.Post(post)
	switch {
	case len(v.Holders) == 0 && v.AnsweredBy.IsZero():
		return s.p.T("staff.nobody-answers")
	case v.AnsweredBy == post || v.AnsweredBy.IsZero():
		return s.p.lang.List(v.Holders)
	default:
		return s.p.T("staff.answered-by", "post", s.post(v.AnsweredBy), "who", s.p.lang.List(v.Holders))
	}
}

// owner is a post with who fills it.
func (s *scene) owner(post care.Post) string {
	v := s.v.Post(post)
	if v.AnsweredBy == post && len(v.Holders) > 0 {
		return s.post(post) + " (" + s.p.lang.List(v.Holders) + ")"
	}
	return s.post(post)
}

// who is a party in words.
func (s *scene) who(p care.Party) string {
	switch p.Kind {
	case care.PartyPatient:
		return s.p.T("staff.party.patient")
	case care.PartyRelative:
		return s.p.T("staff.party.relative")
	case care.PartyUnit:
		return s.post(p.Post)
	case care.PartyOther:
		return p.Name
	}
	return s.p.T("staff.party.nobody")
}

// whoIn is a party in words inside a sentence.
func (s *scene) whoIn(p care.Party) string {
	if p.Kind == care.PartyPatient || p.Kind == care.PartyRelative {
		return lowerFirst(s.who(p))
	}
	return s.who(p)
}

// actor is the one who did something, and the post they acted from.
func (s *scene) actor(a care.Actor, post care.Post) string {
	switch a.Kind {
	case care.Patient:
		return s.p.T("staff.party.patient")
	case care.Relative:
		if name := s.v.Name(a.ID); name != "" {
			return s.p.T("relative.by", "name", name)
		}
		return s.p.T("staff.party.relative")
	case care.System:
		return s.p.T("staff.by-itself")
	case care.Professional:
	}
	name := s.v.Name(a.ID)
	if name == "" {
		name = a.ID
	}
	if post.IsZero() {
		return name
	}
	return name + ", " + s.post(post)
}

// step is the title of a step.
func (s *scene) step(id pathway.StepID) string {
	if t := s.text.Steps[id].Title; t != "" {
		return t
	}
	return string(id)
}

// stepAt is the n-th step's title, with its round where it is not the first.
func (s *scene) stepAt(n int) string {
	if n < 1 || n > len(s.v.State.Steps) {
		return ""
	}
	st := s.v.State.Steps[n-1]
	if st.Round > 1 {
		return s.p.T("staff.round", "what", s.step(st.ID), "round", st.Round)
	}
	return s.step(st.ID)
}

func (s *scene) clock(id pathway.ClockID) string {
	if t := s.text.Clocks[id]; t != "" {
		return t
	}
	return string(id)
}

func (s *scene) milestone(id pathway.MilestoneID) string {
	if t := s.text.Milestones[id]; t != "" {
		return t
	}
	return string(id)
}

func (s *scene) role(id pathway.RoleID) string { return roleName(s.p, care.Role(id)) }

// stepDef is the definition of a step; nil where the pathway has none.
func (s *scene) stepDef(id pathway.StepID) *pathway.Step {
	for i := range s.v.Definition.Steps {
		if s.v.Definition.Steps[i].ID == id {
			return &s.v.Definition.Steps[i]
		}
	}
	return nil
}

// basis is where a number comes from, in words.
func (s *scene) basis(b pathway.Basis) string {
	if b.Source == "" {
		return s.p.T("staff.basis." + string(b.Tag))
	}
	for _, src := range s.v.Definition.Sources {
		if src.ID == b.Source {
			return src.Publisher + ": " + src.Title
		}
	}
	return string(b.Source)
}

// sealed is a piece of free text, as it was written.
func (s *scene) sealed(version int, name string) string { return s.v.Text[version][name] }

// A thing is what an action is about: an item or a part of the journey, named
// as in item keys, such as step/3, role/gp or clock/start. The zero thing is the
// whole journey.
type thing struct {
	kind, id string
	n        int // id as an ordinal, 0 where it is a name
}

func parseThing(key string) thing {
	key, _, _ = strings.Cut(key, "!") // what climbed is the thing below
	kind, id, _ := strings.Cut(key, "/")
	n, err := strconv.Atoi(id)
	if err != nil || n < 1 {
		n = 0
	}
	return thing{kind: kind, id: id, n: n}
}

func (t thing) key() string {
	if t.kind == "" {
		return ""
	}
	return t.kind + "/" + t.id
}

// there reports whether the journey has the thing.
func (s *scene) there(t thing) bool {
	st := s.v.State
	in := func(n int) bool { return t.n >= 1 && t.n <= n }
	switch t.kind {
	case "":
		return true
	case "step", "interpreter":
		return in(len(st.Steps))
	case "offer":
		return in(len(st.Offers))
	case "question":
		return in(len(st.Questions))
	case "decision":
		return in(len(st.Decisions))
	case "wait":
		return in(len(st.Waits))
	case "contact":
		return in(len(st.Contacts))
	case "meeting":
		return in(len(st.Meetings))
	case "intervention":
		return in(len(st.Interventions))
	case "choice":
		return in(len(st.Choices))
	case "copy":
		return in(len(st.Copies))
	case "consult":
		return in(len(st.Consults))
	case "joint":
		return in(len(st.Joints))
	case "contribution":
		return in(len(st.Contributions))
	case "telling":
		return in(len(st.Tellings))
	case "event":
		return in(st.Version)
	case "clock":
		return st.ClockOf(pathway.ClockID(t.id)) != nil
	case "milestone":
		return st.Reached(pathway.MilestoneID(t.id))
	case "role":
		return slices.ContainsFunc(s.v.Definition.Roles, func(r pathway.Role) bool { return string(r.ID) == t.id })
	case "fact":
		return slices.ContainsFunc(s.v.Definition.Facts, func(f pathway.Fact) bool { return string(f.ID) == t.id })
	case "end":
		return slices.ContainsFunc(s.v.Definition.Ends, func(e pathway.End) bool { return string(e.ID) == t.id })
	case "options":
		return slices.ContainsFunc(s.v.Definition.Choices, func(c pathway.Choice) bool { return string(c.ID) == t.id })
	}
	return s.hasBooking(t) || s.personHas(t)
}

// version is the version of the event that last changed a thing: what the
// reader has seen of it.
func (s *scene) version(t thing) int {
	st := s.v.State
	if i, open := st.Items[t.key()]; open {
		return i.Version
	}
	switch t.kind {
	case "step", "interpreter":
		return st.Steps[t.n-1].Version
	case "offer":
		return st.Offers[t.n-1].Version
	case "intervention":
		return st.Interventions[t.n-1].Version
	case "joint":
		return st.Joints[t.n-1].Version
	}
	return s.bookingVersion(t)
}

// unitsOpen lists the open units of the journey's regime, in the order of their
// names. With kinds given, only those.
func (s *scene) unitsOpen(kinds ...string) []directory.State {
	return openUnits(s.p, s.v.Directory(), s.v.State.Regime, kinds...)
}

func openUnits(p page, dir *directory.Directory, regime care.Regime, kinds ...string) []directory.State {
	var units []directory.State
	for _, id := range dir.All() {
		u, ok := dir.Unit(id)
		if !ok || u.Status == directory.Closed || u.Regime != regime || len(kinds) > 0 && !slices.Contains(kinds, string(u.Kind)) {
			continue
		}
		units = append(units, u)
	}
	sortNames(p.lang, units, func(u directory.State) string { return u.Contact.Name })
	return units
}

// posts are posts to choose from: of every open unit that fits, those of the
// roles given which it has; its own roles and its desk where none is given.
func (s *scene) posts(kinds []string, roles ...care.Role) []choice {
	return postChoices(s.p, s.unitsOpen(kinds...), roles...)
}

func postChoices(p page, units []directory.State, roles ...care.Role) []choice {
	var out []choice
	for _, u := range units {
		list := roles
		if len(list) == 0 {
			list = slices.Concat(u.Roles, []care.Role{care.Desk})
		}
		for _, role := range list {
			if u.HasRole(role) {
				post := care.Post{Unit: u.Unit, Role: role}
				out = append(out, choice{value: post.String(), label: postName(p, casework.PostView{Post: post, Unit: u.Contact})})
			}
		}
	}
	return out
}

// forRole are the posts that can fill a role of the pathway: the unit's post in
// that role, or its desk.
func (s *scene) forRole(id pathway.RoleID) []choice {
	var out []choice
	for _, r := range s.v.Definition.Roles {
		if r.ID != id {
			continue
		}
		for _, u := range s.unitsOpen(r.At...) {
			role := care.Role(id)
			if !u.HasRole(role) {
				role = care.Desk
			}
			post := care.Post{Unit: u.Unit, Role: role}
			out = append(out, choice{value: post.String(), label: postName(s.p, casework.PostView{Post: post, Unit: u.Contact})})
		}
	}
	return out
}

// parties are everyone who can be named as a party: the patient, a relative, the
// units that take part, all other open units, and someone outside.
func (s *scene) parties(people bool) []choice {
	var out []choice
	if people {
		out = append(out,
			choice{value: string(care.PartyPatient), label: s.p.T("staff.party.patient")},
			choice{value: string(care.PartyRelative), label: s.p.T("staff.party.relative")})
	}
	out = append(out, s.posts(nil)...)
	return append(out, choice{value: string(care.PartyOther), label: s.p.T("staff.party.other")})
}

// takingPart are the posts that take part in the journey, each unit once for
// every post of it that is named.
func (s *scene) takingPart() []care.Post {
	st := s.v.State
	var posts []care.Post
	add := func(p care.Post) {
		if p.Unit != "" && !slices.Contains(posts, p) {
			posts = append(posts, p)
		}
	}
	add(st.Sender.Post)
	for _, r := range s.v.Definition.Roles {
		add(st.Roles[r.ID])
	}
	add(st.Responsible)
	add(st.Desk)
	add(s.v.Person.Contact)
	for _, o := range st.Offers {
		if o.State == journey.OfferOpen {
			add(o.From)
			add(o.To)
		}
	}
	add(s.v.Person.State.GP(s.today).Post)
	return posts
}

// picks are the choices of a closed list of values, each with its text.
func (s *scene) picks(under string, values ...string) []choice {
	out := make([]choice, 0, len(values))
	for _, v := range values {
		out = append(out, choice{value: v, label: s.p.T("staff." + under + "." + v)})
	}
	return out
}
