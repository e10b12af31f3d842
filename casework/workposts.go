package casework

import (
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

// WorkPosts asks what the asker's posts carry, who fills them and who is away. It
// is part of reading the worklist.
type WorkPosts struct{}

// PostLoad is a post of one of the asker's units: how many open journeys it
// answers for, and how many it said it can; 0 is no limit.
type PostLoad struct {
	Post           care.Post
	Own            bool
	Holders        []string
	Journeys, Most int
}

// Over reports whether the post answers for more than it said it can.
func (l PostLoad) Over() bool { return l.Most > 0 && l.Journeys > l.Most }

// UnitAbsence is an absence in one of the asker's units, now or to come.
type UnitAbsence struct {
	Unit care.UnitID
	directory.Absence
}

// WorkPostsPage is what WorkPosts answers.
type WorkPostsPage struct {
	Posts    []PostLoad
	Absences []UnitAbsence
	// Colleagues are who fills a post of one of the asker's units now, by unit.
	Colleagues map[care.UnitID][]string
	Now        time.Time
	people
}

// mostCounted is how many journeys of a post are counted; beyond it there are "so
// many at least". Ours, no source.
const mostCounted = 2000

// Name of the question.
func (WorkPosts) Name() string { return "worklist" }

func (WorkPosts) answer(r *reading) (WorkPostsPage, []care.PersonKey, error) {
	page := WorkPostsPage{Now: r.now, Colleagues: map[care.UnitID][]string{}}
	covers := slices.DeleteFunc(r.dir.Covers(r.who.Actor.ID, r.now), func(c directory.Cover) bool { return !c.Own })
	var posts []care.Post
	var ids []string
	for _, id := range unitsOf(covers) {
		u, _ := r.dir.Unit(id)
		l, err := r.list(ListOfUnit(id))
		if err != nil {
			return page, nil, err
		}
		for _, role := range append([]care.Role{care.Desk, care.Lead}, u.Roles...) {
			post := care.Post{Unit: id, Role: role}
			load := PostLoad{
				Post: post, Holders: r.dir.Holders(post, r.now), Most: l.Limits[role],
				Own: slices.ContainsFunc(covers, func(c directory.Cover) bool { return c.Unit == id && c.Role == role }),
			}
			if load.Journeys, err = r.caseload(post); err != nil {
				return page, nil, err
			}
			if load.Own || load.Journeys > 0 || len(load.Holders) > 0 {
				page.Posts, posts = append(page.Posts, load), append(posts, post)
			}
			for _, h := range load.Holders {
				if !slices.Contains(page.Colleagues[id], h) {
					page.Colleagues[id] = append(page.Colleagues[id], h)
				}
			}
		}
		for _, a := range u.Absences {
			if a.Until.After(r.now) {
				page.Absences = append(page.Absences, UnitAbsence{id, a})
				ids = append(ids, a.Professional, a.Substitute)
			}
		}
		ids = append(ids, page.Colleagues[id]...)
	}
	var err error
	page.people, err = r.people(posts, slices.DeleteFunc(ids, func(id string) bool { return id == "" })...)
	return page, nil, err
}

// caseload counts the open journeys that a post answers for, of those the asker
// may see.
func (r *reading) caseload(post care.Post) (int, error) {
	rows, err := r.store.Journeys(r.ctx, store.JourneyQuery{
		Scope: r.s.scope(r.who, r.now), Status: string(journey.Running), Responsible: &post, Limit: mostCounted,
	})
	return len(rows), err
}

// ShortNotice asks who could come to a time that has become free: everybody who
// waits for the same step at the same post, the longest waiter first.
type ShortNotice struct {
	Journey string
	Step    int
	At      time.Time
}

// ShortNoticePage is what ShortNotice answers. Unfit counts those whose limits or
// pauses the time does not keep.
type ShortNoticePage struct {
	Step journey.Step
	At   time.Time
	Rows []Candidate
	// Unfit counts those who wait and whom the time does not suit.
	Unfit int
	people
}

// Candidate is somebody who waits for the same step.
type Candidate struct {
	Journey  string
	Person   PersonView
	Step     journey.Step
	Received time.Time
}

// Name of the question.
func (ShortNotice) Name() string { return "worklist" }

// mostCandidates is how many that wait are looked at. Ours, no source.
const mostCandidates = 200

func (q ShortNotice) answer(r *reading) (ShortNoticePage, []care.PersonKey, error) {
	page := ShortNoticePage{At: q.At}
	st := store.StreamOf("journey", q.Journey)
	state, _, err := r.load(st)
	if err != nil {
		return page, nil, err
	}
	j := state.(*journey.State)
	if j.Status == journey.NotOpened || q.Step < 1 || q.Step > len(j.Steps) {
		return page, nil, noJourney()
	}
	if err := r.see(st, j); err != nil {
		return page, nil, err
	}
	page.Step = j.Steps[q.Step-1]
	items, _, err := r.s.store.Items(r.ctx, store.ItemQuery{
		Scope: r.s.scope(r.who, r.now), Kinds: []care.ItemKind{care.StepItem}, Refs: []string{string(page.Step.ID)},
		Posts: []care.Post{page.Step.Owner}, Order: store.BySince, Limit: mostCandidates, NoTotal: true,
	})
	if err != nil {
		return page, nil, err
	}
	var persons []care.PersonKey
	for _, i := range items {
		if i.Stream == st {
			continue
		}
		c, fits, err := r.candidate(i, q.At)
		if err != nil {
			return page, nil, err
		}
		if !fits {
			page.Unfit++
			continue
		}
		page.Rows, persons = append(page.Rows, c), append(persons, i.Person)
		r.shows(i.Stream)
	}
	slices.SortStableFunc(page.Rows, func(a, b Candidate) int { return a.Received.Compare(b.Received) })
	r.basis = access.TakesPart
	page.people, err = r.people([]care.Post{page.Step.Owner})
	return page, append(persons, j.Person), err
}

// candidate is one who waits, and whether a time keeps what they have said that
// they can bear: their pauses, their free days between contacts and their contacts
// a week. A step that is planned sooner anyway is no reason to ask.
func (r *reading) candidate(i store.Item, at time.Time) (Candidate, bool, error) {
	state, _, err := r.s.load(r.ctx, i.Stream)
	if err != nil {
		return Candidate{}, false, err
	}
	j := state.(*journey.State)
	n := numberOf(i.Item.Key)
	if n < 1 || n > len(j.Steps) {
		return Candidate{}, false, nil
	}
	c := Candidate{Journey: i.Stream.ID(), Step: j.Steps[n-1], Received: j.Received}
	if !c.Step.Live() || !c.Step.Planned.IsZero() && !c.Step.Planned.After(at) {
		return c, false, nil
	}
	if c.Person, err = r.only(i.Person); err != nil {
		return c, false, err
	}
	return c, bears(c.Person, j, n, at), nil
}

// bears reports whether a time keeps a person's pauses and limits, among what is
// planned in this journey. Ours, no source: it says whom to ask first, and asking
// is left to people.
func bears(p PersonView, j *journey.State, but int, at time.Time) bool {
	cal := care.CalendarOf(j.Regime)
	day := cal.Date(at)
	for _, pause := range p.State.Pauses {
		if !pause.Closed && !at.Before(pause.Begins) && (pause.Ends.IsZero() || at.Before(pause.Ends)) {
			return false
		}
	}
	inWeek := 1
	for n, st := range j.Steps {
		if n+1 == but || !st.Live() || st.Planned.IsZero() {
			continue
		}
		other := cal.Date(st.Planned)
		apart := max(day.DaysUntil(other), other.DaysUntil(day))
		if rest := p.State.Energy.RestDays; rest > 0 && apart <= rest {
			return false
		}
		if apart < 7 {
			inWeek++
		}
	}
	most := p.State.Energy.PerWeek
	return !p.State.Death.Recorded && (most == 0 || inWeek <= most)
}

// numberOf is the number in an item's key, such as 3 in "step/3"; 0 where there
// is none.
func numberOf(key string) int {
	key, _, _ = strings.Cut(key, "!")
	_, n, _ := strings.Cut(key, "/")
	at, err := strconv.Atoi(n)
	if err != nil {
		return 0
	}
	return at
}
