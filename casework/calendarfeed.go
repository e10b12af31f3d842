package casework

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/journey"
	"forlop/store"
)

// FeedLife is how long a calendar address can be read before it is made anew
// (proposed).
const FeedLife = 365 * 24 * time.Hour

// The kinds of keyed hash of a calendar address: its secret, and the name of the
// newest one of a person. methodFeed is the method of what is kept of it beside the
// sessions; of the secret itself nothing is kept.
const feedKept, feedNewest, methodFeed = "calendar-feed", "calendar-feed-newest", "calendar-feed"

// OpenFeed asks for a private calendar address for the asking patient. A new one
// ends the one before. Whoever has it sees when, and nothing else.
type OpenFeed struct{}

// Name of the question.
func (OpenFeed) Name() string { return "calendar-feed" }

func (OpenFeed) answer(r *reading) (string, []care.PersonKey, error) {
	p := r.who.person()
	if err := r.seePerson(p); err != nil {
		return "", nil, err
	}
	if err := r.s.endFeed(r.ctx, p, r.now); err != nil {
		return "", nil, err
	}
	raw := make([]byte, 32)
	if _, err := io.ReadFull(r.s.random, raw); err != nil {
		return "", nil, fmt.Errorf("random bytes for a calendar address: %w", err)
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	hash := r.s.keys.Hash(feedKept, token)
	kept := store.Session{
		Hash: hash, Actor: guest(hash), Created: r.now, Seen: r.now, Expires: r.now.Add(FeedLife), Method: methodFeed, Item: methodFeed + "/" + string(p),
	}
	if err := r.s.store.PutSession(r.ctx, kept); err != nil {
		return "", nil, explain(err)
	}
	kept.Hash = r.s.keys.Hash(feedNewest, string(p))
	r.what = append(r.what, "calendar/opened")
	return token, []care.PersonKey{p}, explain(r.s.store.PutSession(r.ctx, kept))
}

// FeedState asks whether the asking patient has a calendar address.
type FeedState struct{}

// Feed is a calendar address as its owner sees it: the secret itself is not kept.
type Feed struct{ Made, Until time.Time }

// Name of the question.
func (FeedState) Name() string { return "my-plan" }

func (FeedState) answer(r *reading) (Feed, []care.PersonKey, error) {
	p := r.who.person()
	if err := r.seeOwn(p); err != nil {
		return Feed{}, nil, err
	}
	link, open, err := r.s.feedOf(r.ctx, p, r.now)
	if err != nil || !open {
		return Feed{}, []care.PersonKey{p}, err
	}
	return Feed{Made: link.Created, Until: link.Expires}, []care.PersonKey{p}, nil
}

// CloseFeed asks that the asking patient's calendar address be ended at once.
type CloseFeed struct{}

// Name of the question.
func (CloseFeed) Name() string { return "calendar-end" }

func (CloseFeed) answer(r *reading) (bool, []care.PersonKey, error) {
	p := r.who.person()
	if err := r.seePerson(p); err != nil {
		return false, nil, err
	}
	r.what = append(r.what, "calendar/closed")
	return true, []care.PersonKey{p}, r.s.endFeed(r.ctx, p, r.now)
}

// feedOf is what is kept of a person's newest calendar address, and whether it can
// be read.
func (s *Service) feedOf(ctx context.Context, p care.PersonKey, now time.Time) (store.Session, bool, error) {
	newest, err := s.store.Session(ctx, s.keys.Hash(feedNewest, string(p)))
	if errors.Is(err, store.ErrNotFound) {
		return newest, false, nil
	}
	if err != nil {
		return newest, false, err
	}
	hash, err := hex.DecodeString(newest.Actor.ID)
	if err != nil {
		return newest, false, fmt.Errorf("the calendar address of a person: %w", err)
	}
	link, err := s.store.Session(ctx, hash)
	if err != nil {
		return link, false, err
	}
	return link, link.Closed.IsZero() && !now.After(link.Expires), nil
}

func (s *Service) endFeed(ctx context.Context, p care.PersonKey, now time.Time) error {
	link, open, err := s.feedOf(ctx, p, now)
	if err != nil || !open {
		return err
	}
	link.Closed = now
	return explain(s.store.PutSession(ctx, link))
}

func deadFeed() error {
	return care.Missing("calendar-gone", "This calendar address is not in use. Make a new one on your page.")
}

// Calendar answers the appointments behind a calendar address, and is logged as a
// look before it does. An address that was ended or never made is not found. To
// read it is no receipt: a calendar program is no person.
func (s *Service) Calendar(ctx context.Context, token string) ([]Appointment, error) {
	now := s.clock.Now()
	link, err := s.store.Session(ctx, s.keys.Hash(feedKept, token))
	if errors.Is(err, store.ErrNotFound) {
		return nil, deadFeed()
	}
	if err != nil {
		return nil, err
	}
	whose, ok := strings.CutPrefix(link.Item, methodFeed+"/")
	if !ok || link.Method != methodFeed || !link.Closed.IsZero() || now.After(link.Expires) {
		return nil, deadFeed()
	}
	p := care.PersonKey(whose)
	consent, _, err := s.load(ctx, store.StreamOf("consent", whose))
	if err != nil {
		return nil, err
	}
	keys, err := s.records(ctx, p)
	if err != nil {
		return nil, err
	}
	if consent.(*access.State).Protected() {
		return nil, deadFeed() // an address that is hidden by law is not led to
	}
	err = s.look(ctx, store.Look{
		At: now, Actor: link.Actor, Basis: string(access.Shared), Question: "calendar", What: []string{"calendar/read"}, Persons: keys,
	})
	if err != nil {
		return nil, fmt.Errorf("the look could not be logged, so nothing is shown: %w", err)
	}
	var out []Appointment
	for _, k := range keys {
		more, err := s.calendarOf(ctx, k)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	slices.SortFunc(out, func(a, b Appointment) int { return a.From.Compare(b.From) })
	return out, nil
}

func (s *Service) calendarOf(ctx context.Context, p care.PersonKey) ([]Appointment, error) {
	rows, err := s.store.Journeys(ctx, store.JourneyQuery{Scope: store.Scope{All: true}, Person: p, Limit: 100})
	if err != nil {
		return nil, err
	}
	read, _, err := s.load(ctx, store.StreamOf("booking", string(p)))
	if err != nil {
		return nil, err
	}
	var out []Appointment
	for _, row := range rows {
		state, _, err := s.load(ctx, row.Stream)
		if err != nil {
			return nil, err
		}
		events, err := s.store.Load(ctx, row.Stream, 0)
		if err != nil {
			return nil, err
		}
		history := make([]care.Recorded, 0, len(events))
		for _, e := range events {
			r, err := recorded(journeyKind{}, e)
			if err != nil {
				return nil, err
			}
			history = append(history, r)
		}
		out = append(out, s.appointments(row.Stream.ID(), state.(*journey.State), history, read.(*booking.State), 0)...)
	}
	seats, err := s.seatsInCalendar(ctx, p)
	return append(out, seats...), err
}
