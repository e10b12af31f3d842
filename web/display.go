package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"forlop/care"

	"github.com/a-h/templ"
)

// display is how a person wants pages to look. It is kept in a cookie on the
// device, so that it holds before anyone has logged in.
type display struct {
	palette string // one of palettes
	size    int    // 1 to 4
	wide    bool   // more space between lines
	brief   bool   // less text
}

// palettes are the choices in the order in which they are offered. The first
// follows the device.
var palettes = []string{"auto", "standard", "calm", "dark", "dim"}

// sizes are the names of the four text sizes, smallest first.
var sizes = []string{"one", "two", "three", "four"}

const (
	displayCookie  = "display"
	languageCookie = "language"
	// keptFor is how long a choice is remembered, in seconds: a year.
	keptFor = 365 * 24 * 60 * 60
)

// String is the form kept in the cookie: calm.2.wide.brief. readDisplay reads it.
func (d display) String() string {
	parts := []string{d.palette, strconv.Itoa(d.size)}
	if d.wide {
		parts = append(parts, "wide")
	}
	if d.brief {
		parts = append(parts, "brief")
	}
	return strings.Join(parts, ".")
}

// readDisplay reads what a cookie or a form says. What it does not know it
// leaves as it is by default: a page is drawn whatever a device sends.
func readDisplay(s string) display {
	d := display{palette: palettes[0], size: 1}
	for i, part := range strings.SplitN(s, ".", 5) {
		switch {
		case i == 0 && slices.Contains(palettes, part):
			d.palette = part
		case i == 1 && len(part) == 1 && part[0] >= '1' && part[0] <= '4':
			d.size = int(part[0] - '0')
		case part == "wide":
			d.wide = true
		case part == "brief":
			d.brief = true
		}
	}
	return d
}

// scheme is what the page tells the browser before any style sheet has come,
// so that a dark page does not begin with a white one.
func (d display) scheme() string {
	switch d.palette {
	case "dark", "dim":
		return "dark"
	case "auto":
		return "light dark"
	default:
		return "light"
	}
}

// attributes are what the page's element says of its looks beside the colours.
func (d display) attributes() templ.Attributes {
	a := templ.Attributes{}
	if d.wide {
		a["data-spacing"] = "wide"
	}
	if d.brief {
		a["data-amount"] = "brief"
	}
	return a
}

func displayOf(r *http.Request) display {
	if c, err := r.Cookie(displayCookie); err == nil {
		return readDisplay(c.Value)
	}
	return readDisplay("")
}

// languageOf is the language of an answer to r. account is what the person's
// account says, "" before anyone has logged in.
func languageOf(r *http.Request, account care.Language) *language {
	chosen := ""
	if c, err := r.Cookie(languageCookie); err == nil {
		chosen = c.Value
	}
	t := tonguesOf(r)
	return t.speak(t.negotiate(account, chosen, r.Header.Get("Accept-Language")))
}

// languageFor is languageOf for a face: a site translates what patients read,
// and those who work read one of the four.
func languageFor(r *http.Request, f face, account care.Language) *language {
	if f != forPatients {
		return languageOf(r, account).ours()
	}
	return languageOf(r, account)
}

// tonguesKey is where the languages of the service are kept for one request.
type tonguesKey struct{}

// speaking gives every request the languages of the service.
func speaking(t *tongues, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), tonguesKey{}, t)))
	})
}

func tonguesOf(r *http.Request) *tongues {
	if t, ok := r.Context().Value(tonguesKey{}).(*tongues); ok {
		return t
	}
	return shipped()
}

// remember sets a cookie of a choice on this device. It holds no secret; no
// script may read it all the same.
func remember(w http.ResponseWriter, r *http.Request, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: keptFor,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: overTLS(r),
	})
}

// overTLS reports whether the person's browser speaks to us under TLS, also
// when a proxy in front of us does that.
func overTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// localPath is s when it is a path on this service, with its query, and
// otherwise the front page: a form may not send a person elsewhere.
func localPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || u.Opaque != "" ||
		!strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") {
		return "/"
	}
	return s
}

// displayAddress is where the looks of a page are chosen, and the way back.
func displayAddress(back string) templ.SafeURL {
	return templ.SafeURL("/display?to=" + url.QueryEscape(back))
}
