package casework

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"forlop/care"
	"forlop/care/directory"
	"forlop/journey"
	"forlop/pathway"
)

// ImportFinding is one thing that is wrong in a file of running journeys, or
// that is worth knowing. A row with an error is not imported.
type ImportFinding struct {
	Line     int    `json:"line"`
	Column   string `json:"column"`
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
}

// String is the finding as a compiler would print it.
func (f ImportFinding) String() string {
	return fmt.Sprintf("line %d, %s: %s: %s: %s", f.Line, f.Column, f.Severity, f.Code, f.Message)
}

// importColumns are the columns every file may have. Beside them stand one for
// each milestone, with its source; one for each step that was done; and one for
// each role that somebody fills.
var importColumns = []string{
	"name", "number", "born", "sex", "phone", "address",
	"pathway", "received", "desk", "responsible", "sender", "sender-name", "reason",
}

const (
	sourceSuffix = ":source"
	stepPrefix   = "step:"
	rolePrefix   = "role:"
)

// importKnown is what a file is read against. Nothing in it changes meanwhile.
type importKnown struct {
	dir      *directory.Directory
	pathways []*pathway.Definition
	regime   care.Regime
	now      time.Time
	// active is the version that journeys open with at a unit.
	active func(id string, unit care.UnitID) (pathway.Ref, error)
}

// importRow is one journey as the file says it.
type importRow struct {
	line     int
	key      string
	identity Identity
	open     journey.Open
	def      *pathway.Definition
}

// readImport reads a file of running journeys, comma or semicolon between its
// columns. What is wrong is found for every row; what is not given is never
// filled in.
func readImport(file []byte, k importKnown) (rows []importRow, found []ImportFinding) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
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
	}
	if found = checkColumns(columns, k); len(found) > 0 {
		return nil, found
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, found
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return rows, append(found, fault(broken.Line, "", "not-csv", "The line cannot be read, and what follows it was not read: %v", broken.Err))
		}
		if err != nil {
			return rows, append(found, fault(0, "", "not-csv", "%v", err))
		}
		line, _ := r.FieldPos(0)
		if len(cells) != len(columns) {
			found = append(found, fault(line, "", "row-length", "The row has %d columns and the first line names %d.", len(cells), len(columns)))
			continue
		}
		x := reader{line: line, cells: map[string]string{}, known: k}
		for i, c := range columns {
			x.cells[c] = strings.TrimSpace(cells[i])
		}
		if slices.Max(append(slices.Collect(lengths(x.cells)), 0)) == 0 {
			continue
		}
		row := x.row(columns)
		found = append(found, x.found...)
		if !slices.ContainsFunc(x.found, ImportFinding.isError) {
			rows = append(rows, row)
		}
	}
}

func lengths(cells map[string]string) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, c := range cells {
			if !yield(len(c)) {
				return
			}
		}
	}
}

func (f ImportFinding) isError() bool { return f.Severity == pathway.SeverityError }

func fault(line int, column, code, format string, args ...any) ImportFinding {
	return ImportFinding{line, column, code, pathway.SeverityError, fmt.Sprintf(format, args...)}
}

// checkColumns refuses columns that mean nothing, are named twice or are missing
// altogether.
func checkColumns(columns []string, k importKnown) (found []ImportFinding) {
	allowed := slices.Clone(importColumns)
	for _, d := range k.pathways {
		for _, m := range d.Milestones {
			if m.ID != pathway.Received {
				allowed = append(allowed, string(m.ID), string(m.ID)+sourceSuffix)
			}
		}
		for _, s := range d.Steps {
			allowed = append(allowed, stepPrefix+string(s.ID))
		}
		for _, r := range d.Roles {
			allowed = append(allowed, rolePrefix+string(r.ID))
		}
	}
	seen := map[string]bool{}
	for _, c := range columns {
		switch {
		case seen[c]:
			found = append(found, fault(1, c, "column-twice", "The column stands there twice."))
		case !slices.Contains(allowed, c):
			msg := "There is no such column."
			if near := pathway.Nearest(c, allowed); near != "" {
				msg += " Did you mean " + near + "?"
			}
			found = append(found, fault(1, c, "column-unknown", "%s", msg))
		}
		seen[c] = true
	}
	for _, need := range []string{"name", "pathway", "received", "responsible"} {
		if !seen[need] {
			found = append(found, fault(1, need, "column-missing", "Every file has this column. Nothing is filled in for what is not given."))
		}
	}
	return found
}

// reader reads one row.
type reader struct {
	line  int
	cells map[string]string
	known importKnown
	found []ImportFinding
}

func (x *reader) bad(column, code, format string, args ...any) {
	x.found = append(x.found, fault(x.line, column, code, format, args...))
}

// need answers a cell that must not be empty.
func (x *reader) need(column, why string) string {
	if x.cells[column] == "" {
		x.bad(column, "missing", "%s", why)
	}
	return x.cells[column]
}

func (x *reader) row(columns []string) importRow {
	cal := care.CalendarOf(x.known.regime)
	row := importRow{line: x.line, key: x.key(columns)}
	row.identity = Identity{
		Name: x.need("name", "Whose journey is it?"), Number: x.cells["number"], Sex: x.cells["sex"],
		Phone: x.cells["phone"], Address: x.cells["address"], Born: x.date("born"),
	}
	if row.identity.Number != "" {
		if _, err := care.ParseNationalNumber(x.known.regime, row.identity.Number, cal.Date(x.known.now)); err != nil {
			x.bad("number", "number", "%v", err)
		}
	} else if row.identity.Born.IsZero() {
		x.bad("born", "missing", "Without a national number, give the date of birth.")
	}
	row.def = x.pathway(x.need("pathway", "Which pathway does the journey follow?"))
	if row.def == nil {
		return row
	}
	row.open = journey.Open{
		Regime: row.def.Regime, Pathway: row.def.Ref, Origin: journey.Imported, Reason: x.cells["reason"],
		Responsible: x.post("responsible", x.need("responsible", "Which post answers for the next step? Write UNIT/ROLE; nobody is filled in."), ""),
		Roles:       map[pathway.RoleID]care.Post{}, PastSteps: map[pathway.StepID]string{},
	}
	x.need("received", "When was the referral first received? The clocks start there.")
	received := x.date("received")
	if !received.IsZero() {
		row.open.Received = cal.StartOf(received)
	}
	row.open.Desk = care.Post{Unit: row.open.Responsible.Unit, Role: care.Desk}
	if desk := x.cells["desk"]; desk != "" {
		row.open.Desk = x.post("desk", desk, care.Desk)
	}
	row.open.Sender = x.sender(row.def)
	for _, r := range row.def.Roles {
		if cell := x.cells[rolePrefix+string(r.ID)]; cell != "" {
			row.open.Roles[r.ID] = x.post(rolePrefix+string(r.ID), cell, care.Role(r.ID))
		}
	}
	x.past(&row, received)
	for _, c := range columns {
		x.foreign(c, row.def)
	}
	return row
}

// key is what the row says, so that the same row imported again is the same
// order.
func (x *reader) key(columns []string) string {
	sorted := slices.Sorted(slices.Values(columns))
	h := sha256.New()
	for _, c := range sorted {
		if v := x.cells[c]; v != "" {
			fmt.Fprintf(h, "%q=%q\n", c, v)
		}
	}
	return "import/" + hex.EncodeToString(h.Sum(nil)[:16])
}

// pathway finds a pathway by id@version, or by id: then it is the version in use
// where the row's journey is received, and, where none is, the newest.
func (x *reader) pathway(cell string) *pathway.Definition {
	if cell == "" {
		return nil
	}
	var ids []string
	var best *pathway.Definition
	if unit, _, _ := strings.Cut(cmp.Or(x.cells["desk"], x.cells["responsible"]), "/"); !strings.Contains(cell, "@") {
		if now, err := x.known.active(cell, care.UnitID(unit)); err == nil {
			cell = now.String()
		}
	}
	for _, d := range x.known.pathways {
		ids = append(ids, d.ID)
		if d.Ref.String() == cell || d.ID == cell && (best == nil || best.Version < d.Version) {
			best = d
		}
	}
	if best == nil {
		msg := "There is no published pathway " + cell + "."
		if near := pathway.Nearest(cell, ids); near != "" {
			msg += " Did you mean " + near + "?"
		}
		x.bad("pathway", "no-such-pathway", "%s", msg)
		return nil
	}
	if best.Regime != x.known.regime {
		x.known.regime = best.Regime
	}
	return best
}

// date reads 2026-03-14 or 14.03.2026.
func (x *reader) date(column string) care.Date {
	cell := x.cells[column]
	if cell == "" {
		return care.Date{}
	}
	if p := strings.Split(cell, "."); len(p) == 3 && len(p[0]) == 2 && len(p[1]) == 2 {
		cell = p[2] + "-" + p[1] + "-" + p[0]
	}
	d, err := care.ParseDate(cell)
	if err != nil {
		x.bad(column, "date", "%v", err)
	}
	if d.After(care.CalendarOf(x.known.regime).Date(x.known.now)) {
		x.bad(column, "date-ahead", "%s has not come yet.", d)
		return care.Date{}
	}
	return d
}
