package casework_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"forlop/care"
	"forlop/care/person"
	"forlop/casework"
	"forlop/journey"
	"forlop/pathway"
	"forlop/store/sqlite"
)

// canaries are the people of the test. Whatever is said of one has their own word
// in it, which nothing else in the program has.
const canaries = 1000

func canary(n int) string { return "Kanarifugl" + strconv.Itoa(n) + "x" }

// number is a synthetic national number of a canary.
func canaryNumber(n int) string {
	born := care.Date{Year: 1950, Month: 1, Day: 1}.AddDays(n)
	for serial := range 500 {
		if number, ok := care.SyntheticNorwegian(born, serial); ok {
			return number.Digits()
		}
	}
	panic("no synthetic number for " + born.String())
}

// hits counts the files of a folder, and the places in them where one of the
// numbers or words can be read.
func hits(t *testing.T, folder string, numbers map[string]bool, words ...string) (files, bytesRead int, found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files, bytesRead = files+1, bytesRead+len(text)
		for _, w := range words {
			if at := bytes.Index(text, []byte(w)); at >= 0 {
				found = append(found, fmt.Sprintf("%s at %d: %q", filepath.Base(path), at, text[max(at-20, 0):min(at+40, len(text))]))
			}
		}
		for at := range len(text) - 10 {
			if c := text[at]; c >= '0' && c <= '9' && numbers[string(text[at:at+11])] {
				found = append(found, fmt.Sprintf("%s at %d: a national number", filepath.Base(path), at))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, bytesRead, found
}

// openCanary registers a canary with all that is kept of a person, opens a journey
// with free text and lets them tell their story.
func (b *bundle) openCanary(n int) (care.PersonKey, error) {
	word, key := canary(n), "canary"+strconv.Itoa(n)
	p, err := b.s.RegisterPerson(b.ctx, kari, key, care.Norway, casework.Identity{
		Name: word, Number: canaryNumber(n), Phone: word + "tlf", Address: word + "veien 1", Email: word + "@example.no", Sex: "female",
	})
	if err != nil {
		return "", err
	}
	_, err = b.s.Do(b.ctx, casework.Order{Who: kari, Key: key + "j", Command: journey.Open{
		Person: p, Regime: care.Norway, Pathway: pathway.Ref{ID: "no.pain", Version: "2025.04"}, Origin: journey.Registered,
		Sender:   care.Party{Kind: care.PartyUnit, Post: care.Post{Unit: "practice", Role: "gp"}},
		Received: b.clock.Now().Add(-time.Hour), Desk: care.Post{Unit: "clinic", Role: care.Desk}, Reason: word + " har vondt.",
	}})
	if err == nil {
		_, err = b.s.Do(b.ctx, casework.Order{Who: patient(p), Key: key + "s", Target: string(p), Command: person.TellStory{Words: "Jeg heter " + word + "."}})
	}
	return p, err
}

// P7: identity lies encrypted and apart. 1,000 people of whom everything that can
// be kept is kept; then every byte of every file is searched, before the database
// is closed and its log folded back, and after.
func TestCanariesStayInTheVault(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	st, err := sqlite.Open(t.Context(), filepath.Join(folder, "forlop.db"))
	if err != nil {
		t.Fatal(err)
	}
	b := setupOn(t, st)
	people := make([]care.PersonKey, canaries)
	var all sync.WaitGroup
	for w := range 16 {
		all.Go(func() {
			for n := w; n < canaries; n += 16 {
				var err error
				if people[n], err = b.openCanary(n); err != nil {
					t.Errorf("canary %d: %v", n, err)
				}
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	if v, err := casework.View(b.ctx, b.s, kari, casework.FindPerson{Query: canary(17)}); err != nil || len(v) != 1 {
		t.Fatalf("canary 17 is not there to be leaked: %v, %v", v, err)
	}
	// A copy as a backup makes it, and the same once more after the log is folded.
	numbers := map[string]bool{}
	for n := range canaries {
		numbers[canaryNumber(n)] = true
	}
	files, read, found := hits(t, folder, numbers, "anarifugl")
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	more, also, after := hits(t, folder, numbers, "anarifugl")
	found = append(found, after...)
	for _, hit := range found[:min(len(found), 5)] {
		t.Errorf("a canary can be read in %s", hit)
	}
	if read < 1<<20 || len(people) != canaries {
		t.Errorf("only %d bytes were searched; the search looks in the wrong place", read)
	}
	t.Logf("%d canaries; %d files and %d bytes searched; plaintext hits %d", canaries, files+more, read+also, len(found))
}

// After an erasure nothing of the person can be read in any file, with the site's
// key in hand; the others are as they were, and every event still folds.
func TestErasedIsGoneFromEveryFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	st, err := sqlite.Open(t.Context(), filepath.Join(folder, "forlop.db"))
	if err != nil {
		t.Fatal(err)
	}
	b := setupOn(t, st)
	var people []care.PersonKey
	for n := range 3 {
		p, err := b.openCanary(n)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, p)
	}
	wrapped, err := st.Key(b.ctx, string(people[1]))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, found := hits(t, folder, nil, string(wrapped)); len(found) == 0 {
		t.Fatal("the wrapped key is in no file: the test looks in the wrong place")
	}
	if err := st.Erase(b.ctx, string(people[1])); err != nil {
		t.Fatal(err)
	}
	if _, _, found := hits(t, folder, map[string]bool{canaryNumber(1): true}, string(wrapped), canary(1)); len(found) > 0 {
		t.Errorf("after the erasure: %q", found)
	}
	_, err = b.s.Do(b.ctx, casework.Order{Who: patient(people[1]), Key: b.key(), Target: string(people[1]), Command: person.TellStory{Words: "Jeg er her."}})
	if r, ok := care.AsRefusal(err); !ok || r.Code != "person-erased" {
		t.Errorf("words of somebody erased: %v, want person-erased", err)
	}
	if _, err := st.Key(b.ctx, string(people[1])); err == nil {
		t.Error("the next write made a new key")
	}
	for _, s := range []*casework.Service{b.s, b.service()} {
		audit, err := s.Verify(b.ctx)
		if err != nil || len(audit.Findings) > 0 {
			t.Errorf("verify: %v %v", audit.Findings, err)
		}
		plan, err := casework.View(b.ctx, s, patient(people[0]), casework.MyPlan{})
		if err != nil || plan.Person.Identity.Name != canary(0) {
			t.Errorf("another person is called %q, %v", plan.Person.Identity.Name, err)
		}
		if plan, err = casework.View(b.ctx, s, patient(people[1]), casework.MyPlan{}); err == nil && plan.Person.Identity != (casework.Identity{}) {
			t.Errorf("who was erased is shown as %v", plan.Person.Identity)
		}
	}
	// The number is nobody's now, and may be registered as somebody new.
	p, err := b.s.RegisterPerson(b.ctx, kari, b.key(), care.Norway, casework.Identity{Name: "Ny", Number: canaryNumber(1)})
	if err != nil || p == people[1] {
		t.Errorf("the number still leads to who was erased: %v", err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, found := hits(t, folder, nil, string(wrapped), canary(1)); len(found) > 0 {
		t.Errorf("after closing: %q", found)
	}
}
