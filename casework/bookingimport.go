package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/booking"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store"
)

// bookingColumns are the columns that a file of bookings may have; the first six
// stand in every file.
var bookingColumns = []string{
	"number", "reference", "date", "time", "journey", "step",
	"place", "with", "bring", "minutes", "way", "interpreter", "status",
}

// BookingFile is a file of another system's bookings: where it comes from, when it
// was taken out there, and whether it holds every booking that is still to come.
type BookingFile struct {
	Source string
	Taken  time.Time
	Full   bool
}

// BookingReport is what came of a file: bookings that are new or changed, cancelled,
// as they were, and asked about because a full file lacks them.
type BookingReport struct {
	Rows, Copied, Cancelled, Unchanged, Missing int
	Findings                                    []ImportFinding
}

// Failed reports whether a row was left out.
func (r BookingReport) Failed() bool { return slices.ContainsFunc(r.Findings, ImportFinding.isError) }

// ImportBookings copies a file of another system's bookings, each row wholly or not
// at all. Persons are found by their number's keyed hash. The same file again
// changes nothing; a booking that a full file lacks is asked about and never
// deleted. A dry run decides every row and stores nothing.
func (s *Service) ImportBookings(ctx context.Context, file []byte, from BookingFile, dry bool) (BookingReport, error) {
	var report BookingReport
	if len(file) > LargestImport {
		return report, care.Refuse("import-size", "The file has more than {most} megabytes. Divide it.", "most", itoa(LargestImport>>20))
	}
	rows, found := readBookings(file)
	report.Findings = found
	seen := map[string]bool{}
	if from.Taken.IsZero() {
		from.Taken = s.clock.Now()
	}
	for _, row := range rows {
		report.Rows++
		if ref := row["reference"]; seen[ref] {
			report.bad(row, "reference", "row-twice", "Another line has the same reference.")
			continue
		}
		seen[row["reference"]] = true
		err := s.importBooking(ctx, row, from, dry, &report)
		var refusal *care.Refusal
		switch {
		case errors.As(err, &refusal):
			report.bad(row, bookingColumn(refusal.Field), refusal.Code, "%s", refusal.Sentence())
		case err != nil:
			return report, fmt.Errorf("line %s: %w", row["#"], err)
		}
	}
	// A row that could not be read may be the very one that is missed.
	if from.Full && !report.Failed() {
		if err := s.missBookings(ctx, seen, from, dry, &report); err != nil {
			return report, err
		}
	}
	slices.SortStableFunc(report.Findings, func(a, b ImportFinding) int { return a.Line - b.Line })
	return report, nil
}

// bookingColumn is the column of a file that a field of a booking stands in.
func bookingColumn(field string) string {
	if field == "at" {
		return "date"
	}
	return field
}

func (r *BookingReport) bad(row map[string]string, column, code, format string, args ...any) {
	line, _ := strconv.Atoi(row["#"])
	r.Findings = append(r.Findings, fault(line, column, code, format, args...))
}

// readBookings reads the rows of a file, comma or semicolon between its columns, by
// column; "#" is the line.
func readBookings(file []byte) (rows []map[string]string, found []ImportFinding) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	head, _, _ := bytes.Cut(file, []byte("\n"))
	if bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		r.Comma = ';'
	}
	columns, err := r.Read()
	if err != nil {
		return nil, []ImportFinding{fault(1, "", "no-header", "The first line must name the columns: %v", err)}
	}
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
		switch c := columns[i]; {
		case slices.Contains(columns[:i], c):
			found = append(found, fault(1, c, "column-twice", "The column stands there twice."))
		case !slices.Contains(bookingColumns, c):
			msg := "There is no such column."
			if near := pathway.Nearest(c, bookingColumns); near != "" {
				msg += " Did you mean " + near + "?"
			}
			found = append(found, fault(1, c, "column-unknown", "%s", msg))
		}
	}
	for _, need := range bookingColumns[:6] {
		if !slices.Contains(columns, need) {
			found = append(found, fault(1, need, "column-missing", "Every file has this column. Nothing is filled in for what is not given."))
		}
	}
	if len(found) > 0 {
		return nil, found
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, found
		}
		if err != nil {
			var broken *csv.ParseError
			line := 0
			if errors.As(err, &broken) {
				line = broken.Line
			}
			return rows, append(found, fault(line, "", "not-csv", "The line cannot be read, and what follows it was not read: %v", err))
		}
		line, _ := r.FieldPos(0)
		if len(cells) != len(columns) {
			found = append(found, fault(line, "", "row-length", "The row has %d columns and the first line names %d.", len(cells), len(columns)))
			continue
		}
		row := map[string]string{"#": itoa(line)}
		for i, c := range columns {
			row[c] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, row)
	}
}

// importBooking copies one row.
func (s *Service) importBooking(ctx context.Context, row map[string]string, from BookingFile, dry bool, report *BookingReport) error {
	state, _, err := s.load(ctx, store.StreamOf("journey", row["journey"]))
	if err != nil {
		return err
	}
	j := state.(*journey.State)
	if row["journey"] == "" || j.Status == journey.NotOpened {
		return care.Missing("no-journey", "There is no such journey.").On("journey")
	}
	cal := care.CalendarOf(j.Regime)
	number, err := care.ParseNationalNumber(j.Regime, row["number"], cal.Date(s.clock.Now()))
	if refusal, refused := care.AsRefusal(err); refused {
		return refusal.On("number")
	}
	if err != nil {
		return err
	}
	subject, err := s.store.Find(ctx, s.keys.Hash("national-number", number.Digits()))
	if errors.Is(err, store.ErrNotFound) || err == nil && care.PersonKey(subject) != j.Person {
		return care.Missing("booking-person", "That number is not the one of the person whose journey this is.").On("number")
	}
	if err != nil {
		return err
	}
	step := j.StepOf(pathway.StepID(row["step"]))
	if step == nil {
		return care.Missing("copy-step", "There is no such step in this journey.").On("step")
	}
	c := booking.Copy{
		Source: from.Source, Reference: row["reference"], Way: row["way"], Place: row["place"], With: row["with"], Bring: row["bring"],
		Interpreter: row["interpreter"], Journey: row["journey"], Step: step.Step, Copied: from.Taken,
	}
	if c.At, err = localOf(cal, row["date"], row["time"]); err != nil {
		return err
	}
	if row["minutes"] != "" {
		if c.Minutes, err = strconv.Atoi(row["minutes"]); err != nil {
			return care.Refuse("copy-length", "A length is given in minutes, at most a day.").On("minutes")
		}
	}
	return s.copyRow(ctx, row, j.Person, step.Owner, c, dry, report)
}

func (s *Service) copyRow(ctx context.Context, row map[string]string, p care.PersonKey, owner care.Post, c booking.Copy, dry bool, report *BookingReport) error {
	st := store.StreamOf("booking", string(p))
	read, _, err := s.load(ctx, st)
	if err != nil {
		return err
	}
	b := read.(*booking.State)
	n := b.Find(c.Source, c.Reference)
	var command booking.Command = c
	count := &report.Copied
	switch row["status"] {
	case "", "booked":
		if n > 0 {
			if c.Reworded, err = s.reworded(ctx, st, b.Bookings[n-1].Text, c); err != nil {
				return err
			}
			command = c
		}
	case "cancelled":
		if n == 0 || b.Bookings[n-1].Off {
			report.Unchanged++
			return nil
		}
		command, count = booking.Cancel{Booking: n, Copied: c.Copied}, &report.Cancelled
	default:
		return care.Refuse("booking-status", "The status is booked or cancelled.").On("status")
	}
	err = s.carryBooking(ctx, p, owner, command, dry)
	if refusal, refused := care.AsRefusal(err); refused && refusal.Code == "copy-same" {
		report.Unchanged++
		return nil
	}
	if err == nil {
		*count++
	}
	return err
}

// reworded reports whether the sealed words of a copy differ from the file's.
func (s *Service) reworded(ctx context.Context, st store.Stream, version int, c booking.Copy) (bool, error) {
	events, err := s.store.Load(ctx, st, version-1)
	if err != nil || len(events) == 0 {
		return false, err
	}
	text, err := s.unseal(ctx, st.ID(), events[0])
	return text["place"] != c.Place || text["with"] != c.With || text["bring"] != c.Bring, err
}

// carryBooking carries out one command of a file. The key is what it says, so that
// the same row of the same file is the same order.
func (s *Service) carryBooking(ctx context.Context, p care.PersonKey, owner care.Post, c booking.Command, dry bool) error {
	o := Order{Who: Operator("import", owner, "import"), Target: string(p), Command: c}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %+v", p, c))
	o.Key = "booking/" + hex.EncodeToString(sum[:16])
	if !dry {
		r, err := s.Do(ctx, o)
		if err == nil && r.Repeated {
			return care.Refuse("copy-same", "That is how the booking stands here already.")
		}
		return err
	}
	w, err := s.newWork(ctx, o)
	if err != nil {
		return err
	}
	st := s.target(o)
	first, err := w.open(st)
	if err != nil {
		return err
	}
	if err := w.may(o, first); err != nil {
		return err
	}
	// The words are left out: sealing them would make the person a key.
	if copied, is := c.(booking.Copy); is {
		copied.Place, copied.With, copied.Bring = "", "", ""
		c = copied
	}
	act := care.Act{At: w.now, Actor: o.Actor, Post: o.Post}
	if _, err := w.carry(st, c, act); err != nil {
		return err
	}
	return w.companions(st, act)
}

// missBookings asks about every booking of the source that is still to come and
// that a full file lacks.
func (s *Service) missBookings(ctx context.Context, seen map[string]bool, from BookingFile, dry bool, report *BookingReport) error {
	for after := care.PersonKey(""); ; {
		persons, err := s.store.Persons(ctx, store.Scope{All: true, At: s.clock.Now()}, after, 500)
		if err != nil {
			return err
		}
		for _, p := range persons {
			after = p
			read, _, err := s.load(ctx, store.StreamOf("booking", string(p)))
			if err != nil {
				return err
			}
			for _, b := range read.(*booking.State).Bookings {
				if b.Source != from.Source || b.Off || b.Asked != nil || seen[b.Reference] || !b.At.After(s.clock.Now()) {
					continue
				}
				err := s.carryBooking(ctx, p, care.Post{}, booking.Miss{Booking: b.Booking, Copied: from.Taken}, dry)
				if refusal, refused := care.AsRefusal(err); refused && refusal.Code == "copy-same" {
					continue // an older list than the copy says nothing of it
				}
				if err != nil {
					return err
				}
				report.Missing++
				report.Findings = append(report.Findings, ImportFinding{
					Code: "booking-missing", Column: "reference", Severity: pathway.SeverityWarning,
					Message: fmt.Sprintf("The booking %s is not in the file. Whoever has the step is asked; nothing is deleted.", b.Reference),
				})
			}
		}
		if len(persons) < 500 {
			return nil
		}
	}
}

// localOf reads a date and a time on the clock.
func localOf(cal *care.Calendar, date, clock string) (time.Time, error) {
	if p := strings.Split(date, "."); len(p) == 3 && len(p[0]) == 2 && len(p[1]) == 2 {
		date = p[2] + "-" + p[1] + "-" + p[0]
	}
	d, err := care.ParseDate(date)
	if refusal, refused := care.AsRefusal(err); refused {
		return time.Time{}, refusal.On("date")
	}
	if err != nil {
		return time.Time{}, care.Refuse("copy-when", err.Error()).On("date")
	}
	t, err := time.Parse("15:04", strings.ReplaceAll(clock, ".", ":"))
	if err != nil {
		return time.Time{}, care.Refuse("booking-time", "Write the time as 13:45.").On("time")
	}
	at, err := cal.Local(d, t.Hour(), t.Minute())
	if refusal, refused := care.AsRefusal(err); refused {
		return at, refusal.On("time")
	}
	return at, err
}
