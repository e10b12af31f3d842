package web

import (
	"slices"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
)

// A press is a button that does at once what the engine proposes. about names
// the thing for those who hear the button alone.
type press struct {
	action, label, about string
	hidden               []pair
}

// staffPage is a page for one who works: where they can go, who they are and
// from which post they act.
func (c *call) staffPage(title string) (page, error) {
	p := newPage(c.r, forStaff, accountLanguage(c.r))
	p.title, p.home, p.help, p.called = title, "/work", c.s.help, c.s.calls(c.r, p.lang)
	name, err := c.s.service.Called(c.r.Context(), c.who.Actor)
	if err != nil {
		return p, err
	}
	c.name = name
	p.signedIn = name
	p.today = c.calendar().Date(c.s.service.Now())
	for _, l := range []link{
		{text: p.T("staff.nav.work"), href: "/work"},
		{text: p.T("staff.nav.referrals"), href: "/referrals"},
		{text: p.T("staff.nav.meetings"), href: "/meetings"},
		{text: p.T("schedule.nav"), href: schedulePath},
		{text: p.T("staff.nav.interventions"), href: interventionsPath},
		{text: p.T("letter.nav"), href: lettersPath},
		{text: p.T("letter.calls"), href: callsPath},
		{text: p.T("staff.nav.find"), href: "/find"},
		{text: p.T("staff.nav.pathways"), href: "/pathways"},
	} {
		l.current = c.r.URL.Path == l.href
		p.nav = append(p.nav, l)
	}
	if slices.Contains(c.s.service.OverseesFrom(c.who.Actor.ID), c.who.Post) {
		p.nav = append(p.nav, link{text: p.T("oversight.nav"), href: adminLogPath, current: c.r.URL.Path == adminLogPath})
		p.nav = append(p.nav, link{text: p.T("person.erasure.nav"), href: erasurePath, current: c.r.URL.Path == erasurePath})
	}
	return p, nil
}

// calendar is that of the unit the reader acts for.
func (c *call) calendar() *care.Calendar {
	if u, ok := c.s.service.Directory().Unit(c.who.Post.Unit); ok {
		return care.CalendarOf(u.Regime)
	}
	return care.CalendarOf(care.Norway)
}

// textOf is a pathway's text in the page's language; the texts of a published
// pathway are complete in the four, so another language is only a guard. In a
// language of the site's own, what is not translated is said in the one that it
// falls back to, and marked so.
func textOf(p page, def *pathway.Definition) *pathway.Text {
	ours := p.lang.ours()
	t := def.Texts[ours.code]
	for _, code := range care.Languages {
		if t == nil {
			t = def.Texts[code]
		}
	}
	switch {
	case t == nil:
		return &pathway.Text{}
	case p.lang.site != nil:
		return p.lang.translated(def.Ref.ID, t)
	default:
		return t
	}
}

// roleName is what a role is called among those who work.
func roleName(p page, role care.Role) string {
	if key := "staff.role." + string(role); p.lang.has(key) {
		return p.T(key)
	}
	return string(role)
}

// postName is a unit and a role in it: Smerteklinikken – mottak.
func postName(p page, view casework.PostView) string {
	unit := view.Unit.Name
	if view.Post.Unit == "" && view.Post.Role != "" {
		return roleName(p, view.Post.Role) + " (" + p.T("person.address.not-named") + ")"
	}
	if unit == "" {
		unit = string(view.Post.Unit)
	}
	if view.Post.Role == "" {
		return unit
	}
	return unit + " – " + roleName(p, view.Post.Role)
}
