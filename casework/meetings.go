package casework

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// Meetings asks for the collaboration meetings that are to be held, within the
// asker's relations: those that are called, in order of time, then those that
// still have to be called, in order of their latest date.
type Meetings struct{}

// MeetingsPage is the answer.
type MeetingsPage struct {
	Rows []MeetingRow
	people
}

// MeetingRow is one meeting step, with its call where there is one.
type MeetingRow struct {
	Journey  string
	Person   care.PersonKey
	Identity Identity
	Pathway  pathway.Ref
	Regime   care.Regime
	Step     journey.Step
	// Meeting is nil until the meeting is called.
	Meeting *journey.Meeting
}

// Name of the question.
func (Meetings) Name() string { return "meetings" }

// mostMeetings is how many meetings one list holds. Ours, no source.
const mostMeetings = 200

func (Meetings) answer(r *reading) (MeetingsPage, []care.PersonKey, error) {
	var page MeetingsPage
	refs, err := r.s.stepsOf(r, pathway.Meeting)
	if err != nil || len(refs) == 0 {
		return page, nil, err
	}
	items, _, err := r.store.Items(r.ctx, store.ItemQuery{
		Scope: r.s.scope(r.who, r.now), AnyPost: true, Kinds: []care.ItemKind{care.StepItem}, Refs: refs, Order: store.ByDue, Limit: mostMeetings,
	})
	if err != nil {
		return page, nil, err
	}
	var persons []care.PersonKey
	var subjects []string
	var posts []care.Post
	for _, i := range items {
		state, _, err := r.load(i.Stream)
		if err != nil {
			return page, nil, err
		}
		j := state.(*journey.State)
		r.shows(i.Stream)
		row := MeetingRow{Journey: i.Stream.ID(), Person: i.Person, Pathway: j.Pathway, Regime: j.Regime}
		_, n, _ := strings.Cut(i.Item.Key, "/")
		at, err := strconv.Atoi(n)
		if err != nil || at < 1 || at > len(j.Steps) {
			continue // the list is a moment older than the journey
		}
		row.Step = j.Steps[at-1]
		for m := range j.Meetings {
			if j.Meetings[m].Step == at && j.Meetings[m].State == journey.MeetingPlanned {
				row.Meeting = &j.Meetings[m]
			}
		}
		page.Rows = append(page.Rows, row)
		persons, subjects, posts = append(persons, i.Person), append(subjects, string(i.Person)), append(posts, row.Step.Owner)
	}
	slices.Sort(persons)
	who, err := r.s.identities(r.ctx, subjects)
	if err != nil {
		return page, nil, err
	}
	for n := range page.Rows {
		page.Rows[n].Identity = who[string(page.Rows[n].Person)]
	}
	slices.SortStableFunc(page.Rows, MeetingRow.compare)
	page.people, err = r.people(posts)
	r.basis = access.TakesPart
	return page, slices.Compact(persons), err
}

// compare puts called meetings first.
func (m MeetingRow) compare(other MeetingRow) int {
	switch {
	case m.Meeting != nil && other.Meeting != nil:
		return m.Meeting.At.Compare(other.Meeting.At)
	case m.Meeting == nil && other.Meeting == nil:
		return cmp.Or(m.Step.Latest.Compare(other.Step.Latest), cmp.Compare(m.Journey, other.Journey))
	case m.Meeting != nil:
		return -1
	default:
		return 1
	}
}

// stepsOf lists the ids of the steps of one kind in everything published.
func (s *Service) stepsOf(r *reading, kind pathway.StepKind) ([]string, error) {
	defs, err := s.Pathways(r.ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, def := range defs {
		for _, st := range def.Steps {
			if st.Kind == kind && !slices.Contains(ids, string(st.ID)) {
				ids = append(ids, string(st.ID))
			}
		}
	}
	return ids, nil
}
