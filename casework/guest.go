package casework

import (
	"context"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// LinkedItem asks for the one thing that the asking guest's link is bound to.
type LinkedItem struct{}

// LinkedView is the least that is needed to answer: who asks, what they ask, and
// by when. The patient is named only where the words that were sent name them.
type LinkedView struct {
	Item   Item
	Regime care.Regime
	// Pathway is what the journey follows.
	Pathway    pathway.Ref
	Definition *pathway.Definition
	// From is who asks, tells or offers; Name the person who wrote.
	From PostView
	Name string
	// For is who is asked, told or offered to.
	For care.Party
	// Words are what was written to them; empty where nothing was.
	Words string
	// About is what is told (see journey.TellingOwed), what is offered, or the
	// discipline that is asked to contribute. Known are the parts of the pathway's
	// entry checklist that an e-consult brings along.
	About string
	Known []string
	// Times are what somebody is asked whether they can, and Poll and Who say which
	// answer it is; Can is what they have answered, Answered that they have.
	Times     []time.Time
	Poll, Who int
	Can       []int
	Answered  bool
	Since, By time.Time
	// Until is when the link ends.
	Until time.Time
	Now   time.Time
}

// Name of the question.
func (LinkedItem) Name() string { return "linked-item" }

func (LinkedItem) answer(r *reading) (LinkedView, []care.PersonKey, error) {
	item, link, err := r.s.keptLink(r.ctx, r.who.Actor, r.now)
	if err != nil {
		return LinkedView{}, nil, err
	}
	state, _, err := r.load(item.stream())
	if err != nil {
		return LinkedView{}, nil, err
	}
	if b, is := state.(*booking.State); is {
		return r.linkedTimes(item, link, b)
	}
	j, is := state.(*journey.State)
	if !is || r.see(item.stream(), j) != nil {
		return LinkedView{}, nil, deadLink()
	}
	r.what = append(r.what, item.String())
	v := LinkedView{Item: item, Regime: j.Regime, Pathway: j.Pathway, Until: link.Expires, Now: r.now}
	v.For, _ = item.in(j)
	if v.Definition, err = r.s.shelf.find(r.ctx, j.Pathway); err != nil {
		return v, nil, err
	}
	err = r.linked(&v, j)
	return v, []care.PersonKey{j.Person}, err
}

// linkedTimes is what somebody without an account is asked about a common time.
func (r *reading) linkedTimes(item Item, link store.Session, b *booking.State) (LinkedView, []care.PersonKey, error) {
	if r.see(item.stream(), b) != nil {
		return LinkedView{}, nil, deadLink()
	}
	p, who, open := item.asked(b)
	if !open {
		return LinkedView{}, nil, deadLink()
	}
	r.what = append(r.what, item.String())
	v := LinkedView{
		Item: item, Regime: b.Regime, For: p.People[who-1], Since: p.Since, By: p.By, Until: link.Expires, Now: r.now, Poll: p.Poll, Who: who,
	}
	for _, t := range p.Times {
		v.Times = append(v.Times, t.At)
	}
	var reply booking.Reply
	reply, v.Answered = p.Answers[who]
	v.Can = reply.Can
	people, err := r.people([]care.Post{p.Owner})
	v.From = people.Post(p.Owner)
	return v, []care.PersonKey{care.PersonKey(item.Target)}, err
}

// linked fills who wrote what to the guest.
func (r *reading) linked(v *LinkedView, j *journey.State) error {
	var from care.Post
	n := v.Item.Number
	switch v.Item.Kind {
	case QuestionItem:
		from, v.Since, v.By = j.Questions[n-1].Owner, j.Questions[n-1].At, j.Questions[n-1].By
	case ConsultItem:
		x := j.Consults[n-1]
		from, v.Since, v.By, v.Known = x.Owner, x.At, x.By, x.Known
	case ContributionItem:
		x := j.Contributions[n-1]
		from, v.Since, v.By, v.About = j.Joints[x.Joint-1].Owner, j.Joints[x.Joint-1].At, x.By, x.Discipline
	case TellingItem:
		t := j.Tellings[n-1]
		from, v.Since, v.By, v.About = t.Owner, t.Since, t.By, t.About
	case OfferItem:
		o := j.Offers[n-1]
		from, v.Since, v.By, v.About = o.From, o.At, o.By, string(o.Kind)
	case PageItem, TimesItem:
	}
	var writer string
	events, err := r.store.Load(r.ctx, v.Item.stream(), 0)
	if err != nil {
		return err
	}
	for _, e := range events {
		rec, err := recorded(journeyKind{}, e)
		if err != nil {
			return err
		}
		key := ""
		switch x := rec.Event.(type) {
		case journey.QuestionAsked:
			if v.Item.Kind == QuestionItem && x.Question == n {
				key = "question"
			}
		case journey.ConsultAsked:
			if v.Item.Kind == ConsultItem && x.Consult == n {
				key = "question"
			}
		case journey.JointCalled:
			if v.Item.Kind == ContributionItem && x.Joint == j.Contributions[n-1].Joint {
				key = "questions"
			}
		case journey.Offered:
			if v.Item.Kind == OfferItem && x.Offer == n {
				key = "message"
			}
		}
		if key == "" {
			continue
		}
		text, err := r.s.unseal(r.ctx, string(j.Person), e)
		if err != nil {
			return err
		}
		v.Words, writer = text[key], e.Actor.ID
	}
	people, err := r.people([]care.Post{from}, writer)
	v.From, v.Name = people.Post(from), people.Name(writer)
	return err
}

// reached records that the guest was told what the link is about: opening it is
// the receipt (L13).
func (LinkedItem) reached(r *reading, v LinkedView) error {
	if v.Item.Kind != TellingItem {
		return nil
	}
	_, err := r.s.Do(r.ctx, Order{
		Who: Who{Actor: care.Service}, Target: v.Item.Target, Key: "page/" + v.Item.Target + "/" + itoa(v.Item.Number),
		Command: journey.Tell{Telling: v.Item.Number, How: care.ByPage},
	})
	if _, refused := care.AsRefusal(err); refused {
		return nil
	}
	return err
}

// SharedPage asks for the page that the person approved for the asking guest.
type SharedPage struct{}

// SharedView is exactly what was approved, item by item, in the words that the
// person saw when they approved it.
type SharedView struct {
	For    access.Receiver
	Regime care.Regime
	// Name is what the person is called: who gets the page knows whom it is of.
	Name  string
	Items []access.SharedItem
	// Since is when it was approved, Until when it ends.
	Since, Until time.Time
	Now          time.Time
}

// Name of the question.
func (SharedPage) Name() string { return "shared-page" }

func (SharedPage) answer(r *reading) (SharedView, []care.PersonKey, error) {
	item, _, err := r.s.keptLink(r.ctx, r.who.Actor, r.now)
	if err != nil {
		return SharedView{}, nil, err
	}
	state, _, err := r.load(item.stream())
	if err != nil {
		return SharedView{}, nil, err
	}
	c, is := state.(*access.State)
	if !is || r.see(item.stream(), c) != nil {
		return SharedView{}, nil, deadLink()
	}
	page, open := c.Page(item.Number, r.now)
	if !open {
		return SharedView{}, nil, deadLink()
	}
	p := care.PersonKey(item.Target)
	r.what = append(r.what, item.String())
	who, err := r.identity(p)
	if err != nil {
		return SharedView{}, nil, err
	}
	v := SharedView{For: page.To, Regime: c.Regime, Name: who.Name, Since: page.From, Until: page.Ends, Now: r.now}
	v.Items, err = r.s.sharedItems(r.ctx, r.store, p, page)
	return v, []care.PersonKey{p}, err
}

// hasLink reports whether a guest's link is alive and bound to a thing that is
// still open: once answered it is dead.
func (s *Service) hasLink(ctx context.Context, actor care.Actor, st store.Stream, state any, now time.Time) (Item, bool, error) {
	item, _, err := s.keptLink(ctx, actor, now)
	if _, dead := care.AsRefusal(err); dead {
		return item, false, nil
	}
	if err != nil || item.stream() != st {
		return item, false, err
	}
	switch x := state.(type) {
	case *journey.State:
		_, open := item.in(x)
		return item, open, nil
	case *booking.State:
		_, _, open := item.asked(x)
		return item, open, nil
	case *access.State:
		_, open := x.Page(item.Number, now)
		return item, open, nil
	}
	return item, false, nil
}

// answers reports whether a command answers an item and nothing else. What is
// told and what is offered is read by a link, and answered by a call.
func (i Item) answers(command any) bool {
	switch c := command.(type) {
	case journey.AnswerQuestion:
		return i.Kind == QuestionItem && c.Question == i.Number
	case journey.GiveAdvice:
		return i.Kind == ConsultItem && c.Consult == i.Number
	case journey.Contribute:
		return i.Kind == ContributionItem && c.Contribution == i.Number
	case booking.AnswerTimes:
		return i.Kind == TimesItem && c.Poll == i.Number/perPoll && c.Who == i.Number%perPoll
	}
	return false
}
