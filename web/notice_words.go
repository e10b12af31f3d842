package web

import (
	"strings"
	"time"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/casework"
)

// Notices are the closed texts of e-mail and SMS in the languages that people
// read.
func Notices(own *SiteTexts) casework.Wording { return noticeWords{newTongues(own)} }

type noticeWords struct{ *tongues }

// When is the day and the time of an appointment, at the clocks of Norway and
// Sweden, which show the same.
func (w noticeWords) When(l care.Language, at time.Time) (day, clock string) {
	cal := care.CalendarOf(care.Norway)
	form := "15.04"
	if l == care.English {
		form = "15:04"
	}
	return w.speak(l).Day(cal.Date(at)), at.In(cal.Zone()).Format(form)
}

// Say fills one of the templates under notice.email and notice.sms.
func (w noticeWords) Say(l care.Language, c messaging.Channel, t messaging.Template, s messaging.Slots) (subject, text string, err error) {
	in := w.speak(l)
	text = in.T("notice."+string(c)+"."+string(t), "link", s.Link, "sender", s.Sender, "name", s.Name, "day", s.Day, "time", s.Time)
	if c == messaging.ByEmail {
		subject = in.T("notice.email.subject")
	}
	return subject, strings.TrimSpace(text), nil
}
