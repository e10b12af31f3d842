package casework

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"forlop/pathway/publication"
	"forlop/store"
)

// pathwayMark is counted up by every append that changes a pathway's stream.
const pathwayMark = "pathway"

// issued is what is known of every pathway's versions, as this process last read
// it. There are few pathways, and pages ask for their words all the time.
type issued struct {
	reading sync.Mutex // one at a time reads the store
	mu      sync.RWMutex
	states  map[string]*publication.State
	mark    int64
	read    bool
}

// of answers a pathway's state; an empty one where nobody has published it. What
// it answers is never changed.
func (i *issued) of(id string) publication.State {
	i.mu.RLock()
	defer i.mu.RUnlock()
	if s, ok := i.states[id]; ok {
		return *s
	}
	return publication.State{ID: id}
}

// family are a pathway's state and, after it, those of the local layers over it,
// which are called no.pain+fjord. The layer of another name is as good as the
// pathway's own.
func (i *issued) family(id string) []publication.State {
	id, _, _ = strings.Cut(id, "+")
	states := []publication.State{i.of(id)}
	all := i.all()
	for _, layer := range slices.Sorted(maps.Keys(all)) {
		if strings.HasPrefix(layer, id+"+") {
			states = append(states, *all[layer])
		}
	}
	return states
}

func (i *issued) all() map[string]*publication.State {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return maps.Clone(i.states)
}

func (i *issued) upTo(mark int64) bool {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return i.read && i.mark >= mark
}

// put keeps what was read or written, unless something newer is kept already.
func (i *issued) put(changed ...*publication.State) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.states == nil {
		i.states = map[string]*publication.State{}
	}
	for _, s := range changed {
		if old, ok := i.states[s.ID]; !ok || old.Version < s.Version {
			i.states[s.ID] = s
		}
	}
}

// readIssued folds the pathways that have changed, whichever process changed
// them. The mark was read before them.
func (s *Service) readIssued(ctx context.Context, mark int64) error {
	s.issued.reading.Lock()
	defer s.issued.reading.Unlock()
	if s.issued.upTo(mark) {
		return nil
	}
	var after store.Stream
	for {
		page, err := s.store.Streams(ctx, "pathway", after, 500)
		if err != nil {
			return fmt.Errorf("reading the pathways: %w", err)
		}
		for _, g := range page {
			after = g.Stream
			state, _, err := s.load(ctx, g.Stream)
			if err != nil {
				return err
			}
			s.issued.put(state.(*publication.State))
		}
		if len(page) < 500 {
			break
		}
	}
	s.issued.mu.Lock()
	defer s.issued.mu.Unlock()
	s.issued.mark, s.issued.read = max(s.issued.mark, mark), true
	return nil
}
