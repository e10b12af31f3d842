package simulation

import (
	"slices"
	"time"

	"forlop/casework"
)

// heldUp keeps some orders on their way: what was sent first comes later, behind
// others, once or twice. Nobody has been told that they were carried out.
func (t *trial) heldUp(o casework.Order) bool {
	if t.delays.IntN(20) > 0 {
		return false
	}
	t.met["an order is held up on its way"]++
	t.tell("%s on %s by %s is held up on its way", o.Command.Name(), o.Target, o.Actor.ID)
	t.held = append(t.held, o)
	if t.delays.IntN(3) == 0 {
		t.held = append(t.held, o)
	}
	return true
}

// late lets one of those arrive, in any order.
func (t *trial) late() bool {
	if len(t.held) == 0 || t.delays.IntN(6) > 0 {
		return false
	}
	n := t.delays.IntN(len(t.held))
	o := t.held[n]
	t.held = slices.Delete(t.held, n, n+1)
	t.tell("%s on %s by %s arrives", o.Command.Name(), o.Target, o.Actor.ID)
	t.send(o)
	return true
}

// unbelievable sets the machine's clock wrong by more than anybody believes:
// nothing falls due, by itself or with what people do meanwhile, until somebody has
// seen to it.
func (t *trial) unbelievable() {
	t.met["the clock jumps and is not believed"]++
	t.disk.calm()
	t.tell("the clock jumps by a month and is not believed")
	t.w.clock.hold(&casework.JumpError{Jump: 30 * 24 * time.Hour})
	t.w.clock.set(t.w.clock.Now().Add(time.Duration(t.delays.IntN(5*24)) * time.Hour))
	before := t.events()
	if err := t.w.wakeDue(); err == nil {
		t.wrong(17, "the worker does not say that the clock is not believed")
	}
	if n := t.events() - before; n != 0 {
		t.wrong(17, "on a clock that is not believed %d events came of themselves", n)
	}
	t.w.clock.hold(nil)
	if err := t.through(t.w.wakeDue); err != nil {
		t.wrong(0, "waking once the clock is right: %v", err)
	}
}

// fallSilent lets most of a year pass in which nobody says or does anything: what
// is late climbs, and nothing ends.
func (t *trial) fallSilent() {
	for range 5 {
		to := t.w.clock.Now().AddDate(0, 0, 20+t.delays.IntN(80))
		t.tell("everybody is silent until %s", to)
		t.met["everybody falls silent for weeks"]++
		if err := t.w.until(to); err != nil {
			t.wrong(0, "waking: %v", err)
		}
		t.readTimers()
		t.check()
	}
}
