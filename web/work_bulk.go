package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/care/worklist"
	"forlop/casework"
	"forlop/journey"
)

// mostPicked is how many rows one act in bulk takes: a page of the list.
const mostPicked = workPageSize

// bulkActs are what can be done with many rows at once. Each row is one order of
// its own: what cannot be done with one hinders no other.
var bulkActs = []bulkAct{
	{
		name: "tell", kind: care.TellItem,
		asks: func(b *bulk) []ask {
			return []ask{
				radioOf("channel", picked(b.p, "how", string(care.ByPhone), string(care.ByLetter), string(care.ByMessage), string(care.ByMeeting))...).needed(),
				dayOf("expected").with("expected"),
			}
		},
		starts: func(*bulk) url.Values { return url.Values{"channel": {string(care.ByPhone)}} },
		makes: func(_ *bulk, r casework.WorkRow, f *filled) (string, named) {
			tell := journey.Tell{Telling: parseThing(r.Of.Key).n, How: care.Channel(f.text("channel"))}
			if tell.How == care.ByLetter {
				tell.Expected = f.date("expected")
			}
			return r.Journey, tell
		},
		says: func(b *bulk, r casework.WorkRow, f *filled) string {
			return b.p.T("work.bulk.says.tell", "how", lowerFirst(b.p.T("staff.told."+f.text("channel"))), "what", lowerFirst(b.what(r)))
		},
	},
	{
		name: "plan", kind: care.StepItem,
		asks: func(*bulk) []ask { return []ask{momentOf("at").needed().as("moves-to")} },
		starts: func(b *bulk) url.Values {
			return url.Values{"at": {b.cal.Add(b.p.today, care.Span{N: 10, Unit: care.WorkingDays}).String()}, "at-time": {"10:00"}}
		},
		makes: func(_ *bulk, r casework.WorkRow, f *filled) (string, named) {
			return r.Journey, journey.PlanStep{Step: parseThing(r.Of.Key).n, At: f.moment("at")}
		},
		says: func(b *bulk, r casework.WorkRow, f *filled) string {
			at := f.moment("at")
			said := b.p.T("work.bulk.says.plan", "what", b.what(r), "when", b.p.lang.Moment(at.In(b.cal.Zone())))
			if !r.Item.Latest.IsZero() && at.After(r.Item.Latest) {
				said += " " + b.p.T("work.bulk.past-latest", "date", b.p.lang.ShortDate(b.cal.LastDay(r.Item.Latest)))
			}
			return said
		},
	},
	{
		name: "hand-over",
		asks: func(b *bulk) []ask {
			return []ask{oneOf("to", b.posts()...).as("offer-to").needed().with("offer-to"), dayOf("by").as("answer-by"), wordsOf("words")}
		},
		makes: func(_ *bulk, r casework.WorkRow, f *filled) (string, named) {
			return r.Journey, journey.OfferTo{Kind: journey.OfResponsibility, To: f.post("to"), By: f.date("by"), Words: f.text("words")}
		},
		says: func(b *bulk, _ casework.WorkRow, f *filled) string {
			return b.p.T("work.bulk.says.hand-over", "to", postName(b.p, b.list.Post(f.post("to"))))
		},
	},
	{
		name: "review", kind: care.WaitItem,
		asks: func(*bulk) []ask { return []ask{dayOf("review").needed().with("review")} },
		starts: func(b *bulk) url.Values {
			return url.Values{"review": {b.cal.Add(b.p.today, care.Span{N: 10, Unit: care.WorkingDays}).String()}}
		},
		makes: func(_ *bulk, r casework.WorkRow, f *filled) (string, named) {
			return r.Journey, journey.ReviewWait{Wait: parseThing(r.Of.Key).n, Review: f.date("review")}
		},
		says: func(b *bulk, r casework.WorkRow, f *filled) string {
			return b.p.T("work.bulk.says.review", "what", b.what(r), "date", b.p.lang.ShortDate(f.date("review")))
		},
	},
	{
		name: "asleep",
		asks: func(b *bulk) []ask { return []ask{dayOf("until").needed().called(b.p.T("work.sleep.until-day"))} },
		starts: func(b *bulk) url.Values {
			return url.Values{"until": {b.cal.Add(b.p.today, care.Span{N: 3, Unit: care.WorkingDays}).String()}}
		},
		makes: func(b *bulk, r casework.WorkRow, f *filled) (string, named) {
			return casework.ListOfUnit(r.Item.Post.Unit), worklist.Sleep{Item: r.Of, Until: beginOf(b.cal, f.date("until"))}
		},
		says: func(b *bulk, _ casework.WorkRow, f *filled) string {
			return b.p.T("work.sleep.wakes", "date", b.p.lang.ShortDate(f.date("until")))
		},
	},
}

// A bulkAct is one thing that can be done with many rows.
type bulkAct struct {
	name string
	// kind is what sort of row it is for; "" for all.
	kind   care.ItemKind
	asks   func(*bulk) []ask
	starts func(*bulk) url.Values
	// makes is the order for one row: its target and its command.
	makes func(*bulk, casework.WorkRow, *filled) (target string, command named)
	says  func(*bulk, casework.WorkRow, *filled) string
}

func picked(p page, texts string, values ...string) []choice {
	var out []choice
	for _, v := range values {
		out = append(out, choice{value: v, label: p.T("staff." + texts + "." + v)})
	}
	return out
}

// A bulk is one act on many rows, being prepared or done.
type bulk struct {
	c     *call
	p     page
	cal   *care.Calendar
	act   bulkAct
	steps stepIndex
	list  casework.WorkPage
	rows  []casework.WorkRow
	// gone are the rows that were picked and are no longer there.
	gone []string
	back string
}

// A bulkBar chooses what to do with the rows that are picked.
type bulkBar struct {
	acts choiceField
	back string
}

// bulkBar is drawn under a list that has rows to pick from.
func (c *call) bulkBar(p page, a workAddress, list casework.WorkPage) *bulkBar {
	if len(list.Rows) == 0 {
		return nil
	}
	b := &bulkBar{acts: choiceField{name: "act", legend: p.T("work.bulk.what")}, back: a.query(a.page)}
	for _, act := range bulkActs {
		b.acts.choices = append(b.acts.choices, choice{value: act.name, label: p.T("work.bulk.act." + act.name)})
	}
	return b
}

// bulk reads which rows and which act a form names.
func (c *call) bulk(form url.Values) (*bulk, error) {
	b := &bulk{c: c, cal: c.calendar(), back: withoutNext(listAddress(form.Get("to-page")))}
	if b.back == "" {
		b.back = "/work"
	}
	at := slices.IndexFunc(bulkActs, func(a bulkAct) bool { return a.name == form.Get("act") })
	if at < 0 {
		return nil, care.Missing("no-such-action", "There is no such thing to do here.")
	}
	b.act = bulkActs[at]
	items := []worklist.Item{}
	for _, id := range form["pick"] {
		if i := itemOf(id); strings.HasPrefix(i.Stream, "journey/") && !slices.Contains(items, i) {
			items = append(items, i)
		}
	}
	if len(items) > mostPicked {
		return nil, care.Refuse("bulk-many", "Choose at most {most} rows at a time.", "most", strconv.Itoa(mostPicked))
	}
	var err error
	if b.p, err = c.staffPage(""); err != nil {
		return nil, err
	}
	b.p.title = b.p.T("work.bulk.act." + b.act.name)
	if b.steps, err = c.steps(); err != nil {
		return nil, err
	}
	if b.list, err = casework.View(c.r.Context(), c.s.service, c.who, casework.WorkQuery{Items: items, Order: casework.ByBreach, Size: mostPicked}); err != nil {
		return nil, err
	}
	b.rows = b.list.Rows
	for _, i := range items {
		if !slices.ContainsFunc(b.rows, func(r casework.WorkRow) bool { return r.Of == i }) {
			b.gone = append(b.gone, i.Stream+"!"+i.Key)
		}
	}
	return b, nil
}

func (b *bulk) row(r casework.WorkRow) workRow {
	return workRow{c: b.c, p: b.p, row: r, steps: b.steps, list: b.list, back: b.back}
}

func (b *bulk) what(r casework.WorkRow) string { return b.row(r).what() }

// posts are the posts that responsibility can be offered to: those of every unit
// that is open, the reader's own unit first.
func (b *bulk) posts() []choice {
	dir := b.list.Directory()
	var out []choice
	for _, id := range dir.All() {
		u, _ := dir.Unit(id)
		for _, role := range append([]care.Role{care.Desk}, u.Roles...) {
			post := care.Post{Unit: id, Role: role}
			if len(dir.Holders(post, b.list.Now)) > 0 {
				out = append(out, choice{value: post.String(), label: postName(b.p, casework.PostView{Post: post, Unit: u.Contact})})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y choice) int {
		first := func(c choice) int {
			if parsePost(c.value).Unit == b.c.who.Post.Unit {
				return 0
			}
			return 1
		}
		return first(x) - first(y)
	})
	return out
}

// order is the order for one row. Its key is made of the form's and the row's, so
// that a form that is sent twice does everything once.
func (b *bulk) order(r casework.WorkRow, f *filled) casework.Order {
	target, command := b.act.makes(b, r, f)
	o := b.c.order(target, command)
	o.Key += "/" + rowID(r)
	if as := parsePost(b.row(r).as()); b.act.name != "asleep" {
		o.Post, o.Actor.Unit = as, as.Unit
	}
	if seen, err := strconv.Atoi(b.c.r.FormValue("seen-" + rowID(r))); err == nil {
		o.Seen = care.Seen(seen)
	}
	return o
}

// A bulkPage is an act on many rows: its form, what it would do with each, or what
// it did.
type bulkPage struct {
	lead    string
	form    *actionPage // what is asked for, sent to the preview
	rows    table
	confirm *actionPage
	undo    *actionPage
	back    string
}

// showBulk asks what the act needs and then shows, for every patient, what will
// happen. Nothing is done yet.
func showBulk(c *call) error {
	q := c.r.URL.Query()
	b, err := c.bulk(q)
	if err != nil {
		return err
	}
	x := bulkPage{back: b.back, rows: b.table()}
	asks := b.act.asks(b)
	if len(b.rows) == 0 {
		x.lead = b.p.T("work.bulk.none")
		return write(c.w, c.r, http.StatusOK, bulkBody(b.p, x))
	}
	if !q.Has("preview") {
		v := url.Values{}
		if b.act.starts != nil {
			v = b.act.starts(b)
		}
		x.form = b.ask(asks, v)
		b.listed(&x.rows, nil)
		return write(c.w, c.r, http.StatusOK, bulkBody(b.p, x))
	}
	f := readForm(b.p, asks, q, b.cal)
	b.act.check(f)
	if len(f.faults) > 0 {
		b.p.faults = f.faults
		x.form = b.ask(asks, q)
		b.listed(&x.rows, nil)
		return write(c.w, c.r, http.StatusUnprocessableEntity, bulkBody(b.p, x))
	}
	can := b.listed(&x.rows, f)
	x.lead = b.p.T("work.bulk.preview", "n", can)
	if can > 0 {
		x.confirm = &actionPage{action: "/work/bulk", save: b.p.T("work.bulk.confirm", "n", can), back: b.back, hidden: b.hidden(q, asks)}
	}
	return write(c.w, c.r, http.StatusOK, bulkBody(b.p, x))
}

// check finds what a form lacks whatever the row is.
func (a bulkAct) check(f *filled) {
	if a.name == "tell" && care.Channel(f.text("channel")) == care.ByLetter && f.date("expected").IsZero() {
		f.fault("expected", f.p.T("form.missing", "label", f.p.T("staff.field.expected")))
	}
	for _, name := range []string{"at", "until", "review", "by"} {
		f.moment0(name)
	}
}

// moment0 reads a date or a moment, so that one that cannot be read is a fault.
func (f *filled) moment0(name string) {
	if slices.ContainsFunc(f.asks, func(a ask) bool { return a.name == name && a.kind == askDate }) {
		f.date(name)
	}
}

// ask is the form of an act, which leads to its preview.
func (b *bulk) ask(asks []ask, v url.Values) *actionPage {
	hidden := []pair{{"act", b.act.name}, {"to-page", b.back}, {"preview", "1"}}
	for _, r := range b.rows {
		hidden = append(hidden, pair{"pick", rowID(r)})
	}
	return &actionPage{action: "/work/bulk", asks: asks, values: v, hidden: hidden, save: b.p.T("work.bulk.look"), back: b.back}
}

// hidden is everything that the confirmation sends: what was chosen, the rows, and
// which version of each was on the screen.
func (b *bulk) hidden(v url.Values, asks []ask) []pair {
	out := []pair{{"act", b.act.name}, {"to-page", b.back}, {"key", formKey()}}
	for _, a := range asks {
		for _, name := range []string{a.name, a.name + "-time"} {
			for _, value := range v[name] {
				out = append(out, pair{name, value})
			}
		}
	}
	for _, r := range b.rows {
		out = append(out, pair{"pick", rowID(r)}, pair{"seen-" + rowID(r), strconv.Itoa(r.Item.Version)})
	}
	return out
}

func (b *bulk) table() table {
	return table{id: "bulk", cards: true, caption: b.p.T("work.bulk.rows"), columns: []column{
		{name: b.p.T("staff.column.patient")}, {name: b.p.T("staff.column.what")}, {name: b.p.T("work.bulk.happens")},
	}}
}

// listed fills the rows: as they are, or, with a form, with what would be done. It
// answers with how many something would be done.
func (b *bulk) listed(t *table, f *filled) (can int) {
	for _, r := range b.rows {
		row := b.row(r)
		cells := []cell{{text: row.name(), href: row.place(), sub: hiddenWords(b.p, r.Identity, "")}, {text: row.what()}, {}}
		switch {
		case f != nil:
			if err := b.rehearse(r, f); err != nil {
				cells[2] = cell{body: lateDue(b.p, "", b.p.T("work.bulk.cannot", "why", b.why(err)))}
			} else {
				cells[2] = cell{text: b.act.says(b, r, f)}
				can++
			}
		case !b.fits(r):
			cells[2] = cell{text: b.p.T("work.bulk.not-for")}
		default:
			cells[2] = dueCell(b.p, b.cal, r.Item, r.Until, b.p.today)
		}
		t.rows = append(t.rows, cells)
	}
	for range b.gone {
		t.rows = append(t.rows, []cell{{text: b.p.T("work.bulk.gone")}, {}, {}})
	}
	return can
}

// fits reports whether the act is for such a row at all.
func (b *bulk) fits(r casework.WorkRow) bool { return b.act.kind == "" || r.Item.Kind == b.act.kind }

func (b *bulk) rehearse(r casework.WorkRow, f *filled) error {
	if !b.fits(r) {
		return care.Refuse("bulk-not-for", "This cannot be done with such a row.")
	}
	o := b.order(r, f)
	o.Seen = 0
	return b.c.s.service.Try(b.c.r.Context(), o)
}

// why is a refusal in words; what is our own fault says so and nothing more.
func (b *bulk) why(err error) string {
	if r, ok := care.AsRefusal(err); ok {
		return b.p.refusal(r)
	}
	return b.p.T("work.bulk.fault")
}

// doBulk carries the act out, row by row, and says of each what came of it. A form
// that is sent again finds everything done, and says the same.
func doBulk(c *call) error {
	b, err := c.bulk(c.r.PostForm)
	if err != nil {
		return err
	}
	f := readForm(b.p, b.act.asks(b), c.r.PostForm, b.cal)
	b.act.check(f)
	if len(f.faults) > 0 {
		b.p.faults = f.faults
		x := bulkPage{back: b.back, rows: b.table(), form: b.ask(b.act.asks(b), c.r.PostForm)}
		b.listed(&x.rows, nil)
		return write(c.w, c.r, http.StatusUnprocessableEntity, bulkBody(b.p, x))
	}
	x := bulkPage{back: b.back, rows: b.table()}
	x.rows.columns[2].name = b.p.T("work.bulk.came")
	done, failed := 0, 0
	var undo []pair
	for _, id := range c.r.PostForm["pick"] {
		r, there := b.find(id)
		if !there {
			continue
		}
		row := b.row(r)
		cells := []cell{{text: row.name(), href: "/journeys/" + r.Journey, sub: hiddenWords(b.p, r.Identity, "")}, {text: row.what()}, {}}
		var receipt casework.Receipt
		err := error(care.Refuse("bulk-not-for", "This cannot be done with such a row."))
		if b.fits(r) {
			receipt, err = c.s.service.Do(c.r.Context(), b.order(r, f))
		}
		switch {
		case err != nil:
			failed++
			cells[2] = cell{body: lateDue(b.p, "", b.p.T("work.bulk.failed", "why", b.why(err)))}
			if _, refused := care.AsRefusal(err); !refused {
				c.s.log.Error("an act in bulk failed", "act", b.act.name, "error", err)
			}
		default:
			done++
			cells[2] = cell{text: b.p.T("work.bulk.done-one"), tone: "done"}
			if u := b.undoOf(r, receipt); u != "" {
				undo = append(undo, pair{"undo", u})
			}
		}
		x.rows.rows = append(x.rows.rows, cells)
	}
	x.lead = b.p.T("work.bulk.result", "done", done, "left", failed)
	if len(undo) > 0 {
		x.undo = &actionPage{action: "/work/bulk/undo", save: b.p.T("done.undo"), hidden: append(undo, pair{"key", formKey()}, pair{"to-page", b.back})}
	}
	return write(c.w, c.r, http.StatusOK, bulkBody(b.p, x))
}

// find is a row that was picked: as it stands on the list or, once it is gone from
// there, as far as it is known from what was picked.
func (b *bulk) find(id string) (casework.WorkRow, bool) {
	for _, r := range b.rows {
		if rowID(r) == id {
			return r, true
		}
	}
	of := itemOf(id)
	kind, journeyID, _ := strings.Cut(of.Stream, "/")
	if kind != "journey" {
		return casework.WorkRow{}, false
	}
	v, err := casework.View(b.c.r.Context(), b.c.s.service, b.c.who, casework.GetJourney{ID: journeyID})
	if err != nil {
		return casework.WorkRow{}, false // not theirs to see
	}
	r := casework.WorkRow{Of: of, Stream: kind, Journey: journeyID, Person: v.Person.Key, Identity: v.Person.Identity, Pathway: v.State.Pathway.ID}
	r.Item.Key, r.Item.Post = of.Key, b.c.who.Post
	if r.Item.Kind = b.act.kind; r.Item.Kind == "" {
		r.Item.Kind = care.StepItem
	}
	if s := parseThing(of.Key); s.kind == "step" && s.n >= 1 && s.n <= len(v.State.Steps) {
		r.Item.Ref = string(v.State.Steps[s.n-1].ID)
	}
	return r, true
}

// undoOf names how what was done with a row is taken back; "" where it is not.
func (b *bulk) undoOf(r casework.WorkRow, receipt casework.Receipt) string {
	switch b.act.name {
	case "plan", "hand-over", "tell":
		return fmt.Sprintf("journey %s %d", r.Journey, receipt.First)
	case "asleep":
		return fmt.Sprintf("asleep %s %s", r.Item.Post.Unit, rowID(r))
	case "review":
		if r.Item.Due.IsZero() || !r.Item.Due.After(b.list.Now) {
			return "" // the day it was to be looked at has passed
		}
		return fmt.Sprintf("review %s %d %s", r.Journey, parseThing(r.Of.Key).n, b.cal.LastDay(r.Item.Due))
	}
	return ""
}

// undoBulk takes back what was done with each row, one by one.
func undoBulk(c *call) error {
	if err := c.mayAuthor(); err != nil { // who is no professional has done nothing here
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("done.undo")
	x := bulkPage{back: orElse(withoutNext(listAddress(c.r.PostFormValue("to-page"))), "/work"), rows: table{
		id: "bulk", cards: true, caption: p.T("work.bulk.rows"), columns: []column{{name: p.T("staff.column.patient")}, {name: p.T("work.bulk.came")}},
	}}
	done, failed := 0, 0
	for _, u := range c.r.PostForm["undo"] {
		id, o, ok := c.undoOrder(u)
		if !ok {
			continue
		}
		o.Key += "/" + u
		_, err := c.s.service.Do(c.r.Context(), o)
		name := p.T("staff.nobody-named")
		if v, seen := casework.View(c.r.Context(), c.s.service, c.who, casework.GetJourney{ID: id}); seen == nil {
			name = orElse(v.Person.Identity.Name, name)
		}
		cells := []cell{{text: name, href: "/journeys/" + id}, {text: p.T("work.bulk.undone"), tone: "done"}}
		if r, refused := care.AsRefusal(err); refused {
			failed++
			cells[1] = cell{body: lateDue(p, "", p.T("work.bulk.failed", "why", p.refusal(r)))}
		} else if err != nil {
			return err
		} else {
			done++
		}
		x.rows.rows = append(x.rows.rows, cells)
	}
	x.lead = p.T("work.bulk.undo-result", "done", done, "left", failed)
	return write(c.w, c.r, http.StatusOK, bulkBody(p, x))
}

// undoOrder reads what undoOf wrote: the journey it is about, and the order.
func (c *call) undoOrder(u string) (id string, o casework.Order, ok bool) {
	parts := strings.SplitN(u, " ", 4)
	if len(parts) < 3 {
		return "", o, false
	}
	switch parts[0] {
	case "journey":
		n, err := strconv.Atoi(parts[2])
		return parts[1], c.order(parts[1], journey.Undo{Version: n}), err == nil && n > 0
	case "asleep":
		item := itemOf(parts[2])
		return strings.TrimPrefix(item.Stream, "journey/"), c.order(casework.ListOfUnit(care.UnitID(parts[1])), worklist.WakeUp{Item: item}), true
	case "review":
		if len(parts) < 4 {
			return "", o, false
		}
		n, err := strconv.Atoi(parts[2])
		day, bad := care.ParseDate(parts[3])
		return parts[1], c.order(parts[1], journey.ReviewWait{Wait: n, Review: day}), err == nil && bad == nil
	}
	return "", o, false
}
