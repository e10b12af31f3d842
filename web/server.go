package web

import (
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"forlop/care"
	"forlop/casework"
)

// Config is what the face stands on.
type Config struct {
	Service *casework.Service
	Log     *slog.Logger
	// Operator is who runs the service; Statement is the address of their
	// accessibility statement. Phone and Hours are whom to call on pages that
	// belong to nobody in particular.
	Operator, Statement, Phone, Hours string
	// Texts are the languages that the site has added to the four; nil for none.
	Texts *SiteTexts
	// Demo opens login links by GET and says on every page that the people are
	// synthetic.
	Demo bool
	// Folders are the pathway folders that the author views read beside what is
	// published: the shipped ones with their examples, and those being written.
	// nil where there are none.
	Folders func() []Folder
}

// New makes the face: every page and every form there is.
func New(c Config) http.Handler {
	s := &site{
		workshop: newWorkshop(c.Folders), stages: newStages(), rehearsals: newRehearsals(), another: New,
		log: c.Log, service: c.Service, demo: c.Demo, operator: c.Operator, statement: c.Statement,
		help:    help{name: c.Operator, phone: c.Phone, hours: c.Hours},
		uploads: func(r *http.Request) bool { return r.URL.Path == "/referrals/new" },
	}
	mux := http.NewServeMux()
	s.publicRoutes(mux)
	for _, rt := range routes {
		if rt.policy == "" {
			// A route that nobody decided about must not be served.
			panic("web: the route " + rt.method + " " + rt.path + " has no policy")
		}
		mux.HandleFunc(rt.method+" "+rt.path, s.signed(rt))
	}
	return speaking(newTongues(c.Texts), s.guard(s.routed(mux)))
}

// Route is one address, and what of the access policy it asks for.
type Route struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Policy string `json:"policy"`
}

// Routes lists every address that needs a login, and the public ones.
func Routes() []Route {
	out := make([]Route, 0, len(routes)+len(publicPaths))
	for _, p := range publicPaths {
		method, path, _ := strings.Cut(p, " ")
		out = append(out, Route{method, path, "public"})
	}
	for _, rt := range routes {
		out = append(out, Route{rt.method, rt.path, rt.policy})
	}
	return out
}

// publicPaths are the addresses of publicRoutes, in words for lists.
var publicPaths = []string{
	"GET " + assetPrefix, "GET /display", "POST /display", "POST /language", "GET /accessibility", "GET /privacy",
}

// route is one address: who may use it, and what answers. policy names the
// question or the commands of the access policy; "public" needs no login.
type route struct {
	method, path, policy string
	handle               func(*call) error
}

// call is one request being answered, by someone who is known.
type call struct {
	s   *site
	w   http.ResponseWriter
	r   *http.Request
	who casework.Who
	// name is what the one who is logged in is called.
	name string
}

// signed finds out who asks before anything is answered.
func (s *site) signed(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{s: s, w: w, r: r}
		if rt.policy != "public" {
			if err := c.signIn(); err != nil {
				if _, refused := care.AsRefusal(err); refused && r.Method == http.MethodGet {
					http.Redirect(w, r, "/login?to="+url.QueryEscape(localPath(r.URL.RequestURI())), http.StatusSeeOther)
					return
				}
				s.fail(w, r, err)
				return
			}
		}
		if err := rt.handle(c); err != nil {
			s.fail(w, r, err)
		}
	}
}

const sessionCookie = "session"

func (c *call) signIn() error {
	cookie, err := c.r.Cookie(sessionCookie)
	token := ""
	if err == nil {
		token = cookie.Value
	}
	actor, err := c.s.service.SignedIn(c.r.Context(), token)
	if err != nil {
		return err
	}
	c.who = casework.Who{Actor: actor}
	if actor.Kind == care.Professional {
		c.who.Post = c.post(actor.ID)
	}
	return nil
}

// post is the post a professional acts from: the one chosen on this device, or
// the first they hold.
func (c *call) post(professional string) care.Post {
	var first care.Post
	chosen := ""
	if cookie, err := c.r.Cookie("post"); err == nil {
		chosen = cookie.Value
	}
	for _, cover := range c.s.service.Directory().Covers(professional, c.s.service.Now()) {
		if !cover.Own {
			continue
		}
		p := care.Post{Unit: cover.Unit, Role: cover.Role}
		if p.String() == chosen {
			return p
		}
		if first.IsZero() || p.Role == care.Role("coordinator") && first.Role != p.Role {
			first = p
		}
	}
	return first
}

// key is a new key for a form, so that sending it twice does it once.
func formKey() string {
	var b [18]byte
	// Read never fails: crypto/rand stops the program where there is no chance.
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// order is an order of the one who asks, with the key of the form it came in.
func (c *call) order(target string, command interface{ Name() string }) casework.Order {
	return casework.Order{Who: c.who, Key: c.r.PostFormValue("key"), Target: target, Command: command}
}
