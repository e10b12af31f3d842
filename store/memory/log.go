package memory

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strconv"

	"forlop/store"
)

// Append checks all of a before it changes anything.
func (s *Store) Append(ctx context.Context, a store.Append) (done store.Done, err error) {
	if err := a.Validate(); err != nil {
		return done, err
	}
	err = s.change(ctx, func() error {
		if c := a.Command; c != nil {
			if kept, ok := s.commands[[2]string{c.Actor, c.Key}]; ok {
				if kept.Digest != c.Digest {
					return fmt.Errorf("%w: %s of %s", store.ErrKeyReused, c.Key, c.Actor)
				}
				done.Repeated = append([]byte{}, kept.Answer...)
				return nil
			}
		}
		if err := s.allows(a); err != nil {
			return err
		}
		done = s.write(a)
		return nil
	})
	return done, err
}

// allows reports why a cannot be written.
func (s *Store) allows(a store.Append) error {
	for _, g := range a.Guards {
		if v := len(s.streams[g.Stream]); v != g.Version {
			return fmt.Errorf("%w: %s is at %d, not %d", store.ErrVersion, g.Stream, v, g.Version)
		}
	}
	made := map[store.Stream]int{}
	for _, w := range a.Writes {
		v := len(s.streams[w.Stream]) + made[w.Stream]
		if v != w.Expect {
			return fmt.Errorf("%w: %s is at %d, not %d", store.ErrVersion, w.Stream, v, w.Expect)
		}
		made[w.Stream] += len(w.Events)
	}
	freed := map[[2]string]bool{}
	for _, c := range a.Releases {
		if k := [2]string{c.Kind, c.Key}; s.claims[k] == c.Stream {
			freed[k] = true
		}
	}
	taken := map[[2]string]store.Stream{}
	for _, c := range a.Claims {
		k := [2]string{c.Kind, c.Key}
		holder, held := taken[k]
		if !held && !freed[k] {
			holder, held = s.claims[k]
		}
		if held && holder != c.Stream {
			return fmt.Errorf("%w: %s %s is held by %s", store.ErrClaimed, c.Kind, c.Key, holder)
		}
		taken[k] = c.Stream
	}
	pending := map[string]bool{}
	for _, id := range a.Finish {
		pending[id] = false
	}
	for _, d := range a.Send {
		is, known := pending[d.ID]
		if !known {
			_, is = s.deliveries[d.ID]
		}
		if is {
			return fmt.Errorf("%w: delivery %s is pending", store.ErrClaimed, d.ID)
		}
		pending[d.ID] = true
	}
	kept := map[string]bool{}
	for _, b := range a.Blobs {
		if _, ok := s.blobs[b.ID]; ok || kept[b.ID] {
			return fmt.Errorf("%w: blob %s is kept already", store.ErrClaimed, b.ID)
		}
		kept[b.ID] = true
	}
	return nil
}

func (s *Store) write(a store.Append) store.Done {
	done := store.Done{Versions: make([]int, len(a.Writes))}
	for i, w := range a.Writes {
		places := s.streams[w.Stream]
		var prev []byte
		if n := len(places); n > 0 {
			prev = s.log[places[n-1]].Hash
		} else if len(w.Events) > 0 {
			s.name(w.Stream)
		}
		for _, e := range store.Chain(w.Stream, len(places), prev, w.Events) {
			e = clone(e)
			e.Position = int64(len(s.log) + 1)
			places = append(places, len(s.log))
			s.log = append(s.log, e)
			done.Position = e.Position
		}
		if len(places) > 0 {
			s.streams[w.Stream] = places
		}
		done.Versions[i] = len(places)
	}
	for _, c := range a.Releases {
		if k := [2]string{c.Kind, c.Key}; s.claims[k] == c.Stream {
			delete(s.claims, k)
		}
	}
	for _, c := range a.Claims {
		s.claims[[2]string{c.Kind, c.Key}] = c.Stream
	}
	if c := a.Command; c != nil {
		s.commands[[2]string{c.Actor, c.Key}] = store.Command{Digest: c.Digest, Answer: bytes.Clone(c.Answer)}
	}
	for _, k := range a.Drop {
		s.rows.drop(k)
	}
	for _, r := range a.Put {
		s.rows.put(r)
	}
	for _, t := range a.Timers {
		s.timers.set(t)
	}
	for _, id := range a.Finish {
		delete(s.deliveries, id)
	}
	for _, d := range a.Send {
		d.Payload = bytes.Clone(d.Payload)
		d.Due = store.FromMicros(store.Micros(d.Due))
		s.deliveries[d.ID] = &delivery{Delivery: d}
	}
	for _, b := range a.Blobs {
		b.Sealed = bytes.Clone(b.Sealed)
		s.blobs[b.ID] = b
	}
	for _, m := range a.Marks {
		s.marks[m]++
	}
	return done
}

func (s *Store) name(n store.Stream) {
	l := s.names[n.Kind()]
	if l == nil {
		l = &nameList{sorted: true}
		s.names[n.Kind()] = l
	}
	l.add(n)
}

// clone copies what a caller could change, in one allocation.
func clone(e store.Event) store.Event {
	buf := make([]byte, 0, len(e.Body)+len(e.Sealed)+len(e.Hash))
	part := func(b []byte) []byte {
		if len(b) == 0 {
			return nil
		}
		n := len(buf)
		buf = append(buf, b...)
		return buf[n:len(buf):len(buf)]
	}
	e.Body, e.Sealed, e.Hash = part(e.Body), part(e.Sealed), part(e.Hash)
	if e.For != nil {
		f := *e.For
		e.For = &f
	}
	return e
}

// Load reads a stream.
func (s *Store) Load(ctx context.Context, stream store.Stream, after int) ([]store.Event, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	places := s.streams[stream]
	if after >= len(places) {
		return nil, nil
	}
	places = places[max(after, 0):]
	events := make([]store.Event, len(places))
	for i, p := range places {
		events[i] = clone(s.log[p])
	}
	return events, nil
}

// Follow reads the log.
func (s *Store) Follow(ctx context.Context, after int64, limit int) ([]store.Event, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if after >= int64(len(s.log)) {
		return nil, nil
	}
	part := s.log[max(after, 0):]
	if limited(len(part), limit) {
		part = part[:limit]
	}
	events := make([]store.Event, len(part))
	for i, e := range part {
		events[i] = clone(e)
	}
	return events, nil
}

// Streams lists a kind's streams.
func (s *Store) Streams(ctx context.Context, kind string, after store.Stream, limit int) ([]store.Guard, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock() // the names may have to be sorted
	defer s.mu.Unlock()
	l := s.names[kind]
	if l == nil {
		return nil, nil
	}
	var out []store.Guard
	for _, n := range l.after(after) {
		if limited(len(out), limit) {
			break
		}
		out = append(out, store.Guard{Stream: n, Version: len(s.streams[n])})
	}
	return out, nil
}

// Marks answers all marks.
func (s *Store) Marks(ctx context.Context) (map[string]int64, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.marks), nil
}

// Claimed finds who holds a claim.
func (s *Store) Claimed(ctx context.Context, kind, key string) (store.Stream, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	holder, ok := s.claims[[2]string{kind, key}]
	if !ok {
		return "", fmt.Errorf("%w: claim %s %s", store.ErrNotFound, kind, key)
	}
	return holder, nil
}

// Blob reads an attachment.
func (s *Store) Blob(ctx context.Context, id string) (store.Blob, error) {
	if err := ctx.Err(); err != nil {
		return store.Blob{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.blobs[id]
	if !ok {
		return b, fmt.Errorf("%w: blob %s", store.ErrNotFound, id)
	}
	b.Sealed = bytes.Clone(b.Sealed)
	return b, nil
}

// Epoch reads the setting.
func (s *Store) Epoch(ctx context.Context) (int64, error) {
	v, err := s.Setting(ctx, "epoch")
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("store/memory: the setting epoch is no number: %w", err)
	}
	return n, nil
}
