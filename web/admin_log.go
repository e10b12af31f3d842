package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// adminLogPath is where those who oversee see who has looked.
const adminLogPath = "/admin/log"

// showAdminLog is what waits for the privacy officer, and the search of the log.
func showAdminLog(c *call) error { return c.adminLog(url.Values{}, nil, nil, http.StatusOK) }

// officerPage is a page for who oversees. They act from that post here, whichever
// else they hold and have chosen.
func (c *call) officerPage() (page, error) {
	posts := c.s.service.OverseesFrom(c.who.Actor.ID)
	if len(posts) == 0 {
		return page{}, access.Denied()
	}
	if !slices.Contains(posts, c.who.Post) {
		c.who.Post = posts[0]
	}
	return c.staffPage("")
}

// logAsks are what a search of the log takes. Why comes first: it is logged.
func (c *call) logAsks(p page) []ask {
	var units []choice
	regime := care.Norway
	if u, ok := c.s.service.Directory().Unit(c.who.Post.Unit); ok {
		regime = u.Regime
	}
	dir, post := c.s.service.Directory(), c.who.Post.Unit
	for _, u := range openUnits(p, dir, regime) {
		if u.Unit != post && !slices.Contains(dir.Above(u.Unit), post) {
			continue // others' staff are overseen by others
		}
		units = append(units, choice{value: string(u.Unit), label: u.Contact.Name})
	}
	return []ask{
		wordsOf("reason").called(p.T("oversight.reason")).with("oversight-reason").needed(),
		lineOf("number").called(p.T("oversight.number")),
		lineOf("actor").called(p.T("oversight.actor")).with("oversight-actor"),
		oneOf("unit", units...).called(p.T("oversight.unit")),
		dayOf("from").called(p.T("oversight.from")),
		dayOf("until").called(p.T("oversight.until")),
	}
}

func (c *call) adminLog(v url.Values, f *filled, found *table, status int) error {
	p, err := c.officerPage()
	if err != nil {
		return err
	}
	p.title = p.T("oversight.title")
	switch c.r.URL.Query().Get("done") {
	case "judged":
		p.told = &told{title: p.T("oversight.judged"), text: p.T("oversight.judged-text")}
	case "decided":
		p.told = &told{title: p.T("oversight.decided"), text: p.T("oversight.decided-text")}
	}
	if f != nil {
		p.faults = f.faults
	}
	rows := casework.WorkQuery{Kinds: []care.ItemKind{care.ReviewItem}, Size: workPageSize}
	list, held, err := casework.ViewBoth(c.r.Context(), c.s.service, c.who, rows, func(casework.WorkPage) casework.Question[casework.OversightView] {
		return casework.OversightQuery{}
	})
	if err != nil {
		return err
	}
	var waits []thingView
	for _, row := range list.Rows {
		if n, is := strings.CutPrefix(row.Item.Key, "review/"); is && row.Stream == "consent" {
			due := c.calendar().LastDay(row.Item.Due)
			waits = append(waits, thingView{
				title: p.T("oversight.opening-of", "name", orElse(row.Identity.Name, p.T("staff.nobody-named"))), due: p.T("oversight.judge-by", "date", due),
				late: due.Before(p.today), owner: ownerName(p, list.Post(row.Item.Post)),
				links: []link{{text: p.T("oversight.judge"), href: openingAddress(row.Person, n)}},
			})
		}
	}
	x := actionPage{action: adminLogPath, asks: c.logAsks(p), values: v, save: p.T("oversight.search"), hidden: nil}
	open, decided := c.matters(p, held)
	return write(c.w, c.r, status, adminLogBody(p, waits, open, decided, x, found))
}

// searchLog answers who looked, for a reason that is logged itself: on the page,
// or as a table to keep.
func searchLog(c *call) error {
	p, err := c.officerPage()
	if err != nil {
		return err
	}
	if err := c.r.ParseForm(); err != nil {
		return err
	}
	v := c.r.PostForm
	f := readForm(p, c.logAsks(p), v, c.calendar())
	q := casework.LogOfBreach{Actor: f.text("actor"), Unit: care.UnitID(f.text("unit")), Number: f.text("number"), Names: true}
	if d := f.date("from"); !d.IsZero() {
		q.From = c.calendar().StartOf(d)
	}
	if d := f.date("until"); !d.IsZero() {
		q.Until = c.calendar().StartOf(d.AddDays(1))
	}
	if len(f.faults) > 0 {
		return c.adminLog(v, f, nil, http.StatusUnprocessableEntity)
	}
	who := c.who
	who.Reason = f.text("reason")
	b, err := casework.View(c.r.Context(), c.s.service, who, q)
	if refusal, refused := care.AsRefusal(err); refused && refusal.Kind != care.Denied {
		if refusal.Kind == care.NotFound {
			refusal = refusal.On("number")
		}
		f.refused(refusal)
		return c.adminLog(v, f, nil, statusOf(err))
	}
	if err != nil {
		return err
	}
	if v.Get("as") == "csv" {
		return c.breachFile(p, b)
	}
	t := c.logTable(p, b.Looks, func(k care.PersonKey) string { return b.Names[k] }, nil)
	return c.adminLog(v, nil, &t, http.StatusOK)
}

// mostShown is how many entries a page shows; a file has them all. Ours.
const mostShown = 200

// logTable is entries of the log, newest last.
func (c *call) logTable(p page, looks []casework.LogEntry, name, called func(care.PersonKey) string) table {
	t := table{
		id: "entries", cards: true, caption: p.T("oversight.entries", "n", len(looks)), path: adminLogPath, empty: p.T("oversight.no-entries"),
		columns: []column{{name: p.T("oversight.column.when")}, {name: p.T("oversight.column.who")}, {name: p.T("oversight.column.what")}, {name: p.T("oversight.column.whom")}, {name: p.T("oversight.column.why")}},
	}
	zone := c.calendar().Zone()
	for _, l := range looks[max(0, len(looks)-mostShown):] {
		var persons []string
		for _, k := range l.Persons {
			persons = append(persons, orElse(name(k), string(k)))
		}
		who := l.Actor.ID
		if called != nil {
			who = orElse(called(care.PersonKey(l.Actor.ID)), who)
		}
		why := l.Reason
		if l.Basis != "" {
			why = p.T("basis."+l.Basis) + " " + why
		}
		local := l.At.In(zone)
		t.rows = append(t.rows, []cell{
			{text: p.lang.ShortDate(care.DateOf(l.At, zone)), sub: p.lang.Clock(local)}, {text: who, sub: l.Post.String()}, {text: p.T("question." + l.Question)},
			{text: p.lang.List(persons)}, {text: strings.TrimSpace(why)},
		})
	}
	return t
}

// breachFile is the list of a breach as a file: a line for each person of each
// entry. No cell can be taken for a formula.
func (c *call) breachFile(p page, b casework.Breached) error {
	c.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	c.w.Header().Set("Content-Disposition", `attachment; filename="log.csv"`)
	w := csv.NewWriter(c.w)
	rows := [][]string{{"when", "actor", "post", "basis", "question", "reason", "what", "person", "name"}}
	for _, l := range b.Looks {
		for _, k := range l.Persons {
			rows = append(rows, []string{
				l.At.UTC().Format(time.RFC3339), l.Actor.ID, l.Post.String(), l.Basis, l.Question, l.Reason, strings.Join(l.What, " "), string(k), b.Names[k],
			})
		}
	}
	for _, row := range rows {
		for i, text := range row {
			if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
				row[i] = "'" + text
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func openingAddress(p care.PersonKey, n string) string {
	return "/admin/openings/" + string(p) + "/" + n
}

// judgeOpening is one opening, and the verdict on it by somebody else.
func judgeOpening(c *call) error {
	n, err := strconv.Atoi(c.r.PathValue("opening"))
	if err != nil {
		return care.Missing("opening-unknown", "There is no such opening.")
	}
	person := care.PersonKey(c.r.PathValue("person"))
	v, p, err := judged(c, casework.OpeningToJudge{Person: person, Opening: n})
	if err != nil {
		return err
	}
	p.title = p.T("oversight.opening-of", "name", orElse(v.Named.Name, p.T("staff.nobody-named")))
	zone := care.CalendarOf(v.Regime).Zone()
	x := actionPage{
		action: openingAddress(person, strconv.Itoa(n)), save: p.T("oversight.save-verdict"), back: adminLogPath, danger: p.T("oversight.judge-lead"),
		about: []fact{
			{name: p.T("oversight.column.who"), value: orElse(v.Name, v.Professional) + ", " + postName(p, v.Unit)},
			{name: p.T("oversight.opened-at"), value: p.lang.Moment(v.From.In(zone))},
			{name: p.T("oversight.ends"), value: p.lang.Moment(v.Ends.In(zone))},
			{name: p.T("emergency.why-now"), value: p.T("emergency.why." + string(v.Why))},
			{name: p.T("oversight.their-words"), value: v.Words},
		},
		title: p.T("oversight.looked-at"),
		asks: []ask{
			radioOf("verdict", choice{value: string(access.Justified), label: p.T("oversight.verdict.justified")}, choice{value: string(access.NotJustified), label: p.T("oversight.verdict.not-justified")}).called(p.T("oversight.verdict-label")).needed(),
			wordsOf("words").called(p.T("oversight.words")).with("oversight-words").needed(),
		},
	}
	for _, l := range v.Looks {
		line := p.lang.Clock(l.At.In(zone)) + ": " + p.T("question."+l.Question)
		if !slices.Contains(x.lines, line) {
			x.lines = append(x.lines, line)
		}
	}
	if len(x.lines) == 0 {
		x.lines = []string{p.T("oversight.looked-at-nothing")}
	}
	if v.Verdict != "" {
		x.danger, x.asks = p.T("oversight.verdict."+string(v.Verdict)), nil
		return write(c.w, c.r, http.StatusOK, judgedBody(p, x))
	}
	draw := func(values url.Values, status int) error {
		x.values, x.hidden = values, []pair{{"key", c.keyOf()}}
		return write(c.w, c.r, status, actionBody(p, x))
	}
	if c.r.Method != http.MethodPost {
		return draw(url.Values{}, http.StatusOK)
	}
	if c.r.PostFormValue("key") == "" {
		return keyless()
	}
	f := readForm(p, x.asks, c.r.PostForm, c.calendar())
	if len(f.faults) == 0 {
		_, err := c.s.service.Do(c.r.Context(), c.order(string(person), access.ReviewOpening{Opening: n, Verdict: access.Verdict(f.text("verdict")), Words: f.text("words")}))
		refusal, refused := care.AsRefusal(err)
		switch {
		case err == nil:
			http.Redirect(c.w, c.r, adminLogPath+"?done=judged", http.StatusSeeOther)
			return nil
		case !refused || refusal.Kind == care.Denied:
			return err
		}
		f.refused(refusal)
	}
	p.faults = f.faults
	return draw(c.r.PostForm, http.StatusUnprocessableEntity)
}
