package web

import (
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
	p.title, p.home, p.help = title, "/work", c.s.help
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
		{text: p.T("staff.nav.find"), href: "/find"},
		{text: p.T("staff.nav.pathways"), href: "/pathways"},
	} {
		l.current = c.r.URL.Path == l.href
		p.nav = append(p.nav, l)
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
// pathway are complete, so another language is only a guard.
func textOf(p page, def *pathway.Definition) *pathway.Text {
	if t := def.Texts[p.lang.code]; t != nil {
		return t
	}
	for _, code := range care.Languages {
		if t := def.Texts[code]; t != nil {
			return t
		}
	}
	return &pathway.Text{}
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
	if unit == "" {
		unit = string(view.Post.Unit)
	}
	if view.Post.Role == "" {
		return unit
	}
	return unit + " – " + roleName(p, view.Post.Role)
}
