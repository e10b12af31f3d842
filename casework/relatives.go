package casework

import (
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// person is whose matter the asker's own pages are about: a patient's own, or the
// person's whom a relative acts for.
func (w Who) person() care.PersonKey {
	switch w.Actor.Kind {
	case care.Patient:
		return care.PersonKey(w.Actor.ID)
	case care.Relative:
		return w.Represents
	}
	return ""
}

// Withheld is a part of a person's matter that is left out of an answer, and why.
type Withheld struct {
	Part access.Part
	Why  WithheldWhy
}

// WithheldWhy is why a relative is not shown a part.
type WithheldWhy string

// The reasons. ByAge: the law's ages give a guardian less, or nothing, of a child
// who is old enough. ByChoice: the person has not let the relative have it.
const (
	ByAge    WithheldWhy = "age"
	ByChoice WithheldWhy = "choice"
)

// withheld lists what a relative's basis leaves out; nothing for everyone else.
func (g ground) withheld() []Withheld {
	why := ByChoice
	switch g.basis {
	case access.Guardian:
		why = ByAge
	case access.Proxy:
	default:
		return nil
	}
	var out []Withheld
	for _, part := range access.Parts {
		if !slices.Contains(g.parts, part) {
			out = append(out, Withheld{part, why})
		}
	}
	return out
}

// covers reports whether a part may be shown on this ground.
func (g ground) covers(part access.Part) bool {
	if g.basis != access.Guardian && g.basis != access.Proxy {
		return true
	}
	return slices.Contains(g.parts, part)
}

// partOf says which part of the matter a contribution belongs to.
func partOf(kind string) access.Part {
	switch kind {
	case "story", "objection", "wish":
		return access.Story
	case "too-ill", "wait":
		return access.Acts
	}
	return access.Messages
}

// cover leaves out of a journey what the asker's ground does not cover. Without
// the plan only what is covered is put in, so that what is added to a journey
// later is left out until somebody says where it belongs.
func (g ground) cover(v *JourneyView) {
	v.Withheld = g.withheld()
	if len(v.Withheld) == 0 {
		return
	}
	was := v.State
	if !g.covers(access.Acts) {
		v.Forms = nil
	}
	if !g.covers(access.Plan) {
		v.State = &journey.State{
			Version: was.Version, Status: was.Status, Person: was.Person, Regime: was.Regime, Pathway: was.Pathway, Responsible: was.Responsible,
			Questions: was.Questions, Words: was.Words,
		}
		v.Ahead, v.Undecided, v.Moved, v.Warned = nil, nil, nil, nil
		v.Adopter = ""
	} else {
		v.State = was.Clone()
		v.State.Acts = slices.DeleteFunc(v.State.Acts, func(a journey.Act) bool { return !g.coversEvent(was, a.Primary) })
	}
	v.State.Words = slices.DeleteFunc(slices.Clone(was.Words), func(w journey.Words) bool { return !g.covers(partOf(w.Kind)) })
	if !g.covers(access.Messages) {
		v.State.Questions = nil
		v.State.Attachment = ""
	}
	history := make([]care.Recorded, len(v.History))
	text := map[int]care.Sealed{}
	for i, rec := range v.History {
		if !g.coversEvent(was, rec.Event) {
			// The place is kept, so that versions still count; what stood there is not.
			history[i] = care.Recorded{Version: rec.Version, Event: journey.WordsGiven{}, Learned: rec.Learned}
			continue
		}
		history[i] = rec
		if t, ok := v.Text[rec.Version]; ok {
			text[rec.Version] = t
		}
	}
	v.History, v.Text = history, text
	g.coverBookings(&v.Bookings)
	g.coverPerson(&v.Person)
}

// coversEvent reports whether an event of a journey may be shown.
func (g ground) coversEvent(_ *journey.State, e care.Event) bool {
	switch e := e.(type) {
	case journey.WordsGiven:
		return g.covers(partOf(e.Kind))
	case journey.QuestionAsked, journey.QuestionAnswered, journey.NoteMade, journey.Contacted:
		return g.covers(access.Messages)
	case journey.ChoiceMade, journey.PlanKept, journey.MeetingAnswered, journey.JointAnswered:
		return g.covers(access.Acts) && g.covers(access.Plan)
	}
	return g.covers(access.Plan)
}

// coverPerson leaves out of a person what the ground does not cover: the story
// and what matters belong to one part, everything else of the person to the plan.
// A relative never sees the person's number or address here.
func (g ground) coverPerson(v *PersonView) {
	if len(g.withheld()) == 0 {
		return
	}
	was := v.State
	state := person.State{Version: was.Version, Person: was.Person, Regime: was.Regime, OpenedAt: was.OpenedAt, Contact: was.Contact}
	if g.covers(access.Plan) {
		state = was.Clone()
	}
	state.Words = slices.DeleteFunc(slices.Clone(was.Words), func(w person.Words) bool { return !g.coversWords(w) })
	state.Matters = nil
	if g.covers(access.Story) {
		state.Matters = was.Matters
	}
	text := map[int]care.Sealed{}
	for _, w := range state.Words {
		if t, ok := v.Text[w.Version]; ok {
			text[w.Version] = t
		}
		for _, o := range w.Objections {
			if t, ok := v.Text[o.Version]; ok {
				text[o.Version] = t
			}
		}
	}
	v.State, v.Text = &state, text
	v.Identity = Identity{Name: v.Identity.Name}
}

func (g ground) coversWords(w person.Words) bool {
	if w.Kind == person.MattersWords || w.Kind == person.StoryWords {
		return g.covers(access.Story)
	}
	return g.covers(access.Plan)
}

// Represented asks whom the asking relative may act for, and which offers wait
// for their yes.
type Represented struct{}

// RepresentedView is one person that a relative acts for, or is asked to.
type RepresentedView struct {
	Person care.PersonKey
	Name   string
	Basis  access.Basis
	Parts  []access.Part
	// Until is when it ends; zero where no end is set.
	Until time.Time
	// Proxy is the number of the proxy; Offered that it waits for the relative's
	// yes.
	Proxy   int
	Offered bool
	// Withheld is what it leaves out.
	Withheld []Withheld
}

// Name of the question.
func (Represented) Name() string { return "represented" }

func (Represented) answer(r *reading) ([]RepresentedView, []care.PersonKey, error) {
	me := care.PersonKey(r.who.Actor.ID)
	rows, err := r.store.RelationsOf(r.ctx, r.who.Actor.ID, r.now)
	if err != nil {
		return nil, nil, err
	}
	var persons []care.PersonKey
	for _, row := range rows {
		if row.Stream.Kind() == "consent" && row.Person != me {
			persons = append(persons, row.Person)
		}
	}
	slices.Sort(persons)
	persons = slices.Compact(persons)
	var out []RepresentedView
	var shown []care.PersonKey
	var subjects []string
	for _, p := range persons {
		state, _, err := r.load(store.StreamOf("consent", string(p)))
		if err != nil {
			return nil, nil, err
		}
		views := representedBy(state.(*access.State), p, me, r.now)
		if len(views) > 0 {
			out, shown, subjects = append(out, views...), append(shown, p), append(subjects, string(p))
		}
	}
	who, err := r.s.identities(r.ctx, subjects)
	for i := range out {
		out[i].Name = who[string(out[i].Person)].Name
	}
	return out, shown, err
}

// representedBy lists what a relative has, or is offered, of one person.
func representedBy(c *access.State, p, relative care.PersonKey, now time.Time) []RepresentedView {
	var out []RepresentedView
	if basis, parts, ok := c.Acts(relative, now); ok {
		v := RepresentedView{Person: p, Basis: basis, Parts: parts, Withheld: ground{basis: basis, parts: parts}.withheld()}
		for _, g := range c.Grants() {
			if g.Actor == string(relative) && g.Basis != access.BreakGlass && holdsAt(g.From, g.Until, now) && g.Until.After(v.Until) {
				v.Until = g.Until
			}
		}
		for _, x := range c.Proxies {
			if x.To == relative && x.Status == access.ProxyActive {
				v.Proxy = x.Number
			}
		}
		out = append(out, v)
	}
	for _, x := range c.Proxies {
		if x.To == relative && x.Status == access.ProxyOpen && (x.Lapses.IsZero() || now.Before(x.Lapses)) {
			out = append(out, RepresentedView{Person: p, Basis: access.Proxy, Parts: x.Term.Parts, Until: x.Term.Ends, Proxy: x.Number, Offered: true})
		}
	}
	return out
}

// MyRole asks what the asking relative may for the person they act for, and what
// is left out and why, without opening anything of the person's.
type MyRole struct{}

// RoleView is the answer.
type RoleView struct {
	RepresentedView
	// Contact is the post a relative can always write to or call.
	Contact PostView
	Now     time.Time
}

// Name of the question.
func (MyRole) Name() string { return "my-role" }

func (MyRole) answer(r *reading) (RoleView, []care.PersonKey, error) {
	v := RoleView{Now: r.now}
	p := r.who.Represents
	state, _, err := r.load(store.StreamOf("consent", string(p)))
	if err != nil {
		return v, nil, err
	}
	views := representedBy(state.(*access.State), p, care.PersonKey(r.who.Actor.ID), r.now)
	if p == "" || len(views) == 0 || views[0].Offered {
		return v, nil, noPerson()
	}
	v.RepresentedView = views[0]
	r.ground = ground{basis: v.Basis, parts: v.Parts}
	if err := r.within(p); err != nil {
		return v, nil, err
	}
	own, _, err := r.load(store.StreamOf("person", string(p)))
	if err != nil {
		return v, nil, err
	}
	contact := firstContact(*own.(*person.State), r.dir, r.now)
	people, err := r.people([]care.Post{contact})
	if err != nil {
		return v, nil, err
	}
	v.Contact = people.Post(contact)
	who, err := r.identity(p)
	v.Name = who.Name
	r.basis = v.Basis
	return v, []care.PersonKey{p}, err
}
