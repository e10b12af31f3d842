package web

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"forlop/care"
)

// TestEveryNumberHasASource reads the numbers of both countries: each need has
// one, and each says where and when it was read.
func TestEveryNumberHasASource(t *testing.T) {
	t.Parallel()
	all, err := numbersOf()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []care.Regime{care.Norway, care.Sweden} {
		if all[r].Country != r {
			t.Errorf("the file of %s is of %s", r, all[r].Country)
		}
		for _, n := range all[r].Numbers {
			day, err := time.Parse(time.DateOnly, n.Source.Read)
			if err != nil || day.Year() < 2026 {
				t.Errorf("%s %s was read on %q", r, n.Number, n.Source.Read)
			}
			if !strings.HasPrefix(n.Source.URL, "https://") || n.Source.Publisher == "" || n.Source.Title == "" {
				t.Errorf("%s %s has no source: %+v", r, n.Number, n.Source)
			}
		}
		for _, code := range care.Languages {
			calls := afterHours(page{lang: speak(code)}, r)
			if len(calls) != 2 {
				t.Fatalf("%s in %s: %d numbers, want one when we are closed and one for danger", r, code, len(calls))
			}
			for _, c := range calls {
				if c.number == "" || strings.Contains(c.text, "‹") {
					t.Errorf("%s in %s: %q", r, code, c)
				}
			}
		}
	}
}

// TestNoTextHoldsANumberToCall: whoever changes a number changes it in one file.
func TestNoTextHoldsANumberToCall(t *testing.T) {
	t.Parallel()
	number := regexp.MustCompile(`\b(11[0-9]|116 ?117|1177|90101)\b`)
	texts, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for code, c := range texts {
		for key, m := range c {
			read++
			if strings.HasPrefix(key, "staff.") || strings.HasPrefix(key, "author.") {
				continue
			}
			if found := number.FindString(m.other); found != "" {
				t.Errorf("%s in %s says %s: it belongs in numbers/", key, code, found)
			}
		}
	}
	if read < 1000 {
		t.Fatalf("only %d texts were read", read)
	}
}
