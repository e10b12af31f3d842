package web

import (
	"net/http"

	"forlop/access"
	"forlop/care"
	"forlop/care/booking"
	"forlop/casework"
)

// showLearn is the list of open courses, for everybody.
func showLearn(c *call) error {
	open, err := c.s.service.OpenCourses(c.r.Context())
	if err != nil {
		return err
	}
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	p.title, p.help = p.T("schedule.learn-title"), c.s.help
	var things []thingView
	for _, v := range open {
		x := slotThing(p, v)
		x.lines = append(x.lines, seatLines(p, v)...)
		things = append(things, x)
	}
	return write(c.w, c.r, http.StatusOK, learnBody(p, things))
}

// showMyCourses is the reader's own seats, and the courses that are open.
func showMyCourses(c *call) error { return c.myCourses(http.StatusOK, nil) }

func (c *call) myCourses(status int, refused *care.Refusal) error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyCourses{})
	if err != nil {
		return err
	}
	account := care.Language("")
	if v.Person.State != nil {
		account = v.Person.State.Languages.Reading
	}
	c.r = withAccountLanguage(c.r, account)
	p := newPage(c.r, forPatients, account)
	p.title, p.home, p.signedIn = p.T("schedule.my-title"), "/me", v.Person.Identity.Name
	p.help, p.called = contactOf(p, v.Plan), c.s.calls(c.r, p.lang)
	p.today = care.DateOf(v.Now, c.zone(v.Plan))
	if err := c.standFor(&p, v.Person.Identity.Name, v.Withheld); err != nil {
		return err
	}
	switch done := c.r.URL.Query().Get("done"); done {
	case "take", "give-back", "wait", "leave":
		p.told = &told{title: p.T("schedule.done-" + done), text: p.T("visit.safe")}
	}
	if refused != nil {
		p.faults = []fault{{field: refused.Field, text: p.refusal(refused)}}
	}
	press := func(id, what, about string) press {
		return press{action: coursesPath + "/" + id, label: p.T("schedule.do-" + what), about: plain(about), hidden: []pair{{"do", what}, {"key", formKey()}}}
	}
	var mine, open []thingView
	for _, s := range v.Mine {
		x := slotThing(p, s)
		x.state, x.tone = seatWords(p, s)
		if s.About != "" {
			x.lines = append([]string{p.T("schedule.told-" + string(s.About))}, x.lines...)
		}
		over := s.Status != booking.SlotIsOpen
		switch {
		case s.Status == booking.SlotIsCancelled:
			x.lines = append(x.lines, p.T("schedule.next-"+string(s.Next)))
		case s.Slot.Kind == booking.MeetingSlot && !over:
			x.lines = append(x.lines, p.T("schedule.meeting-yours"))
		case s.Seated && !over:
			x.presses = append(x.presses, press(s.ID, "give-back", x.title))
		case !s.Offered.IsZero():
			x.lines = append(x.lines, p.T("schedule.offer-until", "moment", p.moment(s.Offered.In(care.CalendarOf(s.Regime).Zone()))), p.T("schedule.no-harm"))
			x.presses = append(x.presses, press(s.ID, "take", x.title), press(s.ID, "give-back", x.title))
		case s.Place > 0:
			x.lines = append(x.lines, p.T("schedule.no-harm"))
			x.presses = append(x.presses, press(s.ID, "leave", x.title))
		}
		if s.Slot.Contact != "" {
			x.lines = append(x.lines, p.T("schedule.call", "who", s.Slot.Contact))
		}
		mine = append(mine, x)
	}
	for _, s := range v.Open {
		x := slotThing(p, s)
		x.lines = append(x.lines, seatLines(p, s)...)
		switch {
		case s.Slot.Join == booking.JoinReferral || !v.Now.Before(s.Slot.Until()):
		case s.Left > 0:
			x.presses = append(x.presses, press(s.ID, "take", x.title))
		default:
			x.presses = append(x.presses, press(s.ID, "wait", x.title))
		}
		open = append(open, x)
	}
	if !p.may(access.Acts) {
		for i := range mine {
			mine[i].presses = nil
		}
		for i := range open {
			open[i].presses = nil
		}
	}
	return c.draw(status, coursesBody(p, mine, open))
}

// changeMyCourse takes a seat, gives it back, waits or leaves the waiting list.
func changeMyCourse(c *call) error {
	whose := care.PersonKey(c.who.Actor.ID)
	if c.who.Actor.Kind == care.Relative {
		whose = c.who.Represents
	}
	var command interface{ Name() string }
	do := c.r.PostFormValue("do")
	switch do {
	case "take":
		command = booking.TakeSeat{Person: whose}
	case "wait":
		command = booking.Wait{Person: whose}
	case "leave":
		command = booking.LeaveWaiting{Person: whose}
	case "give-back":
		command = booking.GiveBack{Person: whose}
	default:
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	err := c.act(c.r.PathValue("slot"), command)
	if r, no := care.AsRefusal(err); no && (r.Kind == care.RefusedByRule || r.Kind == care.Conflict || r.Code == "seat-none") {
		return c.myCourses(statusOf(err), r)
	}
	if err != nil {
		return err
	}
	return c.goTo(coursesPath + "?done=" + do)
}
