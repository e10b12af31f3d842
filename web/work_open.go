package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/worklist"
	"forlop/casework"

	"github.com/a-h/templ"
)

// An openRow is what stands under a row that is open: the form of what is done
// most with such a thing, and the ways to the rest.
type openRow struct {
	told  *told
	title string
	said  []said // what was written, where it is a message
	form  *actionPage
	links []link
	close string
}

// rowID names a row of a list in an address.
func rowID(r casework.WorkRow) string { return r.Of.Stream + "!" + r.Of.Key }

// itemOf reads what rowID wrote.
func itemOf(id string) worklist.Item {
	stream, key, _ := strings.Cut(id, "!")
	return worklist.Item{Stream: stream, Key: key}
}

// openAt is the row that the address opens: the one it names, or the one that
// comes after the row that was just dealt with. ended says that there is none
// after it.
func openAt(q url.Values, rows []casework.WorkRow) (at int, ended bool) {
	if id := q.Get("open"); id != "" {
		for i, r := range rows {
			if rowID(r) == id {
				return i, false
			}
		}
		return -1, false
	}
	n, err := strconv.Atoi(q.Get("after"))
	if err != nil || n < 0 {
		return -1, false
	}
	// What was dealt with has mostly left the list; where it is still there, the
	// next is the one below it.
	for i, r := range rows {
		if rowID(r) == q.Get("was") {
			n = i + 1
		}
	}
	if n >= len(rows) {
		return -1, true
	}
	return n, false
}

// nextFrom is the list's address from which the row after this one is found.
func (r workRow) nextFrom() string {
	path, query, _ := strings.Cut(r.back, "?")
	if path != "/work" {
		return r.back
	}
	q := parsed(query)
	q.Set("after", strconv.Itoa(r.at))
	q.Set("was", rowID(r.row))
	return workPath(q)
}

// openHref opens a row in the list, with one of its forms.
func (r workRow) openHref(form string) string {
	q := parsed(strings.TrimPrefix(strings.TrimPrefix(r.back, "/work"), "?"))
	q.Set("open", rowID(r.row))
	if form != "" {
		q.Set("do", form)
	}
	return workPath(q) + "#open"
}

// open draws what stands under the row.
func (r workRow) open(done *told) (templ.Component, error) {
	x := openRow{told: done, title: r.what() + " – " + r.name(), close: r.back}
	if r.row.Stream == "thread" {
		return r.openThread(x)
	}
	about := x.title
	form := r.c.r.URL.Query().Get("do")
	r.c.r.SetPathValue("id", r.row.Journey)
	s, err := r.c.scene()
	if _, refused := care.AsRefusal(err); refused {
		return openBody(r.p, x), nil
	}
	if err != nil {
		return nil, err
	}
	t := parseThing(r.row.Item.Key)
	if r.row.Stream != "journey" {
		t = thing{}
	}
	name, _ := r.proposal()
	if r.row.Stream != "journey" || !inline(name) {
		name = "note"
	}
	if form == "" {
		form = name
	}
	switch {
	case form == "sleep":
		x.form = r.sleepForm(s)
	case form == "note" || form == name:
		x.form = r.inlineForm(s, form, t)
	case form == "plan" && t.kind == "step", form == "review-wait" && t.kind == "wait", form == "end-wait" && t.kind == "wait":
		x.form = r.inlineForm(s, form, t)
	}
	for _, other := range []string{name, "plan", "review-wait", "note"} {
		a := findAction(other)
		of := t
		if a.on == "" {
			of = thing{}
		}
		if other == form || a.on != of.kind || !s.can(a, of) || len(x.links) > 0 && other == name {
			continue
		}
		x.links = append(x.links, link{text: s.p.T("staff.do." + other), href: r.openHref(other)})
	}
	if form != "sleep" && r.row.Item.Due.After(s.v.Now) && r.row.Until.IsZero() && r.row.Item.Kind != care.EscalationItem {
		x.links = append(x.links, link{text: s.p.T("work.sleep.do"), href: r.openHref("sleep")})
	}
	if !r.row.Item.Due.After(s.v.Now) && r.row.Stream == "journey" {
		x.links = append(x.links, link{text: s.p.T("work.late.do"), href: "/work/late/" + r.row.Journey + "?item=" + url.QueryEscape(r.row.Item.Key)})
	}
	x.links = append(x.links, link{text: s.p.T("staff.open-journey"), href: r.place()})
	if x.form != nil {
		x.form.title = about
	}
	return openBody(r.p, x), nil
}

// openThread draws a message that waits for an answer, with the form of it. Opening
// it is reading it, which whoever wrote it sees.
func (r workRow) openThread(x openRow) (templ.Component, error) {
	r.c.r.SetPathValue("id", r.row.Journey)
	s, err := r.c.threadScene(r.row.Thread)
	if _, refused := care.AsRefusal(err); refused {
		return openBody(r.p, x), nil
	}
	if err != nil {
		return nil, err
	}
	t := s.v.Threads[0]
	w := s.answerForm(t, formKey())
	x.form = &actionPage{
		title: x.title, action: w.action, asks: []ask{wordsOf("text").called(w.words.label).needed()}, values: url.Values{}, save: w.button, next: true,
		hidden: append(w.hidden, pair{"to-page", r.nextFrom()}),
	}
	lines := s.lines(t)
	for _, l := range lines[max(0, len(lines)-3):] {
		x.said = append(x.said, l.said)
	}
	x.links = []link{{text: r.p.T("staff.threads.close"), href: r.place() + "#close"}, {text: r.p.T("thread.open"), href: r.place()}}
	return openBody(r.p, x), nil
}

// inline reports whether the form of an action is short enough to stand in a list.
func inline(name string) bool {
	switch name {
	case "plan", "tell", "contact", "end-wait", "review-wait", "answer-question", "settle", "complete", "end-intervention", "accept":
		return true
	}
	return false
}

// inlineForm is the form of an action as it stands in the list; nil where the
// action cannot be done now.
func (r workRow) inlineForm(s *scene, name string, t thing) *actionPage {
	a := findAction(name)
	if a.on == "" {
		t = thing{}
	}
	if a.on != t.kind || !s.there(t) || !s.can(a, t) {
		return nil
	}
	v := s.start(a, t)
	v.Set("to-page", r.nextFrom())
	return &actionPage{
		action: s.address("/do/" + a.name), asks: a.asks(s, t), values: v, save: s.p.T("staff.do." + a.name), next: true,
		hidden: []pair{
			{"item", t.key()}, {"key", formKey()}, {"seen", v.Get("seen")}, {"opened", v.Get("opened")}, {"to-page", v.Get("to-page")},
			{"as", r.as()}, {"behalf", v.Get("behalf")}, {"behalf-name", v.Get("behalf-name")}, {"how", v.Get("how")},
		},
	}
}

// sleepForm puts the row aside until a day.
func (r workRow) sleepForm(s *scene) *actionPage {
	cal := r.c.calendar()
	last := cal.LastDay(r.row.Item.Due)
	until := cal.Add(r.p.today, care.Span{N: 3, Unit: care.WorkingDays})
	if last.Before(until) {
		until = last
	}
	return &actionPage{
		action: "/work/sleep", next: true, save: s.p.T("work.sleep.do"), values: url.Values{"until": {until.String()}},
		asks: []ask{dayOf("until").needed().called(s.p.T("work.sleep.until", "date", last))},
		hidden: []pair{
			{"of", rowID(r.row)}, {"unit", string(r.row.Item.Post.Unit)}, {"key", formKey()}, {"seen", strconv.Itoa(r.row.Item.Version)}, {"to-page", r.nextFrom()},
		},
	}
}

// putAside takes a row off the list until a day begins, and wakes it with the
// button that takes that back.
func putAside(c *call) error {
	day, err := care.ParseDate(c.r.PostFormValue("until"))
	if _, refused := care.AsRefusal(err); err != nil && !refused {
		return err
	}
	o := c.order(casework.ListOfUnit(care.UnitID(c.r.PostFormValue("unit"))), worklist.Sleep{
		Item: itemOf(c.r.PostFormValue("of")), Until: beginOf(c.calendar(), day),
	})
	if seen, err := strconv.Atoi(c.r.PostFormValue("seen")); err == nil {
		o.Seen = care.Seen(seen)
	}
	_, err = c.s.service.Do(c.r.Context(), o)
	if r, refused := care.AsRefusal(err); refused && r.Kind != care.Denied {
		at := withoutNext(listAddress(c.r.PostFormValue("to-page")))
		_, query, _ := strings.Cut(at, "?")
		return showWorkWith(c, workAddressOf(parsed(query)), statusOf(err), r)
	}
	if err != nil {
		return err
	}
	back := listAddress(c.r.PostFormValue("to-page"))
	if back == "" {
		back = "/work"
	}
	to, err := url.Parse(doneAddress(nextOn(back, c.r.PostForm), "asleep", "", 0))
	if err != nil {
		return err
	}
	q := to.Query()
	q.Set("of", c.r.PostFormValue("of"))
	q.Set("unit", c.r.PostFormValue("unit"))
	to.RawQuery = q.Encode()
	http.Redirect(c.w, c.r, to.String(), http.StatusSeeOther)
	return nil
}

// beginOf is the instant at which a day begins.
func beginOf(cal *care.Calendar, d care.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return cal.EndOf(d.AddDays(-1)).UTC()
}

// wakeRow brings back what was put aside.
func wakeRow(c *call) error {
	o := c.order(casework.ListOfUnit(care.UnitID(c.r.PostFormValue("unit"))), worklist.WakeUp{Item: itemOf(c.r.PostFormValue("of"))})
	_, err := c.s.service.Do(c.r.Context(), o)
	if r, refused := care.AsRefusal(err); refused && r.Kind == care.NotFound {
		err = nil // it is awake, as was asked
	}
	if err != nil {
		return err
	}
	return c.backToList("awake")
}

// doneOnList is what was just done from the list, and the way to take it back.
func (c *call) doneOnList(p page, back string) (*told, error) {
	q := c.r.URL.Query()
	switch done := q.Get("done"); done {
	case "thread-sent":
		return &told{title: p.T("staff.threads.done.sent")}, nil
	case "view", "no-view", "awake":
		return &told{title: p.T("work.done." + done)}, nil
	case "asleep":
		return &told{title: p.T("work.done.asleep"), undo: &undo{action: "/work/wake", hidden: []pair{
			{"of", q.Get("of")}, {"unit", q.Get("unit")}, {"key", formKey()}, {"to-page", back},
		}}}, nil
	}
	return c.doneElsewhere()
}
