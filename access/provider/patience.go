package provider

import (
	"sync"
	"time"
)

// How long one waits after attempts that went wrong: nothing for the first few,
// then twice as long each time. Ours, no source: a person who mistypes hardly
// notices, and whoever guesses gets a hundred tries a day.
const (
	freeTries  = 3
	firstDelay = 5 * time.Second
	longest    = 15 * time.Minute
	forgetting = 24 * time.Hour
)

// delay is how long to wait after n attempts in a row that went wrong.
func delay(n int) time.Duration {
	if n <= freeTries {
		return 0
	}
	d := firstDelay
	for range n - freeTries - 1 {
		if d *= 2; d >= longest {
			return longest
		}
	}
	return d
}

// patience counts attempts from addresses, and on names that nobody has. It is
// this process's memory; those on an account are kept with it.
type patience struct {
	mu     sync.Mutex
	failed map[string]tries
}

type tries struct {
	n     int
	until time.Time
	last  time.Time
}

// patienceKept is how many addresses and names are remembered.
const patienceKept = 1 << 14

// until is when who may try again.
func (p *patience) until(who string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed[who].until
}

func (p *patience) fail(who string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed == nil {
		p.failed = map[string]tries{}
	}
	if len(p.failed) >= patienceKept {
		for name, t := range p.failed {
			if now.Sub(t.last) > longest {
				delete(p.failed, name)
			}
		}
	}
	t := p.failed[who]
	if now.Sub(t.last) > forgetting {
		t = tries{}
	}
	t.n++
	t.last, t.until = now, now.Add(delay(t.n))
	p.failed[who] = t
}

func (p *patience) forget(who string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.failed, who)
}
