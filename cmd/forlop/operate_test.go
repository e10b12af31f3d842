package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"forlop/casework"
)

// An operatedSite is the binary serving a database of its own, with all it says.
type operatedSite struct {
	dir, base, operate string
	cmd                *exec.Cmd
	mu                 sync.Mutex
	said               strings.Builder
	ended              chan struct{}
}

func (o *operatedSite) log() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.said.String()
}

// operate makes a site of the example's units in a folder, and serves it.
func operate(t *testing.T, dir string, env ...string) *operatedSite {
	t.Helper()
	o := &operatedSite{dir: dir, ended: make(chan struct{})}
	key := filepath.Join(dir, "forlop.key")
	if err := makeKey(key, rand.Reader); err != nil {
		t.Fatal(err)
	}
	db := "sqlite:" + filepath.Join(dir, "forlop.db")
	if out, err := forlop(t.Context(), t, "import", "units", "../../docs/example-site.yaml", "--database", db).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	o.start(t, env...)
	return o
}

func (o *operatedSite) start(t *testing.T, env ...string) {
	t.Helper()
	o.cmd = forlop(context.Background(), t, "serve", "--database", "sqlite:"+filepath.Join(o.dir, "forlop.db"), "--addr", "127.0.0.1:0", "--operate-listen", "127.0.0.1:0", "--reserve-size", "65536")
	o.cmd.Env = append(o.cmd.Env, env...)
	errs, err := o.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.cmd.Process.Kill() })
	serving := make(chan struct{})
	go func() {
		defer close(o.ended)
		lines := bufio.NewScanner(errs)
		for lines.Scan() {
			o.mu.Lock()
			o.said.WriteString(lines.Text() + "\n")
			var entry struct{ Msg, Address string }
			_ = json.Unmarshal(lines.Bytes(), &entry) // what is no line of the log is no such line
			if entry.Msg == "operating" {
				o.operate = entry.Address
			}
			if entry.Msg == "serving" {
				o.base = entry.Address
				close(serving)
			}
			o.mu.Unlock()
		}
	}()
	select {
	case <-serving:
	case <-o.ended:
		t.Fatalf("it did not serve:\n%s", o.log())
	}
}

// stop ends it as systemd does, and answers how long that took.
func (o *operatedSite) stop(t *testing.T) time.Duration {
	t.Helper()
	clock := casework.SystemClock()
	begun := clock.Now()
	if err := o.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-o.ended
	if err := o.cmd.Wait(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	return clock.Now().Sub(begun)
}

func ask(t *testing.T, address string, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// U50: health and figures, apart from where people are served, and no word of
// anybody in figures or log.
func TestOperating(t *testing.T) {
	t.Parallel()
	o := operate(t, t.TempDir())
	for _, base := range []string{o.base, o.operate} {
		for _, path := range []string{"/livez", "/readyz"} {
			if status, body := ask(t, base+path); status != http.StatusOK || body != "ok\n" {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
	}
	if status, _ := ask(t, o.base+"/metrics"); status != http.StatusNotFound {
		t.Errorf("the figures are answered where patients are: %d", status)
	}
	if out, err := forlop(t.Context(), t, "healthcheck", "--at", o.base).Output(); err != nil || string(out) != "ok\n" {
		t.Errorf("healthcheck: %s, %v", out, err)
	}
	// Somebody searches for a canary, by name in the address and in a form.
	const canary, trace = "Kanarifugl17x", "4bf92f3577b34da6a3ce929d0e0e4736"
	ask(t, o.base+"/find?q="+canary, "Traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	ask(t, o.base+"/journeys/"+canary, "Traceparent", "00-"+canary+"-x-01")
	resp, err := http.PostForm(o.base+"/login", url.Values{"token": {canary}, "name": {canary}})
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	// And somebody is at work.
	link, err := forlop(t.Context(), t, "token", "login", "--professional", "kari-bjork", "--at", o.base, "--database", "sqlite:"+filepath.Join(o.dir, "forlop.db")).Output()
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(strings.TrimSpace(string(link)), "token=")
	if token, err = url.QueryUnescape(token); err != nil {
		t.Fatal(err)
	}
	if resp, err = (&http.Client{Jar: jar}).PostForm(o.base+"/login", url.Values{"token": {token}}); err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/work" {
		t.Fatalf("logging in leads to %s, %d, %v", resp.Request.URL.Path, resp.StatusCode, err)
	}
	_, figures := ask(t, o.operate+"/metrics")
	for _, want := range []string{
		`forlop_build_info{version=`, "forlop_ready 1", "forlop_read_only 0", `forlop_answers_total{route="POST /login",status="4xx"} 1`,
		`forlop_answer_seconds_bucket{route="GET /journeys/{id}"`, "forlop_due_lag_seconds ", "forlop_outbox{state=\"held\"} 0", "forlop_undelivered 0",
		"forlop_store_append_seconds_count", "forlop_access_log_seconds_count", `forlop_access_decisions_total{outcome="done",question="worklist"} 1`, "go_goroutines", "process_resident_memory_bytes",
	} {
		if !strings.Contains(figures, want) {
			t.Errorf("the figures do not say %s", want)
		}
	}
	if took := o.stop(t); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}
	log := o.log()
	if !strings.Contains(log, `"trace":"`+trace+`"`) {
		t.Errorf("the caller's trace is not in the log:\n%s", log)
	}
	for what, text := range map[string]string{"figures": figures, "log": log} {
		for _, word := range []string{"anarifugl", "kari-bjork", "Kari", "siri-holm"} {
			if strings.Contains(text, word) {
				t.Errorf("the %s say %q", what, word)
			}
		}
	}
	out, err := forlop(t.Context(), t, "healthcheck", "--at", o.base).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitNotReady {
		t.Errorf("healthcheck of what has ended: %v %s", err, out)
	}
}

// TestNotifies: systemd is told when it is ready, again and again that it works, and
// that it stops (sd_notify(3)).
func TestNotifies(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := at.Close(); err != nil {
			t.Error(err)
		}
	}()
	hear := func(want string) {
		t.Helper()
		if err := at.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 512)
		for {
			n, err := at.Read(b)
			if err != nil {
				t.Fatalf("waiting for %s: %v", want, err)
			}
			if strings.HasPrefix(string(b[:n]), want) {
				return
			}
		}
	}
	o := operate(t, dir, "NOTIFY_SOCKET="+filepath.Join(dir, "notify"), "WATCHDOG_USEC=200000")
	hear("READY=1\nSTATUS=http://")
	hear("WATCHDOG=1")
	hear("WATCHDOG=1")
	o.stop(t)
	hear("STOPPING=1")
}

// TestFullDisk fills a small disk under a service: it says read-only and goes on
// showing pages, takes no order, and writes again when there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", dir).CombinedOutput(); err != nil {
		// Only root can mount; the store's own tests fail its writes another way.
		t.Logf("no small disk can be made here, so nothing was tried: %s", out)
		return
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	o := operate(t, dir)
	until := func(want string) {
		t.Helper()
		begun := time.Now()
		for {
			status, body := ask(t, o.operate+"/readyz")
			if status == http.StatusOK && strings.HasPrefix(body, want) {
				return
			}
			if time.Since(begun) > 30*time.Second {
				t.Fatalf("it never said %q: %d %s", want, status, body)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	until("ok")
	filler := filepath.Join(dir, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	until("read-only:")
	if status, _ := ask(t, o.base+"/login"); status != http.StatusOK {
		t.Errorf("while the disk is full the first page answers %d", status)
	}
	if _, figures := ask(t, o.operate+"/metrics"); !strings.Contains(figures, "forlop_read_only 1") || !strings.Contains(figures, "forlop_ready 1") {
		t.Error("the figures do not say that it can only be read")
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	until("ok")
	if took := o.stop(t); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if out, err := forlop(t.Context(), t, "verify", "--database", "sqlite:"+filepath.Join(dir, "forlop.db")).CombinedOutput(); err != nil {
		t.Errorf("afterwards: %v\n%s", err, out)
	}
}
