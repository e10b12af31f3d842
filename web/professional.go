package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
)

// professionalRoutes are the pages for those with the right to prescribe. Their
// addresses answer everyone: whoever may not come in is told who may, and how.
var professionalRoutes = []route{
	{"GET", "/professional", "public", showProfessional},
	{"POST", "/professional/declare", "public", declarePrescriber},
	{"GET", "/professional/{id}", "public", showProfessionalPathway},
}

// professionalPage is what is written for prescribers about one pathway.
type professionalPage struct {
	declared, draft  bool
	summary          string
	who, codes       string
	checklist, opens []string
	cautions         []string
	choices          []professionalChoice
	sources          []professionalSource
}

type professionalChoice struct {
	title   string
	options []professionalOption
}

// professionalOption is one way to be helped: what it asks of the patient, what
// it may give, and what says so.
type professionalOption struct{ title, asks, gives, restsOn string }

type professionalSource struct{ text, href, changed, quote string }

// professionalDoor is the page of who may come in.
type professionalDoor struct {
	signedIn, professional, declare bool
	login                           string
}

// professionals asks for the area and answers nil where the reader may not come
// in; the page that says so has been sent then.
func (c *call) professionals() (*casework.ProfessionalView, error) {
	err := c.signIn()
	if err == nil {
		var v casework.ProfessionalView
		if v, err = casework.View(c.r.Context(), c.s.service, c.who, casework.ProfessionalArea{}); err == nil {
			return &v, nil
		}
	}
	if r, ok := care.AsRefusal(err); !ok || r.Kind != care.Denied {
		return nil, err
	}
	p := newPage(c.r, forStaff, accountLanguage(c.r))
	p.title, p.help = p.T("professional.title"), c.s.help
	known := c.who.Actor.ID != ""
	d := professionalDoor{signedIn: known, professional: c.who.Actor.Kind == care.Professional, login: "/login?to=" + url.QueryEscape(localPath(c.r.URL.RequestURI()))}
	d.declare = d.professional && c.s.declare
	status := http.StatusOK
	if known {
		status = http.StatusForbidden
	}
	return nil, write(c.w, c.r, status, professionalDoorBody(p, d))
}

func showProfessional(c *call) error {
	v, err := c.professionals()
	if v == nil {
		return err
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	p.title = p.T("professional.title")
	var list []link
	for _, def := range v.Pathways {
		list = append(list, link{text: textOf(p, def).Title, href: "/professional/" + url.PathEscape(def.ID)})
	}
	list = slices.CompactFunc(list, func(a, b link) bool { return a.href == b.href })
	sortNames(p.lang, list, func(l link) string { return l.text })
	return write(c.w, c.r, http.StatusOK, professionalBody(p, list, v.Declared))
}

func showProfessionalPathway(c *call) error {
	v, err := c.professionals()
	if v == nil {
		return err
	}
	// The newest of several versions in use at once stands last.
	i := -1
	for n, def := range v.Pathways {
		if def.ID == c.r.PathValue("id") {
			i = n
		}
	}
	if i < 0 {
		return care.Missing("no-pathway", "There is no such pathway in use here.")
	}
	p, err := c.staffPage("")
	if err != nil {
		return err
	}
	def := v.Pathways[i]
	p.title = textOf(p, def).Title
	x := professionalPathway(p, def)
	x.declared = v.Declared
	return write(c.w, c.r, http.StatusOK, professionalPathwayBody(p, x))
}

func professionalPathway(p page, def *pathway.Definition) professionalPage {
	t := textOf(p, def)
	x := professionalPage{draft: def.Status == pathway.Draft, summary: t.Summary}
	switch least, most := def.For.MinAge, def.For.MaxAge; {
	case least > 0 && most > 0:
		x.who = p.T("professional.ages", "from", least, "to", most)
	case least > 0:
		x.who = p.T("professional.from-age", "from", least)
	case most > 0:
		x.who = p.T("professional.to-age", "to", most)
	}
	var codes []string
	for _, s := range def.For.Codes {
		codes = append(codes, s.System+" "+strings.Join(s.Codes, ", "))
	}
	x.codes = strings.Join(codes, " · ")
	for _, id := range def.For.Checklist {
		x.checklist = append(x.checklist, t.Checklist[id])
	}
	for _, o := range def.For.Opens {
		x.opens = append(x.opens, t.Opens[o.ID])
	}
	for _, caution := range def.Cautions {
		x.cautions = append(x.cautions, t.Cautions[caution.ID])
	}
	for _, choice := range def.Choices {
		words := t.Choices[choice.ID]
		one := professionalChoice{title: words.Title}
		for _, o := range choice.Options {
			says := words.Options[o.ID]
			one.options = append(one.options, professionalOption{says.Title, says.Asks, orNone(p, says.Gives), restsOn(p, def, o.Basis)})
		}
		x.choices = append(x.choices, one)
	}
	for _, s := range def.Sources {
		line := professionalSource{text: s.Publisher + ": " + s.Title, href: s.URL, quote: s.Quote}
		if !s.Changed.IsZero() {
			line.changed = p.T("professional.changed", "date", s.Changed)
		}
		x.sources = append(x.sources, line)
	}
	return x
}

// orNone says plainly that a text tells nothing of the effect.
func orNone(p page, s string) string {
	if s == "" {
		return p.T("professional.no-effect-stated")
	}
	return s
}

func restsOn(p page, def *pathway.Definition, b pathway.Basis) string {
	for _, s := range def.Sources {
		if s.ID == b.Source && b.Source != "" {
			return s.Publisher
		}
	}
	return p.T("professional.tag." + string(b.Tag))
}

// declarePrescriber takes a professional's word, where the site does.
func declarePrescriber(c *call) error {
	if err := c.signIn(); err != nil {
		return err
	}
	if !c.s.declare {
		return care.Deny("declaring-off", "This site takes nobody's word for the right to prescribe. Log in with what shows it.")
	}
	cookie, err := c.r.Cookie(sessionCookie)
	if err != nil {
		return err
	}
	if err := c.s.service.DeclarePrescriber(c.r.Context(), cookie.Value); err != nil {
		return err
	}
	http.Redirect(c.w, c.r, "/professional", http.StatusSeeOther)
	return nil
}
