package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"forlop/care"
	"forlop/casework"
)

// TestImportBookings copies what a record system has booked with the program as it
// is run: a good file, the same file again, a time that moved, and a file whose bad
// lines are each named with the line, the column and the reason, beside a good one
// that is taken.
func TestImportBookings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := "sqlite:" + dir + "/forlop.db"
	run := func(code int, args ...string) result {
		t.Helper()
		r := try(t, append(args, "--database", db)...)
		if r.code != code {
			t.Fatalf("%s: exit %d and not %d: %s%s", strings.Join(args, " "), r.code, code, r.stdout, r.stderr)
		}
		return r
	}
	day := func(from int, form string) string {
		d := care.CalendarOf(care.Norway).Date(casework.SystemClock().Now()).AddDays(from)
		return fmt.Sprintf(form, d.Year, d.Month, d.Day)
	}
	const iso, dotted = "%04d-%02d-%02d", "%02[3]d.%02[2]d.%04[1]d"
	const number, nobodys = "17912099997", "01010750160"
	if r := try(t, "token", "key", dir+"/forlop.key"); r.code != exitOK {
		t.Fatal(r.stderr)
	}
	run(exitOK, "import", "units", "../../docs/example-site.yaml")
	head := "name;number;pathway;received;responsible;sender;referral-answered;referral-answered:source;step:assess-referral;role:gp\n"
	write(t, dir+"/journeys.csv", head+"Bodil Storlom;"+number+";no.pain;"+day(-20, iso)+";smerteklinikken/coordinator;legene-pa-torget;"+day(-10, iso)+";Brev;accept;legene-pa-torget\n")
	// What is refused is told in a whole sentence.
	if r := run(exitFindings, "import", "journeys", dir+"/journeys.csv"); !strings.Contains(r.stdout, "No version of no.pain is in use at") || strings.Contains(r.stdout, "{") {
		t.Errorf("before no.pain is in use it says %s", r.stdout)
	}
	run(exitOK, "pathway", "publish", "no.pain", "--for", "fjord-hf", "--as", "astrid-lund@fjord-hf/pathway-approver")
	run(exitOK, "pathway", "approve", "no.pain@2025.04", "--activate", "--as", "siri-holm@fjord-hf/pathway-approver")
	run(exitOK, "import", "journeys", dir+"/journeys.csv")
	look := []string{"--as", "smerteklinikken/coordinator", "--reason", "a test"}
	var j struct{ ID string }
	if list := run(exitOK, append([]string{"journey", "list", "--json"}, look...)...); json.Unmarshal([]byte(list.stdout), &j) != nil || j.ID == "" {
		t.Fatalf("the journeys are %s", list.stdout)
	}
	// planned is when the step is planned, and how many events the journey has.
	planned := func() (string, int) {
		t.Helper()
		var v struct {
			Steps []struct{ ID, Planned string }
		}
		if r := run(exitOK, append([]string{"journey", "show", j.ID, "--json"}, look...)...); json.Unmarshal([]byte(r.stdout), &v) != nil {
			t.Fatalf("the journey is %s", r.stdout)
		}
		log := run(exitOK, append([]string{"journey", "log", j.ID}, look...)...).stdout
		for _, st := range v.Steps {
			if st.ID == "start-assessment" {
				return st.Planned, strings.Count(log, "\n")
			}
		}
		t.Fatalf("the step is not there: %+v", v)
		return "", 0
	}
	bookings := func(code int, file string, more ...string) (bookingAnswer, string) {
		t.Helper()
		write(t, dir+"/bookings.csv", file)
		args := append([]string{"import", "bookings", dir + "/bookings.csv", "--source", "DIPS"}, more...)
		said := run(code, args...)
		if strings.Contains(said.stdout+said.stderr, number) || strings.Contains(said.stdout+said.stderr, nobodys) {
			t.Errorf("a national number is printed: %s%s", said.stdout, said.stderr)
		}
		var a bookingAnswer
		if len(more) > 0 && more[len(more)-1] == "--json" {
			if err := json.Unmarshal([]byte(said.stdout), &a); err != nil {
				t.Fatalf("%v: %s", err, said.stdout)
			}
		}
		return a, said.stdout
	}
	columns := "number;reference;date;time;journey;step;place;minutes;status\n"
	row := func(reference, at, clock, rest string) string {
		return number + ";" + reference + ";" + at + ";" + clock + ";" + j.ID + ";" + rest + "\n"
	}
	good := columns + row("A-1", day(10, dotted), "12:00", "start-assessment;Rom 3;45;booked")

	if a, _ := bookings(exitOK, good, "--dry-run", "--json"); a.Copied != 1 || !a.DryRun {
		t.Errorf("a dry run says %+v", a)
	}
	if at, _ := planned(); at != "" {
		t.Errorf("a dry run planned %s", at)
	}
	if a, _ := bookings(exitOK, good, "--json"); a.Rows != 1 || a.Copied != 1 || len(a.Findings) != 0 {
		t.Errorf("the file says %+v", a)
	}
	at, events := planned()
	if !strings.HasPrefix(at, day(10, iso)+"T12:00:00") {
		t.Errorf("the step is planned %q", at)
	}
	for range 2 {
		if a, _ := bookings(exitOK, good, "--full", "--json"); a.Copied != 0 || a.Unchanged != 1 || a.Missing != 0 {
			t.Errorf("the same file again says %+v", a)
		}
	}
	if again, more := planned(); again != at || more != events {
		t.Errorf("the same file again makes %d events of %d, and %s of %s", more, events, again, at)
	}

	// Line 5 is good: it moves the time, whatever stands around it.
	bad := columns +
		strings.Replace(row("B-1", day(11, dotted), "12:00", "start-assessment;;;"), number, nobodys, 1) +
		row("B-2", day(11, dotted), "noon", "start-assessment;;;") +
		row("B-3", day(11, dotted), "12:00", "dance;;;") +
		row("A-1", day(12, iso), "13.30", "start-assessment;Rom 3;45;") +
		row("B-4", day(-3, iso), "12:00", "start-assessment;;;") +
		row("B-5", day(11, iso), "12:00", "start-assessment;;long;") +
		row("B-6", day(11, iso), "12:00", "start-assessment;;;perhaps") +
		strings.Replace(row("B-7", day(11, iso), "12:00", "start-assessment;;;"), j.ID, "nowhere", 1) +
		row("A-1", day(13, iso), "12:00", "start-assessment;;;") +
		"one cell\n"
	for range 2 {
		a, _ := bookings(exitFindings, bad, "--json")
		want := []string{
			"2 number booking-person", "3 time booking-time", "4 step copy-step", "6 date copy-past", "7 minutes copy-length", "8 status booking-status",
			"9 journey no-journey", "10 reference row-twice", "11  row-length",
		}
		var got []string
		for _, f := range a.Findings {
			got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.Column, f.Code))
			if len(strings.Fields(f.Message)) < 4 || strings.Contains(f.Message, "{") {
				t.Errorf("line %d has no reason: %q", f.Line, f.Message)
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("the bad lines are\n%s\nand not\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if moved, _ := planned(); !strings.HasPrefix(moved, day(12, iso)+"T13:30:00") {
		t.Errorf("the good line among them left the time at %s", moved)
	}
	if _, said := bookings(exitFindings, bad); !strings.Contains(said, dir+"/bookings.csv: line 4, step: error: copy-step: ") {
		t.Errorf("for people it says %s", said)
	}
	if _, said := bookings(exitFindings, "nummer;reference\n"); !strings.Contains(said, "Did you mean number?") || !strings.Contains(said, "line 1, journey: error: column-missing") {
		t.Errorf("a file without its columns is told %s", said)
	}
	if r := try(t, "import", "bookings", dir+"/bookings.csv", "--database", db); r.code != exitUsage || !strings.Contains(r.stderr, "--source") {
		t.Errorf("without a source: exit %d: %s", r.code, r.stderr)
	}
	if r := try(t, "import", "bookings", dir+"/none.csv", "--source", "DIPS", "--database", db); r.code != exitFailed || !strings.Contains(r.stderr, "none.csv") {
		t.Errorf("no file: exit %d: %s", r.code, r.stderr)
	}
	// Cancelled there, it is cancelled here; the file is read from standard input too.
	cmd := forlop(t.Context(), t, "import", "bookings", "-", "--source", "DIPS", "--database", db)
	cmd.Stdin = strings.NewReader(columns + row("A-1", day(12, iso), "13:30", "start-assessment;Rom 3;45;cancelled"))
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "1 cancelled") {
		t.Errorf("a cancelled booking: %v: %s", err, out)
	}
	if off, _ := planned(); off != "" {
		t.Errorf("after it was cancelled the step is planned %s", off)
	}
	if _, err := os.Stat(dir + "/forlop.db"); err != nil {
		t.Error(err)
	}
	run(exitOK, "verify")
}
