package web

import (
	"net/http"
	"strings"

	"forlop/care"
	"forlop/care/booking"
	"forlop/casework"
)

// asksTimes reports whether a guest's link asks for a common time.
func asksTimes(item string) bool { return strings.HasPrefix(item, string(casework.TimesItem)+"/") }

// linkedTimes is the page where somebody without an account says which of the
// proposed times they can. Until one is set, the answer can be changed.
func (c *call) linkedTimes() error {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.LinkedItem{})
	if err != nil {
		return c.deadLink(err)
	}
	p := c.guestPage("appointment.times-title")
	unit := p.named(v.Regime, v.From.Unit.Name)
	p.help = help{name: unit, phone: v.From.Unit.Phone, hours: p.named(v.Regime, v.From.Unit.Hours)}
	cal := care.CalendarOf(v.Regime)
	f := sheet{
		action: linkedPath, intro: p.T("guest.times", "unit", unit), note: p.T("appointment.times-by", "date", cal.LastDay(v.By)), button: p.T("me.send"),
		back: linkedPath, choose: timesChoice(p, cal, v.Now, v.Times, chosenTimes(c, v.Can)),
		fields: []field{{name: "words", label: p.T("guest.times-words"), value: c.r.PostFormValue("words"), rows: 3, max: longestText, optional: true}},
	}
	if v.Answered && c.r.Method == http.MethodGet {
		p.told = &told{title: p.T("guest.answered-title"), text: p.T("guest.times-again")}
	}
	if c.r.Method == http.MethodGet {
		return c.showForm(p, f, nil)
	}
	_, rest, _ := strings.Cut(c.who.Login.Item, "/")
	target, _, _ := strings.Cut(rest, "/")
	can := chosenTimes(c, nil)
	err = c.act(target, booking.AnswerTimes{Poll: v.Poll, Who: v.Who, Can: can, Words: clean(c.r.PostFormValue("words"))})
	if r, refused := care.AsRefusal(err); refused && r.Kind == care.Conflict {
		return c.deadLink(err)
	}
	if err != nil {
		return c.showForm(p, f, err)
	}
	said := p.T("appointment.times-none")
	if len(can) > 0 {
		var words []string
		for _, n := range can {
			words = append(words, p.moment(v.Times[n-1].In(cal.Zone())))
		}
		said = p.lang.List(words)
	}
	return c.draw(http.StatusOK, answeredBody(c.guestPage("guest.answered-title"), said))
}
