package casework_test

import (
	"strings"
	"testing"
	"time"

	"forlop/casework"
)

// A file of the record system's bookings: read whatever program wrote it, wrong
// lines named, the same file twice changes nothing, and what a full file lacks is
// asked about.
func TestBookingsAreImported(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const number = "17912099997"
	p := b.adult("Liv Berg", number)
	id := b.do(kari, "", opening(p, b.clock.Now().Add(-time.Hour))).Target
	b.accept(id)
	head := "number;reference;date;time;journey;step;place;minutes;status\r\n"
	row := number + ";A-1;11.02.2026;10:00;" + id + ";start-assessment;Rom 3, 2. etg;45;\r\n"
	read := func(file string, full, dry bool) casework.BookingReport {
		t.Helper()
		r, err := b.s.ImportBookings(b.ctx, []byte(file), casework.BookingFile{Source: "DIPS", Full: full}, dry)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	bom := "\xef\xbb\xbf"
	if r := read(bom+head+row, true, true); r.Copied != 1 || r.Failed() {
		t.Fatalf("a dry run says %+v", r)
	}
	if st := b.step(id, "start-assessment"); !st.Planned.IsZero() {
		t.Fatal("a dry run planned something")
	}
	if r := read(bom+head+row, true, false); r.Copied != 1 || r.Failed() {
		t.Fatalf("the file says %+v", r)
	}
	if st := b.step(id, "start-assessment"); !st.Planned.Equal(instant("2026-02-11 10:00")) || st.Copied.Source != "DIPS" {
		t.Errorf("the step is %+v", st)
	}
	version := b.journey(kari, id).Bookings.State.Version
	b.clock.pass(time.Hour)
	if r := read(strings.ReplaceAll(strings.ReplaceAll(head+row, ";", ","), "Rom 3, 2. etg", `"Rom 3, 2. etg"`), true, false); r.Unchanged != 1 || r.Copied != 0 || b.journey(kari, id).Bookings.State.Version != version {
		t.Errorf("the same file again says %+v", r)
	}
	if r := read(head+strings.Replace(row, "Rom 3", "Rom 4", 1), true, false); r.Copied != 1 {
		t.Errorf("another room says %+v", r)
	}
	for code, bad := range map[string]string{
		"number-form":      strings.Replace(row, number, "123", 1),
		"booking-person":   strings.Replace(row, number, "01010750160", 1),
		"no-journey":       strings.Replace(row, id, "nobody", 1),
		"copy-step":        strings.Replace(row, "start-assessment", "dance", 1),
		"local-time-gap":   strings.Replace(row, "11.02.2026;10:00", "29.03.2026;02:30", 1),
		"local-time-twice": strings.Replace(row, "11.02.2026;10:00", "25.10.2026;02:30", 1),
		"booking-time":     strings.Replace(row, "10:00", "ti", 1),
		"copy-past":        strings.Replace(row, "2026", "2020", 1),
		"booking-status":   strings.Replace(row, "45;", "45;maybe", 1),
		"row-length":       row[:len(row)-2] + ";x\r\n",
	} {
		r := read(head+bad, true, false)
		if len(r.Findings) != 1 || r.Findings[0].Code != code || r.Findings[0].Line != 2 || r.Missing != 0 {
			t.Errorf("%s: %+v", code, r)
		}
	}
	if r := read("number;reference\r\n", false, false); len(r.Findings) != 4 {
		t.Errorf("a file without its columns says %+v", r.Findings)
	}
	b.clock.pass(time.Hour)
	if r := read(head, true, false); r.Missing != 1 || r.Failed() {
		t.Errorf("a full file without the booking says %+v", r)
	}
	v := b.journey(kari, id)
	if st := v.State.StepOf("start-assessment"); st.Planned.IsZero() || v.Bookings.State.Bookings[0].Asked == nil {
		t.Errorf("what vanished is asked about and stands: %+v", v.Bookings.State.Bookings[0])
	}
	b.clock.pass(time.Hour)
	if r := read(head+strings.Replace(row, "45;", "45;cancelled", 1), true, false); r.Cancelled != 1 {
		t.Errorf("a cancelled booking says %+v", r)
	}
	if st := b.step(id, "start-assessment"); !st.Planned.IsZero() || !st.Live() {
		t.Errorf("cancelled, the step is %+v", st)
	}
}
