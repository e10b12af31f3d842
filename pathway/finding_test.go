package pathway

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	allowed := []string{"accept", "advise", "redirect", "ask", "referral-received"}
	for written, want := range map[string]string{
		"acept":                     "accept",
		"Accept":                    "accept",
		"reidrect":                  "redirect",
		"referal-recieved":          "referral-received",
		"reject":                    "", // three letters from redirect and six long: not a slip
		"xyz":                       "",
		"":                          "",
		"ask":                       "ask",
		strings.Repeat("a", 10_000): "",
	} {
		if got := Nearest(written, allowed); got != want {
			t.Errorf("the nearest of %.20q is %q, want %q", written, got, want)
		}
	}
}

func TestAllowedList(t *testing.T) {
	t.Parallel()
	if got, want := allowedList("acept", []string{"accept", "ask"}), `; did you mean "accept"? Expected one of: accept, ask`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := allowedList("zzz", []string{"accept", "ask"}), `. Expected one of: accept, ask`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := allowedList("zzz", nil), `; none is declared`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	many := strings.Split(strings.Repeat("name ", 40), " ")
	if got := allowedList("zzz", many); !strings.HasSuffix(got, " and 17 more") {
		t.Errorf("a long list ends with %q", got)
	}
}
