package casework

import (
	"context"
	"fmt"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/care/questionnaire"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// sentenceKind is the stream of what one person is asked in a sentence. It gives no
// rows: nobody's list shows it, and what was answered stands under no name.
type sentenceKind struct{}

func (sentenceKind) decode(typ string, body []byte) (care.Event, error) {
	return questionnaire.SentenceEvents.Decode(typ, body)
}
func (sentenceKind) fresh(string) any { return &questionnaire.SentenceState{} }
func (sentenceKind) clone(s any) any {
	c := s.(*questionnaire.SentenceState).Clone()
	return &c
}
func (sentenceKind) evolve(s any, r care.Recorded) error {
	return questionnaire.EvolveSentences(s.(*questionnaire.SentenceState), r)
}
func (sentenceKind) wake() any { return questionnaire.WakeSentences{} }
func (sentenceKind) due(s any) (time.Time, bool) {
	return questionnaire.DueSentences(*s.(*questionnaire.SentenceState))
}
func (sentenceKind) subject(id string, _ any) string { return id }
func (sentenceKind) facts(s any) (care.Regime, string) {
	return s.(*questionnaire.SentenceState).Regime, ""
}
func (sentenceKind) rows(store.Stream, any) []store.Row { return nil }

func (sentenceKind) decide(w *work, id string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(questionnaire.SentenceOrder)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of questions to a person", command)
	}
	who, consent, err := w.recipient(care.PersonKey(id))
	if err != nil {
		return nil, err
	}
	if who.Regime == "" {
		return nil, noPerson()
	}
	return questionnaire.DecideSentences(*s.(*questionnaire.SentenceState), c, act, questionnaire.KnownOfPerson{
		Regime: who.Regime, Dead: !who.MayNotify() || consent.Erased(), Rests: restsUntil(who, act.At),
	})
}

// restsUntil is when the person's pauses that run now are over; zero where none runs.
func restsUntil(p *person.State, at time.Time) time.Time {
	var until time.Time
	for _, pause := range p.Pauses {
		if !at.Before(pause.Begins) && at.Before(pause.Ends) && pause.Ends.After(until) {
			until = pause.Ends
		}
	}
	return until
}

// meansToAsk plans a question from what happened in a journey: after a meeting,
// whether they know what happens, when and who; after a visit, whether they were
// believed; after the end, how heavy it was.
func (s *Service) meansToAsk(ctx context.Context, e store.Event) error {
	switch e.Type {
	case journey.MeetingHeld{}.Type(), journey.StepDone{}.Type(), journey.Ended{}.Type():
	default:
		return nil
	}
	r, err := recorded(journeyKind{}, e)
	if err != nil {
		return err
	}
	state, _, err := s.load(ctx, e.Stream)
	if err != nil {
		return err
	}
	j := state.(*journey.State)
	c := questionnaire.MeanToAsk{
		Source: questionnaire.SentenceSource{Stream: string(e.Stream), Version: e.Version}, Journey: e.Stream.ID(), Unit: j.Responsible.Unit,
	}
	switch x := r.Event.(type) {
	case journey.MeetingHeld:
		c.Subject = questionnaire.KnowsWhat
	case journey.StepDone:
		st := j.Steps[x.Step-1]
		if st.Kind != pathway.Visit || st.State != journey.StepIsDone {
			return nil // taken back since, or nobody met
		}
		c.Subject, c.Step, c.Unit = questionnaire.WasBelieved, string(st.ID), st.Owner.Unit
	case journey.Ended:
		if j.Status != journey.Closed {
			return nil // they have come back
		}
		c.Subject = questionnaire.HowHeavy
	}
	_, err = s.Do(ctx, Order{
		Who: Who{Actor: care.Service}, Target: string(j.Person), Command: c, Happened: e.Happened,
		Key: "sentence/" + string(e.Stream) + "@" + itoa(e.Version),
	})
	if _, refused := care.AsRefusal(err); refused {
		return nil // it is meant already, or there is nobody to ask
	}
	return err
}

// SentenceView is one question as a face shows it.
type SentenceView struct {
	questionnaire.Sentence
	// Of is the person's key, Regime the law that they stand under.
	Of     care.PersonKey
	Regime care.Regime
	// Unit is whose work it is about, as people read it.
	About PostView
	// Answer is what the asker themselves answered; empty for everybody else.
	Answer string
	// Now is when this was asked for.
	Now time.Time
}

// MyAsked asks for one question in a sentence that the asking patient, or the
// person a relative acts for, has been asked.
type MyAsked struct{ Sentence int }

// MyAskedView is the answer, with what a page needs beside it.
type MyAskedView struct {
	Plan
	Asked SentenceView
}

// Name of the question.
func (MyAsked) Name() string { return "my-asked" }

func (q MyAsked) answer(r *reading) (MyAskedView, []care.PersonKey, error) {
	v := MyAskedView{Plan: Plan{Now: r.now}}
	// What it is about is part of the plan.
	key, keys, err := r.ownPlan()
	if err != nil {
		return v, nil, err
	}
	found := false
	for _, k := range keys {
		if err := r.within(k); err != nil {
			return v, nil, err
		}
		st := store.StreamOf("sentence", string(k))
		state, _, err := r.load(st)
		if err != nil {
			return v, nil, err
		}
		x, ok := state.(*questionnaire.SentenceState).Sentence(q.Sentence)
		if !ok || found {
			continue
		}
		found = true
		v.Asked = SentenceView{Sentence: x, Of: k, Regime: state.(*questionnaire.SentenceState).Regime, Now: r.now}
		if v.Asked.Answer, err = r.ownAnswer(st, x); err != nil {
			return v, nil, err
		}
		r.shows(st)
	}
	if !found {
		return v, nil, care.Missing("no-sentence", "There is no such question.")
	}
	desk := care.Post{Unit: v.Asked.Unit, Role: care.Desk}
	named := func(contact care.Post) (people, error) { return r.people([]care.Post{contact, desk}) }
	if err := r.head(&v.Plan, key, named); err != nil {
		return v, nil, err
	}
	v.Asked.About = v.Post(desk)
	return v, keys, nil
}

// ownAnswer opens an answer for whoever gave it, and for nobody else.
func (r *reading) ownAnswer(st store.Stream, x questionnaire.Sentence) (string, error) {
	mine := r.who.Actor.Kind == care.Patient && x.By.Party.Kind == care.PartyPatient ||
		r.who.Actor.Kind == care.Relative && x.By.ID == r.who.Actor.ID
	if x.Status != questionnaire.SentenceIsDone || !mine {
		return "", nil
	}
	events, err := r.store.Load(r.ctx, st, x.Version-1)
	if err != nil || len(events) == 0 {
		return "", err
	}
	text, err := r.s.unseal(r.ctx, st.ID(), events[0])
	return text["answer"], err
}

// asked is the question that a person is asked now, without any answer; nil where
// there is none or where their reminders rest.
func (r *reading) asked(p care.PersonKey) (*SentenceView, error) {
	st := store.StreamOf("sentence", string(p))
	state, _, err := r.load(st)
	if err != nil {
		return nil, err
	}
	s := state.(*questionnaire.SentenceState)
	x, open := s.Open()
	if !open || !x.Takes(r.now) {
		return nil, nil
	}
	who, _, err := r.load(store.StreamOf("person", string(p)))
	if err != nil {
		return nil, err
	}
	if p := who.(*person.State); !p.MayRemind(r.now) {
		return nil, nil
	}
	r.shows(st)
	return &SentenceView{Sentence: x, Of: p, Regime: s.Regime, Now: r.now}, nil
}

// askedOf is the open question for those who may answer it: a relative who does
// not act for the person, or does not see their plan, is not asked.
func (r *reading) askedOf(keys []care.PersonKey) (*SentenceView, error) {
	if !r.ground.covers(access.Acts) || !r.ground.covers(access.Plan) {
		return nil, nil
	}
	for _, k := range keys {
		if err := r.within(k); err != nil {
			return nil, err
		}
		if x, err := r.asked(k); x != nil || err != nil {
			return x, err
		}
	}
	return nil, nil
}
