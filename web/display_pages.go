package web

import (
	"net/http"
	"slices"
	"strconv"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"

	"github.com/a-h/templ"
)

// publicRoutes are the pages that need no login and hold nothing of anybody.
func (s *site) publicRoutes(mux *http.ServeMux) {
	mux.Handle("GET "+assetPrefix, serveAssets())
	mux.HandleFunc("GET /display", s.showDisplay)
	mux.HandleFunc("POST /display", s.chooseDisplay)
	mux.HandleFunc("POST /language", s.chooseLanguage)
	mux.HandleFunc("GET /accessibility", s.public("accessibility.title", func(p page) templ.Component {
		return accessibilityBody(p, s.statement)
	}))
	mux.HandleFunc("GET /privacy", s.public("privacy.title", func(p page) templ.Component {
		return privacyBody(p, s.operator)
	}))
}

// public shows a page that holds nothing of anybody.
func (s *site) public(title string, body func(page) templ.Component) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := newPage(r, forPatients, accountLanguage(r))
		p.title, p.help = p.T(title), s.help
		if err := write(w, r, http.StatusOK, body(p)); err != nil {
			s.broken(w, r, err)
		}
	}
}

func (s *site) showDisplay(w http.ResponseWriter, r *http.Request) {
	p := newPage(r, forPatients, accountLanguage(r))
	p.title, p.help = p.T("display.title"), s.help
	if r.URL.Query().Has("saved") {
		p.told = &told{title: p.T("display.saved")}
	}
	if err := write(w, r, http.StatusOK, displayBody(p, localPath(r.URL.Query().Get("to")))); err != nil {
		s.broken(w, r, err)
	}
}

// chooseDisplay keeps the choices on the device and shows the page again as it
// now looks, so that a person can try until it is right.
func (s *site) chooseDisplay(w http.ResponseWriter, r *http.Request) {
	d := display{palette: r.PostFormValue("palette"), wide: r.PostFormValue("wide") != "", brief: r.PostFormValue("brief") != ""}
	if n, err := strconv.Atoi(r.PostFormValue("size")); err == nil {
		d.size = n
	}
	// Read back from its own form, so that only what we offer is kept.
	remember(w, r, displayCookie, readDisplay(d.String()).String())
	s.rememberLanguage(w, r)
	http.Redirect(w, r, string(displayAddress(localPath(r.PostFormValue("to"))))+"&saved", http.StatusSeeOther)
}

// chooseLanguage keeps the language on the device and goes back to the page.
func (s *site) chooseLanguage(w http.ResponseWriter, r *http.Request) {
	s.rememberLanguage(w, r)
	http.Redirect(w, r, localPath(r.PostFormValue("to")), http.StatusSeeOther)
}

// rememberLanguage keeps a language on the device, and on the account of the
// patient who is logged in: their other devices, and letters, follow.
func (s *site) rememberLanguage(w http.ResponseWriter, r *http.Request) {
	code := care.Language(r.PostFormValue("language"))
	if !slices.Contains(tonguesOf(r).offered, code) {
		return
	}
	remember(w, r, languageCookie, string(code))
	if !slices.Contains(care.Languages, code) {
		return // the account knows the four
	}
	if err := s.readIn(r, code); err != nil {
		s.log.Warn("the language was kept on the device only", "error", err)
	}
}

// readIn writes on the account of who is logged in, where that is a patient,
// what they read.
func (s *site) readIn(r *http.Request, code care.Language) error {
	c := &call{s: s, r: r}
	if s.service == nil {
		return nil
	}
	in := c.signIn() == nil
	if !in || c.who.Actor.Kind != care.Patient {
		return nil // nobody, or somebody who has no such account
	}
	plan, err := casework.View(r.Context(), s.service, c.who, casework.MyPlan{})
	if err != nil || plan.Person.State == nil {
		return err
	}
	had := plan.Person.State.Languages
	if had.Reading == code {
		return nil
	}
	_, err = s.service.Do(r.Context(), casework.Order{
		Who: c.who, Key: formKey(), Target: string(plan.Person.Key), Seen: care.Seen(had.Version),
		Command: person.SetLanguages{Reading: code, Interpreter: had.Interpreter, NoInterpreter: had.NoInterpreter},
	})
	return err
}

func paletteChoices(p page) choiceField {
	f := choiceField{name: "palette", legend: p.T("display.palette")}
	for _, name := range palettes {
		f.choices = append(f.choices, choice{
			value: name, label: p.T("display." + name), hint: p.T("display." + name + "-hint"), chosen: name == p.display.palette,
		})
	}
	return f
}

func sizeChoices(p page) choiceField {
	f := choiceField{name: "size", legend: p.T("display.size")}
	for i, name := range sizes {
		f.choices = append(f.choices, choice{
			value: strconv.Itoa(i + 1), label: p.T("display.size-" + name), chosen: i+1 == p.display.size,
		})
	}
	return f
}

func languageChoices(p page) choiceField {
	f := choiceField{name: "language", legend: p.T("display.language")}
	for _, l := range p.offered() {
		f.choices = append(f.choices, choice{value: string(l.code), lang: l.code, label: l.T("language.name"), chosen: l.code == p.lang.code})
	}
	return f
}
