package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// A site is a folder in which the program runs as docs/running.md says.
type runningSite struct {
	t   *testing.T
	dir string
	env []string
}

// commandsOf are the lines of the sh blocks of a page, without their comments.
func commandsOf(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			line, _, _ = strings.Cut(line, "  #")
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// sh runs one line in the folder and answers its output.
func (s runningSite) sh(line string) (stdout, stderr string, code int) {
	s.t.Helper()
	var out, errs strings.Builder
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.dir, append(os.Environ(), s.env...), &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		s.t.Fatalf("%s: %v", line, err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func (s runningSite) must(line string) string {
	s.t.Helper()
	out, errs, code := s.sh(line)
	if code != 0 {
		s.t.Fatalf("%s: exit %d\n%s%s", line, code, out, errs)
	}
	return out
}

// serve starts a line that serves, waits until it is ready, and answers its
// address, its log until then, and what stops it.
func (s runningSite) serve(line string) (base, log string, stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "sh", "-c", "exec "+line)
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), s.env...)
	errs, err := cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(cancel)
	lines := bufio.NewScanner(errs)
	for base == "" && lines.Scan() {
		log += lines.Text() + "\n"
		var entry struct{ Msg, Address string }
		if err := json.Unmarshal(lines.Bytes(), &entry); err == nil && entry.Msg == "serving" {
			base = entry.Address
		}
	}
	if base == "" {
		s.t.Fatalf("%s did not serve:\n%s", line, log)
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, errs)
	}()
	return base, log, func() {
		s.t.Helper()
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			s.t.Fatal(err)
		}
		<-drained
		if err := cmd.Wait(); err != nil {
			s.t.Errorf("stopping: %v", err)
		}
	}
}

// get answers a page as a browser would see it.
func get(t *testing.T, browser *http.Client, address string, form url.Values) (status int, path, body string) {
	t.Helper()
	send := func() (*http.Response, error) { return browser.Get(address) }
	if form != nil {
		send = func() (*http.Response, error) { return browser.PostForm(address, form) }
	}
	resp, err := send()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Request.URL.Path, string(text)
}

// TestRunning follows docs/running.md with the built binary, from an empty folder
// to a coordinator at work and a copy of the data, every line as it stands.
func TestRunning(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	s := runningSite{t: t, dir: t.TempDir(), env: []string{"FORLOP_ADDR=127.0.0.1:0"}}
	if err := os.CopyFS(filepath.Join(s.dir, "docs"), os.DirFS(filepath.Join(root, "docs"))); err != nil {
		t.Fatal(err)
	}
	const file = "sqlite:forlop.db"
	var base string
	var stop func()
	ran := map[string]int{}
	for _, line := range commandsOf(t, "../../docs/running.md") {
		words := strings.Fields(line)
		what := strings.Join(words[:min(3, len(words))], " ")
		ran[what]++
		switch {
		case strings.HasPrefix(line, "go build "):
			// Where it is built from is the repository; where it lies is the folder.
			build := exec.Command("go", "build", "-o", filepath.Join(s.dir, "forlop"), "./cmd/forlop")
			build.Dir = root
			if out, err := build.CombinedOutput(); err != nil || line != "go build -o forlop ./cmd/forlop" {
				t.Fatalf("%s: %v\n%s", line, err, out)
			}
			// Before there are units, nothing is served, and the way on is said.
			s.must("./forlop token key early.key")
			if _, errs, code := s.sh("./forlop serve --database sqlite:early.db"); code != 4 || !strings.Contains(errs, "forlop import units") {
				t.Errorf("an empty database: exit %d, %s", code, errs)
			}
		case what == "./forlop serve --database":
			var log string
			base, log, stop = s.serve(line)
			if !strings.Contains(log, `"no.pain@`) {
				t.Errorf("the log does not say that no.pain is on the shelf:\n%s", log)
			}
			if status, _, body := get(t, http.DefaultClient, base+"/readyz", nil); status != http.StatusOK {
				t.Errorf("not ready: %d %s", status, body)
			}
			if _, errs, code := s.sh("./forlop import units site.yaml --database " + file); code != 4 || errs == "" {
				t.Errorf("importing into a file that is served: exit %d, %s", code, errs)
			}
			if out := s.must("./forlop import units site.yaml --dry-run --database " + file); out != "" {
				t.Errorf("a dry run beside the service finds: %s", out)
			}
		case what == "./forlop token login":
			s.env = append(s.env, "FORLOP_BASE="+base)
			s.works(s.must(line), base)
		case strings.HasPrefix(line, "mkdir "):
			if stop != nil { // a copy is taken while nothing is served
				stop()
				stop = nil
			}
			s.must(line)
		default:
			s.must(line)
		}
		if strings.HasSuffix(line, "--dry-run") {
			if _, err := os.Stat(filepath.Join(s.dir, "forlop.db")); err == nil {
				t.Error("a dry run made a database")
			}
		}
	}
	for _, what := range []string{"./forlop import units", "./forlop serve --database", "./forlop token login", "./forlop verify --database"} {
		if ran[what] == 0 {
			t.Errorf("the page does not say %s", what)
		}
	}
	if stop != nil {
		stop()
	}
	var again struct{ Done int }
	if err := json.Unmarshal([]byte(s.must("./forlop import units site.yaml --json --database "+file)), &again); err != nil || again.Done != 0 {
		t.Errorf("the same file again changes %d, %v", again.Done, err)
	}
	// The copy is served as the file was.
	s.must("cp forlop.key copies/forlop.key")
	base, _, stop = s.serve("./forlop serve --database sqlite:copies/forlop.db")
	if status, _, body := get(t, http.DefaultClient, base+"/readyz", nil); status != http.StatusOK {
		t.Errorf("the copy is not ready: %d %s", status, body)
	}
	stop()
}

// works opens a login link as a coordinator would, and finds the worklist.
func (s runningSite) works(link, base string) {
	s.t.Helper()
	link = strings.TrimSpace(link)
	address, err := url.Parse(link)
	if err != nil || !strings.HasPrefix(link, base+"/login?token=") {
		s.t.Fatalf("the link is %q, %v", link, err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	kari := &http.Client{Jar: jar}
	if status, _, body := get(s.t, kari, link, nil); status != http.StatusOK || !strings.Contains(body, `action="/login"`) {
		s.t.Errorf("the link shows %d\n%s", status, body)
	}
	form := url.Values{"token": {address.Query().Get("token")}}
	if status, path, body := get(s.t, kari, base+"/login", form); status != http.StatusOK || path != "/work" || !strings.Contains(body, "Kari Bjørk") {
		s.t.Errorf("the button leads to %s, %d\n%s", path, status, body)
	}
	if status, _, _ := get(s.t, kari, base+"/work", nil); status != http.StatusOK {
		s.t.Errorf("the worklist answers %d", status)
	}
	if status, _, _ := get(s.t, http.DefaultClient, base+"/login", form); status != http.StatusForbidden {
		s.t.Errorf("the link opens twice: %d", status)
	}
	for _, c := range []struct {
		args string
		code int
	}{{"--professional nobody", 1}, {"--patient kari-bjork", 1}, {"", 2}, {"--professional kari-bjork --patient x", 2}, {"--professional kari-bjork --at elsewhere", 2}} {
		if out, errs, code := s.sh(fmt.Sprintf("./forlop token login --database sqlite:forlop.db %s", c.args)); code != c.code || out != "" || errs == "" {
			s.t.Errorf("token login %s: exit %d, want %d: %s%s", c.args, code, c.code, out, errs)
		}
	}
}
