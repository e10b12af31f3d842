package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/pathway"
)

// A workView is one of the standard views of the worklist.
type workView struct {
	name   string
	narrow func(q *casework.WorkQuery, now time.Time, steps stepIndex)
}

// workViews are the standard views, in the order in which they are offered.
var workViews = []workView{
	{"all", func(*casework.WorkQuery, time.Time, stepIndex) {}},
	{"late", func(q *casework.WorkQuery, now time.Time, _ stepIndex) { q.DueBefore = now }},
	{"week", func(q *casework.WorkQuery, now time.Time, _ stepIndex) {
		q.DueAfter, q.DueBefore = now, now.AddDate(0, 0, 7)
	}},
	{"rest", func(q *casework.WorkQuery, now time.Time, _ stepIndex) { q.DueAfter = now.AddDate(0, 0, 7) }},
	{"referrals", func(q *casework.WorkQuery, _ time.Time, steps stepIndex) {
		q.Kinds, q.Refs = []care.ItemKind{care.StepItem}, steps.of(pathway.Answer)
	}},
	{"offers", ofKind(care.OfferItem)},
	{"tell", ofKind(care.TellItem)},
	{"decisions", ofKind(care.DecisionItem)},
	{"waits", ofKind(care.WaitItem)},
	{"questions", ofKind(care.QuestionItem)},
	{"contacts", ofKind(care.ContactItem)},
	{"interventions", ofKind(care.InterventionItem)},
	{"reviews", ofKind(care.ReviewItem)},
	{"escalated", ofKind(care.EscalationItem)},
}

func ofKind(k care.ItemKind) func(*casework.WorkQuery, time.Time, stepIndex) {
	return func(q *casework.WorkQuery, _ time.Time, _ stepIndex) { q.Kinds = []care.ItemKind{k} }
}

// stepIndex finds steps in what is published.
type stepIndex struct {
	defs []*pathway.Definition
}

func (c *call) steps() (stepIndex, error) {
	defs, err := c.s.service.Pathways(c.r.Context())
	return stepIndex{defs}, err
}

// of lists the ids of the steps of a kind.
func (x stepIndex) of(kind pathway.StepKind) []string {
	var ids []string
	for _, def := range x.defs {
		for _, st := range def.Steps {
			if st.Kind == kind {
				ids = append(ids, string(st.ID))
			}
		}
	}
	return ids
}

// newest is the newest version of a pathway that is published; nil for one that
// is not.
func (x stepIndex) newest(id string) *pathway.Definition {
	var found *pathway.Definition
	for _, def := range x.defs {
		if def.ID == id {
			found = def
		}
	}
	return found
}

// find is a step of a pathway, in any of its versions.
func (x stepIndex) find(id, step string) (*pathway.Definition, *pathway.Step) {
	for _, def := range slices.Backward(x.defs) {
		for i := range def.Steps {
			if def.ID == id && string(def.Steps[i].ID) == step {
				return def, &def.Steps[i]
			}
		}
	}
	return nil, nil
}

const workPageSize = 50

// A workAddress is what the address of a worklist chooses.
type workAddress struct {
	view  workView
	post  string
	path  string // the pathway
	order casework.WorkOrder
	page  int
}

func workAddressOf(q url.Values) workAddress {
	a := workAddress{view: workViews[0], post: q.Get("post"), path: q.Get("pathway"), order: casework.ByDue}
	for _, v := range workViews {
		if v.name == q.Get("view") {
			a.view = v
		}
	}
	if o := casework.WorkOrder(q.Get("sort")); o == casework.ByLatest || o == casework.BySince {
		a.order = o
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 && n < 1_000_000 {
		a.page = n - 1
	}
	return a
}

// query is the address again, with a page counted from 0.
func (a workAddress) query(page int) string {
	q := url.Values{}
	set := func(name, value, plain string) {
		if value != plain {
			q.Set(name, value)
		}
	}
	set("view", a.view.name, workViews[0].name)
	set("post", a.post, "")
	set("pathway", a.path, "")
	set("sort", string(a.order), string(casework.ByDue))
	if page > 0 {
		q.Set("page", strconv.Itoa(page+1))
	}
	if len(q) == 0 {
		return "/work"
	}
	return "/work?" + q.Encode()
}

func (a workAddress) to(view string) string {
	for _, v := range workViews {
		if v.name == view {
			a.view = v
		}
	}
	return a.query(0)
}

// showWork is the worklist of everything that the reader answers for.
func showWork(c *call) error {
	a := workAddressOf(c.r.URL.Query())
	steps, err := c.steps()
	if err != nil {
		return err
	}
	now := c.s.service.Now()
	q := casework.WorkQuery{Pathway: a.path, Order: a.order, Page: a.page, Size: workPageSize}
	if a.post != "" {
		q.Post = parsePost(a.post)
	}
	a.view.narrow(&q, now, steps)
	list, err := casework.View(c.r.Context(), c.s.service, c.who, q)
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("staff.nav.work")
	if p.told, err = c.doneElsewhere(); err != nil {
		return err
	}
	w := workPage{
		from: a,
		counts: []count{
			{list.Late, p.T("staff.view.late"), a.to("late"), a.view.name == "late"},
			{list.Week, p.T("staff.view.week"), a.to("week"), a.view.name == "week"},
			{list.All - list.Late - list.Week, p.T("staff.view.rest"), a.to("rest"), a.view.name == "rest"},
		},
		filter:    workFilter(p, a, list, steps),
		table:     c.workTable(p, a, list, steps),
		switching: c.postSwitch(p, list),
		pages: pages{
			from: min(a.page*workPageSize+1, list.Total), to: a.page*workPageSize + len(list.Rows), total: list.Total,
		},
	}
	if a.page > 0 {
		w.pages.previous = a.query(a.page - 1)
	}
	if w.pages.to < list.Total {
		w.pages.next = a.query(a.page + 1)
	}
	return write(c.w, c.r, http.StatusOK, workBody(p, w))
}

// A workPage is the worklist as it is drawn.
type workPage struct {
	from      workAddress
	counts    []count
	filter    filter
	table     table
	pages     pages
	switching *choiceField
}

// workFilter offers the standard views, the reader's posts, the pathways and
// the orders.
func workFilter(p page, a workAddress, list casework.WorkPage, steps stepIndex) filter {
	views := choiceField{name: "view", legend: p.T("staff.view.title")}
	for _, v := range workViews {
		views.choices = append(views.choices, choice{value: v.name, label: p.T("staff.view." + v.name), chosen: v.name == a.view.name})
	}
	posts := choiceField{name: "post", legend: p.T("staff.column.post"), choices: []choice{{label: p.T("staff.view.every-post")}}}
	for _, post := range list.Posts {
		posts.choices = append(posts.choices, choice{
			value: post.String(), label: postName(p, casework.PostView{Post: post, Unit: unitOf(list.Directory(), post)}), chosen: post.String() == a.post,
		})
	}
	ways := choiceField{name: "pathway", legend: p.T("staff.field.pathway"), choices: []choice{{label: p.T("staff.view.every-pathway")}}}
	seen := map[string]bool{}
	for _, def := range slices.Backward(steps.defs) {
		if !seen[def.ID] {
			seen[def.ID] = true
			ways.choices = append(ways.choices, choice{value: def.ID, label: textOf(p, def).Title, chosen: def.ID == a.path})
		}
	}
	sorts := choiceField{name: "sort", legend: p.T("staff.sort.title")}
	for _, o := range []casework.WorkOrder{casework.ByDue, casework.ByLatest, casework.BySince} {
		sorts.choices = append(sorts.choices, choice{value: string(o), label: p.T("staff.sort." + string(o)), chosen: o == a.order})
	}
	return filter{action: "/work", selects: []choiceField{views, posts, ways, sorts}, reset: "/work"}
}

func unitOf(dir *directory.Directory, post care.Post) directory.Contact {
	u, _ := dir.Unit(post.Unit)
	return u.Contact
}

// postSwitch offers another post to act from; nil where there is only one.
func (c *call) postSwitch(p page, list casework.WorkPage) *choiceField {
	if len(list.Posts) < 2 {
		return nil
	}
	f := &choiceField{name: "act-from", legend: p.T("staff.act-from"), hint: p.T("staff.hint.act-from")}
	for _, post := range list.Posts {
		f.choices = append(f.choices, choice{
			value: post.String(), label: postName(p, casework.PostView{Post: post, Unit: unitOf(list.Directory(), post)}), chosen: post == c.who.Post,
		})
	}
	return f
}

// choosePost keeps the post that the reader acts from on this device.
func choosePost(c *call) error {
	post := parsePost(c.r.PostFormValue("act-from"))
	held := false
	for _, cover := range c.s.service.Directory().Covers(c.who.Actor.ID, c.s.service.Now()) {
		held = held || cover.Own && cover.Unit == post.Unit && cover.Role == post.Role
	}
	if !held {
		return care.Deny("not-your-post", "You do not hold the post {post} today.", "post", post.String())
	}
	http.SetCookie(c.w, &http.Cookie{Name: "post", Value: post.String(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: overTLS(c.r)})
	// The chosen post comes back to the page that it was chosen on.
	to := "/work"
	if asked := localPath(c.r.PostFormValue("to")); asked != "/" {
		to = asked
	}
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
	return nil
}
