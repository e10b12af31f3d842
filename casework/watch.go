package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/store"
)

// Outcome is what became of an order or a question.
type Outcome string

// The outcomes. Denied is what access said no to; refused is what a rule did.
const (
	OutcomeDone     Outcome = "done"
	OutcomeRepeated Outcome = "repeated"
	OutcomeRefused  Outcome = "refused"
	OutcomeDenied   Outcome = "denied"
	OutcomeNotFound Outcome = "not-found"
	OutcomeConflict Outcome = "conflict"
	OutcomeReadOnly Outcome = "read-only"
	OutcomeUnknown  Outcome = "unknown"
	OutcomeGone     Outcome = "gone" // whoever asked does not wait any more
	OutcomeFault    Outcome = "fault"
)

// Watcher is told how the service does, for the operator's figures and log. It
// is told nothing of anybody: the names of orders, questions and ways out, what
// became of them and how long they took. It is called by many at once and must
// not wait.
type Watcher interface {
	// Ordered: an order was answered. order is its trace id (see TraceOf).
	Ordered(ctx context.Context, name, order string, o Outcome, took time.Duration)
	// Asked: a question was decided and answered.
	Asked(ctx context.Context, name string, o Outcome, took time.Duration)
	// Appended and Logged: a transaction, or an entry of the access log, is durable.
	Appended(took time.Duration)
	Logged(took time.Duration)
	// Carried: an attempt to send what an order caused was made.
	Carried(ctx context.Context, channel, order, outcome string)
}

type unwatched struct{}

func (unwatched) Ordered(context.Context, string, string, Outcome, time.Duration) {}
func (unwatched) Asked(context.Context, string, Outcome, time.Duration)           {}
func (unwatched) Appended(time.Duration)                                          {}
func (unwatched) Logged(time.Duration)                                            {}
func (unwatched) Carried(context.Context, string, string, string)                 {}

// outcomeOf says an error in one word.
func outcomeOf(repeated bool, err error) Outcome {
	refusal, refused := care.AsRefusal(err)
	switch {
	case err == nil && repeated:
		return OutcomeRepeated
	case err == nil:
		return OutcomeDone
	case refused && refusal.Kind == care.RefusedByRule:
		return OutcomeRefused
	case refused && refusal.Kind == care.Denied:
		return OutcomeDenied
	case refused && refusal.Kind == care.NotFound:
		return OutcomeNotFound
	case refused && refusal.Kind == care.Conflict:
		return OutcomeConflict
	case errors.Is(err, store.ErrReadOnly):
		return OutcomeReadOnly
	case errors.Is(err, store.ErrUnknown):
		return OutcomeUnknown
	case errors.Is(err, context.Canceled):
		return OutcomeGone
	}
	return OutcomeFault
}

type traceKey struct{}

// WithTrace gives what is done in a context the trace id of the request that
// asked for it: 32 hexadecimal digits (W3C Trace Context, section 3.2.2.3).
func WithTrace(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, traceKey{}, id)
}

// TraceOf is that id, "" outside a request.
func TraceOf(ctx context.Context) string {
	id, _ := ctx.Value(traceKey{}).(string)
	return id
}

// orderOf is the trace id of an order. It is made from who gives it and its key,
// which stand on every event that it causes: so whatever follows from the order
// finds the same id again, after a restart, in another process and a year later,
// and nothing needs to be stored for it. It says nothing of who that is.
func orderOf(actor, key string) string {
	sum := sha256.Sum256([]byte("forlop trace/1\x00" + actor + "\x00" + key))
	return hex.EncodeToString(sum[:16])
}

// probeEvery bounds how often it is tried whether the store takes writes.
const probeEvery = 5 * time.Second

// probe is whether the store takes writes, as last tried.
type probe struct {
	mu    sync.Mutex
	tried time.Time
	err   error
}

// Writable says why nothing can be stored now, as store.ErrReadOnly; nil when
// something can. It tries, every five seconds at most.
func (s *Service) Writable(ctx context.Context) error {
	s.probe.mu.Lock()
	defer s.probe.mu.Unlock()
	now := s.clock.Now()
	if now.Sub(s.probe.tried) < probeEvery {
		return s.probe.err
	}
	err := s.store.SetSetting(ctx, "written", now.Format(time.RFC3339))
	if err != nil && !errors.Is(err, store.ErrReadOnly) {
		return err // it is not known
	}
	s.probe.tried, s.probe.err = now, err
	return err
}

// Standing is how much waits now.
type Standing struct {
	store.Standing
	// Undelivered is for how many persons nothing that was sent came through, so
	// that somebody has it as a task.
	Undelivered int
}

// Standing counts what waits now.
func (s *Service) Standing(ctx context.Context) (out Standing, err error) {
	if out.Standing, err = s.store.Standing(ctx, s.clock.Now()); err != nil {
		return out, err
	}
	n, err := s.store.CountItems(ctx, store.ItemQuery{Scope: store.Scope{All: true}, Refs: []string{messaging.UndeliveredItem}}, []time.Time{{}})
	if err == nil {
		out.Undelivered = n[0]
	}
	return out, err
}

// look makes an entry of the access log durable.
func (s *Service) look(ctx context.Context, l store.Look) error {
	begun := s.clock.Now()
	err := s.looks.log(ctx, l)
	if err == nil {
		s.watch.Logged(s.clock.Now().Sub(begun))
	}
	return err
}

// orderBehind is the trace id of the order that a delivery comes from. The notice's
// own stream says what raised it, and that event who ordered it.
func (s *Service) orderBehind(ctx context.Context, d store.Delivery) (string, error) {
	var a attempt
	if err := json.Unmarshal(d.Payload, &a); err != nil {
		return "", err
	}
	told, err := s.noticesOf(ctx, care.PersonKey(d.Stream.ID()))
	if err != nil || a.Sending < 1 || a.Sending > len(told.Sendings) {
		return "", err
	}
	about := told.Sendings[a.Sending-1].Notices
	if len(about) == 0 {
		return "", nil
	}
	notice := told.Notices[about[0]-1] // one nudge may tell of several; the first began it
	events, err := s.store.Load(ctx, d.Stream, notice.Version-1)
	if err != nil || len(events) == 0 {
		return "", err
	}
	e := events[0]
	if from, raised := strings.CutPrefix(e.Command, "notice/raise/"); raised {
		st, at, _ := strings.Cut(from, "@")
		version, _ := strconv.Atoi(at)
		if version < 1 {
			return orderOf(actorKey(e.Actor), e.Command), nil
		}
		if events, err = s.store.Load(ctx, store.Stream(st), version-1); err != nil {
			return "", err
		}
		if len(events) > 0 {
			e = events[0]
		}
	}
	key := e.Command
	if key == "" {
		key = place(e.Stream, e.Version) // nobody ordered it: a time came
	}
	return orderOf(actorKey(e.Actor), key), nil
}
