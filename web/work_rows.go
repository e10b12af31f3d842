package web

import (
	"net/url"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"

	"github.com/a-h/templ"
)

// workTable is the rows of a worklist: whose, what, whose post, by when, since
// when, and what can be done at once.
func (c *call) workTable(p page, a workAddress, list casework.WorkPage, steps stepIndex) table {
	t := table{
		id: "work", caption: p.T("staff.view." + a.view.name), path: "/work", empty: p.T("staff.view.empty"),
		columns: []column{
			{name: p.T("staff.column.patient")}, {name: p.T("staff.column.what")}, {name: p.T("staff.column.due")},
			{name: p.T("staff.column.post")}, {name: p.T("staff.column.since")}, {name: p.T("staff.column.do")},
		},
	}
	back := a.query(a.page)
	if c.r.URL.Path == referralsPath {
		back = referralsPath
	}
	for _, row := range list.Rows {
		r := workRow{c: c, p: p, row: row, steps: steps, list: list, back: back}
		t.rows = append(t.rows, r.cells())
	}
	return t
}

// A workRow is one line of the worklist being drawn.
type workRow struct {
	c     *call
	p     page
	row   casework.WorkRow
	steps stepIndex
	list  casework.WorkPage
	back  string
}

func (r workRow) cells() []cell {
	i := r.row.Item
	born := ""
	if !r.row.Identity.Born.IsZero() {
		born = r.p.T("staff.born", "date", r.p.lang.ShortDate(r.row.Identity.Born))
	}
	cal := r.c.calendar()
	since := cal.Date(i.Since)
	way := ""
	if def := r.steps.newest(r.row.Pathway); def != nil {
		way = textOf(r.p, def).Title
	}
	what := r.what()
	return []cell{
		{text: r.name(), href: r.place(), sub: born},
		{text: what, sub: way},
		dueCell(r.p, cal, i, what, r.p.today),
		{text: postName(r.p, r.list.Post(i.Post)), sub: r.p.lang.List(r.list.Post(i.Post).Holders)},
		{text: r.p.lang.ShortDate(since), sub: r.p.lang.Until(r.p.today, since), whole: true},
		{body: r.todo(what)},
	}
}

func (r workRow) name() string {
	if n := r.row.Identity.Name; n != "" {
		return n
	}
	return r.p.T("staff.nobody-named")
}

// dueCell says by when, with days left or over in words.
func dueCell(p page, cal *care.Calendar, i care.Item, what string, today care.Date) cell {
	due := cal.LastDay(i.Due)
	if days := due.DaysUntil(today); days > 0 {
		return cell{
			body: lateDue(p, p.lang.ShortDate(due), p.T("staff.overdue", "length", p.lang.length(days), "what", lowerFirst(what))),
		}
	}
	return cell{text: p.lang.ShortDate(due), sub: p.lang.UntilWeek(today, due)}
}

// what says what is to be done, in the words of its kind.
func (r workRow) what() string {
	i := r.row.Item
	kind := r.base(i.Key)
	what := itemWords(r.p, kind, i.Ref, r.stepTitle(i.Ref))
	if who := r.party(); who != "" {
		switch kind {
		case "telling":
			what = r.p.T("staff.item.telling.to", "who", who, "what", lowerFirst(what))
		case "question":
			what = r.p.T("staff.item.question.to", "who", who)
		case "wait":
			what += ": " + who
		}
	}
	if i.Kind == care.EscalationItem {
		return r.p.T("staff.climbed", "what", lowerFirst(what))
	}
	return what
}

// place is where the item stands on its journey's page.
func (r workRow) place() string {
	at := anchor(r.row.Item.Key)
	switch r.row.Stream {
	case "campaign":
		return "/journeys/" + r.row.Journey
	case "person":
		at = "person-" + at
	}
	return "/journeys/" + r.row.Journey + "#" + at
}

// party is who the item is for, inside a sentence.
func (r workRow) party() string {
	switch p := r.row.Party; p.Kind {
	case care.PartyPatient, care.PartyRelative:
		return lowerFirst(r.p.T("staff.party." + string(p.Kind)))
	case care.PartyUnit:
		return postName(r.p, r.list.Post(p.Post))
	case care.PartyOther:
		return p.Name
	}
	return ""
}

// base is the kind of thing behind an item's key.
func (r workRow) base(key string) string {
	if r.row.Stream == "person" {
		return "person"
	}
	return parseThing(key).kind
}

func (r workRow) stepTitle(ref string) string {
	if def, _ := r.steps.find(r.row.Pathway, ref); def != nil {
		return textOf(r.p, def).Steps[pathway.StepID(ref)].Title
	}
	for _, def := range r.steps.defs {
		if t := textOf(r.p, def).Steps[pathway.StepID(ref)].Title; t != "" {
			return t
		}
	}
	return ref
}

// itemWords says what an item asks for. Everything that can stand on a list has
// a text under staff.item.<kind>, by its ref where it has one.
func itemWords(p page, kind, ref, stepTitle string) string {
	if kind == "step" {
		return stepTitle
	}
	for _, key := range []string{"staff.item." + kind + "." + ref, "staff.item." + kind + ".any"} {
		if p.lang.has(key) {
			return p.T(key)
		}
	}
	return ref
}

// anchor is where an item stands on its journey's page.
func anchor(key string) string {
	key, _, _ = strings.Cut(key, "!")
	return strings.ReplaceAll(key, "/", "-")
}

// todo is what can be done from the list: at once where nothing more is to be
// said, and otherwise on the form that asks for it.
func (r workRow) todo(what string) templ.Component {
	i := r.row.Item
	about := what + ", " + r.name()
	if i.Kind == care.EscalationItem || r.row.Stream != "journey" {
		return doLink(r.p.T("staff.open-journey"), about, r.place())
	}
	name, atOnce := r.proposal()
	if name == "" || name == "plan" && planned(i) || name == "call-meeting" && planned(i) {
		return doLink(r.p.T("staff.open-journey"), about, r.place())
	}
	if !atOnce {
		return doLink(r.p.T("staff.do."+name), about, withBack(actionAddress(r.row.Journey, name, i.Key), r.back))
	}
	b := press{
		action: "/journeys/" + r.row.Journey + "/do/" + name, label: r.p.T("staff.do." + name), about: about,
		hidden: []pair{{"item", i.Key}, {"key", formKey()}, {"seen", strconv.Itoa(i.Version)}, {"as", r.as()}, {"to-page", r.back}},
	}
	if name == "end-intervention" {
		b.hidden = append(b.hidden, pair{"outcome", "done"})
	}
	return pressButton(b)
}

// as is the reader's own post that the item stands on, so that a receiver
// answers as the receiver; the one they act from where it is not theirs.
func (r workRow) as() string {
	for _, post := range r.list.Posts {
		if post == r.row.Item.Post {
			return post.String()
		}
	}
	for _, post := range r.list.Posts {
		if post.Unit == r.row.Item.Post.Unit {
			return post.String()
		}
	}
	return r.c.who.Post.String()
}

// proposal is the action that comes next for an item, and whether it needs no
// more to be said.
func (r workRow) proposal() (name string, atOnce bool) {
	i := r.row.Item
	switch i.Kind {
	case care.StepItem:
		_, def := r.steps.find(r.row.Pathway, i.Ref)
		if def == nil {
			return "", false
		}
		return stepProposal(def.Kind)
	case care.OfferItem:
		return "accept", parsePost(r.as()).Unit == i.Post.Unit
	case care.WaitItem:
		return "end-wait", true
	case care.TellItem:
		return "tell", false
	case care.QuestionItem:
		return "answer-question", false
	case care.ContactItem:
		return "contact", false
	case care.InterventionItem:
		return "end-intervention", true
	case care.DecisionItem:
		if strings.HasPrefix(i.Key, "meeting/") {
			return "answer-decisions", false
		}
		return "settle", false
	case care.ReviewItem, care.EscalationItem, care.FaultItem:
	}
	return "", false
}

// planned reports whether a step waits for something else than its latest date:
// a time that is set, or a time to be set anew. Its own page says which.
func planned(i care.Item) bool { return !i.Due.Equal(i.Latest) }

// stepProposal is the action that carries a step of a kind on.
func stepProposal(k pathway.StepKind) (name string, atOnce bool) {
	switch k {
	case pathway.Answer:
		return "answer", false
	case pathway.Task:
		return "complete", true
	case pathway.Form:
		return "complete", false
	case pathway.Visit:
		return "plan", false
	case pathway.Meeting:
		return "call-meeting", false
	case pathway.HandOver:
		return "offer", false
	case pathway.Choosing:
		return "lay-out", true
	}
	return "", false
}

// withBack makes a form lead back to the list it was opened from, at the same
// place.
func withBack(address, back string) string { return address + "&back=" + url.QueryEscape(back) }

// actionAddress is the form of an action on a thing.
func actionAddress(id, name, item string) string {
	switch name {
	case "answer":
		return "/journeys/" + id + "/answer?item=" + item
	case "open":
		return "/referrals/new"
	}
	at := "/journeys/" + id + "/do/" + name
	if item != "" {
		at += "?item=" + item
	}
	return at
}
