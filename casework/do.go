package casework

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/care/directory"
	"forlop/care/messaging"
	"forlop/care/questionnaire"
	"forlop/improvement/rollout"
	"forlop/journey"
	"forlop/pathway/publication"
	"forlop/store"
)

// tries is how often a lost version race is retried inside. A person meets a
// conflict only if the very item changed that they acted on.
const tries = 50

// Do carries out one order: may the actor, what does the decision say, append.
// When it answers, the order is durable, and it happens once however often it
// is sent. Refusals are *care.Refusal; everything else is our own fault.
func (s *Service) Do(ctx context.Context, o Order) (Receipt, error) {
	begun := s.clock.Now()
	r, err := s.do(ctx, o)
	s.watch.Ordered(ctx, o.Command.Name(), orderOf(actorKey(o.Actor), o.Key), outcomeOf(r.Repeated, err), s.clock.Now().Sub(begun))
	return r, err
}

func (s *Service) do(ctx context.Context, o Order) (Receipt, error) {
	if o.Key == "" {
		return Receipt{}, fmt.Errorf("casework: the order %s has no key", o.Command.Name())
	}
	o.Happened = care.Instant(o.Happened)
	var last error
	o, last = s.attach(o)
	if last != nil {
		return Receipt{}, last
	}
	for try := range tries {
		w, err := s.newWork(ctx, o)
		if err != nil {
			return Receipt{}, err
		}
		w.fresh = try > 0
		receipt, err := s.once(ctx, w)
		// What memory refuses is asked again of the store, which also knows an
		// order that was carried out before.
		if !isVersion(err) && (err == nil || w.fresh) {
			return receipt, explain(err)
		}
		last = err
		if err := ctx.Err(); err != nil {
			return Receipt{}, err
		}
	}
	return Receipt{}, fmt.Errorf("casework: %s lost %d races in a row: %w", o.Command.Name(), tries, last)
}

func (s *Service) once(ctx context.Context, w *work) (Receipt, error) {
	o := w.order
	if w.fresh {
		// An append finds a repeated order by itself; only one that would be
		// refused now needs to be asked after.
		if done, err := s.before(ctx, o); err != nil || done != nil {
			return repeated(done, err)
		}
	}
	st := s.target(o)
	first, err := w.open(st)
	if err != nil {
		return Receipt{}, err
	}
	if err := w.may(o, first); err != nil {
		return Receipt{}, err
	}
	act := care.Act{At: w.now, Happened: o.Happened, Actor: o.Actor, Post: o.Post, For: w.behalf(o, first), Seen: o.Seen}
	first, err = w.carry(st, o.Command, act)
	if err != nil {
		return Receipt{}, err
	}
	if err := w.companions(st, act); err != nil {
		return Receipt{}, err
	}
	if err := w.blob(st, o); err != nil {
		return Receipt{}, err
	}
	receipt := Receipt{Target: st.ID(), Version: first.at, First: first.firstOf(o.Key)}
	done, err := w.append(&receipt)
	if err != nil {
		return Receipt{}, err
	}
	// It is stored now: a fault of the vault is answered, and not tried again.
	w.fresh = true
	if err := w.aftermath(); err != nil {
		return Receipt{}, err
	}
	if done.Repeated != nil {
		return repeated(done.Repeated, nil)
	}
	return receipt, nil
}

// firstOf is the version of the order's own first event, after the wakes that
// were settled before it.
func (o *opened) firstOf(key string) int {
	for _, e := range o.events {
		if e.Command == key {
			return e.Version
		}
	}
	return o.at
}

// before finds the answer to an order that was carried out already.
func (s *Service) before(ctx context.Context, o Order) ([]byte, error) {
	return s.store.Commanded(ctx, store.Command{Actor: actorKey(o.Actor), Key: o.Key, Digest: digest(o)})
}

func repeated(answer []byte, err error) (Receipt, error) {
	if err != nil {
		return Receipt{}, err
	}
	var r Receipt
	if err := json.Unmarshal(answer, &r); err != nil {
		return Receipt{}, fmt.Errorf("casework: the kept answer cannot be read: %w", err)
	}
	r.Repeated = true
	return r, nil
}

// target names the stream an order is for. What is new gets its id from the
// order itself.
func (s *Service) target(o Order) store.Stream {
	switch c := o.Command.(type) {
	case journey.Open:
		if o.Target == "" {
			return store.StreamOf("journey", s.id(o, "journey"))
		}
	case rollout.Propose:
		if o.Target == "" {
			return store.StreamOf("campaign", s.id(o, "campaign"))
		}
	case questionnaire.Ask:
		if o.Target == "" {
			return store.StreamOf("form", s.id(o, "form"))
		}
	case booking.OpenSlot:
		if o.Target == "" {
			return store.StreamOf("schedule", s.id(o, "schedule"))
		}
	case messaging.BeginThread:
		if o.Target == "" {
			return store.StreamOf("thread", s.id(o, "thread"))
		}
	case directory.OpenUnit:
		return store.StreamOf("unit", string(c.Unit))
	case directory.Register:
		return store.StreamOf("professional", c.Professional)
	case publication.Publish:
		return store.StreamOf("pathway", c.Ref.ID)
	}
	name, _, _ := strings.Cut(o.Command.Name(), ".")
	return store.StreamOf(name, o.Target)
}

// may refuses an order that its actor has no basis for. Deny wins. What was read
// for it is guarded: the append fails if any of it changes meanwhile.
func (w *work) may(o Order, on *opened) error {
	known := w.s.policy.Bases(o.Actor.Kind, o.Command.Name())
	if len(known) == 0 {
		return access.Denied()
	}
	if o.Actor.Kind == care.Professional {
		if err := w.s.holds(o.Who, w.now); err != nil {
			return err
		}
	}
	a := asking{s: w.s, ctx: w.ctx, who: o.Who, what: o.Command.Name(), command: o.Command, now: w.now, dir: w.dir, read: func(st store.Stream) (any, error) {
		read, err := w.open(st)
		if err != nil {
			return nil, err
		}
		return read.was, nil
	}}
	g, err := a.on(on.stream, on.was)
	if refusal, refused := care.AsRefusal(err); refused && refusal.Code == access.Denied().Code && slices.Contains(known, access.Approves) {
		return care.Deny("pathway-post", "This takes somebody who holds the post for pathways, {post}, themselves. Nobody else answers for it.",
			"post", care.Post{Unit: o.Post.Unit, Role: care.PathwayApprover}.String())
	}
	w.ground = g
	return err
}

// behalf is for whom an order is recorded: a guest answers for the party that the
// item is for, and for nobody they name themselves.
func (w *work) behalf(o Order, on *opened) *care.OnBehalf {
	if o.Actor.Kind != care.Guest {
		return o.For
	}
	switch s := on.was.(type) {
	case *journey.State:
		to, _ := w.ground.item.in(s)
		return &care.OnBehalf{Of: to, How: care.ByPage}
	case *booking.State:
		if p, who, _ := w.ground.item.asked(s); p != nil {
			return &care.OnBehalf{Of: p.People[who-1], How: care.ByPage}
		}
	}
	return o.For
}

// digest is what an order said, so that its key cannot be used for something
// else.
func digest(o Order) [32]byte {
	body, err := json.Marshal(struct {
		Name, Target string
		Command      any
		For          *care.OnBehalf
	}{o.Command.Name(), o.Target, o.Command, o.For})
	if err != nil {
		// Commands are plain structs of this program; one that cannot be written
		// is a mistake that no answer can mend.
		panic(fmt.Sprintf("casework: %s cannot be written: %v", o.Command.Name(), err))
	}
	return sha256.Sum256(body)
}

func actorKey(a care.Actor) string { return string(a.Kind) + "/" + a.ID }

// explain turns what the store answers into something a person can act on.
func explain(err error) error {
	switch {
	case errors.Is(err, store.ErrKeyReused):
		return care.Stale("key-reused", "This form was sent before with other content. Open it anew and send it again; what you wrote is kept.")
	case errors.Is(err, store.ErrReadOnly):
		return &ReadOnly{Cause: err}
	}
	return err
}

// NotStored reports whether err means that nothing can be written now: the disk is
// full or read-only. Nothing that was confirmed is lost, and reading goes on.
func NotStored(err error) bool {
	return errors.Is(err, store.ErrReadOnly) || errors.Is(err, ErrReserveFull)
}

// ReadOnly says that nothing can be stored now: the disk is full or read-only.
// Reading goes on; nothing that was confirmed is lost.
type ReadOnly struct{ Cause error }

// Error says what holds and what to do.
func (e *ReadOnly) Error() string {
	return "nothing can be stored now, so this was not done; reading goes on: " + e.Cause.Error()
}

// Unwrap gives the cause.
func (e *ReadOnly) Unwrap() error { return e.Cause }
