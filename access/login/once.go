package login

import (
	"sync"
	"time"
)

// once remembers what was used until it would no longer be believed anyway. It
// is this process's memory: across processes the provider itself refuses a code
// that was used, and a logout that comes twice ends nothing more.
type once struct {
	mu   sync.Mutex
	used map[string]time.Time
}

// first reports whether id is used for the first time.
func (o *once) first(id string, now, until time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.used == nil {
		o.used = map[string]time.Time{}
	}
	if end, ok := o.used[id]; ok && now.Before(end) {
		return false
	}
	if len(o.used) >= 1024 {
		for other, end := range o.used {
			if !now.Before(end) {
				delete(o.used, other)
			}
		}
	}
	o.used[id] = until
	return true
}
