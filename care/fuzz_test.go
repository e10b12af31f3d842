package care_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"unicode/utf8"

	"forlop/care"
)

// FuzzRegisters reads what somebody could type as a number of any register. What is
// taken has one form, which is taken again as itself; what is not is refused by a
// rule with a name.
func FuzzRegisters(f *testing.F) {
	for _, s := range []string{
		"974 760 673", "923609016", "556036-0793", "16556036-0793", "9144900", "10021", "SE2321000016-1003", "se 232100-0016-1", "1234567", "004", "", "-", "０１２", "1\x002", "SE-",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parsers := map[string]func(string) (string, error){
			"HPR": care.ParseHPRNumber, "HER": care.ParseHERID, "RESH": care.ParseRESH, "HSA": care.ParseHSAID, "prescriber": care.ParsePrescriberCode,
		}
		for _, r := range []care.Register{care.OrganisationNO, care.OrganisationSE, care.HER, care.RESH, care.HPR, care.HSA} {
			parsers["register "+string(r)] = r.Parse
		}
		for _, country := range []care.Regime{care.Norway, care.Sweden} {
			parsers["organisation "+string(country)] = func(s string) (string, error) { return care.ParseOrganisationNumber(country, s) }
		}
		for name, parse := range parsers {
			got, err := parse(s)
			if err != nil {
				if r, ok := care.AsRefusal(err); !ok || r.Code == "" || got != "" {
					t.Errorf("%s: %q gives %q and %v", name, s, got, err)
				}
				continue
			}
			if again, err := parse(got); err != nil || again != got || !utf8.ValidString(got) {
				t.Errorf("%s: %q is %q, which is %q, %v", name, s, got, again, err)
			}
		}
	})
}

// FuzzDatesAndSpansInEvents reads the dates and spans of stored events: what is read
// is written and read as the same.
func FuzzDatesAndSpansInEvents(f *testing.F) {
	for _, s := range []string{
		`2026-02-28`, `2024-02-29`, `2026-02-29`, `0000-00-00`, `{"n":12,"unit":"weeks"}`, `{"n":0,"unit":""}`, `{}`, `null`, `{"n":-1,"unit":"days"}`, `{"n":1e9,"unit":"days"}`,
		`{"n":1,"unit":"weeks","more":1}`, ``, `[]`, `"12 weeks"`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var d, d2 care.Date
		if err := d.UnmarshalText(text); err == nil {
			out, err := d.MarshalText()
			if err != nil || !bytes.Equal(out, text) || d2.UnmarshalText(out) != nil || d2 != d {
				t.Errorf("%q is the date %s, written %q, %v", text, d, out, err)
			}
		}
		var s, s2 care.Span
		if err := s.UnmarshalJSON(text); err == nil {
			out, err := json.Marshal(s)
			if err != nil || s2.UnmarshalJSON(out) != nil || s2 != s {
				t.Errorf("%q is the span %s, written %q, %v", text, s, out, err)
			}
		}
	})
}

// An eventful is an event with one of each thing that events are made of.
type eventful struct {
	On   care.Date `json:"on,omitzero"`
	In   care.Span `json:"in,omitzero"`
	Post care.Post `json:"post,omitzero"`
	List []string  `json:"list,omitempty"`
}

func (eventful) Type() string { return "test.eventful/2" }

// FuzzVocabulary decodes whatever could stand in a store as an event: it is one of
// the vocabulary, which written and read is itself, or an error.
func FuzzVocabulary(f *testing.F) {
	v := care.NewVocabulary(eventful{})
	v.Old("test.eventful/1", func(body []byte) (string, []byte, error) { return "test.eventful/2", body, nil })
	v.Old("test.round/1", func(body []byte) (string, []byte, error) { return "test.round/1", body, nil })
	for _, name := range []string{"choice-made.1.json", "answered.1.json"} {
		text, err := os.ReadFile("../journey/testdata/events/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("test.eventful/2", text)
	}
	for _, body := range []string{`{"on":"2026-01-01","in":{"n":1,"unit":"weeks"},"post":{"unit":"u","role":"r"}}`, `{} {}`, `{"on":7}`, `{"list":null}`, ``, `null`} {
		f.Add("test.eventful/1", []byte(body))
	}
	f.Add("test.round/1", []byte(`{}`))
	f.Fuzz(func(t *testing.T, typ string, body []byte) {
		e, err := v.Decode(typ, body)
		if err != nil {
			return
		}
		first, err := care.Encode(e)
		if err != nil {
			t.Fatalf("%q was read and cannot be written: %v", body, err)
		}
		again, err := v.Decode(e.Type(), first)
		if err != nil {
			t.Fatalf("%q was written as %q, which cannot be read: %v", body, first, err)
		}
		if second, err := care.Encode(again); err != nil || !bytes.Equal(first, second) {
			t.Errorf("%q is written as %q and then %q, %v", body, first, second, err)
		}
	})
}
