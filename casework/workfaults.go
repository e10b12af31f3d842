package casework

import (
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/directory"
	"forlop/journey"
	"forlop/store"
)

// DataFaults asks for what cannot be right among what the asker answers for, each
// with what mends it, and whether every open journey has a responsible post. It is
// part of reading the worklist.
type DataFaults struct{}

// FaultKind says what cannot be right.
type FaultKind string

// The kinds of fault: what those who validate waiting lists look for (dates in the
// past, duplicates, nobody in charge), and what was written and not read.
const (
	// PastPlan is a time that has passed without anybody saying how it went.
	PastPlan FaultKind = "past"
	// Unread is what somebody wrote more than two working days ago.
	Unread FaultKind = "unread"
	// NobodyHolds is a post that nobody fills, and that something waits at.
	NobodyHolds FaultKind = "nobody"
	// TwoJourneys is one person with two open journeys of one pathway.
	TwoJourneys FaultKind = "twice"
	// TwoRecords are two persons of the same name and date of birth.
	TwoRecords FaultKind = "records"
)

// DataFault is one fault. Row is what it is about; for TwoRecords and TwoJourneys
// Other is the second journey; for NobodyHolds Post and Count say where and how
// much waits.
type DataFault struct {
	Kind  FaultKind
	Row   WorkRow
	Other string
	Post  care.Post
	Count int
}

// DataFaultsPage is what DataFaults answers.
type DataFaultsPage struct {
	Faults []DataFault
	// Open counts the open journeys that were looked at, and Unheld are those
	// without a responsible post that somebody answers for. More says that there
	// are more journeys than were looked at.
	Open   int
	Unheld []WorkRow
	More   bool
	Now    time.Time
	people
}

// mostChecked is how many open journeys are looked at for faults. Ours, no source.
const mostChecked = 5000

// unreadAfter is how long something written may be unread.
var unreadAfter = care.Span{N: 2, Unit: care.WorkingDays}

// Name of the question.
func (DataFaults) Name() string { return "worklist" }

func (DataFaults) answer(r *reading) (DataFaultsPage, []care.PersonKey, error) {
	page := DataFaultsPage{Now: r.now}
	covers := r.dir.Covers(r.who.Actor.ID, r.now)
	iq := store.ItemQuery{Scope: r.s.scope(r.who, r.now), Once: true, Limit: 200, NoTotal: true}
	iq.Posts, iq.Except = postsOf(covers, covers, true)
	if err := page.items(r, iq); err != nil {
		return page, nil, err
	}
	if err := page.nobodys(r, iq, covers); err != nil {
		return page, nil, err
	}
	if err := page.journeys(r, iq.Scope); err != nil {
		return page, nil, err
	}
	var subjects []string
	var persons []care.PersonKey
	var posts []care.Post
	add := func(row WorkRow) {
		if row.Person != "" {
			subjects, persons = append(subjects, string(row.Person)), append(persons, row.Person)
			r.shows(store.StreamOf("journey", row.Journey))
		}
	}
	for _, f := range page.Faults {
		add(f.Row)
		posts = append(posts, f.Post, f.Row.Item.Post)
	}
	for _, row := range page.Unheld {
		add(row)
	}
	who, err := r.s.identities(r.ctx, subjects)
	if err != nil {
		return page, nil, err
	}
	for n := range page.Faults {
		page.Faults[n].Row.Identity = who[string(page.Faults[n].Row.Person)]
	}
	for n := range page.Unheld {
		page.Unheld[n].Identity = who[string(page.Unheld[n].Person)]
	}
	page.people, err = r.people(posts)
	r.basis = access.TakesPart
	slices.Sort(persons)
	return page, slices.Compact(persons), err
}

// items finds times that have passed and words that nobody has read.
func (page *DataFaultsPage) items(r *reading, iq store.ItemQuery) error {
	past := iq
	past.Kinds, past.DueBefore = []care.ItemKind{care.StepItem}, r.now
	items, _, err := r.store.Items(r.ctx, past)
	if err != nil {
		return err
	}
	for _, i := range items {
		state, _, err := r.s.load(r.ctx, i.Stream)
		if err != nil {
			return err
		}
		j, is := state.(*journey.State)
		n := numberOf(i.Item.Key)
		if is && n >= 1 && n <= len(j.Steps) && !j.Steps[n-1].Planned.IsZero() && j.Steps[n-1].Planned.Before(r.now) {
			page.Faults = append(page.Faults, DataFault{Kind: PastPlan, Row: rowOf(i)})
		}
	}
	unread := iq
	unread.Refs, unread.Order = []string{wordsToRead}, store.BySince
	if items, _, err = r.store.Items(r.ctx, unread); err != nil {
		return err
	}
	for _, i := range items {
		cal := care.CalendarOf(r.regime(i.Item.Post.Unit))
		if cal.Deadline(i.Item.Since, unreadAfter).Before(r.now) {
			page.Faults = append(page.Faults, DataFault{Kind: Unread, Row: rowOf(i)})
		}
	}
	return nil
}

// nobodys finds posts that nobody fills and that something waits at.
func (page *DataFaultsPage) nobodys(r *reading, iq store.ItemQuery, covers []directory.Cover) error {
	fallen := slices.DeleteFunc(slices.Clone(covers), func(c directory.Cover) bool { return c.Own })
	if len(fallen) == 0 {
		return nil
	}
	iq.Posts, iq.Except = postsOf(fallen, covers, true)
	groups, err := r.store.GroupItems(r.ctx, iq, 1)
	if err != nil {
		return err
	}
	for _, g := range groups {
		at := slices.IndexFunc(page.Faults, func(f DataFault) bool { return f.Kind == NobodyHolds && f.Post == g.Post })
		if at < 0 {
			page.Faults = append(page.Faults, DataFault{Kind: NobodyHolds, Post: g.Post})
			at = len(page.Faults) - 1
		}
		page.Faults[at].Count += g.Items
	}
	return nil
}

// journeys finds persons who are here twice, and journeys that nobody is
// responsible for.
func (page *DataFaultsPage) journeys(r *reading, scope store.Scope) error {
	var all []store.Journey
	var after store.Stream
	for len(all) < mostChecked {
		rows, err := r.store.Journeys(r.ctx, store.JourneyQuery{Scope: scope, Status: string(journey.Running), After: after, Limit: 500})
		if err != nil {
			return err
		}
		if all = append(all, rows...); len(rows) < 500 {
			break
		}
		after = rows[len(rows)-1].Stream
	}
	page.Open, page.More = len(all), len(all) >= mostChecked
	type pair struct {
		person  care.PersonKey
		pathway string
	}
	seen := map[pair]string{}
	var subjects []string
	for _, j := range all {
		row := WorkRow{Journey: j.Stream.ID(), Stream: "journey", Person: j.Person, Pathway: j.Pathway}
		if !r.s.held(j.Responsible, r.now) {
			page.Unheld = append(page.Unheld, row)
		}
		of := pair{j.Person, j.Pathway}
		if first, twice := seen[of]; twice {
			page.Faults = append(page.Faults, DataFault{Kind: TwoJourneys, Row: row, Other: first})
			continue
		}
		seen[of] = row.Journey
		subjects = append(subjects, string(j.Person))
	}
	slices.Sort(subjects)
	who, err := r.s.identities(r.ctx, slices.Compact(subjects))
	if err != nil {
		return err
	}
	type called struct {
		name string
		born care.Date
	}
	known := map[called]store.Journey{}
	for _, j := range all {
		i := who[string(j.Person)]
		c := called{folded(i.Name), i.Born}
		if c.name == "" || c.born.IsZero() {
			continue
		}
		first, twice := known[c]
		if !twice {
			known[c] = j
		} else if first.Person != j.Person && !slices.ContainsFunc(page.Faults, func(f DataFault) bool { return f.Kind == TwoRecords && f.Row.Person == j.Person }) {
			row := WorkRow{Journey: j.Stream.ID(), Stream: "journey", Person: j.Person, Pathway: j.Pathway}
			page.Faults = append(page.Faults, DataFault{Kind: TwoRecords, Row: row, Other: first.Stream.ID()})
		}
	}
	return nil
}

func rowOf(i store.Item) WorkRow {
	return WorkRow{Item: i.Item, Journey: i.Stream.ID(), Stream: i.Stream.Kind(), Person: i.Person, Pathway: i.Pathway}
}

func (r *reading) regime(unit care.UnitID) care.Regime {
	u, _ := r.dir.Unit(unit)
	return orNorway(u.Regime)
}

// held reports whether somebody answers for a post: who fills it, or who it falls
// back on (L1).
func (s *Service) held(post care.Post, at time.Time) bool {
	if post.IsZero() {
		return false
	}
	holders, _, ok := s.Directory().Resolve(post, at)
	return ok && len(holders) > 0
}
