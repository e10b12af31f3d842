package messaging

import (
	"slices"
	"time"

	"forlop/care"
)

// choose is the channel by which somebody is told now: as they asked, or where
// nobody has asked, their page, with a nudge where there is an address for one.
func (d *draft) choose() Channel {
	switch d.k.Channel {
	case care.ByLetter:
		return ByLetter
	case care.ByPhone:
		return ByPhone
	case care.ByPage, care.ByMessage, care.ByMeeting:
	}
	if d.k.Hidden {
		return OnPage // the coordinator calls, where it is not opened
	}
	nudge := d.s.Wishes.Nudge
	if nudge == "" && d.k.SMS {
		nudge = BySMS
	}
	switch {
	case nudge == OnPage:
	case nudge == BySMS && d.k.Phone:
		return BySMS
	case d.k.Email:
		return ByEmail
	}
	return OnPage
}

// urgent reports whether news cannot wait for tomorrow's nudge: an appointment is
// near, or it must be known today.
func (d *draft) urgent(n Notice) bool {
	near := !n.On.IsZero() && n.On.Before(d.act.At.Add(soon))
	return near || n.By.Before(d.act.At.Add(24*time.Hour))
}

// when is the earliest instant at which a sending by a channel goes.
func (d *draft) when(c Channel, urgent bool, on time.Time) time.Time {
	at := d.act.At
	if !c.Carried() {
		return at
	}
	if !urgent {
		if d.k.Rests.After(at) {
			at = d.k.Rests
		}
		if d.nudgedOn(d.cal.Date(at)) {
			at = d.cal.EndOf(d.cal.Date(at))
		}
		if d.s.Wishes.Daily {
			at = daily(at, d.cal)
		}
	}
	if awake := d.s.Wishes.awake(at, d.cal); on.IsZero() || awake.Before(on) {
		at = awake
	}
	return at.UTC()
}

// nudgedOn reports whether whoever notices go to had a nudge that day already.
func (d *draft) nudgedOn(day care.Date) bool {
	return slices.ContainsFunc(d.s.Sendings, func(x Sending) bool {
		return x.To == d.k.To && !x.SentAt.IsZero() && d.cal.Date(x.SentAt) == day
	})
}

// place gives a notice its way: with a sending that says it anyway, or one of its
// own. Anew joins nothing that failed.
func (d *draft) place(n Notice, anew bool) {
	c, urgent := d.choose(), d.urgent(n)
	for _, x := range d.s.Sendings {
		if x.Sending != n.Sending && x.Channel == c && x.To == d.k.To && d.joins(x, n, urgent, anew) {
			d.add(Joined{x.Sending, n.Notice})
			return
		}
	}
	e := Planned{
		Sending: len(d.s.Sendings) + 1, Notices: []int{n.Notice}, Channel: c, To: d.k.To, Owner: n.Owner,
		At: d.when(c, urgent, n.On), Urgent: urgent && c.Carried(),
	}
	if c == OnPage {
		e.OpenBy = d.deadline(toOpen)
	}
	d.add(e)
}

// joins reports whether a sending by the notice's channel carries it as well.
func (d *draft) joins(x Sending, n Notice, urgent, anew bool) bool {
	switch x.Status {
	case Waiting:
		if x.Channel.Carried() {
			return !urgent || !x.Next.After(d.when(x.Channel, true, n.On))
		}
		return !x.ByHand && (x.Channel == OnPage || x.Owner.Unit == n.Owner.Unit)
	case Sent:
		return !urgent && x.Channel.Carried() && d.cal.Date(x.SentAt) == d.cal.Date(d.act.At)
	case Failed:
		return !anew && x.task()
	case Out:
		return !anew
	case Done:
	}
	return false
}

// placeAll gives everything that a sending carries its way anew.
func (d *draft) placeAll(x Sending, anew bool) {
	for _, n := range d.s.Carries(x.Sending) {
		d.place(n, anew)
	}
}

// Still reports whether an attempt that is with its carrier may still go: it is
// asked at the last moment, when everything may have changed since it was handed
// over.
func Still(s State, x Sending, k Known, at time.Time) bool {
	d := &draft{s: s, act: care.Act{At: at}, k: k, cal: care.CalendarOf(k.Regime)}
	way := x.ByHand || x.Channel == d.choose()
	return x.Status == Out && !k.Dead && x.To == k.To && way && (x.Urgent || s.Wishes.awake(at, d.cal).Equal(at))
}

// Appointment is the nearest appointment that a sending is about; zero where it
// is about anything else as well.
func (s State) Appointment(x Sending) time.Time {
	var on time.Time
	for _, n := range s.Carries(x.Sending) {
		if n.On.IsZero() {
			return time.Time{}
		}
		if on.IsZero() || n.On.Before(on) {
			on = n.On
		}
	}
	return on
}
