package casework_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
)

// heard keeps what a watcher is told.
type heard struct {
	mu               sync.Mutex
	ordered, carried map[string]string // trace ids: by name of order, by channel
	requests         map[string]bool
}

func (h *heard) Ordered(ctx context.Context, name, order string, o casework.Outcome, _ time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if o == casework.OutcomeDone {
		h.ordered[order] = name
		h.requests[casework.TraceOf(ctx)] = true
	}
}
func (h *heard) Carried(_ context.Context, channel, order, _ string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.carried[channel] = order
}
func (*heard) Asked(context.Context, string, casework.Outcome, time.Duration) {}
func (*heard) Appended(time.Duration)                                         {}
func (*heard) Logged(time.Duration)                                           {}

// A request's trace is told with the order it gives, and the order's own with
// everything that follows from it, out of the house, whichever process carries it.
func TestTraceFromRequestToGateway(t *testing.T) {
	t.Parallel()
	const request = "4bf92f3577b34da6a3ce929d0e0e4736"
	b := newPost(t, casework.Identity{})
	h := &heard{ordered: map[string]string{}, carried: map[string]string{}, requests: map[string]bool{}}
	b.watch = h
	b.s, b.ctx = b.service(), casework.WithTrace(b.ctx, request)
	p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: "Liv Strand", Phone: "+4799999999", Born: care.Date{Year: 1980, Month: 3, Day: 1}})
	if err != nil {
		t.Fatal(err)
	}
	b.do(kari, "", opening(p, b.clock.Now().Add(-time.Hour)))
	if _, err := b.try(kari, string(p), person.SetChannel{Channel: care.ByPage, SMS: true}); err != nil {
		t.Fatal(err)
	}
	b.ctx = t.Context()
	b.s = b.service() // another process
	b.round()
	b.round()
	if said := b.carry(); len(said) > 0 {
		t.Fatal(said)
	}
	order := h.carried["sms"]
	if name := h.ordered[order]; !strings.HasPrefix(name, "journey.") || len(order) != 32 || !h.requests[request] {
		t.Errorf("what was carried comes from %q, which is the order %q; %v", order, name, h.requests)
	}
	if len(b.sms.traced) != 1 || !strings.HasPrefix(b.sms.traced[0], "00-"+order+"-") || len(b.sms.traced[0]) != 55 {
		t.Errorf("the gateway was told %q", b.sms.traced)
	}
}
