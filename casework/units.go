package casework

import (
	"context"
	"fmt"
	"sync"

	"forlop/care"
	"forlop/care/directory"
	"forlop/store"
)

// unitMark is counted up by every append that changes a unit.
const unitMark = "unit"

// unitTree is the directory that a process keeps, and the mark at which it was read.
type unitTree struct {
	reading sync.Mutex // one at a time reads the store
	mu      sync.RWMutex
	now     keptUnits
}

type keptUnits struct {
	dir  *directory.Directory
	mark int64
}

func (u *unitTree) kept() keptUnits {
	u.mu.RLock()
	defer u.mu.RUnlock()
	return u.now
}

// current is the directory as it is now, whichever process changed it last, and
// the marks it was asked with. It costs one look-up; the units are read again
// only when one has changed.
func (s *Service) current(ctx context.Context) (*directory.Directory, map[string]int64, error) {
	marks, err := s.store.Marks(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("asking what has changed: %w", err)
	}
	if err := s.fits(marks); err != nil {
		return nil, nil, err
	}
	if mark := marks[pathwayMark]; !s.issued.upTo(mark) {
		if err := s.readIssued(ctx, mark); err != nil {
			return nil, nil, err
		}
	}
	if kept := s.tree.kept(); kept.dir != nil && kept.mark >= marks[unitMark] {
		return kept.dir, marks, nil
	}
	dir, err := s.readUnits(ctx)
	return dir, marks, err
}

// readUnits folds the units that have changed since they were kept. The mark is
// read before them: what changes meanwhile raises it again.
func (s *Service) readUnits(ctx context.Context) (*directory.Directory, error) {
	s.tree.reading.Lock()
	defer s.tree.reading.Unlock()
	marks, err := s.store.Marks(ctx)
	if err != nil {
		return nil, err
	}
	var changed []directory.State
	var after store.Stream
	for {
		page, err := s.store.Streams(ctx, "unit", after, 500)
		if err != nil {
			return nil, fmt.Errorf("reading the units: %w", err)
		}
		kept := s.tree.kept()
		for _, g := range page {
			after = g.Stream
			if kept.dir != nil {
				if u, known := kept.dir.Unit(care.UnitID(g.Stream.ID())); known && u.Version >= g.Version {
					continue
				}
			}
			state, _, err := s.load(ctx, g.Stream)
			if err != nil {
				return nil, err
			}
			changed = append(changed, *state.(*directory.State))
		}
		if len(page) < 500 {
			break
		}
	}
	return s.tree.put(changed, marks[unitMark]), nil
}

// put keeps what was read or written, unless something newer is kept already.
func (u *unitTree) put(changed []directory.State, mark int64) *directory.Directory {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.now.dir == nil {
		all := make(map[care.UnitID]directory.State, len(changed))
		for _, state := range changed {
			all[state.Unit] = state
		}
		u.now.dir, changed = directory.New(all), nil
	}
	for _, state := range changed {
		if old, known := u.now.dir.Unit(state.Unit); !known || old.Version < state.Version {
			u.now.dir = u.now.dir.With(state)
		}
	}
	u.now.mark = max(u.now.mark, mark)
	return u.now.dir
}
