package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"forlop/access"
	"forlop/care"
)

// A stopPage is the form that shuts somebody out, and what it means.
type stopPage struct {
	action string
	intro  string
	// kinds are the kinds of block to choose from; where there is one, means says
	// what it means and hidden carries it.
	kinds  *choiceField
	means  []string
	help   []string
	ask    string
	words  field
	hidden []pair
	links  []link
}

// stopAddress is the form that shuts out a unit, a person, or everybody but a unit.
func stopAddress(what, id string) string {
	return accessPath + "/stop?" + url.Values{what: {id}}.Encode()
}

// stopped is whom the form shuts out. Only who can see the reader, or has looked,
// can be named: the address tells nothing about anybody else.
func (a accessReader) stopped(q url.Values) (access.Against, error) {
	unit, person, but := care.UnitID(q.Get("unit")), q.Get("person"), care.UnitID(q.Get("but"))
	switch {
	case person != "" && a.professional(person) != "" && a.regime() != care.Sweden:
		return access.Against{Professional: person}, nil
	case unit != "" && a.known(unit):
		return access.Against{Unit: unit}, nil
	case but != "" && a.known(but):
		return access.Against{But: but}, nil
	}
	return access.Against{}, care.Missing("stop-unknown", "We find nobody there to shut out. Look in the list of those who can see.")
}

// known reports whether a unit helps the reader or has looked.
func (a accessReader) known(u care.UnitID) bool {
	for _, x := range a.v.Units {
		if x.Unit.Post.Unit == u {
			return true
		}
	}
	for _, l := range a.v.Looks {
		if l.Post.Unit == u {
			return true
		}
	}
	return false
}

// strengths are the kinds of block that the law has for a target.
func (a accessReader) strengths(x access.Against) []access.Strength {
	switch {
	case a.regime() == care.Sweden:
		return []access.Strength{access.Inner, access.Outer}
	case x.Professional != "":
		return []access.Strength{access.Closed, access.Shut}
	}
	return []access.Strength{access.Closed}
}

// stopForm says what a block means here, and sets it.
func stopForm(c *call) error {
	a, err := c.accessPage("access.title")
	if err != nil {
		return err
	}
	x, err := a.stopped(c.r.URL.Query())
	if err != nil {
		return err
	}
	status := http.StatusOK
	strength := access.Strength(c.r.PostFormValue("strength"))
	if c.r.Method == http.MethodPost {
		order := access.Block{Against: x, Strength: strength, Words: clean(c.r.PostFormValue("words"))}
		if err = c.act(string(a.v.Person.Key), order); err == nil {
			return c.doneAccess("blocked", len(a.v.State.Blocks)+1)
		}
		if status, err = a.refusedForm(err); err != nil {
			return err
		}
	}
	s := a.stop(x, strength)
	s.words.value = c.r.PostFormValue("words")
	s.hidden = append(s.hidden, pair{"key", c.keyOf()})
	a.p.title = a.stopTitle(x)
	return c.draw(status, stopBody(a.p, s))
}

func (a accessReader) stopTitle(x access.Against) string {
	if x.But != "" {
		return a.p.T("access.stop.title-but", "who", a.unit(x.But))
	}
	return a.p.T("access.stop.title", "who", a.against(x))
}

// stop is the form for a target.
func (a accessReader) stop(x access.Against, chosen access.Strength) stopPage {
	who := a.against(x)
	s := stopPage{
		intro: a.p.T("access.stop.intro", "who", who), ask: a.p.T("access.stop.ask", "who", a.unit(a.v.Person.Contact.Unit)),
		words: field{name: "words", label: a.p.T("access.stop.words"), hint: a.p.T("access.stop.words-hint"), rows: 3, max: longestText, optional: true},
	}
	switch {
	case x.Professional != "":
		s.action, s.help = stopAddress("person", x.Professional), []string{a.p.T("access.stop.help-person")}
		for _, l := range a.v.Looks {
			if l.Actor.Kind == care.Professional && l.Actor.ID == x.Professional && l.Post.Unit != "" {
				s.links = append(s.links, link{text: a.p.T("access.stop.unit-instead", "who", a.unit(l.Post.Unit)), href: stopAddress("unit", string(l.Post.Unit))})
				break
			}
		}
	case x.But != "":
		s.action, s.help = stopAddress("but", string(x.But)), []string{a.p.T("access.stop.help-but")}
		s.intro = a.p.T("access.stop.intro-but", "who", a.unit(x.But))
	default:
		s.action, s.help = stopAddress("unit", string(x.Unit)), []string{a.p.T("access.stop.help-unit", "who", who)}
		s.links = append(s.links, link{text: a.p.T("access.stop.but-link", "who", who), href: stopAddress("but", string(x.Unit))})
		if a.regime() == care.Sweden {
			s.help = append(s.help, a.p.T("access.stop.person-sweden"))
		}
	}
	s.help = append(s.help, a.p.T("access.stop.danger"))
	kinds := a.strengths(x)
	if len(kinds) == 1 {
		s.means, s.hidden = []string{a.p.T("access.strength." + string(kinds[0]))}, []pair{{"strength", string(kinds[0])}}
		return s
	}
	if !slices.Contains(kinds, chosen) {
		chosen = kinds[0]
	}
	s.kinds = &choiceField{name: "strength", legend: a.p.T("access.stop.strength")}
	for _, k := range kinds {
		s.kinds.choices = append(s.kinds.choices, choice{
			value: string(k), label: a.p.T("access.stop.kind." + string(k)), hint: a.p.T("access.strength." + string(k)), chosen: k == chosen,
		})
	}
	return s
}

// A liftPage is a block that stands, and the ways to open again: for good, or for
// a time.
type liftPage struct {
	action, some string
	intro        string
	facts        []fact
	someIntro    string
	until        field
	key, someKey string
}

// block is the block that the address names, while it stands.
func (c *call) block(a accessReader) (access.BlockState, error) {
	n, err := strconv.Atoi(c.r.PathValue("block"))
	if err != nil || n < 1 || n > len(a.v.State.Blocks) || a.v.State.Blocks[n-1].Status != access.BlockStands {
		return access.BlockState{}, care.Missing("block-unknown", "There is no such block.")
	}
	return a.v.State.Blocks[n-1], nil
}

// liftForm shows a block, and takes it away.
func liftForm(c *call) error {
	a, err := c.accessPage("access.title")
	if err != nil {
		return err
	}
	b, err := c.block(a)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if c.r.Method == http.MethodPost {
		if err = c.act(string(a.v.Person.Key), access.LiftBlock{Block: b.Number}); err == nil {
			return c.doneAccess("lifted", b.Number)
		}
		if status, err = a.refusedForm(err); err != nil {
			return err
		}
	}
	return c.drawLift(a, b, status)
}

func (c *call) drawLift(a accessReader, b access.BlockState, status int) error {
	who := a.inside(b.Against)
	a.p.title = a.p.T("access.lift.title", "who", who)
	l := liftPage{
		action: blockPath(b.Number), intro: a.p.T("access.lift.intro", "who", who), key: formKey(), someKey: formKey(),
	}
	if b.Against.But != "" {
		l.intro = a.p.T("access.lift.intro-but")
	}
	l.facts = []fact{{name: a.p.T("access.stop.means"), value: a.p.T("access.strength." + string(b.Strength))}}
	if said := a.v.Text[b.Version]["words"]; said != "" {
		l.facts = append(l.facts, fact{name: a.p.T("me.earlier"), value: said})
	}
	// Only what opens by consent opens for a time, and only for a unit.
	if b.Against.Unit != "" && (b.Strength == access.Closed || b.Strength == access.Inner) {
		l.some, l.someIntro = blockPath(b.Number)+"/for-a-time", a.p.T("access.lift.some-intro", "who", who)
		l.until = field{name: "until", label: a.p.T("access.lift.until"), kind: "date", value: c.r.PostFormValue("until")}
	}
	return c.draw(status, liftBody(a.p, l))
}

// openForATime lets the unit that a block holds back see until a day.
func openForATime(c *call) error {
	a, err := c.accessPage("access.title")
	if err != nil {
		return err
	}
	b, err := c.block(a)
	if err != nil {
		return err
	}
	if b.Against.Unit == "" {
		return care.Missing("block-unknown", "There is no such block.")
	}
	until, err := care.ParseDate(c.r.PostFormValue("until"))
	if err != nil {
		err = care.Refuse("date-needed", "Write the date.").On("until")
	} else {
		err = c.act(string(a.v.Person.Key), access.GiveConsent{Unit: b.Against.Unit, Until: until})
	}
	if err == nil {
		return c.doneAccess("consented", b.Number)
	}
	status, err := a.refusedForm(err)
	if err != nil {
		return err
	}
	return c.drawLift(a, b, status)
}
