package casework

import (
	"slices"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// JourneyView is one journey as a face shows it: state, definition, opened
// text, and what the directory and the vault say about those who take part.
type JourneyView struct {
	ID         string
	State      *journey.State
	Definition *pathway.Definition
	Person     PersonView
	// Bookings is what is arranged for the person: copies, wishes, common times.
	Bookings BookingView
	// Text is the opened free text by event version.
	Text map[int]care.Sealed
	// History is every event, oldest first.
	History []care.Recorded
	// Undecided are steps whose condition is not yet known, with the facts they
	// wait for; Ahead are steps that may come later.
	Undecided map[pathway.StepID][]pathway.FactID
	Ahead     []pathway.StepID
	// Adopter is the unit that made the draft its own that the journey follows:
	// the nearest to where it was received. Empty where a national text stands
	// behind it.
	Adopter care.UnitID
	// Moved is the last move to another version while it is news; nil otherwise.
	Moved *MovedView
	// Warned are the cautions that hold for this person now: those that are always
	// shown, and those whose condition is known to be met.
	Warned []string
	// Withheld is what is left out for a relative, and why.
	Withheld []Withheld
	// Opened is the asker's own opening of the record while it runs, and
	// OpenedUntil when it ends; zero for everybody else.
	Opened      access.OpeningState
	OpenedUntil time.Time
	// ReadOnly says that such an opening is all that lets the asker in: there is
	// nothing for them to do here but to read.
	ReadOnly bool
	// Relatives are those who can see or act for the person, for those who work;
	// Closed says that an inner block of the person's stands in the asker's way
	// elsewhere, which others may know of (Sweden).
	Relatives []RelativeView
	Closed    bool
	// Forms are those asked for on the journey, without what was answered: for the
	// patient the open ones.
	Forms []FormView
	// Wishes are how the person wishes to be told, for those who work.
	Wishes WishView
	// MayReturn is what was sent and could still come back; Undelivered says that
	// something did, or could not be sent at all. Both are for those who work.
	MayReturn   []ReturnView
	Undelivered bool
	// Asked is what the person is asked in a sentence now, for those who work: the
	// question, and never an answer.
	Asked *SentenceView
	// Threads are the conversations about the journey, without what was written,
	// for those who work.
	Threads  []ThreadView
	Now      time.Time
	Calendar *care.Calendar
	people
}

// PersonView is a person as a face shows them.
type PersonView struct {
	Key      care.PersonKey
	Identity Identity
	State    *person.State
	// Contact is the first contact's post across all journeys (L2), and those of
	// the other record, where the person has two: then it is the one that stays
	// that says who it is.
	Contact care.Post
	// Merged is the record that this one is merged into, Aliases those that are
	// merged into it.
	Merged  care.PersonKey
	Aliases []care.PersonKey
	// Text is the opened free text of the person's own stream, by event version.
	Text map[int]care.Sealed
}

// people answers who stands behind a post, and what professionals are called.
type people struct {
	dir   *directory.Directory
	now   time.Time
	names map[string]string
	// hide says which units are not named: where somebody's address is hidden, those
	// that would tell it.
	hide func(care.UnitID) bool
}

// PostView is a post as people read it.
type PostView struct {
	Post care.Post
	// Unit is the unit's public contact data.
	Unit directory.Contact
	Kind directory.Kind
	// Holders are the names of those who fill the post now; where nobody does,
	// of those who answer for it, at AnsweredBy.
	Holders    []string
	AnsweredBy care.Post
}

// Post says who stands behind a post now.
func (p people) Post(post care.Post) PostView {
	v := PostView{Post: post}
	if p.hide != nil && p.hide(post.Unit) {
		return PostView{Post: care.Post{Role: post.Role}, Unit: directory.Contact{Name: placeUnknown}}
	}
	if u, ok := p.dir.Unit(post.Unit); ok {
		v.Unit, v.Kind = u.Contact, u.Kind
	}
	ids, where, ok := p.dir.Resolve(post, p.now)
	if ok {
		v.AnsweredBy = where
	}
	for _, id := range ids {
		if name := p.names[id]; name != "" {
			v.Holders = append(v.Holders, name)
		}
	}
	return v
}

// Name is what a professional, or a relative who acted, is called; empty where it
// is not known.
func (p people) Name(professional string) string { return p.names[professional] }

// Directory is the units and posts, for lists to choose from.
func (p people) Directory() *directory.Directory { return p.dir }

// people gathers the names of everyone who stands behind the posts given, and
// of the professionals given.
func (r *reading) people(posts []care.Post, ids ...string) (people, error) {
	p := people{dir: r.dir, now: r.now, names: map[string]string{}}
	for _, post := range posts {
		holders, _, _ := r.dir.Resolve(post, r.now)
		ids = append(ids, holders...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	all, err := r.s.identities(r.ctx, ids)
	if err != nil {
		return p, err
	}
	for id, i := range all {
		p.names[id] = i.Name
	}
	return p, nil
}

// GetJourney asks for one journey.
type GetJourney struct{ ID string }

// Name of the question.
func (GetJourney) Name() string { return "journey" }

func (q GetJourney) answer(r *reading) (JourneyView, []care.PersonKey, error) {
	st := store.StreamOf("journey", q.ID)
	state, _, err := r.load(st)
	if err != nil {
		return JourneyView{}, nil, err
	}
	j := state.(*journey.State)
	if j.Status == journey.NotOpened {
		return JourneyView{}, nil, noJourney()
	}
	if err := r.see(st, j); err != nil {
		return JourneyView{}, nil, err
	}
	v, err := r.journey(q.ID, j)
	if err == nil {
		v.Opened, err = r.opened(j.Person)
		v.OpenedUntil, v.ReadOnly = v.Opened.Ends, r.ground.basis == access.BreakGlass
	}
	if err == nil && r.who.Actor.Kind == care.Professional {
		v.Relatives, v.Closed, err = r.standing(j.Person)
		if err == nil {
			v.Forms, err = r.formsOf(j.Person, q.ID)
		}
		if err == nil {
			v.Wishes, err = r.wishes(j.Person)
		}
		if err == nil {
			err = v.mayReturn(r, j.Person)
		}
		if err == nil && !v.ReadOnly {
			v.Asked, err = r.asked(j.Person)
		}
		if err == nil {
			v.Threads, err = r.threadsOf(j.Person, q.ID)
		}
	}
	r.ground.cover(&v)
	return v, []care.PersonKey{j.Person}, err
}

func (q GetJourney) reached(r *reading, v JourneyView) error {
	return r.s.reached(r, []JourneyView{v})
}

// journey fills a view of a state that may be seen.
func (r *reading) journey(id string, j *journey.State) (JourneyView, error) {
	v := JourneyView{ID: id, State: j, Now: r.now, Calendar: care.CalendarOf(j.Regime), Text: map[int]care.Sealed{}}
	r.shows(store.StreamOf("journey", id))
	var err error
	if v.Definition, err = r.s.shelf.find(r.ctx, j.Pathway); err != nil {
		return v, err
	}
	v.Adopter = r.adopter(j)
	if v.Person, err = r.person(j.Person); err != nil {
		return v, err
	}
	if v.Bookings, err = r.bookings(j.Person); err != nil {
		return v, err
	}
	events, err := r.store.Load(r.ctx, store.StreamOf("journey", id), 0)
	if err != nil {
		return v, err
	}
	posts := []care.Post{v.Person.Contact, j.Responsible, j.Desk, j.Sender.Post}
	var ids []string
	for _, e := range events {
		rec, err := recorded(journeyKind{}, e)
		if err != nil {
			return v, err
		}
		v.History = append(v.History, rec)
		if text, err := r.s.unseal(r.ctx, string(j.Person), e); err != nil {
			return v, err
		} else if text != nil {
			v.Text[e.Version] = text
		}
		if e.Actor.Kind == care.Professional || e.Actor.Kind == care.Relative {
			ids = append(ids, e.Actor.ID)
		}
	}
	for _, u := range takingPart(j) {
		posts = append(posts, care.Post{Unit: u, Role: care.Desk})
	}
	for _, i := range j.List() {
		posts = append(posts, i.Post)
	}
	for _, i := range v.Bookings.State.Items() {
		posts = append(posts, i.Post)
	}
	for _, p := range j.Roles {
		posts = append(posts, p)
	}
	if v.people, err = r.people(posts, ids...); err != nil {
		return v, err
	}
	v.hide = r.hides(v.Person, j.Responsible.Unit)
	v.withoutPlace()
	r.ahead(&v)
	err = r.moved(&v)
	return v, err
}

// ahead says which steps may still come, which wait for a fact, and which
// cautions hold.
func (r *reading) ahead(v *JourneyView) {
	v.Undecided = map[pathway.StepID][]pathway.FactID{}
	known := journey.Facts(v.State, journey.Known{Calendar: v.Calendar, Person: journey.Person{
		Born: v.Person.Identity.Born, PEM: malaise(*v.Person.State),
	}}, r.now)
	for _, c := range v.Definition.Cautions {
		if truth, _ := c.When.Eval(known); truth == pathway.Yes {
			v.Warned = append(v.Warned, c.ID)
		}
	}
	never := map[pathway.StepID]bool{}
	for _, def := range v.Definition.Steps {
		if _, brought := v.State.BroughtIn[def.ID]; brought || v.State.StepOf(def.ID) != nil {
			continue
		}
		if slices.ContainsFunc(def.After, func(n pathway.Need) bool { return never[n.Step] || v.tookAnotherWay(n) }) {
			never[def.ID] = true
			continue
		}
		if def.If != nil {
			switch truth, missing := def.If.Eval(known); truth {
			case pathway.No:
				continue
			case pathway.NotYetKnown:
				v.Undecided[def.ID] = missing
			case pathway.Yes:
			}
		}
		v.Ahead = append(v.Ahead, def.ID)
	}
}

// tookAnotherWay reports whether the step a need names is done with another
// outcome, so that what waits for this one does not come.
func (v *JourneyView) tookAnotherWay(n pathway.Need) bool {
	if n.Step == "" || n.Outcome == "" {
		return false
	}
	st := v.State.StepOf(n.Step)
	return st != nil && st.State == journey.StepIsDone && !slices.Contains(strings.Split(st.Outcome, ","), n.Outcome)
}

// person fills a view of a person.
func (r *reading) person(key care.PersonKey) (PersonView, error) {
	v := PersonView{Key: key, Text: map[int]care.Sealed{}}
	st := store.StreamOf("person", string(key))
	r.shows(st)
	state, _, err := r.load(st)
	if err != nil {
		return v, err
	}
	v.State = state.(*person.State)
	v.Contact = firstContact(*v.State, r.dir, r.now)
	if v.Identity, err = r.identity(key); err != nil {
		return v, err
	}
	if v.Identity, err = r.unmarked(key, v.Identity); err != nil {
		return v, err
	}
	if err := v.merged(r); err != nil {
		return v, err
	}
	v.hide()
	events, err := r.store.Load(r.ctx, st, 0)
	if err != nil {
		return v, err
	}
	for _, e := range events {
		text, err := r.s.unseal(r.ctx, string(key), e)
		if err != nil {
			return v, err
		}
		if text != nil {
			v.Text[e.Version] = text
		}
	}
	return v, nil
}

// reached records that a page reached those it was for: the patient who opened
// it, or the sender's unit. Opening a page is the receipt (L13).
func (s *Service) reached(r *reading, views []JourneyView) error {
	for _, v := range views {
		for _, t := range v.State.Tellings {
			if !t.Open() {
				continue
			}
			mine, err := r.isFor(t.To, v.State.Person)
			if err != nil {
				return err
			}
			if !mine {
				continue
			}
			_, err = s.Do(r.ctx, Order{
				Who: Who{Actor: care.Service}, Target: v.ID, Key: "page/" + v.ID + "/" + itoa(t.Telling),
				Command: journey.Tell{Telling: t.Telling, How: care.ByPage},
			})
			if _, refused := care.AsRefusal(err); err != nil && !refused {
				return err
			}
		}
	}
	return nil
}

// isFor reports whether the asker is who is to be told: the patient, or the
// relative whom all their notices go to.
func (r *reading) isFor(to care.Party, p care.PersonKey) (bool, error) {
	switch to.Kind {
	case care.PartyPatient:
		if r.who.Actor.Kind != care.Relative {
			return r.who.Actor.Kind == care.Patient, nil
		}
		state, _, err := r.load(store.StreamOf("consent", string(p)))
		if err != nil {
			return false, err
		}
		relative, directed := state.(*access.State).NoticesTo(r.now)
		return directed && string(relative) == r.who.Actor.ID, nil
	case care.PartyUnit:
		return r.who.Actor.Kind == care.Professional && r.who.Post.Unit == to.Post.Unit, nil
	}
	return false, nil
}
