package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// mostOnPage is how many lines of the log stand on the page of who can see;
// mostOnLog how many on a page of the log itself, whole days. Ours.
const mostOnPage, mostOnLog = 20, 40

// A lookLine is what one person looked at on one day, on one ground.
type lookLine struct {
	day     care.Date
	kind    care.ActorKind
	actor   string
	unit    care.UnitID
	basis   string
	who     string
	what    []string
	reasons []string
	n       int
}

// lookLines says who looked, newest first. What one person looked at on one day
// on the same ground is one line with a count. own says whether the reader's own
// looks are among them.
func (a accessReader) lookLines(looks []casework.LookView, own bool) []lookLine {
	var lines []lookLine
	for _, l := range looks {
		if !own && l.Actor.Kind == care.Patient {
			continue
		}
		line := lookLine{day: a.day(l.At), kind: l.Actor.Kind, actor: l.Actor.ID, unit: l.Post.Unit, basis: l.Basis}
		i := slices.IndexFunc(lines, func(x lookLine) bool {
			return x.day == line.day && x.kind == line.kind && x.actor == line.actor && x.unit == line.unit && x.basis == line.basis
		})
		if i < 0 {
			i = len(lines)
			line.who = a.looker(l)
			lines = append(lines, line)
		}
		lines[i].n++
		if what := a.looked(l.Question); !slices.Contains(lines[i].what, what) {
			lines[i].what = append(lines[i].what, what)
		}
		if l.Reason != "" && !slices.Contains(lines[i].reasons, l.Reason) {
			lines[i].reasons = append(lines[i].reasons, l.Reason)
		}
	}
	return lines
}

// looked is what a question shows, in words. A question that the texts do not know
// is one that a later version asked.
func (a accessReader) looked(question string) string { return a.p.T("question." + question) }

// looker is who looked: by name and unit, never by a bare key.
func (a accessReader) looker(l casework.LookView) string {
	who := l.Name
	switch l.Actor.Kind {
	case care.Patient:
		if who = a.p.T("me.you-yourself"); a.p.standing != nil {
			who = l.Name // a relative reads the log of somebody else
		}
	case care.System:
		who = a.p.T("access.log.service")
	case care.Guest:
		who = a.p.T("access.log.guest")
	case care.Relative:
		if who == "" {
			who = a.p.T("access.log.relative")
		}
	case care.Professional:
		if who == "" {
			who = a.p.T("access.log.unnamed")
		}
	}
	if l.Unit.Name != "" {
		who += ", " + a.unitNamed(l)
	}
	return who
}

func (a accessReader) unitNamed(l casework.LookView) string {
	return a.p.named(a.regime(), l.Unit.Name)
}

// ground is why somebody could look, in words.
func (a accessReader) ground(basis string) string {
	if key := "basis." + basis; a.p.lang.has(key) {
		return a.p.T(key)
	}
	return a.p.T("basis.unknown")
}

// logLines are lines of the log with the way to stop each who can be stopped.
func (a accessReader) logLines(looks []lookLine, most int) []accessLine {
	lines := make([]accessLine, 0, len(looks))
	for _, l := range looks[:min(most, len(looks))] {
		what := l.what[0] + "."
		if len(l.what) > 1 {
			rest := make([]string, 0, len(l.what)-1)
			for _, x := range l.what[1:] {
				rest = append(rest, lowerFirst(x))
			}
			what += " " + a.p.T("access.log.also", "what", a.p.lang.List(rest))
		}
		if l.n > 1 {
			what += " " + a.p.T("me.times", "n", l.n)
		}
		line := accessLine{title: l.who, lines: []string{a.p.date(l.day), what}}
		if l.kind != care.Patient {
			line.lines = append(line.lines, a.ground(l.basis))
		}
		for _, reason := range l.reasons {
			line.lines = append(line.lines, a.p.T("access.log.reason", "words", reason))
		}
		line.links = a.stops(l)
		lines = append(lines, line)
	}
	return lines
}

// stops lead to stopping the one who looked, and their unit. A look that nobody
// can be stopped for has none: the reader's own, or what time does by itself.
func (a accessReader) stops(l lookLine) []link {
	switch {
	case a.v.State == nil:
		return nil // a relative reads the log and stops nobody
	case l.kind == care.Relative:
		for _, r := range a.v.Relatives {
			if string(r.Person) == l.actor && r.Basis == access.Proxy {
				return []link{{text: a.p.T("access.relatives.change", "who", a.relative(r.Person)), href: proxyAddress(r.Number)}}
			}
		}
		return nil
	case l.kind != care.Professional:
		return nil
	}
	var links []link
	name, _, _ := strings.Cut(l.who, ",")
	if a.regime() != care.Sweden && !a.shut(access.Against{Professional: l.actor}) {
		links = append(links, link{text: a.p.T("access.stop-who", "who", name), href: stopAddress("person", l.actor)})
	}
	if l.unit != "" && !a.shut(access.Against{Unit: l.unit}) {
		links = append(links, link{text: a.p.T("access.stop-who", "who", a.unit(l.unit)), href: stopAddress("unit", string(l.unit))})
	}
	return links
}

// shut reports whether a block against just this stands.
func (a accessReader) shut(x access.Against) bool {
	return slices.ContainsFunc(a.v.State.Blocks, func(b access.BlockState) bool {
		return b.Status == access.BlockStands && b.Journey == "" && b.Against == x
	})
}

// A lookPage is a page of the log.
type lookPage struct {
	lines  []accessLine
	who    choiceField
	older  string
	newest string
	// only is who alone is shown, empty where everyone is.
	only string
	none string
}

// showLog lists everyone who has looked, in words, a few days at a time, or one of
// them alone.
func showLog(c *call) error {
	q := casework.Looks{Actor: c.r.URL.Query().Get("who")}
	// Norway and Sweden have the same clock, so a day begins at one instant.
	if before, err := care.ParseDate(c.r.URL.Query().Get("before")); err == nil {
		q.Before = care.CalendarOf(care.Norway).StartOf(before)
	}
	a, err := c.lookReader(q)
	if err != nil {
		return err
	}
	looks := a.v.Looks
	lines := a.lookLines(looks, true)
	page := lookPage{who: choiceField{name: "who", legend: a.p.T("access.log.who-label"), choices: []choice{{value: "", label: a.p.T("access.log.who-all")}}}}
	seen := map[string]bool{}
	for _, l := range lines {
		if seen[l.actor] {
			continue
		}
		seen[l.actor] = true
		page.who.choices = append(page.who.choices, choice{value: l.actor, label: plain(l.who), chosen: q.Actor == l.actor})
		if q.Actor == l.actor {
			page.only = l.who
		}
	}
	shown := wholeDays(lines, mostOnLog)
	if len(shown) < len(lines) {
		page.older = lookAddress(q.Actor, shown[len(shown)-1].day)
	} else if len(looks) > 0 && len(looks) >= casework.MostLooks {
		page.older = lookAddress(q.Actor, a.day(looks[len(looks)-1].At).AddDays(1))
	}
	if !q.Before.IsZero() || q.Actor != "" {
		page.newest = "/me/looks"
	}
	page.none = a.p.T("me.looks-none")
	if !q.Before.IsZero() {
		page.none = a.p.T("access.log.none-older")
	}
	page.lines = a.logLines(shown, len(shown))
	return c.draw(http.StatusOK, logBody(a.p, page))
}

// lookReader makes the page of the log: the patient's own, or a relative's who
// may see who has looked, and perhaps nothing else.
func (c *call) lookReader(q casework.Looks) (accessReader, error) {
	if c.who.Actor.Kind != care.Relative {
		return c.accessPageOf("me.looks", q)
	}
	looks, role, err := casework.ViewBoth(c.r.Context(), c.s.service, c.who, q, func([]casework.LookView) casework.Question[casework.RoleView] {
		return casework.MyRole{}
	})
	if err != nil {
		return accessReader{}, err
	}
	p, err := c.relativePage("me.looks")
	if err == nil {
		err = c.standFor(&p, role.Name, role.Withheld)
	}
	p.home = "/me"
	return accessReader{p: p, v: casework.AccessView{Looks: looks, Now: role.Now}}, err
}

// wholeDays cuts lines where a day ends, once there are enough.
func wholeDays(lines []lookLine, most int) []lookLine {
	for i := most; i < len(lines); i++ {
		if lines[i].day != lines[i-1].day {
			return lines[:i]
		}
	}
	return lines
}

// lookAddress is the log before a day.
func lookAddress(who string, before care.Date) string {
	q := url.Values{"before": {before.String()}}
	if who != "" {
		q.Set("who", who)
	}
	return "/me/looks?" + q.Encode()
}
