package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long one act in the browser may take. Two busy cores need
// most of it now and then.
const patience = 45 * time.Second

var picturesDir = flag.String("pictures", "", "folder in which the browser tests keep a picture of each page they look at")

// TestMain ends the browser that the tests share.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	endBrowser()
	os.Exit(code)
}

// endBrowser is set by startBrowser.
var endBrowser = func() {}

// startBrowser starts the one Chromium of this test binary.
var startBrowser = sync.OnceValues(func() (context.Context, error) {
	var found string
	for _, name := range []string{"chromium", "google-chrome", "chromium-browser", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			found = path
			break
		}
	}
	if found == "" {
		return nil, errors.New("Chromium is not on the path: run scripts/test, which installs what the tests need")
	}
	profile, err := os.MkdirTemp("", "forlop-browser-")
	if err != nil {
		return nil, err
	}
	ctx, endAllocator := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(found),
		chromedp.UserDataDir(profile),
		chromedp.NoSandbox, // tests run as root in containers, and open our own pages only
		chromedp.Headless,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-features", "BackForwardCache"), // Back loads the page anew, as the service asks of browsers
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("hide-scrollbars", true),
	)
	ctx, end := chromedp.NewContext(ctx)
	endBrowser = func() {
		end()
		endAllocator()
		if err := os.RemoveAll(profile); err != nil {
			fmt.Fprintln(os.Stderr, "the browser's folder stays:", err)
		}
	}
	// No timeout here: the browser lives as long as the context it is started with.
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("starting %s: %w", found, err)
	}
	return ctx, nil
})

// A screen is how a person looks at a page. The zero value is a telephone of
// 360 by 640 in the lightest palette, with scripts on.
type screen struct {
	width, height int64
	dark          bool              // the person's device asks for dark pages
	forcedColours bool              // high contrast mode
	noScripts     bool              // JavaScript is switched off
	language      string            // Accept-Language, such as "nn,nb;q=0.8"
	cookies       map[string]string // set before the first page, for the site that is opened
}

var (
	telephone = screen{width: 360, height: 640}
	narrowest = screen{width: 320, height: 640} // WCAG 1.4.10
	desk      = screen{width: 1280, height: 900}
)

// A tab is one page in the browser, apart from all others: it has its own
// cookies. Its methods fail the test when the browser cannot do what is asked.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
	cookies    map[string]string
}

// openTab opens an empty tab, which is closed when the test ends.
func openTab(t *testing.T, s screen) *tab {
	t.Helper()
	browser, err := startBrowser()
	if err != nil {
		t.Fatal(err)
	}
	if s.width == 0 {
		s.width, s.height = telephone.width, telephone.height
	}
	p := &tab{t: t, cookies: s.cookies}
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.listen))
	t.Cleanup(end)
	p.ctx = ctx
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	forced := "none"
	if s.forcedColours {
		forced = "active"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "forced-colors", Value: forced},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	// The first act binds the tab's life to its context, so it has no timeout.
	err = chromedp.Do(ctx,
		chromedp.EmulateViewport(s.width, s.height),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			if _, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media); err != nil {
				return err
			}
			if s.language != "" {
				headers := network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": s.language}}
				if _, err := cdp.Call(ctx, target, network.SetExtraHTTPHeaders, headers); err != nil {
					return err
				}
			}
			_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled,
				emulation.SetScriptExecutionDisabledParams{Value: s.noScripts})
			return err
		}),
	)
	if err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	return p
}

// listen keeps what the page complains of: errors in scripts, resources that
// fail to load, breaches of the content policy.
func (p *tab) listen(event any) {
	var said string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = "script: " + (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error()
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelError {
			return
		}
		said = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = append(p.complaints, said)
}

// complained lists what went wrong in the tab since it was opened.
func (p *tab) complained() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.complaints...)
}

// within runs one act under the tests' patience.
func within[T any](p *tab, what string, act chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, act)
	if err != nil {
		p.t.Fatalf("%s: %v\non a page that says:\n%s", what, err, p.lookAround())
	}
	return value
}

// lookAround is what the page says, for the message of a failed test.
func (p *tab) lookAround() string {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](
		`location.href + "\n" + (document.body ? document.body.innerText.slice(0, 1500) : "")`))
	if err != nil {
		return "(nothing: " + err.Error() + ")"
	}
	return text
}

// goTo opens an address and returns the HTTP status.
func (p *tab) goTo(url string) int {
	p.t.Helper()
	for name, value := range p.cookies {
		within(p, "setting a cookie", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: url})
			return err
		}))
	}
	p.cookies = nil
	response := within(p, "opening "+url, chromedp.NavigateResponse(url))
	if response == nil {
		p.t.Fatalf("opening %s: the browser got no answer", url)
	}
	return int(response.Status)
}

// press clicks on what css selects, a link or a button, waits for the page it
// leads to, and returns that page's HTTP status.
func (p *tab) press(css string) int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
	if err != nil {
		p.t.Fatalf("pressing %s led to no page: %v\non a page that says:\n%s", css, err, p.lookAround())
	}
	if response == nil { // to another place on the same page
		return 200
	}
	return int(response.Status)
}

// write puts text into a field as a person would, key by key, after what is
// there is cleared.
func (p *tab) write(css, text string) {
	p.t.Helper()
	within(p, "clearing "+css, chromedp.Clear(chromedp.CSS(css), chromedp.NodeVisible))
	within(p, "writing in "+css, chromedp.SendKeys(chromedp.CSS(css), text, chromedp.NodeVisible))
}

// choose sets a field's value at once: selects, dates and times, whose keys
// depend on the browser's language.
func (p *tab) choose(css, value string) {
	p.t.Helper()
	within(p, "choosing in "+css, chromedp.SetValue(chromedp.CSS(css), value, chromedp.NodeVisible))
}

// tick clicks on what css selects without waiting for another page.
func (p *tab) tick(css string) {
	p.t.Helper()
	within(p, "ticking "+css, chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
}

// has reports whether css selects anything.
func (p *tab) has(css string) bool {
	p.t.Helper()
	return evaluate[bool](p, "document.querySelector("+quote(css)+") !== null")
}

// text is what a reader sees of the first element that css selects.
func (p *tab) text(css string) string {
	p.t.Helper()
	found := p.texts(css)
	if len(found) == 0 {
		p.t.Fatalf("nothing is %s on a page that says:\n%s", css, p.lookAround())
	}
	return found[0]
}

// texts is what a reader sees of every element that css selects.
func (p *tab) texts(css string) []string {
	p.t.Helper()
	return evaluate[[]string](p, "Array.from(document.querySelectorAll("+quote(css)+"), e => e.innerText.trim())")
}

// address is where the tab is.
func (p *tab) address() string {
	p.t.Helper()
	return evaluate[string](p, "location.href")
}

// picture is the whole page as PNG. With -pictures it is also kept under name.
func (p *tab) picture(name string) []byte {
	p.t.Helper()
	png := within(p, "taking a picture", chromedp.FullScreenshot(100))
	if *picturesDir != "" {
		file := filepath.Join(*picturesDir, strings.NewReplacer("/", "-", " ", "-", "?", "-").Replace(name)+".png")
		if err := errors.Join(os.MkdirAll(*picturesDir, 0o755), os.WriteFile(file, png, 0o644)); err != nil {
			p.t.Fatal(err)
		}
	}
	return png
}

// evaluate runs a JavaScript expression; the browser does so for the tests even
// where the page's own scripts are off.
func evaluate[T any](p *tab, expression string) T {
	p.t.Helper()
	return within(p, "evaluating", chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// quote writes a Go string as a JavaScript one.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // every string has a JSON form
	}
	return string(b)
}
