package web

import (
	"net/http"
	"net/url"
	"strconv"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway/publication"
)

// An authorAct is one act of the pathway's stream: what its form asks, and the
// order that comes of it.
type authorAct struct {
	fields func(c *call, p page, s *source) []authorField
	order  func(c *call, s *source, v url.Values) (publication.Command, error)
}

// An authorField is a field of an act's form: one to write in, or a choice.
type authorField struct {
	write  *field
	choose *choiceField
}

func why(p page) authorField {
	return authorField{write: &field{name: "why", label: p.T("staff.author.field.why"), hint: p.T("staff.author.field.why-hint"), rows: 3, max: 2000}}
}

func day(p page, name, label string, optional bool) authorField {
	return authorField{write: &field{name: name, label: label, kind: "date", optional: optional}}
}

func noFields(*call, page, *source) []authorField { return nil }

func whyOnly(_ *call, p page, _ *source) []authorField { return []authorField{why(p)} }

// authorDoings are the acts by the name that stands in the address.
var authorDoings = map[string]authorAct{
	"publish": {noFields, nil}, // these two bring a folder along: see carryOut
	"reword":  {noFields, nil},
	"approve": {noFields, func(_ *call, s *source, _ url.Values) (publication.Command, error) {
		return publication.Approve{Version: s.ref().Version}, nil
	}},
	"use":   {useFields(true), proposeUse(false)},
	"adopt": {useFields(false), proposeUse(true)},
	"retire": {whyOnly, func(_ *call, s *source, v url.Values) (publication.Command, error) {
		return publication.ProposeRetirement{Version: s.ref().Version, Why: clean(v.Get("why"))}, nil
	}},
	"roll-back": {func(c *call, p page, s *source) []authorField {
		units := c.unitChoices(p, s, true)
		return []authorField{{choose: &units}, why(p)}
	}, func(_ *call, _ *source, v url.Values) (publication.Command, error) {
		return publication.ProposeRollback{Unit: chosenUnit(v), Why: clean(v.Get("why"))}, nil
	}},
	"review": {func(_ *call, p page, _ *source) []authorField {
		return []authorField{day(p, "next", p.T("staff.author.field.next"), false), why(p)}
	}, func(_ *call, s *source, v url.Values) (publication.Command, error) {
		next, err := formDate(v, "next")
		return publication.Review{Version: s.ref().Version, Next: next, Why: clean(v.Get("why"))}, err
	}},
	"confirm": {noFields, func(c *call, _ *source, _ url.Values) (publication.Command, error) {
		return publication.Confirm{Proposal: c.number()}, nil
	}},
	"withdraw": {whyOnly, func(c *call, _ *source, v url.Values) (publication.Command, error) {
		return publication.Withdraw{Proposal: c.number(), Why: clean(v.Get("why"))}, nil
	}},
	"settle": {whyOnly, func(c *call, _ *source, v url.Values) (publication.Command, error) {
		return publication.SettleNotice{Notice: c.number(), Why: clean(v.Get("why"))}, nil
	}},
}

func useFields(whole bool) func(*call, page, *source) []authorField {
	return func(c *call, p page, s *source) []authorField {
		units := c.unitChoices(p, s, whole)
		return []authorField{{choose: &units}, day(p, "from", p.T("staff.author.field.from"), true)}
	}
}

func proposeUse(adopt bool) func(*call, *source, url.Values) (publication.Command, error) {
	return func(_ *call, s *source, v url.Values) (publication.Command, error) {
		from, err := formDate(v, "from")
		return publication.ProposeUse{Version: s.ref().Version, Unit: chosenUnit(v), From: from, Adopt: adopt}, err
	}
}

// formDate reads a date of a form; an empty one is zero.
func formDate(v url.Values, name string) (care.Date, error) {
	if v.Get(name) == "" {
		return care.Date{}, nil
	}
	d, err := care.ParseDate(v.Get(name))
	if err != nil {
		return d, care.Refuse("form-date", "That is not a date. Write it as 2026-01-05.").On(name)
	}
	return d, nil
}

// number is the proposal or notice that an address names.
func (c *call) number() int {
	n, err := strconv.Atoi(c.r.URL.Query().Get("n"))
	if err != nil {
		return 0 // there is no such proposal, and the answer says so
	}
	return n
}

func itoaPlain(n int) string { return strconv.Itoa(n) }

// authorForm is the form of one act.
type authorForm struct {
	tabs   []link
	about  []fact
	says   string
	fields []authorField
	key    string
	action string
	button string
	back   string
}

func showAuthorAct(c *call) error { return c.authorAct(nil) }

// authorAct draws the form of an act, with what was wrong the last time it was
// sent.
func (c *call) authorAct(wrong error) error {
	name := c.r.PathValue("act")
	act, ok := authorDoings[name]
	if !ok {
		return care.Missing("no-such-action", "There is no such action.")
	}
	p, s, err := c.author("")
	if err != nil {
		return err
	}
	p.title = p.T("staff.author.do."+name) + ": " + s.title(p)
	status := http.StatusOK
	if wrong != nil {
		r, refused := care.AsRefusal(wrong)
		if !refused {
			return wrong
		}
		status = statusOf(wrong)
		if r.Code == "pathway-second-person" {
			status = http.StatusForbidden // one person is never both
		}
		p.faults = []fault{{field: faultField(act.fields(c, p, s), r.Field), text: p.refusal(r)}}
	}
	f := authorForm{
		tabs: authorTabs(p, s, "publish"), about: aboutVersion(p, s), says: p.T("staff.author.says." + name), fields: act.fields(c, p, s),
		key: c.keyOf(), action: c.r.URL.RequestURI(), button: p.T("staff.author.do." + name), back: pathwayAddress(s.ref(), "/publish"),
	}
	for _, x := range f.fields {
		if x.write != nil {
			x.write.value = c.r.PostFormValue(x.write.name)
		}
		if x.choose != nil {
			for i := range x.choose.choices {
				if sent := c.r.PostFormValue(x.choose.name); sent != "" {
					x.choose.choices[i].chosen = x.choose.choices[i].value == sent
				}
			}
		}
	}
	return write(c.w, c.r, status, authorFormBody(p, f))
}

// faultField is the field that a refusal is about, where the form has it.
func faultField(fields []authorField, name string) string {
	for _, f := range fields {
		if f.write != nil && f.write.name == name || f.choose != nil && f.choose.name == name {
			return name
		}
	}
	return ""
}

// doAuthorAct carries an act out and leads back to how the version stands.
func doAuthorAct(c *call) error {
	name := c.r.PathValue("act")
	act, ok := authorDoings[name]
	if !ok {
		return care.Missing("no-such-action", "There is no such action.")
	}
	s, err := c.source(c.r.PathValue("id"), c.r.PathValue("version"))
	if err != nil {
		return err
	}
	if err := c.carryOut(name, act, s); err != nil {
		if r, refused := care.AsRefusal(err); refused && r.Kind != care.NotFound {
			return c.authorAct(err)
		}
		return err
	}
	http.Redirect(c.w, c.r, pathwayAddress(s.ref(), "/publish?done="+name), http.StatusSeeOther)
	return nil
}

func (c *call) carryOut(name string, act authorAct, s *source) error {
	if c.r.PostFormValue("key") == "" {
		return care.Refuse("form-without-key", "This form is from an old page. Open the page again and send it once more.")
	}
	switch {
	case name == "publish":
		_, _, err := c.s.service.PublishPathway(c.r.Context(), c.who, c.r.PostFormValue("key"), s.files, publication.Publish{})
		return err
	case name == "reword" && s.words == nil:
		return care.Missing("no-such-action", "There is no such action.")
	case name == "reword":
		_, _, err := c.s.service.ProposeWords(c.r.Context(), c.who, c.r.PostFormValue("key"), s.ref(), s.words)
		return err
	}
	command, err := act.order(c, s, c.r.PostForm)
	if err != nil {
		return err
	}
	_, err = c.s.service.Do(c.r.Context(), casework.Order{Who: c.who, Key: c.r.PostFormValue("key"), Target: s.ref().ID, Command: command})
	return err
}
