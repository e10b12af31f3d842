package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// How an act ended, as whoever sent it can know.
type outcome string

const (
	acknowledged outcome = "ok"
	turnedDown   outcome = "fail"
	unknown      outcome = "unknown"
)

// A wire stands between the outsider and the program, at an address that stays. It can
// be cut, and it can swallow what comes back.
type wire struct {
	listener  net.Listener
	to        atomic.Pointer[string]
	cut, deaf atomic.Bool
	mu        sync.Mutex
	open      map[net.Conn]bool
	swallowed atomic.Int64
}

func newWire(t *testing.T) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, open: map[net.Conn]bool{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			go w.carry(c)
		}
	}()
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		w.drop()
	})
	return w
}

func (w *wire) base() string { return "http://" + w.listener.Addr().String() }

func (w *wire) carry(c net.Conn) {
	to := w.to.Load()
	if to == nil || w.cut.Load() {
		_ = c.Close()
		return
	}
	s, err := net.Dial("tcp", *to)
	if err != nil {
		_ = c.Close()
		return
	}
	w.mu.Lock()
	w.open[c], w.open[s] = true, true
	w.mu.Unlock()
	end := func() {
		_, _ = c.Close(), s.Close()
		w.mu.Lock()
		delete(w.open, c)
		delete(w.open, s)
		w.mu.Unlock()
	}
	go func() { _, _ = io.Copy(s, c); end() }()
	defer end()
	buf := make([]byte, 32<<10)
	for {
		n, err := s.Read(buf)
		if n > 0 && w.deaf.Load() {
			w.swallowed.Add(1)
			return // the program has answered, and nobody hears it
		}
		if n > 0 {
			if _, err := c.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// drop ends every connection there is.
func (w *wire) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.open {
		_ = c.Close()
	}
}

// An outsider is somebody with a browser and a notebook: what they sent under which
// key, and what they were answered.
type outsider struct {
	name, base, path string
	browser, sender  *http.Client // sender stays where it was answered
	thread           string
	said             int
	history          []*sent
}

// sent is one message as its sender knows it.
type sent struct {
	words, at, key string
	outcome        outcome
	answer         string // of what turned it down
	tries          int
}

func logIn(t *testing.T, name, base, link, path string) *outsider {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	o := &outsider{
		name: name, base: base, path: path,
		browser: &http.Client{Jar: jar, Timeout: 3 * time.Second},
		sender:  &http.Client{Jar: jar, Timeout: 3 * time.Second, CheckRedirect: stay},
	}
	address, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		t.Fatal(err)
	}
	if status, _, body, err := o.do(t.Context(), base+"/login", url.Values{"token": {address.Query().Get("token")}}); err != nil || status != http.StatusOK {
		t.Fatalf("logging %s in: %d %v\n%s", name, status, err, body)
	}
	return o
}

// do asks for a page, or sends a form and goes where that leads; where it ended up is
// answered too.
func (o *outsider) do(ctx context.Context, address string, form url.Values) (status int, path, body string, err error) {
	return fetch(ctx, o.browser, address, form)
}

// patient asks for a page, and waits its turn where the program says that too much was
// asked for.
func (o *outsider) patient(ctx context.Context, address string) (status int, body string, err error) {
	for range 240 {
		if status, _, body, err = o.do(ctx, address, nil); err != nil || status != http.StatusTooManyRequests {
			break
		}
		time.Sleep(turn)
	}
	return status, body, err
}

// turn is how long somebody waits who has asked for too much.
const turn = 500 * time.Millisecond

func fetch(ctx context.Context, browser *http.Client, address string, form url.Values) (status int, path, body string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if form != nil {
		r, err = http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	}
	if err != nil {
		return 0, "", "", err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := browser.Do(r)
	if err != nil {
		return 0, "", "", err
	}
	text, err := io.ReadAll(resp.Body)
	path = resp.Request.URL.Path
	if to, e := resp.Location(); e == nil {
		path = to.Path
	}
	return resp.StatusCode, path, string(text), errors.Join(err, resp.Body.Close())
}

var heading = regexp.MustCompile(`(?s)<main.*?</h1>.{0,300}`)

var keyOfForm = regexp.MustCompile(`name="key" value="([^"]+)"`)

// act writes one message: the form is fetched, and sent with its key. Only what was
// sent stands in the history; a page that could not be fetched changed nothing.
func (o *outsider) act(ctx context.Context) *sent {
	at := o.path
	if o.thread != "" && o.said%15 != 0 {
		at = o.thread
	}
	status, _, page, err := o.do(ctx, o.base+at, nil)
	if status == http.StatusTooManyRequests {
		time.Sleep(turn)
	}
	if err != nil || status != http.StatusOK {
		return nil
	}
	key := keyOfForm.FindStringSubmatch(page)
	if key == nil {
		return nil
	}
	o.said++
	s := &sent{words: fmt.Sprintf("%s-%05d.", o.name, o.said), at: at, key: key[1], outcome: unknown}
	o.history = append(o.history, s)
	o.send(ctx, s)
	return s
}

// send sends a message, or sends it again: under the same key, with the same words.
// What was answered once by a clear yes or no is not sent again.
func (o *outsider) send(ctx context.Context, s *sent) {
	s.tries++
	status, path, body, err := fetch(ctx, o.sender, o.base+s.at, url.Values{"key": {s.key}, "act": {"say"}, "text": {s.words}})
	switch {
	case err != nil || status >= http.StatusInternalServerError || status == http.StatusTooManyRequests && s.tries > 1:
		// Whether an earlier try was heard is still not known.
	case status == http.StatusSeeOther && strings.HasPrefix(path, o.path+"/"):
		s.outcome, o.thread = acknowledged, path
	default:
		s.outcome = turnedDown
		s.answer = fmt.Sprint(status, " ", path, " at try ", s.tries, ": ", heading.FindString(body))
	}
	if status == http.StatusTooManyRequests {
		time.Sleep(turn)
	}
}

// reads is everything that the outsider's own pages hold.
func (o *outsider) reads(ctx context.Context) (string, error) {
	status, page, err := o.patient(ctx, o.base+o.path)
	if err != nil || status != http.StatusOK {
		return "", fmt.Errorf("%s answers %d: %w", o.path, status, err)
	}
	var all strings.Builder
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`href="(`+regexp.QuoteMeta(o.path)+`/[^"?]+)"`).FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			continue
		}
		seen[m[1]] = true
		status, page, err := o.patient(ctx, o.base+m[1])
		if err != nil || status != http.StatusOK {
			return "", fmt.Errorf("%s answers %d: %w", m[1], status, err)
		}
		all.WriteString(page)
	}
	return all.String(), nil
}

// faults are where the pages and the notebook differ.
func (o *outsider) faults(pages string) (out []string) {
	for _, s := range o.history {
		n := strings.Count(pages, s.words)
		switch {
		case s.outcome == acknowledged && n != 1:
			out = append(out, fmt.Sprintf("%s was acknowledged and stands there %d times", s.words, n))
		case s.outcome == turnedDown && n != 0:
			out = append(out, fmt.Sprintf("%s was turned down and stands there %d times: %s", s.words, n, s.answer))
		case n > 1:
			out = append(out, fmt.Sprintf("%s stands there %d times", s.words, n))
		}
	}
	return out
}
