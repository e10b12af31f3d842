package casework

import (
	"slices"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/journey"
	"forlop/store"
)

// AccessView is who can see and act for one person: relatives, units, named
// professionals, and what holds them back.
type AccessView struct {
	Person PersonView
	// State is the person's consent stream; Text its opened free text by version.
	State *access.State
	Text  map[int]care.Sealed
	// Relatives are proxies and guardians that stand, rest or are offered.
	Relatives []RelativeView
	// Units are those that take part in the person's care.
	Units []UnitAccess
	// Openings are the openings of the record that the person may know of.
	Openings []OpeningView
	// Pages are those that were shared, with the words that were approved.
	Pages []PageView
	// Notices is whom notices go to; empty where they go to the person.
	Notices     care.PersonKey
	NoticesName string
	// Known are those who have, had or are offered something, each once.
	Known []care.PersonKey
	// Staff are those who work in the units now, where one who works asks: whom a
	// block can name.
	Staff []string
	// Hidden is who marked the address as hidden, when and why; zero where it is not.
	Hidden HiddenView
	// Looks are the newest entries of the log, where the person themselves asks.
	Looks []LookView
	Now   time.Time
	names map[string]string
	people
}

// NameOf is what a relative is called here.
func (v AccessView) NameOf(p care.PersonKey) string { return v.names[string(p)] }

// RelativeView is what one relative may, on which basis and until when.
type RelativeView struct {
	Person care.PersonKey
	Name   string
	Basis  access.Basis
	// Number is the proxy's or the guardian's.
	Number int
	Parts  []access.Part
	// From and Until are zero where nothing is set.
	From, Until time.Time
	// Proxy and Guardian are their status; one of them is empty.
	Proxy    access.ProxyStatus
	Guardian access.GuardianStatus
}

// UnitAccess is one unit that can see a person, and why.
type UnitAccess struct {
	Unit PostView
	// Why are the grounds, such as responsible or first-contact.
	Why []AccessWhy
	// Journeys are those it takes part in; none for a first contact alone.
	Journeys []string
	Since    time.Time
	// Until is when it ends by itself; zero while it takes part.
	Until time.Time
	// Block is the block that holds it back; 0 is none.
	Block int
}

// AccessWhy is why a unit can see a person.
type AccessWhy string

// The grounds. A unit that fills a role, owns something open or is offered
// something helps.
const (
	WhyResponsible AccessWhy = "responsible"
	WhySent        AccessWhy = "sent"
	WhyReceived    AccessWhy = "received"
	WhyContact     AccessWhy = "first-contact"
	WhyHelps       AccessWhy = "helps"
)

// OpeningView is one opening of the record, by whom and why.
type OpeningView struct {
	access.OpeningState
	Name  string
	Unit  PostView
	Words string
	// Judged are the words of who judged it; empty until somebody has.
	Judged string
	// Running says that it gives access now.
	Running bool
}

// PageView is one shared page.
type PageView struct {
	access.PageState
	Words []access.SharedItem
	// Open says that it can be read now.
	Open bool
}

// MyAccess asks who can see and act for the asking patient, and who has looked.
type MyAccess struct {
	// Log narrows the looks in the answer.
	Log Looks
}

// Name of the question.
func (MyAccess) Name() string { return "my-access" }

func (q MyAccess) answer(r *reading) (AccessView, []care.PersonKey, error) {
	p := r.who.person()
	if err := r.seePerson(p); err != nil {
		return AccessView{}, nil, err
	}
	v, err := r.access(p)
	if err == nil {
		v.Looks, err = r.looks(p, q.Log)
	}
	return v, []care.PersonKey{p}, err
}

// Consents asks what one person has allowed and forbidden, for those who must act
// on it: a coordinator, or the patient.
type Consents struct{ Person care.PersonKey }

// Name of the question.
func (Consents) Name() string { return "consents" }

func (q Consents) answer(r *reading) (AccessView, []care.PersonKey, error) {
	if err := r.seePerson(q.Person); err != nil {
		return AccessView{}, nil, err
	}
	v, err := r.access(q.Person)
	if r.who.Actor.Kind == care.Professional {
		// Why somebody is blocked, and what was shared with whom, is the patient's.
		v.Openings, v.Pages = nil, nil
		v.Text = map[int]care.Sealed{}
	}
	return v, []care.PersonKey{q.Person}, err
}

// seePerson refuses a look at a person whom the asker has no basis for.
func (r *reading) seePerson(p care.PersonKey) error {
	st := store.StreamOf("person", string(p))
	state, version, err := r.s.load(r.ctx, st) // the decision reads as the service
	if err != nil {
		return err
	}
	if version == 0 {
		return noPerson()
	}
	return r.seeAs(st, state, noPerson)
}

// seeOwn refuses a look at the asker's own pages, or those of whom they act for.
// A patient without a journey has pages, too.
func (r *reading) seeOwn(p care.PersonKey) error {
	st := store.StreamOf("person", string(p))
	state, _, err := r.s.load(r.ctx, st)
	if err != nil {
		return err
	}
	return r.seeAs(st, state, noPerson)
}

func noPerson() error { return care.Missing("no-person", "There is no such person.") }

// access fills the view of who can see and act for a person.
func (r *reading) access(p care.PersonKey) (AccessView, error) {
	v := AccessView{Now: r.now, Text: map[int]care.Sealed{}, names: map[string]string{}}
	var err error
	if v.Person, err = r.person(p); err != nil {
		return v, err
	}
	st := store.StreamOf("consent", string(p))
	r.shows(st)
	state, _, err := r.load(st)
	if err != nil {
		return v, err
	}
	v.State = state.(*access.State)
	events, err := r.store.Load(r.ctx, st, 0)
	if err != nil {
		return v, err
	}
	for _, e := range events {
		text, err := r.s.unseal(r.ctx, string(p), e)
		if err != nil {
			return v, err
		}
		if text != nil {
			v.Text[e.Version] = text
		}
	}
	if err := v.relatives(r); err != nil {
		return v, err
	}
	posts, err := v.units(r, p)
	if err != nil {
		return v, err
	}
	posts = append(posts, v.Person.Contact)
	var ids []string
	for _, o := range v.State.Openings {
		ids, posts = append(ids, o.Professional, o.Reviewer), append(posts, care.Post{Unit: o.Unit, Role: care.Desk})
	}
	for _, b := range v.State.Blocks {
		ids = append(ids, b.Against.Professional)
	}
	v.hidden(events)
	ids = append(ids, v.Hidden.By)
	if r.who.Actor.Kind == care.Professional {
		v.staff(r)
		ids = append(ids, v.Staff...)
	}
	if v.people, err = r.people(posts, ids...); err != nil {
		return v, err
	}
	responsible, err := r.responsibles(p)
	if err != nil {
		return v, err
	}
	v.hide = r.hides(v.Person, responsible...)
	for i := range v.Units {
		v.Units[i].Unit = v.people.Post(v.Units[i].Unit.Post)
	}
	v.openings(events)
	for _, page := range v.State.Pages {
		_, open := v.State.Page(page.Number, r.now)
		v.Pages = append(v.Pages, PageView{page, sharedWords(page, v.Text[page.Version]), open})
	}
	return v, nil
}

// staff lists those who work in the units that take part.
func (v *AccessView) staff(r *reading) {
	for _, u := range v.Units {
		unit, _ := r.dir.Unit(u.Unit.Post.Unit)
		for _, m := range unit.Members {
			if !r.now.Before(m.From) && (m.Until.IsZero() || r.now.Before(m.Until)) {
				v.Staff = append(v.Staff, m.Professional)
			}
		}
	}
	slices.Sort(v.Staff)
	v.Staff = slices.Compact(v.Staff)
}

// relatives lists the proxies and guardians that are not over, with their names.
func (v *AccessView) relatives(r *reading) error {
	var subjects []string
	for _, x := range v.State.Guardians {
		v.Known = append(v.Known, x.Guardian)
		if x.Status == access.GuardianshipEnd || !r.now.Before(x.Ends) {
			continue
		}
		parts := access.Parts
		if !x.Narrows.IsZero() && !r.now.Before(x.Narrows) {
			parts = x.Parts
		}
		v.Relatives = append(v.Relatives, RelativeView{
			Person: x.Guardian, Basis: access.Guardian, Number: x.Number, Parts: parts, From: x.Starts, Until: x.Ends, Guardian: x.Status,
		})
		subjects = append(subjects, string(x.Guardian))
	}
	for _, x := range v.State.Proxies {
		v.Known = append(v.Known, x.To)
		switch {
		case x.Status == access.ProxyRefused, x.Status == access.ProxyGone, x.Status == access.ProxyOver:
			continue
		case x.Status == access.ProxyActive && !r.now.Before(x.Term.Ends):
			continue
		}
		v.Relatives = append(v.Relatives, RelativeView{
			Person: x.To, Basis: access.Proxy, Number: x.Number, Parts: x.Term.Parts, From: x.From, Until: x.Term.Ends, Proxy: x.Status,
		})
		subjects = append(subjects, string(x.To))
	}
	if to, ok := v.State.NoticesTo(r.now); ok {
		v.Notices = to
		subjects = append(subjects, string(to))
	}
	slices.Sort(v.Known)
	v.Known = slices.Compact(v.Known)
	for _, p := range v.Known {
		subjects = append(subjects, string(p))
	}
	who, err := r.s.identities(r.ctx, subjects)
	for id, i := range who {
		v.names[id] = i.Name
	}
	for i := range v.Relatives {
		v.Relatives[i].Name = v.names[string(v.Relatives[i].Person)]
	}
	v.NoticesName = v.names[string(v.Notices)]
	return err
}

// units lists the units that can see the person, and why, in name order.
func (v *AccessView) units(r *reading, p care.PersonKey) ([]care.Post, error) {
	rows, err := r.store.Relations(r.ctx, p)
	if err != nil {
		return nil, err
	}
	by := map[care.UnitID]*UnitAccess{}
	for _, row := range rows {
		if row.Unit == "" || row.Basis != string(access.TakesPart) || !holdsAt(row.From, row.Until, r.now) {
			continue
		}
		var j *journey.State
		if row.Stream.Kind() == "journey" {
			// A journey that the asker may not see tells them of no unit.
			state, version, err := r.load(row.Stream)
			if err != nil {
				return nil, err
			}
			if j = state.(*journey.State); version == 0 {
				continue
			}
			if _, err := r.asking.on(row.Stream, j); err != nil {
				if _, refused := care.AsRefusal(err); refused {
					continue
				}
				return nil, err
			}
		}
		u := by[row.Unit]
		if u == nil {
			u = &UnitAccess{Unit: PostView{Post: care.Post{Unit: row.Unit, Role: care.Desk}}, Since: row.From, Until: row.Until}
			u.Block = v.blockOf(r, row.Unit)
			by[row.Unit] = u
		}
		if row.From.Before(u.Since) {
			u.Since = row.From
		}
		why := WhyHelps
		switch row.Stream.Kind() {
		case "journey":
			u.Journeys = append(u.Journeys, row.Stream.ID())
			why = whyIn(j, row.Unit)
		default:
			if v.Person.Contact.Unit == row.Unit {
				why = WhyContact
			}
		}
		if !slices.Contains(u.Why, why) {
			u.Why = append(u.Why, why)
		}
	}
	var posts []care.Post
	for _, u := range by {
		v.Units = append(v.Units, *u)
		posts = append(posts, u.Unit.Post)
	}
	slices.SortFunc(v.Units, func(a, b UnitAccess) int { return strings.Compare(string(a.Unit.Post.Unit), string(b.Unit.Post.Unit)) })
	return posts, nil
}

// whyIn says why a unit takes part in a journey.
func whyIn(j *journey.State, u care.UnitID) AccessWhy {
	switch u {
	case j.Responsible.Unit:
		return WhyResponsible
	case j.Desk.Unit:
		return WhyReceived
	case j.Sender.Post.Unit:
		return WhySent
	}
	return WhyHelps
}

// blockOf is the number of a block that holds a whole unit back from everything;
// 0 is none.
func (v *AccessView) blockOf(r *reading, u care.UnitID) int {
	above := append([]care.UnitID{u}, r.dir.Above(u)...)
	for _, b := range v.State.Blocks {
		if b.Status != access.BlockStands || b.Journey != "" {
			continue
		}
		if slices.Contains(above, b.Against.Unit) || b.Against.But != "" && !slices.Contains(above, b.Against.But) {
			return b.Number
		}
	}
	return 0
}

// openings lists the openings that the person may know of: one that a recorded
// ground delays the notice of is left out until it is told.
func (v *AccessView) openings(events []store.Event) {
	judged := map[int]string{}
	for _, e := range events {
		if rec, err := recorded(consentKind{}, e); err == nil {
			if x, is := rec.Event.(access.OpeningReviewed); is {
				judged[x.Opening] = v.Text[e.Version]["words"]
			}
		}
	}
	for _, o := range v.State.Openings {
		if untold(o, v.Now) {
			continue
		}
		_, running := v.State.Opening(o.Professional, v.Now)
		v.Openings = append(v.Openings, OpeningView{
			OpeningState: o, Name: v.people.Name(o.Professional), Unit: v.people.Post(care.Post{Unit: o.Unit, Role: care.Desk}),
			Words: v.Text[o.Version]["words"], Judged: judged[o.Number], Running: running && o.Status == access.OpeningOpen,
		})
	}
}

// untold reports whether the person is not to know of an opening yet.
func untold(o access.OpeningState, now time.Time) bool { return !o.Told && now.Before(o.Tell) }
