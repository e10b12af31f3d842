package main

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"forlop/care"
	"forlop/casework"
	"forlop/store"
)

// full is a store on a disk that is full from time to time.
type full struct {
	store.Store
	// room is how many more looks there is room for; negative for a disk that has
	// space.
	room int
}

func (f *full) Log(ctx context.Context, l store.Look) error {
	if f.room == 0 {
		return fmt.Errorf("%w: the disk is full", store.ErrReadOnly)
	}
	f.room--
	return f.Store.Log(ctx, l)
}

// stubborn is a reserve whose process dies before it is cleared.
type stubborn struct{ *reserve }

func (stubborn) Clear() error { return errors.New("the process died") }

// TestReadingOnAFullDisk: reading goes on while there is room set aside, nothing
// is shown when that is used up, and what was set aside comes into the log in
// order, once, however often the process dies meanwhile.
func TestReadingOnAFullDisk(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a := filled(t, database{Database: "sqlite:" + t.TempDir() + "/x.db"}, func(int) {})
	defer func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	}()
	path := filepath.Join(t.TempDir(), "x.reserve")
	disk := &full{Store: a.st, room: -1}
	// start is the process anew, over the same disk and file.
	start := func(wrap func(*reserve) casework.Reserve) (*casework.Service, *reserve) {
		t.Helper()
		r, err := openReserve(path, leastReserve)
		if err != nil {
			t.Fatal(err)
		}
		s, err := casework.New(ctx, casework.Config{Store: disk, Clock: casework.SystemClock(), Keys: a.keys, Random: crand.Reader, Reserve: wrap(r)})
		if err != nil {
			t.Fatal(err)
		}
		return s, r
	}
	logged := func() []store.Look {
		t.Helper()
		all, err := a.st.LookLog(ctx, store.LookQuery{})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	plain := func(r *reserve) casework.Reserve { return r }
	view := func(s *casework.Service, n int) error {
		who := a.who
		who.Reason = fmt.Sprint("look ", n)
		page, err := casework.View(ctx, s, who, casework.Overview{Limit: 10})
		if err != nil && len(page.Lines) > 0 {
			t.Errorf("look %d was refused and showed %d lines", n, len(page.Lines))
		}
		if err == nil && len(page.Lines) == 0 {
			t.Errorf("look %d showed nothing", n)
		}
		return err
	}
	s, r := start(plain)
	before := len(logged())
	if err := view(s, 0); err != nil {
		t.Fatal(err)
	}
	disk.room = 0
	shown := 1
	for ; ; shown++ {
		err := view(s, shown)
		if errors.Is(err, casework.ErrReserveFull) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := view(s, 999); !errors.Is(err, casework.ErrReserveFull) {
		t.Errorf("when the room is used up: %v", err)
	}
	if n := len(logged()); n != before+1 || shown < 4 {
		t.Fatalf("%d entries, %d were shown", n-before, shown)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != leastReserve || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v %v", info, err)
	}
	// The process dies; the next finds some space, then none, then some more, and
	// dies before it has cleared the room.
	for _, room := range []int{1, 0, 2, -1} {
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		disk.room = room
		s, r = start(func(r *reserve) casework.Reserve { return stubborn{r} })
		if err := view(s, 998); err == nil {
			t.Errorf("with room for %d more: shown", room)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	s, r = start(plain)
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := view(s, shown); err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, l := range logged()[before:] {
		reasons = append(reasons, l.Reason)
	}
	var want []string
	for n := range shown + 1 {
		want = append(want, fmt.Sprint("look ", n))
	}
	if !slices.Equal(reasons, want) {
		t.Errorf("the log has\n%q, and was shown\n%q", reasons, want)
	}
	if left, err := r.Records(); err != nil || len(left) > 0 {
		t.Errorf("%d records are left: %v", len(left), err)
	}
	if found := a.audit(a.st); len(found) > 0 {
		t.Error(found)
	}
	t.Logf("%d looks while the disk was full, in %d bytes; lost 0, doubled 0", shown-1, leastReserve)
}

// TestReserveFile: what was put is found again, what was not finished is not, and
// the file is nobody else's.
func TestReserveFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.reserve")
	open := func() *reserve {
		t.Helper()
		r, err := openReserve(path, leastReserve)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	has := func(r *reserve, want ...string) {
		t.Helper()
		records, err := r.Records()
		must(err)
		var got []string
		for _, b := range records {
			got = append(got, string(b))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("it has %q, want %q", got, want)
		}
	}
	r := open()
	has(r)
	for _, text := range []string{"one", "two", "three"} {
		must(r.Put([]byte(text)))
	}
	if _, err := openReserve(path, leastReserve); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("opened twice: %v", err)
	}
	must(r.Close())
	r = open()
	has(r, "one", "two", "three")
	// The last record is torn, as when the power goes.
	_, err := r.f.WriteAt([]byte{0xff}, r.end-1)
	must(errors.Join(err, r.Close()))
	r = open()
	has(r, "one", "two")
	must(r.Put([]byte("four")))
	must(r.Close())
	r = open()
	has(r, "one", "two", "four")
	// What lay there before is not found behind what comes after.
	must(r.Clear())
	must(r.Put([]byte("one")))
	must(r.Close())
	r = open()
	has(r, "one")
	if err := r.Put(bytes.Repeat([]byte{'x'}, leastReserve)); !errors.Is(err, casework.ErrReserveFull) {
		t.Errorf("too much: %v", err)
	}
	must(r.Close())
	foreign := filepath.Join(t.TempDir(), "letter")
	write(t, foreign, strings.Repeat("hei ", 2000))
	if _, err := openReserve(foreign, leastReserve); err == nil {
		t.Error("a letter was taken for room")
	}
	if text, err := os.ReadFile(foreign); err != nil || string(text) != strings.Repeat("hei ", 2000) {
		t.Error("the letter was changed")
	}
	if _, err := openReserve(path+"2", 100); err == nil {
		t.Error("100 bytes were room enough")
	}
}

// TestBreachDrill finds within one command whom a stolen login has seen, what
// and when; that is logged itself.
func TestBreachDrill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := database{Database: "sqlite:" + dir + "/x.db"}
	a := filled(t, d, func(int) {})
	ctx := t.Context()
	thief := care.Actor{Kind: care.Professional, ID: "per", Unit: "clinic"}
	persons, err := a.st.Persons(ctx, store.Scope{All: true}, "", 0)
	if err != nil || len(persons) < 3 {
		t.Fatalf("%d persons, %v", len(persons), err)
	}
	taken := persons[:2]
	for _, at := range []string{"2026-01-10T22:00:00Z", "2026-01-11T03:00:00Z", "2026-02-01T10:00:00Z"} {
		when, err := instantOf("at", at)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.st.Log(ctx, store.Look{At: when, Actor: thief, Post: a.who.Post, Basis: "takes-part", Question: "journey", Reason: "=cmd()", What: []string{"journey/1"}, Persons: taken}); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(a.witness.path, "..", "..", "x.key")
	run := func(args ...string) result {
		t.Helper()
		return try(t, append([]string{"log", "breach", "--database", d.Database, "--key-file", key, "--as", "clinic/coordinator", "--reason", "Stjålet innlogging"}, args...)...)
	}
	r := run("--actor", "per", "--from", "2026-01-01", "--until", "2026-02-01")
	if r.code != 0 {
		t.Fatalf("exit %d\n%s", r.code, r.stderr)
	}
	cells, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
	if err != nil || len(cells) != 1+4 {
		t.Fatalf("%d lines, %v:\n%s", len(cells), err, r.stdout)
	}
	seen := map[string]bool{}
	for _, line := range cells[1:] {
		seen[line[6]] = true
		if line[7] != "" || line[11] != "'=cmd()" || line[2] != "per" || line[1] < "2026-01-10" {
			t.Errorf("a line: %q", line)
		}
	}
	for _, p := range taken {
		if !seen[string(p)] {
			t.Errorf("%s is not on the list", p)
		}
	}
	r = run("--actor", "per", "--json", "--names")
	var line breachLine
	if err := json.Unmarshal([]byte(strings.SplitN(r.stdout, "\n", 2)[0]), &line); err != nil || line.Name != "Anna Linerle" || strings.Count(r.stdout, "\n") != 6 {
		t.Errorf("with names: %+v %v\n%s%s", line, err, r.stdout, r.stderr)
	}
	for name, args := range map[string][]string{"nobody named": nil, "a bad day": {"--actor", "per", "--from", "yesterday"}, "a bad login": {"--session", "xyz"}} {
		if r := run(args...); r.code != exitUsage {
			t.Errorf("%s: exit %d\n%s", name, r.code, r.stderr)
		}
	}
	if r := run("--session", "00ff"); r.code != exitFailed || r.stdout != "" {
		t.Errorf("a login that there is not: exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	// The patient reads that the list was asked for, and why.
	st, err := d.openToRead(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	looks, err := st.Looks(ctx, taken[0], 2)
	if err != nil || len(looks) != 2 || looks[0].Question != "log-of-breach" || looks[0].Reason != "Stjålet innlogging" || !strings.HasPrefix(looks[0].Actor.ID, "operator-") {
		t.Errorf("the log says %+v, %v", looks, err)
	}
	// Nothing younger than five years goes.
	prune := func(before string) result {
		return try(t, "log", "prune", "--database", d.Database, "--key-file", key, "--as", "clinic/coordinator", "--reason", "Fem år", "--before", before)
	}
	if r := prune("2026-01-01"); r.code == 0 || !strings.Contains(r.stderr, "5 years") {
		t.Errorf("too young: exit %d\n%s", r.code, r.stderr)
	}
	if r := prune("2010-01-01"); r.code != 0 || !strings.Contains(r.stderr, "0 entries") {
		t.Errorf("nothing is so old: exit %d\n%s", r.code, r.stderr)
	}
}

// TestPrunedLogVerifies: what was old enough went, and verify begins behind it.
func TestPrunedLogVerifies(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	d := database{Database: "sqlite:" + t.TempDir() + "/x.db"}
	a := filled(t, d, func(int) {})
	defer func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	}()
	all, err := a.st.LookLog(ctx, store.LookQuery{})
	if err != nil {
		t.Fatal(err)
	}
	seal := func(p store.Pruning) store.Pruning { return p.Sign(a.keys) }
	p, err := a.st.PruneLooks(ctx, store.Pruning{At: a.s.Now(), Before: all[7].At, Actor: care.Service}, seal)
	if err != nil || p.Count != 7 {
		t.Fatalf("%d went, %v", p.Count, err)
	}
	if found := a.audit(a.st); len(found) > 0 {
		t.Errorf("after a pruning: %v", found)
	}
	if _, err := a.st.PruneLooks(ctx, store.Pruning{At: a.s.Now(), Before: all[9].At, Actor: care.Service}, func(p store.Pruning) store.Pruning { p.Signature = []byte{1}; return p }); err != nil {
		t.Fatal(err)
	}
	if found := a.audit(a.st); len(found) == 0 {
		t.Error("a pruning that nobody signed was not found")
	}
}
