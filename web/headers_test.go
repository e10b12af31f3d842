package web

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"forlop/care"
	"forlop/pathway"
	"forlop/pathway/library"
)

func send(t *testing.T, r *http.Request) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	Gallery().ServeHTTP(w, r)
	response := w.Result()
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func bodyOf(t *testing.T, response *http.Response) string {
	t.Helper()
	var b strings.Builder
	if _, err := io.Copy(&b, response.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func form(path string, values url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/gallery/plan", "/no/such/page", "/gallery/panic", assetAddress("staff.css")} {
		h := send(t, httptest.NewRequest(http.MethodGet, path, nil)).Header
		for name, want := range map[string]string{
			"Content-Security-Policy":      "default-src 'none'",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "same-origin",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || strings.Contains(h.Get("Content-Security-Policy"), "script") {
			t.Errorf("%s: the policy is %q", path, h.Get("Content-Security-Policy"))
		}
		if path[:5] != "/asse" && h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", path, h.Get("Cache-Control"))
		}
	}
}

// TestErrorPagesSayWhatWhereAndHow holds X5 in four languages.
func TestErrorPagesSayWhatWhereAndHow(t *testing.T) {
	t.Parallel()
	foreign := form("/gallery/form", nil)
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	unreadable := httptest.NewRequest(http.MethodPost, "/gallery/form", strings.NewReader("a=%ff%fe"))
	unreadable.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	large := httptest.NewRequest(http.MethodPost, "/gallery/form", strings.NewReader("a="+strings.Repeat("x", 10<<20)))
	large.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range []struct {
		name    string
		request *http.Request
		status  int
	}{
		{"400", unreadable, http.StatusBadRequest},
		{"404", httptest.NewRequest(http.MethodGet, "/no/such/page", nil), http.StatusNotFound},
		{"405", form("/gallery/plan", nil), http.StatusMethodNotAllowed},
		{"413", large, http.StatusRequestEntityTooLarge},
		{"422", httptest.NewRequest(http.MethodGet, "/gallery/refused", nil), http.StatusUnprocessableEntity},
		{"403", httptest.NewRequest(http.MethodGet, "/gallery/denied", nil), http.StatusForbidden},
		{"404", httptest.NewRequest(http.MethodGet, "/gallery/missing", nil), http.StatusNotFound},
		{"409", httptest.NewRequest(http.MethodGet, "/gallery/conflict", nil), http.StatusConflict},
		{"429", httptest.NewRequest(http.MethodGet, "/gallery/often", nil), http.StatusTooManyRequests},
		{"500", httptest.NewRequest(http.MethodGet, "/gallery/panic", nil), http.StatusInternalServerError},
		{"503", httptest.NewRequest(http.MethodGet, "/gallery/full", nil), http.StatusServiceUnavailable},
		{"cross-site", foreign, http.StatusForbidden},
	} {
		for _, code := range care.Languages {
			r := c.request.Clone(t.Context())
			if c.name == "413" {
				r.Body = httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a="+strings.Repeat("x", 10<<20))).Body
			}
			if c.name == "400" {
				r.Body = httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a=%ff%fe")).Body
			}
			r.Header.Set("Accept-Language", string(code))
			response := send(t, r)
			text := bodyOf(t, response)
			if response.StatusCode != c.status {
				t.Errorf("%s: the status is %s", c.name, response.Status)
			}
			l := speak(code)
			for _, part := range []string{"title", "kept", "next"} {
				if want := l.T("error."+c.name+"."+part, "most", "1 MB"); !strings.Contains(text, want) {
					t.Errorf("%s in %s does not say %q", c.name, code, want)
				}
			}
			if !strings.Contains(text, "22 00 00 00") {
				t.Errorf("%s in %s has no telephone", c.name, code)
			}
			if strings.Contains(text, "planted") || strings.Contains(text, "goroutine") {
				t.Errorf("%s shows what only the log should hold", c.name)
			}
			if c.name == "422" && !strings.Contains(text, "2026-02-30") {
				t.Errorf("the refusal in %s does not name the thing", code)
			}
			if has := strings.Contains(text, `class="reference"`); has != (c.name == "500") {
				t.Errorf("%s: a reference code is shown: %v", c.name, has)
			}
		}
	}
}

func TestKindsOfNo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want int
	}{
		{care.Refuse("x", "x"), 422},
		{care.Deny("x", "x"), 403},
		{care.Missing("x", "x"), 404},
		{care.Stale("x", "x"), 409},
		{http.ErrBodyNotAllowed, 500},
		{&care.Refusal{Kind: "new"}, 500},
	} {
		if got := statusOf(c.err); got != c.want {
			t.Errorf("%v is answered with %d, want %d", c.err, got, c.want)
		}
	}
}

func TestRefusalsSayDatesAndSpansInTheLanguage(t *testing.T) {
	t.Parallel()
	no := care.Refuse("pause-long", "A pause lasts at most {span}.", "span", care.Span{N: 8, Unit: care.Weeks}.String())
	if got := refusalNamed(speak(care.Nynorsk), no, nil); !strings.Contains(got, "8 veker") {
		t.Errorf("%q does not say 8 veker", got)
	}
	no = care.Refuse("date-passed", "The date {date} has passed.", "date", "2026-03-13")
	if got := refusalNamed(speak(care.Bokmal), no, nil); !strings.Contains(got, "fredag 13. mars 2026") {
		t.Errorf("%q does not say the date", got)
	}
	if got := refusalNamed(speak(care.Bokmal), care.Refuse("no-text-for-this", "English for {thing}.", "thing", "the log"), nil); plain(got) != "English for the log." {
		t.Errorf("a code without a text is said as %q", got)
	}
}

func TestDisplayIsChosenBeforeLogin(t *testing.T) {
	t.Parallel()
	chosen := send(t, form("/display", url.Values{"palette": {"dim"}, "size": {"3"}, "wide": {"yes"}, "language": {"sv"}, "to": {"/gallery/plan?tasks=1"}}))
	if chosen.StatusCode != http.StatusSeeOther {
		t.Fatal(chosen.Status)
	}
	r := httptest.NewRequest(http.MethodGet, chosen.Header.Get("Location"), nil)
	for _, c := range chosen.Cookies() {
		if c.MaxAge < 365*24*60*60 || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			t.Errorf("the cookie %v", c)
		}
		r.AddCookie(c)
	}
	page := bodyOf(t, send(t, r))
	for _, want := range []string{
		`lang="sv"`, `data-color-scheme="dim"`, `data-size="3"`, `data-spacing="wide"`,
		`<meta name="color-scheme" content="dark">`, speak(care.Swedish).T("display.saved"), `value="/gallery/plan?tasks=1"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page after the choice lacks %s", want)
		}
	}
}

func TestFormsSendNobodyElsewhere(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"/me":                  "/me",
		"/me?a=b&c=d":          "/me?a=b&c=d",
		"":                     "/",
		"//evil.example":       "/",
		"https://evil.example": "/",
		"/\\evil.example":      "/",
		"javascript:alert(1)":  "/",
		"me":                   "/",
		"/a\r\nSet-Cookie: x":  "/",
	} {
		if got := localPath(given); got != want {
			t.Errorf("%q leads to %q, want %q", given, got, want)
		}
		back := send(t, form("/language", url.Values{"language": {"nn"}, "to": {given}}))
		if got := back.Header.Get("Location"); got != want {
			t.Errorf("a form with %q leads to %q, want %q", given, got, want)
		}
	}
}

func TestReadDisplay(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"":                           "auto.1",
		"calm.2.wide.brief":          "calm.2.wide.brief",
		"calm":                       "calm.1",
		"red.9.wide":                 "auto.1.wide",
		"dim.0":                      "dim.1",
		"\x00.4":                     "auto.4",
		strings.Repeat("calm.", 999): "calm.1",
	} {
		if got := readDisplay(given).String(); got != want {
			t.Errorf("%q is read as %q, want %q", given, got, want)
		}
	}
}

// TestRefusalsTellVersionsApart: a refusal names a pathway by its title, a version
// of it by title and version, and a source as its publisher does.
func TestRefusalsTellVersionsApart(t *testing.T) {
	t.Parallel()
	def, found := library.Load("no.pain")
	if pathway.HasErrors(found) || len(def.Sources) == 0 {
		t.Fatalf("no.pain has %d sources, %v", len(def.Sources), found)
	}
	text, source := def.Texts[care.English], def.Sources[0]
	for _, tt := range []struct{ what, id, want string }{
		{"pathway", "no.pain", text.Title},
		{"pathway", def.Ref.String(), text.Title + " (" + def.Ref.Version + ")"},
		{"pathway", "se.pain", ""},
		{"source", string(source.ID), source.Title},
		{"source", "nowhere", ""},
	} {
		if got := calledIn(text, def, tt.what, tt.id); got != tt.want {
			t.Errorf("the %s %s is called %q, want %q", tt.what, tt.id, got, tt.want)
		}
	}
}

// A page for a fault of ours shows the end of the trace that the log has, the
// caller's where they name one as the standard says.
func TestReferenceIsTheTrace(t *testing.T) {
	t.Parallel()
	const known = "4bf92f3577b34da6a3ce929d0e0e4736"
	for said, whose := range map[string]bool{
		"00-" + known + "-00f067aa0ba902b7-01": true, "00-" + known + "-00f067aa0ba902b7-01-x": false, "01-" + known + "-00f067aa0ba902b7-01": false,
		"00-" + strings.ToUpper(known) + "-00f067aa0ba902b7-01": false, "00-" + known + "-0000000000000000-01": false, "Kari": false,
	} {
		var log strings.Builder
		s := &site{log: slog.New(slog.NewJSONHandler(&log, nil))}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Traceparent", said)
		w := httptest.NewRecorder()
		s.watched(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.broken(w, r, errors.New("planted")) })).ServeHTTP(w, r)
		var line struct{ Trace, Reference string }
		if err := json.Unmarshal([]byte(log.String()), &line); err != nil {
			t.Fatal(err)
		}
		if (line.Trace == known) != whose || len(line.Trace) != 32 || !strings.Contains(w.Body.String(), line.Reference) || line.Reference != referenceOf(line.Trace) {
			t.Errorf("%s: the log says %+v", said, line)
		}
	}
}
