package web

import (
	"net/http"
	"net/url"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// erasurePath is where those who oversee propose and approve that a record is
// erased.
const erasurePath = "/admin/erasure"

func erasureAddress(p care.PersonKey) string { return erasurePath + "/" + url.PathEscape(string(p)) }

// An erasurePage is how it stands with erasing one person.
type erasurePage struct {
	facts []fact
	held  string
	// does is what erasing means, said before it is done.
	does  []string
	forms []actionPage
}

// showErasures is the proposals that wait, and the way to a person.
func showErasures(c *call) error { return c.erasures(url.Values{}, nil, http.StatusOK) }

func erasureAsks(p page) []ask {
	return []ask{lineOf("number").called(p.T("person.erasure.number")).with("erasure-number").needed()}
}

func (c *call) erasures(v url.Values, f *filled, status int) error {
	p, err := c.officerPage()
	if err != nil {
		return err
	}
	p.title = p.T("person.erasure.title")
	if f != nil {
		p.faults = f.faults
	}
	list, err := casework.View(c.r.Context(), c.s.service, c.who, casework.WorkQuery{Refs: []string{"erasure"}, Size: workPageSize})
	if err != nil {
		return err
	}
	var waits []thingView
	for _, row := range list.Rows {
		due := c.calendar().LastDay(row.Item.Due)
		waits = append(waits, thingView{
			title: orElse(row.Identity.Name, p.T("staff.nobody-named")), due: p.T("person.erasure.decide-by", "date", due), late: due.Before(p.today),
			owner: postName(p, list.Post(row.Item.Post)), links: []link{{text: p.T("person.erasure.look"), href: erasureAddress(row.Person)}},
		})
	}
	x := actionPage{action: erasurePath, asks: erasureAsks(p), values: v, save: p.T("person.erasure.search"), back: adminLogPath}
	return write(c.w, c.r, status, erasuresBody(p, waits, x))
}

// findErasure leads to the person with a number. The number stands in no address.
func findErasure(c *call) error {
	p, err := c.officerPage()
	if err != nil {
		return err
	}
	v := c.r.PostForm
	f := readForm(p, erasureAsks(p), v, c.calendar())
	if len(f.faults) == 0 {
		found, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ErasureOf{Number: f.text("number")})
		refusal, refused := care.AsRefusal(err)
		switch {
		case err == nil:
			http.Redirect(c.w, c.r, erasureAddress(found.Person), http.StatusSeeOther)
			return nil
		case !refused || refusal.Kind == care.Denied:
			return err
		}
		f.refused(refusal.On("number"))
	}
	return c.erasures(v, f, http.StatusUnprocessableEntity)
}

// showErasure is how it stands with one person, and what can be done.
func showErasure(c *call) error { return c.erasure(url.Values{}, nil, http.StatusOK) }

func (c *call) erasureOf() (page, casework.ErasureView, error) {
	p, err := c.officerPage()
	if err != nil {
		return p, casework.ErasureView{}, err
	}
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.ErasureOf{Person: care.PersonKey(c.r.PathValue("person"))})
	return p, v, err
}

func proposeAsks(p page, v casework.ErasureView) []ask {
	return []ask{
		radioOf("decision", choice{value: string(v.Decides), label: p.T("person.erasure.decision." + string(v.Decides))}).called(p.T("person.erasure.who-decided")).needed(),
		lineOf("reference").called(p.T("person.erasure.reference")).with("erasure-reference").needed(),
	}
}

func approveAsks(p page) []ask {
	return []ask{someOf("sure", choice{value: "yes", label: p.T("person.erasure.sure")}).called(p.T("person.erasure.approve-title")).needed()}
}

func (c *call) erasure(values url.Values, f *filled, status int) error {
	p, v, err := c.erasureOf()
	if err != nil {
		return err
	}
	if f != nil {
		p.faults = f.faults
	}
	done := c.r.URL.Query().Get("done")
	if done == "propose" || done == "approve" || done == "withdraw" {
		p.told = &told{title: p.T("person.erasure.done." + done), text: p.T("person.erasure.done-text." + done)}
	}
	name := orElse(v.Named.Name, p.T("staff.nobody-named"))
	state := orElse(string(v.State.Status), "none")
	erased := v.State.Status == access.ErasureDone
	if erased {
		name = p.T("person.erasure.erased")
	}
	p.title = p.T("person.erasure.of", "name", name)
	x := erasurePage{facts: []fact{{name: p.T("person.erasure.person"), value: name}, {name: p.T("person.erasure.state"), value: p.T("person.erasure.status." + state)}}}
	if !erased && !v.Named.Born.IsZero() {
		x.facts = append(x.facts, fact{name: p.T("person.merge.born"), value: p.lang.Date(v.Named.Born)})
	}
	if v.State.Status != "" {
		x.facts = append(x.facts,
			fact{name: p.T("person.erasure.decided"), value: p.T("person.erasure.decision." + string(v.State.Decision))},
			fact{name: p.T("person.erasure.reference"), value: v.State.Reference},
			fact{name: p.T("person.erasure.by"), value: orElse(v.By, v.State.By)})
	}
	if erased {
		gone := p.T("person.erasure.gone-unknown")
		if !v.State.Gone.IsZero() {
			gone = p.lang.Date(v.State.Gone)
		}
		zone := care.CalendarOf(v.Regime).Zone()
		x.facts = append(x.facts, fact{name: p.T("person.erasure.erased-at"), value: p.lang.Date(care.DateOf(v.State.At, zone))}, fact{name: p.T("person.erasure.gone"), value: gone})
		return write(c.w, c.r, status, erasureBody(p, x))
	}
	if v.Hold {
		x.held = p.T("person.erasure.held")
	}
	x.does = c.erasing(p, v)
	form := func(do string, asks []ask, lead string) {
		sent := url.Values{}
		if values.Get("do") == do {
			sent = values
		}
		x.forms = append(x.forms, actionPage{
			action: erasureAddress(v.Person), title: p.T("person.erasure." + do + "-title"), danger: lead, asks: asks, values: sent, save: p.T("person.erasure." + do),
			back: erasurePath, hidden: []pair{{"key", c.keyOf()}, {"do", do}},
		})
	}
	switch {
	case v.State.Status != access.ErasureOpen && !v.Hold:
		form("propose", proposeAsks(p, v), p.T("person.erasure.propose-lead"))
	case v.State.Status == access.ErasureOpen:
		if v.Own {
			x.held = orElse(x.held, p.T("person.erasure.own"))
		} else if !v.Hold {
			form("approve", approveAsks(p), p.T("person.erasure.approve-lead"))
		}
		form("withdraw", nil, "")
	}
	return write(c.w, c.r, status, erasureBody(p, x))
}

// erasing says what erasing does, and from which day.
func (c *call) erasing(p page, v casework.ErasureView) []string {
	lines := []string{p.T("person.erasure.does-key"), p.T("person.erasure.does-sums"), p.T("person.erasure.does-back")}
	if v.KeyBackups > 0 {
		lines = append(lines, p.T("person.erasure.does-backups", "count", v.KeyBackups, "date", v.Gone))
	} else {
		lines = append(lines, p.T("person.erasure.does-unknown"))
	}
	if v.Also {
		lines = append(lines, p.T("person.erasure.does-also"))
	}
	return lines
}

// doErasure proposes, approves or withdraws.
func doErasure(c *call) error {
	p, v, err := c.erasureOf()
	if err != nil {
		return err
	}
	form := c.r.PostForm
	var asks []ask
	var command nameable
	do := form.Get("do")
	switch do {
	case "propose":
		asks = proposeAsks(p, v)
		command = access.ProposeErasure{Decision: access.ErasureDecision(form.Get("decision")), Reference: form.Get("reference")}
	case "approve":
		asks, command = approveAsks(p), access.ApproveErasure{}
	case "withdraw":
		command = access.WithdrawErasure{}
	default:
		return care.Missing("no-such-action", "There is no such thing to do here.")
	}
	if form.Get("key") == "" {
		return keyless()
	}
	f := readForm(p, asks, form, c.calendar())
	if len(f.faults) == 0 {
		_, err := c.s.service.Do(c.r.Context(), c.order(string(v.Person), command))
		refusal, refused := care.AsRefusal(err)
		switch {
		case err == nil:
			http.Redirect(c.w, c.r, erasureAddress(v.Person)+"?done="+do, http.StatusSeeOther)
			return nil
		case !refused || refusal.Kind == care.Denied:
			return err
		}
		f.refused(refusal)
	}
	return c.erasure(form, f, http.StatusUnprocessableEntity)
}
