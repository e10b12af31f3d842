package memory

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"slices"
	"time"

	"forlop/store"
)

// timerQueue keeps every stream's timer and a heap of the instants at which it
// is next worth looking at: due, or the end of its lease.
type timerQueue struct {
	timers map[store.Stream]*timer
	next   wakes
	serial int
}

type timer struct {
	due    time.Time
	serial int // a wake with another serial is out of date
}

type wake struct {
	at     time.Time
	stream store.Stream
	serial int
}

func newTimerQueue() *timerQueue { return &timerQueue{timers: map[store.Stream]*timer{}} }

func (q *timerQueue) set(t store.Timer) {
	if t.Due.IsZero() {
		delete(q.timers, t.Stream)
		return
	}
	due := store.FromMicros(store.Micros(t.Due))
	q.serial++
	q.timers[t.Stream] = &timer{due: due, serial: q.serial}
	heap.Push(&q.next, wake{due, t.Stream, q.serial})
}

func (q *timerQueue) due(now, lease time.Time, limit int) []store.Timer {
	var out []store.Timer
	var again []wake
	for len(q.next) > 0 && !q.next[0].at.After(now) && !limited(len(out), limit) {
		w := heap.Pop(&q.next).(wake)
		t, ok := q.timers[w.stream]
		if !ok || t.serial != w.serial {
			continue
		}
		out = append(out, store.Timer{Stream: w.stream, Due: t.due})
		again = append(again, wake{lease, w.stream, w.serial})
	}
	for _, w := range again {
		heap.Push(&q.next, w)
	}
	return out
}

// wakes is a heap, the earliest first, then by stream.
type wakes []wake

func (w wakes) Len() int { return len(w) }
func (w wakes) Less(i, j int) bool {
	if c := w[i].at.Compare(w[j].at); c != 0 {
		return c < 0
	}
	return w[i].stream < w[j].stream
}
func (w wakes) Swap(i, j int) { w[i], w[j] = w[j], w[i] }
func (w *wakes) Push(x any)   { *w = append(*w, x.(wake)) }
func (w *wakes) Pop() any {
	old := *w
	last := old[len(old)-1]
	*w = old[:len(old)-1]
	return last
}

type delivery struct {
	store.Delivery
	leased time.Time
}

type cursor struct {
	epoch, position int64
}

// Due leases timers.
func (s *Store) Due(ctx context.Context, _ string, now, lease time.Time, limit int) (out []store.Timer, err error) {
	err = s.change(ctx, func() error {
		out = s.timers.due(now, store.FromMicros(store.Micros(lease)), limit)
		return nil
	})
	return out, err
}

// Timers reads all timers in stream order.
func (s *Store) Timers(ctx context.Context, each func(store.Timer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.RLock()
	var out []store.Timer
	for n, t := range s.timers.timers {
		out = append(out, store.Timer{Stream: n, Due: t.due})
	}
	s.mu.RUnlock()
	slices.SortFunc(out, func(a, b store.Timer) int { return cmp.Compare(a.Stream, b.Stream) })
	for _, t := range out {
		if err := each(t); err != nil {
			return err
		}
	}
	return nil
}

// Deliveries leases what is to be sent.
func (s *Store) Deliveries(ctx context.Context, _ string, now, lease time.Time, limit int) (out []store.Delivery, err error) {
	err = s.change(ctx, func() error {
		var free []*delivery
		for _, d := range s.deliveries {
			if !d.Held && !d.Due.After(now) && !d.leased.After(now) {
				free = append(free, d)
			}
		}
		slices.SortFunc(free, func(a, b *delivery) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
		for _, d := range free {
			if limited(len(out), limit) {
				break
			}
			d.leased = lease
			c := d.Delivery
			c.Payload = bytes.Clone(c.Payload)
			out = append(out, c)
		}
		return nil
	})
	return out, err
}

// Release lets held deliveries go.
func (s *Store) Release(ctx context.Context) (n int, err error) {
	err = s.change(ctx, func() error {
		for _, d := range s.deliveries {
			if d.Held {
				d.Held = false
				n++
			}
		}
		return nil
	})
	return n, err
}

// Cursor reads how far a follower has come in this epoch.
func (s *Store) Cursor(ctx context.Context, name string) (int64, error) {
	epoch, err := s.Epoch(ctx)
	if err != nil {
		return 0, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c := s.cursors[name]; c.epoch == epoch {
		return c.position, nil
	}
	return 0, nil
}

// SetCursor keeps how far a follower has come in this epoch.
func (s *Store) SetCursor(ctx context.Context, name string, position int64) error {
	epoch, err := s.Epoch(ctx)
	if err != nil {
		return err
	}
	return s.change(ctx, func() error {
		s.cursors[name] = cursor{epoch, position}
		return nil
	})
}
