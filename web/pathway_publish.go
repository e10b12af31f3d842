package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway/publication"
)

// publishPage is the way of a version into use: what stands in the way, what is
// proposed, and what can be done now.
type publishPage struct {
	tabs      []link
	about     []fact
	post      *choiceField // another post to act from
	here      string       // where a change of post comes back to
	checks    table
	acts      []authorLink
	mayAct    bool
	proposals []openThing
	notices   []openThing
	history   []fact
}

// authorLink leads to the form of one act, with what it comes to.
type authorLink struct{ text, says, href string }

// openThing is something that waits for somebody, with the ways to answer it.
type openThing struct {
	title string
	lines []string
	links []link
}

func showPublish(c *call) error {
	p, s, err := c.author("staff.author.title.publish")
	if err != nil {
		return err
	}
	p.told = c.authorTold(p)
	return c.drawPublish(p, s, http.StatusOK)
}

// authorTold is the confirmation of what was just done.
func (c *call) authorTold(p page) *told {
	if key := "staff.author.done." + c.r.URL.Query().Get("done"); p.lang.has(key) {
		return &told{title: p.T(key)}
	}
	return nil
}

func (c *call) drawPublish(p page, s *source, status int) error {
	here := pathwayAddress(s.ref(), "/publish")
	x := publishPage{tabs: authorTabs(p, s, "publish"), about: aboutVersion(p, s), here: here, checks: c.checks(p, s), acts: c.authorActs(p, s), mayAct: c.mayApprove()}
	x.post = c.approverPosts(p)
	if s.view != nil {
		x.about = append(x.about, standsBehind(p, s.view)...)
		x.proposals = openProposals(p, s)
		x.notices = openNotices(p, s)
		x.history = versionHistory(p, s)
	}
	return write(c.w, c.r, status, publishBody(p, x))
}

// approverPosts offers the reader's posts for pathways to act from; nil where
// they act from one already or have none.
func (c *call) approverPosts(p page) *choiceField {
	if c.mayApprove() {
		return nil
	}
	f := &choiceField{name: "act-from", legend: p.T("staff.act-from")}
	for _, cover := range c.s.service.Directory().Covers(c.who.Actor.ID, c.s.service.Now()) {
		if cover.Own && cover.Role == care.PathwayApprover {
			post := care.Post{Unit: cover.Unit, Role: cover.Role}
			f.choices = append(f.choices, choice{value: post.String(), label: postName(p, casework.PostView{Post: post, Unit: unitOf(c.s.service.Directory(), post)})})
		}
	}
	if len(f.choices) == 0 {
		return nil
	}
	return f
}

// A check is one thing that must be so before patients follow a version.
type check struct {
	what, found, href string
	state             string // well, look or stops
}

// checks is the list of what stands in the way.
func (c *call) checks(p page, s *source) table {
	errors, warnings := s.counts()
	found := p.T("staff.author.found", "errors", errors, "warnings", warnings)
	list := []check{{p.T("staff.author.check.findings"), found, pathwayAddress(s.ref(), "/source"), stateIf(errors > 0, "stops", warnings > 0)}}
	list = append(list, c.checkExamples(p, s))
	if s.def != nil {
		review := check{what: p.T("staff.author.review"), found: p.T("staff.author.check.no-date"), state: "look"}
		if by := s.def.Review.By; !by.IsZero() {
			review.found, review.state = p.lang.Date(by), stateIf(false, "", by.Before(p.today))
		}
		list = append(list, review)
		basis := check{what: p.T("staff.author.check.basis"), found: p.T("staff.author.check.national"), state: "well"}
		if s.def.Status == "draft" {
			basis.found, basis.state = p.T("staff.author.draft"), "look"
		}
		list = append(list, basis)
	}
	if s.view != nil && s.view.Missing > 0 {
		list = append(list, check{p.T("staff.author.check.persons"), p.T("staff.author.lacks", "n", s.view.Missing), "", "stops"})
	}
	if s.view != nil && len(s.view.Notices) > 0 {
		list = append(list, check{p.T("staff.author.notices"), p.lang.Number(len(s.view.Notices)), "#notices", "look"})
	}
	t := table{id: "checks", cards: true, caption: p.T("staff.author.check.title"), columns: []column{
		{name: p.T("staff.author.check.what")}, {name: p.T("staff.author.check.state")}, {name: p.T("staff.author.check.found")},
	}}
	tones := map[string]string{"well": "done", "look": "waiting", "stops": "past"}
	for _, k := range list {
		t.rows = append(t.rows, []cell{{text: k.what}, {text: p.T("staff.author.check." + k.state), tone: tones[k.state]}, {text: k.found, href: k.href}})
	}
	return t
}

func stateIf(stops bool, as string, look bool) string {
	switch {
	case stops:
		return as
	case look:
		return "look"
	default:
		return "well"
	}
}

func (c *call) checkExamples(p page, s *source) check {
	k := check{what: p.T("staff.author.tab.tests"), found: p.T("staff.author.tests.nothing"), href: pathwayAddress(s.ref(), "/tests"), state: "look"}
	if !s.runs() || !slices.Contains(s.fileNames(), "test.yaml") {
		return k
	}
	r, err := c.s.rehearsals.of(c.r.Context(), c.s.workshop, s)
	if err != nil {
		c.s.log.Error("the examples of a pathway could not be acted out", "pathway", s.ref().String(), "error", err)
		return k
	}
	failed, unreached := 0, 0
	for _, o := range r.Outcomes {
		if o.Failed() {
			failed++
		}
	}
	for _, f := range r.Findings {
		if f.Code == neverReached {
			unreached++
		}
	}
	k.found = p.T("staff.author.check.examples", "all", len(r.Outcomes), "failed", failed, "unreached", unreached)
	k.state = stateIf(false, "", failed+unreached > 0)
	return k
}

// standsBehind says who published and who approved a version, and where it is in
// use.
func standsBehind(p page, v *casework.VersionView) []fact {
	var rows []fact
	if v.Edition.By != "" {
		rows = append(rows, fact{name: p.T("staff.author.published-by"), value: v.Name(v.Edition.By)})
	}
	var by []string
	for _, a := range v.Edition.Approvals {
		by = append(by, v.Name(a.By))
	}
	if len(by) > 0 {
		rows = append(rows, fact{name: p.T("staff.author.approved-by"), value: p.lang.List(by)})
	}
	var uses []string
	for _, u := range v.Uses {
		uses = append(uses, useWords(p, v.Post, u))
	}
	if len(uses) > 0 {
		rows = append(rows, fact{name: p.T("staff.author.in-use"), value: strings.Join(uses, ". ")})
	}
	if n := len(v.Edition.Texts); n > 0 {
		rows = append(rows, fact{name: p.T("staff.author.rewordings"), value: p.lang.Number(n)})
	}
	return append(rows, fact{name: p.T("staff.author.journeys"), value: p.lang.Number(v.Journeys)})
}

// mayApprove reports whether the reader acts from a post for pathways.
func (c *call) mayApprove() bool { return c.who.Post.Role == care.PathwayApprover }

// authorActs are the acts that fit how the version stands now.
func (c *call) authorActs(p page, s *source) []authorLink {
	var names []string
	switch {
	case s.view == nil || s.view.Standing == publication.StandsDraft:
		if s.runs() {
			names = []string{"publish"}
		}
	case s.view.Standing == publication.StandsPublished:
		names = []string{"approve"}
	case s.view.Standing == publication.StandsRetired:
	default:
		names = []string{"use", "review", "retire"}
		if s.def.Status == "draft" {
			names[0] = "adopt"
		}
		if len(s.view.Uses) > 0 {
			names = append(names, "roll-back")
		}
		if s.words != nil {
			names = append(names, "reword")
		}
	}
	var out []authorLink
	for _, name := range names {
		out = append(out, authorLink{p.T("staff.author.do." + name), p.T("staff.author.says." + name), pathwayAddress(s.ref(), "/do/"+name)})
	}
	return out
}

func openProposals(p page, s *source) []openThing {
	var out []openThing
	for _, o := range s.view.Proposals {
		t := openThing{title: p.T("staff.author.what." + string(o.What))}
		if o.Unit != "" {
			t.lines = append(t.lines, s.view.Post(care.Post{Unit: o.Unit, Role: care.Desk}).Unit.Name)
		} else if o.What == publication.ToActivate {
			t.lines = append(t.lines, p.T("staff.author.whole-site"))
		}
		if !o.From.IsZero() {
			t.lines = append(t.lines, p.T("staff.author.from", "date", care.DateOf(o.From, care.CalendarOf(s.def.Regime).Zone())))
		}
		if o.Why != "" {
			t.lines = append(t.lines, o.Why)
		}
		t.lines = append(t.lines, p.T("staff.author.proposed-by", "who", s.view.Name(o.By.By)))
		n := "?n=" + itoaPlain(o.Proposal)
		t.links = []link{
			{text: p.T("staff.author.do.confirm"), href: pathwayAddress(s.ref(), "/do/confirm"+n)},
			{text: p.T("staff.author.do.withdraw"), href: pathwayAddress(s.ref(), "/do/withdraw"+n)},
		}
		out = append(out, t)
	}
	return out
}

func openNotices(p page, s *source) []openThing {
	var out []openThing
	for _, n := range s.view.Notices {
		t := openThing{title: p.T("staff.author.notice." + string(n.Kind))}
		if src, ok := s.def.Source(n.Source); ok {
			t.lines = append(t.lines, src.Publisher+": "+src.Title)
		}
		if !n.Changed.IsZero() {
			t.lines = append(t.lines, p.T("staff.author.changed", "date", n.Changed))
		}
		if n.Base.ID != "" {
			t.lines = append(t.lines, n.Base.String())
		}
		for _, k := range n.Conflicts {
			t.lines = append(t.lines, k.File+":"+itoaPlain(k.Line)+": "+k.Code+": "+k.Message)
		}
		if n.Why != "" {
			t.lines = append(t.lines, n.Why)
		}
		t.links = []link{{text: p.T("staff.author.do.settle"), href: pathwayAddress(s.ref(), "/do/settle?n="+itoaPlain(n.Notice))}}
		out = append(out, t)
	}
	return out
}

// versionHistory is what happened to a version, newest first.
func versionHistory(p page, s *source) []fact {
	var rows []fact
	zone := care.CalendarOf(s.def.Regime).Zone()
	for _, l := range slices.Backward(s.view.History) {
		name, _, _ := strings.Cut(strings.TrimPrefix(l.Event.Type(), "pathway."), "/")
		said := p.T("staff.author.event." + name)
		if who := s.view.Name(l.By); who != "" {
			said += ". " + who
		}
		rows = append(rows, fact{name: p.lang.Date(care.DateOf(l.At, zone)), value: said})
	}
	return rows
}

// unitChoices are the units that the reader decides for: their own and those
// under it, with the same law, and the whole site for a unit at the top.
func (c *call) unitChoices(p page, s *source, whole bool) choiceField {
	dir := c.s.service.Directory()
	own := c.who.Post.Unit
	f := choiceField{name: "unit", legend: p.T("staff.author.field.unit")}
	if whole && len(dir.Above(own)) == 1 {
		f.choices = append(f.choices, choice{value: "all", label: p.T("staff.author.whole-site")})
	}
	for _, id := range dir.All() {
		u, ok := dir.Unit(id)
		if !ok || u.Regime != s.def.Regime || !slices.Contains(dir.Above(id), own) {
			continue
		}
		f.choices = append(f.choices, choice{value: string(id), label: u.Contact.Name, chosen: id == own})
	}
	return f
}

// chosenUnit is the unit of a form; "all" is the whole site.
func chosenUnit(v url.Values) care.UnitID {
	if v.Get("unit") == "all" {
		return ""
	}
	return care.UnitID(v.Get("unit"))
}
