package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/questionnaire"
	"forlop/journey"
	"forlop/store"
)

// Plan is what a patient sees: themselves and their journeys, open ones first.
type Plan struct {
	Person   PersonView
	Journeys []JourneyView
	// Asked is what they are asked in a sentence now; nil for nothing.
	Asked *SentenceView
	// Withheld is what is left out for a relative, and why.
	Withheld []Withheld
	// Unread is how many messages the reader has not opened.
	Unread int
	Now    time.Time
	people
}

// MyPlan asks for the asking patient's own plan, or that of the person a relative
// acts for.
type MyPlan struct{}

// Name of the question.
func (MyPlan) Name() string { return "my-plan" }

func (MyPlan) answer(r *reading) (Plan, []care.PersonKey, error) {
	p := Plan{Now: r.now}
	key, keys, err := r.own()
	if err != nil {
		return p, nil, err
	}
	var rows []store.Journey
	for _, k := range keys {
		if err := r.within(k); err != nil {
			return p, nil, err
		}
		more, err := r.store.Journeys(r.ctx, store.JourneyQuery{Scope: store.Scope{Person: k, At: r.now}, Person: k, Limit: 100})
		if err != nil {
			return p, nil, err
		}
		rows = append(rows, more...)
		if r.ground.covers(access.Messages) {
			threads, err := r.threadsOf(k, "")
			if err != nil {
				return p, nil, err
			}
			for _, t := range threads {
				p.Unread += t.State.Unread(messaging.PersonSide)
			}
		}
	}
	for _, row := range rows {
		if err := r.within(row.Person); err != nil {
			return p, nil, err
		}
		state, _, err := r.load(row.Stream)
		if err != nil {
			return p, nil, err
		}
		v, err := r.journey(row.Stream.ID(), state.(*journey.State))
		if err != nil {
			return p, nil, err
		}
		if v.Forms, err = r.formsOf(row.Person, row.Stream.ID(), questionnaire.Open); err != nil {
			return p, nil, err
		}
		r.ground.cover(&v)
		p.Journeys = append(p.Journeys, v)
	}
	if p.Asked, err = r.askedOf(keys); err != nil {
		return p, nil, err
	}
	slices.SortStableFunc(p.Journeys, func(a, b JourneyView) int { return next(a).Compare(next(b)) })
	err = r.head(&p, key, r.contactOnly)
	return p, keys, err
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
	seen := map[care.PersonKey]bool{}
	for read := 0; read < findLimit && len(out) < showLimit; read += 500 {
		keys, err := r.store.Persons(r.ctx, scope, after, 500)
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
			if i, ok := who[string(k)]; !ok || !i.matches(query) || len(out) == showLimit {
				continue
			}
			f, of, err := r.found(k, scope)
			if err != nil {
				return nil, nil, err
			}
			if !seen[f.Person] {
				seen[f.Person] = true
				out, persons = append(out, f), append(persons, of...)
			}
		}
		if len(keys) < 500 {
			break
		}
	}
	r.basis = access.TakesPart
	return out, persons, nil
}

// found is one person as a search shows them: two records of theirs are one, with
// the journeys of both that the asker may see. It answers their keys beside.
func (r *reading) found(k care.PersonKey, scope store.Scope) (Found, []care.PersonKey, error) {
	keys, err := r.s.records(r.ctx, k)
	if err != nil {
		return Found{}, nil, err
	}
	f := Found{Person: keys[0]}
	for _, of := range keys {
		rows, err := r.store.Journeys(r.ctx, store.JourneyQuery{Scope: scope, Person: of, Limit: 20})
		if err != nil {
			return f, nil, err
		}
		for _, row := range rows {
			r.shows(row.Stream)
		}
		f.Journeys = append(f.Journeys, rows...)
	}
	who, err := r.known([]string{string(k)})
	f.Identity = who[string(k)]
	return f, keys, err
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
	rows, err := r.store.Journeys(r.ctx, jq)
	persons := make([]care.PersonKey, 0, len(rows))
	for _, row := range rows {
		persons = append(persons, row.Person)
		r.shows(row.Stream)
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
	// Of two records it is the one that stays that is answered, to whoever may see
	// it; to anybody else the one they take part in.
	into, err := r.s.surviving(r.ctx, q.Key)
	if err != nil {
		return PersonView{}, nil, err
	}
	v, err := r.only(into)
	if refusal, refused := care.AsRefusal(err); refused && into != q.Key && refusal.Kind == care.NotFound {
		into = q.Key
		v, err = r.only(into)
	}
	if err != nil {
		return PersonView{}, nil, err
	}
	r.ground.coverPerson(&v)
	return v, []care.PersonKey{into}, nil
}

// only is one record of a person.
func (r *reading) only(key care.PersonKey) (PersonView, error) {
	st := store.StreamOf("person", string(key))
	state, version, err := r.load(st)
	if err != nil {
		return PersonView{}, err
	}
	if version == 0 {
		return PersonView{}, noPerson()
	}
	if err := r.seeAs(st, state, noPerson); err != nil {
		return PersonView{}, err
	}
	return r.person(key)
}

func itoa(n int) string { return strconv.Itoa(n) }
