package casework

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// tasked is a kind of stream for which the worker does what no decision inside
// the stream can: it asks other streams to change. tasks is since when.
type tasked interface {
	tasks(state any) (time.Time, bool)
}

func isTasked(k kind) bool { _, is := k.(tasked); return is }

// timerOf is when a worker looks at a stream next: when time changes it, or when
// there is work to do for it.
func timerOf(k kind, state any) (time.Time, bool) {
	due, ok := k.due(state)
	if t, is := k.(tasked); is {
		if at, some := t.tasks(state); some && (!ok || at.Before(due)) {
			return at, true
		}
	}
	return due, ok
}

// tend does what is due for a campaign: it wakes it, and does one piece of its
// work. Whoever holds the timer's lease does it; two who do it at once do the
// same, once.
func (s *Service) tend(ctx context.Context, st store.Stream) error {
	c, err := s.campaign(ctx, st.ID())
	if err != nil {
		return err
	}
	if due, ok := rollout.Due(*c); ok && !due.After(s.clock.Now()) {
		if _, err := s.Wake(ctx, st); err != nil {
			return err
		}
	}
	if _, some := rollout.Work(*c); !some {
		_, err := s.Wake(ctx, st)
		return err
	}
	_, err = s.Advance(ctx, st.ID())
	return err
}

// listPage is how many journeys one event puts on a campaign's list.
const listPage = 500

// Advance does the next piece of a campaign's work – its preview, a page of its
// list, one slice, one retry, or its end – and reports whether there may be more.
// It can be repeated after a crash: each move has a key of its own.
func (s *Service) Advance(ctx context.Context, id string) (more bool, err error) {
	c, err := s.campaign(ctx, id)
	if err != nil {
		return false, err
	}
	if _, some := rollout.Work(*c); !some {
		return false, nil
	}
	m := s.mover(ctx, c)
	retry := slices.IndexFunc(c.Failures, func(f rollout.Failure) bool { return f.Retry })
	switch {
	case c.Status == rollout.IsProposed:
		e, err := m.effect()
		if err != nil {
			return false, err
		}
		return false, m.order("preview", rollout.NotePreview{Preview: e.preview()})
	case retry >= 0:
		f := c.Failures[retry]
		res, err := m.move(f.Journey, "/retry/"+strconv.Itoa(f.Version))
		if err != nil {
			return true, err
		}
		return true, m.order("retry/"+f.Journey+"/"+strconv.Itoa(f.Version), rollout.NoteOutcome{Result: res})
	case c.Listed && c.Next < len(c.List):
		return true, m.slice()
	default:
		return m.list()
	}
}

// order asks the campaign's stream. One that somebody else gave first is done.
func (m *mover) order(what string, c rollout.Command) error {
	_, err := m.s.Do(m.ctx, Order{
		Who: Who{Actor: care.Service}, Target: m.c.ID, Command: c,
		Key: "campaign/" + m.c.ID + "/" + what + "/" + strconv.Itoa(m.c.Version),
	})
	if r, refused := care.AsRefusal(err); refused && r.Kind == care.Conflict {
		return nil
	}
	return err
}

// list reads the next page of journeys that are on the old version and not on
// the list. A round that finds none ends the campaign.
func (m *mover) list() (more bool, err error) {
	joined, after := m.c.Listed || m.c.Round > 0, ""
	if !m.c.Listed && len(m.c.List) > m.c.Round {
		after = m.c.List[len(m.c.List)-1]
	}
	var found []string
	err = m.each(after, func(row store.Journey) (bool, error) {
		if m.c.OutcomeOf(row.Stream.ID()) == "" {
			found = append(found, row.Stream.ID())
		}
		return len(found) < listPage, nil
	})
	if err != nil {
		return false, err
	}
	if joined && len(found) == 0 && m.c.Listed {
		return false, m.order("finish", rollout.Finish{})
	}
	return true, m.order("list", rollout.ListMore{Journeys: found, Joined: joined, Last: len(found) < listPage})
}

// slice moves the next journeys on the list, one after another, and records what
// became of them. It stops between two of them as soon as the campaign is
// stopped; a crash leaves moves that the next try finds done.
func (m *mover) slice() error {
	var results []rollout.Result
	var failed error
	for _, id := range m.c.List[m.c.Next:min(m.c.Next+m.c.Slice, len(m.c.List))] {
		now, err := m.s.campaign(m.ctx, m.c.ID)
		if err != nil {
			return err
		}
		if now.Status != rollout.IsRunning || now.Next != m.c.Next || m.ctx.Err() != nil {
			break
		}
		res, err := m.move(id, "")
		if err != nil {
			failed = err
			break
		}
		results = append(results, res)
	}
	if len(results) == 0 {
		return failed
	}
	return errors.Join(failed, m.order("slice", rollout.RecordSlice{Slice: m.c.Slices + 1, Results: results}))
}

// move moves one journey. Its key is of the campaign and the journey, so that
// however often it is sent, the journey moves once.
func (m *mover) move(id, try string) (rollout.Result, error) {
	res := rollout.Result{Journey: id}
	_, err := m.s.Do(m.ctx, Order{
		Who: Who{Actor: care.Service}, Target: id, Command: m.command(), Key: "campaign/" + m.c.ID + "/" + id + try,
	})
	refusal, refused := care.AsRefusal(err)
	if err != nil && !refused {
		// The journey's own fault is a task for a person; a store that cannot be
		// reached is nobody's, and the slice is tried again.
		if _, gone := m.s.store.Marks(m.ctx); gone != nil || m.ctx.Err() != nil || errors.Is(err, store.ErrReadOnly) {
			return res, err
		}
	}
	state, _, broken := m.s.load(m.ctx, store.StreamOf("journey", id))
	if broken != nil {
		return res, broken
	}
	j := state.(*journey.State)
	switch {
	case refused && refusal.Code == "journey-ended":
		res.Outcome = rollout.Ended
	case refused && refusal.Code == "plan-kept" || keeps(j, m.c.To):
		res.Outcome = rollout.Kept
	case refused && (refusal.Code == "moved-elsewhere" || refusal.Code == "same-pathway"):
		res.Outcome = rollout.Left
	case err == nil:
		res.Outcome = rollout.Moved
	default:
		res.Outcome, res.Reason, res.Person, res.Owner = rollout.Failed, "fault", j.Person, j.Responsible
		if refused {
			res.Reason = refusal.Code
		}
		now := m.s.clock.Now()
		res.Lead = leadOf(m.s.Directory(), j.Responsible.Unit, now)
		res.By = care.CalendarOf(j.Regime).Deadline(now, forFailure).UTC()
	}
	return res, nil
}

// forFailure is how long a unit has to see to a journey that could not be moved,
// before it climbs to the lead (proposed).
var forFailure = care.Span{N: 5, Unit: care.WorkingDays}

// keeps reports whether the patient has chosen to keep the old plan.
func keeps(j *journey.State, to pathway.Ref) bool {
	return slices.ContainsFunc(j.KeptFrom, func(k journey.PlanKept) bool { return k.Instead.ID == to.ID && k.Instead.Version == to.Version })
}

// noteKept tells the campaign that moved a journey that its patient kept the old
// plan.
func (s *Service) noteKept(ctx context.Context, e store.Event) error {
	rec, err := recorded(journeyKind{}, e)
	if err != nil {
		return err
	}
	kept := rec.Event.(journey.PlanKept)
	if kept.Campaign == "" {
		return nil
	}
	_, err = s.Do(ctx, Order{
		Who: Who{Actor: care.Service}, Target: kept.Campaign, Key: "react/" + string(e.Stream) + "@" + itoa(e.Version),
		Command: rollout.NoteOutcome{Result: rollout.Result{Journey: e.Stream.ID(), Outcome: rollout.Kept}},
	})
	// A refusal is an answer: the campaign counts it so already, or will.
	if _, refused := care.AsRefusal(err); refused {
		return nil
	}
	return err
}
