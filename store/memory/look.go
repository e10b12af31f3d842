package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"forlop/care"
	"forlop/store"
)

// strand is the one chain that a store in memory has.
const strand = "1"

// Log keeps a look.
func (s *Store) Log(ctx context.Context, l store.Look) error {
	if err := l.Validate(); err != nil {
		return err
	}
	return s.change(ctx, func() error {
		if l.Key != "" && slices.ContainsFunc(s.looks, func(had store.Look) bool { return had.Key == l.Key }) {
			return nil
		}
		l = cloneLook(l)
		l.At = store.FromMicros(store.Micros(l.At))
		s.look++
		l.ID, l.Strand, l.Seq = s.look, strand, s.head.Seq+1
		l.Hash = store.LookHash(s.head.Hash, l)
		s.head = store.StrandHead{Strand: strand, Seq: l.Seq, Hash: l.Hash}
		s.looks = append(s.looks, l)
		return nil
	})
}

func cloneLook(l store.Look) store.Look {
	l.What, l.Persons, l.Hash = slices.Clone(l.What), slices.Clone(l.Persons), bytes.Clone(l.Hash)
	return l
}

// Looks lists the looks at a person, newest first.
func (s *Store) Looks(ctx context.Context, p care.PersonKey, limit int) (out []store.Look, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for i := len(s.looks) - 1; i >= 0 && !limited(len(out), limit); i-- {
		if l := s.looks[i]; slices.Contains(l.Persons, p) {
			out = append(out, cloneLook(l))
		}
	}
	return out, nil
}

// LookLog lists entries in the order of their ids.
func (s *Store) LookLog(ctx context.Context, q store.LookQuery) (out []store.Look, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, l := range s.looks {
		if limited(len(out), q.Limit) {
			break
		}
		if l.ID <= q.After || q.Person != "" && !slices.Contains(l.Persons, q.Person) || q.Actor != "" && l.Actor.ID != q.Actor ||
			q.Unit != "" && l.Post.Unit != q.Unit || q.Question != "" && l.Question != q.Question ||
			!q.From.IsZero() && l.At.Before(q.From) || !q.Until.IsZero() && !l.At.Before(q.Until) {
			continue
		}
		out = append(out, cloneLook(l))
	}
	return out, nil
}

// ReadLooks hands over the whole log. A person's page is read from the entries
// themselves here, so every person is found.
func (s *Store) ReadLooks(ctx context.Context, each func(store.Look, int) error) (state store.LookState, err error) {
	if err := ctx.Err(); err != nil {
		return state, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, l := range s.looks {
		n := len(slices.Compact(slices.Sorted(slices.Values(l.Persons))))
		state.Indexed += int64(n)
		if err := each(cloneLook(l), n); err != nil {
			return state, err
		}
	}
	state.Heads = s.heads()
	return state, nil
}

func (s *Store) heads() []store.StrandHead {
	if s.head.Seq == 0 {
		return nil
	}
	return []store.StrandHead{{Strand: strand, Seq: s.head.Seq, Hash: bytes.Clone(s.head.Hash)}}
}

// LookHeads reads the strands' heads.
func (s *Store) LookHeads(ctx context.Context) ([]store.StrandHead, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.heads(), nil
}

// PutCheckpoint keeps a checkpoint.
func (s *Store) PutCheckpoint(ctx context.Context, c store.Checkpoint) error {
	return s.change(ctx, func() error {
		i, taken := slices.BinarySearchFunc(s.checkpoints, c.Number, func(had store.Checkpoint, n int64) int { return cmp.Compare(had.Number, n) })
		if taken {
			return fmt.Errorf("%w: checkpoint %d", store.ErrClaimed, c.Number)
		}
		s.checkpoints = slices.Insert(s.checkpoints, i, c)
		return nil
	})
}

// Checkpoints lists checkpoints after a number.
func (s *Store) Checkpoints(ctx context.Context, after int64, limit int) (out []store.Checkpoint, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, c := range s.checkpoints {
		if c.Number > after && !limited(len(out), limit) {
			out = append(out, c)
		}
	}
	return out, nil
}

// LastCheckpoint reads the newest.
func (s *Store) LastCheckpoint(ctx context.Context) (store.Checkpoint, error) {
	if err := ctx.Err(); err != nil {
		return store.Checkpoint{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.checkpoints) == 0 {
		return store.Checkpoint{}, fmt.Errorf("%w: a checkpoint", store.ErrNotFound)
	}
	return s.checkpoints[len(s.checkpoints)-1], nil
}

// PruneLooks removes what is old enough.
func (s *Store) PruneLooks(ctx context.Context, p store.Pruning, seal func(store.Pruning) store.Pruning) (store.Pruning, error) {
	err := s.change(ctx, func() error {
		goes := store.NewPruned(p.Before, s.prunings)
		for _, l := range s.looks {
			goes.Add(l)
		}
		if p = goes.Into(p); p.Count == 0 {
			return nil
		}
		p = seal(p)
		last := goes.Last()
		s.looks = slices.DeleteFunc(s.looks, func(l store.Look) bool { return l.ID <= last[l.Strand] })
		s.prunings = append(s.prunings, p)
		return nil
	})
	return p, err
}

// Prunings lists what was pruned, oldest first.
func (s *Store) Prunings(ctx context.Context) ([]store.Pruning, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.prunings), nil
}
