package web

import (
	"strings"
	"testing"

	"forlop/access"
	"forlop/care"
)

// TestEveryQuestionAndBasisHasWords: an entry of the access log is a sentence, in
// four languages, whatever was asked and on whatever basis.
func TestEveryQuestionAndBasisHasWords(t *testing.T) {
	t.Parallel()
	// What casework logs that is no question of the policy.
	asked := []string{"login-link", "open-link"}
	for _, name := range access.Shipped().Names() {
		if !strings.Contains(name, ".") {
			asked = append(asked, name)
		}
	}
	bases := []access.Basis{
		access.Own, access.TakesPart, access.AtWork, access.Approves, access.Oversees, access.BreakGlass, access.Guardian, access.Proxy,
		access.Anyone, access.Linked, access.Shared, access.ByTime,
	}
	for _, kind := range []care.ActorKind{care.Patient, care.Relative, care.Professional, care.System, care.Guest} {
		for _, name := range access.Shipped().Names() {
			for _, b := range access.Shipped().Bases(kind, name) {
				found := false
				for _, known := range bases {
					found = found || known == b
				}
				if !found {
					t.Errorf("the policy lets %s on %q, which is not looked at here", kind, b)
				}
			}
		}
	}
	if len(asked) < 25 {
		t.Fatalf("only %d questions were found", len(asked))
	}
	for _, code := range care.Languages {
		a := accessReader{p: page{lang: speak(code)}}
		for _, name := range asked {
			if said := a.looked(name); strings.Contains(said, "‹") || strings.HasSuffix(said, ".") {
				t.Errorf("%s: the question %s reads %q", code, name, said)
			}
		}
		for _, b := range bases {
			if said := a.ground(string(b)); said == a.ground("nothing") || !strings.HasSuffix(said, ".") {
				t.Errorf("%s: the basis %s reads %q", code, b, said)
			}
		}
	}
}
