package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"forlop/care"
	"forlop/casework"
	"forlop/pathway"
)

// An errorPage is a page that says no in words: what happened, what was kept,
// what to do. Its texts stand under error.<name>.
type errorPage struct {
	name      string
	args      []any
	happened  string // instead of the text, when a rule says it better
	reference string // for a fault of ours
}

func errorPageOf(name string) errorPage { return errorPage{name: name} }

func (e errorPage) text(p page, part string) string {
	if part == "happened" && e.happened != "" {
		return e.happened
	}
	return p.T("error."+e.name+"."+part, e.args...)
}

// statusOf is the status of an answer to err: a refusal by rule is 422, a
// denial 403, a thing not found 404, a conflict 409, and all else is our own
// fault, 500.
func statusOf(err error) int {
	refusal, ok := care.AsRefusal(err)
	if !ok {
		return http.StatusInternalServerError
	}
	switch refusal.Kind {
	case care.RefusedByRule:
		return http.StatusUnprocessableEntity
	case care.Denied:
		return http.StatusForbidden
	case care.NotFound:
		return http.StatusNotFound
	case care.Conflict:
		return http.StatusConflict
	default:
		return http.StatusInternalServerError
	}
}

// naming gives what people call a thing that a refusal names by its id: a unit, a
// post, a step. It is the id itself where nobody knows the thing.
type naming func(what, id string) string

// refusalNamed says a refusal in the reader's language. Dates, spans and ids
// among its arguments are said as people say them. A code without a text is said
// in English: a test lists such codes.
func refusalNamed(l *language, r *care.Refusal, called naming) string {
	key := "refusal." + r.Code
	if !l.has(key) {
		english := r.Default
		for name, value := range r.Args {
			english = strings.ReplaceAll(english, "{"+name+"}", value)
		}
		return l.foreign(care.English, english)
	}
	args := make([]any, 0, 2*len(r.Args))
	for name, value := range r.Args {
		args = append(args, name, argument(name, value, called))
	}
	return l.T(key, args...)
}

// argument gives a refusal's argument the type it was written from, and a thing
// its name.
func argument(name, value string, called naming) any {
	if d, err := care.ParseDate(value); err == nil {
		return d
	}
	if s, err := care.ParseSpan(value); err == nil {
		return s
	}
	if called != nil && value != "" {
		return called(name, value)
	}
	return value
}

// refusal says a refusal on a page.
func (p page) refusal(r *care.Refusal) string { return refusalNamed(p.lang, r, p.called) }

// calls is what things are called for readers of l.
func (s *site) calls(r *http.Request, l *language) naming {
	if s.service == nil {
		return nil
	}
	p := page{lang: l}
	return func(what, id string) string {
		switch what {
		case "unit", "other", "successor":
			if u, ok := s.service.Directory().Unit(care.UnitID(id)); ok && u.Contact.Name != "" {
				return l.foreign(spokenIn(u.Regime), u.Contact.Name)
			}
		case "post":
			if unit, role, ok := strings.Cut(id, "/"); ok {
				if u, known := s.service.Directory().Unit(care.UnitID(unit)); known && u.Contact.Name != "" {
					return l.foreign(spokenIn(u.Regime), u.Contact.Name) + " – " + roleName(p, care.Role(role))
				}
			}
		case "role":
			return roleName(p, care.Role(id))
		case "professional":
			if name, err := s.service.Called(r.Context(), care.Actor{Kind: care.Professional, ID: id}); err == nil && name != "" {
				return name
			}
		case "adaptation":
			if key := "staff.adaptation." + id; l.has(key) {
				return l.T(key)
			}
		case "base", "active":
			return s.calledInPathways(r, p, "pathway", id)
		case "pathway", "step", "item", "need", "clock", "option", "fact", "source":
			return s.calledInPathways(r, p, what, id)
		}
		return id
	}
}

// calledInPathways looks for a thing in the texts of the published pathways.
// Those of one country share their names.
func (s *site) calledInPathways(r *http.Request, p page, what, id string) string {
	defs, err := s.service.Pathways(r.Context())
	if err != nil {
		return id // the refusal itself is worth more than the name in it
	}
	for _, def := range defs {
		t := textOf(p, def)
		name := calledIn(t, def, what, id)
		if name != "" && what == "source" {
			return p.lang.foreign(spokenIn(def.Regime), name)
		}
		if name != "" {
			return name
		}
	}
	return id
}

func calledIn(t *pathway.Text, def *pathway.Definition, what, id string) string {
	switch what {
	case "pathway":
		switch id {
		case def.Ref.ID:
			return t.Title
		case def.Ref.String():
			return t.Title + " (" + def.Ref.Version + ")"
		}
		return ""
	case "source":
		for _, src := range def.Sources {
			if string(src.ID) == id {
				return src.Title
			}
		}
		return ""
	case "clock":
		return t.Clocks[pathway.ClockID(id)]
	case "item":
		return t.Agenda[id]
	case "fact":
		return t.Facts[pathway.FactID(id)]
	case "option":
		for _, c := range t.Choices {
			if o, ok := c.Options[id]; ok {
				return o.Title
			}
		}
		return ""
	default:
		if m := t.Milestones[pathway.MilestoneID(id)]; m != "" {
			return m
		}
		return t.Steps[pathway.StepID(id)].Title
	}
}

// fail answers err with the page for its kind. A handler that can show the form
// again with what is wrong does that instead.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	refusal, ok := care.AsRefusal(err)
	switch {
	case ok:
		status := statusOf(err)
		if status == http.StatusInternalServerError {
			s.broken(w, r, err)
			return
		}
		text := errorPageOf(strconv.Itoa(status))
		l := languageOf(r, accountLanguage(r))
		text.happened = refusalNamed(l, refusal, s.calls(r, l))
		s.answer(w, r, status, text)
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		// The reader has gone; nobody waits for an answer.
	case casework.NotStored(err):
		s.log.Warn("nothing can be stored now", "trace", casework.TraceOf(r.Context()), "error", err)
		s.answer(w, r, http.StatusServiceUnavailable, errorPageOf("503"))
	default:
		s.broken(w, r, err)
	}
}

// answer sends an error page.
func (s *site) answer(w http.ResponseWriter, r *http.Request, status int, e errorPage) {
	p := newPage(r, forPatients, accountLanguage(r))
	p.help = s.help
	p.title = e.text(p, "title")
	p.path = localPath(r.Header.Get("Referer"))
	if r.Method == http.MethodGet {
		p.path = localPath(r.URL.RequestURI())
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		if w.Header().Get("Retry-After") == "" {
			w.Header().Set("Retry-After", "120")
		}
	}
	if err := write(w, r, status, errorBody(p, e)); err != nil {
		s.log.Error("an error page could not be drawn", "status", status, "error", err)
		http.Error(w, http.StatusText(status), status)
	}
}

// languageKey is where the language of who is logged in is kept for one request.
type languageKey struct{}

// withAccountLanguage notes the language that the person's account says, for
// every page of this request, error pages too.
func withAccountLanguage(r *http.Request, code care.Language) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), languageKey{}, code))
}

func accountLanguage(r *http.Request) care.Language {
	code, _ := r.Context().Value(languageKey{}).(care.Language)
	return code
}

// routed answers what mux knows, and with our own pages what it does not.
func (s *site) routed(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		watchedRoute(r, pattern)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		unknown := statusOnly{header: http.Header{}}
		h.ServeHTTP(&unknown, r)
		switch unknown.status {
		case http.StatusMethodNotAllowed:
			w.Header().Set("Allow", unknown.header.Get("Allow"))
			s.answer(w, r, http.StatusMethodNotAllowed, errorPageOf("405"))
		default:
			s.answer(w, r, http.StatusNotFound, errorPageOf("404"))
		}
	})
}

// statusOnly hears what the router would have answered.
type statusOnly struct {
	header http.Header
	status int
}

func (w *statusOnly) Header() http.Header { return w.header }

func (w *statusOnly) Write(b []byte) (int, error) { return len(b), nil }

func (w *statusOnly) WriteHeader(status int) { w.status = status }
