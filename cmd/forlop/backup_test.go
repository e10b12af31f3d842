package main

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"forlop/care"
	"forlop/casework"
	"forlop/store"
	"forlop/store/sqlite"
)

// A kept is a database with people in it, and its key.
type kept struct {
	dir, file, key string
	keys           *store.Keyring
	st             *sqlite.Store
	s              *casework.Service
}

func keptSite(t *testing.T) *kept {
	t.Helper()
	k := &kept{dir: t.TempDir()}
	k.file, k.key = filepath.Join(k.dir, "forlop.db"), filepath.Join(k.dir, "forlop.key")
	if err := makeKey(k.key, rand.Reader); err != nil {
		t.Fatal(err)
	}
	var err error
	if k.keys, err = readKey(k.key); err != nil {
		t.Fatal(err)
	}
	if k.st, err = sqlite.Open(t.Context(), k.file); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.st.Close(); err != nil {
			t.Error(err)
		}
	})
	if k.s, err = newService(t.Context(), k.st, k.keys); err != nil {
		t.Fatal(err)
	}
	return k
}

// event appends one event of its own.
func (k *kept) event(ctx context.Context, n int) error {
	st := store.StreamOf("person", "q"+strings.Repeat("x", n%7)+string(rune('a'+n%26))+time.Duration(n).String())
	_, err := k.st.Append(ctx, store.Append{
		Writes: []store.Write{{Stream: st, Events: []store.Event{{
			Type: "person.died/1", Happened: k.s.Now(), Learned: k.s.Now(), Actor: care.Service, Regime: care.Norway,
			Body: []byte(`{"pad":"` + strings.Repeat("y", 500) + `"}`),
		}}}},
		Send: []store.Delivery{{ID: string(st), Stream: st, Version: 1, Kind: "sms", Payload: []byte("{}"), Due: k.s.Now()}},
	})
	return err
}

func (k *kept) run(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, &o, &e, func(string) string { return "" })
	return o.String(), e.String(), code
}

// U51: a backup that is taken while there is writing restores to an equal state;
// what must not be restored is refused and leaves nothing.
func TestBackupWhileWriting(t *testing.T) {
	t.Parallel()
	k := keptSite(t)
	for n := range 300 {
		if err := k.event(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	first := make(chan struct{})
	writing.Go(func() {
		for n := 300; ctx.Err() == nil; n++ {
			if err := k.event(context.WithoutCancel(ctx), n); err != nil {
				t.Error(err)
				return
			}
			if n == 310 {
				close(first)
			}
		}
	})
	<-first
	backup := filepath.Join(k.dir, "a.forlop")
	out, errs, code := k.run(t, "backup", backup, "--database", "sqlite:"+k.file, "--json")
	stop()
	writing.Wait()
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var m manifest
	if err := json.Unmarshal([]byte(out), &m); err != nil || m.Position < 300 || m.Key != k.keys.ID() {
		t.Fatalf("the backup holds %+v, %v", m, err)
	}
	if key, err := os.ReadFile(k.key); err != nil || bytes.Contains(bytesOf(t, backup), key) {
		t.Errorf("the site's key lies in the backup, %v", err)
	}
	if _, errs, code := k.run(t, "backup", backup, "--database", "sqlite:"+k.file); code != exitFailed || !strings.Contains(errs, "is there already") {
		t.Errorf("over a backup: exit %d, %s", code, errs)
	}

	to := filepath.Join(k.dir, "again.db")
	out, errs, code = k.run(t, "restore", backup, "--database", "sqlite:"+to, "--key-file", k.key)
	if code != exitOK || !strings.HasPrefix(out, m.State+" ") {
		t.Fatalf("restore: exit %d, %s%s", code, out, errs)
	}
	st, err := sqlite.Open(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	standing, err := st.Standing(t.Context(), k.s.Now())
	if err != nil || standing.Pending != 0 || standing.Held == 0 {
		t.Errorf("what was to be sent is not held: %+v, %v", standing, err)
	}
	if epoch, err := st.Epoch(t.Context()); err != nil || epoch != m.Epoch+1 {
		t.Errorf("the epoch is %d after %d, %v", epoch, m.Epoch, err)
	}
	if state, err := stateOf(t.Context(), k.st, m.Position); err != nil || state != m.State {
		t.Errorf("the state was %s and is %s, %v", state, m.State, err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := k.run(t, "restore", backup, "--database", "sqlite:"+to, "--key-file", k.key); code != exitFailed || !strings.Contains(errs, "is there already") {
		t.Errorf("over a database: exit %d, %s", code, errs)
	}
	k.refuses(t, backup, m)
}

func bytesOf(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refuses tries every backup that is not what it says, and looks that nothing stays.
func (k *kept) refuses(t *testing.T, backup string, m manifest) {
	t.Helper()
	whole := bytesOf(t, backup)
	other := filepath.Join(k.dir, "other.key")
	if err := makeKey(other, rand.Reader); err != nil {
		t.Fatal(err)
	}
	newer := m
	newer.Schema, newer.Program = 999, "9.9"
	foreign := m
	foreign.State = strings.Repeat("0", 64)
	middle := bytes.Clone(whole)
	middle[len(middle)/2] ^= 1
	for _, c := range []struct {
		name, key, says string
		code            int
		backup          []byte
	}{
		{"cut in the database", k.key, "cut off", exitFailed, whole[:len(whole)/2]},
		{"cut before the end", k.key, "cut off", exitFailed, whole[:bytes.LastIndex(whole, []byte(backupEnd))]},
		{"one bit", k.key, "was changed", exitFailed, middle},
		{"a newer program", k.key, "newer program (9.9, schema 999", exitFailed, repack(t, whole, newer, m)},
		{"another history", k.key, "not those that were backed up", exitFailed, repack(t, whole, m, foreign)},
		{"another file", k.key, "is no backup", exitFailed, []byte("hei")},
		{"another key", other, "site key " + m.Key, exitNotReady, whole},
		{"no key", filepath.Join(k.dir, "none.key"), "site key " + m.Key, exitNotReady, whole},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "x.forlop")
		if err := os.WriteFile(file, c.backup, 0o600); err != nil {
			t.Fatal(err)
		}
		_, errs, code := k.run(t, "restore", file, "--database", "sqlite:"+filepath.Join(dir, "x.db"), "--key-file", c.key)
		if code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%s: exit %d, %s", c.name, code, errs)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 1 {
			t.Errorf("%s leaves %v, %v", c.name, left, err)
		}
	}
}

// repack gives an archive another head and another end.
func repack(t *testing.T, whole []byte, head, end manifest) []byte {
	t.Helper()
	var out bytes.Buffer
	from, to := tar.NewReader(bytes.NewReader(whole)), tar.NewWriter(&out)
	for {
		h, err := from.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch h.Name {
		case backupHead:
			err = packJSON(to, backupHead, head)
		case backupEnd:
			err = packJSON(to, backupEnd, end)
		default:
			err = to.WriteHeader(h)
			if err == nil {
				_, err = io.Copy(to, from)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestBackupKilled: a program that dies in the middle of a backup or a restore
// leaves nothing that looks whole, and the next one goes through.
func TestBackupKilled(t *testing.T) {
	t.Parallel()
	k := keptSite(t)
	for n := range 2000 {
		if err := k.event(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	backup, database := filepath.Join(k.dir, "b.forlop"), "sqlite:"+filepath.Join(k.dir, "again.db")
	kill := func(half, whole string, args ...string) {
		t.Helper()
		killed := 0
		for range 6 {
			cmd := forlop(t.Context(), t, args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			for {
				if _, err := os.Stat(half); err == nil {
					break
				}
				if _, err := os.Stat(whole); err == nil {
					break
				}
			}
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			if _, err := os.Stat(whole); err == nil {
				// It was quicker. Then it must be whole.
				break
			}
			killed++
			if strings.HasSuffix(half, ".part") {
				if _, errs, code := k.run(t, "restore", half, "--database", database, "--key-file", k.key); code == exitOK {
					t.Errorf("half a backup is restored: %s", errs)
				}
			}
		}
		if killed == 0 {
			t.Errorf("%s was never caught half way: the test looks too late", args[0])
		}
		if _, err := os.Stat(whole); err != nil {
			if out, err := forlop(t.Context(), t, args...).CombinedOutput(); err != nil {
				t.Fatalf("after %d that were killed: %v\n%s", killed, err, out)
			}
		}
		t.Logf("%s: killed half way %d times", args[0], killed)
	}
	kill(backup+".part", backup, "backup", backup, "--database", "sqlite:"+k.file)
	kill(filepath.Join(k.dir, "again.db.restoring"), filepath.Join(k.dir, "again.db"), "restore", backup, "--database", database, "--key-file", k.key)
	out, errs, code := k.run(t, "backup", "drill", backup, "--key-file", k.key, "--dir", k.dir, "--json")
	var drilled struct{ Checks []check }
	if err := json.Unmarshal([]byte(out), &drilled); err != nil || len(drilled.Checks) < 4 || drilled.Checks[1].Figure != 2000 {
		t.Errorf("the drill: exit %d, %v\n%s%s", code, err, out, errs)
	}
	if left, err := filepath.Glob(filepath.Join(k.dir, "forlop-drill-*")); err != nil || len(left) > 0 {
		t.Errorf("the drill leaves %v, %v", left, err)
	}
}
