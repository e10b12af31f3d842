package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"forlop/care"
	"forlop/pathway/library"
	"forlop/simulation"
	"forlop/web"

	"github.com/chromedp/chromedp"
)

// key is what differs between two drawings of the same form.
var key = regexp.MustCompile(`name="key" value="[^"]*"`)

func fetch(t *testing.T, client *http.Client, address string, cookies ...*http.Cookie) (http.Header, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %d: %v\n%s", address, resp.StatusCode, err, body)
	}
	return resp.Header, key.ReplaceAllString(string(body), `name="key" value=""`)
}

// What an author sees is what the patient gets: the bytes of a rehearsed
// journey's own page, but for where its links lead.
func TestPreviewIsTheRealPage(t *testing.T) {
	t.Parallel()
	const example = "the straight course"
	h := openHouse(t)
	author := h.visit(coordinator.Actor)
	folder, _ := library.Files("no.pain")
	compared := 0
	for _, c := range []struct {
		day     int
		lang    care.Language
		palette string
	}{{0, care.Bokmal, "standard"}, {30, care.Swedish, "dim"}, {84, care.English, "calm"}} {
		scene, err := simulation.StopAt(context.Background(), folder, nil, example, c.day, c.lang)
		if err != nil {
			t.Fatal(err)
		}
		real := httptest.NewServer(web.New(web.Config{Service: scene.Service, Log: slog.New(slog.DiscardHandler)}))
		t.Cleanup(real.Close)
		token, err := scene.Service.SignIn(context.Background(), care.Actor{Kind: care.Patient, ID: string(scene.Patient)})
		if err != nil {
			t.Fatal(err)
		}
		_, want := fetch(t, real.Client(), real.URL+"/me", &http.Cookie{Name: "session", Value: token}, &http.Cookie{Name: "display", Value: c.palette + ".1"})
		q := url.Values{"example": {example}, "day": {itoa(c.day)}, "lang": {string(c.lang)}, "palette": {c.palette}}
		prefix := "/pathways/no.pain/2025.04/preview/at"
		header, got := fetch(t, author.client, h.url+prefix+"/me?"+q.Encode())
		if csp := header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'self'") || !strings.Contains(csp, "form-action 'none'") {
			t.Errorf("day %d: the browser may %s", c.day, csp)
		}
		leads := strings.Count(got, prefix)
		if leads < 5 {
			t.Errorf("day %d: only %d links lead on", c.day, leads)
		}
		which := strings.ReplaceAll(q.Encode(), "&", "&amp;")
		got = strings.NewReplacer(`href="`+prefix, `href="`, "?"+which, "", "&amp;"+which, "").Replace(got)
		if got != want {
			t.Errorf("day %d in %s differs:\n%s", c.day, c.lang, firstDifferent(want, got))
		}
		if !strings.Contains(got, `lang="`+string(c.lang)+`"`) || !strings.Contains(got, `data-color-scheme="`+c.palette+`"`) {
			t.Errorf("day %d is not in %s and %s", c.day, c.lang, c.palette)
		}
		compared += len(want)
	}
	if compared < 10_000 {
		t.Errorf("only %d bytes were compared", compared)
	}
}

func firstDifferent(want, got string) string {
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			from := max(0, i-100)
			return "want …" + want[from:min(len(want), i+100)] + "\ngot  …" + got[from:min(len(got), i+100)]
		}
	}
	return "one is longer than the other"
}

// A patient has no business with pathways, and a page that is shown in a frame
// is only shown in ours.
func TestPathwaysAreForThoseWhoWork(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p, _ := h.refer("Anna Aas")
	patient := h.visit(asPatient(p))
	for _, path := range []string{"/pathways", "/pathways/no.pain/2025.04", "/pathways/no.pain/2025.04/source", "/pathways/no.pain/2025.04/tests",
		"/pathways/no.pain/2025.04/preview", "/pathways/no.pain/2025.04/preview/at/me?day=0&lang=nb", "/pathways/findings?code=E301"} {
		if got := patient.get(path); got.status != http.StatusForbidden {
			t.Errorf("a patient gets %d for %s", got.status, path)
		}
	}
	if got := patient.get("/pathways/no.pain/2025.04/publish"); got.status != http.StatusForbidden {
		t.Errorf("a patient gets %d for the way into use", got.status)
	}
	author := h.visit(coordinator.Actor)
	for path, want := range map[string]int{
		"/pathways/no.pain/1999.01":                                          http.StatusNotFound,
		"/pathways/no.pain/2025.04/preview/at/me?day=0&lang=xx":              http.StatusNotFound,
		"/pathways/no.pain/2025.04/preview/at/me?day=0&lang=nb&example=none": http.StatusNotFound,
		"/pathways/findings?code=E999":                                       http.StatusNotFound,
	} {
		if got := author.get(path); got.status != want {
			t.Errorf("%s answers %d, want %d", path, got.status, want)
		}
	}
}

// The preview as files opens from a disk, without scripts and without asking a
// service.
func TestPreviewOnDisk(t *testing.T) {
	t.Parallel()
	folder, _ := library.Files("no.pain")
	dir := t.TempDir()
	size := map[string]int{}
	findings, err := web.PreviewFiles{
		Name: "no.pain", Files: folder, Examples: []string{"the straight course"}, Days: []int{0, 30}, Language: care.Bokmal,
	}.Write(context.Background(), func(name string, content []byte) error {
		size[name] = len(content)
		for _, word := range []string{"<script", "http-equiv", `action="/`, `href="/`, `src="/`} {
			if bytes.Contains(content, []byte(word)) {
				t.Errorf("%s has %s", name, word)
			}
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return err
		}
		return os.WriteFile(path, content, 0o600)
	})
	if err != nil {
		t.Fatal(err, findings)
	}
	const day = "01-the-straight-course/day-030"
	if len(size) != 1+3+2*17 {
		t.Fatalf("%d files were written: %v", len(size), size)
	}
	p := openTab(t, desk)
	for _, name := range []string{"index.html", day + ".html", day + ".nn.calm.html"} {
		within(p, "opening "+name, chromedp.Navigate("file://"+filepath.Join(dir, filepath.FromSlash(name))))
		for _, v := range p.violations() {
			t.Errorf("%s: %s", name, v)
		}
		if by := p.overflow(); by > 0 {
			t.Errorf("%s is %d pixels too wide", name, by)
		}
		p.picture("disk-" + name)
		if name == day+".html" {
			if got := evaluate[int](p, `document.querySelectorAll("iframe").length`); got != 16 {
				t.Errorf("%d pages stand side by side", got)
			}
		}
	}
	if got := p.text("h1"); got != "Planen min" {
		t.Errorf("the page alone is called %q", got)
	}
	// A patient's page with its style sheet stays below the limit of U31.
	if n := size[day+".nn.calm.html"]; n > 20<<10 {
		t.Errorf("a page is %d bytes", n)
	}
}
