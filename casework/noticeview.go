package casework

import (
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// ToTell asks for the letters to print and the calls to make of the asker's posts:
// those for who is told so, and the calls to whoever nothing else has reached.
type ToTell struct{}

// ToTellPage is what ToTell answers, first due first.
type ToTellPage struct {
	Letters, Calls []ToTellRow
	Now            time.Time
	people
}

// ToTellRow is one letter or call.
type ToTellRow struct {
	Person   care.PersonKey
	Identity Identity
	// Relative is who it goes to instead; empty where it goes to the person.
	Relative Identity
	Sending  messaging.Sending
	// Notices are what it tells; none where a letter came back and all of it was
	// told since.
	Notices []messaging.Notice
	// Journey is one of those that it is about.
	Journey  string
	Language care.Language
	By       time.Time
}

// Name of the question.
func (ToTell) Name() string { return "to-tell" }

// mostToTell is how many open tellings are looked through for one list.
const mostToTell = 5000

func (ToTell) answer(r *reading) (ToTellPage, []care.PersonKey, error) {
	page := ToTellPage{Now: r.now}
	q := store.ItemQuery{
		Scope: r.s.scope(r.who, r.now), Kinds: []care.ItemKind{care.TellItem, care.FaultItem}, Limit: mostToTell, NoTotal: true,
	}
	for _, c := range r.dir.Covers(r.who.Actor.ID, r.now) {
		q.Posts = append(q.Posts, care.Post{Unit: c.Unit, Role: c.Role})
	}
	if len(q.Posts) == 0 {
		return page, nil, nil
	}
	items, _, err := r.store.Items(r.ctx, q)
	if err != nil {
		return page, nil, err
	}
	var persons []care.PersonKey
	for _, i := range items {
		persons = append(persons, i.Person)
	}
	slices.Sort(persons)
	var shown []care.PersonKey
	var rows []ToTellRow
	for _, p := range slices.Compact(persons) {
		more, err := r.toTell(p, q.Posts)
		if err != nil {
			return page, nil, err
		}
		if len(more) > 0 {
			shown, rows = append(shown, p), append(rows, more...)
		}
	}
	if err := r.nameToTell(rows); err != nil {
		return page, nil, err
	}
	slices.SortStableFunc(rows, func(a, b ToTellRow) int { return a.By.Compare(b.By) })
	for _, row := range rows {
		if row.Sending.Channel == messaging.ByLetter && row.Sending.Status != messaging.Failed {
			page.Letters = append(page.Letters, row)
		} else {
			page.Calls = append(page.Calls, row)
		}
	}
	page.people, err = r.people(nil)
	r.basis = access.TakesPart
	return page, shown, err
}

// toTell are a person's letters and calls that one of the posts' units carries.
func (r *reading) toTell(p care.PersonKey, posts []care.Post) ([]ToTellRow, error) {
	told, err := r.s.noticesOf(r.ctx, p)
	if err != nil {
		return nil, err
	}
	var rows []ToTellRow
	for _, x := range told.ForPeople() {
		ours := slices.ContainsFunc(posts, func(post care.Post) bool { return post.Unit == x.Owner.Unit || post.Unit == x.Mender.Unit })
		if !ours {
			continue
		}
		r.shows(store.StreamOf("notice", string(p)))
		row := ToTellRow{Person: p, Sending: x, Notices: told.Carries(x.Sending), By: x.By}
		for _, n := range row.Notices {
			if row.By.IsZero() || n.By.Before(row.By) {
				row.By = n.By
			}
			if row.Journey != "" {
				continue
			}
			if id, _, ok := telling(n.Source); ok {
				row.Journey = id
			} else if row.Journey, err = r.journeyOfWritten(n.Source); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// nameToTell says whom each is for, and in which language.
func (r *reading) nameToTell(rows []ToTellRow) error {
	var subjects []string
	for _, row := range rows {
		subjects = append(subjects, string(row.Person))
		if row.Sending.To != "" {
			subjects = append(subjects, string(row.Sending.To))
		}
	}
	who, err := r.known(subjects)
	if err != nil {
		return err
	}
	for i := range rows {
		row := &rows[i]
		row.Identity = who[string(row.Person)]
		to := row.Person
		if row.Sending.To != "" {
			to, row.Relative = row.Sending.To, who[string(row.Sending.To)]
		}
		if row.Language, err = r.languageOf(to, row.Person); err != nil {
			return err
		}
	}
	return nil
}

// languageOf is what somebody reads; a relative who has said nothing reads what
// the person's country does.
func (r *reading) languageOf(to, p care.PersonKey) (care.Language, error) {
	state, _, err := r.s.load(r.ctx, store.StreamOf("person", string(to)))
	if err != nil {
		return "", err
	}
	told, err := r.s.noticesOf(r.ctx, p)
	if err != nil {
		return "", err
	}
	return readsIn(state.(*person.State), told.Regime), nil
}

// Letter asks for what one letter says, or a call: the person's plan in so far as
// it is about what they are told now.
type Letter struct {
	Person  care.PersonKey
	Sending int
}

// LetterView is what a letter is written from.
type LetterView struct {
	// Plan holds the journeys that it is about, as the patient reads them.
	Plan    Plan
	Sending messaging.Sending
	Notices []messaging.Notice
	// To is who it goes to: the person, or the relative whom their notices go to.
	// What a hidden address hides is left out.
	To       Identity
	Relative bool
	Language care.Language
	// Seats are the courses and meeting times that it is about.
	Seats []SlotView
	// Said are the messages that it carries.
	Said []SaidView
	// From is the post that sends it.
	From PostView
	// Asked is what the person is asked in a sentence now, where the letter goes to
	// themselves; nil for nothing.
	Asked *SentenceView
}

// Name of the question.
func (Letter) Name() string { return "letter" }

func (q Letter) answer(r *reading) (LetterView, []care.PersonKey, error) {
	v := LetterView{Plan: Plan{Now: r.now}}
	if err := r.seePerson(q.Person); err != nil {
		return v, nil, err
	}
	told, err := r.s.noticesOf(r.ctx, q.Person)
	if err != nil {
		return v, nil, err
	}
	x, ok := told.Sending(q.Sending)
	if !ok || !slices.ContainsFunc(told.ForPeople(), func(p messaging.Sending) bool { return p.Sending == x.Sending }) {
		return v, nil, care.Missing("sending-not-open", "This letter or call is not on the list any more: it has reached them, or is not so any more.")
	}
	r.shows(store.StreamOf("notice", string(q.Person)))
	v.Sending, v.Notices = x, told.Carries(x.Sending)
	if v.Plan.Person, err = r.person(q.Person); err != nil {
		return v, nil, err
	}
	for _, n := range v.Notices {
		if err := v.about(r, n); err != nil {
			return v, nil, err
		}
	}
	to := q.Person
	if x.To != "" {
		to, v.Relative = x.To, true
	}
	if v.To, err = r.s.identity(r.ctx, string(to)); err != nil {
		return v, nil, err
	}
	if v.Language, err = r.languageOf(to, q.Person); err != nil {
		return v, nil, err
	}
	posts, ids := []care.Post{v.Plan.Person.Contact, x.Owner}, []string{}
	for _, s := range v.Said {
		posts, ids = append(posts, s.By.Party.Post), append(ids, s.By.ID)
	}
	if v.Plan.people, err = r.people(posts, ids...); err != nil {
		return v, nil, err
	}
	v.From = v.Plan.Post(x.Owner)
	if !v.Relative {
		v.Asked, err = r.asked(q.Person)
	}
	return v, []care.PersonKey{q.Person}, err
}

// about adds the journey that a notice is about, where the asker may see it.
func (v *LetterView) about(r *reading, n messaging.Notice) error {
	if slot, n, ok := seatTelling(n.Source); ok {
		return v.aboutSeat(r, slot, n)
	}
	if id, message, ok := written(n.Source); ok {
		said, err := r.said(id, message)
		v.Said = append(v.Said, said...)
		return err
	}
	id, _, ok := telling(n.Source)
	if !ok || slices.ContainsFunc(v.Plan.Journeys, func(j JourneyView) bool { return j.ID == id }) {
		return nil
	}
	st := store.StreamOf("journey", id)
	state, _, err := r.load(st)
	if err != nil {
		return err
	}
	if err := r.see(st, state); err != nil {
		if _, refused := care.AsRefusal(err); refused {
			return nil // another unit's: their letter says it
		}
		return err
	}
	j, err := r.journey(id, state.(*journey.State))
	if err != nil {
		return err
	}
	v.Plan.Journeys = append(v.Plan.Journeys, j)
	return nil
}
