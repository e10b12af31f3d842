package sqlite

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"forlop/store"
)

// The test binary runs itself as another process. What it shall do there is told
// by this variable and the path by the next.
const (
	childJob  = "FORLOP_SQLITE_CHILD"
	childPath = "FORLOP_SQLITE_PATH"
)

func TestMain(m *testing.M) {
	switch os.Getenv(childJob) {
	case "":
		os.Exit(m.Run())
	case "serve":
		os.Exit(childServe(os.Getenv(childPath)))
	case "append":
		os.Exit(childAppend(os.Getenv(childPath)))
	}
}

// child starts the test binary with a job and answers its output.
func child(t *testing.T, job, path string) (*exec.Cmd, io.WriteCloser, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childJob+"="+job, childPath+"="+path)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return cmd, in, bufio.NewReader(out)
}

// childServe opens a file for writing, appends once, and holds it until its
// input ends.
func childServe(path string) int {
	s, err := Open(ctxForChild(), path)
	if err == nil {
		_, err = s.Append(ctxForChild(), testAppend("journey/1", 0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return 1
	}
	if err := s.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestServed: while one process writes, a second is refused and may read.
func TestServed(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	cmd, in, out := child(t, "serve", path)
	if line, err := out.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	for range 2 {
		if _, err := Open(t.Context(), path); !errors.Is(err, ErrServed) {
			t.Errorf("a second writer: error %v", err)
		}
	}
	r := mustOpen(t, path, Options{ReadOnly: true})
	got, err := r.Load(t.Context(), "journey/1", 0)
	must(t, err)
	if len(got) != 1 {
		t.Errorf("the reader sees %d events", len(got))
	}
	if _, err := r.Append(t.Context(), testAppend("journey/1", 1)); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("the reader writes: %v", err)
	}
	if err := r.Erase(t.Context(), "q1"); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("the reader destroys: %v", err)
	}
	h, err := r.Check(t.Context())
	must(t, err)
	if h.Durable || h.Events != 1 {
		t.Errorf("the reader's health: %+v", h)
	}
	must(t, in.Close())
	must(t, cmd.Wait())
	s := mustOpen(t, path)
	if _, err := Open(t.Context(), path); !errors.Is(err, ErrServed) {
		t.Errorf("a second writer in one process: error %v", err)
	}
	// A reader that stays open sees what is written later.
	_, err = s.Append(t.Context(), testAppend("journey/1", 1))
	must(t, err)
	got, err = r.Load(t.Context(), "journey/1", 0)
	must(t, err)
	if len(got) != 2 {
		t.Errorf("the reader sees %d events", len(got))
	}
	must(t, errors.Join(r.Close(), s.Close()))
	s = mustOpen(t, path)
	must(t, s.Close())
}
