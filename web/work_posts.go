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
	"forlop/care/worklist"
	"forlop/casework"
)

// A postsPage is what the reader's posts carry, who is away, and the forms that
// change both.
type postsPage struct {
	warnings []string
	posts    table
	limits   []limitForm
	away     table
	form     *actionPage
	back     string
}

// A limitForm says how many patients a post can answer for.
type limitForm struct {
	post, name, value string
}

// showPosts shows the posts of the reader's units with their caseload, and who is
// away.
func showPosts(c *call) error { return c.posts(http.StatusOK, nil, nil) }

// posts draws the page, with what was wrong with a form and what was typed in it.
func (c *call) posts(status int, typed url.Values, faults []fault) error {
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.WorkPosts{})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("work.posts.title")
	p.faults = faults
	if done := c.r.URL.Query().Get("done"); slices.Contains([]string{"away", "back", "limit"}, done) {
		p.told = &told{title: p.T("work.done." + done)}
	}
	x := postsPage{back: "/work", posts: table{
		id: "load", cards: true, caption: p.T("work.posts.load"),
		columns: []column{{name: p.T("staff.column.post")}, {name: p.T("work.posts.open"), number: true}, {name: p.T("work.posts.most"), number: true}},
	}}
	for _, l := range list.Posts {
		name := postName(p, list.Post(l.Post))
		most := cell{text: p.T("work.posts.no-limit")}
		if l.Most > 0 {
			most = cell{text: p.lang.Number(l.Most), number: true}
		}
		if l.Over() {
			x.warnings = append(x.warnings, p.T("work.posts.over", "post", name, "n", l.Journeys, "most", l.Most))
			most = cell{body: lateDue(p, p.lang.Number(l.Most), p.T("work.posts.over-short"))}
		}
		held := p.T("staff.nobody-answers")
		if len(l.Holders) > 0 {
			held = p.lang.List(namesOf(list, l.Holders))
		}
		x.posts.rows = append(x.posts.rows, []cell{{text: name, sub: held}, {text: p.lang.Number(l.Journeys), number: true}, most})
		if l.Own {
			x.limits = append(x.limits, limitForm{post: l.Post.String(), name: name, value: strconv.Itoa(l.Most)})
		}
	}
	x.away = c.awayTable(p, list)
	x.form = c.awayForm(p, list, typed)
	return write(c.w, c.r, status, postsBody(p, x))
}

// namesOf are what professionals are called; one whose name is not known keeps
// their id.
func namesOf(list casework.WorkPostsPage, ids []string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, orElse(list.Name(id), id))
	}
	return out
}

func (c *call) awayTable(p page, list casework.WorkPostsPage) table {
	t := table{
		id: "away", cards: true, caption: p.T("work.away.who"), empty: p.T("work.away.nobody"),
		columns: []column{{name: p.T("work.away.person")}, {name: p.T("staff.column.post")}, {name: p.T("work.away.when")}, {name: p.T("work.away.instead")}, {name: p.T("staff.column.do")}},
	}
	for _, a := range list.Absences {
		cal := care.CalendarOf(regimeAt(list, a.Unit))
		post := postName(p, casework.PostView{Post: care.Post{Unit: a.Unit, Role: a.Role}, Unit: unitOf(list.Directory(), care.Post{Unit: a.Unit})})
		instead := cell{text: p.T("work.away.desk")}
		if a.Substitute != "" {
			instead = cell{text: orElse(list.Name(a.Substitute), a.Substitute)}
		}
		name := orElse(list.Name(a.Professional), a.Professional)
		t.rows = append(t.rows, []cell{
			{text: name}, {text: post},
			{text: p.lang.ShortDate(cal.Date(a.From)) + " – " + p.lang.ShortDate(cal.LastDay(a.Until))}, instead,
			{body: pressButton(press{action: "/work/posts/back", label: p.T("work.away.end"), about: name + ", " + post, hidden: []pair{
				{"unit", string(a.Unit)}, {"absence", strconv.Itoa(a.Number)}, {"key", formKey()},
			}})},
		})
	}
	return t
}

func regimeAt(list casework.WorkPostsPage, unit care.UnitID) care.Regime {
	u, ok := list.Directory().Unit(unit)
	if !ok {
		return care.Norway
	}
	return u.Regime
}

// awayForm hands over what the reader holds, all of it or some posts, from one day
// to another.
func (c *call) awayForm(p page, list casework.WorkPostsPage, typed url.Values) *actionPage {
	x := &actionPage{action: "/work/posts/away", save: p.T("work.away.save"), back: "/work", asks: c.awayAsks(p, list), values: typed, hidden: []pair{{"key", formKey()}}}
	if typed == nil {
		x.values = url.Values{"from": {p.today.AddDays(1).String()}}
		for _, l := range list.Posts {
			if l.Own {
				x.values.Add("posts", l.Post.String())
			}
		}
	}
	return x
}

func (c *call) awayAsks(p page, list casework.WorkPostsPage) []ask {
	var own, instead []choice
	for _, l := range list.Posts {
		if l.Own {
			own = append(own, choice{value: l.Post.String(), label: postName(p, list.Post(l.Post))})
		}
	}
	for _, u := range list.Directory().All() {
		for _, id := range list.Colleagues[u] {
			if id != c.who.Actor.ID && !slices.ContainsFunc(instead, func(x choice) bool { return x.value == id }) {
				instead = append(instead, choice{value: id, label: orElse(list.Name(id), id)})
			}
		}
	}
	return []ask{
		someOf("posts", own...).needed().called(p.T("work.away.posts")), dayOf("from").needed().called(p.T("work.away.from")),
		dayOf("until").needed().called(p.T("work.away.until")), oneOf("instead", instead...).called(p.T("work.away.instead-ask")),
	}
}

// goAway records the reader's absence in each post that was chosen. Every post is
// an order of its own, made of the form's key: sent twice, it happens once.
func goAway(c *call) error {
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.WorkPosts{})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	f := readForm(p, c.awayAsks(p, list), c.r.PostForm, c.calendar())
	from, until := f.date("from"), f.date("until")
	if len(f.faults) == 0 && until.Before(from) {
		f.fault("until", p.T("work.away.backwards"))
	}
	if len(f.faults) > 0 {
		return c.posts(http.StatusUnprocessableEntity, c.r.PostForm, f.faults)
	}
	var wrong []fault
	for _, chosen := range f.several("posts") {
		post := parsePost(chosen)
		cal := care.CalendarOf(regimeAt(list, post.Unit))
		// An absence cannot have begun before it is recorded.
		begins := beginOf(cal, from)
		if now := c.s.service.Now(); begins.Before(now) {
			begins = time.Time{}
		}
		o := c.order(string(post.Unit), directory.GoAway{
			Professional: c.who.Actor.ID, Role: post.Role, From: begins, Until: cal.EndOf(until).UTC(), Substitute: f.text("instead"),
		})
		o.Key += "/" + chosen
		_, err := c.s.service.Do(c.r.Context(), o)
		if r, refused := care.AsRefusal(err); refused {
			name := postName(p, list.Post(post))
			wrong = append(wrong, fault{text: name + ": " + p.refusal(namedIn(list, r))})
		} else if err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return c.posts(http.StatusUnprocessableEntity, c.r.PostForm, wrong)
	}
	http.Redirect(c.w, c.r, "/work/posts?done=away", http.StatusSeeOther)
	return nil
}

// namedIn is a refusal with people called by name.
func namedIn(list casework.WorkPostsPage, r *care.Refusal) *care.Refusal {
	said := *r
	said.Args = map[string]string{}
	for k, v := range r.Args {
		said.Args[k] = orElse(list.Name(v), v)
	}
	return &said
}

// comeBack ends an absence now, or takes one back that has not begun.
func comeBack(c *call) error {
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.WorkPosts{})
	if err != nil {
		return err
	}
	unit, absence := care.UnitID(c.r.PostFormValue("unit")), c.r.PostFormValue("absence")
	at := slices.IndexFunc(list.Absences, func(a casework.UnitAbsence) bool { return a.Unit == unit && strconv.Itoa(a.Number) == absence })
	if at < 0 {
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	back := directory.ComeBack{Absence: list.Absences[at].Number}
	if list.Absences[at].From.After(list.Now) {
		back.At = list.Absences[at].From
	}
	if _, err := c.s.service.Do(c.r.Context(), c.order(string(unit), back)); err != nil {
		return err
	}
	http.Redirect(c.w, c.r, "/work/posts?done=back", http.StatusSeeOther)
	return nil
}

// limitCaseload says how many patients a post can answer for.
func limitCaseload(c *call) error {
	post := parsePost(c.r.PostFormValue("post"))
	most, err := strconv.Atoi(strings.TrimSpace(c.r.PostFormValue("most")))
	if err != nil {
		most = -1
	}
	_, err = c.s.service.Do(c.r.Context(), c.order(casework.ListOfUnit(post.Unit), worklist.LimitCaseload{Role: post.Role, Most: most}))
	if r, refused := care.AsRefusal(err); refused && r.Kind == care.RefusedByRule {
		p, err := c.staffPage("")
		if err != nil {
			return err
		}
		return c.posts(http.StatusUnprocessableEntity, nil, []fault{{limitID(post.String()), p.refusal(r)}})
	}
	if err != nil {
		return err
	}
	http.Redirect(c.w, c.r, "/work/posts?done=limit", http.StatusSeeOther)
	return nil
}

// limitID is the field of a post's limit.
func limitID(post string) string { return "most-" + strings.ReplaceAll(post, "/", "-") }

// A faultsPage is what cannot be right, each with its way out, and whether every
// open journey has a responsible post.
type faultsPage struct {
	standing string
	held     bool
	unheld   table
	faults   table
}

// showFaults lists what cannot be right, each with what mends it.
func showFaults(c *call) error {
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.DataFaults{})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("staff.view.faults")
	steps, err := c.steps()
	if err != nil {
		return err
	}
	x := faultsPage{held: len(list.Unheld) == 0, standing: p.T("work.faults.held", "n", list.Open)}
	if !x.held {
		x.standing = p.T("work.faults.unheld", "n", len(list.Unheld), "of", list.Open)
	}
	if list.More {
		x.standing += " " + p.T("work.faults.more")
	}
	x.unheld = table{id: "unheld", cards: true, caption: p.T("work.faults.unheld-list"), columns: []column{{name: p.T("staff.column.patient")}, {name: p.T("staff.column.do")}}}
	for _, r := range list.Unheld {
		name := orElse(r.Identity.Name, p.T("staff.nobody-named"))
		x.unheld.rows = append(x.unheld.rows, []cell{
			{text: name, href: "/journeys/" + r.Journey, sub: hiddenWords(p, r.Identity, "")},
			{body: doLink(p.T("staff.do.offer-responsibility"), name, actionAddress(r.Journey, "offer-responsibility", ""))},
		})
	}
	x.faults = table{
		id: "faults-list", cards: true, caption: p.T("work.faults.list", "n", len(list.Faults)), empty: p.T("work.faults.none"),
		columns: []column{{name: p.T("work.faults.who")}, {name: p.T("work.faults.what")}, {name: p.T("work.faults.mend")}},
	}
	shown := casework.WorkPage{}
	for _, f := range list.Faults {
		name := orElse(f.Row.Identity.Name, p.T("staff.nobody-named"))
		who := cell{text: name, href: "/journeys/" + f.Row.Journey, sub: hiddenWords(p, f.Row.Identity, "")}
		what, mend := p.T("work.faults.kind."+string(f.Kind)), doLink(p.T("staff.open-journey"), name, "/journeys/"+f.Row.Journey)
		row := workRow{c: c, p: p, row: f.Row, steps: steps, list: shown, back: "/work"}
		switch f.Kind {
		case casework.PastPlan:
			what = p.T("work.faults.past", "what", row.what(), "date", p.lang.ShortDate(c.calendar().LastDay(f.Row.Item.Due)))
			mend = doLink(p.T("work.faults.say-how"), row.what()+", "+name, row.place())
		case casework.Unread:
			mend = doLink(p.T("staff.do.settle"), name, actionAddress(f.Row.Journey, "settle", f.Row.Item.Key))
		case casework.NobodyHolds:
			post := postName(p, list.Post(f.Post))
			who = cell{text: post}
			what = p.T("work.faults.nobody", "n", f.Count)
			mend = doLink(p.T("work.faults.name-somebody"), post, workAddress{view: viewNamed("unassigned"), order: casework.ByBreach}.query(0))
		case casework.TwoJourneys:
			mend = doLink(p.T("work.faults.see-other"), name, "/journeys/"+f.Other)
		case casework.TwoRecords:
			mend = doLink(p.T("work.faults.merge"), name, "/journeys/"+f.Row.Journey+"/merge")
		}
		if f.Kind == casework.Unread && parseThing(f.Row.Item.Key).kind != "decision" {
			mend = doLink(p.T("staff.open-journey"), name, row.place())
		}
		x.faults.rows = append(x.faults.rows, []cell{who, {text: what}, {body: mend}})
	}
	return write(c.w, c.r, http.StatusOK, faultsBody(p, x))
}
