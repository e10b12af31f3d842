package casework

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// ShareKind is what kind of thing can stand on a shared page.
type ShareKind string

// The kinds. The last ones are the patient's own words and what they declined:
// they can be chosen, and nothing but the patient chooses them.
const (
	SharePathway     ShareKind = "pathway"
	ShareResponsible ShareKind = "responsible"
	ShareCoordinator ShareKind = "coordinator"
	ShareStep        ShareKind = "step"
	ShareDone        ShareKind = "done"
	ShareCarrier     ShareKind = "carrier"
	ShareAdaptations ShareKind = "adaptations"
	ShareDeclined    ShareKind = "declined"
	ShareTooIll      ShareKind = "too-ill"
	ShareAnswers     ShareKind = "answers"
	ShareMessages    ShareKind = "messages"
)

// own are the kinds that are never preselected, and that an offer of a page never
// starts with.
var ownKinds = []ShareKind{ShareDeclined, ShareTooIll, ShareAnswers, ShareMessages}

// ShareCandidate is one thing that could stand on a page. The face writes its
// words, and these words are what is approved and kept.
type ShareCandidate struct {
	// Key is what the item is called in what is kept, as kind/number.
	Key     string
	Kind    ShareKind
	Journey string
	Pathway *pathway.Definition
	Post    PostView
	// Step is the step of a step or of what was done, or declined.
	Step journey.Step
	// Carried is what somebody carries until Until, such as a sick note.
	Carried person.Carried
	Carrier care.Party
	Until   care.Date
	Adapted []person.Adaptation
	At      time.Time
	// Own says that it is never suggested, only found by who looks for it.
	Own bool
}

// SharePreview asks what the asking patient could approve, item by item, for a
// page to somebody outside health care. Nothing in it is chosen beforehand.
type SharePreview struct{}

// ShareView is the answer.
type ShareView struct {
	Person     PersonView
	Candidates []ShareCandidate
	Now        time.Time
	people
}

// Name of the question.
func (SharePreview) Name() string { return "share-preview" }

func (SharePreview) answer(r *reading) (ShareView, []care.PersonKey, error) {
	p := r.who.person()
	v := ShareView{Now: r.now}
	if err := r.seePerson(p); err != nil {
		return v, nil, err
	}
	var err error
	if v.Person, err = r.person(p); err != nil {
		return v, nil, err
	}
	rows, err := r.store.Journeys(r.ctx, store.JourneyQuery{Scope: store.Scope{Person: p, At: r.now}, Person: p, Limit: 100})
	if err != nil {
		return v, nil, err
	}
	posts := []care.Post{v.Person.Contact}
	for _, row := range rows {
		posts = append(posts, row.Responsible)
	}
	if v.people, err = r.people(posts); err != nil {
		return v, nil, err
	}
	n := map[ShareKind]int{}
	add := func(c ShareCandidate) {
		n[c.Kind]++
		c.Key = string(c.Kind) + "/" + strconv.Itoa(n[c.Kind])
		c.Own = slices.Contains(ownKinds, c.Kind)
		v.Candidates = append(v.Candidates, c)
	}
	add(ShareCandidate{Kind: ShareCoordinator, Post: v.Post(v.Person.Contact)})
	for _, row := range rows {
		state, _, err := r.load(row.Stream)
		if err != nil {
			return v, nil, err
		}
		def, err := r.s.shelf.find(r.ctx, state.(*journey.State).Pathway)
		if err != nil {
			return v, nil, err
		}
		v.fromJourney(row.Stream.ID(), state.(*journey.State), def, add)
	}
	v.fromPerson(add)
	return v, []care.PersonKey{p}, nil
}

// fromJourney adds what one journey has to show.
func (v *ShareView) fromJourney(id string, j *journey.State, def *pathway.Definition, add func(ShareCandidate)) {
	base := ShareCandidate{Journey: id, Pathway: def}
	with := func(kind ShareKind, fill func(*ShareCandidate)) {
		c := base
		c.Kind = kind
		if fill != nil {
			fill(&c)
		}
		add(c)
	}
	with(SharePathway, func(c *ShareCandidate) { c.At = j.Received })
	if j.Status == journey.Running {
		with(ShareResponsible, func(c *ShareCandidate) { c.Post = v.Post(j.Responsible) })
	}
	for _, st := range j.Steps {
		step := func(c *ShareCandidate) { c.Step, c.At = st, st.Planned }
		switch st.State {
		case journey.StepFixed:
			with(ShareStep, step)
		case journey.StepIsDone:
			with(ShareDone, step)
		case journey.StepNoMore:
			with(ShareDeclined, step)
		case journey.StepOpen, journey.StepUndoing:
		}
	}
	for _, w := range j.Words {
		at := func(c *ShareCandidate) { c.At = w.At }
		switch partOf(w.Kind) {
		case access.Acts:
			with(ShareTooIll, at)
		case access.Messages:
			with(ShareMessages, at)
		}
	}
	for _, x := range j.Choices {
		if x.Made != nil {
			with(ShareAnswers, nil)
		}
	}
}

// fromPerson adds what is the person's whatever the journey.
func (v *ShareView) fromPerson(add func(ShareCandidate)) {
	for _, what := range slices.Sorted(maps.Keys(v.Person.State.Carriers)) {
		c := v.Person.State.Carriers[what]
		add(ShareCandidate{Kind: ShareCarrier, Carried: what, Carrier: c.By, Until: c.Until})
	}
	if a := v.Person.State.Adaptations.List; len(a) > 0 {
		add(ShareCandidate{Kind: ShareAdaptations, Adapted: a})
	}
}

// sharedWords are the items of a page in the words that were approved.
func sharedWords(page access.PageState, text care.Sealed) []access.SharedItem {
	out := make([]access.SharedItem, 0, len(page.Items))
	for i, key := range page.Items {
		n := strconv.Itoa(i + 1)
		out = append(out, access.SharedItem{Key: key, Title: text["title-"+n], Text: text["text-"+n]})
	}
	return out
}

// sharedItems opens the words of a page.
func (s *Service) sharedItems(ctx context.Context, view store.Store, p care.PersonKey, page access.PageState) ([]access.SharedItem, error) {
	events, err := view.Load(ctx, store.StreamOf("consent", string(p)), page.Version-1)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	text, err := s.unseal(ctx, string(p), events[0])
	return sharedWords(page, text), err
}
