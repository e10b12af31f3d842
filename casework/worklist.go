package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/care/messaging"
	"forlop/care/worklist"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// WorkQuery asks for a page of what the asker's posts must do next.
type WorkQuery struct {
	// Post narrows to one of the asker's posts; zero means everything they
	// answer for.
	Post  care.Post
	Kinds []care.ItemKind
	Refs  []string
	// Pathway narrows to a pathway and the local layers over it, or to one layer.
	Pathway string
	// DueBefore and DueAfter narrow by date.
	DueBefore, DueAfter time.Time
	// Whose narrows to the asker's own posts, to their units, or to what nobody
	// holds.
	Whose Whose
	// Asleep asks for what has been put aside, which stands on no other list.
	Asleep bool
	// Grouped asks for one row for each cause that is late for many patients.
	Grouped bool
	// Cause narrows to one such cause.
	Cause *Cause
	// Items narrows to these; nil narrows to none.
	Items []worklist.Item
	Order WorkOrder
	// Page counts from 0; Size is at most 200.
	Page, Size int
}

// WorkOrder is the order of a worklist.
type WorkOrder = store.Order

// The orders: what is late or first late comes first, what has the first latest
// date, what has waited longest.
const (
	ByDue    = store.ByDue
	ByLatest = store.ByLatest
	BySince  = store.BySince
	ByBreach = store.ByBreach
)

// Whose says whose things a list holds.
type Whose string

// Everything the asker answers for is the zero Whose. Mine is what stands with
// posts that they hold, Team what stands with any post of their units, and Nobodys
// what has fallen to them because nobody holds its post.
const (
	Mine    Whose = "mine"
	Team    Whose = "team"
	Nobodys Whose = "unassigned"
)

// Cause is why several things are late: what waits at one post for one reason.
type Cause struct {
	Post care.Post
	Kind care.ItemKind
	Ref  string
}

// WorkGroup is a cause with how many things are late for it, and for how many
// patients. A patient counts once.
type WorkGroup struct {
	Cause
	Items, Patients int
}

// ManyPatients is how many patients make one cause of what is late (proposed).
const ManyPatients = 5

// noNextStep and wordsToRead are what the engine puts on a list when nothing says
// what comes next, and when somebody wrote.
const noNextStep, wordsToRead = "no-next-step", "words-to-read"

// unread are what was written to somebody and waits for an answer.
var unread = []string{wordsToRead, messaging.AnswerRef, messaging.CallRef, messaging.UrgentRef}

// WorkPage is a page of a worklist.
type WorkPage struct {
	Rows []WorkRow
	// Groups are the causes that stand as one row; their items are not in Rows.
	Groups []WorkGroup
	// Total counts what the query narrows to, the items of groups among it.
	Total int
	// Late, Week and All count everything the posts answer for, whatever the
	// query narrows to: late, due within seven days, and all. Unplanned is where
	// nothing says what comes next, Unread what was written to the posts, Asleep
	// what is put aside.
	Late, Week, All           int
	Unplanned, Unread, Asleep int
	// Views are what the asker has kept for themselves, then what is shared in
	// their units.
	Views []SavedView
	Now   time.Time
	Posts []care.Post
	people
}

// SavedView is a view of a list that somebody kept. Unit is empty for the asker's
// own.
type SavedView struct {
	worklist.View
	Unit care.UnitID
}

// WorkRow is one open thing with the person it is about.
type WorkRow struct {
	Item care.Item
	// Journey is the journey the item belongs to; for an item of the person, one
	// of their journeys, an open one first.
	Journey string
	// Stream is the kind of stream the item lives in: journey, person, consent, form, thread,
	// campaign (a journey that could not be moved to a new version) or oversight,
	// where Journey is the unit. Form is the form's id.
	Stream string
	Form   string
	// Thread is the id of the conversation whose message waits for an answer.
	Thread string
	// Of names the item among all there are.
	Of       worklist.Item
	Person   care.PersonKey
	Identity Identity
	Pathway  string
	// Party is who a telling or a question is for, who is waited for, and who was
	// offered to take over; zero for everything else.
	Party care.Party
	// Offered is, for a step that hands responsibility over, the offer that waits
	// for an answer, and 0 where none does; Answer is when it should be answered.
	Offered int
	Answer  time.Time
	// Until is when what is put aside comes back by itself; zero for everything
	// else.
	Until time.Time
}

// Name of the question.
func (WorkQuery) Name() string { return "worklist" }

func (q WorkQuery) answer(r *reading) (WorkPage, []care.PersonKey, error) {
	page := WorkPage{Now: r.now}
	covers := r.dir.Covers(r.who.Actor.ID, r.now)
	iq := store.ItemQuery{
		Scope: r.s.scope(r.who, r.now), Kinds: q.Kinds, Refs: q.Refs, Once: !slices.Equal(q.Kinds, []care.ItemKind{care.EscalationItem}),
		DueAfter: q.DueAfter, DueBefore: q.DueBefore, Order: q.Order, Now: r.now, Limit: min(max(q.Size, 1), 200),
	}
	iq.Offset = q.Page * iq.Limit
	if slices.ContainsFunc(covers, func(c directory.Cover) bool { return c.Own && (c.Role == care.PrivacyOfficer || c.Role == care.Lead) }) {
		iq.Scope.Bases = append(iq.Scope.Bases, string(access.Oversees))
	}
	if q.Pathway != "" {
		var err error
		if iq.Pathways, err = r.s.withLayers(r.ctx, q.Pathway); err != nil {
			return page, nil, err
		}
	}
	if q.Order == ByBreach {
		var err error
		if iq.First, err = r.s.setByLaw(r.ctx); err != nil {
			return page, nil, err
		}
	}
	whole := store.ItemQuery{Scope: iq.Scope, Once: true}
	whole.Posts, whole.Except = postsOf(covers, covers, true)
	whole.Posts = append(whole.Posts, r.officers(covers)...)
	narrowed := covers
	switch {
	case !q.Post.IsZero():
		narrowed = slices.DeleteFunc(slices.Clone(covers), func(c directory.Cover) bool { return !c.Has(q.Post) || c.Role != q.Post.Role })
	case q.Whose == Mine:
		narrowed = slices.DeleteFunc(slices.Clone(covers), func(c directory.Cover) bool { return !c.Own })
	case q.Whose == Nobodys:
		narrowed = slices.DeleteFunc(slices.Clone(covers), func(c directory.Cover) bool { return c.Own })
	}
	iq.Posts, iq.Except = postsOf(narrowed, covers, q.Post.IsZero())
	for _, post := range r.officers(covers) {
		if q.Post == post || q.Post.IsZero() && q.Whose != Nobodys {
			iq.Posts = append(iq.Posts, post)
		}
	}
	if q.Whose == Team && q.Post.IsZero() {
		iq.Posts, iq.Except = nil, nil
	}
	for _, c := range covers {
		if !c.Own {
			continue
		}
		page.Posts = append(page.Posts, care.Post{Unit: c.Unit, Role: c.Role})
		if q.Whose == Team && q.Post.IsZero() {
			iq.Posts = append(iq.Posts, care.Post{Unit: c.Unit})
		}
	}
	if iq.Posts == nil {
		iq.Posts = []care.Post{} // none, and not every post there is
	}
	if !q.Post.IsZero() && len(iq.Posts) == 0 {
		return page, nil, care.Deny("not-your-post", "You do not hold the post {post} today.", "post", q.Post.String())
	}
	asleep, err := page.arranged(r, covers)
	if err != nil {
		return page, nil, err
	}
	items, err := page.read(r, q, iq, whole, asleep)
	if err != nil {
		return page, nil, err
	}
	persons := make([]care.PersonKey, 0, len(items))
	subjects := make([]string, 0, len(items))
	posts := make([]care.Post, 0, len(items))
	for _, i := range items {
		posts = append(posts, i.Item.Post)
		if i.Person != "" { // what the log was found to hold names nobody on a list
			persons, subjects = append(persons, i.Person), append(subjects, string(i.Person))
		}
	}
	for _, g := range page.Groups {
		posts = append(posts, g.Post)
	}
	slices.Sort(persons)
	persons = slices.Compact(persons)
	who, err := r.known(subjects)
	if err != nil {
		return page, nil, err
	}
	handOvers, err := r.s.stepsOf(r, pathway.HandOver)
	if err != nil {
		return page, nil, err
	}
	for _, i := range items {
		r.shows(i.Stream)
		row := WorkRow{
			Item: i.Item, Of: worklist.Item{Stream: string(i.Stream), Key: i.Item.Key}, Until: asleep.until(i), Journey: i.Stream.ID(), Stream: i.Stream.Kind(), Person: i.Person, Identity: who[string(i.Person)], Pathway: i.Pathway,
		}
		switch row.Stream {
		case "journey":
			err = row.name(r, i.Stream, handOvers)
		case "campaign":
			row.Journey = journeyOf(row.Item.Key)
		case "oversight":
		case "form":
			err = row.ofForm(r, i.Stream)
		case "thread":
			err = row.ofThread(r, i.Stream)
		default:
			err = row.find(r, r.s.scope(r.who, r.now))
		}
		if err != nil {
			return page, nil, err
		}
		if row.Party.Kind != "" && row.Identity.Protected != "" {
			if err := row.hide(r); err != nil {
				return page, nil, err
			}
		}
		page.Rows = append(page.Rows, row)
	}
	page.people, err = r.people(posts)
	r.basis = access.TakesPart
	return page, persons, err
}

// postsOf are the posts of some covers, and those left out of them. What others
// hold is left out of a whole unit, and so, where it is read apart, is what the
// asker holds among all covers: they have it as a post of its own.
func postsOf(covers, all []directory.Cover, apart bool) (posts, except []care.Post) {
	for _, c := range covers {
		posts = append(posts, care.Post{Unit: c.Unit, Role: c.Role})
		for _, role := range c.Except {
			p := care.Post{Unit: c.Unit, Role: role}
			if apart || !slices.ContainsFunc(all, func(own directory.Cover) bool { return own.Role != "" && own.Has(p) }) {
				except = append(except, p)
			}
		}
	}
	return posts, except
}

// officers are the privacy officers' posts that nobody holds in the units the
// asker leads: who looked at whom falls to the lead, and to no desk.
func (r *reading) officers(covers []directory.Cover) []care.Post {
	var out []care.Post
	for _, c := range covers {
		if c.Role == care.Lead && !officered(r.dir, c.Unit, r.now) {
			out = append(out, care.Post{Unit: c.Unit, Role: care.PrivacyOfficer})
		}
	}
	return out
}

// read reads the items of a list's page and fills the figures at its head. The
// figures are of the whole list, whatever the page is narrowed to.
func (page *WorkPage) read(r *reading, q WorkQuery, iq, whole store.ItemQuery, asleep sleepers) ([]store.Item, error) {
	whole.Leave = asleep.asides()
	counts, err := r.store.CountItems(r.ctx, whole, []time.Time{{}, r.now, r.now.AddDate(0, 0, 7)})
	if err != nil {
		return nil, err
	}
	page.All, page.Late, page.Week = counts[0], counts[1], counts[2]-counts[1]
	if err := page.count(r, whole, asleep.asides()); err != nil {
		return nil, err
	}
	plain := q.Kinds == nil && q.Refs == nil && q.Pathway == "" && q.DueAfter.IsZero() && q.DueBefore.IsZero() && q.Post.IsZero() &&
		q.Whose == "" && q.Cause == nil && q.Items == nil && !q.Asleep
	if iq.Leave = asleep.asides(); q.Asleep {
		iq.Leave, iq.Only = nil, asleep.asides()
	}
	for _, i := range q.Items {
		iq.Only = append(iq.Only, store.Aside{Stream: store.Stream(i.Stream), Key: i.Key})
	}
	if q.Items != nil {
		iq.Leave = nil
	}
	if c := q.Cause; c != nil {
		iq.Only = []store.Aside{{Post: c.Post, Kind: c.Kind, Ref: c.Ref, DueBefore: r.now}}
	}
	grouped := 0
	if q.Grouped && page.Late >= ManyPatients {
		late := iq
		if late.DueBefore.IsZero() || r.now.Before(late.DueBefore) {
			late.DueBefore = r.now
		}
		groups, err := r.store.GroupItems(r.ctx, late, ManyPatients)
		if err != nil {
			return nil, err
		}
		iq.Leave = slices.Clone(iq.Leave)
		for _, g := range groups {
			page.Groups = append(page.Groups, WorkGroup{Cause{g.Post, g.Kind, g.Ref}, g.Items, g.Persons})
			iq.Leave = append(iq.Leave, store.Aside{Post: g.Post, Kind: g.Kind, Ref: g.Ref, DueBefore: late.DueBefore})
			grouped += g.Items
		}
	}
	iq.NoTotal = plain
	items, total, err := r.store.Items(r.ctx, iq)
	if page.Total = total + grouped; plain {
		page.Total = page.All
	}
	return items, err
}

// count counts what nobody has planned, what nobody has read, and what is put
// aside.
func (page *WorkPage) count(r *reading, whole store.ItemQuery, asleep []store.Aside) error {
	for _, c := range []struct {
		of   *int
		refs []string
		only []store.Aside
	}{{&page.Unplanned, []string{noNextStep}, nil}, {&page.Unread, unread, nil}, {&page.Asleep, nil, asleep}} {
		if c.refs == nil && len(c.only) == 0 {
			continue
		}
		q := whole
		if q.Refs = c.refs; c.only != nil {
			q.Leave, q.Only = nil, c.only
		}
		n, err := r.store.CountItems(r.ctx, q, []time.Time{{}})
		if err != nil {
			return err
		}
		*c.of = n[0]
	}
	return nil
}

// sleepers are what the posts of some units have put aside.
type sleepers []sleeper

type sleeper struct {
	store.Aside
	until time.Time
}

// arranged reads what the asker and their units have arranged: views, and what is
// put aside.
func (page *WorkPage) arranged(r *reading, covers []directory.Cover) (sleepers, error) {
	own, err := r.list(ListOfProfessional(r.who.Actor.ID))
	if err != nil {
		return nil, err
	}
	for _, v := range own.Views {
		page.Views = append(page.Views, SavedView{View: v})
	}
	var out sleepers
	for _, u := range unitsOf(covers) {
		l, err := r.list(ListOfUnit(u))
		if err != nil {
			return nil, err
		}
		for _, x := range l.Asleep(r.now) {
			out = append(out, sleeper{store.Aside{Stream: store.Stream(x.Item.Stream), Key: x.Item.Key, Version: x.Version}, x.Until})
		}
		if slices.ContainsFunc(covers, func(c directory.Cover) bool { return c.Own && c.Unit == u }) {
			for _, v := range l.Views {
				page.Views = append(page.Views, SavedView{View: v, Unit: u})
			}
		}
	}
	return out, nil
}

func (all sleepers) asides() []store.Aside {
	out := []store.Aside{}
	for _, x := range all {
		out = append(out, x.Aside)
	}
	return out
}

// until is when an item comes back by itself; zero where it is awake.
func (all sleepers) until(i store.Item) time.Time {
	for _, x := range all {
		if x.Describes(i) {
			return x.until
		}
	}
	return time.Time{}
}

// name says whom the item is about, where somebody is told, asked or waited for,
// or was offered to take over.
func (row *WorkRow) name(r *reading, st store.Stream, handOvers []string) error {
	kind, _, _ := strings.Cut(row.Item.Key, "!")
	kind, n, _ := strings.Cut(kind, "/")
	if kind != "telling" && kind != "question" && kind != "wait" && kind != "consult" && kind != "contribution" &&
		(kind != "step" || !slices.Contains(handOvers, row.Item.Ref)) {
		return nil
	}
	at, err := strconv.Atoi(n)
	if err != nil {
		return fmt.Errorf("the item %s has no number: %w", row.Item.Key, err)
	}
	state, _, err := r.load(st)
	if err != nil {
		return err
	}
	j := state.(*journey.State)
	switch {
	case kind == "step":
		for _, o := range j.Offers {
			if o.State == journey.OfferOpen && o.Kind == journey.OfResponsibility {
				row.Offered, row.Answer, row.Party = o.Offer, o.By, care.Party{Kind: care.PartyUnit, Post: o.To}
			}
		}
	case kind == "telling" && at <= len(j.Tellings):
		row.Party = j.Tellings[at-1].To
	case kind == "question" && at <= len(j.Questions):
		row.Party = j.Questions[at-1].To
	case kind == "consult" && at <= len(j.Consults):
		row.Party = j.Consults[at-1].To
	case kind == "contribution" && at <= len(j.Contributions):
		row.Party = j.Contributions[at-1].Of
	case kind == "wait" && at <= len(j.Waits):
		row.Party = j.Waits[at-1].For
	}
	return nil
}

// find gives an item of a person a journey to be read in.
func (row *WorkRow) find(r *reading, scope store.Scope) error {
	journeys, err := r.store.Journeys(r.ctx, store.JourneyQuery{Scope: scope, Person: row.Person, Limit: 20})
	if err != nil {
		return err
	}
	row.Journey = ""
	for _, j := range journeys {
		if row.Journey == "" || j.Status == string(journey.Running) {
			row.Journey, row.Pathway = j.Stream.ID(), j.Pathway
		}
	}
	return nil
}

// setByLaw are the steps whose latest date a law sets, in any version.
func (s *Service) setByLaw(ctx context.Context) ([]string, error) {
	defs, err := s.Pathways(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, def := range defs {
		for _, c := range def.Clocks {
			for _, st := range def.Steps {
				if c.Kind == pathway.LawClock && st.By.Clock == c.ID && !slices.Contains(ids, string(st.ID)) {
					ids = append(ids, string(st.ID))
				}
			}
		}
	}
	return ids, nil
}
