package web

import (
	"net/http"
	"net/url"
	"strconv"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// judged asks for something to be judged from each post of the reader's that may
// be whom it waits for, and makes their page from that post.
func judged[A any](c *call, q casework.Question[A]) (A, page, error) {
	var v A
	var err error = access.Denied()
	for _, post := range c.s.service.JudgesFrom(c.who.Actor.ID) {
		c.who.Post = post
		v, err = casework.View(c.r.Context(), c.s.service, c.who, q)
		if err == nil {
			p, err := c.staffPage("")
			return v, p, err
		}
		if refusal, refused := care.AsRefusal(err); !refused || refusal.Kind != care.NotFound {
			return v, page{}, err
		}
	}
	return v, page{}, err
}

// ownerName is a post and who fills it.
func ownerName(p page, post casework.PostView) string {
	name := postName(p, post)
	if len(post.Holders) > 0 {
		name += ", " + p.lang.List(post.Holders)
	}
	return name
}

func matterAddress(unit care.UnitID, n int) string {
	return adminLogPath + "/" + url.PathEscape(string(unit)) + "/" + strconv.Itoa(n)
}

// matterTitle says what a finding or a sample is, in words.
func (c *call) matterTitle(p page, m casework.MatterView, names map[string]string) string {
	if m.IsSample() {
		return p.T("oversight.sample", "from", c.calendar().Date(m.First))
	}
	return p.T("oversight.pattern."+string(m.Pattern), "who", orElse(names[m.Actor], m.Actor), "whom", orElse(names[string(m.Person)], p.T("staff.nobody-named")))
}

// matterWhen says how many looks there are and from when to when.
func (c *call) matterWhen(p page, m casework.MatterView) string {
	last := m.Last
	if m.IsSample() {
		last = last.AddDate(0, 0, -1) // the time that was drawn from ends before it
	}
	return p.T("oversight.pattern-when", "n", len(m.Looks), "from", c.calendar().Date(m.First), "until", c.calendar().Date(last))
}

// matters are what the log was found to hold: what waits, with who decides by
// when, and what was decided.
func (c *call) matters(p page, v casework.OversightView) (open, decided []thingView) {
	for _, m := range v.Open {
		due := c.calendar().LastDay(m.Due)
		open = append(open, thingView{
			title: c.matterTitle(p, m, v.Names), due: p.T("oversight.decide-by", "date", due), late: due.Before(p.today),
			owner: ownerName(p, v.Post(m.Owner)), lines: []string{c.matterWhen(p, m)},
			links: []link{{text: p.T("oversight.decide"), href: matterAddress(m.Unit, m.Number)}},
		})
	}
	for _, m := range v.Decided {
		decided = append(decided, thingView{
			title: c.matterTitle(p, m, v.Names), state: p.T("oversight.decision." + string(m.Verdict)),
			owner: p.T("oversight.decided-by", "who", orElse(v.Names[m.Decider], m.Decider), "date", c.calendar().Date(m.Decided)),
			links: []link{{text: p.T("oversight.read"), href: matterAddress(m.Unit, m.Number)}},
		})
	}
	return open, decided
}

// decideMatter is one finding or sample with its looks, and the decision on it by
// somebody who made none of them.
func decideMatter(c *call) error {
	n, err := strconv.Atoi(c.r.PathValue("matter"))
	if err != nil {
		return care.Missing("matter-unknown", "There is no such finding or sample.")
	}
	v, p, err := judged(c, casework.GetMatter{Unit: care.UnitID(c.r.PathValue("unit")), Matter: n})
	if err != nil {
		return err
	}
	return c.matter(p, v)
}

// showSample is the newest sample of the reader's own unit.
func showSample(c *call) error {
	p, err := c.officerPage()
	if err != nil {
		return err
	}
	v, err := casework.View(c.r.Context(), c.s.service, c.who, casework.LogSample{})
	if refusal, refused := care.AsRefusal(err); refused && refusal.Kind == care.NotFound {
		p.title = p.T("oversight.samples")
		return write(c.w, c.r, http.StatusOK, matterBody(p, actionPage{danger: p.T("oversight.no-sample")}, nil))
	}
	if err != nil {
		return err
	}
	return c.matter(p, v)
}

func (c *call) matter(p page, v casework.MatterPage) error {
	p.title = c.matterTitle(p, v.MatterView, v.Names)
	name := func(k care.PersonKey) string { return v.Names[string(k)] }
	t := c.logTable(p, v.Looks, name, name)
	x := actionPage{
		action: matterAddress(v.Unit, v.Number), save: p.T("oversight.save-decision"),
		about: []fact{
			{name: p.T("oversight.looks"), value: c.matterWhen(p, v.MatterView)},
			{name: p.T("oversight.who-decides"), value: ownerName(p, v.Post(v.Owner))},
			{name: p.T("oversight.latest"), value: p.lang.Date(c.calendar().LastDay(v.Due))},
		},
	}
	x.lines = []string{p.T("oversight.patterns-lead")}
	if v.IsSample() {
		x.lines = []string{p.T("oversight.sample-lead", "seed", strconv.FormatUint(v.Seed, 10))}
	}
	draw := func(values url.Values, status int) error {
		x.values, x.hidden = values, []pair{{"key", c.keyOf()}, {"seen", strconv.Itoa(v.Version)}}
		return write(c.w, c.r, status, matterBody(p, x, &t))
	}
	switch {
	case !v.Open():
		x.about = append(x.about[:2],
			fact{name: p.T("oversight.decision-label"), value: p.T("oversight.decision." + string(v.Verdict))},
			fact{name: p.T("oversight.said"), value: v.Words},
			fact{name: p.T("oversight.decided-name"), value: p.T("oversight.decided-by", "who", orElse(v.Names[v.Decider], v.Decider), "date", c.calendar().Date(v.Decided))})
		return draw(url.Values{}, http.StatusOK)
	case v.Own:
		x.danger = p.T("oversight.own-look")
		return draw(url.Values{}, http.StatusOK)
	}
	var choices []choice
	for _, verdict := range v.Verdicts() {
		choices = append(choices, choice{value: string(verdict), label: p.T("oversight.decision." + string(verdict))})
	}
	x.asks = []ask{
		radioOf("verdict", choices...).called(p.T("oversight.decision-ask")).needed(),
		wordsOf("words").called(p.T("oversight.words")).with("oversight-decision").needed(),
	}
	if c.r.Method != http.MethodPost {
		return draw(url.Values{}, http.StatusOK)
	}
	if c.r.PostFormValue("key") == "" {
		return keyless()
	}
	f := readForm(p, x.asks, c.r.PostForm, c.calendar())
	if len(f.faults) == 0 {
		o := c.order(string(v.Unit), access.DecideMatter{Matter: v.Number, Verdict: access.Verdict(f.text("verdict")), Words: f.text("words")})
		if seen, err := strconv.Atoi(c.r.PostFormValue("seen")); err == nil {
			o.Seen = care.Seen(seen)
		}
		_, err := c.s.service.Do(c.r.Context(), o)
		refusal, refused := care.AsRefusal(err)
		switch {
		case err == nil:
			http.Redirect(c.w, c.r, adminLogPath+"?done=decided", http.StatusSeeOther)
			return nil
		case !refused || refusal.Kind == care.Denied:
			return err
		}
		f.refused(refusal)
	}
	p.faults = f.faults
	return draw(c.r.PostForm, http.StatusUnprocessableEntity)
}
