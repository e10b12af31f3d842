package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/care/booking"
	"forlop/casework"
)

// showSchedule lists what the reader's units have opened.
func showSchedule(c *call) error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ScheduleQuery{})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("schedule.title")
	t := table{
		id: "slots", caption: p.T("schedule.title"), empty: p.T("schedule.none"), cards: true,
		columns: []column{{name: p.T("schedule.what")}, {name: p.T("staff.column.when")}, {name: p.T("schedule.seats")}, {name: p.T("staff.column.state")}},
	}
	for _, s := range v.Slots {
		state := cell{text: p.T("schedule.is-" + string(s.Status))}
		if s.Under {
			state = cell{text: p.T("schedule.under"), tone: "warn"}
		}
		t.rows = append(t.rows, []cell{
			{text: slotTitle(p, s), href: schedulePath + "/" + s.ID, sub: s.Named},
			{text: p.moment(s.Slot.Starts().In(care.CalendarOf(s.Regime).Zone()))},
			{text: p.T("schedule.taken-of", "taken", s.Taken, "seats", s.Slot.Seats, "waiting", s.Waiting)}, state,
		})
	}
	return write(c.w, c.r, http.StatusOK, scheduleBody(p, t))
}

// A slotPage is one slot with who has a seat.
type slotPage struct {
	at, query, warn string
	facts           []fact
	seats, found    []thingView
	open            bool
	next            choiceField
	hidden          []pair
}

func showSlot(c *call) error { return c.slotPage(http.StatusOK, nil) }

func (c *call) slotPage(status int, refused *care.Refusal) error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ScheduleQuery{Slot: c.r.PathValue("slot")})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	s := v.Slots[0]
	p.title = slotTitle(p, s)
	if done := c.r.URL.Query().Get("done"); slices.Contains([]string{"take", "give-back", "leave", "came", "away", "cancel", "opened", "changed"}, done) {
		p.told = &told{title: p.T("schedule.staff-done-" + done)}
	}
	if refused != nil {
		p.faults = []fault{{field: refused.Field, text: p.refusal(refused)}}
	}
	x := slotPage{at: schedulePath + "/" + s.ID, open: s.Status == booking.SlotIsOpen && v.Now.Before(s.Slot.Starts()), query: c.r.URL.Query().Get("q")}
	x.facts = []fact{
		{name: p.T("staff.column.state"), value: p.T("schedule.is-" + string(s.Status))},
		{name: p.T("schedule.seats"), value: p.T("schedule.taken-of", "taken", s.Taken, "seats", s.Slot.Seats, "waiting", s.Waiting)},
		{name: p.T("schedule.who"), value: p.T("schedule.join-" + string(s.Slot.Join))},
	}
	for _, l := range slotLines(p, s) {
		x.facts = append(x.facts, fact{name: p.T("schedule.what"), value: l})
	}
	if s.Under {
		x.warn = p.T("schedule.under-means", "minimum", s.Slot.Minimum)
	}
	cal := care.CalendarOf(s.Regime)
	for _, row := range append(slices.Clone(v.Seats), v.Waiting...) {
		x.seats = append(x.seats, c.seatThing(p, s, row, cal, v))
	}
	if x.open && x.query != "" {
		if x.found, err = c.seatsFor(p, x, v); err != nil {
			return err
		}
	}
	x.next = choiceField{name: "next", legend: p.T("schedule.next")}
	for _, n := range booking.AfterCancels {
		x.next.choices = append(x.next.choices, choice{value: string(n), label: p.T("schedule.next-" + string(n))})
	}
	x.hidden = []pair{{"do", "cancel"}, {"key", c.keyOf()}}
	return write(c.w, c.r, status, slotBody(p, x))
}

// seatThing is somebody on the list, with what can be noted about them.
func (c *call) seatThing(p page, s casework.SlotView, row casework.SeatRow, cal *care.Calendar, v casework.SchedulePage) thingView {
	x := thingView{title: orElse(row.Identity.Name, p.T("staff.nobody-named"))}
	if row.Withheld {
		x.title = p.T("schedule.withheld")
	}
	press := func(what string, more ...pair) press {
		label := p.T("schedule.do-" + what)
		if what == "give-back" {
			label = p.T("schedule.do-give-back-for")
		}
		return press{action: schedulePath + "/" + s.ID, label: label, about: plain(x.title), hidden: append([]pair{{"do", what}, {"person", string(row.Person)}, {"key", formKey()}}, more...)}
	}
	live := s.Status == booking.SlotIsOpen && !row.Withheld
	switch {
	case row.Seat.Seat == 0:
		x.state, x.tone = p.T("schedule.waits"), "waiting"
		if live {
			x.presses = append(x.presses, press("leave"))
		}
	case row.Offered:
		x.state, x.tone = p.T("schedule.is-offered"), "now"
		x.due = p.T("schedule.offer-until", "moment", p.moment(row.Until.In(cal.Zone())))
	case live:
		x.presses = append(x.presses, press("give-back"))
	}
	for n, at := range s.Slot.Dates {
		if row.Seat.Seat == 0 || row.Offered || at.After(v.Now) || row.Withheld || s.Status == booking.SlotIsCancelled {
			continue
		}
		day := p.lang.ShortDate(cal.Date(at))
		if came, noted := row.Came[n+1]; noted && came {
			x.lines = append(x.lines, p.T("schedule.came", "date", day))
		} else if noted {
			x.lines = append(x.lines, p.T("schedule.away", "date", day))
		}
		date := pair{"date", strconv.Itoa(n + 1)}
		came, away := press("came", date), press("away", date)
		came.label, away.label = p.T("schedule.note-came", "date", day), p.T("schedule.note-away", "date", day)
		x.presses = append(x.presses, came, away)
	}
	return x
}

// seatsFor finds the patients that a seat can be taken for.
func (c *call) seatsFor(p page, x slotPage, v casework.SchedulePage) ([]thingView, error) {
	found, err := casework.View(c.r.Context(), c.s.service, c.who, casework.FindPerson{Query: x.query})
	if r, refused := care.AsRefusal(err); refused && r.Kind == care.RefusedByRule {
		return nil, nil // too short a word finds nobody
	}
	if err != nil {
		return nil, err
	}
	var out []thingView
	for _, f := range found {
		if slices.ContainsFunc(v.Seats, func(row casework.SeatRow) bool { return row.Person == f.Person && !row.Offered }) {
			continue
		}
		name := orElse(f.Identity.Name, p.T("staff.nobody-named"))
		out = append(out, thingView{title: name, due: bornWords(p, f.Identity), presses: []press{{
			action: x.at, label: p.T("schedule.do-take-for"), about: plain(name), hidden: []pair{{"do", "take"}, {"person", string(f.Person)}, {"key", formKey()}},
		}}})
	}
	return out, nil
}

// changeSeats takes and gives back seats for patients, notes who came, and calls
// the whole off.
func changeSeats(c *call) error {
	form := c.r.PostFormValue
	p := care.PersonKey(form("person"))
	var command interface{ Name() string }
	do := form("do")
	switch do {
	case "take":
		command = booking.TakeSeat{Person: p}
	case "give-back":
		command = booking.GiveBack{Person: p}
	case "leave":
		command = booking.LeaveWaiting{Person: p}
	case "came", "away":
		n, _ := strconv.Atoi(form("date")) // a date that is none is refused by its rule
		command = booking.Attend{Person: p, Date: n, Came: do == "came"}
	case "cancel":
		command = booking.CancelSlot{Next: booking.AfterCancel(form("next"))}
	default:
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	err := c.act(c.r.PathValue("slot"), command)
	if r, no := care.AsRefusal(err); no && (r.Kind == care.RefusedByRule || r.Kind == care.Conflict || r.Code == "seat-none") {
		return c.slotPage(statusOf(err), r)
	}
	if err != nil {
		return err
	}
	return c.goTo(schedulePath + "/" + url.PathEscape(c.r.PathValue("slot")) + "?done=" + do)
}
