package web

import (
	"bytes"
	"net/http"
	"slices"

	"forlop/care"

	"github.com/a-h/templ"
)

// A page is what every page is drawn with, whoever it is for.
type page struct {
	lang    *language
	display display
	face    face
	// title is the one heading and, with the service's name, the name of the
	// window. It never holds a diagnosis: others may see the screen.
	title string
	// part is which part of what the title names this page is, such as the second
	// question of a form; it stands in the name of the window alone.
	part string
	// path is where the page is, with its query: changing the language or the
	// colours comes back here.
	path string
	// home is where the service's name leads, "/" when empty.
	home string
	nav  []link
	// signedIn is the name of who is logged in, "" when nobody is.
	signedIn string
	// banner is the line that stays while one person acts for another.
	banner string
	// standing is what a relative may on the page; nil for everybody else.
	standing *standing
	// told is what has just been done, shown above everything else.
	told *told
	// faults are what is wrong in the form that was sent, shown first.
	faults []fault
	help   help
	// called gives things that refusals name by id the names that people use.
	called naming
	// unread is how many messages the reader has not opened.
	unread int
	// today is the date of the answer, for the line on paper.
	today care.Date
}

// A link is a place to go. current marks the place where the reader is.
type link struct {
	text, href string
	current    bool
}

// help is whom to turn to: on every page in the same place. Empty parts are
// left out; without a name and a phone number the block is not drawn.
type help struct {
	name, role   string
	phone, hours string
	replies      string // how soon messages are answered
	standIn      string // who answers when name is away
	write        string // address of the page to write a message on
	contact      bool   // name is the reader's own contact: say so
	urgent       []urgentCall
}

// A told is the plain confirmation after something was done: what happened,
// what happens next and, where it can be undone, the way to undo it.
type told struct {
	title, text string
	reference   string
	next        []string
	undo        *undo
}

// An undo is the form that takes back what was just done, until an instant said
// in words.
type undo struct {
	action string
	hidden []pair
	until  string
}

// A pair is a field of a form that is not shown.
type pair struct{ name, value string }

// A fault is one thing wrong in a form: the field's name and what to do.
type fault struct{ field, text string }

// T says a text in the page's language. On a page, a date in it can be read by
// programs, and a patient reads how far away it is.
func (p page) T(key string, args ...any) string {
	if p.face == "" {
		return p.lang.T(key, args...) // not drawn: for those who rehearse pathways
	}
	said := slices.Clone(args)
	for i := 1; i < len(said); i += 2 {
		if d, ok := said[i].(care.Date); ok {
			said[i] = p.date(d)
		}
	}
	return p.lang.T(key, said...)
}

// named is a name from a country, marked as being in its language where the page
// is in another.
func (p page) named(r care.Regime, name string) string {
	if p.face == "" {
		return name
	}
	return p.lang.foreign(spokenIn(r), name)
}

// fault is what is wrong with the field of that name, "" when nothing is.
func (p page) fault(field string) string {
	for _, f := range p.faults {
		if f.field == field {
			return f.text
		}
	}
	return ""
}

// windowTitle is the name of the window: the page first, then the service.
func (p page) windowTitle() string {
	title := p.title
	if p.part != "" {
		title = p.part + " – " + title
	}
	if len(p.faults) > 0 {
		title = p.T("frame.title-with-errors", "title", title)
	}
	if title == p.T("service.name") {
		return title
	}
	return p.T("frame.title", "title", title, "service", p.T("service.name"))
}

// offered are the languages that the reader can choose: the four, and on pages
// for patients those of the site.
func (p page) offered() []*language {
	var list []*language
	for _, code := range p.lang.among.offered {
		if l := p.lang.among.speak(code); l.site == nil || p.face == forPatients {
			list = append(list, l)
		}
	}
	return list
}

func (p page) homeAddress() string {
	if p.home == "" {
		return "/"
	}
	return p.home
}

// newPage is a page for r, in the language and with the looks that r asks for.
func newPage(r *http.Request, f face, account care.Language) page {
	return page{
		lang: languageFor(r, f, account), display: displayOf(r), face: f, path: localPath(r.URL.RequestURI()),
	}
}

// write draws a whole page and sends it. The page is drawn before the first
// byte leaves, so that a fault in a template becomes an error page and not half
// a page.
func write(w http.ResponseWriter, r *http.Request, status int, body templ.Component) error {
	var b bytes.Buffer
	if err := body.Render(r.Context(), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // the reader has gone; there is nobody to tell
	}
	return nil
}
