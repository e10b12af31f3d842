package web

import (
	"forlop/care"
	"forlop/care/booking"
	"forlop/casework"
)

// slotTitle is what a course or a meeting time is called.
func slotTitle(p page, v casework.SlotView) string {
	if v.Slot.Kind == booking.MeetingSlot {
		return p.T("schedule.meeting")
	}
	title, in := booking.In(v.Slot.Title, p.lang.code)
	return theirWords(p, title, in)
}

// theirWords are a unit's own words, marked where they are in another language.
func theirWords(p page, text string, in care.Language) string {
	if p.face == "" || in == p.lang.code {
		return text
	}
	return p.lang.foreign(in, text)
}

// slotThing is a course as everybody may read it: when, where, how many seats are
// left and whom to call.
func slotThing(p page, v casework.SlotView) thingView {
	x := thingView{anchor: "slot-" + v.ID, title: slotTitle(p, v), owner: v.Named}
	x.lines = slotLines(p, v)
	return x
}

func slotLines(p page, v casework.SlotView) []string {
	var lines []string
	if about, in := booking.In(v.Slot.About, p.lang.code); about != "" {
		lines = append(lines, theirWords(p, about, in))
	}
	zone := care.CalendarOf(v.Regime).Zone()
	var dates []string
	for _, at := range v.Slot.Dates {
		dates = append(dates, p.moment(at.In(zone)))
	}
	return append(lines,
		p.T("schedule.when", "dates", p.lang.List(dates), "length", p.T("plan.minutes", "n", v.Slot.Minutes)),
		p.T("schedule.where-"+v.Slot.Way, "place", v.Slot.Place),
	)
}

// seatLines say how many seats are left, who can take one, until when, and how
// without logging in.
func seatLines(p page, v casework.SlotView) []string {
	cal := care.CalendarOf(v.Regime)
	lines := []string{p.T("schedule.left", "left", v.Left, "seats", v.Slot.Seats)}
	if v.Left == 0 {
		lines = []string{p.T("schedule.full", "waiting", v.Waiting)}
	}
	lines = append(lines, p.T("schedule.join-"+string(v.Slot.Join)))
	if until := v.Slot.Until(); until.Before(v.Slot.Starts()) {
		lines = append(lines, p.T("schedule.until", "date", cal.LastDay(until)))
	}
	return append(lines, p.T("schedule.call", "who", v.Slot.Contact))
}

// seatWords say what somebody has in a slot.
func seatWords(p page, v casework.SlotView) (words, tone string) {
	switch {
	case v.Status == booking.SlotIsCancelled:
		return p.T("schedule.state-cancelled"), "warn"
	case v.Status == booking.SlotIsEnded:
		return p.T("schedule.state-ended"), "done"
	case v.Seated:
		return p.T("schedule.state-seated"), "done"
	case !v.Offered.IsZero():
		return p.T("schedule.state-offered"), "now"
	case v.Place > 0:
		return p.T("schedule.state-waiting", "place", v.Place), "waiting"
	}
	return "", ""
}

// seatNews is what a person is told of a slot, in a letter or over the telephone.
func seatNews(p page, v casework.SlotView) []string {
	lines := []string{p.T("schedule.told-" + string(v.About))}
	switch {
	case v.Status == booking.SlotIsCancelled:
		lines = append(lines, p.T("schedule.next-"+string(v.Next)))
	case !v.Offered.IsZero():
		lines = append(lines, p.T("schedule.offer-until", "moment", p.moment(v.Offered.In(care.CalendarOf(v.Regime).Zone()))), p.T("schedule.no-harm"))
	}
	lines = append(lines, slotLines(p, v)...)
	if v.Slot.Contact != "" {
		lines = append(lines, p.T("schedule.call", "who", v.Slot.Contact))
	}
	return lines
}
