package care

import (
	"strings"
	"testing"
)

// TestTextIsCountedInCharacters holds a bound against letters of more than one byte.
func TestTextIsCountedInCharacters(t *testing.T) {
	t.Parallel()
	å := strings.Repeat("å", 10)
	if Longer(å, 10) || !Longer(å, 9) || Longer("", 0) || !Longer("a", 0) {
		t.Error("a letter of two bytes is one character")
	}
	if got := Clip(å, 10); got != å {
		t.Errorf("what fits was clipped: %q", got)
	}
	if got := Clip(å, 3); got != "ååå…" {
		t.Errorf("clipped to %q", got)
	}
	for _, c := range []struct {
		name, text, code string
		needed           bool
	}{
		{"fits", å, "", true},
		{"none needed", " ", "", false},
		{"missing", " \n", "words-needed", true},
		{"too long", å + "å", "text-long", false},
		{"no text", "\xff", "text-broken", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := CheckText(c.text, "words", 10, c.needed)
			r, refused := AsRefusal(err)
			if refused != (c.code != "") || refused && (r.Code != c.code || r.Field != "words") {
				t.Errorf("got %v, want %q", err, c.code)
			}
		})
	}
}

// TestAboveEndsInAPerson climbs from every post.
func TestAboveEndsInAPerson(t *testing.T) {
	t.Parallel()
	lead := Post{"clinic", Lead}
	for role, rungs := range map[Role]int{Desk: 1, Lead: 1, PrivacyOfficer: 1, Duty: 2, Role("nurse"): 2} {
		up := Post{"clinic", role}.Above()
		if len(up) != rungs || up[len(up)-1] != lead {
			t.Errorf("%s climbs to %v", role, up)
		}
	}
}
