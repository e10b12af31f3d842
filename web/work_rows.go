package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"

	"github.com/a-h/templ"
)

// workTable is the rows of a worklist: whose, what, whose post, by when, since
// when, and what can be done at once.
func (c *call) workTable(p page, a workAddress, list casework.WorkPage, steps stepIndex, open int) (table, error) {
	t := table{
		id: "work", caption: p.T("staff.view." + a.view.name), path: "/work", cards: true, empty: p.T("staff.view.empty"),
		columns: []column{
			{name: p.T("staff.column.patient")}, {name: p.T("staff.column.what")}, {name: p.T("staff.column.due")},
			{name: p.T("staff.column.post")}, {name: p.T("staff.column.since")}, {name: p.T("staff.column.do")},
		},
	}
	back := a.query(a.page)
	if c.r.URL.Path == referralsPath {
		back = referralsPath
	}
	for at, row := range list.Rows {
		r := workRow{c: c, p: p, row: row, steps: steps, list: list, back: back, at: at}
		t.rows = append(t.rows, r.cells())
		if at == open {
			under, err := r.open(p.told)
			if err != nil {
				return t, err
			}
			t.under = map[int]templ.Component{at: under}
		}
	}
	return t, nil
}

// A workRow is one line of the worklist being drawn.
type workRow struct {
	c     *call
	p     page
	row   casework.WorkRow
	steps stepIndex
	list  casework.WorkPage
	back  string
	at    int
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
	who := cell{text: r.name(), href: r.place(), sub: hiddenWords(r.p, r.row.Identity, born)}
	if r.inBulk() {
		who = cell{body: pickCell(who, rowID(r.row), r.p.T("work.bulk.pick", "who", r.name()+", "+what)), sub: who.sub}
	}
	return []cell{
		who,
		{text: what, sub: way},
		dueCell(r.p, cal, i, r.row.Until, r.p.today),
		{text: postName(r.p, r.list.Post(i.Post)), sub: r.p.lang.List(r.list.Post(i.Post).Holders)},
		{text: r.p.lang.ShortDate(since), sub: r.p.lang.Until(r.p.today, since), whole: true},
		{body: r.both(what)},
	}
}

func (r workRow) name() string {
	if n := r.row.Identity.Name; n != "" {
		return n
	}
	return r.p.T("staff.nobody-named")
}

// dueCell says by when, with days left or over in words. What it is stands beside
// it in the row.
func dueCell(p page, cal *care.Calendar, i care.Item, until time.Time, today care.Date) cell {
	due := cal.LastDay(i.Due)
	if !until.IsZero() {
		day := cal.Date(until)
		return cell{text: p.lang.ShortDate(due), sub: p.T("work.sleep.wakes", "date", p.lang.ShortDate(day))}
	}
	if days := due.DaysUntil(today); days > 0 {
		return cell{
			body: lateDue(p, p.lang.ShortDate(due), p.T("staff.late-by", "length", p.lang.length(days))),
		}
	}
	return cell{text: p.lang.ShortDate(due), sub: p.lang.UntilWeek(today, due)}
}

// what says what is to be done, in the words of its kind.
func (r workRow) what() string {
	i := r.row.Item
	kind := r.base(i.Key)
	what := itemWords(r.p, kind, i.Ref, r.stepTitle(i.Ref))
	if kind == "intervention" {
		what = r.measure(what)
	}
	if who := r.party(); who != "" {
		switch kind {
		case "telling":
			what = r.p.T("staff.item.telling.to", "who", who, "what", lowerFirst(what))
		case "consult":
			if i.Ref == "consult" {
				what = r.p.T("staff.item.consult.to", "who", who)
			}
		case "contribution":
			what = r.p.T("staff.item.contribution.of", "who", who)
		case "question":
			what = r.p.T("staff.item.question.to", "who", who)
		case "wait":
			what += ": " + who
		case "step":
			what = r.p.T("staff.item.step.offered", "what", what, "who", who, "date", r.p.lang.ShortDate(r.c.calendar().LastDay(r.row.Answer)))
		}
	}
	if i.Kind == care.EscalationItem {
		return r.p.T("staff.climbed", "what", lowerFirst(what))
	}
	return what
}

// measure says which of the person's interventions a row is about: its number and
// the day it was taken on. What was agreed is sealed, and stands on the journey's
// page. A row that climbed knows the day it climbed alone.
func (r workRow) measure(what string) string {
	i := r.row.Item
	n := parseThing(i.Key).n
	if i.Kind == care.EscalationItem {
		return what + " " + strconv.Itoa(n)
	}
	return r.p.T("staff.item.intervention.which", "number", strconv.Itoa(n), "date", r.p.lang.ShortDate(r.c.calendar().Date(i.Since)))
}

// place is where the item stands on its journey's page.
func (r workRow) place() string {
	at := anchor(r.row.Item.Key)
	switch r.row.Stream {
	case "campaign":
		return "/journeys/" + r.row.Journey
	case "oversight":
		_, n, _ := strings.Cut(strings.TrimSuffix(r.row.Item.Key, "!"), "/")
		return adminLogPath + "/" + url.PathEscape(r.row.Journey) + "/" + n
	case "person":
		at = "person-" + at
	case "form":
		return "/journeys/" + r.row.Journey + "/forms/" + r.row.Form
	case "thread":
		return "/journeys/" + r.row.Journey + "/messages/" + r.row.Thread
	case "notice", "schedule":
		return callsPath
	case "booking":
		at = "booking-" + anchor(bookingThing(r.row.Item.Key).key())
	case "consent":
		if n, opening := strings.CutPrefix(strings.TrimSuffix(r.row.Item.Key, "!"), "review/"); opening && r.row.Item.Ref == "opening" {
			return "/admin/openings/" + string(r.row.Person) + "/" + n
		}
		if r.row.Item.Ref == "erasure" {
			return erasureAddress(r.row.Person)
		}
		return "/journeys/" + r.row.Journey + "/access"
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
	switch r.row.Stream {
	case "person", "form", "booking", "consent", "thread", "schedule":
		return r.row.Stream
	}
	return parseThing(key).kind
}

func (r workRow) stepTitle(ref string) string {
	if def, _ := r.steps.find(r.row.Pathway, ref); def != nil {
		return textOf(r.p, def).Steps[pathway.StepID(ref)].Title
	}
	return r.steps.title(r.p, ref)
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
	if r.row.Stream == "person" {
		if name, item := r.ofPerson(); name != "" {
			return doLink(r.p.T("staff.do."+name), about, withBack(actionAddress(r.row.Journey, name, item), r.nextFrom()))
		}
	}
	if r.row.Stream != "journey" {
		return doLink(r.p.T("staff.open-journey"), about, r.place())
	}
	name, atOnce := r.proposal()
	if name == "offer" && r.row.Offered > 0 {
		return doLink(r.p.T("work.offered"), about, "/journeys/"+r.row.Journey+"#offer-"+strconv.Itoa(r.row.Offered))
	}
	if name == "" || name == "plan" && planned(i) || name == "call-meeting" && planned(i) {
		return doLink(r.p.T("staff.open-journey"), about, r.place())
	}
	if !atOnce {
		return doLink(r.p.T("staff.do."+name), about, withBack(actionAddress(r.row.Journey, name, parseThing(i.Key).key()), r.nextFrom()))
	}
	b := press{
		action: "/journeys/" + r.row.Journey + "/do/" + name, label: r.p.T("staff.do." + name), about: about,
		hidden: []pair{{"item", i.Key}, {"key", formKey()}, {"seen", strconv.Itoa(i.Version)}, {"as", r.as()}, {"to-page", r.nextFrom()}, {"then", "next"}},
	}
	if name == "end-intervention" {
		b.hidden = append(b.hidden, pair{"outcome", "done"})
	}
	return pressButton(b)
}

// both is what can be done at once, and the way to the rest without leaving the
// list.
func (r workRow) both(what string) templ.Component {
	if !strings.HasPrefix(r.back, "/work") || r.row.Stream == "campaign" {
		return r.todo(what)
	}
	return rowDoing(r.todo(what), doLink(r.p.T("work.open-row"), what+", "+r.name(), r.openHref("")))
}

// inBulk reports whether the row can be chosen among many.
func (r workRow) inBulk() bool {
	return r.row.Stream == "journey" && r.row.Item.Kind != care.EscalationItem && strings.HasPrefix(r.back, "/work")
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
		if strings.HasPrefix(i.Key, "copy/") {
			return "", false // read on its own page first
		}
		return "tell", false
	case care.QuestionItem:
		switch kind, _, _ := strings.Cut(i.Key, "/"); kind {
		case "consult":
			return "give-advice", false
		case "contribution":
			return "contribute", false
		}
		return "answer-question", false
	case care.ContactItem:
		return "contact", false
	case care.InterventionItem:
		return "end-intervention", true
	case care.DecisionItem:
		if strings.HasPrefix(i.Key, "meeting/") {
			return "answer-decisions", false
		}
		if strings.HasPrefix(i.Key, "joint/") {
			return "answer-summary", false
		}
		return "settle", false
	case care.ReviewItem:
		switch i.Ref {
		case "consult-use":
			return "use-advice", false
		case "consult-outcome":
			return "close-advice", false
		case "joint-summary":
			return "summarise", false
		}
	case care.FaultItem:
		if strings.HasPrefix(i.Key, "interpreter/") {
			return "interpreter-booked", true
		}
	case care.EscalationItem:
		return r.climbed(), false
	}
	return "", false
}

// climbed is the action that comes next for what climbed to somebody: on its
// form, because they see the thing for the first time. The lead of a unit reads
// the journey, and asks those who can act.
func (r workRow) climbed() string {
	if r.row.Item.Post.Role == care.Lead {
		return ""
	}
	switch parseThing(r.row.Item.Key).kind {
	case "step":
		_, def := r.steps.find(r.row.Pathway, r.row.Item.Ref)
		if def == nil || def.Kind == pathway.Choosing {
			return ""
		}
		name, _ := stepProposal(def.Kind)
		return name
	case "intervention":
		return "report"
	case "contact":
		return "contact"
	case "telling":
		return "tell"
	}
	return ""
}

// ofPerson is the form that comes next for what is known of the person, with the
// item it is about; empty where the journey's page has more than one way on.
func (r workRow) ofPerson() (name, item string) {
	switch i := r.row.Item; i.Ref {
	case "sick-note-ends", "prescriptions-ends":
		return "set-carrier", ""
	case "pause":
		return "review-pause", i.Key
	case "energy":
		return "set-energy", ""
	}
	return "", ""
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
func withBack(address, back string) string {
	join := "?"
	if strings.Contains(address, join) {
		join = "&"
	}
	return address + join + "back=" + url.QueryEscape(back)
}

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
