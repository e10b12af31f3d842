package casework

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/journey"
	"forlop/store"
)

// notices is the name of the cursor that notices are raised from.
const notices = "notices"

// Notify reads the log from its cursor and raises a notice of everything that a
// patient is owed: doing it twice changes nothing, since one cause is told once.
// Where a telling has its receipt or is not so any more the notice ends; where
// somebody's wishes, address, relatives or life have changed, what is open finds
// its way anew. No law rests on it: the telling itself stands on its owner's list.
func (s *Service) Notify(ctx context.Context) error {
	for {
		position, err := s.store.Cursor(ctx, notices)
		if err != nil {
			return err
		}
		events, err := s.store.Follow(ctx, position, 256)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			if err := s.notify(ctx, e); err != nil {
				return fmt.Errorf("what %s event %d means for notices: %w", e.Stream, e.Version, err)
			}
			position = e.Position
		}
		if err := s.store.SetCursor(ctx, notices, position); err != nil {
			return err
		}
	}
}

func (s *Service) notify(ctx context.Context, e store.Event) error {
	if err := s.meansToAsk(ctx, e); err != nil {
		return err
	}
	switch e.Type {
	case journey.TellingOwed{}.Type(), journey.TellingWithdrawn{}.Type(), journey.Told{}.Type():
		r, err := recorded(journeyKind{}, e)
		if err != nil {
			return err
		}
		switch x := r.Event.(type) {
		case journey.TellingOwed:
			return s.raise(ctx, e, x.Telling)
		case journey.TellingWithdrawn:
			return s.endNotice(ctx, e, x.Telling, nil)
		case journey.Told:
			return s.endNotice(ctx, e, x.Telling, &messaging.Receipt{How: x.Receipt.How, At: x.Receipt.At, Expected: x.Receipt.Expected})
		}
		return nil
	case booking.SeatTellingOwed{}.Type(), booking.SeatTellingWithdrawn{}.Type(), booking.SeatTold{}.Type():
		return s.notifySeat(ctx, e)
	case messaging.Shown{}.Type(), messaging.Opened{}.Type(), messaging.TakenBack{}.Type():
		return s.notifyThread(ctx, e)
	case person.ChannelSet{}.Type(), person.Died{}.Type(), person.DeathRetracted{}.Type():
		return s.reviewNotices(ctx, e, care.PersonKey(e.Stream.ID()))
	}
	if e.Stream.Kind() == "consent" && e.Type != (access.Written{}).Type() {
		return s.reviewNotices(ctx, e, care.PersonKey(e.Stream.ID()))
	}
	return nil
}

// tellingSource is the cause that a telling of a journey is.
func tellingSource(journey string, telling int) messaging.Source {
	return messaging.Source{Stream: "journey/" + journey, Item: "telling/" + itoa(telling)}
}

// telling reads a source again; ok is false for what is no telling of a journey.
func telling(src messaging.Source) (id string, n int, ok bool) {
	id, isJourney := strings.CutPrefix(src.Stream, "journey/")
	at, isTelling := strings.CutPrefix(src.Item, "telling/")
	n, err := strconv.Atoi(at)
	return id, n, isJourney && isTelling && err == nil
}

// raise opens a notice of a telling that is still owed to the patient. The
// telling is read as it stands now: what a worker that was down for a week finds
// told or withdrawn is no news.
func (s *Service) raise(ctx context.Context, e store.Event, n int) error {
	state, _, err := s.load(ctx, e.Stream)
	if err != nil {
		return err
	}
	j := state.(*journey.State)
	t := j.Tellings[n-1]
	if !t.Open() || t.To.Kind != care.PartyPatient {
		return nil
	}
	c := messaging.Raise{Source: tellingSource(e.Stream.ID(), n), About: messaging.AboutOf(t.About), Owner: t.Owner, By: t.By}
	if t.Step > 0 && t.Step <= len(j.Steps) {
		c.On = j.Steps[t.Step-1].Planned
	}
	return s.noted(ctx, j.Person, c, "raise/"+string(e.Stream)+"@"+itoa(e.Version))
}

// endNotice ends the notice of a telling, where there is one.
func (s *Service) endNotice(ctx context.Context, e store.Event, n int, reached *messaging.Receipt) error {
	state, _, err := s.load(ctx, e.Stream)
	if err != nil {
		return err
	}
	p, src := state.(*journey.State).Person, tellingSource(e.Stream.ID(), n)
	told, err := s.noticesOf(ctx, p)
	if err != nil {
		return err
	}
	if notice, raised := told.Of(src); !raised || !notice.Open() {
		return nil
	}
	return s.noted(ctx, p, messaging.Close{Source: src, Reached: reached}, "close/"+string(e.Stream)+"@"+itoa(e.Version))
}

// reviewNotices lets what is open find its way anew: for whom something changed,
// and for everybody whose notices go to them.
func (s *Service) reviewNotices(ctx context.Context, e store.Event, p care.PersonKey) error {
	persons := []care.PersonKey{p}
	rows, err := s.store.RelationsOf(ctx, string(p), time.Time{})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Stream.Kind() == "consent" && r.Person != p {
			persons = append(persons, r.Person)
		}
	}
	for _, p := range persons {
		told, err := s.noticesOf(ctx, p)
		if err != nil {
			return err
		}
		open := false
		for _, n := range told.Notices {
			open = open || n.Open()
		}
		if !open {
			continue
		}
		if err := s.noted(ctx, p, messaging.Review{}, "review/"+string(e.Stream)+"@"+itoa(e.Version)+"/"+string(p)); err != nil {
			return err
		}
	}
	return nil
}

// noticesOf is what is known of a person's notices.
func (s *Service) noticesOf(ctx context.Context, p care.PersonKey) (*messaging.State, error) {
	state, _, err := s.load(ctx, store.StreamOf("notice", string(p)))
	if err != nil {
		return nil, err
	}
	return state.(*messaging.State), nil
}

// noted carries out a command of the service's own. A refusal is an answer: it was
// so already, or the person has died.
func (s *Service) noted(ctx context.Context, p care.PersonKey, c messaging.Command, key string) error {
	_, err := s.Do(ctx, Order{Who: Who{Actor: care.Service}, Target: string(p), Command: c, Key: "notice/" + key})
	if _, refused := care.AsRefusal(err); refused {
		return nil
	}
	return err
}

// told gives a journey the receipt of what reached its patient, in the same append.
func (w *work) told(st store.Stream, e store.Event, act care.Act) error {
	r, err := recorded(noticeKind{}, e)
	if err != nil {
		return err
	}
	reached := r.Event.(messaging.Reached)
	n := w.on[st].now.(*messaging.State).Notices[reached.Notice-1]
	if id, message, ok := written(n.Source); ok {
		return w.reachedBy(id, message, reached.Receipt, act)
	}
	id, at, ok := telling(n.Source)
	if !ok {
		return w.toldSeat(n, reached.Receipt, act)
	}
	c := journey.Tell{Telling: at, How: reached.Receipt.How}
	if reached.Receipt.Expected {
		c.Expected = care.CalendarOf(n.Regime).LastDay(reached.Receipt.At)
	}
	_, err = w.carry(store.StreamOf("journey", id), c, act)
	if _, refused := care.AsRefusal(err); refused {
		return nil // told some other way meanwhile
	}
	return err
}
