package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// asForlop makes the test binary be forlop: the tests run the program as its
// users do, as a process of its own.
const asForlop = "FORLOP_TEST_AS"

func TestMain(m *testing.M) {
	switch os.Getenv(asForlop) {
	case "forlop":
		main()
	case "orders":
		sendOrders()
	default:
		os.Exit(m.Run())
	}
}

// forlop prepares a run of the program, without any settings of the machine's.
func forlop(ctx context.Context, t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(bareEnv(), asForlop+"=forlop")
	return cmd
}

func bareEnv() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "FORLOP_") {
			env = append(env, e)
		}
	}
	return env
}

// result is what a run came to.
type result struct {
	code           int
	stdout, stderr string
}

// try runs the program to its end.
func try(t testing.TB, args ...string) result {
	t.Helper()
	cmd := forlop(t.Context(), t, args...)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	return result{ended(t, cmd.Run()), out.String(), err.String()}
}

func ended(t testing.TB, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

func TestAnswersAndExitCodes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir+"/bad/pathway.yaml", "pathway: no.pain\nversoin: x\n")
	write(t, dir+"/settings.yaml", "database: sqlite:/from/the/file.db\n")
	write(t, dir+"/slip.yaml", "databaes: sqlite:x\n")
	for _, tt := range []struct {
		name   string
		args   string
		code   int
		stdout string
		stderr string
	}{
		{"an unknown command names the nearest", "serv", exitUsage, "", `did you mean "serve"?`},
		{"an unknown flag names the nearest", "demo --adr x", exitUsage, "", `did you mean "--addr"?`},
		{"what is missing is named with the way on", "verify", exitUsage, "", "run forlop verify --help"},
		{"a database of another kind", "verify --database mysql://x", exitUsage, "", "write sqlite:FILE"},
		{"a database that is not there", "verify --database sqlite:" + dir + "/none.db", exitFailed, "", "there is no database at"},
		{"serve without a key", "serve --database sqlite:" + dir + "/none.db", exitNotReady, "", "make one with: forlop token key " + dir + "/none.key"},
		{"a shipped pathway", "pathway lint no.pain no.fatigue", exitOK, "", "no errors"},
		{"a pathway that does not exist", "pathway lint nowhere", exitUsage, "", "neither a folder nor a shipped pathway"},
		{"a bad pathway", "pathway lint " + dir + "/bad", exitFindings, dir + "/bad/pathway.yaml:", ""},
		{"a bad pathway cannot be shown", "pathway show " + dir + "/bad", exitFindings, "error", ""},
		{"a pathway in words", "pathway show no.pain --language en", exitOK, "12 weeks", ""},
		{"a pathway as a picture", "pathway show no.pain --svg", exitOK, "<svg", ""},
		{"what a code means", "pathway explain E301", exitOK, "E301", ""},
		{"a code there is not", "pathway explain E3O1", exitUsage, "", "did you mean E301?"},
		{"the schema", "pathway schema", exitOK, `"$schema"`, ""},
		{"the examples of a shipped pathway", "pathway test no.pain", exitOK, "", "0 failed"},
		{"examples and coverage for programs", "pathway test no.crps-youth --json --coverage", exitOK, `"coverage"`, "0 failed"},
		{"texts in four languages", "i18n check", exitOK, "", ""},
		{"where others can reach", "demo --addr 0.0.0.0:0", exitUsage, "", "this machine only"},
		{"an address without a port", "demo --addr 127.0.0.1", exitUsage, "", "HOST:PORT"},
		{"nobody", "demo --patients 0", exitUsage, "", "--patients"},
		{"a post without a role", "journey list --database sqlite:x --as clinic --reason x", exitUsage, "", "UNIT/ROLE"},
		{"a look without a reason", "journey list --database sqlite:x --as clinic/desk", exitUsage, "", "--reason"},
		{"too few to measure", "bench --journeys 3", exitUsage, "", "--journeys"},
		{"a setting from a file", "config print --config " + dir + "/settings.yaml", exitOK, "sqlite:/from/the/file.db", ""},
		{"a setting and what sets it", "config print --sources --config " + dir + "/settings.yaml", exitOK, "sqlite:/from/the/file.db       " + dir + "/settings.yaml (or FORLOP_DATABASE)\n", ""},
		{"a setting that there is not", "config print --config " + dir + "/slip.yaml", exitUsage, "", `did you mean "database"?`},
		{"a file of settings that is not there", "version --config " + dir + "/none.yaml", exitUsage, "", "settings file"},
		{"a file used as a setting", "verify --config " + dir + "/settings.yaml", exitFailed, "", "/from/the/file.db"},
		{"a flag wins over the file", "verify --config " + dir + "/settings.yaml --database sqlite:/from/the/flag.db", exitFailed, "", "/from/the/flag.db"},
		{"nothing to import", "import journeys " + dir + "/none.csv --database sqlite:x", exitFailed, "", "none.csv"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := try(t, strings.Fields(tt.args)...)
			if r.code != tt.code || !strings.Contains(r.stdout, tt.stdout) || !strings.Contains(r.stderr, tt.stderr) {
				t.Errorf("exit %d, want %d\nstdout: %.600s\nstderr: %.600s", r.code, tt.code, r.stdout, r.stderr)
			}
			for _, said := range []string{r.stdout, r.stderr} {
				if said != "" && !strings.HasSuffix(said, "\n") {
					t.Errorf("the last line does not end: %q", said[max(0, len(said)-80):])
				}
			}
			if tt.code == exitUsage && r.stdout != "" {
				t.Errorf("a message stands where data belongs: %s", r.stdout)
			}
		})
	}
}

func TestEnvironmentWinsOverFile(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/settings.yaml"
	write(t, file, "database: sqlite:/from/the/file.db\noperator: Of the file\n")
	for _, args := range [][]string{{"verify"}, {"config", "print", "--json"}} {
		cmd := forlop(t.Context(), t, args...)
		cmd.Env = append(cmd.Env, "FORLOP_CONFIG="+file, "FORLOP_DATABASE=sqlite:/from/the/environment.db")
		out, err := cmd.CombinedOutput()
		if ended(t, err); !strings.Contains(string(out), "/from/the/environment.db") {
			t.Errorf("%v: %s", args, out)
		}
		if args[0] != "config" {
			continue
		}
		var all []setting
		if err := json.Unmarshal(out, &all); err != nil {
			t.Fatal(err)
		}
		sources := map[string]string{}
		for _, s := range all {
			sources[s.Name] = s.Source
		}
		if sources["database"] != "FORLOP_DATABASE" || sources["operator"] != file || sources["addr"] != "default" {
			t.Errorf("the sources are %v", sources)
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	short := try(t)
	lines := strings.Split(strings.TrimSpace(short.stdout), "\n")
	examples := 0
	for _, l := range lines {
		if strings.HasPrefix(l, "  forlop ") {
			examples++
		}
	}
	if short.code != exitOK || short.stderr != "" || len(lines) > 25 || examples != 3 {
		t.Errorf("without arguments: exit %d, %d lines, %d examples:\n%s%s", short.code, len(lines), examples, short.stdout, short.stderr)
	}
	var cli commands
	k, err := kong.New(&cli, kong.Vars{"folder": folderHelp})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	var walk func(n *kong.Node, words []string)
	walk = func(n *kong.Node, words []string) {
		seen++
		if n.Help == "" && len(words) > 0 {
			t.Errorf("%v does not say what it does", words)
		}
		for _, f := range n.Flags {
			if f.Help == "" {
				t.Errorf("%v: the flag --%s does not say what it does", words, f.Name)
			}
		}
		t.Run(strings.Join(words, " "), func(t *testing.T) {
			t.Parallel()
			r := try(t, append(words, "--help")...)
			if r.code != exitOK || r.stderr != "" || !strings.Contains(r.stdout, "Usage: forlop") {
				t.Errorf("exit %d\n%s%s", r.code, r.stdout, r.stderr)
			}
			if len(words) == 1 && !strings.Contains(shortHelp, words[0]) {
				t.Error("it does not stand in the short help")
			}
		})
		for _, child := range n.Children {
			walk(child, append(words[:len(words):len(words)], child.Name))
		}
	}
	walk(k.Model.Node, nil)
	if seen < 20 {
		t.Errorf("only %d commands were looked at", seen)
	}
}

func TestShapesThatProgramsRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir+"/bad/pathway.yaml", "pathway: no.pain\nversoin: x\n")
	for _, tt := range []struct {
		args string
		keys []string
	}{
		{"version --json", []string{"version", "go"}},
		{"version --modules --json", []string{"version", "go", "sqlite", "modules"}},
		{"routes --json", []string{"method", "path", "policy"}},
		{"pathway lint --json " + dir + "/bad", []string{"file", "line", "col", "code", "severity", "message"}},
		{"doctor --json --database sqlite:" + dir + "/none.db", []string{"name", "ok", "figure", "unit", "anchor", "detail"}},
		{"config print --json", []string{"name", "value", "source"}},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			r := try(t, strings.Fields(tt.args)...)
			var v any
			if err := json.Unmarshal([]byte(r.stdout), &v); err != nil {
				t.Fatalf("%v: %s", err, r.stdout)
			}
			if m, ok := v.(map[string]any); ok && m["checks"] != nil {
				v = m["checks"]
			}
			if list, ok := v.([]any); ok {
				if len(list) == 0 {
					t.Fatal("the list is empty")
				}
				v = list[0]
			}
			hasKeys(t, v, tt.keys...)
		})
	}
	if r := try(t, "pathway", "lint", "--json", "no.pain"); strings.TrimSpace(r.stdout)[0] != '[' {
		t.Errorf("no findings are %s, want a list", r.stdout)
	}
}

func hasKeys(t *testing.T, v any, keys ...string) {
	t.Helper()
	m, ok := v.(map[string]any)
	if !ok {
		t.Errorf("%v is no object", v)
		return
	}
	for _, k := range keys {
		if _, ok := m[k]; !ok {
			t.Errorf("%v lacks the key %s", m, k)
		}
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		if err := os.MkdirAll(path[:i], 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
