package casework

import (
	"fmt"
	"time"

	"forlop/care"
	"forlop/store"
)

// kind is what casework needs to know of one kind of stream: how its events
// fold, how its commands are decided, what falls due and which rows it gives.
type kind interface {
	decode(typ string, body []byte) (care.Event, error)
	fresh(id string) any
	clone(state any) any
	evolve(state any, r care.Recorded) error
	decide(w *work, id string, state, command any, act care.Act) ([]care.Made, error)
	wake() any
	due(state any) (time.Time, bool)
	rows(s store.Stream, state any) []store.Row
	// subject is whose key seals the stream's text; empty where it has none.
	subject(id string, state any) string
	facts(state any) (regime care.Regime, definition string)
}

// kindOf finds the kind by the stream's name.
func (s *Service) kindOf(st store.Stream) (kind, error) {
	k, ok := s.kinds[st.Kind()]
	if !ok {
		return nil, fmt.Errorf("casework: no kind of stream is called %q", st.Kind())
	}
	return k, nil
}

// recorded is a stored event as Evolve reads it.
func recorded(k kind, e store.Event) (care.Recorded, error) {
	event, err := k.decode(e.Type, e.Body)
	if err != nil {
		return care.Recorded{}, fmt.Errorf("%s event %d: %w", e.Stream, e.Version, err)
	}
	return care.Recorded{
		Version: e.Version, Event: event, Happened: e.Happened, Learned: e.Learned,
		Actor: e.Actor, Post: e.Post, For: e.For, Command: e.Command,
	}, nil
}
