package simulation

import (
	"slices"
	"strings"
	"testing"
)

// Every code that a finding about an example can have is explained, and no
// other.
func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	used := []string{
		codeUnreadable, codeUnknownKey, codeWrongForm, codeNotGiven, codeRefused, codeNotRefused, codeFault, codeOther, codeNotSaid, codeNeverTried,
	}
	if !slices.Equal(used, Codes()) {
		t.Errorf("the findings use %v, and these are explained: %v", used, Codes())
	}
	for _, code := range used {
		if page, ok := Explain(code); !ok || !strings.HasPrefix(page, code) || len(strings.Fields(page)) < 20 {
			t.Errorf("%s is hardly explained: %q", code, page)
		}
	}
	if _, ok := Explain("T999"); ok {
		t.Error("an unknown code is explained")
	}
}
