package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
	"forlop/store/sqlite"
)

func TestFilesThatAreNoDatabaseOfOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir+"/text.db", "not a database, but long enough to look at more closely than its first bytes")
	write(t, dir+"/empty.db", "")
	write(t, dir+"/short.db", "SQLite format 3\x00")
	execute(t, dir+"/foreign.db", "create table theirs (x); insert into theirs values (1)")
	st, err := sqlite.Open(t.Context(), dir+"/newer.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, dir+"/newer.db", "pragma user_version = 9999")
	if err := os.Mkdir(dir+"/folder.db", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"text", "foreign", "newer", "folder", "short"} {
		if err := makeKey(filepath.Join(dir, name+".key"), rand.Reader); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(dir + "/" + name + ".db")
		for _, command := range []string{"verify", "rebuild", "migrate", "serve", "doctor", "import journeys /dev/null", "journey list --as a/b --reason x"} {
			r := try(t, append(strings.Fields(command), "--database", "sqlite:"+dir+"/"+name+".db")...)
			if r.code == exitOK || !strings.Contains(r.stderr+r.stdout, name+".db") {
				t.Errorf("%s of %s.db: exit %d: %s%s", command, name, r.code, r.stdout, r.stderr)
			}
			if strings.Contains(r.stderr, "panic") {
				t.Errorf("%s of %s.db: %s", command, name, r.stderr)
			}
		}
		if after, _ := os.ReadFile(dir + "/" + name + ".db"); string(after) != string(before) {
			t.Errorf("%s.db was changed", name)
		}
	}
	if r := try(t, "verify", "--database", "sqlite:"+dir+"/empty.db"); r.code != exitNotReady {
		t.Errorf("verify of an empty file: exit %d: %s", r.code, r.stderr)
	}
	if r := try(t, "serve", "--database", "sqlite:"+dir+"/none/x.db", "--key-file", dir+"/text.key"); r.code != exitFailed || !strings.Contains(r.stderr, "none/x.db") {
		t.Errorf("a folder that is not there: exit %d: %s", r.code, r.stderr)
	}
}

func execute(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDemoLeavesOtherDatabasesAlone(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(path string){
		"another program's": func(path string) { execute(t, path, "create table theirs (x)") },
		"one that is served for real": func(path string) {
			st, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if err := st.Close(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		dir := t.TempDir()
		make(dir + "/demo.db")
		before, err := os.ReadFile(dir + "/demo.db")
		if err != nil {
			t.Fatal(err)
		}
		r := try(t, "demo", "--data", dir, "--addr", "127.0.0.1:0")
		if r.code != exitUsage || !strings.Contains(r.stderr, "demo.db") {
			t.Errorf("%s: exit %d: %s", name, r.code, r.stderr)
		}
		if after, err := os.ReadFile(dir + "/demo.db"); err != nil || string(after) != string(before) {
			t.Errorf("%s was changed: %v", name, err)
		}
	}
}

func TestKeyIsNeverReplaced(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/site.key"
	if r := try(t, "token", "key", path); r.code != exitOK || r.stdout != "" {
		t.Fatalf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 32 {
		t.Errorf("the key is %v, %v", info, err)
	}
	first, _ := os.ReadFile(path)
	if r := try(t, "token", "key", path); r.code != exitUsage {
		t.Errorf("a second key: exit %d", r.code)
	}
	if again, _ := os.ReadFile(path); string(again) != string(first) {
		t.Error("the key was replaced")
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if r := try(t, "serve", "--database", "sqlite:"+t.TempDir()+"/x.db", "--key-file", path); r.code != exitNotReady || !strings.Contains(r.stderr, "chmod 600") {
		t.Errorf("a key that others can read: exit %d: %s", r.code, r.stderr)
	}
}

// TestKilledWhileWorking kills a service, without a word, while it takes orders,
// and finds every order that it had acknowledged.
func TestKilledWhileWorking(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := makeKey(dir+"/x.key", rand.Reader); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]bool{}
	for round := range 3 {
		cmd := forlop(context.Background(), t)
		cmd.Env = append(bareEnv(), asForlop+"=orders", "FORLOP_TEST_DIR="+dir, fmt.Sprintf("FORLOP_TEST_ROUND=%d", round))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			acknowledged[lines.Text()] = true
			if n == 150*(round+1) {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the service ended before it was killed")
		}
	}
	w := &worker{dir: dir}
	if err := w.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	}()
	for key := range acknowledged {
		journeyID, order, _ := strings.Cut(key, " ")
		receipt, err := w.note(t.Context(), journeyID, order)
		if err != nil || !receipt.Repeated {
			t.Fatalf("the order %s was acknowledged and is not there: %+v, %v", order, receipt, err)
		}
	}
	audit, err := w.s.Verify(t.Context())
	if err != nil || len(audit.Findings) > 0 {
		t.Errorf("verify: %v %v", audit.Findings, err)
	}
	t.Logf("%d acknowledged orders, %d events", len(acknowledged), audit.Events)
}

// worker is a small site that takes orders.
type worker struct {
	dir string
	st  store.Store
	s   *casework.Service
	who casework.Who
}

func (w *worker) start(ctx context.Context) error {
	d := database{Database: "sqlite:" + w.dir + "/x.db"}
	keys, err := keyed{}.keyring(d)
	if err != nil {
		return err
	}
	if w.st, err = d.open(ctx, true); err != nil {
		return err
	}
	if w.s, err = newService(ctx, w.st, keys); err != nil {
		return err
	}
	w.who = casework.Who{Actor: care.Actor{Kind: care.Professional, ID: "kari", Unit: "clinic"}, Post: care.Post{Unit: "clinic", Role: "coordinator"}}
	_, err = shelveShipped(ctx, w.s)
	return err
}

func (w *worker) close() error { return w.st.Close() }

// open sets the site up and opens a journey.
func (w *worker) open(ctx context.Context, key string) (string, error) {
	for i, x := range []struct {
		target string
		c      directory.Command
	}{
		{"kari", directory.Register{Professional: "kari", Profession: "coordinator"}},
		{"per", directory.Register{Professional: "per", Profession: "physician"}},
		{"clinic", directory.OpenUnit{Unit: "clinic", Kind: directory.PainClinic, Regime: care.Norway, Lead: "kari", Roles: []care.Role{"coordinator", care.PathwayApprover}, Contact: directory.Contact{Name: "Clinic"}}},
		{"clinic", directory.Join{Professional: "kari", Role: "coordinator"}},
		{"clinic", directory.Join{Professional: "kari", Role: care.PathwayApprover}},
		{"clinic", directory.Join{Professional: "per", Role: care.PathwayApprover}},
	} {
		if _, err := w.s.Do(ctx, casework.Order{Who: casework.Who{Actor: care.Service}, Key: fmt.Sprint("set-up/", i), Target: x.target, Command: x.c}); err != nil {
			return "", err
		}
	}
	if err := w.s.BringIntoUse(ctx, pathway.Ref{ID: "no.pain"}, "kari", "per", "clinic"); err != nil {
		return "", err
	}
	p, err := w.s.RegisterPerson(ctx, w.who, key, care.Norway, casework.Identity{Name: "Anna Linerle"})
	if err != nil {
		return "", err
	}
	r, err := w.s.Do(ctx, casework.Order{Who: w.who, Key: "open" + key, Command: journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain"}, Origin: journey.Registered, Received: w.s.Now(),
		Sender: care.Party{Kind: care.PartyOther, Name: "Legene utenfor"}, Desk: care.Post{Unit: "clinic", Role: care.Desk},
	}})
	return r.Target, err
}

func (w *worker) note(ctx context.Context, id, key string) (casework.Receipt, error) {
	return w.s.Do(ctx, casework.Order{Who: w.who, Key: key, Target: id, Command: journey.NoteContact{How: care.ByPhone, Words: "Ringte."}})
}

// sendOrders is the process that is killed: it prints each order once it is
// acknowledged, from several callers.
func sendOrders() {
	ctx, w := context.Background(), &worker{dir: os.Getenv("FORLOP_TEST_DIR")}
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, "the service that is to be killed:", err)
		os.Exit(exitFailed)
	}
	if err := w.start(ctx); err != nil {
		fail(err)
	}
	round := os.Getenv("FORLOP_TEST_ROUND")
	lines := make(chan string)
	for caller := range 8 {
		go func() {
			id, err := w.open(ctx, fmt.Sprint("person/", round, "/", caller))
			if err != nil {
				fail(err)
			}
			for n := 0; ; n++ {
				key := fmt.Sprint("note/", round, "/", caller, "/", n)
				if _, err := w.note(ctx, id, key); err != nil {
					fail(err)
				}
				lines <- id + " " + key
			}
		}()
	}
	stop := time.After(time.Minute)
	for {
		select {
		case line := <-lines:
			fmt.Println(line)
		case <-stop:
			return
		}
	}
}
