package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/store"
)

// noticeKind is the stream of what one person is told.
type noticeKind struct{}

func (noticeKind) decode(typ string, body []byte) (care.Event, error) {
	return messaging.Events.Decode(typ, body)
}
func (noticeKind) fresh(string) any { return &messaging.State{} }
func (noticeKind) clone(s any) any {
	c := s.(*messaging.State).Clone()
	return &c
}
func (noticeKind) evolve(s any, r care.Recorded) error {
	return messaging.Evolve(s.(*messaging.State), r)
}
func (noticeKind) wake() any                         { return messaging.Wake{} }
func (noticeKind) due(s any) (time.Time, bool)       { return messaging.Due(*s.(*messaging.State)) }
func (noticeKind) subject(id string, _ any) string   { return id }
func (noticeKind) facts(s any) (care.Regime, string) { return s.(*messaging.State).Regime, "" }

func (noticeKind) decide(w *work, id string, s, command any, act care.Act) ([]care.Made, error) {
	c, ok := command.(messaging.Command)
	if !ok {
		return nil, fmt.Errorf("casework: %T is not a command of notices", command)
	}
	known, err := w.noticeKnown(care.PersonKey(id), act.At)
	if err != nil {
		return nil, err
	}
	if known.Regime == "" {
		return nil, noPerson()
	}
	return messaging.Decide(*s.(*messaging.State), c, act, known)
}

// noticeKnown gathers what a decision about notices may read beside them: whether
// the person lives, whom notices go to now, and by what they can be reached. The
// streams that say so are guarded.
func (w *work) noticeKnown(p care.PersonKey, at time.Time) (messaging.Known, error) {
	var k messaging.Known
	who, consent, err := w.recipient(p)
	if err != nil {
		return k, err
	}
	k.Regime, k.Contact = who.Regime, firstContact(*who, w.dir, at)
	k.Dead = !who.MayNotify() || consent.Erased()
	if k.Regime == "" {
		k.Regime = consent.Regime
	}
	to := p
	if relative, directed := consent.NoticesTo(at); directed {
		to, k.To = relative, relative
		if who, consent, err = w.recipient(to); err != nil {
			return k, err
		}
	}
	k.Channel, k.SMS = who.Channel.Channel, who.Channel.SMS
	k.Rests = restsUntil(who, at)
	k.Hidden = consent.Protected()
	if w.s.keys == nil || k.Dead {
		return k, nil
	}
	i, err := w.s.identity(w.ctx, string(to))
	if err != nil {
		return k, err
	}
	k.Hidden = k.Hidden || i.Protected != ""
	k.Email = w.s.out.carries(messaging.ByEmail) && i.Email != ""
	k.Phone = w.s.out.carries(messaging.BySMS) && i.Phone != ""
	return k, nil
}

// recipient is what is known of somebody who may be told.
func (w *work) recipient(p care.PersonKey) (*person.State, *access.State, error) {
	who, err := w.open(store.StreamOf("person", string(p)))
	if err != nil {
		return nil, nil, err
	}
	consent, err := w.open(store.StreamOf("consent", string(p)))
	if err != nil {
		return nil, nil, err
	}
	return who.now.(*person.State), consent.now.(*access.State), nil
}

// rows are what is open about a person's notices, and the relations of the units
// whose task it is.
func (noticeKind) rows(st store.Stream, s any) []store.Row {
	p := care.PersonKey(st.ID())
	var rows []store.Row
	seen := map[care.UnitID]bool{}
	for _, i := range s.(*messaging.State).Items() {
		rows = append(rows, store.Item{Stream: st, Item: i, Person: p})
		if !seen[i.Post.Unit] {
			seen[i.Post.Unit] = true
			rows = append(rows, store.Relation{
				Stream: st, Key: string(i.Post.Unit), Person: p, Unit: i.Post.Unit, Basis: string(access.TakesPart), From: i.Since,
			})
		}
	}
	return rows
}

// attempt is what a delivery says: which attempt, and nothing of whom or what.
type attempt struct {
	Sending int `json:"sending"`
	Attempt int `json:"attempt"`
}

// outbox is what a state has given to carriers and knows no outcome of: what the
// outbox holds of it, live and after a rebuild.
func outbox(st store.Stream, state any) ([]store.Delivery, error) {
	s, ok := state.(*messaging.State)
	if !ok {
		return nil, nil
	}
	var out []store.Delivery
	for _, p := range s.Pending() {
		x := s.Sendings[p.Sending-1]
		payload, err := json.Marshal(attempt(p))
		if err != nil {
			return nil, err
		}
		out = append(out, store.Delivery{
			ID: string(st) + "/" + itoa(p.Sending) + "/" + itoa(p.Attempt), Stream: st, Version: x.OutAt, Kind: string(x.Channel), Payload: payload, Due: x.At,
		})
	}
	return out, nil
}

// outboxed says which deliveries a stream's new state adds, and which have their
// outcome.
func outboxed(st store.Stream, was, now any) (send []store.Delivery, finish []string, err error) {
	before, err := outbox(st, was)
	if err != nil {
		return nil, nil, err
	}
	after, err := outbox(st, now)
	if err != nil {
		return nil, nil, err
	}
	among := func(all []store.Delivery, id string) bool {
		return slices.ContainsFunc(all, func(d store.Delivery) bool { return d.ID == id })
	}
	for _, d := range after {
		if !among(before, d.ID) {
			send = append(send, d)
		}
	}
	for _, d := range before {
		if !among(after, d.ID) {
			finish = append(finish, d.ID)
		}
	}
	return send, finish, nil
}

// hold puts back into the outbox what has no final outcome and is not there, as
// after a rebuild; it waits until an operator lets it go.
func (s *Service) hold(ctx context.Context, pending []store.Delivery) error {
	for _, d := range pending {
		d.Held = true
		_, err := s.store.Append(ctx, store.Append{Send: []store.Delivery{d}})
		if err != nil && !errors.Is(err, store.ErrClaimed) {
			return err
		}
	}
	return nil
}
