package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"testing"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
	"forlop/store/storetest"
)

// serving is a process that serves a database.
func serving(t *testing.T, url, key string) *exec.Cmd {
	t.Helper()
	cmd := forlop(context.Background(), t, "serve", "--database", url, "--key-file", key, "--addr", "127.0.0.1:0", "--reserve", t.TempDir()+"/x.reserve")
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines, said := bufio.NewScanner(errs), ""
	for lines.Scan() {
		said += lines.Text() + "\n"
		var entry struct{ Msg string }
		if err := json.Unmarshal(lines.Bytes(), &entry); err == nil && entry.Msg == "serving" {
			go func() { _, _ = io.Copy(io.Discard, errs) }()
			return cmd
		}
	}
	t.Fatalf("it did not serve:\n%s", said)
	return nil
}

// TestThreeProcesses lets three processes serve one PostgreSQL database while
// much falls due, and kills one of them: everything happens, and happens once.
func TestThreeProcesses(t *testing.T) {
	t.Parallel()
	ctx, url := t.Context(), storetest.DurableServer(t).Database(t)
	key := t.TempDir() + "/x.key"
	if err := makeKey(key, rand.Reader); err != nil {
		t.Fatal(err)
	}
	d := database{Database: url}
	if err := d.migrate(ctx); err != nil {
		t.Fatal(err)
	}
	keys, err := keyed{KeyFile: key}.keyring(d)
	if err != nil {
		t.Fatal(err)
	}
	w := &worker{}
	if w.st, err = d.open(ctx, false); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	}()
	if w.s, err = newService(ctx, w.st, keys); err != nil {
		t.Fatal(err)
	}
	if _, err := shelveShipped(ctx, w.s); err != nil {
		t.Fatal(err)
	}
	w.who = casework.Who{Actor: care.Actor{Kind: care.Professional, ID: "kari", Unit: "clinic"}, Post: care.Post{Unit: "clinic", Role: "coordinator"}}
	if _, err := w.open(ctx, "first"); err != nil {
		t.Fatal(err)
	}
	// Received so long ago that the answer is late already.
	var journeys []string
	for i := range 30 {
		p, err := w.s.RegisterPerson(ctx, w.who, fmt.Sprint("late/", i), care.Norway, casework.Identity{Name: "Anna Linerle"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := w.s.Do(ctx, casework.Order{Who: w.who, Key: fmt.Sprint("open-late/", i), Command: journey.Open{
			Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain"}, Origin: journey.Registered, Received: w.s.Now().AddDate(0, 0, -40),
			Sender: care.Party{Kind: care.PartyOther, Name: "Legene utenfor"}, Desk: care.Post{Unit: "clinic", Role: care.Desk},
		}})
		if err != nil {
			t.Fatal(err)
		}
		journeys = append(journeys, r.Target)
	}
	for i := range 3 {
		cmd := serving(t, url, key)
		if i == 0 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	passed := func(id string) (n int) {
		events, err := w.st.Load(ctx, store.StreamOf("journey", id), 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Type == (journey.ClockPassed{}).Type() {
				n++
			}
		}
		return n
	}
	// What the dead one held is free when its lease has run out.
	deadline := time.Now().Add(2 * time.Minute)
	for _, id := range journeys {
		for passed(id) == 0 {
			if time.Now().After(deadline) {
				t.Fatalf("the answer of %s is late, and nobody woke it", id)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	for _, id := range journeys {
		if n := passed(id); n != 1 {
			t.Errorf("the limit of %s passed %d times", id, n)
		}
	}
	if audit, err := w.s.Verify(ctx); err != nil || len(audit.Findings) > 0 {
		t.Errorf("verify: %v %v", audit.Findings, err)
	}
}
