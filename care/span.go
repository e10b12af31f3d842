package care

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// SpanUnit is what a span counts.
type SpanUnit string

// The units. Weeks are seven calendar days; working days and months are counted
// by Calendar.Add.
const (
	Days        SpanUnit = "days"
	WorkingDays SpanUnit = "working days"
	Weeks       SpanUnit = "weeks"
	Months      SpanUnit = "months"
)

// SpanUnits lists the units in the order in which messages name them.
var SpanUnits = []SpanUnit{Days, WorkingDays, Weeks, Months}

// longestSpan keeps a slip of the keyboard from becoming a deadline in another
// millennium. Ours, no source: 9999 days are 27 years.
const longestSpan = 9999

// Span is a length of time as a law or a pathway says it: 12 weeks, 10 working
// days. It is counted from a date by Calendar.Add and never turned into hours.
// The zero Span means "no span"; 0 days means the same day.
type Span struct {
	N    int      `json:"n"`
	Unit SpanUnit `json:"unit"`
}

// ParseSpan reads a span as a pathway file writes it: "12 weeks", "1 week", "10
// working days", "6 months". The error says what was found and which units
// there are.
func ParseSpan(s string) (Span, error) {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	if err != nil || strconv.Itoa(n) != number {
		return Span{}, fmt.Errorf("%s is not a span: write a whole number and a unit, such as \"12 weeks\"; the units are %s", clip(s), unitList())
	}
	span := Span{N: n, Unit: SpanUnit(unit)}
	if n == 1 && slices.Contains(SpanUnits, SpanUnit(unit+"s")) {
		span.Unit = SpanUnit(unit + "s")
	}
	if err := span.check(); err != nil {
		return Span{}, err
	}
	return span, nil
}

func (s Span) check() error {
	if !slices.Contains(SpanUnits, s.Unit) {
		return fmt.Errorf("%s is not a unit of time here: the units are %s", clip(string(s.Unit)), unitList())
	}
	if s.N < 0 || s.N > longestSpan {
		return fmt.Errorf("a span of %d %s is out of range: 0 to %d", s.N, s.Unit, longestSpan)
	}
	return nil
}

func unitList() string {
	names := make([]string, len(SpanUnits))
	for i, u := range SpanUnits {
		names[i] = string(u)
	}
	return strings.Join(names, ", ")
}

// String is the form that ParseSpan reads, and "" for the zero Span.
func (s Span) String() string {
	switch {
	case s.IsZero():
		return ""
	case s.N == 1:
		return "1 " + strings.TrimSuffix(string(s.Unit), "s")
	default:
		return strconv.Itoa(s.N) + " " + string(s.Unit)
	}
}

// IsZero reports whether s is no span. 0 days is a span.
func (s Span) IsZero() bool { return s == Span{} }

// UnmarshalJSON reads {"n":12,"unit":"weeks"}. It refuses an unknown unit, an
// unknown key and a number out of range, so that no Span of unknown length
// comes out of a stored event.
func (s *Span) UnmarshalJSON(b []byte) error {
	type bare Span
	var read bare
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&read); err != nil {
		return fmt.Errorf("a span is written {\"n\":12,\"unit\":\"weeks\"}: %w", err)
	}
	if got := Span(read); !got.IsZero() {
		if err := got.check(); err != nil {
			return err
		}
	}
	*s = Span(read)
	return nil
}
