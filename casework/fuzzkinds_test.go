package casework

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forlop/care"
)

// kindsOf are the kinds of streams there are.
var kindsOf = map[string]kind{
	"journey": journeyKind{}, "person": personKind{}, "unit": unitKind{}, "professional": professionalKind{}, "pathway": publicationKind{},
	"campaign": campaignKind{}, "consent": consentKind{}, "form": formKind{}, "notice": noticeKind{}, "oversight": oversightKind{},
	"worklist": worklistKind{}, "booking": bookingKind{}, "schedule": scheduleKind{}, "sentence": sentenceKind{}, "thread": threadKind{},
}

// FuzzEvents decodes whatever could stand in a store, or come in a restored backup,
// as an event of any stream: it is an error, or an event that written and read again
// is itself. No stream takes another's event for its own.
func FuzzEvents(f *testing.F) {
	golden, err := filepath.Glob("../*/testdata/events/*.json")
	if err != nil {
		f.Fatal(err)
	}
	deeper, err := filepath.Glob("../*/*/testdata/events/*.json")
	if err != nil || len(golden)+len(deeper) < 50 {
		f.Fatal("there are no golden events to begin with", err)
	}
	for _, file := range append(golden, deeper...) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		name, version, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".json"), ".")
		of := filepath.Base(filepath.Dir(filepath.Dir(filepath.Dir(file))))
		f.Add(of+"."+name+"/"+version, text)
	}
	for _, body := range []string{"", "null", "{}", "{} {}", "[]", `{"a":1e400}`, strings.Repeat("[", 20_000)} {
		f.Add("journey.answered/1", []byte(body))
		f.Add("person.nothing/9", []byte(body))
	}
	f.Fuzz(func(t *testing.T, typ string, body []byte) {
		for name, k := range kindsOf {
			e, err := k.decode(typ, body)
			if err != nil {
				continue
			}
			first, err := care.Encode(e)
			if err != nil {
				t.Fatalf("%s: %s %q was read and cannot be written: %v", name, typ, body, err)
			}
			again, err := k.decode(e.Type(), first)
			if err != nil {
				t.Fatalf("%s: %s %q was written as %q, which cannot be read: %v", name, typ, body, first, err)
			}
			if second, err := care.Encode(again); err != nil || !bytes.Equal(first, second) {
				t.Errorf("%s: %s %q is written as %q and then %q, %v", name, typ, body, first, second, err)
			}
		}
	})
}

// FuzzCells: what the program writes into a cell of a table comes back as it was, and
// is no formula to a spreadsheet.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"", "=1+1", "'", "'=x", "@x", "-3", "Anna", "\tx", "''"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		cell := cellOf(s)
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			t.Errorf("%q is written as the formula %q", s, cell)
		}
		if got := readCell(cell); got != s && got != strings.TrimSpace(s) {
			t.Errorf("%q is written as %q and read as %q", s, cell, got)
		}
		if importColumn(s) == "" && s != "" {
			t.Errorf("%q is a column without a name", s)
		}
	})
}
