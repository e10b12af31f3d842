package main_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"forlop/store/storetest"
)

// TestOnPostgreSQL follows docs/postgresql.md with the built binary, every line as
// it stands, on a server that has never seen the program.
func TestOnPostgreSQL(t *testing.T) {
	t.Parallel()
	server := storetest.DurableServer(t)
	where, err := url.Parse(server.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	s := runningSite{t: t, dir: t.TempDir(), env: []string{
		"FORLOP_ADDR=127.0.0.1:0", "PGHOST=" + where.Query().Get("host"), "PGUSER=postgres", "PGPASSWORD=hemmelig",
	}}
	build := exec.Command("go", "build", "-o", filepath.Join(s.dir, "forlop"), "./cmd/forlop")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	site, err := os.ReadFile("../../docs/example-site.yaml")
	if err == nil {
		err = os.WriteFile(filepath.Join(s.dir, "site.yaml"), site, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	var stop func()
	ran := map[string]int{}
	for _, line := range commandsOf(t, "../../docs/postgresql.md") {
		ran[strings.Join(strings.Fields(line)[:2], " ")]++
		if !strings.HasPrefix(line, "./forlop serve") {
			out, errs, code := s.sh(line)
			if code != 0 || strings.Contains(out+errs, "hemmelig") {
				t.Fatalf("%s: exit %d\n%s%s", line, code, out, errs)
			}
			continue
		}
		var base, log string
		base, log, stop = s.serve(line)
		if strings.Contains(log, "hemmelig") || !strings.Contains(log, "postgres://") {
			t.Errorf("the log says of the database:\n%s", log)
		}
		if status, _, body := get(t, http.DefaultClient, base+"/readyz", nil); status != http.StatusOK {
			t.Errorf("not ready: %d %s", status, body)
		}
		s.must("./forlop rebuild --database postgres:///forlop")
	}
	for _, what := range []string{"./forlop migrate", "./forlop import", "./forlop doctor", "./forlop serve", "./forlop verify"} {
		if ran[what] == 0 {
			t.Errorf("the page does not say %s", what)
		}
	}
	// A password in the URL is shown nowhere.
	secret := (&url.URL{Scheme: "postgres", User: url.UserPassword("postgres", "hemmelig"), Path: "/forlop", RawQuery: "host=" + where.Query().Get("host")}).String()
	for _, args := range []string{"migrate", "doctor", "verify", "import units site.yaml", "config print"} {
		out, errs, code := s.sh("FORLOP_DATABASE='" + secret + "' ./forlop " + args)
		if code != 0 || strings.Contains(out+errs, "hemmelig") {
			t.Errorf("%s: exit %d\n%s%s", args, code, out, errs)
		}
	}
	user := "x" + ":hemmelig@" // no address with a password stands in a file
	for _, bad := range []string{"postgres:/x:hemmelig@h", "postgres://" + user + "h:port/y", "postgres://" + user + "127.0.0.1:1/y"} {
		for _, command := range []string{"verify", "doctor", "migrate", "serve"} {
			out, errs, code := s.sh("./forlop " + command + " --database " + bad)
			if code == 0 || strings.Contains(out+errs, "hemmelig") {
				t.Errorf("%s of %s: exit %d\n%s%s", command, bad, code, out, errs)
			}
		}
	}
	if stop == nil {
		t.Fatal("nothing was served")
	}
	stop()
}
