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
	"forlop/care/directory"
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
	if o.Key == "" {
		return Receipt{}, fmt.Errorf("casework: the order %s has no key", o.Command.Name())
	}
	o.Happened = micro(o.Happened)
	if o.Attachment != nil {
		var err error
		if o, err = s.attach(o); err != nil {
			return Receipt{}, err
		}
	}
	var last error
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
	act := care.Act{At: w.now, Happened: o.Happened, Actor: o.Actor, Post: o.Post, For: o.For, Seen: o.Seen}
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

// may refuses an order that its actor has no basis for. Deny wins.
func (w *work) may(o Order, on *opened) error {
	bases := access.Bases(o.Actor.Kind, o.Command.Name())
	if len(bases) == 0 {
		return access.Denied()
	}
	if o.Actor.Kind == care.Professional {
		if err := w.s.holds(o.Who, w.now); err != nil {
			return err
		}
	}
	for _, b := range bases {
		switch b {
		case access.AtWork:
			return nil
		case access.Approves:
			if o.Post.Role == care.PathwayApprover && slices.Contains(w.dir.Holders(o.Post, w.now), o.Actor.ID) {
				return nil
			}
			return care.Deny("pathway-post", "This takes somebody who holds the post for pathways, {post}, themselves. Nobody else answers for it.",
				"post", care.Post{Unit: o.Post.Unit, Role: care.PathwayApprover}.String())
		case access.ByTime:
			return nil
		case access.Own:
			if owner(on) == care.PersonKey(o.Actor.ID) {
				return nil
			}
		case access.TakesPart:
			ok, err := w.s.takesPart(w.ctx, o.Who, on.stream, on.was, w.now)
			if err != nil || ok {
				return err
			}
		}
	}
	return access.Denied()
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

// ReadOnly says that nothing can be stored now: the disk is full or read-only.
// Reading goes on; nothing that was confirmed is lost.
type ReadOnly struct{ Cause error }

// Error says what holds and what to do.
func (e *ReadOnly) Error() string {
	return "nothing can be stored now, so this was not done; reading goes on: " + e.Cause.Error()
}

// Unwrap gives the cause.
func (e *ReadOnly) Unwrap() error { return e.Cause }
