package casework

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/journey"
	"forlop/store"
)

// Plan is what a patient sees: themselves and their journeys, open ones first.
type Plan struct {
	Person   PersonView
	Journeys []JourneyView
	Now      time.Time
	people
}

// MyPlan asks for the asking patient's own plan.
type MyPlan struct{}

// Name of the question.
func (MyPlan) Name() string { return "my-plan" }

func (MyPlan) answer(r *reading) (Plan, []care.PersonKey, error) {
	key := care.PersonKey(r.who.Actor.ID)
	p := Plan{Now: r.now}
	rows, err := r.s.store.Journeys(r.ctx, store.JourneyQuery{Scope: store.Scope{Person: key, At: r.now}, Person: key, Limit: 100})
	if err != nil {
		return p, nil, err
	}
	if p.Person, err = r.person(key); err != nil {
		return p, nil, err
	}
	for _, row := range rows {
		state, _, err := r.s.load(r.ctx, row.Stream)
		if err != nil {
			return p, nil, err
		}
		v, err := r.journey(row.Stream.ID(), state.(*journey.State))
		if err != nil {
			return p, nil, err
		}
		p.Journeys = append(p.Journeys, v)
	}
	slices.SortStableFunc(p.Journeys, func(a, b JourneyView) int { return next(a).Compare(next(b)) })
	p.people, err = r.people([]care.Post{p.Person.Contact})
	return p, []care.PersonKey{key}, err
}

// next is the journey's next date, far away for one that has ended.
func next(v JourneyView) time.Time {
	if v.State.Status == journey.Closed {
		return v.Now.AddDate(1000, 0, 0)
	}
	due, ok := journey.Due(v.State)
	if !ok {
		return v.Now.AddDate(999, 0, 0)
	}
	return due
}

func (MyPlan) reached(r *reading, p Plan) error { return r.s.reached(r, p.Journeys) }

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
	Order               WorkOrder
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
)

// WorkPage is a page of a worklist.
type WorkPage struct {
	Rows []WorkRow
	// Total counts what the query narrows to.
	Total int
	// Late, Week and All count everything the posts answer for, whatever the
	// query narrows to: late, due within seven days, and all.
	Late, Week, All int
	Now             time.Time
	Posts           []care.Post
	people
}

// WorkRow is one open thing with the person it is about.
type WorkRow struct {
	Item care.Item
	// Journey is the journey the item belongs to; for an item of the person, one
	// of their journeys, an open one first.
	Journey string
	// Stream is the kind of stream the item lives in: journey, person, or campaign
	// (a journey that could not be moved to a new version).
	Stream   string
	Person   care.PersonKey
	Identity Identity
	Pathway  string
	// Party is who a telling or a question is for, and who is waited for; zero
	// for everything else.
	Party care.Party
}

// Name of the question.
func (WorkQuery) Name() string { return "worklist" }

func (q WorkQuery) answer(r *reading) (WorkPage, []care.PersonKey, error) {
	page := WorkPage{Now: r.now}
	covers := r.dir.Covers(r.who.Actor.ID, r.now)
	iq := store.ItemQuery{
		Scope: r.s.scope(r.who, r.now), Kinds: q.Kinds, Refs: q.Refs,
		DueAfter: q.DueAfter, DueBefore: q.DueBefore, Order: q.Order, Limit: min(max(q.Size, 1), 200),
	}
	iq.Offset = q.Page * iq.Limit
	if q.Pathway != "" {
		var err error
		if iq.Pathways, err = r.s.withLayers(r.ctx, q.Pathway); err != nil {
			return page, nil, err
		}
	}
	for _, c := range covers {
		if c.Own {
			page.Posts = append(page.Posts, care.Post{Unit: c.Unit, Role: c.Role})
		}
		if q.Post.IsZero() || c.Has(q.Post) && c.Role == q.Post.Role {
			iq.Posts = append(iq.Posts, care.Post{Unit: c.Unit, Role: c.Role})
			for _, role := range c.Except {
				// What others hold is left out of a whole unit, and so is what is held
				// by the asker, who has it as a post of its own.
				p := care.Post{Unit: c.Unit, Role: role}
				own := slices.ContainsFunc(covers, func(own directory.Cover) bool { return own.Role != "" && own.Has(p) })
				if !own || q.Post.IsZero() {
					iq.Except = append(iq.Except, p)
				}
			}
		}
	}
	if !q.Post.IsZero() && len(iq.Posts) == 0 {
		return page, nil, care.Deny("not-your-post", "You do not hold the post {post} today.", "post", q.Post.String())
	}
	items, err := page.read(r, iq)
	if err != nil {
		return page, nil, err
	}
	persons := make([]care.PersonKey, 0, len(items))
	subjects := make([]string, 0, len(items))
	posts := make([]care.Post, 0, len(items))
	for _, i := range items {
		persons, subjects, posts = append(persons, i.Person), append(subjects, string(i.Person)), append(posts, i.Item.Post)
	}
	slices.Sort(persons)
	persons = slices.Compact(persons)
	who, err := r.s.identities(r.ctx, subjects)
	if err != nil {
		return page, nil, err
	}
	for _, i := range items {
		row := WorkRow{
			Item: i.Item, Journey: i.Stream.ID(), Stream: i.Stream.Kind(), Person: i.Person, Identity: who[string(i.Person)], Pathway: i.Pathway,
		}
		switch row.Stream {
		case "journey":
			err = row.name(r, i.Stream)
		case "campaign":
			row.Journey = journeyOf(row.Item.Key)
		default:
			err = row.find(r, iq.Scope)
		}
		if err != nil {
			return page, nil, err
		}
		page.Rows = append(page.Rows, row)
	}
	page.people, err = r.people(posts)
	r.basis = access.TakesPart
	return page, persons, err
}

// read reads the items of a list's page and fills the figures at its head. The
// figures are of the whole list, whatever the page is narrowed to.
func (page *WorkPage) read(r *reading, q store.ItemQuery) ([]store.Item, error) {
	whole := store.ItemQuery{Scope: q.Scope, Posts: q.Posts, Except: q.Except}
	counts, err := r.s.store.CountItems(r.ctx, whole, []time.Time{{}, r.now, r.now.AddDate(0, 0, 7)})
	if err != nil {
		return nil, err
	}
	page.All, page.Late, page.Week = counts[0], counts[1], counts[2]-counts[1]
	q.NoTotal = q.Kinds == nil && q.Refs == nil && q.Pathways == nil && q.DueAfter.IsZero() && q.DueBefore.IsZero()
	items, total, err := r.s.store.Items(r.ctx, q)
	if page.Total = total; q.NoTotal {
		page.Total = page.All
	}
	return items, err
}

// name says whom the item is about, where somebody is told, asked or waited for.
func (row *WorkRow) name(r *reading, st store.Stream) error {
	kind, _, _ := strings.Cut(row.Item.Key, "!")
	kind, n, _ := strings.Cut(kind, "/")
	if kind != "telling" && kind != "question" && kind != "wait" {
		return nil
	}
	at, err := strconv.Atoi(n)
	if err != nil {
		return fmt.Errorf("the item %s has no number: %w", row.Item.Key, err)
	}
	state, _, err := r.s.load(r.ctx, st)
	if err != nil {
		return err
	}
	j := state.(*journey.State)
	switch {
	case kind == "telling" && at <= len(j.Tellings):
		row.Party = j.Tellings[at-1].To
	case kind == "question" && at <= len(j.Questions):
		row.Party = j.Questions[at-1].To
	case kind == "wait" && at <= len(j.Waits):
		row.Party = j.Waits[at-1].For
	}
	return nil
}

// find gives an item of a person a journey to be read in.
func (row *WorkRow) find(r *reading, scope store.Scope) error {
	journeys, err := r.s.store.Journeys(r.ctx, store.JourneyQuery{Scope: scope, Person: row.Person, Limit: 20})
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

// FindPerson looks for a person by name, date of birth or number, within the
// asker's own relations. A number is found exactly.
type FindPerson struct{ Query string }

// Found is one person that was found.
type Found struct {
	Person   care.PersonKey
	Identity Identity
	Journeys []store.Journey
}

// Name of the question.
func (FindPerson) Name() string { return "find-person" }

// findLimit is how many persons a search reads and how many it shows.
const findLimit, showLimit = 20_000, 50

func (q FindPerson) answer(r *reading) ([]Found, []care.PersonKey, error) {
	query := folded(q.Query)
	if len([]rune(query)) < 2 {
		return nil, nil, care.Refuse("search-too-short", "Write at least two letters, a date of birth or a number.").On("q")
	}
	scope := r.s.scope(r.who, r.now)
	var out []Found
	var persons []care.PersonKey
	var after care.PersonKey
	for read := 0; read < findLimit && len(out) < showLimit; read += 500 {
		keys, err := r.s.store.Persons(r.ctx, scope, after, 500)
		if err != nil {
			return nil, nil, err
		}
		subjects := make([]string, len(keys))
		for i, k := range keys {
			subjects[i] = string(k)
			after = k
		}
		who, err := r.s.identities(r.ctx, subjects)
		if err != nil {
			return nil, nil, err
		}
		for _, k := range keys {
			if i, ok := who[string(k)]; ok && i.matches(query) && len(out) < showLimit {
				rows, err := r.s.store.Journeys(r.ctx, store.JourneyQuery{Scope: scope, Person: k, Limit: 20})
				if err != nil {
					return nil, nil, err
				}
				out, persons = append(out, Found{Person: k, Identity: i, Journeys: rows}), append(persons, k)
			}
		}
		if len(keys) < 500 {
			break
		}
	}
	r.basis = access.TakesPart
	return out, persons, nil
}

// matches reports whether every word of a folded query is found in the name,
// the date of birth or the number.
func (i Identity) matches(query string) bool {
	name, born := folded(i.Name), ""
	if !i.Born.IsZero() {
		born = i.Born.String()
	}
	for _, word := range strings.Fields(query) {
		if !strings.Contains(name, word) && !(len(word) >= 4 && strings.HasPrefix(born, word)) && word != i.Number {
			return false
		}
	}
	return true
}

// folded makes letters comparable: lower case, å ä ö æ ø kept apart as they are.
func folded(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Journeys asks for the journeys in the asker's relations, in stream order.
type Journeys struct {
	Status  string
	Pathway string
	After   string
	Limit   int
}

// Name of the question.
func (Journeys) Name() string { return "journeys" }

func (q Journeys) answer(r *reading) ([]store.Journey, []care.PersonKey, error) {
	jq := store.JourneyQuery{Scope: r.s.scope(r.who, r.now), Status: q.Status, Pathway: q.Pathway, Limit: min(max(q.Limit, 1), 500)}
	if q.After != "" {
		jq.After = store.StreamOf("journey", q.After)
	}
	rows, err := r.s.store.Journeys(r.ctx, jq)
	persons := make([]care.PersonKey, 0, len(rows))
	for _, row := range rows {
		persons = append(persons, row.Person)
	}
	slices.Sort(persons)
	r.basis = access.TakesPart
	return rows, slices.Compact(persons), err
}

// GetPerson asks for one person.
type GetPerson struct{ Key care.PersonKey }

// Name of the question.
func (GetPerson) Name() string { return "person" }

func (q GetPerson) answer(r *reading) (PersonView, []care.PersonKey, error) {
	st := store.StreamOf("person", string(q.Key))
	state, version, err := r.s.load(r.ctx, st)
	if err != nil {
		return PersonView{}, nil, err
	}
	if version == 0 {
		return PersonView{}, nil, care.Missing("no-person", "There is no such person.")
	}
	if err := r.see(st, state); err != nil {
		return PersonView{}, nil, care.Missing("no-person", "There is no such person.")
	}
	v, err := r.person(q.Key)
	return v, []care.PersonKey{q.Key}, err
}

// Looks asks who has looked at the asking patient, newest first.
type Looks struct{}

// LookView is one entry of the access log as the patient reads it.
type LookView struct {
	store.Look
	Name string
	Unit directory.Contact
}

// Name of the question.
func (Looks) Name() string { return "access-log" }

func (Looks) answer(r *reading) ([]LookView, []care.PersonKey, error) {
	key := care.PersonKey(r.who.Actor.ID)
	looks, err := r.s.store.Looks(r.ctx, key, 500)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, l := range looks {
		ids = append(ids, l.Actor.ID)
	}
	slices.Sort(ids)
	who, err := r.s.identities(r.ctx, slices.Compact(ids))
	if err != nil {
		return nil, nil, err
	}
	out := make([]LookView, 0, len(looks))
	for _, l := range looks {
		v := LookView{Look: l, Name: who[l.Actor.ID].Name}
		if u, ok := r.dir.Unit(l.Post.Unit); ok {
			v.Unit = u.Contact
		}
		// The list of persons is the entry's own; a patient sees only that it
		// was about them.
		v.Persons = nil
		out = append(out, v)
	}
	return out, []care.PersonKey{key}, nil
}

func itoa(n int) string { return strconv.Itoa(n) }
