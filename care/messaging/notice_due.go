package messaging

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"forlop/care"
)

// Due is when time alone next does something: an attempt, a call instead of what
// was not opened, or an overdue task that climbs.
func Due(s State) (time.Time, bool) {
	var next time.Time
	sooner := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, x := range s.Sendings {
		sooner(x.Next)
	}
	if t, ok := s.task(); ok {
		if s.Climb.Rung == 0 {
			sooner(t.Due)
		} else {
			sooner(s.Climb.Again)
		}
	}
	return next, !next.IsZero()
}

// wake does what is due now. It tells nobody that they were told.
func (d *draft) wake() {
	for _, x := range slices.Clone(d.s.Sendings) {
		if x.Next.IsZero() || x.Next.After(d.act.At) {
			continue
		}
		switch {
		case d.k.Dead:
			for _, n := range d.s.Carries(x.Sending) {
				d.add(Withdrawn{n.Notice})
			}
		case x.Status == Sent || x.Channel == OnPage:
			d.fail(x.Sending, Unopened, "")
		case !x.ByHand && (x.Channel != d.choose() || x.To != d.k.To):
			d.placeAll(x, false)
		default:
			d.add(Dispatched{x.Sending, len(x.Attempts) + 1})
		}
	}
	t, ok := d.s.task()
	if !ok {
		return
	}
	at := t.Due
	if d.s.Climb.Rung > 0 {
		at = d.s.Climb.Again
	}
	if !at.IsZero() && !at.After(d.act.At) {
		d.climb(t)
	}
}

// climb takes the task one rung up: the desk, then the lead, who is a named person
// (L7).
func (d *draft) climb(t care.Item) {
	up := []care.Post{{Unit: t.Post.Unit, Role: care.Desk}, {Unit: t.Post.Unit, Role: care.Lead}}
	if t.Post.Role == care.Desk || t.Post.Role == care.Lead {
		up = up[1:]
	}
	rung := min(d.s.Climb.Rung+1, len(up))
	e := Overdue{Rung: d.s.Climb.Rung + 1, To: up[rung-1]}
	if rung < len(up) {
		e.Again = d.deadline(toClimb)
	}
	d.add(e)
}

// UndeliveredItem is the ref of the one task of whatever could not be sent.
const UndeliveredItem = "notice-undelivered"

// task is the one task of everything that could not be sent to a person, however
// much that is.
func (s State) task() (care.Item, bool) {
	i := care.Item{Key: "undelivered", Kind: care.FaultItem, Ref: UndeliveredItem, Overdue: s.Climb.Rung}
	for _, x := range s.Sendings {
		if !x.task() {
			continue
		}
		if i.Due.IsZero() || x.By.Before(i.Due) {
			i.Due, i.Since, i.Post = x.By, x.Since, x.Mender
		}
		i.Version = max(i.Version, x.Version)
	}
	return i, !i.Due.IsZero()
}

// Items are the open things. A telling of a journey is on its journey's list and
// not here as well: one cause is one row.
func (s State) Items() []care.Item {
	var items []care.Item
	if t, ok := s.task(); ok {
		items = append(items, t)
		if s.Climb.Rung > 0 && s.Climb.To != t.Post {
			up := t
			up.Key, up.Kind, up.Post, up.Since = t.Key+"!", care.EscalationItem, s.Climb.To, s.Climb.At
			items = append(items, up)
		}
	}
	for _, n := range s.Notices {
		if !n.Open() || strings.HasPrefix(n.Source.Stream, "journey/") {
			continue
		}
		if x := s.Sendings[n.Sending-1]; x.Status == Failed && !x.task() || x.Status == Waiting && !x.Channel.Carried() && x.Channel != OnPage {
			items = append(items, care.Item{
				Key: fmt.Sprintf("notice/%d", n.Notice), Kind: care.TellItem, Ref: string(n.About), Post: n.Owner, Since: n.Since, Due: n.By, Version: n.Version,
			})
		}
	}
	return items
}

// Pending are the attempts that are with their carrier: what the outbox holds, no
// more and no less.
func (s State) Pending() []Dispatched {
	var out []Dispatched
	for _, x := range s.Sendings {
		if x.Status == Out {
			out = append(out, Dispatched{x.Sending, len(x.Attempts)})
		}
	}
	return out
}
