package web

import (
	"net/http"
	"strings"

	"forlop/care"

	"github.com/a-h/templ"
)

// A journeyPage is one journey as it is drawn for those who work.
type journeyPage struct {
	strip, now []fact
	// opened stays while the reader's own opening shows them the journey.
	opened     *openMark
	pem, draft string
	jump       []link
	open       []openGroup
	more       []actionGroup
	note       *phoneNote
	steps      table
	clocks     table
	parts      []pagePart
	history    []actView
	// earlier is the address of the whole history, "" when all of it is here.
	earlier string
	// reason says why the reader sees this.
	reason string
}

// A pagePart is one section of the page: facts, things or a table, and what can
// be done there.
type pagePart struct {
	id, title string
	facts     []fact
	things    []thingView
	table     *table
	links     []link
}

func (x pagePart) empty() bool {
	return len(x.facts) == 0 && len(x.things) == 0 && (x.table == nil || len(x.table.rows) == 0)
}

// An openGroup is what is open of one sort.
type openGroup struct {
	title  string
	things []thingView
}

// An actionGroup is a handful of actions under one word.
type actionGroup struct {
	title   string
	links   []link
	presses []press
}

// A thingView is one thing with its owner, its date and what can be done.
type thingView struct {
	anchor, title string
	state, tone   string // a word for how it stands, and its colour
	due           string
	late          bool
	owner         string
	lines         []string
	said          []said
	presses       []press
	links         []link
}

// A said is free text under the name of who gave it.
type said struct {
	by, text   string
	lang       care.Language
	objections []string
	links      []link
}

func (s said) paragraphs() []string {
	var out []string
	for line := range strings.SplitSeq(s.text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (s said) attributes(p page) templ.Attributes {
	if s.lang == "" || s.lang == p.lang.code {
		return nil
	}
	return templ.Attributes{"lang": string(s.lang)}
}

func idAttribute(id string) templ.Attributes {
	if id == "" {
		return nil
	}
	return templ.Attributes{"id": id}
}

// showJourney is the page of one journey.
func showJourney(c *call) error {
	s, err := c.scene()
	if err != nil {
		return err
	}
	s.p.title = s.patient()
	s.p.told = s.done()
	j := s.journey()
	return write(c.w, c.r, http.StatusOK, journeyBody(s.p, j))
}

func (s *scene) journey() journeyPage {
	j := journeyPage{
		strip: s.strip(), now: s.now(), open: s.openGroups(), more: s.actionGroups(), note: s.phoneNote(),
		steps: s.stepTable(), clocks: s.clockTable(), parts: s.parts(),
		reason: s.p.T("staff.why-seen", "post", s.post(s.c.who.Post)),
	}
	j.opened = s.c.openMark(s.p, s.v.Person.Key, s.v.Opened, s.v.Calendar.Zone())
	if j.opened != nil {
		s.p.banner = "" // said with the way to close it
		j.reason = s.p.T("emergency.why-seen")
	}
	if m := s.v.Person.State.Condition.Malaise; m == "yes" {
		j.pem = s.p.T("staff.malaise-yes")
	}
	j.draft = draftWords(s.p, s.v, "staff")
	if s.v.ReadOnly {
		j.onlyToRead()
	}
	const shown = 8
	all := s.acts()
	for i := range all {
		if s.v.ReadOnly {
			all[i].undo, all[i].links = nil, nil
		}
	}
	j.history = all
	if len(all) > shown {
		j.history, j.earlier = all[:shown], s.address("/history")
	}
	j.jump = append(j.jump, link{text: s.p.T("staff.summary"), href: s.address("/summary")})
	if len(s.v.State.Copies) > 0 {
		j.jump = append(j.jump, link{text: s.p.T("staff.copy.title"), href: s.address("/copy")})
	}
	for _, l := range []struct{ id, key string }{
		{"open", "open"}, {"more-do", "more"}, {"steps", "steps"}, {"clocks", "clocks"}, {"referral", "referral"},
		{"words", "words"}, {"forms", "forms"}, {"meetings", "meetings"}, {"people", "people"}, {"history", "history"},
	} {
		if s.v.ReadOnly && l.id == "more-do" {
			continue
		}
		j.jump = append(j.jump, link{text: s.p.T("staff.section." + l.key), href: "#" + l.id})
	}
	return j
}

// onlyToRead takes away what there is to do.
func (j *journeyPage) onlyToRead() {
	j.more, j.note = nil, nil
	j.strip, j.now = withoutChange(j.strip), withoutChange(j.now)
	for _, g := range j.open {
		thingsToRead(g.things)
	}
	for i := range j.parts {
		j.parts[i].facts, j.parts[i].links = withoutChange(j.parts[i].facts), nil
		thingsToRead(j.parts[i].things)
	}
}

func thingsToRead(things []thingView) {
	for i := range things {
		things[i].links, things[i].presses = nil, nil
		for n := range things[i].said {
			things[i].said[n].links = nil
		}
	}
}

// showSummary is one page to print or to read to somebody: why the referral came,
// what has been found and agreed, who does what, and what is open.
func showSummary(c *call) error {
	s, err := c.scene()
	if err != nil {
		return err
	}
	s.p.title = s.p.T("staff.summary-of", "name", s.patient())
	parts := []pagePart{
		{id: "now", title: s.p.T("plan.now"), facts: s.now()}, s.referralPart(), s.wordsPart(), s.findingsPart(), s.interventionsPart(), s.peoplePart(),
	}
	var kept []pagePart
	for _, x := range parts {
		x.facts, x.links = withoutChange(x.facts), nil
		thingsToRead(x.things)
		if !x.empty() {
			kept = append(kept, x)
		}
	}
	return write(c.w, c.r, http.StatusOK, summaryBody(s.p, withoutChange(s.strip()), kept, s.address("")))
}

// showHistory is everything that happened, on a page of its own.
func showHistory(c *call) error {
	s, err := c.scene()
	if err != nil {
		return err
	}
	s.p.title = s.p.T("staff.history-of", "name", s.patient())
	return write(c.w, c.r, http.StatusOK, historyBody(s.p, s.brief(), s.acts(), s.address("")))
}
