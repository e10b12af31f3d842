package web

import (
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"strings"

	"forlop/access/login"
	"forlop/access/provider"
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
	// Declare lets professionals declare themselves that they have the right to
	// prescribe; pages then say so.
	Declare bool
	// Watch is told of every answer; nil for nobody.
	Watch Watcher
	// Limits hold back who asks too often; nil holds nobody back.
	Limits *Limits
	// Providers are where people log in; Own is the site's own among them, which
	// the wiring opened under OwnProvider; nil where it is not switched on.
	Providers []*login.Provider
	Own       *provider.Provider
	// Base is the address that people reach the service at, without a slash at its
	// end: providers send them back there.
	Base string
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
		uploads: bringsDocument,
		limits:  newLimiter(c.Limits, c.Service.Now), providers: c.Providers, own: c.Own, base: c.Base, declare: c.Declare, watch: c.Watch,
	}
	mux := http.NewServeMux()
	s.publicRoutes(mux)
	if s.own != nil {
		mux.Handle(provider.Path+"/", s.own)
	}
	for _, rt := range routes {
		if rt.policy == "" {
			// A route that nobody decided about must not be served.
			panic("web: the route " + rt.method + " " + rt.path + " has no policy")
		}
		mux.HandleFunc(rt.method+" "+rt.path, s.signed(rt))
	}
	s.pages = s.routed(mux)
	return s.watched(speaking(newTongues(c.Texts), s.guard(s.pages)))
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
	door := s.door(rt)
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{s: s, w: w, r: r}
		if rt.policy != "public" {
			if err := c.signIn(); err != nil {
				if _, refused := care.AsRefusal(err); refused && guestPath(rt.path) {
					err = c.deadLink(err)
				} else if refused {
					err = c.leadToLogin("")
				}
				if err != nil {
					s.fail(w, r, err)
				}
				return
			}
			if c.hurried() {
				return
			}
			if err := door(c.who); err != nil {
				s.fail(w, r, err)
				return
			}
			if answered, err := c.aside(rt); answered {
				if err != nil {
					s.fail(w, r, err)
				}
				return
			}
		}
		err := c.refusedRelative(rt.handle(c))
		if refusal, no := care.AsRefusal(err); no && refusal.Code == "login-again" && rt.policy != "public" {
			err = c.leadToLogin("again")
		} else if err == nil {
			err = c.sent()
		}
		if err != nil {
			s.fail(w, r, err)
		}
	}
}

// door is who comes in at an address at all. One that the policy allows to nobody
// must not be served.
func (s *site) door(rt route) func(casework.Who) error {
	if rt.policy == "public" || s.service == nil {
		return nil
	}
	door := s.service.Door(rt.policy)
	if door == nil {
		panic("web: the route " + rt.method + " " + rt.path + " names " + rt.policy + ", which the policy allows to nobody")
	}
	return door
}

func (c *call) signIn() error {
	who, err := c.s.service.SignedIn(c.r.Context(), c.token())
	if err != nil {
		return err
	}
	c.who = who
	if who.Actor.Kind == care.Professional {
		c.who.Post = c.post(who.Actor.ID)
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
