package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/worklist"
	"forlop/casework"
	"forlop/pathway"
)

// A workView is one of the views of the worklist that are always there.
type workView struct {
	name string
	// always stands among the links at the head; the others are chosen from a list.
	always bool
	narrow func(q *casework.WorkQuery, now time.Time, steps stepIndex)
}

// workViews are the views that are always there, in the order in which they are
// offered. What is put aside, and the faults of data, have a date and a way out.
var workViews = []workView{
	{"all", false, inGroups(func(*casework.WorkQuery, time.Time, stepIndex) {})},
	{"mine", true, whose(casework.Mine)},
	{"team", true, whose(casework.Team)},
	{"unassigned", true, whose(casework.Nobodys)},
	{"late", true, inGroups(func(q *casework.WorkQuery, now time.Time, _ stepIndex) { q.DueBefore = now })},
	{"week", true, func(q *casework.WorkQuery, now time.Time, _ stepIndex) {
		q.DueAfter, q.DueBefore = now, now.AddDate(0, 0, 7)
	}},
	{"none", true, ofRef("no-next-step")},
	{"waiting", true, ofKind(care.WaitItem, care.QuestionItem)},
	{"asleep", true, func(q *casework.WorkQuery, _ time.Time, _ stepIndex) { q.Asleep = true }},
	{faultsView, true, func(*casework.WorkQuery, time.Time, stepIndex) {}},
	{"unread", false, ofRef("words-to-read")},
	{"rest", false, func(q *casework.WorkQuery, now time.Time, _ stepIndex) { q.DueAfter = now.AddDate(0, 0, 7) }},
	{"referrals", false, func(q *casework.WorkQuery, _ time.Time, steps stepIndex) {
		q.Kinds, q.Refs = []care.ItemKind{care.StepItem}, steps.of(pathway.Answer)
	}},
	{"offers", false, ofKind(care.OfferItem)},
	{"tell", false, ofKind(care.TellItem)},
	{"decisions", false, ofKind(care.DecisionItem)},
	{"waits", false, ofKind(care.WaitItem)},
	{"questions", false, ofKind(care.QuestionItem)},
	{"contacts", false, ofKind(care.ContactItem)},
	{"interventions", false, ofKind(care.InterventionItem)},
	{"reviews", false, ofKind(care.ReviewItem)},
	{"escalated", false, ofKind(care.EscalationItem)},
}

// faultsView is a page of its own: each fault has its own way out.
const faultsView = "faults"

func ofKind(k ...care.ItemKind) func(*casework.WorkQuery, time.Time, stepIndex) {
	return func(q *casework.WorkQuery, _ time.Time, _ stepIndex) { q.Kinds = k }
}

func ofRef(ref string) func(*casework.WorkQuery, time.Time, stepIndex) {
	return func(q *casework.WorkQuery, _ time.Time, _ stepIndex) { q.Refs = []string{ref} }
}

func whose(w casework.Whose) func(*casework.WorkQuery, time.Time, stepIndex) {
	return inGroups(func(q *casework.WorkQuery, _ time.Time, _ stepIndex) { q.Whose = w })
}

// inGroups lets a cause with many patients stand as one row.
func inGroups(narrow func(*casework.WorkQuery, time.Time, stepIndex)) func(*casework.WorkQuery, time.Time, stepIndex) {
	return func(q *casework.WorkQuery, now time.Time, steps stepIndex) {
		q.Grouped = true
		narrow(q, now, steps)
	}
}

// viewNamed finds a view; the first where there is none of the name.
func viewNamed(name string) workView {
	i := slices.IndexFunc(workViews, func(v workView) bool { return v.name == name })
	return workViews[max(i, 0)]
}

// A workAddress is what the address of a worklist chooses.
type workAddress struct {
	view  workView
	post  string
	path  string // the pathway
	cause string // of one late cause: its post, kind and ref
	order casework.WorkOrder
	page  int
	// saved is the kept view that the address came from.
	saved string
}

func workAddressOf(q url.Values) workAddress {
	a := workAddress{
		view: viewNamed(q.Get("view")), post: q.Get("post"), path: q.Get("pathway"), cause: q.Get("cause"), order: casework.ByBreach, saved: q.Get("saved"),
	}
	if o := casework.WorkOrder(q.Get("sort")); slices.Contains(workOrders, o) {
		a.order = o
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 && n < 1_000_000 {
		a.page = n - 1
	}
	return a
}

// workOrders are the orders of a worklist, the usual one first.
var workOrders = []casework.WorkOrder{casework.ByBreach, casework.ByDue, casework.ByLatest, casework.BySince}

// chosen is what the address chooses, without its page and where it came from.
func (a workAddress) chosen() url.Values {
	q := url.Values{}
	set := func(name, value, plain string) {
		if value != plain {
			q.Set(name, value)
		}
	}
	set("view", a.view.name, workViews[0].name)
	set("post", a.post, "")
	set("pathway", a.path, "")
	set("cause", a.cause, "")
	set("sort", string(a.order), string(casework.ByBreach))
	return q
}

// query is the address again, with a page counted from 0.
func (a workAddress) query(page int) string {
	q := a.chosen()
	if page > 0 {
		q.Set("page", strconv.Itoa(page+1))
	}
	if a.saved != "" {
		q.Set("saved", a.saved)
	}
	return workPath(q)
}

func workPath(q url.Values) string {
	if len(q) == 0 {
		return "/work"
	}
	return "/work?" + q.Encode()
}

// to is the address of another view of everything.
func (a workAddress) to(view string) string {
	if view == faultsView {
		return "/work/faults"
	}
	return workAddress{view: viewNamed(view), order: a.order}.query(0)
}

// causeKey is a cause in an address, and causeOf reads it; nil where there is none.
func causeKey(c casework.Cause) string { return c.Post.String() + "|" + string(c.Kind) + "|" + c.Ref }

func causeOf(key string) *casework.Cause {
	parts := strings.Split(key, "|")
	if len(parts) != 3 {
		return nil
	}
	return &casework.Cause{Post: parsePost(parts[0]), Kind: care.ItemKind(parts[1]), Ref: parts[2]}
}

// savedKey names a kept view in an address.
func savedKey(v casework.SavedView) string {
	if v.Unit == "" {
		return "own." + strconv.Itoa(v.Number)
	}
	return string(v.Unit) + "." + strconv.Itoa(v.Number)
}

// savedHref leads to a kept view.
func savedHref(v casework.SavedView) string {
	q, err := url.ParseQuery(v.Address)
	if err != nil {
		return "/work"
	}
	q.Set("saved", savedKey(v))
	return workPath(q)
}

// A keptViews is what a list offers of views that were kept.
type keptViews struct {
	links []link
	// at is the kept view the reader came by, and changed says that they chose
	// something else since.
	at      *casework.SavedView
	changed bool
	address string // what would be kept now
	back    string
	shared  string // the unit it can be shared with
}

func (a workAddress) kept(p page, list casework.WorkPage, post care.Post) keptViews {
	k := keptViews{address: a.chosen().Encode(), back: a.query(0), shared: unitOf(list.Directory(), post).Name}
	for _, v := range list.Views {
		l := link{text: v.Called, href: savedHref(v)}
		if v.Unit != "" {
			l.text = p.T("work.views.shared-as", "name", v.Called, "unit", unitOf(list.Directory(), care.Post{Unit: v.Unit}).Name)
		}
		if savedKey(v) == a.saved {
			l.current = true
			k.at, k.changed = &v, v.Address != k.address
			if k.changed {
				l.text = p.T("work.views.changed", "name", l.text)
			}
		}
		k.links = append(k.links, l)
	}
	return k
}

// saveView keeps what the list chooses, under a name: for the reader or for their
// unit, as a new view or as the one they came by.
func saveView(c *call) error {
	target := casework.ListOfProfessional(c.who.Actor.ID)
	if unit := c.r.PostFormValue("unit"); unit != "" {
		target = casework.ListOfUnit(care.UnitID(unit))
	} else if c.r.PostFormValue("for") == "unit" {
		target = casework.ListOfUnit(c.who.Post.Unit)
	}
	v := worklist.SaveView{Called: c.r.PostFormValue("called"), Address: workAddressOf(parsed(c.r.PostFormValue("address"))).chosen().Encode()}
	if n, err := strconv.Atoi(c.r.PostFormValue("view")); err == nil {
		v.View = n
	}
	_, err := c.s.service.Do(c.r.Context(), c.order(target, v))
	if r, refused := care.AsRefusal(err); refused && r.Kind == care.RefusedByRule {
		return showWorkWith(c, workAddressOf(parsed(c.r.PostFormValue("address"))), http.StatusUnprocessableEntity, r)
	}
	if err != nil {
		return err
	}
	return c.backToList("view")
}

// dropView takes a kept view away.
func dropView(c *call) error {
	target := casework.ListOfProfessional(c.who.Actor.ID)
	if unit := c.r.PostFormValue("unit"); unit != "" {
		target = casework.ListOfUnit(care.UnitID(unit))
	}
	n, err := strconv.Atoi(c.r.PostFormValue("view"))
	if err != nil {
		return care.Missing("view-unknown", "There is no such view any more.")
	}
	if _, err := c.s.service.Do(c.r.Context(), c.order(target, worklist.DropView{View: n})); err != nil {
		return err
	}
	return c.backToList("no-view")
}

func parsed(query string) url.Values {
	q, err := url.ParseQuery(query)
	if err != nil {
		return url.Values{}
	}
	return q
}

// backToList leads back to the list a form was sent from, with what was done.
func (c *call) backToList(done string) error {
	back := listAddress(c.r.PostFormValue("to-page"))
	if back == "" {
		back = "/work"
	}
	http.Redirect(c.w, c.r, doneAddress(nextOn(back, c.r.PostForm), done, "", 0), http.StatusSeeOther)
	return nil
}

// nextOn is a list's address with the row that comes next open, where the form
// asked to go on; otherwise without it.
func nextOn(back string, form url.Values) string {
	if form.Get("then") == "next" && strings.Contains(back, "after=") {
		return back + "#open"
	}
	return withoutNext(back)
}

// withoutNext is a list's address as it was before a row was opened.
func withoutNext(back string) string {
	path, query, _ := strings.Cut(back, "?")
	if path != "/work" {
		return back
	}
	q := parsed(query)
	q.Del("after")
	q.Del("was")
	return workPath(q)
}
