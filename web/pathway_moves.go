package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/improvement/rollout"
	"forlop/pathway"
)

// movesPage is every move of running journeys from one version of a pathway to
// another.
type movesPage struct {
	table table
	new   string
	post  *choiceField
	here  string
}

// movePage is one move.
type movePage struct {
	about    []fact
	preview  []fact
	cannot   []string
	counts   table
	mayAct   bool
	presses  []press
	failures []failedMove
	patients *table
	next     string
	post     *choiceField
	here     string
	back     string
}

// failedMove is a journey that could not be moved, and the two ways on.
type failedMove struct {
	journey, why, owner string
	presses             []press
}

// moveForm is the form that proposes a move.
type moveForm struct {
	selects  []choiceField
	fields   []field
	findings []string
	key      string
	action   string
	back     string
}

func movesAddress(id string, q url.Values) string {
	address := "/pathways/" + id + "/moves"
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	return address
}

// showMoves shows the moves of a pathway, one of them, or the form for another.
func showMoves(c *call) error {
	q := c.r.URL.Query()
	switch {
	case q.Get("move") != "":
		return c.showMove(q.Get("move"), nil)
	case q.Has("new"):
		return c.newMove(nil, nil)
	}
	id := c.r.PathValue("id")
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.Campaigns{Pathway: id})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.face, p.title = forAuthors, p.T("staff.author.moves.title")
	x := movesPage{new: movesAddress(id, url.Values{"new": {""}}), post: c.approverPosts(p), here: movesAddress(id, nil)}
	x.table = table{id: "moves", cards: true, caption: id, empty: p.T("staff.author.moves.none"), columns: []column{
		{name: p.T("staff.author.moves.from-to")}, {name: p.T("staff.author.status")}, {name: p.T("staff.author.moves.moved"), number: true},
		{name: p.T("staff.author.moves.all"), number: true}, {name: p.T("staff.author.moves.proposed-by")},
	}}
	for _, l := range slices.Backward(list.Lines) {
		x.table.rows = append(x.table.rows, []cell{
			{text: l.From.Version + " → " + l.To.Version, href: movesAddress(id, url.Values{"move": {l.ID}})},
			{text: p.T("staff.author.moves.status." + string(l.Status)), tone: moveTone(l.Status)},
			{text: p.lang.Number(l.Counts[rollout.Moved]), number: true}, {text: p.lang.Number(l.Start + l.Joined), number: true},
			{text: l.ProposedBy, sub: p.lang.Date(care.DateOf(l.ProposedAt, c.calendar().Zone()))},
		})
	}
	return write(c.w, c.r, http.StatusOK, movesBody(p, x))
}

func moveTone(s rollout.Status) string {
	switch s {
	case rollout.IsFinished:
		return "done"
	case rollout.IsRunning:
		return "now"
	case rollout.IsProposed, rollout.IsStopped:
		return "waiting"
	case rollout.IsWithdrawn:
	}
	return "ahead"
}

// showMove is one move, with what went wrong the last time something was done.
func (c *call) showMove(move string, wrong error) error {
	id := c.r.PathValue("id")
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.CampaignPage{ID: move})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.face, p.title = forAuthors, p.T("staff.author.moves.one", "from", v.From.Version, "to", v.To.Version)
	status := http.StatusOK
	if wrong != nil {
		r, refused := care.AsRefusal(wrong)
		if !refused {
			return wrong
		}
		if status = statusOf(wrong); r.Code == "campaign-two-persons" {
			status = http.StatusForbidden
		}
		p.faults = []fault{{text: p.refusal(r)}}
	} else {
		p.told = c.authorTold(p)
	}
	x := movePage{about: moveFacts(p, c, v), back: movesAddress(id, nil), here: movesAddress(id, url.Values{"move": {move}}), post: c.approverPosts(p)}
	x.counts = table{id: "counts", cards: true, caption: p.T("staff.author.moves.counts"), columns: []column{{name: p.T("staff.author.moves.outcome")}, {name: p.T("staff.author.moves.journeys"), number: true}}}
	for _, o := range rollout.Outcomes {
		x.counts.rows = append(x.counts.rows, []cell{{text: p.T("staff.author.moves.outcome-" + string(o))}, {text: p.lang.Number(v.Counts[o]), number: true}})
	}
	if pre := v.Preview; pre != nil {
		x.preview = []fact{
			{name: p.T("staff.author.journeys"), value: p.lang.Number(pre.Journeys)},
			{name: p.T("staff.author.moves.can-move"), value: p.lang.Number(pre.Moves)},
			{name: p.T("staff.author.moves.late"), value: p.lang.Number(pre.Late)},
			{name: p.T("staff.author.moves.told"), value: p.lang.Number(pre.Told)},
		}
		x.cannot = cannotMove(p, pre.Cannot)
	}
	x.mayAct = v.MayAct
	for _, name := range moveActs(v.Status) {
		x.presses = append(x.presses, c.movePress(p, name, move, ""))
	}
	for _, f := range v.Failures {
		x.failures = append(x.failures, failedMove{
			journey: f.Journey, why: codeWords(p, f.Reason), owner: postName(p, v.Post(f.Owner)),
			presses: []press{c.movePress(p, "retry", move, f.Journey), c.movePress(p, "let-be", move, f.Journey)},
		})
	}
	if v.Status == rollout.IsProposed || v.Status == rollout.IsRunning || v.Status == rollout.IsStopped {
		if x.patients, x.next, err = c.movePatients(p, move); err != nil {
			return err
		}
	}
	return write(c.w, c.r, status, moveBody(p, x))
}

// moveActs are what can be done to a move as it stands.
func moveActs(s rollout.Status) []string {
	switch s {
	case rollout.IsProposed:
		return []string{"confirm", "withdraw"}
	case rollout.IsRunning:
		return []string{"stop"}
	case rollout.IsStopped:
		return []string{"resume"}
	case rollout.IsFinished, rollout.IsWithdrawn:
	}
	return nil
}

func (c *call) movePress(p page, name, move, journeyID string) press {
	b := press{action: movesAddress(c.r.PathValue("id"), nil), label: p.T("staff.author.moves.do." + name), about: journeyID,
		hidden: []pair{{"key", formKey()}, {"act", name}, {"move", move}}}
	if journeyID != "" {
		b.hidden = append(b.hidden, pair{"journey", journeyID})
	}
	return b
}

func moveFacts(p page, c *call, v casework.CampaignView) []fact {
	day := func(who string, at care.Date) string { return who + ", " + p.lang.Date(at) }
	zone := c.calendar().Zone()
	rows := []fact{
		{name: p.T("staff.author.status"), body: tag(moveTone(v.Status), p.T("staff.author.moves.status."+string(v.Status)))},
		{name: p.T("staff.author.moves.from-to"), value: v.From.String() + " → " + v.To.String()},
		{name: p.T("staff.author.moves.proposed-by"), value: day(v.ProposedBy, care.DateOf(v.ProposedAt, zone))},
	}
	if v.ConfirmedBy != "" {
		rows = append(rows, fact{name: p.T("staff.author.moves.confirmed-by"), value: day(v.ConfirmedBy, care.DateOf(v.ConfirmedAt, zone))})
	}
	if v.Stopped != "" {
		rows = append(rows, fact{name: p.T("staff.author.moves.stopped"), value: p.T("staff.author.moves.stopped-" + string(v.Stopped))})
	}
	var units []string
	for _, u := range v.Units {
		units = append(units, v.Post(care.Post{Unit: u, Role: care.Desk}).Unit.Name)
	}
	if len(units) > 0 {
		rows = append(rows, fact{name: p.T("staff.author.field.unit"), value: p.lang.List(units)})
	}
	if !v.Keep.IsZero() {
		rows = append(rows, fact{name: p.T("staff.author.moves.keep"), value: p.lang.Span(v.Keep)})
	}
	return append(rows, fact{name: p.T("staff.author.moves.slice"), value: p.lang.Number(v.Slice)})
}

// cannotMove says why journeys cannot move, each rule once.
func cannotMove(p page, by map[string]int) []string {
	codes := make([]string, 0, len(by))
	for code := range by {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	var out []string
	for _, code := range codes {
		out = append(out, p.lang.Number(by[code])+": "+codeWords(p, code))
	}
	return out
}

// codeWords is a rule by its code, as far as it can be said without its
// particulars.
func codeWords(p page, code string) string {
	if key := "refusal." + code; p.lang.has(key) && !strings.Contains(p.T(key), "{") {
		return p.T(key)
	}
	return code
}

// movePatients is what the move would do for each of the reader's own patients.
// The look is logged.
func (c *call) movePatients(p page, move string) (*table, string, error) {
	q := c.r.URL.Query()
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.MovePreview{ID: move, After: q.Get("after"), Limit: 50})
	if err != nil {
		return nil, "", err
	}
	t := &table{id: "patients", cards: true, caption: p.T("staff.author.moves.patients"), empty: p.T("staff.author.moves.no-patients"), columns: []column{
		{name: p.T("staff.author.moves.patient")}, {name: p.T("staff.author.moves.changes")},
	}}
	for _, l := range v.Lines {
		said := c.changeWords(p, v, l)
		if l.Refused != nil {
			said = p.T("staff.author.moves.cannot", "why", p.refusal(l.Refused))
		}
		name := l.Identity.Name
		if name == "" {
			name = l.Journey
		}
		t.rows = append(t.rows, []cell{{text: name, href: "/journeys/" + l.Journey}, {text: said}})
	}
	next := ""
	if v.Next != "" {
		next = movesAddress(c.r.PathValue("id"), url.Values{"move": {move}, "after": {v.Next}})
	}
	return t, next, nil
}

// changeWords is what changes for one patient.
func (c *call) changeWords(p page, v casework.MovePreviewPage, l casework.MovePreviewLine) string {
	if len(l.Changes) == 0 {
		return p.T("staff.author.moves.nothing")
	}
	cal := care.CalendarOf(v.To.Regime)
	from, to := textOf(p, v.From), textOf(p, v.To)
	var said []string
	for _, k := range l.Changes {
		what := to.Steps[k.Step].Title
		if what == "" {
			what = from.Steps[k.Step].Title
		}
		if k.Clock != "" {
			if what = to.Clocks[k.Clock]; what == "" {
				what = from.Clocks[k.Clock]
			}
		}
		line := what + ": " + p.T("staff.author.moves.change."+string(k.What))
		if !k.Before.IsZero() && !k.After.IsZero() && !k.Before.Equal(k.After) {
			line += " (" + p.lang.Date(cal.LastDay(k.Before)) + " → " + p.lang.Date(cal.LastDay(k.After)) + ")"
		}
		said = append(said, line)
	}
	return strings.Join(said, ". ") + "."
}

// newMove is the form that proposes a move.
func (c *call) newMove(findings []pathway.Finding, wrong error) error {
	id := c.r.PathValue("id")
	lib, err := casework.View(c.r.Context(), c.s.service, c.who, casework.PathwayLibrary{})
	if err != nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.face, p.title = forAuthors, p.T("staff.author.moves.new")
	status := http.StatusOK
	if wrong != nil {
		r, refused := care.AsRefusal(wrong)
		if !refused {
			return wrong
		}
		status = statusOf(wrong)
		p.faults = []fault{{field: "mapping", text: p.refusal(r)}}
	}
	f := moveForm{key: c.keyOf(), action: movesAddress(id, nil), back: movesAddress(id, nil)}
	for _, x := range findings {
		f.findings = append(f.findings, x.String())
	}
	from, to := choiceField{name: "from", legend: p.T("staff.author.moves.from")}, choiceField{name: "to", legend: p.T("staff.author.moves.to")}
	for _, w := range lib.Pathways {
		for _, x := range w.Versions {
			if w.ID != id {
				continue
			}
			v := x.Ref.Version
			if x.Journeys > 0 {
				from.choices = append(from.choices, choice{value: v, label: v + " (" + p.lang.Number(x.Journeys) + ")", chosen: v == c.r.PostFormValue("from")})
			}
			to.choices = append(to.choices, choice{value: v, label: v, chosen: v == c.r.PostFormValue("to")})
		}
	}
	f.selects = []choiceField{from, to}
	slice := c.r.PostFormValue("slice")
	if slice == "" {
		slice = strconv.Itoa(usualSlice)
	}
	f.fields = []field{
		{name: "slice", label: p.T("staff.author.moves.slice"), kind: "number", value: slice},
		{name: "mapping", label: p.T("staff.author.moves.mapping"), hint: p.T("staff.author.moves.mapping-hint"), value: c.r.PostFormValue("mapping"), rows: 8, optional: true, max: longestText},
	}
	return write(c.w, c.r, status, moveFormBody(p, f))
}

// usualSlice is how many journeys are moved at a time unless somebody says
// otherwise; ours, as on the command line.
const usualSlice = 50

// doMove carries out what a form about moves asks.
func doMove(c *call) error {
	form := c.r.PostForm
	if form.Get("key") == "" {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	if form.Get("act") == "propose" {
		return c.proposeMove(form)
	}
	commands := map[string]rollout.Command{
		"confirm": rollout.Confirm{}, "withdraw": rollout.Withdraw{}, "stop": rollout.Stop{}, "resume": rollout.Resume{},
		"retry": rollout.Retry{Journey: form.Get("journey")}, "let-be": rollout.LetBe{Journey: form.Get("journey")},
	}
	command, ok := commands[form.Get("act")]
	if !ok {
		return care.Missing("no-such-action", "There is no such action.")
	}
	if _, err := c.s.service.Do(c.r.Context(), c.order(form.Get("move"), command)); err != nil {
		if r, refused := care.AsRefusal(err); refused && r.Kind == care.RefusedByRule {
			return c.showMove(form.Get("move"), err)
		}
		return err
	}
	return c.toMove(form.Get("move"), "move-"+form.Get("act"))
}

func (c *call) toMove(move, done string) error {
	http.Redirect(c.w, c.r, movesAddress(c.r.PathValue("id"), url.Values{"move": {move}, "done": {done}}), http.StatusSeeOther)
	return nil
}

// proposeMove reads the mapping, says what it misses, and proposes the move.
func (c *call) proposeMove(form url.Values) error {
	id := c.r.PathValue("id")
	ctx := c.r.Context()
	from, err := c.s.service.Pathway(ctx, pathway.Ref{ID: id, Version: form.Get("from")})
	if err != nil {
		return err
	}
	to, err := c.s.service.Pathway(ctx, pathway.Ref{ID: id, Version: form.Get("to")})
	if err != nil {
		return err
	}
	var mapping pathway.Mapping
	var findings []pathway.Finding
	if text := clean(form.Get("mapping")); text != "" {
		mapping, findings = pathway.ParseMapping([]byte(text))
	}
	if !pathway.HasErrors(findings) {
		findings = append(findings, pathway.CheckMapping(from, to, mapping)...)
	}
	if pathway.HasErrors(findings) {
		return c.newMove(findings, care.Refuse("mapping-has-errors", "The mapping leaves something without a place. Mend what stands below."))
	}
	slice, err := strconv.Atoi(form.Get("slice"))
	if err != nil {
		slice = 0 // refused with the limits
	}
	r, err := c.s.service.Do(ctx, c.order("", rollout.Propose{From: from.Ref, To: to.Ref, Mapping: rollout.MappingOf(mapping), Slice: slice}))
	if err != nil {
		if _, refused := care.AsRefusal(err); refused {
			return c.newMove(nil, err)
		}
		return err
	}
	return c.toMove(r.Target, "move-propose")
}

// effectWords is what a new version would mean for those who follow an old one.
func effectWords(p page, e casework.MoveEffect) []string {
	if e.Journeys == 0 {
		return []string{p.T("staff.author.effect.nobody", "version", e.From.Version)}
	}
	said := []string{p.T("staff.author.effect.follow", "n", e.Journeys, "version", e.From.Version, "moves", e.Moves)}
	for _, x := range []struct {
		key string
		n   int
	}{{"late", e.Late}, {"told", e.Told}, {"paper", e.OnPaper}, {"keep", e.Keep}} {
		if x.n > 0 {
			said = append(said, p.T("staff.author.effect."+x.key, "n", x.n))
		}
	}
	for _, k := range e.Cannot {
		why := k.Text
		if key := "refusal." + k.Code; p.lang.has(key) && !strings.Contains(p.T(key), "{") {
			why = p.T(key)
		}
		said = append(said, p.T("staff.author.effect.cannot", "n", k.Journeys, "why", why))
	}
	return said
}

// partWords is what a change means for the journeys that have that part.
func partWords(p page, e casework.MoveEffect, path string) string {
	var said []string
	for _, part := range e.Parts {
		if part.Path != path {
			continue
		}
		for _, x := range []struct {
			key string
			n   int
		}{{"running", part.Journeys}, {"part-late", part.Late}, {"earlier", part.Earlier}, {"later", part.Later}, {"new", part.New}, {"gone", part.Gone},
			{"renamed", part.Renamed}, {"handed", part.Handed}} {
			if x.n > 0 {
				said = append(said, p.T("staff.author.effect."+x.key, "n", x.n))
			}
		}
	}
	return strings.Join(said, "; ")
}
