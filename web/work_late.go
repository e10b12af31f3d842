package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
)

// A latePage is what can be done with something that is late.
type latePage struct {
	about    []fact
	late     string
	services table
	asks     []link
	starts   table
	above    []link
	notice   *link
	back     string
}

// showLate lays out what can be done with something that is late: a shorter wait
// elsewhere, advice today, something that can start now, and who is above.
func showLate(c *call) error {
	c.r.SetPathValue("id", c.r.PathValue("journey"))
	s, err := c.scene()
	if err != nil {
		return err
	}
	if err := s.nothingToDo(); err != nil {
		return err
	}
	key := c.r.URL.Query().Get("item")
	i, open := s.v.State.Items[key]
	if key != "" && !open {
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	s.p.title = s.p.T("work.late.do")
	x := latePage{about: s.brief(), back: "/work?view=late"}
	if !open {
		i.Post, i.Due = s.v.State.Responsible, s.v.Now
	} else {
		x.late = s.what(key)
	}
	if days := s.v.Calendar.LastDay(i.Due).DaysUntil(s.today); open && days > 0 {
		x.late = s.p.T("staff.overdue", "length", s.p.lang.length(days), "what", lowerFirst(s.what(key)))
	}
	x.services = s.shorterWaits()
	x.asks = s.adviceLinks(i.Post)
	x.starts = s.startsNow(key)
	if lead := s.lead(i.Post.Unit); !lead.IsZero() {
		x.above = append(x.above, link{text: s.p.T("work.late.ask-lead", "who", s.owner(lead)), href: actionAddress(s.v.ID, "ask", "") + "?to=" + url.QueryEscape(lead.String())})
	}
	t := parseThing(key)
	if t.kind == "step" && s.there(t) {
		x.notice = &link{text: s.p.T("work.notice.do"), href: noticeAddress(s.v.ID, t.n, s.freed(t.n))}
	}
	return write(c.w, c.r, http.StatusOK, lateBody(s.p, x))
}

// freed is the time that a step had and may not need: one to come that it is
// planned at or was planned at, zero where there is none.
func (s *scene) freed(n int) time.Time {
	st := s.v.State.Steps[n-1]
	for _, at := range []time.Time{st.Before, st.Planned} {
		if at.After(s.v.Now) {
			return at
		}
	}
	return time.Time{}
}

// lead is the post of the named person who answers for a unit.
func (s *scene) lead(unit care.UnitID) care.Post {
	_, post, _ := s.v.Directory().Lead(unit, s.v.Now)
	return post
}

// shorterWaits are what other units have for the options of the pathway, the
// shortest known wait first, each with its day and its source.
func (s *scene) shorterWaits() table {
	t := table{
		id: "elsewhere", cards: true, caption: s.p.T("work.late.elsewhere"), empty: s.p.T("work.late.nowhere"),
		columns: []column{{name: s.p.T("work.late.where")}, {name: s.p.T("work.late.option")}, {name: s.p.T("work.late.wait")}, {name: s.p.T("work.late.known")}, {name: s.p.T("staff.column.do")}},
	}
	type offer struct {
		directory.Offered
		option string
	}
	var all []offer
	for _, ch := range s.v.Definition.Choices {
		for _, o := range ch.Options {
			for _, x := range s.v.Directory().Services(s.v.Definition.ID + "/" + string(ch.ID) + "/" + o.ID) {
				all = append(all, offer{x, s.text.Choices[ch.ID].Options[o.ID].Title})
			}
		}
	}
	days := func(o offer) int {
		if o.Wait == nil {
			return 1 << 30 // not known: after all that is
		}
		return s.today.DaysUntil(s.v.Calendar.Add(s.today, *o.Wait))
	}
	slices.SortStableFunc(all, func(a, b offer) int { return days(a) - days(b) })
	for _, o := range all {
		wait := cell{text: s.p.T("staff.not-known")}
		if o.Wait != nil {
			wait = cell{text: s.p.lang.Span(*o.Wait)}
		}
		to := care.Post{Unit: o.Unit, Role: care.Desk}
		t.rows = append(t.rows, []cell{
			{text: o.Contact.Name, sub: o.Where}, {text: o.option}, wait, {text: s.p.lang.ShortDate(o.Seen), sub: o.Source},
			{body: doLink(s.p.T("work.late.offer"), o.Contact.Name, actionAddress(s.v.ID, "offer-responsibility", "")+"?to="+url.QueryEscape(to.String()))},
		})
	}
	return t
}

// adviceLinks ask for advice, which leaves responsibility where it is: the unit
// that is late, and the specialists that the pathway names.
func (s *scene) adviceLinks(at care.Post) []link {
	posts := []care.Post{at}
	for _, r := range s.v.Definition.Roles {
		if p := s.v.State.Roles[r.ID]; !p.IsZero() && !slices.Contains(posts, p) && p.Unit != s.c.who.Post.Unit {
			posts = append(posts, p)
		}
	}
	var out []link
	for _, p := range posts {
		out = append(out, link{text: s.p.T("work.late.ask", "who", s.post(p)), href: actionAddress(s.v.ID, "ask", "") + "?to=" + url.QueryEscape(p.String())})
	}
	return out
}

// startsNow are the steps of the journey that can be begun while this one is late.
func (s *scene) startsNow(but string) table {
	t := table{
		id: "starts", cards: true, caption: s.p.T("work.late.start"), empty: s.p.T("work.late.start-none"),
		columns: []column{{name: s.p.T("staff.column.what")}, {name: s.p.T("staff.column.due")}, {name: s.p.T("staff.column.do")}},
	}
	for n, st := range s.v.State.Steps {
		key := "step/" + strconv.Itoa(n+1)
		if !st.Live() || key == but {
			continue
		}
		name, _ := stepProposal(st.Kind)
		if a := findAction(name); name == "" || a.elsewhere == "" && !s.can(a, parseThing(key)) {
			continue
		}
		due := s.last(st.Latest)
		when := cell{text: s.p.T("staff.not-known")}
		if !due.IsZero() {
			when = cell{text: s.p.lang.ShortDate(due), whole: true}
		}
		t.rows = append(t.rows, []cell{{text: s.stepAt(n + 1)}, when, {body: doLink(s.p.T("staff.do."+name), s.stepAt(n+1), actionAddress(s.v.ID, name, key))}})
	}
	return t
}

func noticeAddress(id string, step int, at time.Time) string {
	q := url.Values{"step": {strconv.Itoa(step)}}
	if !at.IsZero() {
		q.Set("time", at.UTC().Format(time.RFC3339))
	}
	return "/work/short-notice/" + id + "?" + q.Encode()
}

// A noticePage is who can come to a time that has become free.
type noticePage struct {
	about []fact
	form  *actionPage
	rows  *table
	lead  string
}

// showNotice lists who can come to a time that has become free, the longest waiter
// first.
func showNotice(c *call) error {
	c.r.SetPathValue("id", c.r.PathValue("journey"))
	s, err := c.scene()
	if err != nil {
		return err
	}
	if err := s.nothingToDo(); err != nil {
		return err
	}
	q := c.r.URL.Query()
	n, err := strconv.Atoi(q.Get("step"))
	if err != nil || !s.there(thing{kind: "step", id: q.Get("step"), n: n}) {
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	s.p.title = s.p.T("work.notice.title")
	x := noticePage{about: []fact{{name: s.p.T("staff.column.what"), value: s.stepAt(n)}}}
	asks := []ask{momentOf("at").as("moves-to").needed()}
	v := url.Values{"at": q["at"], "at-time": q["at-time"]}
	if at, err := time.Parse(time.RFC3339, q.Get("time")); err == nil {
		local := at.In(s.v.Calendar.Zone())
		v.Set("at", care.DateOf(local, local.Location()).String())
		v.Set("at-time", local.Format("15:04"))
	}
	x.form = &actionPage{action: "/work/short-notice/" + s.v.ID, asks: asks, values: v, save: s.p.T("work.notice.look"), hidden: []pair{{"step", strconv.Itoa(n)}}}
	if v.Get("at") == "" && !q.Has("at") {
		return write(c.w, c.r, http.StatusOK, noticeBody(s.p, x))
	}
	f := readForm(s.p, asks, v, s.v.Calendar)
	at := f.moment("at")
	if len(f.faults) > 0 {
		s.p.faults = f.faults
		return write(c.w, c.r, http.StatusUnprocessableEntity, noticeBody(s.p, x))
	}
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ShortNotice{Journey: s.v.ID, Step: n, At: at})
	if err != nil {
		return err
	}
	t := table{
		id: "candidates", cards: true, caption: s.p.T("work.notice.who", "when", s.at(at)), empty: s.p.T("work.notice.nobody"),
		columns: []column{{name: s.p.T("staff.column.patient")}, {name: s.p.T("work.notice.since")}, {name: s.p.T("work.notice.limits")}, {name: s.p.T("staff.column.do")}},
	}
	for _, r := range list.Rows {
		name := orElse(r.Person.Identity.Name, s.p.T("staff.nobody-named"))
		since := s.v.Calendar.Date(r.Received)
		t.rows = append(t.rows, []cell{
			{text: name, href: "/journeys/" + r.Journey, sub: hiddenWords(s.p, r.Person.Identity, "")},
			{text: s.p.lang.ShortDate(since), sub: s.p.lang.Until(s.today, since), whole: true}, {text: limitWords(s.p, r.Person)},
			{body: doLink(s.p.T("staff.do.plan"), name, actionAddress(r.Journey, "plan", "step/"+strconv.Itoa(r.Step.Step)+"&at="+f.text("at")+"&at-time="+url.QueryEscape(f.text("at-time"))))},
		})
	}
	x.rows = &t
	x.lead = s.p.T("work.notice.unfit", "n", list.Unfit)
	return write(c.w, c.r, http.StatusOK, noticeBody(s.p, x))
}

// limitWords are what a person has said that they can bear.
func limitWords(p page, who casework.PersonView) string {
	var words []string
	e := who.State.Energy
	if e.PerWeek > 0 {
		words = append(words, p.T("work.notice.per-week", "n", e.PerWeek))
	}
	if e.RestDays > 0 {
		words = append(words, p.T("work.notice.rest", "n", e.RestDays))
	}
	if e.Minutes > 0 {
		words = append(words, p.T("work.notice.minutes", "n", e.Minutes))
	}
	for _, a := range who.State.Adaptations.List {
		words = append(words, lowerFirst(p.T("staff.adaptation."+string(a))))
	}
	if len(words) == 0 {
		return p.T("work.notice.no-limits")
	}
	return strings.Join(words, ", ")
}
