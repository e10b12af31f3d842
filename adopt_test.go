package forlop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// lawful are words that name a law, a regulation or a guidance.
	lawful = regexp.MustCompile(`§|GDPR|HSLF-FS|SOSFS|MDR\b|MDCG|EHDS|NMI\b|20\d\d:\d{3,}|Prop\. |patientdatalagen|security act`)
	// tagged says how sure we are of it.
	tagged = regexp.MustCompile(`\b[VLKU]\b`)
)

const draftOf = "> **Draft for the adopter's lawyer and data protection officer.**"

// checkDraft says what is wrong with a page for adopters.
func checkDraft(name, text string) (faults []string) {
	if !strings.Contains(text, "\n"+draftOf) {
		faults = append(faults, name+" does not say that it is a draft")
	}
	for n, line := range strings.Split(text, "\n") {
		if lawful.MatchString(line) && !tagged.MatchString(line) {
			faults = append(faults, fmt.Sprintf("%s:%d names a law and not how sure we are of it: %s", name, n+1, line))
		}
	}
	return faults
}

// TestAdoptDrafts: every page for adopters says that it is a draft, and how sure we are
// of each law that it names.
func TestAdoptDrafts(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("docs/adopt/*.md")
	if err != nil || len(pages) < 8 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range checkDraft(page, string(text)) {
			t.Error(fault)
		}
	}
	good := "# x\n\n" + draftOf + "\n\nGDPR article 28 (K).\n"
	if faults := checkDraft("x", good); len(faults) > 0 {
		t.Errorf("a good page has faults: %v", faults)
	}
	for _, bad := range []string{strings.Replace(good, "Draft", "Advice", 1), strings.Replace(good, " (K)", "", 1), good + "patientjournalloven § 19\n"} {
		if len(checkDraft("x", bad)) == 0 {
			t.Errorf("nothing is found in %q", bad)
		}
	}
}
