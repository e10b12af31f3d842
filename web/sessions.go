package web

import (
	"net/http"
	"net/url"
	"strings"

	"forlop/care"
	"forlop/casework"
)

// A sessionRow is one login in its owner's list.
type sessionRow struct {
	id, where, how, when, ended string
	current                     bool
}

// ownPage is a page about the reader themselves, whoever they are. It asks for
// nothing about anybody's care.
func (c *call) ownPage(title string) (page, error) {
	if c.who.Actor.Kind == care.Professional {
		p := newPage(c.r, forStaff, accountLanguage(c.r))
		return c.staffPage(p.T(title))
	}
	p := newPage(c.r, forPatients, accountLanguage(c.r))
	name, err := c.s.service.Called(c.r.Context(), c.who.Actor)
	p.title, p.home, p.signedIn, p.help = p.T(title), "/me", name, c.s.help
	p.today = care.CalendarOf(care.Norway).Date(c.s.service.Now())
	return p, err
}

// showSessions lists the reader's own logins.
func showSessions(c *call) error {
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.Sessions{Token: c.token()})
	if err != nil {
		return err
	}
	p, err := c.ownPage("sessions.title")
	if err != nil {
		return err
	}
	if done := c.r.URL.Query().Get("done"); done == "one" || done == "others" {
		p.told = &told{title: p.T("sessions.done-" + done)}
	}
	zone := c.calendar().Zone()
	var open, over []sessionRow
	for _, v := range list {
		row := sessionRow{
			id: v.ID, current: v.Current, where: v.Client, how: howIn(p, v),
			when: p.T("sessions.since", "begun", p.moment(v.Created.In(zone)), "used", p.moment(v.Seen.In(zone))),
		}
		if row.where == "" {
			row.where = p.T("sessions.unknown-device")
		}
		if v.Ended.IsZero() {
			open = append(open, row)
			continue
		}
		row.ended = p.T("sessions.ended", "begun", p.moment(v.Created.In(zone)), "ended", p.moment(v.Ended.In(zone)))
		over = append(over, row)
	}
	return write(c.w, c.r, http.StatusOK, sessionsBody(p, open, over))
}

// howIn says how a login was made.
func howIn(p page, v casework.SessionView) string {
	switch v.Method {
	case casework.MethodLink, casework.MethodDemo, OwnProvider:
		return p.T("sessions.by-" + v.Method)
	case "":
		return p.T("sessions.by-unknown")
	}
	return p.T("sessions.by", "provider", v.Method)
}

// endSessions ends one login, or all but this one.
func endSessions(c *call) error {
	done := "one"
	var err error
	if id := c.r.PostFormValue("id"); id != "" {
		err = c.s.service.EndSession(c.r.Context(), c.who, id)
	} else {
		done, err = "others", c.s.service.EndOtherSessions(c.r.Context(), c.who, c.token())
	}
	if err != nil {
		return err
	}
	http.Redirect(c.w, c.r, "/sessions?done="+url.QueryEscape(done), http.StatusSeeOther)
	return nil
}

// clientOf is the browser and the kind of device in words, as far as it says so:
// "Firefox, Android". It helps a person to know their own devices and decides
// nothing.
func clientOf(r *http.Request) string {
	agent := r.Header.Get("User-Agent")
	first := func(pairs ...[2]string) string {
		for _, p := range pairs {
			if strings.Contains(agent, p[0]) {
				return p[1]
			}
		}
		return ""
	}
	// The order matters: Edge and Opera also call themselves Chrome, and that Safari.
	browser := first([2]string{"Edg", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"SamsungBrowser", "Samsung Internet"}, [2]string{"Firefox", "Firefox"}, [2]string{"FxiOS", "Firefox"},
		[2]string{"CriOS", "Chrome"}, [2]string{"Chrome", "Chrome"}, [2]string{"Safari", "Safari"})
	device := first([2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Android", "Android"}, [2]string{"Windows", "Windows"},
		[2]string{"Macintosh", "Mac"}, [2]string{"CrOS", "Chromebook"}, [2]string{"Linux", "Linux"})
	if browser == "" || device == "" {
		return browser + device
	}
	return browser + ", " + device
}
