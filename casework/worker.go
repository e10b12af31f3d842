package casework

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"forlop/access"
	"forlop/care"
	"forlop/care/person"
	"forlop/journey"
	"forlop/pathway/publication"
	"forlop/store"
)

// lease is how long a worker may hold a stream it wakes. A lease only saves
// work: the stream's version makes every effect happen once.
const lease = 10 * time.Second

// Wake settles everything that is due in one stream now. Waking early, late or
// twice changes nothing.
func (s *Service) Wake(ctx context.Context, st store.Stream) (bool, error) {
	for try := range tries {
		w, err := s.newWork(ctx, Order{Who: Who{Actor: care.Service}})
		if err != nil {
			return false, err
		}
		w.fresh = try > 0
		o, err := w.open(st)
		if err != nil {
			return false, err
		}
		if err := w.settle(o, w.now); err != nil {
			return false, err
		}
		if len(o.events) == 0 && !w.fresh {
			continue
		}
		if len(o.events) == 0 {
			return false, s.dropTimer(ctx, o)
		}
		if _, err = w.append(nil); !isVersion(err) {
			return err == nil, explain(err)
		}
	}
	return false, fmt.Errorf("casework: waking %s lost %d races in a row", st, tries)
}

// dropTimer corrects a timer that points at nothing, so that it is not leased
// for ever.
func (s *Service) dropTimer(ctx context.Context, o *opened) error {
	due, _ := timerOf(o.kind, o.now)
	_, err := s.store.Append(ctx, store.Append{
		Guards: []store.Guard{{Stream: o.stream, Version: o.version}}, Timers: []store.Timer{{Stream: o.stream, Due: due}},
	})
	if isVersion(err) {
		return nil
	}
	return err
}

// WakeDue wakes every stream that is due now, until none is left, and answers
// how many. A stream that cannot be woken is reported and does not stop the
// others.
func (s *Service) WakeDue(ctx context.Context, owner string, report func(store.Stream, error)) (int, error) {
	n := 0
	for {
		if err := s.clock.Held(); err != nil {
			return n, err
		}
		now := s.clock.Now()
		due, err := s.store.Due(ctx, owner, now, now.Add(lease), 256)
		if err != nil || len(due) == 0 {
			return n, err
		}
		if err := s.wakeAll(ctx, due, report); err != nil {
			return n, err
		}
		n += len(due)
	}
}

// wakeAll wakes streams, several at once, so that their commits are shared. They
// are different streams, so which comes first changes nothing in any of them.
func (s *Service) wakeAll(ctx context.Context, due []store.Timer, report func(store.Stream, error)) error {
	var g errgroup.Group
	g.SetLimit(max(1, s.wakers))
	var mu sync.Mutex
	for _, t := range due {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			if err := s.attend(ctx, t.Stream); err != nil {
				mu.Lock()
				defer mu.Unlock()
				report(t.Stream, err)
			}
			return nil
		})
	}
	return errors.Join(g.Wait(), ctx.Err())
}

// attend does what is due for one stream.
func (s *Service) attend(ctx context.Context, st store.Stream) error {
	if isTasked(s.kinds[st.Kind()]) {
		return s.tend(ctx, st)
	}
	_, err := s.Wake(ctx, st)
	return err
}

// How often a worker asks what is due, which bounds how late anything falls due,
// and how often it reads what other processes appended. What this process
// appends wakes it at once. Asking costs one look-up in an index. Whether a day of
// the access log waits to be searched is asked seldom.
const (
	dueEvery     = 40 * time.Millisecond
	reactEvery   = time.Second
	overseeEvery = time.Minute
)

// Run is the due worker and the reactions: until the context ends it wakes what
// is due and carries on what one stream's events mean for another's. beat is
// called every round, for health.
func (s *Service) Run(ctx context.Context, owner string, log *slog.Logger, beat func()) {
	tick := time.NewTicker(dueEvery)
	defer tick.Stop()
	var reacted, oversaw time.Time
	appended := false
	failed := map[string]time.Time{}
	var reporting sync.Mutex
	report := func(what string, err error) {
		reporting.Lock()
		defer reporting.Unlock()
		if last, ok := failed[what]; !ok || s.clock.Now().Sub(last) > time.Minute {
			failed[what] = s.clock.Now()
			log.Error("a worker could not do its work", "what", what, "error", err.Error())
		}
	}
	if s.every > 0 && s.keys != nil {
		var signing sync.WaitGroup
		defer signing.Wait()
		signing.Go(func() { s.checkpoints(ctx, log) })
	}
	if s.out != nil {
		var delivering sync.WaitGroup
		defer delivering.Wait()
		delivering.Go(func() { s.deliveries(ctx, owner, report) })
	}
	for {
		if _, err := s.WakeDue(ctx, owner, func(st store.Stream, err error) { report(string(st), err) }); err != nil && ctx.Err() == nil {
			report("due", err)
		}
		if now := s.clock.Now(); appended || now.Sub(reacted) >= reactEvery {
			reacted = now
			if err := s.React(ctx); err != nil && ctx.Err() == nil {
				report("react", err)
			}
			if err := s.Notify(ctx); err != nil && ctx.Err() == nil {
				report("notify", err)
			}
			if err := s.looks.drain(ctx); err != nil && ctx.Err() == nil {
				report("reserve", err)
			}
		}
		if now := s.clock.Now(); now.Sub(oversaw) >= overseeEvery {
			oversaw = now
			if err := s.Oversee(ctx); err != nil && ctx.Err() == nil {
				report("oversight", err)
			}
		}
		beat()
		appended = false
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.woken:
			appended = true
		}
	}
}

// reactions is the name of the cursor that reactions read from.
const reactions = "reactions"

// React reads the log from its cursor and carries out what an event in one
// stream asks of another: a new GP or municipality takes its role in every open
// journey; a death asks a person to decide what is open; an erasure and the end of
// a protection reach the vault, where the program stopped before. Each reaction names its cause as
// its key, so that reacting twice changes nothing. No law rests on it.
func (s *Service) React(ctx context.Context) error {
	for {
		position, err := s.store.Cursor(ctx, reactions)
		if err != nil {
			return err
		}
		events, err := s.store.Follow(ctx, position, 256)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			if err := s.react(ctx, e); err != nil {
				return fmt.Errorf("reacting to %s event %d: %w", e.Stream, e.Version, err)
			}
			position = e.Position
		}
		if err := s.store.SetCursor(ctx, reactions, position); err != nil {
			return err
		}
	}
}

func (s *Service) react(ctx context.Context, e store.Event) error {
	var command func(*journey.State) journey.Command
	switch e.Type {
	case publication.Approved{}.Type():
		return s.tellLayers(ctx, e)
	case access.AddressProtected{}.Type(), access.AddressUnprotected{}.Type(), access.ErasureApproved{}.Type(),
		access.RecordJoined{}.Type(), access.RecordParted{}.Type():
		state, _, err := s.load(ctx, e.Stream)
		if err != nil || s.keys == nil {
			return err
		}
		return s.vault(ctx, e.Type, care.PersonKey(e.Stream.ID()), state.(*access.State))
	case journey.PlanKept{}.Type():
		return s.noteKept(ctx, e)
	case person.GPChanged{}.Type():
		rec, err := recorded(personKind{}, e)
		if err != nil {
			return err
		}
		gp := rec.Event.(person.GPChanged).GP.Post
		command = func(j *journey.State) journey.Command {
			return journey.BindRole{Role: "gp", Post: gp}
		}
	case person.MunicipalityChanged{}.Type():
		rec, err := recorded(personKind{}, e)
		if err != nil {
			return err
		}
		municipality := rec.Event.(person.MunicipalityChanged).Municipality.Post
		command = func(*journey.State) journey.Command {
			return journey.BindRole{Role: "municipality", Post: municipality}
		}
	case person.Died{}.Type():
		command = func(*journey.State) journey.Command { return journey.NoteDeath{} }
	default:
		return nil
	}
	rows, err := s.store.Journeys(ctx, store.JourneyQuery{
		Scope: store.Scope{All: true}, Person: care.PersonKey(e.Stream.ID()), Status: string(journey.Running), Limit: 500,
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		state, _, err := s.load(ctx, row.Stream)
		if err != nil {
			return err
		}
		_, err = s.Do(ctx, Order{
			Who: Who{Actor: care.Service}, Target: row.Stream.ID(), Command: command(state.(*journey.State)),
			Key: "react/" + string(e.Stream) + "@" + itoa(e.Version) + "/" + row.Stream.ID(),
		})
		// A refusal is an answer: the pathway has no such role, or the journey
		// ended meanwhile.
		if _, refused := care.AsRefusal(err); err != nil && !refused {
			return err
		}
	}
	return nil
}
