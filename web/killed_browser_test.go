package web_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"forlop/care"
	"forlop/care/questionnaire"
	"forlop/casework"
)

// A servedSite is the built program serving a database of its own. It stays at one
// address, so that a page that is open when it dies can be sent when it is back.
type servedSite struct {
	t         *testing.T
	dir, base string
	cmd       *exec.Cmd
}

// openSite builds the program, and sets up the example's units and one journey
// that the clinic has taken on.
func openSite(t *testing.T) *servedSite {
	t.Helper()
	s := &servedSite{t: t, dir: t.TempDir()}
	build := exec.Command("go", "build", "-o", filepath.Join(s.dir, "forlop"), "./cmd/forlop")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	day := func(back int) string {
		return care.CalendarOf(care.Norway).Date(casework.SystemClock().Now().AddDate(0, 0, -back)).String()
	}
	table := "name;born;pathway;received;responsible;sender;referral-answered;referral-answered:source;step:assess-referral;role:gp\n" +
		"Bodil Storlom;1980-03-01;no.pain;" + day(20) + ";smerteklinikken/coordinator;legene-pa-torget;" + day(10) + ";Brev i journalsystemet;accept;legene-pa-torget\n"
	if err := os.WriteFile(filepath.Join(s.dir, "journeys.csv"), []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	units, err := filepath.Abs("../docs/example-site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s.run("token", "key", "forlop.key")
	s.run("import", "units", units, "--database", "sqlite:forlop.db")
	s.run("pathway", "publish", "no.pain", "--for", "fjord-hf", "--as", "astrid-lund@fjord-hf/pathway-approver", "--database", "sqlite:forlop.db")
	s.run("pathway", "approve", "no.pain@2025.04", "--activate", "--as", "siri-holm@fjord-hf/pathway-approver", "--database", "sqlite:forlop.db")
	s.run("import", "journeys", "journeys.csv", "--database", "sqlite:forlop.db")
	s.serve("127.0.0.1:0")
	t.Cleanup(s.kill)
	return s
}

func (s *servedSite) command(args ...string) *exec.Cmd {
	cmd := exec.Command("./forlop", args...)
	cmd.Dir = s.dir
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "FORLOP_") {
			cmd.Env = append(cmd.Env, e)
		}
	}
	return cmd
}

// run runs the program to its end and answers what it printed.
func (s *servedSite) run(args ...string) string {
	s.t.Helper()
	cmd := s.command(args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		s.t.Fatalf("forlop %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String()
}

func (s *servedSite) serve(addr string) {
	s.t.Helper()
	s.cmd = s.command("serve", "--database", "sqlite:forlop.db", "--addr", addr, "--reserve-size", "65536")
	errs, err := s.cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	said := ""
	for lines := bufio.NewScanner(errs); lines.Scan(); {
		said += lines.Text() + "\n"
		var entry struct{ Msg, Address string }
		if err := json.Unmarshal(lines.Bytes(), &entry); err == nil && entry.Msg == "serving" {
			s.base = entry.Address
			go func() { _, _ = io.Copy(io.Discard, errs) }() // a full pipe would hold the service up
			return
		}
	}
	s.t.Fatalf("it did not serve:\n%s", said)
}

// kill ends the program as kill -9 does: it hears nothing of it. Nobody answers
// afterwards.
func (s *servedSite) kill() {
	if s.cmd == nil {
		return
	}
	if err := s.cmd.Process.Kill(); err != nil {
		s.t.Error(err)
	}
	_ = s.cmd.Wait() // it says that it was killed
	s.cmd = nil
	if resp, err := http.Get(s.base + "/livez"); err == nil {
		_ = resp.Body.Close()
		s.t.Error("what was killed still answers")
	}
}

// killed kills the program and starts it again at the same address.
func (s *servedSite) killed() {
	s.t.Helper()
	at, err := url.Parse(s.base)
	if err != nil {
		s.t.Fatal(err)
	}
	s.kill()
	s.serve(net.JoinHostPort(at.Hostname(), at.Port()))
}

// link logs one person in, once.
func (s *servedSite) link(who ...string) string {
	s.t.Helper()
	return strings.TrimSpace(s.run(append([]string{"token", "login", "--database", "sqlite:forlop.db", "--at", s.base}, who...)...))
}

// staff logs a professional in without a browser.
func (s *servedSite) staff(id string) *visitor {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	v := &visitor{t: s.t, h: &house{t: s.t, url: s.base}, client: &http.Client{Jar: jar}}
	link := s.link("--professional", id)
	v.send(v.page(v.client.Get(link)), "/login")
	return v
}

// patient logs the patient in, in a tab without scripts that was never here before.
func (s *servedSite) patient(key string) *tab {
	s.t.Helper()
	p := openTab(s.t, screen{language: "nb", noScripts: true})
	if got := p.goTo(s.link("--patient", key)); got != http.StatusOK {
		s.t.Fatalf("the patient's link answers %d", got)
	}
	if got := p.press(`form[action="/login"] button`); got != http.StatusOK {
		s.t.Fatalf("logging in answers %d: %s", got, p.text("body"))
	}
	return p
}

// TestFormOutlivesTheServer kills the service, without a word, between Next and
// Next of a form: after each question with its own login, and with a question open
// in the browser. The next question is the right one, and no answer is lost.
func TestFormOutlivesTheServer(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	var j struct{ ID, Person string }
	list := s.run("journey", "list", "--json", "--database", "sqlite:forlop.db", "--as", "smerteklinikken/coordinator", "--reason", "a test")
	if err := json.Unmarshal([]byte(list), &j); err != nil || j.Person == "" {
		t.Fatalf("%v: %s", err, list)
	}
	kari := s.staff("kari-bjork")
	w := &walk{kari, j.ID}
	forms := w.get(w.at("/forms"))
	nrs, ok := questionnaire.Find(questionnaire.Ref{ID: "pain-nrs"})
	if !ok {
		t.Fatal("there is no such form")
	}
	if asked := w.send(forms, w.at("/forms"), "questionnaire", nrs.Hash, "reader", "smerteklinikken/team"); !asked.has("section", "class", "told") {
		t.Fatalf("asking answers %d: %s", asked.status, asked.text("main"))
	}

	begun := s.patient(j.Person)
	begun.press(`#todo a[href^="/me/forms/"]`)
	at := strings.TrimPrefix(begun.address(), s.base)
	begun.press("main a.button")
	answer := func(p *tab, number int, value string) {
		t.Helper()
		if got := strings.TrimPrefix(p.address(), s.base); got != fmt.Sprint(at, "/", number) {
			t.Fatalf("question %d is expected, and %s is shown", number, got)
		}
		p.tick("input[name=value][value='" + value + "']")
	}
	next := func(p *tab) {
		t.Helper()
		if got := p.press("main form button[value=next]"); got != http.StatusOK {
			t.Fatalf("Next answers %d: %s", got, p.text("main"))
		}
	}
	answer(begun, 1, "7")
	next(begun)

	// Killed between Next and Next: a new login goes on with the second question.
	s.killed()
	again := s.patient(j.Person)
	again.press(`#todo a[href="` + at + `"]`)
	again.press("main a.button")
	answer(again, 2, "9")
	// Killed while the second is chosen and not sent: the page that is open is still good.
	s.killed()
	next(again)
	answer(again, 3, "4")
	next(again)

	// Killed before the answers are looked over: all three are there, once each.
	s.killed()
	last := s.patient(j.Person)
	last.press(`#todo a[href="` + at + `"]`)
	last.press("main a.button")
	if got := strings.TrimPrefix(last.address(), s.base); got != at+"/check" {
		t.Errorf("with all questions answered it goes on at %s", got)
	}
	var given []string
	for _, said := range last.texts("main dl dd") {
		if n := strings.TrimSpace(strings.Split(said, "\n")[0]); n != "" {
			given = append(given, n)
		}
	}
	if got := strings.Join(given, " "); !inOrder(got, "7", "9", "4") {
		t.Errorf("the answers are shown as %q", got)
	}
	if got := last.press("main form .button[type=submit]"); got != http.StatusOK {
		t.Fatalf("sending answers %d", got)
	}
	// And what was sent is sent, whatever happens to the server then.
	s.killed()
	w = &walk{s.staff("kari-bjork"), j.ID}
	if said := w.get(w.at("/forms/" + strings.TrimPrefix(at, "/me/forms/"))).text("main"); !inOrder(said, "7", "9", "4") {
		t.Errorf("the clinic reads %s", said)
	}
	s.kill()
	s.run("verify", "--database", "sqlite:forlop.db")
}

// inOrder reports whether a text holds all words, one after the other.
func inOrder(text string, words ...string) bool {
	fields := strings.Fields(text)
	for _, f := range fields {
		if len(words) > 0 && f == words[0] {
			words = words[1:]
		}
	}
	return len(words) == 0
}
