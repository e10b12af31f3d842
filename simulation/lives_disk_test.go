package simulation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"forlop/care"
	"forlop/store"
)

// A blow is how a call to the store comes to grief.
type blow int

// The blows.
const (
	// refused: nothing is written, and the caller is told that nothing can be.
	refused blow = iota
	// lost: nothing is written, and the caller cannot know.
	lost
	// unknown: all of it is written, and the caller cannot know.
	unknown
	// crash: as lost, and nothing else answers until the program starts anew.
	crash
	// crashAfter: as unknown, and nothing else answers until the program starts anew.
	crashAfter
	blows
)

var blowNames = [blows]string{
	refused: "cannot be written", lost: "loses a write", unknown: "loses an answer", crash: "dies before a write", crashAfter: "dies after a write",
}

// errStruck is what every call that came to grief answers.
var errStruck = errors.New("simulation: the store was struck")

// disk is a store that fails when it is told to: the n-th call from now. Reads
// fail with a blow too. What verifies the store goes past it.
type disk struct {
	store.Store
	mu     sync.Mutex
	armed  bool
	left   int
	blow   blow
	struck bool
	// written hears of every append that was carried out, before anything else.
	written func(store.Append)
}

// strike arms the disk: the call after the next n fails.
func (d *disk) strike(n int, b blow) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.armed, d.left, d.blow, d.struck = true, n, b, false
}

// calm disarms it, and says whether it struck and whether the program died of it.
func (d *disk) calm() (struck, died bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	struck, died = d.struck, d.struck && (d.blow == crash || d.blow == crashAfter)
	d.armed, d.struck = false, false
	return struck, died
}

// fails says whether this call fails, and whether it is carried out all the same.
func (d *disk) fails(write bool) (fails, done bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.struck && d.blow >= crash:
		return true, false, fmt.Errorf("%w: %w", errStruck, store.ErrUnknown)
	case !d.armed:
		return false, false, nil
	case d.left > 0:
		d.left--
		return false, false, nil
	}
	d.armed, d.struck = false, true
	is := store.ErrUnknown
	if d.blow == refused && write {
		is = store.ErrReadOnly
	}
	return true, d.blow == unknown || d.blow == crashAfter, fmt.Errorf("%w: %w", errStruck, is)
}

func reading[T any](d *disk, read func() (T, error)) (T, error) {
	if fails, _, err := d.fails(false); fails {
		var none T
		return none, err
	}
	return read()
}

func writing[T any](d *disk, write func() (T, error)) (T, error) {
	fails, done, err := d.fails(true)
	if !fails {
		return write()
	}
	var none T
	if done {
		// What the store itself refuses was answered before anything was lost.
		if _, own := write(); own != nil {
			return none, errors.Join(own, err)
		}
	}
	return none, err
}

func (d *disk) only(write func() error) error {
	_, err := writing(d, func() (struct{}, error) { return struct{}{}, write() })
	return err
}

func (d *disk) Append(ctx context.Context, a store.Append) (store.Done, error) {
	return writing(d, func() (store.Done, error) {
		done, err := d.Store.Append(ctx, a)
		if err == nil && d.written != nil {
			d.written(a)
		}
		return done, err
	})
}

func (d *disk) Commanded(ctx context.Context, c store.Command) ([]byte, error) {
	return reading(d, func() ([]byte, error) { return d.Store.Commanded(ctx, c) })
}

func (d *disk) Load(ctx context.Context, s store.Stream, after int) ([]store.Event, error) {
	return reading(d, func() ([]store.Event, error) { return d.Store.Load(ctx, s, after) })
}

func (d *disk) Follow(ctx context.Context, after int64, limit int) ([]store.Event, error) {
	return reading(d, func() ([]store.Event, error) { return d.Store.Follow(ctx, after, limit) })
}

func (d *disk) Streams(ctx context.Context, kind string, after store.Stream, limit int) ([]store.Guard, error) {
	return reading(d, func() ([]store.Guard, error) { return d.Store.Streams(ctx, kind, after, limit) })
}

func (d *disk) Marks(ctx context.Context) (map[string]int64, error) {
	return reading(d, func() (map[string]int64, error) { return d.Store.Marks(ctx) })
}

func (d *disk) Claimed(ctx context.Context, kind, key string) (store.Stream, error) {
	return reading(d, func() (store.Stream, error) { return d.Store.Claimed(ctx, kind, key) })
}

func (d *disk) Journeys(ctx context.Context, q store.JourneyQuery) ([]store.Journey, error) {
	return reading(d, func() ([]store.Journey, error) { return d.Store.Journeys(ctx, q) })
}

func (d *disk) MaySee(ctx context.Context, s store.Scope, p care.PersonKey) (bool, error) {
	return reading(d, func() (bool, error) { return d.Store.MaySee(ctx, s, p) })
}

func (d *disk) Relations(ctx context.Context, p care.PersonKey) ([]store.Relation, error) {
	return reading(d, func() ([]store.Relation, error) { return d.Store.Relations(ctx, p) })
}

func (d *disk) RelationsOf(ctx context.Context, actor string, at time.Time) ([]store.Relation, error) {
	return reading(d, func() ([]store.Relation, error) { return d.Store.RelationsOf(ctx, actor, at) })
}

func (d *disk) Holders(ctx context.Context, at time.Time, unit care.UnitID, professional string) ([]store.Holder, error) {
	return reading(d, func() ([]store.Holder, error) { return d.Store.Holders(ctx, at, unit, professional) })
}

func (d *disk) Units(ctx context.Context) ([]store.Unit, error) {
	return reading(d, func() ([]store.Unit, error) { return d.Store.Units(ctx) })
}

func (d *disk) Due(ctx context.Context, owner string, now, lease time.Time, limit int) ([]store.Timer, error) {
	return writing(d, func() ([]store.Timer, error) { return d.Store.Due(ctx, owner, now, lease, limit) })
}

func (d *disk) Cursor(ctx context.Context, name string) (int64, error) {
	return reading(d, func() (int64, error) { return d.Store.Cursor(ctx, name) })
}

func (d *disk) SetCursor(ctx context.Context, name string, position int64) error {
	return d.only(func() error { return d.Store.SetCursor(ctx, name, position) })
}

func (d *disk) PutKey(ctx context.Context, subject string, wrapped []byte) error {
	return d.only(func() error { return d.Store.PutKey(ctx, subject, wrapped) })
}

func (d *disk) Key(ctx context.Context, subject string) ([]byte, error) {
	return reading(d, func() ([]byte, error) { return d.Store.Key(ctx, subject) })
}

func (d *disk) Keys(ctx context.Context, subjects []string) (map[string][]byte, error) {
	return reading(d, func() (map[string][]byte, error) { return d.Store.Keys(ctx, subjects) })
}

func (d *disk) PutIdentity(ctx context.Context, subject string, sealed []byte) error {
	return d.only(func() error { return d.Store.PutIdentity(ctx, subject, sealed) })
}

func (d *disk) Identities(ctx context.Context, subjects []string) (map[string][]byte, error) {
	return reading(d, func() (map[string][]byte, error) { return d.Store.Identities(ctx, subjects) })
}

func (d *disk) Index(ctx context.Context, hash []byte, subject string) error {
	return d.only(func() error { return d.Store.Index(ctx, hash, subject) })
}

func (d *disk) Find(ctx context.Context, hash []byte) (string, error) {
	return reading(d, func() (string, error) { return d.Store.Find(ctx, hash) })
}

func (d *disk) Log(ctx context.Context, l store.Look) error {
	return d.only(func() error { return d.Store.Log(ctx, l) })
}

func (d *disk) Definition(ctx context.Context, hash string) (map[string][]byte, error) {
	return reading(d, func() (map[string][]byte, error) { return d.Store.Definition(ctx, hash) })
}

// downtime is longer than a worker's lease.
const downtime = 15 * time.Second

// through carries out what a client or a worker does, over a disk that may
// strike. Whoever gets no answer asks again with the same key, as often as it
// takes; a program that died starts anew first.
func (t *trial) through(act func() error) error {
	err := act()
	for {
		struck, died := t.disk.calm()
		if !struck {
			return err
		}
		t.blows[t.disk.blow]++
		t.tell("the disk %s: %v", blowNames[t.disk.blow], err)
		if died {
			if err := t.w.restart(); err != nil {
				return err
			}
		}
		// Whoever was being woken is leased for a while yet.
		t.w.clock.set(t.w.clock.Now().Add(downtime))
		if err == nil {
			return nil
		}
		if t.chance.IntN(4) == 0 {
			t.arm()
		}
		err = act()
	}
}

// arm lets the disk strike within the next calls.
func (t *trial) arm() { t.disk.strike(t.chance.IntN(30), blow(t.chance.IntN(int(blows)))) }

// struckIn says how often each blow fell.
func struckIn(lives []*trial) string {
	var parts []string
	for b, name := range blowNames {
		n := 0
		for _, x := range lives {
			n += x.blows[b]
		}
		parts = append(parts, fmt.Sprintf("%s %d", name, n))
	}
	return strings.Join(parts, ", ")
}
