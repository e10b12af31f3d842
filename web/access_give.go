package web

import (
	"net/http"
	"slices"
	"strings"

	"forlop/access"
	"forlop/care"
	"forlop/casework"
)

// givePage is one of the two parts of letting somebody in, or the look at the
// whole before they are asked.
type givePage struct {
	// stage is what the form sends: who, what or ask.
	stage  string
	intro  string
	who    *choiceField
	fields []field
	parts  *choiceField
	facts  []fact
	hidden []pair
	button string
	phone  string
	// again are the fields that lead back to the first part.
	again []pair
}

// A giving is what has been said so far about whom to let in.
type giving struct {
	to, name, number string
	parts            []access.Part
	until            string
}

// another is the answer to "who" for somebody who is not in the list.
const another = "another"

func (c *call) giving() giving {
	g := giving{to: c.r.PostFormValue("to"), name: clean(c.r.PostFormValue("name")), number: clean(c.r.PostFormValue("number")), until: c.r.PostFormValue("until")}
	for _, x := range c.r.PostForm["parts"] {
		g.parts = append(g.parts, access.Part(x))
	}
	return g
}

// giveForm lets somebody in, in two parts: who, then what and how long. Before
// they are asked, the patient sees the whole.
func giveForm(c *call) error {
	a, err := c.accessPage("access.give.title")
	if err != nil {
		return err
	}
	if c.r.Method == http.MethodGet {
		return c.draw(http.StatusOK, giveBody(a.p, c.giveWho(a, giving{})))
	}
	g := c.giving()
	stage := c.r.PostFormValue("stage")
	if stage == "who" || stage == "what" || stage == "ask" {
		err = a.checkWho(g)
	}
	at := "who"
	if err == nil && (stage == "what" || stage == "ask") {
		at, err = "what", a.checkWhat(g)
	}
	if err == nil && stage == "ask" {
		if err = c.offer(a, g); err == nil {
			return c.doneAccess("offered", len(a.v.State.Proxies)+1)
		}
		if at = stageOf(err); at == "who" && len(a.others()) == 0 {
			err = renamed(err, "to", "name")
		}
	}
	if err != nil {
		status, err := a.refusedForm(err)
		if err != nil {
			return err
		}
		if at == "who" {
			return c.draw(status, giveBody(a.p, c.giveWho(a, g)))
		}
		return c.draw(status, giveBody(a.p, c.giveWhat(a, g)))
	}
	switch stage {
	case "who":
		return c.draw(http.StatusOK, giveBody(a.p, c.giveWhat(a, g)))
	case "what":
		a.p.title = a.p.T("access.give.confirm-title")
		return c.draw(http.StatusOK, giveBody(a.p, c.giveAsk(a, g)))
	}
	return c.draw(http.StatusOK, giveBody(a.p, c.giveWho(a, g)))
}

// stageOf is the part in which a refusal can be put right.
func stageOf(err error) string {
	if r, ok := care.AsRefusal(err); ok && (r.Field == "parts" || r.Field == "until") {
		return "what"
	}
	return "who"
}

// renamed is a refusal about another field.
func renamed(err error, from, to string) error {
	if r, ok := care.AsRefusal(err); ok && r.Field == from {
		return r.On(to)
	}
	return err
}

// others are those who have, had or were asked for something before: they can be
// chosen by name.
func (a accessReader) others() []choice {
	var all []choice
	for _, p := range a.v.Known {
		if name := a.v.NameOf(p); name != "" && p != a.v.Person.Key {
			all = append(all, choice{value: string(p), label: name})
		}
	}
	return all
}

// checkWho refuses what is wrong about who, before anybody is looked up.
func (a accessReader) checkWho(g giving) error {
	if others := a.others(); len(others) > 0 && g.to != another {
		if g.to == "" || !slices.ContainsFunc(others, func(o choice) bool { return o.value == g.to }) {
			return care.Refuse("who-needed", "Choose who it is.").On("to")
		}
		return nil
	}
	switch {
	case g.name == "":
		return care.Refuse("name-missing", "Give the person's name.").On("name")
	case g.number == "":
		return care.Refuse("number-missing", "Write the person's national number.").On("number")
	}
	regimes := []care.Regime{care.Norway, care.Sweden}
	if a.regime() == care.Sweden {
		slices.Reverse(regimes)
	}
	var first error
	for _, r := range regimes {
		_, err := care.ParseNationalNumber(r, g.number, a.day(a.v.Now))
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return onField(first, "number")
}

// checkWhat refuses what is wrong about what and how long.
func (a accessReader) checkWhat(g giving) error {
	if len(g.parts) == 0 {
		return care.Refuse("parts-needed", "Choose at least one part.").On("parts")
	}
	if _, err := care.ParseDate(g.until); err != nil {
		return onField(err, "until")
	}
	return nil
}

// offer asks the relative. Somebody from the list is known by key; everyone else
// by name and number, both right.
func (c *call) offer(a accessReader, g giving) error {
	until, err := care.ParseDate(g.until)
	if err != nil {
		return onField(err, "until")
	}
	order := access.OfferProxy{Parts: g.parts, Until: until}
	if g.to != "" && g.to != another {
		order.To = care.PersonKey(g.to)
		return c.act(string(a.v.Person.Key), order)
	}
	if c.r.PostFormValue("key") == "" {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	_, err = c.s.service.OfferProxy(c.r.Context(), c.who, c.r.PostFormValue("key"), g.number, g.name, order)
	return err
}

// called is what the one who is let in is called: by the list, or as typed.
func (a accessReader) called(g giving) string {
	if g.to != "" && g.to != another {
		return a.relative(care.PersonKey(g.to))
	}
	return g.name
}

func (c *call) giveWho(a accessReader, g giving) givePage {
	v := givePage{
		stage: "who", intro: a.p.T("access.give.step", "part", "1") + ". " + a.p.T("access.give.intro"), button: a.p.T("access.give.next"),
		phone:  a.p.T("access.give.phone", "who", a.p.help.name),
		fields: []field{{name: "name", label: a.p.T("access.give.name"), hint: a.p.T("access.give.name-hint"), value: g.name, max: 200}, {name: "number", label: a.p.T("access.give.number"), hint: a.p.T("access.give.number-hint"), value: g.number, max: 20}},
		hidden: []pair{{"key", c.keyOf()}, {"until", g.until}},
	}
	for _, part := range g.parts {
		v.hidden = append(v.hidden, pair{"keep", string(part)})
	}
	if others := a.others(); len(others) > 0 {
		v.who = &choiceField{name: "to", legend: a.p.T("access.give.who"), choices: append(others, choice{value: another, label: a.p.T("access.give.another")})}
		for i := range v.who.choices {
			v.who.choices[i].chosen = v.who.choices[i].value == g.to
		}
		for i := range v.fields {
			v.fields[i].label = a.p.T("access.give.if-another", "label", v.fields[i].label)
		}
	}
	return v
}

// whoPairs are the fields of the first part, carried along.
func (g giving) whoPairs() []pair {
	return []pair{{"to", g.to}, {"name", g.name}, {"number", g.number}}
}

func (c *call) giveWhat(a accessReader, g giving) givePage {
	who := a.called(g)
	if kept := c.r.PostForm["keep"]; len(g.parts) == 0 {
		for _, x := range kept {
			g.parts = append(g.parts, access.Part(x))
		}
	}
	if g.until == "" {
		// A year, as where nobody says.
		g.until = a.calendar().Add(a.day(a.v.Now), care.Span{N: 12, Unit: care.Months}).String()
	}
	v := givePage{
		stage: "what", intro: a.p.T("access.give.step", "part", "2") + ".", button: a.p.T("access.give.next"),
		parts:  &choiceField{name: "parts", legend: a.p.T("access.give.parts", "who", who), hint: a.p.T("access.give.parts-hint"), many: true},
		fields: []field{{name: "until", label: a.p.T("access.give.until"), hint: a.p.T("access.give.until-hint"), kind: "date", value: g.until}},
		hidden: append([]pair{{"key", c.keyOf()}}, g.whoPairs()...),
	}
	for _, part := range access.Parts {
		v.parts.choices = append(v.parts.choices, choice{value: string(part), label: upperFirst(a.p.T("access.part." + string(part))), chosen: slices.Contains(g.parts, part)})
	}
	return v
}

// giveAsk shows what the relative will be able to do, before they are asked.
func (c *call) giveAsk(a accessReader, g giving) givePage {
	who := a.called(g)
	v := givePage{stage: "ask", intro: a.p.T("access.give.confirm-intro", "who", who), button: a.p.T("access.give.ask", "who", who), hidden: append([]pair{{"key", c.keyOf()}, {"until", g.until}}, g.whoPairs()...)}
	var cannot []access.Part
	for _, part := range access.Parts {
		if slices.Contains(g.parts, part) {
			v.hidden = append(v.hidden, pair{"parts", string(part)})
		} else {
			cannot = append(cannot, part)
		}
	}
	until, _ := care.ParseDate(g.until) // it was read once before
	v.facts = []fact{{name: a.p.T("access.give.who"), value: who}}
	if g.number != "" && (g.to == "" || g.to == another) {
		v.facts = append(v.facts, fact{name: a.p.T("access.give.number-said"), value: g.number})
	}
	v.facts = append(v.facts, fact{name: a.p.T("access.give.can"), value: upperFirst(a.parts(g.parts))})
	if len(cannot) > 0 {
		v.facts = append(v.facts, fact{name: a.p.T("access.give.cannot"), value: upperFirst(a.parts(cannot))})
	}
	v.facts = append(v.facts, fact{name: a.p.T("access.give.until-said"), value: a.p.date(until)})
	v.again = append([]pair{{"stage", "again"}}, v.hidden...)
	return v
}

// upperFirst makes a part of a sentence stand alone.
func upperFirst(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// A proxyPage is one relative's access and what the patient can do with it.
type proxyPage struct {
	base   string
	facts  []fact
	notice string
	limit  *choiceField
	more   string
	renew  string
	revoke string
	button string
	keys   [3]string
}

// proxy is the proxy that the address names.
func (c *call) proxy(a accessReader) (access.ProxyState, error) {
	n, ok := ordinal(c.r.PathValue("proxy"))
	if !ok || n > len(a.v.State.Proxies) {
		return access.ProxyState{}, care.Missing("proxy-unknown", "There is no such proxy.")
	}
	return a.v.State.Proxies[n-1], nil
}

// showProxy is one relative's access: what, until when, and the ways to change it.
func showProxy(c *call) error {
	a, x, err := c.proxyOf()
	if err != nil {
		return err
	}
	return c.drawProxy(a, x, http.StatusOK)
}

func (c *call) proxyOf() (accessReader, access.ProxyState, error) {
	a, err := c.accessPage("access.title")
	if err != nil {
		return a, access.ProxyState{}, err
	}
	x, err := c.proxy(a)
	return a, x, err
}

func (c *call) drawProxy(a accessReader, x access.ProxyState, status int) error {
	who := a.relative(x.To)
	a.p.title = who
	v := proxyPage{base: proxyAddress(x.Number), keys: [3]string{formKey(), formKey(), formKey()}}
	v.facts = []fact{{name: a.p.T("access.one.may"), value: upperFirst(a.parts(x.Term.Parts))}}
	over := a.v.Now.After(x.Term.Ends)
	switch {
	case x.Status == access.ProxyOpen:
		v.notice = a.p.T("access.relatives.offered")
		if !x.Lapses.IsZero() {
			v.facts = append(v.facts, fact{name: a.p.T("access.one.open-until"), value: a.lastDay(x.Lapses)})
		}
		v.facts = append(v.facts, fact{name: a.p.T("access.one.until"), value: a.lastDay(x.Term.Ends)})
		v.revoke, v.button = a.p.T("access.one.revoke-intro", "who", who), a.p.T("access.one.take-back")
	case x.Status == access.ProxyActive && !over:
		v.facts = append(v.facts, fact{name: a.p.T("access.one.since"), value: a.date(x.From)}, fact{name: a.p.T("access.one.until"), value: a.lastDay(x.Term.Ends)})
		if a.ending(x.Number) {
			v.notice = a.p.T("access.relatives.ending")
		}
		v.renew, v.revoke, v.button = a.p.T("access.one.renew-intro"), a.p.T("access.one.revoke-intro", "who", who), a.p.T("access.one.revoke")
		v.more = a.p.T("access.one.more", "who", who)
		if len(x.Term.Parts) > 1 {
			v.limit = &choiceField{name: "parts", legend: a.p.T("access.one.limit-legend", "who", who), many: true}
			for _, part := range x.Term.Parts {
				chosen := c.r.Method == http.MethodGet || slices.Contains(c.giving().parts, part)
				v.limit.choices = append(v.limit.choices, choice{value: string(part), label: upperFirst(a.p.T("access.part." + string(part))), chosen: chosen})
			}
		}
	case x.Status == access.ProxyRests && !over:
		v.notice = a.p.T("access.relatives.rests")
		v.renew, v.revoke, v.button = a.p.T("access.one.renew-intro"), a.p.T("access.one.revoke-intro", "who", who), a.p.T("access.one.revoke")
	default:
		return care.Missing("proxy-unknown", "There is no such proxy.")
	}
	return c.draw(status, proxyBody(a.p, v))
}

func limitProxy(c *call) error {
	return c.changeProxy("limited", func(n int) interface{ Name() string } { return access.LimitProxy{Proxy: n, Parts: c.giving().parts} })
}

func renewProxy(c *call) error {
	return c.changeProxy("renewed", func(n int) interface{ Name() string } { return access.RenewProxy{Proxy: n} })
}

func revokeProxy(c *call) error {
	return c.changeProxy("revoked", func(n int) interface{ Name() string } { return access.RevokeProxy{Proxy: n} })
}

// changeProxy carries out one button of a relative's page.
func (c *call) changeProxy(done string, command func(int) interface{ Name() string }) error {
	a, x, err := c.proxyOf()
	if err != nil {
		return err
	}
	return c.onePress(a, command(x.Number), done, x.Number, func(a accessReader, status int) error { return c.drawProxy(a, x, status) })
}

// noticesForm chooses who gets the reader's notices: the reader, or a relative who
// may read messages.
func noticesForm(c *call) error {
	a, err := c.accessPage("access.notices.title")
	if err != nil {
		return err
	}
	const mine = "me"
	f := sheet{
		action: accessPath + "/notices", intro: a.p.T("access.notices.intro"), button: a.p.T("form.save"), back: accessPath,
		choose: &choiceField{name: "to", legend: a.p.T("access.notices.label"), choices: []choice{{value: mine, label: a.p.T("access.notices.me")}}},
	}
	for _, r := range a.v.Relatives {
		if a.takesNotices(r) {
			f.choose.choices = append(f.choose.choices, choice{value: string(r.Person), label: a.relative(r.Person)})
		}
	}
	if len(f.choose.choices) == 1 {
		f.intro = a.p.T("access.notices.nobody")
	}
	now := string(a.v.Notices)
	if now == "" {
		now = mine
	}
	to := c.r.PostFormValue("to")
	for i := range f.choose.choices {
		x := &f.choose.choices[i]
		x.chosen = x.value == to || to == "" && x.value == now
	}
	if c.r.Method == http.MethodGet {
		return c.showForm(a.p, f, nil)
	}
	known := slices.ContainsFunc(f.choose.choices, func(x choice) bool { return x.value == to })
	switch {
	case !known:
		err = care.Refuse("who-needed", "Choose who it is.").On("to")
	case to == mine:
		err = c.act(string(a.v.Person.Key), access.DirectNotices{})
	default:
		err = c.act(string(a.v.Person.Key), access.DirectNotices{To: care.PersonKey(to)})
	}
	if err != nil {
		return c.showForm(a.p, f, err)
	}
	return c.doneAccess("notices", 0)
}

// takesNotices reports whether a relative may read what notices are about.
func (a accessReader) takesNotices(r casework.RelativeView) bool {
	basis, parts, ok := a.v.State.Acts(r.Person, a.v.Now)
	return ok && basis == r.Basis && (slices.Contains(parts, access.Messages) || basis == access.Guardian && slices.Contains(parts, access.Plan))
}
