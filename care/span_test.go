package care_test

import (
	"encoding/json"
	"strings"
	"testing"

	"forlop/care"
)

func TestParseSpan(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]care.Span{
		"12 weeks": {N: 12, Unit: care.Weeks}, "1 week": {N: 1, Unit: care.Weeks}, "10 working days": {N: 10, Unit: care.WorkingDays},
		"1 working day": {N: 1, Unit: care.WorkingDays}, "30 days": {N: 30, Unit: care.Days}, "0 days": {N: 0, Unit: care.Days},
		"6 months": {N: 6, Unit: care.Months}, "9999 days": {N: 9999, Unit: care.Days},
	} {
		got, err := care.ParseSpan(s)
		if err != nil || got != want || got.String() != s || got.IsZero() {
			t.Errorf("%q is %+v (%s), %v", s, got, got, err)
		}
	}
	for _, s := range []string{
		"", "12", "weeks", "12weeks", "12  weeks", "12 weeks ", " 12 weeks", "12 Weeks", "012 weeks", "+12 weeks", "-1 days", "1.5 weeks",
		"12 week", "2 day", "1 s", "12 years", "12 business days", "10000 days", "99999999999999999999 days", "tolv uker",
	} {
		got, err := care.ParseSpan(s)
		if err == nil {
			t.Errorf("%q is taken for %s", s, got)
			continue
		}
		if strings.Contains(err.Error(), "out of range") {
			continue
		}
		for _, unit := range care.SpanUnits {
			if !strings.Contains(err.Error(), string(unit)) {
				t.Errorf("%q: the message does not name %s: %v", s, unit, err)
			}
		}
	}
}

func TestSpanJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(care.Span{N: 12, Unit: care.Weeks})
	if err != nil || string(b) != `{"n":12,"unit":"weeks"}` {
		t.Errorf("JSON is %s, %v", b, err)
	}
	for text, ok := range map[string]bool{
		`{"n":12,"unit":"weeks"}`: true, `{"n":0,"unit":""}`: true, `{"n":0,"unit":"days"}`: true,
		`{"n":12,"unit":"week"}`: false, `{"n":12}`: false, `{"n":-1,"unit":"days"}`: false, `{"n":1,"unit":"days","x":1}`: false,
		`{"n":1.5,"unit":"days"}`: false, `"12 weeks"`: false, `{"n":10000,"unit":"days"}`: false,
	} {
		kept := care.Span{N: 3, Unit: care.Months}
		s := kept
		if err := json.Unmarshal([]byte(text), &s); (err == nil) != ok || err != nil && s != kept {
			t.Errorf("%s reads as %+v, %v", text, s, err)
		}
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, s := range []string{"12 weeks", "1 week", "10 working days", "0 days", "1 ", "s", "12 weekss", "-0 days"} {
		f.Add(s)
	}
	c := care.CalendarOf(care.Norway)
	from := care.Date{Year: 2026, Month: 2, Day: 28}
	f.Fuzz(func(t *testing.T, s string) {
		span, err := care.ParseSpan(s)
		if err != nil {
			if span != (care.Span{}) || len(err.Error()) > 300 {
				t.Errorf("%q: %s, %v", s, span, err)
			}
			return
		}
		again, err := care.ParseSpan(span.String())
		if err != nil || again != span {
			t.Errorf("%q reads as %s, which reads as %s, %v", s, span, again, err)
		}
		if until := c.Add(from, span); until.Before(from) {
			t.Errorf("%s from %s is %s", span, from, until)
		}
	})
}
