package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"forlop/access/login"
	"forlop/access/provider"
	"forlop/casework"
)

const (
	// mostSent is how many bytes a form may have; mostUpload how many it may
	// have where a document can be sent with it. Ours, no source.
	mostSent   = 1 << 20
	mostUpload = 12 << 20
	// mostDrained is how much of a form that is too large we read to its end,
	// so that the browser shows our answer and not a broken connection.
	mostDrained = 64 << 20
)

// policy is what the browser may load on our pages: our own style sheet and
// pictures, and nothing that runs.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'"

// A site is what every answer needs whatever it is about.
type site struct {
	log     *slog.Logger
	service *casework.Service
	demo    bool
	// help is whom to turn to on pages that belong to nobody in particular,
	// such as error pages.
	help help
	// operator is who runs the service and answers for what is kept here;
	// statement is the address of their accessibility statement.
	operator, statement string
	// uploads reports whether a document may come with the form, which may
	// then be larger. nil means never.
	uploads func(*http.Request) bool
	// limits hold back who asks too often; nil holds nobody back.
	limits *limiter
	// declare says that the site takes a professional's word for the right to
	// prescribe.
	declare bool
	// workshop reads pathway folders; stages and rehearsals are what came of
	// their examples, for the author views.
	workshop   *workshop
	stages     *stages
	rehearsals *rehearsals
	// providers are where people log in, own the site's own among them, and base
	// the address that they send people back to.
	providers []*login.Provider
	own       *provider.Provider
	base      string
	// pages answers every address, for a form that is sent again.
	pages http.Handler
	// another opens the same face over another service: the previewed one.
	another func(Config) http.Handler
	// watch is told of every answer; nil for nobody.
	watch Watcher
}

// guard stands before everything: headers that browsers keep to, forms only
// from our own pages, no request larger than we can take, and a fault of ours
// answered by a page.
func (s *site) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, http.StatusForbidden, errorPageOf("cross-site"))
	}))
	return secured(s.recovered(s.addressed(origin.Handler(s.limited(next)))))
}

// secured sets the headers that hold for every answer.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		// Pages hold what is nobody else's to read; assets say otherwise themselves.
		h.Set("Cache-Control", "no-store")
		if overTLS(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// recovered turns a panic into our error page and a line in the log.
func (s *site) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(fault) // the server's own way to break off an answer
			}
			s.broken(w, r, fmt.Errorf("panic: %v\n%s", fault, debug.Stack()))
		}()
		next.ServeHTTP(w, r)
	})
}

// broken answers with the page for a fault of ours and logs it under the
// reference that the page shows.
func (s *site) broken(w http.ResponseWriter, r *http.Request, err error) {
	trace := casework.TraceOf(r.Context())
	if trace == "" {
		trace = newTrace() // the request did not come through the front
	}
	reference := referenceOf(trace)
	// The path names things by pseudonymous keys; the query may hold more.
	s.log.Error("a page could not be answered", "trace", trace, "reference", reference, "method", r.Method, "path", r.URL.Path, "error", err)
	text := errorPageOf("500")
	text.reference = reference
	s.answer(w, r, http.StatusInternalServerError, text)
}

// limited reads a form whole before anything acts on it: too large, cut off or
// unreadable, it is answered here and nothing has happened.
func (s *site) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Method == http.MethodGet || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		most := int64(mostSent)
		if s.uploads != nil && s.uploads(r) {
			most = mostUpload
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, most+1))
		if err != nil {
			s.answer(w, r, http.StatusBadRequest, errorPageOf("400"))
			return
		}
		if int64(len(body)) > most {
			_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, mostDrained)) // it is refused whatever follows
			text := errorPageOf("413")
			text.args = []any{"most", fmt.Sprintf("%d MB", most>>20)}
			s.answer(w, r, http.StatusRequestEntityTooLarge, text)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !readable(r) {
			s.answer(w, r, http.StatusBadRequest, errorPageOf("400"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// readable parses the form and reports whether all of it is text.
func readable(r *http.Request) bool {
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(mostUpload)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return false
	}
	for name, values := range r.PostForm {
		for _, value := range append(values, name) {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return false
			}
		}
	}
	return true
}
