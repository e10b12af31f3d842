package web

import (
	"net/http"
	"slices"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/pathway"
)

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

// title is the title of a step, in whichever pathway has it.
func (x stepIndex) title(p page, ref string) string {
	for _, def := range slices.Backward(x.defs) {
		if t := textOf(p, def).Steps[pathway.StepID(ref)].Title; t != "" {
			return t
		}
	}
	return ref
}

const workPageSize = 50

// showWork is the worklist of everything that the reader answers for.
func showWork(c *call) error {
	a := workAddressOf(c.r.URL.Query())
	if a.view.name == faultsView {
		http.Redirect(c.w, c.r, "/work/faults", http.StatusSeeOther)
		return nil
	}
	return showWorkWith(c, a, http.StatusOK, nil)
}

// showWorkWith is the worklist, with what was wrong with a form that was sent
// from it.
func showWorkWith(c *call, a workAddress, status int, wrong *care.Refusal) error {
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
	if q.Cause = causeOf(a.cause); q.Cause != nil {
		q.Grouped = false
	}
	list, err := casework.View(c.r.Context(), c.s.service, c.who, q)
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("staff.nav.work")
	if wrong != nil {
		p.faults = []fault{{wrong.Field, p.refusal(wrong)}}
	}
	if p.told, err = c.doneOnList(p, a.query(a.page)); err != nil {
		return err
	}
	w := workPage{
		from: a,
		counts: []count{
			{list.Late, p.T("staff.view.late"), a.to("late"), a.view.name == "late"},
			{list.Week, p.T("staff.view.week"), a.to("week"), a.view.name == "week"},
			{list.Unplanned, p.T("staff.view.none"), a.to("none"), a.view.name == "none"},
			{list.Unread, p.T("staff.view.unread"), a.to("unread"), a.view.name == "unread"},
		},
		views:     a.views(p, list),
		kept:      a.kept(p, list, c.who.Post),
		filter:    workFilter(p, a, list, steps),
		switching: c.postSwitch(p, list),
		pages: pages{
			from: min(a.page*workPageSize+1, list.Total), to: a.page*workPageSize + len(list.Rows), total: list.Total,
		},
	}
	grouped := 0
	for _, g := range list.Groups {
		grouped += g.Items
	}
	w.pages.total -= grouped
	w.pages.from = min(w.pages.from, w.pages.total)
	w.causes = causeTable(p, list, steps)
	at, ended := openAt(c.r.URL.Query(), list.Rows)
	if ended {
		w.ended = p.T("work.last-row")
	}
	if w.table, err = c.workTable(p, a, list, steps, at); err != nil {
		return err
	}
	if at >= 0 {
		p.told = nil // it stands in the row that is open
	}
	w.bulk = c.bulkBar(p, a, list)
	if a.page > 0 {
		w.pages.previous = a.query(a.page - 1)
	}
	if w.pages.to < w.pages.total {
		w.pages.next = a.query(a.page + 1)
	}
	return write(c.w, c.r, status, workBody(p, w))
}

// A workPage is the worklist as it is drawn.
type workPage struct {
	from      workAddress
	counts    []count
	views     []link
	kept      keptViews
	filter    filter
	causes    table
	table     table
	ended     string
	bulk      *bulkBar
	pages     pages
	switching *choiceField
}

// views are the links to the views that are always there.
func (a workAddress) views(p page, list casework.WorkPage) []link {
	var out []link
	for _, v := range workViews {
		if !v.always {
			continue
		}
		l := link{text: p.T("staff.view." + v.name), href: a.to(v.name), current: v.name == a.view.name}
		if v.name == "asleep" && list.Asleep > 0 {
			l.text = p.T("work.sleep.count", "n", list.Asleep)
		}
		out = append(out, l)
	}
	return out
}

// causeTable is one row for each cause that is late for many patients.
func causeTable(p page, list casework.WorkPage, steps stepIndex) table {
	t := table{
		id: "causes", caption: p.T("work.causes.title"), cards: true,
		columns: []column{{name: p.T("staff.column.what")}, {name: p.T("staff.column.post")}, {name: p.T("work.causes.patients"), number: true}, {name: p.T("staff.column.do")}},
	}
	for _, g := range list.Groups {
		what := causeWords(p, g.Cause, steps)
		address := workAddress{view: viewNamed("late"), cause: causeKey(g.Cause), order: casework.ByBreach}
		t.rows = append(t.rows, []cell{
			{text: what, sub: p.T("work.causes.items", "n", g.Items)}, {text: postName(p, list.Post(g.Post)), sub: p.lang.List(list.Post(g.Post).Holders)},
			{text: p.lang.Number(g.Patients), number: true}, {body: doLink(p.T("work.causes.open"), what, address.query(0))},
		})
	}
	return t
}

// causeWords says what a cause asks for. A cause knows the kind of its items and
// not whose they are, so it is looked for among all that its ref can stand for.
func causeWords(p page, c casework.Cause, steps stepIndex) string {
	kinds := []string{string(c.Kind), "person", "consent", "booking", "form", "consult", "contribution", "joint", "copy", "wait"}
	switch c.Kind {
	case care.TellItem:
		kinds[0] = "telling"
	case care.ReviewItem:
		kinds[0] = "choice"
	}
	for _, kind := range kinds {
		if key := "staff.item." + kind + "." + c.Ref; p.lang.has(key) {
			return p.T(key)
		}
	}
	return itemWords(p, kinds[0], c.Ref, steps.title(p, c.Ref))
}

// workFilter offers the standard views, the reader's posts, the pathways and
// the orders.
func workFilter(p page, a workAddress, list casework.WorkPage, steps stepIndex) filter {
	views := choiceField{name: "view", legend: p.T("staff.view.title")}
	for _, v := range workViews {
		if v.name == faultsView {
			continue
		}
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
	var keep []pair
	if a.saved != "" {
		keep = append(keep, pair{"saved", a.saved})
	}
	sorts := choiceField{name: "sort", legend: p.T("staff.sort.title")}
	for _, o := range workOrders {
		sorts.choices = append(sorts.choices, choice{value: string(o), label: p.T("staff.sort." + string(o)), chosen: o == a.order})
	}
	return filter{action: "/work", keep: keep, selects: []choiceField{views, posts, ways, sorts}, reset: "/work"}
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
