package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/messaging"
	"forlop/care/person"
	"forlop/casework"
)

const noticesPath = "/me/notices"

// A noticesPage is how somebody wishes to be told, and lets reminders rest.
type noticesPage struct {
	// said are the wishes in words, for a relative who may not change them; nil
	// where the form says them.
	said     []fact
	channel  choiceField
	nudge    choiceField
	from, to choiceField
	more     choiceField
	note     string
	hidden   []pair
	// rests is until when reminders rest now; "" for not at all.
	rests string
	pause int
	until field
	key   string
	whom  []pair
}

// myNotices asks how the reader, or whom they act for, wishes to be told, and makes
// the page that says it. It opens nothing else.
func (c *call) myNotices() (page, casework.MyNoticesView, error) {
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MyNotices{})
	if err != nil {
		return page{}, v, err
	}
	account := v.Person.State.Languages.Reading
	c.r = withAccountLanguage(c.r, account)
	p := newPage(c.r, forPatients, account)
	p.title, p.home, p.signedIn = p.T("me.notices.title"), "/me", v.Person.Identity.Name
	p.help, p.called = contactOf(p, v.Plan), c.s.calls(c.r, p.lang)
	p.today = v.Calendar.Date(v.Now)
	err = c.standFor(&p, v.Person.Identity.Name, v.Withheld)
	return p, v, err
}

// wishesForm says and keeps how somebody wishes to be told.
func wishesForm(c *call) error {
	p, v, err := c.myNotices()
	if err != nil {
		return err
	}
	if done := c.r.URL.Query().Get("done"); slices.Contains([]string{"kept", "rests", "woken"}, done) {
		p.told = &told{title: p.T("me.notices.done-" + done)}
	}
	if c.r.Method == http.MethodGet {
		return c.draw(http.StatusOK, noticesBody(p, c.noticesPage(p, v)))
	}
	wishes, told := wishesIn(c.r.PostFormValue, c.r.PostForm["more"], v.Wishes)
	// The wishes come first: they alone can be refused, and then nothing has changed.
	err = c.wish(v, "/wishes", wishes, v.Wishes.Wishes == wishes.Wishes)
	if err == nil && (told.Channel != "" || v.Wishes.Told.Channel != "") {
		err = c.wish(v, "/channel", told, false)
	}
	if err != nil {
		return c.noticesAgain(p, v, err)
	}
	http.Redirect(c.w, c.r, noticesPath+"?done=kept", http.StatusSeeOther)
	return nil
}

// wish carries out one of the commands that a form of wishes becomes. What is so
// already is no fault of the form.
func (c *call) wish(v casework.MyNoticesView, part string, command named, same bool) error {
	key := c.r.PostFormValue("key")
	if key == "" {
		return noFormKey()
	}
	if same {
		return nil
	}
	o := c.order(string(v.Person.Key), command)
	o.Key = key + part
	if seen, err := strconv.Atoi(c.r.PostFormValue("seen" + part)); err == nil {
		o.Seen = care.Seen(seen)
	}
	_, err := c.s.service.Do(c.r.Context(), o)
	if refusal, refused := care.AsRefusal(err); refused && refusal.Code == "nothing-changes" {
		return nil
	}
	return err
}

// noticesAgain shows the form again with what is wrong in it.
func (c *call) noticesAgain(p page, v casework.MyNoticesView, err error) error {
	refusal, ok := care.AsRefusal(err)
	if !ok || refusal.Kind == care.Denied || refusal.Kind == care.NotFound {
		return err
	}
	p.faults = []fault{{field: refusal.Field, text: p.refusal(refusal)}}
	return c.draw(statusOf(err), noticesBody(p, c.noticesPage(p, v)))
}

// wishesIn are the wishes that a form says: how somebody is told, and how and when
// they are nudged.
func wishesIn(value func(string) string, more []string, had casework.WishView) (messaging.SetWishes, person.SetChannel) {
	w := messaging.Wishes{
		Nudge: messaging.Channel(value("nudge")), Daily: slices.Contains(more, "daily"), Details: slices.Contains(more, "details"),
	}
	w.QuietFrom, w.QuietTo = hourIn(value("quietFrom")), hourIn(value("quietTo"))
	if had.QuietFrom == 0 && had.QuietTo == 0 {
		if from, to := had.Hours(); w.QuietFrom == from && w.QuietTo == to {
			w.QuietFrom, w.QuietTo = 0, 0 // the usual ones, as nobody has said otherwise
		}
	}
	told := person.SetChannel{Channel: care.Channel(value("channel")), SMS: w.Nudge == messaging.BySMS}
	return messaging.SetWishes{Wishes: w}, told
}

// hourIn is an hour as a form sends it; what is none is refused as one.
func hourIn(s string) int {
	if h, err := strconv.Atoi(s); err == nil {
		return h
	}
	return -1
}

// noticesPage fills the page with what is so, or with what was just sent.
func (c *call) noticesPage(p page, v casework.MyNoticesView) noticesPage {
	w, told := v.Wishes.Wishes, v.Wishes.Told.Channel
	if c.r.Method == http.MethodPost && c.r.PostForm.Has("channel") {
		sent, channel := wishesIn(c.r.PostFormValue, c.r.PostForm["more"], v.Wishes)
		w, told = sent.Wishes, channel.Channel
	}
	x := noticesPage{key: c.keyOf(), whom: p.whom(), pause: v.Pause}
	if !v.Rests.IsZero() {
		x.rests = p.T("me.notices.rests-until", "date", p.date(v.Calendar.LastDay(v.Rests)))
	}
	x.until = field{name: "until", label: p.T("me.notices.until"), hint: p.T("me.notices.until-hint"), kind: "date", value: c.r.PostFormValue("until")}
	if v.Wishes.Hidden {
		x.note = p.T("me.notices.hidden")
	}
	fields := wishFields(p, v.Wishes, w, told)
	if !v.Decides {
		x.said = saidWishes(p, fields)
		return x
	}
	x.channel, x.nudge, x.from, x.to, x.more = fields[0], fields[1], fields[2], fields[3], fields[4]
	x.hidden = []pair{{"seen/wishes", strconv.Itoa(int(v.Wishes.Wished))}, {"seen/channel", strconv.Itoa(v.Wishes.Told.Version)}}
	return x
}

// wishFields are the questions on how somebody wishes to be told: the way, the
// nudge, the quiet hours from and to, and what else.
func wishFields(p page, had casework.WishView, w messaging.Wishes, told care.Channel) [5]choiceField {
	one := func(value, text, hint string, chosen bool) choice {
		return choice{value: value, label: p.T("me.notices." + text), hint: hint, chosen: chosen}
	}
	if told == "" {
		told = care.ByPage // what holds where nobody has said
	}
	nudge := w.Nudge
	if nudge == "" {
		nudge = messaging.ByEmail
		if had.Told.SMS {
			nudge = messaging.BySMS
		}
	}
	missing := func(there bool, text string) string {
		if there || had.Relative {
			return ""
		}
		return p.T("me.notices." + text)
	}
	from, to := w.Hours()
	return [5]choiceField{
		{name: "channel", legend: p.T("me.notices.channel"), choices: []choice{
			one(string(care.ByPage), "page", "", told == care.ByPage), one(string(care.ByLetter), "letter", p.T("me.notices.letter-hint"), told == care.ByLetter),
			one(string(care.ByPhone), "phone", p.T("me.notices.phone-hint"), told == care.ByPhone),
		}},
		{name: "nudge", legend: p.T("me.notices.nudge"), hint: p.T("me.notices.nudge-hint"), choices: []choice{
			one(string(messaging.ByEmail), "email", missing(had.Email, "no-email"), nudge == messaging.ByEmail),
			one(string(messaging.BySMS), "sms", missing(had.Phone, "no-phone"), nudge == messaging.BySMS),
			one(string(messaging.OnPage), "no-nudge", p.T("me.notices.no-nudge-hint"), nudge == messaging.OnPage),
		}},
		{name: "quietFrom", legend: p.T("me.notices.quiet-from"), choices: hourChoices(p, from, 17, 23)},
		{name: "quietTo", legend: p.T("me.notices.quiet-to"), choices: hourChoices(p, to, 5, 14)},
		{name: "more", legend: p.T("me.notices.more"), many: true, choices: []choice{
			one("daily", "daily", p.T("me.notices.daily-hint"), w.Daily), one("details", "details", p.T("me.notices.details-hint"), w.Details),
		}},
	}
}

// hourChoices are the hours of a day that can be meant, and the one that is set.
func hourChoices(p page, set, first, last int) []choice {
	var out []choice
	for h := range 24 {
		if h == set || h >= first && h <= last {
			out = append(out, choice{value: strconv.Itoa(h), label: p.lang.Clock(time.Date(2000, 1, 1, h, 0, 0, 0, time.UTC)), chosen: h == set})
		}
	}
	return out
}

// saidWishes are the questions with their answers, to read.
func saidWishes(p page, fields [5]choiceField) []fact {
	var out []fact
	for _, f := range fields {
		var said []string
		for _, c := range f.choices {
			if c.chosen {
				said = append(said, c.label)
			}
		}
		if len(said) > 0 {
			out = append(out, fact{name: f.legend, value: p.lang.List(said)})
		}
	}
	return out
}

// restForm lets reminders rest until a day, or lets them come again.
func restForm(c *call) error {
	p, v, err := c.myNotices()
	if err != nil {
		return err
	}
	done, command := "rests", named(person.EndPause{Pause: v.Pause})
	if c.r.PostFormValue("do") == "end" {
		done = "woken"
	} else {
		until, err := care.ParseDate(c.r.PostFormValue("until"))
		if err != nil {
			return c.noticesAgain(p, v, care.Refuse("date-needed", "Give a date.").On("until"))
		}
		command = person.Pause{Why: person.ByWish, Until: until}
	}
	if err := c.act(string(v.Person.Key), command); err != nil {
		return c.noticesAgain(p, v, err)
	}
	http.Redirect(c.w, c.r, noticesPath+"?done="+done, http.StatusSeeOther)
	return nil
}
