package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// A local layer is linted, shown, compared and acted out with the version it
// lies over, and a layer that loosens is refused with both values.
func TestLayersOnTheCommandLine(t *testing.T) {
	t.Parallel()
	layer, base, loose := "../../pathway/testdata/layer", "../../pathway/testdata/good", t.TempDir()
	copyFolder(t, layer, loose, "within: 10 weeks", "within: 14 weeks")
	later := t.TempDir()
	copyFolder(t, base, later, "within: 12 weeks, share", "within: 8 weeks, share")
	for _, tt := range []struct {
		name, args     string
		code           int
		stdout, stderr string
	}{
		{"linted", "pathway lint " + layer + " --base " + base, exitOK, "", "no errors"},
		{"without its base", "pathway lint " + layer, exitFindings, "E800", ""},
		{"a base that is no folder", "pathway lint " + layer + " --base nowhere", exitUsage, "", "neither a folder nor a shipped pathway"},
		{"it loosens", "pathway lint " + loose + " --base " + base, exitFindings, "E801: the national limit is 12 weeks; the layer says 14 weeks", ""},
		{"shown", "pathway show " + layer + " --language en --base " + base, exitOK, "Lies over no.example@2025.04", ""},
		{"compared with its base", "pathway diff " + base + " " + layer + " --language en --base " + base, exitOK, "New: A peer calls you", ""},
		{"under a new version", "pathway diff " + base + " " + later + " --language en --layer " + layer, exitFindings, "E821: the national limit was 12 weeks and is 8 weeks now", ""},
		{"its schema", "pathway schema --layer", exitOK, `"extends"`, ""},
		{"the schema of its texts", "pathway schema --layer --texts", exitOK, `"phones"`, ""},
		{"the schema of a mapping", "pathway schema --mapping", exitOK, `"drop"`, ""},
		{"without examples", "pathway test " + layer + " --base " + base, exitOK, "", "0 failed"},
		{"a code of an example", "pathway explain t210", exitOK, "T210", ""},
		{"a code of page texts", "pathway explain l101", exitOK, "L101 A text is missing", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := try(t, strings.Fields(tt.args)...)
			if r.code != tt.code || !strings.Contains(r.stdout, tt.stdout) || !strings.Contains(r.stderr, tt.stderr) {
				t.Errorf("exit %d, want %d\nstdout: %.900s\nstderr: %.600s", r.code, tt.code, r.stdout, r.stderr)
			}
		})
	}
}

// copyFolder copies a pathway with a change in its structure.
func copyFolder(t *testing.T, from, to, old, now string) {
	t.Helper()
	files, err := filepath.Glob(from + "/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing in %s: %v", from, err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(src)
		if filepath.Base(file) == "pathway.yaml" {
			if strings.Count(text, old) != 1 {
				t.Fatalf("%s holds %q %d times", file, old, strings.Count(text, old))
			}
			text = strings.Replace(text, old, now, 1)
		}
		write(t, filepath.Join(to, filepath.Base(file)), text)
	}
}

// The examples are counted, for people and for programs.
func TestCoverageOnTheCommandLine(t *testing.T) {
	t.Parallel()
	r := try(t, "pathway", "test", "no.pain", "--json", "--coverage")
	var said struct {
		Findings []json.RawMessage
		Coverage []struct {
			Folder, Pathway            string
			Steps, Answers, Ends, Rows struct{ Reached, All int }
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &said); err != nil || r.code != exitOK || len(said.Coverage) != 1 {
		t.Fatalf("exit %d, %v: %.400s", r.code, err, r.stdout)
	}
	c := said.Coverage[0]
	if c.Folder != "no.pain" || c.Pathway != "no.pain@2025.04" || c.Answers.All != 4 || c.Steps.Reached == 0 || c.Steps.Reached > c.Steps.All || c.Ends.All < 5 {
		t.Errorf("it is counted as %+v", c)
	}
	if want := fmt.Sprintf("the examples reach %d of %d steps", c.Steps.Reached, c.Steps.All); !strings.Contains(r.stderr, want) {
		t.Errorf("people do not read %q: %.400s", want, r.stderr)
	}
}

// The examples of every shipped pathway come out as they say, what the patient
// reads included: the command line is where that is compared.
func TestShippedExamplesOnTheCommandLine(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("../../pathway/library/*/pathway.yaml")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no folders: %v", err)
	}
	for _, file := range folders {
		folder := filepath.Dir(file)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			r := try(t, "pathway", "test", folder)
			if r.code != exitOK || !strings.Contains(r.stderr, " examples, 0 failed") || strings.Contains(r.stderr, "\n0 examples") {
				t.Errorf("exit %d\n%.2000s\n%.900s", r.code, r.stdout, r.stderr)
			}
		})
	}
}

// A page behind a source that says something else is told; a new style sheet is
// no change; a page that cannot be read is never unchanged.
func TestSourcesThatChange(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	status, body := http.StatusOK, "<html><style>p{}</style><script>n=1</script><p>Start within\n 12 weeks.</p></html>"
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	defer site.Close()
	now := func(code int, page string) {
		mu.Lock()
		defer mu.Unlock()
		status, body = code, page
	}
	dir := t.TempDir()
	copyFolder(t, "../../pathway/testdata/good", dir, "https://example.org/plan", site.URL+"/plan")
	review := func(by string) {
		src, err := os.ReadFile(dir + "/pathway.yaml")
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir+"/pathway.yaml", regexp.MustCompile(`review: {by: [0-9-]+`).ReplaceAllString(string(src), "review: {by: "+by))
	}
	review("2199-12-01")
	expect := func(what string, code int, stdout string, args ...string) {
		t.Helper()
		r := try(t, append([]string{"pathway", "sources", dir}, args...)...)
		if r.code != code || !strings.Contains(r.stdout, stdout) || stdout == "" && r.stdout != "" {
			t.Errorf("%s: exit %d, want %d\nstdout: %.600s\nstderr: %.600s", what, r.code, code, r.stdout, r.stderr)
		}
	}
	expect("never read", exitFindings, `pathway.yaml:8:3: warning: W903: the page of "plan" was never read before`)
	expect("kept", exitOK, "W903", "--update")
	expect("the same", exitOK, "")
	now(http.StatusOK, "<html><style>p{color:red}</style><script>n=2</script><p>Start within 12   weeks.</p></html>")
	expect("another style", exitOK, "")
	now(http.StatusOK, "<html><p>Start within 10 weeks.</p></html>")
	expect("another limit", exitFindings, `W901: the page of "plan" says something else than on `)
	expect("for programs", exitFindings, `"code":"W901"`, "--json")
	now(http.StatusNotFound, "<html><p>Start within 12 weeks.</p></html>")
	expect("gone", exitFindings, "W902: the page of \"plan\" could not be read, so nobody knows whether it changed: 404 Not Found")
	now(http.StatusOK, "<html><script>wait()</script></html>")
	expect("no words", exitFindings, "it holds no words")
	expect("what was kept stays", exitOK, "W902", "--update")
	now(http.StatusOK, "<html><p>Start within 10 weeks.</p></html>")
	expect("still another limit", exitFindings, "W901")
	expect("looked at and kept", exitOK, "W901", "--update")
	expect("the same again", exitOK, "")
	review("2025-12-01")
	expect("nobody reviewed it", exitFindings, "W900: the pathway was to be reviewed by 2025-12-01: The example board")
	review("2199-12-01")
	site.CloseClientConnections()
	site.Close()
	expect("nobody there", exitFindings, "W902")
	if r := try(t, "pathway", "sources", "no.pain", "--update"); r.code != exitUsage || !strings.Contains(r.stderr, "built in") {
		t.Errorf("a shipped pathway is written to: exit %d, %s", r.code, r.stderr)
	}
	write(t, dir+"/sources.yaml", "pages: {plan: 3}\n")
	expect("a broken file", exitFindings, "sources.yaml:1:15: error: E103")
}
