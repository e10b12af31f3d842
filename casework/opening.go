package casework

import (
	"context"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/store"
)

// OpenRecord opens one person's record to the professional who asks, found by
// their national number and nothing else: break-glass. A person who is not there
// and one whom nothing opens to this professional are answered alike.
func (s *Service) OpenRecord(ctx context.Context, who Who, key, number string, c access.OpenRecord) (Receipt, error) {
	if len(s.policy.Bases(who.Actor.Kind, c.Name())) == 0 {
		return Receipt{}, access.Denied()
	}
	dir, _, err := s.current(ctx)
	if err != nil {
		return Receipt{}, err
	}
	// What the login lacks is said before anything is looked up.
	a := asking{s: s, ctx: ctx, who: who, what: c.Name(), now: s.clock.Now(), dir: dir}
	if err := s.holds(who, a.now); err != nil {
		return Receipt{}, err
	}
	if _, err := a.anywhere(); err != nil {
		return Receipt{}, err
	}
	p, err := s.byNumber(ctx, who, number)
	if err != nil {
		return Receipt{}, err
	}
	r, err := s.Do(ctx, Order{Who: who, Key: key, Target: string(p), Command: c})
	if refusal, refused := care.AsRefusal(err); refused && refusal.Kind != care.RefusedByRule && refusal.Code != access.LoginAgain().Code {
		return Receipt{}, noPerson()
	} else if refused && refusal.Code == "opening-open" {
		r.Target = string(p) // theirs already: the way to it is said
	}
	return r, err
}

// byNumber finds a person by their exact national number, under the law of the
// asker's unit or the neighbour's.
func (s *Service) byNumber(ctx context.Context, who Who, number string) (care.PersonKey, error) {
	regimes := []care.Regime{care.Norway, care.Sweden}
	if u, ok := s.Directory().Unit(who.Post.Unit); ok && u.Regime == care.Sweden {
		regimes = []care.Regime{care.Sweden, care.Norway}
	}
	var first error
	for _, regime := range regimes {
		n, err := care.ParseNationalNumber(regime, number, care.CalendarOf(regime).Date(s.clock.Now()))
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		found, err := s.foundPerson(ctx, s.keys.Hash(nationalNumber, n.Digits()))
		if err == nil && found == "" {
			return "", noPerson()
		}
		return found, err
	}
	return "", first
}

// OpenedRecord asks for the record that the asking professional has opened: the
// person and their journeys. Each journey is then read as any other.
type OpenedRecord struct{ Person care.PersonKey }

// OpenedView is the answer.
type OpenedView struct {
	Person   PersonView
	Journeys []store.Journey
	// Opening is the opening that shows it, Words what was said of why.
	Opening access.OpeningState
	Words   string
	Until   time.Time
	Now     time.Time
	people
}

// Name of the question.
func (OpenedRecord) Name() string { return "opened-record" }

func (q OpenedRecord) answer(r *reading) (OpenedView, []care.PersonKey, error) {
	v := OpenedView{Now: r.now}
	if err := r.seePerson(q.Person); err != nil {
		return v, nil, err
	}
	v.Until = r.ground.until
	st := store.StreamOf("consent", string(q.Person))
	state, _, err := r.load(st)
	if err != nil {
		return v, nil, err
	}
	if v.Opening, err = r.opened(q.Person); err != nil {
		return v, nil, err
	}
	if v.Words, err = r.wordsAt(st, v.Opening.Version); err != nil {
		return v, nil, err
	}
	if v.Person, err = r.person(q.Person); err != nil {
		return v, nil, err
	}
	scope := r.s.scope(r.who, r.now)
	scope.Person, scope.Bases, scope.Lift = q.Person, []string{string(access.BreakGlass)}, r.asking.lifted(state.(*access.State))
	if v.Journeys, err = r.store.Journeys(r.ctx, store.JourneyQuery{Scope: scope, Person: q.Person, Limit: 100}); err != nil {
		return v, nil, err
	}
	posts := []care.Post{v.Person.Contact}
	for _, row := range v.Journeys {
		posts = append(posts, row.Responsible)
	}
	v.people, err = r.people(posts)
	return v, []care.PersonKey{q.Person}, err
}

// opened is the asking professional's own opening of a person's record while it
// runs; zero where there is none.
func (r *reading) opened(p care.PersonKey) (access.OpeningState, error) {
	if r.who.Actor.Kind != care.Professional {
		return access.OpeningState{}, nil
	}
	state, _, err := r.load(store.StreamOf("consent", string(p)))
	if err != nil {
		return access.OpeningState{}, err
	}
	c := state.(*access.State)
	n, open := c.Opening(r.who.Actor.ID, r.now)
	if !open {
		return access.OpeningState{}, nil
	}
	return c.Openings[n-1], nil
}

// wordsAt are the words that belong to one event of a person's consents; empty
// where there are none.
func (r *reading) wordsAt(st store.Stream, version int) (string, error) {
	events, err := r.store.Load(r.ctx, st, version-1)
	if err != nil || len(events) == 0 || events[0].Version != version {
		return "", err
	}
	text, err := r.s.unseal(r.ctx, st.ID(), events[0])
	return text["words"], err
}

// WriteToCoordinator carries a relative's words to a person's first contact. It
// opens nothing, needs no access, and answers the same whether the person is
// known here or not: who asks learns nothing.
func (s *Service) WriteToCoordinator(ctx context.Context, who Who, key, number, name, words string) error {
	c := access.WriteToCoordinator{Words: words}
	if len(s.policy.Bases(who.Actor.Kind, c.Name())) == 0 {
		return access.Denied()
	}
	if err := wordsToCarry(number, name, words); err != nil {
		return err
	}
	p, err := s.byNumber(ctx, who, number)
	if _, refused := care.AsRefusal(err); refused {
		return nil
	}
	if err != nil {
		return err
	}
	i, err := s.identity(ctx, string(p))
	if err != nil {
		return err
	}
	if folded(i.Name) != folded(name) {
		return nil
	}
	_, err = s.Do(ctx, Order{Who: who, Key: key, Target: string(p), Command: c})
	if _, refused := care.AsRefusal(err); refused {
		return nil
	}
	return err
}

// longestLetter is how much a relative can write at once, in bytes; ours.
const longestLetter = 10_000

// wordsToCarry refuses what is wrong whoever the person is.
func wordsToCarry(number, name, words string) error {
	switch {
	case folded(number) == "":
		return care.Refuse("number-missing", "Write the person's national number.").On("number")
	case folded(name) == "":
		return care.Refuse("name-missing", "Give the person's name.").On("name")
	case folded(words) == "":
		return care.Refuse("words-empty", "Write the message.").On("words")
	case care.Longer(words, longestLetter):
		return care.Refuse("text-long", "The text is too long. There is room for {most} characters.", "most", itoa(longestLetter)).On("words")
	}
	return nil
}
