package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
	"time"

	"forlop/casework"
)

// Watcher is told of every answer, for the operator's figures and log. The route is
// the pattern, such as "GET /journeys/{id}", and "" where there is no such page: it
// never says what was asked for. It is called by many at once.
type Watcher interface {
	Answered(ctx context.Context, route string, status int, took time.Duration)
}

// traceparent is how a caller names the trace it is in (W3C Trace Context, section
// 3.2): version 00, trace id, the caller's own id, flags.
var traceparent = regexp.MustCompile(`^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$`)

// traceOf is the trace that a request belongs to: the caller's, or a new one.
// Whatever does not look exactly as the standard says is not written into any log.
func traceOf(r *http.Request) string {
	said := r.Header.Values("Traceparent")
	if len(said) == 1 {
		if m := traceparent.FindStringSubmatch(said[0]); len(m) == 3 && strings.Trim(m[1], "0") != "" && strings.Trim(m[2], "0") != "" {
			return m[1]
		}
	}
	return newTrace()
}

func newTrace() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// referenceOf is the end of a trace id, as a page shows it: eight digits that can
// be read aloud and are found in the log.
func referenceOf(trace string) string {
	end := strings.ToUpper(trace[max(0, len(trace)-8):])
	return end[:len(end)/2] + "-" + end[len(end)/2:]
}

type routeKey struct{}

// watchedRoute notes which page a request came to.
func watchedRoute(r *http.Request, pattern string) {
	if into, ok := r.Context().Value(routeKey{}).(*string); ok {
		*into = pattern
	}
}

// watched stands before everything: it gives a request its trace and says what
// became of it.
func (s *site) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route := new(string)
		ctx := context.WithValue(casework.WithTrace(r.Context(), traceOf(r)), routeKey{}, route)
		r = r.WithContext(ctx)
		if s.watch == nil || s.service == nil {
			next.ServeHTTP(w, r)
			return
		}
		begun, heard := s.service.Now(), &heardStatus{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(heard, r)
		s.watch.Answered(ctx, *route, heard.status, s.service.Now().Sub(begun))
	})
}

// heardStatus hears the status of an answer.
type heardStatus struct {
	http.ResponseWriter
	status int
	said   bool
}

func (w *heardStatus) WriteHeader(status int) {
	if !w.said {
		w.status, w.said = status, status >= 200 // what comes before is not the answer
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *heardStatus) Write(b []byte) (int, error) {
	w.said = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is beneath.
func (w *heardStatus) Unwrap() http.ResponseWriter { return w.ResponseWriter }
