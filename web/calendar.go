package web

import (
	"net/http"
	"strings"
	"time"

	"forlop/casework"

	ics "github.com/arran4/golang-ical"
)

// calendarFile writes appointments as a calendar file (RFC 5545). What it says is
// neutral: no name, no place and no kind of clinic, for calendars lie open on
// shared screens. UID stays and SEQUENCE goes up, so that a change replaces what
// was and a cancelled time is struck out.
func calendarFile(l *language, list []casework.Appointment, at string) string {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Forlop//Calendar//EN")
	cal.SetMethod(ics.MethodPublish)
	for _, a := range list {
		e := cal.AddEvent(a.UID + "@forlop")
		e.SetDtStampTime(a.Changed)
		e.SetModifiedAt(a.Changed)
		e.SetSequence(a.Sequence)
		e.SetStartAt(a.From)
		e.SetEndAt(a.From.Add(time.Duration(a.Minutes) * time.Minute))
		e.SetSummary(l.T("appointment.summary"))
		e.SetClass(ics.ClassificationPrivate)
		e.SetStatus(ics.ObjectStatusConfirmed)
		if a.Off {
			e.SetStatus(ics.ObjectStatusCancelled)
		}
		e.SetURL(at)
	}
	// RFC 5545 section 3.1 ends every line so, whatever this machine does.
	return cal.Serialize(ics.WithNewLine("\r\n"))
}

func (c *call) sendFile(l *language, list []casework.Appointment) error {
	h := c.w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="calendar.ics"`)
	h.Set("Cache-Control", "private, no-store")
	_, _ = c.w.Write([]byte(calendarFile(l, list, c.ownAddress("/me")))) // the reader may have gone; there is nobody to tell
	return nil
}

// ownAddress is a page's address for who is not on it.
func (c *call) ownAddress(path string) string {
	base := c.s.base
	if base == "" {
		base = "http://" + c.r.Host
		if overTLS(c.r) {
			base = "https://" + c.r.Host
		}
	}
	return base + path
}

// showCalendar says whether there is a private calendar address, and what it shows.
func showCalendar(c *call) error { return c.calendarPage("", "") }

func (c *call) calendarPage(made, done string) error {
	p, plan, err := c.plan("appointment.feed-title")
	if err != nil {
		return err
	}
	feed, err := casework.View(c.r.Context(), c.s.service, c.who, casework.FeedState{})
	if err != nil {
		return err
	}
	x := feedPage{made: made, mine: p.standing == nil}
	if !feed.Made.IsZero() {
		x.since = p.T("appointment.feed-on", "since", p.moment(feed.Made.In(c.zone(plan))), "until", p.moment(feed.Until.In(c.zone(plan))))
	}
	if done != "" {
		p.told = &told{title: p.T(done)}
	}
	return c.draw(http.StatusOK, calendarBody(p, x, formKey()))
}

// A feedPage is the page of the private calendar address. made is the new address,
// which is shown once; since says that there is one; mine that it is the reader's
// own to make.
type feedPage struct {
	made, since string
	mine        bool
}

// openCalendar makes a private calendar address. It is shown once, and a new one
// ends the one before.
func openCalendar(c *call) error {
	token, err := casework.View(c.r.Context(), c.s.service, c.who, casework.OpenFeed{})
	if err != nil {
		return err
	}
	return c.calendarPage(c.ownAddress("/calendar/"+token+".ics"), "")
}

func endCalendar(c *call) error {
	if _, err := casework.View(c.r.Context(), c.s.service, c.who, casework.CloseFeed{}); err != nil {
		return err
	}
	return c.calendarPage("", "appointment.feed-ended")
}

// sendCalendar sends what is behind a private calendar address to whoever has it. A
// calendar program has no login and no language of its own.
func sendCalendar(c *call) error {
	token, ok := strings.CutSuffix(c.r.PathValue("file"), ".ics")
	if !ok {
		token = ""
	}
	list, err := c.s.service.Calendar(c.r.Context(), token)
	if err != nil {
		return err
	}
	return c.sendFile(newPage(c.r, forPatients, "").lang, list)
}
