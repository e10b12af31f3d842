package simulation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strconv"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
	"forlop/store"
)

// world is a whole service under a virtual clock, with its units and people.
type world struct {
	ctx     context.Context
	store   store.Store
	clock   *clock
	service *casework.Service
	orders  int
	refs    []pathway.Ref
}

// newWorld starts a service on an empty store at an instant, with the given
// pathway folders on its shelf. They come into use once there are people (enter).
func newWorld(ctx context.Context, st store.Store, start time.Time, folders ...fs.FS) (*world, error) {
	w := &world{ctx: ctx, store: st, clock: &clock{now: start.UTC()}}
	if err := w.restart(); err != nil {
		return nil, err
	}
	for _, folder := range folders {
		ref, findings, err := w.service.Shelve(ctx, folder)
		if err != nil {
			return nil, fmt.Errorf("putting %s on the shelf: %w: %v", ref, err, findings)
		}
		w.refs = append(w.refs, ref)
	}
	return w, nil
}

// restart starts the program anew on what is stored. Its keys are made up: a
// simulated world holds nobody's secrets, and the same life gives the same
// bytes.
func (w *world) restart() error {
	keys, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.KeySize), rand.NewChaCha8([32]byte{1}))
	if err != nil {
		return err
	}
	w.service, err = casework.New(w.ctx, casework.Config{Store: w.store, Clock: w.clock, Keys: keys, Random: rand.NewChaCha8([32]byte{2})})
	return err
}

// key is the key of the next order.
func (w *world) key() string { w.orders++; return "order-" + strconv.Itoa(w.orders) }

// do carries out an order and what other streams make of it.
func (w *world) do(o casework.Order) (casework.Receipt, error) {
	if o.Key == "" {
		o.Key = w.key()
	}
	receipt, err := w.service.Do(w.ctx, o)
	if err != nil {
		return receipt, err
	}
	return receipt, w.service.React(w.ctx)
}

// until moves the clock to an instant. Whatever falls due on the way is woken
// at its own instant.
func (w *world) until(t time.Time) error {
	var last time.Time
	for again := 0; ; again++ {
		due, ok, err := w.nextDue()
		if err != nil {
			return err
		}
		if !ok || due.After(t) {
			break
		}
		if due.After(last) {
			last, again = due, 0
		}
		if again > 3 {
			return fmt.Errorf("simulation: what falls due at %s was woken and is still due", due.Format(time.RFC3339))
		}
		w.clock.set(due)
		if err := w.wakeDue(); err != nil {
			return err
		}
	}
	w.clock.set(t)
	return nil
}

// wakeDue wakes what is due now, as the due worker does.
func (w *world) wakeDue() error {
	var failed error
	_, err := w.service.WakeDue(w.ctx, "simulation", func(st store.Stream, err error) {
		failed = errors.Join(failed, fmt.Errorf("waking %s: %w", st, err))
	})
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	return w.service.React(w.ctx)
}

// nextDue is the earliest timer.
func (w *world) nextDue() (next time.Time, ok bool, err error) {
	err = w.store.Timers(w.ctx, func(t store.Timer) error {
		if !ok || t.Due.Before(next) {
			next, ok = t.Due, true
		}
		return nil
	})
	return next, ok, err
}

// professional is somebody at a post.
func professional(id string, post care.Post) casework.Who {
	return casework.Who{Actor: care.Actor{Kind: care.Professional, ID: id, Unit: post.Unit}, Post: post}
}

// operator sets up units and people before a life begins.
var operator = casework.Who{Actor: care.Service}
